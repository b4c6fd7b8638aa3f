"""The leftovers of the exact keys given to the model: linked, left open for a person to judge, or nobody's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

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
    Judgement,
    content,
    pair_key,
)  # fmt: skip
from auditlib.linkage.model.comparisons import BLOCKING, COMPARISONS
from auditlib.linkage.model.distribution import WORTH_SAYING, candidates, shares
from auditlib.linkage.model.leftovers import leftovers
from auditlib.linkage.model.namesakes import likely, namesakes, unlisted_rows
from auditlib.linkage.model.population import PupilRows, of_pairs
from auditlib.linkage.model.records import (
    KNOWN,
    UNKNOWN,
    ComparedRecords,
    Tables,
    known_pupils,
    unknown_records,
)
from auditlib.linkage.model.scoring import explained_rows, scored_pairs
from auditlib.linkage.model.trained import read_model
from auditlib.tables.audit_tables import AUDIT_TABLES

OPEN_PAIRS = AUDIT_TABLES["open_pairs"].schema
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

    Of the latter ``review`` are for a person to judge; where ``has_judgement`` somebody has judged them, and they say no more than that.
    """

    links: ir.Table
    open_pairs: ir.Table
    shares: ir.Table | None = None  # of what the model compared: none where no row was left over
    comparison: ComparedRecords | None = None


def match(
    engine: Engine,
    others: ir.Table,
    anchors: ir.Table,
    tables: Tables,
    limits: Limits = USUAL,
    judgements: Sequence[Judgement] = (),
    population: PupilRows | None = None,
) -> Matched:
    """What the model says of the rows of ``others`` that no key decided.

    ``population``: the same ``anchors``, where their names are spelt already.
    """
    unlinked_rows = engine.keep("leftovers", leftovers(others, anchors))
    if not engine.fetch(unlinked_rows.count()) or not engine.fetch(anchors.count()):
        return Matched(no_links(engine), nothing_open(engine))
    everybody = population or PupilRows(engine, anchors, tables)
    names = everybody.names_with(unlinked_rows)
    unknown = unknown_records(engine, unlinked_rows, tables, others, names)
    model, frequencies = read_model(), everybody.frequencies
    shared_names = namesakes(everybody)
    if shared_names is None:
        candidate_pairs, rest = everybody.keep_pairs(UNKNOWN, BLOCKING), None
    else:
        of_names = shared_names.odds_by_name(unknown, model)
        candidate_pairs = shared_names.keep_pairs(others, likely(of_names))
        rest = engine.keep("namesakes_unlisted", unlisted_rows(of_names, candidate_pairs))
    pupils = known_pupils(engine, anchors, tables, others, names, of_pairs(anchors, candidate_pairs))
    pairs = scored_pairs(engine, model, UNKNOWN, KNOWN, frequencies)
    pair_candidates = engine.keep(
        "linkage_candidates", candidates(pairs, unknown, pupils, model, everybody.totals, rest)
    )

    def with_pair_keys(rows: ir.Table) -> ir.Table:
        of_record = unknown.select(record_l=_.record, of_record=content(unknown, OF_RECORD))
        of_pupil = pupils.select(record_r=_.record, of_pupil=content(pupils, OF_PUPIL))
        contents = rows.inner_join(of_record, "record_l").inner_join(of_pupil, "record_r")
        return contents.mutate(pair=pair_key(_.of_record, _.of_pupil)).drop("of_record", "of_pupil")

    def pair_weights(pairs: str) -> ir.Table:
        return explained_rows(engine, model, UNKNOWN, KNOWN, pairs, frequencies)

    candidate_shares, judged_pairs = scored_shares(
        engine, "linkage", pair_candidates, pair_weights, with_pair_keys, judgements
    )
    return replace(
        matches_at(engine, candidate_shares, judged_pairs, limits),
        shares=candidate_shares,
        comparison=ComparedRecords(unknown, pupils, pairs),
    )


def scored_shares(
    engine: Engine,
    name: str,
    pair_candidates: ir.Table,
    pair_weights: Callable[[str], ir.Table],
    with_pair_keys: Callable[[ir.Table], ir.Table],
    judgements: Sequence[Judgement],
) -> tuple[ir.Table, ir.Table]:
    """The share of each candidate, kept as table ``<name>_shares``; and the pairs on which somebody's judgement is final.

    ``pair_candidates``: one row a record and pupil (CANDIDATE). ``pair_weights``: levels and weights of
    the pairs of a kept table. ``with_pair_keys``: adds the key ``pair``, under which judgements are kept. Only candidates worth showing get key,
    levels and weights: a record without a number may have thousands.
    """
    if not judgements:
        empty_columns = {column: ibis.null("string") for column in ("decision", "judged_by", "judged_on")}
        all_candidates, judged_pairs = (
            pair_candidates.mutate(**empty_columns),
            nothing_open(engine, f"{name}_judged_pairs"),
        )
    else:
        all_candidates = engine.keep(
            f"{name}_judged",
            with_judgements(engine, with_pair_keys(pair_candidates), judgements).drop("pair"),
        )
        final = engine.keep(f"{name}_final", all_candidates.filter(_.decision.isin([SAME, DIFFERENT])))
        judged_pairs = engine.keep(
            f"{name}_judged_pairs", _judged_pairs(_described_rows(final, pair_weights, with_pair_keys))
        )
    all_shares = shares(all_candidates.filter(_.decision.fill_null("") != DIFFERENT))
    worth = all_shares.filter((_.score >= WORTH_SAYING) | _.decision.notnull())
    worth_saying = engine.keep(f"{name}_worth_saying", worth)
    return engine.keep(
        f"{name}_shares", _described_rows(worth_saying, pair_weights, with_pair_keys)
    ), judged_pairs


