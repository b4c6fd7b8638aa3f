"""The page for leaders as a Word file (summary.docx), one sheet of A4 to be edited: what :mod:`auditlib.report.summary` tells, no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.report import gaps, word_file
from auditlib.report.conclusion import TITLE as CONCLUSION
from auditlib.report.letter import title
from auditlib.report.rectification import requirements
from auditlib.report.summary import (
    ITEM,
    KIND,
    NOTES,
    PERSONS,
    PROBLEMS,
    children_cells,
    problem_table,
    verdict_texts,
)

if TYPE_CHECKING:
    from docx.document import Document

NAME = "summary.docx"
MARGIN, POINTS, TITLE_POINTS, HEADING_POINTS, SMALL_POINTS = 16, 10.5, 17, 12, 9
CHILDREN_WIDTHS, PROBLEM_WIDTHS = (138, 40), (76, 18, 48, 36)  # millimetres, as wide as the page together


def write_summary_letter(results: Results, file: Path) -> None:
    """``file`` (.docx): the same bytes for the same results."""
    language, requirement_list = str(results.parameters.get("language", "zh")), requirements(results)
    document = word_file.new_document(language, MARGIN, POINTS, TITLE_POINTS)
    word_file.describe(document, results.parameters, title(results), KIND)
    _add(document, KIND, language)
    document.add_paragraph(title(results).into(language), "Title")
    _head(document, CONCLUSION, language)
    cells = [
        (name.into(language), count.into(language))
        for name, count in children_cells(results, requirement_list)
    ]
    word_file.table(
        document, (ITEM.into(language), PERSONS.into(language)), cells, CHILDREN_WIDTHS, SMALL_POINTS
    )
    _add_all(document, verdict_texts(results, requirement_list), language)
    _head(document, gaps.TITLE, language)
    _add_all(document, gaps.sentences(results, named=False), language)
    _head(document, PROBLEMS, language)
    heads, rows = problem_table(requirement_list, language)
    whole_rows = [list(map(word_file.unbroken, row)) for row in rows]
    word_file.table(document, heads, whole_rows, PROBLEM_WIDTHS, SMALL_POINTS)
    for text in NOTES:
        _add(document, text, language, SMALL_POINTS)
    word_file.write(document, file)


def _head(document: Document, text: Text, language: str) -> None:
    from docx.shared import Pt

    heading = document.add_heading(text.into(language), 1)
    heading.paragraph_format.space_before = Pt(6)
    heading.runs[0].font.size = Pt(HEADING_POINTS)


def _add_all(document: Document, texts: Sequence[Text], language: str) -> None:
    for text in texts:
        _add(document, text, language)


def _add(document: Document, text: Text, language: str, points: float = POINTS) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    paragraph.add_run(text.into(language)).font.size = Pt(points)


__all__ = ["NAME", "write_summary_letter"]
