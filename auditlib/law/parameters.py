"""The parameters of a run: read strictly, checked by name, handed to the notebook as plain JSON types."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditlib.base import terms
from auditlib.base.edited_lists import listed_rows
from auditlib.base.errors import Problem, UsageError
from auditlib.base.files import settle
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.places import HEADERS, policies
from auditlib.base.strict_values import (
    Wrong,
    a_code,
    a_date,
    a_list,
    a_number_of_days,
    a_path,
    a_share,
    a_term,
    a_text,
    known_keys,
    one_of,
    read_keys,
    wrong,
)
from auditlib.base.strict_yaml import read_yaml
from auditlib.law.county_profile import with_profile


# Names alone: the tables themselves bring the engine with them, which checking parameters need not wait for.
@lru_cache
def columns_by_table() -> dict[str, tuple[str, ...]]:
    """Table -> its columns, as the program's own params/headers.csv names them (a test holds it to the declared tables)."""
    names: dict[str, dict[str, None]] = {}
    for _, row in listed_rows(HEADERS, ("table", "column", "header")):
        names.setdefault(row["table"], {})[row["column"]] = None
    return {table: tuple(columns) for table, columns in names.items()}


CODE_LISTS = ("category", "stage", "grade", "status", "boarding", "sex", "result", "yes_no", "scheme")
HAND_IN = ("registers", "tokens")
ANSWERED_FOR = ("preschool", "senior")
STAGES = ("preschool", "primary", "junior", "senior", "vocational", "special", "higher")


@dataclass(frozen=True)
class Thresholds:
    """What the auditor chose: where a link is certain or open, how long a posting stands, what is late.

    ``notice_days``: after a notice to return; ``home_visits`` a month of ``home_lessons`` each; ``panel_size``: the fewest
    members of a panel that recognises hardship; ``idle_days``: how long money may lie after it was received. The last four are
    limits of rates: dropouts of a stage at most, disabled children and children of the registers in education at least.
    """

    link_accept: float
    link_review: float
    posting_days: int
    pay_by: dt.date
    reply_by: dt.date
    notice_days: int = 7
    home_visits: int = 2
    home_lessons: int = 2
    panel_size: int = 10
    idle_days: int = 30
    dropout_primary: float = 0.006
    dropout_junior: float = 0.018
    disabled_enrolled: float = 0.91
    register_enrolled: float = 1.0


@dataclass(frozen=True)
class Ages:
    """Ages in completed years on 31 August before the term, both ends included.

    ``compulsory``: from 6 to the end of the ninth year at 15 (义务教育法, art. 2 and 11), elsewhere to 16; ``account``: from
    kindergarten to the last year of a first degree, of whom each eligible child is accounted for.
    """

    compulsory: tuple[int, int] = (6, 15)
    account: tuple[int, int] = (3, 22)


@dataclass(frozen=True)
class SelfCheck:
    """Parameters of one county's self-check (contract 2). Paths are absolute.

    ``hand_in``: what the package for the city tells of persons: the findings as they are (``registers``: the city holds
    the county's files anyway), or keyed tokens only (``tokens``). ``lost_share``: the share of unreadable cells of a used
    column, or of rejected rows of a sheet, above which the run stops. ``values``: list of codes -> spelling -> code, for
    spellings that params/codes does not know. ``constants``: table -> patterns with constants, as ``sources`` have them, for
    those of the files that ``sources`` name. ``rectification``: rule or family -> ``unit`` that puts it right and day (``by``).
    ``leave_out``: rules that this run does not put, each listed as not run. ``answers_for``: for which children outside compulsory age the county has to know where they are.
    """

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
    columns: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    previous: list[Path] = field(default_factory=list)
    hand_in: str = "registers"
    language: str = "zh"
    lost_share: float = 0.5
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, list[Any]] = field(default_factory=dict)
    rectification: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    leave_out: list[str] = field(default_factory=list)
    ages: Ages = Ages()
    answers_for: list[str] = field(default_factory=lambda: list(ANSWERED_FOR))

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
                **{name: getattr(limits, name) for name in OPTIONAL_THRESHOLDS},
            },
            "ages": {name: list(getattr(self.ages, name)) for name in AGES},
            "answers_for": list(self.answers_for),
            "lost_share": self.lost_share,
            "previous": [str(folder) for folder in self.previous],
            "hand_in": self.hand_in,
            "language": self.language,
            "output_dir": str(self.output_dir),
            **({"values": {kind: dict(words) for kind, words in self.values.items()}} if self.values else {}),
            **(
                {"constants": {t: list(entries) for t, entries in self.constants.items()}}
                if self.constants
                else {}
            ),
            **(
                {"rectification": {rule: dict(task) for rule, task in self.rectification.items()}}
                if self.rectification
                else {}
            ),
            **({"leave_out": list(self.leave_out)} if self.leave_out else {}),
        }


