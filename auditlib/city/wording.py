"""The words of the re-check: what an inspector reads where a frame holds ``data_removed`` or ``reperformed``."""

from __future__ import annotations

import pandas as pd

from auditlib.base.language import Text
from auditlib.rules import RULES
from auditlib.rules.city import RECHECK_RULES
from auditlib.rules.city_words import WORDS as REASONS
from auditlib.tables.delivered import TABLES

NOTHING = "—"
NOT_COMPARED = Text(
    "没有可采信的报送包，或市里没有该县的数据：没有比对。",
    "No package to rely on, or no data of the county here: nothing was compared.",
)
WORDS: dict[str, Text] = {
    **REASONS,
    "same": Text("一致", "the same"),
    "other_amount": Text("金额不同", "other amount"),
    "other_fields": Text("其他内容不同", "other fields"),
    "only_county": Text("仅县里有", "only the county"),
    "only_city": Text("仅市里有", "only the city"),
    "data_added": Text("自查后增加了行", "rows added"),
    "data_removed": Text("自查后删除了行", "rows removed"),
    "data_altered": Text("自查后改动了行", "rows altered"),
    "version": Text("程序版本不同", "other version"),
    "policy": Text("政策文件不同", "other policy"),
    "parameters": Text("参数不同", "other parameters"),
    "files": Text("输入文件不同", "other input files"),
    "key": Text("行指纹密钥不同", "another fingerprint key"),
    "earlier_run": Text(
        "市里没有该县上学期的自查：先用市里所持的数据做上学期自查，写进该县参数文件的 previous，再复查",
        "the city has no run of the term before: make one of the data it holds, name it under previous in the county's "
        "parameter file, and check again",
    ),
    "other_earlier_run": Text(
        "县、市所用的上学期学籍不同", "county and city hold different registers of last term"
    ),
    "cleared": Text("县里已排除", "cleared by the county"),
    "unexplained": Text("原因不明", "unexplained"),
    "reperformed": Text("同规则重做", "same rules, done again"),
    "not_reperformed": Text(
        "未重做（市里没有该县数据）", "not done again (the city has no data of the county)"
    ),
    "counted": Text("逐行清点", "rows counted"),
    "counted_again": Text(
        "按县里的口径重新算出；算不出的记“—”，没有核对",
        "worked out again under the county's conditions; — where it cannot be, and stands unchecked",
    ),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "not_evidenced": Text("数据截至之后，待回单", "after the copy was made: receipt wanted"),
    "corrected": Text("已更正", "corrected"),
    "not_checkable": Text("数据无从查验", "cannot be seen in the data"),
}
FORM_TITLES = (
    Text("检查项目", "Item"),
    Text("检查方法", "Method"),
    Text("县级自查", "Self-check"),
    Text("市级复查", "Re-check"),
    Text("是否一致", "Agree"),
    Text("说明", "Note"),
)
FIGURES = Text(
    "清单中的计数（各规则、孩子、金额、关联）", "Figures of the manifest (rules, children, yuan, links)"
)
ROWS_OF = Text("{table}采用行数", "Rows used: {table}")


def cause_title(code: str | None, language: str) -> str:
    """The word for ``code``, the code itself where there is none."""
    if not code:
        return ""
    return WORDS[code].into(language) if code in WORDS else code


def rule_title(rule: str, language: str) -> str:
    """The title of a rule of either catalogue."""
    declaration = RULES.get(rule) or RECHECK_RULES.get(rule)
    return declaration.title.into(language) if declaration else rule


def item_title(item: str, language: str) -> str:
    """What a line of the form is about: a rule, or the rows of a table."""
    if item.startswith("rows."):
        return ROWS_OF.fill(table=TABLES[item.removeprefix("rows.")].title).into(language)
    return FIGURES.into(language) if item == "figures" else rule_title(item, language)


def cause_note(causes: str, language: str) -> str:
    """``data_removed 2, unexplained 1`` in words."""
    parts = [part.rsplit(" ", 1) for part in causes.split(", ") if part]
    between, before = ("；", " ") if language == "zh" else ("; ", ": ")
    return between.join(f"{cause_title(code, language)}{before}{n}" for code, n in parts)


def form_rows(form: pd.DataFrame, language: str) -> list[list[str | int]]:
    """The form's lines in words; ``—`` where nothing was done again."""
    return [
        [
            item_title(line["item"], language),
            cause_title(line["method"], language),
            int(line["self_check"]),
            NOTHING if pd.isna(line["re_check"]) else int(line["re_check"]),
            NOTHING if pd.isna(line["agrees"]) else cause_title("yes" if line["agrees"] else "no", language),
            cause_note(line["causes"], language),
        ]
        for line in form.to_dict("records")
    ]
