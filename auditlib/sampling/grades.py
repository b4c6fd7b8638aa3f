"""A grade of the self-check by what was shown: a good letter by the lower limit, the worst by the upper one."""

from __future__ import annotations

from collections.abc import Mapping

from auditlib.sampling import exact
from auditlib.sampling.detection import NOT_GRADABLE, DetectionRate, Grade
from auditlib.sampling.exact import Number

NOT_ENOUGH = "not enough evidence"


def grade_by_evidence(result: DetectionRate, cutoffs: Mapping[str, Number], *, below: str = "D") -> Grade:
    """The best letter of ``cutoffs`` that the LOWER limit reaches; ``below`` only where the UPPER limit reaches none.

    Between the two nothing is shown, neither good nor bad: :data:`NOT_ENOUGH`. With too few errors confirmed a rate
    says nothing: ``NOT_GRADABLE``.
    """
    steps = sorted(
        ((exact.rate(least, "cutoffs"), letter) for letter, least in cutoffs.items()), reverse=True
    )
    if not steps or len({least for least, _ in steps}) < len(steps):
        raise exact.refusal("cutoffs", "one rate for every letter, all different", dict(cutoffs))
    if not result.gradable or result.lower is None or result.upper is None:
        return Grade(NOT_GRADABLE, f"{result.errors} errors found by the city", result.caveats)
    lower, upper = result.lower, result.upper
    letter = next((letter for least, letter in steps if lower >= least), None)
    if letter is not None:
        return Grade(letter, f"lower limit {lower:.1%} of the detection rate", result.caveats)
    if upper < steps[-1][0]:
        return Grade(below, f"upper limit {upper:.1%} of the detection rate", result.caveats)
    return Grade(NOT_ENOUGH, f"detection rate between {lower:.1%} and {upper:.1%}", result.caveats)
