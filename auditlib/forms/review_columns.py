"""The columns of review.xlsx: the two records beside each other, the pair's name, and what a person fills in."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.forms.filled_in.form import FormColumn
from auditlib.tables.findings import column_title

USUAL = 20  # the width of a column without need of another
RECORDS = (
    FormColumn("table", Text("台账", "Table"), widest=12),
    FormColumn("source", Text("来源", "Source"), widest=28),
    FormColumn("name", column_title("name"), widest=12),
    FormColumn("id_number", column_title("id_number"), widest=USUAL),
    FormColumn("register_source", Text("学籍来源", "Enrolment source"), widest=28),
    FormColumn("register_name", Text("学籍姓名", "Enrolled name"), widest=12),
    FormColumn("register_number", Text("学籍身份证号", "Enrolled ID number"), widest=USUAL),
    FormColumn("levels", Text("比较结果", "Comparison"), widest=44),
    FormColumn("score", Text("可能性", "Score"), widest=8),
)
PAIR = FormColumn("pair", Text("记录对编号", "Pair"), "key", widest=USUAL)
TO_FILL = (
    FormColumn("decision", Text("判断", "Decision"), "choice", widest=USUAL),
    FormColumn("judged_by", Text("判断人", "Decided by"), widest=USUAL),
    FormColumn("judged_on", Text("判断日期", "Decided on"), widest=USUAL),
)
COLUMNS = (*RECORDS, PAIR, *TO_FILL)
