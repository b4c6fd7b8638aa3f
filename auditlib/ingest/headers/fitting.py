"""Does a column's content fit what it would be taken for? Asked before a header is proposed, or read in two ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from auditlib.cells import grades
from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.tables.delivered import Column
from auditlib.tables.vocabulary import Vocabulary, spelling

_LOOKED_AT = 200  # filled cells
_MOST = 0.6
_CODED_ENOUGH = 0.3  # of the cells; a county's own words stand among the known ones
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "name": re.compile(r"[\u3400-\u9fff·•.?*]{2,15}"),
    "student_no": re.compile(r"[GLJglj]?[0-9]{6,18}[0-9Xx]?"),
    "school_code": re.compile(r"[0-9A-Za-z]{6,12}(?:\.0)?"),
    "school_name": re.compile(r".*(?:学校|小学|中学|高中|初中|幼儿园|教学点|完小|学院|校)(?:\(.*\))?"),
    "yuan": re.compile(r"[¥￥]?-?[0-9,]+(?:\.[0-9]+)?元?"),
    "yuan_printed": re.compile(r"[¥￥]?-?[0-9,]+(?:\.[0-9]+)?(?:万?元)?"),
    "count": re.compile(r"[0-9,]+(?:\.0+)?[人次名节课时个]*"),
    "account": re.compile(r"[0-9]{9,25}"),
    "date": re.compile(r"(?:19|20)?[0-9]{2}[-./年].*|[0-9]{5}|(?:19|20)[0-9]{6}"),
    "term": re.compile(r".*(?:[春秋]|学期|半年).*"),
}


def fits(column: Column, cells: Iterable[str | None], words: Vocabulary) -> bool:
    """Do most of ``cells`` look like ``column``? A column without a cell fits nothing."""
    filled_cells = [bare(cell) for cell in islice((cell for cell in cells if cell), _LOOKED_AT)]
    fitting, enough = _test(column, words)
    return bool(filled_cells) and sum(map(fitting, filled_cells)) >= enough * len(filled_cells)


def _test(column: Column, words: Vocabulary) -> tuple[Callable[[str], bool], float]:
    kind = column.kind
    if kind.name == "grade":
        return (lambda cell: grades.tells_grade(cell) or spelling(cell) in words.get("grade", {})), _MOST
    if kind.codes:
        code_spellings = words.get(kind.codes, {})
        return (lambda cell: not code_spellings or spelling(cell) in code_spellings), _CODED_ENOUGH
    if kind.name == "citizen_id":
        return is_id_like, _MOST
    shape = _SHAPES.get(kind.name.removesuffix("_from").removesuffix("_to"))
    return (lambda cell: shape is None or bool(shape.fullmatch(cell))), _MOST


def records_of(column: Sequence[str | None], after: int) -> Iterable[str | None]:
    """The cells below the header whose last row is ``after``."""
    return islice(column, after + 1, None)
