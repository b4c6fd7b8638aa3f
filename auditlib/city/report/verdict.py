"""The verdict on each county in a line: are the payments acceptable, may the city rely on the self-check."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from auditlib import sampling
from auditlib.base.language import Text
from auditlib.city.conclude import Conclusion
from auditlib.city.report.words import linked, place_of, upper
from auditlib.city.results import RecheckResults
from auditlib.page import markup
from auditlib.page.markup import Cell, Col

TITLE = Text("各县结论", "The verdict on each county")
COLUMNS = (
    (Text("县", "County"), "k"),
    (Text("未标出的错误率不超过", "Errors ≤"), "number"),
    (Text("多发不超过（元）", "Overpaid ≤ (yuan)"), "number"),
    (Text("少发不超过（元）", "Underpaid ≤ (yuan)"), "number"),
    (Text("发放", "Payments"), "k"),
    (Text("自查等级", "Grade"), "k"),
    (Text("自查", "Self-check"), "k"),
)
NOT_VISITED = Text("尚未检查", "not visited yet")
ACCEPTABLE, NOT_ACCEPTABLE = Text("可以接受", "acceptable"), Text("不能接受", "not acceptable")
NOT_YET = Text("证据不足，尚不能接受", "not enough evidence to accept")
RELY = Text("可以依赖", "rely on it")
RELY_PARTLY = Text("只能部分依赖", "rely on in part")
DO_NOT_RELY = Text("不能依赖", "do not rely")
NO_PACKAGE = Text("没有可采信的报送包", "no valid package")
NOT_REPERFORMED = Text("未重做", "not re-performed")
NOT_ENOUGH = Text("证据不足，不评级", "not enough evidence to grade")
UNGRADED_TEXT = Text("错误太少，不评级", "too few errors to grade")
UNGRADED_TEXTS = {sampling.NOT_GRADABLE: UNGRADED_TEXT, sampling.NOT_ENOUGH: NOT_ENOUGH}
LINE = Text("总体结论：发放{payments}；自查{check}。", "In short: payments: {payments}; self-check: {check}.")


def accepts_payments(conclusion: Conclusion, tolerable_rate: Any) -> bool | None:
    """All limits below the tolerable: the rate, over- and underpayment. None before a visit."""
    if not conclusion.visited:
        return None
    tolerable = conclusion.book * Decimal(str(tolerable_rate))
    return all(
        is_below(part["upper_limit"], tolerable) for part in (conclusion.over, conclusion.under) if part
    ) and (conclusion.missed is None or conclusion.missed.accept)


def is_below(limit: str | None, tolerable: Decimal) -> bool:
    """Is there a limit, and below the tolerable?"""
    return limit is not None and Decimal(limit) < tolerable


def reaches_tolerable(conclusion: Conclusion, tolerable_rate: Any) -> bool:
    """Does an estimate itself reach the tolerable? Else what is wanting is evidence. No proof that the truth does: decision 10."""
    rate = Decimal(str(tolerable_rate))
    money = [
        Decimal(part["projected"]) >= conclusion.book * rate
        for part in (conclusion.over, conclusion.under)
        if part
    ]
    return any(money) or (conclusion.missed is not None and Decimal(repr(conclusion.missed.rate)) >= rate)


def payments_verdict(conclusion: Conclusion, results: RecheckResults) -> Text:
    """Acceptable by the limits; not acceptable by an estimate; between the two evidence is wanting."""
    tolerable = results.parameters["sample"]["tolerable_rate"]
    is_acceptable = accepts_payments(conclusion, tolerable)
    if is_acceptable is None:
        return NOT_VISITED
    if is_acceptable:
        return ACCEPTABLE
    return NOT_ACCEPTABLE if reaches_tolerable(conclusion, tolerable) else NOT_YET


def check_verdict(conclusion: Conclusion, grades: Mapping[str, Any], *, has_package: bool) -> Text:
    """May the city rely on the self-check: the best letter yes, below all letters no, between them in part."""
    if not has_package:
        return NO_PACKAGE
    if conclusion.grade is None:
        return NOT_VISITED
    if conclusion.grade.letter in UNGRADED_TEXTS:
        return UNGRADED_TEXTS[conclusion.grade.letter]
    best = max(grades, key=lambda letter: Decimal(str(grades[letter])))
    if conclusion.grade.letter == best:
        return RELY
    return RELY_PARTLY if conclusion.grade.letter in grades else DO_NOT_RELY


def in_short(conclusion: Conclusion, results: RecheckResults) -> Text:
    """The verdict on one county as a sentence."""
    has_package = is_submitted(conclusion.county_code, results)
    check = check_verdict(conclusion, results.parameters["grades"], has_package=has_package)
    return LINE.fill(payments=payments_verdict(conclusion, results), check=check)


def is_submitted(code: str, results: RecheckResults) -> bool:
    """Is there a package of the county to rely on?"""
    return any(county.package is not None for county in results.counties if county.code == code)


def table(results: RecheckResults) -> Any:
    """The verdicts, a line a county."""
    language = results.language
    columns = [Col.of(title.into(language), look) for title, look in COLUMNS]
    rows = [_row(conclusion, results) for conclusion in results.conclusions]
    rows += [
        _cells_without_audit(county.name, language)
        for county in results.counties
        if not county.is_reperformed
    ]
    return markup.table(columns, rows, caption=TITLE.into(language), headed=True, css="cards")


def _cells_without_audit(name: str, language: str) -> list[object]:
    blank = [markup.NOTHING] * (len(COLUMNS) - 3)
    tag = Cell(markup.tag(NOT_REPERFORMED.into(language), "high"))
    return [name, *blank[:3], tag, *blank[3:], tag]


def _row(conclusion: Conclusion, results: RecheckResults) -> list[object]:
    language = results.language
    check = check_verdict(
        conclusion, results.parameters["grades"], has_package=is_submitted(conclusion.county_code, results)
    )
    graded = conclusion.grade is not None and conclusion.grade.letter not in UNGRADED_TEXTS
    return [
        conclusion.county_name,
        *(
            linked(limit, place_of(conclusion.county_code))
            for limit in (
                upper(conclusion.missed.upper_limit) if conclusion.missed else markup.NOTHING,
                *(_yuan(part) for part in (conclusion.over, conclusion.under)),
            )
        ),
        _mark(payments_verdict(conclusion, results), language),
        conclusion.grade.letter if graded and conclusion.grade else markup.NOTHING,
        _mark(check, language),
    ]


def _yuan(part: Mapping[str, Any] | None) -> str:
    return markup.yuan(part["upper_limit"]) if part and part["upper_limit"] else markup.NOTHING


def _mark(verdict: Text, language: str) -> Cell:
    text = verdict.into(language)
    return Cell(markup.tag(text, "high") if verdict in (NOT_ACCEPTABLE, DO_NOT_RELY, NO_PACKAGE) else text)
