"""The runs of a county's terms, opened: refused by name where they cannot be used, remarked on where they differ."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import auditlib
from auditlib.base import terms
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.base.run_folder import (
    BEING_WRITTEN,
    FINDINGS,
    HALF_WRITTEN,
    MANIFEST,
    MIXED_STATE,
    NONE,
    UNREADABLE,
    read_manifest,
    refusal_of_run,
    state_of,
)
from auditlib.trend.parameters import Trend

AGAIN = Text("请重新运行该学期的自查", "run that term's self-check again")
CHECK_RUNS = Text("检查参数 runs 中的路径", "check the paths under runs")
MISSING = Text("找不到这次运行的文件夹", "the run's folder is not there")
NO_RUN = Text("文件夹里没有运行结果", "there is no run in the folder")
BAD_MANIFEST = Text("运行的底稿清单无法读取", "the run's manifest cannot be read")
TOO_OLD = Text(
    "旧版程序所写的运行，底稿清单缺少：{missing}",
    "a run of an older version, whose manifest lacks: {missing}",
)
A_RECHECK = Text(
    "这是市级复查的文件夹，不是县级自查", "this is the folder of a re-check, not of a self-check"
)
NAME_COUNTIES = Text("在 runs 中写县级自查的文件夹", "name folders of self-checks under runs")
COUNTIES = Text("运行结果属于不同的县：{codes}", "the runs are of several counties: {codes}")
ONE_COUNTY = Text("一县一份：每个县各写一份参数文件", "one county at a time: a parameter file for each")
SAME_TERM = Text("{term} 有两份不同的运行结果", "there are two different runs of {term}")
CHOOSE = Text("只留应采用的一份", "keep the one that holds")
TOO_EARLY = Text(
    "截止日 {as_of} 早于 {term} 的核定基准日 {count_date}",
    "as_of {as_of} is before the count date {count_date} of {term}",
)
LATER = Text("把 as_of 改为更晚的日期，或去掉该学期", "write a later as_of, or leave the term out")
NEEDED_PARAMETERS = ("county_code", "county_name", "term", "count_date")


@dataclass(frozen=True)
class TermRun:
    """One term's run: its folder, what its manifest holds, the digest of its findings."""

    folder: Path
    manifest: Mapping[str, Any]
    digest: str

    @property
    def term(self) -> str:
        return str(self.manifest["parameters"]["term"])

    @property
    def county_code(self) -> str:
        return str(self.manifest["parameters"]["county_code"])

    @property
    def county_name(self) -> str:
        return str(self.manifest["parameters"]["county_name"])

    @property
    def count_date(self) -> dt.date:
        return dt.date.fromisoformat(str(self.manifest["parameters"]["count_date"]))

    @property
    def serial(self) -> int:
        """Terms in a row have serials in a row."""
        return serial(self.term)


@dataclass(frozen=True)
class TermRuns:
    """The runs in the order of their terms; ``remarks`` say what a reader must know before comparing them."""

    county_code: str
    county_name: str
    runs: list[TermRun]
    remarks: list[Text] = field(default_factory=list)

    @property
    def terms(self) -> list[str]:
        return [run.term for run in self.runs]


def serial(term: str) -> int:
    """``2020-spring`` before ``2020-autumn`` before ``2021-spring``, one apart each."""
    year, season = term.split("-")
    return 2 * int(year) + (season == "autumn")


def term_name(number: int) -> str:
    """The term of a :func:`serial`."""
    return f"{number // 2}-{'autumn' if number % 2 else 'spring'}"


def open_runs(trend: Trend) -> TermRuns:
    """Every run of ``trend.runs``, ordered by term.

    Raises AuditError with every run that is missing, half-written, too old, of another county, or there twice with
    different findings.
    """
    folders = list(dict.fromkeys(trend.runs))
    problems = [problem for folder in folders for problem in _refusals(folder)]
    if problems:
        raise AuditError(problems, trend.language)
    term_runs = [_term_run(folder) for folder in folders]
    problems = [*_counties(term_runs), *_same_terms(term_runs), *_too_early(term_runs, trend.as_of)]
    if problems:
        raise AuditError(problems, trend.language)
    runs = [next(same) for _, same in groupby(sorted(term_runs, key=_order), key=_order)]
    remarks = [*_as_given(trend.runs, term_runs, runs), *_gaps(runs), *_older(runs), *_unlike(runs)]
    return TermRuns(runs[0].county_code, runs[0].county_name, runs, remarks)


def _order(run: TermRun) -> int:
    return run.serial


def _term_run(folder: Path) -> TermRun:
    digest = hashlib.sha256((folder / FINDINGS).read_bytes()).hexdigest()
    return TermRun(folder, json.loads((folder / MANIFEST).read_text("utf-8")), digest)


def _refusals(folder: Path) -> Iterator[Problem]:
    """Why the run in ``folder`` cannot be used; at most one reason."""
    where = Text(folder.name, folder.name)
    if not folder.is_dir():
        yield Problem(MISSING, where, CHECK_RUNS)
    elif (state := state_of(folder)) in (NONE, HALF_WRITTEN):
        yield Problem(NO_RUN, where, CHECK_RUNS if not (folder / MANIFEST).exists() else AGAIN)
    elif state in (BEING_WRITTEN, MIXED_STATE, UNREADABLE):
        yield from refusal_of_run(state, folder).problems
    else:
        yield from _manifest_refusals(folder, where)


