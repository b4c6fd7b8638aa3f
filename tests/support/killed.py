"""A process that is killed before its n-th step on the disk, for every n: what lies there afterwards.

Started by ``test_files.py`` as ``python killed.py FOLDER NAME=PAGE,NOTEBOOK``; prints what is wrong, nothing where all
is well, and how many places it was killed at. The audit hook lives in here alone; the program has none.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

from auditlib.base.files import HIDDEN_FOLDER, READY, complete_switch, together

STEPS = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.truncate", "os.listdir", "shutil.rmtree", "open", "fcntl.flock"}  # fmt: skip
FILES = ("findings.parquet", "findings.xlsx", "manifest.json", "package.zip")
OWN = ("dispositions.csv", "judgements.csv")


def write(into: Path, word: str, pages: tuple[str, ...]) -> None:
    for name in (*FILES, *pages):
        (into / name).write_text(f"{word} {name}", "utf-8")
    (into / "tables").mkdir()
    (into / "tables" / "aid.parquet").write_text(word, "utf-8")


def run(folder: Path, word: str, pages: tuple[str, ...], gone: tuple[str, ...] = ()) -> None:
    with together(folder, outdated_names=gone) as into:
        write(into, word, pages)


def killed_at(place: int, folder: Path, pages: tuple[str, ...], gone: tuple[str, ...]) -> bool:
    """A run in a child that is killed before its step number ``place``; whether it was."""
    child = os.fork()
    if child == 0:
        steps = count()

        def hook(event: str, _given: object) -> None:
            if event in STEPS and next(steps) == place:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        run(folder, "new", pages, gone)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def content(folder: Path, pages: tuple[str, ...]) -> dict[str, str]:
    files = (*FILES, *pages, "tables/aid.parquet")
    return {name: (folder / name).read_text("utf-8") for name in files if (folder / name).exists()}


def words(lying: dict[str, str]) -> set[str]:
    return {text.split()[0] for text in lying.values()}


def faults(folder: Path, pages: tuple[str, ...], gone: tuple[str, ...]) -> list[str]:
    """What is wrong with ``folder`` after somebody was killed in it."""
    wrong, before = [], words(content(folder, (*pages, *gone)))
    if len(before) > 1:
        wrong.append(f"old and new lie side by side: {content(folder, pages)}")
    complete_switch(folder)
    lying, expected = content(folder, pages), len(FILES) + len(pages) + 1
    if len(words(lying)) != 1 or len(lying) != expected:
        wrong.append(f"neither all old nor all new: {lying}")
    if words(lying) == {"new"} and any((folder / name).exists() for name in gone):
        wrong.append("an old page lies beside new findings")
    if [(folder / name).read_text("utf-8") for name in OWN] != ["decided", "judged"]:
        wrong.append("what people wrote has changed")
    run(folder, "newer", pages, gone)
    left = {path.name for path in folder.iterdir()} - {*FILES, *pages, *OWN, "tables"}
    left -= {name for name in left if name.startswith("findings-filled-in-")}
    if words(content(folder, pages)) != {"newer"} or left:
        wrong.append(f"the next run left {sorted(left)}, {content(folder, pages)}")
    return wrong


def fresh(folder: Path, pages: tuple[str, ...], gone: tuple[str, ...]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in zip(OWN, ("decided", "judged"), strict=True):
        (folder / name).write_text(text, "utf-8")
    run(folder, "old", (*pages, *gone))


def main(folder: Path, pages: tuple[str, ...], gone: tuple[str, ...]) -> None:
    switched = 0
    for place in count():
        fresh(folder, pages, gone)
        if not killed_at(place, folder, pages, gone):
            break
        switched += (folder / HIDDEN_FOLDER / READY).exists()
        for wrong in faults(folder, pages, gone):
            print(f"killed before step {place}: {wrong}")
    print(f"{place} places, {switched} within the switch")


if __name__ == "__main__":
    names = [tuple(filter(None, words.split(","))) for words in sys.argv[2:]]
    main(Path(sys.argv[1]), names[0], names[1])
