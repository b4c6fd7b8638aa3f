"""YAML without guessing: every scalar is the text that stands there, a key twice is refused.

YAML 1.1 reads ``0012345`` as an octal number, ``no`` as false and ``1:30`` as ninety; a county code or a date must
survive. The schema that reads the values gives them their types.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from auditlib.base.edited_lists import decode
from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.yaml_mistakes import mistake

LARGEST = 256 << 10  # bytes
DEEPEST = 20  # lists and mappings within each other
LONGEST = 200  # characters of a key


class _TextLoader(yaml.BaseLoader):  # type: ignore[misc] # PyYAML has no types
    """Scalars stay text; duplicate keys are an error, and so are aliases, of which a few lines can make millions."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*) are not allowed", event.start_mark)
        if self.depth == DEEPEST:
            raise yaml.composer.ComposerError(None, None, "nested too deeply", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if len(key) > LONGEST:
                raise yaml.constructor.ConstructorError(None, None, "a key is too long", key_node.start_mark)
            if "：" in key and not value_node.value:  # {files：低保*.csv} is a key without a value
                raise yaml.constructor.ConstructorError(None, None, "full-width colon", key_node.start_mark)
            if key in keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"duplicate key {key}", key_node.start_mark
                )
            keys.add(key)
        return dict(super().construct_mapping(node, deep))

    def construct_sequence(self, node: yaml.SequenceNode, deep: bool = False) -> list[Any]:
        for entry in node.value:  # [a，b] is one entry; in quotes the comma may be meant
            if node.flow_style and getattr(entry, "style", "") is None and "，" in str(entry.value):
                raise yaml.constructor.ConstructorError(None, None, "full-width comma", entry.start_mark)
        return list(super().construct_sequence(node, deep))


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in ``path``, all scalars text. Raises UsageError naming file and line."""
    try:
        text = file_text(path)
    except FileNotFoundError:
        raise UsageError(
            _problem(Text("找不到文件", "file not found"), path, None, Text("检查路径", "check the path"))
        ) from None
    except (ValueError, OSError):
        what = Text("文件读不了，太大，或不是文本", "the file cannot be read, is too large, or is no text")
        raise UsageError(_problem(what, path, None, Text("文件须为 UTF-8", "save it as UTF-8"))) from None
    return yaml_mapping(text, path)


def yaml_mapping(text: str, path: Path) -> dict[str, Any]:
    """The mapping in ``text``, which is or shall be that of ``path``. Raises UsageError naming file and line."""
    try:
        content = yaml.load(text, Loader=_TextLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise UsageError(
            _mistake_problem(path, *(mistake(text, error) or (None, NO_MAPPING, EXAMPLES)))
        ) from None
    if not isinstance(content, dict):
        raise UsageError(_mistake_problem(path, *(mistake(text) or (None, NO_MAPPING, EXAMPLES))))
    return content


NO_MAPPING = Text("文件为空或不是“键: 值”的形式", "the file is empty or not of the form key: value")
EXAMPLES = Text("参照 params/ 中的样例", "follow the examples in params/")


def file_text(path: Path) -> str:
    """The file's text. Raises OSError, ValueError where it is none or too large."""
    if path.exists() and not path.is_file():
        raise ValueError("not an ordinary file")
    if path.stat().st_size > LARGEST:
        raise ValueError("larger than 256 KiB")
    return decode(path.read_bytes())


def _mistake_problem(path: Path, line: int | None, what: Text, remedy: Text) -> Problem:
    sentence = Text(f"第 {line} 行{what.zh}", f"line {line} {what.en}") if line else what
    return _problem(sentence, path, line, remedy)


def _problem(what: Text, path: Path, line: int | None, remedy: Text) -> Problem:
    where = Text(
        f"{path.name} › 第 {line} 行" if line else path.name,
        f"{path.name} › line {line}" if line else path.name,
    )
    return Problem(what, where, remedy)
