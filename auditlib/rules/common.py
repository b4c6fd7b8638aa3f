"""Expressions that rules of several families share."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.expr.types.groupby import GroupedTable

from auditlib.audit.aid import aid_due
from auditlib.audit.assemble import Audit, letters_half_read, paid_half_read
from auditlib.audit.awaited import is_answering
from auditlib.audit.last_term import with_finished
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import YUAN, addresses, beside, every, only, record, values_of, yes
from auditlib.cells.hygiene import SEPARATOR
from auditlib.law.parameters import Ages
from auditlib.rules.registry import speaks

UNKNOWN = ibis.null("boolean")
# Why a rule does not ask yet: nothing about the child is unknown.
NOT_DUE = ("not_yet_paid", "answer_not_due")
NO_REASON = ibis.null("string")
# Of a person's payments: a day is not told, and could not be told, for no list with such a row has a column for it.
WITHOUT_COLUMN = _.pay_date.isnull().any() & _.lacks.all(where=_.pay_date.isnull())
# In which stage a child of an age is at least, to estimate what would be due to one who is in no register: who began at seven
# is in the sixth year at twelve and in the ninth at fifteen, and what is owed is a lower bound.
STAGE_BY_AGE = ((16, "senior"), (13, "junior"), (6, "primary"), (3, "preschool"))
CONFIDENCE_DIGITS = 6
LEVELS = {"preschool": 0, "primary": 1, "junior": 2, "senior": 3, "vocational": 3}
"""Stages of which nobody goes back from one to a lower one."""
NO_LEVEL = ibis.null("int8")
LETTER = ("sent_on", "replied_on", "aided")  # columns without which an empty cell says nothing
# The four offices that certify together that a child cannot attend.
CERTIFIERS = ("certified_education", "certified_disabled", "certified_health", "certified_civil")

SICK = Text("清点当天病假、事假", "ill or on leave on the day of counting")
AT_VOCATIONAL = Text(
    "已分流到职业学校就读，学籍未变", "taught at a vocational school by now, the record not moved"
)
DAY_OF_COUNTING = Text("清点日期与学籍导出日期不同", "counted on another day than the register was exported")

SENIOR_UNTIL = 18  # three years of senior or vocational school after the ninth year


def answered_ages(ages: Ages, answers_for: list[str]) -> list[tuple[int, int]]:
    """The ages outside compulsory education of which the county has to know where the child is."""
    youngest, oldest = ages.compulsory
    groups = {
        "preschool": (ages.account[0], youngest - 1),
        "senior": (oldest + 1, min(SENIOR_UNTIL, ages.account[1])),
    }
    return [group for name, group in groups.items() if name in answers_for and group[0] <= group[1]]


def lacking(audit: Audit, column: str) -> ir.BooleanValue:
    """Does the row stand in a sheet that does not give ``column`` (``table.column``), though others do? Where nothing could be
    written, nothing is missing."""
    sheets = audit.sheets_lacking.get(column, ())
    return _.source.re_replace("![^!]*$", "").isin(sheets) if sheets else ibis.literal(False)


def paid_rows_by_person(audit: Audit, where: ir.BooleanValue | bool = True) -> GroupedTable:
    """Successful payments of each person with ``lacks``: the list has no column for the day (see WITHOUT_COLUMN)."""
    rows = audit.paid_rows.filter(where).mutate(lacks=lacking(audit, "payments.pay_date"))
    return rows.group_by("person_id")


def passing_but(doubted_rows: ir.Table, everybody: ir.Table) -> ir.Table:
    """``everybody`` (a row per ``person_id``): ``doubted_rows`` as they are (``person_id, exception`` …), all others pass.

    Nearly all pass: what is said of a person by all of their rows is gathered for those alone of whom some row is doubted.
    """
    verdicts = beside(everybody.select("person_id"), doubted_rows.mutate(is_doubted=ibis.literal(True)))
    exception = ibis.ifelse(yes(_.is_doubted), _.exception, False)
    return verdicts.mutate(exception=exception).drop("is_doubted")


def payments_of(rows: ir.Table, persons: ir.Table) -> ir.Table:
    """``person_id, rests_on, received``: all ``rows`` of payments of those in ``persons``, and their yuan."""
    theirs = rows.semi_join(persons, "person_id").group_by("person_id")
    return theirs.agg(rests_on=addresses(record("payments")), received=_.amount.sum().cast(YUAN))


def zero() -> ir.DecimalScalar:
    """No money would move."""
    return ibis.literal(0).cast(YUAN)


def aged(birth: ir.DateValue, day: dt.date, ages: tuple[int, int]) -> ir.BooleanValue:
    """Is the completed age on ``day`` within ``ages``, both included? NULL without a birth date."""
    youngest, oldest = ages
    return (birth <= ibis.literal(terms.years_before(day, youngest))) & (
        birth > ibis.literal(terms.years_before(day, oldest + 1))
    )


def usual_stage(birth: ir.DateValue, day: dt.date) -> ir.StringValue:
    """The lowest stage that a child of this age is usually in."""
    return ibis.cases(
        *((birth <= ibis.literal(terms.years_before(day, age)), stage) for age, stage in STAGE_BY_AGE),
        else_=NO_REASON,
    )


def lowest_due(persons: ir.Table, audit: Audit) -> ir.Table:
    """``persons`` (with ``usual_stage``) with ``expected``: the lowest mandatory standard of any category held, a lower bound."""
    standards = audit.standards.filter(_.mandatory & (_.due > 0)).mutate(category=_.category.fill_null("*"))
    # One key of the two: joined by the stage first, a person would meet every category's standard.
    lowest = standards.group_by(priced=_.category + "|" + _.stage).agg(expected=_.due.min())
    held_categories = audit.rows["eligibility"].filter(yes(_.holds)).select("person_id", "category")
    claims = held_categories.union(persons.select("person_id", category=ibis.literal("*")))
    priced_rows = persons.select("person_id", "usual_stage").inner_join(claims, "person_id")
    priced_rows = priced_rows.mutate(priced=_.category + "|" + _.usual_stage)
    expected_rows = priced_rows.inner_join(lowest, "priced").group_by("person_id")
    return beside(persons, expected_rows.agg(expected=_.expected.min()))


def without_excess(aid: ir.Table) -> ir.DecimalValue:
    """The net of a scheme without what a double payment of it makes too much: that is at stake in the duplicate."""
    return ibis.ifelse((aid.successes >= 2) & yes(aid.net > aid.ceiling), aid.ceiling, aid.net)


def with_open_pairs(population: ir.Table, audit: Audit, table: str, key: str = "candidate_id") -> ir.Table:
    """``confidence``: how probable it is that no unlinked row of ``table`` is this person after all.

    ``key`` ``candidate_id``: the subject is a pupil, whom several rows might be; ``person_id``: it is the unlinked
    person, who might be one of several pupils.
    """
    pairs = audit.open_pairs.filter(_.table == table, ~_.has_judgement)
    other = "person_id" if key == "candidate_id" else "candidate_id"
    each = pairs.group_by(open_person=_[key], other=_[other]).agg(
        score=_.score.max(), elsewhere=_.elsewhere.min()
    )
    none = (1 - _.score).ln().sum().exp() if key == "candidate_id" else _.elsewhere.min()
    doubts = each.group_by("open_person").agg(unlinked=none.round(CONFIDENCE_DIGITS))
    doubted_rows = population.left_join(doubts, population.person_id == doubts.open_person).drop(
        "open_person"
    )
    return doubted_rows.mutate(confidence=_.unlinked.fill_null(1.0)).drop("unlinked")


def finished_before(audit: Audit) -> list[ir.Table]:
    """``person_id`` of those who were in the last year of their stage last term, where a run of it is there."""
    if audit.last_term is None:
        return []
    last = with_finished(audit.last_term, audit.parameters.term)
    return [last.filter(yes(_.active) & yes(_.finished)).select("person_id")]


def going_on(audit: Audit) -> list[ir.Table]:
    """``person_id`` of last term's pupils, of a stage that the register holds, whose last year it was not: enrolment.vanished asks
    where they are, where a run of that term is there."""
    if audit.last_term is None or not speaks(audit, "enrolment.vanished"):
        return []
    last = with_finished(audit.last_term, audit.parameters.term)
    is_covered = _.stage.isin(list(audit.parameters.enrolment_covers))
    return [last.filter(yes(_.active) & is_covered & yes(~_.finished)).select("person_id")]


def covers_compulsory(audit: Audit) -> bool:
    """Does the enrolment register hold both stages of compulsory education? Without one nobody is in no register."""
    return {"primary", "junior"} <= set(audit.parameters.enrolment_covers)


def letters_of(audit: Audit) -> ir.Table:
    """Letters that could be read, with their person."""
    return audit.rows["letters"].filter(_.rejected.isnull())


def claims_begun_later(audit: Audit) -> ir.Table:
    """Rows of the eligibility registers that begin after the count date and within the term."""
    last = ibis.literal(terms.last_day(audit.parameters.term))
    return audit.rows["eligibility"].filter(~yes(_.begun) & (_.valid_from <= last))


def late_children(audit: Audit) -> ir.Table:
    """Of :attr:`Audit.eligible` those who were not eligible on the count date and came onto a register after it, within the term."""
    return audit.eligible.filter(~_.eligible.fill_null(True)).semi_join(
        claims_begun_later(audit), "person_id"
    )


def recent_letters(audit: Audit) -> ir.Table:
    """:func:`letters_of` but those whose days, as far as they are told, lie more than a year before this term's could: where the
    child is now they do not tell."""
    first = terms.first_day_of_papers(audit.parameters.term)
    day = ibis.greatest(_.sent_on, _.replied_on)
    return letters_of(audit).filter(~yes(day < ibis.literal(terms.years_before(first, 1))))


def letters_of_term(audit: Audit) -> ir.Table:
    """:func:`letters_of` but those that were sent and answered, as far as their days are told, in an earlier term."""
    return letters_of(audit).filter(~is_of_earlier_term(audit))


def telling_letters(audit: Audit) -> ir.Table:
    """:func:`letters_of_term` whose answer says that the child is at school elsewhere, aided there or not. One that was never sent,
    waits, or was answered by something else tells nothing; where the ledger has no column of answers, each is taken at its word."""
    columns, letters = audit.columns_found.get("letters", frozenset()), letters_of_term(audit)
    if "aided" in columns:
        return letters.filter(_.aided.notnull())
    return letters.filter(_.replied_on.notnull()) if "replied_on" in columns else letters


def letters_under_way(audit: Audit) -> ir.Table:
    """:func:`telling_letters`, and those that were sent and wait for their answer."""
    columns = audit.columns_found.get("letters", frozenset())
    waiting = letters_of_term(audit).filter(_.replied_on.isnull() & _.aided.isnull())
    if "sent_on" in columns:
        waiting = waiting.filter(_.sent_on.notnull())
    return ibis.union(
        *(rows.select("person_id") for rows in (telling_letters(audit), waiting)), distinct=True
    )


def is_of_earlier_term(audit: Audit) -> ir.BooleanValue:
    """Do the days of a letter, as far as they are told, lie before those on which one for this term can be sent?"""
    first = ibis.literal(terms.first_day_of_papers(audit.parameters.term))
    return yes(ibis.greatest(_.sent_on, _.replied_on) < first)


def may_be_due(audit: Audit, pupils: ir.Table, claims: ir.Table) -> ir.Table:
    """``person_id, certain, unknown``: of ``pupils`` whom ``claims`` would entitle to a mandatory scheme; why it cannot be told."""
    due = aid_due(pupils, claims, audit.standards).filter(yes(_.mandatory) & (_.due > 0).fill_null(True))
    return due.group_by("person_id").agg(certain=_.certain.any(), unknown=_.unknown.min())


def with_whereabouts(children: ir.Table, audit: Audit, *others: ir.Table) -> ir.Table:
    """``children`` with ``placed`` (in the register, in a letter, paid, or in ``others``), and with why it may not be known of them."""
    # Whether a letter of an earlier term holds still, and who is paid without a record, is asked by rules of their own.
    letters = recent_letters(audit) if speaks(audit, "missed.out_of_county") else letters_of_term(audit)
    is_asked = speaks(audit, "mismatch.not_enrolled")
    paid = audit.payees if is_asked else audit.payees.filter(~yes(not_enrolled(audit.payees)))
    persons = ibis.union(*(rows.select("person_id") for rows in (audit.pupils, letters, paid)), *others)
    placed_rows = persons.semi_join(children, "person_id").distinct().mutate(placed=ibis.literal(True))
    traces = beside(beside(children, placed_rows), audit.doubtful)
    traces = beside(traces, letters_half_read(audit), "eligible_name")
    traces = beside(traces, paid_half_read(audit), "eligible_name")
    return with_open_pairs(traces, audit, "eligibility", key="person_id")


def half_read_names(audit: Audit, *ledgers: str) -> ir.Table:
    """``name, told_level, half_read``: names in ``ledgers`` without a usable number that no key links to anybody, and the level of
    the grade beside the name (LEVELS), where one is told."""
    names = []
    for ledger in ledgers:
        bare = audit.rows[ledger].filter(_.rejected.isnull() & _.id18.isnull() & ~_.in_register)
        nobody = bare.filter(_.name.notnull()).anti_join(audit.eligible, "person_id")
        level = _level(nobody.grade) if "grade" in nobody.columns else NO_LEVEL
        names.append(nobody.select("name", told_level=level))
    return ibis.union(*names).distinct().mutate(half_read=ibis.literal(True))


def with_half_read(children: ir.Table, audit: Audit, *ledgers: str) -> ir.Table:
    """``children`` with ``half_read``: does a row of ``ledgers`` bear a name of the child's, and no number? One of a lower level of
    school than the child has reached by the enrolment register is another child's."""
    enrolled = audit.rows["enrolment"].filter(_.rejected.isnull())
    reached_rows = enrolled.group_by("person_id").agg(reached=_level(_.stage).max())
    names = beside(audit.people.select("person_id", "name"), reached_rows)
    bearers = names.inner_join(half_read_names(audit, *ledgers), "name")
    bearers = bearers.filter(~yes(_.told_level < _.reached))
    return beside(children, bearers.select("person_id", "half_read").distinct())


