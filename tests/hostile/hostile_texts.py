"""Hostile text files: encodings, quotation marks that swallow rows, lines without end."""

from __future__ import annotations

from collections.abc import Iterator

from hostile_kinds import EITHER, HEADER, READ, Kind, family, people, person, raw

SEPARATORS = {"comma": ",", "tab": "\t", "semicolon": ";", "bar": "|"}
WIDTHS = {2: (0, 4), 3: (0, 3, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}  # columns of the table


def table(width: int, separator: str, count: int = 11) -> list[list[str]]:
    return [[cells[i] for i in WIDTHS[width]] for cells in people(count)]


def text(rows: list[list[str]], separator: str = ",", ends: str = "\r\n") -> str:
    return ends.join(separator.join(cells) for cells in rows) + ends


def swallowing(
    width: int, separator: str, opening: tuple[int, int], closed: tuple[int, int] | None, ends: str = "\r\n"
) -> str:
    """A mark before one cell and one behind another, both as a spreadsheet would write them."""
    rows = table(width, separator)
    rows[opening[0]][opening[1]] = '"' + rows[opening[0]][opening[1]]
    if closed:
        rows[closed[0]][closed[1]] += '"'
    return text(rows, separator, ends)


def dialect(width: int) -> dict[str, object]:
    """What the parameters say of columns that the file has not."""
    constants = {"scheme": "寄宿生生活补助", "school_name": "第一小学", "term": "2020-autumn"}
    return {"sources": {"payments": [{"files": "pay.csv", **constants}]}} if width < 5 else {}


@family
def quotation_marks() -> Iterator[Kind]:
    for name, separator in SEPARATORS.items():
        for width in WIDTHS:
            for column in range(width):
                for last in (3, 9):
                    content = swallowing(
                        width, separator, (2, column), (last, width - 1 if column < width - 1 else 0)
                    )
                    if separator in content:
                        yield Kind(
                            f"quotation mark, {name}, {width} columns, opened in {column + 1}, {last - 2} rows on",
                            raw("pay.csv", content.encode()), says="row 3", given=dialect(width),
                        )  # fmt: skip
            never = swallowing(width, separator, (2, 0), None)
            yield Kind(
                f"quotation mark, {name}, {width} columns, never closed",
                raw("pay.csv", never.encode()),
                says="row 3",
                given=dialect(width),
            )
    for ends, name in (("\n", "line feeds"), ("\r", "carriage returns")):
        content = swallowing(5, ",", (2, 0), (6, 4), ends)
        yield Kind(f"quotation mark with {name}", raw("pay.csv", content.encode()), says="row 3")
    last = swallowing(5, ",", (11, 4), None)
    yield Kind(
        "quotation mark never closed in the last cell", raw("pay.csv", last.encode()), outcome=READ, rows=11
    )
    inside = text(people()).replace("赵", '赵"')
    yield Kind("quotation mark within a cell", raw("pay.csv", inside.encode()), outcome=READ, rows=11)


@family
def cells_of_several_lines() -> Iterator[Kind]:
    """What looks like the above and is sound: it must be read."""
    for name, separator in SEPARATORS.items():
        for width in (3, 4, 5):
            for column in range(width):
                rows = table(width, separator)
                for number in (2, 5, 8):
                    cell = rows[number][column]
                    rows[number][column] = f'"{cell[:1]}\n{cell[1:]}"'
                yield Kind(
                    f"cell of two lines, {name}, column {column + 1} of {width}",
                    raw("pay.csv", text(rows, separator).encode()),
                    outcome=READ,
                    rows=11,
                    given=dialect(width),
                )
    rows = [*people()]
    with_note = [[*rows[0], "备注"], *([*cells, '"一、见附件\n二、已核\n三、无误"'] for cells in rows[1:])]
    yield Kind(
        "notes of three lines in every row", raw("pay.csv", text(with_note).encode()), outcome=READ, rows=11
    )
    comma = [[*rows[0], "备注"], *([*cells, '"因病,请假\n家访,已核"'] for cells in rows[1:])]
    yield Kind("notes of two lines with commas", raw("pay.csv", text(comma).encode()), outcome=READ, rows=11)
    head = [['"姓\n名"', '"身份\n证号"', "学校", '"资助\n项目"', '"金额\n（元）"'], *rows[1:]]
    yield Kind("headers of two lines", raw("pay.csv", text(head).encode()), outcome=READ, rows=11)
    with_duplicates = [rows[0], *([f'"{cells[0]}""(代)"""', *cells[1:]] for cells in rows[1:])]
    yield Kind(
        "quotation marks within quotation marks",
        raw("pay.csv", text(with_duplicates).encode()),
        outcome=READ,
        rows=11,
    )


@family
def encodings() -> Iterator[Kind]:
    sound = text(people())
    for encoding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-32"):
        yield Kind(f"text in {encoding}", raw("pay.csv", sound.encode(encoding)), outcome=READ, rows=11)
    marks = {"utf-16-be": b"\xfe\xff", "utf-32-be": b"\x00\x00\xfe\xff"}
    for encoding, mark in marks.items():
        yield Kind(
            f"text in {encoding} with its mark",
            raw("pay.csv", mark + sound.encode(encoding)),
            outcome=READ,
            rows=11,
        )
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield Kind(
            f"text in {encoding} without a mark", raw("pay.csv", sound.encode(encoding)), says="pay.csv"
        )
    for encoding in ("big5", "euc_jp", "shift_jis", "euc_kr", "hz", "utf-7", "cp037"):
        yield Kind(f"text in {encoding}", raw("pay.csv", sound.encode(encoding, "replace")), outcome=EITHER)
    for encoding in ("utf-8", "gbk", "utf-16"):
        content = sound.encode(encoding)
        for name, place in (("beginning", 1), ("middle", len(content) // 2 + 1), ("end", len(content) - 1)):
            yield Kind(f"{encoding} cut at its {name}", raw("pay.csv", content[:place]), outcome=EITHER)
            wrong = content[:place] + b"\xff\xff" + content[place:]
            yield Kind(f"{encoding} with a wrong byte at its {name}", raw("pay.csv", wrong), outcome=EITHER)
    yield Kind(
        "two encodings in one file",
        raw("pay.csv", sound.encode() + text([person(50)]).encode("gbk")),
        outcome=EITHER,
    )
    yield Kind("a mark twice", raw("pay.csv", b"\xef\xbb\xbf\xef\xbb\xbf" + sound.encode()), outcome=EITHER)
    yield Kind(
        "a mark in every line", raw("pay.csv", sound.replace("\r\n", "\r\n\ufeff").encode()), outcome=EITHER
    )


@family
def lines() -> Iterator[Kind]:
    sound = text(people())
    for name, sign in {
        "NUL": "\0", "bell": "\a", "escape": "\x1b[31m", "vertical tab": "\v", "form feed": "\f", "next line": "\x85",
        "line separator": "\u2028", "paragraph separator": "\u2029", "end of file": "\x1a", "zero width": "\u200b",
        "right to left": "\u202e", "a private character": "\ue000", "a rare character": "𠮷", "no character": "\uffff",
        "a combining heap": "e" + "\u0301" * 300, "file separator": "\x1c",
    }.items():  # fmt: skip
        yield Kind(
            f"{name} in a cell",
            raw("pay.csv", sound.replace("第一小学", f"第一{sign}小学", 1).encode()),
            outcome=EITHER,
        )
    for name, start in {
        "=": "=cmd|'/c calc'!A0",
        "+": "+1+1",
        "-": "-1+1",
        "@": "@SUM(A1)",
        "tab": "\t=1",
    }.items():
        rows = people()
        rows[2][2] = start
        yield Kind(
            f"a cell that begins with {name}", raw("pay.csv", text(rows).encode()), outcome=READ, rows=11
        )
    yield Kind("a line of a million cells", raw("pay.csv", (sound + "," * 1_000_000).encode()), says="row 13")
    yield Kind(
        "a cell of two million characters", raw("pay.csv", (sound + "长" * 2_000_000).encode()), says="row 13"
    )
    yield Kind(
        "a hundred thousand blank lines",
        raw("pay.csv", (sound + "\r\n" * 100_000).encode()),
        outcome=READ,
        rows=11,
    )
    yield Kind(
        "a hundred thousand lines of separators",
        raw("pay.csv", (sound + ",,,,\r\n" * 100_000).encode()),
        outcome=READ,
        rows=11,
    )
    yield Kind(
        "carriage returns alone", raw("pay.csv", text(people(), ends="\r").encode()), outcome=READ, rows=11
    )
    yield Kind(
        "every kind of line end",
        raw("pay.csv", sound.replace("\r\n", "\n", 3).replace("\r\n", "\r", 3).encode()),
        outcome=READ,
        rows=11,
    )
    yield Kind("no line end at the end", raw("pay.csv", sound.rstrip().encode()), outcome=READ, rows=11)
    yield Kind("headers only", raw("pay.csv", text(people(0)).encode()), outcome=READ, rows=0)
    yield Kind(
        "the header twice", raw("pay.csv", text([list(HEADER), *people()]).encode()), outcome=READ, rows=11
    )
    yield Kind("one word", raw("pay.csv", "姓名".encode()), says="pay.csv")
    yield Kind("blanks only", raw("pay.csv", b" \r\n,,\r\n"), says="pay.csv")
    yield Kind("bytes of every kind", raw("pay.csv", bytes(range(256)) * 4), says="pay.csv")
    ragged_text = sound.replace(",500", "", 2)
    yield Kind("rows cut short", raw("pay.csv", ragged_text.encode()), outcome=READ, rows=11)
    yield Kind(
        "rows that go on",
        raw("pay.csv", sound.replace(",500", ",500,x,y", 2).encode()),
        outcome=READ,
        rows=11,
    )
