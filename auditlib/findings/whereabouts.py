"""Where children of compulsory age are: the rates of the requirements with their denominators, schools without a roster,
and children without a record here, by kind. Rates need no ledger of the child half, the enrolment register is enough."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.graduates import GRADUATED, graduates
from auditlib.audit.last_term import with_finished
from auditlib.audit.questions import Questions, questions_of
from auditlib.audit.rosters import roster, taught_at_home
from auditlib.audit.school_towns import school_towns
from auditlib.base.engine import Engine
from auditlib.base.logic import beside, yes
from auditlib.findings.bringing_back import bringing_back, rolled_up_in_term
from auditlib.findings.letters import COUNTS, letters_by_town
from auditlib.linkage.schools import with_school
from auditlib.rules.attendance import CLASS, unsent_classes
from auditlib.rules.common import aged, certified_unable, finished_before, recent_letters

TABLES = ("attendance", "dropouts", "unable", "home_teaching")
LEDGERS = ("dropouts", "unable", "home_teaching")
COMPULSORY = ("primary", "junior")
# A record that says so asks no further: the dead, and those who finished.
EXEMPT = ("deceased", GRADUATED)
DROPPED_STATUSES = ("lost", "withdrawn", "untraced")
AT_SCHOOL, ELSEWHERE, UNTRACED_KIND, OUT = "at_school", "elsewhere", "untraced", "out_of_school"
MOVED = (
    "moved_away"  # on no eligibility register, in no ledger, moved away by the record: an ordinary transfer
)
UNACCOUNTED_KIND = "unaccounted"  # of whom no record and no ledger says anything: nobody has looked yet
PAID_ONLY = "paid_only"  # in no record and no ledger, and paid this term: the payments name a school
KINDS = (AT_SCHOOL, OUT, ELSEWHERE, UNTRACED_KIND, UNACCOUNTED_KIND, PAID_ONLY, MOVED)


def whereabouts(engine: Engine, audit: Audit, findings: pd.DataFrame | None = None) -> dict[str, Any]:
    """Figures of where every child is; none where neither the enrolment register nor any of TABLES was delivered.

    ``rates``: ``measure, part, whole, limit, at_least``, none of what no register tells. ``no_roster``: names of schools;
    ``only_heads``: those of them that counted heads; ``unsent_classes``: CLASS and ``school_name``. ``kinds``: kind to children.
    ``letters``: their counts. ``lacking``: which of TABLES did not come. ``retention_unknown``: is there no run of the
    term before? ``bringing_back``, ``rolled_up``: with ``findings``, see :mod:`auditlib.findings.bringing_back`.
    """
    lacking = [table for table in TABLES if not audit.columns_found.get(table)]
    if lacking == [*TABLES] and not audit.columns_found.get("enrolment"):
        return {}
    questions = questions_of(engine, audit, "whereabouts")
    unnamed_count, uncounted_count = (_without(questions, column) for column in ("name", "heads"))
    figures = {
        "rates": [
            *_dropouts(questions),
            *_enrolled(questions),
            *_retention(questions),
            *_in_kindergarten(questions),
        ],
        "retention_unknown": audit.last_term is None,
        "no_roster": uncounted_count if unnamed_count is None else unnamed_count,
        "only_heads": [
            name
            for name in unnamed_count or []
            if uncounted_count is not None and name not in uncounted_count
        ],
        "unsent_classes": _unsent_classes(questions),
        "lacking": lacking,
        "kinds": _kinds(questions),
        "letters": _letters(engine, audit, questions),
        "bringing_back": [] if findings is None else bringing_back(engine, audit, findings),
        "rolled_up": [] if findings is None else rolled_up_in_term(engine, audit),
    }
    questions.plans.save()
    return figures


def _dropouts(questions: Questions) -> list[dict[str, Any]]:
    """The rate of dropouts of each stage that the register holds."""
    parameters = questions.audit.parameters
    limits = parameters.thresholds
    stages = {"primary": limits.dropout_primary, "junior": limits.dropout_junior}
    if not questions.audit.columns_found.get("enrolment"):
        return []
    by_stage = questions.fetch("dropouts_by_stage", _dropouts_by_stage).set_index("of_stage")
    return [
        _rate(f"dropout_{stage}", by_stage.loc[stage], stages[stage], at_least=False)
        for stage in stages
        if stage in parameters.enrolment_covers and stage in by_stage.index
    ]


def _dropouts_by_stage(audit: Audit) -> ir.Table:
    """Of the pupils of a stage who are or were here this term, those who dropped out by the count date and whose place of
    learning nobody knows; who is certified to be unable to attend is in no part of it."""
    records = audit.rows["enrolment"].filter(_.rejected.isnull() & _.stage.isin(COMPULSORY))
    # The record of having finished primary school is kept beside that of the junior school.
    of_stage = records.group_by("person_id").agg(
        of_stage=ibis.ifelse((_.stage == "junior").any(), "junior", "primary")
    )
    here = beside(beside(audit.pupils.select("person_id", "active", "status"), of_stage), graduates(audit))
    unfinished = (_.status == GRADUATED) & yes(_.unfinished) & ~yes(_.moved_on)
    has_left = ~_.active & (_.status.isin(DROPPED_STATUSES) | unfinished)
    here = here.filter(_.of_stage.notnull() & (_.active | has_left)).mutate(is_gone=yes(has_left))
    children_known = beside(beside(here, _unable(audit)), _elsewhere(audit)).filter(
        ~(_.is_gone & yes(_.unable))
    )
    children_known = children_known.mutate(lost=_.is_gone & ~yes(_.is_known))
    return children_known.group_by("of_stage").agg(part=_.lost.sum(), whole=_.count())


def _enrolled(questions: Questions) -> list[dict[str, Any]]:
    """Of the children on the registers, of the disabled and of those of the age of entry among them, those whose place of
    learning is known."""
    columns_found = questions.audit.columns_found
    if not (columns_found.get("eligibility") and columns_found.get("enrolment")):
        return []
    return _at_least(questions, _registered, "disabled_enrolled", "register_enrolled", "entry")


def _registered(audit: Audit) -> list[ir.Table]:
    """The disabled, all poor children but those certified to be unable to attend, and of these the children of the age of
    entry; of the disabled, all are asked for."""
    youngest = audit.parameters.ages.compulsory[0]
    claims = audit.rows["eligibility"].filter(yes(_.holds)).group_by("person_id")
    disabled_rows = claims.agg(
        disabled=(_.disability.notnull() | (_.category == "disabled")).fill_null(False).any()
    )
    children = beside(_children(audit).filter(yes(_.listed)), disabled_rows).mutate(
        placed=yes(_.active) | yes(_.at_school) | yes(_.at_home) | yes(_.lettered)
    )
    able = children.filter(_.placed | ~yes(_.unable))
    of_entry = able.filter(yes(aged(_.eligible_birth, audit.age_day, (youngest, youngest))))
    return [children.filter(yes(_.disabled)), able, of_entry]


def _retention(questions: Questions) -> list[dict[str, Any]]:
    """Of last term's pupils of compulsory stages who had not finished, those whose place of learning is known."""
    return _at_least(questions, _last_pupils, "retention") if questions.audit.last_term is not None else []


