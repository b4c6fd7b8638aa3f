"""The parameters of a look over the terms, read as strictly as a run's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditlib.base.declared_fields import Declared, optional, parameter, readers
from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.parameter_files import read_parameters
from auditlib.base.strict_values import (
    Wrong,
    a_date,
    a_list,
    a_number_of_days,
    a_path,
    one_of,
    read_keys,
    reader,
    wrong,
)


@reader({"type": "number", "minimum": 0.5, "exclusiveMaximum": 1})
def _confidence(value: Any) -> Decimal:
    try:
        level = Decimal(str(value))
    except InvalidOperation:
        level = Decimal(0)
    if not (level.is_finite() and Decimal("0.5") <= level < 1):
        raise Wrong("0.5 以上、1 以下的数，如 0.95", "a number from 0.5 to below 1, such as 0.95")
    return level


@dataclass(frozen=True, kw_only=True)
class Trend(Declared):
    """What is looked at, and what the auditor chose. Paths are absolute."""

    runs: list[Path] = parameter(
        a_list(a_path),
        "一个县各学期自查的输出文件夹",
        "output folders of one county's self-checks, one a term, in any order",
    )
    as_of: dt.date = parameter(
        a_date, "截至日期，以后的处理不计", "the last day looked at: later decisions are not known yet"
    )
    verify_within: int = parameter(
        a_number_of_days,
        "核定基准日后应核实的天数",
        "days from a run's count date until each finding should be verified",
        default=60,
    )
    rectify_within: int = parameter(
        a_number_of_days,
        "核实属实后应销号的天数",
        "days from the day on which a finding was confirmed until it should be closed",
        default=30,
    )
    confidence: Decimal = parameter(
        _confidence, "准确率区间的置信度", "of the intervals of precision", default=Decimal("0.95")
    )
    language: str = parameter(
        one_of(LANGUAGES), "结果所用的语言", "the language of the results", default="zh"
    )
    output_dir: Path = parameter(a_path, "结果写到哪个文件夹", "the folder that the results go to")


TREND, OPTIONAL = readers(Trend), optional(Trend)
ONE_AT_LEAST = Text("至少一个自查的输出文件夹", "the output folder of one self-check at least")
ELSEWHERE = Text("自查结果以外的文件夹", "another folder than those of the runs")


def read_trend(path: Path, **overrides: Any) -> Trend:
    """The parameters in ``path``; ``overrides`` (output_dir, language) outrank the file.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    return read_parameters(path, check_trend, overrides)


def check_trend(values: Mapping[str, Any], *, base: Path, place: str = "parameters") -> Trend:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    values_read = read_keys(values, TREND, OPTIONAL, place, problems)
    if values_read.get("runs") == []:
        problems.append(wrong("runs", place, ONE_AT_LEAST))
    if not problems:
        values_read["runs"] = [(base / folder).resolve() for folder in values_read["runs"]]
        values_read["output_dir"] = (base / values_read["output_dir"]).resolve()
        if values_read["output_dir"] in values_read["runs"]:
            problems.append(wrong("output_dir", place, ELSEWHERE))
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    return Trend(**values_read)
