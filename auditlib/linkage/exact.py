"""One person across the registers: who each row is, decided by exact keys, with the key kept on each link.

The enrolment register anchors. A row is its pupil by the first key that decides:

1. ``id_number``: the same sound ID number (``id_number_normalised`` where only cleaning made the two equal);
2. ``g_number``: the ID number inside a G student number, of the row or of the register;
3. ``same_text``: the same unsound number with the same name (wrong check digits stand in the register too);
4. ``student_no``: the same student number, with the same name or no other sound number;
5. ``name_birth_school``: name, birth date and school, unique in the register and among the table's rows;
6. ``alias``: a number that another row of the same person carries;
7. ``household``: a letter without a usable number: the name and household of one eligible person.

A row that names a pupil and tells the number of somebody else (a parent, brother, sister, neighbour) is the pupil named. A row
without any number may be told by its name. When, and with which ``score``: :mod:`auditlib.linkage.model.names_and_numbers`. A
name in Latin letters is read as the characters that sound so (:mod:`auditlib.linkage.model.latin_names`), a number hidden in
part by what is left of it (:mod:`auditlib.linkage.model.masked_numbers`).

What is left goes to the model (:mod:`auditlib.linkage.model`): a row is a pupil (``model``) from ``link_accept`` on, with its
``score``; below it the candidates are *open pairs*, for a person to judge from ``link_review`` on (``review``). A row that nothing
decides keeps an identity of its own (``none``): its sound number, else what it says.

Before all that the register is held against itself (:mod:`auditlib.linkage.model.twice`): two records of one child are one
person from ``link_accept`` on, and an open pair below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import NO_TEXT, beside, only, several, values_of, yes
from auditlib.base.plans import Plans, definitions, tables_there
from auditlib.cells.citizen_id import legible
from auditlib.linkage.judgements import Judgement
from auditlib.linkage.model.latin_names import in_characters, latin_names
from auditlib.linkage.model.masked_numbers import under_masked_numbers
from auditlib.linkage.model.match import OPEN_PAIRS, USUAL, Matched, match
from auditlib.linkage.model.match import Limits as Limits
from auditlib.linkage.model.names_and_numbers import by_name, contested_rows, under_anothers_number
from auditlib.linkage.model.other_readings import (
    by_holder,
    of_other_names,
    other_readings,
    second_readings,
    with_carried_numbers,
)
from auditlib.linkage.model.population import PupilRows
from auditlib.linkage.model.records import Tables
from auditlib.linkage.model.twice import Twice, enrolled_twice
from auditlib.linkage.parents_numbers import without_parents_numbers
from auditlib.linkage.readings import with_doubts, with_model_links, with_readings
from auditlib.linkage.schools import school_names, school_spellings, with_school
from auditlib.tables.audit_tables import AUDIT_TABLES

LINKED_TABLES = ("eligibility", "payments", "planned", "applications", "letters")
KEYS = ("id_number", "g_number", "same_text", "student_no", "name_birth_school", "alias", "household")


@dataclass(frozen=True)
class Linked:
    """``identities``: every row with ``person_id, decided_by, in_register`` and, where the model decided, ``score``.

    ``open_pairs``: who the rows that stayed unlinked might be; ``review`` where a person should judge. ``links``: what the
    model or a person said; ``shares`` and ``register_shares``: the pairs that the model compared, of the other tables and of
    the register with itself. The last three are there only where the rows were linked here and now.
    """

    identities: ir.Table
    open_pairs: ir.Table
    schools: ir.Table
    links: ir.Table | None = None
    shares: ir.Table | None = None
    register_shares: ir.Table | None = None


def link(
    engine: Engine, tables: dict[str, ir.Table], limits: Limits = USUAL, judgements: Sequence[Judgement] = ()
) -> Linked:
    """Decide who each row of ``tables`` (standardised) is; what people decided outranks the model."""
    schools, rows, anchors = register_by_keys(engine, tables)
    population = PupilRows(engine, anchors, tables)
    twice = enrolled_twice(engine, anchors, tables, limits, judgements, population)
    register_anchors = twice.anchors.drop("score") if twice.persons else anchors
    everybody = PupilRows(engine, register_anchors, tables, population) if twice.persons else population
    others = others_by_keys(engine, rows, register_anchors)
    engine.drop("identity_rows")
    plans = Plans(engine, "persons_named", tables_there(engine), definitions([register_anchors]))
    named_rows = plans.keep("persons_named", partial(named_persons, engine, others, register_anchors, tables))
    plans.save()
    engine.drop("other_persons", "named_otherwise", "names_beside_own", "under_other_names")
    matches = match(engine, named_rows, register_anchors, tables, limits, judgements, everybody)
    identities, open_pairs, links = modelled_persons(
        engine, named_rows, register_anchors, tables, matches, twice
    )
    engine.drop("modelled_persons", "enrolment_persons", "united_persons")
    return Linked(identities, open_pairs, schools, links, matches.shares, twice.shares)


def named_persons(engine: Engine, others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """The ``others`` with who is meant where a row names one person and tells the number of another, or a part of one."""
    masked = under_masked_numbers(engine, others, anchors)
    readings = under_anothers_number(engine, others, anchors, tables).union(masked)
    return with_doubts(with_readings(others, readings), contested_rows(engine, readings, anchors))


def modelled_persons(
    engine: Engine,
    named_rows: ir.Table,
    anchors: ir.Table,
    tables: Tables,
    matches: Matched,
    twice: Twice,
) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Identities, open pairs and links of everybody, after what the model said of the ``named_rows`` and the register's."""
    plans = Plans(engine, "modelled_persons", tables_there(engine), definitions([anchors, twice.anchors]))
    refusals = plans.keep("links_refused", lambda: of_other_names(engine, matches.links, named_rows, anchors))
    links = plans.keep("links_taken", lambda: matches.links.anti_join(refusals, ["table", "source"]))
    modelled_ones = plans.keep("persons_modelled", lambda: with_model_links(named_rows, links))
    engine.drop("persons_named")
    readings = plans.keep("pupils_read", lambda: pupils_read(engine, modelled_ones, anchors, tables, matches))
    persons = plans.keep(
        "modelled_persons", lambda: with_carried_numbers(with_readings(modelled_ones, readings))
    )
    engine.drop("persons_modelled")
    everybody = (part.select(*IDENTITY) for part in (twice.anchors, persons))
    identities = plans.keep("identities", lambda: ibis.union(*everybody))
    linked_rows = plans.keep("links_told", lambda: links.union(twice.links))

    def pairs_left_open() -> ir.Table:
        still_open = matches.open_pairs.anti_join(readings, ["table", "source"]).union(twice.open_pairs)
        latin, judged_pairs = engine.tables["latin_names"], matches.open_pairs.filter(_.has_judgement)
        otherwise = other_readings(engine, persons, anchors, tables, latin, judged_pairs)
        return still_open.union(second_readings(refusals, OPEN_PAIRS)).union(otherwise)

    open_pairs = plans.keep("pairs_left_open", pairs_left_open)
    plans.save()
    return identities, open_pairs, linked_rows


