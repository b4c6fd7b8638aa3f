"""What the fifth step asks beside the days: who puts right what is found, what the run answers for, what it leaves out."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from desk_pages import begun, everything

from auditlib.base.strict_yaml import read_yaml
from auditlib.desk.checked import IngestCheck
from auditlib.desk.desk import Desk
from auditlib.desk.draft import next_term
from auditlib.desk.scope_form import AGES
from auditlib.desk.tasks_form import EVERY, families
from auditlib.law.parameters import SelfCheck, ages_of, read_self_check
from auditlib.rules import RULES


@pytest.fixture
def days(home: Path) -> Desk:
    """A desk on its fifth page."""
    desk = begun(home)
    desk.state.page = "days"
    return desk


def parameter_file(desk: Desk) -> Path:
    """The parameters as the desk writes them when one goes on; then one comes back."""
    desk.hear(["next"])
    assert desk.state.page == "check", everything(desk.blocks())
    desk.hear(["go", "days"])
    return desk.state.file


def test_one_unit_and_day_for_all_kinds_and_another_for_one(days: Desk) -> None:
    days.hear(["task", EVERY, "unit"], " 样禾县学生资助管理中心 ")
    days.hear(["task", EVERY, "by"], "2025-02-28")
    days.hear(["task", "missed", "by"], "2025-01-15")
    days.hear(["task", "issues", "unit"], "")
    days.hear(["task", "issues", "by"], "")
    tasks = read_self_check(parameter_file(days)).rectification
    assert tasks["missed"] == {"unit": "样禾县学生资助管理中心", "by": "2025-01-15"}
    assert tasks["totals"] == {"unit": "样禾县学生资助管理中心", "by": "2025-02-28"}
    assert set(tasks) == set(families()) - {"issues"}


def test_a_day_that_is_none_is_refused_on_the_page(days: Desk) -> None:
    days.hear(["task", "missed", "by"], "明年一月")
    days.hear(["next"])
    assert days.state.page == "days" and "整改的责任单位和期限" in everything(days.blocks())


def test_what_the_file_says_of_a_single_rule_is_shown_and_kept(days: Desk) -> None:
    tasks = {"missed.unpaid": {"unit": "各乡镇", "by": "2025-01-10"}}
    days.state.draft = days.state.term.with_value("rectification", tasks)
    assert "各乡镇" in everything(days.blocks()) and RULES["missed.unpaid"].title.zh in everything(
        days.blocks()
    )
    days.hear(["task", "missed.unpaid", "by"], "2025-01-20")
    rectification = read_self_check(parameter_file(days)).rectification
    assert rectification == {"missed.unpaid": {"unit": "各乡镇", "by": "2025-01-20"}}


def test_the_next_term_keeps_the_units_and_not_the_days_that_are_over(days: Desk) -> None:
    days.hear(["task", "missed", "unit"], "各乡镇")
    days.hear(["task", "missed", "by"], "2025-01-15")
    days.hear(["task", "totals", "by"], "2025-01-15")
    after = next_term(days.state.term, "next", "runs/next")
    assert after.values["rectification"] == {"missed": {"unit": "各乡镇"}}


def test_ages_are_the_usual_ones_until_one_of_their_ends_is_changed(days: Desk) -> None:
    days.hear(["age", "compulsory", "1"], "16")
    ages = ages_of(read_yaml(parameter_file(days)))
    assert (int(ages.compulsory[0]), int(ages.compulsory[1])) == (6, 16)
    days.hear(["age", "compulsory", "1"], "")
    assert [int(end) for end in days.state.term.values["ages"]["compulsory"]] == list(AGES["compulsory"])


def test_ages_the_wrong_way_round_are_refused_on_the_page(days: Desk) -> None:
    days.hear(["age", "compulsory", "0"], "18")
    days.hear(["next"])
    assert days.state.page == "days" and "compulsory" in everything(days.blocks())


def test_for_whom_the_county_answers_and_which_package_it_hands_in(days: Desk) -> None:
    days.hear(["answers", "preschool"], "")
    days.hear(["package"], "tokens")
    days.hear(["plain", "lost_share"], "0.3")
    days.hear(["plain", "memory_limit"], "2GB")
    parameters = read_self_check(parameter_file(days))
    assert (parameters.answers_for, parameters.hand_in) == (["senior"], "tokens")
    assert (parameters.lost_share, parameters.memory_limit) == (0.3, "2GB")
    days.hear(["plain", "lost_share"], "")
    days.hear(["answers", "preschool"], "1")
    parameters = read_self_check(parameter_file(days))
    assert (parameters.answers_for, parameters.lost_share) == (["preschool", "senior"], 0.5)


def test_a_rule_is_left_out_and_taken_in_again(days: Desk) -> None:
    days.hear(["leave", "procedure.panel_small"], "1")
    assert read_self_check(parameter_file(days)).leave_out == ["procedure.panel_small"]
    assert "（1 条）" in everything(days.blocks())
    days.hear(["leave", "procedure.panel_small"], "")
    assert read_self_check(parameter_file(days)).leave_out == []


def test_every_rule_of_the_catalogue_can_be_left_out(days: Desk) -> None:
    page_text = everything(days.blocks())
    assert all(f'["leave", "{rule}"]' in page_text for rule in RULES)


def test_that_nothing_was_paid_this_term_is_ticked_where_all_rows_are_of_others(days: Desk) -> None:
    days.state.check = IngestCheck({"sheets": [], "of_other_terms": ["payments"]})
    assert '["empty", "payments"]' in everything(days.blocks())
    days.hear(["empty", "payments"], "1")
    assert read_self_check(parameter_file(days)).empty_tables == ["payments"]
    days.state.check = IngestCheck({"sheets": [], "of_other_terms": []})
    assert '["empty", "payments"]' in everything(days.blocks())


def test_a_table_without_a_row_is_ticked_where_that_is_so(days: Desk) -> None:
    sheet = {"file": "台账.xlsx", "sheet": "Sheet1", "header_rows": [1], "used": 0, "rejected": 0}
    rows = [{**sheet, "table": "letters"}, {**sheet, "table": "dropouts", "used": 3}]
    assert '["empty"' not in everything(days.blocks())
    days.state.check = IngestCheck({"sheets": rows})
    assert '["empty", "letters"]' in everything(days.blocks())
    assert '["empty", "dropouts"]' not in everything(days.blocks())
    days.hear(["empty", "letters"], "1")
    assert read_self_check(parameter_file(days)).empty_tables == ["letters"]
    days.state.check = None
    days.hear(["empty", "letters"], "")
    assert read_self_check(parameter_file(days)).empty_tables == []


ASKED_RULES = {
    "county_code": "county", "county_name": "county", "term": "county", "data_dir": "county", "previous": "county",
    "sources": "files", "columns": "files", "constants": "files", "not_needed": "files", "values": "values", "policy": "law",
    "count_date": "days", "as_of": "days", "thresholds": "days", "enrolment_covers": "days", "rectification": "days",
    "ages": "days", "answers_for": "days", "lost_share": "days", "hand_in": "days", "memory_limit": "days", "spill_dir": "days",
    "leave_out": "days", "empty_tables": "days", "language": "the head of every page", "output_dir": "made of county and term",
}  # fmt: skip
"""Every parameter of a self-check and the step of the desk that asks for it."""


def test_every_parameter_of_a_self_check_has_its_place_at_the_desk() -> None:
    assert {field.name for field in fields(SelfCheck)} == set(ASKED_RULES)
