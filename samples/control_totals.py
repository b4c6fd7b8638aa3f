"""The printed report: totals by category, by scheme and by both, in 万元, some of them printed wrong."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from samples import rates
from samples.books import Books, row_fen
from samples.model import Row
from samples.plan import Printed


def write_totals(books: Books) -> None:
    """Category and grand totals as printed; of the rest, three persons and three amounts are wrong."""
    by_scheme, by_both = _sums(books)
    rows = [_row(books, category, "", totals) for category, totals in books.term.printed.items()]
    rows.append(_row(books, "", "", sum(books.term.printed.values(), Printed(0, 0))))
    schemes = [_row(books, "", scheme, total) for scheme, total in sorted(by_scheme.items())]
    printed_rows = [
        _row(books, c, s, total) for (c, s), total in sorted(by_both.items()) if total.persons > 40
    ]
    for row, more in ((schemes[0], 2), (printed_rows[0], -1), (printed_rows[3], 10)):
        true = row.cells["persons"]
        row.cells["persons"] = str(int(true) + more)
        _answer(books, "totals.persons", row, f"the detail gives {true}")
    for row, factor in (
        (schemes[3], Decimal("0.5")),
        (printed_rows[1], Decimal("-0.025")),
        (printed_rows[4], Decimal("0.00025")),
    ):
        true = row.cells["amount"]
        row.cells["amount"] = str(Decimal(true) + factor)
        _answer(books, "totals.amount", row, f"the detail gives {true} 万元")
    for row in (schemes[1], printed_rows[2]):
        true = row.cells["amount"]
        row.cells["amount"] = str(Decimal(true).quantize(Decimal("0.1")))
        books.trap("totals.amount", None, [row], f"{true} 万元, printed with one decimal", **_subject(row))
    for row in rows + schemes + printed_rows:
        books.add(row)


def _answer(books: Books, rule: str, row: Row, note: str) -> None:
    books.answer(
        rule,
        None,
        [row],
        note,
        reason=rule.split(".")[1],
        at_stake=0 if rule == "totals.persons" else "",
        **_subject(row),
    )


def _subject(row: Row) -> dict[str, str]:
    return {"control_total": "|".join(row.cells[column] for column in ("term", "category", "scheme"))}


def _sums(books: Books) -> tuple[dict[str, Printed], dict[tuple[str, str], Printed]]:
    scheme_of = {name: scheme for scheme, names in rates.SPELLINGS.items() for name in names}
    category_of = {label: category for category, label in rates.CATEGORY_SPELLINGS.items()}
    by_scheme: dict[str, Printed] = defaultdict(lambda: Printed(0, 0))
    by_both: dict[tuple[str, str], Printed] = defaultdict(lambda: Printed(0, 0))
    for row in books.rows["payments"]:
        if books.counts(row):
            scheme, value = scheme_of[row.cells["scheme"]], row_fen(row)
            one = Printed(int(value > 0), value)
            by_scheme[scheme] += one
            by_both[category_of[row.cells["category"]], scheme] += one
    return by_scheme, by_both


def _row(books: Books, category: str, scheme: str, totals: Printed) -> Row:
    return Row(
        "control_totals",
        {
            "term": books.term_name(0),
            "category": rates.CATEGORY_SPELLINGS.get(category, ""),
            "scheme": rates.SPELLINGS[scheme][0] if scheme else "",
            "persons": str(totals.persons),
            "amount": format(Decimal(totals.amount) / 1000000, "f"),
        },
        file="control_totals",
    )
