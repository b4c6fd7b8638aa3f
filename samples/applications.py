"""The ledger of applications and postings: one row for each pupil whom the schools recognise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from samples.books import Books
from samples.model import Child, Row
from samples.plan import TermPlan

LEVELS = ("一般困难", "困难", "特别困难")


@dataclass(frozen=True)
class Posting:
    """Dates as ISO text; ``paid`` "" for the batch's own day."""

    first: str
    last: str
    approved: str
    note: str
    paid: str = ""


@dataclass(frozen=True)
class Postings:
    usual: Posting
    wrong: dict[str, tuple[Posting, ...]]
    right: tuple[Posting, ...]


def postings(term: TermPlan) -> Postings:
    """What a posting looks like, right and wrong: five working days, holidays and make-up days counted."""
    return _spring() if term.term.endswith("spring") else _autumn()


def _spring() -> Postings:
    usual = Posting("2020-04-13", "2020-04-20", "2020-04-24", "a week")
    return Postings(
        usual,
        {
            "procedure.not_posted": (Posting("", "", "2020-04-24", "approved, never posted"),),
            "procedure.posting_short": (
                Posting("2020-04-13", "2020-04-16", "2020-04-24", "four working days"),
                Posting("2020-04-29", "2020-05-06", "2020-05-08", "three working days, the rest is holiday"),
                Posting("2020-04-17", "2020-04-22", "2020-04-24", "four working days around a weekend"),
            ),
            "procedure.paid_before_posting_ended": (
                Posting(
                    "2020-06-01",
                    "2020-06-12",
                    "2020-06-15",
                    "paid a day before the posting ended",
                    "2020-06-11",
                ),
                Posting(
                    "2020-06-08",
                    "2020-06-19",
                    "2020-06-22",
                    "paid a week before the posting ended",
                    "2020-06-12",
                ),
            ),
            "procedure.not_approved": (Posting("2020-04-13", "2020-04-20", "", "posted, never approved"),),
        },
        (
            Posting("2020-04-26", "2020-04-30", "2020-05-08", "five working days, one a Sunday made up"),
            Posting("2020-05-06", "2020-05-11", "2020-05-12", "five working days, one a Saturday made up"),
            Posting("2020-06-05", "2020-06-12", "2020-06-12", "paid on the posting's last day", "2020-06-12"),
        ),
    )


def _autumn() -> Postings:
    usual = Posting("2020-10-12", "2020-10-19", "2020-10-23", "a week")
    return Postings(
        usual,
        {
            "procedure.not_posted": (Posting("", "", "2020-10-23", "approved, never posted"),),
            "procedure.posting_short": (
                Posting("2020-10-12", "2020-10-15", "2020-10-23", "four working days"),
                Posting("2020-09-28", "2020-10-08", "2020-10-12", "three working days, the rest is holiday"),
                Posting("2020-10-16", "2020-10-21", "2020-10-23", "four working days around a weekend"),
            ),
            "procedure.paid_before_posting_ended": (
                Posting(
                    "2020-11-16",
                    "2020-11-25",
                    "2020-11-26",
                    "paid a day before the posting ended",
                    "2020-11-24",
                ),
                Posting(
                    "2020-11-16",
                    "2020-11-27",
                    "2020-11-30",
                    "paid a week before the posting ended",
                    "2020-11-20",
                ),
            ),
            "procedure.not_approved": (Posting("2020-10-12", "2020-10-19", "", "posted, never approved"),),
        },
        (
            Posting("2020-09-27", "2020-10-09", "2020-10-12", "five working days, one a Sunday made up"),
            Posting("2020-09-29", "2020-10-12", "2020-10-13", "five working days, one a Saturday made up"),
            Posting("2020-11-13", "2020-11-20", "2020-11-20", "paid on the posting's last day", "2020-11-20"),
        ),
    )


def last_day_to_apply(term: TermPlan) -> dt.date:
    """The end of September, or of the February before the term."""
    return dt.date(2020, 9, 30) if term.term.endswith("autumn") else dt.date(2020, 2, 29)


def apply_for(books: Books, child: Child, posting: Posting, *, days: int = 0) -> Row:
    """The pupil's row in the ledger; ``days`` after the last day on which one may apply, else well before it."""
    application_day = last_day_to_apply(books.term) + dt.timedelta(days=days or -5 - child.number % 22)
    row = Row(
        "applications",
        {
            "name": child.name,
            "id_number": child.id_number,
            "school_name": books.seats[child].school.name,
            "category": "其他困难",
            "level": LEVELS[child.number % 3],
            "applied_on": application_day.isoformat(),
            "posted_from": posting.first,
            "posted_to": posting.last,
            "approved_on": posting.approved,
        },
        file="applications",
    )
    books.applied[child] = row
    return books.add(row)


def write_ledger(books: Books) -> None:
    """Everyone else whom the schools recognise, with a posting as it should be."""
    usual = postings(books.term).usual
    for child, categories in books.categories.items():
        if "other_hardship" in categories and child in books.seats and child not in books.applied:
            apply_for(books, child, usual)
