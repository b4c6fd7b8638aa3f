"""资金与整改: money received and not paid out, other inspections' lists not closed."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import is_paying
from auditlib.base.language import Text
from auditlib.base.logic import NO_TEXT, YUAN, beside, record, values_of, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, zero
from auditlib.rules.registry import flags, passes, rule, untested

NO_CLOSURE = ("lasting",)  # of what is to be kept up for good nobody expects that it is closed
DONE_STATES = ("done", "immediate")  # put right at once is done, and rests on evidence as well
NO_SCHEME = ""
NAMELESS = {"scheme": NO_SCHEME}
BOTH_ROWS: list[dict[str, str]] = [{}, {"scheme": "市级增补", "amount": "500"}]
# They change nothing but that each example is a county by itself: a ledger without schemes is one account.
ONE, ANOTHER, THIRD, FOURTH, FIFTH = ({"idle_days": days} for days in (27, 28, 29, 31, 32))
COUNTED_OTHERWISE = Text("口径或统计日期不同", "counted on another basis or day")


@rule(
    "funds.idle",
    zh="资金滞留",
    en="Money idle",
    criterion="资金到账超过规定天数，到发放截止日仍未拨付完。",
    message=Text("到账 {allotted} 元，已拨付 {paid_out} 元", "{allotted} yuan received, {paid_out} paid out"),
    severity="medium",
    subject="measure",
    needs=("funds", "funds.allotted", "funds.received_on", "funds.paid_out"),
    innocent=[Text("项目结余，待下学期使用", "a balance to be used next term"), Text("拨付数未及时登记", "the payment was made and is not yet entered")],
    examples=[
        passes("all of it paid out", funds={}),
        flags("a part lies idle", funds={"paid_out": "600"}, reason="partly_paid", at_stake="400.00"),
        flags("nothing was paid out", funds={"paid_out": "", "balance": "", "received_on": "2020-12-01"}, reason="nothing_paid", at_stake="1000.00"),
        passes("what was paid out is not written, and nothing is left", funds={"paid_out": "", "balance": "0"}),
        passes("received ten days before the files were drawn", funds={"scheme": "高中助学金", "paid_out": "0", "balance": "1000", "received_on": "2020-09-30"}, parameters={"as_of": "2020-10-10"}),
        passes("received less than thirty days before the last day for paying", funds={"paid_out": "0", "received_on": "2020-12-02"}),
        untested("no row tells what was paid out", funds={"paid_out": "", "balance": ""}, reason="amount_unreadable", parameters=FOURTH),
        untested("no day of receipt", funds={"paid_out": "0", "received_on": ""}, reason="date_unreadable"),
        untested("a sum that cannot be read", funds={"paid_out": "大部分"}, reason="amount_unreadable"),
    ],
)  # fmt: skip
def idle(audit: Audit) -> ir.Table:
    """Money that was received is paid out in time."""
    limits = audit.parameters.thresholds
    day = min(limits.pay_by, audit.parameters.as_of or limits.pay_by)
    last = ibis.literal(day - dt.timedelta(days=limits.idle_days))
    rows = _funds(audit)
    # An empty cell says that nothing was paid out yet; a column without any figure says nothing of the money.
    rows = rows.cross_join(rows.agg(is_booked=_.paid_out.notnull().any()))
    documents = rows.group_by(measure=_.document_no.fill_null("") + "|" + _.scheme.fill_null("")).agg(
        allotted=_.allotted.sum().cast(YUAN), paid_out=_.paid_out.sum().fill_null(0).cast(YUAN),
        received=_.received_on.min(), unread=_.allotted_defect.notnull().any() | _.paid_out_defect.notnull().any(),
        scheme=_.scheme.min(), is_booked=_.is_booked.any(), rests_on=values_of(record("funds")),
    )  # fmt: skip
    lying = _.allotted > _.paid_out
    return documents.mutate(
        untested=ibis.cases(
            (_.unread | _.allotted.isnull() | ~_.is_booked, "amount_unreadable"),
            (lying & _.received.isnull(), "date_unreadable"),
            else_=NO_REASON,
        ),
        reason=ibis.ifelse(_.paid_out > 0, "partly_paid", "nothing_paid"),
        at_stake=_.allotted - _.paid_out,
        person_id=NO_TEXT,
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, lying & yes(_.received <= last)))


def _funds(audit: Audit) -> ir.Table:
    """Rows of the ledger of money that could be read; where ``paid_out`` is left empty, and the balance is written, that tells it."""
    rows = audit.rows["funds"].filter(_.rejected.isnull())
    by_balance = ibis.ifelse(_.paid_out_defect.isnull(), (_.allotted - _.balance).cast(YUAN), ibis.null(YUAN))
    return rows.mutate(paid_out=_.paid_out.coalesce(by_balance))


@rule(
    "funds.unreconciled",
    zh="资金账实不符",
    en="Money does not reconcile",
    criterion="到账减已拨付不等于所列结余，或一个项目（台账不分项目的，全部项目）已拨付的合计与发放明细成功发放的净额不一致。",
    message=Text("{reason_text}：账面 {booked} 元，核对 {counted} 元", "{reason_text}: {booked} yuan booked, {counted} counted"),
    severity="medium",
    subject="scheme",
    needs=("funds", "funds.paid_out"),
    reads=("payments",),
    innocent=[COUNTED_OTHERWISE, Text("拨付在本学期、发放在下学期", "paid out this term, paid to pupils the next")],
    examples=[
        passes("what was paid out is what pupils were paid", enrolment={"stage": "高中", "grade": "高一"}, payments={"scheme": "高中助学金", "amount": "1000"},
               funds={"scheme": "高中助学金", "paid_out": "1000"}),
        flags("more paid out than pupils were paid", eligibility={"category": "建档立卡"}, payments=[{}, {"scheme": "市级增补", "amount": "500"}],
              funds={"scheme": "市级增补", "allotted": "600", "paid_out": "600", "balance": "0"}, reason="payments_differ", at_stake="100.00"),
        untested("a scheme of which no payments were delivered", funds={"scheme": "中职助学金"}, reason="term_not_delivered"),
        flags("received less paid out is not the balance", funds={"scheme": "学前资助", "allotted": "1000", "paid_out": "600", "balance": "500"},
              reason="balance_differs", at_stake="100.00", also=["funds.idle"]),
        untested("more paid out than pupils were paid, while payment lasts", eligibility={"category": "建档立卡"}, payments=[{}, {"scheme": "市级增补", "amount": "500"}],
                 funds={"scheme": "市级增补", "allotted": "600", "paid_out": "600", "balance": "0"}, reason="not_yet_paid", parameters={"as_of": "2020-12-30"}),
        untested("a sum that cannot be read", funds={"scheme": "中职免学费", "paid_out": "大部分"}, reason="amount_unreadable"),
        untested("what was paid out is not written, nor a balance", funds={"scheme": "中职国家助学金", "paid_out": "", "balance": "", "received_on": "2020-12-20"}, reason="paid_out_not_stated", parameters=FIFTH),
        untested("of one of two sums of a scheme it is not written what was paid out", funds=[{"scheme": "中职免学费"}, {"scheme": "中职免学费", "document_no": "财教2号", "paid_out": "", "balance": "", "received_on": "2020-12-20"}], reason="paid_out_not_stated", parameters=FIFTH),
        passes("what was paid out is not written, and the balance tells that it was all", payments=BOTH_ROWS, eligibility={"category": "建档立卡"}, funds={"scheme": "市级增补", "allotted": "500", "paid_out": "", "balance": "0"}, parameters=FIFTH),
        flags("what was paid out is not written, by the balance it is less than pupils were paid", enrolment={"stage": "高中", "grade": "高一"}, payments={"scheme": "高中助学金", "amount": "1000"},
              funds={"scheme": "高中助学金", "paid_out": "", "balance": "1000", "received_on": "2020-12-20"}, reason="payments_differ", at_stake="1000.00", parameters=FIFTH),
        flags("no scheme named: received less paid out is not the balance", funds={"scheme": "", "allotted": "1000", "paid_out": "600", "balance": "500"}, reason="balance_differs", at_stake="100.00", also=["funds.idle"]),
        flags("no scheme in the whole ledger: more paid out than all pupils were paid", eligibility={"category": "建档立卡"}, payments=BOTH_ROWS,
              funds=[NAMELESS | {"paid_out": "600", "allotted": "600"}, NAMELESS | {"document_no": "财教2号", "paid_out": "500", "allotted": "500"}], reason="payments_differ", at_stake="100.00", parameters=ONE),
        passes("no scheme in the whole ledger: all paid out is what all pupils were paid", eligibility={"category": "建档立卡"}, payments=BOTH_ROWS, funds=NAMELESS, parameters=ANOTHER),
        untested("no scheme in a row, in another there is", payments=BOTH_ROWS, eligibility={"category": "建档立卡"}, funds=[NAMELESS, {"paid_out": "500", "allotted": "500"}], reason="scheme_not_stated", parameters=THIRD),
    ],
)  # fmt: skip
def unreconciled(audit: Audit) -> ir.Table:
    """Received less paid out is the balance, and what was paid out of a scheme is what its pupils were paid.

    Rows that name no scheme are one account; where no row names one it is held against the payments of all schemes.
    """
    rows = _funds(audit).mutate(scheme=_.scheme.fill_null(NO_SCHEME))
    # What was paid out is not nothing where nobody wrote it down.
    left = _.allotted - _.paid_out
    schemes = rows.mutate(gap=(left - _.balance).abs(), left=left).group_by("scheme").agg(
        paid_out=_.paid_out.sum().cast(YUAN), unwritten=_.paid_out.isnull().any(), gap=_.gap.sum().cast(YUAN), left=_.left.sum(where=_.balance.notnull()).cast(YUAN),
        balance=_.balance.sum().cast(YUAN), unread=_.paid_out_defect.notnull().any() | _.balance_defect.notnull().any(),
        rests_on=values_of(record("funds")),
    )  # fmt: skip
    success = audit.rows["payments"].filter(
        _.rejected.isnull(), _.result == "success", _.term == audit.parameters.term
    )
    paid = success.group_by("scheme").agg(net=_.amount.sum().cast(YUAN))
    all_paid = success.agg(net=_.amount.sum().cast(YUAN)).mutate(scheme=ibis.literal(NO_SCHEME))
    accounts = beside(schemes, paid.union(all_paid.select("scheme", "net")), "scheme")
    accounts = accounts.cross_join(rows.agg(named=(_.scheme != NO_SCHEME).any()))
    unbalanced = (_.gap > 0).fill_null(False)
    return accounts.mutate(
        untested=ibis.cases(
            (_.unread, "amount_unreadable"),
            (~unbalanced & _.unwritten, "paid_out_not_stated"),
            (~unbalanced & (_.scheme == NO_SCHEME) & _.named, "scheme_not_stated"),
            (~unbalanced & _.net.isnull(), "term_not_delivered"),
            (~unbalanced & (_.paid_out > _.net) & is_paying(audit), "not_yet_paid"),
            else_=NO_REASON,
        ),
        reason=ibis.ifelse(unbalanced, "balance_differs", "payments_differ"),
        booked=ibis.ifelse(unbalanced, _.balance, _.paid_out),
        counted=ibis.ifelse(unbalanced, _.left, _.net),
        at_stake=ibis.ifelse(unbalanced, _.gap, (_.paid_out - _.net).abs()),
        person_id=NO_TEXT,
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, unbalanced | (_.paid_out != _.net)))


def _measures(audit: Audit) -> ir.Table:
    """Issues by list and measure: the rows of one measure are one subject."""
    rows = audit.rows["issues"].filter(_.rejected.isnull())
    return rows.group_by(measure=_.list_name.fill_null("") + "|" + _.measure).agg(
        due=_.due_on.max(), due_unread=_.due_on_defect.notnull().any(), closed=_.closed_on.min(),
        closed_unread=_.closed_on_defect.notnull().any(), done=_.state.isin(DONE_STATES).fill_null(False).any(),
        lasting=_.state.isin(NO_CLOSURE).fill_null(False).any(), evidence=_.evidence.notnull().any(),
        measure_text=_.measure.min(), rests_on=values_of(record("issues")),
    )  # fmt: skip


@rule(
    "issues.overdue",
    zh="整改逾期",
    en="Rectification overdue",
    criterion="其他检查所列问题，过整改时限而未完成、未销号（长期坚持的除外）。",
    message=Text("整改时限已过，未销号：{measure_text}", "past its day and not closed: {measure_text}"),
    severity="medium",
    subject="measure",
    needs=("issues", "issues.due_on"),
    innocent=[Text("已完成，清单未更新", "done by now, the list has not followed")],
    examples=[
        passes("closed in time", issues={}),
        flags("past its day and open", issues={"measure": "追回重复发放", "state": "进行中", "closed_on": ""}, reason="past_due", at_stake="0.00"),
        passes("its last day is to come when the files are drawn", issues={"measure": "补签名册", "state": "进行中", "closed_on": ""}, parameters={"as_of": "2020-10-10"}),
        passes("its last day is the count date", issues={"measure": "核对名册", "state": "进行中", "closed_on": "", "due_on": "2020-10-31"}),
        passes("to be kept up for good", issues={"measure": "每月调度", "state": "长期坚持", "closed_on": ""}),
        passes("put right at once, the day not written", issues={"measure": "更正台账", "state": "立行立改", "closed_on": ""}),
        flags("past its day, done in part", issues={"measure": "清理账户", "state": "阶段性成果", "closed_on": ""}, reason="past_due"),
        passes("done, the day not written", issues={"measure": "公示名单", "closed_on": ""}),
        untested("a day that cannot be read", issues={"measure": "开展培训", "state": "进行中", "closed_on": "", "due_on": "年底"}, reason="date_unreadable"),
        untested("no day", issues={"measure": "完善制度", "state": "进行中", "closed_on": "", "due_on": ""}, reason="date_unreadable"),
    ],
)  # fmt: skip
def overdue(audit: Audit) -> ir.Table:
    """What another inspection found is put right by the day set for it."""
    open_ = _.closed.isnull() & ~_.closed_unread & ~_.done & ~_.lasting
    unknown = open_ & (_.due.isnull() | _.due_unread)
    return _measures(audit).mutate(
        exception=ibis.cases((unknown, UNKNOWN), else_=open_ & yes(_.due < ibis.literal(audit.ledger_day))),
        untested=ibis.ifelse(unknown, "date_unreadable", NO_REASON),
        reason=ibis.literal("past_due"),
        at_stake=zero(),
        person_id=NO_TEXT,
    )


@rule(
    "issues.no_evidence",
    zh="销号无佐证",
    en="Closed without evidence",
    criterion="其他检查所列问题已写完成或销号，而没有佐证材料。",
    message=Text("已销号而无佐证：{measure_text}", "closed without evidence: {measure_text}"),
    severity="medium",
    subject="measure",
    needs=("issues", "issues.evidence"),
    innocent=[Text("佐证另存，清单未列", "the evidence is kept elsewhere and not listed")],
    examples=[
        passes("closed, with evidence", issues={"measure": "补发差额"}),
        flags("closed, no evidence", issues={"measure": "更正学籍", "evidence": ""}, reason="no_evidence", at_stake="0.00"),
        flags("done, no evidence", issues={"measure": "核销账户", "closed_on": "", "evidence": ""}, reason="no_evidence"),
        flags("put right at once, no evidence", issues={"measure": "退还差额", "state": "立行立改", "closed_on": "", "evidence": ""}, reason="no_evidence"),
        passes("still open", issues={"measure": "入户核查", "state": "进行中", "closed_on": "", "evidence": "", "due_on": "2020-12-15"}),
    ],
)  # fmt: skip
def closed_without_evidence(audit: Audit) -> ir.Table:
    """What is said to be put right rests on evidence."""
    return _measures(audit).mutate(
        exception=(_.closed.notnull() | _.done) & ~_.evidence,
        reason=ibis.literal("no_evidence"),
        at_stake=zero(),
        person_id=NO_TEXT,
    )
