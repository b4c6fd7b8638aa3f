"""Selection in an order that a public seed fixes and anyone can recompute.

Units are put in ascending order of the lower-case hex SHA-256 of the UTF-8 bytes of ``seed|unit id``; the
first n are the sample. ``printf '%s' 'seed|id' | sha256sum`` gives the same in any language; a larger n
continues the same order. Log every draw: trying seeds until a pleasant sample comes is fraud.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.by_value import random_fraction
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result

Seed = int | str
GroupOfUnit = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class DrawnUnit:
    """A unit drawn, its stratum or school if any, its place there from 1, its digest."""

    unit_id: str
    group: str | None
    place: int
    digest: str


@dataclass(frozen=True)
class Draw(Result):
    """The sample, group by group, each in hash order.

    ``group_sizes`` are the units of the frame in every group that was drawn from, ``group_hits`` how often a
    group was drawn (more than once only for schools drawn in proportion to size).
    """

    drawn: tuple[DrawnUnit, ...]
    seed: str
    group_sizes: Mapping[str, int]
    group_hits: Mapping[str, int]
    method: str
    inputs: Mapping[str, Any]
    formula: str

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """The ids of the units drawn, in the order of ``drawn``."""
        return tuple(unit.unit_id for unit in self.drawn)


def unit_digest(seed: Seed, unit_id: str) -> str:
    """Lower-case hex SHA-256 of ``seed|unit_id`` in NFC and UTF-8."""
    text = unicodedata.normalize("NFC", f"{_seed(seed)}|{unit_id}")
    return hashlib.sha256(text.encode()).hexdigest()


def order_by_seed(unit_ids: Iterable[str], seed: Seed) -> list[str]:
    """All of ``unit_ids`` in hash order, ties by id. Refuses ids that repeat or have blanks around them."""
    return [unit_id for _, unit_id in _digests(unit_ids, seed)]


def select_srs(frame: Iterable[str], n: int, seed: Seed) -> Draw:
    """Simple random sample of ``n`` from the unit ids of ``frame``: the first n in hash order."""
    ordered_units = _digests(frame, seed, "frame")
    size = exact.count(n, "n", 0, len(ordered_units))
    return _draw(
        _number(ordered_units[:size], None),
        seed,
        {},
        {},
        "simple random sample",
        {"n": size, "N": len(ordered_units)},
    )


def select_stratified(frame: GroupOfUnit, allocation: Mapping[str, int], seed: Seed) -> Draw:
    """From every stratum the first ``allocation[stratum]`` in hash order; ``frame`` pairs id and stratum."""
    members = _members(frame)
    if set(allocation) != set(members):
        raise exact.refusal("allocation", f"given for just the strata {sorted(members)}", sorted(allocation))
    ordered_units = _digests_by_group(members, seed)
    by_stratum = [
        _number(ordered_units[group][: exact.count(size, "allocation", 0, len(members[group]))], group)
        for group, size in allocation.items()
    ]
    sizes = {group: len(members[group]) for group in allocation}
    hits = dict.fromkeys(allocation, 1)
    units = tuple(itertools.chain.from_iterable(by_stratum))
    return _draw(units, seed, sizes, hits, "stratified random sample", {"allocation": dict(allocation)})


def select_two_stage(
    frame: GroupOfUnit, n_psu: int, take: int, seed: Seed, size: Mapping[str, Number] | None = None
) -> Draw:
    """``n_psu`` schools, then ``take`` units in each (all, where a school has fewer); ``frame`` pairs unit
    and school.

    Without ``size`` schools are drawn with equal chance, without replacement, in hash order. With ``size``
    they are drawn in proportion to it, WITH replacement, as ``estimate_pps`` supposes; a school drawn twice
    gives the next ``take`` units of its order.
    """
    members = _members(frame)
    per_school = exact.count(take, "take", 1)
    hits = (
        _srs_of_groups(members, n_psu, seed) if size is None else _pps_of_groups(members, n_psu, seed, size)
    )
    ordered_units = _digests_by_group({group: members[group] for group in hits}, seed)
    by_school = [_number(ordered_units[group][: per_school * times], group) for group, times in hits.items()]
    sizes = {group: len(members[group]) for group in hits}
    method = "two-stage sample, " + (
        "schools with equal chance" if size is None else "schools by size, replaced"
    )
    inputs = {"n_psu": n_psu, "take": take, "psu_population": len(members)}
    return _draw(tuple(itertools.chain.from_iterable(by_school)), seed, sizes, hits, method, inputs)


def _srs_of_groups(members: Mapping[str, list[str]], n_psu: int, seed: Seed) -> dict[str, int]:
    school_count = exact.count(n_psu, "n_psu", 1, len(members))
    return dict.fromkeys(order_by_seed(members, seed)[:school_count], 1)


def _pps_of_groups(
    members: Mapping[str, list[str]], n_psu: int, seed: Seed, size: Mapping[str, Number]
) -> dict[str, int]:
    """Draw i falls at random_fraction(seed, "school i") of the total, the schools laid end to end in order of
    id."""
    draw_count = exact.count(n_psu, "n_psu", 1)
    if set(size) != set(members):
        raise exact.refusal("size", f"given for just the schools {sorted(members)}", sorted(size))
    groups = sorted(members)
    ends = list(
        itertools.accumulate(exact.above_zero(exact.fraction(size[g], "size"), "size") for g in groups)
    )
    points = [random_fraction(_seed(seed), f"school {i}") * ends[-1] for i in range(1, draw_count + 1)]
    times = Counter(groups[bisect.bisect_right(ends, point)] for point in points)
    return {group: times[group] for group in groups if group in times}


def _seed(seed: Seed) -> str:
    if isinstance(seed, bool) or not isinstance(seed, int | str) or not str(seed).strip():
        raise exact.refusal("seed", "a whole number or a text", seed)
    return unicodedata.normalize("NFC", str(seed))


def _digests(unit_ids: Iterable[str], seed: Seed, name: str = "unit_ids") -> list[tuple[str, str]]:
    ids = list(unit_ids)
    _check_ids(ids, name)
    return sorted((unit_digest(seed, unit_id), unit_id) for unit_id in ids)


def _check_ids(unit_ids: Sequence[Any], name: str) -> None:
    """Refuses by position: an id may be a person's number, which no message shows."""
    earlier_ids: set[str] = set()
    for place, unit_id in enumerate(unit_ids, start=1):
        if not isinstance(unit_id, str) or not unit_id or unit_id != unit_id.strip():
            raise exact.refusal(name, "of text ids without blanks around them", f"entry {place}")
        count_before = len(earlier_ids)
        earlier_ids.add(unicodedata.normalize("NFC", unit_id))
        if len(earlier_ids) == count_before:
            raise exact.refusal(name, "of unique ids", f"entry {place}, which repeats an earlier one")


