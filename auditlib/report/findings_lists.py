"""The lists: for each rule its criterion, what may explain a finding innocently, and the findings, masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from auditlib.base import masking
from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section, stays_inside
from auditlib.report import catalogue
from auditlib.report.leads import is_unsure
from auditlib.tables.findings import column_title, masked
from auditlib.tables.wording import word

LIMIT = 200
TITLE = Text("疑点清单", "The findings")
LEAD = Text(
    "每条均为疑点，须核实后方可下结论。姓名、证号已遮盖；疑点编号与 findings.xlsx、工作台一致。“来源”点开为所依据的"
    "每一行的地址（文件!表页!行号），打印稿不印，见 findings.xlsx。各清单按涉及金额从大到小排列，可点列名重新排序、输入文字筛选。",
    "Each is a suspicion until a person has verified it. Names and numbers are masked; the finding's number is that of "
    "findings.xlsx and of the workbench. The sources unfold to the addresses (file!sheet!row) of all rows a finding rests "
    "on; on paper see findings.xlsx. The lists stand by yuan at stake; sort by a column's title, "
    "filter by typing.",
)
NOTHING_FOUND = Text(
    "已运行的规则没有发现疑点。这只说明已核对的部分，未核对的部分见“局限与未核对事项”。",
    "No rule that was run found anything. This speaks for what was tested; what was not is under Limits.",
)
CRITERION, INNOCENT = (
    Text("判断标准", "Criterion"),
    Text("可能的合理解释（先排除这些）", "Innocent explanations, to be ruled out first"),
)
COUNTED_TEXT = Text("疑点 {n} 条，涉及金额 {yuan} 元", "{n} findings, {yuan} yuan at stake")
CUT = Text(
    "此处只列前 {shown} 条，其余 {rest} 条见 findings.xlsx（工作清单，未遮盖，仅供经授权的人员使用）。",
    "The first {shown} are listed here. The other {rest} stand in findings.xlsx (the working list, unmasked, for the "
    "authorised).",
)
PRINTED_TEXT = Text("打印稿每条规则只印前 30 行。", "In print each list stops after 30 rows.")
FILTER = Text("筛选“{rule}”", "Filter “{rule}”")
SHOW_ALL = Text("显示全部 {n} 条", "Show all {n}")
MATCHING = Text("符合 {n} 条，共 {all} 条", "{n} of {all} match")
FILTERS = {
    "town": column_title("town"),
    "school": column_title("school_name"),
    "rule": column_title("rule"),
    "all": Text("全部", "All"),
    "figure": Text("第一部分的“{n}”", "“{n}” of the conclusion"),
    "print": Text("打印时只印所选的清单", "only these lists are printed"),
}
SORT_BY = Text("按此列排序", "Sort by this column")
FACTS = ("names", "schools", "classes", "categories", "dates", "holders")
"""What the rows of a finding tell that stands under its sentence, where it is not in its own columns already."""
NAME_COLUMNS = ("names", "schools", "holders")  # what has to be said what it is
SOURCES = Text("{n} 处来源", "{n} sources")
NUMBER = Text("编号 {number}", "No. {number}")
ALIKE = Text("各条相同，不另列：{columns}。", "The same in every line, therefore not a column: {columns}.")
SUMMARY = Text("{n} 条疑点，分属 {rules} 条规则", "{n} findings under {rules} rules")
PERSON = Text("姓名 / 证号", "Name / number")
SCHOOL, SCHEME = column_title("school_name"), column_title("scheme")
DUE, PAID = column_title("amount_due"), column_title("amount_paid")
AT_STAKE, CONFIDENCE = column_title("at_stake"), column_title("confidence")
MESSAGE = column_title("message")


COLUMNS = (
    (PERSON, "text", "who"),
    (SCHOOL, "text", "school"),
    (SCHEME, "text", "scheme"),
    *((text, "number", "") for text in (DUE, PAID, AT_STAKE, CONFIDENCE)),
    (MESSAGE, "text", "message"),
)


@dataclass(frozen=True)
class Words:
    """What the lists take from the run: the schemes' titles, the findings' numbers, the language; ``unsure``: the ids of findings with
    yuan below the line."""

    schemes: Mapping[str, str]
    numbers: Mapping[str, str]
    language: str
    facts: pd.DataFrame
    unsure: frozenset[str] = frozenset()

    def number(self, finding_id: str) -> str:
        """A finding's number as it stands in a list; empty where it has none."""
        number = self.numbers.get(finding_id)
        return NUMBER.fill(number=number).into(self.language) if number else ""

    def facts_of(self, finding_id: str, own: Sequence[str]) -> str:
        """What its rows tell besides, masked: grade and class, category, dates; both names, both schools where they differ from
        its ``own``."""
        if finding_id not in self.facts.index:
            return ""
        facts = ((name, str(self.facts.at[finding_id, name] or "")) for name in FACTS)
        stop = "：" if self.language == "zh" else ": "
        texts = (
            f"{column_title(name).into(self.language)}{stop}{text}" if name in NAME_COLUMNS else text
            for name, text in facts
            if text and text not in own
        )
        joined_text = ("；" if self.language == "zh" else "; ").join(map(masking.scrub, texts))
        return markup.prose(joined_text, self.language)


