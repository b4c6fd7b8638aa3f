"""Sharing a sample among strata, with a floor and a cap for each.

Proportional (share ~ N_h) or Neyman (share ~ N_h S_h). A stratum whose share breaks a bound is fixed at it
and the rest is shared again; what is left of the rounding goes to the largest remainders, ties to the earlier
stratum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from auditlib.sampling import exact
from auditlib.sampling.exact import Number


def allocate(
    sizes: Sequence[int], n: int, *, sds: Sequence[Number] | None = None, minimum: int = 2
) -> list[int]:
    """Units of each stratum, ``n`` in all: at least min(``minimum``, N_h), at most N_h.

    ``sizes`` N_h in units; ``sds`` S_h in any one unit asks for Neyman. Keep ``minimum`` at 2 or more where a
    variance is wanted.
    """
    caps = [exact.count(size, "sizes") for size in sizes]
    floors = [min(exact.count(minimum, "minimum"), cap) for cap in caps]
    total = exact.count(n, "n")
    if not sum(floors) <= total <= sum(caps):
        raise exact.refusal("n", f"from {sum(floors)} (the minima) to {sum(caps)} (all units)", n)
    shares = _bound(_weights(caps, sds), floors, caps, total)
    return _round_shares(shares, total)


def real_shares(sizes: Sequence[int], n: int, *, sds: Sequence[Number] | None = None) -> list[float]:
    """The unrounded shares of ``n`` before any floor or cap."""
    caps = [exact.count(size, "sizes") for size in sizes]
    weights = _weights(caps, sds)
    return [float(exact.count(n, "n") * weight / sum(weights)) for weight in weights]


def _weights(sizes: list[int], sds: Sequence[Number] | None) -> list[Fraction]:
    if not any(sizes):
        raise exact.refusal("sizes", "given, and not all 0", sizes)
    if sds is None:
        return [Fraction(size) for size in sizes]
    if len(sds) != len(sizes):
        raise exact.refusal("sds", f"{len(sizes)} numbers, one a stratum", list(sds))
    weights = [size * exact.at_least(sd, "sds") for size, sd in zip(sizes, sds, strict=True)]
    if not any(weights):
        raise exact.refusal("sds", "above 0 in one stratum at least", list(sds))
    return weights


def _bound(weights: list[Fraction], floors: list[int], caps: list[int], total: int) -> list[Fraction]:
    """clamp(level x weight, floor, cap) at the one level where these add up to ``total`` (water-filling)."""
    weightless = sum(floor for weight, floor in zip(weights, floors, strict=True) if not weight)
    reachable = sum(cap for weight, cap in zip(weights, caps, strict=True) if weight) + weightless
    if total > reachable:  # strata without spread have to take the rest, by size
        full = [cap if weight else floor for weight, floor, cap in zip(weights, floors, caps, strict=True)]
        by_size = [
            Fraction(0) if weight else Fraction(cap) for weight, cap in zip(weights, caps, strict=True)
        ]
        return _bound(by_size, full, caps, total)
    level = _level(weights, floors, caps, total)
    return [
        _clamp(level * weight, floor, cap) for weight, floor, cap in zip(weights, floors, caps, strict=True)
    ]


def _level(weights: list[Fraction], floors: list[int], caps: list[int], total: int) -> Fraction:
    """The sum of shares grows with the level, linearly between the levels where bounds set in."""
    strata = [
        (weight, floor, cap) for weight, floor, cap in zip(weights, floors, caps, strict=True) if weight
    ]
    bends = sorted({Fraction(bound) / weight for weight, floor, cap in strata for bound in (0, floor, cap)})

    def fill(level: Fraction) -> Fraction:
        weightless = sum(floor for weight, floor in zip(weights, floors, strict=True) if not weight)
        return weightless + sum(
            (_clamp(level * weight, floor, cap) for weight, floor, cap in strata), Fraction(0)
        )

    above = next(i for i, bend in enumerate(bends) if fill(bend) >= total)
    if above == 0 or fill(bends[above]) == total:
        return bends[above]
    low, high = bends[above - 1], bends[above]
    return low + (high - low) * (total - fill(low)) / (fill(high) - fill(low))


def _clamp(share: Fraction, floor: int, cap: int) -> Fraction:
    return min(max(share, Fraction(floor)), Fraction(cap))


def _round_shares(shares: list[Fraction], total: int) -> list[int]:
    counts = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (counts[i] - shares[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts
