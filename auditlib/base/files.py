"""Files that come into their place all together, or not at all, whatever stops the program meanwhile.

``folder/.auditlib`` holds what is under way, and is gone afterwards:

- ``lock``: held by whoever writes in ``folder``; the system lets go of it when he ends, however he ends;
- ``incoming-…/new``: where one writes. Nothing in there counts;
- ``ready``: that same folder, renamed. This one rename is the switch: from then on its files hold, and whoever comes
  next puts into place what is left (:func:`complete_switch`). All old files go out of the way before the first new one comes,
  so that some of each never lie side by side.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.locking import NoLocks, alone
from auditlib.base.owners import shut_all, shut_folder

HIDDEN_FOLDER, LOCK, INCOMING, READY, DONE_FOLDER = ".auditlib", "lock", "incoming-", "ready", "incoming-done"
NEW, OLD, PLAN = "new", "old", "plan.json"
LEADER = "AUDITLIB_INTO"
"""Environment of a process that makes files for another one: where to. That one puts them into their place."""
PATIENCE = 2.0  # seconds for somebody else's switch to end; a whole run is not waited for
BEFORE_THE_SWITCH = (".incoming-*", ".outgoing-*")  # what versions before 0.2 left where they were broken off
IN_USE = (
    Text("另一次运行正在写入这个文件夹", "another run is writing in this folder"),
    Text(
        "等它结束后再运行，或用 --output 另选文件夹；若在 JupyterLab 里开着这次运行，请关闭其内核",
        "wait until it is done, or name another folder with --output; if JupyterLab holds a run of it, shut that kernel down",
    ),
)
NO_LOCKS = (
    Text(
        "这个文件夹所在的磁盘不能加锁，两次运行会互相覆盖",
        "this folder is on a drive without locks, where two runs would write over each other",
    ),
    Text(
        "请把输出文件夹（output_dir）放到本机磁盘或支持文件锁的共享盘",
        "put the output folder (output_dir) on a local drive, or a shared one with file locks",
    ),
)
CHANGED_TEXTS = (
    Text(
        "运行期间有人修改了这个文件；结果没有写出，原有文件都没有动",
        "somebody changed this file while the run was under way; nothing was written, all stands as it was",
    ),
    Text(
        "关闭打开它的 Excel 等程序，再运行一次；所填内容会被读入",
        "close Excel or whatever has it open and run again; what was filled in will be read",
    ),
)
UNFINISHED_TEXTS = (
    Text(
        "上次运行正在换入新文件时中断", "the last run was broken off while its files were being put in place"
    ),
    Text(
        "以有写入权限的用户再打开一次，会自动补完；若别的程序占用其中的文件，请先关闭",
        "open it once more as a user who may write there and it will be completed; close what holds its files first",
    ),
)


@dataclass(eq=False)
class OnTheirWay:
    """Files being made in ``into`` for ``folder``, which nobody else may write in meanwhile.

    Either :meth:`put_in_place` or :meth:`give_up` ends it.
    """

    folder: Path
    into: Path
    language: str
    locks: ExitStack
    before: dict[str, str]
    outdated: Collection[str] = ()
    own: Collection[str] = ()

    def put_in_place(self) -> None:
        """The files in their place. Raises AuditError where somebody changed a workbook meanwhile, OSError where the disk
        refuses; all stands as it was then."""
        with self.locks:
            shut_all(self.into)
            if not _is_led(self.folder):
                self._refuse_changed()
                _switch(self.folder, self.into.parent, self.outdated, self.own)

    def give_up(self) -> None:
        """Nothing of it is kept."""
        self.locks.close()

    def _refuse_changed(self) -> None:
        now = workbooks(self.folder)
        names = {*(path.name for path in self.into.iterdir()), *workbooks(self.into)}
        changed_names = [name for name in sorted(names) if now.get(name) != self.before.get(name)]
        if changed_names:
            places = [
                Text(f"{self.folder.name}/{name}", f"{self.folder.name}/{name}") for name in changed_names
            ]
            raise AuditError(
                [Problem(CHANGED_TEXTS[0], place, CHANGED_TEXTS[1]) for place in places], self.language
            )


_under_way: dict[Path, OnTheirWay] = {}
"""What this process has not ended yet; a notebook's cell that is run again gives up what it had begun."""


