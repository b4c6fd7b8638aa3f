"""One county as one task: the command ``self-check``, run by whichever computer takes the task.

A process of its own, as the inspector's would be: the same code, so the same files byte for byte; what it needs of memory is
given back when it ends, and one that the system stops takes neither the worker nor another county with it. Files are read and
written where the parameters say, on storage that all computers see under one name.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from auditlib.base.errors import Problem
from auditlib.base.faults import KERNEL_DIED
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.base.run_folder import FINDINGS, MANIFEST, read_manifest
from auditlib.package.keys import fingerprint_key, folder, shared_key
from auditlib.province.packages import roles_in

PACKAGE = "package.zip"
MARK = ".auditlib-seen"
"""A file in the output folder by which a worker knows that it sees the same storage."""
KEYS = "AUDITLIB_KEYS"
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
LONGEST = 4000  # characters of what a county's run says
DONE_STATE, FAILED_STATE = "done", "failed"
UNSEEN = (
    Text("执行任务的计算机看不到这个文件夹", "the computer that took the task does not see this folder"),
    Text(
        "数据、参数和输出文件夹都放在各计算机以同一路径可见的共享存储上",
        "put data, parameters and output on shared storage that every computer sees under the same path",
    ),
)
OTHER_KEY = (
    Text(
        "执行任务的计算机用的不是同一把密钥，跨县比对不出同一人",
        "the computer that took the task has another key; one person would be two across counties",
    ),
    Text(
        "把密钥文件夹放到共享存储（仅本人可读），用环境变量 AUDITLIB_KEYS 指明",
        "put the folder of the keys on the shared storage (readable by you alone) and name it in AUDITLIB_KEYS",
    ),
)
BROKEN_TEXTS = (
    Text("程序出错（{kind}）", "the program failed ({kind})"),
    Text(
        "在一台计算机上单独运行 auditlib self-check 这个县，把显示的内容告诉程序的维护者",
        "run auditlib self-check for this county alone on one computer and tell the program's maintainers what it says",
    ),
)
LOST_TEXTS = (
    Text("任务没有完成，Spark 放弃了它（{kind}）", "the task did not end; Spark gave it up ({kind})"),
    Text(
        "看 Spark 的日志：多为内存不足（调大 spark.executor.memoryOverhead）或一台计算机退出；再运行一次即可",
        "see Spark's log: mostly want of memory (raise spark.executor.memoryOverhead) or a computer that went away; then run again",
    ),
)


class Message:
    """What travels between computers as one line of text: a dataclass of plain fields."""

    def as_text(self) -> str:
        """The message as it travels."""
        return json.dumps(asdict(self), ensure_ascii=False)  # type: ignore[call-overload]

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The message that travelled."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class CountyTask(Message):
    """What a worker needs to know of a county. Paths are absolute; ``mark`` is what the output folder's mark holds."""

    county_code: str
    county_name: str
    parameters: str
    output: str
    language: str
    command_folder: str
    keys: str
    key_name: str
    mark_file: str
    mark: str


@dataclass(frozen=True)
class CountyOutcome(Message):
    """What became of a county: ``state`` done or failed, ``status`` as the command ends, ``message`` why it failed.

    ``rows``: read, used, left_out, rejected of all its files; ``findings``: in the manifest and in the file; ``rules``: of each
    with exceptions how many and the yuan; ``roles``: rows for the comparison across counties.
    """

    county_code: str
    county_name: str
    state: str
    status: int = 0
    message: str = ""
    seconds: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)


def audit_county(text: str) -> str:
    """A county's task (:class:`CountyTask` as text) to its :class:`CountyOutcome`, as text; raises nothing that a county can cause."""
    task = CountyTask.of_text(text)
    begin = time.monotonic()
    refusal = _refusal(task)
    if refusal is not None:
        return failure(task, refusal.into(task.language), status=1).as_text()
    run = _run(task)
    if run.returncode:
        return failure(task, words_of(run, task.language), status=_status(run.returncode)).as_text()
    return _success(task, time.monotonic() - begin).as_text()


