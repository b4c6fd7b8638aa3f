"""The parameters of a run: read strictly, checked by name, handed to the notebook as plain JSON types."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditlib import terms
from auditlib.errors import Problem, UsageError
from auditlib.language import LANGUAGES, Text
from auditlib.places import HEADERS, POLICIES
from auditlib.strict_yaml import read_yaml


# Names alone: the tables themselves bring the engine with them, which checking parameters need not wait for.
@lru_cache
def columns_by_table() -> dict[str, tuple[str, ...]]:
    """Table -> its columns, as params/headers.csv names them (a test holds it to the declared tables)."""
    names: dict[str, dict[str, None]] = {}
    with HEADERS.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            names.setdefault(row["table"], {})[row["column"]] = None
    return {table: tuple(columns) for table, columns in names.items()}


STAGES = ("preschool", "primary", "junior", "senior", "vocational", "special", "higher")


@dataclass(frozen=True)
class Thresholds:
    """What the auditor chose: where a link is certain or open, how long a posting stands, what is late."""

    link_accept: float
    link_review: float
    posting_days: int
    pay_by: dt.date
    reply_by: dt.date


@dataclass(frozen=True)
class SelfCheck:
    """Parameters of one county's self-check (contract 2). Paths are absolute."""

    county_code: str
    county_name: str
    term: str
    count_date: dt.date
    data_dir: Path
    sources: Mapping[str, list[Any]]
    policy: list[str]
    enrolment_covers: list[str]
    thresholds: Thresholds
    output_dir: Path
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    previous: list[Path] = field(default_factory=list)
    language: str = "zh"

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types, for Papermill and the manifest."""
        limits = self.thresholds
        return {
            "county_code": self.county_code,
            "county_name": self.county_name,
            "term": self.term,
            "count_date": self.count_date.isoformat(),
            "data_dir": str(self.data_dir),
            "sources": {table: list(patterns) for table, patterns in self.sources.items()},
            "columns": {table: dict(headers) for table, headers in self.columns.items()},
            "policy": list(self.policy),
            "enrolment_covers": list(self.enrolment_covers),
            "thresholds": {
                "link_accept": limits.link_accept,
                "link_review": limits.link_review,
                "posting_days": limits.posting_days,
                "pay_by": limits.pay_by.isoformat(),
                "reply_by": limits.reply_by.isoformat(),
            },
            "previous": [str(folder) for folder in self.previous],
            "language": self.language,
            "output_dir": str(self.output_dir),
        }


class _Wrong(Exception):
    """A value that is not what its key asks for; says in both languages what is asked."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.asked = Text(zh, en)


def _text(value: Any) -> str:
    if isinstance(value, (Mapping, list, tuple)) or value is None or not str(value).strip():
        raise _Wrong("一段文字", "a text")
    return str(value).strip()


