"""The slips as a workbook a school: filled in, it is read back like the working list."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from auditlib.base.errors import AuditError, Problem
from auditlib.base.faults import in_words
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.forms.reply_slips.content import (
    FACTS,
    FULL,
    HIDDEN_TEXT,
    NOT_A_VERDICT,
    TITLE,
    Slip,
    heading,
    request_text,
)
from auditlib.forms.worklist import read_worklist
from auditlib.forms.worklist.cells import LINE_HEIGHT, across_a4, fit_row
from auditlib.forms.worklist.columns import FILLED_IN, SIGNED_TEXT, STATUSES, TITLES
from auditlib.forms.worklist.sheets import Names
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.findings import column_title
from auditlib.tables.wording import word

WHOSE = ("number", "name")
"""The columns that stand on every page: whose finding it is, beside what is known and beside what is filled in."""
ASKS = {
    **{name: column_title(name) for name in WHOSE},
    "rule": column_title("rule"),
    "message": column_title("message"),
    **FACTS,
    "sources": column_title("sources"),
    "basis": column_title("policy_ref"),
    "innocent": Text("可能并非问题", "When it is innocent"),
}
WIDTHS = {
    "message": 34,
    "sources": 36,
    "basis": 28,
    "innocent": 34,
    "id_number": 21,
    "student_no": 22,
    "cause": 24,
    "number": 16,
}
HEAD = 6  # rows above the first slip
ALREADY_FILLED_IN = (
    Text("已有填好的回执，不能覆盖", "a slip that was filled in lies here and is not written over"),
    Text(
        "请先把它移到结果文件夹的 returned 里，或另选文件夹",
        "move it into the folder “returned” of the results first, or choose another folder",
    ),
)
SHEET = Text("回执", "Reply slips")


def write_slips(
    slips: Sequence[Slip],
    folder: Path,
    *,
    parameters: Mapping[str, Any],
    by: dt.date,
    full: bool,
    language: str,
) -> list[Path]:
    """A workbook a school in ``folder``, named after the school, all of them or none; their paths.

    The same slips give the same bytes. The columns to fill in are those of the working list.
    Raises AuditError where slips that somebody has filled in lie in ``folder`` under those names.
    """
    names, paths = Names(), []
    with in_words(language), together(folder, language=language) as into:
        for school, theirs in groupby(slips, key=lambda slip: slip.to):
            path = into / f"{_file_name(school, names)}.xlsx"
            _write(
                path,
                list(theirs),
                [school, heading(parameters, language), request_text(by, language)],
                full,
                language,
            )
            paths.append(folder / path.name)
        _refuse_filled_in(paths, language)
    return paths


def _refuse_filled_in(paths: Sequence[Path], language: str) -> None:
    problems = [
        Problem(ALREADY_FILLED_IN[0], Text(path.name, path.name), ALREADY_FILLED_IN[1])
        for path in paths
        if _filled_in(path)
    ]
    if problems:
        raise AuditError(problems, language)


def _filled_in(path: Path) -> bool:
    try:
        return path.exists() and not read_worklist(path).empty
    except AuditError:  # something else, or filled in so that it cannot be read
        return True


def _file_name(school: str, names: Names) -> str:
    """What every system takes as a name; Windows also forbids these characters and a dot at the end."""
    plain = "".join("_" if character in '<>|"' else character for character in school).rstrip(". ")
    return names.free(f"slips-{plain}").replace(os.sep, "_")


def _write(path: Path, slips: Sequence[Slip], lines: Sequence[str], full: bool, language: str) -> None:
    with workbook(path, TITLE.into(language)) as book:
        look = {"valign": "top", "border": 1, "text_wrap": True, "font_size": 10, "num_format": "@"}
        by_kind = {
            "title": styles.title(16),
            "bold": {"bold": True},
            "warning": styles.WARNING,
            "head": {**look, **styles.HEAD},
            "text": look,
            "filled": {**look, **styles.TO_FILL_IN, "num_format": "General"},
            "day": {**look, **styles.TO_FILL_IN, **styles.DAY},
        }
        formats = styles.formats(book, by_kind)
        sheet = book.add_worksheet(SHEET.into(language))
        _write_top(sheet, lines, full, language, formats)
        _write_rows(sheet, slips, language, formats)
        _set_up_print(sheet, language)


def _write_top(
    sheet: Worksheet, lines: Sequence[str], full: bool, language: str, formats: Mapping[str, Format]
) -> None:
    school, place, question = lines
    sheet.write_string(0, 0, TITLE.into(language), formats["title"])
    sheet.write_string(1, 0, f"{school}　{place}", formats["bold"])
    sheet.write_string(2, 0, f"{question} {NOT_A_VERDICT.into(language)}", formats["bold"])
    sheet.write_string(3, 0, (FULL if full else HIDDEN_TEXT).into(language), formats["warning"])
    sheet.write_string(
        4, 0, SIGNED_TEXT.into(language) + ("：" if language == "zh" else ":"), formats["bold"]
    )
    sheet.write_blank(4, 1, None, formats["filled"])


def _write_rows(
    sheet: Worksheet, slips: Sequence[Slip], language: str, formats: Mapping[str, Format]
) -> None:
    columns = [*ASKS, *FILLED_IN]
    widths = [WIDTHS.get(name, 12) for name in columns]
    titles = [(ASKS.get(name) or TITLES[name]).into(language) for name in columns]
    fit_row(sheet, HEAD - 1, titles, widths, LINE_HEIGHT)
    for at, name in enumerate(columns):
        sheet.set_column(at, at, widths[at])
        title = ASKS.get(name) or TITLES[name]
        sheet.write_string(HEAD - 1, at, title.into(language), formats["head"])
    for row, slip in enumerate(slips, start=HEAD):
        cells = _cells(slip)
        for at, name in enumerate(columns):
            if name in FILLED_IN:
                sheet.write_blank(row, at, None, formats["day" if name == "rectified_on" else "filled"])
            else:
                sheet.write_string(row, at, cells[name], formats["text"])
        fit_row(sheet, row, [cells.get(name, "") for name in columns], widths, LINE_HEIGHT)
    at = columns.index("status")
    choices = {"validate": "list", "source": [word(code, language) for code in STATUSES]}
    sheet.data_validation(HEAD, at, HEAD + len(slips) - 1, at, choices)
    sheet.freeze_panes(HEAD, len(WHOSE))


def _cells(slip: Slip) -> dict[str, str]:
    return {
        **slip.facts,
        "rule": slip.rule,
        "message": slip.message,
        "sources": "\n".join(slip.sources),
        "basis": slip.basis,
        "innocent": "\n".join(slip.innocent),
        "number": slip.number,
    }


def _set_up_print(sheet: Worksheet, language: str) -> None:
    across_a4(sheet, abreast=2)  # on one page its letters would be of three points
    sheet.repeat_columns(0, len(WHOSE) - 1)
    sheet.repeat_rows(HEAD - 1)
    sheet.set_footer(f"&L{TITLE.into(language)}&R&P / &N")
