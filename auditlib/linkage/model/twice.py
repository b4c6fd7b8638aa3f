"""The register held against itself: two records of one child whose numbers or names differ by a slip.

Only records whose number is not sound are held against the others, and such as share name, birth date and guardian
with a record under another number. A name that differs by more than its spelling is a brother's, a sister's or a
stranger's, unless a character was lost and the two were born on one day, or it differs little and the numbers are a slip
apart: so twins and siblings are no candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import several, yes
from auditlib.linkage.judgements import OF_PUPIL, SAME, Judgement, content, pair_key
from auditlib.linkage.model.comparisons import REGISTER_BLOCKING
from auditlib.linkage.model.distribution import candidates, reaches
from auditlib.linkage.model.leftovers import CUT
from auditlib.linkage.model.match import LINKS, Limits, no_links, nothing_open, open_pairs, scored_shares
from auditlib.linkage.model.population import PupilRows, of_pairs
from auditlib.linkage.model.records import RECORD, Tables, register_records
from auditlib.linkage.model.scoring import explained_rows, scored_pairs
from auditlib.linkage.model.trained import Model, read_model

NAMES_ALIKE = ("equal", "variant", "sound")
NAMES_CUT = ("lost", "character_missing")
NAMES_NEAR = ("one_character", "given")
BORN_ALIKE = ("equal", "near", "swapped")
NUMBERS_ALIKE = ("equal", "one_digit", "swapped", "digit_missing")
NUMBERS_CUT = ("kept", "kept_slip", "birth_part")
ALONE = ibis.null("float64")  # the score of who was made one with nobody
UNITED_TYPES = {"source": "string", "child_id": "string", "united_by": "string", "score": "float64"}


@dataclass(frozen=True)
class Twice:
    """``anchors``: the register's rows, records of one child under one person, by ``links``; ``open_pairs``: perhaps one."""

    anchors: ir.Table
    links: ir.Table
    open_pairs: ir.Table
    shares: ir.Table | None = None  # what the model compared: none where no record was doubtful
    persons: int = 0  # that were made one with another


def enrolled_twice(
    engine: Engine,
    anchors: ir.Table,
    tables: Tables,
    limits: Limits,
    judgements: Sequence[Judgement] = (),
    population: PupilRows | None = None,
) -> Twice:
    """``anchors`` with ``score`` where the model made one person of two, ``decided_by`` it or a person's word.

    ``population``: the same ``anchors``, where their names are to be spelt once for several steps.
    """
    doubtful = engine.keep("doubtful_records", doubtful_records(anchors, tables))
    if not engine.fetch(doubtful.count()):
        links, pairs = no_links(engine, "register_links"), nothing_open(engine, "register_pairs")
        return Twice(anchors.mutate(score=ALONE), links, pairs)
    everybody = population or PupilRows(engine, anchors, tables)
    unknown, records = doubtful_sides(everybody, doubtful)
    register_candidates = register_pairs(everybody, unknown, records)

    def pair_weights(pairs: str) -> ir.Table:
        frequencies = everybody.frequencies
        return explained_rows(
            engine, of_register(), "unknown_doubtful", "register_records", pairs, frequencies
        )

    def with_pair_keys(rows: ir.Table) -> ir.Table:
        ours = unknown.select(record_l="record", said_l=content(unknown, OF_PUPIL))
        theirs = records.select(record_r="record", said_r=content(records, OF_PUPIL))
        sides = rows.inner_join(ours, "record_l").inner_join(theirs, "record_r")
        # The same name for the pair from whichever side it is looked at.
        pair = pair_key(ibis.least(_.said_l, _.said_r), ibis.greatest(_.said_l, _.said_r))
        return sides.mutate(pair=pair).drop("said_l", "said_r")

    candidate_shares, judged_pairs = scored_shares(
        engine, "register", register_candidates, pair_weights, with_pair_keys, judgements
    )
    links = candidate_shares.filter((_.decision == SAME).fill_null(False) | (_.score >= limits.accept))
    links = links.mutate(decided_by=ibis.ifelse((_.decision == SAME).fill_null(False), "review", "model"))
    open_register_pairs = engine.keep(
        "register_pairs", open_pairs(candidate_shares, judged_pairs, links, limits)
    )
    register_links = engine.keep("register_links", links.select(*LINKS))
    children = _children(pairs_united := _united_pairs(engine, links))
    anchors_united = (
        united_rows(engine, anchors, pairs_united, children) if children else anchors.mutate(score=ALONE)
    )
    return Twice(anchors_united, register_links, open_register_pairs, candidate_shares, len(children))


