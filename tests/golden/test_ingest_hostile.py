"""Broken, hostile and oversized files: a clear problem each, and the other files are read nevertheless."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from auditlib.spreadsheets import OLE

SOUND = "好.csv"


@pytest.fixture
def beside(county, cells):
    """Reads ``file`` beside a sound one, which must come through; gives what is said of ``file``."""
    county.csv(SOUND, [county.header, county.person()])

    def read(file, content):
        county.bytes(file, content)
        delivery = county.read(payments=[SOUND, file])
        assert cells(delivery, "payments", "name") == ["测试二"]
        assert all(file in problem.where.zh for problem in delivery.problems)
        return [problem.what.zh for problem in delivery.problems]

    return read


@pytest.fixture
def workbook(county):
    """The bytes of a sound workbook of two hundred persons."""
    county.sheet("模板.xlsx", [county.header, *(county.person(i) for i in range(200))])
    return (county.root / "模板.xlsx").read_bytes()


def zipped_anew(workbook, change):
    """The workbook with every part changed by ``change(name, content)``."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


DAMAGED_BOOK = ["工作簿损坏、不完整，或不是电子表格"]


@pytest.mark.parametrize(
    ("file", "content", "what"),
    [
        ("空.xlsx", b"", "文件为空（0 字节）"),
        ("空.csv", b"", "文件为空（0 字节）"),
        ("白.csv", b" \r\n,,\r\n", "工作簿中没有任何内容"),
        (
            "网页.xls",
            b"\xef\xbb\xbf <html><table><tr><td>1</td></tr></table>",
            "这是网页或 XML，其中没有可读的名单",
        ),
        ("表.xls", b'<?xml version="1.0"?><Workbook/>', "这是网页或 XML，其中没有可读的名单"),
        ("扫描.xlsx", b"%PDF-1.7 ...", "这是 PDF 或图片，其中的名单读不出来"),
        ("图.xls", b"\x89PNG\r\n\x1a\n" + bytes(50), "这是 PDF 或图片，其中的名单读不出来"),
        ("乱.csv", bytes(range(1, 128)) + bytes(10), "不是可识别的表格文件"),
        ("旧.xls", OLE + bytes(600), DAMAGED_BOOK[0]),
        (
            "密.xlsx",
            OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(99),
            "工作簿有密码保护",
        ),
        ("假.xlsx", b"PK\x03\x04 no archive", DAMAGED_BOOK[0]),
    ],
)
def test_files_that_are_no_tables(beside, file, content, what):
    assert beside(file, content) == [what]


