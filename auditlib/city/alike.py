"""One person in two counties under different writings: the trained linkage model over the counties' persons.

Who has the same sound ID number is the same person and is not looked at here. For the others the model's weights
(params/linkage.json) move a prior that the exact numbers give: of a county's persons so many are in the other one, and
each of its persons alike. Two numbers that are both sound and differ are nearly always two persons: one of them must be
wrong and sound by chance. The candidates in one other county and *in none of them* share a probability of one.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.linkage.model.names import spelt_rows
from auditlib.linkage.model.records import fields_of
from auditlib.linkage.model.scoring import scored, with_frequencies
from auditlib.linkage.model.trained import PAIR_PRIOR, read_model

PERSONS = dict.fromkeys(("county_code", "person_id", "name", "id_number", "id18", "student_no"), "string") | {
    "birth": "date",
    "damaged": "boolean",
}
ALIKE = ("county_code", "person_id", "other_county", "other_person", "score")
# Only what may well be one person is compared: schools, cards and households tell nothing across counties.
RULES = (
    "l.name_sound = r.name_sound AND l.birth = r.birth",
    "l.student_no = r.student_no",
    *(f"l.{part} = r.{part} AND l.surname = r.surname" for part in ("id_head", "id_tail", "id_ends")),
    "l.id_tail = r.id_tail AND l.given_sound = r.given_sound",
)
SOUND_BY_CHANCE = 1 / 11  # of the numbers written wrongly
DIGITS = 9


def alike(engine: Engine, persons: ir.Table) -> ir.Table:
    """``county_code, person_id, other_county, other_person, score``: pairs that may be one person, each both ways.

    ``persons`` (columns ``PERSONS``) of all counties. Pairs with the same sound number are left out.
    """
    records = _records(engine, persons)
    for side in ("city_left", "city_right"):
        engine.keep(side, records)
    with_frequencies(engine, records, "city_right")
    rules = tuple(f"({rule}) AND l.county_code < r.county_code" for rule in RULES)
    pairs = scored(engine, read_model(), "city_left", "city_right", rules)
    return engine.keep("city_alike", shares(_weighed_rows(pairs, persons)))


def _records(engine: Engine, persons: ir.Table) -> ir.Table:
    """The persons with the fields that are compared; ``record`` is ``county|person``."""
    year = persons.id18.substr(6, 4) + "-" + persons.id18.substr(10, 2) + "-" + persons.id18.substr(12, 2)
    comparable = persons.mutate(
        record=_key(persons),
        nameless=persons.name.isnull(),
        **{name: ibis.null("string") for name in ("table", "source", "sex")},
    ).mutate(birth=_.birth.cast("string").coalesce(year))
    fields = fields_of(comparable, spelt_rows(engine, persons))
    counties = comparable.select("record", "county_code")
    return engine.keep("city_records", fields.inner_join(counties, "record"))


def _key(persons: ir.Table) -> ir.StringValue:
    return persons.county_code + "|" + persons.person_id


def _weighed_rows(pairs: ir.Table, persons: ir.Table) -> ir.Table:
    """Each pair once, ``odds`` before the candidates of a person share."""
    numbers = persons.select("county_code", "person_id", "id18", record=_key(persons))
    pairs = pairs.inner_join(numbers, pairs.record_l == numbers.record).drop("record")
    other = numbers.view().rename(
        other_county="county_code", other_person="person_id", other_id18="id18", other_record="record"
    )
    pairs = pairs.inner_join(other, pairs.record_r == other.other_record)
    pairs = pairs.filter(~(pairs.id18 == pairs.other_id18).fill_null(False))
    county_rates = rates(persons)
    pairs = pairs.inner_join(county_rates, ["county_code", "other_county"])
    two_sound = pairs.id18.notnull() & pairs.other_id18.notnull()
    evidence = ((pairs.match_weight - math.log2(PAIR_PRIOR / (1 - PAIR_PRIOR))) * math.log(2)).exp()
    odds = pairs.share / (1 - pairs.share) / pairs.others * evidence
    return pairs.mutate(odds=odds * ibis.ifelse(two_sound, pairs.unsound * SOUND_BY_CHANCE, 1.0)).select(
        "county_code", "person_id", "other_county", "other_person", "odds"
    )


def rates(persons: ir.Table) -> ir.Table:
    """How many persons each pair of counties shares.

    ``share`` of the first's persons that are in the second (by sound numbers, half a person added), ``others`` there,
    ``unsound``: the share of persons without a sound number in either.
    """
    sizes = persons.group_by("county_code").agg(
        persons=_.count().cast("float64"), bare=_.id18.isnull().sum().cast("float64")
    )
    seconds = sizes.view().rename(other_county="county_code", others="persons", other_bare="bare")
    first = persons.filter(_.id18.notnull()).select("county_code", "id18")
    second = first.view().rename(other_county="county_code", other_id18="id18")
    exact = first.inner_join(
        second, [first.id18 == second.other_id18, first.county_code < second.other_county]
    )
    certain_counts = exact.group_by("county_code", "other_county").agg(known=_.count().cast("float64"))
    county_pairs = sizes.inner_join(seconds, sizes.county_code < seconds.other_county)
    county_pairs = county_pairs.left_join(
        certain_counts, ["county_code", "other_county"], rname="{name}_counted"
    )
    return county_pairs.select(
        "county_code",
        "other_county",
        "others",
        share=(_.known.fill_null(0) + 0.5) / (_.persons + 1),
        unsound=(_.bare + _.other_bare + 0.5) / (_.persons + _.others + 1),
    )


def shares(weighted_pairs: ir.Table) -> ir.Table:
    """The share of each candidate among those of either person, the smaller of the two."""
    ours, theirs = (
        _.odds.sum().over(ibis.window(group_by=group))
        for group in (
            ["county_code", "person_id", "other_county"],
            ["other_county", "other_person", "county_code"],
        )
    )
    summed_rows = weighted_pairs.mutate(ours=ours, theirs=theirs)
    scored_pairs = summed_rows.mutate(
        score=(_.odds / (1 + ibis.greatest(_.ours, _.theirs))).round(DIGITS)
    ).select(*ALIKE)
    back = scored_pairs.select(
        county_code="other_county",
        person_id="other_person",
        other_county="county_code",
        other_person="person_id",
        score="score",
    )
    return scored_pairs.union(back)
