"""Columns that nobody read and that look like one the audit needs: asked about, by their header and by their cells.

A column that is proposed has been held against its cells first. One that is needed stops the run until it is said what
it is, or that it is not needed; another is only told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from auditlib.base.errors import Problem
from auditlib.ingest.files.cells import Helpers, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers import looks
from auditlib.ingest.headers.inquiries import overlooked_column
from auditlib.ingest.headers.layout import OTHER_PERSON, HeaderCell, Layout
from auditlib.ingest.headers.looks import SAMPLE, Knowledge
from auditlib.ingest.headers.spellings import Spellings, coding_of_own, normal, without_hints
from auditlib.ingest.headers.telling_headers import end_told, presence_told
from auditlib.ingest.headers.turned_answers import Turned, turn_of
from auditlib.ingest.messages.problems import Place
from auditlib.tables.delivered import TABLES, Column, Table
from auditlib.tables.vocabulary import spelling

ALIKE = 0.6
# Without these a rule is untested, or takes for granted what the column would deny (paid, enrolled, of this term).
NEEDED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "eligibility": ("id_number", "category", "valid_from", "valid_to", "entitled"),
    "enrolment": ("id_number", "school_name", "stage", "boarding", "status", "status_date"),
    "payments": ("id_number", "school_name", "scheme", "term", "amount", "pay_date", "result", "account_no"),
    "planned": ("id_number", "school_name", "scheme", "term", "amount"),
    "applications": (
        "id_number",
        "posted_from",
        "posted_to",
        "approved_on",
        "applied_on",
        "teacher_on",
        "deputy_on",
        "head_on",
        "reported_on",
        "objection",
    ),
    "letters": ("id_number", "sent_on", "replied_on", "aided", "fallback_amount"),
    "schools": ("school_name", "alias"),
    "attendance": ("present", "heads", "records"),
    "dropouts": ("notice_on", "returned_on", "closed_on", "back"),
    "unable": ("certified_education", "certified_disabled", "certified_health", "certified_civil"),
    "home_teaching": ("taught_on", "lessons"),
    "funds": ("received_on", "paid_out", "allotted"),
    "issues": ("due_on",),
    "control_totals": ("term", "category", "scheme", "persons", "amount"),
}
# What another column of the sheet tells as well.
_INSTEAD = {
    ("payments", "school_name"): ("school_code",),
    ("planned", "school_name"): ("school_code",),
    ("enrolment", "stage"): ("grade",),
}
# Tells the column by its cells alone; a day, an amount or a code needs a header that says whose it is.
_BY_CELLS = ("citizen_id", "term", "school_name", "account")
_TAKEN_FOR_GRANTED = ("status", "result")  # one word in all rows, 在读 or 成功, is what is taken for granted
_DENIED_COLUMNS = (*_TAKEN_FOR_GRANTED, "entitled")
# Answers of yes and no tell these columns, unless the header asks something else.
_ANSWERS = ("aided", "present")
_ANSWER = TABLES["dropouts"].by_name["back"]  # a column of yes and no
_OTHER_ANSWER = re.compile(
    "住|宿|寄|走读|残|低保|贫|困难|建档|脱贫|监测|孤|特困|留守|随迁|独生|农村|城镇|户籍|双|兜底|函|回执|收到|核实|盖章|公示|营养|近视|疫苗|团员|党员|班干|体检|毕业|军|烈"
)
_GOES_ON = re.compile("享|政策|退|停|终止|消除|解除|取消|在保|状态|情况")
_OF_AID = re.compile(
    "(?:已|未)(?:获|享受?)?资助"
)  # says itself that the answer is about aid: 回函结果 未资助
_OTHER_DAY = re.compile(
    "退款|退汇|退回|退票|追回|出生|生日|入学|毕业|入校|录入|导出|打印|填表|填报|制表|更新|建档|登记|有效|查询|统计|截止"
)
_OTHER_STEP = re.compile("申请|申报|受理|认定|评议|审核|审批|公示|发函|回函")  # of what goes before a payment
_OF_SENDING, _OF_ANSWER = re.compile("发|寄|送|函|邮"), re.compile("回|收|复|答|核|兜底|发放")
_OTHER_SCHOOL = re.compile("原|毕业|生源|转入|转出|曾|前|来源|目标|拟|户口|户籍")
_OVER_SCHOOL = re.compile("主管|中心|隶属|上级|所属|学区|集团|举办|托管|对口")
_ASKS, _OF_AID_THERE = re.compile("是否|有无"), re.compile("资助|享受|落实|发放|补助|受助")
_OF_COUNTY = re.compile("兜底|县级|[本我]县|补差")
_OF_RETURN = re.compile("复学|返校|到位|到校|入学|结果|成|现|目前|在校|状")
_OF_OBJECTION = re.compile("异议|意见|反馈|举报|投诉|公示结果|公示情况")
_OF_BOARDING, _NOT_BOARDING = (
    re.compile("[宿寄]|住校|住读|走读"),
    re.compile("舍|床|楼|栋|号|费|补|助|餐|地址|家庭"),
)
_SUMS, _PART = ("合计", "小计", "总计"), re.compile("男|女|其中")
_ONE_OF_SEVERAL = re.compile("成员[0-9一二三四五六七八九]|[0-9]$")
_TAIL = re.compile(
    "(?:日期|时间|年月日|年月|月份|号码|代码|编码|名称|姓名|情况|类型|类别|方式|状态|金额|结果|号|日)$"
)


@dataclass(frozen=True)
class Unused:
    """A column that no column of the table took. ``header`` is empty where it has none; ``letter`` as in a spreadsheet.

    ``cells``: the first filled ones among the records; ``filled``: how many there are; ``free``: columns of the table
    that the sheet does not give.
    """

    table: Table
    place: Place
    header: str
    letter: str
    cells: tuple[str, ...]
    filled: int
    free: frozenset[str]
    is_known: bool = False  # a spelling of a column that another header has taken


@dataclass(frozen=True)
class Overlooked:
    """An unused column that looks like ``column``: ``alike`` by its header, ``fitting`` the share of its cells."""

    unused: Unused
    column: Column
    alike: bool
    fitting: float
    needed: bool


def unused_columns(
    table: Table,
    place: Place,
    grid: Grid,
    layout: Layout,
    records: Sequence[int],
    constants: frozenset[str],
    helpers: Helpers,
) -> Iterator[Unused]:
    """The columns of a sheet that are not read and hold something; those said to be not needed, another person's
    number, and those read for another column (``helpers``), are none of them."""
    positions_read = {*helpers, *(cell.position for cell in layout.columns.values())}
    headers = {cell.position: cell for cell in layout.unused}
    free = frozenset(table.by_name) - layout.columns.keys() - constants
    for position, column in enumerate(grid.columns):
        header = headers.get(position)
        if position in positions_read or (header and (header.is_unneeded or header.owner)):
            continue
        filled_cells = [cell for row in records if (cell := column[row]) is not None]
        if filled_cells:
            yield Unused(
                table,
                place,
                header.text if header else "",
                letter_of(grid.left + position),
                tuple(filled_cells[:SAMPLE]),
                len(filled_cells),
                free,
                bool(header and header.read),
            )


def letter_of(position: int) -> str:
    return (letter_of(position // 26 - 1) if position >= 26 else "") + chr(65 + position % 26)


def overlooked_columns(
    unused_columns_read: Sequence[Unused], spellings: Mapping[str, Spellings], knowledge: Knowledge
) -> list[Overlooked]:
    """The unused columns that look like a column of their table which their sheet does not give."""
    return [
        likeness
        for one in unused_columns_read
        if not one.is_known
        for likeness in _looks_like(one, spellings[one.table.name], knowledge)
    ]


def _looks_like(one: Unused, spellings: Spellings, knowledge: Knowledge) -> Iterator[Overlooked]:
    """The column that the header is like, else the first that the cells alone tell; one that the cells deny is neither."""
    table, near = one.table, near_columns(one.header, spellings)
    if other := turn_of(normal(one.header), tuple(table.by_name)):
        column = table.by_name[other.column]
        if looks.answers(_ANSWER, one.cells, knowledge):
            if other.column in one.free:
                is_needed = other.column in NEEDED_COLUMNS.get(table.name, ()) and _denies(
                    one, other, knowledge
                )
                yield Overlooked(
                    one, column, True, looks.share(_ANSWER, one.cells, knowledge) or 0.0, is_needed
                )
            return
    for name in near:
        column = table.by_name[name]
        if name in one.free and _fitting(column, one, knowledge) >= looks.MOST and not _of_other(one, column):
            is_needed = _is_needed(one, column, knowledge, alike=True)
            yield Overlooked(one, column, True, _fitting(column, one, knowledge), is_needed)
            return
    is_one_more = any(
        name not in one.free and looks.may_be(table.by_name[name], one.cells, knowledge) for name in near
    )
    by_cells = _by_cells(one, knowledge)
    # A second column of what is there says nothing new, unless it denies what is taken for granted.
    if by_cells and (not is_one_more or by_cells.column.name in _DENIED_COLUMNS):
        yield by_cells
    elif told_by_header := _by_header(one):
        yield told_by_header


def _by_header(one: Unused) -> Overlooked | None:
    """What the header tells where the words do not: in an eligibility register without one an end of aid, in a roster who was there."""
    header, by_name = normal(one.header), one.table.by_name
    if one.table.name == "eligibility" and {"entitled", "valid_to"} <= one.free:
        end = end_told(header, one.cells)
        return end and Overlooked(one, by_name[end[0]], True, end[1], needed=True)
    if one.table.name == "attendance" and "present" in one.free and "name" not in one.free:
        share = presence_told(header, one.cells)
        return (share and Overlooked(one, by_name["present"], True, share, needed=True)) or None
    return None


def _by_cells(one: Unused, knowledge: Knowledge) -> Overlooked | None:
    """The first column that is needed and that the cells alone tell."""
    for name in NEEDED_COLUMNS.get(one.table.name, ()):
        column = one.table.by_name[name]
        if name in one.free and _told_by_cells(one, column, knowledge) and not _of_other(one, column):
            fitting = _fitting(column, one, knowledge)
            if fitting >= looks.MOST and _is_needed(one, column, knowledge, alike=False):
                return Overlooked(one, column, False, fitting, needed=True)
    return None


def _denies(one: Unused, other: Turned, knowledge: Knowledge) -> bool:
    """Does an answer say something else than what is taken for granted without the column?"""
    answers = {knowledge.words.get("yes_no", {}).get(spelling(cell)) for cell in one.cells}
    return (
        other.column not in (*_TAKEN_FOR_GRANTED, "entitled")
        or ("yes" if other.no != "否" else "no") in answers
    )


def near_columns(header: str, spellings: Spellings) -> list[str]:
    """The columns that have a spelling like ``header``, the likest first."""
    text = without_hints(normal(header))
    characters, best = set(text), dict[str, float]()
    for form, meaning in spellings.items():
        # What shares no character is not alike, and a sheet may have thousands of columns.
        if meaning.column and not characters.isdisjoint(form):
            best[meaning.column] = max(best.get(meaning.column, 0.0), likeness(text, form))
    if _OF_BOARDING.search(text) and not _NOT_BOARDING.search(text):
        best["boarding"] = max(best.get("boarding", 0.0), ALIKE)
    columns = {meaning.column for meaning in spellings.values()}
    return sorted((n for n in best if n in columns and best[n] >= ALIKE), key=lambda name: -best[name])


@lru_cache(maxsize=1 << 16)
def likeness(text: str, form: str) -> float:
    """How alike two headers are without the words that many headers end in: 1 the same, 0.9 one within the other."""
    one, other = (_TAIL.sub("", part.removeprefix("是否")) for part in (text, form))
    if min(len(one), len(other)) < 2:
        one, other = text, form
    if one == other:
        return 1.0
    shorter = min(one, other, key=len)
    if len(shorter) >= 2 and (one in other or other in one):
        return 0.9
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _fitting(column: Column, one: Unused, knowledge: Knowledge) -> float:
    codings = ("", "yes_no", coding_of_own(one.header, column))
    parts = [looks.share(column, one.cells, knowledge, coding) for coding in codings]
    return max((part for part in parts if part is not None), default=0.0)


def _told_by_cells(one: Unused, column: Column, knowledge: Knowledge) -> bool:
    kind = column.kind.name
    if column.name in ("posted_from", "valid_from"):  # a period in a list of applications is the posting's
        return looks.share_of_days(one.cells, periods=True) >= looks.MOST
    if column.name == "sent_on":  # 寄件日, 送达时间: of what goes before an answer
        is_sent = _OF_SENDING.search(normal(one.header)) and not _OF_ANSWER.search(normal(one.header))
        return bool(is_sent) and looks.share_of_days(one.cells) >= looks.MOST
    if kind == "date":
        is_paid = one.table.name == "payments" and not _OTHER_STEP.search(normal(one.header))
        return is_paid and looks.share_of_days(one.cells) >= looks.MOST
    if kind == "school_name":
        names = knowledge.written if column.name == "alias" else knowledge.schools
        return sum(bare(cell) in names for cell in one.cells) >= looks.MOST * len(one.cells)
    if column.name in _ANSWERS:
        is_answer = not _OTHER_ANSWER.search(normal(one.header)) or any(map(_OF_AID.search, one.cells))
        return is_answer and looks.answers(column, one.cells, knowledge)
    return kind in _BY_CELLS or bool(column.kind.codes and looks.codes_among(column, one.cells, knowledge))


def _of_other(one: Unused, column: Column) -> bool:
    """Does the header say that the column is another person's, another day, another school?"""
    kind, header = column.kind.name, normal(one.header)
    if column.name == "alias":  # another school's name stands beside several
        return bool(_OVER_SCHOOL.search(header)) or len(set(one.cells)) < len(one.cells)
    if kind in ("citizen_id", "name"):  # of a household in columns no member is the record's subject
        return bool(OTHER_PERSON.search(header) or _ONE_OF_SEVERAL.search(header))
    if column.name == "present" and "name" in one.free:  # of counts: 随班就读 is a number
        return True
    if column.name in (
        "lessons",
        "heads",
        "records",
        "present",
    ):  # 合计 beside the weeks, or beside the grades
        return header in _SUMS or bool(_PART.search(header))
    if column.name == "aided" and _ASKS.search(header):  # 是否回函 asks whether a reply came
        return not _OF_AID_THERE.search(header)
    if column.name == "boarding":  # 是否享受寄宿生补助 asks about aid
        return bool(_NOT_BOARDING.search(header))
    if column.name == "fallback_amount":  # what the place of study paid is no fallback
        return not _OF_COUNTY.search(header)
    if column.name == "back":  # 是否劝返 asks whether somebody went
        return not _OF_RETURN.search(header)
    if column.name == "objection":  # 是否公示 asks something else
        return not _OF_OBJECTION.search(header)
    if column.name == "entitled":  # 是否脱贫户 asks which household it is, not whether aid goes on
        return bool(_OTHER_ANSWER.search(header)) and not _GOES_ON.search(header)
    if kind.startswith("date"):
        return bool(_OTHER_DAY.search(header)) and "复学" not in header
    return kind in ("school_name", "school_code") and bool(_OTHER_SCHOOL.search(header))


