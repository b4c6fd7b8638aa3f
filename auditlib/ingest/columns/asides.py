"""What a column that nobody reads says of a record, where the column that should say it is missing.

A list without 发放结果 counts every payment as made; one whose 备注 says 退汇 of some of them must not be read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.inquiries import contradicting_remark
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.looks import MOST, SAMPLE, codes_among, share, words_beside
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.headers.turned_answers import turn_of, turned_cells
from auditlib.ingest.messages import problems
from auditlib.tables.vocabulary import code_of

# Why a bank returns money: alone, or beside the word that it came back.
_WHY = (
    "(?:因|由于)?(?:(?:户名|姓名|身份证号?|证件号?码?|[账帐卡]号|账户|帐户|存折|银行卡|社保卡|一卡通|卡)(?:与?[^,;:()]{0,6})?"
    "(?:不符|不一致|有误|错误|异常|不存在|无效|已?(?:被)?(?:注销|销户|挂失|失效|冻结)|未激活)|已?销户|信息(?:不符|有误|错误|不全))"
)
_NOT_PAID_AFTER = "(?:[,;:]?(?:不发|未发|停发|未补发|(?:待|需|应)(?:重新?)?(?:补发|发放)|未重发|资金退回))?"
_NOT_PAID = (
    "(?:已?(?:退学|休学|辍学|死亡|毕业|转出|转学|转走)[,;:]?)?(?:不予?|停止?|暂停|暂不|暂缓|取消|未|不再)发放?|不再享受|取消(?:补助|资助|资格)"
    "|(?:不|未|没有?)(?:发放?|领取?)|缓发"
)
_REPEATED_PATTERN = "(?:与|和|同)?(?:上|下|前|第?[0-9]{1,4})(?:一|面)?(?:条|行|号|序号)?(?:信息|记录)?重复(?:录入|上报|发放|填报)?|重复(?:录入|上报|发放|填报)"
_BACK = "(?:已|被|银行|银行已)?(?:退汇|退票|退回|退款)|(?:打卡|发放|支付|代发|入账|转账|交易|汇款)?(?:失败|不成功|未成功)|未到账"
# Whole cells only, but for a day, a place or a reason: 上学期退汇补发 is another matter, and no one's but the inspector's.
_ASIDES = {
    (
        "payments",
        "result",
    ): f"(?:{_WHY}[,;:]?(?:导致|而|资金|款项)?)?(?:{_BACK})(?:[,;:]?{_WHY})?{_NOT_PAID_AFTER}|{_WHY}|{_NOT_PAID}|{_REPEATED_PATTERN}",
    (
        "enrolment",
        "status",
    ): "已?(?:休学|退学|转出|转学|转走|转(?=[至到往])|辍学|流失|失学|死亡|毕业)|病故|亡故|"
    "随(?:父母|家长|父亲|母亲|亲属)?(?:外出|外迁|迁)[^,;]{0,8}(?:就读|读书|上学)|(?:已?[到在去])(?:外省|外县|外地|省外|县外|市外)[^,;]{0,6}(?:就读|读书|上学)"
    "|外出(?:就读|务工|打工)|不在(?:我|本)?校|未(?:到|返)校|未报到|空挂(?:学籍)?|人籍分离",
    ("eligibility", "entitled"): (
        "(?:现?已)?(?:退出|停保|停发|停止(?:享受|保障|发放)|退保|清退|取消(?:低保|资格|保障)?|注销|不再享受|不再符合|不享受(?:政策)?|死亡|病故|亡故|去世)"
        "(?:低保|特困|监测|享受|保障)?"
    ),
}
_TELLS_TOO = {"entitled": ("valid_to",)}  # where one is there, a remark only repeats it
_CHANGED_PATTERN = "减少|核减|迁出"  # in a column of what has changed, not in one of the family's income
_REMARK = re.compile("备注|备考|附注|批注|说明|^注$")
# What a row says where nothing is the matter with it.
_IN_ORDER = {"result": ("success",), "status": ("enrolled", "resumed"), "entitled": ("yes",)}
_ENDED_PATTERN, _MOVED_PATTERN = "已退出", "转出"
_LONGEST = 30  # characters of such a remark, spaces included
_DAY = r"(?:20[0-9]{6}|(?:20[0-9]{2}[-./年])?[0-9]{1,2}[-./月](?:[0-9]{1,2}日?)?|20[0-9]{2}[-./][0-9]{1,2})"
# A day or a place beside the word: 已转出(2024.9.20), 9月12日死亡, 转学至外县.
_BEFORE = rf"(?P<before>于?(?P<day>{_DAY})[,:]?)?"
_AFTER = rf"(?P<after>[(,:]?[于自从]?(?P<since>{_DAY})起?\)?|\([^()]*\)|[至到往].{{1,15}})?"
_UNDONE_PATTERN = re.compile(
    "复学|返校|回校|转入|取消|未|已补|恢复|(?:本|我)(?:校|县|地)"
)  # what stands beside has set it right


def asides(task: Task, grid: Grid, layout: Layout, records: Sequence[int]) -> Iterator[Problem]:
    """A problem for each column of the sheet that speaks for one that is not there, at the first such row."""
    for (table, column), words in _ASIDES.items():
        instead = (column, *_TELLS_TOO.get(column, ()))
        if table != task.table.name:
            continue
        if not any(_has_column(c, layout, task.constants) for c in instead):
            yield from _asides_of(task, grid, layout, records, column, words)
        elif column in layout.columns:
            in_order = [row for row in records if _is_in_order(task, grid, layout, row, instead)]
            yield from _asides_of(task, grid, layout, in_order, column, words)


def _has_column(column: str, layout: Layout, constants: Mapping[str, str]) -> bool:
    return column in layout.columns or column in constants


def _is_in_order(task: Task, grid: Grid, layout: Layout, row: int, columns: Sequence[str]) -> bool:
    """Does the row's own cell say that the payment was made, the pupil at school, the aid still due; and no other tell an end?"""
    column, *others = columns
    cell = grid.columns[layout.columns[column].position][row]
    codes = task.words.get(task.table.by_name[column].kind.codes, {})
    ends = any(
        bare(grid.columns[layout.columns[name].position][row]) for name in others if name in layout.columns
    )
    header = layout.columns[column].read
    return (
        codes.get(code_of(cell or "", header.spelling.coding if header else "")) in _IN_ORDER[column]
        and not ends
    )