def _level(stage: ir.StringValue) -> ir.IntegerValue:
    return ibis.cases(*((stage == name, level) for name, level in LEVELS.items()), else_=NO_LEVEL)


def certified_unable(audit: Audit, *, perhaps: bool = False) -> ir.Table:
    """``person_id``: children whom all four offices certify to be unable to attend; ``perhaps``: those too of whom a
    certificate cannot be read, or whose sheet has no column for one."""
    rows = audit.rows["unable"].filter(_.rejected.isnull())
    columns = audit.columns_found.get("unable", frozenset())

    def certifies(office: str) -> ir.BooleanValue:
        unknown = _[f"{office}_defect"].notnull() | lacking(audit, f"unable.{office}")
        unread = unknown if office in columns else ibis.literal(True)
        return yes(_[office] == "yes") | (unread if perhaps else ibis.literal(False))

    offices = {office: certifies(office).any() for office in CERTIFIERS}
    return (
        rows.group_by("person_id")
        .agg(**offices)
        .filter(*(_[office] for office in CERTIFIERS))
        .select("person_id")
    )


def untested_whereabouts(*before: tuple[ir.BooleanValue, str]) -> ir.StringValue:
    """Why no rule can ask where a child is; ``before``: what is said first. None where it can."""
    return ibis.cases(
        (yes(_.placed), NO_REASON),
        *before,
        (_.eligible.isnull(), "eligibility_date_unreadable"),
        (_.eligible_id18.isnull(), "no_usable_number"),
        (yes(_.enrolment_doubtful) | yes(_.payments_doubtful), "row_rejected"),
        (yes(_.half_lettered), "letter_half_read"),
        (yes(_.half_paid), "payment_half_read"),
        else_=NO_REASON,
    )


