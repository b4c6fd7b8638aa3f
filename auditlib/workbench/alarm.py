"""An error that nobody expected, in a button or a list: said in words in the page, without traceback or anybody's name.

ipywidgets hands errors of callbacks to the shell's ``showtraceback``; what that prints, no front end shows: the press of
a button would seem to do nothing. Errors of cells come by the same way with options, and stay as they are.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text

_AT_WORK: set[asyncio.Task[None]] = set()
HOME = Path(__file__).resolve().parent.parent
BROKEN_TEXTS = (
    Text(
        "出了意料之外的错误，刚才的操作没有做完",
        "Something unexpected went wrong; what was asked was not finished",
    ),
    Text(
        "以前记下的处理都在。请重新打开本页再试；仍不行，请把“位置”一行告诉维护人员",
        "What was recorded before is safe. Open this page anew and try again; if it happens again, tell the maintainers the line “Where”",
    ),
)


def hear(shell: Any, tell: Callable[[AuditError], None]) -> None:
    """From now on errors of callbacks go to ``tell``; ``shell``: IPython's, None where there is none."""
    if shell is None:
        return
    usual = type(shell).showtraceback

    def showtraceback(*args: Any, **options: Any) -> None:
        error = sys.exc_info()[1]
        if args or options or error is None:
            usual(shell, *args, **options)
        else:
            tell(in_words(error))

    shell.showtraceback = showtraceback


def in_background(work: Coroutine[Any, Any, None]) -> None:
    """``work`` beside whatever else the page asks; at once where nothing runs beside. What goes wrong in it is heard too."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
        return
    task = loop.create_task(_hear(work))
    _AT_WORK.add(task)  # a loop alone does not hold its tasks
    task.add_done_callback(_AT_WORK.discard)


async def _hear(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        from IPython import get_ipython

        get_ipython().showtraceback()


def in_words(error: BaseException) -> AuditError:
    """What went wrong by its kind and place alone: a message may hold a name or a number."""
    if isinstance(error, AuditError):
        return error
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _ours(frame.filename)]
    place = f"{Path(frames[-1].filename).relative_to(HOME).as_posix()}:{frames[-1].lineno}" if frames else ""
    where = f"{type(error).__name__} {place}".strip()
    return AuditError(Problem(BROKEN_TEXTS[0], Text(where, where), BROKEN_TEXTS[1]))


def _ours(file: str) -> bool:
    return Path(file).is_relative_to(HOME)
