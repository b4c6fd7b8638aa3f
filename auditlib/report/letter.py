"""The report as a letter (report.docx): the figures of the first screen in the order of an audit report, for a bureau to edit.

It names no person. Unit, day and who checked are left to be filled in.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.report import before_payment, gaps, rectification
from auditlib.report.bridge import ONCE, OWED_TEXT, RIGHT, WRONG, should_be, sum_sentence
from auditlib.report.conclusion import (
    BESIDE,
    PUPILS,
    checked_sentence,
    empty_register_texts,
    facts_of,
    headline_figures,
)
from auditlib.report.limits import PRINCIPLES
from auditlib.report.verdict import children_sentence, known_away, reach_sentence

if TYPE_CHECKING:
    from docx.document import Document

NAME = "report.docx"
KIND = Text("学生资助数据核对报告", "Student aid: data audit")
TITLE = Text("{county} {term}学生资助自查报告", "{county}: student aid, {term}, self-check")
INTERNAL = Text(
    "内部使用：不含个人信息，但有少于 5 人的数字；审定前不对外提供，公开的用 summary.html。",
    "Internal: it names no person, but tells counts below five. Not to be handed out before it is approved; what may be published is summary.html.",
)
FIELDS = (
    Text("填报单位（盖章）", "Unit (seal)"),
    Text("填报日期", "Date"),
    Text("核对人", "Checked by"),
    Text("负责人", "Responsible"),
)
BASIC, VERDICT = Text("一、基本情况", "1. What was audited"), Text("二、审计评价", "2. Conclusion")
PROBLEMS = Text("三、主要问题及整改要求", "3. Problems, and what has to be put right")
ADVICE = Text("四、处理意见及建议", "4. Opinion and advice")
OPINION = Text("（由本单位根据核实情况填写）", "(to be written by the bureau once the findings are verified)")
FIGURE, VALUE = Text("项目", "Item"), Text("数值", "Value")
LISTS = Text(
    "本文没有附件：各条规则的依据见 report.html 附件“整改要求逐项”，逐条清单见 report.html 附件“疑点清单”和 findings.xlsx；本文不含个人信息。",
    "This letter has no annex: the basis of each rule stands in report.html, annex “What has to be put right, rule by rule”, the lists in its annex “The findings” and in findings.xlsx; this letter names no person.",
)
ANNEX = Text("网页报告（report.html）的附件", "the annex of report.html")
WITHIN = re.compile(
    r" (?=[年月日条])|(?<=月) "
)  # the spaces of a day or of a count at which no line may break
FONTS = {"zh": "宋体", "en": "Times New Roman"}
FIELD_WIDTHS, FIELD_HEIGHT = (40, 126), 9  # millimetres; of a field at least
PROBLEM_WIDTHS = (8, 39, 33, 11, 22, 18, 22, 13)  # millimetres, as wide as the page together
TABLE_POINTS, PROBLEM_POINTS = 9, 8
HEAD_ROWS = 2  # of a table that may go on overleaf: its heads never stand alone
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip file: the same bytes whenever it is written


def write_letter(results: Results, file: Path) -> None:
    """``file`` (.docx): the same bytes for the same results."""
    import docx
    from docx.shared import Pt

    language, document = str(results.parameters.get("language", "zh")), docx.Document()
    _set_up(document, language)
    document.add_paragraph(KIND.into(language), "Subtitle")
    document.add_paragraph(title(results).into(language), "Title")
    _describe(document, results, language)
    _fields(document, language)
    document.add_paragraph(INTERNAL.into(language)).paragraph_format.space_before = Pt(8)
    _basic(document, results, language)
    _verdict(document, results, language)
    _problems(document, results, language)
    _advice(document, language)
    content = io.BytesIO()
    document.save(content)
    file.write_bytes(_timeless(content.getvalue()))


def title(results: Results) -> Text:
    """County and term."""
    term = str(results.parameters.get("term", ""))
    term_name = Text(markup.term(term, "zh"), markup.term(term, "en"))
    return TITLE.fill(county=results.parameters.get("county_name", ""), term=term_name)


def figures_of(results: Results, language: str) -> list[tuple[str, str]]:
    """The figures of the first screen: title, value with its unit; a dash where nobody asked."""
    figures, people = results.conclusion, PUPILS.into(language)
    counted_figures = [
        *((key, text) for key, text, _css in headline_figures(figures)),
        *((key, text) for key, text, _below in BESIDE),
    ]
    rows = [
        (text.into(language), f"{markup.count(figures.get(key))} {people}") for key, text in counted_figures
    ]
    money = (
        (OWED_TEXT, figures.get("owed_yuan")),
        (WRONG, figures.get("wrong_yuan")),
        (ONCE, figures["yuan_once"].once),
        (RIGHT, should_be(figures)),
    )
    unit = "元" if language == "zh" else "yuan"
    return [*rows, *((text.into(language), f"{markup.yuan(yuan)} {unit}") for text, yuan in money)]


def _set_up(document: Document, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(22)
    for style in ("Normal", "Title", "Subtitle", "Heading 1"):
        font = document.styles[style].font
        font.name = FONTS[language]
        font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS[language])
    document.styles["Normal"].font.size = Pt(11)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.size = Pt(20)
    document.core_properties.author = "auditlib"


def _describe(document: Document, results: Results, language: str) -> None:
    """What a file manager shows of the file: its title, and the count date in place of the clock's."""
    properties, day = document.core_properties, results.parameters.get("count_date")
    properties.title, properties.subject = title(results).into(language), KIND.into(language)
    properties.language, properties.comments = "zh-CN" if language == "zh" else "en", ""
    properties.last_modified_by = properties.author
    if day:
        properties.created = properties.modified = dt.datetime.fromisoformat(str(day)[:10])