def pupils_read(
    engine: Engine, rows: ir.Table, anchors: ir.Table, tables: Tables, matches: Matched
) -> ir.Table:
    """READING of the ``rows`` that the name alone, or the account's holder, tells; not against what somebody has judged."""
    judged_pairs = matches.open_pairs.filter(_.has_judgement)
    name_readings = by_name(engine, rows, anchors, tables, judged_pairs, matches.comparison)
    holders = by_holder(engine, with_readings(rows, name_readings), anchors, tables)
    return name_readings.union(holders.anti_join(judged_pairs, ["table", "source", "candidate_id"]))


def register_by_keys(engine: Engine, tables: dict[str, ir.Table]) -> tuple[ir.Table, ir.Table, ir.Table]:
    """School names, what every row says of its person, and the register's rows with their persons."""
    plans = Plans(engine, "register_by_keys", definitions(tables.values()))
    spellings = plans.keep("school_spellings", lambda: school_spellings(tables))
    schools = plans.keep("school_names", lambda: school_names(spellings))
    identities_read = cache(lambda: delivered_identities(tables, schools))
    latin = plans.keep("latin_names", lambda: latin_names(engine, identities_read()))
    rows = plans.keep("identity_rows", lambda: identity_rows(in_characters(identities_read(), latin)))
    anchors = plans.keep("enrolment_persons", lambda: enrolment_persons(rows.filter(_.table == "enrolment")))
    plans.save()
    return schools, rows, anchors


def others_by_keys(engine: Engine, rows: ir.Table, anchors: ir.Table) -> ir.Table:
    """The other tables' rows, each with its person where a key decides."""
    plans = Plans(engine, "others_by_keys", definitions([rows, anchors]))
    others = rows.filter(_.table != "enrolment")
    numbers = plans.keep("register_numbers", lambda: register_numbers(others, anchors))
    # Nearly all are told by their number: what is asked of the few others is asked of them alone.
    rest = plans.keep(
        "persons_without_number", lambda: by_other_keys(others.anti_join(numbers, "id18"), others, anchors)
    )
    persons = plans.keep(
        "other_persons", lambda: with_households(with_aliases(by_number(others, numbers), rest))
    )
    plans.save()
    engine.drop("register_numbers", "persons_without_number")
    return persons


IDENTITY = tuple(AUDIT_TABLES["identities"].schema)


