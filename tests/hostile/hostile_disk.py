"""Hostile folders: names, links, pipes, devices; patterns that are none."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from hostile_kinds import EITHER, READ, Kind, Write, family, people
from hostile_texts import text

SOUND = text(people()).encode()


def file_named(name: str | bytes) -> Write:
    def write(folder: Path) -> None:
        path = folder / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(SOUND)

    return write


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "pay.csv")


def listening(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path must be short
    try:
        socket.socket(socket.AF_UNIX).bind("pay.csv")
    finally:
        os.chdir(here)


def linked(target: str, name: str = "pay.csv") -> Write:
    def write(folder: Path) -> None:
        (folder / "real").mkdir()
        (folder / "real" / "payments.csv").write_bytes(SOUND)
        (folder / name).symlink_to(target)

    return write


def loop(folder: Path) -> None:
    (folder / "pay.csv").symlink_to(folder / "b.csv")
    (folder / "b.csv").symlink_to(folder / "pay.csv")


def deep(folder: Path) -> None:
    here = folder
    for _ in range(60):
        here /= "下"
        here.mkdir()
    (here / "pay.csv").write_bytes(SOUND)


def many(folder: Path) -> None:
    for number in range(3000):
        (folder / f"x{number}.txt").touch()
    (folder / "pay.csv").write_bytes(SOUND)


def is_folder(folder: Path) -> None:
    (folder / "pay.csv").mkdir()


def sources_of(*patterns: str) -> dict[str, object]:
    return {"sources": {"payments": list(patterns)}}


@family
def odd_files() -> Iterator[Kind]:
    yield Kind("a named pipe", pipe, says="pay.csv")
    yield Kind("a socket", listening, says="pay.csv")
    yield Kind("a folder named as a file", is_folder)
    yield Kind("a loop of links", loop, says="pay.csv")
    yield Kind("a link to itself", linked("pay.csv"), says="pay.csv")
    yield Kind("a link that leads nowhere", linked("none.csv"), says="pay.csv")
    yield Kind("a link to a device", linked("/dev/zero"))
    yield Kind("a link out of the folder", linked("/etc/hostname"))
    yield Kind(
        "a link to a folder outside, asked for below it",
        linked("/etc", "out"),
        given=sources_of("**/*.csv"),
        outcome=EITHER,
    )
    yield Kind("a link to a file in the folder", linked("real/payments.csv"), outcome=READ, rows=11)
    yield Kind(
        "a link to a folder in it, passed through", linked("real", "way"), given=sources_of("way/*.csv")
    )
    yield Kind("a loop of folders", linked("..", "up"), given=sources_of("**/payments.csv"), outcome=EITHER)
    yield Kind("sixty folders deep", deep, given=sources_of("**/pay.csv"), outcome=READ, rows=11)
    yield Kind("three thousand other files", many, outcome=READ, rows=11)


@family
def file_names() -> Iterator[Kind]:
    for title, name in {
        "GBK": "发放.csv".encode("gbk"), "Big5": "發放.csv".encode("big5"), "no encoding": b"pay\xff\xfe.csv",
        "half a character": b"pay\xe5.csv", "UTF-8": "发放.csv",
        "an exclamation mark": "pay!ments.csv", "exclamation marks alone": "!!!.csv", "as an address": "pay.csv!表!3.csv",
        "a line break": "pay\nments.csv", "a tab": "pay\tments.csv", "an escape": "pay\x1b[31m.csv", "quotation marks": "pay\"'.csv",
        "brackets": "pay[1].csv", "a star": "pay*.csv", "a question mark": "pay?.csv", "a backslash": "pay\\ments.csv",
        "a colon": "pay:x.csv", "braces": "pay{0}.csv", "a percent sign": "pay%s.csv", "two dots": "..pay.csv"[1:].lstrip("."),
        "255 bytes": "p" * 251 + ".csv", "255 bytes of characters": "长" * 83 + "p.csv", "emoji": "💰.csv", "a rare character": "𠮷.csv",
        "right to left": "pay\u202evsc.csv", "zero width": "pay\u200b.csv", "decomposed": "pa\u0301y.csv", "full width": "ｐａｙ.csv",
        "an ID number": "990111201102030016.csv", "blanks": "  pay  .csv", "upper case": "PAY.CSV", "no ending": "pay",
        "another ending": "pay.docx", "several endings": "pay.csv.xlsx.csv", "markup": "<b>pay.csv", "a semicolon": "pay;rm.csv",
        "a leading dash": "-pay.csv", "a leading equals sign": "=pay.csv",
    }.items():  # fmt: skip
        yield Kind(f"file name with {title}", file_named(name), given=sources_of("*"), outcome=READ, rows=11)
    for title, name in {
        "GBK": "甲/".encode("gbk") + b"pay.csv",
        "an exclamation mark": "a!b/pay.csv",
        "no encoding": b"\xff/pay.csv",
    }.items():
        yield Kind(
            f"folder name with {title}", file_named(name), given=sources_of("**/*.csv"), outcome=READ, rows=11
        )


@family
def patterns() -> Iterator[Kind]:
    for pattern in (
        "[!]", "[z-a]", "[]", "[", "]", "[!", "[^]", "[a-", "[-]", "[]a]", "[[]", "[\\]", "[!a-z", "[9-0].csv", "pay[!]csv", "pay[z-a]csv",
        "(", ")", "(?i)x", "a{2", "+", "\\", "$^", "|", ".*", "(?P<n>x)", "\\d", "none.csv", "pay.csv\0", "p\nay.csv", "\ud800",
        "../pay.csv", "/etc/hostname", "~/pay.csv", "C:/pay.csv", "a/../../b", "*" * 400, "**/" * 100, "?" * 600, "", " ", "pay.csv/", "//", "*/" * 9,
        "*a*a*a*a*a*a*a*a*a*b", "990111201102030016",
    ):  # fmt: skip
        yield Kind(
            f"pattern {pattern[:24]!r} of {len(pattern)}",
            file_named("pay.csv"),
            given=sources_of(pattern),
            outcome=EITHER,
        )
    for pattern in (
        "pay.csv",
        "*.csv",
        "**/*.csv",
        "p?y.csv",
        "[p]ay.csv",
        "[!x]ay.csv",
        "[a-z]ay.csv",
        "PAY.csv",
        "./pay.csv",
        " pay.csv ",
    ):
        yield Kind(
            f"sound pattern {pattern!r}",
            file_named("pay.csv"),
            given=sources_of(pattern),
            outcome=READ,
            rows=11,
        )
    yield Kind(
        "the same pattern a thousand times",
        file_named("pay.csv"),
        given=sources_of(*["pay.csv"] * 1000),
        outcome=READ,
        rows=11,
    )
    for name, entry in {
        "a number": 5, "a list": [["pay.csv"]], "nothing": None, "no files": {"scheme": "x"}, "files twice": {"files": ["pay.csv"]},
        "an unknown column": {"files": "pay.csv", "nonsense": "x"}, "a constant of a list": {"files": "pay.csv", "term": ["a"]},
        "an unknown scheme": {"files": "pay.csv", "category": "x" * 5000},
    }.items():  # fmt: skip
        yield Kind(
            f"source: {name}", file_named("pay.csv"), given={"sources": {"payments": [entry]}}, outcome=EITHER
        )
    yield Kind(
        "source: an unknown table", file_named("pay.csv"), given={"sources": {"nonsense": ["pay.csv"]}}
    )
