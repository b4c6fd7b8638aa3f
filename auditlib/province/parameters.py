"""The parameters of a province's run, read as strictly as a county's; and those of all its counties, before anything runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditlib.base.declared_fields import as_json, optional, parameter, readers
from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.parameter_files import read_parameters
from auditlib.base.strict_values import (
    Wrong,
    a_code,
    a_list,
    a_path,
    a_term,
    a_text,
    one_of,
    read_keys,
    reader,
    wrong,
)
from auditlib.law.parameters import SelfCheck, read_self_check

COUNTIES = "counties"
"""The folder below the province's output in which each county's run has its own."""
MOST_AT_ONCE = 10_000


@reader({"type": "integer", "minimum": 0, "maximum": MOST_AT_ONCE})
def _at_once(value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_AT_ONCE):
        raise Wrong(
            "县的个数（整数；0 为按处理器数）", "a whole number of counties (0: as many as processors)"
        )
    return int(text)


@dataclass(frozen=True)
class Province:
    """Parameters of one province's run. Paths are absolute; ``county_params`` are sorted."""

    province_code: str = parameter(a_code, "省代码", "the province's code")
    province_name: str = parameter(a_text, "省名", "the province's name")
    term: str = parameter(a_term, "学期，如 2020-autumn", "the term, such as 2020-autumn")
    county_params: list[Path] = parameter(a_list(a_path), "各县的参数文件", "the counties' parameter files")
    output_dir: Path = parameter(
        a_path, "结果写到哪个文件夹", "the folder that the results go to", private=True
    )
    side_by_side: int = parameter(
        _at_once,
        "同时进行的县数，0 为按处理器数",
        "how many counties at once; 0: as many as there are processors",
        default=0,
        private=True,
    )
    language: str = parameter(
        one_of(LANGUAGES), "结果所用的语言", "the language of the results", default="zh"
    )

    def as_json(self) -> dict[str, Any]:
        """What the answers rest on, as plain JSON types: where they lie and how many at once change none of them."""
        return as_json(self) | {"county_params": [file.name for file in self.county_params]}


PROVINCE, OPTIONAL = readers(Province), optional(Province)


@dataclass(frozen=True)
class CountyFile:
    """A county as its parameter file names it."""

    file: Path
    parameters: SelfCheck

    @property
    def code(self) -> str:
        return self.parameters.county_code

    @property
    def name(self) -> str:
        return self.parameters.county_name


def read_province(path: Path, **overrides: Any) -> Province:
    """The parameters in ``path``; ``overrides`` (output_dir, language) outrank the file.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    return read_parameters(path, check_province, overrides)


def check_province(values: Mapping[str, Any], *, base: Path, place: str = "parameters") -> Province:
    """``values`` checked against the schema, patterns looked up from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    entries = read_keys(values, PROVINCE, OPTIONAL, place, problems)
    patterns = entries.get("county_params", [])
    files = {pattern: _files(base, pattern) for pattern in patterns}
    problems += [_no_file(pattern, place) for pattern in patterns if not files[pattern]]
    if "county_params" in entries and not patterns:
        problems.append(_no_county(place))
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    entries["county_params"] = sorted({file for of_pattern in files.values() for file in of_pattern})
    entries["output_dir"] = (base / entries["output_dir"]).resolve()
    return Province(**entries)


def _files(base: Path, pattern: str) -> list[Path]:
    """The files that ``pattern`` names; a name without signs of a pattern is that file."""
    if (base / pattern).is_file():
        return [(base / pattern).resolve()]
    place = Path(pattern)
    start = Path(place.anchor) if place.is_absolute() else base
    files = start.glob(str(place.relative_to(place.anchor)))
    return [file.resolve() for file in sorted(files) if file.is_file()]


def _no_file(pattern: str, place: str) -> Problem:
    return Problem(
        Text(f"没有文件符合“{pattern}”", f"no file matches “{pattern}”"),
        Text(f"{place} › county_params", f"{place} › county_params"),
        Text(
            "写各县参数文件的路径或通配符，如 counties/*.yaml",
            "write the counties' parameter files, or a pattern such as counties/*.yaml",
        ),
    )


def _no_county(place: str) -> Problem:
    return wrong(
        "county_params", place, Text("至少一个县的参数文件", "the parameter file of one county at least")
    )


def read_counties(run: Province) -> list[CountyFile]:
    """The counties in order of their codes. Raises UsageError with everything that is wrong with any of them."""
    counties: list[CountyFile] = []
    problems: list[Problem] = []
    for file in run.county_params:
        try:
            counties.append(CountyFile(file, read_self_check(file, language=run.language)))
        except UsageError as refusal:
            problems += refusal.problems
    problems += [*_of_other_terms(run, counties), *_twice(counties)]
    if problems:
        raise UsageError(problems, run.language)
    return sorted(counties, key=lambda county: county.code)


def _of_other_terms(run: Province, counties: list[CountyFile]) -> list[Problem]:
    wish = Text(f"本次的学期 {run.term}", f"this run's term, {run.term}")
    return [
        wrong("term", f"{county.name} › {county.file.name}", wish)
        for county in counties
        if county.parameters.term != run.term
    ]


def _twice(counties: list[CountyFile]) -> list[Problem]:
    files = defaultdict(list)
    for county in counties:
        files[county.code].append(county.file.name)
    return [
        Problem(
            Text(
                f"县代码 {code} 出现在几个参数文件里", f"several parameter files have the county code {code}"
            ),
            Text("、".join(names), ", ".join(names)),
            Text(
                "每县一个文件；另一个从 county_params 去掉",
                "one file a county; take the other out of county_params",
            ),
        )
        for code, names in sorted(files.items())
        if len(names) > 1
    ]
