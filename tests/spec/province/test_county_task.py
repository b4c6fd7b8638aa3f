"""A county as a task: what it says when it fails, and what a computer is refused for."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from auditlib.package.keys import shared_key
from auditlib.province.county_task import (
    CountyOutcome,
    CountyTask,
    audit_county,
    key_of_all,
    without_answer,
    words_of,
)


@pytest.fixture
def task(tmp_path: Path) -> CountyTask:
    mark = tmp_path / ".auditlib-seen"
    mark.write_text("seen", "utf-8")
    keys, name = key_of_all()
    return CountyTask(
        "990111", "样县", str(tmp_path / "nowhere.yaml"), str(tmp_path / "out"), "en", str(tmp_path), keys, name, str(mark), "seen"
    )  # fmt: skip


def process_ended(code: int, stderr_text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], code, "", stderr_text)


def test_an_outcome_travels_whole() -> None:
    outcome = CountyOutcome(
        "990111", "样县", "done", rows={"read": 3}, rules={"missed.unpaid": {"exceptions": 1}}
    )
    assert CountyOutcome.of_text(outcome.as_text()) == outcome


def test_a_computer_that_does_not_see_the_folder_is_told_so(task: CountyTask) -> None:
    for other in (replace(task, mark="another"), replace(task, mark_file=task.mark_file + "-no")):
        outcome = CountyOutcome.of_text(audit_county(other.as_text()))
        assert (outcome.state, outcome.status) == ("failed", 1)
        assert "shared storage" in outcome.message


def test_a_computer_with_another_key_is_told_so(task: CountyTask, tmp_path: Path) -> None:
    assert shared_key().name == task.key_name
    for other in (replace(task, key_name="0123"), replace(task, keys=str(tmp_path))):
        assert "AUDITLIB_KEYS" in CountyOutcome.of_text(audit_county(other.as_text())).message


def test_a_county_that_cannot_be_read_says_what_the_command_says(task: CountyTask) -> None:
    outcome = CountyOutcome.of_text(audit_county(task.as_text()))
    assert (outcome.state, outcome.status) == ("failed", 2)
    assert "nowhere.yaml" in outcome.message and "What to do" in outcome.message


def test_a_run_that_was_killed_is_want_of_memory_in_words() -> None:
    for code in (-9, 137):
        assert "内存不足" in words_of(process_ended(code, ""), "zh")


def test_a_traceback_is_told_by_its_kind_alone() -> None:
    stderr_text = (
        'Traceback (most recent call last):\n  File "x.py"\nauditlib.Odd: the name 张三 is not there\n'
    )
    words = words_of(process_ended(1, stderr_text), "en")
    assert "(Odd)" in words and "张三" not in words


def test_a_number_of_a_person_in_what_a_run_says_is_masked() -> None:
    assert "990111201101010017" not in words_of(process_ended(1, "文件 990111201101010017.xlsx 读不出"), "zh")


def test_a_task_that_spark_gave_up_names_its_county(task: CountyTask) -> None:
    outcome = without_answer(task, RuntimeError("executor 3 at 10.0.0.1 exited"))
    assert outcome.county_name == "样县" and "样县" in outcome.message and "RuntimeError" in outcome.message
    assert "10.0.0.1" not in outcome.message
