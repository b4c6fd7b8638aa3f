"""The conclusions in words, each with its certainty; nothing is said that was not visited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditlib import sampling
from auditlib.language import Text
from auditlib.recheck.conclude import Conclusion
from auditlib.recheck.report.words import lower, share_of, upper
from auditlib.recheck.results import RecheckResults
from auditlib.report import markup
from auditlib.report.section import Section

TITLE = Text("结论与把握程度", "Conclusions and their certainty")
NOT_VISITED = Text(
    "{county}：抽了 {n} 笔，现场检查结果还没有交回，不能下结论。",
    "{county}: {n} payments drawn, no result of a visit yet; nothing can be concluded.",
)
VISITED = Text(
    "{county}：{units} 笔发放中检查了 {visited} 笔。", "{county}: {visited} of {units} payments visited."
)
OPEN = Text(
    "有 {n} 笔没有交回结果，一律按全额有误计算，直到查清为止。",
    "{n} came back without a result; they count as wrong in full until shown otherwise.",
)
MISSED = Text(
    "谁都没有标出的发放中，抽查错误率 {rate}；有 {confidence} 的把握说，错误率不超过 {limit}。{verdict}",
    "Among payments that nobody flagged {rate} of the sample was wrong; with {confidence} confidence not more than {limit} are. {verdict}",
)
ACCEPT = Text("低于可容忍的 {tolerable}，可以接受。", "Below the tolerable {tolerable}: acceptable.")
REJECT = Text(
    "达到或超过可容忍的 {tolerable}，不能接受。", "Not below the tolerable {tolerable}: not acceptable."
)
OVER = Text("多发", "overpaid")
UNDER = Text("少发", "underpaid")
MONEY = Text(
    "推算{what} {projected} 元；有 {confidence} 的把握说不超过 {limit} 元（多发、少发分开估计，不相抵）。",
    "Projected {what}: {projected} yuan; with {confidence} confidence not more than {limit} yuan (never netted).",
)
DETECTED = Text(
    "市里查出的错误中，县里自查已经发现的占 {rate}（{confidence} 置信区间 {low} 至 {high}）；估计还有约 {unseen} 笔错误县里没有发现。",
    "Of the errors the city found the county had found {rate} ({confidence} interval {low} to {high}); some {unseen} are estimated to be unseen by it.",
)
GRADE = Text("自查质量评为 {letter} 级。", "Grade of the self-check: {letter}.")
NO_GRADE = Text("查出的错误太少，不评级。", "Too few errors to grade on.")
PRECISION = Text(
    "县里标出的发放经核实有误的占 {precision}{interval}。",
    "Of the payments the county flagged {precision} were wrong{interval}.",
)
INTERVAL = Text("（{low} 至 {high}）", " ({low} to {high})")
AGREED = Text(
    "两名检查人结论一致的占 {observed}（有误方面 {positive}，无误方面 {negative}）；AC1 {ac1}，kappa {kappa}。",
    "The two inspectors agreed on {observed} (on errors {positive}, on none {negative}); AC1 {ac1}, kappa {kappa}.",
)
CAPTURED = Text(
    "按县、市两份疑点清单推算（捕获—再捕获）：{county}“{rule}”至少有 {least} 项，已知 {known} 项。只能看作下限：两次核对用的是同样的规则，并不独立。",
    "From the two lists (capture-recapture): “{rule}” in {county}, {least} at least, {known} known. A lower limit: both checks use the same rules and are not independent.",
)
FEWEST = 7
SAID_ABOVE = "few_errors"
SUMMARY = Text("{n} 个县已有现场结果", "{n} counties visited")


def conclusions(results: RecheckResults) -> Section:
    """A paragraph a county, and the two lists' lower limits."""
    pieces = []
    for made in results.conclusions:
        pieces.append(markup.heading(3, made.county_name))
        pieces.append(markup.bullets(sentences(made, results)))
    notes = _captured(results)
    pieces += [markup.bullets(notes)] if notes else []
    visited = sum(bool(made.visited) for made in results.conclusions)
    summary = SUMMARY.fill(n=visited).into(results.language)
    return Section("conclusions", TITLE.into(results.language), markup.join(pieces), summary)


