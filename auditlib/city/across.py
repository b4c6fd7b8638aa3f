"""Across counties: persons paid or enrolled in two, fallback here and paid there, pupils found by a neighbour's register.

Exact: the same sound ID number (``confidence`` 1). Probable: the linkage model's share for the pair
(:mod:`auditlib.city.alike`), from the review threshold of the run's counties on; for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import beside
from auditlib.city.alike import PERSONS, alike
from auditlib.city.counties import County
from auditlib.package.tokens import LOOKED_FOR

YUAN = "decimal(14, 2)"
PERSON = {
    "county_code": "string", "person_id": "string", "name": "string", "id18": "string", "records": "array<string>",
}  # fmt: skip
PAID = {"county_code": "string", "person_id": "string", "name": "string", "id18": "string", "scheme": "string",
        "amount": YUAN, "held": YUAN, "source": "string"}  # fmt: skip
PUPIL = PERSON | {"active": "boolean", "stage": "string", "school_name": "string"}
LETTER = {"county_code": "string", "person_id": "string", "name": "string", "id18": "string", "source": "string",
          "fallback_amount": YUAN}  # fmt: skip
PAIR = ["reason", "county_code", "other_county", "person_id", "other_person", "name", "id_number", "scheme", "amount",
        "other_amount", "confidence", "records", "other_records"]  # fmt: skip


@dataclass(frozen=True)
class Pooled:
    """The counties' tables side by side, each row with its ``county_code``: one row a person and scheme paid, a pupil,
    a person with fallback; ``alike``: who may be whom under different writings."""

    payments: ir.Table
    pupils: ir.Table
    fallback: ir.Table
    persons: ir.Table
    alike: ir.Table


def pool(engine: Engine, counties: list[County]) -> Pooled:
    """Everything that is compared across counties, in one engine."""
    rows = engine.load("city_rows", _all(counties, "payments", PAID), PAID)
    letters = engine.load("city_letters", _all(counties, "letters", LETTER), LETTER)
    persons = engine.load("city_persons", _all(counties, "persons", PERSONS), PERSONS)
    return Pooled(
        # What was taken back is not held in two counties.
        engine.keep(
            "city_payments", _summed_rows(rows.filter(_.held > 0), "payments", "held", scheme=rows.scheme)
        ),
        engine.load("city_pupils", _all(counties, "pupils", PUPIL), PUPIL),
        engine.keep("city_fallback", _summed_rows(_with_fallback(letters), "letters", "amount")),
        persons,
        alike(engine, persons),
    )


def _all(counties: list[County], table: str, schema: dict[str, str]) -> pd.DataFrame:
    parts = [getattr(county, table).assign(county_code=county.code)[list(schema)] for county in counties]
    return pd.concat(parts, ignore_index=True)


def _with_fallback(letters: ir.Table) -> ir.Table:
    return letters.filter(_.fallback_amount > 0).rename(amount="fallback_amount")


def _summed_rows(rows: ir.Table, table: str, yuan: str, **scheme: ir.Value) -> ir.Table:
    """A row a person (and scheme): the yuan (``held`` is the same in each of a person's rows), and the addresses."""
    yuan_together = rows[yuan].max() if yuan == "held" else rows[yuan].sum()
    record = ibis.literal(f"{table}:") + rows.source
    keys = ["county_code", "person_id", *scheme]
    summed_rows = (
        rows.mutate(record=record)
        .group_by(keys)
        .agg(
            name=_.name.min(),
            id18=_.id18.min(),
            amount=yuan_together.cast(YUAN),
            records=_.record.collect().sort(),
        )
    )
    return summed_rows if scheme else summed_rows.mutate(scheme=ibis.null("string"))


def crossing(engine: Engine, pool_of_rows: Pooled, least: float) -> pd.DataFrame:
    """``reason, county_code, other_county, person, … , confidence, records`` of every pair of counties, each pair once.

    ``least``: the share from which on a probable pair is for a person to look at.
    """
    return engine.fetch(pairs_across(pool_of_rows, least))[PAIR]


def pairs_across(pool_of_rows: Pooled, least: float) -> ir.Table:
    """The same as an expression, which says the same on every engine."""
    active = pool_of_rows.pupils.filter(_.active.fill_null(False))
    enrolled = active.mutate(scheme=ibis.null("string"), amount=ibis.literal(0).cast(YUAN))
    maybe = pool_of_rows.alike.filter(_.score >= least)
    paid = pool_of_rows.payments
    pairs = [
        _pairs(paid, paid, maybe, "paid_twice", same_scheme=True, ordered=True),
        _pairs(enrolled, enrolled, maybe, "enrolled_twice", same_scheme=False, ordered=True),
        _pairs(pool_of_rows.fallback, paid, maybe, "fallback_paid", same_scheme=False, ordered=False),
    ]
    return ibis.union(*pairs).order_by("reason", "county_code", "other_county", "person_id", "scheme")


IDENTITY_COLUMNS = ("county_code", "person_id", "name", "id18", "scheme", "amount", "records")


def _pairs(
    ours: ir.Table, theirs: ir.Table, maybe: ir.Table, reason: str, *, same_scheme: bool, ordered: bool
) -> ir.Table:
    a = ours.select(*IDENTITY_COLUMNS)
    b = theirs.select(**{f"other_{name}": theirs[name] for name in IDENTITY_COLUMNS})
    apart = (a.county_code < b.other_county_code) if ordered else (a.county_code != b.other_county_code)
    scheme = (a.scheme == b.other_scheme) if same_scheme else ibis.literal(True)
    exact = a.inner_join(b, [a.id18 == b.other_id18, apart, scheme]).mutate(confidence=ibis.literal(1.0))
    candidates = maybe.rename(
        of_county="county_code", of_person="person_id", in_county="other_county", as_person="other_person"
    )
    from_here = a.inner_join(
        candidates, [a.county_code == candidates.of_county, a.person_id == candidates.of_person]
    )
    county_pairs = from_here.inner_join(
        b, [from_here.in_county == b.other_county_code, from_here.as_person == b.other_person_id]
    )
    county_pairs = county_pairs.filter(_.county_code < _.other_county_code) if ordered else county_pairs
    county_pairs = county_pairs.filter(_.scheme == _.other_scheme) if same_scheme else county_pairs
    probable = county_pairs.mutate(confidence=_.score).select(*exact.columns)
    return exact.union(probable).select(
        reason=ibis.literal(reason),
        county_code=_.county_code,
        other_county=_.other_county_code,
        person_id=_.person_id,
        other_person=_.other_person_id,
        name=_.name,
        id_number=_.id18.coalesce(_.other_id18),
        scheme=_.scheme.coalesce(_.other_scheme),
        amount=_.amount,
        other_amount=_.other_amount,
        confidence=_.confidence,
        records=_.records,
        other_records=_.other_records,
    )  # fmt: skip


REGISTERED_ELSEWHERE = [
    "finding_id",
    "rule",
    "county_code",
    "found_in",
    "active",
    "paid_there",
    "confidence",
    "records",
]
MISSING = dict.fromkeys(("finding_id", "rule", "county_code", "id_number"), "string")


def registered_elsewhere(
    engine: Engine, counties: list[County], pool_of_rows: Pooled, least: float
) -> pd.DataFrame:
    """The counties' missed children whom a neighbour's enrolment register knows: where, active or not, paid there or
    not, and how surely it is the same child (1: the same number)."""
    parts = [c.findings.loc[c.findings["rule"].isin(LOOKED_FOR), list(MISSING)] for c in counties]
    missing = engine.load("city_missing", pd.concat(parts, ignore_index=True), MISSING)
    by_number = pool_of_rows.persons.select("county_code", "id_number", "person_id").filter(
        _.id_number.notnull()
    )
    return found_there(engine, beside(missing, by_number, ["county_code", "id_number"]), pool_of_rows, least)


def found_there(engine: Engine, missing: ir.Table, pool_of_rows: Pooled, least: float) -> pd.DataFrame:
    """The same of the children ``missing`` (``MISSING`` and ``person_id``)."""
    return engine.fetch(children_there(missing, pool_of_rows, least))


def children_there(missing: ir.Table, pool_of_rows: Pooled, least: float) -> ir.Table:
    """The same as an expression, which says the same on every engine."""
    there = pool_of_rows.pupils.select(
        found_in="county_code", there="person_id", id18="id18", active="active", records="records"
    )
    exact = missing.select(*MISSING).distinct()
    exact = exact.inner_join(there, [exact.id_number == there.id18, exact.county_code != there.found_in])
    candidates = (
        exact.mutate(confidence=ibis.literal(1.0))
        .drop("id18")
        .union(_probably_there(missing, there, pool_of_rows, least))
    )
    paid = pool_of_rows.payments.group_by("county_code", "person_id").agg(paid=_.count())
    with_payments = candidates.left_join(
        paid,
        [candidates.found_in == paid.county_code, candidates.there == paid.person_id],
        rname="{name}_paid",
    )
    whereabouts = with_payments.mutate(paid_there=_.paid.notnull()).select(*REGISTERED_ELSEWHERE)
    return whereabouts.order_by("county_code", "finding_id", "found_in")


def _probably_there(missing: ir.Table, there: ir.Table, pool_of_rows: Pooled, least: float) -> ir.Table:
    likely = pool_of_rows.alike.filter(_.score >= least)
    with_candidates = missing.inner_join(likely, ["county_code", "person_id"])
    whereabouts = with_candidates.inner_join(
        there, [with_candidates.other_county == there.found_in, with_candidates.other_person == there.there]
    )
    return whereabouts.select(*MISSING, "found_in", "there", "active", "records", confidence=_.score)


TOKENS = ["kind", "by_registers", "by_tokens", "both", "recall", "precision"]
ONE_PAIR = ["county_code", "other_county", "person_id", "other_person"]
ONE_CHILD = ["finding_id", "found_in"]


def token_recall(
    crossed_rows: pd.DataFrame,
    registered_elsewhere: pd.DataFrame,
    by_tokens: pd.DataFrame,
    elsewhere_by_tokens: pd.DataFrame,
) -> pd.DataFrame:
    """What tokens alone lose, and what they find that registers do not confirm, of the counties that have both.

    A row a kind, ``recall`` and ``precision`` None where there is nothing to divide by. All four frames are of counties
    whose registers the city holds.
    """
    rows = [
        _recall(
            kind,
            *(_distinct(frame[frame["reason"] == kind], ONE_PAIR) for frame in (crossed_rows, by_tokens)),
        )
        for kind in ("paid_twice", "enrolled_twice", "fallback_paid")
    ]
    children = (_distinct(frame, ONE_CHILD) for frame in (registered_elsewhere, elsewhere_by_tokens))
    return pd.DataFrame([*rows, _recall("registered_elsewhere", *children)], columns=TOKENS)


def _recall(
    kind: str, by_registers: set[tuple[str, ...]], by_tokens: set[tuple[str, ...]]
) -> tuple[Any, ...]:
    agreeing = len(by_registers & by_tokens)
    shares = (agreeing / len(pairs) if pairs else None for pairs in (by_registers, by_tokens))
    return kind, len(by_registers), len(by_tokens), agreeing, *shares


def _distinct(frame: pd.DataFrame, columns: list[str]) -> set[tuple[str, ...]]:
    return set(frame[columns].itertuples(index=False, name=None))
