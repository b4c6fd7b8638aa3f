"""A Word file (.docx) to be edited: its page and fonts, its tables, and the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditlib.base.language import Text

if TYPE_CHECKING:
    from docx.document import Document

FONTS = {"zh": "宋体", "en": "Times New Roman"}
MARGIN, BODY_POINTS, TITLE_POINTS = 22, 11.0, 20.0  # millimetres; points
TABLE_POINTS = 9.0
HEAD_ROWS = 2  # of a table that may go on overleaf: its heads never stand alone
WITHIN = re.compile(
    r" (?=[年月日条])|(?<=月) "
)  # the spaces of a day or of a count at which no line may break
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip file: the same bytes whenever it is written


def new_document(
    language: str, margin: int = MARGIN, points: float = BODY_POINTS, title_points: float = TITLE_POINTS
) -> Document:
    """An empty page of A4. ``margin``: of each side, in millimetres; ``points``, ``title_points``: the height of text and title."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(margin)
    for style in ("Normal", "Title", "Subtitle", "Heading 1"):
        font = document.styles[style].font
        font.name = FONTS[language]
        font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS[language])
    document.styles["Normal"].font.size = Pt(points)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.size = Pt(title_points)
    document.core_properties.author = "auditlib"
    return document


def describe(document: Document, parameters: Mapping[str, Any], title: Text, subject: Text) -> None:
    """What a file manager shows of the file: its title, and the count date in place of the clock's."""
    properties, day = document.core_properties, parameters.get("count_date")
    language = str(parameters.get("language", "zh"))
    properties.title, properties.subject = title.into(language), subject.into(language)
    properties.language, properties.comments = "zh-CN" if language == "zh" else "en", ""
    properties.last_modified_by = properties.author
    if day:
        properties.created = properties.modified = dt.datetime.fromisoformat(str(day)[:10])


def write(document: Document, file: Path) -> None:
    """``file`` (.docx): the same bytes for the same document."""
    content = io.BytesIO()
    document.save(content)
    file.write_bytes(_timeless(content.getvalue()))


def table(
    document: Document,
    heads: Sequence[str] | None,
    rows: Iterable[Sequence[str]],
    widths: Sequence[int] = (),
    points: float = TABLE_POINTS,
) -> Any:
    """The table, at the end of ``document``. ``widths``: of the columns, in millimetres; else they are alike. A table without heads
    stays on one page; of one with heads the first rows stay with them: kept whole, it would leave the page before it half empty."""
    from docx.shared import Mm, Pt

    lines = [*([heads] if heads else []), *rows]
    into = document.add_table(len(lines), len(lines[0]), "Table Grid")
    into.autofit = not widths
    together = lines[:HEAD_ROWS] if heads else lines[:-1]
    for at, width in enumerate(widths):
        into.columns[at].width = Mm(width)
    for line, row in zip(lines, into.rows, strict=True):
        for at, (text, cell) in enumerate(zip(line, row.cells, strict=True)):
            cell.text = text
            cell.paragraphs[0].runs[0].font.size = Pt(points)
            cell.paragraphs[0].paragraph_format.keep_with_next = line in together
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            cell.width = Mm(widths[at]) if widths else cell.width
        _mark(row, "w:cantSplit")
    if heads:
        _mark(into.rows[0], "w:tblHeader")
    return into


def unbroken(text: str) -> str:
    """``text`` of which lines break beside its days and counts, and after a year."""
    return WITHIN.sub("\u00a0", text)


def _mark(row: Any, how: str) -> None:
    """``w:cantSplit``: no page ends within the row; ``w:tblHeader``: it stands on every page of its table."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(how))


def _timeless(content: bytes) -> bytes:
    """The parts of a file as they are, without the clock."""
    archive = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(archive, "w") as into:
        for name in parts.namelist():
            into.writestr(zipfile.ZipInfo(name, FIRST_DAY), parts.read(name), zipfile.ZIP_DEFLATED)
    return archive.getvalue()
