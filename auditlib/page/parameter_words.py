"""Parameters as people read them: the declared meaning of each and its value in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from auditlib.base.declared_fields import meanings
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.tables.findings import LISTED_COLUMNS
from auditlib.tables.wording import WORDS, word

Path = tuple[str, ...]
DAY = re.compile(r"\d{4}-\d\d-\d\d")  # a seed may be eight digits too
PARAMETER, VALUE = Text("参数", "Parameter (as the file has it)"), Text("值", "Value")
COLON, COMMA = Text("：", ": "), Text("、", ", ")
CHOICES: Mapping[str, Text] = {
    "registers": Text("写明个人", "findings as they are"),
    "tokens": Text("只含加密代号", "keyed tokens only"),
    "zh": Text("中文", "Chinese"),
    "en": Text("英文", "English"),
    "attribute": Text("属性抽样", "attribute sampling"),
    "mus": Text("货币单元抽样", "monetary unit sampling"),
    "stratified": Text("分层抽样", "stratified sampling"),
    "two_stage": Text("两阶段抽样", "sampling in two stages"),
    "discovery": Text("发现抽样", "discovery sampling"),
    "fixed_interval": Text("固定间隔", "fixed interval"),
    "cell": Text("分格", "by cells"),
    "school": Text("学校", "school"),
    "town": Text("乡镇", "town"),
    "scheme": Text("资助项目", "scheme"),
    "category": Text("困难类型", "category"),
    "files": Text("文件", "files"),
    "sheets": Text("工作表", "sheets"),
    "unit": Text("责任单位", "unit"),
    "by": Text("期限", "deadline"),
    "compulsory": Text("义务教育", "compulsory age"),
    "account": Text("逐人交代", "accounted for"),
    "any": Text("不分类别", "any category"),
    "stages": Text("学段", "stages"),
    "years": Text("年级（本学段第几年）", "years of the stage"),
    "boarding": Text("寄宿生", "boarders"),
    "excludes": Text("不能同时享受的项目", "schemes that exclude it"),
    "aliases": Text("其他写法", "other spellings"),
    "mandatory": Text("应发未发列为漏助", "a miss where it is not paid"),
    "true": Text("是", "yes"),
    "false": Text("否", "no"),
}
"""The words that only parameters have."""


def title_of(
    key: str | Path, declaration: type, language: str, words: Mapping[str, Text] | None = None
) -> str:
    """What the parameter ``key`` (``thresholds.pay_by``, or its parts) means; what is not declared stays as it is.

    ``words``: for parts that only the caller knows, such as rules.
    """
    meaning, own = meanings(declaration), words or {}
    parts = tuple(key.split(".")) if isinstance(key, str) else key
    for length in range(len(parts), 0, -1):
        text = meaning.get(".".join(parts[:length]))
        if text:
            rest = (
                own[part].into(language) if part in own else _in_words(part, language)
                for part in parts[length:]
            )
            return COLON.into(language).join([text.into(language), *rest])
    return ".".join(parts)


def value_of(value: Any, language: str) -> str:
    """A value of JSON in words: days and terms as people write them, codes by their words, lists one after the other."""
    if isinstance(value, Mapping):
        pairs = (
            f"{_in_words(str(k), language)}{COLON.into(language)}{value_of(v, language)}"
            for k, v in value.items()
        )
        return COMMA.into(language).join(pairs) or markup.NOTHING
    if isinstance(value, list | tuple):
        return COMMA.into(language).join(value_of(item, language) for item in value) or markup.NOTHING
    if isinstance(value, bool):
        return CHOICES[str(value).lower()].into(language)
    if value is None or value == "":
        return markup.NOTHING
    return _in_words(str(value), language)


def value_of_text(text: str, language: str) -> str:
    """The same of a value that stands as JSON, else as words with blanks, commas or semicolons between."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if isinstance(value, list | dict):
        return value_of(value, language)
    joint = COMMA.into(language)
    lines = (
        joint.join(
            " ".join(_in_words(part, language) for part in item.split(" ")) for item in line.split(", ")
        )
        for line in text.split("; ")
    )
    return Text("；", "; ").into(language).join(lines)


def _in_words(value: str, language: str) -> str:
    if value in CHOICES:
        return CHOICES[value].into(language)
    if value in WORDS:
        return word(value, language)
    if value in LISTED_COLUMNS:
        return LISTED_COLUMNS[value].title.into(language)
    return markup.day(value, language) if DAY.fullmatch(value) else markup.term(value, language)


def parameter_table(
    values: Mapping[str, Any],
    declaration: type,
    caption: Text,
    language: str,
    words: Mapping[str, Text] | None = None,
) -> Markup:
    """A row a parameter: meaning and value; in English, whose words the names are, the name in the file stands beneath. ``words``: as of ``title_of``."""
    columns = [Col(PARAMETER.into(language), css="half"), Col(VALUE.into(language), css="long")]
    rows = [
        (_name_cell(path, declaration, language, words), scrub(value_of(value, language)))
        for path, value in _flat(values)
    ]
    return markup.table(columns, rows, caption=caption.into(language), headed=True)


def _name_cell(path: Path, declaration: type, language: str, words: Mapping[str, Text] | None) -> Cell:
    key = ".".join(path)
    name = markup.below(Markup("<code>{}</code>").format(key)) if language == "en" else ""
    return Cell(Markup("{}{}").format(title_of(path, declaration, language, words), name), key)


def _flat(values: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, value in values.items():
        path = (*above, str(key))
        if isinstance(value, Mapping) and value:
            yield from _flat(value, path)
        else:
            yield path, value
