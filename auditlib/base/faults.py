"""What the machine refuses (a full disk, a folder that has gone), in words that say what to do."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub

FULL = (
    Text("磁盘已满，或超出了允许的空间；没有写出任何结果", "the disk is full, or the space allowed is used up; nothing was written"),
    Text("清理磁盘，或换一个有空间的输出文件夹（output_dir），再运行一次", "make room, or choose an output folder (output_dir) where there is some, and run again"),
)  # fmt: skip
TOO_LARGE = (
    Text("文件超出了系统允许的大小；没有写出任何结果", "a file is larger than the system allows; nothing was written"),
    Text("请管理员放宽限制（ulimit -f），或把输出文件夹放到别的磁盘", "have the limit raised (ulimit -f), or put the output folder on another disk"),
)  # fmt: skip
READ_ONLY = (
    Text("这个位置不能写入或读取", "nothing can be written or read here"),
    Text(
        "检查 output_dir：须是文件夹（不是文件），且有写入权限；文件若在 Excel 等程序中打开，请先关闭",
        "check output_dir: it must be a folder, not a file, and one may write there; close files that Excel or others hold",
    ),
)
GONE_TEXTS = (
    Text("需要的文件或文件夹不在了", "a file or folder that is needed is not there"),
    Text("检查路径；若在运行时被移走或删除，请恢复后再运行一次", "check the path; if it was moved or deleted during the run, put it back and run again"),
)  # fmt: skip
UNREACHABLE = (
    Text("磁盘或网络盘读写失败", "a disk or network drive failed"),
    Text("检查磁盘和网络连接，或改用本机磁盘，再运行一次", "check disk and network, or use a local disk, and run again"),
)  # fmt: skip
TOO_MANY = (
    Text("同时打开的文件太多", "too many files are open"),
    Text("关闭其他程序，或请管理员放宽限制（ulimit -n），再运行一次", "close other programs, or have the limit raised (ulimit -n), and run again"),
)  # fmt: skip
BAD_NAME = (
    Text("路径太长，或链接成环", "a path is too long, or its links go in a circle"),
    Text("换一个短些的、不经链接的路径", "use a shorter path without links"),
)
NO_MEMORY = (
    Text("内存不够", "there is not enough memory"),
    Text("关闭其他程序，放宽 memory_limit 或写明暂存文件夹 spill_dir，再运行一次；仍不够的，换一台内存更大的电脑", "close other programs, allow more (memory_limit) or name a folder for the rest (spill_dir), and run again; if that is not enough, use a machine with more"),
)  # fmt: skip
KERNEL_DIED = (
    Text(
        "计算进程意外终止，没有写出任何结果",
        "the process that computes ended unexpectedly; nothing was written",
    ),
    Text(
        "多为内存不足，或被系统、他人终止：关闭其他程序，再运行一次",
        "mostly for want of memory, or because it was killed: close other programs and run again",
    ),
)
KERNEL_DUMB = (
    Text("计算进程没有启动起来", "the process that computes did not start"),
    Text("再运行一次；仍不行的，检查磁盘空间和内存，或重装运行环境", "run again; if it still fails, check disk space and memory, or install anew"),
)  # fmt: skip
WORDS: Mapping[int, tuple[Text, Text]] = {
    errno.ENOSPC: FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): FULL,
    errno.EFBIG: TOO_LARGE,
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY), READ_ONLY),
    **dict.fromkeys((errno.EBUSY, errno.ETXTBSY), READ_ONLY),
    errno.ENOENT: GONE_TEXTS,
    **dict.fromkeys((errno.EIO, errno.ENODEV, errno.ENXIO, getattr(errno, "ESTALE", errno.EIO), errno.ETIMEDOUT), UNREACHABLE),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), TOO_MANY),
    **dict.fromkeys((errno.ENAMETOOLONG, errno.ELOOP), BAD_NAME),
    errno.ENOMEM: NO_MEMORY,
}  # fmt: skip
KINDS: Mapping[type[OSError], int] = {
    FileNotFoundError: errno.ENOENT,
    PermissionError: errno.EACCES,
    FileExistsError: errno.EEXIST,
    NotADirectoryError: errno.ENOTDIR,
    IsADirectoryError: errno.EISDIR,
}
LONGEST_FIRST = sorted(WORDS, key=lambda number: -len(os.strerror(number)))
NUMBERED_PATTERN = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)
QUOTED_PATTERN = re.compile(r"""['"]([^'"\n]*[/\\][^'"\n]*)['"]""")
OUT_OF_MEMORY = re.compile("out of memory|MemoryError|cannot allocate memory", re.IGNORECASE)
HERE = Text("本机", "this machine")


def fault(error: BaseException) -> Problem | None:
    """What the machine has refused, in words; None for an error of another kind."""
    number = _number(error) if isinstance(error, OSError) else 0
    words = WORDS.get(number)
    if isinstance(error, OSError) and words:
        return _problem(words, str(error.filename2 or error.filename or ""))
    return NO_MEMORY_HERE if isinstance(error, MemoryError) else fault_in(str(error))


def fault_in(message: str) -> Problem | None:
    """The same, from what another library made of it: DuckDB, Arrow and XlsxWriter tell the number or its words."""
    numbers = [int(number) for number in NUMBERED_PATTERN.findall(message)]
    numbers += [number for kind, number in KINDS.items() if kind.__name__ in message]
    numbers += [number for number in LONGEST_FIRST if os.strerror(number) in message]
    error_number = next((number for number in numbers if number in WORDS), None)
    if error_number is not None:
        place = QUOTED_PATTERN.search(message)
        return _problem(WORDS[error_number], place.group(1) if place else "")
    return NO_MEMORY_HERE if OUT_OF_MEMORY.search(message) else None


def _number(error: OSError) -> int:
    """Its number; some libraries raise the kind alone."""
    return error.errno or next((number for kind, number in KINDS.items() if isinstance(error, kind)), 0)


def _problem(words: tuple[Text, Text], place: str) -> Problem:
    scrubbed_place = scrub(place)
    return Problem(words[0], Text(scrubbed_place, scrubbed_place) if scrubbed_place else HERE, words[1])


NO_MEMORY_HERE = Problem(NO_MEMORY[0], HERE, NO_MEMORY[1])


@contextmanager
def in_words(language: str) -> Iterator[None]:
    """Raises AuditError where the machine refuses something inside; other errors pass."""
    try:
        yield
    except AuditError:
        raise
    except Exception as error:
        if problem := fault(error):
            raise AuditError(problem, language) from error
        raise
