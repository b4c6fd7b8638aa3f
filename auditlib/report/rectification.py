"""What has to be put right (整改要求): by order of urgency the problem, its basis in force, persons, yuan, who, until when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.in_trouble import is_away
from auditlib.findings.results import Results
from auditlib.findings.urgency import Tasks, rules_by_urgency, task_of
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.report.basis import UNNUMBERED, basis_of, is_told_beside_standards
from auditlib.report.leads import LISTS, Lead
from auditlib.rules.registry import RULES
from auditlib.tables.findings import title_in_yuan
from auditlib.tables.wording import word

TITLE = Text("整改要求", "What has to be put right")
LEAD = Text(
    "一类问题一行，按轻重缓急排列：先漏助和去向不明的孩子，再学籍、送教、认定没有落实的孩子，后资金，再其他；同类先重后轻、先到期的在前。核实属实的，按期整改；人数按人去重，同一人可在几行。“问题”栏各数是疑点条数，相加即“清单”栏；一条可涉及几人（一卡多人），也可不针对个人（学校、报表），不必与人数相等。责任单位和期限空白的，由本单位填写。",
    "A row a kind of problem, by urgency: children missed or not found first, then those without record, lessons or certificate, then money, then the rest; "
    "among these the graver first, then the earlier deadline. What proves true is put right in time. Persons "
    "are counted once a row; one may stand in several. Numbers beside rules are findings and add up to the last column; one may be of several persons or of none. The bureau fills in unit and deadline where they are empty.",
)
IN_FULL = Text("整改要求逐项", "What has to be put right, rule by rule")
IN_FULL_LEAD = Text(
    "正文“整改要求”的每一类，在此一条规则一行；“标准”的编号与正文表下所列的相同。",
    "Each kind of problem of the table in the first section, here a row a rule; standards have the numbers given beneath that table.",
)
PART = Text("{title} {n} 条", "{title}: {n}")
PART_COUNT = Text("{n} 条", "{n}")
OTHERS = Text("{title}（其他）", "{title} (others)")
MORE_GROUNDS = Text("等 {n} 项，逐项见{annex}", "and others, {n} in all: see {annex}")
ANNEX = Text("附件", "the annex")
EARLIEST = Text("最早 {day}", "from {day}")
SUMMARY = Text("{n} 项", "{n} rules")
GROUNDS = 2  # told of a kind of problem that rests on more
NOTHING = Text("没有须整改的事项。", "Nothing has to be put right.")
NUMBERED_PATTERN = re.compile(r"[^\s（）：；，、,]+〔\d{4}〕\d+号")
APART = "、|, "  # as :data:`auditlib.tables.findings.BETWEEN` has it in either language
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
CITED_TEXT = Text("标准 {numbers}（{documents}）", "Standard {numbers} ({documents})")
OTHERS_UNNUMBERED = Text("其余未列文号", "others: no number listed")
STANDARDS = Text("本表所依据的标准", "The standards that this table cites")


@dataclass(frozen=True)
class Requirement:
    """One rule that found something.

    - ``basis``: the standards cited, each with the day since which it holds.
    - ``ground``: what the criterion rests on where none is cited, or none that holds it.
    - ``persons``: None where its findings are not of persons.
    - ``unit``, ``by``: empty where the parameters do not tell them.
    """

    rule: str
    basis: tuple[str, ...]
    ground: Text
    findings: int
    persons: int | None
    yuan: Decimal
    unit: str
    by: str

    @property
    def tells_ground(self) -> bool:
        return not self.basis or is_told_beside_standards(self.rule)


@dataclass(frozen=True)
class RectificationRow:
    """The rules of one family that found something, the most urgent first; persons once over all of them. ``others``: of the same
    family those that ask where a child is have a row of their own."""

    rules: tuple[Requirement, ...]
    persons: int | None
    others: bool = False

    @property
    def findings(self) -> int:
        return sum(each.findings for each in self.rules)

    @property
    def yuan(self) -> Decimal:
        return sum((each.yuan for each in self.rules), Decimal(0))

    @property
    def title(self) -> Text:
        first = self.rules[0].rule
        name, say = (
            (first, catalogue.title) if len(self.rules) == 1 else (f"family.{catalogue.family(first)}", word)
        )
        title = Text(say(name, "zh"), say(name, "en"))
        return OTHERS.fill(title=title) if self.others and len(self.rules) > 1 else title


def problems(results: Results) -> list[RectificationRow]:
    """The requirements of one family together, in the order of the most urgent of each; what asks where a child is apart."""
    kinds: dict[tuple[bool, str], list[Requirement]] = {}
    for each in requirements(results):
        kinds.setdefault((is_away(each.rule), catalogue.family(each.rule)), []).append(each)
    persons = with_sharers(results)
    return [
        RectificationRow(
            tuple(of),
            persons_in(persons[persons["rule"].isin([each.rule for each in of])]),
            others=not away and (True, family) in kinds,
        )
        for (away, family), of in kinds.items()
    ]


def requirements(results: Results) -> list[Requirement]:
    """The most urgent first (:func:`auditlib.findings.urgency.rules_by_urgency`)."""
    tasks: Tasks = results.parameters.get("rectification") or {}
    titles = dict(
        zip(results.standards["scheme_title_zh"], results.standards["scheme_title_en"], strict=True)
    )
    english = {} if results.parameters.get("language", "zh") == "zh" else titles
    by_rule, persons = (
        dict(list(rows.groupby("rule"))) for rows in (results.findings, with_sharers(results))
    )
    return [
        _requirement(
            rule, by_rule[rule], persons_in(persons[rule]), tasks, english, basis_of(rule, results.parameters)
        )
        for rule in rules_by_urgency(results.findings, tasks)
    ]


def _requirement(
    rule: str,
    findings: pd.DataFrame,
    persons: int | None,
    tasks: Tasks,
    english: Mapping[str, str],
    ground: Text,
) -> Requirement:
    """``english``: the schemes' titles where the report is in English."""
    cited_standards_text = sorted(
        f"{_in_english(head, english)}{_with_numbers(documents)}"
        if english
        else f"{_since(head)}{_names_of(documents)}"
        for head, documents in _documents(findings["policy_ref"]).items()
    )
    yuan = sum(findings["at_stake"].dropna(), Decimal(0))
    unit, by = task_of(rule, tasks)
    return Requirement(rule, tuple(cited_standards_text), ground, len(findings), persons, yuan, unit, by)


