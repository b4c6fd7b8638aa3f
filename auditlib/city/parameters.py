"""The parameters of a city's re-check (contract 2), read as strictly as a county's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditlib.base.declared_fields import Declared, of_fields, optional, parameter, readers
from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.parameter_files import read_parameters
from auditlib.base.strict_values import (
    Reader,
    Wrong,
    a_code,
    a_date,
    a_list,
    a_path,
    a_term,
    a_text,
    empty_as,
    one_of,
    read_keys,
    reader,
    wrong,
)

METHODS = ("attribute", "mus", "stratified", "two_stage", "discovery")
SELECTIONS = ("fixed_interval", "cell")
STRATA = ("school", "scheme", "town")
SEVERITIES = ("high", "medium", "low")
COMMITMENT = re.compile(r"([0-9a-f]{64})\s+(\d{4}-\d\d-\d\d)\s+(\S.*)")
GRADES = {"A": "0.90", "B": "0.75", "C": "0.50"}


def _rate(least: str, most: str, *, is_open: bool) -> Reader[Decimal]:
    lowest = {"exclusiveMinimum" if is_open else "minimum": float(least)}

    @reader({"type": "number", **lowest, "exclusiveMaximum": float(most)})
    def read(value: Any) -> Decimal:
        try:
            rate = Decimal(str(value))
        except InvalidOperation:
            rate = Decimal(-1)
        above = rate.is_finite() and (rate > Decimal(least) or (rate == Decimal(least) and not is_open))
        if not above or rate >= Decimal(most):
            raise Wrong(
                f"{least} 到 {most} 之间的数，如 0.05", f"a number between {least} and {most}, such as 0.05"
            )
        return rate

    return read


def _count(least: int) -> Reader[int]:
    @reader({"type": "integer", "minimum": least})
    def read(value: Any) -> int:
        if not str(value).isascii() or not str(value).isdigit() or int(str(value)) < least:
            raise Wrong(f"不小于 {least} 的整数", f"a whole number from {least}")
        return int(str(value))

    return read


@reader({"type": ["object", "null"], "additionalProperties": a_text.schema})
def _texts(value: Any) -> dict[str, str]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping):
        raise Wrong("按县代码的映射，如 {990122: …}", "a mapping by county code such as {990122: …}")
    return {str(key): a_text(entry) for key, entry in value.items()}


@reader(
    {
        "type": ["object", "null"],
        "additionalProperties": {"type": "string", "pattern": f"^{COMMITMENT.pattern}$"},
    }
)
def _commitments(value: Any) -> dict[str, str]:
    read = _texts(value)
    if not all(COMMITMENT.fullmatch(line) for line in read.values()):
        raise Wrong(
            "按县代码的“SHA-256 日期 承诺人”，如 {990122: 9f86… 2020-12-01 县资助中心}",
            "“SHA-256 day who” by county code, such as {990122: 9f86… 2020-12-01 county office}",
        )
    return read


RATE = _rate("0", "1", is_open=True)


@reader({"type": "object", "minProperties": 1, "additionalProperties": RATE.schema})
def _grades(value: Any) -> dict[str, Decimal]:
    read = {letter: RATE(least) for letter, least in _texts(value).items()}
    if not read or len(set(read.values())) < len(read):
        raise Wrong("如 {A: 0.90, B: 0.75, C: 0.50}", "such as {A: 0.90, B: 0.75, C: 0.50}")
    return read


@reader(
    {
        "type": ["object", "null"],
        "properties": dict.fromkeys(SEVERITIES, a_date.schema),
        "additionalProperties": False,
    }
)
def _deadlines(value: Any) -> dict[str, dt.date]:
    read = _texts(value)
    if set(read) - set(SEVERITIES):
        raise Wrong("按严重程度的日期，如 {high: 2021-01-31}", "days by severity such as {high: 2021-01-31}")
    return {severity: a_date(day) for severity, day in read.items()}


@reader({"type": ["object", "null"], "additionalProperties": a_date.schema})
def _days(value: Any) -> dict[str, dt.date]:
    return {county: a_date(day) for county, day in _texts(value).items()}


def _optional(read: Reader[Decimal]) -> Reader[Decimal | None]:
    return Reader(
        lambda value: None if value in ("", None, "null", "~") else read(value),
        lambda: {"anyOf": [read.schema, {"type": "null"}]},
    )


@reader(lambda: {"type": ["array", "null"], "items": {"enum": list(STRATA)}})
def _strata(value: Any) -> tuple[str, ...]:
    return tuple(a_list(one_of(STRATA))(value))


@dataclass(frozen=True)
class Sample:
    """What the auditor chose for the draw. Rates are Decimals as they were typed.

    ``halves``: the opened halves of the seed by code, the city's and the counties', each held against its commitment;
    ``commitments``: by county, the line ``SHA-256 day who`` that one handed in which is not in its package. Without
    halves ``seed`` is the city's and ``county_seeds`` what the counties add, as they were told: nobody had committed to
    them, and the report says so. ``flagged_n``: how many of the
    flagged to look at. ``min_n`` and ``ordered_share`` (抽查比例) raise the number that the statistics ask for.
    ``critical``: for discovery, the number of bad payments in a county that must not go unseen.
    For two stages ``per_school`` payments are drawn in each school drawn; ``schools`` raises the number of schools that
    the statistics ask for; ``icc``: how alike the payments of one school are taken to be (intraclass correlation).
    """

    method: str = parameter(one_of(METHODS), "抽样方法", "how the sample is drawn")
    confidence: Decimal = parameter(_rate("0.5", "1", is_open=True), "置信度", "confidence")
    tolerable_rate: Decimal = parameter(RATE, "可容忍错误率", "the tolerable rate of errors")
    expected_rate: Decimal = parameter(
        _rate("0", "1", is_open=False), "预计错误率", "the expected rate of errors"
    )
    seed: str = parameter(
        empty_as(a_text, ""), "市里的种子", "the city's seed, where there are no halves", default=""
    )
    county_seeds: Mapping[str, str] = parameter(
        _texts, "各县加入的种子", "what the counties add to the seed", default_factory=dict
    )
    halves: Mapping[str, str] = parameter(
        _texts, "各方开启的一半种子", "the opened halves of the seed, by code", default_factory=dict
    )
    commitments: Mapping[str, str] = parameter(
        _commitments,
        "各县的承诺",
        "by county: its commitment",
        hint=Text("：SHA-256 日期 承诺人", ": SHA-256, day, who"),
        default_factory=dict,
    )
    selection: str = parameter(
        one_of(SELECTIONS),
        "货币单元抽样的选取方法",
        "how monetary units are selected",
        default="fixed_interval",
    )
    strata: tuple[str, ...] = parameter(
        _strata, "按什么分层", "by what it is stratified", default=("scheme",)
    )
    flagged_n: int = parameter(
        _count(2), "疑点中抽查的人数", "how many of the flagged to look at", default=30
    )
    min_n: int = parameter(_count(0), "样本量不少于", "the size of the sample at least", default=0)
    ordered_share: Decimal | None = parameter(
        _optional(RATE), "规定的抽查比例", "the share that an order asks to be drawn", default=None
    )
    critical: int = parameter(
        _count(1),
        "发现抽样：不容漏过的错误笔数",
        "for discovery: bad payments of a county that must not go unseen",
        default=5,
    )
    schools: int = parameter(_count(2), "两阶段：学校数不少于", "for two stages: schools at least", default=2)
    per_school: int = parameter(
        _count(2), "两阶段：每校笔数", "for two stages: payments a school", default=10
    )
    icc: Decimal = parameter(
        _rate("0", "1", is_open=False),
        "两阶段：校内相似程度",
        "for two stages: how alike the payments of a school are",
        default=Decimal("0.05"),
    )


@dataclass(frozen=True, kw_only=True)
class ReCheck(Declared):
    """Parameters of one city's re-check. Paths are absolute.

    ``keys``: the counties' public keys as they travelled by another way. ``grades``: the least detection rate of each
    letter, held against the lower limit. ``deadlines``: severity to the day by which its points are to be put right.
    ``copied_on``: county to the day on which the city's copy of its payments was made; where it is not given, the copy is
    taken to reach to its newest payment and no further.
    """

    city_code: str = parameter(a_code, "市代码", "the city's code")
    city_name: str = parameter(a_text, "市名", "the city's name")
    term: str = parameter(a_term, "学期", "the term", hint=Text("，如 2020-autumn", ", such as 2020-autumn"))
    packages: list[Path] = parameter(a_list(a_path), "各县上报的包", "the counties' packages")
    county_params: list[Path] = parameter(
        a_list(a_path), "各县的参数文件", "the counties' parameter files, on the city's copies"
    )
    sample: Sample = parameter(of_fields(Sample), "抽样参数", "how the sample is drawn")
    field_results: list[Path] = parameter(
        a_list(a_path), "填好的核查表", "field sheets that were filled in", default_factory=list
    )
    keys: Mapping[str, Path] = parameter(
        _texts, "各县的公钥文件", "the counties' public keys", default_factory=dict
    )
    grades: Mapping[str, Decimal] = parameter(
        _grades,
        "各等级最低的检出率",
        "the least detection rate of each letter",
        default_factory=lambda: {k: Decimal(v) for k, v in GRADES.items()},
    )
    deadlines: Mapping[str, dt.date] = parameter(
        _deadlines,
        "各严重程度的整改期限",
        "by severity: the day by which it is to be put right",
        default_factory=dict,
    )
    copied_on: Mapping[str, dt.date] = parameter(
        _days,
        "市里取得各县发放数据的日期",
        "by county: the day of the city's copy of its payments",
        default_factory=dict,
    )
    language: str = parameter(
        one_of(LANGUAGES), "结果所用的语言", "the language of the results", default="zh"
    )
    output_dir: Path = parameter(a_path, "结果写到哪个文件夹", "the folder that the results go to")


SAMPLE, RECHECK = readers(Sample), readers(ReCheck)
SAMPLE_OPTIONAL, OPTIONAL = optional(Sample), optional(ReCheck)


def read_recheck(path: Path, *, before_the_draw: bool = False, **overrides: Any) -> ReCheck:
    """The re-check parameters in ``path``; ``overrides`` (output_dir, language) outrank the file. ``before_the_draw``: no
    seed is needed yet.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    return read_parameters(path, check_recheck, overrides, before_the_draw=before_the_draw)