def _last_pupils(audit: Audit) -> list[ir.Table]:
    """Who moved away by the register, finished, died or is certified to be unable to attend is in no part of it."""
    assert audit.last_term is not None
    last = with_finished(audit.last_term, audit.parameters.term)
    pupils = last.filter(yes(_.active) & ~yes(_.finished) & _.stage.isin(COMPULSORY))
    records = audit.pupils.select("person_id", "active", "status")
    pupils_now = beside(pupils.select("person_id", "student_no"), records)
    pupils_now = pupils_now.filter(~yes(_.status.isin([*EXEMPT, "transferred_out"])))
    # Another ID number since, the same student number: the same pupil.
    numbers = audit.rows["enrolment"].semi_join(audit.pupils.filter(yes(_.active)), "person_id")
    numbers = (
        numbers.filter(_.student_no.notnull()).select("student_no", numbered=ibis.literal(True)).distinct()
    )
    pupils_placed = beside(beside(pupils_now, numbers, "student_no"), _elsewhere(audit))
    pupils_placed = pupils_placed.mutate(placed=yes(_.active) | yes(_.numbered) | yes(_.is_known))
    return [beside(pupils_placed, _unable(audit)).filter(_.placed | ~yes(_.unable))]


def _in_kindergarten(questions: Questions) -> list[dict[str, Any]]:
    """Of the children of the registers below school age, those with a record, a payment, a letter or a place in a roster."""
    columns_found = questions.audit.columns_found
    if not (columns_found.get("eligibility") and columns_found.get("payments")):
        return []
    return _at_least(questions, _below_school_age, "preschool")


