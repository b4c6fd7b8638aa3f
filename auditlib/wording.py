"""The words for the codes: what an inspector reads where a table holds ``no_reply`` or ``registered_poor``."""

from __future__ import annotations

from auditlib.language import Text
from auditlib.schema import TABLES

_FAMILIES = {
    "missed": Text("应助未助", "Missed children"),
    "duplicate": Text("重复发放与重复资助", "Duplicate payments and aid"),
    "mismatch": Text("人籍不一致", "Payment and enrolment disagree"),
    "ineligible": Text("不应助而助", "Paid without eligibility"),
    "amount": Text("金额不符标准", "Amounts against the standard"),
    "procedure": Text("程序不合规", "Procedure"),
    "totals": Text("报表不符", "Totals that do not tie out"),
    "recheck": Text("市级复查", "City re-check"),
}
_SEVERITIES = {"high": Text("高", "High"), "medium": Text("中", "Medium"), "low": Text("低", "Low")}
_CATEGORIES = {
    "registered_poor": Text("建档立卡", "Registered poor"),
    "monitored": Text("监测对象", "Monitored"),
    "low_income": Text("低保", "Low-income allowance"),
    "near_low_income": Text("低保边缘", "Near low-income"),
    "destitute": Text("特困", "Destitute"),
    "orphan": Text("孤儿", "Orphan"),
    "disabled": Text("残疾", "Disabled"),
    "urban_hardship": Text("城镇解困", "Urban hardship"),
    "other_hardship": Text("其他困难", "Other hardship"),
}
_STAGES = {
    "preschool": Text("学前", "Preschool"),
    "primary": Text("小学", "Primary"),
    "junior": Text("初中", "Junior secondary"),
    "senior": Text("普通高中", "Senior secondary"),
    "vocational": Text("中等职业", "Vocational"),
    "special": Text("特殊教育", "Special education"),
    "higher": Text("高等教育", "Higher education"),
}
_STATUSES = {
    "enrolled": Text("在读", "Enrolled"),
    "resumed": Text("复学", "Resumed"),
    "suspended": Text("休学", "Suspended"),
    "withdrawn": Text("退学", "Withdrawn"),
    "lost": Text("流失（辍学）", "Dropped out"),
    "graduated": Text("毕业（结业、肄业）", "Graduated or left"),
    "transferred_out": Text("转出", "Transferred out"),
    "deceased": Text("死亡", "Deceased"),
    "untraced": Text("下落不明", "Untraced"),
}
_LINKS = {
    "id_number": Text("身份证号完全一致", "Same ID number"),
    "id_exact": Text("身份证号完全一致", "Same ID number"),
    "id_normalised": Text("身份证号规范后一致（15 位换算 18 位等）", "Same ID number once normalised"),
    "student_no": Text("学籍号一致", "Same student number"),
    "g_number": Text("G 字头学籍号所含身份证号一致", "Same number inside a G student number"),
    "name_birth_school": Text("姓名、出生日期、学校三者一致且唯一", "Name, birth date and school, unique"),
    "name_birth_date_school": Text(
        "姓名、出生日期、学校三者一致且唯一", "Name, birth date and school, unique"
    ),
    "name_school": Text("姓名与学校一致且唯一", "Name and school, unique"),
    "probabilistic": Text("概率匹配", "Probabilistic match"),
    "review": Text("人工复核认定", "Decided by a person"),
    "none": Text("未找到对应学籍", "Not found in the enrolment register"),
}
_LEFT_OUT = {
    "left_out": Text("有意剔除", "Left out on purpose"),
    "rejected": Text("无法读取", "Rejected"),
    "title": Text("标题行", "Title row"),
    "header": Text("表头行", "Header row"),
    "unit": Text("单位行", "Unit row"),
    "subtotal": Text("小计、合计行", "Subtotal or total row"),
    "signature": Text("签字落款行", "Signature line"),
    "note": Text("备注行", "Note"),
    "blank": Text("空行", "Blank row"),
    "repeated_header": Text("重复表头", "Repeated header"),
    "no_header": Text("该表页无可识别表头", "Sheet without a recognisable header"),
    "not_successful": Text("未成功的发放行", "Payment row that did not succeed"),
    "other_term": Text("其他学期的行", "Row of another term"),
    "missing_required": Text("缺少必填内容", "A required cell is empty"),
    "required": Text("缺少必填内容", "A required cell is empty"),
}
_DEFECTS = {
    "damaged": Text("被电子表格截断为科学计数，末位已丢失", "Cut by the spreadsheet; last digits lost"),
    "length": Text("位数不对", "Wrong length"),
    "form": Text("格式不符", "Wrong form"),
    "date": Text("日期无法识别", "Date cannot be read"),
    "birth_date": Text("所含出生日期不存在", "Impossible birth date in the number"),
    "check_digit": Text("校验位不符", "Check digit is wrong"),
    "check": Text("校验位不符", "Check digit is wrong"),
    "area": Text("地区码不存在", "Area code does not exist"),
    "amount": Text("金额无法识别", "Amount cannot be read"),
    "count": Text("人数无法识别", "Count cannot be read"),
    "term": Text("学期无法识别", "Term cannot be read"),
    "lost_character": Text("姓名中有字符丢失（?、□）", "A character of the name was lost"),
    "unknown_value": Text("取值不在代码表中", "Value not in the code list"),
    "not_stated": Text("填写为“其他”“不详”", "Stated as other or unknown"),
}
_REASONS = {
    "same_school": Text("同校重复", "Same school"),
    "other_school": Text("跨校重复", "Other school"),
    "other_county": Text("跨县重复", "Other county"),
    "other_spelling": Text("同一人不同写法", "Other spelling of the same person"),
    "category_not_entitled": Text("困难类型不在该项目资助范围", "Category not entitled to the scheme"),
    "above_standard": Text("高于标准", "Above the standard"),
    "below_standard": Text("低于标准", "Below the standard"),
    "returned": Text("银行退汇", "Returned by the bank"),
    "reversed": Text("已发放后全部冲回", "Paid and reversed"),
    "not_sent": Text("未发函", "No letter sent"),
    "no_reply": Text("逾期未回函", "No answer in time"),
    "late_reply": Text("逾期回函", "Answered late"),
    "refused": Text("对方未资助且未兜底", "Not aided there, no fallback paid"),
    "name": Text("姓名不一致", "Name differs"),
    "id_number": Text("身份证号完全一致", "Same ID number"),
    "one_digit": Text("一位数字不同", "One digit differs"),
    "swapped_digits": Text("相邻数字颠倒", "Digits swapped"),
    "homophone": Text("同音字", "Homophone"),
    "variant": Text("异体字", "Variant character"),
    "variant_character": Text("异体字", "Variant character"),
    "other": Text("其他", "Other"),
    "not_listed": Text("不在任何名册", "On no register"),
    "expired": Text("基准日已退出名册", "No longer listed on the count date"),
    "not_yet": Text("基准日尚未纳入名册", "Not yet listed on the count date"),
    "no_posting": Text("无公示记录", "No posting on record"),
    "late": Text("滞后发放", "Paid late"),
}
_UNTESTED = {
    "no_enrolment": Text("学籍中未找到", "Not found in the enrolment register"),
    "boarding_unknown": Text("就读方式不明", "Boarding not known"),
    "stage_unknown": Text("学段不明", "Stage not known"),
    "category_unknown": Text("困难类型不明", "Category not known"),
    "school_unknown": Text("学校名称在名录中查不到", "School name in no directory"),
    "household_unknown": Text("所属户不明", "Household not known"),
    "status_unknown": Text("学生状态不明", "Status not known"),
    "date_unknown": Text("日期不明", "Date not known"),
    "id_damaged": Text("身份证号已损坏", "ID number damaged"),
    "id_invalid": Text("身份证号无效", "ID number invalid"),
    "payment_rejected": Text("该生有无法读取的发放行", "A payment row naming the pupil was rejected"),
    "stage_not_covered": Text("学籍系统不含该学段", "The enrolment register does not cover the stage"),
    "register_not_delivered": Text("未提交相应名册", "The register was not delivered"),
    "answer_not_stated": Text("回函未写明是否已资助", "The answer does not say whether aid was paid"),
    "standard_unknown": Text("无对应标准", "No standard in force"),
    "to_review": Text("是否同一人待人工复核", "Same person or not: awaits review"),
    "term_not_delivered": Text("该学期发放明细未提交", "No payments of that term were delivered"),
}
_DISPOSITIONS = {
    "confirmed": Text("属实", "Confirmed"),
    "cleared": Text("排除", "Cleared"),
    "rectified": Text("已整改", "Rectified"),
    "closed": Text("销号", "Closed"),
    "open": Text("待核实", "To be verified"),
}

WORDS: dict[str, Text] = {
    **{name: table.title for name, table in TABLES.items()},
    **_SEVERITIES,
    **_CATEGORIES,
    **_STAGES,
    **_STATUSES,
    **_REASONS,
    **_UNTESTED,
    **_DEFECTS,
    **_LEFT_OUT,
    **_LINKS,
    **_DISPOSITIONS,
    **_FAMILIES,
}
"""Every code that a reader may meet. The columns of the tables are worded by :func:`word` as well."""

_COLUMNS: dict[str, Text] = {
    f"{table.name}.{column.name}": Text(
        f"{table.title.zh}·{column.title.zh}", f"{table.title.en}: {column.title.en}"
    )
    for table in TABLES.values()
    for column in table.columns
}


def word(code: object, language: str) -> str:
    """The words for ``code`` in ``language``; ``payments.pay_date`` is a column; an unknown code as it stands."""
    text = WORDS.get(str(code)) or _COLUMNS.get(str(code))
    return text.into(language) if text else str(code)
