"""The parameters of a city's re-check (contract 2), read as strictly as a county's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.strict_values import (
    Wrong,
    a_code,
    a_date,
    a_list,
    a_path,
    a_term,
    a_text,
    one_of,
    read_keys,
    wrong,
)
from auditlib.base.strict_yaml import read_yaml

METHODS = ("attribute", "mus", "stratified", "two_stage", "discovery")
SELECTIONS = ("fixed_interval", "cell")
STRATA = ("school", "scheme", "town")
SEVERITIES = ("high", "medium", "low")
COMMITMENT = re.compile(r"([0-9a-f]{64})\s+(\d{4}-\d\d-\d\d)\s+(\S.*)")
GRADES = {"A": "0.90", "B": "0.75", "C": "0.50"}


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

    method: str
    confidence: Decimal
    tolerable_rate: Decimal
    expected_rate: Decimal
    seed: str = ""
    county_seeds: Mapping[str, str] = field(default_factory=dict)
    halves: Mapping[str, str] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)
    selection: str = "fixed_interval"
    strata: tuple[str, ...] = ("scheme",)
    flagged_n: int = 30
    min_n: int = 0
    ordered_share: Decimal | None = None
    critical: int = 5
    schools: int = 2
    per_school: int = 10
    icc: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class ReCheck:
    """Parameters of one city's re-check. Paths are absolute.

    ``keys``: the counties' public keys as they travelled by another way. ``grades``: the least detection rate of each
    letter, held against the lower limit. ``deadlines``: severity to the day by which its points are to be put right.
    ``copied_on``: county to the day on which the city's copy of its payments was made; where it is not given, the copy is
    taken to reach to its newest payment and no further.
    """

    city_code: str
    city_name: str
    term: str
    packages: list[Path]
    county_params: list[Path]
    sample: Sample
    output_dir: Path
    field_results: list[Path] = field(default_factory=list)
    keys: Mapping[str, Path] = field(default_factory=dict)
    grades: Mapping[str, Decimal] = field(default_factory=lambda: {k: Decimal(v) for k, v in GRADES.items()})
    deadlines: Mapping[str, dt.date] = field(default_factory=dict)
    copied_on: Mapping[str, dt.date] = field(default_factory=dict)
    language: str = "zh"

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types, for Papermill and the manifest."""
        return {
            "city_code": self.city_code,
            "city_name": self.city_name,
            "term": self.term,
            "packages": [str(path) for path in self.packages],
            "county_params": [str(path) for path in self.county_params],
            "sample": _sample_as_json(self.sample),
            "field_results": [str(path) for path in self.field_results],
            "keys": {county: str(path) for county, path in self.keys.items()},
            "grades": {letter: str(least) for letter, least in self.grades.items()},
            "deadlines": {severity: day.isoformat() for severity, day in self.deadlines.items()},
            "copied_on": {county: day.isoformat() for county, day in self.copied_on.items()},
            "language": self.language,
            "output_dir": str(self.output_dir),
        }


def _sample_as_json(sample: Sample) -> dict[str, Any]:
    plain = {name: getattr(sample, name) for name in SAMPLE}
    plain |= {name: str(plain[name]) for name in ("confidence", "tolerable_rate", "expected_rate", "icc")}
    share = sample.ordered_share
    return plain | {
        **{name: dict(getattr(sample, name)) for name in ("county_seeds", "halves", "commitments")},
        "strata": list(sample.strata),
        "ordered_share": None if share is None else str(share),
    }


def _rate(least: str, most: str, *, is_open: bool) -> Callable[[Any], Decimal]:
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


def _count(least: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not str(value).isascii() or not str(value).isdigit() or int(str(value)) < least:
            raise Wrong(f"不小于 {least} 的整数", f"a whole number from {least}")
        return int(str(value))

    return read


def _texts(value: Any) -> dict[str, str]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping):
        raise Wrong("按县代码的映射，如 {990122: …}", "a mapping by county code such as {990122: …}")
    return {str(key): a_text(entry) for key, entry in value.items()}


def _commitments(value: Any) -> dict[str, str]:
    read = _texts(value)
    if not all(COMMITMENT.fullmatch(line) for line in read.values()):
        raise Wrong(
            "按县代码的“SHA-256 日期 承诺人”，如 {990122: 9f86… 2020-12-01 县资助中心}",
            "“SHA-256 day who” by county code, such as {990122: 9f86… 2020-12-01 county office}",
        )
    return read


def _grades(value: Any) -> dict[str, Decimal]:
    read = {letter: _rate("0", "1", is_open=True)(least) for letter, least in _texts(value).items()}
    if not read or len(set(read.values())) < len(read):
        raise Wrong("如 {A: 0.90, B: 0.75, C: 0.50}", "such as {A: 0.90, B: 0.75, C: 0.50}")
    return read


