"""One school under several forms of its name, only where one fits."""

from __future__ import annotations

import ibis
import pytest

from auditlib.linkage.school_forms import with_forms
from auditlib.linkage.schools import school_names, school_spellings

KNOWN_NAMES = {
    "青禾县青溪镇中心小学": "a", "青禾县白水镇中心小学": "b", "城关小学": "c", "青禾县第一小学": "d", "石桥小学": "e",
    "云岭中学(初中部)": "f", "青禾县实验小学": "g", "白水县实验小学": "h",
}  # fmt: skip


FULL = "青禾县白河九年一贯制学校"


def school_of(*names: str) -> dict[str, str]:
    known_schools = ibis.memtable({"school_name": list(KNOWN_NAMES), "school_id": list(KNOWN_NAMES.values())})
    with_all_forms = with_forms(known_schools, ibis.memtable({"school_name": list(names)}))
    rows = ibis.duckdb.connect().to_pyarrow(with_all_forms).to_pylist()
    assert {row["school_name"]: row["school_id"] for row in rows}.items() >= KNOWN_NAMES.items()
    return {row["school_name"]: row["school_id"] for row in rows if row["school_name"] not in KNOWN_NAMES}


@pytest.mark.parametrize(
    ("name", "school"),
    [
        ("青溪中心小学", "a"), ("青溪镇中心小学", "a"), ("青禾县青溪中心小学", "a"), ("白水镇中心小学", "b"),
        ("青禾县城关小学", "c"), ("第一小学", "d"), ("青禾县石桥镇石桥小学", "e"), ("某市青禾县石桥小学", "e"),
        ("云岭中学", "f"), ("石桥小学(总校)", "e"),
    ],
)  # fmt: skip
def test_a_name_with_more_or_fewer_places_is_the_one_school_that_fits(name: str, school: str) -> None:
    assert school_of(name) == {name: school}


@pytest.mark.parametrize(
    "name",
    [
        "中心小学",
        "东城关小学",
        "实验小学",
        "黑石镇中心小学",
        "关小学",
        "云溪中心小学",
        "青溪小学",
        "第二小学",
    ],
)
def test_a_name_that_several_schools_or_none_have_is_nobodys(name: str) -> None:
    assert school_of(name) == {}


def names_of(
    directory: list[dict[str, str | None]], register: list[str], roster: list[str], code: str | None = None
) -> dict[str, str]:
    """Name -> school; ``code``: of the register's schools."""
    nothing: dict[str, str | None] = dict.fromkeys(("school_name", "school_code", "alias", "rejected"))
    schools = [{**nothing, **row} for row in directory]
    enrolled = [{"school_name": name, "school_code": code} for name in register]
    tables = {
        "schools": ibis.memtable(schools, schema=dict.fromkeys(nothing, "string")),
        "enrolment": ibis.memtable(enrolled, schema={"school_name": "string", "school_code": "string"}),
        "attendance": ibis.memtable({"school_name": roster}, schema={"school_name": "string"}),
    }
    rows = ibis.duckdb.connect().to_pyarrow(school_names(school_spellings(tables))).to_pylist()
    assert len({row["school_name"] for row in rows}) == len(rows)
    return {row["school_name"]: row["school_id"] for row in rows}


def test_a_school_that_the_register_writes_without_its_county_is_the_directorys() -> None:
    directory = [
        {"school_name": "青禾县双河乡九年一贯制学校", "school_code": "1"},
        {"school_name": "青禾县白水镇中心小学"},
    ]
    names = names_of(directory, ["双河乡九年一贯制学校", "白水镇中心小学", "城关小学"], [])
    assert names["双河乡九年一贯制学校"] == "1"
    assert names["白水镇中心小学"] == "青禾县白水镇中心小学"
    assert names["城关小学"] == "城关小学"


def test_a_roster_may_name_its_school_as_it_likes() -> None:
    names = names_of([{"school_name": "青禾县白水镇中心小学", "school_code": "1"}], [], ["白水中心小学"])
    assert names["白水中心小学"] == "1"


@pytest.mark.parametrize(
    ("directory_code", "register_code", "school"), [(None, None, FULL), (None, "1", "1"), ("1", None, "1")]
)
def test_another_name_in_the_directory_is_the_same_school_with_codes_or_without(
    directory_code: str | None, register_code: str | None, school: str
) -> None:
    directory: list[dict[str, str | None]] = [
        {"school_name": FULL, "school_code": directory_code, "alias": "白河学校"}
    ]
    names = names_of(directory, [FULL], ["白河学校"], register_code)
    assert names["白河学校"] == names[FULL] == school


def test_another_name_that_the_register_writes_is_the_directorys_school() -> None:
    names = names_of([{"school_name": FULL, "alias": "白河学校、河口校"}], ["白河学校"], [FULL, "河口校"])
    assert set(names.values()) == {FULL}
