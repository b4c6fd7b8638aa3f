"""Persons as of the count date: who is a pupil here, who is eligible, how each is named in a finding."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import NO_TEXT, beside, foremost, in_groups, only, some, yes
from auditlib.cells import citizen_id
from auditlib.cells.citizen_id import legible
from auditlib.cells.hygiene import LOST_SIGNS
from auditlib.cells.spelling import how_they_differ
from auditlib.linkage.exact import Linked
from auditlib.linkage.model.names_and_numbers import GROWN_UP, middle_year
from auditlib.tables.audit_tables import AUDIT_TABLES

ACTIVE = ("enrolled", "resumed")


def enrolled_rows(enrolment: ir.Table, count_date: dt.date) -> ir.Table:
    """Enrolment rows with ``active``: was this record active on the count date?

    A status holds from its date; a change after the count date had not happened yet.
    """
    now = _.status.isin(ACTIVE)
    active = ibis.cases(
        (_.status.isnull() | _.status_date_defect.notnull(), ibis.null("boolean")),
        (_.status_date.notnull() & (_.status_date > ibis.literal(count_date)), ~now),
        else_=now,
    )
    return enrolment.mutate(active=active, active_now=now)


FACE = (
    "person_id", "name", "name_defect", "id_number", "id_number_defect", "id18", "student_no", "school_name", "school_id",
    "guardian_name", "guardian_id18", "class_name", "status",
)  # fmt: skip
COUNTED = yes(_.active) | _.active.isnull()
ARRIVES = yes(~_.active & _.active_now)
PAID_ROW = ("source", "person_id", "scheme")
BIRTH = _.birth_date.coalesce(_.id_birth)
NO_LIST = ibis.null("array<string>")


def pupils_of(enrolled: ir.Table) -> ir.Table:
    """One row per person of the register; stage, boarding and schools are those of the active records.

    ``school_ids`` is NULL where one of these names no school. Of a pupil who was not active the status is that of the
    count date, not the return that came after it.
    """
    return in_groups(enrolled, "person_id", with_one_record, with_several_records)


def with_several_records(enrolled: ir.Table) -> ir.Table:
    """:func:`pupils_of` by groups; name and status are those of the best record."""
    # Before the address: a file exported in another order names the same record.
    tie_breakers = [_.school_id, _.student_no, _.name]
    best = [
        _.active.desc(nulls_first=False),
        ARRIVES,
        _.status_date.desc(nulls_first=False),
        _.id18.isnull(),  # a number that a spreadsheet cut names nobody
        *tie_breakers,
        _.source,
    ]
    nowhere = (COUNTED & _.school_id.isnull()).any()
    together = enrolled.group_by("person_id").agg(
        active=some(_.active),
        arrives=ARRIVES.any(),
        stage=only(_.stage, COUNTED),
        study_year=only(_.study_year, COUNTED),
        boarding=only(_.boarding, COUNTED),
        school_ids=ibis.ifelse(nowhere, NO_LIST, _.school_id.collect(where=COUNTED)),
        names=_.name.collect(where=_.name.notnull()),
        birth=BIRTH.min(),
    )
    return foremost(enrolled, "person_id", best).select(*FACE).inner_join(together, "person_id")


def with_one_record(enrolled: ir.Table) -> ir.Table:
    """:func:`pupils_of` where each row is another person."""

    def listed_rows(value: ir.StringValue) -> ir.ArrayValue:
        return ibis.ifelse(value.notnull(), ibis.array([value]), NO_LIST)

    return enrolled.select(
        *FACE,
        active=_.active,
        arrives=ARRIVES,
        stage=ibis.ifelse(COUNTED, _.stage, NO_TEXT),
        study_year=ibis.ifelse(COUNTED, _.study_year, ibis.null("int64")),
        boarding=ibis.ifelse(COUNTED, _.boarding, NO_TEXT),
        school_ids=listed_rows(ibis.ifelse(COUNTED, enrolled.school_id, NO_TEXT)),
        names=listed_rows(enrolled.name),
        birth=BIRTH,
    )


def claims_of(eligibility: ir.Table, count_date: dt.date) -> ir.Table:
    """Eligibility rows with ``holds``: was the person on this register on the count date?"""
    day = ibis.literal(count_date)
    has_begun = ibis.cases(
        (_.valid_from_defect.notnull(), ibis.null("boolean")),
        (_.valid_from.isnull(), True),
        else_=_.valid_from <= day,
    )
    lasts = ibis.cases(
        (_.valid_to_defect.notnull(), ibis.null("boolean")),
        (_.valid_to.isnull(), True),
        else_=_.valid_to >= day,
    )
    return eligibility.mutate(begun=has_begun, holds=has_begun & lasts)


def eligible_of(claims: ir.Table, grown_up: dt.date) -> ir.Table:
    """One row per person of the eligibility registers.

    A number that a spreadsheet cut accuses nobody, but tells who is a grown-up, born on ``grown_up`` or before: such a birth date counts.
    """
    birth = citizen_id.birth_left(claims.id_number)
    birth_of_adult = ibis.ifelse(birth <= ibis.literal(grown_up), birth, ibis.null("date"))
    return claims.group_by("person_id").agg(
        listed=_.source.notnull().any(),
        eligible=some(_.holds),
        lowest_category=_.category.min(where=yes(_.holds)),
        eligible_name=_.name.min(),
        eligible_id_number=_.id_number.min(),
        eligible_id18=_.id18.min(),
        eligible_birth=ibis.coalesce(claims.birth_date, claims.id_birth, birth_of_adult).min(),
        eligible_school=_.school_name.min(),
        town=_.town.min(),
    )


def doubtful_persons(rows: dict[str, ir.Table], half_read: ir.Table) -> ir.Table:
    """Persons named by a row that could not be used, or by half a row: what it would have said is not known.

    Per table ``<table>_doubtful``; ``half_read`` who is paid by such a row, ``perhaps_paid`` whom it may mean;
    ``perhaps_listed`` whom an eligibility row without a usable number may mean.
    """
    flags = (
        "payments_doubtful",
        "eligibility_doubtful",
        "enrolment_doubtful",
        "half_read",
        "perhaps_paid",
        "perhaps_listed",
    )
    parts = [
        *(rows[flag.removesuffix("_doubtful")].filter(_.rejected.notnull()).select("person_id", flag=ibis.literal(flag)) for flag in flags[:3]),
        half_read.filter(_.person_id.notnull()).select("person_id", flag=ibis.literal("half_read")),
        half_read.filter(_.candidate_id.notnull()).select(person_id=_.candidate_id, flag=ibis.literal("perhaps_paid")),
        listed_by_name(rows["eligibility"], rows["enrolment"]).mutate(flag=ibis.literal("perhaps_listed")),
    ]  # fmt: skip
    return ibis.union(*parts).group_by("person_id").agg(**{flag: (_.flag == flag).any() for flag in flags})


def listed_by_name(eligibility: ir.Table, enrolment: ir.Table) -> ir.Table:
    """``person_id`` of the pupils whose very name stands in an eligibility row that tells no usable number and is nobody's."""
    bare = eligibility.filter(~_.in_register & _.id18.isnull() & _.name_defect.isnull())
    pupils = enrolment.filter(_.rejected.isnull()).select("name", "person_id", born=BIRTH)
    namesakes = bare.select("name", told=_.birth_date).inner_join(pupils, "name")
    return namesakes.filter(~yes(_.told != _.born)).select("person_id").distinct()


