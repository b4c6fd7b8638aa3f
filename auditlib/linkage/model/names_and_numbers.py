"""Whose number a row carries, and whose name: a child written under a parent's, brother's or neighbour's number is that child.

A sound number decides who a row is, unless the row names somebody else. Then, for every pupil of that very name:

1. ``guardian_number``, ``household_number``, ``sibling_number``: the number is that of the pupil's guardian, of another
   member of the household, of a brother or sister (one guardian, or one household). Of two brothers of
   whom the school does not tell which, only where the number's is paid otherwise and the one named is not.
2. ``pupil_number``: it is another pupil's who is paid beside this row, or on no eligibility register, and the pupil named,
   at this school, is not paid otherwise. But not where the account is that of the number's family. Nor where the row went
   through the school of the number's pupil and the pupil named is at another, if the name is a misspelling of the number's
   pupil's or that one is not paid otherwise.
3. ``adult_number``: it is a grown-up's whom no register knows, and one pupil alone has the name, at that school or born on
   the day that the row tells.

A row that tells no number at all, which the model left open, is

4. ``name_school``: the one pupil of that name at that school;
5. ``name``: the one person of that name in all registers, of whom there is no other such row;

but neither where the row's card is nobody's of the known family: that is for the model, and for people.

Each is a reading of the row, not a proof: SCORES say how sure it is (held against counties by benchmarks/reliability.py).
What cannot be decided in this way stays with the number's pupil. CONTESTED says how sure that is, where it went through that
pupil's school. A payment with one pupil's number and another's name that went through the school of the one named, or of
neither, is nobody's: both may be meant.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import NO_TEXT, beside, only, yes
from auditlib.cells.hygiene import SEPARATOR
from auditlib.linkage.model.distribution import reaches
from auditlib.linkage.model.own_number import (
    PAIR_OF_ROW,
    of_misspelt_own,
    of_own_account,
    undecided_siblings,
)
from auditlib.linkage.model.records import ComparedRecords, Tables

SCORES = {
    "guardian_number": 0.998,
    "household_number": 0.998,
    "sibling_number": 0.998,
    "pupil_number": 0.98,
    "adult_number": 0.995,
    "name_school": 0.995,
    "name": 0.97,
    "hidden_digits": 0.998,
    "holder": 0.98,
    "cut_name": 0.98,
}
CONTESTED_SHARE = (
    0.9  # the number is one pupil's, through that pupil's school, the name another's of another school
)
NUMBER_OF_ANOTHER = ("guardian_number", "household_number", "sibling_number", "pupil_number", "adult_number")
BY_NAME = ("name_school", "name")
GROWN_UP = 16  # years older than the pupil in the middle: a parent, hardly a brother or sister
PAID = ("scheme", "term")
ROW = ("table", "source")
READING = (*ROW, "candidate_id", "enrolled", "decided_by")


def plainly(rows: ir.Table) -> ir.Table:
    """``rows`` with ``plain``: the name without its separator, NULL where it cannot be read."""
    return rows.mutate(plain=ibis.ifelse(rows.nameless, NO_TEXT, rows.name.replace(SEPARATOR, "")))


def named_children(others: ir.Table, anchors: ir.Table, rows: ir.Table) -> ir.Table:
    """The children who bear a name of ``rows``: ``plain, candidate_id, enrolled, candidate_school, candidate_birth``.

    Pupils, and the children of the eligibility registers who are none, under every name and school by which the registers
    know them.
    """
    return ibis.union(*(
        plainly(part).filter(_.plain.notnull()).semi_join(rows, "plain").select(
            "plain", "enrolled", candidate_id=_.person_id, candidate_school=_.school_id, candidate_birth=_.birth
        )
        for part in _children(others, anchors)
    )).distinct()  # fmt: skip


def _children(others: ir.Table, anchors: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The pupils, and the children of the eligibility registers who are none, by ``enrolled``."""
    listed_rows = others.filter((_.table == "eligibility") & ~_.in_register & _.id18.notnull())
    children = listed_rows.filter(_birth_year(_.id18) >= middle_year(anchors) - GROWN_UP)
    return anchors.mutate(enrolled=ibis.literal(True)), children.mutate(enrolled=ibis.literal(False))


