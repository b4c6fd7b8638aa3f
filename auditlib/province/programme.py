"""A province's run, step by step: counties as tasks, persons across them, the counts held against each other."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from auditlib.base.errors import AuditError, Problem
from auditlib.base.faults import in_words
from auditlib.base.language import Text
from auditlib.base.owners import open_private, shut_folder
from auditlib.base.workers import Workers
from auditlib.law.parameters import SelfCheck
from auditlib.province.across import Across, across_counties
from auditlib.province.county_task import (
    DONE_STATE,
    MARK,
    PACKAGE,
    CountyOutcome,
    CountyTask,
    audit_county,
    key_of_all,
    without_answer,
)
from auditlib.province.packages import COMPARED_COLUMNS, rows_of
from auditlib.province.parameters import COUNTIES, Province, read_counties

NOT_COMPARED = (
    Text("跨县比对没有完成（{kind}）", "the comparison across counties did not end ({kind})"),
    Text(
        "各县的结果都在各自的文件夹里；看 Spark 的日志（多为内存不足或集群已停止），再运行一次",
        "the counties' results stand in their folders; see Spark's log (mostly want of memory, or a cluster that was stopped), and run again",
    ),
)
Tell = Callable[[CountyOutcome, int, int], None]
"""Hears of a county when it is done: what became of it, how many are done, of how many."""


@dataclass(frozen=True)
class ProvinceResults:
    """What a province's run gives: an outcome a county, in order of their codes; persons across; rows compared by county."""

    run: Province
    outcomes: list[CountyOutcome]
    across: Across

    @property
    def successes(self) -> list[CountyOutcome]:
        return [outcome for outcome in self.outcomes if outcome.state == DONE_STATE]

    @property
    def failures(self) -> list[CountyOutcome]:
        return [outcome for outcome in self.outcomes if outcome.state != DONE_STATE]


def run_province(run: Province, workers: Workers, tell: Tell) -> ProvinceResults:
    """The whole run. Raises UsageError for wrong parameters before any county begins."""
    counties = read_counties(run)
    folder = run.output_dir
    with in_words(run.language), mark_in(folder) as mark:
        tasks = [
            task_of(county.parameters, county.file, folder / COUNTIES / county.code, mark)
            for county in counties
        ]
        outcomes = audit_counties(workers, tasks, run.side_by_side, tell)
        return ProvinceResults(run, outcomes, _across(run, workers, outcomes))


def run_county(parameters: SelfCheck, file: Path, workers: Workers) -> CountyOutcome:
    """One county as the only task, its files where its parameters say."""
    with in_words(parameters.language), mark_in(parameters.output_dir) as mark:
        tasks = [task_of(parameters, file, parameters.output_dir, mark)]
        [outcome] = audit_counties(workers, tasks, 1, lambda *_: None)
    return outcome


@contextmanager
def mark_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """A mark in ``folder`` by which a worker knows that it sees the same storage, and what it holds."""
    mark, content = shut_folder(folder) / MARK, secrets.token_hex(8)
    with open_private(mark, "w", encoding="utf-8") as out:
        out.write(content)
    try:
        yield mark, content
    finally:
        mark.unlink(missing_ok=True)


def task_of(parameters: SelfCheck, file: Path, output: Path, mark: tuple[Path, str]) -> CountyTask:
    """The task of auditing one county."""
    keys, key_name = key_of_all()
    return CountyTask(
        parameters.county_code,
        parameters.county_name,
        str(file.resolve()),
        str(output),
        parameters.language,
        str(Path.cwd()),
        keys,
        key_name,
        str(mark[0]),
        mark[1],
    )


def audit_counties(
    workers: Workers, tasks: list[CountyTask], at_once: int, tell: Tell
) -> list[CountyOutcome]:
    """An outcome for every task, in their order; a county whose task Spark gave up is one that failed."""
    outcomes: dict[int, CountyOutcome] = {}
    for place, answer in workers.answers(audit_county, [task.as_text() for task in tasks], at_once):
        task = tasks[place]
        outcomes[place] = (
            without_answer(task, answer) if isinstance(answer, Exception) else CountyOutcome.of_text(answer)
        )
        tell(outcomes[place], len(outcomes), len(tasks))
    return [outcomes[place] for place in range(len(tasks))]


def _across(run: Province, workers: Workers, outcomes: list[CountyOutcome]) -> Across:
    folders = {
        o.county_code: run.output_dir / COUNTIES / o.county_code for o in outcomes if o.state == DONE_STATE
    }
    questions = [
        json.dumps({"county_code": code, "package": str(folder / PACKAGE)}, ensure_ascii=False)
        for code, folder in folders.items()
    ]
    names = {outcome.county_code: outcome.county_name for outcome in outcomes}
    try:
        rows = workers.table("token_rows", rows_of, questions, COMPARED_COLUMNS)
        return across_counties(run, workers, rows, folders, names)
    except AuditError:
        raise
    except Exception as error:  # whatever a cluster raises when it goes away
        what = NOT_COMPARED[0].fill(kind=type(error).__name__)
        place = Text(run.province_name, run.province_name)
        raise AuditError(Problem(what, place, NOT_COMPARED[1]), run.language) from error
