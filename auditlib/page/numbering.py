"""The numbers of the headings (一、 （一） 1. or 1 1.1 1.1.1) and the table of contents made from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

HEADING = re.compile(r'<h([234])((?: id="([^"]*)")?)>(.*?)</h\1>', re.DOTALL)
SECTION = '<section class="audit"'
ANNEX = re.compile(r'<section class="audit" id="[^"]*" data-annex ')
DIGITS = "零一二三四五六七八九"
TEN = 10
TOP = 2


@dataclass(frozen=True)
class ContentsLine:
    """A line of the table of contents; ``title`` is HTML."""

    level: int
    anchor: str
    title: Markup


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, TEN)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def label(counts: list[int], language: str, *, annex: bool = False) -> str:
    """The number of a heading whose place is ``counts`` (section, part, item)."""
    if annex and len(counts) == 1:
        return f"附件{chinese(counts[0])} " if language == "zh" else f"Annex {counts[0]}"
    if language != "zh":
        return ("A" if annex else "") + ".".join(map(str, counts))
    number = counts[-1]
    return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}. ")[len(counts) - 1]


def is_annex(page: str) -> bool:
    """Is the section on ``page`` an annex? Words of its own text cannot make it one."""
    return bool(ANNEX.search(page))


def first_annex(page: str) -> str:
    """``page`` with its section marked as the one with which the annexes begin: on paper it opens a page."""
    return ANNEX.sub(lambda match: match.group().replace("data-annex", 'data-annex="first"'), page, count=1)


def number_pages(pages: list[str], language: str) -> tuple[list[str], list[ContentsLine]]:
    """``pages`` with their sections' headings numbered, and the entries for those that have an anchor."""
    counters: dict[bool, list[int]] = {False: [], True: []}
    entries: list[ContentsLine] = []

    def number(match: re.Match[str], *, annex: bool) -> str:
        level, attributes, anchor, title = int(match[1]), match[2], match[3], match[4]
        depth, counts = level - TOP, counters[annex]
        counts[depth:] = [counts[depth] + 1 if len(counts) > depth else 1]
        place = label(counts, language, annex=annex)
        if anchor and depth < 2:
            gap = "" if language == "zh" else " "
            entries.append(ContentsLine(level, anchor.removesuffix("-title"), Markup(place + gap + title)))
        return f'<h{level}{attributes}><span class="no">{place}</span>{title}</h{level}>'

    numbered_pages = [
        HEADING.sub(partial(number, annex=is_annex(page)), page) if SECTION in page else page
        for page in pages
    ]
    return numbered_pages, entries
