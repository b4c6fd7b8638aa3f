"""One page for leaders (summary.html): no person, no place of a person, and nothing that counts one to four exactly.

Where a sum would give away what a cell of it hides, the sum is told as a range (:mod:`auditlib.report.small_numbers`). Yuan are given for whole kinds only, and not where few persons are behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.in_trouble import LEAVERS, is_away, is_missed
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.report import before_payment, catalogue, gaps
from auditlib.report.bridge import OWED_TEXT, WRONG, unsure_of
from auditlib.report.conclusion import STATE_IS, empty_register_texts
from auditlib.report.conclusion import TITLE as CONCLUSION
from auditlib.report.letter import title
from auditlib.report.rectification import HEADS, Requirement, requirements
from auditlib.report.small_numbers import of_parts, of_rules
from auditlib.report.verdict import TROUBLE, known_away, number

NAME = "summary.html"
KIND = Text("一页摘要 · 可以对外提供", "Summary on one page · may be handed out")
ONLY = Text(
    "本页不含个人信息；1 至 4 的人数不列具体数字，由合计可以推算出这类数字的，合计只列区间。供领导阅示，可以对外提供；逐条清单不得外传。",
    "This page names no person; counts from 1 to 4 are not given exactly, and a sum from which one could be worked out is given "
    "as a range. For leaders, and fit to be handed on; the lists are not.",
)
CHILDREN = Text("须逐人核实、劝返的学生（儿童）", "Children to be looked into or brought back one by one")
REACHED_TEXT = Text(
    "应享受资助 {entitled} 人，足额到位 {share}", "Of {entitled} entitled pupils {share} were paid in full"
)
NEARLY = Text("绝大多数", "nearly all")
AMOUNT = Text("{name}：{amount}{unsure}", "{name}: {amount}{unsure}")
NOT_CERTAIN = Text("（含可信度低于认定线、待核实的）", " (part of it not certain yet)")
NOT_GIVEN = Text("不列", "not given")
PARTS = {
    "children_missed": Text(
        "疑似应助未助或去向不明", "Missed or not to be placed, on the evidence of the data"
    ),
    "children_away": Text(
        "清点不在校、劝返逾期、未列台账、销号不实或本学期查无记录",
        "Not at school, overdue to return, in no ledger, closed while away or in no record since last term",
    ),
    "children_uncovered": Text(
        "未纳入核查范围的适龄儿童（优先核查去向）", "Left by their record, to be found first"
    ),
    "children_unclear": Text("因资料缺失或矛盾无法判断", "Not to be judged for want of data"),
    "children_out": Text(
        "学籍、台账已登记不在校或下落不明（未计入以上各行）",
        "Known by records and ledgers to be out of school or untraced (not in the rows above)",
    ),
}
UNTESTED = Text("未核对", "not tested")
NONE_IN_PART = Text("0（有关规则只运行了一部分）", "0 (only some of its rules ran)")
RULES_OF: dict[str, Callable[[str], bool]] = {
    "children_missed": is_missed,
    "children_away": is_away,
    "children_out": lambda rule: rule.startswith((LEAVERS, "unable.")),
}
"""Of which rules a nought says that there is nobody."""
ITEM, PERSONS = Text("项目", "Item"), Text("人数", "Persons")
PROBLEMS = Text("主要问题及整改要求（按轻重缓急）", "Problems to be put right, the most urgent first")
REST = Text(
    "其余 {n} 项（每项 1 至 4 人、不涉及个人或次序在后），见报告",
    "{n} more (1 to 4 persons each, of no person, or less urgent): see the report",
)
NOTES = (STATE_IS, ONLY)
MOST_LISTED = 15
POLICY = "default-src 'none'; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
FONT_PLACE = "/* font */"
STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 11pt/1.5 "Report", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1b242c; max-width: 50rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 17pt; margin: 0 0 .4rem; border-bottom: 2px solid #8f1d14; } h2 { font-size: 12.5pt; margin: .7rem 0 .2rem; }
p { margin: .25rem 0; } .kind { color: #8f1d14; } .note { color: #53606b; font-size: 9pt; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; line-height: 1.35; }
caption { text-align: left; } th, td { text-align: left; padding: .15rem .5rem .15rem 0; border-bottom: 1px solid #d3dae0; } th { color: #53606b; font-weight: 400; }
.n { text-align: right; white-space: nowrap; }
@media print { body { padding: 0; font-size: 10pt; } }
"""
PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    '<style>{style}</style></head><body><main><p class="kind">{kind}</p><h1>{title}</h1>{body}</main></body></html>\n'
)


def write_summary(results: Results, file: Path) -> None:
    """``file``: one page of HTML that asks no network for anything."""
    language = str(results.parameters.get("language", "zh"))
    page = one_page(title(results).into(language), KIND.into(language), _body(results, language), language)
    file.write_text(page, encoding="utf-8")


def one_page(heading: str, kind: str, body: Markup, language: str) -> str:
    """A page of its own, with its font and styles in it; ``kind`` stands above the heading."""
    from auditlib.page import fonts

    page = PAGE.format(
        lang="zh-CN" if language == "zh" else "en",
        policy=Markup(POLICY),
        title=heading,
        style=Markup(FONT_PLACE + STYLE),
        kind=kind,
        body=body,
    )
    return page.replace(FONT_PLACE, fonts.font_face(page, language), 1)


