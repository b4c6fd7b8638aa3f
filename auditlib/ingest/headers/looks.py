"""What the cells of a column look like, whatever its header says: a test of a few of them, before anything is proposed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from auditlib.cells.hygiene import NOTHING
from auditlib.ingest.files.cells import bare
from auditlib.ingest.titles.terms import terms_in
from auditlib.tables.delivered import Column
from auditlib.tables.vocabulary import Vocabulary, code_of, spelling

SAMPLE = 300  # filled cells of a column that are looked at
MOST = 0.5  # of them
_DAY = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
# 20 digits: of a disabled person's certificate, which begins with the ID number.
_ID_NUMBER = re.compile(rf"[1-9][0-9]{{5}}{_DAY}[0-9]{{3}}[0-9X](?:[0-9]{{2}}B?[0-9]?)?")
_STUDENT_NO = re.compile("[GLJ][0-9]{17}[0-9X]")
_ONE_DATE = (
    rf"(?:{_DAY}|(?:19|20)[0-9]{{2}}[-./年][0-9]{{1,2}}[-./月][0-9]{{1,2}}日?(?:[0-9]{{1,2}}:[0-9:.]+)?)"
)
_FULL_DATE = re.compile(_ONE_DATE)
_MONTH_OR_DAY = (
    r"(?:(?:19|20)[0-9]{2}(?:[-./年](?:0?[1-9]|1[0-2])月?|0[1-9]月?|1[0-2]月?)|[0-9]{1,2}月[0-9]{1,2}日?)"
)
_WITH_PARTS = rf"(?:{_ONE_DATE}|{_MONTH_OR_DAY})"  # 2024年6月, 9月18日
_EDGE = rf"(?:{_WITH_PARTS}|[0-9]{{1,2}}\.[0-9]{{1,2}})"  # 9.16
_PERIOD = re.compile(rf"自?{_EDGE}起?[-—–~至到]+(?:{_EDGE}|[0-9]{{1,2}}日?|今|长期)止?(?:\([^()]*\))?")
_DOT_DAY = r"(?:1[0-2]|0?[1-9])\.(?:3[01]|[12][0-9]|0?[1-9])"  # 9.12
_DATE = re.compile(rf"{_WITH_PARTS}|{_DOT_DAY}|{_PERIOD.pattern}")  # or a period in one cell
_TERM = re.compile("20[0-9]{2}-(?:SPRING|AUTUMN)")
_HALF_YEAR = re.compile("[春秋]季?(?:学期)?|第?[一二上下]学期")
_YUAN = re.compile(r"[-+]?[¥￥]?[0-9][0-9,]{0,12}(?:\.[0-9]+)?(?:万?元)?")
_COUNT = re.compile(r"[0-9,]{1,9}[人次户名节课时个]*")
_SCHOOL_CODE = re.compile("[0-9]{10}")
_ACCOUNT = re.compile("[0-9]{16,19}")
SCHOOL = re.compile(
    r".*(?:小学|中学|学校|幼儿园|中心校|完小|初中|高中|一贯制|职教中心|职业教育中心|教学点|分校|校区)(?:\(.*\))?"
)
_NAME = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff·]{2,15}")
_FORMS: dict[str, Callable[[str], object]] = {
    "citizen_id": _ID_NUMBER.fullmatch,
    "student_no": _STUDENT_NO.fullmatch,
    "date": _DATE.fullmatch,
    "date_from": _DATE.fullmatch,
    "date_to": _DATE.fullmatch,
    "term": lambda text: _TERM.fullmatch(text) or _HALF_YEAR.fullmatch(text) or terms_in(text),
    "yuan": _YUAN.fullmatch,
    "yuan_printed": _YUAN.fullmatch,
    "count": _COUNT.fullmatch,
    "school_code": _SCHOOL_CODE.fullmatch,
    "school_name": SCHOOL.fullmatch,
    "account": lambda text: _ACCOUNT.fullmatch(text) and not _ID_NUMBER.fullmatch(text),
    "name": lambda text: _NAME.fullmatch(text) and not SCHOOL.fullmatch(text),
}


@dataclass(frozen=True)
class Knowledge:
    """What cells are held against: spellings of coded values, and names of schools in the county's registers."""

    words: Vocabulary = field(default_factory=dict)
    schools: Collection[str] = frozenset()
    written: Collection[str] = frozenset()  # as any file writes them


def share(column: Column, cells: Sequence[str], knowledge: Knowledge, coding: str = "") -> float | None:
    """The share of ``cells`` (filled ones) that look like ``column``; None where no look can tell.

    ``coding``: as headers state it (``yes_no``).
    """
    looks = _look(column, knowledge, coding)
    return sum(1 for cell in cells if looks(bare(cell).upper())) / max(len(cells), 1) if looks else None


def share_of_days(cells: Sequence[str], *, periods: bool = False) -> float:
    """The share of ``cells`` that hold a day with its year or, with ``periods``, a first and a last day."""
    days = {cell: bool(_FULL_DATE.fullmatch(bare(cell))) for cell in {*cells}}
    spans = {cell for cell in days if periods and not days[cell] and _PERIOD.fullmatch(bare(cell))}
    return sum(cell in spans if periods else days[cell] for cell in cells) / max(len(cells), 1)


def may_be(column: Column, cells: Sequence[str], knowledge: Knowledge) -> bool:
    """Do most cells look like the column, or can no look tell?"""
    shares = [share(column, cells, knowledge, coding) for coding in ("", "yes_no")]
    return any(part is None or part >= MOST for part in shares)


def codes_among(column: Column, cells: Sequence[str], knowledge: Knowledge) -> set[str]:
    """The different codes that the cells name in words: bare numbers and 是, 否 tell nothing by themselves."""
    list_of = knowledge.words.get(column.kind.codes, {})
    words = {spelling(cell) for cell in cells}
    plain = {word for word in words if not word.isascii() and word not in knowledge.words.get("yes_no", {})}
    return {list_of[word] for word in plain if word in list_of}


def answers(column: Column, cells: Sequence[str], knowledge: Knowledge) -> bool:
    """Do the cells answer a question of yes and no in words or signs (是, √, 无), of which some are the same?"""
    plain = {spelling(cell) for cell in cells}
    vocabulary = knowledge.words.get("yes_no", {}).keys() | knowledge.words.get(column.kind.codes, {}).keys()
    return (
        bool(plain & vocabulary)
        and not all(word.isascii() and word.isalnum() for word in plain & vocabulary)
        and (len(plain) < max(len(cells), 2))
    )


def denies(column: Column, cells: Sequence[str], knowledge: Knowledge, coding: str) -> bool:
    """Does a cell say no to what is taken for granted where nothing is said?"""
    list_of = knowledge.words.get(column.kind.codes, {})
    return any(list_of.get(code_of(cell, coding)) == "no" for cell in cells)


def words_beside(column: Column, cells: Sequence[str], knowledge: Knowledge) -> set[str]:
    """The different words of the cells that the column's list of codes does not know."""
    return {spelling(cell) for cell in cells} - knowledge.words.get(column.kind.codes, {}).keys() - {*NOTHING}


def _look(column: Column, knowledge: Knowledge, coding: str) -> Callable[[str], object] | None:
    if column.kind.codes:
        list_of = knowledge.words.get(column.kind.codes, {})
        return (lambda text: code_of(text, coding) in list_of) if list_of else None
    if column.kind.name == "school_name":
        names = knowledge.written if column.name == "alias" else knowledge.schools
        return lambda text: text in names or SCHOOL.fullmatch(text)
    return _FORMS.get(column.kind.name)