def _digests_by_group(members: Mapping[str, list[str]], seed: Seed) -> dict[str, list[tuple[str, str]]]:
    return {group: _digests(unit_ids, seed) for group, unit_ids in members.items()}


def _members(frame: GroupOfUnit) -> dict[str, list[str]]:
    """Group -> unit ids. An id may not come twice, in whatever groups."""
    pairs = list(frame.items() if isinstance(frame, Mapping) else frame)
    _check_ids([unit_id for unit_id, _ in pairs], "frame")
    members: dict[str, list[str]] = {}
    for unit_id, group in pairs:
        members.setdefault(group, []).append(unit_id)
    return members


def _number(ordered_units: Sequence[tuple[str, str]], group: str | None) -> tuple[DrawnUnit, ...]:
    return tuple(
        DrawnUnit(unit_id, group, place, digest)
        for place, (digest, unit_id) in enumerate(ordered_units, start=1)
    )


def _draw(
    units: tuple[DrawnUnit, ...],
    seed: Seed,
    sizes: Mapping[str, int],
    hits: Mapping[str, int],
    method: str,
    inputs: Mapping[str, Any],
) -> Draw:
    formula = f"ascending SHA-256 of “{_seed(seed)}|unit id”, the first of each group; {len(units)} units"
    return Draw(units, _seed(seed), sizes, hits, method, dict(inputs) | {"seed": _seed(seed)}, formula)