def doubtful_records(anchors: ir.Table, tables: Tables) -> ir.Table:
    """``record`` of those without a sound number, or whose number ends as a spreadsheet cuts it, and of those whose child
    has another number elsewhere."""
    cut = _.id18.endswith(CUT).fill_null(False)
    bare = anchors.filter((_.id18.isnull() | cut) & ~(_.nameless & _.id_number.isnull())).select("source")
    rows_by_birth = anchors.filter(_.id18.notnull() & _.birth.notnull()).group_by("name", "birth")
    namesakes = anchors.semi_join(
        rows_by_birth.agg(differ=several(_.person_id)).filter(yes(_.differ)), ["name", "birth"]
    )
    guardians = tables["enrolment"].select("source", guardian=_.guardian_id18.coalesce(_.guardian_name))
    under = namesakes.inner_join(guardians.filter(_.guardian.notnull()), "source")
    shared_rows = (
        under.group_by("name", "birth", "guardian").agg(differ=several(_.person_id)).filter(yes(_.differ))
    )
    same = under.semi_join(shared_rows, ["name", "birth", "guardian"]).select("source")
    return bare.union(same, distinct=True).select(record="enrolment:" + _.source)


def doubtful_sides(everybody: PupilRows, doubtful: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The ``doubtful`` records, and those of the register that they are compared with."""
    engine, tables, names = everybody.engine, everybody.tables, everybody.names
    rows = everybody.anchors.mutate(record=RECORD).semi_join(doubtful, "record").drop("record")
    unknown = register_records(engine, rows, tables, names, "unknown_doubtful")
    pairs = everybody.keep_pairs(
        "unknown_doubtful", REGISTER_BLOCKING, (*NAMES_ALIKE, *NAMES_CUT, *NAMES_NEAR)
    )
    return unknown, register_records(engine, of_pairs(everybody.anchors, pairs), tables, names)


def register_pairs(everybody: PupilRows, unknown: ir.Table, records: ir.Table) -> ir.Table:
    """The candidates among the pairs of doubtful records and others: other persons who may be the same child."""
    engine, trained_model = everybody.engine, of_register()
    pairs = scored_pairs(engine, trained_model, "unknown_doubtful", "register_records", everybody.frequencies)
    all_candidates = candidates(pairs.filter(alike(pairs)), unknown, records, trained_model, everybody.totals)
    return engine.keep("register_candidates", all_candidates.filter(_.person_id != _.candidate_id))


def of_register() -> Model:
    """The model of two records in the register. Raises ValueError where none was trained."""
    trained_model = read_model().register
    if trained_model is None:
        raise ValueError("the model was not trained on the register; run python -m samples.training")
    return trained_model


def alike(pairs: ir.Table) -> ir.BooleanValue:
    """Names that differ by their spelling alone; by a character lost, of children born on one day; or a little, when the
    numbers are a slip apart. No name is no sign."""
    slip = reaches(pairs, "id_number", NUMBERS_ALIKE)
    is_born_alike = reaches(pairs, "birth", BORN_ALIKE) | reaches(pairs, "id_number", NUMBERS_CUT)
    cut = reaches(pairs, "name", NAMES_CUT) & (slip | is_born_alike)
    return reaches(pairs, "name", NAMES_ALIKE) | cut | (reaches(pairs, "name", NAMES_NEAR) & slip)


def _united_pairs(engine: Engine, links: ir.Table) -> pd.DataFrame:
    pairs = links.select("source", "person_id", "candidate_id", "decided_by", "score")
    return engine.fetch(pairs.distinct().order_by("source", "candidate_id"))


def united_rows(engine: Engine, anchors: ir.Table, pairs: pd.DataFrame, child: dict[str, str]) -> ir.Table:
    """``anchors`` with one ``person_id`` for records of one ``child``: a sound number before any other."""
    rows = pairs.assign(
        child_id=[child[person] for person in pairs["person_id"]], united_by=pairs["decided_by"]
    )
    moved_rows = rows.sort_values(["source", "united_by", "score"]).drop_duplicates("source", keep="last")
    record_links = engine.load("united_records", moved_rows, UNITED_TYPES)
    everyone = pd.DataFrame(sorted(child.items()), columns=["person_id", "child_id"])
    persons = engine.load("united_children", everyone, {"person_id": "string", "child_id": "string"})
    with_children = anchors.left_join(persons, "person_id", rname="{name}_united").drop("person_id_united")
    with_children = with_children.left_join(
        record_links.drop("child_id"), "source", rname="{name}_told"
    ).drop("source_told")
    with_person = with_children.mutate(
        person_id=_.child_id.coalesce(_.person_id), decided_by=_.united_by.coalesce(_.decided_by)
    )
    return engine.keep("united_persons", with_person.drop("child_id", "united_by"))


def _children(links: pd.DataFrame) -> dict[str, str]:
    """Person to child, over chains of links: the handful of persons that have any."""
    child = {person: person for column in ("person_id", "candidate_id") for person in links[column]}
    for person, other in zip(links["person_id"], links["candidate_id"], strict=True):
        one, two = child[person], child[other]
        first = min(one, two, key=preference)
        child = {name: first if of in (one, two) else of for name, of in child.items()}
    return child


def preference(person: str) -> tuple[bool, str]:
    """A number before an identity made of other things."""
    return ":" in person, person
