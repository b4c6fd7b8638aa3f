"""The child half of a term: rosters, ledgers of children, plans, places, money and measures, laid beside the books.

Written last, over pupils whom nothing else uses: no payment and no register of the poor changes for it.
"""

from __future__ import annotations

from samples.approvals import approve
from samples.books import Books
from samples.cases import Cases
from samples.gone_since import strike_off
from samples.leavers import LeaversLedger
from samples.not_planned import open_teaching_point
from samples.plans_and_money import book_funds, list_measures, plan_special, set_quotas
from samples.printed_ledgers import print_ledgers
from samples.printed_loans import print_loans
from samples.pupils_left import PupilsLeft
from samples.rosters import Roster, choose_schools, count_heads, count_pupils
from samples.taught_at_home import TaughtAtHome


def write_child_half(cases: Cases, before: Books | None) -> None:
    """Every ledger with its planted cases and its traps; ``before``: the books of the term before, where there are any."""
    schools = choose_schools(cases.books)
    pupils_left = PupilsLeft(cases, schools)
    LeaversLedger(cases, pupils_left).write()
    roster = Roster(cases, pupils_left, schools)
    home = TaughtAtHome(cases, pupils_left, roster)
    home.home_teaching()
    home.without_record()
    home.unable()
    roster.absent()
    roster.excused()
    roster.without_record()
    approve(cases, pupils_left)
    plan_special(cases, pupils_left, schools[0])
    if before:
        strike_off(cases, pupils_left, before)
    count_heads(cases, schools)
    set_quotas(cases)
    book_funds(cases)
    list_measures(cases)
    print_loans(cases)
    print_ledgers(cases)
    count_pupils(cases, *open_teaching_point(cases, pupils_left))