def _documents(references: pd.Series) -> dict[str, list[str]]:
    """The standards that ``references`` cite, each with its documents by name or number, without what these say."""
    documents: dict[str, dict[str, None]] = {}
    for reference in sorted(references.dropna().astype(str).unique()):
        head, _colon, of_head = reference.partition("：")
        names = (one.partition("：")[0].strip() for one in of_head.split("；"))
        documents.setdefault(head, {}).update(dict.fromkeys(name for name in names if name))
    return {head: list(names) for head, names in documents.items()}


def _numbers_in(documents: list[str]) -> list[str]:
    return [match[0] for document in documents if (match := NUMBERED_PATTERN.search(document))]


def _names_of(documents: list[str]) -> str:
    unnumbered = [] if _numbers_in(documents) else [UNNUMBERED.zh]
    return f"，{'、'.join([*documents, *unnumbered])}"


def _with_numbers(documents: list[str]) -> str:
    """Only those with a number: a title is not to be translated, a number need not be."""
    return f", {', '.join(_numbers_in(documents) or [UNNUMBERED.en])}"


def _since(cited_standards_text: str) -> str:
    """A day since which a standard holds, as people write it: ``2020-09-01`` is ``2020 年 9 月 1 日``."""
    return markup.prose(cited_standards_text, "zh")


def _in_english(cited_standards_text: str, titles: Mapping[str, str]) -> str:
    """``cited_standards_text`` with the scheme's English title and its day as it is written there."""
    title, _bracket, day = cited_standards_text.partition("（")
    return f"{titles.get(title, title)} (since {day.removesuffix('起）')})" if day else cited_standards_text