def _pattern(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "files" not in value:
            raise Wrong("带 files 的映射", "a mapping with the key files")
        return {str(key): a_text(entry) for key, entry in value.items()}
    return a_text(value)


def _sources(value: Any) -> dict[str, list[Any]]:
    if not isinstance(value, Mapping):
        raise Wrong("各表的文件列表", "a list of files for each table")
    known_keys(value, columns_by_table())
    return {str(table): a_list(_pattern)(patterns) for table, patterns in value.items()}


NOT_NEEDED = (None, "", "~", "null", "Null", "NULL")  # how YAML writes null, whose scalars stay text here


def _columns(value: Any) -> dict[str, dict[str, str | None]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(entry, Mapping) for entry in value.values()):
        raise Wrong("如 {payments: {证件: id_number}}", "such as {payments: {证件: id_number}}")
    known_keys(value, columns_by_table())
    for table, headers in value.items():
        for column in headers.values():
            if column not in NOT_NEEDED:
                one_of(columns_by_table()[table])(column)
    return {
        str(table): {str(h): None if c in NOT_NEEDED else str(c) for h, c in headers.items()}
        for table, headers in value.items()
    }


def _values(value: Any) -> dict[str, dict[str, str]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(words, Mapping) for words in value.values()):
        raise Wrong("如 {category: {低保户子女: low_income}}", "such as {category: {低保户子女: low_income}}")
    known_keys(value, dict.fromkeys(CODE_LISTS))
    return {
        str(kind): {str(word): a_text(code) for word, code in words.items()} for kind, words in value.items()
    }


TASK: dict[str, Callable[[Any], str]] = {"unit": a_text, "by": lambda value: a_date(value).isoformat()}


def _rectification(value: Any) -> dict[str, dict[str, str]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(task, Mapping) for task in value.values()):
        example = "{missed.unpaid: {unit: 县教育局, by: 2021-01-15}}"
        raise Wrong(f"如 {example}", f"such as {example}")
    for task in value.values():
        known_keys(task, TASK)
    return {str(rule): {str(k): TASK[k](v) for k, v in task.items()} for rule, task in value.items()}


THRESHOLDS: dict[str, Callable[[Any], Any]] = {
    "link_accept": a_share,
    "link_review": a_share,
    "posting_days": a_number_of_days,
    "pay_by": a_date,
    "reply_by": a_date,
    "notice_days": a_number_of_days,
    "home_visits": a_number_of_days,
    "home_lessons": a_number_of_days,
    "panel_size": a_number_of_days,
    "idle_days": a_number_of_days,
    "dropout_primary": a_share,
    "dropout_junior": a_share,
    "disabled_enrolled": a_share,
    "register_enrolled": a_share,
}
OPTIONAL_THRESHOLDS = (
    "notice_days", "home_visits", "home_lessons", "panel_size", "idle_days", "dropout_primary", "dropout_junior",
    "disabled_enrolled", "register_enrolled",
)  # fmt: skip


def _years(value: Any) -> tuple[int, int]:
    """Two whole numbers of years, the second not below the first."""
    ends = [str(end) for end in value] if isinstance(value, (list, tuple)) else []
    if len(ends) != 2 or not all(re.fullmatch(r"[0-9]{1,2}", end) for end in ends):
        raise Wrong("两个周岁数，如 [6, 15]", "two ages in years, such as [6, 15]")
    first, last = int(ends[0]), int(ends[1])
    if not 1 <= first <= last <= OLDEST:
        raise Wrong(
            f"1 至 {OLDEST} 的两个周岁数，后一个不小于前一个",
            f"two ages from 1 to {OLDEST}, the second not below the first",
        )
    return first, last


OLDEST = 30
AGES: dict[str, Callable[[Any], Any]] = {"compulsory": _years, "account": _years}
SELF_CHECK: dict[str, Callable[[Any], Any]] = {
    "county_code": a_code,
    "county_name": a_text,
    "term": a_term,
    "count_date": a_date,
    "data_dir": a_path,
    "sources": _sources,
    "columns": _columns,
    "values": _values,
    "constants": lambda value: {} if value in ("", None) else _sources(value),
    "rectification": _rectification,
    "leave_out": a_list(a_text),
    "policy": a_list(a_path),
    "enrolment_covers": a_list(one_of(STAGES)),
    "thresholds": lambda value: value,
    "ages": lambda value: {} if value in ("", None) else value,
    "answers_for": a_list(one_of(ANSWERED_FOR)),
    "lost_share": a_share,
    "previous": a_list(a_path),
    "hand_in": one_of(HAND_IN),
    "language": one_of(LANGUAGES),
    "output_dir": a_path,
}
OPTIONAL = (
    "columns", "values", "constants", "rectification", "leave_out", "ages", "answers_for", "lost_share", "previous", "hand_in",
    "language",
)  # fmt: skip


def read_self_check(path: Path, **overrides: Any) -> SelfCheck:
    """The self-check parameters in ``path``; ``overrides`` (output_dir, language) outrank the file.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    of_file = read_yaml(path)
    of_call = {key: value for key, value in overrides.items() if value is not None}
    checked = check_self_check({**of_file, **of_call}, base=path.resolve().parent, place=path.name)
    if "output_dir" in of_call:  # named on the command line: relative to where the user stands
        checked = replace(checked, output_dir=Path(of_call["output_dir"]).resolve())
    return checked


def check_self_check(values: Mapping[str, Any], *, base: Path, place: str = "parameters") -> SelfCheck:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    parameters = read_keys(values, SELF_CHECK, OPTIONAL, place, problems)
    limits = parameters.get("thresholds")
    if isinstance(limits, Mapping):
        parameters["thresholds"] = read_keys(
            limits, THRESHOLDS, OPTIONAL_THRESHOLDS, f"{place} › thresholds", problems
        )
    elif "thresholds" in parameters:
        problems.append(wrong("thresholds", place, Text("各阈值的映射", "a mapping of thresholds")))
    parameters["ages"] = _ages(parameters.get("ages", {}), place, problems)
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    parameters = with_profile(
        parameters, base, {key: SELF_CHECK[key] for key in ("columns", "values", "constants")}
    )
    _ordered(parameters["thresholds"], place)
    _within_term(parameters["count_date"], parameters["term"], place)
    parameters["thresholds"] = Thresholds(**parameters["thresholds"])
    for key in ("data_dir", "output_dir"):
        parameters[key] = (base / parameters[key]).resolve()
    parameters["previous"] = [(base / folder).resolve() for folder in parameters.get("previous", [])]
    parameters["policy"] = [_policy(name, base) for name in parameters["policy"]]
    return SelfCheck(**parameters)


def _ages(entry: Any, place: str, problems: list[Problem]) -> Ages:
    """``entry`` over the usual ages; what is wrong with it is added to ``problems``."""
    if not isinstance(entry, Mapping):
        problems.append(
            wrong("ages", place, Text("如 {compulsory: [6, 15]}", "such as {compulsory: [6, 15]}"))
        )
        return Ages()
    ages = Ages(**read_keys(entry, AGES, tuple(AGES), f"{place} › ages", problems))
    if not ages.account[0] <= ages.compulsory[0] <= ages.compulsory[1] <= ages.account[1]:
        within = Text("包含 compulsory 的两个周岁数", "two ages around those of compulsory")
        problems.append(wrong("account", f"{place} › ages", within))
    return ages


def ages_of(parameters: Mapping[str, Any]) -> Ages:
    """The ages of a run from its parameters as JSON; the usual ones for a run that was made before there were any."""
    return Ages(**{name: tuple(parameters.get("ages", {}).get(name, getattr(Ages, name))) for name in AGES})


def refuse_missing_previous(parameters: SelfCheck) -> None:
    """Raises UsageError where a folder of an earlier run is not there: its decisions would be lost without a word.

    One whose files were being put in place when it was broken off is completed first.
    """
    for folder in (*parameters.previous, parameters.output_dir):
        settle(folder, parameters.language)
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
    shipped = any((folder / file).is_file() for folder in policies() for file in (name, f"{name}.yaml"))
    own = [] if shipped else [base / name, base / f"{name}.yaml"]
    return next((str(file.resolve()) for file in own if file.is_file()), name)


def _ordered(limits: Mapping[str, Any], place: str) -> None:
    if limits["link_review"] > limits["link_accept"]:
        requirement = Text("不大于 link_accept 的数", "a number not above link_accept")
        raise UsageError(wrong("link_review", f"{place} › thresholds", requirement))


def _within_term(count_date: dt.date, term: str, place: str) -> None:
    """Registers as of a day of another term would make leavers of pupils and pupils of leavers, without a word."""
    first, last = terms.first_day(term), terms.last_day(term)
    if not first <= count_date <= last:
        requirement = Text(
            f"学期 {term} 之内的一天（{first} 至 {last}）", f"a day of {term}, from {first} to {last}"
        )
        raise UsageError(wrong("count_date", place, requirement))
