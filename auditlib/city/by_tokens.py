"""Counties held against each other by keyed tokens alone: who is paid, enrolled or given fallback in two.

The same sound number is the same person. For the others the odds begin as in :mod:`auditlib.city.alike`: of a county's
persons so many are in the other one. An agreement of tokens is worth its share among same persons (of the trained model)
over its share among different ones. The latter is *measured in this run*: pairs whose sound numbers tell them apart and
whose tokens agree all the same are namesakes with one birth date. Two different sound numbers are two persons, unless one
was written wrongly and sound by chance. Nothing but the number is ever certain (``MOST``).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import yes
from auditlib.city import across
from auditlib.city.across import PAIR, REGISTERED_ELSEWHERE, Pooled
from auditlib.city.alike import SOUND_BY_CHANCE, rates, shares
from auditlib.city.counties import County
from auditlib.linkage.model.trained import Weights, read_model
from auditlib.package.tokens import ENROLLED, FALLBACK, KINDS, MISSED, PAID, SCHEMA

# Tokens of one side and of the other, what they compare, and how good an agreement is it (1 the best).
RULES = (
    ("name_birth", "name_birth", "named", 1),
    ("sound_birth", "sound_birth", "named", 2),
    ("name_swapped", "name_birth", "named", 3),
    ("name_tail", "name_tail", "named", 3),
    ("name_ends", "name_ends", "named", 3),
    ("number", "student_number", "schooled", 1),
    ("student_number", "number", "schooled", 1),
    ("student_number", "student_number", "schooled", 1),
    ("student_no", "student_no", "schooled", 2),
)
MOST = 0.999
MOST_OF_ONE_NUMBER = (
    2  # persons of one county; a number that more of them bear is nobody's, and makes no pair certain
)
PERSON, OTHER = ["county_code", "person_id"], ["other_county", "other_person"]
TOKEN_KINDS = ("number", "student_number", "name_birth")
RARE = (
    1e-9  # a student number is given once in the country: more seldom than that does a list carry another's
)
ROWS = {"county_code": "string", "person_id": "string", **SCHEMA}


def by_tokens(engine: Engine, counties: list[County], least: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What :func:`across.crossing` and :func:`across.registered_elsewhere` give, by tokens alone, of all counties that have them.

    ``name`` and ``id_number`` stand where the city holds the register of one of the two.
    """
    with_tokens = [county for county in counties if county.tokens is not None]
    if len(with_tokens) < 2:
        return pd.DataFrame(columns=PAIR), pd.DataFrame(columns=REGISTERED_ELSEWHERE)
    rows = engine.load_arrow("token_rows", pa.concat_tables(map(_of_county, with_tokens)), ROWS)
    people = engine.keep("token_people", people_of(rows))
    pool_of_tokens = pooled_tokens(rows, people, alike(engine, people))
    crossing_pairs = across.crossing(engine, pool_of_tokens, least)
    return _with_names(crossing_pairs, with_tokens), across.found_there(
        engine, missed_by(rows), pool_of_tokens, least
    )


def _of_county(county: County) -> pa.Table:
    rows = _without_common_numbers(county.tokens)
    codes = pa.array([county.code] * len(rows), pa.string())
    return rows.append_column("county_code", codes).select(list(ROWS)).cast(ibis.schema(ROWS).to_pyarrow())


def _without_common_numbers(rows: pa.Table) -> pa.Table:
    """``rows`` without the numbers that many persons of the county bear: one child of a neighbour's would be all of them."""
    numbers = rows.select(["person_id", "number"]).to_pandas()
    bearers = numbers.groupby("number")["person_id"].transform("nunique")
    own = numbers["number"].where(~(bearers > MOST_OF_ONE_NUMBER), None)
    return rows.set_column(
        rows.column_names.index("number"), "number", pa.array(own, pa.string(), from_pandas=True)
    )


def people_of(rows: ir.Table) -> ir.Table:
    """``county_code, person_id`` and ``KINDS``, once each, of token rows (columns ``ROWS``)."""
    return rows.select(*PERSON, *KINDS).distinct()


