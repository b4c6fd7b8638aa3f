"""The leftovers of the exact keys given to the model: linked, left open for a person to judge, or nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.engine import Engine
from auditlib.matching.comparisons import COMPARISONS
from auditlib.matching.decisions import DIFFERENT, SAME, SCHEMA, Decision
from auditlib.matching.distribution import candidates, shares
from auditlib.matching.leftovers import leftovers
from auditlib.matching.model import read_model
from auditlib.matching.names import spelt
from auditlib.matching.records import Tables, known_pupils, unknown_records
from auditlib.matching.scoring import scored, with_frequencies

WORTH_SAYING = 0.001  # a candidate with less changes no confidence that is shown
OPEN_PAIRS = {
    **dict.fromkeys(("table", "source", "person_id", "register_source", "candidate_id", "levels"), "string"),
    **dict.fromkeys(("score", "elsewhere", "match_weight"), "float64"),
    **dict.fromkeys(("review", "settled"), "boolean"),
    **dict.fromkeys(("pair", "decision", "judged_by", "judged_on"), "string"),
}
LINKS = dict.fromkeys(
    ("table", "source", "register_source", "candidate_id", "decided_by", "levels"), "string"
) | {"score": "float64"}


@dataclass(frozen=True)
class Limits:
    """``accept``: the same person from here on; ``review``: to be judged by a person from here on."""

    accept: float = 0.95
    review: float = 0.5


USUAL = Limits()


@dataclass(frozen=True)
class Matched:
    """``links``: rows that are a pupil after all; ``open_pairs``: who the others might be.

    Of the latter ``review`` are for a person to judge, and ``settled`` are judged: they say no more than that.
    """

    links: ir.Table
    open_pairs: ir.Table


def match(
    engine: Engine,
    others: ir.Table,
    anchors: ir.Table,
    tables: Tables,
    limits: Limits = USUAL,
    decisions: Sequence[Decision] = (),
) -> Matched:
    """What the model says of the rows of ``others`` that no key decided. Without any, Splink is not even imported."""
    lost = engine.keep("leftovers", leftovers(others, anchors))
    if not engine.fetch(lost.count()) or not engine.fetch(anchors.count()):
        return Matched(no_links(engine), nothing_open(engine))
    names = spelt(engine, lost, anchors)
    unknown = unknown_records(engine, lost, tables, others, names)
    pupils = known_pupils(engine, anchors, tables, others, names)
    known = judged(engine, _candidates(engine, unknown, pupils), decisions)
    told = engine.keep("linkage_shares", shares(known.filter(_.decision.fill_null("") != DIFFERENT)))
    return settle(engine, told, known, limits)


def settle(engine: Engine, told: ir.Table, known: ir.Table, limits: Limits) -> Matched:
    """What the shares ``told`` and the pairs ``known``, with what people decided, come to at these limits."""
    links = engine.keep("model_links", _links(told, limits))
    return Matched(links, engine.keep("open_pairs", open_pairs(told, known, links, limits)))


def no_links(engine: Engine, name: str = "model_links") -> ir.Table:
    """No links."""
    return _none(engine, name, LINKS)


def nothing_open(engine: Engine, name: str = "open_pairs") -> ir.Table:
    """No open pairs."""
    return _none(engine, name, OPEN_PAIRS)


def _none(engine: Engine, name: str, schema: dict[str, str]) -> ir.Table:
    import pandas as pd

    return engine.load(name, pd.DataFrame(columns=list(schema)), schema)


def _candidates(engine: Engine, unknown: ir.Table, pupils: ir.Table) -> ir.Table:
    model = read_model()
    with_frequencies(engine, pupils, "known_pupils")
    found = candidates(scored(engine, model, "unknown_records", "known_pupils"), unknown, pupils, model)
    return engine.keep("linkage_candidates", found.mutate(levels=levels_reached(found)))


def judged(engine: Engine, found: ir.Table, decisions: Sequence[Decision]) -> ir.Table:
    """Pairs with what people decided about them."""
    import pandas as pd

    frame = pd.DataFrame([asdict(decision) for decision in decisions], columns=list(SCHEMA))
    both = found.left_join(engine.load("review_decisions", frame, SCHEMA), "pair", rname="{name}_judged")
    return both.drop("pair_judged")


def _links(told: ir.Table, limits: Limits) -> ir.Table:
    """A person's word first, then the model's: one pupil a row."""
    same = (_.decision == SAME).fill_null(False)
    best = ibis.window(group_by="record_l", order_by=[same.desc(), _.score.desc(), _.candidate_id])
    first = told.mutate(same=same, place=ibis.row_number().over(best)).filter(_.place == 0)
    decided = first.filter(_.same | (_.score >= limits.accept))
    return decided.mutate(decided_by=ibis.ifelse(_.same, "review", "model")).select(*LINKS)


def open_pairs(told: ir.Table, known: ir.Table, links: ir.Table, limits: Limits) -> ir.Table:
    """Pairs of rows that stay unlinked, a tie open as a whole, however many share it; and all that are judged."""
    linked = links.select("table", "source")
    best = _.score.max().over(ibis.window(group_by="record_l"))
    left = told.anti_join(linked, ["table", "source"]).mutate(best=best).filter(_.score >= WORTH_SAYING)
    maybe = (1 - _.elsewhere >= limits.review) & (_.score * 2 >= _.best)
    unsettled = left.mutate(review=maybe, settled=ibis.literal(False)).select(*OPEN_PAIRS)
    nothing = ibis.literal(0.0)
    final = known.filter(_.decision.isin([SAME, DIFFERENT]))
    settled = final.mutate(
        score=nothing, elsewhere=nothing, review=ibis.literal(True), settled=ibis.literal(True)
    )
    return unsettled.union(settled.select(*OPEN_PAIRS))


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
