"""What people send back, in every state that a spreadsheet, a mailbox or a hand leaves it in."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import openpyxl
from hostile_kinds import EITHER, READ, Kind, Write, family
from hostile_sheets import OLE, body, bomb, book, inline, parts_of, sheet, zip_of

PAIR_TITLES = ("姓名", "记录对编号", "判断", "判断人", "判断日期")
LIST_TITLES = ("姓名", "处理结果", "原因", "整改日期", "追回/补发金额", "finding_id")
FIELD_TITLES = (
    "姓名",
    "见到学生或家长",
    "是否有误",
    "有误类型",
    "应发金额（元）",
    "依据",
    "检查人",
    "检查日期",
    "第二人：是否有误",
    "第二检查人",
    "抽样单元",
)
ROWS = {
    "review": (PAIR_TITLES, ("测试甲", "pair2", "同一人", "李复核", "2021-01-05")),
    "worklist": (
        LIST_TITLES,
        ("测试甲", "已整改", "应发未发，已补发", "2021-01-05", "500", "f0123456789abcde"),
    ),
    "field": (FIELD_TITLES, ("测试甲", "是", "否", "", "500", "", "李检查", "2021-01-15", "", "", "u1")),
}
FILES = {"review": "review.xlsx", "worklist": "returned/list.xlsx", "field": "field.xlsx"}
MADE_OF = {"review": 2, "worklist": 1, "field": 2}  # the column that says what was decided
Change = Callable[[openpyxl.Workbook], None]


@lru_cache
def sound(door: str) -> bytes:
    return change_of(door, lambda _: None)


def change_of(door: str, change: Change) -> bytes:
    work = openpyxl.Workbook()
    for cells in ROWS[door]:
        work.active.append([cell or None for cell in cells])
    change(work)
    content = io.BytesIO()
    work.save(content)
    return content.getvalue()


def put(row: int, column: int, value: object) -> Change:
    def change(work: openpyxl.Workbook) -> None:
        work.active.cell(row, column).value = value

    return change


def by_hand(door: str, cell: str, column: int) -> bytes:
    """The same as XML, with one cell as a spreadsheet leaves it that has not calculated."""
    titles, cells = ROWS[door]
    letters = "ABCDEFGHIJKLMN"
    head = "".join(inline(f"{letters[i]}1", title) for i, title in enumerate(titles))
    row = "".join(
        cell.format(address=f"{letters[i]}2") if i == column else inline(f"{letters[i]}2", one)
        for i, one in enumerate(cells)
    )
    return book(f'<row r="1">{head}</row><row r="2">{row}</row>')


def at(door: str, content: bytes | Callable[[], bytes]) -> Write:
    def write(folder: Path) -> None:
        (folder / FILES[door]).parent.mkdir(exist_ok=True)
        (folder / FILES[door]).write_bytes(content() if callable(content) else content)

    return write


def title_above(rows: int) -> Change:
    return lambda work: work.active.insert_rows(1, rows)


def column_before(work: openpyxl.Workbook) -> None:
    work.active.insert_cols(1, 3)


def own_notes(work: openpyxl.Workbook) -> None:
    work.create_sheet("我的记录").append(["待问", "周三"])


@family
def sheets_that_come_back() -> Iterator[Kind]:
    for door, (titles, cells) in ROWS.items():
        made_of = MADE_OF[door]
        yield Kind(f"{door}: sound", at(door, sound(door)), door, READ, 1)
        for name, change in {
            "a title row above": title_above(1), "five rows above": title_above(5), "three columns before": column_before, "a sheet of one's own": own_notes,
            "a blank behind the title": put(1, made_of + 1, titles[made_of] + " "), "a wide blank before the title": put(1, made_of + 1, "\u3000" + titles[made_of]),
            "a line break in the title": put(1, made_of + 1, titles[made_of][:1] + "\n" + titles[made_of][1:]),
            "blanks around the word": put(2, made_of + 1, f" {cells[made_of]}\u3000"),
        }.items():  # fmt: skip
            yield Kind(f"{door}: {name}", at(door, change_of(door, change)), door, READ, 1)
        key = titles.index({"review": "记录对编号", "worklist": "finding_id", "field": "抽样单元"}[door])
        for name, change in {
            "no header": lambda work: work.active.delete_rows(1), "the header of what was filled in renamed": put(1, made_of + 1, "意见"),
            "the header of the key renamed": put(1, key + 1, "编号"), "an unknown word": put(2, made_of + 1, "大概是"),
            "a key that became a number": put(2, key + 1, 12345678901234567890), "a key that is gone": put(2, key + 1, None),
            "an error in words": put(2, made_of + 1, "#REF!"), "a formula in words": put(2, made_of + 1, "'=A1"),
        }.items():  # fmt: skip
            yield Kind(
                f"{door}: {name}", at(door, change_of(door, change)), door, says=FILES[door].split("/")[-1]
            )
        for name, cell in {
            "an error": '<c r="{address}" t="e"><v>#REF!</v></c>', "a newer error": '<c r="{address}" t="e"><v>#SPILL!</v></c>',
            "a formula without result": '<c r="{address}"><f>A1</f></c>', "a formula with an empty result": '<c r="{address}"><f>A1</f><v></v></c>',
        }.items():  # fmt: skip
            yield Kind(
                f"{door}: {name}",
                at(door, by_hand(door, cell, made_of)),
                door,
                says=FILES[door].split("/")[-1],
            )
        far = book(body() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
        broken_books = {
            "nothing": b"", "a web page": b"<html><table></table></html>", "cut": sound(door)[: len(sound(door)) // 2], "cut at the end": sound(door)[:-30],
            "a picture": b"\x89PNG\r\n\x1a\n" + bytes(99), "text": "姓名,判断".encode(), "a password": OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "a container of noughts": OLE + bytes(600), "an archive": zip_of({"a": b"x"}), "a far cell": far, "another table": book(body()), "an empty workbook": zip_of(parts_of(sheet(""))),
            "a bomb": bomb,
        }  # fmt: skip
        for name, content in broken_books.items():
            yield Kind(f"{door}: {name}", at(door, content), door, says=FILES[door].split("/")[-1])
    for amount in (
        "1e400",
        "-1e400",
        "1e12",
        "nan",
        "inf",
        "1,000,000,000,000",
        "五百",
        "-1",
        "0.001",
        "500元整",
        "１００",
        "=1+1",
        "#N/A",
        "9" * 500,
    ):
        outcome = READ if amount == "１００" else "refused"
        yield Kind(
            f"worklist: amount {amount[:20]}",
            at("worklist", change_of("worklist", put(2, 5, amount))),
            "worklist",
            outcome,
            1 if outcome == READ else None,
        )
        yield Kind(
            f"field: amount {amount[:20]}",
            at("field", change_of("field", put(2, 5, amount))),
            "field",
            EITHER,
        )
    for day in (
        "0001-01-01",
        "9999-12-31",
        "2020-02-30",
        "明天",
        "45000",
        "1e400",
        "20201",
        "2021/1/5 ",
        "#N/A",
    ):
        yield Kind(
            f"worklist: day {day}", at("worklist", change_of("worklist", put(2, 4, day))), "worklist", EITHER
        )
        yield Kind(f"field: day {day}", at("field", change_of("field", put(2, 8, day))), "field", EITHER)


LINE = "judged_at,judged_by,pair,decision\r\n2021-01-05T09:30:00,李复核,pair2,same\r\n"


def ledger(file: str, content: bytes | None) -> Write:
    def write(folder: Path) -> None:
        (folder / file).mkdir() if content is None else (folder / file).write_bytes(content)

    return write


def pipe(file: str) -> Write:
    return lambda folder: os.mkfifo(folder / file)


@family
def ledgers() -> Iterator[Kind]:
    for encoding in ("utf-8", "utf-8-sig", "gbk"):
        yield Kind(
            f"judgements in {encoding}", ledger("judgements.csv", LINE.encode(encoding)), "review", READ, 1
        )
    for name, content in {
        "in UTF-16": LINE.encode("utf-16"), "with NUL": LINE.replace("pair2", "pair\0").encode(), "with wrong bytes": LINE.encode() + b"\xff\xff\xff", "of noise": bytes(range(256)),
        "with a line too short": (LINE + "2021-01-05,x\r\n").encode(), "with an unknown word": (LINE + "2021-01-05,x,pair3,maybe\r\n").encode(), "as a workbook": sound("review"),
        "as a folder": None, "with a quotation mark left open": (LINE + '2021-01-05,"x,pair3,same\r\n').encode(),
        "with a cell without end": (LINE + "x" * 3_000_000).encode(),
    }.items():  # fmt: skip
        yield Kind(f"judgements {name}", ledger("judgements.csv", content), "review", says="judgements.csv")
    yield Kind("review as a folder", ledger("review.xlsx", None), "review", says="review.xlsx")
    yield Kind("judgements: nothing", ledger("judgements.csv", b""), "review", READ, 0)
    yield Kind(
        "judgements: blank lines", ledger("judgements.csv", (LINE + "\r\n\r\n").encode()), "review", READ, 1
    )
    head = "decided_at,decided_by,finding_id,status,cause,amount,evidence,note\r\n"
    line = "2021-01-05,李复核,f0123456789abcde,confirmed,,,,\r\n"
    for encoding in ("utf-8", "utf-8-sig", "gbk"):
        yield Kind(
            f"dispositions in {encoding}",
            ledger("dispositions.csv", (head + line).encode(encoding)),
            "dispositions",
            READ,
            1,
        )
    for name, content in {
        "as a folder": None, "in UTF-16": (head + line).encode("utf-16"), "of noise": bytes(range(256)), "cut": (head + line[:20]).encode(), "with other columns": b"a,b\r\n1,2\r\n",
        "with an unknown status": (head + line.replace("confirmed", "maybe")).encode(), "with an odd time": (head + line.replace("2021-01-05", "soon")).encode(),
        "with a number for an id": (head + line.replace("f0123456789abcde", "1.2E+17")).encode(), "with too many cells": (head + line.strip() + ",x\r\n").encode(),
        "as a workbook": sound("worklist"),
    }.items():  # fmt: skip
        yield Kind(
            f"dispositions {name}",
            ledger("dispositions.csv", content),
            "dispositions",
            says="dispositions.csv",
        )
