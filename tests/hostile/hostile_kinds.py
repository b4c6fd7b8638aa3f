"""Kinds of hostile input, each with what must come out of it. Made-up people only; the same bytes for the same seed.

A kind is one thing that is wrong (or only looks so) in one way of writing it: a far cell with single quotes is another
kind than one with double quotes, the same far cell in another row is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Write = Callable[[Path], None]
READ, IS_REFUSED, EITHER = "read", "refused", "read or refused"


@dataclass(frozen=True)
class Kind:
    """``write`` makes the files of ``folder``; ``door``: which reader is asked (see hostile_runner).

    ``outcome``: read right (``rows`` records, where told), refused with place and remedy, or either of the two;
    ``says``: what the place has to hold. ``given``: what the reader is asked with besides.
    """

    name: str
    write: Write
    door: str = "payments"
    outcome: str = IS_REFUSED
    rows: int | None = None
    says: str = ""
    given: dict[str, Any] = field(default_factory=dict)


HEADER = ("姓名", "身份证号", "学校", "资助项目", "金额")
FAMILIES: dict[str, Callable[[], Iterator[Kind]]] = {}


def family(make: Callable[[], Iterator[Kind]]) -> Callable[[], Iterator[Kind]]:
    FAMILIES[make.__name__] = make
    return make


def person(number: int) -> list[str]:
    surname, given_values = "赵钱孙李周吴郑王冯陈"[number % 10], "甲乙丙丁戊己庚辛壬癸"[number // 10 % 10]
    return [surname + given_values, f"99011120110203{number:03d}X", "第一小学", "寄宿生生活补助", "500"]


def people(count: int = 11) -> list[list[str]]:
    return [list(HEADER), *(person(number) for number in range(1, count + 1))]


def raw(file: str, content: bytes | Callable[[], bytes]) -> Write:
    def write(folder: Path) -> None:
        (folder / file).write_bytes(content() if callable(content) else content)

    return write


def all_kinds() -> list[Kind]:
    """Every kind, in order; no name twice."""
    import hostile_disk  # noqa: F401 # each adds its families
    import hostile_parameters  # noqa: F401
    import hostile_sheets  # noqa: F401
    import hostile_texts  # noqa: F401
    import hostile_returned  # noqa: F401 # isort: skip

    kinds = [kind for make in FAMILIES.values() for kind in make()]
    names = [kind.name for kind in kinds]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return kinds


# What went wrong first: asked in every run.
SHOWN_TEXTS = (
    "far cell, the last corner, double quotes", "far cell, column BZ, double quotes", "far cell, the last corner, single quotes",
    "far cell before the near ones, the last corner", "far cell, a row that overflows, double quotes", "archive: a bomb in the sheet",
    "quotation mark, comma, 3 columns, opened in 1, 7 rows on", "quotation mark, comma, 3 columns, opened in 3, 7 rows on",
    "file name with an exclamation mark", "review: a title row above", "review: a blank behind the title", "judgements in gbk",
    "worklist: amount 1e400", "cell: error #SPILL!", "YAML: lists 1500 deep", "YAML: a list of aliases",
)  # fmt: skip


def asked_kinds(each: int) -> list[Kind]:
    """Every ``each``-th kind, and what went wrong first."""
    return [kind for place, kind in enumerate(all_kinds()) if place % each == 0 or kind.name in SHOWN_TEXTS]
