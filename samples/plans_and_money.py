"""What was to be paid, to how many, out of which money; and what other inspections want put right."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

from samples import rates
from samples.books import Books, row_fen
from samples.cases import Cases
from samples.model import Child, Row, School, fen, yuan
from samples.pupils_left import PupilsLeft

SCHEME_OF = {name: scheme for scheme, names in rates.SPELLINGS.items() for name in names}
TWO_LISTS, OVER = "payments.two_lists", "procedure.over_quota"
IDLE, UNRECONCILED = "funds.idle", "funds.unreconciled"
OVERDUE, NO_EVIDENCE = "issues.overdue", "issues.no_evidence"
MORE = fen(100)  # planned above what was paid
OVER_BY, FREE_PLACES = 12, 20
QUOTA_SCHEMES = (rates.GRANT, rates.WAIVER, rates.SPECIAL)
LYING, OFF = fen(1500), fen(600)
LISTS = ("省级控辍保学专项督查反馈", "市级学生资助审计整改")


def plan_special(cases: Cases, pupils_left: PupilsLeft, special: School) -> None:
    """The special school's list of what was to be paid: three stand in the list alone, three were paid alone, three otherwise."""
    books = cases.books
    paid = {
        child: rows
        for child, rows in books.paid.items()
        if any(SCHEME_OF[row.cells["scheme"]] == rates.SPECIAL and books.counts(row) for row in rows)
    }
    regular = [c for c, rows in paid.items() if c not in books.used and len(rows) == 1 and not rows[0].raw]
    plan_gaps, otherwise = regular[: cases.count], regular[cases.count : 2 * cases.count]
    for child in paid:
        if child not in plan_gaps:
            amount = sum(row_fen(row) for row in paid[child] if books.counts(row))
            row = _plan(books, child, special, amount + (MORE if child in otherwise else 0))
            if child in otherwise:
                _differ(books, child, [row, *paid[child]], "other_amount", MORE)
    for child in plan_gaps:
        _differ(books, child, paid[child], "paid_not_planned", rates.SPECIAL_RATE)
    for child in pupils_left.unlisted(cases.count):
        row = _plan(books, child, special, rates.SPECIAL_RATE)
        _differ(books, child, [row], "planned_not_paid", rates.SPECIAL_RATE)


def _plan(books: Books, child: Child, school: School, amount: int) -> Row:
    cells = {
        "payment_no": "",
        "name": child.name,
        "id_number": child.id_number,
        "school_name": school.name,
        "scheme": rates.SPELLINGS[rates.SPECIAL][0],
        "amount": yuan(amount),
    }
    return books.add(Row("planned", cells, file="planned"))


def _differ(books: Books, child: Child, records: list[Row], reason: str, stake: int) -> None:
    books.answer(
        TWO_LISTS,
        child,
        records,
        reason.replace("_", " "),
        reason=reason,
        scheme=rates.SPECIAL,
        at_stake=stake,
    )


def set_quotas(cases: Cases) -> None:
    """Places of three schemes a school: more pupils than places at three, room at the others."""
    books = cases.books
    paid: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in books.rows["payments"]:
        scheme = SCHEME_OF[row.cells["scheme"]]
        if scheme in QUOTA_SCHEMES and books.counts(row) and row_fen(row) > 0:
            paid[row.cells["school_code"], scheme].add(row.cells["id_number"])
    names = {school.code: school.name for school in books.schools.schools}
    places = sorted((code, scheme, len(who)) for (code, scheme), who in paid.items() if len(who) > OVER_BY)
    for at, (code, scheme, number) in enumerate(places):
        is_over = at % 2 == 0 and at < 2 * cases.count
        cells = {"school_name": names[code], "scheme": rates.SPELLINGS[scheme][0]}
        cells["places"] = str(number - OVER_BY if is_over else number + FREE_PLACES)
        row = books.add(Row("quotas", cells, file="quotas"))
        if is_over:
            note = f"{OVER_BY} more than places"
            books.answer(OVER, None, [row], note, reason="over_quota", scheme=scheme, at_stake=0)
        elif at < 2 * cases.count:
            books.trap(OVER, None, [row], "room for more", scheme=scheme)