def failure(task: CountyTask, message: str, status: int) -> CountyOutcome:
    """A county that gave nothing, and why."""
    return CountyOutcome(task.county_code, task.county_name, FAILED_STATE, status, message)


def without_answer(task: CountyTask, error: Exception) -> CountyOutcome:
    """A county whose task ended without an answer."""
    what = LOST_TEXTS[0].fill(kind=type(error).__name__)
    problem = Problem(what, Text(task.county_name, task.county_name), LOST_TEXTS[1])
    return failure(task, problem.into(task.language), status=1)


def _refusal(task: CountyTask) -> Problem | None:
    """Why this computer cannot do the task; None where it can."""
    mark = Path(task.mark_file)
    if not mark.is_file() or mark.read_text("utf-8") != task.mark:
        place = mark.parent.as_posix()
        return Problem(UNSEEN[0], Text(place, place), UNSEEN[1])
    key = fingerprint_key(Path(task.keys))
    if key is None or key.name != task.key_name:
        return Problem(OTHER_KEY[0], Text(task.keys, task.keys), OTHER_KEY[1])
    return None


def _run(task: CountyTask) -> subprocess.CompletedProcess[str]:
    options = ["--output", task.output, "--language", task.language, "--quiet"]
    command = [sys.executable, "-m", "auditlib.cli", "self-check", task.parameters, *options]
    place = task.command_folder if Path(task.command_folder).is_dir() else None
    environment = {**os.environ, KEYS: task.keys, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command,
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        preexec_fn=_end_with_the_worker if sys.platform == "linux" else None,
    )


def _end_with_the_worker() -> None:
    """A worker that Spark takes away takes its county's run along, which then gives up in order."""
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)


def _status(code: int) -> int:
    return code if code in (1, 2) else 1


def words_of(run: subprocess.CompletedProcess[str], language: str) -> str:
    """What a run that failed said, in words; a traceback by its kind alone, for it may quote a cell."""
    if run.returncode < 0 or run.returncode > 128:
        return _without_place(KERNEL_DIED).into(language)
    lines = run.stderr.strip().splitlines()
    if any(line.startswith("Traceback ") for line in lines) or not lines:
        kind = lines[-1].partition(":")[0].rpartition(".")[2] if lines else str(run.returncode)
        return _without_place((BROKEN_TEXTS[0].fill(kind=kind), BROKEN_TEXTS[1])).into(language)
    return scrub("\n".join(lines))[:LONGEST]


def _without_place(words: tuple[Text, Text]) -> Problem:
    return Problem(words[0], Text("本县", "this county"), words[1])


def _success(task: CountyTask, seconds: float) -> CountyOutcome:
    import pyarrow.parquet as pq

    output = Path(task.output)
    manifest = read_manifest(output) or {}
    return CountyOutcome(
        task.county_code,
        task.county_name,
        DONE_STATE,
        seconds=round(seconds, 1),
        rows=_sum_up(manifest.get("inputs", [])),
        findings={
            MANIFEST: int(manifest.get("findings", 0)),
            FINDINGS: int(pq.read_metadata(output / FINDINGS).num_rows),
        },
        rules=_with_exceptions(manifest.get("rules", {})),
        roles=roles_in(output / PACKAGE),
    )


def _sum_up(inputs: list[dict[str, Any]]) -> dict[str, int]:
    names = {"read": "rows_read", "used": "used", "left_out": "left_out", "rejected": "rejected"}
    return {name: sum(int(file[column]) for file in inputs) for name, column in names.items()}


def _with_exceptions(rules: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        rule: {"exceptions": counts["exceptions"], "at_stake": counts["at_stake"]}
        for rule, counts in sorted(rules.items())
        if counts["exceptions"]
    }


def key_of_all() -> tuple[str, str]:
    """The folder of the keys, and the name of the fingerprint key in it, which is made where there is none yet."""
    return str(folder().resolve()), shared_key().name
