"""Every eligible child from 3 to 22 stands in one line of the account; who has left and is named by nothing is listed by name."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest
from plain_county import check, overlaid, together

from auditlib.findings.children import STATES, children, state_text, uncovered_rows

GONE_PUPIL: dict[str, Any] = {"payments": None, "applications": None}
AWAY = GONE_PUPIL | {"enrolment": None}
LEFT_IN_SUMMER = {"status_date": "2020-08-30"}

# What each county changes of the plain one, and the line in which its child must stand.
LINES: list[tuple[str, dict[str, Any], str | None]] = [
    ("paid", {}, "paid"),
    ("not paid", {"payments": None}, "missed.unpaid"),
    ("came back from the bank", {"payments": {"result": "退汇"}}, "missed.returned"),
    ("half paid", {"payments": {"amount": "250"}}, "missed.underpaid"),
    ("a day pupil whose category gives no right", {
        "enrolment": {"boarding": "走读"}, "eligibility": {"category": "其他困难"}, "payments": None}, "not_due"),
    ("form of boarding not known", {"enrolment": {"boarding": "其他"}, "payments": None}, "untested"),
    ("a payment row could not be read", {"payments": {"amount": "伍佰"}}, "untested"),
    ("letter answered: aided", AWAY | {"letters": {}}, "letter"),
    ("letter answered: not aided", AWAY | {"letters": {"aided": "否"}}, "missed.out_of_county"),
    ("letter answered by a word nobody knows", AWAY | {"letters": {"aided": "正在核实", "replied_on": ""}}, "untested"),
    ("in no register and no letter", AWAY, "missed.not_found"),
    ("paid and in no register", {"enrolment": None}, "paid_elsewhere"),
    ("paid, and the row of the register could not be read", {"enrolment": {"name": ""}}, "untested"),
    ("paid and left", {"enrolment": {"status": "转出"} | LEFT_IN_SUMMER}, "paid_elsewhere"),
    ("moved away, no letter", GONE_PUPIL | {"enrolment": {"status": "转出"} | LEFT_IN_SUMMER}, "left:transferred_out"),
    ("moved away, letter answered", GONE_PUPIL | {"enrolment": {"status": "转出"} | LEFT_IN_SUMMER, "letters": {}}, "letter"),
    ("lost", GONE_PUPIL | {"enrolment": {"status": "流失"} | LEFT_IN_SUMMER}, "left:lost"),
    ("untraced", GONE_PUPIL | {"enrolment": {"status": "下落不明"} | LEFT_IN_SUMMER}, "left:untraced"),
    ("lost, in the ledger of bringing back", GONE_PUPIL | {"enrolment": {"status": "流失"} | LEFT_IN_SUMMER, "dropouts": {}}, "dropout"),
    ("lost, unable to attend", GONE_PUPIL | {"enrolment": {"status": "流失"} | LEFT_IN_SUMMER, "unable": {}, "dropouts": {}}, "unable"),
    ("lost, taught at home", GONE_PUPIL | {"enrolment": {"status": "流失"} | LEFT_IN_SUMMER, "home_teaching": {}}, "taught_at_home"),
    ("lost, and at school all the same", GONE_PUPIL | {"enrolment": {"status": "流失"} | LEFT_IN_SUMMER, "attendance": {}}, "at_school"),
    ("lost, and marked as not at school", GONE_PUPIL | {"enrolment": {"status": "流失"} | LEFT_IN_SUMMER, "attendance": {"present": "否"}}, "left:lost"),
    ("lost the day after heads were counted", GONE_PUPIL | {"enrolment": {"status": "流失", "status_date": "2020-10-31"}, "attendance": {}}, "left:lost"),
    ("at school, in no record", AWAY | {"attendance": {}}, "at_school"),
    ("taught at home, in no record", AWAY | {"home_teaching": {}}, "taught_at_home"),
    ("finished junior school by the record", GONE_PUPIL | {"birth": "2005-05-04", "enrolment": {"status": "毕业", "stage": "初中", "grade": "九年级"} | LEFT_IN_SUMMER}, "graduated"),
    ("died", GONE_PUPIL | {"enrolment": {"status": "死亡"} | LEFT_IN_SUMMER}, "left:deceased"),
    ("left on a day that cannot be read", GONE_PUPIL | {"enrolment": {"status": "转出", "status_date": "去年"}}, "untested"),
    ("came the day after the count date", GONE_PUPIL | {"enrolment": {"status_date": "2020-11-01"}}, "arrived"),
    ("suspended, and back the day after the count date", GONE_PUPIL | {"enrolment": [
        {"status": "休学", "status_date": "2020-10-20"}, {"status": "复学", "status_date": "2020-11-01"}]}, "arrived"),
    ("a letter that may be the child's", AWAY | {"letters": {"id_number": "", "household_no": ""}}, "untested"),
    ("birth date in no register", AWAY | {"eligibility": {"id_number": "{id_float}", "birth_date": ""}}, "age_unknown"),
    ("aged 5, in nothing", AWAY | {"birth": "2015-05-04"}, "missed.not_placed"),
    ("aged 17, in nothing", AWAY | {"birth": "2003-05-04"}, "missed.not_placed"),
    ("in no register, certified by all four to be unable to attend", AWAY | {"unable": {}}, "unable"),
    ("finished the ninth year last term", AWAY | {"birth": "2005-05-04", "last_term": {"stage": "初中", "grade": "九年级"}}, "finished"),
    ("aged 20, in nothing", AWAY | {"birth": "2000-05-04"}, "not_asked"),
    ("aged 17, graduated here", GONE_PUPIL | {"birth": "2003-05-04", "enrolment": {"status": "毕业"} | LEFT_IN_SUMMER}, "left:graduated"),
    ("in kindergarten, paid", {"birth": "2016-05-04", "enrolment": None, "applications": None, "schools": {"stage": "幼儿园"},
                               "payments": {"scheme": "学前资助", "amount": "600"}}, "paid_uncovered"),
    ("no longer eligible", AWAY | {"eligibility": {"valid_to": "2020-10-30"}}, None),
]  # fmt: skip
AGES = [
    ("2017-09-01", None, None),
    ("2017-08-31", "preschool", "missed.not_placed"),
    ("2014-09-01", "preschool", "missed.not_placed"),
    ("2014-08-31", "compulsory", "missed.not_found"),
    ("2004-09-01", "compulsory", "missed.not_found"),
    ("2004-08-31", "senior", "missed.not_placed"),
    ("2001-09-01", "senior", "missed.not_placed"),
    ("2001-08-31", "older", "not_asked"),
    ("1997-09-01", "older", "not_asked"),
    ("1997-08-31", None, None),
]


@cache
def account() -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a child with its ``state`` and ``number``; the list of those whom nothing names."""
    counties = [
        overlaid(
            number,
            {k: v for k, v in rows.items() if k != "birth"},
            {1: rows["birth"]} if "birth" in rows else None,
        )
        for number, (_, rows, _) in enumerate(LINES, 1)
    ]
    counties += [overlaid(200 + number, AWAY, {1: birth}) for number, (birth, _, _) in enumerate(AGES)]
    county_checked = check(together(counties))
    missed = {
        o.rule.id: o.population
        for o in county_checked.outcomes
        if o.population is not None and o.rule.family == "missed"
    }
    child_table = county_checked.engine.keep("children", children(county_checked.audit, missed))
    rows = county_checked.engine.fetch(child_table)
    sources = county_checked.sources()
    listed_sources = sources[sources["table"] == "eligibility"].assign(
        number=lambda s: s["source"].str[:3].astype(int)
    )
    numbered_rows = rows.merge(listed_sources[["person_id", "number"]], on="person_id")
    return numbered_rows, county_checked.engine.fetch(uncovered_rows(county_checked.audit, child_table))


