"""Across counties: persons paid or enrolled in two, fallback here and paid there, pupils found by a neighbour's register.

Exact: the same sound ID number (``confidence`` 1). Probable: the same name and birth date, the numbers one digit or one
swap apart (0.9), or one of them missing or unsound where name and birth date are single in either county (0.6). The
probable ones are for a person to look at; their figures are levels, not estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.engine import Engine
from auditlib.recheck.counties import County

YUAN = "decimal(14, 2)"
NEAR, LOOSE = 0.9, 0.6
ONE_CHANGE = 2  # a digit changed counts 1, two swapped count 2
PERSON = {
    "county_code": "string", "person_id": "string", "name": "string", "id18": "string", "birth": "date",
    "records": "array<string>",
}  # fmt: skip
PAID = PERSON | {"scheme": "string", "amount": YUAN}
PUPIL = PERSON | {"active": "boolean", "stage": "string", "school_name": "string"}
ELIGIBLE = PERSON | {"eligible": "boolean", "enrolled": "boolean"}
LETTER = PERSON | {"fallback_amount": YUAN}
PAIR = ["reason", "county_code", "other_county", "person_id", "other_person", "name", "id_number", "scheme", "amount",
        "other_amount", "confidence", "records", "other_records"]  # fmt: skip


@dataclass(frozen=True)
class Pooled:
    """The counties' tables side by side, each row with its ``county_code``."""

    payments: ir.Table
    pupils: ir.Table
    eligible: ir.Table
    letters: ir.Table


def pool(engine: Engine, counties: list[County]) -> Pooled:
    """One row a person and scheme paid, a pupil, an eligible person, a letter with fallback."""
    return Pooled(
        engine.load("city_payments", _all(counties, _paid, PAID), PAID),
        engine.load("city_pupils", _all(counties, lambda c: c.pupils, PUPIL), PUPIL),
        engine.load("city_eligible", _all(counties, lambda c: c.eligible, ELIGIBLE), ELIGIBLE),
        engine.load("city_letters", _all(counties, _fallback, LETTER), LETTER),
    )


def _all(counties: list[County], rows, schema) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    parts = [rows(county).assign(county_code=county.code)[list(schema)] for county in counties]
    return pd.concat(parts, ignore_index=True)


def _paid(county: County) -> pd.DataFrame:
    births = county.pupils[["person_id", "birth"]]
    rows = county.payments.assign(record="payments:" + county.payments["source"])
    keys = ["person_id", "scheme"]
    grouped = rows.groupby(keys, as_index=False, dropna=False).agg(
        name=("name", "min"), id18=("id18", "min"), amount=("amount", "sum"), records=("record", list)
    )
    return grouped.merge(births, on="person_id", how="left")


def _fallback(county: County) -> pd.DataFrame:
    rows = county.letters[county.letters["fallback_amount"].notna()]
    births = county.eligible[["person_id", "birth"]]
    records = pd.Series([[f"letters:{source}"] for source in rows["source"]], index=rows.index, dtype=object)
    return rows.assign(records=records).merge(births, on="person_id", how="left")


def crossing(engine: Engine, pooled: Pooled) -> pd.DataFrame:
    """``reason, county_code, other_county, person, … , confidence, records`` of every pair of counties, each pair once."""
    active = pooled.pupils.filter(_.active.fill_null(False))
    enrolled = active.mutate(scheme=ibis.null("string"), amount=ibis.literal(0).cast(YUAN))
    fallback = pooled.letters.filter(_.fallback_amount > 0).mutate(
        scheme=ibis.null("string"), amount=_.fallback_amount
    )
    pairs = [
        _pairs(pooled.payments, pooled.payments, "paid_twice", same_scheme=True, ordered=True),
        _pairs(enrolled, enrolled, "enrolled_twice", same_scheme=False, ordered=True),
        _pairs(fallback, pooled.payments, "fallback_paid", same_scheme=False, ordered=False),
    ]
    found = engine.fetch(
        ibis.union(*pairs).order_by("reason", "county_code", "other_county", "person_id", "scheme")
    )
    return found[PAIR]


SAID = ("county_code", "person_id", "name", "id18", "birth", "scheme", "amount", "records", "namesakes")


