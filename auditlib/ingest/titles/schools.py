"""The school that a sheet's name, its title or a line above its header states, where no column names one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid

_COMMON = "小学|中学|学校|幼儿园|教学点|高中|初中|完小|学院"  # behind a county's name: all of its schools
_KINDS = f"{_COMMON}|职业教育中心|职教中心|职业中专"
_SCHOOL = rf"[\u4e00-\u9fff0-9()]{{1,25}}?(?:{_KINDS})(?:\([^()]*\))?"
_WHOLE_PATTERN = re.compile(_SCHOOL)
_LABEL = re.compile(
    rf"(?:填报|所在|就读|报送)?(?:学校|单位|幼儿园|园所)(?:名称)?(?:\([^()]*\))?[::]({_SCHOOL})"
)
_BEFORE = re.compile(
    r"(?:(?:附件|附表|表)[0-9]{0,2}[.、,:_-]*|[0-9]{1,2}[.、_-]+)?(?:20[0-9]{2}(?:[-—~至]?20[0-9]{2})?[学年度]*)?(?:第[一二12]学期|[春秋][季学期]*)?"
)
_TITLE = re.compile(
    rf"({_SCHOOL}?)(?=20[0-9]{{2}}|[春秋]季|第[一二]学期|学生|学籍|(?:小学|初中|高中|中学|幼儿)部|在[校园籍读册]|拟|受助|享受|控辍|疑似|辍学|劝返|送教|清点|点名|考勤|出勤|到校|申请|申报|认定|公示|留守|[入全]园|幼儿|寄宿|住宿|家庭|贫困|困难|受助|资助|补助|国家|义务教育|普通高中|发放|花?名[册单]|[托小中大][一二三四五六1-6]?班|[高初]?[一二三四五六七八九1-9]年级|[高初][一二三](?![中高]))"
)
_SEAL = re.compile(r"\((?:公章|盖章|签章|加盖公章)\)$")
_COPY = re.compile(r"\([0-9]{1,2}\)$")  # 青山小学 (2)
# Schools of a place or of a kind, and no school: 云岭县小学, 普通高中.
_MANY = re.compile(
    "各|全[县市区省校乡镇]|所有|义务教育|中小学|阶段|[公民]办|职业学校$|直属|乡镇学校|城区|农村|寄宿制学校|统计|汇总"
    rf"|[省县市区](?:{_COMMON})$|^(?:普通|职业|中等|高级|初级|高等|完全|一贯制|九年|十二年|全日制|特殊教育|乡镇|农村)*(?:{_COMMON})$"
)


def school_of_sheet(grid: Grid, file: str, header: int, school_names: Collection[str] = ()) -> str | None:
    """The one school that the sheet states; None where it states none, or two that are not the same name.

    ``school_names``: names of schools in the county's registers, which are schools whatever they look like.
    """
    above = [cell for row in range(header) for cell in grid.row(row)]
    candidates = [*_in_texts(above, school_names), *_in_name(bare(grid.name), school_names)]
    one = _only_one(candidates, school_names)
    if one or any(_is_one(name, school_names) for name in candidates):
        return one
    return _only_one([*_in_name(bare(PurePosixPath(file).stem), school_names)], school_names)


def school_in(texts: Iterable[str | None], school_names: Collection[str] = ()) -> str | None:
    """The one school that titles and labels (学校：青山小学) state; None where they state none, or two."""
    return _only_one([*_in_texts(texts, school_names)], school_names)


def school_of_line(text: str, school_names: Collection[str] = ()) -> str | None:
    """The school that a line by itself is (青山小学), or names."""
    return _only_one([*_in_name(text, school_names)], school_names)


def _only_one(names: Sequence[str], school_names: Collection[str]) -> str | None:
    candidates = list(dict.fromkeys(name for name in names if _is_one(name, school_names)))
    longest = max(candidates, key=len, default=None)
    return longest if longest and all(_is_short_for(longest, name) for name in candidates) else None


def _is_short_for(longer: str, name: str) -> bool:
    """石坝幼儿园 for 岭溪县石坝镇中心幼儿园: the same beginning, and nothing that the longer name has not in this order."""
    rest = iter(longer[longer.find(name[:2]) :]) if name[:2] in longer else iter("")
    return name in longer or all(character in rest for character in name)


def _is_one(name: str, school_names: Collection[str]) -> bool:
    return name in school_names or not _MANY.search(name)


def _in_texts(texts: Iterable[str | None], school_names: Collection[str]) -> Iterator[str]:
    for text in filter(None, map(bare, texts)):
        if match := _LABEL.match(text) or _school_in(text):
            yield _SEAL.sub("", match[1])
        elif text in school_names:
            yield text


def _school_in(text: str) -> re.Match[str] | None:
    """The school that a title begins with, or names behind the term."""
    before = _BEFORE.match(text)
    return _TITLE.match(text, before.end() if before else 0)


def _in_name(name: str, school_names: Collection[str]) -> Iterator[str]:
    plain = _COPY.sub("", name)
    if plain in school_names or _WHOLE_PATTERN.fullmatch(plain):
        yield plain
    elif match := _school_in(plain):
        yield match[1]
