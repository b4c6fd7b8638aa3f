"""Columns of yes and no whose header asks the other way round, or asks for one state: 是否走读, 是否退汇, 缺勤, 未资助.

A yes below 是否走读 says day pupil: by the column that it stands for, 就读方式, it would say boarder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditlib.base.language import Text
from auditlib.ingest.files.cells import ColumnCells, bare
from auditlib.tables.vocabulary import spelling

TURNED_CODING = "turned"  # as a header's coding
_TICKS = frozenset("√✓✔")
_ASKS, _END = "(?:是否|有无|是不是)?", "(?:情况|标志|标记|与否|否)?"
_DAY_PUPIL = r"校?外宿生?|校外(?:住宿|租房|居住)|走读生?|通学生?|走校生?|通校生?|跑校生?|(?:非|不|未)(?:在校)?(?:寄宿|住校|住宿|住读)生?|租房|陪读|回家住"
_LEAVING_PATTERN = "辍学|流失|失学|休学|退学|转出|离校|死亡|毕业"
_NOT_PAID = "退汇|退回|退票|退款|退卡|失败|不成功|未成功|未到[账帐]|未入[账帐]|未?发放?失败"
_AWAY = "缺勤|缺课|缺席|请假|旷课|旷学|未到校?|未在校|不在校|离校|流失|辍学|失学|外出"
_NOT_AIDED = (
    "(?:未|漏|没有?|无)(?:被|获得?|享受|落实|发放|得到)?(?:过)?(?:资助|补助|助学金)|未享受|未落实|没享受"
)


@dataclass(frozen=True)
class Turned:
    """``header`` in normal form asks for what ``column`` calls ``yes`` (its group ``state`` where that is empty); ``no``: what the
    other answer says, None where nothing is the matter then."""

    column: str
    header: re.Pattern[str]
    yes: str
    no: str | None

    def of_yes(self, header: str) -> str:
        """The word of the column that a yes below ``header`` says."""
        match = self.header.fullmatch(header)
        return self.yes or (match["state"] if match else "")


def _asking(column: str, states: str, yes: str, no: str | None, before: str = "", after: str = "") -> Turned:
    return Turned(column, re.compile(f"{_ASKS}(?:{before})?(?P<state>{states})(?:{after})?{_END}"), yes, no)


_ALL = (
    _asking("boarding", _DAY_PUPIL, "走读", "住校", before="为|是|属于"),
    _asking("status", _LEAVING_PATTERN, "", None, before="已经?|现已", after="学生"),
    _asking("status", "在校|在读|在籍|在学", "在读", "否", before="仍|还|正常|现", after="学生|生"),
    _asking("result", _NOT_PAID, "失败", "成功", before="已?被?(?:银行)?(?:资金)?(?:发放|支付|打卡|打款|转账|代发|入账)?"),
    _asking("present", _AWAY, "不在校", "在校", before="当[日天]|现", after="学生"),
    _asking("aided", _NOT_AIDED, "未资助", "已资助", before="当地|就读地|学校"),
    _asking("back", "(?:仍|还|至今|尚)?(?:未|没有?)(?:复学|返校|到校|入学|劝返)", "未复学", "已复学"),
    _asking("entitled", "停保|停发|退出|退保|清退|注销|终止|停止(?:享受|保障|发放)?", "已退出", None, before="已经?|现已"),
)  # fmt: skip


def turn_of(header: str, columns: Sequence[str]) -> Turned | None:
    """How the first of ``columns`` that ``header`` (in normal form) asks the other way round is read; None where none is."""
    return next((one for one in _ALL if one.column in columns and one.header.fullmatch(header)), None)


def turned_cells(header: str, column: str, cells: ColumnCells, answers: Mapping[str, str]) -> ColumnCells:
    """``cells`` below ``header`` (in normal form) in the words of the column; ``answers``: spelling to yes or no. Where nothing
    but ticks stands, an empty cell says no."""
    one = turn_of(header, [column])
    if one is None:
        return cells
    filled_cells = {bare(cell) for cell in cells if bare(cell)}
    words = {"yes": one.of_yes(header), "no": one.no}
    is_ticked = bool(filled_cells) and filled_cells <= _TICKS
    return [
        (one.no if is_ticked else cell)
        if not bare(cell)
        else words.get(answers.get(spelling(cell or ""), ""), cell)
        for cell in cells
    ]


def in_words(header: str, column: str) -> Text | None:
    """How the answers below a header that asks the other way round are read."""
    one = turn_of(header, [column])
    if one is None:
        return None
    yes, no = one.of_yes(header), one.no
    return Text(
        f"“是”读作“{yes}”" + (f"，“否”读作“{no}”" if no and no != "否" else ""),
        f"a yes is read as {yes}" + (f", a no as {no}" if no and no != "否" else ""),
    )
