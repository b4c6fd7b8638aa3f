"""The processes that read workbooks, each of which reads one and ends.

Where the system can fork, a process that has the reader in memory stays and forks one for each workbook: to start Python
anew takes longer than to read most of them. Elsewhere, and for the largest, a reader is started each time.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from auditlib.spreadsheets.framing import frame, next_content
from auditlib.spreadsheets.refusals import BUSY, DAMAGED_FILE, Refused

SECONDS = 600  # of the clock, whatever the file holds
MOST = 5 << 30  # bytes that a watched reader may take
LARGE = 64 << 20  # bytes of a question that no other process is to hold beside its reader
_OFTEN = 0.1  # seconds between two looks at a watched reader
_COMMAND = "import sys; sys.path[:] = {path!r}; from auditlib.spreadsheets import inside; inside.{entry}()"


def answer_to(question: bytes) -> bytes:
    """What a reader answers; nothing where it ended without a word. Raises ``Refused``."""
    if not hasattr(os, "fork") or len(question) > LARGE or not _BROOD.lock.acquire(blocking=False):
        return _from_a_new_one(question)
    try:
        return _BROOD.answer_to(question)
    except (OSError, EOFError):
        _BROOD.end()
        return _from_a_new_one(question)
    finally:
        _BROOD.lock.release()


def _start(entry: str, *, apart: bool = False) -> subprocess.Popen[bytes]:
    """A process at ``entry``; ``apart``: in a group of its own, which can be ended with the readers that it forked."""
    try:
        return subprocess.Popen(
            [sys.executable, "-c", _COMMAND.format(path=sys.path, entry=entry)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=apart,
        )
    except OSError as error:
        raise Refused(BUSY) from error


@dataclass
class Brood:
    """The process that stays, of which one question is asked at a time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[bytes] | None = None
    owner: int = 0
    """The process that started it: one forked from that may not ask."""

    def answer_to(self, question: bytes) -> bytes:
        """What a reader answers. Raises EOFError or OSError where the process that stays is gone, ``Refused`` where the
        reader takes too long."""
        process = self._alive()
        assert process.stdin, "it was started with pipes"
        assert process.stdout, "it was started with pipes"
        overdue = threading.Event()

        def give_up() -> None:
            overdue.set()
            self.end()

        alarm = threading.Timer(SECONDS, give_up)
        alarm.daemon = True
        alarm.start()
        try:
            process.stdin.write(frame(question))
            process.stdin.flush()
            return next_content(process.stdout)
        except (OSError, EOFError):
            if overdue.is_set():
                raise Refused(DAMAGED_FILE) from None
            raise
        except BaseException:  # whoever stops the program stops the reader
            self.end()
            raise
        finally:
            alarm.cancel()

    def _alive(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
            self.end()
            self.process, self.owner = _start("stay", apart=True), os.getpid()
        return self.process

    def end(self) -> None:
        """The process and its reader are ended; the next question starts another."""
        process, self.process = self.process, None
        if process is None or self.owner != os.getpid():
            return
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError), process:  # what was still to be written goes nowhere
            process.wait()


_BROOD = Brood()
atexit.register(_BROOD.end)


def _from_a_new_one(question: bytes) -> bytes:
    process = _start("main")
    with process:
        _watch(process)
        try:
            output, _none = process.communicate(question, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Refused(DAMAGED_FILE) from None
        except BaseException:
            process.kill()
            raise
    return output if process.returncode == 0 else b""


def _watch(process: subprocess.Popen[bytes]) -> None:
    """Ends a reader that takes too much memory, where the system has no limits of its own (Windows)."""
    with contextlib.suppress(ImportError):
        import resource  # noqa: F401

        return
    threading.Thread(target=_guard, args=(process,), daemon=True).start()


def _guard(process: subprocess.Popen[bytes]) -> None:
    import psutil

    with contextlib.suppress(psutil.Error):
        reader = psutil.Process(process.pid)
        while process.poll() is None:
            if reader.memory_info().rss > MOST:
                process.kill()
            time.sleep(_OFTEN)
