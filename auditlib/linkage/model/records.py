"""The two sides of the comparison: records that no key decided, and the pupils of the register."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import beside
from auditlib.cells.citizen_id import LOST_TAIL
from auditlib.linkage.model.comparisons import FIELDS

NOTHING = ibis.null("string")
WHOLE = 15  # digits of a number from which its parts may be read
KEPT = 12  # digits that a number cut by a spreadsheet must still have to say anything
SOURCES = ("eligibility", "payments", "planned", "applications", "letters")
SAID = (
    "table", "source", "person_id", "name", "id_number", "id18", "damaged", "student_no", "birth", "school_id", "nameless",
)  # fmt: skip
Tables = dict[str, ir.Table]


def unknown_records(
    engine: Engine, rows: ir.Table, tables: Tables, linked: ir.Table, spelt: ir.Table
) -> ir.Table:
    """The leftovers ``rows`` as one side of the comparison; ``linked``: all rows, as the keys left them."""
    extras = ibis.union(*(_extras(tables[name], name) for name in SOURCES))
    with_extras = rows.select(*SAID).inner_join(extras, ["table", "source"])
    housed = with_extras.left_join(households(tables, linked), "household_no", rname="{name}_of_household")
    described = housed.mutate(
        record=_.table + ":" + _.source,
        former_school=ibis.ifelse(_.table == "eligibility", _.school_id, NOTHING),
        school=ibis.ifelse(_.table == "eligibility", NOTHING, _.school_id),
    )
    return engine.keep("unknown_records", fields_of(described, spelt))


def known_pupils(
    engine: Engine, anchors: ir.Table, tables: Tables, linked: ir.Table, spelt: ir.Table
) -> ir.Table:
    """The register's records as the other side, with the cards on which each pupil is known to be paid."""
    with_cards = _recorded(anchors, tables).left_join(
        cards(tables, anchors, linked), "person_id", rname="{name}_of_card"
    )
    return engine.keep("known_pupils", fields_of(with_cards, spelt))


def register_records(engine: Engine, anchors: ir.Table, tables: Tables, spelt: ir.Table) -> ir.Table:
    """The register's records as both sides of a comparison with one another."""
    return engine.keep("register_records", fields_of(_recorded(anchors, tables), spelt))


def _recorded(anchors: ir.Table, tables: Tables) -> ir.Table:
    """The register's rows with what it tells besides name, number and school."""
    enrolment = tables["enrolment"].select(
        "source",
        "sex",
        birth_stated=_.birth_date.cast("string"),
        guardian=_.guardian_name,
        guardian_id=_.guardian_id18,
    )
    enrolled = anchors.select(*SAID).inner_join(enrolment, "source")
    towns = (
        tables["schools"].filter(_.town.notnull()).group_by(school_id=_.school_code.coalesce(_.school_name))
    )
    placed = enrolled.left_join(towns.agg(town=_.town.min()), "school_id", rname="{name}_of_town")
    return placed.mutate(record="enrolment:" + _.source, school=_.school_id)


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


def households(tables: Tables, linked: ir.Table) -> ir.Table:
    """Who each household lists: the persons known by number or by a key, and the number of its head."""
    listed = (
        tables["eligibility"].filter(_.household_no.notnull()).select("source", "household_no", "relation")
    )
    identified = linked.filter((_.table == "eligibility") & (_.id18.notnull() | _.in_register))
    members = listed.inner_join(identified.select("source", "person_id", "id18"), "source")
    head = _.relation.contains("户主").fill_null(False)
    return members.group_by("household_no").agg(
        household=_.person_id.collect(distinct=True).sort().join("|"), head_id=_.id18.min(where=head)
    )


def cards(tables: Tables, anchors: ir.Table, linked: ir.Table) -> ir.Table:
    """The accounts on which keys found a pupil, or a brother or sister under the same guardian, to be paid."""
    payments = tables["payments"].filter(_.account_no.notnull()).select("source", "account_no")
    paid = linked.filter((_.table == "payments") & _.in_register).inner_join(payments, "source")
    family = _families(tables, anchors, linked)
    of_family = paid.inner_join(family, "person_id").group_by("family")
    family_cards = of_family.agg(cards=_.account_no.collect(distinct=True).sort().join("|"))
    return family.inner_join(family_cards, "family").select("person_id", "cards")


