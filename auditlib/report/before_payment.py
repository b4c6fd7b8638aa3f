"""漏资助及时预警: what a check says that was made while the term's money was still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.report.bridge import Tell, plain
from auditlib.report.verdict import number

WARNING, PASSED_RULE = "warning.not_in_plan", "warning.passed_over"
UNDER_WAY = Text(
    "数据截至 {as_of}，发放期到 {pay_by}：名册儿童中 {n} 人尚未发放，不作漏助，期满后须再核对一次。",
    "The data are as of {as_of}, and payment lasts until {pay_by}: {n} children of the registers are not paid yet, which is not "
    "counted as missed. Check again when it is over.",
)
NO_PAYMENTS = Text(
    "没有发放明细，本次是发放前核对：名册儿童中 {n} 人已在拟发放名单，尚未发放不作漏助，发放后须再核对一次。",
    "No list of payments was delivered: this is a check before the money is paid. {n} children of the registers are in the list of "
    "planned payments; not yet paid is not counted as missed. Check again when they are.",
)
WARNED_TEXT = Text(
    "应助而不在拟发放名单的 {n} 人，请在发放前补报。",
    "{n} who are entitled are in no list: add them before the money is paid.",
)
NOBODY_WARNED = Text(
    "名单已交来的范围内，没有发现应助而未列入的学生。",
    "Within the lists delivered, nobody entitled was found to be left out.",
)
PASSED_OVER = Text(
    "已在拟发放名单、同校该项目已发放而其本人还没有的 {n} 人，请逐人问明。",
    "{n} are planned and not paid while their school's others are: ask about each.",
)
EARLY = Text(
    "数据早于核定基准日（{count_date}），其后的转学、纳入和退出不在其内。",
    "The data are from before the count date ({count_date}): whoever moves, is listed or taken off after them is not in them.",
)
PERHAPS = Text(
    "“应助未助”中有 {n} 人已在拟发放名单，其学校还没有该项目的任何发放。如果数据截至时发放尚未结束，请填写“数据截至日期”（as_of）再核对一次，"
    "尚未发放的就不作漏助。",
    "Of those entitled and not paid, {n} are in the list of planned payments, and their school has no payment of the scheme at all. If "
    "payment was still under way when the data were drawn, give the day as of which they were (as_of) and check again: not yet "
    "paid is then not counted as missed.",
)


def sentences(results: Results, tell: Tell = plain, count: Callable[[int], str] = markup.count) -> list[Text]:
    """What is not paid yet, who is in no list, and whether the data are from before the count date; empty once the term's money is
    paid. ``tell``: a figure as the page shows it; ``count``: how a number of children is told."""
    parameters, language = results.parameters, str(results.parameters.get("language", "zh"))
    as_of, pay_by = parameters.get("as_of"), parameters["thresholds"]["pay_by"]
    texts = []
    if as_of and _day(as_of) < _day(pay_by):
        days = {"as_of": markup.day(as_of, language), "pay_by": markup.day(pay_by, language)}
        texts = [
            UNDER_WAY.fill(n=tell("awaited_children", count(_awaited(results))), **days),
            *_warnings(results, tell, count),
            *_passed_over(results, tell, count),
        ]
    elif _is_planned_only(results):
        texts = [
            NO_PAYMENTS.fill(n=tell("awaited_children", count(_awaited(results)))),
            *_warnings(results, tell, count),
            *_passed_over(results, tell, count),
        ]
    elif number(results.conclusion, "perhaps_awaited"):
        texts = [PERHAPS.fill(n=tell("unpaid", count(number(results.conclusion, "perhaps_awaited"))))]
    if as_of and _day(as_of) < _day(parameters["count_date"]):
        texts.append(EARLY.fill(count_date=markup.day(parameters["count_date"], language)))
    return texts


def _day(value: object) -> dt.date:
    return dt.date.fromisoformat(str(value))


def _awaited(results: Results) -> int:
    account = results.children
    return int(account.loc[account["state"] == "awaited", "pupils"].sum())


def _is_planned_only(results: Results) -> bool:
    delivered_tables = set(results.funnel["table"])
    return "planned" in delivered_tables and "payments" not in delivered_tables


def _warnings(results: Results, tell: Tell, count: Callable[[int], str]) -> list[Text]:
    rules = results.rules.set_index("rule")
    if WARNING not in rules.index or rules.loc[WARNING, "status"] != "run":
        return []
    children = int((results.findings["rule"] == WARNING).sum())
    return [WARNED_TEXT.fill(n=tell("warned", count(children))) if children else NOBODY_WARNED]


def _passed_over(results: Results, tell: Tell, count: Callable[[int], str]) -> list[Text]:
    findings = results.findings[results.findings["rule"] == PASSED_RULE]
    children = findings[["name", "id_number", "student_no"]].drop_duplicates()
    return [PASSED_OVER.fill(n=tell("passed_over", count(len(children))))] if len(children) else []
