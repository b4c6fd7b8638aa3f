"""Columns of an eligibility register that say of some of its people that aid has ended, whatever their words: 是否死亡, 核减, 风险状态,
审核结果, 有效期.

Passed over, they leave children in the register who are no longer in it, and nobody would ask.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditlib.cells.hygiene import NOTHING
from auditlib.ingest.cells import bare

_OF_OTHERS = re.compile("证|卡|身份|电话|役|伍|车|学|保险|医|房|户籍|病|残疾|公示|低保金|脱贫")
_ENDED = re.compile("停|退|终止|注销|核减|减少|取消|死亡|亡故|去世|消除|解除|清退|风险")
_HOLDS = re.compile("是否有效|有效状态|(?:审核|审批|认定|复核|年审|核查)(?:结果|结论|状态)|是否(?:通过|符合)")
_PERIOD = re.compile("(?:有效|享受|保障|救助|供养|认定)(?:期限?|月份?|期间|起止(?:时间|日期)?|时段)|期限")
_NO = re.compile(r"(?:否|无|没有?|不|未|尚未|正常|在[保享]|享受|保障|有效|0|×|X|N|NO|/|-|—)(?:.{0,4})?")
_REFUSED = re.compile("不|未|否|无效|失效|×|驳回|取消|终止")


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
        ends = [word for word in words if _REFUSED.search(word)]
    elif _ENDED.search(header):
        ends = [word for word in words if not _NO.fullmatch(word) and word not in NOTHING]
    else:
        return None
    return ("entitled", len(ends) / len(words)) if ends else None