def _below_school_age(audit: Audit) -> list[ir.Table]:
    ages = (audit.parameters.ages.account[0], audit.parameters.ages.compulsory[0] - 1)
    eligible_people = audit.eligible.filter(
        yes(_.eligible) & yes(aged(_.eligible_birth, audit.age_day, ages))
    )
    here = audit.pupils.filter(yes(_.active)).select("person_id").union(audit.payees.select("person_id"))
    children = beside(eligible_people.select("person_id"), here.distinct().mutate(here=ibis.literal(True)))
    placed = yes(_.here) | yes(_.is_known)
    return [beside(children, _elsewhere(audit)).mutate(placed=placed)]


def _elsewhere(audit: Audit) -> ir.Table:
    """``person_id, is_known``: of whom a letter, a ledger of home teaching or a roster knows the place of learning."""
    pupils = roster(audit).filter(_.is_there)
    tables = [recent_letters(audit), taught_at_home(audit), pupils]
    rows = [table.filter(_.person_id.notnull()).select("person_id") for table in tables]
    return ibis.union(*rows).distinct().mutate(is_known=ibis.literal(True))


def _at_least(
    questions: Questions, populations: Callable[[Audit], list[ir.Table]], *measures: str
) -> list[dict[str, Any]]:
    """The rate of the children ``placed`` of each of ``populations``, in the order of ``measures``; none where there are no
    children."""

    def counts(audit: Audit) -> ir.Table:
        return ibis.union(*(
            children.agg(measure=ibis.literal(measure), part=_.placed.sum().fill_null(0), whole=_.count())
            for measure, children in zip(measures, populations(audit), strict=True)
        ))  # fmt: skip

    by_measure = questions.fetch(f"{measures[0]}_counts", counts).set_index("measure")
    limits = questions.audit.parameters.thresholds
    return [
        _rate(measure, by_measure.loc[measure], getattr(limits, measure), at_least=True)
        for measure in measures
        if by_measure.loc[measure, "whole"]
    ]


def _rate(measure: str, count: Any, limit: float, *, at_least: bool) -> dict[str, Any]:
    return {
        "measure": measure,
        "part": int(count["part"]),
        "whole": int(count["whole"]),
        "limit": limit,
        "at_least": at_least,
    }


def _without(questions: Questions, column: str) -> list[str] | None:
    """Names of the schools with pupils whose roster has no ``name``, or which counted no ``heads``; None where none has any."""
    if column not in questions.audit.columns_found.get("attendance", frozenset()):
        return None

    def schools(audit: Audit) -> ir.Table:
        rows = audit.rows["attendance"].filter(_.rejected.isnull() & _[column].notnull()).drop("school_id")
        sent_rows = with_school(rows, audit.school_names).filter(_.school_id.notnull())
        active = audit.pupils.filter(yes(_.active) & _.school_id.notnull())
        without = active.anti_join(sent_rows.select("school_id").distinct(), "school_id")
        return beside(without.select("person_id"), audit.people).select("school_name").distinct()

    return sorted(questions.fetch(f"schools_without_{column}", schools)["school_name"].dropna())


def _unsent_classes(questions: Questions) -> list[dict[str, Any]]:
    """The classes of which nobody is on a roster, though their school sent one: ``school_name``, CLASS, ``pupils``, ``paid``."""
    columns_found = questions.audit.columns_found
    if "name" not in columns_found.get("attendance", frozenset()) or not columns_found.get("enrolment"):
        return []
    classes = questions.fetch(
        "unsent_classes", lambda audit: unsent_classes(audit).order_by("school_name", *CLASS)
    )
    return [
        {name: None if pd.isna(cell) else cell for name, cell in row.items()}
        for row in classes.to_dict("records")
    ]


def _letters(engine: Engine, audit: Audit, questions: Questions) -> dict[str, Any]:
    """COUNTS, ``of_kind`` (letters on the children of the kind ELSEWHERE) and ``fallback_yuan`` of the whole county; empty without a ledger of letters."""
    if not audit.columns_found.get("letters"):
        return {}
    towns = letters_by_town(engine, audit)
    counts = {name: int(towns[name].sum()) for name in COUNTS}
    counts["of_kind"] = int(questions.fetch("letters_of_kind", _letters_of_kind)["letters"][0])
    return counts | {"fallback_yuan": sum(towns["fallback_yuan"], Decimal(0))}


def _letters_of_kind(audit: Audit) -> ir.Table:
    children = without_record(audit).filter(_.kind == ELSEWHERE)
    rows = audit.rows["letters"].filter(_.rejected.isnull())
    return rows.semi_join(children, "person_id").aggregate(letters=_.count())


def _unable(audit: Audit) -> ir.Table:
    """``person_id, unable``: who is certified to be unable to attend."""
    return certified_unable(audit).mutate(unable=ibis.literal(True))


