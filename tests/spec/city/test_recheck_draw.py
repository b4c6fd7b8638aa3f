"""The draw can be made again by anyone who has the list and the seeds; field sheets go out and come back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from recheck_fixture import population, sample

from auditlib import sampling
from auditlib.base.errors import AuditError, UsageError
from auditlib.city.draw import CountyDraw, draw
from auditlib.city.field_columns import COLUMNS
from auditlib.city.field_reading import read_field_results
from auditlib.city.field_sheet import HEAD, write_field_sheet
from auditlib.city.parameters import check_recheck, read_recheck

METHODS = ("attribute", "stratified", "two_stage", "discovery", "mus")


def test_the_fingerprint_is_what_sha256sum_says_of_the_list() -> None:
    people = population()
    assert people.fingerprint == hashlib.sha256(people.listed()).hexdigest()
    assert not any(number in people.listed().decode() for number in people.units["id_number"])


@pytest.mark.parametrize("method", METHODS)
def test_the_order_is_the_hash_of_seed_and_unit(method: str) -> None:
    people = population()
    county_draw = draw(people, sample(method=method, county_seeds={"990122": "县 7"}))
    seed = f"{people.fingerprint}|20201231|县 7"
    assert county_draw.seed == seed
    for unit, digest in zip(
        county_draw.sample_units["unit_id"], county_draw.sample_units["digest"], strict=True
    ):
        assert digest == hashlib.sha256(f"{seed}|{unit}".encode()).hexdigest()
    assert county_draw.sample_units["unit_id"].is_unique
    again = draw(people, sample(method=method, county_seeds={"990122": "县 7"}))
    assert again.proof() == county_draw.proof()


def test_a_simple_sample_is_the_first_in_hash_order() -> None:
    people = population()
    county_draw = draw(people, sample())
    clean = people.units.loc[people.units["group"] == "clean", "unit_id"]
    first = sorted(clean, key=lambda unit: hashlib.sha256(f"{county_draw.seed}|{unit}".encode()).hexdigest())
    plan = sampling.plan_attribute(
        confidence="0.95", tolerable_rate="0.05", expected_rate="0.01", population=300
    )
    got = county_draw.sample_units[county_draw.sample_units["group"] == "clean"]
    assert list(got["unit_id"]) == first[: plan.n]


def test_either_side_can_change_the_draw_and_so_can_one_row() -> None:
    people = population()
    usual = set(draw(people, sample()).sample_units["unit_id"])
    assert set(draw(people, sample(seed="1")).sample_units["unit_id"]) != usual
    assert set(draw(people, sample(county_seeds={"990122": "1"})).sample_units["unit_id"]) != usual
    assert set(draw(population(clean=301), sample()).sample_units["unit_id"]) != usual


@pytest.mark.parametrize("method", METHODS)
def test_flagged_and_unflagged_are_drawn(method: str) -> None:
    county_draw = draw(population(county=40, city=3), sample(method=method, flagged_n=10))
    group_counts = county_draw.sample_units["group"].value_counts()
    assert (group_counts["county"], group_counts["city"]) == (10, 3)
    assert group_counts["clean"] >= 40


@pytest.mark.parametrize("selection", ["fixed_interval", "cell"])
def test_monetary_units_hit_as_often_as_planned(selection: str) -> None:
    people = population(clean=2000)
    county_draw = draw(people, sample(method="mus", selection=selection))
    clean = county_draw.sample_units[county_draw.sample_units["group"] == "clean"]
    plan = county_draw.plans["clean"]
    assert clean["hits"].sum() == plan["n"] == plan["n_rest"] + plan["top"]
    book = sum(people.units.loc[people.units["group"] == "clean", "amount"], Decimal(0))
    assert abs(county_draw.interval * plan["n_rest"] - book) < 1  # type: ignore[operator]


def test_few_payments_are_all_looked_at() -> None:
    for method in METHODS:
        drawn_county = draw(population(clean=5, county=1, city=0), sample(method=method)).sample_units
        assert len(drawn_county) == (3 if method == "discovery" else 6)  # a pair at least, for a variance
        assert draw(population(clean=0, county=0, city=0), sample(method=method)).sample_units.empty


def test_the_ordered_share_is_said_beside() -> None:
    county_draw = draw(population(clean=80, county=0, city=0), sample(ordered_share=Decimal("0.1")))
    assert county_draw.ordered and round(county_draw.ordered["detection_probability"], 2) == 0.35
    assert not county_draw.ordered["enough"]


# --- the field sheet -----------------------------------------------------------------------------------------------


@pytest.fixture
def drawn_county() -> CountyDraw:
    return draw(population(), sample())


def places() -> dict[str, int]:
    return {column.name: at for at, column in enumerate(COLUMNS, start=1)}


def filled_in(path: Path, drawn_county: CountyDraw, changes: dict[int, dict[str, Any]] | None = None) -> Path:
    """The sheet filled in without an error, row ``i`` of the whole book laid over with ``changes[i]``."""
    write_field_sheet(drawn_county, path, language="zh", schemes={"boarder_allowance": "寄宿生生活补助"})
    book, at, number = openpyxl.load_workbook(path), places(), 0
    for sheet in book.worksheets[1:]:
        for row in range(HEAD + 2, sheet.max_row + 1):
            if not sheet.cell(row, at["unit_id"]).value:
                continue
            good = {
                "seen": "是", "deviates": "否", "audited": sheet.cell(row, at["amount"]).value,
                "inspector": "甲检", "inspected_on": "2021-01-15",
            }  # fmt: skip
            for name, value in (good | (changes or {}).get(number, {})).items():
                sheet.cell(row, at[name]).value = value
            number += 1
    book.save(path)
    return path


def book_of(drawn_county: CountyDraw) -> dict[str, Decimal]:
    units = drawn_county.population.units
    return dict(zip(units["unit_id"], units["amount"], strict=True))


def test_a_school_has_one_sheet_with_grades_classes_and_schemes_in_words(
    tmp_path: Path,
) -> None:
    people = population(clean=300)
    units = people.units.assign(
        school_title="青禾县第一小学", stage="primary", study_year=3, class_name="2班",
    )  # fmt: skip
    county_draw = draw(replace(people, units=units), sample())
    write_field_sheet(
        county_draw, tmp_path / "a.xlsx", language="zh", schemes={"boarder_allowance": "寄宿生生活补助"}
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "青禾县第一小学"]
    rows = list(book.worksheets[1].iter_rows(min_row=HEAD + 2, max_row=HEAD + 5, values_only=True))
    assert {row[places()["class_name"] - 1] for row in rows} == {"小学3年级 2班"}
    assert not {str(cell) for row in rows for cell in row} & {"boarder_allowance"}


def test_a_field_sheet_shows_nothing_of_the_findings_and_is_the_same_bytes(
    drawn_county: CountyDraw, tmp_path: Path
) -> None:
    write_field_sheet(drawn_county, tmp_path / "a.xlsx", language="zh")
    write_field_sheet(drawn_county, tmp_path / "b.xlsx", language="zh")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(book.worksheets) == 5
    texts = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert not texts & {"county", "city", "clean"}
    assert sum(text.startswith("990122:") for text in texts) == len(drawn_county.sample_units)


def test_a_filled_in_sheet_comes_back(drawn_county: CountyDraw, tmp_path: Path) -> None:
    wrong = {"deviates": "是", "kind": "金额不对", "audited": "250.00", "evidence": "学籍档案"}
    second = {"second_deviates": "否", "second_inspector": "乙检"}
    path = filled_in(tmp_path / "a.xlsx", drawn_county, {0: wrong, 1: second})
    read = read_field_results([path], book_of(drawn_county))
    assert len(read) == len(drawn_county.sample_units)
    assert read.loc[0, ["deviates", "kind", "audited"]].tolist() == [True, "wrong_amount", Decimal("250.00")]
    assert read["second_deviates"].notna().sum() == 1
    assert set(read["unit_id"]) == set(drawn_county.sample_units["unit_id"])


CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "right, yet another amount": ({"audited": "1.00"}, "应发金额"),
    "right, yet a kind": ({"kind": "重复发放"}, "有误类型"),
    "nobody met, no evidence": ({"seen": "否"}, "见到学生或家长"),
    "wrong without kind": ({"deviates": "是", "evidence": "x", "audited": "0"}, "有误类型"),
    "wrong without evidence": ({"deviates": "是", "kind": "其他", "audited": "0"}, "依据"),
    "wrong amount, the same": ({"deviates": "是", "kind": "金额不对", "evidence": "x"}, "应发金额"),
    "no inspector": ({"inspector": None}, "检查人"),
    "no date": ({"inspected_on": None}, "检查日期"),
    "no answer": ({"deviates": None}, "是否有误"),
    "another word": ({"seen": "也许"}, "见到学生或家长"),
    "another kind": ({"kind": "不知道"}, "有误类型"),
    "no amount": ({"audited": "五百"}, "应发金额"),
    "negative": ({"audited": "-1"}, "应发金额"),
    "no such day": ({"inspected_on": "2021-02-30"}, "检查日期"),
    "the same person twice": ({"second_deviates": "否", "second_inspector": "甲检"}, "第二检查人"),
    "second without a name": ({"second_deviates": "是"}, "第二检查人"),
    "a unit of one's own": ({"unit_id": "990122:别的.csv!1"}, "抽样单元"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_contradiction_is_refused_by_cell(case: str, drawn_county: CountyDraw, tmp_path: Path) -> None:
    cells, column = CONTRADICTIONS[case]
    path = filled_in(tmp_path / "表.xlsx", drawn_county, {2: cells})
    with pytest.raises(AuditError) as refusal:
        read_field_results([path], book_of(drawn_county))
    assert len(refusal.value.problems) == 1
    where = refusal.value.problems[0].where
    assert (
        where.zh.startswith("表.xlsx › ") and f"第 {HEAD + 4} 行" in where.zh and where.zh.endswith(column)
    ) or column in where.zh
    assert refusal.value.into("en") != refusal.value.into("zh")


def test_a_unit_twice_or_no_workbook_is_refused(drawn_county: CountyDraw, tmp_path: Path) -> None:
    path = filled_in(tmp_path / "a.xlsx", drawn_county)
    with pytest.raises(AuditError, match="同一张检查表"):
        read_field_results([path, path], book_of(drawn_county))
    (tmp_path / "b.xlsx").write_text("no workbook")
    with pytest.raises(AuditError, match="无法打开"):
        read_field_results([tmp_path / "b.xlsx"], book_of(drawn_county))
    wrong = filled_in(tmp_path / "c.xlsx", drawn_county, {0: {"audited": "1.00"}})
    with pytest.raises(AuditError, match=r"无法打开[\s\S]*应发金额"):
        read_field_results([tmp_path / "b.xlsx", wrong], book_of(drawn_county))


def test_one_sheet_in_two_files_is_told_once(drawn_county: CountyDraw, tmp_path: Path) -> None:
    paths = [filled_in(tmp_path / name, drawn_county) for name in ("表.xlsx", "表 (2).xlsx")]
    with pytest.raises(AuditError, match="是同一张检查表") as refusal:
        read_field_results(paths, book_of(drawn_county))
    assert len(refusal.value.problems) == 1


def test_what_is_the_same_of_many_rows_is_told_once(drawn_county: CountyDraw, tmp_path: Path) -> None:
    path = filled_in(tmp_path / "表.xlsx", drawn_county, {row: {"inspector": None} for row in range(4)})
    with pytest.raises(AuditError, match="同样的还有 3 处") as refusal:
        read_field_results([path], book_of(drawn_county))
    assert len(refusal.value.problems) == 1


# --- parameters ----------------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = {
    "city_code": "9901",
    "city_name": "青禾市",
    "term": "2020-autumn",
    "packages": ["a.zip"],
    "county_params": ["a.yaml"],
    "sample": {
        "method": "mus", "confidence": "0.95", "tolerable_rate": "0.05", "expected_rate": "0.01", "seed": "20201231",
    },
    "field_results": [],
    "language": "zh",
    "output_dir": "out",
}  # fmt: skip


def test_the_contract_s_example_is_read_and_read_again(tmp_path: Path) -> None:
    read = check_recheck(GOOD, base=tmp_path)
    assert read.sample.tolerable_rate == Decimal("0.05")
    assert check_recheck(read.as_json(), base=tmp_path) == read


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        ("", "packages", "a.zip"),
        ("", "unknown", "x"),
        ("", "county_params", []),
        ("", "term", "2020"),
        ("", "grades", {"A": "0.5", "B": "0.5"}),
        ("", "sample", "mus"),
        ("sample", "method", "guess"),
        ("sample", "confidence", "1"),
        ("sample", "confidence", "NaN"),
        ("sample", "expected_rate", "0.05"),
        ("sample", "tolerable_rate", "five"),
        ("sample", "flagged_n", "1"),
        ("sample", "strata", ["county"]),
        ("sample", "typo", "x"),
        ("sample", "seed", None),
    ],
)
def test_a_wrong_parameter_is_named(place: str, key: str, value: Any, tmp_path: Path) -> None:
    values = GOOD | {key: value} if not place else GOOD | {place: GOOD[place] | {key: value}}
    with pytest.raises(UsageError, match=key):
        check_recheck(values, base=tmp_path)


def test_missing_parameters_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("city_code: 0099\n", encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        read_recheck(tmp_path / "p.yaml")
    assert len(refusal.value.problems) == 6


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_says_of_which_draw_it_is_and_another_is_refused_once(
    tmp_path: Path, drawn_county: CountyDraw, language: str
) -> None:
    write_field_sheet(drawn_county, tmp_path / "sheet.xlsx", language=language)
    book = dict.fromkeys(drawn_county.sample_units["unit_id"], Decimal(500))
    assert read_field_results([tmp_path / "sheet.xlsx"], book, draws=[drawn_county.number]).empty
    other = draw(population(), sample(seed="another"))
    with pytest.raises(AuditError) as refusal:
        read_field_results([tmp_path / "sheet.xlsx"], book, draws=[other.number], language=language)
    (problem,) = refusal.value.problems
    assert drawn_county.number in problem.what.into(language) and problem.where.zh == "sheet.xlsx"