def findings_lists(results: Results, limit: int = LIMIT) -> Section:
    """``limit``: how many findings of a rule the page holds; how many more there are is said below the list."""
    language = str(results.parameters.get("language", "zh"))
    facts = masked(results.particulars).set_index("finding_id")
    unsure = frozenset(results.findings.loc[is_unsure(results.findings, results.parameters), "finding_id"])
    words = Words(scheme_titles(results.standards, language), results.numbers, language, facts, unsure)
    by_rule = {str(rule): part for rule, part in results.findings.groupby("rule", sort=False)}
    parts = list(_families(results.rules, by_rule, words, limit))
    count = markup.count(len(results.findings))
    lead = [
        stays_inside(language),
        markup.paragraph(LEAD.into(language), "lead"),
        markup.note(PRINTED_TEXT.into(language)),
        _filters(len(results.findings), language),
    ]
    body = markup.join(
        [*lead, *parts] if parts else [markup.paragraph(NOTHING_FOUND.into(language), "verdict")]
    )
    summary = SUMMARY.fill(n=count, rules=len(by_rule)).into(language)
    return Section("findings", TITLE.into(language), body, summary, annex=True)


def scheme_titles(standards: pd.DataFrame, language: str) -> dict[str, str]:
    """The schemes' titles as the policy gives them."""
    titles = standards[f"scheme_title_{'zh' if language == 'zh' else 'en'}"]
    return dict(zip(standards["scheme"], titles, strict=True))


def _families(
    rules: pd.DataFrame,
    by_rule: Mapping[str, pd.DataFrame],
    words: Words,
    limit: int,
) -> Iterator[Markup]:
    listed_rules = [*rules["rule"], *sorted(set(by_rule) - set(rules["rule"]))]
    family = ""
    for rule in (rule for rule in listed_rules if rule in by_rule):
        if catalogue.family(rule) != family:
            family = catalogue.family(rule)
            yield markup.heading(3, word(f"family.{family}", words.language), f"family-{family}")
        yield _rule(rule, by_rule[rule], words, limit)


def _rule(rule: str, findings: pd.DataFrame, words: Words, limit: int) -> Markup:
    language = words.language
    title = catalogue.title(rule, language)
    findings = _in_order(findings)
    listed_findings, rest = findings.head(limit), len(findings) - limit
    yuan = markup.yuan(sum(findings["at_stake"].dropna()))
    pieces = [
        markup.heading(4, title, f"rule-{rule}"),
        _count_words(len(findings), yuan, language),
        _words(rule, language),
        _list(title, listed_findings, words),
    ]
    if rest > 0:
        pieces.append(
            markup.note(CUT.fill(shown=markup.count(limit), rest=markup.count(rest)).into(language))
        )
    article = Markup('<article class="rule" data-count="{}">{}</article>')
    return article.format(len(findings), markup.join(pieces))


def _count_words(count: int, yuan: str, language: str) -> Markup:
    """How many and how much; the page's script says it of the rows that a filter leaves."""
    sentence = COUNTED_TEXT.fill(n=markup.count(count), yuan=yuan).into(language)
    return Markup('<p class="counted" data-counted="{}">{}</p>').format(COUNTED_TEXT.into(language), sentence)


def _in_order(findings: pd.DataFrame) -> pd.DataFrame:
    """Most yuan first, then as the rows stand in the files; never by finding_id, whose order tells of hidden numbers."""
    keys = findings.assign(
        yuan=findings["at_stake"].astype(float).fillna(0), rows=findings["records"].map("\n".join)
    )
    order = keys.sort_values(["yuan", "rows"], ascending=[False, True], kind="stable").index
    return findings.loc[order]


def _words(rule: str, language: str) -> Markup:
    explanations = catalogue.innocent(rule, language)
    criterion = Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
        CRITERION.into(language), catalogue.criterion(rule, language)
    )
    innocent = Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
        INNOCENT.into(language), markup.bullets(explanations)
    )
    return Markup('<dl class="criterion">{}{}</dl>').format(criterion, innocent if explanations else "")