def with_sharers(results: Results) -> pd.DataFrame:
    """The findings, for counting persons: one of an account names nobody and stands here once for each number, or where its
    rows tell none each name, of those who share it."""
    findings, told = results.findings, results.particulars.set_index("finding_id")[["numbers", "names"]]
    of_accounts = [name for name, rule in RULES.items() if rule.subject == "account"]
    is_shared = findings["rule"].isin(of_accounts) & findings["finding_id"].isin(told.index)
    if not is_shared.any():
        return findings
    shared = findings[is_shared].astype({"id_number": object, "name": object})
    for column, kind in (("id_number", "numbers"), ("name", "names")):
        nobody = person_keys(shared).isna()
        texts = shared["finding_id"].map(told[kind]).fillna("").str.split(APART)
        shared[column] = texts.where(nobody, shared[column].map(lambda own: [own]))
        shared = shared.explode(column).replace({column: {"": None}})
    return pd.concat([findings[~is_shared], shared])


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
    """Heading, lead and table; each row leads to its lists."""
    title, kinds = TITLE.into(language), problems(results)
    head = markup.heading(3, title, "rectification")
    if not kinds:
        return head + markup.paragraph(NOTHING.into(language))
    columns = [Col.of(text.into(language), look) for text, look in HEADS]
    standards = cited_standards(each for kind in kinds for each in kind.rules)
    rows = [_kind_row(place, kind, standards, language) for place, kind in enumerate(kinds, 1)]
    table = markup.table(columns, rows, caption=title, css="required cards", headed=True)
    return head + markup.note(LEAD.into(language)) + table + _citations(standards, language)


def requirements_in_full(results: Results) -> Section:
    """The same rule by rule, for who has to put it right."""
    language, requirement_list = str(results.parameters.get("language", "zh")), requirements(results)
    summary = SUMMARY.fill(n=len(requirement_list)).into(language)
    if not requirement_list:
        return Section(
            "required", IN_FULL.into(language), markup.paragraph(NOTHING.into(language)), summary, annex=True
        )
    title, standards = IN_FULL.into(language), cited_standards(requirement_list)
    columns = [Col.of(text.into(language), look) for text, look in HEADS]
    rows = [_row(place, each, standards, language) for place, each in enumerate(requirement_list, 1)]
    table = markup.table(columns, rows, caption=title, css="required cards", headed=True)
    return Section("required", title, markup.note(IN_FULL_LEAD.into(language)) + table, summary, annex=True)


def _citations(standards: Sequence[str], language: str) -> Markup:
    """The standards beneath the table, by the numbers that its rows give."""
    if not standards:
        return Markup("")
    items = markup.join(Markup("<li>{}</li>").format(standard) for standard in standards)
    lead = Markup('<a href="#standards">{}</a>').format(STANDARDS.into(language))
    return Markup('<div class="cited" id="cited">{}<ol>{}</ol></div>').format(markup.note(lead), items)


def cited_standards(requirement_list: Iterable[Requirement]) -> list[str]:
    """Each standard once, in the order in which the rows cite them: a row gives their numbers in this list."""
    return list(dict.fromkeys(standard for each in requirement_list for standard in each.basis))


def kind_row_of(
    place: int, kind: RectificationRow, standards: Sequence[str], language: str, annex: Text = ANNEX
) -> tuple[str, ...]:
    """The row of a kind of problem as plain text, as page and letter both have it: its name, and its rules where it has several.
    ``annex``: what holds the bases of the rules one by one."""
    colon, comma = ("：", "、") if language == "zh" else (": ", ", ")
    parts = [
        PART.fill(title=catalogue.title(each.rule, language), n=markup.count(each.findings)).into(language)
        for each in kind.rules
    ]
    title = kind.title.into(language)
    units = dict.fromkeys(unit for each in kind.rules for unit in re.split(APART, each.unit) if unit)
    days = sorted({each.by for each in kind.rules if each.by})
    until = markup.day(days[0], language) if days else ""
    return (
        str(place),
        f"{title}{colon}{comma.join(parts)}" if len(parts) > 1 else title,
        _basis_of(kind, standards, annex, language),
        markup.count(kind.persons),
        markup.yuan(kind.yuan) if kind.yuan else markup.NOTHING,
        comma.join(units),
        EARLIEST.fill(day=until).into(language) if len(days) > 1 else until,
        ITEMS.fill(n=markup.count(kind.findings)).into(language),
    )


def _basis_of(kind: RectificationRow, standards: Sequence[str], annex: Text, language: str) -> str:
    """The standards by their numbers, then what the rules rest on that cite none, or none that holds what they ask."""
    semicolon = "；" if language == "zh" else "; "
    cited_standards_text = _cited(
        {standard for each in kind.rules for standard in each.basis}, standards, language
    )
    grounds = list(dict.fromkeys(each.ground.into(language) for each in kind.rules if each.tells_ground))
    more = [MORE_GROUNDS.fill(n=len(grounds), annex=annex).into(language)] if len(grounds) > GROUNDS else []
    return semicolon.join([*cited_standards_text, *grounds[:GROUNDS], *more])


