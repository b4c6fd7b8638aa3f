"""From pairs to records: who a record is, as shares over its candidates and *not in the register* that add up to one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import beside
from auditlib.linkage.model.comparisons import BY_NAME
from auditlib.linkage.model.records import places_of
from auditlib.linkage.model.trained import PAIR_PRIOR, Model

DIGITS = 9
OTHER_NAME = ("one_character", "character_missing", "given", "surname", "differs")
MANY = 0.5  # the share of pupils among leftovers of a kind that the model was not trained on
KINDS = ("numbered", "bare")  # how the place of a record ends: does it tell an ID number?
WORTH_SAYING = 0.001  # a candidate with less changes no confidence that is shown
NUMBER_ALIKE = ("equal", "kept", "one_digit", "swapped", "digit_missing", "kept_slip", "few_digits")
CANDIDATE = (
    "record_l", "record_r", "table", "source", "person_id", "register_source", "candidate_id", "place", "match_weight",
    "odds", "unlisted",
)  # fmt: skip


@dataclass(frozen=True)
class Everybody:
    """The register as a whole: how many pupils it has, and at which ``schools`` (``school``)."""

    pupil_count: ir.IntegerScalar
    schools: ir.Table


def candidates(
    pairs: ir.Table,
    unknown: ir.Table,
    pupils: ir.Table,
    model: Model,
    everybody: Everybody | None = None,
    unlisted_rows: ir.Table | None = None,
) -> ir.Table:
    """One row per leftover and pupil who might be it: CANDIDATE. What else the pair says is put beside the few that are
    worth saying, later.

    ``everybody``: the whole register, where ``pupils`` are those alone that stand in a pair;
    ``unlisted_rows``: ``record_l, unlisted, named``, the odds of the namesakes that are counted instead of listed, all and each.

    A leftover is a pupil with the prior probability of its kind, each of the N pupils alike; the pair's weight
    moves that. A pupil with several records counts once, with the best of them; one whom the record's household lists
    beside the record is a brother or sister, and no candidate; nor is one of another name and another number, whatever
    else the two share. Where a pupil bears the very name of the record, no other is likelier by school and card: a card is
    a family's, and brothers and sisters share it.
    """
    register_whole = everybody or Everybody(pupils.person_id.nunique().as_scalar(), pupils.select("school"))
    register = pupils.select(record_r=_.record, register_source=_.source, candidate_id=_.person_id)
    described_rows = pairs.mutate(own_name=reaches(pairs, "name", ("equal",)), by_family=by_family(pairs))
    described_pairs = described_rows.filter(~unlike(pairs)).select(
        "record_l", "record_r", "match_weight", "own_name", "by_family"
    )
    candidate_pairs = with_odds(described_pairs, unknown, register_whole, model).inner_join(
        register, "record_r"
    )
    candidate_pairs = candidate_pairs.filter(~_.household.contains(_.candidate_id).fill_null(False))
    return _listed_once(_best_records(_capped_rows(candidate_pairs, unlisted_rows))).select(*CANDIDATE)


def with_odds(pairs: ir.Table, unknown: ir.Table, everybody: Everybody, model: Model) -> ir.Table:
    """``pairs`` (``record_l, match_weight``) with what of the leftover is asked, and ``odds``: before the candidates share."""
    pupil_count = everybody.pupil_count.cast("float64")
    place_prior = _.place.cases(*sorted(model.pupil_shares.items()), else_=MANY)
    placed_rows = unknown.inner_join(places_of(unknown, everybody.schools), "record").mutate(
        prior=place_prior
    )
    sides = placed_rows.select(
        "table", "source", "person_id", "place", "prior", "household", record_l=_.record
    )
    evidence = (_.match_weight - math.log2(PAIR_PRIOR / (1 - PAIR_PRIOR))) * math.log(2)
    log_odds = (_.prior / (1 - _.prior) / pupil_count).ln() + evidence
    return pairs.inner_join(sides, "record_l").mutate(odds=_calibrate(log_odds, model))


def _capped_rows(pairs: ir.Table, unlisted_rows: ir.Table | None) -> ir.Table:
    """``pairs``, the odds of those by school and card alone no higher than those of the likeliest of the very name; with
    ``unlisted_rows``."""
    listed_rows = pairs.filter(_.own_name).group_by("record_l").agg(named=_.odds.max())
    described_rows = beside(pairs, listed_rows, "record_l")
    if unlisted_rows is None:
        counted_rows = described_rows.mutate(unlisted=ibis.literal(0.0))
    else:
        with_unlisted = beside(described_rows, unlisted_rows.rename(unlisted_named="named"), "record_l")
        likeliest_name = ibis.greatest(
            with_unlisted.named.coalesce(with_unlisted.unlisted_named),
            with_unlisted.unlisted_named.coalesce(with_unlisted.named),
        )
        counted_rows = with_unlisted.mutate(
            named=likeliest_name, unlisted=with_unlisted.unlisted.fill_null(0.0)
        )
    likeliest = ibis.ifelse(_.by_family & _.named.notnull(), ibis.least(_.odds, _.named), _.odds)
    return counted_rows.mutate(odds=likeliest)


def _best_records(pairs: ir.Table) -> ir.Table:
    """The likeliest record of each pupil: nearly all have one, and need no ranking."""
    pupil = ["record_l", "candidate_id"]
    several = pairs.group_by(*pupil).agg(records=_.count()).filter(_.records > 1)
    together = pairs.semi_join(several, pupil)
    best = ibis.window(group_by=pupil, order_by=[_.odds.desc(), _.register_source])
    ranked_rows = together.mutate(rank=ibis.row_number().over(best)).filter(_.rank == 0).drop("rank")
    return pairs.anti_join(several, pupil).union(ranked_rows)


def _calibrate(log_odds: ir.FloatingValue, model: Model) -> ir.FloatingValue:
    """The odds, as the labelled records of other counties have taught to read them (samples/training/calibration.py)."""
    maps = [
        (_.place.endswith(kind), (log_odds * fit["slope"] + fit["offset"]).exp())
        for kind, fit in sorted(model.calibration.items())
    ]
    return ibis.cases(*maps, else_=log_odds.exp()) if maps else log_odds.exp()


def _listed_once(pairs: ir.Table) -> ir.Table:
    """A household lists a person once: of several of its persons that might be one pupil, one is, or none.

    So the odds of each are those beside none of them and each of the others. Rows that say the same are one person.
    """
    alike = ["household", "candidate_id"]
    listed_rows = pairs.filter(_.household.notnull())
    all_odds, own = (_.odds.sum().over(ibis.window(group_by=by)) for by in (alike, [*alike, "person_id"]))
    rivals = listed_rows.mutate(rivals=ibis.greatest(all_odds - own, 0.0)).mutate(
        odds=_.odds / (1 + _.rivals)
    )
    return pairs.filter(_.household.isnull()).union(rivals.drop("rivals"))


def unlike(pairs: ir.Table) -> ir.BooleanValue:
    """Is neither the name nor any number of the two alike?"""
    names, numbers = reaches(pairs, "name", OTHER_NAME), reaches(pairs, "id_number", ("differs",))
    return names & numbers & ~reaches(pairs, "student_no", ("equal", "one_digit"))


def by_family(pairs: ir.Table) -> ir.BooleanValue:
    """Another name and no number alike: school, birth date or card alone speak for the two."""
    numbers = reaches(pairs, "id_number", NUMBER_ALIKE) | reaches(pairs, "student_no", ("equal", "one_digit"))
    return reaches(pairs, "name", OTHER_NAME) & ~numbers


def reaches(pairs: ir.Table, comparison: str, names: tuple[str, ...]) -> ir.BooleanValue:
    """Splink counts levels from the last, *missing* as -1."""
    levels = BY_NAME[comparison].levels
    places = [len(levels) - 1 - at if at else -1 for at, level in enumerate(levels) if level.name in names]
    return pairs[f"gamma_{comparison}"].isin(places)


def shares(candidates: ir.Table) -> ir.Table:
    """``score``: the share of each candidate; ``elsewhere``: that of *not in the register*."""
    total = _.odds.sum().over(ibis.window(group_by="record_l")) + _.unlisted
    return candidates.mutate(total=total).mutate(
        score=(_.odds / (1 + _.total)).round(DIGITS), elsewhere=(1 / (1 + _.total)).round(DIGITS)
    )