@contextmanager
def together(
    folder: Path, *, outdated_names: Collection[str] = (), own: Collection[str] = (), language: str = "zh"
) -> Iterator[Path]:
    """A folder for files and folders on their way: all come into their place in ``folder`` at the end, or none.

    A folder comes into its place as a whole. ``outdated_names``: names that are taken away where they are not among the new.
    ``own``: digests of workbooks as this program left them; any other that would be replaced is kept beside it, as
    ``NAME-filled-in-DIGEST.xlsx``. Raises AuditError where another process writes in ``folder``.
    """
    way = on_their_way(folder, outdated_names=outdated_names, own=own, language=language)
    try:
        yield way.into
        way.put_in_place()
    finally:
        way.give_up()


def on_their_way(
    folder: Path, *, outdated_names: Collection[str] = (), own: Collection[str] = (), language: str = "zh"
) -> OnTheirWay:
    """What :func:`together` does, for what does not end where it begins."""
    if _is_led(folder):
        return OnTheirWay(folder, Path(os.environ[LEADER]), language, ExitStack(), {})
    place = folder.resolve()
    if place in _under_way:
        _under_way[place].give_up()
    with ExitStack() as locks:
        hidden_folder = locks.enter_context(alone_in(folder, language))
        _complete(folder)
        _sweep(folder)
        workshop = Path(tempfile.mkdtemp(prefix=INCOMING, dir=hidden_folder))
        locks.callback(shutil.rmtree, workshop, ignore_errors=True)
        shut_folder(folder)
        for part in (NEW, OLD):
            (workshop / part).mkdir()
        way = OnTheirWay(
            folder, workshop / NEW, language, ExitStack(), workbooks(folder), outdated_names, own
        )
        locks.callback(_under_way.pop, place, None)
        _under_way[place] = way
        way.locks = locks.pop_all()
    return way


def complete_switch(folder: Path, language: str = "zh") -> None:
    """Whoever reads ``folder`` calls this first: a switch that was broken off is completed.

    Raises AuditError where it cannot be, so that some old and some new files are never read together.
    """
    if not (folder / HIDDEN_FOLDER / READY).is_dir():
        return
    try:
        with alone_in(folder, language):
            _complete(folder)
    except OSError as error:
        raise AuditError(
            Problem(UNFINISHED_TEXTS[0], _name_of(folder), UNFINISHED_TEXTS[1]), language
        ) from error


def is_being_written(folder: Path) -> bool:
    """Does a process that is alive hold ``folder``? What one that was killed has left is nothing."""
    try:
        with (folder / HIDDEN_FOLDER / LOCK).open("r+b", buffering=0) as lock, alone(lock, patience=0):
            return False
    except TimeoutError:
        return True
    except (OSError, NoLocks):
        return False


FILLED_IN = ("*.xlsx", "ledgers/*.xlsx", "*.docx")


def workbooks(folder: Path) -> dict[str, str]:
    """Name to SHA-256 of each workbook, ledger and letter in ``folder``: what people fill in. ``~$…`` is the editor's own note."""
    places = (path for kind in FILLED_IN for path in folder.glob(kind))
    files = [path for path in sorted(places) if path.is_file() and path.name[:2] != "~$"]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


@contextmanager
def alone_in(folder: Path, language: str = "zh", patience: float = PATIENCE) -> Iterator[Path]:
    """``folder/.auditlib``, while no other process may write in ``folder``. Raises AuditError where one does."""
    hidden_folder, is_new = folder / HIDDEN_FOLDER, not folder.exists()
    with ExitStack() as locks:
        try:
            _hold(hidden_folder, locks, patience)
        except (TimeoutError, NoLocks) as error:
            what, remedy = NO_LOCKS if isinstance(error, NoLocks) else IN_USE
            raise AuditError(Problem(what, _name_of(folder), remedy), language) from None
        locks.callback(_tidy_up, hidden_folder)
        try:
            yield hidden_folder
        finally:
            locks.close()
            _leave(folder, is_new)


def _leave(folder: Path, is_new: bool) -> None:
    """After the lock has gone: a folder that was made for nothing goes too."""
    if os.name == "nt":  # which takes no file away that is open, whoever has it open
        _tidy_up(folder / HIDDEN_FOLDER)
    if is_new:
        with suppress(OSError):  # something lies in it
            folder.rmdir()


def _hold(hidden_folder: Path, locks: ExitStack, patience: float) -> None:
    while True:
        hidden_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            ExitStack() as attempt,
            suppress(FileNotFoundError),
        ):  # he who held it before takes it away with him
            lock = attempt.enter_context((hidden_folder / LOCK).open("a+b", buffering=0))
            attempt.enter_context(alone(lock, patience=patience))
            if _still_there(lock.fileno(), hidden_folder / LOCK):
                locks.push(attempt.pop_all())
                return


