"""One at a time at a file that several people write: a lock of the operating system, let go when a process ends.

A byte far behind the end of the file is what is locked, so that reading is never in the way (Windows refuses to read
what another process has locked).
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import BinaryIO

FAR_BEHIND = 1 << 30
PATIENCE, PAUSE = 30.0, 0.02  # seconds

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    LOCK_ERROR = OSError

    def _take(file: BinaryIO, shared: bool) -> None:
        os.lseek(file.fileno(), FAR_BEHIND, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _let_go(file: BinaryIO) -> None:
        os.lseek(file.fileno(), FAR_BEHIND, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    LOCK_ERROR = BlockingIOError

    def _take(file: BinaryIO, shared: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _let_go(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class NoLocks(Exception):
    """The file stands where files cannot be locked, on a network drive for example."""


@contextmanager
def alone(file: BinaryIO, *, shared: bool = False, patience: float = PATIENCE) -> Iterator[None]:
    """Waits until no other process is at ``file``, which is open and unbuffered, and keeps others away meanwhile.

    ``shared``: keeps only those away who would write. Raises TimeoutError where another one holds it for longer than ``patience`` seconds, NoLocks where there are none.
    """
    until = time.monotonic() + patience
    while not _is_locked_now(file, shared):
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(PAUSE)
    try:
        yield
    finally:
        _let_go(file)


def write_at_end(file: BinaryIO, more: bytes) -> None:
    """``more`` at the end of the open ``file``, on the disk as a whole or not at all.

    Raises OSError where the disk refuses: what stood there stands then.
    """
    size = file.seek(0, os.SEEK_END)
    try:
        if file.write(more) != len(more):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        file.truncate(size)
        raise


@contextmanager
def one_at_a_time(file: BinaryIO) -> Iterator[None]:
    """Where there are no locks, one write at the end of a file is still one write."""
    with ExitStack() as locks:
        with suppress(NoLocks):
            locks.enter_context(alone(file))
        yield


def _is_locked_now(file: BinaryIO, shared: bool) -> bool:
    try:
        _take(file, shared)
    except LOCK_ERROR:
        return False
    except OSError as error:
        raise NoLocks from error
    return True
