"""The page of data as HTML: sheets, what their columns were taken for, and rows as they stand in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.page.markup import NOTHING, count
from auditlib.runs.originals import Original
from auditlib.runs.run_rows import Viewer
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

HARMLESS = re.compile(r"-?[0-9]{1,6}([.][0-9]{1,2})?")
"""What a cell of unknown meaning may hold and be shown while names are masked: an amount, a count."""
HIDDEN_SIGNS = "***"
SHEETS, ROWS = (
    Text("文件和工作表", "Files and sheets"),
    Text("行，与文件里一样", "Rows as they stand in the file"),
)
SHEET_HEADS = (
    Text("表", "Table"), Text("文件 › 工作表", "File › sheet"), Text("表头行", "Header row"), Text("行数", "Rows"),
    Text("采用", "Used"), Text("拒收", "Rejected"), Text("存疑的格", "Doubtful cells"), Text("未计入", "Left out"),
    Text("未用的列", "Columns not used"),
)  # fmt: skip
COLUMNS, COLUMN_HEADS = (
    Text("列认作什么", "What each column was taken for"),
    (
        Text("表头", "Header"),
        Text("认作", "Taken for"),
        Text("有内容的格", "Filled cells"),
        Text("读不出", "Unread"),
    ),
)
UNUSED_TEXT = Text("未用", "not used")
LIKE = Text("未用（像是“{column}”）", "not used (looks like {column})")
NO_TABLE = Text("不是表格，没有采用", "no table, not used")
ROW, WHY = Text("行号", "Row"), Text("原因", "Why")
HEADER, CELL, TAKEN_TEXT = Text("表头", "Header"), Text("原文", "As it stands"), Text("认作", "Taken for")
MASKED = Text(
    "姓名、证号已遮盖；没有认作任何列的格、拒收行和存疑格里的文字也一并遮盖，要看请先显示完整信息。",
    "Names and numbers are masked, and so are cells of columns that were taken for nothing, and words in rejected rows and "
    "doubtful cells; show in full to see them.",
)


def sheet_name(sheet: Mapping[str, Any], language: str) -> str:
    """Table, file and sheet on one line."""
    place = " › ".join(filter(None, (sheet["file"], sheet["sheet"])))
    return f"{word(sheet['table'], language)}：{scrub(place)}"


def sheets_table(sheets: Sequence[Mapping[str, Any]], doubtful: Sequence[int], language: str) -> Markup:
    """A line a sheet."""
    rows = [
        _row([
            word(sheet["table"], language), scrub(" › ".join(filter(None, (sheet["file"], sheet["sheet"])))),
            ", ".join(map(str, sheet["header_rows"])) or NO_TABLE.into(language), count(sheet["rows"]), count(sheet["used"]),
            count(sheet["rejected"]), count(cells), count(sheet["left_out"]),
            ("、" if language == "zh" else ", ").join(scrub(one["header"]) or one["letter"] for one in sheet["unused"]) or NOTHING,
        ])
        for sheet, cells in zip(sheets, doubtful, strict=True)
    ]  # fmt: skip
    return _table(SHEETS.into(language), [head.into(language) for head in SHEET_HEADS], rows)


def columns_table(sheet: Mapping[str, Any], language: str) -> Markup:
    """Every column of one sheet that has a header or a cell, used or not."""
    column_lines = [
        _row(
            [
                "+".join(scrub(header) for header in (c["header"], *c.get("beside", ()))),
                _title(sheet["table"], c["column"], language),
                count(c["cells"]),
                count(c["unread"]),
            ]
        )
        for c in sheet["columns"]
    ]
    unused_lines = [
        _row(
            [
                scrub(c["header"]) or c["letter"],
                _unused_words(sheet["table"], c["looks_like"], language),
                count(c["cells"]),
                NOTHING,
            ]
        )
        for c in sheet["unused"]
    ]
    return _table(
        COLUMNS.into(language), [head.into(language) for head in COLUMN_HEADS], [*column_lines, *unused_lines]
    )


def _unused_words(table: str, like: str | None, language: str) -> str:
    return (
        LIKE.fill(column=_title(table, like, language)).into(language) if like else UNUSED_TEXT.into(language)
    )


def _title(table: str, column: str, language: str) -> str:
    declaration = TABLES[table].by_name.get(column)
    return declaration.title.into(language) if declaration else column


def rows_table(
    rows: Sequence[tuple[Original, str]], doubts: Mapping[str, set[str]], viewer: Viewer
) -> Markup:
    """Rows of one sheet side by side, each with the reason why it is here. ``doubts``: source to columns in doubt."""
    if not rows:
        return Markup("")
    heads = [ROW.into(viewer.language), WHY.into(viewer.language), *map(scrub, rows[0][0].heads)]
    body = [
        _row([row.source.rpartition("!")[2], why, *cells(row, doubts.get(row.source, set()), viewer)])
        for row, why in rows
    ]
    return _note(viewer) + _table(ROWS.into(viewer.language), heads, body)


def row_card(row: Original, doubts: set[str], viewer: Viewer) -> Markup:
    """One row from top to bottom: header, cell, and what the column was taken for."""
    heads = [text.into(viewer.language) for text in (HEADER, CELL, TAKEN_TEXT)]
    body = [
        _row(
            [
                scrub(head),
                cell or NOTHING,
                _title(row.table, column, viewer.language) if column else UNUSED_TEXT.into(viewer.language),
            ]
        )
        for head, column, cell in zip(row.heads, row.columns, cells(row, doubts, viewer), strict=True)
    ]
    return _note(viewer) + _table(viewer.address(row.table, row.source), heads, body)


def cells(row: Original, doubts: set[str], viewer: Viewer) -> list[str]:
    """The cells as this viewer may see them; ``doubts``: columns whose cell may hold anything, ``*`` for all of them."""
    return [_cell(column, cell, doubts, viewer) for column, cell in zip(row.columns, row.cells, strict=True)]


def _cell(column: str, cell: str, doubts: set[str], viewer: Viewer) -> str:
    if viewer.unmasked or not cell:
        return cell
    if not column or column in doubts or "*" in doubts:
        return cell if HARMLESS.fullmatch(cell.strip()) else HIDDEN_SIGNS
    return viewer.raw(column, cell)


def _note(viewer: Viewer) -> Markup:
    return (
        Markup("")
        if viewer.unmasked
        else Markup('<p class="wb-hint">{}</p>').format(MASKED.into(viewer.language))
    )


def _row(texts: Iterable[str]) -> Markup:
    first, *others = texts
    rest = Markup("").join(Markup("<td>{}</td>").format(text) for text in others)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(first, rest)


def _table(caption: str, heads: Iterable[str], rows: Iterable[Markup]) -> Markup:
    header = Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in heads)
    return Markup(
        '<div class="wb-scroll wb-rows" tabindex="0" role="region" aria-label="{}"><table><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, caption, header, Markup("").join(rows))  # fmt: skip
