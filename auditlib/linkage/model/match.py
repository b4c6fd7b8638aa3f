"""The leftovers of the exact keys given to the model: linked, left open for a person to judge, or nobody's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.linkage.judgements import (
    DIFFERENT,
    OF_PUPIL,
    OF_RECORD,
    SAME,
    SCHEMA,
    Decision,
    content,
    pair_key,
)  # fmt: skip
from auditlib.linkage.model.comparisons import COMPARISONS
from auditlib.linkage.model.distribution import WORTH_SAYING, candidates, shares
from auditlib.linkage.model.leftovers import leftovers
from auditlib.linkage.model.names import spelt
from auditlib.linkage.model.records import Tables, known_pupils, unknown_records
from auditlib.linkage.model.scoring import scored, with_frequencies
from auditlib.linkage.model.trained import read_model

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
    model = read_model()
    with_frequencies(engine, pupils, "known_pupils")
    pairs = scored(engine, model, "unknown_records", "known_pupils")
    found = engine.keep("linkage_candidates", candidates(pairs, unknown, pupils, model))

    def named(rows: ir.Table) -> ir.Table:
        of_record = unknown.select(record_l=_.record, of_record=content(unknown, OF_RECORD))
        of_pupil = pupils.select(record_r=_.record, of_pupil=content(pupils, OF_PUPIL))
        both = rows.inner_join(of_record, "record_l").inner_join(of_pupil, "record_r")
        return both.mutate(pair=pair_key(_.of_record, _.of_pupil)).drop("of_record", "of_pupil")

    told, settled = weighed(engine, "linkage", found, pairs, named, decisions)
    return settle(engine, told, settled, limits)


def weighed(
    engine: Engine,
    name: str,
    found: ir.Table,
    pairs: ir.Table,
    named: Callable[[ir.Table], ir.Table],
    decisions: Sequence[Decision],
) -> tuple[ir.Table, ir.Table]:
    """The shares of the candidates ``found``, kept as ``<name>_shares``, and the pairs that people have settled.

    ``named`` puts ``pair`` beside a pair. That, the levels and weights of ``pairs`` and their words are put beside what
    is worth saying only: a record without a number may have thousands of candidates.
    """
    if not decisions:
        undecided = {column: ibis.null("string") for column in ("decision", "judged_by", "judged_on")}
        known, settled = found.mutate(**undecided), nothing_open(engine, f"{name}_settled")
    else:
        known = engine.keep(f"{name}_judged", judged(engine, named(found), decisions).drop("pair"))
        final = known.filter(_.decision.isin([SAME, DIFFERENT]))
        settled = engine.keep(f"{name}_settled", _settled(_told(final, pairs, named)))
    whole = shares(known.filter(_.decision.fill_null("") != DIFFERENT))
    worth = whole.filter((_.score >= WORTH_SAYING) | _.decision.notnull())
    return engine.keep(
        f"{name}_shares", _told(engine.keep(f"{name}_worth_saying", worth), pairs, named)
    ), settled


def _told(rows: ir.Table, pairs: ir.Table, named: Callable[[ir.Table], ir.Table]) -> ir.Table:
    """``rows`` with the name, levels and weights of each pair."""
    both = named(rows).inner_join(pairs.drop("match_weight"), ["record_l", "record_r"])
    return both.mutate(levels=levels_reached(both))


def _settled(final: ir.Table) -> ir.Table:
    nothing = ibis.literal(0.0)
    told = final.mutate(
        score=nothing, elsewhere=nothing, review=ibis.literal(True), settled=ibis.literal(True)
    )
    return told.select(*OPEN_PAIRS)


def settle(engine: Engine, told: ir.Table, settled: ir.Table, limits: Limits) -> Matched:
    """What the shares ``told`` and the pairs that people have ``settled`` come to at these limits."""
    links = engine.keep("model_links", _links(told, limits))
    return Matched(links, engine.keep("open_pairs", open_pairs(told, settled, links, limits)))


def no_links(engine: Engine, name: str = "model_links") -> ir.Table:
    """No links."""
    return _none(engine, name, LINKS)


def nothing_open(engine: Engine, name: str = "open_pairs") -> ir.Table:
    """No open pairs."""
    return _none(engine, name, OPEN_PAIRS)


def _none(engine: Engine, name: str, schema: dict[str, str]) -> ir.Table:
    import pandas as pd

    return engine.load(name, pd.DataFrame(columns=list(schema)), schema)


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


def open_pairs(told: ir.Table, settled: ir.Table, links: ir.Table, limits: Limits) -> ir.Table:
    """Pairs of rows that stay unlinked, a tie open as a whole, however many share it; and all that are judged."""
    linked = links.select("table", "source")
    best = _.score.max().over(ibis.window(group_by="record_l"))
    left = told.anti_join(linked, ["table", "source"]).mutate(best=best).filter(_.score >= WORTH_SAYING)
    maybe = (1 - _.elsewhere >= limits.review) & (_.score * 2 >= _.best)
    unsettled = left.mutate(review=maybe, settled=ibis.literal(False)).select(*OPEN_PAIRS)
    return unsettled.union(settled)


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
