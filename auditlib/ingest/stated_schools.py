"""The school that a sheet's name, its title or a line above its header states, where no column names one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from auditlib.ingest.cells import bare
from auditlib.ingest.grids import Grid

_SCHOOL = r"[\u4e00-\u9fff0-9()]{1,25}(?:小学|中学|学校|幼儿园|教学点|高中|初中|完小|学院)(?:\([^()]*\))?"
_WHOLE = re.compile(_SCHOOL)
_LABEL = re.compile(
    rf"(?:填报|所在|就读|报送)?(?:学校|单位|幼儿园|园所)(?:名称)?(?:\([^()]*\))?[::]({_SCHOOL})"
)
_TITLE = re.compile(rf"({_SCHOOL}?)(?=20[0-9]{{2}}|学生|[一二三四五六七八九]年级)")
_COPY = re.compile(r"\([0-9]{1,2}\)$")  # 青山小学 (2)
_MANY = re.compile(
    "各|全[县市区省校乡镇]|所有|义务教育|中小学|阶段|[公民]办|职业学校$|直属|乡镇学校|城区|农村|寄宿制学校"
)


def school_of_sheet(grid: Grid, file: str, header: int) -> str | None:
    """The one school that the sheet states; None where it states none, or two that are not the same name."""
    stated = list(dict.fromkeys(name for name in _stated(grid, header) if not _MANY.search(name)))
    if not stated:
        stem = bare(PurePosixPath(file).stem)
        return stem if _WHOLE.fullmatch(stem) and not _MANY.search(stem) else None
    longest = max(stated, key=len)
    return longest if all(name in longest for name in stated) else None


def _stated(grid: Grid, header: int) -> Iterator[str]:
    for row in range(header):
        for text in filter(None, map(bare, grid.row(row))):
            if found := _LABEL.match(text) or _TITLE.match(text):
                yield found[1]
    name = _COPY.sub("", bare(grid.name))
    if _WHOLE.fullmatch(name):
        yield name
