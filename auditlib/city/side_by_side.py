"""Counties audited again side by side, each by a process of its own; the same whichever is done first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from auditlib.base.errors import AuditError, Problem

Question = TypeVar("Question")
Answer = TypeVar("Answer")
WORTH_A_PROCESS = 2_000_000  # bytes of data in all; below it, to start a process takes longer than the audit
Attempt = tuple[Answer | None, tuple[Problem, ...], type[AuditError]]


def answers(
    task: Callable[[Question], Answer], questions: Sequence[Question], hands: int
) -> Iterator[Attempt[Answer]]:
    """What ``task`` gives for each of ``questions``, in their order, or the problems for which it gives nothing; ``hands``:
    how many at once. ``task`` stands in a module, questions and answers can be pickled."""
    if hands < 2:
        yield from (_attempt(task, question) for question in questions)
        return
    with ProcessPoolExecutor(hands, get_context("spawn")) as pool:
        yield from pool.map(_attempt, [task] * len(questions), questions)


def hands_for(folders: Sequence[Path]) -> int:
    """How many processes the audits of ``folders`` of files are worth: one a core at most, none for little."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    files = {file for folder in folders for file in Path(folder).rglob("*") if file.is_file()}
    size = sum(file.stat().st_size for file in files)
    return min(cores, len(folders)) if size > WORTH_A_PROCESS else 1


def _attempt(task: Callable[[Question], Answer], question: Question) -> Attempt[Answer]:
    """An error of the files is an answer too: the other counties' are told with it."""
    try:
        return task(question), (), AuditError
    except AuditError as error:
        return None, error.problems, type(error)