def missed_by(rows: ir.Table) -> ir.Table:
    """The children that are looked for, as :func:`across.found_there` asks for them."""
    return rows.filter(_.role == MISSED).select(*PERSON, "finding_id", "rule", id_number=_.number)


def pooled_tokens(rows: ir.Table, people: ir.Table, likely: ir.Table) -> Pooled:
    """The same as of registers, the number's token in the number's place. ``likely``: as :func:`alike` gives it."""
    records = rows.mutate(name=ibis.null("string"), school_name=ibis.null("string"), id18=_.number)
    money = records.select(*across.IDENTITY_COLUMNS, "role")
    return Pooled(
        money.filter(_.role == PAID).drop("role"),
        records.filter(_.role == ENROLLED).select(*across.PUPIL),
        money.filter(_.role == FALLBACK).drop("role"),
        people.select(*PERSON, id_number="number"),
        likely,
    )


def alike(engine: Engine, people: ir.Table) -> ir.Table:
    """``county_code, person_id, other_county, other_person, score``: who may be whom without the same sound number.

    ``people``: ``county_code, person_id`` and ``KINDS``.
    """
    pairs = engine.keep("token_pairs", _agreeing(people))
    worth = engine.keep("token_worth", _worth(people, pairs))
    same = _by_rule(people, "number", "number", "named", 0)
    open_pairs = pairs.anti_join(same, [*PERSON, "other_county"]).anti_join(same, [*OTHER, "county_code"])
    county_rates = rates(people.mutate(id18=_.number))
    open_candidates = open_pairs.inner_join(county_rates, ["county_code", "other_county"])
    for what in ("named", "schooled"):
        of = worth.filter(_.what == what).select(**{what: "rank", f"{what}_ratio": "ratio"})
        open_candidates = open_candidates.left_join(of, what, rname="{name}_worth")
    prior = open_candidates.share / (1 - open_candidates.share) / open_candidates.others
    weighted_pairs = open_candidates.mutate(odds=prior * _evidence(open_candidates)).select(
        *PERSON, *OTHER, "odds"
    )
    return engine.keep("token_alike", shares(weighted_pairs).mutate(score=ibis.least(_.score, MOST)))


def _evidence(pairs: ir.Table) -> ir.FloatingValue:
    """How much the tokens speak for one person. What a person does not tell says nothing, what is told otherwise does."""
    weights = read_model().weights
    without_name = 1 - sum(_same(weights)["named"].values())
    name_ratio = pairs.named_ratio.fill_null(ibis.ifelse(pairs.both_named, without_name, 1.0))
    differs = weights["id_number"]["differs"]["m"] / weights["id_number"]["differs"]["u"]
    by_chance = pairs.unsound * SOUND_BY_CHANCE
    against = ibis.cases(
        (pairs.schooled == 1, ibis.ifelse(yes(pairs.number != pairs.other_number), by_chance, 1.0)),
        (_full_key(pairs) != _full_key(pairs, "other_"), by_chance * differs),
        else_=1.0,
    )
    return name_ratio * pairs.schooled_ratio.fill_null(1.0) * against


def _agreeing(people: ir.Table) -> ir.Table:
    """Each pair of persons of two counties that agree in a token, once: the best rank of each comparison, both numbers."""
    agreements = ibis.union(*(_by_rule(people, *rule) for rule in RULES))
    best = agreements.group_by(*PERSON, *OTHER).agg(named=_.named.min(), schooled=_.schooled.min())
    numbers = people.select(*PERSON, *TOKEN_KINDS)
    others = numbers.view().rename({f"other_{name}": name for name in TOKEN_KINDS}, other_county="county_code", other_person="person_id")  # fmt: skip
    pairs_with_numbers = best.inner_join(numbers, PERSON).inner_join(others, OTHER)
    two_names = pairs_with_numbers.name_birth.notnull() & pairs_with_numbers.other_name_birth.notnull()
    return pairs_with_numbers.mutate(both_named=two_names).drop("name_birth", "other_name_birth")


