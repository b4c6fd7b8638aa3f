"""A process that works beside this one: what needs no engine, and would hold up the interpreter here, is done on another core.

It ends with this one, however this one ends: it reads from a pipe that nobody else holds.
"""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

Task = tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]
NOT_SENT = (OSError, AttributeError, TypeError, pickle.PicklingError, AssertionError)
"""What sending raises; the last where this process may have none beside it (multiprocessing's daemons)."""


@dataclass
class Helper:
    """Where what is given is done: here and at once."""

    def give(self, function: Callable[..., None], *arguments: Any, **keywords: Any) -> None:
        """``function`` with its arguments, to be done by the time that :meth:`finish` gives back."""
        function(*arguments, **keywords)

    def finish(self) -> None:
        """Waits until all that was given is done. Raises what a task raises."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


@dataclass
class HelperProcess(Helper):
    """In a process of its own, in the order in which it is given; functions stand in a module, arguments can be pickled.

    What could not be done there, whatever the reason, :meth:`finish` does here: an error is raised as if there were no other
    process.
    """

    tasks: list[tuple[Task, bool]] = field(default_factory=list)
    pipe: Connection | None = None
    process: SpawnProcess | None = None

    def give(self, function: Callable[..., None], *arguments: Any, **keywords: Any) -> None:
        task: Task = (function, arguments, keywords)
        is_sent = False
        with suppress(*NOT_SENT):
            self._pipe().send(task)
            is_sent = True
        self.tasks.append((task, is_sent))

    def finish(self) -> None:
        for (function, arguments, keywords), is_sent in self.tasks:
            if not (is_sent and self._is_done()):
                function(*arguments, **keywords)
        self.tasks.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pipe and self.process:
            self.pipe.close()
            self.process.terminate()

    def _pipe(self) -> Connection:
        if self.pipe is None:
            context = get_context("spawn")  # a fork would take the engine's threads for its own
            self.pipe, theirs = context.Pipe()
            self.process = context.Process(target=_work, args=(theirs,), daemon=True)
            self.process.start()
            theirs.close()
        return self.pipe

    def _is_done(self) -> bool:
        """Was the next task done there?"""
        with suppress(OSError, EOFError):
            return bool(self._pipe().recv())
        return False


def _work(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is interrupted ends this process too
    waiting: SimpleQueue[Task | None] = SimpleQueue()
    Thread(target=_receive, args=(pipe, waiting), daemon=True).start()
    with suppress(OSError):  # nobody is left to be told: whoever gave the tasks was stopped
        while task := waiting.get():
            pipe.send(_succeeds(*task))


def _succeeds(function: Callable[..., None], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    try:
        function(*arguments, **keywords)
    except Exception:  # whoever gave it meets the same error by doing it
        return False
    return True


def _receive(pipe: Connection, waiting: SimpleQueue[Task | None]) -> None:
    """Takes tasks as they come, so that nobody waits with giving one until the one before is done."""
    with suppress(OSError, EOFError):
        while True:
            waiting.put(pipe.recv())
    waiting.put(None)
