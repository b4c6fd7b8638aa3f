"""A province's parameters: patterns, one term, one file a county; everything that is wrong at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from plain_county import PARAMETERS

from auditlib.base.errors import UsageError
from auditlib.province.parameters import read_counties, read_province

PROVINCE = {"province_code": "99", "province_name": "某省", "term": "2020-autumn", "county_params": ["c/*.yaml"], "output_dir": "out"}  # fmt: skip


def a_county(folder: Path, code: str, **others: object) -> None:
    (folder / "c").mkdir(exist_ok=True)
    values = PARAMETERS | {"county_code": code, "county_name": f"{code}县", "policy": ["national"]} | others
    (folder / "c" / f"{len(list((folder / 'c').iterdir()))}.yaml").write_text(
        yaml.safe_dump(values, allow_unicode=True), "utf-8"
    )


def a_province(folder: Path, **others: object) -> Path:
    file = folder / "province.yaml"
    file.write_text(yaml.safe_dump(PROVINCE | others, allow_unicode=True), "utf-8")
    return file


def refusal_of(file: Path) -> str:
    with pytest.raises(UsageError) as refusal:
        read_counties(read_province(file))
    return refusal.value.into("en")


def test_a_pattern_gives_its_counties_in_order_of_their_codes(tmp_path: Path) -> None:
    for code in ("990113", "990111", "990112"):
        a_county(tmp_path, code)
    run = read_province(a_province(tmp_path))
    assert [county.code for county in read_counties(run)] == ["990111", "990112", "990113"]
    assert run.output_dir == tmp_path / "out" and run.side_by_side == 0


def test_an_absolute_pattern_is_one_too(tmp_path: Path) -> None:
    a_county(tmp_path, "990111")
    run = read_province(a_province(tmp_path, county_params=[str(tmp_path / "c" / "*.yaml")]))
    assert len(run.county_params) == 1


def test_what_names_no_county_is_refused(tmp_path: Path) -> None:
    assert "no file matches “c/*.yaml”" in refusal_of(a_province(tmp_path))
    assert "at least" in refusal_of(a_province(tmp_path, county_params=[]))


def test_a_key_that_is_not_known_and_a_number_that_is_none_are_told_together(tmp_path: Path) -> None:
    a_county(tmp_path, "990111")
    words = refusal_of(a_province(tmp_path, side_by_side="many", city_code="9901"))
    assert "side_by_side" in words and "city_code" in words


def test_two_files_of_one_county_and_one_of_another_term_are_told_together(tmp_path: Path) -> None:
    a_county(tmp_path, "990111")
    a_county(tmp_path, "990111")
    a_county(tmp_path, "990112", term="2021-spring", count_date="2021-04-30")
    words = refusal_of(a_province(tmp_path))
    assert "990111" in words and "990112县" in words and "2020-autumn" in words


def test_a_county_file_that_is_wrong_is_told_before_anything_runs(tmp_path: Path) -> None:
    a_county(tmp_path, "990111", count_date="soon")
    assert "count_date" in refusal_of(a_province(tmp_path))