def _manifest_refusals(folder: Path, where: Text) -> Iterator[Problem]:
    try:
        manifest = read_manifest(folder) or {}
        parameters = manifest["parameters"]
        missing = [name for name in NEEDED_PARAMETERS if name not in parameters]
    except (KeyError, TypeError):
        yield Problem(BAD_MANIFEST, where, AGAIN)
        return
    if "city_code" in parameters:
        yield Problem(A_RECHECK, where, NAME_COUNTIES)
        return
    missing += _missing_counts(manifest.get("rules"))
    if missing:
        yield Problem(TOO_OLD.fill(missing=", ".join(missing)), where, AGAIN)
    elif not (terms.PATTERN.match(str(parameters["term"])) and _is_date(parameters["count_date"])):
        yield Problem(BAD_MANIFEST, where, AGAIN)


def _missing_counts(rules: Any) -> list[str]:
    """Which of the counts that rates are made of some rule of the manifest lacks."""
    if not isinstance(rules, dict) or not all(isinstance(rule, dict) for rule in rules.values()):
        return ["rules"]
    kinds = {"status": str, "tested": int, "exceptions": int}
    return [
        f"rules.{name}"
        for name, kind in kinds.items()
        if not all(isinstance(rule.get(name), kind) for rule in rules.values())
    ]


def _is_date(value: object) -> bool:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _counties(runs: Sequence[TermRun]) -> Iterator[Problem]:
    codes = sorted({run.county_code for run in runs})
    if len(codes) > 1:
        yield Problem(COUNTIES.fill(codes=", ".join(codes)), Text("runs", "runs"), ONE_COUNTY)


def _same_terms(runs: Sequence[TermRun]) -> Iterator[Problem]:
    for _, same in groupby(sorted(runs, key=_order), key=_order):
        rivals = list(same)
        if len({run.digest for run in rivals}) > 1:
            folders = [run.folder.name for run in rivals]
            where = Text("、".join(folders), ", ".join(folders))
            yield Problem(SAME_TERM.fill(term=term_words(rivals[0].term)), where, CHOOSE)


def _too_early(runs: Sequence[TermRun], as_of: dt.date) -> Iterator[Problem]:
    for run in runs:
        if run.count_date > as_of:
            what = TOO_EARLY.fill(as_of=as_of, term=term_words(run.term), count_date=run.count_date)
            yield Problem(what, Text("as_of", "as_of"), LATER)


TWICE = Text(
    "{term} 的运行给了不止一次，只计一次。", "The run of {term} was given more than once; it counts once."
)
ORDERED_TEXT = Text(
    "给出的次序不是学期先后，已按学期重排。",
    "The runs were not given in the order of their terms; they have been ordered.",
)
GAP = Text(
    "缺 {terms} 的运行：前后两学期之间不判断“一直未了结”，也不画连线。",
    "No run of {terms}: across it nothing is said to have stayed open, and no line is drawn.",
)
ALONE = Text("只有一个学期，还没有可比的变化。", "There is one term only: no change to be seen yet.")
OLDER = Text(
    "{term} 由旧版程序（{version}）核对，规则可能与现在不同，比率不宜直接相比。",
    "{term} was audited by an older version ({version}), whose rules may differ; compare its rates with care.",
)
POLICY = Text(
    "{earlier} 与 {later} 所用的政策文件不同，标准变动会改变疑点数。",
    "{earlier} and {later} rest on different policy files; changed standards change the number of findings.",
)
THRESHOLDS = Text(
    "{earlier} 与 {later} 的阈值不同（{names}），比率的变化可能由此而来。",
    "{earlier} and {later} had different thresholds ({names}); a changed rate may come from that.",
)
DATE_PARAMETERS = ("pay_by", "reply_by")  # each term has its own


def _as_given(
    folders: Sequence[Path], term_runs: Sequence[TermRun], runs: Sequence[TermRun]
) -> Iterator[Text]:
    times = [
        *(run.term for run in term_runs),
        *(run.term for run in term_runs for _ in range(_more(folders, run))),
    ]
    yield from (TWICE.fill(term=term_words(run.term)) for run in runs if times.count(run.term) > 1)
    if any(one.serial > next_one.serial for one, next_one in pairwise(term_runs)):
        yield ORDERED_TEXT
    if len(runs) == 1:
        yield ALONE


def _more(folders: Sequence[Path], run: TermRun) -> int:
    return folders.count(run.folder) - 1


def _gaps(runs: Sequence[TermRun]) -> Iterator[Text]:
    for one, next_one in pairwise(runs):
        if lacking := [term_words(term_name(number)) for number in range(one.serial + 1, next_one.serial)]:
            yield GAP.fill(terms=Text("、".join(t.zh for t in lacking), ", ".join(t.en for t in lacking)))


def _older(runs: Sequence[TermRun]) -> Iterator[Text]:
    for run in runs:
        version = run.manifest.get("auditlib", "?")
        if version != auditlib.__version__:
            yield OLDER.fill(term=term_words(run.term), version=version)


def _unlike(runs: Sequence[TermRun]) -> Iterator[Text]:
    for one, next_one in pairwise(runs):
        pair = {"earlier": term_words(one.term), "later": term_words(next_one.term)}
        if _policy(one) != _policy(next_one):
            yield POLICY.fill(**pair)
        if names := _differing(one, next_one, _thresholds):
            yield THRESHOLDS.fill(names=", ".join(names), **pair)


def _policy(run: TermRun) -> list[tuple[Any, Any]]:
    return [(entry.get("file"), entry.get("sha256")) for entry in run.manifest.get("policy") or ()]


def _thresholds(run: TermRun) -> Mapping[str, Any]:
    return run.manifest["parameters"].get("thresholds") or {}


def _differing(one: TermRun, other: TermRun, of: Callable[[TermRun], Mapping[str, Any]]) -> list[str]:
    mine, theirs = of(one), of(other)
    return sorted(k for k in {*mine, *theirs} - {*DATE_PARAMETERS} if mine.get(k) != theirs.get(k))
