"""Planted: payments and records whose person no key finds, for number or name are written with a slip.

The payments carry no student number unless it is said; names are those that only one pupil of the county has, so that
what is left of the record is enough to tell who it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

from samples import rates
from samples.books import Books
from samples.cases import Cases, Condition
from samples.misspellings import SHAPES
from samples.model import Child
from samples.names import OTHER_NAMES, SEPARATOR, homophone, variant
from samples.people import with_check

KNOWN_RULES = ("mismatch.not_enrolled", "mismatch.identity", "missed.unpaid")
COPIES = 3  # of a slip in the name alone
ALSO_SOUND = "婷峰伟凯琪"  # whose look-alikes are homophones too
BARE = {"id_number": "", "student_no": ""}
Cells = Callable[[Child], dict[str, str]]


def other_year(number: str) -> str:
    """The last digit of the year of birth written wrongly."""
    return number[:9] + str((int(number[9]) + 1) % 10) + number[10:]


def turned_year(number: str) -> str:
    """The last two digits of the year of birth the other way round."""
    return number[:8] + number[9] + number[8] + number[10:]


def without_digit(number: str) -> str:
    return number[:12] + number[13:]


def cut_in_text(number: str) -> str:
    """As a spreadsheet shows it when told to show all fifteen digits that it has kept."""
    return f"{number[0]}.{number[1:15]}E+17"


def with_noughts(number: str) -> str:
    """As a spreadsheet writes it out again: the tail is noughts."""
    return number[:15] + "000"


def look_alike(name: str) -> str | None:
    """The last character taken for one that looks like it and sounds otherwise."""
    other = "" if name[-1] in ALSO_SOUND else SHAPES.get(name[-1], "")
    return name[:-1] + other if other else None


@cache
def _names(books: Books) -> Counter[str]:
    return Counter(child.name for child in books.seats)


def _lone(cases: Cases, fits: Condition = lambda child: True) -> Condition:
    """Nobody else has the name; nor has a brother or sister anything to do with it."""
    names = _names(cases.books)
    return lambda child: names[child.name] == 1 and len(child.family.children) == 1 and fits(child)


def misspellings_in_number(cases: Cases) -> None:
    """The number has a slip in the birth date, so that no key finds the pupil; the payment is flagged for it."""
    for write, reason, note in (
        (other_year, "check_digit", "one digit of the number is wrong"),
        (turned_year, "check_digit", "two neighbouring digits are swapped"),
        (without_digit, "length", "a digit of the number is missing"),
    ):
        fits = _lone(cases, lambda c: c.id_number[8] != c.id_number[9] and c.id_number[12:14] != "00")
        for child in cases.boarders("other_hardship", count=2, fits=fits):
            rows = cases.pay_due(child, id_number=write(child.id_number), student_no="")
            cases.books.answer(
                "mismatch.invalid_id", child, rows, f"{note}; no student number", reason=reason, at_stake=0
            )


def misspellings_in_both(cases: Cases) -> None:
    """Number and name have a slip each: two findings, one for each."""
    makers: dict[str, Callable[[str], str | None]] = {
        "homophone": homophone,
        "variant_character": variant,
        "other": _former,
    }
    for reason, spell in makers.items():
        fits = _lone(cases, lambda c, spell=spell: bool(spell(c.name)))  # type: ignore[misc]  # bound now
        for child in cases.boarders("other_hardship", count=1, fits=fits):
            cells = {"name": spell(child.name) or "", "id_number": other_year(child.id_number)}
            rows = cases.pay_due(child, **cells, student_no="", account_holder="")
            records = [*rows, cases.books.enrolled[child]]
            note = f"{reason.replace('_', ' ')} and a wrong digit; no student number"
            books = cases.books
            books.answer("mismatch.invalid_id", child, rows, note, reason="check_digit", at_stake=0)
            books.answer("mismatch.identity", child, records, note, reason=f"name_{reason}", at_stake=0)


def _former(name: str) -> str:
    return name[0] + OTHER_NAMES[1]


def misspellings_in_name(cases: Cases) -> None:
    """The name has a slip and there is no number at all."""
    makers: dict[str, Callable[[str], str | None]] = {
        "homophone": homophone,
        "variant_character": variant,
        "one_character": look_alike,
    }
    for reason, spell in makers.items():
        fits = _lone(cases, lambda c, spell=spell: len(c.name) == 3 and spell(c.name) not in (None, c.name))  # type: ignore[misc]  # bound now
        for child in cases.boarders("other_hardship", count=COPIES, fits=fits):
            name = spell(child.name) or ""
            rows = cases.pay_due(child, **BARE, name=name, account_holder=child.family.guardian.name)
            cases.books.answer(
                "mismatch.identity",
                child,
                [*rows, cases.books.enrolled[child]],
                f"{reason.replace('_', ' ')}, and no number at all; the account is the guardian's",
                reason=f"name_{reason}",
                at_stake=0,
            )


def harmless(cases: Cases) -> None:
    """Nothing is wrong with the payment but that no key finds its pupil."""
    writes: tuple[tuple[str, Cells], ...] = (
        ("cut by a spreadsheet, fifteen digits kept", lambda c: {"id_number": cut_in_text(c.id_number), "student_no": ""}),
        ("cut by a spreadsheet, noughts behind", lambda c: {"id_number": with_noughts(c.id_number), "student_no": ""}),
        ("no number at all", lambda c: dict(BARE)),
        ("an L student number of nobody, no ID number", lambda c: _provisional(c, "L")),
        ("a J student number of nobody, no ID number", lambda c: _provisional(c, "J")),
        ("a character lost, no student number", lambda c: {"name": c.name[:2] + "□", "id_number": cut_in_text(c.id_number), "student_no": ""}),
    )  # fmt: skip
    for note, write in writes:
        for child in cases.boarders("other_hardship", count=1, fits=_lone(cases, _is_plain)):
            rows = cases.pay_due(child, **write(child), account_holder=child.family.guardian.name)
            for rule in KNOWN_RULES:
                cases.books.trap(rule, child, rows, f"{note}; name, school and account holder tell who it is")


def _is_plain(child: Child) -> bool:
    return len(child.name) == 3 and with_check(with_noughts(child.id_number)[:17]) != with_noughts(
        child.id_number
    )


def _provisional(child: Child, letter: str) -> dict[str, str]:
    return {"id_number": "", "student_no": f"{letter}{child.id_number[:6]}{child.number:012d}"}


def without_separator(cases: Cases) -> None:
    """The dot of the name is left out altogether, and there is no number."""
    books, names = cases.books, _names(cases.books)
    dotted_names = [
        child
        for child in books.seats
        if SEPARATOR in child.name
        and names[child.name] == 1
        and child not in books.used
        and child not in cases.lister.lists.preferred
        and cases.is_schoolchild(child)
        and len(cases.due(child)) == 1
    ]
    for child in dotted_names[:2]:
        rows = cases.pay_due(
            child, **BARE, name=child.name.replace(SEPARATOR, ""), account_holder=child.family.guardian.name
        )
        for rule in KNOWN_RULES:
            books.trap(rule, child, rows, "the separator left out, no number at all")


def paid_twice_respelt(cases: Cases) -> None:
    """The second payment has another spelling and no number: one finding that names both."""
    fits = _lone(cases, lambda c: bool(homophone(c.name)))
    for child in cases.boarders("other_hardship", count=2, fits=fits):
        scheme, amount = cases.one_due(child)
        name = homophone(child.name) or ""
        cells = {"name": name, "account_holder": child.family.guardian.name}
        second = cases.books.pay(child, scheme, amount, file="corrections", **BARE, **cells)
        cases.books.answer(
            "duplicate.same_scheme",
            child,
            [cases.books.pay(child, scheme, amount), second],
            f"the second payment spells the name {name} and has no number",
            reason="other_spelling",
            scheme=scheme,
            at_stake=amount,
        )


def enrolled_under_two_spellings(cases: Cases) -> None:
    """A second active record whose number or name differs by a slip; nobody paid."""
    writes: tuple[tuple[str, Cells], ...] = (
        ("one digit", lambda c: {"id_number": other_year(c.id_number)}),
        ("digits swapped", lambda c: {"id_number": turned_year(c.id_number)}),
        ("cut by a spreadsheet", lambda c: {"id_number": cut_in_text(c.id_number)}),
        ("a homophone and a missing digit", lambda c: {"id_number": without_digit(c.id_number), "name": homophone(c.name) or ""}),
        ("no number", lambda c: {"id_number": ""}),
    )  # fmt: skip
    for note, write in writes:
        _enrol_twice(cases, f"two active records of one child, in the second: {note}", write)


def perhaps_enrolled_twice(cases: Cases) -> None:
    """Name and birth date are the same, the guardian is the other parent, and there is no number: to be reviewed."""

    def write(child: Child) -> dict[str, str]:
        other = child.family.adults[1]
        return {"id_number": "", "guardian_name": other.name, "guardian_id": other.id_number}

    _enrol_twice(cases, "perhaps one child: no number, the other parent; to be reviewed", write)


def _enrol_twice(cases: Cases, note: str, write: Cells) -> None:
    fits = _lone(cases, lambda c: bool(homophone(c.name)) and c.id_number[8] != c.id_number[9])
    child = cases.pupil("", "primary", fits=fits)
    number = cases.maker.registry.id_number(child.born, child.sex, area=cases.books.plan.county_code)
    cells = {"student_no": "L" + number} | write(child)
    second = cases.books.enrol_again(child, cases.other_seat(child), **cells)
    cases.books.answer(
        "duplicate.enrolment", child, [cases.books.enrolled[child], second], note, reason="other_school", at_stake=0
    )  # fmt: skip


def _in_a_large_school(cases: Cases) -> Condition:
    """In one of the largest schools, where a name says least of who it is."""
    seats = cases.books.seats
    pupils = Counter(seat.school.code for seat in seats.values() if seat.stage == "primary")
    largest = {code for code, _ in pupils.most_common(8)}
    return lambda child: seats[child].school.code in largest


def perhaps_a_pupil(cases: Cases) -> None:
    """A payment without number on a stranger's card, name and school as the pupil's: to be reviewed, both ways.

    The first pupil has no claim, so that only the payment is in doubt; to the second the payment is due.
    """
    books = cases.books
    for category in ("", "other_hardship"):
        fits = _lone(cases, _in_a_large_school(cases))
        child = cases.pupil(category, "primary", boards=True, fits=fits)
        amount = rates.BOARDER_RATE["primary"]
        stranger = cases.maker.family([child.entry]).guardian.name
        cells = BARE | {"account_holder": stranger, "account_no": cases.maker.registry.account()}
        row = books.pay(child, rates.BOARDER, amount, **cells)
        note = "perhaps the pupil of that name, the card is a stranger's; to be reviewed"
        books.answer("mismatch.not_enrolled", child, [row], note, reason="no_record", at_stake=amount)
        if category:
            note = "perhaps paid without a number on a stranger's card; to be reviewed"
            records = cases.register_rows(child)
            books.answer(
                "missed.unpaid",
                child,
                records,
                note,
                reason="no_payment",
                scheme=rates.BOARDER,
                at_stake=amount,
            )


def alike_but_two(cases: Cases) -> None:
    """Twins and brothers of whom one has no number or a mistyped one in the register: two children."""
    books = cases.books
    kinds = (("twins", True), ("brothers or sisters", False))
    for note, born_together in kinds:
        for first, second in _pairs(cases, born_together=born_together)[:2]:
            record = books.enrolled[second]
            if born_together:
                record.cells |= {
                    "id_number": "",
                    "student_no": "J" + second.id_number[:6] + f"{second.number:012d}",
                }
            else:
                record.cells |= {
                    "id_number": other_year(second.id_number),
                    "student_no": "L" + second.id_number,
                }
            records = [books.enrolled[first], record]
            why = f"{note}, the second without a sound number in the register"
            books.trap("duplicate.enrolment", first, records, why)
            books.used.add(second)


def _pairs(cases: Cases, *, born_together: bool) -> list[tuple[Child, Child]]:
    """Two unlisted pupils of one family, unused."""
    books = cases.books

    def free(child: Child) -> bool:
        return child in books.seats and child not in books.used and not books.listed.get(child)

    families = {child.family.number: child.family for child in books.seats if len(child.family.children) == 2}
    siblings = [tuple(family.children) for _number, family in sorted(families.items())]
    return [(a, b) for a, b in siblings if free(a) and free(b) and (a.born == b.born) is born_together]