@pytest.mark.parametrize(
    ("number", "why", "state"), [(n, why, state) for n, (why, _, state) in enumerate(LINES, 1)]
)
def test_each_child_stands_in_the_line_it_belongs_to(number, why, state):
    rows, _ = account()
    assert list(rows.loc[rows["number"] == number, "state"]) == ([state] if state else []), why


@pytest.mark.parametrize(
    ("number", "group", "state"), [(200 + n, group, state) for n, (_, group, state) in enumerate(AGES)]
)
def test_the_account_runs_from_3_to_22_in_four_groups_by_age_on_the_day_before_the_term(number, group, state):
    rows, _ = account()
    mine = rows.loc[rows["number"] == number, ["age_group", "state"]]
    assert [tuple(row) for row in mine.itertuples(index=False)] == ([(group, state)] if state else [])


def test_no_child_stands_in_two_lines():
    rows, _ = account()
    assert rows["person_id"].is_unique


def test_the_list_names_those_who_left_and_whom_nothing_names_and_neither_the_dead_nor_the_rest():
    _, states = account()
    expected_states = ["left:lost"] * 3  # one marked absent, one seen the day before
    assert sorted(states["state"]) == [*expected_states, "left:transferred_out", "left:untraced"]
    assert states["name"].notna().all()
    assert all(
        {"eligibility", "enrolment"} <= {r.split(":")[0] for r in records} for records in states["records"]
    )


def test_every_line_has_words_in_both_languages():
    rows, _ = account()
    for state in {*rows["state"], *STATES}:
        assert state_text(state, "zh") != state_text(state, "en")
        assert state not in state_text(state, "zh")