def _date(value: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise _Wrong("日期 YYYY-MM-DD", "a date YYYY-MM-DD") from None


def _term(value: Any) -> str:
    if not terms.PATTERN.match(str(value)):
        raise _Wrong("学期 YYYY-spring 或 YYYY-autumn", "a term YYYY-spring or YYYY-autumn")
    return str(value)


def _share(value: Any) -> float:
    try:
        share = float(str(value))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise _Wrong("0 到 1 之间的数", "a number between 0 and 1")
    return share


def _days(value: Any) -> int:
    if not re.fullmatch(r"\d{1,3}", str(value)):
        raise _Wrong("天数（整数）", "a whole number of days")
    return int(str(value))


def _list(item: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read(value: Any) -> list[Any]:
        if value in ("", None):
            return []
        if not isinstance(value, (list, tuple)):
            raise _Wrong("列表，如 [a, b]", "a list such as [a, b]")
        return [item(entry) for entry in value]

    return read


def _one_of(names: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if str(value) not in names:
            listed = ", ".join(names)
            raise _Wrong(f"其中之一：{listed}", f"one of: {listed}")
        return str(value)

    return read


def _pattern(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "files" not in value:
            raise _Wrong("带 files 的映射", "a mapping with the key files")
        return {str(key): _text(entry) for key, entry in value.items()}
    return _text(value)


def _sources(value: Any) -> dict[str, list[Any]]:
    if not isinstance(value, Mapping):
        raise _Wrong("各表的文件列表", "a list of files for each table")
    _known(value, columns_by_table())
    return {str(table): _list(_pattern)(patterns) for table, patterns in value.items()}


def _columns(value: Any) -> dict[str, dict[str, str]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(entry, Mapping) for entry in value.values()):
        raise _Wrong("如 {payments: {证件: id_number}}", "such as {payments: {证件: id_number}}")
    _known(value, columns_by_table())
    for table, headers in value.items():
        for column in headers.values():
            _one_of(columns_by_table()[table])(column)
    return {str(t): {str(h): str(c) for h, c in headers.items()} for t, headers in value.items()}


def _known(value: Mapping[str, Any], names: Mapping[str, Any]) -> None:
    for key in value:
        _one_of(tuple(names))(key)


THRESHOLDS: dict[str, Callable[[Any], Any]] = {
    "link_accept": _share,
    "link_review": _share,
    "posting_days": _days,
    "pay_by": _date,
    "reply_by": _date,
}
SELF_CHECK: dict[str, Callable[[Any], Any]] = {
    "county_code": _text,
    "county_name": _text,
    "term": _term,
    "count_date": _date,
    "data_dir": _text,
    "sources": _sources,
    "columns": _columns,
    "policy": _list(_text),
    "enrolment_covers": _list(_one_of(STAGES)),
    "thresholds": lambda value: value,
    "previous": _list(_text),
    "language": _one_of(LANGUAGES),
    "output_dir": _text,
}
OPTIONAL = ("columns", "previous", "language")


def read_self_check(path: Path, **overrides: Any) -> SelfCheck:
    """The self-check parameters in ``path``; ``overrides`` (output_dir, language) outrank the file.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    written = read_yaml(path)
    given = {key: value for key, value in overrides.items() if value is not None}
    checked = check_self_check({**written, **given}, base=path.resolve().parent, place=path.name)
    if "output_dir" in given:  # named on the command line: relative to where the user stands
        checked = replace(checked, output_dir=Path(given["output_dir"]).resolve())
    return checked


def check_self_check(values: Mapping[str, Any], *, base: Path, place: str = "parameters") -> SelfCheck:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    known = _read_keys(values, SELF_CHECK, OPTIONAL, place, problems)
    limits = known.get("thresholds")
    if isinstance(limits, Mapping):
        known["thresholds"] = _read_keys(limits, THRESHOLDS, (), f"{place} › thresholds", problems)
    elif "thresholds" in known:
        problems.append(_wrong("thresholds", place, Text("各阈值的映射", "a mapping of thresholds")))
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    _ordered(known["thresholds"], place)
    known["thresholds"] = Thresholds(**known["thresholds"])
    for key in ("data_dir", "output_dir"):
        known[key] = (base / known[key]).resolve()
    known["previous"] = [(base / folder).resolve() for folder in known.get("previous", [])]
    known["policy"] = [_policy(name, base) for name in known["policy"]]
    return SelfCheck(**known)


def refuse_missing_previous(parameters: SelfCheck) -> None:
    """Raises UsageError where a folder of an earlier run is not there: its decisions would be lost without a word."""
    missing = [folder for folder in parameters.previous if not folder.is_dir()]
    if missing:
        raise UsageError([_no_folder(folder) for folder in missing], parameters.language)


def _no_folder(folder: Path) -> Problem:
    return Problem(
        Text(f"没有以前运行的文件夹“{folder.name}”", f"no folder “{folder.name}” of an earlier run"),
        Text("参数 previous", "parameter previous"),
        Text(
            "写那次运行的 output_dir；没有以前的运行就写 previous: []",
            "write the output_dir of that run; without an earlier run write previous: []",
        ),
    )


def _policy(name: str, base: Path) -> str:
    """A shipped policy by its name, one's own by its path: absolute where ``base`` has such a file."""
    shipped = any((POLICIES / file).is_file() for file in (name, f"{name}.yaml"))
    own = [] if shipped else [base / name, base / f"{name}.yaml"]
    return next((str(file.resolve()) for file in own if file.is_file()), name)


def _ordered(limits: Mapping[str, Any], place: str) -> None:
    if limits["link_review"] > limits["link_accept"]:
        asked = Text("不大于 link_accept 的数", "a number not above link_accept")
        raise UsageError(_wrong("link_review", f"{place} › thresholds", asked))


def _read_keys(
    values: Mapping[str, Any],
    schema: Mapping[str, Callable[[Any], Any]],
    optional: tuple[str, ...],
    place: str,
    problems: list[Problem],
) -> dict[str, Any]:
    """Each known key through its reader; unknown, missing and wrong ones become problems."""
    problems += [_unknown(str(key), schema, place) for key in values if key not in schema]
    problems += [_missing(key, place) for key in schema if key not in values and key not in optional]
    read: dict[str, Any] = {}
    for key in schema:
        if key in values:
            try:
                read[key] = schema[key](values[key])
            except _Wrong as wrong:
                problems.append(_wrong(key, place, wrong.asked))
    return read


def _unknown(key: str, schema: Mapping[str, Any], place: str) -> Problem:
    names = ", ".join(schema)
    return Problem(
        Text(f"不认识的参数“{key}”", f"unknown parameter “{key}”"),
        Text(place, place),
        Text(f"删去或改正；可用：{names}", f"remove or correct it; allowed: {names}"),
    )


def _missing(key: str, place: str) -> Problem:
    return Problem(
        Text(f"缺少参数“{key}”", f"missing parameter “{key}”"),
        Text(place, place),
        Text(
            f"补上一行“{key}: …”，参照 params/ 中的样例",
            f"add a line “{key}: …” as in the examples in params/",
        ),
    )


def _wrong(key: str, place: str, asked: Text) -> Problem:
    return Problem(
        Text(f"参数“{key}”的值不对", f"parameter “{key}” has a wrong value"),
        Text(f"{place} › {key}", f"{place} › {key}"),
        Text(f"应为{asked.zh}", f"write {asked.en}"),
    )
