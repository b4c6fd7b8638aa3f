"""Whose number a row carries and whose name: a child paid under another's number is that child, and no stranger."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import plain_county
import pytest

from auditlib.linkage.model.names_and_numbers import SCORES

BARE = {"guardian_name": "", "guardian_id": ""}
CARDLESS = {"account_no": "", "account_holder": ""}
HERE = {"school_code": "{school}", "school_name": "{school_name}"}
BROTHER = {"of": 2, "household_no": "{household}"}
OTHER = {"id_number": "990102200901050018", "birth_date": ""}  # another pupil, born on another day
TWO_RECORDS = "the child's own number, which stands in the record of a brother as well"
CENTURY_CUT = "a number of the register of which the century was cut away"
A_PARENTS_IN_THE_LIST = "the list has a grown-up's number beside the child's name and birth date"
GROWN_UP = "990100198001010026"
UNDER_PARENT = {"id_number": "{guardian_id}"}
SISTER = {"of": 2, **UNDER_PARENT, "guardian_id": "{guardian_id}", "guardian_name": "{guardian}"}
# case -> (rows, who decided, is it the child named)
CASES: dict[str, tuple[dict[str, Any], str, bool]] = {
    "the guardian's number": ({"payments": {"id_number": "{guardian_id}"}}, "guardian_number", True),
    "the number of a grandfather of the household": (
        {"eligibility": [{}, {"name": "祖父某", "id_number": "{guardian_id2}", "birth_date": "", "relation": "户主"}], "enrolment": BARE,
         "payments": {"id_number": "{guardian_id2}"}}, "household_number", True),
    "a brother's number, one household": (
        {"eligibility": [{}, BROTHER], "payments": [{"id_number": "{id2}"}, {"of": 2}]}, "sibling_number", True),
    "a brother's number, one guardian": (
        {"eligibility": [{"household_no": ""}, {"of": 2, "household_no": ""}],
         "enrolment": [{}, {"of": 2, "guardian_name": "{guardian}", "guardian_id": "{guardian_id}"}],
         "payments": [{"id_number": "{id2}"}, {"of": 2}]}, "sibling_number", True),
    "a brother's name at one school, the brother paid under his own": (
        {"eligibility": [{}, BROTHER], "enrolment": [{}, {"of": 2, **HERE}], "payments": [{"name": "{name2}", **CARDLESS}, {"of": 2, **HERE}]},
        "none", False),
    "a twin's number at one school, neither paid otherwise": (
        {"eligibility": [{}, BROTHER], "enrolment": [{}, {"of": 2, **HERE}], "payments": {"id_number": "{id2}", **CARDLESS}}, "none", False),
    "a brother's number through the brother's own school": (
        {"eligibility": [{}, BROTHER], "payments": {"id_number": "{id2}", "school_code": "{school2}", "school_name": "{school_name2}"},
         "schools": [{}, {"of": 2}]}, "id_number", False),
    "the number of a neighbour who is paid beside it": (
        {"eligibility": [{}, {"of": 2}], "payments": [{"id_number": "{id2}"}, {"of": 2}]}, "pupil_number", True),
    "the number of a neighbour of the school, neither paid otherwise": (
        {"eligibility": [{}, {"of": 2, **OTHER}], "enrolment": [{}, {"of": 2, **OTHER, **HERE, "student_no": ""}], "payments": {"id_number": OTHER["id_number"]}},
        "none", False),
    "the number of a grown-up whom nobody knows": ({"payments": {"id_number": GROWN_UP}}, "adult_number", True),
    "the number of a grown-up, through another school, two of that name": (
        {"eligibility": [{}, {"of": 2, "name": "{name}"}], "enrolment": [{}, {"of": 2, "name": "{name}"}],
         "payments": {"id_number": "99010019800102003X", "school_code": "", "school_name": ""}}, "none", False),
    "the sound number of a child whom nobody knows": ({"payments": {"id_number": "990102200901050042"}}, "none", False),
    "no number, the name of one person, another school": (
        {"payments": {"id_number": "", **CARDLESS, "school_code": "{school2}", "school_name": "{school_name2}"}, "enrolment": [{}, {"of": 2}],
         "eligibility": [{}, {"of": 2}]}, "name", True),
    "no number, the name of one person, who has a payment of his own": (
        {"payments": [{}, {"id_number": "", **CARDLESS, "school_code": "", "school_name": ""}]}, "none", False),
    "no number, two of that name": (
        {"payments": {"id_number": "", **CARDLESS, "school_code": "", "school_name": ""}, "enrolment": [{}, {"of": 2, "name": "{name}"}],
         "eligibility": [{}, {"of": 2, "name": "{name}"}]}, "none", False),
    "the number of one pupil and the name of another, through the school of neither": (
        {"eligibility": [{}, {"of": 2}], "enrolment": [{}, {"of": 2}], "schools": [{}, {"of": 2}, {"of": 3}],
         "payments": {"id_number": "{id2}", "school_code": "{school3}", "school_name": "{school_name3}"}}, "none", False),
    "no number, the very name of a listed child who is at no school, nearly a pupil's of the school": (
        {"eligibility": [{}, {"of": 2, "name": "{name}然"}], "enrolment": {}, "payments": {"id_number": "", **CARDLESS, "name": "{name}然"}}, "name", False),
    "the child's own number, the name with a character less that is another's, through the school of neither": (
        {"eligibility": [{}, {"of": 2, "name": "慕容欣", "school_name": ""}], "enrolment": {"name": "慕容欣悦"}, "schools": [{}, {"of": 2}],
         "payments": {"name": "慕容欣", "school_code": "{school2}", "school_name": "{school_name2}"}}, "id_number", True),
    "the number of one pupil and the name of a listed child who is none, through the school of neither": (
        {"eligibility": [{}, {"of": 2, "school_name": ""}], "enrolment": {}, "schools": [{}, {"of": 2}],
         "payments": {"name": "{name2}", **CARDLESS, "school_code": "{school2}", "school_name": "{school_name2}"}}, "none", False),
    "the child's own number and account, the name of a listed child who is none, through the school of neither": (
        {"eligibility": [{}, {"of": 2, "school_name": ""}], "enrolment": {}, "schools": [{}, {"of": 2}],
         "payments": {"name": "{name2}", "school_code": "{school2}", "school_name": "{school_name2}"}}, "id_number", True),
    "the child's own number, school and account, the name of a child of another school, who is paid by no other row": (
        {"eligibility": [{}, {"of": 2}], "enrolment": [{}, {"of": 2}], "schools": [{}, {"of": 2}],
         "payments": [{"name": "{name2}"}, {"scheme": "寄宿生生活补助"}]}, "id_number", True),
    "the child's own number and school, a name that sounds like the child's and is that of a listed child elsewhere": (
        {"eligibility": {"of": 2, "name": "慕容昕"}, "enrolment": [{"name": "慕容欣"}, {"of": 2, "name": "慕容昕"}], "schools": [{}, {"of": 2}],
         "payments": {"name": "慕容昕", **CARDLESS}}, "id_number", True),
    "the child's own number and school, the name of a brother who is at no school": (
        {"eligibility": [{}, BROTHER | {"school_name": ""}], "enrolment": {}, "payments": {"name": "{name2}", **CARDLESS}}, "id_number", True),
    TWO_RECORDS: (
        {"enrolment": [{}, {"name": "{name2}", "student_no": "{student_no_l}", "school_code": "{school2}", "school_name": "{school_name2}"}],
         "eligibility": {}, "schools": [{}, {"of": 2}], "payments": {}}, "id_number", True),
    CENTURY_CUT: ({"eligibility": {"id_number": "{id15}", "birth_date": ""}}, "id_number", True),
    "the register's number has a digit otherwise and its name sounds the same": (
        {"eligibility": {"name": "慕容可昕"}, "enrolment": {"name": "慕容可欣", "id_number": "{id_wrong_check}", "student_no": ""},
         "payments": {"name": "慕容可昕", "account_holder": "慕容可昕"}, "applications": None}, "model", True),
    "the child's own number, a parent's in the register, as a sister's there": (
        {"enrolment": [{"id_number": "{guardian_id}"}, SISTER], "eligibility": [{}, BROTHER], "payments": [{}, {"of": 2}]}, "g_number", True),
    "the number that the register has within the student number alone, under a slip of the name and at another school": (
        {"enrolment": {"id_number": ""}, "eligibility": None, "applications": None,
         "payments": {"name": "{name}儿", "school_code": "{school2}", "school_name": "{school_name2}"}}, "g_number", True),
    "a parent's number for two children everywhere, born on days that are told": (
        {"enrolment": [{**UNDER_PARENT, **BARE, "student_no": "{student_no_l}"}, {**SISTER, **BARE, "student_no": "{student_no_l2}"}],
         "eligibility": [UNDER_PARENT, BROTHER | UNDER_PARENT], "payments": [UNDER_PARENT, {"of": 2, **UNDER_PARENT}]}, "same_text", True),
    "two digits of the number otherwise, and a character too many in the name": (
        {"payments": {"id_number": "{id_other}", "name": "{name}儿"}}, "model", True),
    A_PARENTS_IN_THE_LIST: (
        {"eligibility": {"id_number": "{guardian_id}", "school_name": "", "household_no": ""}, "enrolment": BARE}, "id_number", True),
    "the child's own number under a new name": ({"payments": {"name": "{name}新"}}, "id_number", True),
}  # fmt: skip


@cache
def checked_county() -> plain_county.Checked:
    return plain_county.check(
        plain_county.together(
            [plain_county.overlaid(number, rows) for number, (rows, *_) in enumerate(CASES.values(), 1)]
        )
    )


@cache
def identities() -> pd.DataFrame:
    return checked_county().engine.fetch(checked_county().engine.tables["identities"])


def rows_of(number: int) -> pd.DataFrame:
    rows = identities()
    return rows[rows["source"].str.startswith(f"{number:03d}.csv!")]


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=list(CASES))
def test_the_row_is_read_as_the_child_whom_it_names(number: int) -> None:
    _rows, decided_by, is_child = list(CASES.values())[number - 1]
    rows = rows_of(number)
    child = rows.loc[rows["table"] == "enrolment"].sort_values("source")["person_id"].iloc[0]
    paid = rows[rows["table"] == "payments"].sort_values("source")
    row = paid.iloc[1 if "payment of his own" in list(CASES)[number - 1] else 0]
    assert (row["decided_by"], row["person_id"] == child) == (decided_by, is_child)
    if decided_by in SCORES:
        assert row["score"] == SCORES[decided_by] < 1


def findings_of(number: int) -> pd.DataFrame:
    findings = checked_county().findings
    mine = findings["records"].map(lambda records: any(f":{number:03d}.csv!" in record for record in records))
    return findings[mine]


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=list(CASES))
def test_nobody_is_missed_a_stranger_or_paid_twice_with_certainty_for_anothers_number(number: int) -> None:
    rule_findings = findings_of(number)
    accused = rule_findings["rule"].isin(["missed.unpaid", "mismatch.not_enrolled", "duplicate.same_scheme"])
    brother = list(CASES)[number - 1].startswith("a brother's number through")
    if not brother:  # there another child of the case is not paid at all
        name = rows_of(number).loc[lambda rows: rows["table"] == "enrolment", "name"].min()
        assert not (accused & (rule_findings["name"] == name) & (rule_findings["confidence"] == 1)).any()


def number_of(case: str) -> int:
    return list(CASES).index(case) + 1


def test_two_records_under_one_number_with_two_names_are_not_for_certain_one_child() -> None:
    rule_findings = findings_of(number_of(TWO_RECORDS)).set_index("rule")
    assert rule_findings.loc["duplicate.enrolment", "confidence"] == 0.5


@pytest.mark.parametrize("case", [CENTURY_CUT, A_PARENTS_IN_THE_LIST])
def test_a_child_on_the_register_under_another_spelling_or_a_parents_number_is_on_it(case: str) -> None:
    """Fifteen digits of a number of eighteen, or a number that the birth date beside it contradicts."""
    rule_findings = findings_of(number_of(case))
    assert (
        not rule_findings["rule"]
        .isin(["ineligible.not_listed", "missed.not_found", "missed.not_placed"])
        .any()
    )


def test_the_reason_says_whose_the_number_is() -> None:
    reasons = {
        decided_by: set(findings_of(number).query("rule == 'mismatch.identity'")["reason"])
        for number, (_rows, decided_by, _is) in enumerate(CASES.values(), 1)
        if decided_by.endswith("_number") and decided_by in SCORES
    }
    assert reasons == {name: {"id_number_of_" + name.removesuffix("_number")} for name in reasons}
    assert len(reasons) == 5
