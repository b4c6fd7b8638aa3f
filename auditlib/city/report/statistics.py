"""Method and statistics, an annex: what the conclusions tell in a sentence, with the figures behind it."""

from __future__ import annotations

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.city.conclude import Conclusion
from auditlib.city.report.words import share_of
from auditlib.city.results import RecheckResults
from auditlib.page import markup
from auditlib.page.section import Section

TITLE = Text("方法与统计", "Method and statistics")
LEAD = Text(
    "正文一句话说的，这里是背后的算法和数。",
    "What the conclusions tell in a sentence: here are the methods and figures behind it.",
)
NONE = Text(
    "没有可以列出的：没有两名检查人查过同一笔，各县的两份清单也完全相同或没有。",
    "Nothing to show: no payment was judged by two inspectors, and no county has two lists that differ.",
)
SUMMARY = Text("{n} 个县", "counties: {n}")
AGREED_TITLE = Text("两名检查人的结论是否一致", "Do two inspectors agree")
IN_FULL = Text(
    "{county}：两名检查人各自判断了 {n} 笔，结论一致的占 {observed}（有误方面 {positive}，无误方面 {negative}）；扣除碰巧一致后的一致性系数：AC1 {ac1}，Kappa {kappa}。",
    "{county}: two inspectors judged {n} payments apart and agreed on {observed} (on errors {positive}, on none {negative}); AC1 {ac1}, kappa {kappa}.",
)
LIMITS_TITLE = Text("金额的上限", "The limits in yuan")
BY_VALUE = Text(
    "货币单元抽样（按金额抽样）：没有标出的发放中多发、少发的上限用 Stringer 界限，没有数学证明，只对各种难办的县反复模拟抽样，数过它管用的次数；标出的按查实数加上没有查到的至多有误的数。",
    "Monetary unit sampling (a draw by value): over- and underpayment of the unflagged have Stringer’s bound, which has no proof and was "
    "tried only by simulated draws from counties that are hard to judge, counting how often it held; of the flagged it is what was found and the most that can be wrong of what was not seen.",
)
CAPTURED_TITLE = Text(
    "从两份清单看还有多少（捕获—再捕获）", "What two lists say of the rest (capture-recapture)"
)
CAPTURED_TEXT = Text(
    "{county}：县里 {first} 项，市里 {second} 项，共同 {both} 项，合起来已有 {known} 项不同的疑点；假如两次核对互不影响，按疑点类型推算并相加，共有约 {chapman} 项。",
    "{county}: {first} by the county, {second} by the city, {both} by both, {known} different ones already; if the two checks were independent, some {chapman} in all, estimated by rule and added up.",
)
CAPTURED_CAVEAT = Text(
    "两次核对用的是同样的规则，并不独立，推算的数多半偏低，不是上限，也没有置信度可言；确定的只有已有的项数。县里排除的、现场查否的、市里无从核对的疑点不计在内，所以比“自查与重做核对”的条数少。两份清单完全相同的县不列。",
    "Both checks use the same rules and are not independent: the estimate is likely too low, it is no upper limit and has no "
    "confidence; certain is only the number known already. Findings that the county cleared, that a visit refuted or that the city could not check "
    "do not count here, so there are fewer than under “Self-check against re-performance”. Counties with two like lists are left out.",
)
CAPTURED_IN_SHORT = Text(
    "{county}：县、市两份清单合起来已有 {known} 项不同的疑点，据此推算共有约 {chapman} 项（多半偏低，算法见附件“方法与统计”）。",
    "{county}: the lists of county and city name {known} different findings, from which some {chapman} in all are estimated (likely too low; see the annex “Method and statistics”).",
)


def statistics(results: RecheckResults) -> Section:
    """The inspectors' agreement beyond chance, and capture and recapture: a sentence a county each."""
    language = results.language
    agreed_texts = [
        two_inspectors(each, IN_FULL) for each in results.conclusions if each.agreement_inspectors
    ]
    captured_texts = _of_two_lists(results, CAPTURED_TEXT)
    pieces = [markup.paragraph(LEAD.into(language), "lead")]
    if agreed_texts:
        pieces += [markup.heading(3, AGREED_TITLE.into(language)), _bullets(agreed_texts, language)]
    if captured_texts:
        pieces += [markup.heading(3, CAPTURED_TITLE.into(language)), _bullets(captured_texts, language)]
        pieces += [markup.paragraph(CAPTURED_CAVEAT.into(language))]
    if results.parameters["sample"]["method"] == "mus" and any(each.over for each in results.conclusions):
        limit = markup.paragraph(BY_VALUE.into(language))
        pieces += [markup.heading(3, LIMITS_TITLE.into(language)), limit]
    if len(pieces) == 1:
        pieces = [markup.paragraph(NONE.into(language))]
    summary = SUMMARY.fill(n=max(len(agreed_texts), len(captured_texts))).into(language)
    return Section("statistics", TITLE.into(language), markup.join(pieces), summary, annex=True)


def _bullets(texts: list[Text], language: str) -> Markup:
    return markup.bullets([text.into(language) for text in texts])


def two_inspectors(conclusion: Conclusion, template: Text) -> Text:
    """How far two who judged the same payments agree; only for a county that has such payments."""
    agreement = conclusion.agreement_inspectors
    assert agreement is not None
    return template.fill(
        county=conclusion.county_name,
        n=sum(map(sum, agreement.inputs["table"])),
        observed=share_of(agreement.observed),
        ac1=_number(agreement.ac1),
        kappa=_number(agreement.kappa),
        positive=_share(agreement.positive),
        negative=_share(agreement.negative),
    )


def _number(value: float | None) -> str:
    return markup.NOTHING if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return markup.NOTHING if value is None else share_of(value)


def in_two_lists(results: RecheckResults) -> list[Text]:
    """A sentence a county whose two lists differ: how many they name, and how many there may be."""
    return _of_two_lists(results, CAPTURED_IN_SHORT)


def _of_two_lists(results: RecheckResults, template: Text) -> list[Text]:
    texts = []
    for code, part in results.captured.groupby("county_code", sort=True):
        if (part["distinct"] > part["both"]).any():
            distinct = int(part["distinct"].sum())
            texts.append(
                template.fill(
                    county=results.names[code],
                    known=distinct,
                    **{name: int(part[name].sum()) for name in ("first", "second", "both")},
                    chapman=f"{max(distinct, part['chapman'].sum()):.0f}",
                )
            )
    return texts
