"""The field sheet: its columns, what to look at, what may stand in a cell."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.forms.filled_in.form import FormColumn
from auditlib.tables.findings import column_title

YES, NO = Text("是", "Yes"), Text("否", "No")
ANSWERS = {YES.zh: True, YES.en.casefold(): True, NO.zh: False, NO.en.casefold(): False}
KINDS = {
    "not_pupil": Text("查无此学生", "no such pupil"),
    "inactive": Text("当期不在读", "not at school in the term"),
    "not_eligible": Text("不具备资格", "not eligible"),
    "wrong_amount": Text("金额不对", "wrong amount"),
    "paid_twice": Text("重复发放", "paid twice"),
    "not_received": Text("本人未收到", "not received by the pupil"),
    "wrong_identity": Text("姓名或证件号不符", "name or number differs"),
    "other": Text("其他", "other"),
}
PRINTED_COLUMNS = (
    FormColumn("number", Text("序号", "No."), "number", 5, 6),
    FormColumn("name", column_title("name"), narrowest=8, widest=12),
    FormColumn("id_number", column_title("id_number"), narrowest=19, widest=20),
    FormColumn("class_name", column_title("classes"), narrowest=8, widest=12),
    FormColumn("scheme", column_title("scheme"), narrowest=10, widest=18),
    FormColumn("amount", Text("账面发放（元）", "Paid (yuan)"), "money", 11, 12),
    FormColumn("pay_date", Text("发放日期", "Paid on"), narrowest=10, widest=11),
)
FILLED_COLUMNS = (
    FormColumn("seen", Text("见到学生或家长", "Pupil or parent met"), "answer", 9, 9),
    FormColumn("deviates", Text("是否有误", "In error"), "answer", 8, 8),
    FormColumn("kind", Text("有误类型", "What is wrong"), "kind", 13, 13),
    FormColumn("audited", Text("应发金额（元）", "Due (yuan)"), "repaid", 11, 11),
    FormColumn("evidence", Text("依据", "Evidence"), "filled", 18, 18),
    FormColumn("inspector", Text("检查人", "Inspector"), "filled", 9, 9),
    FormColumn("inspected_on", Text("检查日期", "Inspected on"), "date", 11, 11),
    FormColumn("second_deviates", Text("第二人：是否有误", "Second inspector: in error"), "answer", 10, 10),
    FormColumn("second_inspector", Text("第二检查人", "Second inspector"), "filled", 9, 9),
)
KEY = FormColumn("unit_id", Text("抽样单元", "Unit"), "key", 9, 14)
COLUMNS = (*PRINTED_COLUMNS, *FILLED_COLUMNS, KEY)
TITLE = Text("市级复查现场检查表", "City re-check: field sheet")
NUMBER = Text("抽样编号 {number}", "Draw {number}")
ROWS = Text("共 {n} 行", "{n} rows")
NOTES = Text("说明", "Read me")
GUIDE = (
    Text("本表含未遮盖的个人信息，仅供经授权的检查人员使用；用毕交回，不得留存、转发、拍照上传。",
         "This sheet holds personal data unmasked, for authorised inspectors. Hand it back; do not keep, forward or photograph it."),
    Text("逐人检查：① 是否真有此学生，当期是否在读；② 是否具备受助资格；③ 应发多少；④ 本人是否收到、收到多少；⑤ 姓名、证件号与本人证件是否一致。",
         "For each: is there such a pupil, at school in the term; eligible; how much was due; was it received, how much; do name and number agree with the document."),
    Text("不得用别的学生替换。见不到的，先另约；仍见不到又没有书面证据的，按有误填写（应发金额填能证实的数，没有的填 0）。",
         "Nobody may be replaced. Who is not met is visited again; without written evidence it counts as an error (due: what can be proved, else 0)."),
    Text("“应发金额”填按政策当期应得的元数；没有误差的与账面相同。填“有误”的须选类型、写依据。",
         "Due is what the policy gives for the term; the same as paid where nothing is wrong. An error needs its kind and its evidence."),
    Text("第二人各自独立判断，先不看第一人的结论。", "The second inspector judges alone, without looking at the first one's answer."),
    Text("灰色的抽样单元列请勿改动，回收时凭它对应。", "Leave the grey column alone: the sheet is read back by it."),
)  # fmt: skip
SIGN = Text("检查人签字：＿＿＿＿＿＿　学校负责人签字：＿＿＿＿＿＿　日期：＿＿＿＿＿＿",
            "Inspector: ____________   Head of school: ____________   Date: ____________")  # fmt: skip
