"""Mistakes of the hand in a YAML file, told by what was typed instead of by what the parser expected."""

from __future__ import annotations

import re

import yaml

from auditlib.base.language import Text

_KEY = r'[\w\u4e00-\u9fff."\'-]+'
_MISTAKES: tuple[tuple[re.Pattern[str], Text, Text], ...] = (
    (
        re.compile(rf"^[ ]*(?:- *)?\{{?\s*{_KEY}\s*：|[{{,]\s*{_KEY}\s*："),
        Text("用了全角冒号“：”", "has a full-width colon “：”"),
        Text("改成半角冒号加一个空格，如 term: 2024-autumn", "write a colon and a space, as in term: 2024-autumn"),
    ),
    (
        re.compile(r"^\s*\t|\t\s*\S"),
        Text("有制表符（Tab）", "holds a tab"),
        Text("删去制表符，用空格缩进", "replace it by spaces"),
    ),
    (
        re.compile(r'"[^"]*\\[^"nrt\\/][^"]*"?'),
        Text("双引号里有反斜杠“\\”", "has a backslash within double quotes"),
        Text(
            '路径中的“\\”改成“/”，或改用单引号，如 "数据/2024秋"',
            'write “/” in paths, or use single quotes, as in "data/2024"',
        ),
    ),
    (
        re.compile(r"^[ ]*(?:- *)?[a-z_]+:(?![/\s]|$)"),
        Text("冒号后面少一个空格", "lacks a space after the colon"),
        Text("在冒号后加一个空格，如 term: 2024-autumn", "write a space after it, as in term: 2024-autumn"),
    ),
    (
        re.compile(r"[\[{][^\]}]*[，、][^\]}]*[\]}]?"),
        Text("列表里用了全角逗号", "has a full-width comma within a list"),
        Text("改成半角逗号，如 [a, b]", "write commas, as in [a, b]"),
    ),
)  # fmt: skip
_BY_CONTEXT = (
    (
        "quoted scalar",
        Text("引号没有成对", "has a quotation mark that is not closed"),
        Text("补上另一个引号", "close it"),
    ),
    (
        "flow",
        Text(
            "方括号或花括号没有闭合，或其中少了逗号",
            "has a bracket that is not closed, or lacks a comma within",
        ),
        Text("补上 ] 或 }，各项之间写逗号", "close it; write commas between the entries"),
    ),
)
_OTHER = (
    Text("写法有误，多半是缩进不齐，或少了冒号后的空格", "cannot be read: mostly wrong indentation, or a colon without a space"),
    Text("同级的行左边对齐，只用空格缩进；参照 params/ 中的样例", "align lines of one level, with spaces only; see the examples in params/"),
)  # fmt: skip


def mistake(text: str, error: yaml.YAMLError | None = None) -> tuple[int | None, Text, Text] | None:
    """Line (from 1), what is wrong with it, what to do; without an ``error``, None where nothing is odd."""
    last = _line(error)
    for number, line in enumerate(text.splitlines()[: last or None], 1):
        plain = _without_comment(line)
        for pattern, what, remedy in _MISTAKES:
            if pattern.search(plain):
                return number, what, remedy
    if error is None:
        return None
    parser_message = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    if twice := re.search("duplicate key (.*)", parser_message):
        key = Text(f"又写了一次“{twice[1]}”", f"writes “{twice[1]}” a second time")
        return last, key, Text("只留一处", "keep one of them")
    for sign, what, remedy in _BY_CONTEXT:
        if sign in parser_message:
            mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
            return (mark.line + 1 if mark else last), what, remedy
    return last, *_OTHER


def _line(error: yaml.YAMLError | None) -> int | None:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else None


def _without_comment(line: str) -> str:
    return "" if line.lstrip(" ").startswith("#") else re.sub(r" #.*$", "", line)
