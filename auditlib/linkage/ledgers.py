"""Who the rows of the ledgers are: attendance, dropouts, children who cannot attend, home teaching.

Linked after the registers and by keys alone, so that a ledger changes no link between register and payment. A row is the
person of the first key that decides:

1. ``id_number``: the same sound ID number as any row of the registers;
2. ``student_no``: the same student number as an enrolment record, with the same name or no other sound number;
3. ``g_number``: the ID number inside a G student number;
4. ``name_birth_school``: name, birth date and school, unique in the enrolment register;
5. ``name_school``: where the row tells no sound number, its name and school, unique in the enrolment register;
6. ``name``: where it tells neither number nor school, a name that one person of all registers bears.

What no key decides keeps an identity of its own (``none``). Such a row never says that somebody is missing elsewhere: a
namesake at the school is told by ``namesakes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import NO_TEXT, beside, only
from auditlib.linkage.exact import IDENTITY, LINKED_TABLES, Linked
from auditlib.linkage.schools import with_school

LEDGERS = ("attendance", "dropouts", "unable", "home_teaching")
NAMED_TABLES = ("enrolment", *LINKED_TABLES, *LEDGERS)
"""Every table of which a row is about one person."""
G_NUMBER = r"^G[0-9]{17}[0-9X]$"
NUMBER, STUDENT_NO, G_BODY, BORN_AT, AT_SCHOOL, BY_NAME = (
    "id_number", "student_no", "g_number", "name_birth_school", "name_school", "name",
)  # fmt: skip


def link_ledgers(
    engine: Engine, tables: Mapping[str, ir.Table], linked: Linked, delivered_ledgers: Sequence[str]
) -> Linked:
    """``linked`` with the rows of those ledgers that were ``delivered_ledgers``; as it is where none was."""
    names = [name for name in LEDGERS if name in delivered_ledgers]
    if not names:
        return linked
    rows = ibis.union(*(ledger_rows(tables[name], name, linked.schools) for name in names))
    name_rows = engine.keep("ledger_rows", rows.filter(_.name.notnull()))
    persons = engine.keep("ledger_persons", register_persons(tables["enrolment"], linked))
    decided_rows = engine.keep("ledger_identities", decide(name_rows, persons, linked.identities))
    together = linked.identities.union(decided_rows.select(*linked.identities.columns))
    return replace(linked, identities=engine.keep("identities_with_ledgers", together))


def ledger_rows(rows: ir.Table, table: str, schools: ir.Table) -> ir.Table:
    """What every row of a ledger says of its person."""
    no_date = ibis.null("date")
    formal = _.student_no.re_search(G_NUMBER).fill_null(False)
    return with_school(rows, schools).select(
        table=ibis.literal(table),
        source=_.source,
        name=_.name,
        id_number=_.id_number,
        id18=_.id18,
        student_no=_.student_no,
        g_body=ibis.ifelse(formal, _.student_no.substr(1, 18), NO_TEXT),
        birth=_.id_birth.coalesce(no_date),
        school_id=_.school_id,
        placed=rows.school_name.notnull() if "school_name" in rows.columns else ibis.literal(False),
    )


def register_persons(enrolment: ir.Table, linked: Linked) -> ir.Table:
    """Enrolment records with their persons and every key that a ledger may ask for."""
    who = linked.identities.filter(_.table == "enrolment").select("source", "person_id", "school_id")
    records = enrolment.filter(_.rejected.isnull()).select(
        "source", "name", "id18", "student_no", birth=_.birth_date.coalesce(_.id_birth)
    )
    return beside(records, who, "source")


def decide(ledger_rows: ir.Table, persons: ir.Table, identities: ir.Table) -> ir.Table:
    """``ledger_rows`` with ``person_id, decided_by, in_register``: the columns of IDENTITY."""
    numbered_rows = identities.filter(_.id18.notnull()).select("id18", "person_id")
    name_and_birth = _.name + "|" + _.birth.cast("string") + "|" + _.school_id
    at_school = _.name + "|" + _.school_id
    bare = ibis.ifelse(_.id18.isnull(), at_school, NO_TEXT)
    alone = ibis.ifelse(
        _.id18.isnull() & _.student_no.isnull() & _.school_id.isnull() & ~_.placed, _.name, NO_TEXT
    )
    keys: dict[str, tuple[ir.Table, ir.Value]] = {
        NUMBER: (numbered_rows.select("person_id", key="id18"), _.id18),
        STUDENT_NO: (persons.select("person_id", key="student_no"), _.student_no),
        G_BODY: (
            numbered_rows.select("person_id", key="id18"),
            ibis.ifelse(_.id18.isnull(), _.g_body, NO_TEXT),
        ),
        BORN_AT: (persons.select("person_id", key=name_and_birth), name_and_birth),
        AT_SCHOOL: (persons.select("person_id", key=at_school), bare),
        BY_NAME: (identities.select("person_id", key="name"), alone),
    }
    keyed_rows = ledger_rows
    for name, (key_holders, key) in keys.items():
        single = (
            key_holders.filter(_.key.notnull()).group_by("key").agg(**{f"{name}_person": only(_.person_id)})
        )
        keyed_rows = beside(keyed_rows.mutate(key=key), single, "key").drop("key")
    names = persons.filter(_.student_no.notnull()).group_by("student_no").agg(own_names=_.name.collect())
    keyed_rows = beside(keyed_rows, names, "student_no")
    same = keyed_rows.own_names.contains(keyed_rows.name).fill_null(False) | keyed_rows.id18.isnull()
    keyed_rows = keyed_rows.mutate(student_no_person=ibis.ifelse(same, _.student_no_person, NO_TEXT))
    steps = [(keyed_rows[f"{name}_person"].notnull(), name) for name in keys]
    description = _.name + "|" + _.id_number.fill_null("") + "|" + _.student_no.fill_null("") + "|" + _.school_id.fill_null("")  # fmt: skip
    own = _.id18.coalesce(_.g_body, "U:" + description.hexdigest("sha256"))
    decided_rows = keyed_rows.mutate(
        decided_by=ibis.cases(*steps, else_="none"),
        register_person=ibis.coalesce(*(keyed_rows[f"{name}_person"] for name in keys)),
    )
    enrolled = persons.select(register_person="person_id", in_register=ibis.literal(True)).distinct()
    with_enrolment = beside(decided_rows, enrolled, "register_person")
    return with_enrolment.mutate(
        person_id=_.register_person.coalesce(own),
        in_register=_.in_register.fill_null(False),
        score=ibis.null("float64"),
    ).select(*IDENTITY)


def namesakes(audit_rows: Mapping[str, ir.Table]) -> ir.Table:
    """``name, school_id``: names that stand in the enrolment register at a school, whoever bears them."""
    used_rows = audit_rows["enrolment"].filter(_.rejected.isnull(), _.school_id.notnull())
    return used_rows.select("name", "school_id").distinct()
