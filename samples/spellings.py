"""Regular payments and records written oddly: the amounts stay, the person is found nevertheless."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from samples import rates
from samples.cases import Cases
from samples.dirt import FULL_WIDTH
from samples.model import Child, Row
from samples.names import OTHER_DOTS, SEPARATOR
from samples.oddities import Oddities, short_number

WHO = ("mismatch.identity", "mismatch.invalid_id", "mismatch.not_enrolled")


def respell(cases: Cases, odd: Oddities) -> None:
    """Every kind of harmless or damaged spelling, a few times each."""
    _rewrite(
        cases,
        "junior",
        "name",
        lambda c, n: c.name.replace(SEPARATOR, OTHER_DOTS[n % 5]),
        "another separator dot",
        lambda c: SEPARATOR in c.name,
    )
    _rewrite(
        cases,
        "junior",
        "name",
        lambda c, n: c.name[0] + " \u3000\u00a0"[n % 3] + c.name[1:],
        "a space within the name",
    )
    _rewrite(
        cases, "junior", "id_number", lambda c, n: c.id_number.translate(FULL_WIDTH), "full-width digits"
    )
    _rewrite(
        cases,
        "junior",
        "id_number",
        lambda c, n: c.id_number.lower(),
        "a small x",
        lambda c: c.id_number[-1:] == "X",
    )
    _rewrite(
        cases,
        "junior",
        "id_number",
        lambda c, n: f"{int(c.id_number) / 10**17:.5f}E+17",
        "a number that Excel has cut; student number and name tell who it is",
        _has_digits,
    )
    _rewrite(
        cases,
        "senior",
        "id_number",
        lambda c, n: cut_number(c.id_number),
        "a number that Excel has cut; student number and name tell who it is",
        _has_digits,
    )
    _damaged_in_register(cases)
    _damaged_adults(cases)
    for child in odd.over_age:
        for n, row in enumerate(cases.books.paid.get(child, [])):
            row.raw["id_number"] = short_number(child.id_number)
            if not n:
                _note(cases, child, [row], "the 15-digit form of the same number", WHO)
    for child in odd.rare:
        rows = [row for row in cases.books.paid.get(child, []) if row.file == "junior"]
        for row in rows:
            row.raw["name"] = "".join(
                c if ord(c) < 0x10000 and c not in "㛃㼆䶮" else "?□"[child.number % 2] for c in child.name
            )
            _note(cases, child, [row], "a character lost on the way", WHO)


def _note(cases: Cases, child: Child, rows: list[Row], note: str, rules: tuple[str, ...]) -> None:
    for rule in rules:
        cases.books.trap(rule, child, rows, note)


def _has_digits(child: Child) -> bool:
    return child.id_number[-1:].isdigit() and child.student_no == "G" + child.id_number


def cut_number(number: str) -> float:
    """An ID number as a spreadsheet keeps it: fifteen digits."""
    return float(number[:15] + "000")


def _regular(cases: Cases, file: str, fits: Callable[[Child], bool]) -> Iterator[tuple[Child, Row]]:
    """Regular payments of a file, each of an unused pupil who has no other."""
    books = cases.books
    for child, rows in list(books.paid.items()):
        if (
            child not in books.used
            and child in books.seats
            and child.id_number
            and fits(child)
            and rows[0].file == file
        ):
            books.used.add(child)
            yield child, rows[0]


def _rewrite(
    cases: Cases,
    file: str,
    column: str,
    write: Callable[[Child, int], object],
    note: str,
    fits: Callable[[Child], bool] = lambda child: len(child.name) > 1,
) -> None:
    rows = zip(range(cases.count), _regular(cases, file, fits), strict=False)
    for n, (child, row) in rows:
        row.raw[column] = write(child, n)
        if column == "name":
            row.cells["account_holder"] = ""
        _note(cases, child, [row], note, WHO)


def _damaged_in_register(cases: Cases) -> None:
    """ID numbers cut in the enrolment register; the student number still holds them."""
    books = cases.books
    for n, (child, row) in zip(range(6), _regular(cases, "senior", _has_digits), strict=False):
        record = books.enrolled[child]
        record.raw["id_number"] = cut_number(child.id_number)
        if n < cases.count:
            _note(cases, child, [row, record], "the register's number was cut by Excel", WHO)


def _damaged_adults(cases: Cases) -> None:
    """ID numbers of adults cut in the register of registered households."""
    adults = [
        row
        for row in cases.books.rows["eligibility"]
        if row.file == "脱贫户" and row.cells["relation"] == "配偶" and row.cells["id_number"].isdigit()
    ]
    for row in adults[:: len(adults) // 25]:
        row.raw["id_number"] = cut_number(row.cells["id_number"])


def add_rejects(cases: Cases) -> None:
    """Rows that nobody can read: of people who matter for no rule."""
    books = cases.books
    amount = rates.BOARDER_RATE["junior"]
    for column, reason, value in (
        ("name", "empty:name", ""),
        ("amount", "unreadable:amount", "待核实"),
        ("amount", "empty:amount", ""),
        ("scheme", "empty:scheme", ""),
    ):
        child = cases.pupil("", "junior", boards=True)
        row = books.pay(child, rates.BOARDER, amount)
        row.raw[column], row.rejected = value, reason
        if column == "name":
            row.raw |= {"id_number": "", "student_no": "", "account_holder": ""}
    for table, file in (("enrolment", "primary"), ("eligibility", "脱贫户"), ("enrolment", "senior")):
        like = next(row for row in books.rows[table] if row.file == file)
        columns = ("school_code", "school_name", "grade", "town", "village", "sex")
        cells = {column: value if column in columns else "" for column, value in like.cells.items()}
        books.add(Row(table, cells, file=file, sheet=like.sheet, rejected="empty:name"))
