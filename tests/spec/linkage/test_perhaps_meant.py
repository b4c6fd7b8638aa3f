"""Whom a row may mean where no register says so: a parent's account, a name in Latin letters, a number hidden in part."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import plain_county
import pytest

from auditlib.linkage.model.names_and_numbers import SCORES

UNPAID, STRANGER = "missed.unpaid", "mismatch.not_enrolled"
NOWHERE = {"school_code": "", "school_name": ""}
HERE = {"school_code": "{school}", "school_name": "{school_name}"}
CARDLESS = {"account_no": "", "account_holder": ""}
GROWN_UP = {"id_number": "{guardian_id2}", "account_holder": "欧秀兰"}


def child(name: str, payments: Any, enrolment: dict[str, str] | None = None) -> dict[str, Any]:
    """One child of whose guardian and household nothing is known, and the row that may be the child's."""
    bare = {"name": name, "guardian_name": "", "guardian_id": ""}
    return {
        "eligibility": {"name": name, "household_no": ""},
        "enrolment": bare | (enrolment or {}),
        "payments": payments,
    }


def two(first: str, second: str, payments: Any) -> dict[str, Any]:
    """Two children of one school."""
    place = {"of": 2, **HERE, "name": second, "guardian_name": "", "guardian_id": ""}
    one = child(first, payments)
    return one | {
        "eligibility": [one["eligibility"], {"of": 2, "name": second, "household_no": ""}],
        "enrolment": [one["enrolment"], place],
    }


# case -> rows; who decided the payment; the confidence of missed.unpaid and of mismatch.not_enrolled, where they are found
CASES: dict[str, tuple[dict[str, Any], str, float | None, float | None]] = {
    "a grown-up of the child's family name": (child("苏晓雨", {"name": "苏大成", **GROWN_UP}), "none", 0.3, 0.3),
    "a grown-up of another family name": (child("褚文静", {"name": "欧秀兰", **GROWN_UP}), "none", 0.6, 0.6),
    "a grown-up, an amount that nobody else at the school is paid": (
        two("卫小川", "卫小海", [{"of": 2, **HERE, "name": "卫小海"}, {"name": "欧秀兰", **GROWN_UP, "amount": "77"}]), "none", 0.9, 0.9),
    "a grown-up's name and number, the child's own account": (child("姜一禾", {"name": "欧秀兰", **GROWN_UP, "account_holder": "姜一禾"}), "holder", None, None),
    "a grown-up's name and number, the child named beside the account's": (
        child("孔令仪", {"name": "欧秀兰", **GROWN_UP, "account_holder": "孔令仪（代领）"}), "holder", None, None),
    "a grown-up through a school where every child is paid": (
        {"payments": [{}, {"name": "欧秀兰", **GROWN_UP}]}, "none", None, 1.0),
    "nobody paid at that school": (child("尤若兰", {"name": "{name}", "term": "2020年春季学期"}), "id_number", 1.0, None),
    "Latin letters, no number": (child("何建军", {"name": "He Jianjun", "id_number": "", **CARDLESS}), "model", None, None),
    "Latin letters, family name last, ü": (child("吕晓燕", {"name": "XIAOYAN LYU", "id_number": "", **CARDLESS}), "model", None, None),
    "Latin letters, a grown-up's number": (child("施美玲", {"name": "SHI MEILING", **GROWN_UP}), "adult_number", None, None),
    "Latin letters in the enrolment register": (child("曹国栋", {"name": "曹国栋", "id_number": "", **CARDLESS}, {"name": "Cao Guodong"}), "model", None, None),
    "no number in the enrolment register": (
        child("秦一诺", {"name": "{name}", **CARDLESS}, {"id_number": "", "student_no": "", "birth_date": ""})
        | {"eligibility": {"name": "秦一诺", "household_no": "", "birth_date": "", "school_name": ""}}, "model", None, None),
    "Latin letters, two who sound so": (two("严静", "颜静", {"name": "YAN JING", "id_number": "", **CARDLESS}), "none", 0.515, 0.03),
    "a number hidden in part, no school": (child("华天佑", {"id_number": "{id_hidden}", "name": "{name}", **NOWHERE, **CARDLESS}), "hidden_digits", None, None),
    "its last digits hidden": (child("魏诗涵", {"id_number": "{id_headed}", "name": "{name}", **NOWHERE, **CARDLESS}), "hidden_digits", None, None),
    "every digit hidden, no school": (child("陶家豪", {"id_number": "******************", "name": "{name}", **NOWHERE, **CARDLESS}), "name", None, None),
    "name and number hidden in part": (child("金玉洁", {"id_number": "{id_hidden}", "name": "金**", **NOWHERE, **CARDLESS}), "none", 0.1, 0.1),
    "a number hidden in part that is not the child's": (child("许文博", {"id_number": "990177********9999", "name": "{name}", **NOWHERE, **CARDLESS}), "none", None, None),
    "a character lost, no number, the child's own account": (child("罗佑", {"name": "罗□", "id_number": "", "account_holder": "罗佑"}), "cut_name", None, None),
    "the whole given name lost, the guardian's account": (
        child("毕书瑶", {"name": "毕??", "id_number": "", "account_holder": "毕长河"}, {"guardian_name": "毕长河"}), "cut_name", None, None),
    "a character lost, two whom it fits under one guardian": (
        two("汤若水", "汤若冰", {"name": "汤若□", "id_number": "", "account_holder": "汤大山"})
        | {"enrolment": [{"name": "汤若水", "guardian_name": "汤大山", "guardian_id": ""},
                         {"of": 2, **HERE, "name": "汤若冰", "guardian_name": "汤大山", "guardian_id": ""}]}, "none", None, None),
    "a name used at home, no number, the child's own account": (child("薄嘉音", {"name": "小音", "id_number": "", "account_holder": "薄嘉音"}), "holder", None, None),
    "a name used at home, no number, the guardian's account": (
        child("车晓天", {"name": "小天", "id_number": "", "account_holder": "车大山"}, {"guardian_name": "车大山"}), "none", 0.1, 0.1),
    "a name used at home, no number, an account that tells nothing": (child("边若溪", {"name": "溪溪", "id_number": "", **CARDLESS}), "none", 0.5, 0.5),
    "a character lost, a stranger's account": (child("白佑", {"name": "白□", "id_number": "", "account_holder": "欧秀兰"}), "none", None, None),
}  # fmt: skip