# --- rows ----------------------------------------------------------------------------------------------------


def delivered_identities(tables: dict[str, ir.Table], names: ir.Table) -> ir.Table:
    """What every row of every table says of its person, in one table."""
    rows = (_row_identity(tables[name], name, names) for name in ("enrolment", *LINKED_TABLES))
    return without_parents_numbers(ibis.union(*rows), tables)


def _row_identity(rows: ir.Table, table: str, names: ir.Table) -> ir.Table:
    empty = ibis.null("string")
    student_no = rows.student_no if "student_no" in rows.columns else empty
    birth = rows.birth_date.coalesce(rows.id_birth) if "birth_date" in rows.columns else rows.id_birth
    return with_school(rows, names).select(
        table=ibis.literal(table),
        source=_.source,
        name=_.name,
        id_number=legible(rows.id_number),
        id18=_.id18,
        damaged=(_.id_number_defect == "damaged").fill_null(False),
        student_no=student_no,
        birth=birth,
        school_id=_.school_id,
        household_no=rows.household_no if "household_no" in rows.columns else empty,
        nameless=_.name_defect.notnull() | _.name.isnull(),
    )


def identity_rows(identities_read: ir.Table) -> ir.Table:
    """The rows with the keys made of what they say."""
    # Only a G body may be read as an ID number; its check digit stands in for the checks made before.
    body = _.student_no.substr(1, 18)
    formal = _.student_no.re_search(r"^G[0-9]{17}[0-9X]$").fill_null(False)
    return identities_read.mutate(
        g_body=ibis.ifelse(formal, body, NO_TEXT),
        same_text=ibis.ifelse(_.id18.isnull() & ~_.damaged, _.id_number + "|" + _.name, NO_TEXT),
    )


def enrolment_persons(rows: ir.Table) -> ir.Table:
    """The register's rows with ``person_id``: the sound number, else the G body, else the student number."""
    with_own = rows.mutate(own=_.id18.coalesce(_.g_body))
    # A second record of the child without a number of its own, under the same student number and name.
    bare = with_own.filter(_.own.isnull() & _.student_no.notnull())
    twin = (
        with_own.filter(_.own.notnull())
        .semi_join(bare, ["student_no", "name"])
        .group_by("student_no", "name")
    )
    own_numbers = twin.agg(known=only(_.own)).filter(_.known.notnull())
    with_numbers = with_own.left_join(own_numbers, ["student_no", "name"], rname="{name}_known").drop(
        "student_no_known", "name_known"
    )
    description = (
        _.name.fill_null("") + "|" + _.birth.cast("string").fill_null("") + "|" + _.school_id.fill_null("")
    )
    numberless = "U:" + (description + "|" + _.id_number.fill_null("")).hexdigest("sha256")
    number = ibis.ifelse(_.student_no.notnull(), "S:" + _.student_no, numberless)
    return with_numbers.mutate(
        person_id=_.own.coalesce(_.known, number), decided_by=ibis.literal("register"), in_register=True
    )


def register_numbers(rows: ir.Table, anchors: ir.Table) -> ir.Table:
    """``id18 -> person`` of the sound numbers in ``rows`` that are one person's in the register."""
    sound = anchors.filter(_.id18.notnull()).semi_join(rows, "id18").group_by("id18")
    return sound.agg(person=only(_.person_id)).filter(_.person.notnull())


def by_number(rows: ir.Table, numbers: ir.Table) -> ir.Table:
    """The rows whose sound number the register has, with ``person`` and ``decided_by``."""
    return rows.inner_join(numbers, "id18").mutate(decided_by=ibis.literal("id_number"))


# Asked of few rows, so made for them alone.
NAME_BIRTH_SCHOOL = ibis.ifelse(
    _.nameless, NO_TEXT, _.name + "|" + _.birth.cast("string") + "|" + _.school_id
)


def by_other_keys(unnumbered_rows: ir.Table, everybody: ir.Table, anchors: ir.Table) -> ir.Table:
    """``unnumbered_rows`` rows with the register's person by the first other key that decides, or none."""
    rows = unnumbered_rows.mutate(name_birth_school=NAME_BIRTH_SCHOOL)
    # Which rows of the register, their key, and that of the row.
    keys = {
        # the old or only number inside a register's G number, or the G number of a row without a sound number
        "g_register": (
            anchors,
            ibis.ifelse(_.id18.isnull() | (_.g_body != _.person_id), _.g_body, NO_TEXT),
            _.id18,
        ),
        "g_row": (anchors, _.id18, ibis.ifelse(_.id18.isnull(), _.g_body, NO_TEXT)),
        "same_text": (anchors, _.same_text, _.same_text),
        "student_no": (anchors, _.student_no, _.student_no),
        "name_birth_school": (anchors.semi_join(rows, "name"), NAME_BIRTH_SCHOOL, _.name_birth_school),
    }
    similar = everybody.semi_join(rows, ["table", "name"]).mutate(name_birth_school=NAME_BIRTH_SCHOOL)
    within = similar.group_by("table", "name_birth_school").agg(numbers_differ=yes(several(_.id_number)))
    with_own = beside(rows, within, ["table", "name_birth_school"])
    for name, (register, of_register, of_row) in keys.items():
        row_keys = rows.select(key=of_row)
        register_keys = _unique(register.mutate(key=of_register).semi_join(row_keys, "key"), name)
        with_own = beside(with_own.mutate(key=of_row), register_keys, "key").drop("key")
    return _decide(with_own, anchors).drop("name_birth_school")


