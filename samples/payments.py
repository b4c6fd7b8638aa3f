"""The regular payments: everyone entitled exactly as due, the rest so that the printed totals are met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from samples import rates
from samples.books import Books
from samples.model import Child
from samples.plan import Printed
from samples.registers import Lister, is_preschool, is_vocational, remaining
from samples.tie_out import Free, Mix, solve


@dataclass
class Payees:
    """The children of one stated category who are no planted case, by what they can be used for."""

    covered: list[Child]
    vocational: list[Child]
    preschool: list[Child]


def payees(books: Books, category: str) -> Payees:
    """Who can be paid; outside the register, other hardship is what the institution itself recognises."""
    free = [child for child in books.categories if child not in books.used]
    mine = [c for c in free if books.categories[c] and rates.stated_category(books.categories[c]) == category]
    if category == "other_hardship":
        outside = [
            c
            for c in books.children
            if c not in books.used and not books.categories.get(c) and c not in books.listed
        ]
    else:
        outside = mine
    return Payees(
        [c for c in mine if c in books.seats],
        [c for c in outside if is_vocational(c, books)],
        [c for c in outside if is_preschool(c, books)],
    )


def dues(books: Books, child: Child) -> dict[str, int]:
    seat = books.seats[child]
    return rates.due(seat.stage, seat.boards, books.categories[child], books.term.term)


def due_total(books: Books, children: Iterable[Child]) -> Printed:
    amounts = [amount for child in children for amount in dues(books, child).values()]
    return Printed(len(amounts), sum(amounts))


def pay_category(books: Books, lister: Lister, category: str) -> None:
    """Pay everyone of a stated category; afterwards its total is the printed one."""
    who = payees(books, category)
    wish = min(books.term.vocational[category], len(who.vocational) * 3 // 4)
    if not books.term.tie_out:
        pay_out(books, who, Mix(0, 0, wish, min(books.term.other_preschool, len(who.preschool)), 0), category)
        return
    move_some_in(books, who, remaining(books, category), wish)
    rest = remaining(books, category) - due_total(books, who.covered)
    seniors, day_juniors = droppable(books, lister, who)
    grants = sum(rates.GRANT in dues(books, child) for child in who.covered)
    mix = solve(
        rest, Free(len(seniors), len(day_juniors), len(who.vocational), len(who.preschool), grants, wish)
    )
    dropped_children = seniors[: mix.dropped_seniors] + day_juniors[: mix.dropped_day_juniors]
    for child in dropped_children:
        drop(books, lister, child)
    covered_children = [child for child in who.covered if child not in set(dropped_children)]
    pay_out(books, Payees(covered_children, who.vocational, who.preschool), mix, category)


def droppable(books: Books, lister: Lister, who: Payees) -> tuple[list[Child], list[Child]]:
    """Only children on one household register, whose listing can end without touching anyone else."""
    lists = lister.lists
    single = [
        c
        for c in who.covered
        if lists.active(c.family)
        and c.family not in lists.begun
        and len(c.family.children) == 1
        and len(books.categories[c]) == 1
    ]
    seniors = [c for c in single if rates.WAIVER in dues(books, c)]
    juniors = [c for c in single if rates.DAY in dues(books, c) and books.seats[c].stage == "junior"]
    return seniors, juniors


def drop(books: Books, lister: Lister, child: Child) -> None:
    """The child's family left the register before the term."""
    year = books.term.first_day.year
    end = f"{year}-06-30" if books.term.term.endswith("autumn") else f"{year - 1}-12-31"
    lister.lists.ended[child.family] = end
    for row in books.family_rows[child.family]:
        row.cells["valid_to"] = end
    books.categories[child] = ()


def move_some_in(books: Books, who: Payees, rest: Printed, wish: int) -> None:
    """Bring day pupils into the boarding house (or out) until the sum is within reach of the solver."""
    remainder = rest - due_total(books, who.covered)
    gap = (
        remainder.amount
        - rates.PRESCHOOL_RATE * remainder.persons
        - (rates.VOCATIONAL_RATE - rates.PRESCHOOL_RATE) * wish
    )
    for child in who.covered:
        seat = books.seats[child]
        has_two_schemes = any(c in rates.DAY_AND_WAIVER for c in books.categories[child])
        if seat.stage not in ("primary", "junior") or not has_two_schemes or seat.boards != (gap < 0):
            continue
        gain = (
            rates.boarder_rate(seat.stage, books.categories[child], books.term.term)
            - rates.DAY_RATE[seat.stage]
        )
        if abs(gap) < gain:
            return
        books.move_in(child, boards=not seat.boards)
        gap -= gain if gap > 0 else -gain


def pay_out(books: Books, who: Payees, mix: Mix, category: str) -> None:
    steps = mix.tier_steps
    for child in who.covered:
        for scheme, amount in dues(books, child).items():
            step = 0
            if scheme == rates.GRANT and steps:
                step = rates.TIER if steps > 0 else -rates.TIER
                steps -= 1 if steps > 0 else -1
            books.pay(child, scheme, amount + step)
    label = rates.CATEGORY_SPELLINGS[category]
    for child in who.vocational[: mix.vocational]:
        books.pay(child, rates.VOCATIONAL, rates.VOCATIONAL_RATE, category=label)
    for child in who.preschool[: mix.preschool]:
        books.pay(child, rates.PRESCHOOL, rates.PRESCHOOL_RATE, category=label)
    if books.term.tie_out and remaining(books, category) != Printed(0, 0):
        raise AssertionError(f"{category} does not tie out: {remaining(books, category)}")