def _is_led(folder: Path) -> bool:
    """Does another process lead, and put into place what is made here for ``folder``?"""
    into = os.environ.get(LEADER, "")
    return bool(into) and Path(into).parents[2] == folder.resolve()


def _still_there(descriptor: int, file: Path) -> bool:
    """Is what was opened still what stands there?"""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def _tidy_up(hidden_folder: Path) -> None:
    """Nothing is left to be seen, but for a switch that is yet to be completed."""
    with suppress(OSError):
        if not (hidden_folder / READY).exists():
            (hidden_folder / LOCK).unlink()
            hidden_folder.rmdir()


def _sweep(folder: Path) -> None:
    """What processes that were killed have left; whoever holds the lock is the only one alive."""
    for pattern in (f"{HIDDEN_FOLDER}/{INCOMING}*", *BEFORE_THE_SWITCH):
        for stray in folder.glob(pattern):
            shutil.rmtree(stray, ignore_errors=True)


def _switch(folder: Path, workshop: Path, outdated_names: Collection[str], own: Collection[str]) -> None:
    """The files in ``workshop`` hold from the one rename on; taken back where the disk then refuses one of them."""
    names = sorted(path.name for path in (workshop / NEW).iterdir())
    plan = {"new": names, "gone": sorted({*outdated_names} - {*names}), "own": sorted(own)}
    (workshop / PLAN).write_text(json.dumps(plan), "utf-8")
    _flush(workshop)
    workshop.rename(workshop.with_name(READY))
    try:
        _complete(folder)
    except OSError:
        with suppress(OSError):
            _take_back(folder, workshop)
        raise
    except BaseException:  # Ctrl-C: it is done in a moment
        _complete(folder)
        raise


def _flush(workshop: Path) -> None:
    """Onto the disk before they hold, so that a power cut finds all of them or none."""
    for file in (path for path in workshop.rglob("*") if path.is_file()):
        with file.open("r+b") as handle:
            os.fsync(handle.fileno())


def _complete(folder: Path) -> None:
    """What is ready comes into its place. May be broken off anywhere and done again."""
    ready = folder / HIDDEN_FOLDER / READY
    if not ready.is_dir():
        return
    plan = json.loads((ready / PLAN).read_text("utf-8"))
    waiting = sorted(path.name for path in (ready / NEW).iterdir())
    for name in (*waiting, *plan["gone"]):
        if os.path.lexists(folder / name):
            _out_of_the_way(folder / name, ready / OLD)
    for name in waiting:
        (ready / NEW / name).rename(folder / name)
    _keep_filled_in(folder, ready / OLD, plan["own"])
    finished_folder = ready.with_name(DONE_FOLDER)
    shutil.rmtree(finished_folder, ignore_errors=True)
    ready.rename(finished_folder)
    shutil.rmtree(finished_folder, ignore_errors=True)


def _out_of_the_way(place: Path, old: Path) -> None:
    for number in count():
        aside = old / str(number) / place.name
        if not os.path.lexists(aside):
            aside.parent.mkdir(exist_ok=True)
            place.rename(aside)
            return


def _keep_filled_in(folder: Path, old: Path, own: Collection[str]) -> None:
    """Workbooks that somebody has written in; the name tells the content, so that the same is kept once."""
    for number in sorted(old.iterdir()):
        for name, digest in workbooks(number).items():
            if digest not in own:
                file = number / name
                file.replace(folder / f"{file.stem}-filled-in-{digest[:8]}{file.suffix}")


def _take_back(folder: Path, workshop: Path) -> None:
    """The old files in their place again, the new ones in ``workshop``."""
    ready = folder / HIDDEN_FOLDER / READY
    plan = json.loads((ready / PLAN).read_text("utf-8"))
    for name in plan["new"]:
        if not (ready / NEW / name).exists():
            (folder / name).rename(ready / NEW / name)
    for aside in sorted((ready / OLD).glob("*/*")):
        if not os.path.lexists(folder / aside.name):
            aside.rename(folder / aside.name)
    ready.rename(workshop)


def _name_of(folder: Path) -> Text:
    return Text(folder.name, folder.name)


__all__ = [
    "HIDDEN_FOLDER",
    "LEADER",
    "OnTheirWay",
    "alone_in",
    "complete_switch",
    "is_being_written",
    "on_their_way",
    "together",
    "workbooks",
]