def sentences(made: Conclusion, results: RecheckResults) -> list[str]:
    """What may be said of one county, sentence by sentence."""
    language, chosen = results.language, results.parameters["sample"]
    confidence = share_of(float(chosen["confidence"]))
    if not made.visited:
        return [NOT_VISITED.fill(county=made.county_name, n=made.open_units).into(language)]
    said = [VISITED.fill(county=made.county_name, units=f"{made.units:,}", visited=made.visited)]
    said += [OPEN.fill(n=made.open_units)] if made.open_units else []
    said += _missed(made, confidence, chosen)
    said += [
        _money(what, part, confidence) for what, part in ((OVER, made.over), (UNDER, made.under)) if part
    ]
    said += _detection(made, confidence)
    said += _flags(made)
    said += _inspectors(made)
    caveats = {
        c: None for part in (made.detection, made.all_flags) if part for c in part.caveats if c != SAID_ABOVE
    }
    return [text.into(language) for text in said] + [sampling.explain(caveat, language) for caveat in caveats]


def _missed(made: Conclusion, confidence: str, chosen: Mapping[str, Any]) -> list[Text]:
    found = made.missed
    if found is None:
        return []
    tolerable = share_of(float(chosen["tolerable_rate"]))
    verdict = (ACCEPT if found.accept else REJECT).fill(tolerable=tolerable)
    return [
        MISSED.fill(
            rate=share_of(found.rate), confidence=confidence, limit=upper(found.upper_limit), verdict=verdict
        )
    ]


def _money(what: Text, part: Mapping[str, Any], confidence: str) -> Text:
    amounts = {"projected": markup.yuan(part["projected"]), "limit": markup.yuan(part["upper_limit"])}
    return MONEY.fill(what=what, confidence=confidence, **amounts)


def _detection(made: Conclusion, confidence: str) -> list[Text]:
    rate = made.detection
    if rate is None or rate.rate is None or rate.lower is None or rate.upper is None:
        return []
    figures = {"rate": share_of(rate.rate), "low": lower(rate.lower), "high": upper(rate.upper)}
    said = [DETECTED.fill(confidence=confidence, unseen=f"{rate.undetected:,.0f}", **figures)]
    graded = made.grade is not None and made.grade.letter != sampling.NOT_GRADABLE
    return [*said, GRADE.fill(letter=made.grade.letter) if graded and made.grade else NO_GRADE]


def _flags(made: Conclusion) -> list[Text]:
    flags = made.county_flags
    if flags is None or flags.precision is None:
        return []
    ends = flags.precision_interval
    interval = INTERVAL.fill(low=lower(ends[0]), high=upper(ends[1])) if ends else Text("", "")
    return [PRECISION.fill(precision=share_of(flags.precision), interval=interval)]


def _inspectors(made: Conclusion) -> list[Text]:
    both = made.agreement_inspectors
    if both is None:
        return []
    figures = {"observed": share_of(both.observed), "ac1": _number(both.ac1), "kappa": _number(both.kappa)}
    sides = {"positive": _share(both.positive), "negative": _share(both.negative)}
    return [AGREED.fill(**figures, **sides)]


def _number(value: float | None) -> str:
    return markup.NOTHING if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return markup.NOTHING if value is None else share_of(value)


def _captured(results: RecheckResults) -> list[str]:
    from auditlib.recheck.wording import rule_title

    language = results.language
    differ = results.captured[["first", "second"]].min(axis=1) < results.captured["distinct"]
    enough = results.captured[
        differ & (results.captured["both"] >= FEWEST)
    ]  # of two like lists there is nothing to say
    return [
        CAPTURED.fill(
            county=results.names[line["county_code"]],
            rule=rule_title(line["rule"], language),
            least=f"{line['lower_limit']:.0f}",
            known=line["distinct"],
        ).into(language)
        for line in enough.to_dict("records")
    ]
