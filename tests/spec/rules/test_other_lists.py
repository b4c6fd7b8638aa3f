"""Lists of meals, textbooks and loans in a run of their own: who stands on them beside the register, loans beside the ceiling."""

from __future__ import annotations

import plain_county
import pytest

MEAL = {"scheme": "营养改善计划", "amount": "400", "category": ""}
FUND = MEAL | {"scheme": "教育基金会助学金", "amount": "1000"}
FRESHMAN = MEAL | {"scheme": "民政大学新生补助", "amount": "5000"}
LOAN = {"scheme": "生源地信用助学贷款", "category": "", "school_name": "", "school_code": ""}
AT_UNIVERSITY = {
    "enrolment": {"of": 2},
    "applications": None,
    "eligibility": {"of": 2, "valid_to": "2019-12-31"},
}
LEAVER = {"status": "退学", "status_date": "2020-09-07"}

OTHER_LISTS = plain_county.policy_of(plain_county.parameters_of(policy=["other-lists"]))


@pytest.mark.parametrize(
    ("rows", "expected_findings"),
    [
        ({"payments": [MEAL, MEAL | {"scheme": "免费教科书", "amount": "90"}]}, []),
        ({"payments": MEAL, "eligibility": None}, []),  # all pupils of the school eat, not the poor alone
        ({"payments": None}, []),  # and who is on no list need not be
        (
            {"payments": MEAL, "eligibility": None, "enrolment": {"of": 2}},
            [("mismatch.not_enrolled", "no_record")],
        ),
        ({"payments": MEAL, "eligibility": None, "enrolment": LEAVER}, [("mismatch.inactive", "withdrawn")]),
        ({"payments": FUND, "eligibility": None}, []),
        (
            {"payments": FUND, "eligibility": None, "enrolment": {"of": 2}},
            [("mismatch.not_enrolled", "no_record")],
        ),
        ({"payments": FUND, "eligibility": None, "enrolment": LEAVER}, [("mismatch.inactive", "withdrawn")]),
        ({"payments": FRESHMAN | {"school_name": "", "school_code": ""}} | AT_UNIVERSITY, []),
        ({"payments": FRESHMAN}, [("mismatch.stage", "other_stage")]),  # a freshman is at no school here
        ({"payments": LOAN | {"amount": "8000"}} | AT_UNIVERSITY, []),
        ({"payments": LOAN | {"amount": "8000.01"}} | AT_UNIVERSITY, [("amount.overpaid", "above_standard")]),
    ],
)
def test_a_list_beside_the_aid_is_held_against_the_register(
    rows: dict[str, object], expected_findings: list[tuple[str, str]]
) -> None:
    county = plain_county.overlaid(1, rows)
    assert plain_county.check(county, OTHER_LISTS).found() == expected_findings


def test_a_ceiling_is_that_of_the_national_standards() -> None:
    national = plain_county.policy_of(plain_county.parameters_of(policy=["national"]))
    assert OTHER_LISTS.schemes["student_loan"].per_term == national.schemes["student_loan"].per_term
