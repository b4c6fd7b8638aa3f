"""The verdict on each county in a line: are the payments acceptable, may the city rely on the self-check."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from auditlib import sampling
from auditlib.base.language import Text
from auditlib.city.conclude import Conclusion
from auditlib.city.report.words import upper
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
RELY = Text("可以依赖", "rely on it")
RELY_PARTLY = Text("只能部分依赖", "rely on in part")
DO_NOT_RELY = Text("不能依赖", "do not rely")
NO_PACKAGE = Text("没有可采信的报送包", "no valid package")
NOT_REPERFORMED = Text("未重做", "not re-performed")
UNGRADED = Text("错误太少，不评级", "too few errors to grade")
LINE = Text("总的看：发放{payments}；自查{check}。", "In short: payments: {payments}; self-check: {check}.")


def accepts_payments(made: Conclusion, tolerable_rate: Any) -> bool | None:
    """All limits below the tolerable: the rate, over- and underpayment. None before a visit."""
    if not made.visited:
        return None
    tolerable = made.book * Decimal(str(tolerable_rate))
    money = [Decimal(part["upper_limit"]) < tolerable for part in (made.over, made.under) if part]
    return all(money) and (made.missed is None or made.missed.accept)


def payments_verdict(made: Conclusion, results: RecheckResults) -> Text:
    """Acceptable or not, by the limits."""
    accepted = accepts_payments(made, results.parameters["sample"]["tolerable_rate"])
    return {None: NOT_VISITED, True: ACCEPTABLE, False: NOT_ACCEPTABLE}[accepted]


def check_verdict(made: Conclusion, grades: Mapping[str, Any], *, submitted: bool) -> Text:
    """May the city rely on the self-check: the best letter yes, below all letters no, between them in part."""
    if not submitted:
        return NO_PACKAGE
    if made.grade is None:
        return NOT_VISITED
    if made.grade.letter == sampling.NOT_GRADABLE:
        return UNGRADED
    best = max(grades, key=lambda letter: Decimal(str(grades[letter])))
    if made.grade.letter == best:
        return RELY
    return RELY_PARTLY if made.grade.letter in grades else DO_NOT_RELY


def in_short(made: Conclusion, results: RecheckResults) -> Text:
    """The verdict on one county as a sentence."""
    submitted = is_submitted(made.county_code, results)
    check = check_verdict(made, results.parameters["grades"], submitted=submitted)
    return LINE.fill(payments=payments_verdict(made, results), check=check)


def is_submitted(code: str, results: RecheckResults) -> bool:
    """Is there a package of the county to rely on?"""
    return any(county.package is not None for county in results.counties if county.code == code)


def table(results: RecheckResults) -> Any:
    """The verdicts, a line a county."""
    language = results.language
    columns = [Col.of(title.into(language), look) for title, look in COLUMNS]
    rows = [_row(made, results) for made in results.conclusions]
    rows += [_unaudited(county.name, language) for county in results.counties if not county.is_reperformed]
    return markup.table(columns, rows, caption=TITLE.into(language), headed=True)


def _unaudited(name: str, language: str) -> list[object]:
    blank = [markup.NOTHING] * (len(COLUMNS) - 3)
    said = Cell(markup.tag(NOT_REPERFORMED.into(language), "high"))
    return [name, *blank[:3], said, *blank[3:], said]


def _row(made: Conclusion, results: RecheckResults) -> list[object]:
    language = results.language
    check = check_verdict(
        made, results.parameters["grades"], submitted=is_submitted(made.county_code, results)
    )
    graded = made.grade is not None and made.grade.letter != sampling.NOT_GRADABLE
    return [
        made.county_name,
        upper(made.missed.upper_limit) if made.missed else markup.NOTHING,
        *(markup.yuan(part["upper_limit"]) if part else markup.NOTHING for part in (made.over, made.under)),
        _marked(payments_verdict(made, results), language),
        made.grade.letter if graded and made.grade else markup.NOTHING,
        _marked(check, language),
    ]


def _marked(verdict: Text, language: str) -> Cell:
    text = verdict.into(language)
    return Cell(markup.tag(text, "high") if verdict in (NOT_ACCEPTABLE, DO_NOT_RELY, NO_PACKAGE) else text)