def _is_needed(one: Unused, column: Column, knowledge: Knowledge, *, alike: bool) -> bool:
    name = column.name
    if name not in NEEDED_COLUMNS.get(one.table.name, ()):
        return False
    if any(other not in one.free for other in _INSTEAD.get((one.table.name, name), ())):
        return False
    codes = looks.codes_among(column, one.cells, knowledge)
    if name in _TAKEN_FOR_GRANTED:  # 成功 in most rows, 失败-户名不符 in some: the others deny it
        return len(codes) > 1 or bool(codes and looks.words_beside(column, one.cells, knowledge))
    if name == "entitled":  # a column that says of all that they are is what is taken for granted
        return looks.denies(column, one.cells, knowledge, coding_of_own(one.header, column))
    return alike or not column.kind.codes or bool(codes) or name in _ANSWERS


# --- what is told ------------------------------------------------------------------------------------------------


def column_questions(columns: Sequence[Overlooked]) -> list[Problem]:
    """One problem a header and column that are needed, with all the places where it stands."""
    groups: dict[tuple[str, str, str], list[Overlooked]] = {}
    for one in columns:
        if one.needed:
            key = (one.unused.table.name, one.unused.header or one.unused.letter, one.column.name)
            groups.setdefault(key, []).append(one)
    return [_question(group) for group in groups.values()]


