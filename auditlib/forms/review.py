"""review.xlsx: pairs of records for a person to judge, the most useful first, and the judgements made so far."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit, both_records
from auditlib.base.engine import Engine
from auditlib.base.language import Text
from auditlib.cells.spelling import differences
from auditlib.forms.filled_in.form import FormColumn
from auditlib.forms.review_columns import COLUMNS, PAIR, TO_FILL
from auditlib.forms.worklist.cells import UNMASKED, across_a4, fit_row, number_pages
from auditlib.linkage.judgements import CHOICES, Judgement
from auditlib.linkage.model.explain import sentence
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.wording import word

ORDER = ("decision", "doubt", "table", "source", "score", "register_source")
# Each cell beside the one that it is compared with: characters that differ are marked.
BESIDE = {"name": "register_name", "id_number": "register_number"}
BESIDE |= {other: column for column, other in BESIDE.items()}
SHEET, OTHERS = Text("复核", "Review"), Text("其他判断", "Other decisions")
CELL = {"text_wrap": True, "valign": "top"}  # what its neighbour would cover is cut off on paper
RICH = 2  # parts that a cell must have to be of several looks


def write_review(
    engine: Engine, audit: Audit, path: Path, language: str, judgements: Sequence[Judgement] = ()
) -> None:
    """The pairs with a column to decide in, the header alone where there are none.

    ``judgements``: all that were read; those about records that are not here as they were go on a second sheet, so
    that they are found again when the records come back.
    """
    pairs = review_pairs(engine, audit)
    here = set(pairs["pair"])
    elsewhere = [judgement for judgement in judgements if judgement.pair not in here]
    with workbook(path, SHEET.into(language), UNMASKED.into(language)) as book:
        _fill(book, SHEET.into(language), COLUMNS, _cells(pairs, language), language)
        rows = [
            (choice.pair, _decision_words(choice.decision, language), choice.judged_by, choice.judged_on)
            for choice in elsewhere
        ]
        if rows:
            _fill(book, OTHERS.into(language), (PAIR, *TO_FILL), rows, language)


def review_pairs(engine: Engine, audit: Audit) -> pd.DataFrame:
    """The pairs to be judged or judged, with both records' names and numbers; undecided ones first, by doubt."""
    frame = engine.fetch(both_records(audit, audit.open_pairs.filter(_.review)))
    frame["doubt"] = (frame["score"].astype(float) - 0.5).abs().round(6)
    return frame.sort_values(list(ORDER), na_position="first", ignore_index=True)


def _decision_words(decision: object, language: str) -> str | None:
    return CHOICES[decision].into(language) if isinstance(decision, str) else None


def _cells(pairs: pd.DataFrame, language: str) -> list[tuple[Any, ...]]:
    worded_rows = pairs.assign(
        table=[word(name, language) for name in pairs["table"]],
        levels=[sentence(levels, language) for levels in pairs["levels"]],
        score=[
            None if has_judgement else f"{score:.3f}"
            for has_judgement, score in zip(pairs["has_judgement"], pairs["score"], strict=True)
        ],
        decision=[_decision_words(decision, language) for decision in pairs["decision"]],
    )
    columns = worded_rows[[column.name for column in COLUMNS]].astype("object")
    return list(columns.where(columns.notna(), None).itertuples(index=False, name=None))


def _write(sheet: Any, place: tuple[int, int], cell: str, other: object, mark: Any, look: Any) -> None:
    """``cell`` as text; the characters in which it differs from ``other`` marked."""
    flags = differences(cell, other) if isinstance(other, str) else ()
    parts = ["".join(c for c, _flag in run) for _is, run in _runs(cell, flags)]
    marks = [is_marked for is_marked, _run in _runs(cell, flags)]
    if len(parts) < RICH:
        sheet.write_string(*place, cell, mark if any(marks) else look)
        return
    pieces: list[Any] = []
    for part, is_marked in zip(parts, marks, strict=True):
        pieces += [mark, part] if is_marked else [part]
    sheet.write_rich_string(*place, *pieces, look)


def _runs(cell: str, flags: Sequence[bool]) -> list[tuple[bool, list[tuple[str, bool]]]]:
    pairs = zip(cell, flags or [False] * len(cell), strict=True)
    return [(is_marked, list(run)) for is_marked, run in groupby(pairs, key=lambda pair: pair[1])]


def _fill(
    book: Any, name: str, columns: Sequence[FormColumn], rows: Sequence[tuple[Any, ...]], language: str
) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({**CELL, **styles.PALE_HEAD})
    look = book.add_format(CELL)
    mark = book.add_format({**CELL, "bold": True, "underline": True, "font_color": "#B04A10"})
    key = book.add_format(
        {**CELL, **styles.TEXT}
    )  # a pair of digits alone stays text when its cell is touched
    titles = {column.name: column.title.into(language) for column in columns}
    sheet.write_row(0, 0, titles.values(), bold)
    places = {column: place for place, column in enumerate(titles)}
    widths = [column.widest for column in columns]
    for number, row in enumerate(rows, start=1):
        for place, (column, cell) in enumerate(zip(titles, row, strict=True)):
            if column == PAIR.name:
                sheet.write_string(number, place, str(cell), key)
            elif cell is not None:
                other = row[places[BESIDE[column]]] if BESIDE.get(column) in places else None
                _write(sheet, (number, place), str(cell), other, mark, look)
        fit_row(sheet, number, row, widths)
    fit_row(sheet, 0, list(titles.values()), widths)
    _set_up_print(sheet, UNMASKED.into(language))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    at = places["decision"]
    choices = [text.into(language) for text in CHOICES.values()]
    sheet.data_validation(1, at, max(len(rows), 1), at, {"validate": "list", "source": choices})


def _set_up_print(sheet: Any, marking: str) -> None:
    across_a4(sheet)
    sheet.repeat_rows(0)
    number_pages(sheet, marking)
