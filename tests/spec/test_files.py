"""Files come into their place all together, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditlib.files import together


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
