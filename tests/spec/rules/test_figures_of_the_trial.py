"""Figures that the trial of a county's data came to, each on a made county of that number."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plain_county

from auditlib.rules import RULES

NOTHING = dict.fromkeys(("eligibility", "enrolment", "payments", "applications"))
LEAVER = {
    "enrolment": {"status": "退学", "status_date": "2020-09-07"},
    "payments": None,
    "applications": None,
}
NINTH = {"stage": "初中", "grade": "九年级"}
BORN = {1: "2005-05-04"}
# In which ledger a leaver stands, turn by turn.
LISTED: tuple[dict[str, Any], ...] = (
    {"dropouts": {"returned_on": "", "closed_on": ""}}, {"unable": {}}, {"letters": {}},
    {"home_teaching": [{}, {"taught_on": "2020-10-21"}]}, {"dropouts": {"reported_on": "2020-10-01"}},
)  # fmt: skip


def _findings(counties: list[Any], *rules: str, **parameters: Any) -> pd.DataFrame:
    catalogue = {rule: RULES[rule] for rule in rules}
    return plain_county.check(plain_county.together(counties), rules=catalogue, **parameters).findings


def test_of_27_leavers_the_17_in_no_list_are_found() -> None:
    in_lists = [plain_county.overlaid(at, LEAVER | LISTED[at % len(LISTED)]) for at in range(1, 11)]
    in_none = [plain_county.overlaid(at, LEAVER) for at in range(11, 28)]
    suspicions = _findings([*in_lists, *in_none], "dropout.unledgered")
    assert len(in_lists) + len(in_none) == 27
    assert len(suspicions) == 17
    assert set(suspicions["id_number"]) == {county["enrolment"][0]["id_number"] for county in in_none}


def test_39_ninth_graders_at_a_vocational_school_are_neither_absent_nor_paid_for_another_stage() -> None:
    taught_there = {
        "enrolment": NINTH,
        "payments": {"scheme": "中职助学金", "amount": "1000"},
        "attendance": {"grade": "九年级", "present": "在职业学校就读"},
    }
    rule_ids = ("attendance.absent", "attendance.paid_absent", "attendance.unregistered", "mismatch.stage")
    counties = [plain_county.overlaid(at, taught_there, BORN) for at in range(1, 40)]
    assert _findings(counties, *rule_ids).empty
    in_class = [
        plain_county.overlaid(at, taught_there | {"attendance": {"grade": "九年级"}}, BORN)
        for at in range(1, 40)
    ]
    assert set(_findings(in_class, *rule_ids)["rule"]) == {"mismatch.stage"}, (
        "who sits in class is paid for another stage"
    )


def test_19_of_582_who_finished_the_ninth_year_are_suspected_only_where_nobody_knows_the_term_before() -> (
    None
):
    poor = {"last_term": NINTH} | NOTHING | {"eligibility": {}}
    others = {"last_term": NINTH} | NOTHING
    counties = [plain_county.overlaid(at, poor if at <= 19 else others, BORN) for at in range(1, 583)]
    counties.append(plain_county.overlaid(600, {}))
    rule_ids = ("missed.not_found", "enrolment.vanished")
    assert _findings(counties, *rule_ids).empty
    without_earlier = [
        {table: rows for table, rows in county.items() if table != plain_county.EARLIER}
        for county in counties
    ]
    assert len(_findings(without_earlier, *rule_ids)) == 19
