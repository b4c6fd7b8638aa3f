"""What has to be put right (整改要求): by order of urgency the problem, its basis in force, persons, yuan, who, until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.report import catalogue
from auditlib.report.basis import basis_of
from auditlib.tables.findings import title_in_yuan
from auditlib.tables.wording import word

TITLE = Text("整改要求", "What has to be put right")
LEAD = Text(
    "按轻重缓急排列：先孩子，后资金，再程序。核实属实的，按期整改；人数按人去重，同一人可在几行。责任单位和期限空白的，由本单位填写。",
    "By urgency: children first, then money, then procedure. What proves true is put right in time. Persons are counted once "
    "a row; one may stand in several. The bureau fills in unit and deadline where they are empty.",
)
NOTHING = Text("没有须整改的事项。", "Nothing has to be put right.")
NUMBERED = re.compile(r"[^\s（）：；]+〔\d{4}〕\d+号")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
SEVERITIES = ("high", "medium", "low")
MONEY = ("duplicate", "mismatch", "ineligible", "amount")
HEADS = (
    (Text("序号", "No."), "k"),
    (Text("问题", "Problem"), "long"),
    (Text("现行依据", "Basis in force"), "text"),
    (Text("人数", "Persons"), "number"),
    (title_in_yuan("at_stake"), "number"),
    (Text("责任单位", "Unit"), "fill"),
    (Text("整改期限", "Deadline"), "fill"),
    (Text("清单", "List"), "k"),
)
ITEMS = Text("{n} 条", "{n} items")
CITED = Text("标准 {numbers}", "Standard {numbers}")
STANDARDS = Text("本表所依据的标准", "The standards that this table cites")


@dataclass(frozen=True)
class Requirement:
    """One rule that found something. ``basis``: the standards cited, each with the day since which it holds; ``ground``: what the
    criterion rests on where none is cited; ``persons``: None where its findings are not of persons; ``unit`` and ``by`` are empty where the parameters do not tell them."""

    rule: str
    basis: tuple[str, ...]
    ground: Text
    findings: int
    persons: int | None
    yuan: Decimal
    unit: str
    by: str


def requirements(results: Results) -> list[Requirement]:
    """The most urgent first: missed children, those who are not at school, money paid wrongly, the rest; within these by
    severity and yuan."""
    tasks: Mapping[str, Any] = results.parameters.get("rectification") or {}
    titles = dict(
        zip(results.standards["scheme_title_zh"], results.standards["scheme_title_en"], strict=True)
    )
    english = {} if results.parameters.get("language", "zh") == "zh" else titles
    by_rule = results.findings.groupby("rule", sort=True)
    grounds = {
        str(rule): basis_of(str(rule), results.parameters) for rule in results.findings["rule"].unique()
    }
    each_rule = [_requirement(str(rule), findings, tasks, english, grounds) for rule, findings in by_rule]
    severity = dict(zip(results.findings["rule"], results.findings["severity"], strict=True))
    return sorted(each_rule, key=lambda each: _urgency(each, severity[each.rule]))


def _urgency(each: Requirement, severity: str) -> tuple[int, int, Decimal, str]:
    family = catalogue.family(each.rule)
    kinds = (is_missed(each.rule), is_away(each.rule), family in MONEY, True)
    return kinds.index(True), SEVERITIES.index(severity), -each.yuan, each.rule


def _requirement(
    rule: str,
    findings: pd.DataFrame,
    tasks: Mapping[str, Any],
    english: Mapping[str, str],
    grounds: Mapping[str, Text],
) -> Requirement:
    """``english``: the schemes' titles where the report is in English."""
    task = {**tasks.get(catalogue.family(rule), {}), **tasks.get(rule, {})}
    cited = sorted(
        f"{_in_english(head, english)}{_numbered(documents)}"
        if english
        else f"{_since(head)}{_named(documents)}"
        for head, documents in _documents(findings["policy_ref"]).items()
    )
    yuan = sum(findings["at_stake"].dropna(), Decimal(0))
    unit, by = (str(task.get(key, "")) for key in ("unit", "by"))
    return Requirement(rule, tuple(cited), grounds[rule], len(findings), persons_in(findings), yuan, unit, by)


def _documents(references: pd.Series) -> dict[str, list[str]]:
    """The standards that ``references`` cite, each with its documents by name or number, without what these say."""
    documents: dict[str, dict[str, None]] = {}
    for reference in sorted(references.dropna().astype(str).unique()):
        head, _colon, of_head = reference.partition("：")
        names = (one.partition("：")[0].strip() for one in of_head.split("；"))
        documents.setdefault(head, {}).update(dict.fromkeys(name for name in names if name))
    return {head: list(names) for head, names in documents.items()}


