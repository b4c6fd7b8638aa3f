"""Pupils of last term's register who are to be found in this term's, and what tells where they are."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import planned_persons
from auditlib.audit.last_term import with_finished
from auditlib.audit.persons import BIRTH
from auditlib.audit.rosters import roster, taught_at_home
from auditlib.base import terms
from auditlib.base.logic import beside, yes
from auditlib.rules.common import aged, covers_compulsory, late_children, letters_under_way
from auditlib.rules.registry import speaks

# Who had left thus without finishing, and is of compulsory age, is to be followed until a record says where the child is.
STILL_OUT = ("lost", "withdrawn", "untraced", "suspended")


def to_be_traced(audit: Audit) -> ir.Table:
    """Pupils of last term's register, of a stage that the register holds, and those who had left and are of compulsory age still,
    of whom no other rule asks; with ``is_placed, numbered, alike, newcomer, finished``. There is a run of last term."""
    assert audit.last_term is not None  # whoever asks has looked
    pupils = with_finished(audit.last_term, audit.parameters.term).filter(
        (yes(_.active) & _.stage.isin(list(audit.parameters.enrolment_covers))) | _is_still_out(audit)
    )
    return _with_those_here(pupils.anti_join(_asked_elsewhere(audit), "person_id"), audit)


def is_traced() -> ir.BooleanValue:
    """Of :func:`to_be_traced`: does something tell where the pupil is, or had it finished school?"""
    return yes(_.is_placed) | yes(_.numbered) | yes(_.finished)


def _is_still_out(audit: Audit) -> ir.BooleanValue:
    """Had the pupil of last term left school without finishing it, and is it still of compulsory age?"""
    of_age = aged(_.birth, audit.age_day, audit.parameters.ages.compulsory)
    return ~yes(_.active) & yes(_.status.isin(STILL_OUT)) & yes(of_age)


def _with_those_here(pupils: ir.Table, audit: Audit) -> ir.Table:
    """``pupils`` with ``is_placed`` (a row of this term tells where they are), ``numbered`` (one has their student number), ``alike``."""
    yes_ = ibis.literal(True)
    register = audit.rows["enrolment"]
    numbers = register.filter(_.student_no.notnull()).select("student_no", numbered=yes_).distinct()
    alike = register.select("name", birth=BIRTH).filter(_.birth.notnull()).distinct().mutate(alike=yes_)
    with_place = beside(pupils, _placed_this_term(audit).distinct().mutate(is_placed=yes_))
    pupils_beside = beside(beside(with_place, numbers, "student_no"), alike, ["name", "birth"])
    return beside(pupils_beside, _newcomers(audit), ["name", "school_name"])


def _placed_this_term(audit: Audit) -> ir.Table:
    """``person_id``: of whom a record, a successful payment, a plan, an application or a letter of the term, a roster that has the
    child at school, or a ledger tells. Rows of an earlier term, and one that marks a child as not at school, place nobody."""
    first = ibis.literal(terms.first_day(audit.parameters.term))
    rows = {
        table: audit.rows[table].filter(_.rejected.isnull())
        for table in ("dropouts", "unable", "applications")
    }
    # Of whom the ledger says, in this term, that it is back dropout.false_closure asks, where it runs.
    is_asked = ibis.literal(speaks(audit, "dropout.false_closure"))
    rows["dropouts"] = rows["dropouts"].mutate(told_on=_.returned_on.coalesce(_.closed_on))
    tables = (
        audit.pupils,
        audit.payees,
        planned_persons(audit),
        rows["applications"].filter(_is_of_term(audit)),
        letters_under_way(audit),
        roster(audit).filter(_.is_there),
        taught_at_home(audit),
        rows["unable"],
        rows["dropouts"].filter(_.told_on.isnull() | (yes(_.told_on >= first) & is_asked)),
    )
    return ibis.union(*(table.filter(_.person_id.notnull()).select("person_id") for table in tables))


def _is_of_term(audit: Audit) -> ir.BooleanValue:
    """Is an application one for the run's term, as far as its term or its day is told?"""
    term = audit.parameters.term
    first = ibis.literal(terms.first_day_of_papers(term))
    return ibis.ifelse(_.term.notnull(), _.term == term, ~yes(_.applied_on < first))


def _newcomers(audit: Audit) -> ir.Table:
    """``name, school_name, newcomer``: pupils whom last term's register knows by neither number; one of the name and school of
    a pupil who is gone may be that pupil with both numbers put right."""
    last = audit.last_term
    assert last is not None  # whoever asks has looked
    new = audit.pupils.filter(yes(_.active)).anti_join(last, "person_id")
    new = new.filter(~_.student_no.isin(last.student_no).fill_null(False))
    return new.select("name", "school_name", newcomer=ibis.literal(True)).distinct()


def _asked_elsewhere(audit: Audit) -> ir.Table:
    """:func:`children_asked_for`, and of children of that age listed after the count date missed.listed_late asks, where it runs. Of older
    and younger ones last term's register is the better reason to ask: missed.not_placed is silent."""
    compulsory = aged(_.eligible_birth, audit.age_day, audit.parameters.ages.compulsory)
    has_listed_late = covers_compulsory(audit) and speaks(audit, "missed.listed_late")
    late = late_children(audit).filter(compulsory.fill_null(True) & ibis.literal(has_listed_late))
    return children_asked_for(audit).union(late.select("person_id"))


def children_asked_for(audit: Audit) -> ir.Table:
    """``person_id``: eligible children of compulsory age, of whom missed.not_found asks where they are; nobody where it does not run."""
    compulsory = aged(_.eligible_birth, audit.age_day, audit.parameters.ages.compulsory)
    has_not_found = covers_compulsory(audit) and speaks(audit, "missed.not_found")
    children = audit.eligible.filter(_.eligible.fill_null(True) & compulsory.fill_null(True))
    return children.filter(ibis.literal(has_not_found)).select("person_id")