def _speaks_for_itself(task: Task, column: str, cells: Iterable[str | None]) -> bool:
    """Is it the missing column under another header? That is asked about by itself (:mod:`overlooked`)."""
    declaration = task.table.by_name[column]
    sample = [*islice((cell for cell in cells if cell), SAMPLE)]
    codes = codes_among(declaration, sample, task.knowledge)
    is_told = len(codes) > 1 or bool(codes and words_beside(declaration, sample, task.knowledge))
    return is_told and (share(declaration, sample, task.knowledge) or 0) >= MOST


def _asides_of(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], column: str, words: str
) -> Iterator[Problem]:
    is_there = column in layout.columns
    for header in layout.unused:
        asks_for_it = is_there and turn_of(normal(header.text), [column])
        if is_there and not asks_for_it and not _REMARK.search(header.text):
            continue  # 享受低保政策情况 says nothing of this list
        cells = grid.columns[header.position]
        if header.is_unneeded or _speaks_for_itself(task, column, (cells[row] for row in records)):
            continue
        if asks_for_it:  # 是否退汇 beside 发放结果
            cells = turned_cells(normal(header.text), column, cells, task.words.get("yes_no", {}))
        for row in records:
            cell = cells[row]
            aside = _aside(cell, words) if cell is not None else None
            if aside:
                place = task.place(grid, row)
                own, word = layout.columns.get(column), aside["word"]
                yield (
                    contradicting_remark(
                        task.table, place, own.text, grid.columns[own.position][row] or "", header.text, word
                    )
                    if own
                    else problems.said_aside(task.table, column, place, header.text, word)
                )
                break


@lru_cache(maxsize=4096)
def _aside(cell: str, words: str) -> re.Match[str] | None:
    """The word with what stands beside it; None where the cell is something else, or says that it is set right."""
    text = bare(cell)
    match = _pattern(words).fullmatch(text) if len(text) <= _LONGEST else None
    return match if match and not _UNDONE_PATTERN.search(f"{match['before']}{match['after']}") else None


@lru_cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE}(?P<word>{words}){_AFTER}")


def status_and_day(cell: str | None) -> tuple[str | None, str | None]:
    """已转出(2024.9.20) as the status and its day; another cell as it stands, without a day."""
    match = _aside(cell, _ASIDES["enrolment", "status"]) if cell else None
    if not match:
        return cell, None
    word = _MOVED_PATTERN if match["word"] in ("转", "已转") else match["word"]  # 转至县外
    return word, match["day"] or match["since"]


def end_of_aid(cell: str | None) -> tuple[str | None, str | None]:
    """2024年3月停保 as the day on which aid ended; 已停保 as what says that it has; another cell as it stands."""
    match = _aside(cell, f"{_ASIDES['eligibility', 'entitled']}|{_CHANGED_PATTERN}") if cell else None
    day = match and (match["day"] or match["since"])
    return (cell, None) if not match else (None, day) if day else (_ENDED_PATTERN, None)
