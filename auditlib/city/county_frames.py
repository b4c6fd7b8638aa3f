"""The frames of a county's audit that the city's re-check stands on, each of one table of the audit."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, records_of
from auditlib.base.engine import Engine
from auditlib.base.logic import beside

PAYMENTS = (
    "person_id",
    "name",
    "id_number",
    "id18",
    "school_id",
    "school_name",
    "scheme",
    "amount",
    "pay_date",
)
YUAN = "decimal(14, 2)"


def payments_of(audit: Audit) -> ir.Table:
    """Successful payments of the term above zero, with town and class where the registers know them; ``held``: what the
    person has of the scheme after reversals."""
    rows = audit.rows["payments"]
    paid = rows.filter(
        _.rejected.isnull() & (_.term == audit.parameters.term) & (_.result == "success") & (_.amount > 0)
    )
    towns = audit.people.select("person_id", "town")
    classes = audit.pupils.select("person_id", "class_name", "stage", "study_year")
    located = paid.select("source", *PAYMENTS).left_join(towns, "person_id").drop("person_id_right")
    located = located.left_join(classes, "person_id").drop("person_id_right")
    net_aid = audit.aid.select("person_id", "scheme", held=_.net.cast(YUAN))
    return beside(located.mutate(amount=_.amount.cast(YUAN)), net_aid, ["person_id", "scheme"])


def last_day(engine: Engine, audit: Audit) -> str:
    """The newest payment of any term: so far at least the copy reaches; empty where no payment has a date."""
    days = engine.fetch(audit.rows["payments"].aggregate(last=_.pay_date.max().cast("string")))["last"]
    return "" if days.isna().all() else str(days.iloc[0])


def net_of(audit: Audit) -> ir.Table:
    """``id_number, scheme, net, due``: what each person, as findings name it, has of the term's money after reversals, and
    the least that was due (None: not known)."""
    numbers = audit.people.filter(_.id_number.notnull()).select("person_id", "id_number")
    numbered_aid = audit.aid.inner_join(numbers, "person_id")
    return numbered_aid.group_by("id_number", "scheme").agg(
        net=_.net.sum().cast(YUAN), due=_.minimum.coalesce(_.due).sum().cast(YUAN)
    )


def pupils_of(audit: Audit) -> ir.Table:
    """``person_id, name, id18, active, stage, study_year, class_name, boarding, school_name, birth, records`` of every enrolled person."""
    return beside(audit.pupils, records_of(audit, "enrolment")).select(
        "person_id",
        "name",
        "id18",
        "active",
        "stage",
        "study_year",
        "class_name",
        "boarding",
        "school_name",
        "birth",
        "records",
    )


def eligible_of(audit: Audit) -> ir.Table:
    """Every person of the eligibility registers, with whether the person is enrolled here."""
    here = audit.pupils.select("person_id", enrolled=ibis.literal(True))
    located = beside(beside(audit.eligible, here), records_of(audit, "eligibility"))
    return located.select(
        "person_id",
        "eligible",
        "records",
        name="eligible_name",
        id18="eligible_id18",
        birth="eligible_birth",
        enrolled=_.enrolled.fill_null(False),
    )


def letters_of(audit: Audit) -> ir.Table:
    """Letters that could be read: person, destination, answer, fallback."""
    letters = audit.rows["letters"].filter(_.rejected.isnull())
    return letters.select(
        "source",
        "person_id",
        "name",
        "id18",
        "destination",
        "aided",
        fallback_amount=_.fallback_amount.cast(YUAN),
    )