def _named(documents: list[str]) -> str:
    return f"，{'、'.join(documents)}" if documents else ""


def _numbered(documents: list[str]) -> str:
    """Only those with a number: a title is not to be translated, a number need not be."""
    numbers = [match[0] for document in documents if (match := NUMBERED.search(document))]
    return f", {', '.join(numbers)}" if numbers else ""


def _since(cited: str) -> str:
    """A day since which a standard holds, as people write it: ``2020-09-01`` is ``2020年9月1日``."""
    return DAY.sub(lambda day: f"{day[1]}年{int(day[2])}月{int(day[3])}日", cited)


def _in_english(cited: str, titles: Mapping[str, str]) -> str:
    """``cited`` with the scheme's English title and its day as it is written there."""
    title, _bracket, day = cited.partition("（")
    return f"{titles.get(title, title)} (since {day.removesuffix('起）')})" if day else cited


def persons_in(findings: pd.DataFrame) -> int | None:
    """Different persons (:func:`person_keys`); None where no finding names one."""
    keys = person_keys(findings).dropna()
    return int(keys.nunique()) if len(keys) else None


def person_keys(findings: pd.DataFrame) -> pd.Series:
    """Who each finding is of: the number, else name and school; None where it names nobody."""
    name, school, number, student_no = (
        findings[column].astype(object) for column in ("name", "school_name", "id_number", "student_no")
    )
    key = number.where(number.notna(), student_no)
    by_name = (name.fillna("") + "|" + school.fillna("")).where(name.notna(), None)
    return key.where(key.notna(), by_name)


def shown_requirements(results: Results, language: str) -> Markup:
    """Heading, lead and table; each row leads to its list."""
    title, required = TITLE.into(language), requirements(results)
    head = markup.heading(3, title, "rectification")
    if not required:
        return head + markup.paragraph(NOTHING.into(language))
    columns = [Col.of(text.into(language), look) for text, look in HEADS]
    standards = cited_standards(required)
    rows = [_row(place, each, standards, language) for place, each in enumerate(required, 1)]
    table = markup.table(columns, rows, caption=title, css="required cards", headed=True)
    return head + markup.note(LEAD.into(language)) + table + _cited(standards, language)


def _cited(standards: Sequence[str], language: str) -> Markup:
    """The standards beneath the table, by the numbers that its rows give."""
    if not standards:
        return Markup("")
    items = markup.join(Markup("<li>{}</li>").format(standard) for standard in standards)
    lead = Markup('<a href="#standards">{}</a>').format(STANDARDS.into(language))
    return Markup('<div class="cited" id="cited">{}<ol>{}</ol></div>').format(markup.note(lead), items)


def cited_standards(required: Iterable[Requirement]) -> list[str]:
    """Each standard once, in the order in which the rows cite them: a row gives their numbers in this list."""
    return list(dict.fromkeys(standard for each in required for standard in each.basis))


def row_of(place: int, each: Requirement, standards: Sequence[str], language: str) -> tuple[str, ...]:
    """The row as plain text, as page and letter both have it. ``standards``: those that the table cites."""
    numbers = sorted(standards.index(standard) + 1 for standard in each.basis)
    cited = CITED.fill(numbers=("、" if language == "zh" else ", ").join(map(str, numbers)))
    return (
        str(place),
        catalogue.title(each.rule, language),
        (cited if numbers else each.ground).into(language),
        markup.count(each.persons),
        markup.yuan(each.yuan) if each.yuan else markup.NOTHING,
        each.unit,
        markup.day(each.by, language) if each.by else "",
        ITEMS.fill(n=markup.count(each.findings)).into(language),
    )


def _row(place: int, each: Requirement, standards: Sequence[str], language: str) -> tuple[Cell | str, ...]:
    number, problem, basis, *rest, items = row_of(place, each, standards, language)
    cited = Cell(Markup('<a href="#{}">{}</a>').format("cited" if each.basis else f"rule-{each.rule}", basis))
    severity = word(f"family.{catalogue.family(each.rule)}", language)
    problem_cell = Cell(Markup("{}{}").format(problem, markup.below(severity)))
    link = Cell(Markup('<a href="#rule-{}">{}</a>').format(each.rule, items))
    return (number, problem_cell, cited, *rest, link)
