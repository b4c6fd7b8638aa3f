"""Rows of a sheet that are no records: titles, totals, signatures, notes, headers printed again.

A row is left out only when it says itself what it is and holds no ID number; anything else odd is handed on,
to be rejected with its address and reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditlib.ingest.files.cells import is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import FEWEST, Layout
from auditlib.ingest.headers.spellings import Spellings, normal, recognise, stated_unit
from auditlib.ingest.titles.lines import title_lines

_TOTAL = "合计|小计|总计|共计|累计|总数|总额|总和|合計|小計|總計"
_WITH_FIGURES = (
    r"[0-9.,、:;¥()/+元万亿角分人次名户笔条个所校共计金额大小写整正零〇壹贰叁肆伍陆柒捌玖拾佰仟-]*"
)
_IS_TOTAL = re.compile(
    rf"(?:本页|本表|本校|本村|本班|本乡|本镇|全部|全县|全市|全校|以上)?(?:{_TOTAL}){_WITH_FIGURES}"
)
_ENDS_AS_TOTAL = re.compile(rf".{{1,30}}(?:{_TOTAL}){_WITH_FIGURES}")
_LONGEST_NAME = 4  # 欧阳小计 may be a person, 实验小学小计 is none
_FIGURE = re.compile(r"[¥0-9.,+-]*[万元人次名户笔条个所校]*")
_SIGNED_BY = (
    "填表人|制表人|清点人|统计人|核查人|校对人|制单人|造表人|编制人|填报人|填写人|录入人|经办人|经手人|复核人?|审核人?|审批人?|负责人|单位负责人"
    "|学校负责人|班主任|班主任老师|任课教师|科任教师|辅导员|财务负责人|分管领导|主管领导|校长|园长|会计|出纳|联系人|联系电话|填表|制表|填报|经办"
    "|单位|学校|填报单位|填表单位|制表单位|编制单位|报送单位|盖章|公章|签字|签章|签名"
    "|填报日期|填表日期|制表日期|打印日期|打印时间|导出时间|填报时间|填表时间|制表时间|报送日期|日期"
)
_OFFICERS = "[\u3400-\u9fff]{1,8}(?:负责人|经办人|分管领导|主管领导)|(?:打印|经办)?柜员|操作员|打印人"
_SEAL = r"\([^()]*(?:签字|签章|签名|盖章|公章)\)"
_SIGNATURE = re.compile(
    rf"(?:{_SIGNED_BY}|{_OFFICERS})(?:{_SEAL})?:.*|.{{0,8}}(?:{_SEAL}|签字|签章|签名|盖章)(?::.*)?"
)
_SIGNATURE_ALONE = re.compile(rf"{_SIGNED_BY}")
# An office by itself, perhaps with the day, below the list: 县残疾人联合会 2025年2月28日
_OFFICE = re.compile(
    r".{2,30}(?:局|股|科|处|中心|办公室|联合会|委员会|银行|支行|公司|人民政府)(?:[0-9]{4}[0-9年月日./-]*)?"
)
_NOTE = re.compile(
    r"[\[(]?(?:注|备注|附注|说明|附|附件|填表说明|填报说明|注意事项|温馨提示|提示)[0-9一二三四五]?[\])]?(?:[:.、;].*)?"
)
# What a form shows how to fill it in with: 例 | 张三 | 990122…, perhaps with a number that is somebody's.
_EXAMPLE = re.compile("(?:填写|填表|填报)?(?:例|示例|样例|举例|范例|例如|示范)[0-9一二三]?")
# A line of its own among the rows: 一、特困供养学生, 青山小学
_LINE = re.compile(
    r"\(?[一二三四五六七八九十]{1,3}[、.)][^0-9].{1,30}|.{2,25}(?:小学|中学|学校|幼儿园|教学点|校区)"
)
_ITEM = re.compile(r"\(?[0-9一二三四五六七八九十]{1,2}[).、][^0-9].*")
_PAGE = re.compile(r"-?第?[0-9]+页?[,/]?(?:共?[0-9]+)?页-?")
# Any of these at once: asked of every name.
_NO_RECORD = re.compile(
    "|".join(
        f"(?:{kind.pattern})"
        for kind in (
            _IS_TOTAL,
            _ENDS_AS_TOTAL,
            _SIGNATURE,
            _SIGNATURE_ALONE,
            _OFFICE,
            _NOTE,
            _EXAMPLE,
            _LINE,
            _ITEM,
            _PAGE,
        )
    )
)
_UNIT_ROW = 14  # characters; a longer text that states a unit is a title
_FEW_CELLS = 4
_TITLE_SPAN = 3  # columns under one merged cell that make a line of its own


@dataclass(frozen=True)
class Sorting:
    """Positions of the records, the other filled rows with their reason, and a different header if one stands
    among the records."""

    records: tuple[int, ...]
    left_out: Mapping[int, str]
    second_header: int | None = None


def title_reason(texts: tuple[str, ...]) -> str:
    """``unit`` for a row above the header that states the unit of money, else ``title``."""
    return "unit" if any(stated_unit(text) and len(text) <= _UNIT_ROW for text in texts) else "title"


def is_total(text: str) -> bool:
    """合计, 小计：, 合计（人次）12 … in normal form."""
    return bool(_IS_TOTAL.fullmatch(text))


def sort_rows(grid: Grid, layout: Layout, spellings: Spellings) -> Sorting:
    """Every filled row of the sheet in its place; for records no further look is taken at their cells."""
    return _Sorter(grid, layout, spellings).sort()


class _Sorter:
    """One sheet's rows. Most are told to be records by their first filled cell and their name cell alone."""

    def __init__(self, grid: Grid, layout: Layout, spellings: Spellings):
        self.grid, self.layout, self.spellings = grid, layout, spellings
        name_cell = layout.columns.get("name")
        self.name_position = name_cell.position if name_cell else None
        self.header_lines = {self._texts(row) for row in layout.rows}
        above = (row for row in range(layout.rows[0]) if grid.first_cells[row] is not None)
        self.above = {row: self._texts(row) for row in above}
        self.printed = {texts: title_reason(texts) for texts in self.above.values()}
        lines = [*self.header_lines, *self.printed]
        self.first_texts = {next(text for text in texts if text) for texts in lines if any(texts)}
        self.spans = {
            top: right - first + 1
            for top, first, bottom, right in grid.merges
            if top == bottom and right > first
        }

    def _texts(self, row: int) -> tuple[str, ...]:
        return tuple(map(normal, self.grid.row(row)))

    def sort(self) -> Sorting:
        left_out = {row: self.printed[texts] for row, texts in self.above.items()}
        left_out |= dict.fromkeys(
            (row for row in self.layout.rows if self.grid.first_cells[row] is not None), "header"
        )
        second: int | None = None
        for row in self._doubtful():
            reason = self._reason(row, after_note=left_out.get(row - 1) == "note")
            if reason == "second_header":
                second = row if second is None else second
            elif reason:
                left_out[row] = reason
        for row in [row for row, reason in left_out.items() if reason == "repeated_header"]:
            for line in title_lines(self.grid, row, self.name_position):
                left_out.setdefault(line, "title")
        first = self.grid.first_cells
        records = tuple(
            i for i in range(self.layout.last + 1, len(first)) if first[i] is not None and i not in left_out
        )
        return Sorting(records, left_out, second)

    def _doubtful(self) -> Iterator[int]:
        first = self.grid.first_cells
        names = self.grid.columns[self.name_position] if self.name_position is not None else first
        doubts: dict[str | None, bool] = {None: False}
        for row in range(self.layout.last + 1, len(first)):
            for cell in (first[row], names[row]):
                if cell is not None and cell not in doubts:
                    doubts[cell] = self._is_doubtful(cell)
                if doubts[cell] or row in self.spans:
                    yield row
                    break

    def _is_doubtful(self, cell: str) -> bool:
        """May a row with this first cell or name be something else than a record?"""
        if cell.isascii() and cell.isalnum() and cell.casefold() not in self.first_texts:
            return False  # a running number or a student number
        text = normal(cell)
        return text in self.first_texts or text in self.spellings or bool(_NO_RECORD.fullmatch(text))

    def _reason(self, row: int, *, after_note: bool) -> str | None:
        """Why the row is no record; None: it is one, or may be."""
        texts = self._texts(row)
        if texts in self.header_lines:
            return "repeated_header"
        if self._is_example(texts):
            return "note"
        if any(map(is_id_like, self.grid.row(row))):
            return None
        if texts in self.printed:
            return self.printed[texts]
        return self._header_reason(texts) or self._own_reason(row, texts, after_note=after_note)

    def _is_example(self, texts: tuple[str, ...]) -> bool:
        first = next(position for position, text in enumerate(texts) if text)
        return first != self.name_position and bool(_EXAMPLE.fullmatch(texts[first]))

    def _header_reason(self, texts: tuple[str, ...]) -> str | None:
        """The header printed again, perhaps with gaps; or another one, by which all below is misread."""
        read = {
            i: reading.spelling.column
            for i, text in enumerate(texts)
            if (reading := recognise(text, self.spellings))
        }
        if len(set(read.values())) < FEWEST:
            return None
        places = {cell.position: column for column, cell in self.layout.columns.items()}
        if all(places.get(i, column) == column for i, column in read.items()) and not self._has_more(
            read, places
        ):
            return "repeated_header"
        return "second_header" if len(set(read.values())) > FEWEST else None

    def _has_more(self, read: Mapping[int, str], places: Mapping[int, str]) -> bool:
        """Does a header name a column that the sheet's own has not, where that one has another or none?"""
        others = {cell.position for cell in self.layout.unused if cell.read}
        more = {i for i, column in read.items() if i not in places and column not in places.values()}
        return bool(more - others)

    def _own_reason(self, row: int, texts: tuple[str, ...], *, after_note: bool) -> str | None:
        filled_texts = [text for text in texts if text]
        first, name = filled_texts[0], texts[self.name_position] if self.name_position is not None else ""
        others_name = name not in ("", first)
        if self._is_total_row(first, name):
            return "subtotal"
        if _SIGNATURE.fullmatch(first) or (
            _SIGNATURE_ALONE.fullmatch(first) and len(filled_texts) <= _FEW_CELLS
        ):
            return "signature"
        if len(filled_texts) == 1 and _OFFICE.fullmatch(first) and self._tells_nothing(texts.index(first)):
            return "signature"
        if _NOTE.fullmatch(first) and not others_name:
            return "note"
        if len(filled_texts) == 1 and (_PAGE.fullmatch(first) or (after_note and _ITEM.fullmatch(first))):
            return "note"
        is_line = len(filled_texts) == 1 and self.name_position is not None and bool(_LINE.fullmatch(first))
        if is_line and self._tells_nothing(texts.index(first)):
            return "title"  # of persons; in a list of schools it is a record
        return "title" if len(filled_texts) == 1 and self.spans.get(row, 0) >= _TITLE_SPAN else None

    def _tells_nothing(self, position: int) -> bool:
        """Is the column none of the table's, or the running number?"""
        column = next((name for name, cell in self.layout.columns.items() if cell.position == position), "")
        return column in ("", "payment_no")

    def _is_total_row(self, first: str, name: str) -> bool:
        if _IS_TOTAL.fullmatch(name) or (len(name) > _LONGEST_NAME and _ENDS_AS_TOTAL.fullmatch(name)):
            return True
        nameless = name == "" or bool(_FIGURE.fullmatch(name))
        if _IS_TOTAL.fullmatch(first):
            return nameless
        return nameless and bool(_ENDS_AS_TOTAL.fullmatch(first))
