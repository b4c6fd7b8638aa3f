"""What a rule's criterion rests on where its findings cite no standard: the requirement, with the document in force in the term.

Where no document's number is known, none is made up: the basis says that it is the county's own rule, or this run's parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from auditlib.base.language import Text
from auditlib.base.terms import first_day
from auditlib.page import markup
from auditlib.report import catalogue


@dataclass(frozen=True)
class Regulation:
    """``name``: its number, or what the law calls it; ``since``, ``until``: the first days (ISO) on which it holds and no longer does."""

    name: Text
    since: str
    until: str = "9999-12-31"


COMPULSORY_LAW = (
    Regulation(
        Text("《中华人民共和国义务教育法》第二条、第十一条", "Compulsory Education Law, articles 2 and 11"),
        "2006-09-01",
    ),
)
BACK_TO_SCHOOL = (Regulation(Text("国办发〔2017〕72号", "国办发〔2017〕72号"), "2017-09-05"),)
RECORDS = (
    Regulation(
        Text(
            "《中小学生学籍管理办法》，未列文号",
            "Rules on school records, no number listed",
        ),
        "2013-09-01",
        "2025-01-03",
    ),
    Regulation(Text("教基〔2025〕1号", "教基〔2025〕1号"), "2025-01-03"),
)
RECOGNITION = (Regulation(Text("教财〔2018〕16号", "教财〔2018〕16号"), "2018-10-30"),)
AID_FUNDS = (
    Regulation(Text("财科教〔2019〕19号", "财科教〔2019〕19号"), "2019-09-01", "2021-12-31"),
    Regulation(Text("财教〔2021〕310号", "财教〔2021〕310号"), "2021-12-31"),
)
CITIZEN_NUMBERS = (Regulation(Text("GB 11643-1999", "GB 11643-1999"), "1999-07-01"),)
DOCUMENTS: Mapping[str, tuple[Regulation, ...]] = {
    "missed.not_found": COMPULSORY_LAW,
    "duplicate.enrolment": RECORDS,
    "mismatch": RECORDS,
    "mismatch.invalid_id": CITIZEN_NUMBERS,
    "procedure.no_application": RECOGNITION,
    "procedure.not_approved": RECOGNITION,
    "procedure.not_posted": RECOGNITION,
    "procedure.order": RECOGNITION,
    "attendance": BACK_TO_SCHOOL,
    "attendance.unregistered": RECORDS,
    "enrolment": BACK_TO_SCHOOL,
    "dropout": BACK_TO_SCHOOL,
    "home.not_enrolled": RECORDS,
    "funds": AID_FUNDS,
}
OWN_RULE = Text("依据本县自行规定", "the county's own rule")
OWN_LIMITS = Text("依据本期核查参数", "this run's parameters")
LIMITS_BESIDE = Text("数值按核查参数", "limits: parameters")
UNNUMBERED = Text("未列文号，依据本期政策参数", "no number listed, this run's policy")
"""Of a standard whose documents tell no number."""
OF_POLICY = ("duplicate.same_scheme", "duplicate.exclusive_schemes", "amount", "totals.loan_ceiling")
"""What the policy files of the run lay down: which schemes exclude each other, standards, ceilings."""
PLAIN = (OWN_RULE, OWN_LIMITS, UNNUMBERED)
"""What stands where neither a number nor the name of a law does."""
WITH_SOURCE = Text("{text}（{source}）", "{text} ({source})")
ATTENDANCE = Text(
    "控辍保学：学籍与在校情况每学期核对",
    "Keeping children at school: register and attendance compared each term",
)
ONE_RECORD = Text(
    "学籍管理：一人一籍、籍随人走、人籍一致", "School records: one child, one record, which agree"
)
ON_RECORD = Text(
    "学籍管理：在校就读和送教上门的学生都建立学籍",
    "School records: every child at school or taught at home has one",
)
CHAIN = Text(
    "资助工作流程：申请、评议、审批、公示、上报、发放依次进行",
    "The order of the work: application, review, approval, posting, report, payment",
)
OWN_CARD = Text(
    "资助款直接发放到受助学生本人或其监护人的账户", "Aid goes to an account of the pupil or of its guardian"
)
LISTED_TEXT = Text(
    "资助对象为基准日（{count_date}）在资格名册上的学生",
    "Aid is for pupils on an eligibility register on the count date ({count_date})",
)
LETTERS = Text(
    "县外就读函告：发函、回函（{reply_by}前）和县级兜底",
    "Letters on pupils elsewhere: sent, answered (by {reply_by}), the county's fallback",
)
OF_AGE = Text(
    "义务教育：适龄儿童（{first}–{last} 周岁）都在校就读",
    "Compulsory education: every child of {first} to {last} is at school",
)
MONEY = Text(
    "资助资金专款专用、足额发放，资金台账收支相符",
    "Aid money is for aid alone and paid in full; its ledger balances",
)
BASES: Mapping[str, Text] = {
    "missed": Text("应助尽助：基准日（{count_date}）在册、在读的学生全部落实资助", "Everybody on a register and at school on the count date ({count_date}) is aided"),
    "missed.out_of_county": LETTERS,
    "missed.not_found": OF_AGE,
    "missed.not_placed": Text("名册儿童去向逐人落实", "The whereabouts of every child of the registers are known"),
    "duplicate": Text("同一项目一学期只发一次，互斥项目不同时享受", "A scheme is paid once a term, schemes that exclude each other not together"),
    "duplicate.shared_account": OWN_CARD,
    "duplicate.enrolment": ONE_RECORD,
    "mismatch": ONE_RECORD,
    "mismatch.invalid_id": Text("公民身份号码：位数、地区、日期和校验码都可能存在", "Citizens' numbers: a length, an area, a date and a check digit that can be"),
    "ineligible": LISTED_TEXT,
    "amount": Text("按当学期执行的标准发放", "Paid by the standard in force in the term"),
    "procedure": CHAIN,
    "procedure.applied_late": Text("按学期申请：秋季 9 月底、春季 2 月底前", "Applications each term: by the end of September or of February"),
    "procedure.other_term": Text("按学期申请：秋季 9 月底、春季 2 月底前", "Applications each term: by the end of September or of February"),
    "procedure.panel_small": Text("认定评审小组不少于 {panel_size} 人", "A panel of at least {panel_size}"),
    "procedure.over_quota": Text("下达的资助名额", "The places allotted"),
    "procedure.not_posted": Text("公示不少于 {posting_days} 个工作日", "A posting of at least {posting_days} working days"),
    "procedure.posting_short": Text("公示不少于 {posting_days} 个工作日", "A posting of at least {posting_days} working days"),
    "procedure.paid_before_posting_ended": Text("公示不少于 {posting_days} 个工作日，期满后发放", "A posting of at least {posting_days} working days, payment after it"),
    "procedure.paid_late": Text("本学期资助款 {pay_by}前发放到位", "Aid of the term is paid by {pay_by}"),
    "procedure.account_holder": OWN_CARD,
    "totals": Text("上报数与明细一致", "What is reported agrees with the detail"),
    "totals.loan_ceiling": Text("国家助学贷款：每份合同不超过签订学期的上限", "Student loans: no contract is above the ceiling of the term in which it is signed"),
    "letters": LETTERS,
    "attendance": ATTENDANCE,
    "attendance.unregistered": ON_RECORD,
    "enrolment": ATTENDANCE,
    "dropout": Text("控辍保学：辍学学生限期（通知后 {notice_days} 天）复学，逐人劝返销号", "Keeping children at school: back within {notice_days} days of the notice, one by one"),
    "unable": Text("不具备学习条件的，由教育、残联、卫健、民政共同认定", "Who cannot attend is certified by education, disabled federation, health and civil affairs"),
    "home": Text("送教上门每月不少于 {home_visits} 次、每次 {home_lessons} 课时", "At least {home_visits} home visits a month of {home_lessons} lessons"),
    "home.not_enrolled": ON_RECORD,
    "payments": Text("代发名单与审批的名单一致", "The bank's list is the approved one"),
    "funds": MONEY,
    "funds.idle": Text("资金到账后 {idle_days} 天内拨付", "Money is paid out within {idle_days} days"),
    "issues": Text("整改清单规定的期限和佐证", "Deadlines and evidence of the list of issues"),
    "warning": Text("漏资助及时预警：发放前名单不漏一人", "Early warning: nobody is left out of the list before it is paid"),
}  # fmt: skip


OF_STANDARDS = ("missed", "duplicate", "mismatch", "ineligible", "amount")
"""Families that ask who is paid what: the standards that their findings cite are the basis. What others find in a scheme cites
its standard too, which does not hold what they ask for."""


def is_told_beside_standards(rule: str) -> bool:
    """Is the basis in words told though the findings of ``rule`` cite a standard?"""
    return catalogue.family(rule) not in OF_STANDARDS


def basis_of(rule: str, parameters: Mapping[str, Any]) -> Text:
    """What the criterion of ``rule`` rests on, with the limits and dates of the run's ``parameters``."""
    text = BASES.get(rule) or BASES.get(catalogue.family(rule), catalogue.NOT_LISTED)
    limits = {"count_date": parameters.get("count_date", ""), **(parameters.get("thresholds") or {})}
    first, last = (parameters.get("ages") or {}).get("compulsory") or (6, 15)
    limits |= {"first": first, "last": last}
    filled = Text(
        text.zh.format_map(_limit_words(limits, "zh")), text.en.format_map(_limit_words(limits, "en"))
    )
    return WITH_SOURCE.fill(text=filled, source=_source(rule, text, parameters.get("term")))


def _source(rule: str, text: Text, term: str | None) -> Text:
    """The documents of ``rule`` in force on the first day of ``term``; else in plain words whose rule or limit it is."""
    day = first_day(term).isoformat() if term else max(each.since for each in RECORDS)
    documents = DOCUMENTS.get(rule) or DOCUMENTS.get(catalogue.family(rule), ())
    names = [each.name for each in documents if each.since <= day < each.until]
    has_limits = any(name for _text, name, _spec, _conversion in Formatter().parse(text.zh))
    if not names and (rule in OF_POLICY or catalogue.family(rule) in OF_POLICY):
        return UNNUMBERED
    if not names:
        return OWN_LIMITS if has_limits else OWN_RULE
    parts = [*names, *([LIMITS_BESIDE] if has_limits else [])]
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _limit_words(limits: Mapping[str, Any], language: str) -> dict[str, str]:
    """Dates as people write them; numbers as they are; a limit that an older run does not tell stays open."""
    words = defaultdict[str, str](lambda: "…")
    for name, value in limits.items():
        words[name] = markup.day(value, language) if str(value).count("-") == 2 else str(value)
    return words
