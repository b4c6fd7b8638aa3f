"""What a county writes beside a clearing: what says nothing is no cause, what the rows deny is shown, one cause is one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from auditlib.city.by_word import cleared_by_word
from auditlib.city.clearings import clearings
from auditlib.decisions.decision_ledger import COLUMNS

NOBODY = pd.DataFrame(columns=["id18", "active", "eligible"])
UNPAID = "missed.unpaid"


def doubts(
    *decisions: dict[str, str], rule: str = UNPAID, others: int = 90, nameless: bool = False, rules: int = 1
) -> list[str]:
    """The reasons for which clearings are shown."""
    county = cleared_by(*decisions, rule=rule, others=others, nameless=nameless, rules=rules)
    return list(clearings(county)["reason"])


def cleared_by(
    *decisions: dict[str, str], rule: str = UNPAID, others: int = 90, nameless: bool = False, rules: int = 1
) -> Any:
    """A county that cleared findings of ``rule`` which the city finds too; ``others`` are not cleared. ``rules``: of so many, in
    turn, the first of them ``rule``."""
    ids = [f"f{n}" for n in range(len(decisions) + others)]
    in_turn = (rule, "mismatch.boarding", "amount.unknown_scheme")
    findings_listed = pd.DataFrame(
        [
            {"finding_id": one, "rule": in_turn[at % rules], "family": "", "at_stake": "500", "school_name": "", "name": f"孩{one}", "id_number": one, "records": []}
            for at, one in enumerate(ids)
        ],
        dtype=object,
    )  # fmt: skip
    rows = [
        dict.fromkeys(COLUMNS, "") | {"finding_id": one, "status": "cleared"} | cells
        for one, cells in zip(ids, decisions, strict=False)
    ]
    package = SimpleNamespace(findings=findings_listed, decisions=pd.DataFrame(rows), is_nameless=nameless)
    return SimpleNamespace(
        code="990111", is_reperformed=True, findings=findings_listed, pupils=NOBODY, eligible=NOBODY, package=package,
        parameters=SimpleNamespace(term="2020-autumn"),
    )  # fmt: skip


# Of the rules that state what stands in the city's rows: what denies it, and what leaves room.
DENIALS_BY_RULE = [
    ("missed.underpaid", "差额已经发给家长"), ("missed.underpaid", "本学期足额"), ("missed.listed_late", "补助已发放"),
    ("duplicate.fallback", "只发过一次"), ("mismatch.identity", "姓名和号码完全一致"),
    ("mismatch.invalid_id", "身份证号码正确有效"), ("mismatch.register_school", "与学籍一致"),
    ("procedure.account_holder", "该账户就是学生本人的"), ("procedure.no_application", "家长已提交申请"),
    ("procedure.other_term", "本学期已有申请"), ("procedure.applied_late", "按时申请"), ("procedure.order", "程序规范"),
    ("procedure.panel_small", "评审人数达到规定"), (UNPAID, "补助已于十一月打入一卡通"), ("procedure.over_quota", "未超过指标"),
    ("payments.two_lists", "两份名单一致"), ("procedure.not_stamped", "村委会已经盖章"), ("attendance.paid_absent", "该生每天到校上课"),
    ("attendance.unregistered", "该生有学籍"), ("attendance.headcount", "人数相符"),
    ("dropout.unledgered", "该生在台账中有登记"), ("dropout.overdue", "已上报乡镇"), ("dropout.false_closure", "确已复学"),
    ("dropout.returned_unpaid", "补助已到账"), ("unable.uncertified", "四部门均已认定"), ("unable.in_school", "该生不在校"),
    ("home.too_few", "送教次数已达到要求"), ("home.not_enrolled", "该生有学籍"), ("warning.not_in_plan", "该生在资助计划内"),
    ("letters.fallback_scope", "符合兜底条件"), ("letters.fallback_amount", "金额与标准一致"), ("letters.order", "先发函后回函"),
    ("enrolment.vanished", "该生在籍"), ("funds.idle", "资金没有结余"), ("funds.unreconciled", "账实相符"),
    ("issues.overdue", "已按期办结"), ("issues.no_evidence", "已附佐证材料"), ("totals.amount", "合计与明细一致"),
]  # fmt: skip
LEFT_OPEN_BY_RULE = [
    ("missed.underpaid", "未足额，家长同意下期补"), ("missed.listed_late", "下学期起资助"), ("warning.not_in_plan", "不在名单，正在补报"),
    ("warning.not_in_plan", "已列入下学期名单"), ("mismatch.invalid_id", "发放表录错，学籍号码正确"),
    ("procedure.account_holder", "户名系学生本人曾用名"), ("procedure.account_holder", "监护人本人账户"),
    ("procedure.no_application", "已通知家长申请"), ("procedure.other_term", "学年申请一次"),
    ("attendance.paid_absent", "当天请假，平时在校"), ("attendance.absent", "在县医院住院"),
    ("attendance.unregistered", "外省有学籍，正在转入"), ("dropout.unledgered", "台账漏登"), ("dropout.overdue", "家长拒收通知书"),
    ("payments.two_lists", "名单定稿后增补，两份不一致"), ("unable.in_school", "复查后好转，已回班"),
    ("home.too_few", "疫情期间停送"), ("letters.fallback_amount", "含路费，与标准不一致"), ("funds.idle", "年底到账，来不及"),
    ("issues.no_evidence", "材料在审计组"), ("totals.amount", "报表不一致，已重报"),
]  # fmt: skip


# What is the case, said plainly: that something was not done, has not come, is not so, denies nothing that the rows say.
ADMITTED_BY_RULE = [
    (UNPAID, "经查已申请但未发放"), (UNPAID, "补助没有全部到账"), (UNPAID, "该生未退学，名单漏报"), ("missed.returned", "已退汇，尚未重新发放"),
    ("missed.underpaid", "没有足额，差额下期补"), ("missed.out_of_county", "未收到回函，已电话联系"), ("missed.out_of_county", "对方没有回函"),
    ("missed.not_found", "不在本县就读"), ("amount.overpaid", "已告知，家长不退回"), ("mismatch.not_enrolled", "没有学籍，只上幼儿班"),
    ("mismatch.inactive", "仍未在校，正在劝返"), ("ineligible.not_listed", "不属于低保，系突发变故"), ("ineligible.expired", "不在册，突发大病"),
    ("duplicate.shared_account", "不是一家，借用邻居的卡"), ("procedure.paid_late", "未按时发放，财政款晚到"), ("procedure.paid_late", "未能及时发放"),
    ("procedure.not_posted", "已审批未公示"), ("procedure.posting_short", "公示不满五日，遇节假日"), ("procedure.posting_short", "只公示3天"),
    ("procedure.paid_before_posting_ended", "公示未结束，家长急用"), ("procedure.not_approved", "已公示未审批"),
    ("procedure.account_holder", "不是学生本人账户，祖父代领"), ("procedure.no_application", "家长没有提出申请"), ("procedure.not_stamped", "村委会没有盖章"), ("procedure.other_term", "本学期没有申请"),
    ("procedure.applied_late", "未按期申请"), ("procedure.order", "程序不规范"), ("procedure.panel_small", "村小人数不足"),
    ("mismatch.invalid_id", "发放表证号不正确"), ("mismatch.identity", "不完全一致，少一字"), ("attendance.absent", "该生不在校"),
    ("attendance.absent", "没有到校，家中有事"), ("attendance.paid_absent", "不在我校就读"), ("dropout.unledgered", "都未登记入台账"),
    ("dropout.overdue", "已知晓尚未上报"), ("dropout.false_closure", "现不在校"), ("dropout.returned_unpaid", "已复学未发放"),
    ("unable.uncertified", "四部门尚未共同认定"), ("home.too_few", "送教次数不足，路途远"), ("home.too_few", "没有按计划送教"),
    ("warning.not_in_plan", "未列入名单"), ("letters.order", "日期不正确"), ("funds.idle", "已到账未拨付"), ("issues.overdue", "已部分落实，未完成"),
    ("issues.no_evidence", "没有佐证材料"), ("totals.amount", "不完全一致"),
]  # fmt: skip


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "-",
        "——",
        "无",
        "。。",
        "1",
        "Ｎ/Ａ",
        "已核实",
        "同上",
        "已处理",
        "情况属实。",
        "没问题",
        "经查无误",
        "其他",
        "Checked",
    ],
)
def test_a_dash_or_a_nil_is_neither_cause_nor_paper(nothing: str) -> None:
    assert doubts({"cause": nothing, "evidence": nothing.replace("1", "-"), "note": nothing}) == ["no_cause"]
    assert doubts({"cause": "已补发到位", "evidence": nothing.replace("1", "/")}) == ["contradicted"]


@pytest.mark.parametrize(
    "nowhere",
    [
        "12号",
        "第3页",
        "No. 7",
        "见档案",
        "有证明",
        "详见附件",
        "存档备查",
        "附后",
        "另附材料",
        "见学校档案",
        "有相关材料",
        "已归档",
    ],
)
def test_that_there_is_some_paper_names_none(nowhere: str) -> None:
    assert doubts({"cause": "已补发到位", "evidence": nowhere}) == ["contradicted"]


@pytest.mark.parametrize(
    "paper",
    ["银行回单", "派出所证明", "见银行回单12号", "声明书存学校", "县教育局〔2020〕3号", "户口簿复印件"],
)
def test_a_paper_that_can_be_asked_for_is_one(paper: str) -> None:
    assert doubts({"cause": "已补发到位", "evidence": paper}) == []


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        (UNPAID, "款项已打到卡上"),
        (UNPAID, "补助已到账"),
        (UNPAID, "已 补 发"),
        (UNPAID, "已-补-发到位"),
        (UNPAID, "已　到　账"),
        (UNPAID, "家长已领取"),
        ("amount.overpaid", "已上缴财政专户"),
        ("duplicate.same_scheme", "多发部分已从下学期扣回"),
        ("mismatch.not_enrolled", "该生有学籍"),
        ("mismatch.inactive", "该生仍在本校就读"),
        ("ineligible.not_listed", "该户属于低保户"),
        ("ineligible.expired", "基准日仍在册"),
        ("missed.not_found", "在本县中心小学就读"),
        ("missed.out_of_county", "就读地已经回函"),
        ("amount.overpaid", "没有超过标准"),
        ("duplicate.same_scheme", "该生只领了一次"),
        ("duplicate.enrolment", "学籍系统中仅有一条记录"),
        ("duplicate.shared_account", "两人系同一家庭"),
        ("mismatch.school", "发放学校与学籍学校一致"),
        ("procedure.paid_late", "已按时发放"),
        ("procedure.posting_short", "实际公示满5个工作日"),
        ("procedure.paid_before_posting_ended", "公示期满后才发放"),
        ("procedure.not_posted", "已在校门口公示"),
        ("procedure.not_approved", "已于十月审批"),
        *DENIALS_BY_RULE,
    ],
)
def test_what_the_rows_deny_is_shown_in_whatever_words_unless_a_paper_is_named(rule: str, cause: str) -> None:
    assert doubts({"cause": cause}, rule=rule) == ["contradicted"]
    assert doubts({"cause": cause, "evidence": "银行回单 12 号"}, rule=rule) == []


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        (UNPAID, "家长书面放弃"),
        ("mismatch.not_enrolled", "在外县有学籍"),
        ("mismatch.inactive", "学期中转入他校"),
        ("ineligible.not_listed", "名册漏印一页"),
        ("ineligible.expired", "仍在册，退出日期登记有误"),
        ("missed.not_found", "在外县读书，函告在途"),
        ("missed.out_of_county", "电话已确认当地资助"),
        ("duplicate.shared_account", "亲姐妹，户口分在两处"),
        ("mismatch.school", "学期中转入，资助仍由原校发放"),
        ("mismatch.identity", "身份证号一致，系同一人曾用名"),
        ("procedure.paid_late", "银行退汇后重新发放"),
        ("procedure.not_posted", "已公示，台账漏登"),
        ("procedure.posting_short", "台账日期填写错误"),
        *LEFT_OPEN_BY_RULE,
        *ADMITTED_BY_RULE,
    ],
)
def test_a_cause_that_the_rows_leave_room_for_is_taken(rule: str, cause: str) -> None:
    assert doubts({"cause": cause}, rule=rule) == []


@pytest.mark.parametrize(
    "cause",
    ["当天请假{n}", "当天请假{dots}", "孩f{n}当天请假", "（{n}）当天 请假"],
    ids=["number", "dots", "name", "spaces"],
)
def test_ten_causes_that_differ_in_figures_marks_or_names_alone_are_one(cause: str) -> None:
    ten = [{"cause": cause.format(n=n, dots="。" * n)} for n in range(10)]
    assert doubts(*ten) == ["many"]
    assert doubts(*ten[:9], {"cause": "当天在县医院住院"}) == []


@pytest.mark.parametrize("nameless", [False, True])
def test_what_is_dated_before_the_term_clears_nothing_of_it(nameless: bool) -> None:
    line = {"cause": "家长书面放弃", "evidence": "声明书第3号"}
    assert doubts(line | {"decided_at": "2020-01-05T09:00:00"}, nameless=nameless) == ["too_early"]
    assert doubts(line | {"decided_at": "2020-09-01"}, line | {"decided_at": ""}, nameless=nameless) == []


REWORDED_CAUSES = [
    "时间口径不同", "因时间口径不同所致", "系时间口径不一致", "口径时间有差异", "时间口径差异造成", "由于时间口径不同造成", "为时间口径不同",
    "主要是时间口径不同", "时间口径不同所引起", "经核时间的口径不同",
]  # fmt: skip


def test_ten_rewordings_of_one_cause_are_one() -> None:
    assert doubts(*[{"cause": cause} for cause in REWORDED_CAUSES]) == ["many"]
    assert doubts(*[{"cause": cause} for cause in REWORDED_CAUSES[:9]], {"cause": "时间口径相同"}) == []
    towns = ["东莞", "深圳", "杭州", "宁波", "厦门", "泉州", "苏州", "昆明", "贵阳", "南昌"]
    assert doubts(*[{"cause": f"随父母在{town}就读"} for town in towns]) == []


def test_ten_that_are_cleared_by_one_nil_are_one_point() -> None:
    assert doubts(*[{"cause": "无"}] * 10) == ["many"]
    assert doubts(*[{"cause": "无"}] * 3) == ["no_cause"] * 3
    assert doubts(*[{}] * 10) == ["no_cause"] * 10


CAUSES = ["家长书面放弃", "监护人不同意", "学生不愿领取", "家长外出", "村里说明情况", "家访后不再需要", "家庭条件好转", "家长不补材料", "口头表示不要", "认为不困难", "未按时交表", "户主拒绝"]  # fmt: skip


def test_a_rule_whose_missed_children_are_all_cleared_without_a_paper_is_one_point() -> None:
    twelve = [{"cause": cause} for cause in CAUSES]
    assert doubts(*twelve, others=0) == ["whole"]
    assert doubts(*twelve, others=2) == []
    assert doubts(*twelve[:9], others=0) == []
    assert (
        doubts(*twelve[:10], *({**line, "evidence": "声明书存学校"} for line in twelve[10:]), others=0) == []
    )
    assert doubts(*twelve, others=0, rule="mismatch.boarding") == []


OF_CHILDREN = ("missed.unpaid", "missed.not_found", "dropout.overdue", "attendance.absent")


def small_county_that_cleared(*evidence: str, others: int = 0, open_rule: str = "") -> list[str]:
    """Twelve findings of children, three of a rule, each cleared by its own cause; ``others``: of money, not cleared."""
    papers = [*evidence, *[""] * (12 - len(evidence))]
    decisions = [{"cause": cause, "evidence": paper} for cause, paper in zip(CAUSES, papers, strict=True)]
    county = cleared_by(*decisions, others=others)
    of_children = [OF_CHILDREN[at % 4] for at in range(12)]
    county.findings["rule"] = [*of_children, *[open_rule or "amount.overpaid"] * others]
    return list(clearings(county)["reason"])


def test_children_all_cleared_without_a_paper_are_one_point_though_few_are_of_one_rule() -> None:
    assert small_county_that_cleared(others=9) == ["children"]
    assert small_county_that_cleared("声明书存学校", "就读证明", "住院证明", others=9) == []
    assert small_county_that_cleared(others=9, open_rule="missed.returned") == []


def test_nearly_all_that_a_county_found_cleared_without_a_paper_is_one_point() -> None:
    twelve = [{"cause": cause} for cause in CAUSES]
    assert doubts(*twelve, others=0, rules=3, rule="mismatch.school") == ["all"]
    assert doubts(*twelve, others=0, rules=2, rule="mismatch.school") == []
    assert doubts(*twelve, others=2, rules=3, rule="mismatch.school") == []
    assert doubts(*twelve[:9], others=0, rules=3, rule="mismatch.school") == []
    one = [{**line, "evidence": "会议纪要3号"} for line in twelve]
    assert doubts(*one, others=0, rules=3, rule="mismatch.school") == ["all"]
    papers = [{**line, "evidence": "声明书存学校"} for line in twelve[:2]]
    assert doubts(*papers, *twelve[2:], others=0, rules=3, rule="mismatch.school") == []


def test_very_many_clearings_of_a_county_that_hands_in_tokens_are_one_point() -> None:
    assert doubts(*[{}] * 10, nameless=True) == ["unread"]
    assert doubts(*[{}] * 5, others=4, nameless=True) == ["unread"]
    assert doubts(*[{}] * 9, nameless=True) == []


# Denials in words that no list of ours had: whatever the cause says, the finding stands in the city's rows.
IN_OTHER_WORDS = [
    (UNPAID, "本学期补助款家长已签收"), (UNPAID, "经核对银行流水，款已落实到户"), (UNPAID, "资助资金实际兑现到位"),
    (UNPAID, "该生享受了本学期寄宿补助"), ("missed.returned", "二次打款成功"),
    ("missed.underpaid", "金额按规定标准执行，不存在少发"), ("mismatch.not_enrolled", "全国学籍系统可以查到此生"),
    ("mismatch.inactive", "该生从未离开学校"), ("ineligible.not_listed", "扶贫系统可查"),
    ("ineligible.expired", "发放时尚处在享受政策期"), ("duplicate.same_scheme", "两笔为不同学期，不属多领"),
    ("amount.overpaid", "多领部分家长已如数上交"), ("procedure.paid_late", "在规定期限前发放完毕"),
    ("procedure.not_posted", "学校公告栏张贴过名单"), ("missed.not_found", "该童就在村小念书"),
    ("attendance.paid_absent", "班主任确认其天天来校"), ("duplicate.shared_account", "两人同住一个屋檐下"),
    ("procedure.not_approved", "局领导签过字"), ("missed.out_of_county", "对方教育局早有复文"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "cause"), [*IN_OTHER_WORDS, (UNPAID, "家长书面放弃")])
def test_what_is_cleared_against_the_city_s_own_rows_is_listed_whatever_it_says(
    rule: str, cause: str
) -> None:
    county = cleared_by({"cause": cause, "decided_by": "王某"}, rule=rule)
    (line,) = cleared_by_word(county).to_dict("records")
    assert (line["finding_id"], line["rule"], line["cause"], line["decided_by"]) == (
        "f0",
        rule,
        cause,
        "王某",
    )
    county.findings = county.findings[1:]  # the city does not find it any more
    assert cleared_by_word(county).empty
    assert cleared_by_word(cleared_by({"cause": cause, "evidence": "银行回单 12 号"}, rule=rule)).empty
