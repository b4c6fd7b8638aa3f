"""review.xlsx: pairs of records for a person to judge, the most useful first, and the judgements made so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from ibis import _

from auditlib.engine import Engine
from auditlib.language import Text
from auditlib.matching.decisions import CHOICES, PAIR, TO_FILL, Decision
from auditlib.matching.explain import sentence
from auditlib.registers import Audit
from auditlib.wording import word

COLUMNS: dict[str, Text] = {
    "table": Text("台账", "Table"),
    "source": Text("来源", "Source"),
    "name": Text("姓名", "Name"),
    "id_number": Text("身份证号", "ID number"),
    "register_source": Text("学籍来源", "Enrolment source"),
    "register_name": Text("学籍姓名", "Enrolled name"),
    "register_number": Text("学籍身份证号", "Enrolled ID number"),
    "levels": Text("比较结果", "Comparison"),
    "score": Text("可能性", "Score"),
}
ORDER = ("decision", "doubt", "table", "source", "score", "register_source")
SHEET, OTHERS = Text("复核", "Review"), Text("其他判断", "Other decisions")
CREATED = dt.datetime(2000, 1, 1)  # the same bytes for the same pairs
WIDTHS = {"levels": 60, "source": 34, "register_source": 34}
USUAL_WIDTH = 20


def write_review(
    engine: Engine, audit: Audit, path: Path, language: str, decisions: Sequence[Decision] = ()
) -> None:
    """The pairs with a column to decide in, the header alone where there are none.

    ``decisions``: all that were read; those about records that are not here as they were go on a second sheet, so
    that they are found again when the records come back.
    """
    import xlsxwriter

    pairs = review_pairs(engine, audit)
    here = set(pairs["pair"])
    elsewhere = [decision for decision in decisions if decision.pair not in here]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        _fill(book, SHEET.into(language), _titles(COLUMNS, language), _cells(pairs, language), language)
        rows = [
            (choice.pair, _spoken(choice.decision, language), choice.judged_by, choice.judged_on)
            for choice in elsewhere
        ]
        if rows:
            _fill(book, OTHERS.into(language), _titles({}, language), rows, language)


def review_pairs(engine: Engine, audit: Audit) -> pd.DataFrame:
    """The pairs to be judged or judged, with both records' names and numbers; undecided ones first, by doubt."""
    register = audit.rows["enrolment"].select(
        register_source=_.source, register_name=_.name, register_number=_.id_number
    )
    wanted = audit.open_pairs.filter(_.review)
    parts = [
        wanted.filter(_.table == name)
        .inner_join(rows.select("source", "name", "id_number"), "source", rname="{name}_said")
        .left_join(register, "register_source", rname="{name}_of_register")
        for name, rows in sorted(audit.rows.items())
        if name in ("eligibility", "payments", "applications", "letters")
    ]
    frame = pd.concat([engine.fetch(part) for part in parts], ignore_index=True)
    frame["doubt"] = (frame["score"].astype(float) - 0.5).abs().round(6)
    return frame.sort_values(list(ORDER), na_position="first", ignore_index=True)


def _titles(columns: dict[str, Text], language: str) -> dict[str, str]:
    """Column name to title, the pair's name and what is to be filled in last."""
    return {name: text.into(language) for name, text in {**columns, "pair": PAIR, **TO_FILL}.items()}


def _spoken(decision: object, language: str) -> str | None:
    return CHOICES[decision].into(language) if isinstance(decision, str) else None


def _cells(pairs: pd.DataFrame, language: str) -> list[tuple[Any, ...]]:
    shown = pairs.assign(
        table=[word(name, language) for name in pairs["table"]],
        levels=[sentence(levels, language) for levels in pairs["levels"]],
        score=[
            None if settled else f"{score:.3f}"
            for settled, score in zip(pairs["settled"], pairs["score"], strict=True)
        ],
        decision=[_spoken(decision, language) for decision in pairs["decision"]],
    )
    whole = shown[[*COLUMNS, "pair", *TO_FILL]].astype("object")
    return list(whole.where(whole.notna(), None).itertuples(index=False, name=None))


def _fill(
    book: Any, name: str, titles: dict[str, str], rows: Sequence[tuple[Any, ...]], language: str
) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True, "bg_color": "#E8EEF4"})
    sheet.write_row(0, 0, titles.values(), bold)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write_string(number, place, str(cell))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
    for place, column in enumerate(titles):
        sheet.set_column(place, place, WIDTHS.get(column, USUAL_WIDTH))
    at = list(titles).index("decision")
    choices = [text.into(language) for text in CHOICES.values()]
    sheet.data_validation(1, at, max(len(rows), 1), at, {"validate": "list", "source": choices})
