"""Children of listed families who are at school elsewhere, and the ledger of letters about them."""

from __future__ import annotations

import datetime as dt
import random

from samples import rates
from samples.cases import Cases
from samples.model import Child, Row, yuan
from samples.people import FamilyMaker
from samples.plan import CountyPlan
from samples.registers import Lister
from samples.tie_out import fallback_amounts

PLACES = (
    "临川市教育局",
    "南浦区教育局",
    "东港市第三小学",
    "海宁镇中心学校",
    "外省某市滨江区教育局",
    "望江县职业中学",
)
LOWEST = {
    "primary": rates.DAY_RATE["primary"],
    "junior": rates.DAY_RATE["junior"],
    "senior": rates.WAIVER_RATE,
}
PLANT_AGES = (8, 13, 16)


def make_families_away(plan: CountyPlan, maker: FamilyMaker, lister: Lister) -> None:
    """Listed families with children of six to seventeen elsewhere: as many as each term has letters."""
    chance = random.Random(f"{plan.key}:away")
    years = range(plan.terms[-1].school_year - 11, plan.terms[0].school_year + 1)
    children = 0
    for term in plan.terms:
        while children < term.letters:
            size = min(chance.choices([1, 2], [60, 40])[0], term.letters - children)
            family = maker.family(sorted(chance.sample(years, size)), away=True)
            lister.lists.families[family] = "registered_poor" if chance.random() < 0.85 else "low_income"
            if term is not plan.terms[0]:
                lister.lists.begun[family] = f"{term.first_day.year}-09-{10 + family.number % 20}"
            children += size


def age(child: Child, day: dt.date) -> int:
    return day.year - child.born.year - ((day.month, day.day) < (child.born.month, child.born.day))


def write_letters(cases: Cases) -> None:
    """A letter for each child elsewhere: answered in time, aided there, unless planted otherwise."""
    books, lists = cases.books, cases.lister.lists
    children = [
        child
        for family in lists.families
        if family.away and family in books.family_rows
        for child in family.children
    ]
    letters = {child: _letter(cases, child) for child in children}
    free = [child for child in children if lists.families[child.family] == "registered_poor"]
    _planted(cases, letters, free)
    _fallback(cases, letters, [child for child in children if child not in books.used])
    for child in [c for c in children if c not in books.used][:3]:
        books.trap("missed.out_of_county", child, [letters[child]], "elsewhere with the parents, aided there")
        books.trap("missed.not_found", child, [letters[child]], "elsewhere with the parents, aided there")


def _letter(cases: Cases, child: Child) -> Row:
    sent = cases.term.first_day + dt.timedelta(days=12 + child.number % 25)
    replied = sent + dt.timedelta(days=10 + child.number % 40)
    rows = cases.books.listed[child]
    return cases.books.add(
        Row(
            "letters",
            {
                "name": child.name,
                "id_number": child.id_number,
                "household_no": rows[0].cells["household_no"],
                "destination": PLACES[child.number % len(PLACES)],
                "sent_on": sent.isoformat(),
                "replied_on": replied.isoformat(),
                "aided": "是",
                "fallback_amount": "",
            },
            file="letters",
        )
    )


def _planted(cases: Cases, letters: dict[Child, Row], free: list[Child]) -> None:
    last = cases.term.reply_by
    changes = {
        "not_sent": ({"sent_on": "", "replied_on": "", "aided": ""}, "known to be elsewhere, no letter sent"),
        "no_reply": ({"replied_on": "", "aided": ""}, "no answer"),
        "late_reply": (
            {"replied_on": (last + dt.timedelta(days=1)).isoformat()},
            "answered a day late: aided there",
        ),
        "refused": ({"aided": "否"}, "not aided there, no fallback paid"),
    }
    for reason, (cells, note) in changes.items():
        for years, stage in zip(PLANT_AGES, LOWEST, strict=True):
            child = next(c for c in free if c not in cases.books.used and age(c, cases.term.age_day) == years)
            letters[child].cells.update(cells)
            stake = 0 if reason == "late_reply" else LOWEST[stage]
            cases.books.answer(
                "missed.out_of_county", child, [letters[child]], note, reason=reason, at_stake=stake
            )
    child = next(c for c in free if c not in cases.books.used)
    letters[child].cells["replied_on"] = last.isoformat()
    cases.books.trap("missed.out_of_county", child, [letters[child]], "answered on the last day allowed")


def _fallback(cases: Cases, letters: dict[Child, Row], free: list[Child]) -> None:
    """Fallback payments, outside the totals; three of them although the place of study had paid too."""
    by_stage = sorted(free, key=lambda c: (age(c, cases.term.age_day), c.number), reverse=True)
    amounts = sorted(
        fallback_amounts(cases.term.fallback),
        key=lambda a: (a == rates.WAIVER_RATE, a % 12500 == 0, a),
        reverse=True,
    )
    for at, (child, amount) in enumerate(zip(by_stage, amounts, strict=False)):
        cells = letters[child].cells
        cells["fallback_amount"] = yuan(amount)
        if at % 7 == 3 and at < 7 * cases.count:
            cases.books.answer(
                "duplicate.fallback",
                child,
                [letters[child]],
                "fallback paid, and aided at the place of study",
                reason="aided_elsewhere",
                at_stake=amount,
            )
            continue
        cells["aided"] = "否"
        if at < 3:
            cases.books.trap(
                "missed.out_of_county", child, [letters[child]], "not aided there, but fallback paid"
            )
            cases.books.trap(
                "duplicate.fallback", child, [letters[child]], "fallback paid because not aided there"
            )
        cases.books.used.add(child)
