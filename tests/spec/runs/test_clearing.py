"""What would clear a finding: every change that is told was put to the rule itself, and the obvious one is among them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from many_findings import run_of
from tiny_county import pupil

from auditlib.runs.clearing import Clearing, what_clears
from auditlib.runs.clearing.candidates import changes_of
from auditlib.runs.clearing.change import Change, change_rows
from auditlib.runs.pupil_file import persons_of_finding
from auditlib.runs.retest import Scope, put, scope_of
from auditlib.runs.run_rows import Viewer
from auditlib.runs.run_tables import RunTables, open_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    return open_run(run_of(tmp_path_factory.mktemp("many")))


def subjects(run: RunTables) -> list[dict[str, Any]]:
    return run.fetch(run.table("subjects").order_by("finding_id")).to_dict("records")


def case(run: RunTables, rule: str) -> tuple[Scope, dict[str, Any]]:
    subject = next(row for row in subjects(run) if row["rule"] == rule)
    return scope_of(run, persons_of_finding(run, subject["finding_id"])), subject


def cleared(run: RunTables, rule: str) -> Clearing:
    scope, subject = case(run, rule)
    return what_clears(scope, rule, subject["subject"])


def sentences(clearings: Clearing, run: RunTables) -> list[str]:
    return [one.change.into(Viewer(run, "en", unmasked=True)) for one in clearings.best]


def test_every_finding_comes_again_from_the_rows_of_its_persons_alone_and_no_other(run: RunTables) -> None:
    known_keys = {(row["rule"], row["subject"]) for row in subjects(run)}
    assert len({rule for rule, _subject in known_keys}) == 12
    everyone = sorted(
        {person for row in subjects(run) for person in persons_of_finding(run, row["finding_id"])}
    )
    scope = scope_of(run, everyone)
    answers = put(scope, [scope.rows])[0]
    assert {key for key, answer in answers.items() if answer.exception} == known_keys


def test_cases_know_nothing_of_each_other(run: RunTables) -> None:
    scope, subject = case(run, "missed.unpaid")
    payment = next(
        change for change in changes_of(scope) if change.how == "add" and change.table == "payments"
    )
    before, after, again = put(scope, [scope.rows, change_rows(scope.rows, payment), scope.rows])
    key = ("missed.unpaid", subject["subject"])
    assert (before[key].exception, after[key].exception, again[key].exception) == (True, False, True)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("mismatch.inactive", "if “Status date” of Enrolment register enrolment.csv › 2 were as late as 2020-11-01 (now 2020-09-15)"),
        ("procedure.paid_late", "if “Paid on” of Payments payments.csv › 5 were as early as 2020-12-31 (now 2021-02-01)"),
        ("missed.underpaid", "if “Amount” of Payments payments.csv › 9 were 500.00 (now 400.00)"),
        ("mismatch.boarding", "if “Boarding” of Enrolment register enrolment.csv › 4 were boarder (now day pupil)"),
        ("duplicate.same_scheme", "if there were no Payments payments.csv › 13"),
        ("mismatch.school", "if “School” of Payments payments.csv › 10 were 第0001小学 (now 第0002小学)"),
    ],
)  # fmt: skip
def test_the_obvious_change_is_told(run: RunTables, rule: str, sentence: str) -> None:
    clearings = cleared(run, rule)
    assert clearings.reproduced
    assert sentence in sentences(clearings, run)


def test_a_name_as_the_other_register_has_it(run: RunTables) -> None:
    clearings = cleared(run, "mismatch.identity")
    first = clearings.best[0].change
    assert (first.how, first.column) == ("set", "name")
    assert pupil(2)["name"] in " ".join(sentences(clearings, run))
    assert pupil(2)["name"] not in first.into(Viewer(run, "zh"))


def test_what_is_missing_would_have_to_be_there(run: RunTables) -> None:
    unpaid = cleared(run, "missed.unpaid").best
    assert any(
        one.change.how == "add" and one.change.table == "payments" and not one.raises for one in unpaid
    )
    not_found = cleared(run, "missed.not_found").best
    assert any(one.change.how == "add" and one.change.table in ("letters", "enrolment") for one in not_found)


def test_a_shared_account_is_cleared_by_an_account_of_ones_own(run: RunTables) -> None:
    assert any(one.change.column == "account_no" for one in cleared(run, "duplicate.shared_account").best)


def test_what_is_told_does_clear_it_and_what_it_brings_is_said(run: RunTables) -> None:
    scope, subject = case(run, "mismatch.not_enrolled")
    changes = what_clears(scope, "mismatch.not_enrolled", subject["subject"])
    assert changes.best
    before, *answers = put(
        scope, [scope.rows, *(change_rows(scope.rows, one.change) for one in changes.best)]
    )
    known_keys = {key for key, answer in before.items() if answer.exception}
    for one, answer in zip(changes.best, answers, strict=True):
        answer_elsewhere = answer.get(("mismatch.not_enrolled", subject["subject"]))
        assert answer_elsewhere is None or answer_elsewhere.exception is False
        assert {key[0] for key, new in answer.items() if new.exception and key not in known_keys} == set(
            one.raises
        )


def test_a_finding_that_is_none_is_not_explained(run: RunTables) -> None:
    scope, subject = case(run, "missed.unpaid")
    changes = what_clears(scope, "procedure.paid_late", subject["subject"])
    assert not changes.reproduced
    assert changes.best == ()


def test_a_nearer_day_is_a_smaller_change_and_a_cell_before_a_row() -> None:
    def to(day: int) -> Change:
        return Change(
            "set", "payments", "a!1", (("pay_date", dt.date(2020, 12, day)),), "pay_date", dt.date(2021, 1, 1)
        )

    assert to(31).effort() < to(1).effort() < Change("remove", "payments", "a!1").effort()
