"""A pattern is held against a name in a moment, however many stars it has: it may stand in another's package."""

from __future__ import annotations

import pytest

from auditlib.ingest.files.patterns import fits_name

LONG = "2020年秋季学期义务教育家庭经济困难学生生活补助发放明细表（第一批第二批）.xlsx"


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*.csv", "pay.csv", True),
        ("*.csv", "a/pay.csv", False),
        ("**/*.csv", "pay.csv", True),
        ("**/*.csv", "a/b/pay.csv", True),
        ("**/a*/b", "x/a1/a2/b", True),
        ("**/a*/b", "x/a1/2/b", False),
        ("**", "a/b", True),
        ("p?y.CSV", "PAY.csv", True),
        ("p?y.csv", "p/y.csv", False),
        ("*a*b*", "xaybz", True),
        ("*a*b", "xaybz", False),
        ("[!x]ay.csv", "pay.csv", True),
        ("[z-a]", "[z-a]", True),
        ("*", "", True),
        ("", "a", False),
    ],
)
def test_a_pattern_fits_as_it_reads(pattern: str, name: str, fits: bool) -> None:
    assert fits_name(name, pattern) is fits


@pytest.mark.parametrize("pattern", ["*?" * 200 + "z", "**?" * 150 + "z", "*a" * 200, "**/" * 150 + "z"])
def test_many_stars_take_no_longer_than_few(pattern: str) -> None:
    assert not fits_name(LONG, pattern)
