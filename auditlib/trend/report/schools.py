"""Schools in which the same rule found something again: in how many terms, how much."""

from __future__ import annotations

from typing import Any

from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import all_small, counts, in_full_unless_public, is_few

TITLE = Text("同一学校反复出现的疑点", "Schools found again and again")
LEAD = Text(
    "同一学校、同一规则在不止一个学期有疑点的，说明可能是做法问题，不只是个别差错。学校以台账所写名称为准，写法不同的算作不同学校；各校的学生数不在运行结果里，所以列条数，不列比率。",
    "The same school and rule in more than one term points to how things are done there, not to a slip. "
    "A school is its name as the registers write it; how many pupils it has is not among "
    "a run's results, so numbers are shown and no rates.",
)
SMALL_HIDDEN = Text(
    "1 至 4 条的不列具体数字，其金额一并隐去。", "Counts from 1 to 4 are not given, nor their yuan."
)
SCHOOL, RULE = column_title("school_name"), column_title("rule")
TIMES = Text("学期数", "Terms")
AT_STAKE = title_in_yuan("at_stake")
NONE = Text(
    "没有学校在不止一个学期出现同一种疑点。", "No school had findings of one rule in more than one term."
)
ONE_TERM = Text("只有一个学期，无从判断。", "There is one term only: this cannot be said yet.")
SMALL = Text("各学期均为 1 至 4 条的：{n} 所学校", "Schools with 1 to 4 in each term: {n}")
SUMMARY = Text("{n} 所学校有反复出现的疑点", "{n} schools with recurring findings")
MOST = 40
MORE = Text("另有 {n} 行，见 rollups.xlsx。", "{n} more rows are in rollups.xlsx.")


@in_full_unless_public
def schools(results: TrendResults) -> Section:
    """The most persistent first; those small in every term by name alone."""
    language = results.language
    rows = results.schools.to_dict("records")
    body = [markup.paragraph(LEAD.into(language), "lead")]
    body += [markup.paragraph(SMALL_HIDDEN.into(language))] if results.public else []
    if not rows:
        body.append(markup.paragraph((NONE if len(results.runs.runs) > 1 else ONE_TERM).into(language)))
        return Section("schools", TITLE.into(language), markup.join(body))
    large = [row for row in order(rows) if not all_small(row["findings"])]
    if large:
        body.append(_table(large[:MOST], results))
    if len(large) > MOST:
        body.append(markup.note(MORE.fill(n=len(large) - MOST).into(language)))
    if names := sorted({row["school_name"] for row in rows} - {row["school_name"] for row in large}):
        school_names = ("、" if language == "zh" else ", ").join(names)
        body.append(markup.details(SMALL.fill(n=len(names)).into(language), markup.note(school_names)))
    n = len({row["school_name"] for row in rows})
    return Section("schools", TITLE.into(language), markup.join(body), SUMMARY.fill(n=n).into(language))


def order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The most terms first, then the most findings; small numbers all alike, or the order would tell them apart."""
    return sorted(
        rows, key=lambda row: (-row["terms"], -sum(map(_not_small, row["findings"])), row["school_name"])
    )


def _not_small(number: int) -> int:
    return 1 if is_few(number) else int(number)


def titles(results: TrendResults) -> list[Text]:
    terms = [term_words(term) for term in results.runs.terms]
    return [SCHOOL, RULE, TIMES, *terms, AT_STAKE]


def line(row: dict[str, Any], language: str) -> list[Any]:
    """School, rule, number of terms, findings a term as they may be shown, yuan where no number is small."""
    numbers = [int(n) for n in row["findings"]]
    small = any(is_few(n) for n in numbers)
    yuan = markup.NOTHING if small else markup.yuan(row["at_stake"])
    rule = catalogue.title(row["rule"], language)
    return [row["school_name"], rule, str(row["terms"]), *counts(numbers, totalled=False), yuan]


def _table(rows: list[dict[str, Any]], results: TrendResults) -> Any:
    language = results.language
    looks = ["long", "long", "number", *["number"] * len(results.runs.runs), "number"]
    columns = [Col.of(t.into(language), look) for t, look in zip(titles(results), looks, strict=True)]
    cells = [[Cell(str(value)) for value in line(row, language)] for row in rows]
    return markup.table(columns, cells, caption=TITLE.into(language), headed=True)