def _families(tables: Tables, anchors: ir.Table, linked: ir.Table) -> ir.Table:
    """``person_id, family``: the guardian's number, else the household's, else the pupil alone."""
    guardians = tables["enrolment"].select("source", "guardian_id18")
    guardians_by_pupil = (
        anchors.select("source", "person_id").inner_join(guardians, "source").group_by("person_id")
    )
    own_guardians = guardians_by_pupil.agg(guardian=_.guardian_id18.min())
    listed = tables["eligibility"].filter(_.household_no.notnull()).select("source", "household_no")
    housed = linked.filter((_.table == "eligibility") & _.in_register).inner_join(listed, "source")
    houses = housed.group_by("person_id").agg(household=_.household_no.min())
    families = beside(own_guardians, houses).mutate(
        family=_.guardian.coalesce("H:" + _.household, _.person_id)
    )
    return families.select("person_id", "family")


def places_of(unknown: ir.Table, pupils: ir.Table) -> ir.Table:
    """The group whose prior probability holds for each record: ``record, place`` (``table:school:number``).

    ``school``: ``taught`` (it has pupils in the register), ``other`` (it has none), ``unsaid`` (no school stands there).
    ``number``: ``numbered`` or ``bare``. A stranger with a sound number is no leftover, so that bare records are
    strangers more often.
    """
    schools = pupils.filter(_.school.notnull()).select(at=_.school, known=ibis.literal("taught")).distinct()
    with_school = unknown.mutate(said=_.school.coalesce(_.former_school)).left_join(
        schools, _.said == schools["at"]
    )
    place = ibis.ifelse(with_school.said.isnull(), "unsaid", with_school.known.fill_null("other"))
    numbered = ibis.ifelse(with_school.id_number.coalesce(with_school.id_kept).isnull(), "bare", "numbered")
    return with_school.select("record", place=with_school.table + ":" + place + ":" + numbered)


def _numbers(rows: ir.Table) -> dict[str, ir.Value]:
    """The ID number and its parts; of a damaged one the digits that were kept."""
    mantissa = rows.id_number.re_extract(r"^([0-9])[.]?([0-9]*)E[+]?17$", 0).re_replace(r"[.]|E.*$", "")
    readable_digits = ibis.ifelse(
        rows.id_number.re_search(LOST_TAIL), rows.id_number.substr(0, WHOLE), mantissa
    )
    number = ibis.ifelse(rows.damaged, NOTHING, rows.id18.coalesce(rows.id_number))
    is_complete = number.length() >= WHOLE
    readable_digits = ibis.ifelse(rows.damaged & (readable_digits.length() >= KEPT), readable_digits, NOTHING)
    head = number.coalesce(readable_digits)
    return {
        "id_number": number,
        "id_kept": readable_digits,
        "id_birth": ibis.ifelse(is_complete, number.substr(6, 8), NOTHING),
        "id_head": ibis.ifelse(head.length() >= 14, head.substr(0, 14), NOTHING),
        "id_tail": ibis.ifelse(is_complete, number.right(8), NOTHING),
        "id_ends": ibis.ifelse(is_complete, number.substr(0, 10) + number.right(4), NOTHING),
    }


def fields_of(rows: ir.Table, spelt: ir.Table) -> ir.Table:
    """``record, table, source, person_id`` and FIELDS as text, whatever ``rows`` have of them."""
    numbered = rows.mutate(**_numbers(rows))
    named_rows = numbered.left_join(spelt, "name", rname="{name}_spelt")
    odd = ibis.ifelse(named_rows.id18.substr(16, 1).isin(list("13579")), "male", "female")
    values: dict[str, ir.Value] = {
        "name": ibis.ifelse(named_rows.nameless & named_rows.name_lost.isnull(), NOTHING, named_rows.name),
        "student_no": named_rows.student_no.nullif("G" + named_rows.id_number.fill_null("")),
        "birth": named_rows.birth.cast("string"),
        "sex": named_rows.sex.coalesce(ibis.ifelse(named_rows.id18.notnull(), odd, NOTHING)),
    }
    for name in FIELDS:
        values.setdefault(name, named_rows[name] if name in named_rows.columns else NOTHING)
    return named_rows.select(
        "record", "table", "source", "person_id", **{name: values[name].cast("string") for name in FIELDS}
    )