def half_read_rows(
    payments: ir.Table, register: ir.Table, judged_pairs: ir.Table, otherwise: ir.Table, strange: ir.Table
) -> ir.Table:
    """``person_id, candidate_id``: who is paid by an unlinked row without a usable number or name, and whom it may mean.

    Of a number that a spreadsheet cut: every pupil of that name; a row of a name that no pupil has is left out, for the
    name alone tells. Of a row without any number: every pupil of that name at the school, or of that name where the
    school has none. Of a name that lost characters, without a number: every pupil of the school whose name fits what
    is left; NULL where there is none. Pairs in ``judged_pairs`` (``source, candidate_id``) are somebody's word that it is another.
    Of rows without any number those in ``strange`` are left to the model: their card is nobody's of the pupil's family.
    """
    bare = payments.filter(~_.in_register & _.id18.isnull() & _.student_no.isnull())
    cut = bare.filter(_.name_defect.isnull() & yes(_.id_number_defect == "damaged"))
    nameless_rows = bare.filter(
        _.name_defect.notnull() & (_.id_number.isnull() | yes(_.id_number_defect == "damaged"))
    )
    pupils = register.select("name", "school_id", candidate_id=_.person_id)
    of_name = cut.select("source", "person_id", "name").inner_join(pupils.drop("school_id"), "name")
    at_school = nameless_rows.select(
        "source", "person_id", "school_id", pattern=_.name.re_replace(f"[{LOST_SIGNS}]", "_")
    )
    fitting = at_school.inner_join(pupils, "school_id").filter(_.name.like(_.pattern))
    mute = bare.filter(_.name_defect.isnull() & legible(_.id_number).isnull())
    of_mute = mute.select("source", "person_id", "name", at="school_id").inner_join(pupils, "name")
    of_mute = of_mute.anti_join(strange, ["source", "candidate_id"])
    here = of_mute.filter(_.school_id == _["at"])
    parts = (of_name, fitting, here, of_mute.anti_join(here, "source"))
    pairs = ibis.union(*(part.select("source", "person_id", "candidate_id") for part in parts))
    open_readings = pairs.anti_join(judged_pairs, ["source", "candidate_id"]).select(
        "person_id", "candidate_id"
    )
    # Who is paid under the number of a known pupil is that pupil; the one named may be meant all the same.
    named_pupils = otherwise.select(
        person_id=ibis.ifelse(_.in_register, NO_TEXT, _.person_id), candidate_id=_.candidate_id
    )
    return open_readings.union(named_pupils).union(
        nameless_rows.select("person_id", candidate_id=ibis.null("string"))
    )