def own_names(others: ir.Table, anchors: ir.Table) -> ir.Table:
    """``person_id, plain``: the names of those children, a row a record."""
    parts = (plainly(part).select("person_id", "plain") for part in _children(others, anchors))
    return ibis.union(*parts).filter(_.plain.notnull())


def _birth_year(number: Any) -> Any:
    return number.substr(6, 4).cast("int32")


def middle_year(anchors: ir.Table) -> ir.IntegerScalar:
    """The year in which the pupil in the middle was born."""
    return anchors.filter(_.birth.notnull()).birth.year().median().as_scalar()


def matters(tables: Tables, rows: ir.Table) -> ir.Table:
    """``rows`` with ``matter``: what a person has one row of, scheme and term of a payment, else the table."""
    paid = tables["payments"].select("source", matter=_.scheme.fill_null("") + "|" + _.term.fill_null(""))
    with_matter = rows.left_join(
        paid.mutate(table=ibis.literal("payments")), ["table", "source"], rname="{name}_paid"
    ).drop("table_paid", "source_paid")
    return with_matter.mutate(matter=_.matter.fill_null(""))


# --- under another's number --------------------------------------------------------------------------------------


def under_anothers_number(engine: Engine, others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """READING of the rows that name a child and tell the number of another person."""
    odd = engine.keep("under_other_names", matters(tables, of_another_name(others, anchors, tables)))
    pupils = named_children(others, anchors, odd)
    name_matches = odd.drop("decided_by").inner_join(pupils, "plain").filter(_.candidate_id != _.person_id)
    rows_at_school = _holders_school(name_matches, anchors)
    own = own_names(others, anchors).semi_join(_persons_meant(rows_at_school), "person_id")
    of_number = of_own_account(rows_at_school, own, anchors, tables).union(
        of_misspelt_own(engine, rows_at_school, own)
    )
    own_pairs = of_number.distinct().mutate(number_holds=ibis.literal(True))
    pairs = engine.keep(
        "named_otherwise",
        beside(rows_at_school, own_pairs, [*PAIR_OF_ROW]).mutate(number_holds=yes(_.number_holds)),
    )
    kin = pairs.inner_join(kinship(pairs, others, anchors, tables), ["id18", "candidate_id"])
    doubtful = undecided_siblings(kin, _rows_by_name(pairs, others, anchors, tables))
    by_kin = _single(kin.filter(~_.elsewhere).anti_join(doubtful, PAIR_OF_ROW).select(*READING))
    rest = pairs.filter(~_.number_holds).anti_join(by_kin, ROW)
    lone = rest.semi_join(bearers(others, anchors, rest), "plain").mutate(lone=ibis.literal(True))
    undecided_rows = lone.union(rest.anti_join(lone, ROW).mutate(lone=ibis.literal(False)))
    by_place = _neighbours(undecided_rows, others, anchors, tables).union(_grown_ups(undecided_rows, anchors))
    return engine.keep("under_anothers_number", by_kin.union(_single(by_place)))


def of_another_name(others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """Rows with a sound number whose name is not that of the number's person, nor of one listed under both."""
    rows = plainly(others).filter(_.id18.notnull() & _.plain.notnull())
    odd = rows.anti_join(own_names(others, anchors), ["person_id", "plain"])
    listed_rows = rows.filter(_.table == "eligibility").semi_join(odd, "id18")
    names = listed_rows.group_by("id18").agg(names=_.plain.nunique()).filter(_.names > 1)
    guardians = (
        tables["enrolment"]
        .filter(_.guardian_id18.notnull())
        .select(id18=_.guardian_id18, guardian=_.guardian_name)
    )
    # A member of a household is listed under the own number and name: another's only where that other has it too, or where
    # the row tells a school or the birth of a child beside it.
    anothers = listed_rows.semi_join(names, "id18").select("source").union(
        listed_rows.inner_join(guardians, "id18").filter(yes(_.guardian != _.name)).select("source")
    ).distinct()  # fmt: skip
    much_younger = _.birth.year() - _birth_year(_.id18) >= GROWN_UP
    children = listed_rows.filter(_.school_id.notnull() | much_younger).select("source")
    doubtful = odd.filter(_.table == "eligibility").semi_join(anothers.union(children).distinct(), "source")
    rest = odd.filter(_.table != "eligibility").anti_join(listed_rows, ["id18", "plain"])
    return rest.union(doubtful)


def kinship(pairs: ir.Table, others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """``id18, candidate_id, decided_by``: of the numbers in ``pairs`` those of the child's guardian, household or siblings."""
    number_pairs = pairs.select("id18", "candidate_id").distinct()
    wards = (
        tables["enrolment"]
        .filter(_.guardian_id18.notnull())
        .select("source", "guardian_id18")
        .inner_join(anchors.select("source", "person_id"), "source")
        .select("guardian_id18", "person_id")
        .distinct()
    )
    enrolled = (
        anchors.filter(_.id18.notnull())
        .semi_join(number_pairs, "id18")
        .select("id18", own_id=_.person_id)
        .distinct()
    )
    rows_of_households = _housed_rows(others, anchors, tables)
    of_guardian = number_pairs.inner_join(
        wards.rename(id18="guardian_id18", candidate_id="person_id"), ["id18", "candidate_id"]
    )
    houses = rows_of_households.filter(_.id18.notnull()).select("id18", "household_no").distinct()
    members = rows_of_households.select("household_no", candidate_id=_.person_id).distinct()
    of_house = number_pairs.inner_join(houses, "id18").inner_join(members, ["household_no", "candidate_id"])
    siblings = number_pairs.inner_join(enrolled, "id18").inner_join(
        wards.rename(own_id="person_id"), "own_id"
    )
    of_siblings = siblings.inner_join(
        wards.rename(candidate_id="person_id"), ["guardian_id18", "candidate_id"]
    )
    in_house = beside(of_house.select(*number_pairs.columns), enrolled, "id18").mutate(
        decided_by=ibis.ifelse(_.own_id.notnull(), "sibling_number", "household_number")
    )
    return ibis.union(
        of_guardian.select(*number_pairs.columns).mutate(decided_by=ibis.literal("guardian_number")),
        in_house.select(*number_pairs.columns, "decided_by"),
        of_siblings.select(*number_pairs.columns).mutate(decided_by=ibis.literal("sibling_number")),
    ).distinct()


def _housed_rows(others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """Eligibility rows of a household with their persons, and the pupils whose guardian the household lists."""
    listed_rows = tables["eligibility"].filter(_.household_no.notnull()).select("source", "household_no")
    own = others.filter(_.table == "eligibility").inner_join(listed_rows, "source")
    own = own.select("household_no", "person_id", "id18")
    guardians = tables["enrolment"].filter(_.guardian_id18.notnull()).select("source", number=_.guardian_id18)
    wards = anchors.inner_join(guardians, "source").select("person_id", "id18", "number")
    houses = own.filter(_.id18.notnull()).select("household_no", number=_.id18).distinct()
    theirs = wards.inner_join(houses, "number").select("household_no", "person_id", "id18")
    return own.union(theirs).distinct()


def _holders_school(pairs: ir.Table, anchors: ir.Table) -> ir.Table:
    """``elsewhere``: the row went through the school of the number's pupil, and the child named is at another, or at none;
    ``of_named``: through the school of the child named, and not of the number's pupil."""
    schools = (
        anchors.filter(_.school_id.notnull())
        .semi_join(pairs, "person_id")
        .select(holder_id=_.person_id, holder_school=_.school_id)
        .distinct()
    )
    with_holders = pairs.left_join(
        schools, [pairs.person_id == schools.holder_id, pairs.school_id == schools.holder_school]
    )
    other = yes(_.candidate_school != _.school_id) | ~_.enrolled
    is_holders = _.holder_id.notnull()
    return with_holders.mutate(elsewhere=other & is_holders, of_named=yes(_.candidate_school == _.school_id) & ~is_holders).drop("holder_id", "holder_school")  # fmt: skip


def _persons_meant(pairs: ir.Table) -> ir.Table:
    """``person_id``: those whose number the rows tell, and those whom they name."""
    return pairs.select("person_id").union(pairs.select(person_id=_.candidate_id), distinct=True)


def _neighbours(pairs: ir.Table, others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """The number is a pupil's who is paid under it by name, or on no eligibility register while the child named is; and
    the child named, the only one at the school or in all registers, has no such row."""
    here = pairs.filter(_.in_register & (_.lone | (_.candidate_school == _.school_id)))
    has = _rows_by_name(here, others, anchors, tables)
    listed_rows = others.filter(_.table == "eligibility").select("person_id")
    paid = here.semi_join(has, ["table", "person_id"])
    # Through the own school of the number's pupil only where that one would be paid twice.
    paid = paid.filter(~_.elsewhere).union(
        paid.filter(_.elsewhere).semi_join(has, ["table", "matter", "person_id"])
    )
    idle = here.semi_join(listed_rows.rename(candidate_id="person_id"), "candidate_id").anti_join(
        listed_rows, "person_id"
    )
    missing = has.rename(candidate_id="person_id")
    free = paid.union(idle, distinct=True).anti_join(missing, ["table", "matter", "candidate_id"])
    return free.mutate(decided_by=ibis.literal("pupil_number")).select(*READING)


def _rows_by_name(pairs: ir.Table, others: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """``table, matter, person_id``: what those concerned have under number and name of their own."""
    children = _persons_meant(pairs)
    theirs = plainly(others).semi_join(children, "person_id")
    names = own_names(others, anchors).semi_join(children, "person_id")
    agreeing = theirs.semi_join(names, ["person_id", "plain"])
    return matters(tables, agreeing).select("table", "matter", "person_id").distinct()


def _grown_ups(pairs: ir.Table, anchors: ir.Table) -> ir.Table:
    """The number is that of a grown-up whom no register knows: it cannot be the number of who is paid."""
    adults = pairs.filter(~_.in_register & (_birth_year(_.id18) < middle_year(anchors) - GROWN_UP))
    here = adults.filter(_.candidate_school == _.school_id)
    anywhere = adults.filter(_.lone & (_.table == "payments"))
    of_that_birth = adults.filter(_.candidate_birth == _.birth)  # told beside a number that says otherwise
    pupils_meant = ibis.union(here, anywhere, of_that_birth, distinct=True)
    return pupils_meant.mutate(decided_by=ibis.literal("adult_number")).select(*READING)


def contested_rows(engine: Engine, decided_rows: ir.Table, anchors: ir.Table) -> ir.Table:
    """``table, source, contested``: how sure a row is its number's pupil although it bears another child's name.

    NULL for a payment whose number is one pupil's and whose name another's, through the school of the one named or of
    neither: nobody can tell.
    """
    open_rows = engine.tables["named_otherwise"].filter(_.in_register).anti_join(decided_rows, ROW)
    holders = anchors.semi_join(open_rows, "person_id")
    schools = holders.select("person_id", "school_id", at_holders=ibis.literal(True)).distinct()
    own = plainly(holders).filter(_.plain.notnull()).select("person_id", own="plain").distinct()
    name_pairs = open_rows.select(*ROW, "person_id", "plain").inner_join(own, "person_id")
    # The name of the number's pupil with a character too few or too many is a slip, whoever else has it.
    cut = name_pairs.filter(_.own.contains(_.plain) | _.plain.contains(_.own)).select(*ROW).distinct()
    undecided_rows = beside(open_rows, schools, ["person_id", "school_id"])
    undecided_rows = beside(undecided_rows, cut.mutate(cut=ibis.literal(True)), list(ROW))
    strange = _.school_id.notnull() & ~yes(_.at_holders) & ~yes(_.cut)
    here = (yes(_.candidate_school == _.school_id) | strange) & (_.table == "payments") & ~_.number_holds
    return undecided_rows.group_by(*ROW).agg(
        contested=ibis.ifelse(here.any(), ibis.null("float64"), CONTESTED_SHARE), either=here.any()
    )


def _single(pairs: ir.Table) -> ir.Table:
    """One pupil a row; where several might be meant, none."""
    one = pairs.group_by(*ROW).agg(
        candidate_id=only(_.candidate_id), enrolled=_.enrolled.any(), decided_by=_.decided_by.min()
    )
    return one.filter(_.candidate_id.notnull())


# --- by the name alone -------------------------------------------------------------------------------------------


def numberless(rows: ir.Table) -> ir.Table:
    """Rows of nobody's that tell no number of any kind, and a name that can be read."""
    bare = _.id_number.isnull() & _.student_no.isnull() & _.plain.notnull()
    return plainly(rows).filter(bare & ~_.in_register)


def by_name(
    engine: Engine,
    others: ir.Table,
    anchors: ir.Table,
    tables: Tables,
    judged_pairs: ir.Table,
    comparison: ComparedRecords | None,
) -> ir.Table:
    """READING of the rows without any number whose name tells the child.

    - ``others``: all rows as keys and model left them.
    - ``judged_pairs``: pairs that somebody judged: what is left of such a row is for people too.
    - ``comparison``: that of the model; None where the keys left nothing.
    """
    if comparison is None:
        return engine.nothing("links_by_name", dict.fromkeys(READING, "string") | {"enrolled": "boolean"})
    register_rows = others.filter(_.table.isin(["payments", "applications", "eligibility"]))
    bare = engine.keep("numberless_rows", matters(tables, numberless(register_rows)))
    children = named_children(others, anchors, bare)
    pairs = bare.drop("decided_by").inner_join(children, "plain").filter(~yes(_.birth != _.candidate_birth))
    pairs = pairs.anti_join(judged_pairs, ROW)
    pairs = pairs.anti_join(strange_cards(comparison), [*ROW, "candidate_id"])
    here = pairs.filter(_.candidate_school == _.school_id)
    at_school = _single(here.mutate(decided_by=ibis.literal("name_school")).select(*READING))
    alone = (
        pairs.filter(_.table != "eligibility")
        .anti_join(here, ROW)
        .semi_join(bearers(others, anchors, bare), "plain")
    )
    theirs = others.filter(_.id18.notnull() | _.in_register).semi_join(
        alone, others.person_id == alone.candidate_id
    )
    has = matters(tables, theirs).select("table", "matter", candidate_id=_.person_id)
    anywhere = alone.anti_join(has, ["table", "matter", "candidate_id"])
    single = _single(anywhere.mutate(decided_by=ibis.literal("name")).select(*READING))
    return engine.keep("links_by_name", at_school.union(single))


def strange_cards(comparison: ComparedRecords) -> ir.Table:
    """``table, source, candidate_id``: rows on a card that is nobody's of the child's known family."""
    pairs, pupils = comparison.pairs, comparison.pupils
    rows = comparison.unknown.select(*ROW, record_l="record")
    against = pairs.filter(reaches(pairs, "family", ("differs",))).select("record_l", "record_r")
    register = pupils.select(record_r="record", candidate_id="person_id")
    return (
        against.inner_join(rows, "record_l")
        .inner_join(register, "record_r")
        .select(*ROW, "candidate_id")
        .distinct()
    )


def bearers(others: ir.Table, anchors: ir.Table, rows: ir.Table) -> ir.Table:
    """``plain``: the names in ``rows`` that one person alone bears in enrolment and eligibility registers."""
    listed_rows = others.filter((_.table == "eligibility") & (_.id18.notnull() | _.in_register))
    name_bearers = ibis.union(
        *(plainly(part).select("plain", "person_id") for part in (anchors, listed_rows))
    )
    of_name = name_bearers.semi_join(rows, "plain").group_by("plain")
    return of_name.agg(person=only(_.person_id)).filter(_.person.notnull()).select("plain")
