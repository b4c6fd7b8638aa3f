"""The two sides of the comparison: records that no key decided, and the pupils of the register."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import beside
from auditlib.cells.citizen_id import LOST_TAIL
from auditlib.linkage.model.comparisons import FIELDS

NOTHING = ibis.null("string")
WHOLE_LENGTH = 15  # digits of a number from which its parts may be read
KEPT_LENGTH = 12  # digits that a number cut by a spreadsheet must still have to say anything
SOURCES = ("eligibility", "payments", "planned", "applications", "letters")
RECORD_COLUMNS = (
    "table", "source", "person_id", "name", "id_number", "id18", "damaged", "student_no", "birth", "school_id", "nameless",
)  # fmt: skip
RECORD = "enrolment:" + _.source
Tables = dict[str, ir.Table]
UNKNOWN, KNOWN = "unknown_records", "known_pupils"
"""The kept tables of both sides."""


@dataclass(frozen=True)
class ComparedRecords:
    """What the model compared: the ``unknown`` records, the ``pupils`` of the register, and the ``pairs`` of both with their levels."""

    unknown: ir.Table
    pupils: ir.Table
    pairs: ir.Table


def unknown_records(
    engine: Engine, rows: ir.Table, tables: Tables, linked: ir.Table, spelt_rows: ir.Table
) -> ir.Table:
    """The leftovers ``rows`` as one side of the comparison; ``linked``: all rows, as the keys left them."""
    claims = rows.select(*RECORD_COLUMNS)
    parts = (
        claims.filter(_.table == name).drop("table").inner_join(_extras(tables[name], name), "source")
        for name in SOURCES
    )
    with_extras = ibis.union(*parts)
    of_households = households(tables, linked, with_extras)
    housed_rows = with_extras.left_join(of_households, "household_no", rname="{name}_of_household")
    described_rows = housed_rows.mutate(
        record=_.table + ":" + _.source,
        former_school=ibis.ifelse(_.table == "eligibility", _.school_id, NOTHING),
        school=ibis.ifelse(_.table == "eligibility", NOTHING, _.school_id),
    )
    return engine.keep(UNKNOWN, fields_of(described_rows, spelt_rows))


def known_pupils(
    engine: Engine,
    anchors: ir.Table,
    tables: Tables,
    linked: ir.Table,
    spelt_rows: ir.Table,
    paired_rows: ir.Table | None = None,
) -> ir.Table:
    """The register's records as the other side, with the cards on which each pupil is known to be paid.

    ``paired_rows``: those of ``anchors`` that stand in a pair, where not all are asked for.
    """
    register = anchors if paired_rows is None else paired_rows
    of_family = cards(tables, anchors, linked, register)
    with_cards = recorded_rows(register, tables).left_join(of_family, "person_id", rname="{name}_of_card")
    return engine.keep(KNOWN, fields_of(with_cards, spelt_rows))


def register_records(
    engine: Engine, anchors: ir.Table, tables: Tables, spelt_rows: ir.Table, name: str = "register_records"
) -> ir.Table:
    """The register's records as a side of a comparison with one another."""
    return engine.keep(name, fields_of(recorded_rows(anchors, tables), spelt_rows))


def recorded_rows(anchors: ir.Table, tables: Tables) -> ir.Table:
    """The register's rows with what it tells besides name, number and school."""
    enrolment = tables["enrolment"].select(
        "source",
        "sex",
        birth_stated=_.birth_date.cast("string"),
        guardian=_.guardian_name,
        guardian_id=_.guardian_id18,
    )
    enrolled = anchors.select(*RECORD_COLUMNS).inner_join(enrolment, "source")
    placed_rows = enrolled.left_join(towns(tables), "school_id", rname="{name}_of_town")
    return placed_rows.mutate(record=RECORD, school=_.school_id)


def towns(tables: Tables) -> ir.Table:
    """``school_id, town``."""
    placed_rows = tables["schools"].filter(_.town.notnull())
    return placed_rows.group_by(school_id=_.school_code.coalesce(_.school_name)).agg(town=_.town.min())


def sex_of(rows: ir.Table) -> ir.StringValue:
    """The sex as stated, else as the sound number tells it."""
    odd = ibis.ifelse(rows.id18.substr(16, 1).isin(list("13579")), "male", "female")
    return rows.sex.coalesce(ibis.ifelse(rows.id18.notnull(), odd, NOTHING))


def with_readable_names(rows: ir.Table) -> ir.Table:
    """``rows`` with their names, NULL where nothing of one can be read."""
    return rows.mutate(name=ibis.ifelse(rows.nameless & rows.name_lost.isnull(), NOTHING, rows.name))


def _extras(rows: ir.Table, table: str) -> ir.Table:
    """What a table tells of its persons besides name, number and school."""
    own_columns = {
        name: rows[name] if name in rows.columns else NOTHING for name in ("sex", "town", "household_no")
    }
    birth_stated = rows.birth_date.cast("string") if "birth_date" in rows.columns else NOTHING
    holder = rows.account_holder.nullif(rows.name) if "account_holder" in rows.columns else NOTHING
    card = rows.account_no if "account_no" in rows.columns else NOTHING
    return rows.select(
        table=ibis.literal(table),
        source=rows.source,
        birth_stated=birth_stated,
        holder=holder,
        card=card,
        **own_columns,
    )


def households(tables: Tables, linked: ir.Table, rows: ir.Table) -> ir.Table:
    """Who each household of ``rows`` lists: the persons known by number or by a key, and the number of its head."""
    listed_rows = tables["eligibility"].filter(_.household_no.notnull()).semi_join(rows, "household_no")
    listed_rows = listed_rows.select("source", "household_no", "relation")
    identified_rows = linked.filter((_.table == "eligibility") & (_.id18.notnull() | _.in_register))
    members = listed_rows.inner_join(identified_rows.select("source", "person_id", "id18"), "source")
    head = _.relation.contains("户主").fill_null(False)
    return members.group_by("household_no").agg(
        household=_.person_id.collect(distinct=True).sort().join("|"), head_id=_.id18.min(where=head)
    )


