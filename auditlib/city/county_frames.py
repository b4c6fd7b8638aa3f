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
    """Successful payments of the term above zero, with town and class where the registers know them.

    ``held``: what the person has of the scheme after reversals. ``school_title``: the one name of the payment's school,
    else of the pupil's. Directory and register name it first, any other list of the county after them.
    """
    rows = audit.rows["payments"]
    paid = rows.filter(
        _.rejected.isnull() & (_.term == audit.parameters.term) & (_.result == "success") & (_.amount > 0)
    )
    towns = audit.people.select("person_id", "town")
    classes = audit.pupils.select("person_id", "class_name", "stage", "study_year")
    payment_rows = paid.select("source", *PAYMENTS).left_join(towns, "person_id").drop("person_id_right")
    payment_rows = payment_rows.left_join(classes, "person_id").drop("person_id_right")
    payment_rows = _with_titles(payment_rows, audit)
    net_aid = audit.aid.select("person_id", "scheme", held=_.net.cast(YUAN))
    return beside(payment_rows.mutate(amount=_.amount.cast(YUAN)), net_aid, ["person_id", "scheme"])


def _with_titles(payments: ir.Table, audit: Audit) -> ir.Table:
    titles = school_titles(audit)
    enrolled = audit.pupils.select("person_id", enrolled_at="school_id", enrolled_name="school_name")
    pupils_placed = beside(payments, enrolled)
    pupils_placed = beside(pupils_placed, titles, "school_id")
    pupils_placed = beside(
        pupils_placed, titles.rename(enrolled_at="school_id", enrolled_title="school_title"), "enrolled_at"
    )
    pupils_placed = beside(pupils_placed, audit.people.select("person_id", listed_name="school_name"))
    names = ["enrolled_title", "enrolled_name", "listed_name"]
    title = _.school_title.coalesce(_.school_name, *(_[name] for name in names))
    return pupils_placed.mutate(school_title=title).drop("enrolled_at", *names)


def school_titles(audit: Audit) -> ir.Table:
    """``school_id, school_title``: the directory's name of each school, else the one that most of its pupils' records give."""
    directory = audit.rows["schools"].filter(_.rejected.isnull() & _.school_name.notnull())
    titles = directory.select(
        "school_name", school_id=_.school_code.coalesce(_.school_name), rank=ibis.literal(1)
    )
    # A school of a directory without codes is known by the register's code: its name is what that means.
    codes = titles.join(audit.school_names, "school_name", rname="meant_{name}")
    titles = titles.union(codes.mutate(school_id=_.meant_school_id).select(*titles.columns))
    enrolled = audit.rows["enrolment"].filter(_.school_id.notnull() & _.school_name.notnull())
    recorded_rows = enrolled.select("school_name", "school_id", rank=ibis.literal(0))
    names_by_count = (
        titles.union(recorded_rows).group_by("school_id", "school_name", "rank").agg(rows=_.count())
    )
    order = [ibis.desc("rank"), ibis.desc("rows"), "school_name"]
    first = names_by_count.mutate(place=ibis.row_number().over(group_by="school_id", order_by=order)).filter(
        _.place == 0
    )
    return first.select("school_id", school_title="school_name")


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
    """``person_id, name, id18, active, stage, study_year,
    class_name, boarding, school_name, school_title, town, birth, records`` of every enrolled person."""
    pupils = beside(audit.pupils, audit.people.select("person_id", "town"))
    pupils = beside(pupils, school_titles(audit), "school_id")
    return beside(pupils, records_of(audit, "enrolment")).select(
        "person_id",
        "name",
        "id18",
        "active",
        "stage",
        "study_year",
        "class_name",
        "boarding",
        "school_name",
        "town",
        "birth",
        "records",
        school_title=_.school_title.coalesce(_.school_name),
    )


def eligible_of(audit: Audit) -> ir.Table:
    """Every person of the eligibility registers, with whether the person is enrolled here."""
    here = audit.pupils.select("person_id", enrolled=ibis.literal(True))
    payment_rows = beside(beside(audit.eligible, here), records_of(audit, "eligibility"))
    return payment_rows.select(
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
