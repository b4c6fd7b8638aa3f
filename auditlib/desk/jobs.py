"""A command of this program as a process beside the desk: its steps as it says them, its end, and that it can be stopped.

The same command that one would type: what it writes and what it refuses is the same.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditlib.base.places import NOTEBOOKS
from auditlib.ingest.messages import at_desk
from auditlib.page.notebook_runs import START

DONE_STEP = re.compile(r"^(?P<title>.+) … (?P<seconds>[0-9.]+) s$", re.MULTILINE)
OPEN_STEP = re.compile(r"(?:^|\n)(?P<title>[^\n]+) …\Z")
TIMES = re.compile(r"^(?:.+ … )?[0-9.]+ s$")
TOLD_FROM = 0.3  # share of the whole before which no time left is told: too little has been seen
PATIENCE = 10.0  # seconds for a process that was asked to stop


@dataclass(frozen=True)
class JobProgress:
    """How far a job is. ``share`` from 0 to 1; ``left``: seconds, None while nothing can be told."""

    step: str
    number: int
    steps: int
    share: float
    seconds_left: float | None


@dataclass
class Job:
    """One command under way. ``weights``: its steps with the part of the time that each usually takes."""

    command: Sequence[str]
    weights: Sequence[float] = ()
    begun: float = field(default_factory=time.monotonic)
    spoken: str = ""
    answer: str = ""
    status: int | None = None
    is_stopped: bool = False
    process: subprocess.Popen[str] | None = None

    def start(self) -> Job:
        """The process begins, and is listened to."""
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "auditlib.cli", *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        )
        threading.Thread(target=self._follow, daemon=True).start()
        return self

    def _follow(self) -> None:
        """Until the process has said everything and is gone; then only is it over."""
        assert self.process and self.process.stdout
        with self.process:
            listener = threading.Thread(target=self._listen, daemon=True)
            listener.start()
            self.answer = self.process.stdout.read()
            listener.join()
        self.status = self.process.returncode

    def _listen(self) -> None:
        assert self.process and self.process.stderr
        while piece := self.process.stderr.read(1):
            self.spoken += piece

    @property
    def is_over(self) -> bool:
        return self.status is not None

    @property
    def is_good(self) -> bool:
        return self.status == 0

    def stop(self) -> None:
        """Asks the process to end, as Ctrl+C does; what it was writing is given up in order."""
        self.is_stopped = True
        if self.process and self.process.poll() is None:
            self.process.terminate()
            threading.Thread(target=self._insist, daemon=True).start()

    def _insist(self) -> None:
        assert self.process
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def progress(self, now: float | None = None) -> JobProgress:
        """The step under way, and the time left by how long the steps so far took against their usual part."""
        steps_over = [float(step["seconds"]) for step in DONE_STEP.finditer(self.spoken)]
        under_way, over = OPEN_STEP.search(self.spoken), len(steps_over)
        title = under_way["title"] if under_way else ""
        steps = max(len(self.weights), over + bool(title))
        passed_weight, total = sum(self.weights[:over]), sum(self.weights)
        share = passed_weight / total if total else 0.0
        in_step = (time.monotonic() if now is None else now) - self.begun - sum(steps_over)
        seconds_left = (
            sum(steps_over) / passed_weight * (total - passed_weight) - in_step
            if share >= TOLD_FROM
            else None
        )
        return JobProgress(
            title,
            min(over + 1, steps),
            steps,
            share,
            None if seconds_left is None else max(seconds_left, 0.0),
        )

    def message(self) -> str:
        """What the process said at its end: the lines that tell no step; what to do, by the desk."""
        lines = (line for line in self.spoken.splitlines() if not TIMES.match(line) and " …" not in line)
        return at_desk.without_by_hand("\n".join(lines)).strip()


def ingest_job(file: Path) -> Job:
    """``auditlib ingest FILE``: a step a table that the file names."""
    return Job(["ingest", str(file)])


def programme_job(command: str, programme: str, file: Path) -> Job:
    """``auditlib self-check FILE`` and the like: the headings of the programme are its steps."""
    steps = [START, *headings(NOTEBOOKS / f"{programme}.ipynb"), REPORT]
    return Job([command, str(file)], [SECONDS.get(step.partition(" · ")[0], USUAL) for step in steps])


def headings(notebook: Path) -> list[str]:
    """The headings of a programme that stand above a call, as its run says them."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"][:-1]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return [source.split("\n")[0].removeprefix("## ") for source in sources if source.startswith("## ")]


REPORT = "报告 · Report"
USUAL = 0.3
SECONDS = {
    "启动": 2.1, "准备：参数与依据": 4.7, "读入与标准化": 28.9, "一人一档": 18.2, "逐条核对": 12.8, "各规则的结果": 3.3,
    "按学校和乡镇": 1.3, "写出": 9.6, "报告": 0.8,
}  # fmt: skip
"""Seconds of the longer steps as `auditlib self-check params/qinghe-2020-autumn.yaml` said them on a busy machine: only their
shares count."""
