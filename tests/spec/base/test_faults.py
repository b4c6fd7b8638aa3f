"""What the machine refuses is told in three lines: what, where, what to do; and what is appended is appended whole."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditlib.base.errors import AuditError
from auditlib.base.faults import fault, fault_in, in_words
from auditlib.base.language import Text
from auditlib.base.ledger import Ledger

CASES: list[tuple[Exception, str]] = [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x/y"), "磁盘已满"),
    (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "磁盘已满"),
    (OSError(errno.EFBIG, os.strerror(errno.EFBIG), "/x/y"), "文件超出了系统允许的大小"),
    (OSError(errno.EROFS, os.strerror(errno.EROFS), "/x/y"), "不能写入或读取"),
    (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/x/y"), "不能写入或读取"),
    (FileNotFoundError("output folder /x/y doesn't exist."), "不在了"),
    (OSError(errno.EIO, os.strerror(errno.EIO)), "读写失败"),
    (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "打开的文件太多"),
    (MemoryError(), "内存不够"),
    (RuntimeError('IO Error: Could not write file "/x/y": No space left on device'), "磁盘已满"),
    (RuntimeError("[Errno 28] Error writing bytes to file. Detail: [errno 28]"), "磁盘已满"),
    (RuntimeError("Out of Memory Error: failed to allocate data of size 1.0 GiB"), "内存不够"),
]


@pytest.mark.parametrize(
    ("error", "words"), CASES, ids=[f"{type(e).__name__}-{at}" for at, (e, _) in enumerate(CASES)]
)
def test_a_fault_of_the_machine_is_three_lines_in_both_languages(error: Exception, words: str) -> None:
    problem = fault(error)
    assert problem is not None
    assert words in problem.into("zh")
    assert [len(problem.into(language).splitlines()) for language in ("zh", "en")] == [3, 3]


def test_a_notebooks_error_is_told_from_its_words() -> None:
    told = fault_in("PermissionError: [Errno 13] Permission denied: '/x/990122199001011234.xlsx'")
    assert told is not None
    assert "/x/" in told.into("zh")
    assert "990122199001011234" not in told.into("zh")


@pytest.mark.parametrize("error", [KeyError("a"), ValueError("no number"), AssertionError("x")])
def test_a_programmers_error_stays_one(error: Exception) -> None:
    def break_down() -> None:
        with in_words("zh"):
            raise error

    assert fault(error) is None
    with pytest.raises(type(error)):
        break_down()


def test_inside_words_an_audit_error_passes_and_a_fault_becomes_one() -> None:
    def full() -> None:
        with in_words("en"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x/y")

    with pytest.raises(AuditError, match="the disk is full"):
        full()


def limit(folder: Path, size: int, act: Callable[[], None]) -> int:
    """The exit status of ``act`` in a child that may write files of ``size`` bytes."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            act()
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


LINES = Ledger("ledger.csv", ("line",), Text("记录", "the lines"))


def test_a_line_that_does_not_fit_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    LINES.add(tmp_path, {"line": "first"})
    content = (tmp_path / LINES.file).read_bytes()
    status = limit(tmp_path, len(content) + 3, lambda: LINES.add(tmp_path, {"line": "second"}))
    assert status in (errno.ENOSPC, errno.EFBIG)
    assert (tmp_path / LINES.file).read_bytes() == content
    LINES.add(tmp_path, {"line": "third"})
    assert LINES.read(tmp_path) == [{"line": "first"}, {"line": "third"}]


def test_lines_of_several_processes_stand_one_after_the_other(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from auditlib.base.language import Text
from auditlib.base.ledger import Ledger
for n in range(50):
    Ledger("ledger.csv", ("line",), Text("", "")).add(Path(sys.argv[1]), {"line": sys.argv[2] * 3})
"""
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), word]) for word in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert sorted(row["line"] for row in LINES.read(tmp_path)) == ["aaa"] * 50 + ["bbb"] * 50