def _question(group: Sequence[Overlooked]) -> Problem:
    first = group[0]
    places = [one.unused.place.text() for one in group]
    filled_count = sum(one.unused.filled for one in group)
    share = sum(one.fitting * one.unused.filled for one in group) / max(filled_count, 1)
    return overlooked_column(
        first.unused.table,
        first.column,
        first.unused.header,
        first.unused.letter,
        places,
        filled_count,
        share,
    )


def proposal(cells: Sequence[HeaderCell], group: Sequence[str], spellings: Spellings, columns: Mapping[int, Sequence[str]],
             knowledge: Knowledge, table: Table) -> str | None:  # fmt: skip
    """The unused header most like a column of ``group``, if its cells (``columns``, by position) look like it too."""
    best: tuple[float, str] | None = None
    for cell in cells:
        if cell.read:
            continue
        for name in group:
            alike = max(
                (
                    likeness(without_hints(normal(cell.text)), f)
                    for f, s in spellings.items()
                    if s.column == name
                ),
                default=0,
            )
            filled_cells = columns.get(cell.position, ())
            column = table.by_name[name]
            fits = looks.may_be(column, filled_cells, knowledge) and bool(filled_cells)
            by_cells = fits and (
                column.kind.name in _BY_CELLS or bool(looks.codes_among(column, filled_cells, knowledge))
            )
            rank = alike if alike >= looks.MOST else looks.MOST if by_cells else 0.0
            if fits and rank and (best is None or rank > best[0]):
                best = (rank, cell.text)
    return best[1] if best else None
