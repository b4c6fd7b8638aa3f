"""The leftovers of the exact keys given to the model: linked, left open for a person to judge, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.engine import Engine
from auditlib.matching.comparisons import COMPARISONS
from auditlib.matching.distribution import shares
from auditlib.matching.leftovers import leftovers
from auditlib.matching.model import Model, read_model
from auditlib.matching.names import spelt
from auditlib.matching.records import Tables, known_pupils, unknown_records
from auditlib.matching.scoring import scored, with_frequencies

WORTH_SAYING = 0.001  # a candidate with less changes no confidence that is shown
OPEN_PAIRS = {
    **dict.fromkeys(("table", "source", "person_id", "register_source", "candidate_id", "levels"), "string"),
    **dict.fromkeys(("score", "elsewhere", "weight"), "float64"),
    "review": "boolean",
    "pair": "string",
}
LINKS = dict.fromkeys(("table", "source", "candidate_id", "decided_by", "levels"), "string") | {
    "score": "float64"
}


@dataclass(frozen=True)
class Limits:
    """``accept``: the same person from here on; ``review``: to be judged by a person from here on."""

    accept: float = 0.95
    review: float = 0.5


USUAL = Limits()


@dataclass(frozen=True)
class Matched:
    """``links``: rows that are a pupil after all; ``open_pairs``: who the others might be (``review``: to be judged)."""

    links: ir.Table
    open_pairs: ir.Table


def match(engine: Engine, others: ir.Table, anchors: ir.Table, tables: Tables, limits: Limits) -> Matched:
    """What the model says of the rows of ``others`` that no key decided. Without any, Splink is not even imported."""
    lost = engine.keep("leftovers", leftovers(others, anchors))
    if not engine.fetch(lost.count()) or not engine.fetch(anchors.count()):
        return Matched(_none(engine, "model_links", LINKS), _none(engine, "open_pairs", OPEN_PAIRS))
    names = spelt(engine, lost, anchors)
    unknown = unknown_records(engine, lost, tables, names)
    pupils = known_pupils(engine, anchors, tables, others, names)
    told = _distributed(engine, read_model(), unknown, pupils)
    accepted = told.score >= limits.accept
    links = told.filter(accepted).mutate(decided_by=ibis.literal("model")).select(*LINKS)
    return Matched(engine.keep("model_links", links), engine.keep("open_pairs", _open(told, limits)))


def _none(engine: Engine, name: str, schema: dict[str, str]) -> ir.Table:
    import pandas as pd

    return engine.load(name, pd.DataFrame(columns=list(schema)), schema)


def _distributed(engine: Engine, model: Model, unknown: ir.Table, pupils: ir.Table) -> ir.Table:
    with_frequencies(engine, pupils, "known_pupils")
    pairs = scored(engine, model, "unknown_records", "known_pupils")
    told = shares(pairs, unknown, pupils, model)
    return engine.keep("linkage_shares", told.mutate(levels=levels_reached(told), weight=_.match_weight))


def _open(told: ir.Table, limits: Limits) -> ir.Table:
    """Pairs of rows that stay unlinked; a tie is open as a whole, however many share it."""
    best = ibis.window(group_by="record_l")
    unsettled = told.mutate(best=_.score.max().over(best)).filter(
        _.best < limits.accept, _.score >= WORTH_SAYING
    )
    maybe = (1 - _.elsewhere >= limits.review) & (_.score * 2 >= _.best)
    return unsettled.mutate(review=maybe, pair=pair_key(unsettled)).select(*OPEN_PAIRS)


def pair_key(pairs: ir.Table) -> ir.StringValue:
    return (pairs.record_l + "|" + pairs.record_r).hexdigest("sha256").substr(0, 16)


def levels_reached(pairs: ir.Table) -> ir.StringValue:
    """``id_number:one_digit name:equal``: every comparison that says something, in their order."""
    told: ir.StringValue = ibis.literal("")
    for comparison in COMPARISONS:
        highest = len(comparison.levels) - 2
        names = [
            (highest - at, f" {comparison.name}:{level.name}")
            for at, level in enumerate(comparison.levels[1:])
        ]
        told = told + pairs[f"gamma_{comparison.name}"].cases(*names, else_="")
    return told.strip()