def named_otherwise(
    payments: ir.Table,
    register: ir.Table,
    refused_rows: ir.Table,
    eligibility: ir.Table,
    judged_pairs: ir.Table,
) -> ir.Table:
    """``person_id, in_register, candidate_id``: payments under a number that is not the pupil's who is named, at that school.

    Whoever is listed under that number and name is no pupil under a wrong number. Where the number cannot be the payee's, being
    another pupil's or a grown-up's whom no register knows, and no pupil of the school has the name, every pupil of that name
    may be meant. ``refused_rows``: enrolment rows that could not be used, whose names are the pupils' all the same.
    """
    pupils = register.filter(_.name_defect.isnull()).select("name", "school_id", candidate_id=_.person_id)
    sound = payments.filter(
        _.id18.notnull() & _.name_defect.isnull() & _.decided_by.isin(["id_number", "alias", "none"])
    )
    pupil_names = ibis.union(*(rows.select("name", "person_id") for rows in (register, refused_rows)))
    listed_rows = eligibility.filter(_.id18.notnull()).select("id18", "name")
    odd = sound.anti_join(pupil_names, ["person_id", "name"]).anti_join(listed_rows, ["id18", "name"])
    row = ["source", "person_id", "in_register"]
    named_pupils = (
        odd.select(*row, "name", "school_id")
        .inner_join(pupils, ["name", "school_id"])
        .select(*row, "candidate_id")
    )
    numbers = register.filter(_.id18.notnull()).select("id18")
    nobodys = odd.filter(~_.in_register).anti_join(named_pupils, "source")
    impossible = nobodys.semi_join(numbers, "id18").union(
        nobodys.anti_join(numbers, "id18").filter(
            _.id18.substr(6, 4).cast("int32") < middle_year(register.mutate(birth=BIRTH)) - GROWN_UP
        )
    )
    persons_meant = pupils.drop("school_id").semi_join(impossible, "name").distinct()
    elsewhere = impossible.select(*row, "name").inner_join(persons_meant, "name")
    named_pupils = named_pupils.union(elsewhere.select(*row, "candidate_id"))
    # Whose number it is may be meant too, also where no pupil has the name.
    either = odd.filter(~_.in_register).select(*row, "id18")
    numbered_rows = either.inner_join(register.select("id18", candidate_id=_.person_id), "id18").select(
        *row, "candidate_id"
    )
    pairs = named_pupils.union(numbered_rows).filter(_.person_id != _.candidate_id)
    return pairs.anti_join(judged_pairs, ["source", "candidate_id"]).select(
        "person_id", "in_register", "candidate_id"
    )


