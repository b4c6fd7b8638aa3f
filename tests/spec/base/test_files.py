"""Files come into their place all together, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditlib.base.files import together


def test_all_files_come_into_their_place(tmp_path: Path) -> None:
    with together(tmp_path, "run") as into:
        (into / "a.txt").write_text("new")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_writer_that_fails_leaves_the_old_files_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")

    def write() -> None:
        with together(tmp_path, "run") as into:
            (into / "a.txt").write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write()
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_comes_into_its_place_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.txt").write_text("old")
    with together(tmp_path, "run") as into:
        (into / "tables").mkdir()
        (into / "tables" / "new.txt").write_text("new")
    assert [path.name for path in (tmp_path / "tables").iterdir()] == ["new.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_folder_whose_successor_cannot_be_moved_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.txt").write_text("old")
    move = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if ".incoming-run" in path.parts:
            raise PermissionError("held open")
        return move(path, target)

    def write() -> None:
        with together(tmp_path, "run") as into:
            (into / "tables").mkdir()

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError, match="held open"):
        write()
    assert (tmp_path / "tables" / "old.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
