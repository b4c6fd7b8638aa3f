"""Files come into their place all together, or not at all, whatever stops the program meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditlib.base import files
from auditlib.base.errors import AuditError
from auditlib.base.files import (
    HIDDEN_FOLDER,
    LEADER,
    OnTheirWay,
    complete_switch,
    is_being_written,
    on_their_way,
    together,
    workbooks,
)

KILLED_SCRIPT = Path(__file__).parents[2] / "support" / "killed.py"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def put(folder: Path, **content: str) -> None:
    with together(folder) as into:
        for name, text in content.items():
            (into / f"{name}.txt").write_text(text)


def test_all_files_come_into_their_place_and_nothing_else_is_left(tmp_path: Path) -> None:
    put(tmp_path, a="new")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_a_writer_that_fails_leaves_the_old_files_as_they_were(tmp_path: Path) -> None:
    put(tmp_path, a="old")

    def write() -> None:
        with together(tmp_path) as into:
            (into / "a.txt").write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write()
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_comes_into_its_place_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.txt").write_text("old")
    with together(tmp_path) as into:
        (into / "tables").mkdir()
        (into / "tables" / "new.txt").write_text("new")
    assert names(tmp_path / "tables") == ["new.txt"]
    assert names(tmp_path) == ["tables"]


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "new"
    way = on_their_way(folder)
    assert folder.is_dir()
    way.give_up()
    assert not folder.exists()


@pytest.mark.parametrize("refusal", ["a.txt", "b.txt", "tables"])
def test_where_one_file_cannot_be_moved_all_old_ones_come_back(
    refusal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, a="old", b="old")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.txt").write_text("old")
    move = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == refusal and path.parent == tmp_path:  # as Windows does where Excel holds it
            raise PermissionError(13, "held open", str(path))
        return move(path, target)

    def write() -> None:
        with together(tmp_path) as into:
            for name in ("a.txt", "b.txt", "c.txt"):
                (into / name).write_text("new")
            (into / "tables").mkdir()

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError, match="held open"):
        write()
    assert [(tmp_path / f"{name}.txt").read_text() for name in "ab"] == ["old", "old"]
    assert names(tmp_path / "tables") == ["old.txt"]
    assert names(tmp_path) == ["a.txt", "b.txt", "tables"]


@pytest.mark.skipif(sys.platform == "win32", reason="kills and forks")
@pytest.mark.parametrize(
    ("pages", "page_gone"),
    [
        ("report.html,self_check.ipynb", ""),
        ("report.html,recheck.ipynb", ""),
        ("trend.html,trend.ipynb", ""),
        ("", "report.html,self_check.ipynb"),  # bare Papermill brings findings and no page
    ],
)
def test_killed_at_any_step_all_is_old_or_all_is_new(pages: str, page_gone: str, tmp_path: Path) -> None:
    words = [sys.executable, str(KILLED_SCRIPT), str(tmp_path / "run"), pages, page_gone]
    process = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    *wrong, last_line = process.stdout.splitlines()
    places, within = map(int, re.findall(r"\d+", last_line))
    assert wrong == []
    assert places > 60
    assert within > 20


def test_a_reader_completes_a_switch_that_was_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, a="old", b="old")
    with monkeypatch.context() as patch:
        patch.setattr(files, "_complete", lambda _folder: None)
        put(tmp_path, a="new", b="new")
    assert (tmp_path / HIDDEN_FOLDER).exists()
    complete_switch(tmp_path)
    assert [(tmp_path / f"{name}.txt").read_text() for name in "ab"] == ["new", "new"]
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_where_a_reader_cannot_complete_it_he_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, a="old")
    monkeypatch.setattr(files, "_complete", lambda _folder: None)
    put(tmp_path, a="new")

    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(files, "_complete", refuse)
    with pytest.raises(AuditError, match="换入新文件时中断"):
        complete_switch(tmp_path)


HOLDS = """
import sys
from pathlib import Path
from auditlib.base.files import together
with together(Path(sys.argv[1])) as into:
    (into / "a.txt").write_text("theirs")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that is writing in the folder, until its standard input ends."""
    words = [sys.executable, "-c", HOLDS, str(tmp_path)]
    other = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_of_two_at_once_the_second_is_refused_in_words(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    with (
        pytest.raises(AuditError, match="另一次运行正在写入") as refusal,
        files.alone_in(tmp_path, patience=0),
    ):
        pass
    assert "--output" in refusal.value.into("en")
    assert is_being_written(tmp_path)
    holder.communicate("")
    assert (tmp_path / "a.txt").read_text() == "theirs"
    put(tmp_path, a="mine")
    assert (tmp_path / "a.txt").read_text() == "mine"


def test_what_a_killed_process_left_is_swept_by_the_next(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    holder.kill()
    holder.communicate()
    assert not is_being_written(tmp_path)
    assert (tmp_path / HIDDEN_FOLDER).exists()
    put(tmp_path, a="mine")
    assert names(tmp_path) == ["a.txt"]


def test_what_older_versions_left_is_swept_too(tmp_path: Path) -> None:
    (tmp_path / ".incoming-run").mkdir()
    (tmp_path / ".outgoing-report").mkdir()
    put(tmp_path, a="new")
    assert names(tmp_path) == ["a.txt"]


def test_a_workbook_that_somebody_filled_in_is_kept_and_our_own_replaced(tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_text("as it was written")
    own = set(workbooks(tmp_path).values())
    with together(tmp_path, own=own) as into:
        (into / "list.xlsx").write_text("second")
    assert names(tmp_path) == ["list.xlsx"]
    (tmp_path / "list.xlsx").write_text("filled in")
    with together(tmp_path, own=own) as into:
        (into / "list.xlsx").write_text("third")
    names_kept, new = names(tmp_path)
    assert names_kept.startswith("list-filled-in-")
    assert ((tmp_path / names_kept).read_text(), (tmp_path / new).read_text()) == ("filled in", "third")


def test_a_workbook_filled_in_while_the_run_is_under_way_stops_the_switch(tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_text("old")

    def write() -> None:
        with together(tmp_path) as into:
            (into / "list.xlsx").write_text("new")
            (into / "a.txt").write_text("new")
            (tmp_path / "list.xlsx").write_text("filled in meanwhile")

    with pytest.raises(AuditError, match="运行期间有人修改了这个文件"):
        write()
    assert names(tmp_path) == ["list.xlsx"]
    assert (tmp_path / "list.xlsx").read_text() == "filled in meanwhile"


def test_who_is_led_by_another_process_puts_nothing_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with together(tmp_path) as into:
        monkeypatch.setenv(LEADER, str(into.resolve()))
        put(tmp_path, a="led")
        assert names(tmp_path) == [HIDDEN_FOLDER]
        monkeypatch.delenv(LEADER)
    assert (tmp_path / "a.txt").read_text() == "led"


def test_a_cell_that_is_run_again_gives_up_what_it_had_begun(tmp_path: Path) -> None:
    def begun(word: str) -> OnTheirWay:
        way = on_their_way(tmp_path)
        (way.into / "a.txt").write_text(word)
        return way

    first, second = begun("first"), begun("second")
    assert not first.into.exists()
    second.put_in_place()
    assert (tmp_path / "a.txt").read_text() == "second"
    assert names(tmp_path) == ["a.txt"]


def test_without_locks_nobody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(*_arguments: object) -> None:
        raise OSError(37, os.strerror(37))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(AuditError, match="不能加锁"):
        put(tmp_path, a="new")