def test_a_truncated_workbook(beside, workbook):
    for length in (100, len(workbook) // 2, len(workbook) - 30):
        assert beside("截断.xlsx", workbook[:length]) == DAMAGED_BOOK


def test_a_workbook_with_a_wrong_byte_in_a_sheet(beside, workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    broken_bytes = workbook[:start] + bytes(20) + workbook[start + 20 :]
    assert beside("坏.xlsx", broken_bytes) == DAMAGED_BOOK


def test_an_archive_that_is_no_workbook(beside):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("发放.csv", "姓名")
    assert beside("打包.zip", content.getvalue()) == ["这是压缩包，里面的文件没有读"]


def test_a_workbook_without_sheets(beside, workbook):
    empty = zipped_anew(workbook, lambda name, old: b"<workbook/>" if name == "xl/workbook.xml" else old)
    assert beside("空.xlsx", empty) in (["工作簿中没有任何内容"], DAMAGED_BOOK)


def test_a_workbook_of_empty_sheets(county, beside):
    county.book("空.xlsx", {"甲": [], "乙": []})
    assert beside("空.xlsx", (county.root / "空.xlsx").read_bytes()) == ["工作簿中没有任何内容"]


def test_an_archive_that_unpacks_to_too_much(beside, workbook):
    bomb = zipped_anew(workbook, lambda name, old: old + (bytes(160 << 20) if "theme" in name else b""))
    assert len(bomb) < 1 << 20
    assert beside("大.xlsx", bomb) == ["文件展开后大得不成比例，不像填写的表格"]


def test_an_archive_that_lies_about_its_size(beside, workbook):
    """The size stands twice in an archive; the lie says that a part of two million bytes has ten."""
    bomb = zipped_anew(workbook, lambda name, old: bytes(2_000_000) if "theme" in name else old)
    lie = bomb.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != bomb
    assert beside("谎.xlsx", lie) == DAMAGED_BOOK


def test_a_file_larger_than_can_be_held(beside, monkeypatch):
    monkeypatch.setattr("auditlib.ingest.files.opening.LARGEST", 1000)
    assert beside("大.csv", b"x" * 1001) == ["文件展开后过大（超过 0 MiB）"]


def test_entities_that_multiply_are_not_expanded(county, cells, workbook):
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def laugh(name, old):
        with_entity = old.replace("测试一".encode(), b"&b;")
        return with_entity.replace(b"<sst", entities + b"<sst", 1) if name == "xl/sharedStrings.xml" else old

    county.bytes("笑.xlsx", zipped_anew(workbook, laugh))
    delivery = county.read(payments=["笑.xlsx"])
    assert not any("haha" in (name or "") for name in cells(delivery, "payments", "name"))


def test_a_file_that_may_not_be_read(county, problem_texts, monkeypatch):
    county.csv("a.csv", [county.header, county.person()])
    open_file = Path.open

    def refuse(path, *args, **options):
        if path.name == "a.csv":
            raise PermissionError
        return open_file(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    assert problem_texts(county.read(payments=["a.csv"])) == ["文件打不开（权限不足或正被占用）"]


def test_random_damage_never_raises(county, workbook):
    """Whatever bytes are lost: either the file is read or there is a problem, and nothing else."""
    chance = random.Random(20201231)
    for _ in range(60):
        damaged_bytes = bytearray(workbook)
        for _ in range(chance.randint(1, 30)):
            damaged_bytes[chance.randrange(len(damaged_bytes))] = chance.randrange(256)
        county.bytes("坏.xlsx", bytes(damaged_bytes))
        delivery = county.read(payments=["坏.xlsx"])
        assert delivery.problems or len(delivery.raw["payments"])


def test_random_damage_to_the_parts_never_raises(county, workbook):
    """The same inside the archive, where checksums do not help."""
    chance = random.Random(20201231)

    def damage(name, content):
        changed_bytes = bytearray(content)
        for _ in range(chance.randint(0, 3)):
            changed_bytes[chance.randrange(len(changed_bytes))] = chance.randrange(32, 127)
        return bytes(changed_bytes)

    for _ in range(40):
        county.bytes("坏.xlsx", zipped_anew(workbook, damage))
        county.read(payments=["坏.xlsx"])


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "<img src=x onerror=alert(1)>", "'; DROP TABLE x; --", "\x07\x1b[31m"]
)
def test_hostile_cells_are_text(county, cells, cell):
    county.csv("a.csv", [county.header, county.person(姓名=cell, 学校=cell)])
    assert cells(county.read(payments=["a.csv"]), "payments", "name", "school_name") == [(cell, cell)]


def test_no_problem_shows_a_number_or_a_cell(county):
    secret = "990122201001010013"
    county.sheet(f"{secret}.xlsx", [["学生", secret, "金额"], ["测试秘密", secret, "1"]])
    county.book("a.xlsx", {secret: [["测试秘密", secret, "x"], ["测试秘密", secret, "y"]]})
    county.csv("b.csv", [["姓名", "身份证号", "性别", f"备注{secret}"], ["测试秘密", secret, "男", ""]])
    delivery = county.read(payments=["*"], columns={"payments": {secret: secret}})
    assert len(delivery.problems) >= 2
    assert all(file in str(delivery.problems) for file in ("a.xlsx", "b.csv", "xlsx › "))
    for problem in delivery.problems:
        for language in ("zh", "en"):
            assert "2201001010013" not in problem.into(language)
            assert "测试秘密" not in problem.into(language)


def test_problems_of_all_files_at_once(county, problem_texts):
    county.bytes("a.xlsx", b"")
    county.bytes("b.csv", b"\xff\xff\xff\xff,")
    county.sheet("c.xlsx", [["姓名", "金额"], ["测试一", "1"]])
    delivery = county.read(payments=["*", "无.csv"], eligibility=["无.csv"])
    assert len(problem_texts(delivery)) == 5
