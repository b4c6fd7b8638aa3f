"""The bureau's table of letters, fallback and home teaching, printed true: what must not be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from samples.cases import Cases
from samples.model import Row

LETTERS, ANSWERS, FALLBACK, HOME = "函告", "回函", "兜底", "送教"
TEN_THOUSAND = 10_000


def print_ledgers(cases: Cases) -> None:
    """Letters by town and in all, answers, fallback with its yuan, and pupils taught at home, as the ledgers have them."""
    letters = cases.books.rows["letters"]
    by_town: dict[str, list[Row]] = defaultdict(list)
    for row in letters:
        by_town[row.cells["town"]].append(row)
    _print(cases, LETTERS, "", len(_sent(letters)), note="all letters of the ledger")
    for town, rows in sorted(by_town.items()):
        _print(cases, LETTERS, town, len(_sent(rows)), note="the letters of a town")
    _print(
        cases,
        ANSWERS,
        "",
        sum(bool(row.cells["replied_on"]) for row in letters),
        note="letters that were answered",
    )
    sums = [Decimal(row.cells["fallback_amount"]) for row in letters if row.cells["fallback_amount"]]
    _print(cases, FALLBACK, "", len(sums), sum(sums, Decimal(0)), note="paid by the county all the same")
    taught = {row.cells["id_number"] for row in cases.books.rows["home_teaching"]}
    _print(cases, HOME, "", len(taught), note="pupils taught at home, each once")


def _sent(letters: Iterable[Row]) -> list[Row]:
    return [row for row in letters if row.cells["sent_on"]]


def _print(
    cases: Cases, basis: str, town: str, persons: int, yuan: Decimal | None = None, *, note: str
) -> None:
    books = cases.books
    amount = "" if yuan is None else format(yuan / TEN_THOUSAND, "f")
    cells = {
        "term": books.term_name(0),
        "basis": basis,
        "town": town,
        "persons": str(persons),
        "amount": amount,
    }
    row = books.add(Row("control_totals", cells, file="ledger_totals"))
    subject = {"control_total": "|".join((cases.term.term, "", ""))}
    for rule in ("totals.persons", "totals.amount") if yuan is not None else ("totals.persons",):
        books.trap(rule, None, [row], note, **subject)
