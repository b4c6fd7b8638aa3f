"""The chain of approval in the ledger of applications: panels, and steps out of order, of another term, or missing."""

from __future__ import annotations

import datetime as dt

from samples.cases import Cases
from samples.model import Child
from samples.pupils_left import PupilsLeft

PANEL, SMALL = 10, 8
STEPS = {"teacher_on": 1, "deputy_on": 3, "head_on": 5}  # days after the application
FAMILY = "other_hardship"


def approve(cases: Cases, pupils_left: PupilsLeft) -> None:
    """A panel of ten or more and the days of the school's steps for each, and what is planted."""
    books = cases.books
    for row in books.rows["applications"]:
        row.cells["panel_size"] = str(PANEL + len(row.cells["name"]) % 3)
        row.cells |= _steps(row.cells)

    def has_applied(child: Child) -> bool:
        return books.categories[child] == (FAMILY,) and child in books.applied

    for child in pupils_left.paid(cases.count, fits=has_applied):
        books.applied[child].cells["panel_size"] = str(SMALL)
        _answer(cases, child, "panel_small", "small", f"a panel of {SMALL}")
    for child in pupils_left.paid(cases.count, fits=has_applied):
        books.applied[child].cells["applied_on"] = f"{cases.term.first_day.year - 1}-09-10"
        _answer(cases, child, "other_term", "other_term", "applied a year before")
    for n, child in enumerate(pupils_left.paid(cases.count + 1, fits=has_applied)):
        paid = dt.date.fromisoformat(books.paid[child][0].cells["pay_date"])
        books.applied[child].cells["approved_on"] = (paid + dt.timedelta(days=n)).isoformat()
        if n:
            _answer(cases, child, "order", "approved_after_payment", f"approved {n} days after the payment")
        else:
            rows = [books.applied[child], *books.paid[child]]
            books.trap("procedure.order", child, rows, "approved on the day of payment")
    for child in pupils_left.paid(cases.count, fits=has_applied):
        books.rows["applications"].remove(books.applied.pop(child))
        note = "paid for a hardship that the school recognises, without an application"
        rule = "procedure.no_application"
        books.answer(rule, child, books.paid[child], note, reason="no_application", at_stake=0)


def _steps(cells: dict[str, str]) -> dict[str, str]:
    """The days between the application and the posting, and of the report once it has ended; none is after the step that follows."""
    applied, last = cells["applied_on"], cells["posted_from"] or cells["approved_on"]
    days = {}
    for step, after in STEPS.items():
        day = (dt.date.fromisoformat(applied) + dt.timedelta(days=after)).isoformat()
        days[step] = max(applied, min(day, last)) if last else day
    return days | {"reported_on": cells["posted_to"]}


def _answer(cases: Cases, child: Child, rule: str, reason: str, note: str) -> None:
    books = cases.books
    rows = [books.applied[child], *books.paid[child]]
    books.answer(f"procedure.{rule}", child, rows, note, reason=reason, at_stake=0)
