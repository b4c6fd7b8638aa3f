"""Who cannot be judged is named, counted as the account of children counts, and listed with what to do."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import findings_fixture
import openpyxl
import pandas as pd
import pytest
import results_fixture
from plain_county import PARAMETERS, Checked, check, overlaid, together

from auditlib import report
from auditlib.findings.children import children
from auditlib.findings.in_trouble import in_trouble, worst_places
from auditlib.findings.results import UNCLEAR
from auditlib.findings.unclear import CUT, ORDER, PERSON, action_text, unclear
from auditlib.forms.worklist import write_worklist

AWAY = {"enrolment": None, "payments": None, "applications": None}
# case -> (rows, is the child judged, what stands among the reasons); None: not in the list
CASES = {
    "paid": ({}, None, ""),
    "not paid": ({"payments": None}, None, ""),
    "an impossible number": (AWAY | {"eligibility": {"id_number": "{id_wrong_check}"}}, False, "no_usable_number"),
    "a cut number": (AWAY | {"eligibility": {"id_number": "{id_float}"}}, False, CUT),
    "a cut number of which the birth date is left": (AWAY | {"eligibility": {"id_number": "{id_cut}", "birth_date": ""}}, False, CUT),
    "a grown-up's, of which it is left": (
        AWAY | {"eligibility": {"id_number": "9.90122197712018E+17", "birth_date": "", "relation": "配偶"}}, True, CUT),
    "no birth date": (AWAY | {"eligibility": {"id_number": "", "birth_date": ""}}, False, "birth_unknown"),
    "boarding not known": ({"enrolment": {"boarding": "其他"}, "payments": None}, False, "boarding_unknown"),
    "a payment that cannot be read": ({"payments": {"amount": "伍佰"}}, False, "payment_row_rejected"),
    "a cut number in the payments, the pupil found": (
        {"payments": {"id_number": "{id_float}", "student_no": "{student_no}"}}, True, CUT),
    "no standard for an average grant": (
        {"enrolment": {"stage": "高中", "grade": "高一"}, "payments": {"scheme": "高中助学金", "amount": "1000"}}, None, ""),
}  # fmt: skip


@cache
def checked_county() -> Checked:
    return check(together([overlaid(number, rows) for number, (rows, *_) in enumerate(CASES.values(), 1)]))


@cache
def listed_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The list, and the account of children."""
    run = checked_county()
    missed = {
        o.rule.id: o.population
        for o in run.outcomes
        if o.population is not None and o.rule.family == "missed"
    }
    account = run.engine.keep("children", children(run.audit, missed))
    rows = unclear(run.audit, missed, account).order_by(*ORDER)
    return run.engine.fetch(rows), run.engine.fetch(account)


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=list(CASES))
def test_a_child_who_cannot_be_judged_is_named_with_the_reason(number: int) -> None:
    _rows, open_judgements, why = list(CASES.values())[number - 1]
    persons = listed_frames()[0]
    mine = persons[persons["records"].map(lambda rows: any(f":{number:03d}.csv!" in row for row in rows))]
    assert list(mine["judged"]) == ([] if open_judgements is None else [open_judgements])
    assert mine["name"].notna().all()
    assert all(why in codes for codes in mine["why"])


def test_whose_scheme_has_no_amount_yet_is_told_so_and_not_looked_up() -> None:
    """Of 2025 the national standards tell the average of the grant alone."""
    rows = {
        "enrolment": {"stage": "高中", "grade": "高一"}, "applications": None,
        "payments": {"scheme": "高中助学金", "amount": "1100", "term": "2025-autumn", "pay_date": "2025-11-20"},
    }  # fmt: skip
    days = {"pay_by": "2025-12-31", "reply_by": "2025-12-15"}
    term = {"term": "2025-autumn", "count_date": "2025-10-31", "thresholds": PARAMETERS["thresholds"] | days}
    run = check(overlaid(1, rows, {1: "2009-10-01"}), **term)
    missed = {
        o.rule.id: o.population
        for o in run.outcomes
        if o.population is not None and o.rule.family == "missed"
    }
    account = run.engine.keep("children", children(run.audit, missed))
    [person] = run.engine.fetch(unclear(run.audit, missed, account)).itertuples()
    assert list(person.why) == ["no_standard"] and "标准" in action_text(list(person.why), "zh")


def test_whom_the_account_cannot_tell_stands_in_the_list() -> None:
    persons, account = listed_frames()
    open_ = account.loc[account["state"].isin(["untested", "age_unknown"]), "person_id"]
    assert set(open_) <= set(persons.loc[~persons["judged"], "person_id"])
    assert len(open_) >= 3


def test_nobody_stands_there_twice() -> None:
    assert listed_frames()[0]["person_id"].is_unique


@pytest.mark.parametrize("language", ["zh", "en"])
def test_for_a_cut_number_the_file_is_asked_for_anew(language: str) -> None:
    assert action_text([CUT], language) != action_text(["boarding_unknown"], language)


def test_the_report_lists_them_masked() -> None:
    persons = listed_frames()[0]
    report_results = replace(results_fixture.results(), unclear=persons[list(UNCLEAR)])
    body = str(report.named_children(report_results).body)
    assert body.count("<tr>") + body.count("<tr ") >= len(persons)
    assert not any(name in body for name in persons["name"])
    assert "重新索取原文件" in body
    assert "名单见附件" in str(report.children(report_results).body)


def test_the_working_list_names_them_in_full(tmp_path: Path) -> None:
    persons = listed_frames()[0]
    path = tmp_path / "findings.xlsx"
    write_worklist(
        findings_fixture.findings(), path, parameters=results_fixture.results().parameters, language="zh",
        unclear=persons[list(PERSON)],
    )  # fmt: skip
    sheet = openpyxl.load_workbook(path)["待查明的孩子"]
    names = [row[2].value for row in sheet.iter_rows(min_row=2)]
    assert sorted(names) == sorted(persons["name"])


def test_every_child_in_trouble_is_counted_once():
    run = checked_county()
    missed = {
        o.rule.id: o.population
        for o in run.outcomes
        if o.population is not None and o.rule.family == "missed"
    }
    persons, account = listed_frames()
    child_table = run.engine.keep("children", children(run.audit, missed))
    exceptions = pd.concat([run.engine.fetch(p.filter(p.exception)[["person_id"]]) for p in missed.values()])
    open_ = set(persons.loc[~persons["judged"].astype(bool), "person_id"])
    uncovered_ids = set(account.loc[account["uncovered"].astype(bool), "person_id"])
    others = sorted(set(account["person_id"]) - set(exceptions["person_id"]) - open_ - uncovered_ids)[:2]
    not_at_school = pd.DataFrame(
        {"person_id": [*others, exceptions["person_id"].iloc[0], "somebody at school"], "exception": [True, True, True, False]}
    )  # fmt: skip
    away = {"attendance.absent": run.engine.load("away", not_at_school, {"person_id": "string", "exception": "boolean"})}  # fmt: skip
    known = [*others[:1], "known to be out of school"]
    out = run.engine.load("out", pd.DataFrame({"person_id": known}), {"person_id": "string"})
    places = worst_places(missed, away, child_table, unclear(run.audit, missed, child_table), out)
    place_counts = in_trouble(run.engine.fetch(places))
    assert place_counts["children_missed"] == exceptions["person_id"].nunique() > 0
    assert place_counts["children_away"] == len(others) == 2
    assert place_counts["children_out"] == 1
    in_all = set(exceptions["person_id"]) | uncovered_ids | open_ | {*others, *known}
    assert sum(place_counts.values()) == len(in_all)
