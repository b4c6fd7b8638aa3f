"""Misspellings, each kind a function from a record's cells to the cells as someone wrote them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from samples.model import Child
from samples.names import OTHER_NAMES, SEPARATOR, homophone, variant

Cells = dict[str, str]
Misspelling = Callable[[Cells, Child, random.Random], Cells | None]
# Characters taken for one another because they look alike.
SHAPES = dict(
    zip("宇欣浩博静思佳雪明婷帆峰志伟杰晨涛凯琪敏", "字欢洁傅睁恩往雷朋停帕锋忘伟术农铸剀棋繁", strict=True)
)
TWICE_WRONG = 0.05  # of the numbers that a spreadsheet cut, the share that had been typed wrongly before


def one_digit(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    number, at = child.id_number, chance.randrange(17)
    other = chance.choice([d for d in "0123456789" if d != number[at]])
    return cells | {"id_number": number[:at] + other + number[at + 1 :]}


def swapped_digits(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    number = child.id_number
    places = [i for i in range(6, 16) if number[i] != number[i + 1]]
    at = chance.choice(places) if places else 0
    return cells | {"id_number": number[:at] + number[at + 1] + number[at] + number[at + 2 :]} if at else None


def missing_digit(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    number, at = child.id_number, chance.randrange(18)
    return cells | {"id_number": number[:at] + number[at + 1 :]}


def lost_tail(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    """As a spreadsheet keeps a number: fifteen digits, in scientific notation or with zeros behind."""
    head = child.id_number[:15]
    if chance.random() < TWICE_WRONG:
        at = chance.randrange(15)
        head = head[:at] + str((int(head[at]) + chance.randrange(1, 10)) % 10) + head[at + 1 :]
    cut_number = f"{head[0]}.{head[1:]}E+17" if chance.random() < 0.5 else head + "000"
    return cells | {"id_number": cut_number}


def no_number(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    return cells | {"id_number": ""} | ({"student_no": ""} if "student_no" in cells else {})


def other_student_no(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    """A provisional number, which says nothing of the ID number, and no ID number."""
    digits = "".join(chance.choices("0123456789", k=9))
    letter = chance.choice("LJ")
    return cells | {"id_number": "", "student_no": letter + child.id_number[:8] + digits + "0"}


def _with_name(name: str | None, cells: Cells) -> Cells | None:
    return cells | {"name": name} if name else None


def by_sound(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    return _with_name(homophone(child.name), cells)


def by_shape(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    other = variant(child.name)
    if other and chance.random() < 0.5:
        return _with_name(other, cells)
    places = [i for i, c in enumerate(child.name) if i and SHAPES.get(c, c) != c]
    if not places:
        return _with_name(other, cells)
    at = chance.choice(places)
    return _with_name(child.name[:at] + SHAPES[child.name[at]] + child.name[at + 1 :], cells)


def lost_character(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    """A sign in its place, or, of three characters or more, nothing at all."""
    at = chance.choice([i for i, c in enumerate(child.name) if i and c != SEPARATOR])
    sign = chance.choice(["?", "□", ""] if len(child.name) > 2 else ["?", "□"])
    return _with_name(child.name[:at] + sign + child.name[at + 1 :], cells)


def no_separator(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    return _with_name(child.name.replace(SEPARATOR, ""), cells) if SEPARATOR in child.name else None


def former_name(cells: Cells, child: Child, chance: random.Random) -> Cells | None:
    return _with_name(child.name[0] + chance.choice(OTHER_NAMES), cells)


NUMBER_MISSPELLINGS: Mapping[str, Misspelling] = {
    "one_digit": one_digit,
    "swapped_digits": swapped_digits,
    "missing_digit": missing_digit,
    "lost_tail": lost_tail,
    "no_number": no_number,
    "other_student_no": other_student_no,
}
NAME_MISSPELLINGS: Mapping[str, Misspelling] = {
    "homophone": by_sound,
    "look_alike": by_shape,
    "lost_character": lost_character,
    "separator": no_separator,
    "former_name": former_name,
}
MISSPELLINGS: Mapping[str, Misspelling] = {**NUMBER_MISSPELLINGS, **NAME_MISSPELLINGS}