def answered_rows(letters: ir.Table) -> ir.Table:
    """``letters`` with ``fallback`` (yuan, zero when empty) and ``is_aided`` (NULL: the answer is not stated)."""
    return letters.mutate(fallback=_.fallback_amount.fill_null(0).cast(YUAN), is_aided=_.aided == "yes")


def letter_states(audit: Audit) -> ir.Table:
    """One row per person with a letter: is aid at the place of study still open, and why?

    A ledger without a column for the day of sending says that letters were sent; one without any column for the answer
    does not say that none came; one without a column for fallback does not say that none was paid. Of who has letters of this
    term only these count.
    """
    late = yes(_.replied_on > ibis.literal(audit.parameters.thresholds.reply_by))
    silent = _.replied_on.isnull() & _.aided.isnull() & _.aided_defect.isnull()
    unreadable = (
        _.sent_on_defect.notnull() | _.replied_on_defect.notnull() | _.fallback_amount_defect.notnull()
    )
    columns = audit.columns_found.get("letters", frozenset(LETTER))
    unsent = _.sent_on.isnull() & ibis.literal("sent_on" in columns)
    unanswerable = silent & ibis.literal(not {"replied_on", "aided"} & columns)
    # What was answered in an earlier term tells nothing of this one; it gives way to a letter of this one.
    earlier = is_of_earlier_term(audit)
    rows = recent_letters(audit).mutate(earlier=earlier)
    of_term = rows.filter(~_.earlier).select("person_id")
    rows = rows.filter(~_.earlier).union(rows.filter(_.earlier).anti_join(of_term, "person_id"))
    read = answered_rows(rows).mutate(
        state=ibis.cases(
            (_.fallback > 0, "answered"),
            (unreadable, "unreadable"),
            (_.earlier & ~silent, "earlier_letter"),
            (silent & unsent, "not_sent"),
            (unanswerable, "unreadable"),
            (silent, "awaited" if is_answering(audit) else "no_reply"),
            (late, "late_reply"),
            (_.aided.isnull(), "unreadable"),
            (~_.is_aided, "refused" if "fallback_amount" in columns else "refused_fallback_unknown"),
            else_="answered",
        ),
    )
    open_ = ibis.ifelse(
        _.state.isin(["unreadable", "awaited", "earlier_letter"]), UNKNOWN, _.state != "answered"
    )
    return read.mutate(open=open_, moot=(_.state == "late_reply") & yes(_.is_aided)).group_by("person_id").agg(
        open=every(_.open), state=_.state.min(where=_.state != "answered"), moot=every(_.moot),
        rests_on=values_of(record("letters")), told_stage=only(_.grade),
    )  # fmt: skip