def _unique(anchors: ir.Table, name: str) -> ir.Table:
    """``key -> <name>_person`` for the keys that belong to one person."""
    single = anchors.group_by("key").agg(person=only(_.person_id))
    return single.select("key", **{f"{name}_person": _.person})


def _decide(candidates: ir.Table, anchors: ir.Table) -> ir.Table:
    theirs = anchors.semi_join(candidates, anchors.person_id == candidates.student_no_person)
    names = theirs.group_by(student_no_person=_.person_id).agg(register_names=values_of(_.name))
    with_register_names = beside(candidates, names, "student_no_person")
    same_name = with_register_names.register_names.contains(with_register_names.name).fill_null(False)
    steps = {
        "g_number": with_register_names.g_register_person.coalesce(with_register_names.g_row_person),
        "same_text": with_register_names.same_text_person,
        "student_no": ibis.ifelse(
            same_name | with_register_names.id18.isnull(), with_register_names.student_no_person, NO_TEXT
        ),
        "name_birth_school": ibis.ifelse(
            yes(with_register_names.numbers_differ), NO_TEXT, with_register_names.name_birth_school_person
        ),
    }
    deciding_key = ibis.cases(*((person.notnull(), name) for name, person in steps.items()), else_="none")
    beyond = [name for name in with_register_names.columns if name.endswith("_person")]
    return with_register_names.mutate(person=ibis.coalesce(*steps.values()), decided_by=deciding_key).drop(
        *beyond, "register_names", "numbers_differ"
    )


def with_aliases(numbered_rows: ir.Table, rest: ir.Table) -> ir.Table:
    """All rows with their person. Of ``rest`` those that no key told take the person of a row that carries the same sound
    number; what is left is itself."""
    unlinked_rows = rest.filter(_.person.isnull() & _.id18.notnull())
    linked = ibis.union(
        *(rows.filter(_.person.notnull()).select("id18", "person") for rows in (numbered_rows, rest))
    )
    carried_rows = linked.semi_join(unlinked_rows, "id18").group_by("id18")
    alias = carried_rows.agg(alias=only(_.person)).filter(_["alias"].notnull())
    with_alias = rest.left_join(alias, "id18", rname="{name}_alias").drop("id18_alias")
    parts = ("name", "id_number", "student_no", "school_id")
    description = _[parts[0]].fill_null("")
    for part in parts[1:]:
        description = description + "|" + _[part].fill_null("")
    own = _.id18.coalesce(
        _.g_body, "U:" + (description + "|" + _.birth.cast("string").fill_null("")).hexdigest("sha256")
    )
    resolved_rows = with_alias.mutate(
        person_id=_.person.coalesce(_["alias"], own),
        decided_by=ibis.ifelse(_.person.isnull() & _["alias"].notnull(), "alias", _.decided_by),
        in_register=_.person.notnull() | _["alias"].notnull(),
    )
    by_their_number = numbered_rows.mutate(alias=NO_TEXT, person_id=_.person, in_register=True)
    return by_their_number.select(*resolved_rows.columns).union(resolved_rows)


def with_households(others: ir.Table) -> ir.Table:
    """Letters that tell no usable number are of the one eligible person with that name in that household."""
    is_bare = (_.table == "letters") & ~_.in_register & _.id18.isnull()
    bare = others.filter(is_bare)
    members = others.filter((_.table == "eligibility") & _.household_no.notnull() & ~_.nameless)
    member = members.semi_join(bare, ["name", "household_no"]).group_by("name", "household_no")
    known_members = member.agg(member=only(_.person_id), member_in_register=_.in_register.any())
    with_member = beside(bare, known_members.filter(_.member.notnull()), ["name", "household_no"])
    letters = with_member.mutate(
        person_id=_.member.coalesce(_.person_id),
        decided_by=ibis.ifelse(_.member.notnull(), "household", _.decided_by),
        in_register=_.member_in_register.coalesce(_.in_register),
    )
    return others.filter(~is_bare).union(letters[others.columns])
