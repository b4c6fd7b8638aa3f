"""The bureau's table of student loans: contracts and yuan by place of study, some sums and one ceiling broken."""

from __future__ import annotations

from samples.books import Books
from samples.cases import Cases
from samples.model import Row

PARTS, CEILING = "totals.parts", "totals.loan_ceiling"
ALL, HERE, AWAY = "合计", "省内", "省外"
# Term, then persons and 万元 of the whole, of those in the province and of those elsewhere; rule broken, reason, at stake, note.
BY_PLACE: tuple[tuple[str, tuple[tuple[str, str], ...], str, str, str, str], ...] = (
    ("2020-autumn", (("3999", "3034.7704"), ("3120", "2363.0"), ("879", "671.7704")), "", "", "", "parts and whole agree"),
    ("2019-autumn", (("1457", "1106.4"), ("1379", "1044.9"), ("78", "61.475")), "", "", "", "the gap is within the rounding"),
    ("2018-autumn", (("1290", "967.5"), ("1210", "907.5"), ("70", "60.0")), PARTS, "persons", "0.00", "ten contracts short"),
    ("2017-autumn", (("1180", "886.5"), ("1100", "825.0"), ("80", "60.0")), PARTS, "amount", "15000.00", "1.5 万元 short"),
)  # fmt: skip
BY_CATEGORY = (
    ("建档立卡", "120", "97.6", CEILING, "16000.00", "16000 yuan above 120 contracts of 8000"),
    ("低保", "40", "32.0", "", "", "each contract at its ceiling"),
)


def print_loans(cases: Cases) -> None:
    """Loans of four autumns by place of study, and of this term by category."""
    books, this = cases.books, cases.term.term
    for term, figures, rule, reason, stake, note in BY_PLACE:
        rows = [
            _row(books, term, "", place, *one) for place, one in zip((ALL, HERE, AWAY), figures, strict=True)
        ]
        subject = {"control_total": f"{term}||"}
        if rule:
            books.answer(rule, None, rows, note, reason=reason, at_stake=stake, **subject)
        else:
            books.trap(PARTS, None, rows, note, **subject)
        if term == this:
            books.trap(CEILING, None, rows[:1], "7588.82 yuan a contract", **subject)
    for category, persons, amount, rule, stake, note in BY_CATEGORY:
        row = _row(books, this, category, "", persons, amount)
        subject = {"control_total": f"{this}|{category}|"}
        if rule:
            books.answer(rule, None, [row], note, reason="above_ceiling", at_stake=stake, **subject)
        else:
            books.trap(CEILING, None, [row], note, **subject)


def _row(books: Books, term: str, category: str, place: str, persons: str, amount: str) -> Row:
    told = {"term": f"{term[:4]}年秋季学期", "basis": "助学贷款", "category": category, "place": place}
    cells = told | {"persons": persons, "amount": amount}
    return books.add(Row("control_totals", cells, file="loans"))
