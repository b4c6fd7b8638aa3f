"""The report as a letter (report.docx): the figures of the first screen in the order of an audit report, for a bureau to edit.

It names no person. Unit, day and who checked are left to be filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.report import before_payment, gaps, rectification, word_file
from auditlib.report.bridge import ONCE, OWED_TEXT, RIGHT, WRONG, should_be, sum_sentence, unsure_note
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
from auditlib.report.whereabouts import unmet_rates

if TYPE_CHECKING:
    from docx.document import Document

NAME = "report.docx"
KIND = Text("学生资助数据核对报告", "Student aid: data audit")
TITLE = Text("{county} {term}学生资助自查报告", "{county}: student aid, {term}, self-check")
INTERNAL = Text(
    "内部使用：不含个人信息，但有少于 5 人的数字；审定前不对外提供，公开的用 summary.html 或 summary.docx。",
    "Internal: it names no person, but tells counts below five. Not to be handed out before it is approved; what may be published is summary.html or summary.docx.",
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
    "本文没有附件，也不列各项规则、各乡镇、各学校的结果（见 report.html“各项规则核对结果”“分乡镇、分学校情况”）：各条规则的依据见 report.html 附件“整改要求逐项”，逐条清单见 report.html 附件“疑点清单”和 findings.xlsx；本文不含个人信息。",
    "This letter has no annex and does not give the results by rule, by town and by school (report.html, “Results, rule by rule” and “By town and by school”): the basis of each rule stands in report.html, annex “What has to be put right, rule by rule”, the lists in its annex “The findings” and in findings.xlsx; this letter names no person.",
)
ANNEX = Text("网页报告（report.html）的附件", "the annex of report.html")
FIELD_WIDTHS, FIELD_HEIGHT = (40, 126), 9  # millimetres; of a field at least
PROBLEM_WIDTHS = (8, 36, 37, 11, 22, 17, 22, 13)  # millimetres, as wide as the page together
PROBLEM_POINTS = 8


def write_letter(results: Results, file: Path) -> None:
    """``file`` (.docx): the same bytes for the same results."""
    from docx.shared import Pt

    language = str(results.parameters.get("language", "zh"))
    document = word_file.new_document(language)
    document.add_paragraph(KIND.into(language), "Subtitle")
    document.add_paragraph(title(results).into(language), "Title")
    word_file.describe(document, results.parameters, title(results), KIND)
    _fields(document, language)
    document.add_paragraph(INTERNAL.into(language)).paragraph_format.space_before = Pt(8)
    _basic(document, results, language)
    _verdict(document, results, language)
    _problems(document, results, language)
    _advice(document, language)
    word_file.write(document, file)


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
        (OWED_TEXT, figures.get("owed_yuan"), "owed"),
        (WRONG, figures.get("wrong_yuan"), "wrong"),
        (ONCE, figures["yuan_once"].once, "once"),
        (RIGHT, should_be(figures), ""),
    )
    unit, opens, closes = ("元", "（", "）") if language == "zh" else ("yuan", " (", ")")
    notes = [unsure_note(figures, part).into(language) for _text, _yuan, part in money]
    return [
        *rows,
        *(
            (text.into(language), f"{markup.yuan(yuan)} {unit}" + (f"{opens}{note}{closes}" if note else ""))
            for (text, yuan, _part), note in zip(money, notes, strict=True)
        ),
    ]


def _fields(document: Document, language: str) -> None:
    """At the head of the first page, high enough for a seal and a signature."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.shared import Mm

    rows = [(field.into(language), "") for field in FIELDS]
    for row in word_file.table(document, None, rows, FIELD_WIDTHS).rows:
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
        *unmet_rates(results),
        *empty_register_texts(results),
        *before_payment.sentences(results),
    ):
        document.add_paragraph(text.into(language))
    document.add_heading(gaps.TITLE.into(language), 2)
    for text in gaps.sentences(results):
        document.add_paragraph(text.into(language))
    word_file.table(document, (FIGURE.into(language), VALUE.into(language)), figures_of(results, language))


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
        list(map(word_file.unbroken, rectification.kind_row_of(n, kind, standards, language, ANNEX)))
        for n, kind in enumerate(kinds, 1)
    ]
    word_file.table(document, heads, rows, PROBLEM_WIDTHS, PROBLEM_POINTS)
    if standards:
        _cite(document, standards, language)
    document.add_paragraph(LISTS.into(language))


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


__all__ = ["NAME", "figures_of", "title", "write_letter"]
