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


def doubts(*decided: dict[str, str], rule: str = UNPAID, others: int = 90) -> list[str]:
    """The reasons for which clearings are shown, of findings of ``rule`` that the city finds too; ``others`` are not cleared."""
    ids = [f"f{n}" for n in range(len(decided) + others)]
    listed = pd.DataFrame(
        [
            {"finding_id": one, "rule": rule, "family": "", "at_stake": "500", "school_name": "", "name": f"孩{one}", "id_number": one, "records": []}
            for one in ids
        ],
        dtype=object,
    )  # fmt: skip
    rows = [
        dict.fromkeys(COLUMNS, "") | {"finding_id": one, "status": "cleared"} | cells
        for one, cells in zip(ids, decided, strict=False)
    ]
    package = SimpleNamespace(findings=listed, decisions=pd.DataFrame(rows), is_nameless=False)
    county: Any = SimpleNamespace(
        code="990111", is_reperformed=True, findings=listed, pupils=NOBODY, eligible=NOBODY, package=package
    )
    return list(clearings(county)["reason"])


@pytest.mark.parametrize("nothing", ["", "-", "——", "无", "。。", "1", "Ｎ/Ａ", "已核实", "同上"])
def test_a_dash_or_a_nil_is_neither_cause_nor_paper(nothing: str) -> None:
    assert doubts({"cause": nothing, "evidence": nothing.replace("1", "-"), "note": nothing}) == ["no_cause"]
    assert doubts({"cause": "已补发到位", "evidence": nothing.replace("1", "/")}) == ["contradicted"]


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