def _deadlines(value: Any) -> dict[str, dt.date]:
    read = _texts(value)
    if set(read) - set(SEVERITIES):
        raise Wrong("按严重程度的日期，如 {high: 2021-01-31}", "days by severity such as {high: 2021-01-31}")
    return {severity: a_date(day) for severity, day in read.items()}


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value in ("", None, "null", "~") else read(value)


SAMPLE: dict[str, Callable[[Any], Any]] = {
    "method": one_of(METHODS),
    "confidence": _rate("0.5", "1", is_open=True),
    "tolerable_rate": _rate("0", "1", is_open=True),
    "expected_rate": _rate("0", "1", is_open=False),
    "seed": lambda value: "" if value in ("", None) else a_text(value),
    "county_seeds": _texts,
    "halves": _texts,
    "commitments": _commitments,
    "selection": one_of(SELECTIONS),
    "strata": lambda value: tuple(a_list(one_of(STRATA))(value)),
    "flagged_n": _count(2),
    "min_n": _count(0),
    "ordered_share": _optional(_rate("0", "1", is_open=True)),
    "critical": _count(1),
    "schools": _count(2),
    "per_school": _count(2),
    "icc": _rate("0", "1", is_open=False),
}
SAMPLE_OPTIONAL = (
    "seed", "county_seeds", "halves", "commitments", "selection", "strata", "flagged_n", "min_n", "ordered_share", "critical", "schools", "per_school", "icc",
)  # fmt: skip
RECHECK: dict[str, Callable[[Any], Any]] = {
    "city_code": a_code,
    "city_name": a_text,
    "term": a_term,
    "packages": a_list(a_path),
    "county_params": a_list(a_path),
    "sample": lambda value: value,
    "field_results": a_list(a_path),
    "keys": _texts,
    "grades": _grades,
    "deadlines": _deadlines,
    "copied_on": lambda value: {county: a_date(day) for county, day in _texts(value).items()},
    "language": one_of(LANGUAGES),
    "output_dir": a_path,
}
OPTIONAL = ("field_results", "keys", "grades", "deadlines", "copied_on", "language")


def read_recheck(path: Path, *, before_the_draw: bool = False, **overrides: Any) -> ReCheck:
    """The re-check parameters in ``path``; ``overrides`` (output_dir, language) outrank the file. ``before_the_draw``: no
    seed is needed yet.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    chosen_here = {key: value for key, value in overrides.items() if value is not None}
    values, base = {**read_yaml(path), **chosen_here}, path.resolve().parent
    checked = check_recheck(values, base=base, place=path.name, before_the_draw=before_the_draw)
    if "output_dir" in chosen_here:  # named on the command line: relative to where the user stands
        checked = replace(checked, output_dir=Path(chosen_here["output_dir"]).resolve())
    return checked


def check_recheck(
    values: Mapping[str, Any], *, base: Path, place: str = "parameters", before_the_draw: bool = False
) -> ReCheck:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    checked = read_keys(values, RECHECK, OPTIONAL, place, problems)
    choices = checked.get("sample")
    if isinstance(choices, Mapping):
        checked["sample"] = read_keys(choices, SAMPLE, SAMPLE_OPTIONAL, f"{place} › sample", problems)
    elif "sample" in checked:
        problems.append(wrong("sample", place, Text("抽样参数的映射", "a mapping of sampling parameters")))
    if not problems:
        problems += _contradictions(checked, place)
        problems += [] if before_the_draw else _seedless(checked, place)
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    return _with_paths(checked, base)


def _contradictions(checked: Mapping[str, Any], place: str) -> list[Problem]:
    sample = checked["sample"]
    problems = []
    if sample["expected_rate"] >= sample["tolerable_rate"]:
        wish = Text("小于 tolerable_rate 的数", "a number below tolerable_rate")
        problems.append(wrong("expected_rate", f"{place} › sample", wish))
    if not checked["county_params"]:
        wish = Text("至少一个县的参数文件", "the parameter file of one county at least")
        problems.append(wrong("county_params", place, wish))
    return problems


def _seedless(checked: Mapping[str, Any], place: str) -> list[Problem]:
    sample = checked["sample"]
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


def _with_paths(checked: dict[str, Any], base: Path) -> ReCheck:
    for name in ("packages", "county_params", "field_results"):
        checked[name] = [(base / entry).resolve() for entry in checked.get(name, [])]
    checked["keys"] = {county: (base / entry).resolve() for county, entry in checked.get("keys", {}).items()}
    checked["output_dir"] = (base / checked["output_dir"]).resolve()
    checked["sample"] = Sample(**checked["sample"])
    return ReCheck(**checked)