def _list(title: str, findings: pd.DataFrame, words: Words) -> Markup:
    """The findings as a table; a column that holds the same in every line is told above it instead."""
    language = words.language
    heads = [Col(text.into(language), kind, css) for text, kind, css in COLUMNS]
    rows = list(_rows(findings, words))
    alike = [
        at
        for at in range(1, len(heads) - 1)
        if len({_cell_text(row[at]) for row in rows}) == 1 and len(rows) > 1
    ]
    varying = [at for at in range(len(heads)) if at not in alike]
    columns, cells = [heads[at] for at in varying], [[row[at] for at in varying] for row in rows]
    table = markup.table(columns, cells, caption=title, css="sortable list")
    labels = {
        "filter": FILTER.fill(rule=title),
        "all": SHOW_ALL.fill(n=len(findings)),
        "matching": Text(
            MATCHING.zh.replace("{all}", str(len(findings))), MATCHING.en.replace("{all}", str(len(findings)))
        ),
        "sort": SORT_BY,
    }
    data = markup.join(Markup(' data-{}="{}"').format(k, text.into(language)) for k, text in labels.items())
    constants = [(heads[at].title, _cell_text(rows[0][at])) for at in alike]
    above = _alike([(title, text) for title, text in constants if text != markup.NOTHING], language)
    return above + Markup('<div class="tool"{}>{}</div>').format(data, table)


def _cell_text(cell: Cell | str) -> str:
    return str(cell.shown if isinstance(cell, Cell) else cell)


def _alike(columns: list[tuple[str, str]], language: str) -> Markup:
    if not columns:
        return Markup("")
    colon, comma = ("：", "；") if language == "zh" else (": ", "; ")
    facts = comma.join(f"{name}{colon}{value}" for name, value in columns)
    return markup.note(ALIKE.fill(columns=facts).into(language))


def _rows(findings: pd.DataFrame, words: Words) -> Iterator[tuple[Cell | str, ...]]:
    visible = masked(findings)
    names = _text(visible["name"])
    numbers = _text(visible["id_number"].where(visible["id_number"].notna(), visible["student_no"]))
    columns = (
        "finding_id",
        "school_name",
        "scheme",
        "amount_due",
        "amount_paid",
        "at_stake",
        "confidence",
        "town",
    )
    plain = (findings[column] for column in (*columns, "records"))
    for name, number, message, finding, school, scheme, due, paid, stake, confidence, town, records in zip(
        names, numbers, visible["message"], *plain, strict=True
    ):
        yield (
            _who(name, number, words.number(finding), _place(town, school, stake, finding in words.unsure)),
            _or_dash(school),
            _or_dash(words.schemes.get(scheme, scheme)),
            _amount(due),
            _amount(paid),
            _amount(stake),
            _confidence(confidence),
            Cell(_message(message, words.facts_of(finding, (name, school)), list(records), words.language)),
        )


def _text(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.notna(), "")


def _who(name: str, number: str, finding: str, place: str) -> Cell:
    """Name, number, and under them the finding's own number."""
    lines = markup.join(
        Markup('<span class="below id">{}</span>').format(line) for line in (number, finding) if line
    )
    return Cell(Markup("{}{}").format(name or markup.NOTHING, lines), name, place)


def _place(town: object, school: object, stake: object, is_below_line: bool) -> str:
    """Town, school, yuan and whether it is unsure (``?``) of a row, for the filters; empty for what is not known."""
    known_parts = (
        "" if markup.is_missing(part) else masking.scrub(str(part)) for part in (town, school, stake)
    )
    parts = (*known_parts, "?" if is_below_line else "")
    return "|".join(part.replace("|", " ") for part in parts)


def _filters(count: int, language: str) -> Markup:
    """The place of the filters over all lists; the page's script puts them there."""
    matching = MATCHING.into(language).replace("{all}", str(count))
    texts = {key: text.into(language) for key, text in FILTERS.items()} | {"matching": matching}
    data = markup.join(Markup(' data-{}="{}"').format(key, text) for key, text in texts.items())
    return Markup('<div class="filters"{}></div>').format(data)


def _or_dash(value: object) -> str:
    return markup.NOTHING if markup.is_missing(value) or value == "" else masking.scrub(str(value))


def _amount(value: object) -> Cell:
    return Cell(markup.yuan(value), "" if markup.is_missing(value) else str(value))


def _confidence(value: object) -> str:
    """A probability below one; nothing where nothing was weighed."""
    if markup.is_missing(value) or float(str(value)) >= 1:
        return markup.NOTHING
    return markup.probability(float(str(value)))


def _message(message: str, facts: str, records: list[str], language: str) -> Markup:
    """The sentence, under it what the rows tell, and the rows themselves folded."""
    beneath = markup.below(facts) if facts else Markup("")
    places = Markup("<br>").join(markup.address(record) for record in records)
    folded_sources = markup.details(SOURCES.fill(n=len(records)).into(language), markup.below(places))
    return Markup("{}{}{}").format(
        markup.prose(message, language), beneath, folded_sources if records else ""
    )
