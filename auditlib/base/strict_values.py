"""Reads values strictly: each key by its own reader, every unknown, missing or wrong one told by name, all at once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from auditlib.base import terms
from auditlib.base.errors import Problem
from auditlib.base.language import Text

LONGEST, LONGEST_NAME = 1000, 255  # characters of a text; bytes of a name on a disk
MOST = 1000  # entries of a list
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Value = TypeVar("Value")
Schema = Mapping[str, Any]


class Wrong(Exception):
    """A value that is not what its key asks for; says in both languages what is asked."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.asked = Text(zh, en)


@dataclass(frozen=True)
class Reader(Generic[Value]):
    """Reads one value, or raises Wrong; ``schema``: the JSON Schema of what it takes, as far as one can say it, for editors."""

    read: Callable[[Any], Value]
    of: Schema | Callable[[], Schema]

    def __call__(self, value: Any) -> Value:
        return self.read(value)

    @property
    def schema(self) -> dict[str, Any]:
        return dict(self.of() if callable(self.of) else self.of)


def reader(schema: Schema | Callable[[], Schema]) -> Callable[[Callable[[Any], Value]], Reader[Value]]:
    """Makes a function a Reader of what ``schema`` describes."""
    return lambda read: Reader(read, schema)


SCALAR = ["string", "number", "boolean"]  # what an editor takes text for that stands without quotes


@reader({"type": SCALAR, "pattern": r"\S", "maxLength": LONGEST})
def a_text(value: Any) -> str:
    """One piece of text: no control characters, no half of a character, not endless."""
    if isinstance(value, (Mapping, list, tuple)) or value is None or not str(value).strip():
        raise Wrong("一段文字", "a text")
    text = str(value).strip()
    if len(text) > LONGEST or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise Wrong(f"至多 {LONGEST} 字、没有控制字符的文字", f"a text of at most {LONGEST} plain characters")
    return text


@reader({"type": SCALAR, "pattern": r"\S", "maxLength": LONGEST})
def a_path(value: Any) -> str:
    """A path of a file or folder, each part of which a disk can name."""
    text = a_text(value)
    if any(len(part.encode()) > LONGEST_NAME for part in re.split(r"[/\\]", text)):
        raise Wrong(
            f"路径，每级名称至多 {LONGEST_NAME} 字节",
            f"a path; no name in it is longer than {LONGEST_NAME} bytes",
        )
    return text


@reader({"type": ["string", "integer"], "pattern": "^[0-9A-Za-z_-]{1,30}$"})
def a_code(value: Any) -> str:
    """Letters, digits, ``_`` and ``-``: what may stand in a file's name."""
    if value is None or not re.fullmatch(r"[0-9A-Za-z_-]{1,30}", str(value)):
        raise Wrong("由字母和数字组成的代码，如 990122", "a code of letters and digits, such as 990122")
    return str(value)


@reader({"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"})
def a_date(value: Any) -> dt.date:
    """An ISO date of a time in which aid is audited."""
    try:
        day = dt.date.fromisoformat(str(value)) if _ISO.fullmatch(str(value)) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise Wrong(
            f"日期 YYYY-MM-DD，{EARLIEST} 至 {LATEST}", f"a date YYYY-MM-DD, from {EARLIEST} to {LATEST}"
        )
    return day


@reader({"type": "string", "pattern": "^(19[5-9]|20[0-9])[0-9]-(spring|autumn)$"})
def a_term(value: Any) -> str:
    """``YYYY-spring`` or ``YYYY-autumn``."""
    if not terms.PATTERN.match(str(value)):
        raise Wrong("学期 YYYY-spring 或 YYYY-autumn", "a term YYYY-spring or YYYY-autumn")
    return str(value)


@reader({"type": "number", "minimum": 0, "maximum": 1})
def a_share(value: Any) -> float:
    """A number from 0 to 1."""
    try:
        share = float(str(value)) if len(str(value)) < 30 else -1.0
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Wrong("0 到 1 之间的数", "a number between 0 and 1")
    return share


@reader({"type": "integer", "minimum": 0, "maximum": 999})
def a_number_of_days(value: Any) -> int:
    """A whole number of days."""
    if not re.fullmatch(r"[0-9]{1,3}", str(value)):
        raise Wrong("天数（整数）", "a whole number of days")
    return int(str(value))


def a_list(item: Reader[Any]) -> Reader[list[Any]]:
    """A list, each entry through ``item``; an empty cell is an empty list."""

    def read(value: Any) -> list[Any]:
        if value in ("", None):
            return []
        if not isinstance(value, (list, tuple)):
            raise Wrong("列表，如 [a, b]", "a list such as [a, b]")
        if len(value) > MOST:
            raise Wrong(f"至多 {MOST} 项的列表", f"a list of at most {MOST} entries")
        return [item(entry) for entry in value]

    return Reader(read, lambda: {"type": ["array", "null"], "items": item.schema, "maxItems": MOST})


def one_of(names: tuple[str, ...]) -> Reader[str]:
    """One of the words ``names``."""

    def read(value: Any) -> str:
        if str(value) not in names:
            listed_names = ", ".join(names)
            raise Wrong(f"其中之一：{listed_names}", f"one of: {listed_names}")
        return str(value)

    return Reader(read, {"enum": list(names)})


def empty_as(read: Reader[Value], nothing: Value) -> Reader[Value]:
    """The same, where an empty cell means ``nothing``."""

    def lenient(value: Any) -> Value:
        return nothing if value in ("", None) else read(value)

    return Reader(lenient, lambda: {"anyOf": [read.schema, {"type": "null"}, {"const": ""}]})


def known_keys(value: Mapping[str, Any], names: Mapping[str, Any]) -> None:
    """Refuses a key of ``value`` that is none of ``names``."""
    for key in value:
        one_of(tuple(names))(key)


def read_keys(
    values: Mapping[str, Any],
    schema: Mapping[str, Callable[[Any], Any]],
    optional: tuple[str, ...],
    place: str,
    problems: list[Problem],
) -> dict[str, Any]:
    """Each known key through its reader; unknown, missing and wrong ones become problems."""
    problems += [_unknown(str(key), schema, place) for key in values if key not in schema]
    problems += [_missing(key, place) for key in schema if key not in values and key not in optional]
    read: dict[str, Any] = {}
    for key in schema:
        if key in values:
            try:
                read[key] = schema[key](values[key])
            except Wrong as refused:
                problems.append(wrong(key, place, refused.asked))
    return read


def _unknown(key: str, schema: Mapping[str, Any], place: str) -> Problem:
    names = ", ".join(schema)
    return Problem(
        Text(f"不认识的参数“{key}”", f"unknown parameter “{key}”"),
        Text(place, place),
        Text(f"删去或改正；可用：{names}", f"remove or correct it; allowed: {names}"),
    )


def _missing(key: str, place: str) -> Problem:
    return Problem(
        Text(f"缺少参数“{key}”", f"missing parameter “{key}”"),
        Text(place, place),
        Text(
            f"补上一行“{key}: …”，参照 params/ 中的样例",
            f"add a line “{key}: …” as in the examples in params/",
        ),
    )


def wrong(key: str, place: str, wish: Text) -> Problem:
    """The problem with the value of ``key``: what is asked instead."""
    return Problem(
        Text(f"参数“{key}”的值不对", f"parameter “{key}” has a wrong value"),
        Text(f"{place} › {key}", f"{place} › {key}"),
        Text(f"应为{wish.zh}", f"write {wish.en}"),
    )
