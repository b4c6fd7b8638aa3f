"""Columns that their header tells, whatever their words: in an eligibility register that aid of somebody has ended (是否死亡, 核减,
风险状态, 审核结果, 有效期), in a roster that somebody was not there (到校天数 0, 签到).

Passed over, they leave children in a list who are no longer in it, and nobody would ask.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditlib.cells.hygiene import NOTHING
from auditlib.ingest.files.cells import bare

_OF_OTHERS = re.compile("证|卡|身份|电话|役|伍|车|学|保险|医|房|户籍|病|残疾|公示|低保金|脱贫")
_ENDED_PATTERN = re.compile("停|退|终止|注销|核减|减少|取消|死亡|亡故|去世|消除|解除|清退|风险")
_HOLDS = re.compile("是否有效|有效状态|(?:审核|审批|认定|复核|年审|核查)(?:结果|结论|状态)|是否(?:通过|符合)")
_PERIOD = re.compile("(?:有效|享受|保障|救助|供养|认定)(?:期限?|月份?|期间|起止(?:时间|日期)?|时段)|期限")
_NO = re.compile(r"(?:否|无|没有?|不|未|尚未|正常|在[保享]|享受|保障|有效|0|×|X|N|NO|/|-|—)(?:.{0,4})?")
_REFUSED_PATTERN = re.compile("不|未|否|无效|失效|×|驳回|取消|终止")

_PRESENCE = re.compile("到校|出勤|在校|实到|出席")
_SIGNED_IN = re.compile("签到|点名|打卡")
_NOUGHT = re.compile("0+(?:[.]0+)?[%天节次日]?")


def presence_told(header: str, cells: Sequence[str]) -> float | None:
    """The share of the ``cells`` that say of somebody that he was not there, below a header that counts days at school; 1 where the
    ``header`` is of who signed in, and a blank may say it."""
    if _SIGNED_IN.search(header):
        return 1.0
    nought = sum(bool(_NOUGHT.fullmatch(bare(cell))) for cell in cells)
    return nought / len(cells) if nought and _PRESENCE.search(header) else None


def end_told(header: str, cells: Sequence[str]) -> tuple[str, float] | None:
    """``entitled`` or ``valid_from``, and the share of the ``cells`` that say so, where the ``header`` (in normal form) asks whether or
    how long aid goes on and some cell answers that it does not, or no longer; else None."""
    if _OF_OTHERS.search(header):
        return None
    words = [bare(cell).upper() for cell in cells]
    if _PERIOD.search(header):
        ends = [word for word in words if any(map(str.isdigit, word))]
        return ("valid_from", len(ends) / len(words)) if ends else None
    if _HOLDS.search(header):
        ends = [word for word in words if _REFUSED_PATTERN.search(word)]
    elif _ENDED_PATTERN.search(header):
        ends = [word for word in words if not _NO.fullmatch(word) and word not in NOTHING]
    else:
        return None
    return ("entitled", len(ends) / len(words)) if ends else None