def _by_rule(people: ir.Table, ours: str, theirs: str, what: str, rank: int) -> ir.Table:
    other = people.view().select(other_county="county_code", other_person="person_id", token=theirs)
    matches = people.inner_join(other, [people[ours] == other.token, people.county_code < other.other_county])
    ranks = {
        name: ibis.literal(rank, "int8") if name == what else ibis.null("int8")
        for name in ("named", "schooled")
    }
    return matches.select(*PERSON, *OTHER, **ranks)


def _worth(people: ir.Table, pairs: ir.Table) -> ir.Table:
    """``what, rank, ratio``: how much likelier an agreement is of one person than of two.

    Of two persons it is as frequent as among those whom sound numbers tell apart, but not less than ``_by_chance``: a
    small city has too few pairs to measure what is rare.
    """
    apart = pairs.filter(_.number != _.other_number)
    county_counts = people.filter(_.number.notnull()).group_by("county_code").agg(n=_.count().cast("float64"))
    all_pairs = ((county_counts.n.sum() ** 2 - (county_counts.n * county_counts.n).sum()) / 2).as_scalar()
    weights = read_model().weights
    parts = [
        apart.aggregate(found=(apart[what] == rank).sum().fill_null(0).cast("float64")).select(
            what=ibis.literal(what),
            rank=ibis.literal(rank, "int8"),
            ratio=share
            / ibis.greatest(_.found / ibis.greatest(all_pairs, 1.0), _by_chance(weights)[what][rank]),
        )
        for what, ranks in _same(weights).items()
        for rank, share in ranks.items()
    ]
    return ibis.union(*parts)


def _same(weights: Weights) -> dict[str, dict[int, float]]:
    """Of one person's records under different writings, the share that agrees so: name and birth date are apart."""
    name, birth, student_no = (weights[field] for field in ("name", "birth", "student_no"))
    alike_name = name["equal"]["m"] + name["variant"]["m"]
    same_birth, other = birth["equal"]["m"], 1 - birth["equal"]["m"]
    by_name = {1: alike_name * same_birth, 2: name["sound"]["m"] * same_birth, 3: alike_name * other}
    return {"named": by_name, "schooled": dict.fromkeys((1, 2), student_no["equal"]["m"])}


def _by_chance(weights: Weights) -> dict[str, dict[int, float]]:
    """Of two persons' records, the share that agrees so, as the model was trained."""
    name, birth = weights["name"], weights["birth"]["equal"]["u"]
    alike_name = (name["equal"]["u"] + name["variant"]["u"]) * birth
    return {
        "named": {1: alike_name, 2: name["sound"]["u"] * birth, 3: alike_name},
        "schooled": dict.fromkeys((1, 2), RARE),
    }


def _full_key(pairs: ir.Table, side: str = "") -> ir.StringValue:
    return pairs[f"{side}number"].coalesce(pairs[f"{side}student_number"])


def _with_names(crossing_pairs: pd.DataFrame, counties: list[County]) -> pd.DataFrame:
    """``crossing_pairs`` with the name and number of whom the city's registers know, of either side."""
    parts = [
        c.persons[["person_id", "name", "id18"]].assign(county_code=c.code)
        for c in counties
        if c.is_reperformed
    ]
    register_names = pd.concat(parts, ignore_index=True).drop_duplicates(PERSON)
    sides = []
    for county, person in (PERSON, OTHER):
        who = register_names.rename(columns={"county_code": county, "person_id": person})
        sides.append(crossing_pairs[[county, person]].merge(who, on=[county, person], how="left"))
    first, second = sides
    labelled_rows = crossing_pairs.assign(
        name=first["name"].fillna(second["name"]), id_number=first["id18"].fillna(second["id18"])
    ).astype({"name": object, "id_number": object})
    return labelled_rows.where(labelled_rows.notna(), None)
