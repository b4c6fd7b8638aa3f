"""review.xlsx: pairs of records that no key decided, for a person to judge."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from ibis import _

from auditlib.engine import Engine
from auditlib.language import Text
from auditlib.registers import Audit

COLUMNS: dict[str, Text] = {
    "table": Text("台账", "Table"),
    "source": Text("来源", "Source"),
    "name": Text("姓名", "Name"),
    "id_number": Text("身份证号", "ID number"),
    "register_source": Text("学籍来源", "Enrolment source"),
    "register_name": Text("学籍姓名", "Enrolled name"),
    "register_number": Text("学籍身份证号", "Enrolled ID number"),
    "levels": Text("相符项", "Agreement"),
    "score": Text("可能性", "Score"),
}
TO_FILL = (
    Text("判断", "Decision"),
    Text("判断人", "Decided by"),
    Text("判断日期", "Decided on"),
)
DECISIONS = Text("同一人,不是同一人,无法判断", "same,different,cannot tell")
CREATED = dt.datetime(2000, 1, 1)  # the same bytes for the same pairs


def write_review(engine: Engine, audit: Audit, path: Path, language: str) -> None:
    """The open pairs as a sheet with a column to decide in; the header alone where there are none."""
    import xlsxwriter

    pairs = _pairs(engine, audit)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        _fill(book, pairs, language)


def _pairs(engine: Engine, audit: Audit) -> list[tuple[Any, ...]]:
    register = audit.pupils.select(
        candidate_id=_.person_id, register_name=_.name, register_number=_.id_number
    )
    rows = audit.people.select("person_id", "name", "id_number")
    both = audit.open_pairs.left_join(register, "candidate_id", rname="{name}_pupil")
    both = both.left_join(rows, "person_id", rname="{name}_row").order_by(
        "table", "source", "register_source"
    )
    frame = engine.fetch(both.select(*COLUMNS))
    return list(frame.astype("object").where(frame.notna(), None).itertuples(index=False, name=None))


def _fill(book: Any, pairs: list[tuple[Any, ...]], language: str) -> None:
    titles = [text.into(language) for text in (*COLUMNS.values(), *TO_FILL)]
    sheet, bold = (
        book.add_worksheet("复核" if language == "zh" else "Review"),
        book.add_format({"bold": True, "bg_color": "#E8EEF4"}),
    )
    sheet.write_row(0, 0, titles, bold)
    for number, pair in enumerate(pairs, start=1):
        for place, cell in enumerate(pair):
            if cell is not None:
                sheet.write_string(number, place, str(cell))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(pairs), 1), len(titles) - 1)
    sheet.set_column(0, len(titles) - 1, 22)
    choices = DECISIONS.into(language).split(",")
    sheet.data_validation(
        1, len(COLUMNS), max(len(pairs), 1), len(COLUMNS), {"validate": "list", "source": choices}
    )
