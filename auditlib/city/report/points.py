"""Open points of the re-check, and what stands across counties. Masked: counts, no person by name."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.city.parameters import SEVERITIES
from auditlib.city.results import RecheckResults
from auditlib.city.wording import cause_title, rule_title
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.rules.city import RECHECK_RULES
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.tables.wording import word

TITLE = Text("待处理事项", "Open points")
LEAD = Text(
    "以下各项都是待核实的疑点；逐条清单（未遮盖）在 findings.xlsx，按县分发。整改期限按严重程度，由市里的参数给出；没有给的由市里填写。",
    "All of these are suspicions to be verified; the list by person (unmasked) is findings.xlsx. Deadlines are by severity, from "
    "the city's parameters; where they give none the city fills them in.",
)
COLUMNS = (
    (Text("事项", "Point"), "long"),
    (column_title("severity"), "k"),
    (Text("县", "County"), "k"),
    (Text("条数", "Findings"), "number"),
    (title_in_yuan("at_stake"), "number"),
    (Text("整改期限", "Deadline"), "k"),
)
BLANK = "＿＿＿＿"
NOTHING = Text("没有需要处理的事项。", "There is nothing to deal with.")
SUMMARY = Text("{n} 条，涉及 {yuan} 元", "{n} findings, {yuan} yuan at stake")
BY_WORD = Text(
    "{county}：县里排除的疑点中，有 {n} 条在市里的数据里照样成立，县里也没有写明可以调取的凭证，涉及 {yuan} 元。这不等于排除错了，但只凭县里一句话："
    "请逐条看 comparison.xlsx “无凭证的排除”一页的原因，存疑的调凭证、实地核实。",
    "{county}: {n} findings that the county cleared stand in the city's data as before, and no paper was named that can be asked for; "
    "{yuan} yuan at stake. That does not make a clearing wrong, but it rests on the county's word alone: read the causes on the sheet "
    "“Cleared by word” of comparison.xlsx, and ask for papers or visit where in doubt.",
)
ACROSS = Text("跨县核对", "Across counties")
ACROSS_LEAD = Text(
    "各县台账并在一起，查同一人在两县领取、两县在读、一县兜底而另一县已发；确定的按身份证号；可能的由训练过的匹配模型给出（姓名、出生日期、证件号相近），须人工核实。"
    "没有台账的县凭加密标识比对，市里看不到对方的姓名：按疑点清单所列的行，请该县查对。",
    "The counties' registers side by side: persons paid in two, enrolled in two, fallback here and paid there. Certain by "
    "number; probable by the trained linkage model (name, birth date, a number that is nearly the same), for a person to verify. "
    "A county without registers is compared by keyed tokens; its names are not known here: ask it by the rows that the list of findings names.",
)
ACROSS_COLUMNS = (
    (Text("情形", "Case"), "long"),
    (Text("县", "Counties"), "k"),
    (Text("确定", "Certain"), "number"),
    (Text("可能", "Probable"), "number"),
    (Text("凭什么比对", "Compared by"), "k"),
)
REGISTERED_ELSEWHERE = Text(
    "{county}“{rule}”中有 {n} 人在邻县学籍中查到，其中 {paid} 人当地已发：逐人见 comparison.xlsx “邻县查到的孩子”一页，请先告知{county}到当地核实",
    "{n} of “{rule}” in {county} were found in a neighbour's register, {paid} of them paid there: one by one on the sheet “Children "
    "found next door” of comparison.xlsx; let {county} ask there first",
)
TOKENS = Text(
    "只凭加密标识（不交台账）时，“{kind}”查到 {n} 对，台账也这样认定的 {both} 对；用台账查到 {all} 对：找全的占 {recall}，核实准确率 {precision}",
    "With keyed tokens alone (no registers) {n} pairs of “{kind}” are found, {both} of them by registers too; registers find {all}: recall {recall}, precision {precision}",
)
NOT_MEASURED = Text(
    "有台账的各县之间没有这样的人，或本机没有加密标识的密钥：只凭标识会漏掉多少，本次没有测到",
    "No such person between counties whose registers are here, or no key of the tokens on this machine: what tokens alone lose was not measured",
)
BY = {"registers": Text("台账", "registers"), "tokens": Text("加密标识", "tokens")}
UNKNOWN = Text("无从计算", "not known")


def points(results: RecheckResults) -> Section:
    """Findings of the re-check by rule and county."""
    language, all_findings = results.language, results.comparison.findings
    if all_findings.empty:
        nothing = markup.join([markup.paragraph(NOTHING.into(language)), *_by_word(results)])
        return Section("points", TITLE.into(language), nothing)
    columns = [Col.of(title.into(language), look) for title, look in COLUMNS]
    colon = "：" if language == "zh" else ": "
    grouped_findings = all_findings.groupby(["rule", "county_code"], sort=True)
    rows = [
        [
            rule_title(rule, language),
            word(RECHECK_RULES[rule].severity, language),
            _counties(code, part, results),
            markup.count(len(part)),
            markup.yuan(sum(part["at_stake"])),
            _deadline(results, RECHECK_RULES[rule].severity),
        ]
        for (rule, code), part in sorted(grouped_findings, key=_gravest)
    ]
    criteria = [
        f"{RECHECK_RULES[r].title.into(language)}{colon}{RECHECK_RULES[r].criterion.into(language)}"
        for r in sorted(set(all_findings["rule"]))
    ]
    body = [
        markup.paragraph(LEAD.into(language), "lead"),
        markup.table(columns, rows, caption=TITLE.into(language), headed=True),
        markup.bullets(criteria),
        *_by_word(results),
    ]
    summary = SUMMARY.fill(n=len(all_findings), yuan=markup.yuan(sum(all_findings["at_stake"]))).into(
        language
    )
    return Section("points", TITLE.into(language), markup.join(body), summary)


def _by_word(results: RecheckResults) -> list[Markup]:
    """A line a county that cleared findings without a paper which the city found too."""
    lines = [
        BY_WORD.fill(
            county=results.names[code], n=markup.count(len(part)), yuan=markup.yuan(sum(part["at_stake"]))
        ).into(results.language)
        for code, part in results.comparison.by_word.groupby("county_code", sort=True)
    ]
    return [markup.bullets(lines)] if lines else []


def _counties(code: str, part: pd.DataFrame, results: RecheckResults) -> str:
    """The county of the findings, and every other whose rows they rest on."""
    owners = {str(record).partition("/")[0] for records in part["records"] for record in records}
    others = sorted(owners & set(results.names) - {code})
    return ("、" if results.language == "zh" else ", ").join(results.names[each] for each in (code, *others))


def _deadline(results: RecheckResults, severity: str) -> str:
    by = results.parameters["deadlines"].get(severity)
    return markup.day(by, results.language) if by else BLANK


def _gravest(group: tuple[tuple[str, str], pd.DataFrame]) -> tuple[int, str, str]:
    (rule, code), _ = group
    return SEVERITIES.index(RECHECK_RULES[rule].severity), rule, code


def across_counties(results: RecheckResults) -> Section:
    """Duplicates across counties, missing children found, and what tokens alone would have found."""
    language, crossing_pairs = results.language, results.comparison.crossed
    columns = [Col.of(title.into(language), look) for title, look in ACROSS_COLUMNS]
    rows = [
        [
            cause_title(reason, language),
            f"{results.names[a]} – {results.names[b]}",
            *_counts(part),
            _by(part, language),
        ]
        for (reason, a, b), part in crossing_pairs.groupby(
            ["reason", "county_code", "other_county"], sort=True
        )
    ]
    pieces = [markup.paragraph(ACROSS_LEAD.into(language), "lead")]
    pieces.append(
        markup.table(columns, rows, caption=ACROSS.into(language), headed=True) if rows else Markup("")
    )
    notes = [*_registered_elsewhere(results), *_tokens(results)]
    pieces.append(markup.bullets(notes) if notes else Markup(""))
    return Section("across", ACROSS.into(language), markup.join(pieces))


def _counts(part: pd.DataFrame) -> tuple[str, str]:
    certain = int((part["confidence"] == 1).sum())
    return markup.count(certain), markup.count(len(part) - certain)


def _by(part: pd.DataFrame, language: str) -> str:
    return BY[part["by"].iloc[0]].into(language)


def _registered_elsewhere(results: RecheckResults) -> list[str]:
    grouped_findings = results.comparison.registered_elsewhere.groupby(["county_code", "rule"], sort=True)
    return [
        REGISTERED_ELSEWHERE.fill(
            county=results.names[code],
            rule=rule_title(rule, results.language),
            n=markup.count(part["finding_id"].nunique()),
            paid=markup.count(part.loc[part["paid_there"], "finding_id"].nunique()),
        ).into(results.language)
        for (code, rule), part in grouped_findings
    ]


def _tokens(results: RecheckResults) -> list[str]:
    language, token_measure = results.language, results.comparison.tokens
    some = token_measure[token_measure["by_registers"] + token_measure["by_tokens"] > 0]
    if some.empty:
        return [NOT_MEASURED.into(language)]
    return [
        TOKENS.fill(
            kind=cause_title(line["kind"], language),
            n=line["by_tokens"],
            both=line["both"],
            all=line["by_registers"],
            **{
                name: UNKNOWN if pd.isna(line[name]) else f"{line[name]:.1%}"
                for name in ("recall", "precision")
            },
        ).into(language)
        for line in some.to_dict("records")
    ]