def check_recheck(
    values: Mapping[str, Any], *, base: Path, place: str = "parameters", before_the_draw: bool = False
) -> ReCheck:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    values_read = read_keys(values, RECHECK, OPTIONAL, place, problems)
    choices = values_read.get("sample")
    if isinstance(choices, Mapping):
        values_read["sample"] = read_keys(choices, SAMPLE, SAMPLE_OPTIONAL, f"{place} › sample", problems)
    elif "sample" in values_read:
        problems.append(wrong("sample", place, Text("抽样参数的映射", "a mapping of sampling parameters")))
    if not problems:
        problems += _contradictions(values_read, place)
        problems += [] if before_the_draw else _seedless(values_read, place)
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    return _with_paths(values_read, base)


def _contradictions(values_read: Mapping[str, Any], place: str) -> list[Problem]:
    sample = values_read["sample"]
    problems = []
    if sample["expected_rate"] >= sample["tolerable_rate"]:
        wish = Text("小于 tolerable_rate 的数", "a number below tolerable_rate")
        problems.append(wrong("expected_rate", f"{place} › sample", wish))
    if not values_read["county_params"]:
        wish = Text("至少一个县的参数文件", "the parameter file of one county at least")
        problems.append(wrong("county_params", place, wish))
    return problems


def _seedless(values_read: Mapping[str, Any], place: str) -> list[Problem]:
    sample = values_read["sample"]
    if sample.get("seed") or sample.get("halves"):
        return []
    wish = Text(
        "市里的种子；或用 halves 写明各方开启的一半（先 auditlib re-check … --commit）",
        "the city's seed; or give the opened halves as halves (after auditlib re-check … --commit)",
    )
    return [wrong("seed", f"{place} › sample", wish)]


def sample_of(choices: Mapping[str, Any]) -> Sample:
    """The choices for the draw from the plain types that ``as_json`` makes of them."""
    return Sample(**{name: read(choices[name]) for name, read in SAMPLE.items() if name in choices})


def _with_paths(values_read: dict[str, Any], base: Path) -> ReCheck:
    for name in ("packages", "county_params", "field_results"):
        values_read[name] = [(base / entry).resolve() for entry in values_read.get(name, [])]
    values_read["keys"] = {
        county: (base / entry).resolve() for county, entry in values_read.get("keys", {}).items()
    }
    values_read["output_dir"] = (base / values_read["output_dir"]).resolve()
    values_read["sample"] = Sample(**values_read["sample"])
    return ReCheck(**values_read)
