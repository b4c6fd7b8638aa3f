"""What the city's report opens with: how the counties fall out in a sentence, and their upper limits against the tolerable rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.city.conclude import Conclusion
from auditlib.city.report.verdict import (
    ACCEPTABLE,
    DO_NOT_RELY,
    NO_PACKAGE,
    NOT_ACCEPTABLE,
    NOT_VISITED,
    NOT_YET,
    RELY,
    RELY_PARTLY,
    check_verdict,
    is_submitted,
    payments_verdict,
)
from auditlib.city.report.words import errors_of, level_of, place_of, upper
from auditlib.city.results import RecheckResults
from auditlib.page import charts, markup
from auditlib.page.interval_charts import Interval, intervals

SENTENCE = Text(
    "{n} 个县的发放：{payments}。县级自查：{checks}。",
    "Counties: {n}. Payments: {payments}. Self-checks: {checks}.",
)
PART = Text("{n} 个县{verdict}（{counties}）", "{verdict}: {n} ({counties})")
NOT_DONE = Text("没有重做", "not re-performed")
OTHERWISE = Text("证据不足或错误太少，不评级", "not enough evidence or too few errors to grade")
CHART = Text(
    "县、市核对都没有标出的发放中的错误率：圆点为抽查所得，横线右端为上限；虚线为可容忍的 {tolerable}，上限在它左边才可以接受",
    "Errors among the payments that nobody flagged: the dot is what the visits gave, the bar ends at the upper limit; the broken "
    "line is the tolerable {tolerable}, and only a limit left of it is acceptable",
)
TOLERABLE = Text("可容忍 {rate}", "tolerable {rate}")
LIMIT = Text("不超过 {limit}（{n} 笔中 {errors}）", "≤ {limit} (of {n}: {errors})")
PAYMENTS = (NOT_ACCEPTABLE, NOT_YET, NOT_VISITED, ACCEPTABLE)
CHECKS = (NO_PACKAGE, DO_NOT_RELY, RELY_PARTLY, OTHERWISE, NOT_VISITED, RELY)


def opening(results: RecheckResults) -> Markup:
    """The sentence, and the picture where a county has been visited."""
    text = Markup(sentence(results, _lead).into(results.language))
    return markup.paragraph(text, "verdict") + _picture(results)


def _lead(name: str, county_code: str) -> str:
    return Markup('<a href="#{}">{}</a>').format(place_of(county_code), name)


def sentence(results: RecheckResults, tell: Callable[[str, str], str] = lambda name, _code: name) -> Text:
    """The counties by verdict, the worst first. ``tell``: how a county's name stands in it, from its name and code."""
    names = [tell(each.county_name, each.county_code) for each in results.conclusions]
    payments = [
        (payments_verdict(each, results), name) for each, name in zip(results.conclusions, names, strict=True)
    ]
    checks = [(_check(each, results), name) for each, name in zip(results.conclusions, names, strict=True)]
    others = [
        (NOT_DONE, tell(county.name, county.code)) for county in results.counties if not county.is_reperformed
    ]
    return SENTENCE.fill(
        n=len(results.counties),
        payments=_parts([*payments, *others], (*PAYMENTS, NOT_DONE)),
        checks=_parts([*checks, *others], (*CHECKS, NOT_DONE)),
    )


def _check(conclusion: Conclusion, results: RecheckResults) -> Text:
    has_package = is_submitted(conclusion.county_code, results)
    verdict = check_verdict(conclusion, results.parameters["grades"], has_package=has_package)
    return verdict if verdict in CHECKS else OTHERWISE


def _parts(verdicts: list[tuple[Text, str]], order: tuple[Text, ...]) -> Text:
    numbers = Counter(verdict for verdict, _county in verdicts)
    parts = [
        PART.fill(
            verdict=verdict,
            n=numbers[verdict],
            counties=_county_list([county for own, county in verdicts if own == verdict]),
        )
        for verdict in order
        if numbers[verdict]
    ]
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _county_list(counties: list[str]) -> Text:
    return Text("、".join(counties), ", ".join(counties))


def _picture(results: RecheckResults) -> Markup:
    language, tolerable = results.language, results.parameters["sample"]["tolerable_rate"]
    items = [_item(each, language) for each in results.conclusions if each.missed]
    if not items:
        return Markup("")
    rate = level_of(tolerable)
    line = TOLERABLE.fill(rate=rate).into(language)
    bars = [charts.Bar(item.label, item.high, item.shown) for item in items]
    stop = "：" if language == "zh" else ": "
    return charts.figure(
        intervals(items, 100 * float(tolerable), line),
        narrow=intervals(items, 100 * float(tolerable), line, narrow=True),
        alt=line + stop + charts.describe(bars, language),
        caption=CHART.fill(tolerable=rate).into(language),
        broad=True,
    )


def _item(conclusion: Conclusion, language: str) -> Interval:
    rate = conclusion.missed
    assert rate
    text = LIMIT.fill(limit=upper(rate.upper_limit), n=rate.drawn, errors=errors_of(rate)).into(language)
    value = 100 * rate.rate
    return Interval(conclusion.county_name, value, value, 100 * rate.upper_limit, text, not rate.accept)