def holder_name(text: ir.StringValue) -> ir.StringValue:
    """Who holds an account, without the dot in the name and a note in brackets behind it: 赵某某(父亲)."""
    return text.re_replace(r"\([一-鿿]{1,5}\)$", "").replace(SEPARATOR, "")


def here(payees: ir.Table) -> ir.Table:
    """Payees whose enrolment was active on the count date: what is wrong with the others is said once, elsewhere."""
    return payees.filter(_.in_register & _.active.fill_null(True))


def has_left(payees: ir.Table, audit: Audit) -> ir.BooleanValue:
    """In the register, and surely not active on the count date: where mismatch.inactive speaks, that alone is said of such a payee."""
    return (
        payees.in_register & ~payees.active.fill_null(True) & ibis.literal(speaks(audit, "mismatch.inactive"))
    )


def unfounded(payees: ir.Table, audit: Audit) -> ir.BooleanValue:
    """Surely not eligible: where a rule speaks of that, it comes before what the payment was for."""
    standings = ("not_listed", "expired")
    return payees.standing.isin([one for one in standings if speaks(audit, f"ineligible.{one}")])


def not_enrolled(payees: ir.Table) -> ir.BooleanValue:
    """Paid in a stage that the register covers, in no enrolment record; NULL where the stage is not known."""
    return ibis.ifelse(payees.in_register, False, payees.covered_stage)


def paid_to_nobody(payees: ir.Table, audit: Audit) -> ir.BooleanValue:
    """:func:`not_enrolled`, where mismatch.not_enrolled speaks: that alone is said of such a payee; else nobody."""
    return not_enrolled(payees) if speaks(audit, "mismatch.not_enrolled") else ibis.literal(False)


def payees_at_school(audit: Audit) -> ir.Table:
    """Payees whose payment is not already said to be one to nobody or to a leaver."""
    payees = audit.payees
    return payees.filter(~yes(paid_to_nobody(payees, audit)) & ~has_left(payees, audit))
