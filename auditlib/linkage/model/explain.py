"""Why two records are, or may be, one person: the levels reached, in words and with what each weighs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditlib.base.language import Text
from auditlib.linkage.model.comparisons import BY_NAME, COMPARISONS, Level
from auditlib.linkage.model.trained import Model

NOTHING_SAID = Text("无可比较的信息", "nothing to compare")
BETWEEN = Text("；", "; ")
START = Text("起点：学籍中任何一名学生", "To begin with: any pupil of the register")
CORRECTED_TEXT = Text("校准：以答案已知的县修正", "Calibration, by counties of which the answers are known")
END = Text("合计", "Together")
NOTHING = Text("", "")


@dataclass(frozen=True)
class WeightStep:
    """One comparison of a pair: ``weight`` in bits, above zero for the same person, below for another."""

    comparison: Text
    level: Text
    weight: float

    def into(self, language: str) -> str:
        return self.comparison.into(language) + (" " if language == "en" else "") + self.level.into(language)


def _level(comparison: str, level: str) -> Level:
    return next(declaration for declaration in BY_NAME[comparison].levels if declaration.name == level)


def sentence(levels: str, language: str) -> str:
    """``id_number:one_digit name:equal`` as an inspector would say it."""
    level_codes = [code.partition(":")[::2] for code in levels.split()]
    steps = [
        WeightStep(BY_NAME[field].title, _level(field, level).title, 0.0) for field, level in level_codes
    ]
    return BETWEEN.into(language).join(step.into(language) for step in steps) or NOTHING_SAID.into(language)


def steps(pair: Mapping[str, Any]) -> list[WeightStep]:
    """The comparisons of a scored pair (a row of ``linkage_shares``) that say something, the weightiest first."""
    levels_reached = dict(code.split(":") for code in pair["levels"].split())
    weights = [
        WeightStep(
            comparison.title,
            _level(comparison.name, levels_reached[comparison.name]).title,
            weight(pair, comparison.name),
        )
        for comparison in COMPARISONS
        if comparison.name in levels_reached
    ]
    return sorted(weights, key=lambda step: -abs(step.weight))


def weight(pair: Mapping[str, Any], comparison: str) -> float:
    """What a comparison adds to the match weight, the frequency of the value counted in."""
    return float(sum(pair.get(f"mw_{part}{comparison}") or 0.0 for part in ("", "tf_adj_")))


def falls(pair: Mapping[str, Any], model: Model) -> list[WeightStep]:
    """Splink's waterfall of a scored pair as steps: from what any pupil begins with to how likely this one is.

    The term-frequency part of a comparison is counted in with it; the record's own prior stands at the beginning, what
    the calibration makes of all of it before the end.
    """
    levels_reached = dict(code.split(":") for code in pair["levels"].split())
    comparison_steps = [
        WeightStep(BY_NAME[name].title, _level(name, level).title, weight(pair, name))
        for name, level in levels_reached.items()
    ]
    final_odds = math.log2(pair["odds"])
    before = _uncalibrate(final_odds, model.calibration.get(str(pair["place"]).rpartition(":")[2]))
    start = WeightStep(START, NOTHING, before - sum(step.weight for step in comparison_steps))
    correction = [WeightStep(CORRECTED_TEXT, NOTHING, final_odds - before)] if before != final_odds else []
    return [start, *comparison_steps, *correction, WeightStep(END, NOTHING, final_odds)]


def _uncalibrate(bits: float, fit: Mapping[str, float] | None) -> float:
    return (bits - fit["offset"] / math.log(2)) / fit["slope"] if fit else bits


__all__ = ["WeightStep", "falls", "sentence", "steps"]
