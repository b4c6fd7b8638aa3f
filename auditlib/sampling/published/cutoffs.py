"""A letter for a self-check by cutoffs of its detection rate."""

from __future__ import annotations

from collections.abc import Mapping

from auditlib.sampling import exact
from auditlib.sampling.detection import NOT_GRADABLE, DetectionRate, Grade
from auditlib.sampling.exact import Number


def grade_self_check(result: DetectionRate, cutoffs: Mapping[str, Number], *, below: str = "D") -> Grade:
    """The letter of the highest of ``cutoffs`` (letter: least rate) that the LOWER limit reaches.

    For instance ``{"A": 0.90, "B": 0.75, "C": 0.50}``. ``below`` is the
    letter under all of them. A result with too few errors is not gradable.
    """
    steps = sorted(
        ((exact.rate(least, "cutoffs"), letter) for letter, least in cutoffs.items()), reverse=True
    )
    if not steps or len({least for least, _ in steps}) < len(steps):
        raise exact.refusal("cutoffs", "one rate for every letter, all different", dict(cutoffs))
    if not result.gradable or result.lower is None:
        return Grade(NOT_GRADABLE, f"{result.errors} errors found by the city", result.caveats)
    lower = result.lower
    letter = next((letter for least, letter in steps if lower >= least), below)
    basis = f"lower limit {lower:.1%} of the detection rate (estimate {result.rate:.1%})"
    return Grade(letter, basis, result.caveats)