def _pairs(left: ir.Table, right: ir.Table, reason: str, *, same_scheme: bool, ordered: bool) -> ir.Table:
    left, right = (_with_namesakes(rows) for rows in (left, right))
    a = left.select(*SAID)
    b = right.select(**{f"other_{name}": right[name] for name in SAID})
    apart = (a.county_code < b.other_county_code) if ordered else (a.county_code != b.other_county_code)
    scheme = (a.scheme == b.other_scheme) if same_scheme else ibis.literal(True)
    exact = a.join(b, [a.id18 == b.other_id18, apart, scheme]).mutate(confidence=ibis.literal(1.0))
    # Equi-joined on name, then narrowed: birth dates and numbers that a typist may have slipped on.
    alike = a.join(b, [a.name == b.other_name, a.birth == b.other_birth, apart, scheme])
    single = (alike.namesakes == 1) & (alike.other_namesakes == 1)
    distance = alike.id18.levenshtein(alike.other_id18)
    level = ibis.cases(
        (distance == 0, 0.0), (distance <= ONE_CHANGE, NEAR), (distance.isnull() & single, LOOSE), else_=0.0
    )
    probable = alike.mutate(confidence=level).filter(_.confidence > 0)
    both = exact.union(probable)
    return both.select(
        reason=ibis.literal(reason),
        county_code=_.county_code,
        other_county=_.other_county_code,
        person_id=_.person_id,
        other_person=_.other_person_id,
        name=_.name,
        id_number=_.id18,
        scheme=_.scheme.coalesce(_.other_scheme),
        amount=_.amount,
        other_amount=_.other_amount,
        confidence=_.confidence,
        records=_.records,
        other_records=_.other_records,
    )  # fmt: skip


def _with_namesakes(rows: ir.Table) -> ir.Table:
    """How many persons of a county have this name and birth date."""
    keys = ["county_code", "name", "birth"]
    counted = rows.group_by(keys).agg(namesakes=_.person_id.nunique())
    return rows.left_join(counted, keys, rname="{name}_counted").drop(*(f"{key}_counted" for key in keys))


SETTLED = ["finding_id", "rule", "county_code", "found_in", "active", "paid_there", "records"]
LOOKED_FOR = ("missed.not_found", "missed.out_of_county")


def settled(engine: Engine, counties: list[County], pooled: Pooled) -> pd.DataFrame:
    """The counties' missed children whom a neighbour's enrolment register knows: where, active or not, paid there or not."""
    looked_for = pd.concat(
        [
            c.findings.loc[
                c.findings["rule"].isin(LOOKED_FOR), ["finding_id", "rule", "county_code", "id_number"]
            ]
            for c in counties
        ],
        ignore_index=True,
    )
    schema = dict.fromkeys(("finding_id", "rule", "county_code", "id_number"), "string")
    missing = engine.load("city_missing", looked_for, schema)
    there = pooled.pupils.select(found_in="county_code", id18="id18", active="active", records="records")
    paid = pooled.payments.group_by("county_code", "id18").agg(paid=_.count())
    both = missing.join(there, [missing.id_number == there.id18, missing.county_code != there.found_in])
    both = both.left_join(
        paid, [both.found_in == paid.county_code, both.id18 == paid.id18], rname="{name}_paid"
    )
    made = both.select(
        "finding_id",
        "rule",
        "county_code",
        "found_in",
        "active",
        "records",
        paid_there=_.paid.notnull(),
    )
    return engine.fetch(made.order_by("county_code", "finding_id", "found_in"))[SETTLED]


TOKENS = ["kind", "by_registers", "by_tokens", "both", "recall"]


def token_recall(counties: list[County], crossed: pd.DataFrame) -> pd.DataFrame:
    """What is lost where counties hand in keyed tokens only: pairs found by registers and by tokens, per kind.

    By tokens a person is one sound number; who is found by name and birth date alone is lost.
    """
    rows = []
    for kind, table in (("paid_twice", "payments"), ("enrolled_twice", "enrolment")):
        found = _by_tokens(counties, table)
        known = crossed[crossed["reason"] == kind]
        pairs = set(
            zip(
                known["county_code"],
                known["other_county"],
                known["person_id"],
                known["confidence"],
                strict=True,
            )
        )
        exact = sum(confidence == 1 for *_, confidence in pairs)
        rows.append((kind, len(pairs), len(found), exact, exact / len(pairs) if pairs else None))
    return pd.DataFrame(rows, columns=TOKENS)


def _by_tokens(counties: list[County], table: str) -> pd.DataFrame:
    """``person, first, second``: tokens of ``table`` that two counties have in common."""
    parts = [
        c.fingerprints.loc[c.fingerprints["table"] == table, ["person"]]
        .dropna()
        .drop_duplicates()
        .assign(county=c.code)
        for c in counties
        if c.fingerprints is not None
    ]
    if not parts:
        return pd.DataFrame(columns=["person", "first", "second"])
    tokens = pd.concat(parts, ignore_index=True)
    both = tokens.merge(tokens, on="person", suffixes=("", "_other"))
    return both[both["county"] < both["county_other"]]