def paid_to_kin(payments: ir.Table, register: ir.Table, eligibility: ir.Table) -> ir.Table:
    """Payments to grown-ups, and the pupils whom they may be for: ``person_id, in_register, candidate_id``.

    Under a grown-up's number, in that one's name or one like the child's (of a list without numbers: in the grown-up's name). The
    pupils: the wards of a guardian, those of the household, who are paid by no other row.

    A list written by who holds the card accuses twice where it is read by its letter: a stranger paid, a child missed.
    """
    nobodys = payments.filter(~_.in_register & _.name_defect.isnull())
    adults = nobodys.filter(_.id18.notnull())
    guardians = register.filter(_.guardian_id18.notnull()).select(
        "guardian_name", id18=_.guardian_id18, candidate_id=_.person_id, ward=_.name
    )
    wards_paid = adults.inner_join(guardians.semi_join(adults, "id18").distinct(), "id18").filter(
        yes(_.name == _.guardian_name) | _like(_.name, _.ward)
    )
    of_guardians = wards_paid.select(*PAID_ROW, "candidate_id")
    birth_year = _.id18.substr(6, 4).cast("int32")
    elders = adults.filter(birth_year < middle_year(register.mutate(birth=BIRTH)) - GROWN_UP)
    housed_rows = eligibility.filter(_.household_no.notnull())
    houses = housed_rows.filter(_.id18.notnull()).select("id18", "household_no", elder=_.name)
    houses = houses.semi_join(elders, "id18").distinct()
    members = housed_rows.semi_join(houses, "household_no").semi_join(register, "person_id")
    members = members.select("household_no", candidate_id=_.person_id, member=_.name).distinct()
    paid_houses = elders.inner_join(houses, "id18").inner_join(members, "household_no")
    named_houses = paid_houses.filter(yes(_.name == _.elder) | _like(_.name, _.member))
    of_houses = named_houses.select(*PAID_ROW, "candidate_id")
    wards = register.filter(_.guardian_name.notnull()).select(
        "school_id", name=_.guardian_name, candidate_id=_.person_id
    )
    bare = nobodys.filter(_.id_number.isnull()).anti_join(register, "name")
    wards = wards.semi_join(bare, ["name", "school_id"]).distinct()
    of_names = bare.inner_join(wards, ["name", "school_id"]).select(*PAID_ROW, "candidate_id")
    pairs = ibis.union(of_guardians, of_houses, of_names, distinct=True)
    paid = payments.filter(_.in_register & (_.result == "success") & (_.amount > 0))
    unpaid = pairs.anti_join(paid.select("scheme", candidate_id=_.person_id), ["scheme", "candidate_id"])
    return unpaid.select("person_id", "candidate_id", in_register=ibis.literal(False))[
        ["person_id", "in_register", "candidate_id"]
    ]


def _like(name: ir.StringValue, other: ir.StringValue) -> ir.BooleanValue:
    """Is the one within the other, or has the other's first or last character?"""
    return yes(
        name.contains(other) | (name.substr(0, 1) == other.substr(0, 1)) | (name.right(1) == other.right(1))
    )


def of_lone_names(payments: ir.Table, register: ir.Table, open_pairs: ir.Table) -> ir.Table:
    """Payments under an impossible number, by the name of one pupil alone: ``person_id, in_register, candidate_id``.

    The model says nothing of them; the number speaks against that pupil, and for nobody else.
    """
    unsound = payments.filter(
        ~_.in_register
        & _.id18.isnull()
        & _.student_no.isnull()
        & _.id_number.notnull()
        & _.name_defect.isnull()
    )
    namesakes = register.filter(_.name_defect.isnull()).semi_join(unsound, "name").group_by("name")
    lone = namesakes.agg(candidate_id=only(_.person_id)).filter(_.candidate_id.notnull())
    return (
        unsound.anti_join(open_pairs, "source")
        .inner_join(lone, "name")
        .select("person_id", "in_register", "candidate_id")
    )