def _body(results: Results, language: str) -> Markup:
    requirement_list = requirements(results)
    return markup.join(
        (
            markup.heading(2, CONCLUSION.into(language)),
            _children(children_cells(results, requirement_list), language),
            *_paragraphs(verdict_texts(results, requirement_list), language),
            markup.heading(2, gaps.TITLE.into(language)),
            *_paragraphs(gaps.sentences(results, named=False), language),
            markup.heading(2, PROBLEMS.into(language)),
            _problems(requirement_list, language),
            *(markup.note(text.into(language)) for text in NOTES),
        )
    )


def _paragraphs(texts: Sequence[Text], language: str) -> list[Markup]:
    return [markup.paragraph(text.into(language)) for text in texts]


def verdict_texts(results: Results, requirement_list: Sequence[Requirement]) -> list[Text]:
    """The sentences beneath the children: who was reached, who is away, what waits to be paid, the money."""
    figures = results.conclusion
    return [
        *([reach(figures)] if figures.get("entitled_pupils") is not None else []),
        *known_away(results, count=markup.few),
        *empty_register_texts(results),
        *before_payment.sentences(results, count=markup.few),
        *money(figures, requirement_list),
    ]


def children_cells(results: Results, requirement_list: Sequence[Requirement]) -> list[tuple[Text, Text]]:
    """The children in trouble, and in which: what is told of each number. A nought of what was not asked, or not of all, says so."""
    counts = [number(results.conclusion, key) for key, _text in TROUBLE]
    of_kinds: list[list[int]] = [
        [each.persons or 0 for each in requirement_list if of(each.rule)] for of in (is_missed, is_away)
    ]
    parts = list(starmap(of_rules, zip(counts, [*of_kinds, [], [], []], strict=True)))
    cells = [
        (PARTS[key], part.text if count else _nought(results, key))
        for (key, _text), count, part in zip(TROUBLE, counts, parts, strict=True)
    ]
    total = of_parts(sum(counts), parts).text
    if not any(counts) and any(cell != total for _name, cell in cells):
        total = NONE_IN_PART
    return [(CHILDREN, total), *cells]


def _nought(results: Results, key: str) -> Text:
    """What is told where there is nobody: that none was asked for, or not by all rules."""
    if results.conclusion.get(key) is None:
        return UNTESTED
    of = RULES_OF.get(key)
    ran = results.rules.loc[results.rules["rule"].map(of), "status"] == "run" if of else None
    if ran is None or ran.all():
        return Text("0", "0")
    return NONE_IN_PART if ran.any() or key == "children_out" else UNTESTED


def reach(figures: Any) -> Text:
    """How many should have been paid, and which share was in full; no share that counts one to four of the others."""
    entitled_count, paid = number(figures, "entitled_pupils"), number(figures, "paid_in_full")
    is_hidden = markup.is_few(entitled_count - paid) or markup.is_few(paid)
    share = (
        NEARLY
        if is_hidden and paid > entitled_count - paid
        else NOT_GIVEN
        if is_hidden
        else markup.percent(paid, entitled_count)
    )
    return REACHED_TEXT.fill(entitled=markup.few(entitled_count), share=share)


def money(figures: Any, requirement_list: Sequence[Requirement]) -> list[Text]:
    """What is owed and what was paid wrongly, where enough persons are behind it."""
    amounts = []
    for key, name in (("owed_yuan", OWED_TEXT), ("wrong_yuan", WRONG)):
        own = [
            each
            for each in requirement_list
            if catalogue.is_owed(each.rule) == (key == "owed_yuan") and each.yuan
        ]
        few = markup.is_few(max((each.persons or 0 for each in own), default=0))
        amount = (
            NOT_GIVEN
            if few
            else Text(*(" ".join(markup.yuan_short(figures.get(key), lang)) for lang in ("zh", "en")))
        )
        if figures.get(key) is not None:
            part = key.removesuffix("_yuan")
            unsure = NOT_CERTAIN if unsure_of(figures, part) else Text("", "")
            amounts.append(AMOUNT.fill(name=name, amount=amount, unsure=unsure))
    return amounts


def _children(cells: list[tuple[Text, Text]], language: str) -> Markup:
    columns = [Col(ITEM.into(language)), Col(PERSONS.into(language), "number")]
    rows = [(name.into(language), count.into(language)) for name, count in cells]
    return markup.table(columns, rows, caption=CHILDREN.into(language), headed=True)


def _problems(requirement_list: Sequence[Requirement], language: str) -> Markup:
    heads, rows = problem_table(requirement_list, language)
    columns = [Col(head, "number" if place == 1 else "text") for place, head in enumerate(heads)]
    return markup.table(columns, rows, caption=PROBLEMS.into(language), headed=True)


def problem_table(
    requirement_list: Sequence[Requirement], language: str
) -> tuple[list[str], list[tuple[str, str, str, str]]]:
    """Heads and rows: the problem, its persons, who has to see to it, until when; none of one to four persons."""
    listed_problems = [each for each in requirement_list if not markup.is_few(each.persons) and each.persons][
        :MOST_LISTED
    ]
    rows = [
        (
            catalogue.title(each.rule, language),
            markup.count(each.persons),
            each.unit,
            markup.day(each.by, language) if each.by else "",
        )
        for each in listed_problems
    ]
    rest = len(requirement_list) - len(listed_problems)
    rows += [(REST.fill(n=rest).into(language), "", "", "")] if rest else []
    return [HEADS[place][0].into(language) for place in (1, 3, 5, 6)], rows
