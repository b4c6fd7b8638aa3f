"""An account of every eligible child from kindergarten to the end of a first degree: each stands in exactly one line, and
the lines add up.

The rules ask about pupils, payments and letters. A child whose only record here says that it has left, and of whom
no letter, ledger or roster speaks, is listed by name, for somebody to go and look.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, register_records
from auditlib.audit.awaited import awaited_persons
from auditlib.audit.graduates import GRADUATED, graduates
from auditlib.audit.rosters import roster, taught_at_home
from auditlib.base.language import Text
from auditlib.base.logic import NO_TEXT, beside, yes
from auditlib.law.parameters import Ages
from auditlib.rules import RULES
from auditlib.rules.common import (
    NOT_DUE,
    SENIOR_UNTIL,
    aged,
    answered_ages,
    certified_unable,
    finished_before,
    recent_letters,
)
from auditlib.tables.wording import word

VANISHED = "enrolment.vanished"
MISSED = (
    "missed.unpaid",
    "missed.returned",
    "missed.underpaid",
    "missed.out_of_county",
    "missed.not_found",
    "missed.not_placed",
    VANISHED,
    "warning.not_in_plan",
)
LETTERS = "missed.out_of_county"
LEFT_PREFIX = "left:"  # before the status of the last record
STATES = {
    "paid": Text("县内在读，本学期已发放", "In school here, paid this term"),
    "awaited": Text(
        "尚未发放：在拟发放名单中，或发放期内其学校还没有发放",
        "Not paid yet: planned, or the school has not been paid while payment lasts",
    ),
    "letter_awaited": Text(
        "县外就读，已发函，回函或兜底期限未到",
        "Studies elsewhere, letter sent; answer or fallback not due yet",
    ),
    "not_due": Text("县内在读，不属必发项目对象", "In school here, no mandatory scheme is for the child"),
    "letter": Text("县外就读，函告已落实", "Studies elsewhere, aid secured by letter"),
    "paid_elsewhere": Text(
        "已发放，但不在县内在读（见人籍不一致）", "Paid, not in school here (see the mismatches)"
    ),
    "paid_uncovered": Text(
        "已发放，学籍数据不含其学段", "Paid, in a stage that the enrolment data do not hold"
    ),
    "not_asked": Text(
        "学籍、发放、函告中均无记录，不在须逐人核实的年龄",
        "In no record, payment or letter; not of an age for which the county answers",
    ),
    "at_school": Text("无在读学籍，清点时在校", "No active record; at school when heads were counted"),
    "taught_at_home": Text("无在读学籍，在送教上门台账", "No active record; in the ledger of home teaching"),
    "unable": Text(
        "无在读学籍，在不具备学习条件台账", "No active record; in the ledger of those unable to attend"
    ),
    "dropout": Text("学籍不在读，在劝返台账", "Record not active; in the ledger of bringing back"),
    "graduated": Text("学籍已毕业，义务教育已读完", "By the record finished with compulsory education"),
    "finished": Text(
        "上学期读完所在学段，本学期无记录", "Finished the last year of the stage last term; in no record now"
    ),
    "arrived": Text("核定基准日后才转入或复学", "Arrived or came back after the count date"),
    "untested": Text("资料不足，无法判断", "Not enough is known to tell"),
    "age_unknown": Text("出生日期不明", "Birth date not known"),
}
GROUPS = {
    "preschool": Text("学前（{first} 至 {last} 周岁）", "Preschool ({first} to {last})"),
    "compulsory": Text("义务教育（{first} 至 {last} 周岁）", "Compulsory education ({first} to {last})"),
    "senior": Text("高中年龄（{first} 至 {last} 周岁）", "Senior school age ({first} to {last})"),
    "older": Text("高中以上（{first} 至 {last} 周岁）", "Older ({first} to {last})"),
    "age_unknown": Text("出生日期不明", "Birth date not known"),
}
GONE_TEXT = Text("学籍“{status}”，无函告、台账", "Record: {status}; in no letter or ledger")
FOUND_TEXT = Text("疑点：{rule}", "Finding: {rule}")

# Of a child without an active record: the list that tells where it is, the first that names it.
TOLD_BY = {
    "attendance": "at_school",
    "home_teaching": "taught_at_home",
    "unable": "unable",
    "dropouts": "dropout",
}
LEARNING = (
    "at_school",
    "taught_at_home",
)  # that tells where a child is of whom there is no record at all, too
COVERED_STATUSES = ("deceased",)  # nobody need go and look


def children(audit: Audit, missed: Mapping[str, ir.Table]) -> ir.Table:
    """One row per person eligible on the count date and of the ages of the account (or of unknown age), with its ``age_group``
    (GROUPS) and ``state``.

    ``missed``: the populations of the rules MISSED that ran. ``state`` is the first of these that holds:

    - ``age_unknown``; the rule that found the child; ``untested``; ``paid``;
    - ``not_due``: in school here, no mandatory scheme is for them;
    - ``paid_uncovered``: paid, in a stage that the register does not hold;
    - ``paid_elsewhere``: paid, and not in school here: found by ``mismatch.*``, ``untested`` where a row of the register
      was rejected;
    - ``letter``: studies elsewhere, and the aid is secured;
    - ``arrived``: active, but only after the count date;
    - one of TOLD_BY: a record here that is not active, and a roster or a ledger names the child; no record, and one of LEARNING;
    - ``graduated``: finished junior school or a later one;
    - ``left:<status>``: not active, and nothing names the child. This and the one before are ``uncovered_rows`` where of
      compulsory age, the dead excepted;
    - ``finished``: by last term's register, and in no record now;
    - ``not_asked``: in nothing, and the county does not answer for that age;
    - ``untested`` again for what no rule could ask.
    """
    eligible_people = audit.eligible.filter(_.eligible.fill_null(True)).select("person_id", "eligible_birth")
    here = audit.pupils.select(
        "person_id", "active", "arrives", "status", "birth", enrolled=ibis.literal(True)
    )
    listed_children = beside(beside(eligible_people, here), _missed_or_unknown(missed, eligible_people))
    if audit.last_term is None:
        listed_children = listed_children.mutate(finished=ibis.literal(False))
    for table in (
        _money(audit),
        awaited_persons(audit),
        _lettered_rows(audit),
        _named_elsewhere(audit),
        audit.doubtful,
        certified_unable(audit).mutate(certified=ibis.literal(True)),
        graduates(audit).select("person_id", "unfinished"),
        *_finished_rows(audit),
    ):
        listed_children = beside(listed_children, table)
    grouped_rows = _grouped_rows(listed_children.mutate(born=_.eligible_birth.coalesce(_.birth)), audit)
    with_state = grouped_rows.mutate(
        state=_state(bool(audit.columns_found.get("enrolment")), LETTERS in missed)
    )
    left_school = with_state.state.startswith(LEFT_PREFIX) & ~with_state.state.isin(
        [LEFT_PREFIX + status for status in COVERED_STATUSES]
    )
    compulsory = with_state.age_group == "compulsory"
    return with_state.select("person_id", "age_group", "state", uncovered=left_school & compulsory)


def age_groups(ages: Ages) -> dict[str, tuple[int, int]]:
    """The groups of the account with their ages, both ends included; those that hold nobody are left out."""
    (first, last), (youngest, oldest) = ages.account, ages.compulsory
    senior = max(oldest, min(SENIOR_UNTIL, last))
    groups = {
        "preschool": (first, youngest - 1), "compulsory": (youngest, oldest), "senior": (oldest + 1, senior),
        "older": (senior + 1, last),
    }  # fmt: skip
    return {name: group for name, group in groups.items() if group[0] <= group[1]}


def group_text(group: str, ages: Ages, language: str) -> str:
    """A group of the account in words, with its ages."""
    first, last = age_groups(ages).get(group, (0, 0))
    return GROUPS[group].fill(first=first, last=last).into(language)


def _grouped_rows(persons: ir.Table, audit: Audit) -> ir.Table:
    """``persons`` of the ages of the account with ``age_group``, and ``answered``: has the county to know where they are?"""
    ages, day = audit.parameters.ages, audit.age_day
    groups = [(yes(aged(_.born, day, group)), name) for name, group in age_groups(ages).items()]
    left_out = "missed.not_placed" in audit.parameters.leave_out
    age_ranges = [ages.compulsory, *([] if left_out else answered_ages(ages, audit.parameters.answers_for))]
    return persons.filter(aged(_.born, day, ages.account).fill_null(True)).mutate(
        age_group=ibis.cases(*groups, else_="age_unknown"),
        answered=ibis.or_(*(yes(aged(_.born, day, group)) for group in age_ranges)),
    )


def uncovered_rows(audit: Audit, account: ir.Table) -> ir.Table:
    """Who the children are that have left and that nothing names: ``state, name, id_number, student_no, town, school_name, records``."""
    uncovered_children = account.filter(_.uncovered)
    children_by_place = beside(
        beside(uncovered_children, audit.people), register_records(audit, uncovered_children)
    )
    children_in_order = children_by_place.order_by("state", "town", "school_name", "name", "person_id")
    return children_in_order.select(
        "state", "name", "id_number", "student_no", "town", "school_name", records="register_records"
    )


def state_text(state: str, language: str) -> str:
    """What became of a child, in words."""
    if state.startswith(LEFT_PREFIX):
        return GONE_TEXT.fill(status=word(state.removeprefix(LEFT_PREFIX), language)).into(language)
    if state in STATES:
        return STATES[state].into(language)
    return FOUND_TEXT.fill(rule=RULES[state].title.into(language)).into(language)


def _state(registered: bool, has_letters: bool) -> ir.StringValue:
    """``registered``: there is an enrolment register; without one nobody can be said not to be in school here.

    ``has_letters``: the rule on letters was run; else it is not known what a letter has secured.
    """
    active = yes(_.active)
    # A plan places nobody whose record says that it has left.
    has_left = yes(_.enrolled) & yes(~_.active) & ~yes(_.arrives)
    return ibis.cases(
        (_.born.isnull(), "age_unknown"),
        (_.rule.notnull(), _.rule),
        (yes(_.unknown), "untested"),
        (yes(_.letter_awaited) & ~active, "letter_awaited"),
        (yes(_.awaited) & ~yes(_.paid) & ~has_left, "awaited"),
        (active & yes(_.paid), "paid"),
        (active & ~yes(_.due), "not_due"),
        (yes(_.paid) & yes(_.enrolment_doubtful), "untested"),
        (yes(_.paid) & ~yes(_.enrolled) & yes(_.uncovered_stage), "paid_uncovered"),
        (yes(_.paid), "paid_elsewhere" if registered else "untested"),
        (active | (yes(_.enrolled) & _.active.isnull()), "untested"),
        (yes(_.lettered), "letter" if has_letters else "untested"),
        (yes(_.arrives), "arrived"),
        ((yes(_.enrolled) & _.told.notnull()) | yes(_.told.isin(LEARNING)), _.told),
        (yes(_.certified), "unable"),
        (yes(_.status == GRADUATED) & ~_.unfinished.fill_null(True), "graduated"),
        (yes(_.enrolled), LEFT_PREFIX + _.status.fill_null("unknown")),
        (yes(_.finished), "finished"),
        (~_.answered, "not_asked"),
        else_="untested",
    )


def _missed_or_unknown(missed: Mapping[str, ir.Table], eligible_people: ir.Table) -> ir.Table:
    """``person_id -> rule`` (the first of MISSED that found the person), ``unknown`` (one could not tell), ``letter_awaited``
    (the answer to a letter, or the fallback after it, is not due yet)."""
    answers = [
        missed[rule].select(
            "person_id",
            "exception",
            "untested",
            rank=ibis.literal(rank),
            lettered=ibis.literal(rule == LETTERS),
        )
        for rank, rule in enumerate(MISSED)
        if rule in missed
    ]
    if not answers:  # no rule ran: nobody was judged
        return eligible_people.limit(0).select(
            "person_id", rule=NO_TEXT, unknown=ibis.null("boolean"), letter_awaited=ibis.null("boolean")
        )
    by_person = ibis.union(*answers).group_by("person_id")
    worst = by_person.agg(
        rank=_.rank.min(where=yes(_.exception)),
        unknown=(_.exception.isnull() & ~yes(_.untested.isin(NOT_DUE))).any(),
        letter_awaited=(_.lettered & yes(_.untested.isin(NOT_DUE))).any(),
    )
    first_rule = _.rank.cases(*enumerate(MISSED), else_=NO_TEXT)
    return worst.select("person_id", "unknown", "letter_awaited", rule=first_rule)


def _money(audit: Audit) -> ir.Table:
    """``person_id -> paid`` (anything net in the term), ``due`` (a mandatory scheme is or may be due), ``uncovered_stage``
    (all that was paid is of stages that the register does not hold)."""
    due = _.certain.notnull() & yes(_.mandatory) & (_.due > 0).fill_null(True)
    money = audit.aid.group_by("person_id").agg(paid=(_.net > 0).any(), due=due.any())
    return beside(money, audit.payees.select("person_id", uncovered_stage=~_.covered_stage))


def _finished_rows(audit: Audit) -> list[ir.Table]:
    """``person_id, finished``: who was in the last year of a stage last term, where a run of it is there."""
    return [persons.distinct().mutate(finished=ibis.literal(True)) for persons in finished_before(audit)]


def _named_elsewhere(audit: Audit) -> ir.Table:
    """``person_id -> told``: the first list of TOLD_BY that names the child; a roster that marks it as absent tells nothing."""
    tables = {table: audit.rows[table].filter(_.rejected.isnull()) for table in TOLD_BY}
    tables |= {
        "attendance": roster(audit).filter(_.is_there),
        "home_teaching": taught_at_home(audit),
    }
    lists = [tables[table].select("person_id", rank=ibis.literal(rank)) for rank, table in enumerate(TOLD_BY)]
    first = ibis.union(*lists).group_by("person_id").agg(rank=_.rank.min())
    return first.select("person_id", told=_.rank.cases(*enumerate(TOLD_BY.values()), else_=NO_TEXT))


def _lettered_rows(audit: Audit) -> ir.Table:
    return recent_letters(audit).select("person_id", lettered=ibis.literal(True)).distinct()