def county(number: int, rows: dict[str, Any]) -> plain_county.County:
    """The rows of a case, with the places that only these cases have."""
    enrolled = rows.get("enrolment", {})
    name = (enrolled[0] if isinstance(enrolled, list) else enrolled).get("name", "{name}")
    own = plain_county.places(number, {1: plain_county.DEFAULT_BIRTH})["id"]
    words = {"{id_hidden}": f"{own[:6]}********{own[14:]}", "{id_headed}": f"{own[:14]}****", "{name}": name}

    def filled_cell(value: Any) -> Any:
        if isinstance(value, dict):
            return {column: filled_cell(cell) for column, cell in value.items()}
        if isinstance(value, list):
            return [filled_cell(row) for row in value]
        return words.get(value, value)

    return plain_county.overlaid(
        number, {table: filled_cell(given_cells) for table, given_cells in rows.items()}
    )


@cache
def checked_county() -> plain_county.Checked:
    counties = [county(number, rows) for number, (rows, *_) in enumerate(CASES.values(), 1)]
    return plain_county.check(plain_county.together(counties))


@cache
def identities() -> pd.DataFrame:
    return checked_county().engine.fetch(checked_county().engine.tables["identities"])


def confidence(number: int, rule: str) -> list[float]:
    findings = checked_county().findings
    mine = findings["records"].map(lambda records: any(f":{number:03d}" in record for record in records))
    return [round(float(score), 4) for score in findings[mine & (findings["rule"] == rule)]["confidence"]]


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=list(CASES))
def test_the_row_is_read_as_far_as_it_tells(number: int) -> None:
    _rows, decided_by, _unpaid, _stranger = list(CASES.values())[number - 1]
    rows = identities()
    paid = rows[rows["source"].str.startswith(f"{number:03d}.csv!") & (rows["table"] == "payments")]
    row = paid.sort_values("source").iloc[-1]
    assert row["decided_by"] == decided_by
    if decided_by in SCORES:
        assert row["score"] == SCORES[decided_by] < 1


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=list(CASES))
def test_nobody_is_accused_with_certainty_where_another_reading_explains_it(number: int) -> None:
    case, (_rows, _by, unpaid, stranger) = list(CASES.items())[number - 1]
    if case == "a number hidden in part that is not the child's":  # which the model weighs
        assert all(score < 1 for score in confidence(number, UNPAID) + confidence(number, STRANGER))
        return
    children = 2 if case == "Latin letters, two who sound so" else 1
    assert confidence(number, UNPAID) == ([] if unpaid is None else [unpaid] * children)
    assert confidence(number, STRANGER) == ([] if stranger is None else [stranger])


def test_a_name_in_letters_that_sounds_like_the_register_s_is_told_as_one_of_the_same_sound() -> None:
    findings = checked_county().findings
    number = list(CASES).index("Latin letters, no number") + 1
    mine = findings["records"].map(lambda records: any(f":{number:03d}.csv" in record for record in records))
    assert set(findings[mine & (findings["rule"] == "mismatch.identity")]["reason"]) == {"name_homophone"}


def test_a_listed_child_is_the_pupil_whom_a_payment_of_that_number_was_told_to_be() -> None:
    """The register has no number of the child, the list no school: the payment, which has both, joins the two."""
    number = list(CASES).index("no number in the enrolment register") + 1
    rows = identities().loc[lambda rows: rows["source"].str.startswith(f"{number:03d}.csv!")]
    assert rows[rows["table"] != "applications"]["person_id"].nunique() == 1
    listed_row = rows[rows["table"] == "eligibility"].iloc[0]
    assert listed_row["decided_by"] == "alias"
    assert confidence(number, "missed.not_found") == confidence(number, "ineligible.not_listed") == []