def spellings_of(engine: Engine, paid_rows: ir.Table, claims: ir.Table, pupils: ir.Table) -> ir.Table:
    """Each pair of different spellings that stand for one person, and how the two differ; few, so compared outside."""
    register = pupils.select("person_id", register_name=_.name, register_number=_.id_number)
    delivered_rows = ibis.union(
        *(rows.select("person_id", "name", "id_number") for rows in (paid_rows, claims))
    )
    beside_register = delivered_rows.inner_join(register, "person_id")
    names = beside_register.filter(_.name != _.register_name).select(
        written=_.name, registered=_.register_name
    )
    numbers = beside_register.filter(_.id_number != _.register_number).select(
        written=_.id_number, registered=_.register_number
    )
    return engine.work_out(
        "spellings", names.union(numbers, distinct=True), _with_how, AUDIT_TABLES["spellings"].schema
    )


def _with_how(pairs: pd.DataFrame) -> pd.DataFrame:
    how = [how_they_differ(*pair) for pair in zip(pairs["written"], pairs["registered"], strict=True)]
    return pairs.assign(how=how)


def with_earlier(people: ir.Table, earlier: ir.Table | None) -> ir.Table:
    """``people`` and, as the term before named them, those whom only its register knows."""
    if earlier is None:
        return people
    leavers = earlier.anti_join(people, "person_id")
    leaver_names = leavers.select("person_id", "name", "id_number", "student_no", "school_name", town=NO_TEXT)
    return people.union(leaver_names.select(*people.columns))


NAMING = ("name", "id_number", "student_no", "school_name")


def people_of(
    pupils: ir.Table, eligible: ir.Table, used_rows: dict[str, ir.Table], linked: Linked
) -> ir.Table:
    """How each person is named in a finding: as the enrolment register does, else eligibility, else the row itself.

    A school of which the register tells the code alone is named by the directory, else by its code. Nearly all are pupils of
    whom the register tells all: the rows of the others alone are gone through.
    """
    faces = pupils.select("person_id", *NAMING, "school_id")
    complete = faces.filter([_[part].notnull() for part in NAMING])
    others = linked.identities.anti_join(complete, "person_id").group_by("person_id")
    everyone = others.agg(any_name=_.name.min(), any_number=_.id_number.min(), any_school=_.school_id.min())
    rows = used_rows["payments"].semi_join(everyone, "person_id").group_by("person_id")
    paid = rows.agg(
        paid_name=_.name.min(), paid_number=_.id_number.min(), paid_student_no=_.student_no.min(), paid_school=_.school_name.min()
    )  # fmt: skip
    directory = used_rows["schools"].group_by(school_id=_.school_code.coalesce(_.school_name))
    directory_names = directory.agg(school_town=_.town.min(), directory_name=_.school_name.min())
    towns = beside(
        beside(complete, eligible.select("person_id", "town")),
        directory_names.select("school_id", "school_town"),
        "school_id",
    )
    people = beside(everyone, faces)
    people = beside(people, eligible.select("person_id", "eligible_name", "eligible_id_number", "eligible_school", "town"))  # fmt: skip
    people = beside(beside(people, paid), directory_names, "school_id")
    school_titles = directory_names.select(any_school="school_id", any_directory_name="directory_name")
    people = beside(people, school_titles, "any_school")
    people_names = people.select(
        "person_id",
        name=_.name.coalesce(_.eligible_name, _.paid_name, _.any_name),
        id_number=_.id_number.coalesce(_.eligible_id_number, _.paid_number, _.any_number),
        student_no=_.student_no.coalesce(_.paid_student_no),
        school_name=_.school_name.coalesce(
            _.directory_name, _.paid_school, _.eligible_school, _.any_directory_name, _.any_school
        ),
        town=_.school_town.coalesce(_.town),
    )
    return towns.select("person_id", *NAMING, town=_.school_town.coalesce(_.town)).union(people_names)
