"""A child whom a neighbour's register knows cannot be taken out of a county's tokens, nor hidden among copies of itself."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from small_city import WEST, City, without_west
from tiny_county import pupil

from auditlib.city.counties import without_audit
from auditlib.city.programme import compare_counties
from auditlib.city.results import CityComparison
from auditlib.city.submissions import open_packages
from auditlib.city.token_check import tokens_amiss
from auditlib.package import keys
from auditlib.package.tokens import number_token


def without_rows(rows: pa.Table, of_guest: pa.ChunkedArray) -> pa.Table:
    return rows.filter(pc.invert(of_guest))


def with_row_twice(rows: pa.Table, of_guest: pa.ChunkedArray) -> pa.Table:
    guest = rows.filter(of_guest)
    return pa.concat_tables([rows, *(_as_another(guest, digit) for digit in "ab")])


def _as_another(rows: pa.Table, digit: str) -> pa.Table:
    columns = {name: pa.array([digit * 32] * len(rows)) for name in ("person", "person_id")}
    return rows.set_column(0, "person", columns["person"]).set_column(
        rows.column_names.index("person_id"), "person_id", columns["person_id"]
    )


@pytest.mark.parametrize("alteration", [without_rows, with_row_twice])
def test_tokens_that_do_not_tell_a_pupil_of_the_register_are_an_open_point(
    city: City, unpooled: CityComparison, alteration: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    key = keys.fingerprint_key()
    run = without_west(city)
    west = without_audit(open_packages(run)[WEST])
    east = city.results.counties[0]
    assert key is not None and west.tokens is not None and callable(alteration)
    assert tokens_amiss([east, west], key) == {}
    assert "recheck.package_invalid" not in set(unpooled.findings["rule"])
    of_guest = pc.fill_null(pc.equal(west.tokens["number"], number_token(pupil(3)["id_number"], key)), False)
    comparison = compare_counties(run, [east, replace(west, tokens=alteration(west.tokens, of_guest))])
    assert "recheck.cross_county_duplicate" not in set(comparison.findings["rule"])  # so nothing else tells
    invalid_findings = comparison.findings[comparison.findings["rule"] == "recheck.package_invalid"]
    [row] = invalid_findings.to_dict("records")
    assert (row["county_code"], list(row["records"])) == (WEST, ["enrolment:enrolment.csv!12"])
