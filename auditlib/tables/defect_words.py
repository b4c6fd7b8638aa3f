"""Words for what is wrong with a cell."""

from __future__ import annotations

from auditlib.base.language import Text

DEFECTS = {
    "damaged": Text("被电子表格截断，末位数字已丢失", "Cut by the spreadsheet, last digits lost"),
    "other_document": Text("非居民身份证件", "Another kind of document"),
    "characters": Text("含不应有的字符", "Characters that do not belong"),
    "length": Text("位数不对", "Wrong length"),
    "form": Text("格式不符", "Wrong form"),
    "date": Text("日期不存在或无法识别", "Date impossible or unreadable"),
    "date_from": Text("起始日期无法识别", "First day unreadable"),
    "date_to": Text("终止日期无法识别", "Last day unreadable"),
    "check_digit": Text("校验位不符", "Check digit is wrong"),
    "area": Text("地区码不存在", "Area code does not exist"),
    "amount": Text("金额不符或无法识别", "Amount differs or cannot be read"),
    "persons": Text("人次不符", "Person-times differ"),
    "yuan": Text("金额无法识别", "Amount cannot be read"),
    "yuan_printed": Text("金额无法识别", "Amount cannot be read"),
    "count": Text("人数无法识别", "Count cannot be read"),
    "term": Text("学期无法识别", "Term cannot be read"),
    "not_a_name": Text(
        "不是一个人的姓名（公式、号码，或几个人写在一格）",
        "Not one person's name: a formula, a number, or several people",
    ),
    "lost_character": Text("姓名中有字符丢失（?、□）", "A character of the name was lost"),
    "unknown_value": Text("取值不在代码表中", "Value not in the code list"),
    "not_stated": Text("填写为“其他”“不详”", "Stated as other or unknown"),
}
