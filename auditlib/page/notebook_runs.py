"""Notebooks through Papermill: parameters checked before, each step and its time on stderr, errors one can act on."""

from __future__ import annotations

import logging
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.faults import KERNEL_DIED, KERNEL_DUMB, fault_in
from auditlib.base.files import LEADER
from auditlib.base.json_schema import without_grammar
from auditlib.base.language import Text
from auditlib.base.places import NOTEBOOKS

SOCKET, LONGEST_SOCKET = "/kernel-00000000-0000-0000-0000-000000000000-ipc-9", 100
START = "启动 · Start"
KERNEL, START_TIMEOUT = "python3", 60  # seconds
NO_HISTORY = "--HistoryManager.hist_file=:memory:"
EXECUTION_TIMEOUT = 3600  # seconds a cell; without one a kernel may hang for ever (jupyter/nbclient#312)


class Stopped(Exception):
    """The notebook stopped at an error that the input caused; the text is for the inspector."""


@dataclass
class Progress:
    """Says on stderr which step is under way, and how long it took once the next begins."""

    quiet: bool
    begun: float = field(default_factory=time.perf_counter)
    since: float | None = None
    title: str = ""

    def step(self, title: str) -> None:
        """``title`` begins; what was under way is over."""
        self.end()
        self.since, self.title = time.perf_counter(), title
        self._say(f"{title} …", end="")

    def account(self, line: str) -> None:
        """A line of the answer, on stdout, behind what was under way."""
        self.end()
        if not self.quiet:
            print(line)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Whatever happens inside, the last step gets its end of line; the whole time where all went well."""
        try:
            yield
        finally:
            self.end()
        self._say(f"{time.perf_counter() - self.begun:.1f} s")

    def end(self) -> None:
        """What was under way is over: its line ends, so that others may follow."""
        if self.since is not None:
            self._say(f" {time.perf_counter() - self.since:.1f} s")
        self.since = None

    def _say(self, words: str, end: str = "\n") -> None:
        if not self.quiet:
            print(words, end=end, file=sys.stderr, flush=True)


def execute(
    notebook: str,
    output: Path,
    parameters: dict[str, Any],
    progress: Progress,
    *,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """``notebooks/<notebook>.ipynb`` run with ``parameters``; the executed notebook is written to ``output``.

    What the notebook writes comes to lie beside it, and is put into its place by whoever called. ``meanwhile`` is
    called once, when the kernel is at work. Raises Stopped with the message of an AuditError, AuditError where the
    machine refuses or the kernel died; other errors are programmers' and pass through.
    """
    without_grammar()
    with _kernel(output.parent) as manager:
        import papermill  # while the kernel comes up

        logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it would say is said below, in words
        _register_narrator(progress, meanwhile)
        with _in_words(progress, str(parameters["language"])):
            papermill.execute_notebook(
                NOTEBOOKS / f"{notebook}.ipynb",
                output,
                parameters=parameters,
                engine_name="narrated",
                kernel_name=KERNEL,
                progress_bar=False,
                request_save_on_cell_execute=False,  # a run that breaks off leaves no notebook
                cwd=NOTEBOOKS,
                execution_timeout=EXECUTION_TIMEOUT,
                start_timeout=START_TIMEOUT,
                km=manager,
            )


@contextmanager
def _in_words(progress: Progress, language: str) -> Iterator[None]:
    """What goes wrong in a notebook or with its kernel, as :func:`execute` raises it."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        yield
    except PapermillExecutionError as error:
        if error.ename in ("AuditError", "UsageError"):
            raise Stopped(error.evalue) from None
        if error.ename == "KeyboardInterrupt":
            raise KeyboardInterrupt from None
        if problem := fault_in(f"{error.ename}: {error.evalue}"):
            raise AuditError(problem, language) from None
        raise
    except (DeadKernelError, CellTimeoutError):
        raise AuditError(_at_step(progress, KERNEL_DIED), language) from None
    except (RuntimeError, TimeoutError) as error:  # it never came up
        if progress.title != START:
            raise
        raise AuditError(_at_step(progress, KERNEL_DUMB), language) from error


def _at_step(progress: Progress, words: tuple[Text, Text]) -> Problem:
    step = progress.title
    return Problem(words[0], Text(f"步骤“{step}”", f"step “{step}”"), words[1])


@contextmanager
def _kernel(into: Path) -> Iterator[Any]:
    """The manager of a kernel that has been started, which makes its files in ``into``."""
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.paths import jupyter_runtime_dir
    from jupyter_core.utils import ensure_dir_exists, run_sync

    folder, transport = jupyter_runtime_dir(), "ipc" if has_sockets() else "tcp"
    ensure_dir_exists(folder, mode=0o700)
    # The sockets lie beside this file, else in whatever folder one happens to be.
    file = str(Path(folder, f"kernel-{uuid.uuid4()}.json"))
    manager = AsyncKernelManager(kernel_name=KERNEL, transport=transport, connection_file=file)
    run_sync(manager.start_kernel)(
        cwd=str(NOTEBOOKS), extra_arguments=[NO_HISTORY], env={**os.environ, LEADER: str(into.resolve())}
    )
    try:
        yield manager
    finally:
        # Everything is written by then; taking apart what a kernel holds takes more than a second.
        run_sync(manager.shutdown_kernel)(now=True)


def has_sockets() -> bool:
    """Can server and kernel talk by a socket of this user's, instead of by an open port (personal data passes there)?

    Windows has none, and the name of one may not be longer than some hundred bytes.
    """
    from jupyter_core.paths import jupyter_runtime_dir

    return os.name == "posix" and len(os.fsencode(jupyter_runtime_dir())) + len(SOCKET) <= LONGEST_SOCKET


def _register_narrator(progress: Progress, meanwhile: Callable[[], None]) -> None:
    """An engine that says which step of the programme is under way; ``meanwhile`` is called at the first."""
    from papermill.engines import NBClientEngine, papermill_engines

    class Narrated(NBClientEngine):  # type: ignore[misc] # papermill is not typed
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            steps = _steps(nb_man.nb)
            start, waiting = nb_man.cell_start, [meanwhile]

            def cell_start(cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
                if cell_index in steps:
                    progress.step(steps[cell_index])
                start(cell, cell_index, **kwargs)
                if cell_index in steps and waiting:
                    waiting.pop()()

            nb_man.cell_start = cell_start
            return super().execute_managed_notebook(nb_man, kernel_name, **options)

    papermill_engines.register("narrated", Narrated)


def _steps(notebook: Any) -> dict[int, str]:
    """Cell index -> what to say before it runs: the heading of the markdown cell above it."""
    steps: dict[int, str] = {}
    for index, cell in enumerate(notebook.cells[:-1]):
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            steps[index + 1] = cell.source.split("\n")[0].removeprefix("## ")
    return steps
