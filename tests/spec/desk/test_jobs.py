"""A command beside the desk: which step it is at, how long it may take, what it said at its end."""

from __future__ import annotations

import time

import pytest

from auditlib.desk import jobs
from auditlib.desk.jobs import Job

SPOKEN_LINES = "启动 · Start … 2.0 s\n准备 · Preparation … 4.0 s\n读入 · Read …"


def test_a_job_says_its_step_and_what_is_left_by_how_long_the_others_took() -> None:
    job = Job(["self-check"], weights=(1.0, 2.0, 6.0, 1.0), begun=0.0, spoken=SPOKEN_LINES)
    now = job.progress(now=10.0)
    assert (now.step, now.number, now.steps, now.share) == ("读入 · Read", 3, 4, pytest.approx(0.3))
    assert now.seconds_left == pytest.approx(
        6.0 / 3.0 * 7.0 - 4.0
    )  # twice as slow as usual, 4 s of the step gone


def test_nothing_is_promised_at_the_beginning_nor_less_than_nothing_at_the_end() -> None:
    job = Job([], weights=(1.0, 9.0), begun=0.0, spoken="启动 · Start … 2.0 s\n读入 …")
    assert job.progress(now=3.0).seconds_left is None
    late = Job([], weights=(5.0, 5.0), begun=0.0, spoken="启动 · Start … 2.0 s\n读入 …")
    assert late.progress(now=90.0).seconds_left == 0.0


def test_what_is_said_besides_the_steps_is_the_message() -> None:
    job = Job([], spoken="读入 … 1.2 s\n缺少必需列“姓名”\n  位置：发放表.csv\n  处理：改正\n1.3 s\n")
    assert job.message() == "缺少必需列“姓名”\n  位置：发放表.csv\n  处理：改正"


def test_every_step_of_the_programme_has_its_part_of_the_time() -> None:
    job = jobs.programme_job("self-check", "county_self_check", jobs.NOTEBOOKS / "x.yaml")
    titles = [step.partition(" · ")[0] for step in jobs.headings(jobs.NOTEBOOKS / "county_self_check.ipynb")]
    assert set(jobs.SECONDS) <= {"启动", "报告", *titles}
    assert len(job.weights) == len(titles) + 2


def test_a_refusal_and_a_stop_are_told_apart_from_success() -> None:
    refused_job = Job(["ingest", "does-not-exist.yaml"]).start()
    stopped_job = Job(["rules"]).start()
    stopped_job.stop()
    end = time.monotonic() + 120
    while not (refused_job.is_over and stopped_job.is_over) and time.monotonic() < end:
        time.sleep(0.05)
    assert (refused_job.is_good, refused_job.is_stopped) == (False, False)
    assert "does-not-exist.yaml" in refused_job.message()
    assert stopped_job.is_stopped
