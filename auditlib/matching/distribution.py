"""From pairs to records: who a record is, as shares over its candidates and *not in the register* that add up to one."""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.matching.comparisons import BY_NAME
from auditlib.matching.decisions import OF_PUPIL, OF_RECORD, content, pair_key
from auditlib.matching.model import PAIR_PRIOR, Model
from auditlib.matching.records import taught

DIGITS = 9
OTHER_NAME = ("one_character", "given", "surname", "differs")
MANY = 0.5  # the share of pupils among leftovers of a kind that the model was not trained on


def candidates(pairs: ir.Table, unknown: ir.Table, pupils: ir.Table, model: Model) -> ir.Table:
    """One row per leftover and pupil who might be it: ``odds``, the pair's name, its levels and weights.

    A leftover is a pupil with the prior probability of its kind, each of the N pupils alike; the pair's weight
    moves that. A pupil with several records counts once, with the best of them; one whom the record's household lists
    beside the record is a brother or sister, and no candidate; nor is one of another name and another number, whatever
    else the two share.
    """
    whole = pupils.person_id.nunique().as_scalar().cast("float64")
    known = _.place.cases(*sorted(model.known.items()), else_=MANY)
    placed = unknown.inner_join(taught(unknown, pupils), "record").mutate(prior=known)
    sides = placed.select(
        "table",
        "source",
        "person_id",
        "prior",
        "household",
        record_l=_.record,
        of_record=content(placed, OF_RECORD),
    )
    register = pupils.select(
        record_r=_.record, register_source=_.source, candidate_id=_.person_id,
        of_pupil=content(pupils, OF_PUPIL),
    )  # fmt: skip
    both = pairs.filter(~unlike(pairs)).inner_join(sides, "record_l").inner_join(register, "record_r")
    both = both.filter(~_.household.contains(_.candidate_id).fill_null(False)).drop("household")
    evidence = ((_.match_weight - math.log2(PAIR_PRIOR / (1 - PAIR_PRIOR))) * math.log(2)).exp()
    weighed = both.mutate(
        odds=_.prior / (1 - _.prior) / whole * evidence, pair=pair_key(both.of_record, both.of_pupil)
    )
    best = ibis.window(group_by=["record_l", "candidate_id"], order_by=[_.odds.desc(), _.register_source])
    return (
        weighed.mutate(place=ibis.row_number().over(best))
        .filter(_.place == 0)
        .drop("place", "of_record", "of_pupil")
    )


def unlike(pairs: ir.Table) -> ir.BooleanValue:
    """Is neither the name nor any number of the two alike?"""
    names, numbers = reaches(pairs, "name", OTHER_NAME), reaches(pairs, "id_number", ("differs",))
    return names & numbers & ~reaches(pairs, "student_no", ("equal", "one_digit"))


def reaches(pairs: ir.Table, comparison: str, names: tuple[str, ...]) -> ir.BooleanValue:
    """Splink counts levels from the last, *missing* as -1."""
    levels = BY_NAME[comparison].levels
    places = [len(levels) - 1 - at if at else -1 for at, level in enumerate(levels) if level.name in names]
    return pairs[f"gamma_{comparison}"].isin(places)


def shares(candidates: ir.Table) -> ir.Table:
    """``score``: the share of each candidate; ``elsewhere``: that of *not in the register*."""
    total = _.odds.sum().over(ibis.window(group_by="record_l"))
    return candidates.mutate(total=total).mutate(
        score=(_.odds / (1 + _.total)).round(DIGITS), elsewhere=(1 / (1 + _.total)).round(DIGITS)
    )
