"""The parameters of a look over the terms, read as strictly as a run's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.strict_values import (
    Wrong,
    a_date,
    a_list,
    a_number_of_days,
    a_path,
    one_of,
    read_keys,
    wrong,
)
from auditlib.base.strict_yaml import read_yaml


@dataclass(frozen=True)
class Trend:
    """What is looked at, and what the auditor chose. Paths are absolute.

    - ``runs``: output folders of one county's self-checks, one a term, in any order.
    - ``as_of``: the last day looked at; later decisions are not known yet, so that a roll-up can be made again.
    - ``verify_within``: days from a run's count date until each finding should be verified.
    - ``rectify_within``: days from the day on which a finding was confirmed until it should be closed.
    - ``confidence``: of the intervals of precision.
    """

    runs: list[Path]
    as_of: dt.date
    output_dir: Path
    verify_within: int = 60
    rectify_within: int = 30
    confidence: Decimal = Decimal("0.95")
    language: str = "zh"

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types, for Papermill and trend.json."""
        return {
            "runs": [str(folder) for folder in self.runs],
            "as_of": self.as_of.isoformat(),
            "verify_within": self.verify_within,
            "rectify_within": self.rectify_within,
            "confidence": str(self.confidence),
            "language": self.language,
            "output_dir": str(self.output_dir),
        }


def _confidence(value: Any) -> Decimal:
    try:
        level = Decimal(str(value))
    except InvalidOperation:
        level = Decimal(0)
    if not (level.is_finite() and Decimal("0.5") <= level < 1):
        raise Wrong("0.5 以上、1 以下的数，如 0.95", "a number from 0.5 to below 1, such as 0.95")
    return level


TREND: dict[str, Callable[[Any], Any]] = {
    "runs": a_list(a_path),
    "as_of": a_date,
    "verify_within": a_number_of_days,
    "rectify_within": a_number_of_days,
    "confidence": _confidence,
    "language": one_of(LANGUAGES),
    "output_dir": a_path,
}
OPTIONAL = ("verify_within", "rectify_within", "confidence", "language")
ONE_AT_LEAST = Text("至少一个自查的输出文件夹", "the output folder of one self-check at least")
ELSEWHERE = Text("自查结果以外的文件夹", "another folder than those of the runs")


def read_trend(path: Path, **overrides: Any) -> Trend:
    """The parameters in ``path``; ``overrides`` (output_dir, language) outrank the file.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    overriding = {key: value for key, value in overrides.items() if value is not None}
    checked = check_trend({**read_yaml(path), **overriding}, base=path.resolve().parent, place=path.name)
    if "output_dir" in overriding:  # named on the command line: relative to where the user stands
        checked = replace(checked, output_dir=Path(overriding["output_dir"]).resolve())
    return checked


def check_trend(values: Mapping[str, Any], *, base: Path, place: str = "parameters") -> Trend:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    checked = read_keys(values, TREND, OPTIONAL, place, problems)
    if checked.get("runs") == []:
        problems.append(wrong("runs", place, ONE_AT_LEAST))
    if not problems:
        checked["runs"] = [(base / folder).resolve() for folder in checked["runs"]]
        checked["output_dir"] = (base / checked["output_dir"]).resolve()
        if checked["output_dir"] in checked["runs"]:
            problems.append(wrong("output_dir", place, ELSEWHERE))
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    return Trend(**checked)
