"""The readers of a county's parameters that only it has: sources and headers of tables, words for codes, tasks, ages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from auditlib.base.edited_lists import listed_rows
from auditlib.base.places import HEADERS
from auditlib.base.strict_values import Wrong, a_date, a_list, a_text, known_keys, one_of, reader


# Names alone: the tables themselves bring the engine with them, which checking parameters need not wait for.
@lru_cache
def columns_by_table() -> dict[str, tuple[str, ...]]:
    """Table -> its columns, as the program's own params/headers.csv names them (a test holds it to the declared tables)."""
    names: dict[str, dict[str, None]] = {}
    for _, row in listed_rows(HEADERS, ("table", "column", "header")):
        names.setdefault(row["table"], {})[row["column"]] = None
    return {table: tuple(columns) for table, columns in names.items()}


CODE_LISTS = (
    "category", "stage", "grade", "status", "boarding", "sex", "result", "yes_no", "entitled", "in_school", "present",
    "objection", "basis", "issue_state", "scheme",
)  # fmt: skip
HAND_IN = ("registers", "tokens")
ANSWERED_FOR = ("preschool", "senior")
STAGES = ("preschool", "primary", "junior", "senior", "vocational", "special", "higher")


@reader(lambda: PATTERN)
def a_pattern(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "files" not in value:
            raise Wrong("带 files 的映射", "a mapping with the key files")
        return {str(key): a_text(entry) for key, entry in value.items()}
    return a_text(value)


def _of_tables(each: Mapping[str, Any], *, kind: Any = "object") -> Callable[[], dict[str, Any]]:
    """The schema of a mapping from tables to ``each``."""
    return lambda: {
        "type": kind,
        "properties": {table: dict(each) for table in columns_by_table()},
        "additionalProperties": False,
    }


PATTERN: dict[str, Any] = {
    "anyOf": [
        a_text.schema,
        {"type": "object", "required": ["files"], "additionalProperties": a_text.schema},
    ]
}


@reader(_of_tables({"type": ["array", "null"], "items": PATTERN}))
def sources_of_tables(value: Any) -> dict[str, list[Any]]:
    if not isinstance(value, Mapping):
        raise Wrong("各表的文件列表", "a list of files for each table")
    known_keys(value, columns_by_table())
    return {str(table): a_list(a_pattern)(patterns) for table, patterns in value.items()}


SHEETS: dict[str, Any] = {
    "anyOf": [
        a_text.schema,
        {
            "type": "object",
            "required": ["files"],
            "properties": {"files": a_text.schema, "sheets": a_text.schema},
            "additionalProperties": False,
        },
    ]
}


@reader(lambda: SHEETS)
def a_file_or_sheets(value: Any) -> Any:
    """A pattern of files, or ``{files, sheets}``."""
    pattern = a_pattern(value)
    if isinstance(pattern, Mapping):
        known_keys(pattern, dict.fromkeys(("files", "sheets")))
    return pattern


NOT_NEEDED = (None, "", "~", "null", "Null", "NULL")  # how YAML writes null, whose scalars stay text here


@reader(
    _of_tables(
        {"type": "object", "additionalProperties": {"type": ["string", "null"]}}, kind=["object", "null"]
    )
)
def headers_of_tables(value: Any) -> dict[str, dict[str, str | None]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(entry, Mapping) for entry in value.values()):
        raise Wrong("如 {payments: {证件: id_number}}", "such as {payments: {证件: id_number}}")
    known_keys(value, columns_by_table())
    for table, headers in value.items():
        for column in headers.values():
            if column not in NOT_NEEDED:
                one_of(columns_by_table()[table])(column)
    return {
        str(table): {str(h): None if c in NOT_NEEDED else str(c) for h, c in headers.items()}
        for table, headers in value.items()
    }


@reader(
    {
        "type": ["object", "null"],
        "properties": {
            kind: {"type": "object", "additionalProperties": a_text.schema} for kind in CODE_LISTS
        },
        "additionalProperties": False,
    }
)
def words_for_codes(value: Any) -> dict[str, dict[str, str]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(words, Mapping) for words in value.values()):
        raise Wrong("如 {category: {低保户子女: low_income}}", "such as {category: {低保户子女: low_income}}")
    known_keys(value, dict.fromkeys(CODE_LISTS))
    return {
        str(kind): {str(word): a_text(code) for word, code in words.items()} for kind, words in value.items()
    }


TASK: dict[str, Callable[[Any], str]] = {"unit": a_text, "by": lambda value: a_date(value).isoformat()}
TASKS = {
    "type": "object",
    "properties": {"unit": a_text.schema, "by": a_date.schema},
    "additionalProperties": False,
}


@reader({"type": ["object", "null"], "additionalProperties": TASKS})
def tasks_by_rule(value: Any) -> dict[str, dict[str, str]]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(task, Mapping) for task in value.values()):
        example = "{missed.unpaid: {unit: 县教育局, by: 2021-01-15}}"
        raise Wrong(f"如 {example}", f"such as {example}")
    for task in value.values():
        known_keys(task, TASK)
    return {str(rule): {str(k): TASK[k](v) for k, v in task.items()} for rule, task in value.items()}


OLDEST = 30
AGE = {"type": "integer", "minimum": 1, "maximum": OLDEST}


@reader({"type": "array", "items": AGE, "minItems": 2, "maxItems": 2})
def two_ages(value: Any) -> tuple[int, int]:
    """Two whole numbers of years, the second not below the first."""
    ends = [str(end) for end in value] if isinstance(value, (list, tuple)) else []
    if len(ends) != 2 or not all(re.fullmatch(r"[0-9]{1,2}", end) for end in ends):
        raise Wrong("两个周岁数，如 [6, 15]", "two ages in years, such as [6, 15]")
    first, last = int(ends[0]), int(ends[1])
    if not 1 <= first <= last <= OLDEST:
        raise Wrong(
            f"1 至 {OLDEST} 的两个周岁数，后一个不小于前一个",
            f"two ages from 1 to {OLDEST}, the second not below the first",
        )
    return first, last


@reader({"type": "string", "pattern": r"^[1-9][0-9]{0,5} ?(MB|GB)$"})
def a_size(value: Any) -> str:
    """An amount of memory: ``4GB``."""
    if not re.fullmatch(r"[1-9][0-9]{0,5} ?(MB|GB)", str(value)):
        raise Wrong("内存大小，如 4GB", "an amount of memory, such as 4GB")
    return str(value)