def _described_rows(
    pairs: ir.Table, pair_weights: Callable[[str], ir.Table], with_pair_keys: Callable[[ir.Table], ir.Table]
) -> ir.Table:
    """The pairs of a kept table with the name, levels and weights of each."""
    described_pairs = with_pair_keys(pairs).inner_join(
        pair_weights(pairs.get_name()), ["record_l", "record_r"]
    )
    return described_pairs.mutate(levels=levels_reached(described_pairs))


def _judged_pairs(final: ir.Table) -> ir.Table:
    nothing = ibis.literal(0.0)
    final_pairs = final.mutate(
        score=nothing, elsewhere=nothing, review=ibis.literal(True), has_judgement=ibis.literal(True)
    )
    return final_pairs.select(*OPEN_PAIRS)


def matches_at(engine: Engine, candidate_shares: ir.Table, judged_pairs: ir.Table, limits: Limits) -> Matched:
    """What the shares ``candidate_shares`` and ``judged_pairs`` (those that people have judged) come to at these limits."""
    links = engine.keep("model_links", _links(candidate_shares, limits))
    return Matched(
        links, engine.keep("open_pairs", open_pairs(candidate_shares, judged_pairs, links, limits))
    )


def no_links(engine: Engine, name: str = "model_links") -> ir.Table:
    """No links."""
    return engine.nothing(name, LINKS)


def nothing_open(engine: Engine, name: str = "open_pairs") -> ir.Table:
    """No open pairs."""
    return engine.nothing(name, OPEN_PAIRS)


def with_judgements(engine: Engine, pair_candidates: ir.Table, judgements: Sequence[Judgement]) -> ir.Table:
    """Pairs with what people decided about them."""
    import pandas as pd

    frame = pd.DataFrame([asdict(judgement) for judgement in judgements], columns=list(SCHEMA))
    judged_pairs = pair_candidates.left_join(
        engine.load("review_decisions", frame, SCHEMA), "pair", rname="{name}_judged"
    )
    return judged_pairs.drop("pair_judged")


def _links(candidate_shares: ir.Table, limits: Limits) -> ir.Table:
    """A person's word first, then the model's: one pupil a row."""
    same = (_.decision == SAME).fill_null(False)
    best = ibis.window(group_by="record_l", order_by=[same.desc(), _.score.desc(), _.candidate_id])
    first = candidate_shares.mutate(same=same, place=ibis.row_number().over(best)).filter(_.place == 0)
    decided_rows = first.filter(_.same | (_.score >= limits.accept))
    return decided_rows.mutate(decided_by=ibis.ifelse(_.same, "review", "model")).select(*LINKS)


def open_pairs(
    candidate_shares: ir.Table, judged_pairs: ir.Table, links: ir.Table, limits: Limits
) -> ir.Table:
    """Pairs of rows that stay unlinked, a tie open as a whole, however many share it; and all that are judged."""
    linked = links.select("table", "source")
    best = _.score.max().over(ibis.window(group_by="record_l"))
    unlinked_rows = (
        candidate_shares.anti_join(linked, ["table", "source"])
        .mutate(best=best)
        .filter(_.score >= WORTH_SAYING)
    )
    maybe = (1 - _.elsewhere >= limits.review) & (_.score * 2 >= _.best)
    unjudged_rows = unlinked_rows.mutate(review=maybe, has_judgement=ibis.literal(False)).select(*OPEN_PAIRS)
    return unjudged_rows.union(judged_pairs)


def levels_reached(pairs: ir.Table) -> ir.StringValue:
    """``id_number:one_digit name:equal``: every comparison that says something, in their order."""
    level_codes: ir.StringValue = ibis.literal("")
    for comparison in COMPARISONS:
        highest = len(comparison.levels) - 2
        names = [
            (highest - at, f" {comparison.name}:{level.name}")
            for at, level in enumerate(comparison.levels[1:])
        ]
        level_codes = level_codes + pairs[f"gamma_{comparison.name}"].cases(*names, else_="")
    return level_codes.strip()