def _fields(document: Document, language: str) -> None:
    """At the head of the first page, high enough for a seal and a signature."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.shared import Mm

    rows = [(field.into(language), "") for field in FIELDS]
    for row in _table(document, None, rows, FIELD_WIDTHS).rows:
        row.height = Mm(FIELD_HEIGHT)
        row.cells[0].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _basic(document: Document, results: Results, language: str) -> None:
    document.add_heading(BASIC.into(language), 1)
    facts = [
        f"{name}：{value}" if language == "zh" else f"{name}: {value}"
        for name, value in facts_of(results.parameters, language)
    ]
    sentences = (checked_sentence(results.conclusion), sum_sentence(results.conclusion))
    for text in (*facts, *(each.into(language) for each in sentences)):
        document.add_paragraph(text)


def _verdict(document: Document, results: Results, language: str) -> None:
    document.add_heading(VERDICT.into(language), 1)
    for text in (
        children_sentence(results.conclusion),
        reach_sentence(results.conclusion),
        *known_away(results),
        *empty_register_texts(results),
        *before_payment.sentences(results),
        *gaps.sentences(results),
    ):
        document.add_paragraph(text.into(language))
    _table(document, (FIGURE.into(language), VALUE.into(language)), figures_of(results, language))


def _problems(document: Document, results: Results, language: str) -> None:
    document.add_heading(PROBLEMS.into(language), 1)
    kinds = rectification.problems(results)
    if not kinds:
        document.add_paragraph(rectification.NOTHING.into(language))
        return
    document.add_paragraph(rectification.LEAD.into(language))
    heads = [text.into(language) for text, _look in rectification.HEADS]
    standards = rectification.cited_standards(each for kind in kinds for each in kind.rules)
    rows = [
        list(map(_whole, rectification.kind_row_of(n, kind, standards, language, ANNEX)))
        for n, kind in enumerate(kinds, 1)
    ]
    _table(document, heads, rows, PROBLEM_WIDTHS)
    if standards:
        _cite(document, standards, language)
    document.add_paragraph(LISTS.into(language))


def _whole(text: str) -> str:
    """``text`` of which lines break beside its days and counts, and after a year."""
    return WITHIN.sub("\u00a0", text)


def _cite(document: Document, standards: Sequence[str], language: str) -> None:
    """The standards by the numbers that the table gives."""
    document.add_paragraph(rectification.STANDARDS.into(language)).paragraph_format.keep_with_next = True
    for number, standard in enumerate(standards, 1):
        document.add_paragraph(f"{number}. {standard}")


def _advice(document: Document, language: str) -> None:
    document.add_heading(ADVICE.into(language), 1)
    lines = [document.add_paragraph(OPINION.into(language))]
    lines += [document.add_paragraph(text.into(language), "List Bullet") for text in PRINCIPLES]
    for line in lines[:-1]:  # no page holds the last of them alone
        line.paragraph_format.keep_with_next = True


def _table(
    document: Document, heads: Sequence[str] | None, rows: Iterable[Sequence[str]], widths: Sequence[int] = ()
) -> Any:
    """``widths``: of the columns, in millimetres; else they are alike. A table without heads stays on one page; of one with
    heads the first rows stay with them: kept whole, it would leave the page before it half empty."""
    from docx.shared import Mm, Pt

    lines = [*([heads] if heads else []), *rows]
    table = document.add_table(len(lines), len(lines[0]), "Table Grid")
    table.autofit = not widths
    together = lines[:HEAD_ROWS] if heads else lines[:-1]
    for at, width in enumerate(widths):
        table.columns[at].width = Mm(width)
    for line, row in zip(lines, table.rows, strict=True):
        for at, (text, cell) in enumerate(zip(line, row.cells, strict=True)):
            cell.text = text
            cell.paragraphs[0].runs[0].font.size = Pt(PROBLEM_POINTS if widths and heads else TABLE_POINTS)
            cell.paragraphs[0].paragraph_format.keep_with_next = line in together
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            cell.width = Mm(widths[at]) if widths else cell.width
        _mark(row, "w:cantSplit")
    if heads:
        _mark(table.rows[0], "w:tblHeader")
    return table


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


__all__ = ["NAME", "figures_of", "title", "write_letter"]
