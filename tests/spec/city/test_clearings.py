"""What a county writes beside a clearing: what says nothing is no cause, what the rows deny is shown, one cause is one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from auditlib.base.ledger import COLUMNS
from auditlib.city.clearings import clearings

NOBODY = pd.DataFrame(columns=["id18", "active", "eligible"])
UNPAID = "missed.unpaid"


def doubts(
    *decided: dict[str, str], rule: str = UNPAID, others: int = 90, nameless: bool = False, rules: int = 1
) -> list[str]:
    """The reasons for which clearings are shown, of findings of ``rule`` that the city finds too; ``others`` are not cleared.
    ``rules``: of so many, in turn, the first of them ``rule``."""
    ids = [f"f{n}" for n in range(len(decided) + others)]
    in_turn = (rule, "mismatch.boarding", "amount.unknown_scheme")
    listed = pd.DataFrame(
        [
            {"finding_id": one, "rule": in_turn[at % rules], "family": "", "at_stake": "500", "school_name": "", "name": f"孩{one}", "id_number": one, "records": []}
            for at, one in enumerate(ids)
        ],
        dtype=object,
    )  # fmt: skip
    rows = [
        dict.fromkeys(COLUMNS, "") | {"finding_id": one, "status": "cleared"} | cells
        for one, cells in zip(ids, decided, strict=False)
    ]
    package = SimpleNamespace(findings=listed, decisions=pd.DataFrame(rows), is_nameless=nameless)
    county: Any = SimpleNamespace(
        code="990111", is_reperformed=True, findings=listed, pupils=NOBODY, eligible=NOBODY, package=package
    )
    return list(clearings(county)["reason"])


@pytest.mark.parametrize("nothing", ["", "-", "——", "无", "。。", "1", "Ｎ/Ａ", "已核实", "同上"])
def test_a_dash_or_a_nil_is_neither_cause_nor_paper(nothing: str) -> None:
    assert doubts({"cause": nothing, "evidence": nothing.replace("1", "-"), "note": nothing}) == ["no_cause"]
    assert doubts({"cause": "已补发到位", "evidence": nothing.replace("1", "/")}) == ["contradicted"]


@pytest.mark.parametrize(
    "nowhere",
    ["见档案", "有证明", "详见附件", "存档备查", "附后", "另附材料", "见学校档案", "有相关材料", "已归档"],
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


def test_nearly_all_that_a_county_found_cleared_without_a_paper_is_one_point() -> None:
    twelve = [{"cause": cause} for cause in CAUSES]
    assert doubts(*twelve, others=0, rules=3, rule="mismatch.school") == ["all"]
    assert doubts(*twelve, others=0, rules=2, rule="mismatch.school") == []
    assert doubts(*twelve, others=2, rules=3, rule="mismatch.school") == []
    assert doubts(*twelve[:9], others=0, rules=3, rule="mismatch.school") == []
    papers = [{**line, "evidence": "声明书存学校"} for line in twelve[:2]]
    assert doubts(*papers, *twelve[2:], others=0, rules=3, rule="mismatch.school") == []


def test_very_many_clearings_of_a_county_that_hands_in_tokens_are_one_point() -> None:
    assert doubts(*[{}] * 10, nameless=True) == ["unread"]
    assert doubts(*[{}] * 5, others=4, nameless=True) == ["unread"]
    assert doubts(*[{}] * 9, nameless=True) == []
