"""The province's page: one file, no network, no person; from each county's line to its own report."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.base.run_folder import REPORT
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.province.county_task import CountyOutcome
from auditlib.province.parameters import COUNTIES
from auditlib.province.programme import ProvinceResults
from auditlib.province.tie_out import ZERO, TieOutLine, by_rule, findings_of, tie_out, yuan_of
from auditlib.report import catalogue
from auditlib.report.summary import one_page
from auditlib.rules.city_words import WORDS
from auditlib.tables.findings import column_title, title_in_yuan

TITLE = Text("{province} {term}学生资助各县数据核对", "{province}, {term}: data audit of all counties")
KIND = Text("全省汇总", "The province on one page")
SUSPICIONS = Text(
    "所列均为疑点，核实以前都不是结论。本页不含个人信息；姓名和证号只在各县文件夹和 across.xlsx 中，仅供经授权的人员。",
    "All of these are suspicions until verified. This page names no person; names and numbers stand in the counties' folders and in across.xlsx, for the authorised.",
)
DONE_OF = Text("{done} 个县完成，{failed} 个县没有完成", "{done} counties done, {failed} not done")
IN_ALL = Text(
    "各县疑点 {n} 条，涉及 {yuan} 元；其中应助未助（先看孩子）{missed} 条，涉及 {missed_yuan} 元",
    "{n} findings in the counties, {yuan} yuan at stake; of these, children who were missed: {missed}, {missed_yuan} yuan",
)
NOT_DONE = Text("没有完成的县", "Counties that are not done")
NOT_COUNTED = Text(
    "下面的数字都不含这些县。改正后再运行一次。",
    "None of the figures below holds these counties. Put it right and run again.",
)
ACROSS = Text("跨县：同一人在两个县", "Across counties: one person in two")
ACROSS_COLUMNS = (Text("情形", "What"), Text("人次", "Cases"), title_in_yuan("at_stake"))
EXACT_ONLY = Text(
    "只按有效身份证号相同比对（以密钥换算后的号码，不传递姓名和证号）；证号写错、写法不同的同一人在此看不出，由市级复查逐对判断。",
    "Compared by the same sound ID number alone (as keyed tokens; neither names nor numbers travel). One person under another number or writing is not seen here; the city's re-check looks at such pairs.",
)
NO_PAIRS = Text("没有发现同一人在两个县", "nobody was found in two counties")
FOUND_THERE = Text(
    "县里没有找到的孩子，{n} 名在外县学籍中（其中在读 {active} 名）；逐条见 children-in-other-counties.csv",
    "{n} children whom their county did not find stand in another county's register ({active} of them active): children-in-other-counties.csv",
)
RULES = Text("全省各规则", "By rule")
RULE_COLUMNS = (
    column_title("rule"),
    Text("县数", "Counties"),
    Text("疑点", "Findings"),
    title_in_yuan("at_stake"),
)
BY_COUNTY = Text("各县", "By county")
COUNTY_COLUMNS = (
    Text("县", "County"),
    Text("读入行", "Rows read"),
    Text("采用行", "Rows used"),
    Text("疑点", "Findings"),
    Text("其中应助未助", "Of these missed"),
    title_in_yuan("at_stake"),
)
TOTAL = Text("合计", "Total")
TIE_OUT = Text("数字相符", "Counts that must agree")
TIE_COLUMNS = (
    Text("核对", "Held against"),
    Text("左", "Left"),
    Text("右", "Right"),
    Text("是否相符", "Agree"),
)
YES, NO = Text("相符", "yes"), Text("不符：{counties}", "NO: {counties}")
ELSEWHERE = Text("合计", "in total")


def page_of(results: ProvinceResults) -> str:
    """The page as HTML."""
    run, language = results.run, results.run.language
    heading = TITLE.fill(province=run.province_name, term=markup.term(run.term, language)).into(language)
    return scrub(one_page(heading, KIND.into(language), _body(results, language), language))


def _body(results: ProvinceResults, language: str) -> Markup:
    parts = [
        *(markup.paragraph(text.into(language)) for text in headline(results)),
        *(_failures(results.failures, language) if results.failures else ()),
        markup.heading(2, ACROSS.into(language)),
        *_across(results, language),
        markup.heading(2, RULES.into(language)),
        _rules(results.successes, language),
        markup.heading(2, BY_COUNTY.into(language)),
        _counties(results.successes, language),
        markup.heading(2, TIE_OUT.into(language)),
        _tie_out(tie_out(results), language),
        markup.note(SUSPICIONS.into(language)),
    ]
    return markup.join(parts)


def headline(results: ProvinceResults) -> list[Text]:
    """How many counties are done, and what they found in all."""
    outcomes = results.successes
    counts = DONE_OF.fill(done=markup.count(len(outcomes)), failed=markup.count(len(results.failures)))
    missed = sum(findings_of(outcome, missed=True) for outcome in outcomes)
    finding_count = missed + sum(findings_of(outcome, missed=False) for outcome in outcomes)
    yuan = {
        "yuan": markup.yuan(sum((yuan_of(outcome) for outcome in outcomes), ZERO)),
        "missed_yuan": markup.yuan(sum((yuan_of(outcome, missed=True) for outcome in outcomes), ZERO)),
    }
    return [counts, IN_ALL.fill(n=markup.count(finding_count), missed=markup.count(missed), **yuan)]


def _failures(failures: list[CountyOutcome], language: str) -> list[Markup]:
    lines = [
        Markup("<strong>{}</strong> {}").format(
            f"{outcome.county_name}（{outcome.county_code}）",
            Markup("<br>").join(outcome.message.splitlines()),
        )
        for outcome in failures
    ]
    return [
        markup.heading(2, NOT_DONE.into(language)),
        markup.paragraph(NOT_COUNTED.into(language)),
        markup.bullets(lines),
    ]


def _across(results: ProvinceResults, language: str) -> list[Markup]:
    findings, registered_elsewhere = results.across.findings, results.across.registered_elsewhere
    cases = Counter(findings["reason"])
    yuan = {
        reason: sum(findings.loc[findings["reason"] == reason, "at_stake"], ZERO) for reason in sorted(cases)
    }
    rows = [
        (WORDS[reason].into(language), markup.count(cases[reason]), markup.yuan(yuan[reason]))
        for reason in yuan
    ]
    total = (TOTAL.into(language), markup.count(len(findings)), markup.yuan(sum(yuan.values(), ZERO)))
    pieces = (
        [_table(ACROSS_COLUMNS, rows, ACROSS, language, total)]
        if rows
        else [markup.paragraph(NO_PAIRS.into(language))]
    )
    children = registered_elsewhere.drop_duplicates("finding_id")
    active = int(
        registered_elsewhere[registered_elsewhere["active"].fillna(False).astype(bool)][
            "finding_id"
        ].nunique()
    )
    there = FOUND_THERE.fill(n=markup.count(len(children)), active=markup.count(active))
    return [*pieces, markup.paragraph(there.into(language)), markup.note(EXACT_ONLY.into(language))]


def _rules(outcomes: list[CountyOutcome], language: str) -> Markup:
    lines = by_rule(outcomes)
    rows = [
        (
            catalogue.title(line["rule"], language),
            markup.count(line["counties"]),
            markup.count(line["findings"]),
            markup.yuan(line["yuan"]),
        )
        for line in lines
    ]
    finding_count = sum(line["findings"] for line in lines)
    yuan = sum((line["yuan"] for line in lines), ZERO)
    return _table(
        RULE_COLUMNS,
        rows,
        RULES,
        language,
        (TOTAL.into(language), "", markup.count(finding_count), markup.yuan(yuan)),
    )


def _counties(outcomes: list[CountyOutcome], language: str) -> Markup:
    rows = [(_linked(outcome), *map(_figure_text, _figures(outcome))) for outcome in outcomes]
    sums = [sum(column) for column in zip(*map(_figures, outcomes), strict=True)]
    total = (TOTAL.into(language), *map(_figure_text, sums)) if sums else None
    return _table(COUNTY_COLUMNS, rows, BY_COUNTY, language, total)


def _figures(outcome: CountyOutcome) -> tuple[Any, ...]:
    missed, others = (findings_of(outcome, missed=kind) for kind in (True, False))
    return outcome.rows.get("read", 0), outcome.rows.get("used", 0), missed + others, missed, yuan_of(outcome)


def _figure_text(figure: Any) -> str:
    return markup.yuan(figure) if isinstance(figure, Decimal) else markup.count(figure)


def _linked(outcome: CountyOutcome) -> Markup:
    """The county's name as a link to its own report, which lies below this page."""
    place = f"{COUNTIES}/{outcome.county_code}/{REPORT}"
    return Markup('<a href="{}">{}</a>').format(place, outcome.county_name)


def _tie_out(lines: list[TieOutLine], language: str) -> Markup:
    rows = [
        (
            line.what.into(language),
            markup.count(line.one),
            markup.count(line.other),
            _agreement(line, language),
        )
        for line in lines
    ]
    return _table(TIE_COLUMNS, rows, TIE_OUT, language, None, numbers=(1, 2))


def _agreement(line: TieOutLine, language: str) -> Markup | str:
    if line.agrees:
        return YES.into(language)
    places = ", ".join(line.counties) or ELSEWHERE.into(language)
    return Markup("<strong>{}</strong>").format(NO.fill(counties=places).into(language))


def _table(
    heads: tuple[Text, ...],
    rows: list[tuple[Any, ...]],
    caption: Text,
    language: str,
    total: tuple[Any, ...] | None,
    numbers: tuple[int, ...] | None = None,
) -> Markup:
    """A table whose first column is text and whose others are numbers, unless ``numbers`` says which are."""
    columns = [
        Col(head.into(language), "number" if (place in numbers if numbers else place > 0) else "text")
        for place, head in enumerate(heads)
    ]
    return markup.table(columns, rows, caption=caption.into(language), headed=True, total=total)