def cards(tables: Tables, anchors: ir.Table, linked: ir.Table, pupils: ir.Table) -> ir.Table:
    """The accounts on which keys found a pupil of ``pupils``, or a brother or sister under the same guardian, to be paid."""
    payments = tables["payments"].filter(_.account_no.notnull()).select("source", "account_no")
    paid = linked.filter((_.table == "payments") & _.in_register).inner_join(payments, "source")
    family = families(tables, anchors, linked, pupils)
    theirs = families(tables, anchors, linked, paid).semi_join(family, "family")
    of_family = paid.select("person_id", "account_no").inner_join(theirs, "person_id").group_by("family")
    family_cards = of_family.agg(cards=_.account_no.collect(distinct=True).sort().join("|"))
    return family.inner_join(family_cards, "family").select("person_id", "cards")


def families(tables: Tables, anchors: ir.Table, linked: ir.Table, pupils: ir.Table) -> ir.Table:
    """``person_id, family`` of the pupils in ``pupils``: the guardian's number, else the household's, else the pupil alone."""
    guardians = tables["enrolment"].filter(_.guardian_id18.notnull()).select("source", "guardian_id18")
    guarded_rows = anchors.select("source", "person_id").semi_join(pupils, "person_id")
    own_guardians = guarded_rows.inner_join(guardians, "source").group_by("person_id")
    listed_rows = tables["eligibility"].filter(_.household_no.notnull()).select("source", "household_no")
    housed_rows = linked.filter((_.table == "eligibility") & _.in_register).semi_join(pupils, "person_id")
    houses = housed_rows.inner_join(listed_rows, "source").group_by("person_id")
    persons = guarded_rows.select("person_id").distinct()
    of_guardians = beside(persons, own_guardians.agg(guardian=_.guardian_id18.min()))
    of_houses = beside(of_guardians, houses.agg(household=_.household_no.min()))
    return of_houses.select(
        "person_id", family=of_houses.guardian.coalesce("H:" + of_houses.household, of_houses.person_id)
    )


def places_of(unknown: ir.Table, pupils: ir.Table) -> ir.Table:
    """The group whose prior probability holds for each record: ``record, place`` (``table:school:number``).

    ``school``: ``taught`` (it has pupils in the register), ``other`` (it has none), ``unsaid`` (no school stands there).
    ``number``: ``numbered`` or ``bare``. A stranger with a sound number is no leftover, so that bare records are
    strangers more often.
    """
    taught_rows = pupils.filter(_.school.notnull()).select("school").distinct()
    schools = taught_rows.select(at=_.school, known=ibis.literal("taught"))
    with_school = unknown.mutate(said=_.school.coalesce(_.former_school)).left_join(
        schools, _.said == schools["at"]
    )
    place = ibis.ifelse(with_school.said.isnull(), "unsaid", with_school.known.fill_null("other"))
    number_kind = ibis.ifelse(
        with_school.id_number.coalesce(with_school.id_kept).isnull(), "bare", "numbered"
    )
    return with_school.select("record", place=with_school.table + ":" + place + ":" + number_kind)


def number_parts(rows: ir.Table) -> dict[str, ir.Value]:
    """The ID number and its parts; of a damaged one the digits that were kept."""
    mantissa = rows.id_number.re_extract(r"^([0-9])[.]?([0-9]*)E[+]?17$", 0).re_replace(r"[.]|E.*$", "")
    readable_digits = ibis.ifelse(
        rows.id_number.re_search(LOST_TAIL), rows.id_number.substr(0, WHOLE_LENGTH), mantissa
    )
    number = ibis.ifelse(rows.damaged, NOTHING, rows.id18.coalesce(rows.id_number))
    is_complete = number.length() >= WHOLE_LENGTH
    readable_digits = ibis.ifelse(
        rows.damaged & (readable_digits.length() >= KEPT_LENGTH), readable_digits, NOTHING
    )
    head = number.coalesce(readable_digits)
    return {
        "id_number": number,
        "id_kept": readable_digits,
        "id_birth": ibis.ifelse(is_complete, number.substr(6, 8), NOTHING),
        "id_head": ibis.ifelse(head.length() >= 14, head.substr(0, 14), NOTHING),
        "id_tail": ibis.ifelse(is_complete, number.right(8), NOTHING),
        "id_ends": ibis.ifelse(is_complete, number.substr(0, 10) + number.right(4), NOTHING),
    }


def student_number(rows: ir.Table, number: ir.StringValue) -> ir.StringValue:
    """The student number where it tells more than the ID number ``number``."""
    return rows.student_no.nullif("G" + number.fill_null(""))


def fields_of(rows: ir.Table, spelt_rows: ir.Table) -> ir.Table:
    """``record, table, source, person_id`` and FIELDS as text, whatever ``rows`` have of them."""
    numbered_rows = rows.mutate(**number_parts(rows))
    named_rows = with_readable_names(numbered_rows.left_join(spelt_rows, "name", rname="{name}_spelt"))
    values: dict[str, ir.Value] = {
        "student_no": student_number(named_rows, named_rows.id_number),
        "birth": named_rows.birth.cast("string"),
        "sex": sex_of(named_rows),
    }
    for name in FIELDS:
        values.setdefault(name, named_rows[name] if name in named_rows.columns else NOTHING)
    return named_rows.select(
        "record", "table", "source", "person_id", **{name: values[name].cast("string") for name in FIELDS}
    )