def book_funds(cases: Cases) -> None:
    """Money by scheme: of three a part lies idle, of three more or less is booked than pupils were paid."""
    books = cases.books
    paid: Counter[str] = Counter()
    for row in books.rows["payments"]:
        if books.counts(row):
            paid[SCHEME_OF[row.cells["scheme"]]] += row_fen(row)
    early, late = cases.term.first_day + dt.timedelta(days=24), cases.term.pay_by - dt.timedelta(days=10)
    idle = (rates.BOARDER, rates.GRANT, rates.WAIVER)
    off = {rates.SPECIAL: OFF, rates.VOCATIONAL: -OFF, rates.PRESCHOOL: 2 * OFF}
    for n, (scheme, net) in enumerate(sorted(paid.items()), 1):
        out = net + off.get(scheme, 0)
        lying = LYING * n if scheme in idle else 0
        row = _fund(books, n, scheme, out + lying, out, early)
        if scheme in idle:
            note = f"{yuan(lying)} yuan lie idle"
            books.answer(IDLE, None, [row], note, reason="partly_paid", scheme=scheme, at_stake=lying)
        elif scheme in off:
            note = f"{yuan(off[scheme])} yuan more booked than paid"
            stake = abs(off[scheme])
            books.answer(
                UNRECONCILED, None, [row], note, reason="payments_differ", scheme=scheme, at_stake=stake
            )
        else:
            row = _fund(books, 90 + n, scheme, LYING, 0, late)
            books.trap(IDLE, None, [row], "received in the last days before payment", scheme=scheme)


def _fund(books: Books, number: int, scheme: str, allotment: int, out: int, day: dt.date) -> Row:
    cells = {
        "document_no": f"青财教〔2020〕{number}号",
        "scheme": rates.SPELLINGS[scheme][0],
        "allotted": yuan(allotment),
        "received_on": day.isoformat(),
        "paid_out": yuan(out),
        "balance": yuan(allotment - out),
    }
    return books.add(Row("funds", cells, file="funds"))


MEASURES = (  # list, measure, responsible, days from the count date, state, closed (days), evidence; rule or why it is none
    (0, "逐户核实未入学残疾儿童并落实送教", "唐国平", -30, "进行中", None, "", OVERDUE),
    (0, "补齐疑似失学儿童限期复学通知书", "蒋晓云", -16, "阶段性成果", None, "", OVERDUE),
    (1, "追回重复发放的生活补助", "彭志华", -1, "未完成", None, "", OVERDUE),
    (0, "完善控辍保学双线责任制", "唐国平", -30, "已完成", -35, "", NO_EVIDENCE),
    (1, "更正学籍与资助系统不一致的信息", "彭志华", -20, "立行立改", None, "", NO_EVIDENCE),
    (1, "公示内容删除身份证号等个人信息", "杨慧", -20, "已完成", -25, "", NO_EVIDENCE),
    (0, "每月比对学籍与脱贫户信息", "蒋晓云", -30, "长期坚持", None, "", "to be kept up for good"),
    (0, "开展秋季学期开学核查", "唐国平", 0, "进行中", None, "", "its last day is the count date"),
    (1, "补发漏助学生生活补助", "彭志华", -15, "已完成", -18, "银行回单、补发名册", "closed in time, with evidence"),
    (1, "退还多收的住宿费", "杨慧", -40, "立行立改", None, "退费凭证", "put right at once, with evidence"),
)  # fmt: skip
REASON = {OVERDUE: "past_due", NO_EVIDENCE: "no_evidence"}


def list_measures(cases: Cases) -> None:
    """Two lists of other inspections."""
    books = cases.books
    for which, measure, who, due, state, closed, evidence, rule in MEASURES:
        cells = {
            "list_name": LISTS[which],
            "measure": measure,
            "responsible": who,
            "due_on": cases.day(due),
            "state": state,
            "closed_on": "" if closed is None else cases.day(closed),
            "evidence": evidence,
        }
        row = books.add(Row("issues", cells, file="issues", sheet=("省级督查", "市级审计")[which]))
        if rule in REASON:
            books.answer(rule, None, [row], measure, reason=REASON[rule], at_stake=0)
        else:
            books.trap(OVERDUE, None, [row], rule)
