"""The counties side by side, and the form of the two checks."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub, without_name
from auditlib.city.closures import FALSE
from auditlib.city.conclude import Conclusion
from auditlib.city.counties import County
from auditlib.city.report import verdict
from auditlib.city.report.opening import opening
from auditlib.city.report.verdict import NOT_REPERFORMED
from auditlib.city.report.words import linked, lower, place_of, share_of
from auditlib.city.results import RecheckResults
from auditlib.city.wording import FORM_TITLES, NOT_COMPARED, NOTHING, cause_title, form_rows
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section

LONGEST_NAME = 40  # characters
TITLE = Text("各县对比与可依赖程度", "The counties side by side")
LEAD = Text(
    "市里在自己所持的各县数据上，用同样的规则重做了一遍核对，再与各县报送的疑点逐条比较，并抽样实地检查。"
    "“不超过”是置信上限：上限低于可容忍的数，才可以接受，推算数本身已达到的不能接受，介于两者之间的是证据不足；自查等级按检出率的置信下限评定，最差一级按置信上限，都不按点估计。",
    "The city audited its own copies of the counties' files by the same rules, held the result against what the counties "
    "handed in, finding by finding, and visited a sample. “≤” is an upper confidence limit, of what nobody flagged for the errors; only a limit below the tolerable is acceptable, an estimate that reaches it is not, and between the two evidence is wanting. Grades rest on the lower limit of the detection rate, the worst on its upper limit.",
)
COUNTED_TEXT = Text(
    "“数据变动所致”数的是县、市不一致的疑点，待处理事项里的“自查后数据变动”数的是变动的行：一行可以牵动几条疑点，也可以一条都不牵动。",
    "“Data changed” counts the findings on which county and city differ; “data changed after the self-check” among the open points "
    "counts changed rows: several findings may rest on one row, or none.",
)
HELD_TEXT = Text("自查与重做核对", "Self-check against re-performance")
COLUMNS = (
    (Text("县", "County"), "k"),
    (Text("报送包", "Package"), "text"),
    (Text("县报疑点", "Self-check"), "number"),
    (Text("重做疑点", "Re-check"), "number"),
    (Text("一致", "The same"), "number"),
    (Text("数据变动所致", "Data changed"), "number"),
    (Text("原因不明", "Unexplained"), "number"),
    (Text("虚假销号", "False closures"), "number"),
    (Text("检出率（下限）", "Detection rate (at least)"), "k"),
)
VALID = Text("有效，密钥已核对", "valid, key checked")
UNCHECKED_TEXT = Text("有效，密钥未核对", "valid, key not checked")
NONE = Text("没有报送", "none")
SUMMARY = Text("{n} 个县，其中 {bad} 个报送包不能采信", "{n} counties, {bad} packages not to be relied on")
AND_UNAUDITED = Text("，{n} 个未重做", ", {n} not done again")
UNAUDITED_TEXT = Text(
    "{county}：未重做。市里没有该县数据，只凭加密标识与其他县比对；县里报的疑点没有核对过，不算一致，也不评级。",
    "{county}: not re-performed. The city has no data of the county and compares it with the others by keyed tokens only; "
    "what it reports was not checked, does not count as agreed and is not graded.",
)
NO_PACKAGE = Text(
    "{county}：表中的“—”是因为没有可采信的报送包：没有县里的疑点可以比对，没有条数，也没有差异的原因；自查不评级",
    "{county}: a dash, for want of a package to rely on: there are no findings of the county to compare, hence no counts and no "
    "cause of a difference; its self-check is not graded",
)
GENERAL = Text(
    "{county}：{causes}。这本身不是疑点不同的理由，查明与某条疑点有关的才算",
    "{county}: {causes}. That alone is no reason for any difference; only what was shown to bear on a finding is",
)
FORM = Text("县级自查与市级复查对照表", "Self-check and re-check")
FORM_LEAD = Text(
    "检查项目、方法、自查数、复查数、是否一致、说明，按项目汇总，与 comparison.xlsx 相同；须处理的差异逐条列在“待处理事项”和 findings.xlsx。",
    "Item, method, self-check value, re-check value, agreement, note, in sums by item as in comparison.xlsx; the single differences "
    "to be dealt with stand under “open points” and in findings.xlsx.",
)


def overview(results: RecheckResults) -> Section:
    """What each county handed in is worth."""
    language = results.language
    by_county = {conclusion.county_code: conclusion for conclusion in results.conclusions}
    columns = [Col.of(title.into(language), look) for title, look in COLUMNS]
    rows = [_row(results, county, by_county.get(county.code)) for county in results.counties]
    notes = [
        _general(results, county) for county in results.counties if results.comparison.general[county.code]
    ]
    all_findings = results.comparison.findings
    other = all_findings[all_findings["rule"] == "recheck.parameters"]
    codes = zip(other["county_code"], other["message"], strict=True)
    notes += [f"{results.names[code]}：{_masked(message, results, code)}" for code, message in codes]
    notes += [
        NO_PACKAGE.fill(county=county.name).into(language)
        for county in results.counties
        if county.package is None and county.is_reperformed
    ]
    unaudited_counties = [county for county in results.counties if not county.is_reperformed]
    notes += [UNAUDITED_TEXT.fill(county=county.name).into(language) for county in unaudited_counties]
    is_changed = results.comparison.lines["cause"].astype("string").str.startswith("data_").any()
    counting_note = [markup.paragraph(COUNTED_TEXT.into(language))] if is_changed else []
    body = [
        opening(results),
        markup.paragraph(LEAD.into(language), "lead"),
        verdict.table(results),
        markup.heading(3, HELD_TEXT.into(language)),
        markup.table(columns, rows, caption=HELD_TEXT.into(language), headed=True, css="cards"),
        *counting_note,
        markup.bullets(notes) if notes else Markup(""),
    ]
    bad = sum(county.package is None for county in results.counties)
    summary = SUMMARY.fill(n=len(rows), bad=bad).into(language)
    summary += AND_UNAUDITED.fill(n=len(unaudited_counties)).into(language) if unaudited_counties else ""
    return Section("overview", TITLE.into(language), markup.join(body), summary)


def _masked(message: str, results: RecheckResults, code: str) -> str:
    """A point whose values a county wrote: headers, spellings, names of files and documents may hold a child's name or number."""
    names = pd.concat([c.persons.reindex(columns=["name"]) for c in results.counties if c.code == code])[
        "name"
    ]
    pieces = {message[at : at + n] for n in range(2, LONGEST_NAME) for at in range(len(message) - n + 1)}
    for name in sorted(set(names[names.isin(pieces)]), key=len, reverse=True):
        message = without_name(message, name)
    return scrub(message)