def _kinds(questions: Questions) -> dict[str, int]:
    """How many children without an active record here there are of each kind."""

    def counts(audit: Audit) -> ir.Table:
        return without_record(audit).group_by("kind").agg(children=_.count())

    children_by_kind = dict(questions.fetch("children_by_kind", counts).itertuples(index=False, name=None))
    return {kind: int(children_by_kind.get(kind, 0)) for kind in KINDS}


def without_record(audit: Audit) -> ir.Table:
    """``person_id, kind``: the children without an active record here, each in one kind."""
    rows = [audit.rows[table].filter(_.rejected.isnull()).select("person_id") for table in LEDGERS]
    in_ledger = ibis.union(*rows).distinct().mutate(in_ledger=ibis.literal(True))
    paid = audit.payees.select("person_id", paid=ibis.literal(True))
    without = beside(beside(_children(audit).filter(~yes(_.active)), in_ledger), paid)
    kind = ibis.cases(
        (yes(_.at_school), AT_SCHOOL),
        (yes(_.lettered), ELSEWHERE),
        (yes(_.status == "untraced"), UNTRACED_KIND),
        (yes(_.status == "transferred_out") & ~yes(_.listed) & ~yes(_.in_ledger), MOVED),
        (~yes(_.enrolled) & ~yes(_.in_ledger) & yes(_.paid), PAID_ONLY),
        (~yes(_.enrolled) & ~yes(_.in_ledger), UNACCOUNTED_KIND),
        else_=OUT,
    )
    return without.select("person_id", kind=kind)


def out_of_school(audit: Audit) -> ir.Table:
    """``person_id, kind``: of :func:`without_record` those whom records and ledgers know to be out of school or untraced; nobody
    where neither the register nor any of TABLES was delivered."""
    is_told = any(audit.columns_found.get(table) for table in ("enrolment", *TABLES))
    return without_record(audit).filter(_.kind.isin([OUT, UNTRACED_KIND]) & ibis.literal(is_told))


def out_of_school_rows(audit: Audit, out: ir.Table) -> ir.Table:
    """Who they are: ``kind, name, id_number, student_no, town, school_name``."""
    children = beside(beside(out, audit.people), school_towns(audit), "school_name")
    children = children.mutate(town=_.town.coalesce(_.school_town))
    ordered = children.order_by("kind", "town", "school_name", "name", "person_id")
    return ordered.select("kind", "name", "id_number", "student_no", "town", "school_name")


def _children(audit: Audit) -> ir.Table:
    """One row a child of compulsory age whom a register or roster names: ``listed, enrolled, active, status, at_school,
    at_home, lettered, unable`` (certified). Of a child in no register, at a school of the stages that it holds, the age is not asked. Left out: a child
    whose record cannot be read, the dead, and who finished; primary school alone is no end for a listed child, a lower year for nobody."""
    eligible_people = audit.eligible.filter(yes(_.eligible)).select(
        "person_id", "eligible_birth", listed=ibis.literal(True)
    )
    pupils = audit.pupils.select("person_id", "active", "status", "birth", enrolled=ibis.literal(True))
    presence = roster(audit).group_by("person_id").agg(
        at_school=_.is_there.any(), of_stage=(~_.uncovered).any()
    )  # fmt: skip
    everyone = ibis.union(
        *(rows.select("person_id") for rows in (eligible_people, pupils, presence.filter(_.at_school)))
    ).distinct()
    children = beside(beside(beside(everyone, eligible_people), pupils), presence)
    letters = recent_letters(audit).select("person_id").distinct()
    children = beside(beside(children, taught_at_home(audit)), letters.mutate(lettered=ibis.literal(True)))
    children = beside(children, _unable(audit))
    goes_on = yes(_.unfinished) & (yes(_.listed) | ~yes(_.moved_on))
    children = beside(children, graduates(audit)).filter(~yes(_.status.isin(EXEMPT)) | goes_on)
    for persons in finished_before(
        audit
    ):  # the ninth year last term, in no record now: no child of compulsory education
        finished_rows = persons.distinct().mutate(finished=ibis.literal(True))
        children = beside(children, finished_rows).filter(~yes(_.finished) | yes(_.enrolled)).drop("finished")
    of_age = aged(_.eligible_birth.coalesce(_.birth), audit.age_day, audit.parameters.ages.compulsory)
    # Of a record whose status cannot be read nobody can say whether the child is at school.
    unclear = yes(_.enrolled) & _.active.isnull() & ~yes(_.at_school)
    return children.filter(~unclear).filter(
        yes(of_age) | (yes(_.at_school & _.of_stage) & _.birth.isnull() & _.eligible_birth.isnull())
    )