def _cited(own: Collection[str], standards: Sequence[str], language: str) -> list[str]:
    """The standards of a row by their numbers in the list beneath, and the documents in force that they rest on; that none has a
    number, where it is so."""
    if not own:
        return []
    comma, semicolon = ("、", "；") if language == "zh" else (", ", "; ")
    own_in_order = sorted(own, key=standards.index)
    documents = list(dict.fromkeys(name for one in own_in_order for name in NUMBERED_PATTERN.findall(one)))
    if not all(map(NUMBERED_PATTERN.search, own_in_order)):
        others = OTHERS_UNNUMBERED if documents else UNNUMBERED
        documents.append(others.into(language))
    numbers = comma.join(str(standards.index(one) + 1) for one in own_in_order)
    return [CITED_TEXT.fill(numbers=numbers, documents=semicolon.join(documents)).into(language)]


def _kind_row(
    place: int, kind: RectificationRow, standards: Sequence[str], language: str
) -> tuple[Cell | str, ...]:
    number, _problem, basis, persons, yuan, unit, until, items = kind_row_of(place, kind, standards, language)
    comma = Markup("、" if language == "zh" else ", ")
    parts = comma.join(
        Markup("{} {}").format(
            catalogue.title(each.rule, language),
            Lead(f"rule-{each.rule}").link(PART_COUNT.fill(n=markup.count(each.findings)).into(language)),
        )
        for each in kind.rules
    )
    beneath = markup.below(parts) if len(kind.rules) > 1 else Markup("")
    to_lists = Lead(LISTS, tuple(each.rule for each in kind.rules))
    place_of_basis = "cited" if any(each.basis for each in kind.rules) else "required"
    return (
        number,
        Cell(Markup("{}{}").format(kind.title.into(language), beneath)),
        Cell(Lead(place_of_basis).link(basis)),
        _linked(persons, to_lists),
        _linked(yuan, to_lists),
        unit,
        Cell(_whole_day(until)),
        Cell(to_lists.link(items)),
    )


def _linked(figure: str, to: Lead) -> Cell | str:
    """``figure`` leading to its rows; a dash leads nowhere."""
    return figure if figure == markup.NOTHING else Cell(to.link(figure))


def _whole_day(until: str) -> Markup:
    """A deadline of which no line breaks within the day: what stands before its year may stand above it."""
    first = re.search(r"\d", until)
    at = first.start() if first else len(until)
    return Markup('{}<span class="day">{}</span>').format(until[:at], until[at:])


def row_of(place: int, each: Requirement, standards: Sequence[str], language: str) -> tuple[str, ...]:
    """The row as plain text, as page and letter both have it. ``standards``: those that the table cites."""
    semicolon = "；" if language == "zh" else "; "
    ground = each.ground.into(language) if each.tells_ground else ""
    return (
        str(place),
        catalogue.title(each.rule, language),
        semicolon.join(filter(None, (*_cited(each.basis, standards, language), ground))),
        markup.count(each.persons),
        markup.yuan(each.yuan) if each.yuan else markup.NOTHING,
        each.unit,
        markup.day(each.by, language) if each.by else "",
        ITEMS.fill(n=markup.count(each.findings)).into(language),
    )


def _row(place: int, each: Requirement, standards: Sequence[str], language: str) -> tuple[Cell | str, ...]:
    number, problem, basis, persons, yuan, unit, until, items = row_of(place, each, standards, language)
    to_list = Lead(f"rule-{each.rule}")
    cited_standards_text = Cell(
        Markup('<a href="#{}">{}</a>').format("cited" if each.basis else f"rule-{each.rule}", basis)
    )
    severity = word(f"family.{catalogue.family(each.rule)}", language)
    problem_cell = Cell(Markup("{}{}").format(problem, markup.below(severity)))
    figures = (_linked(persons, to_list), _linked(yuan, to_list))
    return (number, problem_cell, cited_standards_text, *figures, unit, until, Cell(to_list.link(items)))