def _row(results: RecheckResults, county: County, conclusion: Conclusion | None) -> list[object]:
    language = results.language
    lines = results.comparison.lines
    own = lines[lines["county_code"] == county.code]
    cause = own.loc[own["outcome"] != "same", "cause"].fillna("")
    closed = results.comparison.closed
    false = closed[(closed["county_code"] == county.code) & closed["outcome"].isin(FALSE)]
    comparable = county.package is not None and county.is_reperformed
    counts = (
        len(county.package.findings) if county.package else None,
        len(county.findings) if county.is_reperformed else None,
    )
    compared_counts = (
        (own["outcome"] == "same").sum(),
        cause.str.startswith("data_").sum(),
        (cause == "unexplained").sum(),
        len(false),
    )
    return [
        county.name,
        Cell(_package(results, county)),
        *(linked(markup.count(value), form_of(county.code)) for value in counts),
        *(
            linked(markup.count(value if comparable else None), place)
            for value, place in zip(
                compared_counts, (form_of(county.code),) * 2 + ("points",) * 2, strict=True
            )
        ),
        linked(_detection(conclusion, language), place_of(county.code)),
    ]


def _package(results: RecheckResults, county: County) -> Markup | str:
    language = results.language
    if county.package is None:
        reason = county.submission.reason if county.submission else None
        return markup.tag((reason or NONE).into(language), "high")
    key_word = (VALID if county.code in results.parameters["keys"] else UNCHECKED_TEXT).into(language)
    if county.is_reperformed:
        return key_word
    return Markup("{} {}").format(key_word, markup.tag(NOT_REPERFORMED.into(language), "high"))


def _detection(conclusion: Conclusion | None, language: str) -> str:
    rate = conclusion.detection if conclusion and conclusion.visited else None
    if rate is None or rate.lower is None or rate.rate is None:
        return markup.NOTHING
    return (
        f"{share_of(rate.rate)}（{lower(rate.lower)}）"
        if language == "zh"
        else f"{share_of(rate.rate)} ({lower(rate.lower)})"
    )


def _general(results: RecheckResults, county: County) -> str:
    causes = results.comparison.general[county.code]
    gap = "、" if results.language == "zh" else ", "
    cause_list = gap.join(cause_title(cause, results.language) for cause in causes)
    return GENERAL.fill(county=county.name, causes=cause_list).into(results.language)


def form_of(county_code: str) -> str:
    """The anchor of a county's form."""
    return f"form-{county_code}"


def comparison(results: RecheckResults) -> Section:
    """The form of the two checks, a table a county."""
    language = results.language
    looks = ("long", "text", "number", "number", "k", "long")
    columns = [Col.of(title.into(language), look) for title, look in zip(FORM_TITLES, looks, strict=True)]
    pieces = [markup.paragraph(FORM_LEAD.into(language), "lead")]
    for code, name in results.names.items():
        own = results.comparison.form[results.comparison.form["county_code"] == code]
        rows = [
            [*row[:2], *(cell if cell == NOTHING else markup.count(cell) for cell in row[2:4]), *row[4:]]
            for row in form_rows(own, language)
        ]
        # A county of which nothing was compared has its place too: the first screen leads there.
        pieces += [
            markup.heading(3, name, form_of(code)),
            markup.table(columns, rows, caption=name, headed=True)
            if rows
            else markup.paragraph(NOT_COMPARED.into(language)),
        ]
    return Section("comparison", FORM.into(language), markup.join(pieces), annex=True)
