"""Lists that inspectors edit (params/headers.csv, params/codes/*.csv), whatever program saved them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text

SEPARATORS = ",;\t"  # Excel writes semicolons or tabs where the machine's settings ask for them
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes) -> str:
    """Text of UTF-8 with or without its mark, UTF-16 with its mark, or else GB18030 (which covers GBK).

    Raises UnicodeDecodeError for what is none of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def listed_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row of ``path``, trimmed, by the header's names; blank rows are left out.

    Raises UsageError where the file cannot be read or lacks one of ``columns``.
    """
    try:
        lines = decode(path.read_bytes()).splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(_unreadable(path)) from None
    header = next((line for line in lines if line.strip()), "")
    separator = max(SEPARATORS, key=header.count)
    rows = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=separator)
    names = [name.strip().casefold() for name in rows.fieldnames or ()]
    if lacking := [column for column in columns if column not in names]:
        raise UsageError(_lacking(path, lacking, columns))
    rows.fieldnames = names
    for row in rows:
        cells = {name: cell.strip() for name, cell in row.items() if name and isinstance(cell, str)}
        if any(cells.values()):
            yield rows.line_num, {name: cells.get(name, "") for name in names}


def _unreadable(path: Path) -> Problem:
    return Problem(
        Text("对照表找不到或读不了", "A list of spellings is missing or cannot be read"),
        Text(f"{path.parent.name}/{path.name}", f"{path.parent.name}/{path.name}"),
        Text(
            "恢复该文件，或从 Excel 另存为“CSV UTF-8”",
            "Restore the file, or save it from Excel as “CSV UTF-8”",
        ),
    )


def _lacking(path: Path, lacking: list[str], columns: tuple[str, ...]) -> Problem:
    place = f"{path.parent.name}/{path.name}"
    return Problem(
        Text(
            f"对照表缺少列 {', '.join(lacking)}", f"A list of spellings lacks the column {', '.join(lacking)}"
        ),
        Text(f"{place} › 第 1 行", f"{place} › row 1"),
        Text(f"第一行写 {','.join(columns)}", f"Write {','.join(columns)} in the first row"),
    )
