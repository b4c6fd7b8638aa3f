"""The words for the codes: what an inspector reads where a table holds ``no_reply`` or ``registered_poor``."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.tables.defect_words import DEFECTS
from auditlib.tables.delivered import TABLES
from auditlib.tables.reason_words import REASONS, UNTESTED

_FAMILIES = {
    "missed": Text("应助未助", "Missed children"),
    "duplicate": Text("重复发放与重复资助", "Duplicate payments and aid"),
    "mismatch": Text("人籍不一致", "Payment and enrolment disagree"),
    "ineligible": Text("不应助而助", "Paid without eligibility"),
    "amount": Text("金额不符标准", "Amounts against the standard"),
    "procedure": Text("程序不合规", "Procedure"),
    "totals": Text("报表不符", "Totals that do not tie out"),
    "payments": Text("两份名单不一致", "Two lists that differ"),
    "recheck": Text("市级复查", "City re-check"),
    "enrolment": Text("学籍去向", "From one term's register to the next"),
    "attendance": Text("清点核对", "Heads against the register"),
    "dropout": Text("控辍保学", "Dropouts and bringing back"),
    "unable": Text("不具备学习条件", "Children who cannot attend"),
    "home": Text("送教上门", "Home teaching"),
    "warning": Text("漏资助预警", "Early warning"),
    "letters": Text("函告与兜底", "Letters and fallback"),
    "funds": Text("资金", "Money received"),
    "issues": Text("整改清单", "Issues to rectify"),
}
_BASES = {
    "letters": Text("函告", "Letters sent"),
    "replied": Text("回函", "Letters answered"),
    "open": Text("未回函", "Letters open"),
    "fallback": Text("县级兜底", "County fallback"),
    "loans": Text("助学贷款", "Loans"),
    "home_teaching": Text("送教上门", "Home teaching"),
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
_IN_SCHOOL = {  # what a register says of being at school, besides a stage
    "none": Text("不在校", "at no school"),
    "compulsory": Text("义务教育", "Compulsory education"),
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
    "register": Text("学籍本身", "The register itself"),
    "id_number": Text("身份证号一致（15 位换算后）", "Same ID number, 15 digits widened"),
    "g_number": Text("G 字头学籍号所含身份证号一致", "Same number inside a G student number"),
    "same_text": Text("证号无效但写法与学籍完全相同", "Impossible number, written alike in both"),
    "student_no": Text("学籍号一致", "Same student number"),
    "name_birth_school": Text("姓名、出生日期、学校三者一致且唯一", "Name, birth date and school, unique"),
    "household": Text("姓名与户编号一致且唯一", "Name and household, unique"),
    "alias": Text("与已确定的行证号相同", "Same number as a row already decided"),
    "guardian_number": Text("姓名一致，证号是监护人的", "Same name, under the guardian's number"),
    "household_number": Text(
        "姓名一致，证号是同户成员的", "Same name, under the number of one of the household"
    ),
    "sibling_number": Text("姓名一致，证号是兄弟姐妹的", "Same name, under a brother's or sister's number"),
    "pupil_number": Text(
        "姓名、学校一致，证号是另一名学生的", "Same name and school, under another pupil's number"
    ),
    "adult_number": Text(
        "姓名一致且唯一，证号是成年人的", "The one pupil of that name, under a grown-up's number"
    ),
    "name_school": Text("无任何号码，姓名与学校一致且唯一", "No number at all; name and school, unique"),
    "name": Text("无任何号码，姓名在各名册中唯一", "No number at all; the name is unique in all registers"),
    "hidden_digits": Text(
        "姓名一致且唯一，证号未隐去的各位一致",
        "The one child of that name whose number fits the digits not hidden",
    ),
    "holder": Text(
        "户名是该学生，姓名、证号是成年人的", "On the pupil's own account, under a grown-up's name and number"
    ),
    "cut_name": Text(
        "无任何号码，姓名缺字，户名是该校唯一相符的学生或其监护人",
        "No number at all, characters of the name lost; the account is the only fitting pupil's of that school, or the guardian's",
    ),
    "model": Text("多项信息综合比对（概率模型）", "Several fields weighed together (probability model)"),
    "review": Text("人工复核认定", "Decided by a person"),
    "none": Text("未找到对应学籍", "Not found in the enrolment register"),
}
_LEFT_OUT = {
    "left_out": Text("有意剔除", "Left out on purpose"),
    "rejected": Text("无法采用", "Rejected"),
    "title": Text("标题行", "Title row"),
    "header": Text("表头行", "Header row"),
    "unit": Text("单位行", "Unit row"),
    "subtotal": Text("小计、合计行", "Subtotal or total row"),
    "signature": Text("签字落款行", "Signature line"),
    "note": Text("备注行", "Note"),
    "blank": Text("空行", "Blank row"),
    "repeated_header": Text("重复表头", "Repeated header"),
    "not_entitled": Text("已不享受政策（退出、停保、风险已消除）", "No longer entitled"),
    "not_paid": Text("尚未发放", "Not paid yet"),
    "taken_back": Text("冲回", "Taken back"),
    "other_scheme": Text("不在审计范围的项目", "Scheme outside the audit"),
    "second_header": Text("另一种表头", "Another header below"),
    "no_header": Text("该表页无可识别表头", "Sheet without a recognisable header"),
    "not_needed": Text("参数写明不需要该表页", "Sheet that the parameters say is not needed"),
}
_DISPOSITIONS = {
    "confirmed": Text("属实", "Confirmed"),
    "cleared": Text("排除", "Cleared"),
    "withdrawn": Text("撤回（恢复待核实）", "Withdrawn (pending again)"),
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
    **REASONS,
    **UNTESTED,
    **DEFECTS,
    **_LEFT_OUT,
    **{code: text for code, text in _DISPOSITIONS.items() if code not in _STATUSES},
    **{f"decision.{code}": text for code, text in _DISPOSITIONS.items()},
    **{f"family.{code}": text for code, text in _FAMILIES.items()},
    **{f"basis.{code}": text for code, text in _BASES.items()},
    **{f"link.{code}": text for code, text in _LINKS.items()},
    **{f"in_school.{code}": text for code, text in (_STAGES | _IN_SCHOOL).items()},
}
"""Every code that a reader may meet, but the names of columns, which :func:`word` takes from the schema."""

_COLUMNS: dict[str, Text] = {
    f"{table.name}.{column.name}": Text(
        f"{table.title.zh}·{column.title.zh}", f"{table.title.en}: {column.title.en}"
    )
    for table in TABLES.values()
    for column in table.columns
}
_TITLES = {column.name: column.title for table in TABLES.values() for column in table.columns}
_REJECTED = {
    "empty": Text("“{column}”为空", "{column} is empty"),
    "unreadable": Text("“{column}”无法识别", "{column} cannot be read"),
}


SINCE_THEN = "2021-spring"
"""The first term of the time after the register was renamed (建档立卡户 are 脱贫户 since 2021)."""
NEW_NAMES = {"registered_poor": Text("脱贫户", "Registered poor")}


def category_word(code: object, term: object, language: str) -> str:
    """The word for a category as the field calls it in ``term``."""
    new_name = NEW_NAMES.get(str(code)) if str(term) >= SINCE_THEN else None
    return new_name.into(language) if new_name else word(code, language)


def word(code: object, language: str) -> str:
    """The words for ``code`` in ``language``; a code that is not known as it stands.

    ``payments.pay_date`` is a column, ``empty:name`` why a row was rejected; ``family.missed``,
    ``link.id_number`` and ``decision.withdrawn`` say which list a code is of where two lists share one; ``letters,payments`` are several.
    """
    name = str(code)
    parts = name.split(",")
    if len(parts) > 1 and all(part in WORDS or part in _COLUMNS for part in parts):
        return ("、" if language == "zh" else ", ").join(word(part, language) for part in parts)
    reason, _, column = name.partition(":")
    text = WORDS.get(name) or _COLUMNS.get(name)
    if text is None and reason in _REJECTED and column in _TITLES:
        text = _REJECTED[reason].fill(column=_TITLES[column])
    return (
        text.into(language)
        if text
        else name.removeprefix("family.").removeprefix("link.").removeprefix("decision.")
    )
