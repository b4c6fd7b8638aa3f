"""The term that a title, a sheet's or a file's name states: 某县2020年春季学期发放明细表, 2019-2020学年第二学期."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditlib.ingest.files.cells import bare

_SEASON = re.compile(r"(20[0-9]{2})年?度?\(?(春|秋)")
_HALF = re.compile(r"(20[0-9]{2})年(上|下)半年")
_SCHOOL_YEAR = re.compile(r"(20[0-9]{2})(?:[-—–~至/]20[0-9]{2})?学年度?\(?第?(一|二|1|2|上|下|春|秋)")
_BOTH_HALVES = re.compile(r"(20[0-9]{2})[-—–~至/](20[0-9]{2})学?年度?")
_FIRST = "一1上秋"  # of a school year
_TITLE = re.compile(r"(?:表|册|名单|清单|明细|台账|情况|汇总)(?:\([^()]*\))*$")
_LONGEST = 40  # characters; a longer text is an instruction, which may speak of any term


def titles_of(cells: Iterable[str | None]) -> Iterator[str]:
    """The cells above a header that are titles."""
    return (text for cell in cells if (text := bare(cell)) and len(text) <= _LONGEST and _TITLE.search(text))


def terms_in(text: str) -> set[str]:
    """Every term that ``text`` names."""
    plain = bare(text)
    seasons = {f"{year}-{'spring' if half == '春' else 'autumn'}" for year, half in _SEASON.findall(plain)}
    halves = {f"{year}-{'spring' if half == '上' else 'autumn'}" for year, half in _HALF.findall(plain)}
    years = {
        f"{year}-autumn" if half in _FIRST else f"{int(year) + 1}-spring"
        for year, half in _SCHOOL_YEAR.findall(plain)
    }
    return seasons | halves | years


def school_years_in(text: str) -> set[str]:
    """Every school year that ``text`` names by both its years, as 2024-2025."""
    pairs = _BOTH_HALVES.findall(bare(text))
    return {f"{first}-{last}" for first, last in pairs if int(last) == int(first) + 1}


def school_year_of(term: str) -> str:
    """The school year of a term: 2024-2025 of 2024-autumn and of 2025-spring."""
    first = int(term[:4]) - term.endswith("spring")
    return f"{first}-{first + 1}"
