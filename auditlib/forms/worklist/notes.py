"""The sheet that is opened first: what the list is, who may have it, how it is filled in, and how much stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from auditlib.base.language import Text
from auditlib.findings.yuan_once import ADDED_UP, YuanOnce
from auditlib.forms.worklist.columns import SIGNED_TEXT, TITLE
from auditlib.page import markup
from auditlib.tables.findings import column_title, title_in_yuan

Groups = Sequence[tuple[Any, pd.DataFrame]]
GUIDE = (
    Text(
        "本工作簿含未遮盖的个人信息，仅供经授权的工作人员使用；不得转发、公示或上传，用毕按规定保管或销毁。",
        "This workbook holds personal data unmasked, for the authorised only. Do not forward, post or upload it; keep or "
        "destroy it as the rules require.",
    ),
    Text(
        "每行是一条疑点，不是定性。请先核实，听取学生和家长说明；应助未助的排在最前，优先处理。",
        "Each row is a suspicion, not a verdict. Verify it and hear the pupil and the family first. Missed children stand "
        "first and are dealt with first.",
    ),
    Text(
        "请先在上方写明填报人，再填写黄色五列。处理结果只能选“属实、排除、已整改、销号”之一；原因可选可填；日期填为 2020-12-31 的样式；"
        "追回或补发金额填元；已整改的，凭据写凭证号或文件名。",
        "Write above who fills it in, then the five yellow columns. The outcome is one of the list; the cause may be chosen or written; dates like "
        "2020-12-31; amounts in yuan; what is rectified has evidence, a voucher or a file.",
    ),
    Text(
        "属实：情况确实；排除：有合理原因（请写明）；已整改：已补发或追回；销号：整改经复核，办结。",
        "Confirmed: it is so. Cleared: there is a good reason (write it). Rectified: paid or recovered. Closed: checked "
        "and done.",
    ),
    Text(
        "第一张表页“全部疑点”每条一行，供筛选、汇总和数据透视；填写请到各乡镇、学校的表页。",
        "The first sheet, “All findings”, has a row each, to filter, sum up and pivot; fill in on the sheets of towns and schools.",
    ),
    Text(
        "可以排序、筛选；请勿改动或删除最后一列（灰色小字），回收时凭它对应；“疑点编号”与回执、工作台相同，对外只用它，最后一列能推出证号。“来源”为所依据的行（文件!表页!行号）。",
        "Sort and filter as you like; leave the last column (small and grey) alone, the list is read back by it. The finding no. is that of slips and "
        "workbench; outside use that alone, from the last column the ID number can be worked out. Sources are "
        "file!sheet!row.",
    ),
)
COUNT_TITLE, SHEET_TITLE = Text("各规则疑点数", "Findings by rule"), Text("各表疑点数", "Findings by sheet")
RULE, SHEET, COUNT, YUAN = (
    column_title("rule"),
    Text("表页", "Sheet"),
    Text("条数", "Findings"),
    title_in_yuan("at_stake"),
)
ADD_UP = Text("涉及金额如何相加（元）", "How the amounts add up (yuan)")
UNSURE = (
    ("owed", Text("应发未发中待核实的（疑点可信度低于认定线）", "Owed, not certain yet (confidence below the line)")),
    ("wrong", Text("误发等中待核实的（疑点可信度低于认定线）", "Paid wrongly, not certain yet (confidence below the line)")),
)  # fmt: skip
NOTHING = Text("本次没有疑点。", "There are no findings.")


def place_of(parameters: Mapping[str, Any], language: str) -> str:
    """County and term, as a reader says them."""
    term = parameters.get("term")
    return f"{parameters.get('county_name', '')}  {markup.term(term, language) if term else ''}".strip()


def write_notes(
    sheet: Worksheet,
    worklist_rows: pd.DataFrame,
    sheets: Sequence[tuple[str, pd.DataFrame]],
    parameters: Mapping[str, Any],
    language: str,
    formats: Mapping[str, Format],
    yuan: YuanOnce | None = None,
    unsure: Mapping[str, Any] | None = None,
) -> None:
    """``yuan``: how the amounts add up, each yuan once; ``unsure``: what of ``owed`` and ``wrong`` is not certain yet."""
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 2, 18)
    sheet.write_string(0, 0, TITLE.into(language), formats["title"])
    sheet.write_string(1, 0, f"{place_of(parameters, language)}  {parameters.get('count_date', '')}".rstrip())
    sheet.write_string(
        2, 0, SIGNED_TEXT.into(language) + ("：" if language == "zh" else ":"), formats["signed"]
    )
    sheet.write_blank(2, 1, None, formats["status"])
    for row, text in enumerate(GUIDE, start=3):
        look = formats["warning" if row == 3 else "plain"]
        sheet.merge_range(row, 0, row, 2, text.into(language), look)
        sheet.set_row(row, 34 if language == "zh" else 48)
    row = 4 + len(GUIDE)
    if worklist_rows.empty:
        sheet.write_string(row, 0, NOTHING.into(language))
        return
    row = _write_sum(sheet, row, yuan, unsure or {}, language, formats) if yuan else row
    by_rule = list(worklist_rows.groupby("rule_title", sort=False))
    row = _write_counts(sheet, row, COUNT_TITLE, RULE, by_rule, language, formats)
    _write_counts(sheet, row + 1, SHEET_TITLE, SHEET, sheets, language, formats)


def _write_sum(
    sheet: Worksheet,
    row: int,
    yuan: YuanOnce,
    unsure: Mapping[str, Any],
    language: str,
    formats: Mapping[str, Format],
) -> int:
    sheet.write_string(row, 0, ADD_UP.into(language), formats["plain"])
    lines = [(title, getattr(yuan, name)) for name, title in ADDED_UP]
    lines += [(title, unsure[part]) for part, title in UNSURE if unsure.get(part)]
    for below, (title, amount) in enumerate(lines, start=row + 1):
        sheet.write_string(below, 0, title.into(language), formats["text"])
        sheet.write_number(below, 2, float(amount), formats["money"])
    return row + 2 + len(lines)


def _write_counts(
    sheet: Worksheet,
    row: int,
    title: Text,
    key: Text,
    groups: Sequence[tuple[Any, pd.DataFrame]],
    language: str,
    formats: Mapping[str, Format],
) -> int:
    sheet.write_string(row, 0, title.into(language), formats["plain"])
    for at, head in enumerate((key, COUNT, YUAN)):
        sheet.write_string(row + 1, at, head.into(language), formats["head"])
    for below, (name, rows) in enumerate(groups, start=row + 2):
        sheet.write_string(below, 0, str(name), formats["text"])
        sheet.write_number(below, 1, len(rows), formats["number"])
        sheet.write_number(below, 2, float(sum(rows["at_stake"].dropna())), formats["money"])
    return row + 2 + len(groups)
