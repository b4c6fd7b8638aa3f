"""Files dropped onto the page come whole into the data folder, for their owner alone; hostile names and archives do not."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from auditlib.desk.dropping import PIECE, Dropped, member_name
from auditlib.ingest.files.find import is_named_as_table

TABLE = "姓名,金额\n样甲,625\n".encode()


def drop(folder: Path, name: str, content: bytes, piece: int = PIECE) -> list[str]:
    """What is said of one file that comes in pieces."""
    place = Dropped(folder)
    for start in range(0, max(len(content), 1), piece):
        place.piece(name, start, len(content), content[start : start + piece])
    return [line.zh for line in place.lines]


def archive(members: Mapping[str, bytes], *, link: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(entry, content)
    return packed.getvalue()


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_file_in_pieces_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    assert drop(tmp_path, "低保（2024）.csv", TABLE * 1000, piece=4096) == ["收下 低保（2024）.csv（24 KB）"]
    assert files(tmp_path) == {"低保（2024）.csv"}
    assert (tmp_path / "低保（2024）.csv").read_bytes() == TABLE * 1000
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "低保（2024）.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv", "..", "a/b.csv", "a\\b.csv", "C:a.csv", "/etc/a.csv", ".a.csv", "~$a.xlsx", "CON.csv", "lpt1.xlsx", "a.csv ", "a.csv.",
        "a\nb.csv", "a\u202ecsv.xlsx", "a\x00.csv", "", " ", "a" * 200 + ".csv", "a?.csv",
    ],
)  # fmt: skip
def test_a_hostile_name_is_refused_and_nothing_is_stored(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    [line] = drop(folder, name, TABLE)
    assert line.startswith("没有收下") and "请改名" in line
    assert files(tmp_path) == set()


@pytest.mark.parametrize(
    ("name", "content", "why"), [("通知.docx", b"x", "不是这里要的文件"), ("空.csv", b"", "是空的")]
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    [line] = drop(tmp_path, name, content)
    assert why in line
    assert files(tmp_path) == set()


@pytest.mark.parametrize("name", ["册.et", "册.xlsb", "导出.html", "导出.HTM"])
def test_every_kind_of_table_that_is_read_is_taken(tmp_path: Path, name: str) -> None:
    [line] = drop(tmp_path, name, TABLE)
    assert line.startswith("收下")
    assert is_named_as_table(name)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    drop(tmp_path, "a.csv", TABLE)
    assert "已有同样的文件" in drop(tmp_path, "a.csv", TABLE)[0]
    assert "同名而内容不同" in drop(tmp_path, "a.csv", TABLE * 2)[0]
    assert (tmp_path / "a.csv").read_bytes() == TABLE
    assert files(tmp_path) == {"a.csv"}


def test_pieces_out_of_order_or_beyond_the_end_are_refused(tmp_path: Path) -> None:
    place = Dropped(tmp_path)
    place.piece("a.csv", 0, 10, b"12345")
    place.piece("a.csv", 7, 10, b"890")
    place.piece("b.csv", 0, 3, b"12345")
    place.piece("c.csv", 4, 8, b"5678")  # its beginning never came
    assert [line.zh.split("：")[1] for line in place.lines] == ["没有传完，请再放一次"] * 2
    assert files(tmp_path) == set()


def test_an_archive_is_unpacked_with_its_folders_and_names_of_windows(tmp_path: Path) -> None:
    content = archive(
        {"学籍/青山小学.csv": TABLE, "学籍/.DS_Store": b"x", "__MACOSX/a.csv": b"x", "说明.docx": b"x"}
    )
    lines = drop(tmp_path, "全部.zip", content)
    assert [line.partition("：")[0] for line in lines] == [
        "没有收下 说明.docx",
        "收下 学籍/青山小学.csv（0 KB）",
    ]
    assert files(tmp_path) == {"学籍/青山小学.csv"}


def test_a_name_of_an_archive_without_a_mark_of_its_encoding_is_chinese() -> None:
    entry = zipfile.ZipInfo("低保名册.csv".encode("gb18030").decode("cp437"))
    assert member_name(entry) == "低保名册.csv"
    entry.flag_bits |= 0x800
    entry.filename = "低保名册.csv"
    assert member_name(entry) == "低保名册.csv"


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/a.csv", "a/../../b.csv", "..\\a.csv", "C:/a.csv", "a/CON.csv", "内.zip", "a/.b/../c.csv"],
)
def test_a_hostile_path_in_an_archive_is_refused_and_the_rest_taken(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    lines = drop(folder, "a.zip", archive({name: TABLE, "好.csv": TABLE}))
    assert any(line.startswith("收下 好.csv") for line in lines)
    assert files(tmp_path) == {"data/好.csv"}


def test_links_bombs_and_damaged_archives_are_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    folder = tmp_path / "data"
    folder.mkdir()
    assert "没有收下" in drop(folder, "l.zip", archive({"l.csv": b"/etc/passwd"}, link="l.csv"))[0]
    assert "太大" in drop(folder, "b.zip", archive({"b.csv": b"0" * (8 << 20)}))[0]
    assert "压缩包打不开" in drop(folder, "d.zip", b"PK\x03\x04 nothing")[0]
    (folder / "out").symlink_to(tmp_path / "outside")
    assert "没有收下" in drop(folder, "o.zip", archive({"out/a.csv": TABLE}))[0]
    assert files(tmp_path) == set()


def test_what_was_not_taken_is_told_first(tmp_path: Path) -> None:
    drop = Dropped(tmp_path)
    for name in ("a.csv", "通知.docx", "b.csv", "函.doc"):
        drop.piece(name, 0, 1, b"x")
    assert [line.zh.split()[1].split("：")[0] for line in drop.lines][:2] == ["通知.docx", "函.doc"]
