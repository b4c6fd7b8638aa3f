"""Children of listed families who are at school elsewhere, and the ledger of letters about them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from samples import rates
from samples.books import GRADE_NAMES
from samples.cases import Cases
from samples.model import STAGE_OF_GRADE, Child, Row, fen, yuan
from samples.people import FamilyMaker
from samples.plan import CountyPlan, Printed
from samples.registers import Lister
from samples.tie_out import fallback_amounts

PLACES = (  # province, city, the office or school that is written to
    ("本省", "甲市", "临川市教育局"),
    ("本省", "乙市", "南浦区教育局"),
    ("东省", "丙市", "东港市第三小学"),
    ("东省", "丁市", "海宁镇中心学校"),
    ("南省", "戊市", "外省某市滨江区教育局"),
    ("南省", "己市", "望江县职业中学"),
)
LOWEST = {
    "primary": rates.DAY_RATE["primary"],
    "junior": rates.DAY_RATE["junior"],
    "senior": rates.WAIVER_RATE,
}
PLANT_AGES = (8, 13, 16)
TOO_MUCH, ODD_SUMS = fen(1300), (fen("249.99"), fen(480))
DAY_STEP = fen("62.5")  # of which every standard of a term is a multiple
TRAP_RULES = (
    "missed.out_of_county",
    "duplicate.fallback",
    "letters.fallback_scope",
    "letters.fallback_amount",
)
NOT_SENT = len(PLANT_AGES)  # rows of the ledger that are no letter


def make_families_away(plan: CountyPlan, maker: FamilyMaker, lister: Lister) -> None:
    """Listed families with children of six to seventeen elsewhere: as many as each term has letters, and those without."""
    chance = random.Random(f"{plan.key}:away")
    years = range(plan.terms[-1].school_year - 11, plan.terms[0].school_year + 1)
    children = 0
    for term in plan.terms:
        while children < term.letters + NOT_SENT:
            size = min(chance.choices([1, 2], [60, 40])[0], term.letters + NOT_SENT - children)
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
    _plant(cases, letters, free)
    _answered_early(cases, letters, free)
    _fallback(cases, letters, children)
    for child in [c for c in children if c not in books.used][:3]:
        books.trap("missed.out_of_county", child, [letters[child]], "elsewhere with the parents, aided there")
        books.trap("missed.not_found", child, [letters[child]], "elsewhere with the parents, aided there")


def _letter(cases: Cases, child: Child) -> Row:
    letter_day = cases.term.first_day + dt.timedelta(days=12 + child.number % 25)
    reply_day = letter_day + dt.timedelta(days=10 + child.number % 40)
    rows = cases.books.listed[child]
    province, city, destination = PLACES[child.number % len(PLACES)]
    return cases.books.add(
        Row(
            "letters",
            {
                "town": child.family.town,
                "name": child.name,
                "id_number": child.id_number,
                "household_no": rows[0].cells["household_no"],
                "grade": GRADE_NAMES[child.grade(cases.term.school_year)],
                "verified_on": (letter_day - dt.timedelta(days=3)).isoformat(),
                "province": province,
                "city": city,
                "destination": destination,
                "sent_on": letter_day.isoformat(),
                "replied_on": reply_day.isoformat(),
                "aided": "是",
                "fallback_amount": "",
            },
            file="letters",
        )
    )


def _plant(cases: Cases, letters: dict[Child, Row], free: list[Child]) -> None:
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


def _answered_early(cases: Cases, letters: dict[Child, Row], free: list[Child]) -> None:
    """Answered before it was sent; on the same day is in order."""
    books = cases.books
    for days in (-1, -2, -9, 0):
        child = next(c for c in free if c not in books.used)
        cells = letters[child].cells
        cells["replied_on"] = (dt.date.fromisoformat(cells["sent_on"]) + dt.timedelta(days=days)).isoformat()
        records = [letters[child]]
        if days:
            note = f"answered {-days} days before it was sent"
            books.answer("letters.order", child, records, note, reason="answered_before_sent", at_stake=0)
        else:
            books.trap("letters.order", child, records, "answered on the day on which it was sent")


def _fallback(cases: Cases, letters: dict[Child, Row], children: list[Child]) -> None:
    """Fallback payments, outside the totals, some that must not be; three although the place of study had paid too."""
    payer = _Payer(cases, letters, children)
    planted_amounts = payer.outside_its_scope() + payer.of_no_standard()
    remainder = cases.term.fallback - Printed(len(planted_amounts) + 1, sum(planted_amounts))
    # One more amount that no standard makes takes up what the standards cannot: no rate lies below 200 yuan.
    odd = fen(130) + (remainder.amount - fen(130)) % DAY_STEP
    payer.no_sum("junior", odd)
    for at, amount in enumerate(fallback_amounts(remainder - Printed(0, odd))):
        _regular(payer, at, amount)


def _regular(payer: _Payer, at: int, amount: int) -> None:
    books = payer.cases.books
    stage = "junior" if amount in (rates.BOARDER_RATE["junior"], rates.DAY_RATE["junior"]) else "primary"
    child, records = payer.pay(amount, "registered_poor", stage)
    if at % 7 == 3 and at < 7 * payer.cases.count:
        records[0].cells["aided"] = "是"
        note = "fallback paid, and aided at the place of study"
        reason = "aided_elsewhere"
        books.answer("duplicate.fallback", child, records, note, reason=reason, at_stake=amount)
    elif at < 3:
        note = "fallback paid because not aided there: registered poor, of compulsory age, at a standard"
        for rule in TRAP_RULES:
            books.trap(rule, child, records, note)


@dataclass
class _Payer:
    """Pays fallback to children elsewhere whom no other case uses."""

    cases: Cases
    letters: dict[Child, Row]
    children: list[Child]

    def pay(self, amount: int, category: str, stage: str) -> tuple[Child, list[Row]]:
        """To the next child of a register in a stage: not aided at the place of study."""
        books, families = self.cases.books, self.cases.lister.lists.families
        child = next(
            c
            for c in self.children
            if c not in books.used
            and families[c.family] == category
            and STAGE_OF_GRADE[c.grade(self.cases.term.school_year)] == stage
        )
        books.used.add(child)
        self.letters[child].cells |= {"aided": "否", "fallback_amount": yuan(amount)}
        return child, [self.letters[child]]

    def outside_its_scope(self) -> list[int]:
        """To senior pupils, to children of another register, and before the town had verified it."""
        kinds = (
            ("outside_compulsory", "registered_poor", "senior", rates.WAIVER_RATE),
            ("not_registered_poor", "low_income", "primary", rates.DAY_RATE["primary"]),
            ("not_verified", "registered_poor", "junior", rates.BOARDER_RATE["junior"]),
        )
        for reason, category, stage, amount in kinds * self.cases.count:
            child, records = self.pay(amount, category, stage)
            if reason == "not_verified":
                records[0].cells["verified_on"] = ""
            note = f"fallback: {reason.replace('_', ' ')}"
            self.cases.books.answer(
                "letters.fallback_scope", child, records, note, reason=reason, at_stake=amount
            )
        return [amount for *_, amount in kinds * self.cases.count]

    def of_no_standard(self) -> list[int]:
        """Above all that can be due, or no sum of standards."""
        most = rates.BOARDER_RATE["primary"] + (max(rates.SUPPLEMENT.values()) if self.cases.autumn else 0)
        for _ in range(self.cases.count):
            child, records = self.pay(TOO_MUCH, "registered_poor", "primary")
            note, reason = "fallback above all standards", "above_all_standards"
            self.cases.books.answer(
                "letters.fallback_amount", child, records, note, reason=reason, at_stake=TOO_MUCH - most
            )
        for amount in ODD_SUMS:
            self.no_sum("primary", amount)
        return [TOO_MUCH] * self.cases.count + list(ODD_SUMS)

    def no_sum(self, stage: str, amount: int) -> None:
        child, records = self.pay(amount, "registered_poor", stage)
        note, reason = f"no standards make {yuan(amount)} yuan", "no_sum_of_standards"
        self.cases.books.answer("letters.fallback_amount", child, records, note, reason=reason, at_stake=0)
