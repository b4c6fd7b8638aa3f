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
    ("2016-autumn", (("1085", "542.5"), ("1015", "507.5"), ("75", "35.0")), PARTS, "persons", "0.00", "five contracts too many"),
    ("2015-autumn", (("964", "482.0"), ("902", "451.0"), ("60", "31.0")), PARTS, "persons", "0.00", "two contracts short"),
    ("2014-autumn", (("851", "425.5"), ("801", "400.5"), ("50", "24.0")), PARTS, "amount", "10000.00", "1 万元 short"),
    ("2013-autumn", (("742", "371.0"), ("700", "350.0"), ("42", "23.5")), PARTS, "amount", "25000.00", "2.5 万元 too much"),
)  # fmt: skip
BY_CATEGORY = (
    ("建档立卡", "120", "97.6", CEILING, "16000.00", "16000 yuan above 120 contracts of 8000"),
    ("特困", "60", "50.0", CEILING, "20000.00", "20000 yuan above 60 contracts of 8000"),
    ("残疾", "30", "25.0", CEILING, "10000.00", "10000 yuan above 30 contracts of 8000"),
    ("低保", "40", "32.0", "", "", "each contract at its ceiling"),
)


def print_loans(cases: Cases) -> None:
    """Loans of eight autumns by place of study, and of this term by category."""
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
    dimensions = {"term": f"{term[:4]}年秋季学期", "basis": "助学贷款", "category": category, "place": place}
    cells = dimensions | {"persons": persons, "amount": amount}
    return books.add(Row("control_totals", cells, file="loans"))
