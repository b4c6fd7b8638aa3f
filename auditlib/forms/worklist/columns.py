"""The columns of the working list and the words that stand on its sheets."""

from __future__ import annotations

import pandas as pd

from auditlib.base.language import Text
from auditlib.forms.filled_in.form import FormColumn
from auditlib.tables.findings import PARTICULARS, column_title

EVIDENCE = Text("凭据", "Evidence")
OTHER, NOTES = Text("其他", "Other"), Text("说明", "Read me")

# What is read and filled in on paper comes first; what is looked up on the screen stands to the right of it.
COUNTY = FormColumn("county_title", Text("县", "County"), narrowest=8, widest=14)
COLUMNS = (
    FormColumn("place", Text("序号", "No."), "number", 5, 6),
    COUNTY,
    FormColumn("rule_title", column_title("rule"), widest=13),
    FormColumn("name", column_title("name"), narrowest=8, widest=10),
    FormColumn("id_number", column_title("id_number"), narrowest=20, widest=21),
    FormColumn("school_name", column_title("school_name"), narrowest=8, widest=16),
    FormColumn("classes", column_title("classes"), narrowest=8, widest=11),
    FormColumn("scheme_title", column_title("scheme"), narrowest=8, widest=15),
    FormColumn("amount_due", column_title("amount_due"), "money", 9, 12),
    FormColumn("amount_paid", column_title("amount_paid"), "money", 9, 12),
    FormColumn("at_stake", column_title("at_stake"), "money", 9, 12),
    FormColumn("message", column_title("message"), narrowest=24, widest=30),
    FormColumn("status", Text("处理结果", "Outcome"), "status", 10, 10),
    FormColumn("cause", Text("原因", "Cause"), "cause", 16, 16),
    FormColumn("rectified_on", Text("整改日期", "Rectified on"), "date", 11, 12),
    FormColumn("amount", Text("追回/补发金额", "Recovered / repaid"), "repaid", 13, 13),
    FormColumn("evidence", EVIDENCE, "cause", 12, 12),
    FormColumn("so_far", Text("已有处理", "Decided so far"), narrowest=8, widest=14),
    FormColumn("severity", column_title("severity"), narrowest=8, widest=10),
    FormColumn("confidence", column_title("confidence"), "share", 8, 11),
    FormColumn("student_no", column_title("student_no"), narrowest=8, widest=22),
    *(
        FormColumn(name, column_title(name), narrowest=8, widest=22)
        for name in PARTICULARS
        if name != "classes"
    ),
    FormColumn("sources", column_title("sources"), narrowest=18, widest=48),
    FormColumn("number", column_title("number"), narrowest=11, widest=11),
    FormColumn("finding_id", Text("finding_id", "finding_id"), "key", 9, 9),
)
FILLED_IN = ("status", "cause", "rectified_on", "amount", "evidence")
TITLES = {column.name: column.title for column in COLUMNS}
OPTIONAL = (COUNTY.name, *PARTICULARS)
"""Columns of some lists only: of several counties, or with what the rows tell."""
STATUSES = ("confirmed", "cleared", "rectified", "closed")
CAUSES = (
    Text("应发未发，已补发", "Missed; now paid"),
    Text("县外就读，当地已资助", "Studies elsewhere, aided there"),
    Text("本人或家长放弃申请", "Family declined"),
    Text("转学、休学等异动，台账未更新", "Moved or left; register not updated"),
    Text("姓名或证号录入有误", "Name or number mistyped"),
    Text("银行退汇，已重新发放", "Returned by the bank; paid again"),
    Text("误发，已追回", "Paid in error; recovered"),
    Text("台账时间口径不同", "Registers of different days"),
)
SIGNED_TEXT = Text("填报人", "Filled in by")
TITLE = Text("学生资助疑点工作清单", "Student aid: working list of findings")
BAD_STATUS = Text("请从下拉列表中选择处理结果", "Choose an outcome from the list")
BAD_DATE = Text("请填写日期，如 2020-12-31", "Enter a date such as 2020-12-31")
BAD_AMOUNT = Text("请填写不小于 0 的金额（元）", "Enter an amount in yuan, not below 0")


def columns_of(rows: pd.DataFrame) -> list[FormColumn]:
    """The columns of a list: the optional ones where ``rows`` has them."""
    return [column for column in COLUMNS if column.name not in OPTIONAL or column.name in rows.columns]
