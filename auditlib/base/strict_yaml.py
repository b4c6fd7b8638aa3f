"""YAML without guessing: every scalar is the text that stands there, a key twice is refused.

YAML 1.1 reads ``0012345`` as an octal number, ``no`` as false and ``1:30`` as ninety; a county code or a date must
survive. The schema that reads the values gives them their types.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text

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
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if len(key) > LONGEST:
                raise yaml.constructor.ConstructorError(None, None, "a key is too long", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"duplicate key {key}", key_node.start_mark
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep))


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in ``path``, all scalars text. Raises UsageError naming file and line."""
    try:
        content = yaml.load(_text(path), Loader=_TextLoader)
    except FileNotFoundError:
        raise UsageError(
            _problem("找不到文件", "file not found", path, "", "检查路径", "check the path")
        ) from None
    except (yaml.YAMLError, ValueError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" › {mark.line + 1}" if mark else ""
        why = str(getattr(error, "problem", "") or type(error).__name__)[:LONGEST]
        raise UsageError(
            _problem(
                f"不是可读的 YAML 文件（{why}）",
                f"not a readable YAML file ({why})",
                path,
                line,
                "按提示的行改正；文件须为 UTF-8",
                "correct the line named; the file must be UTF-8",
            )
        ) from None
    if not isinstance(content, dict):
        raise UsageError(
            _problem(
                "文件为空或不是“键: 值”的形式",
                "the file is empty or not of the form key: value",
                path,
                "",
                "参照 params/ 中的样例",
                "follow the examples in params/",
            )
        )
    return content


def _text(path: Path) -> str:
    """The file's text. Raises OSError, UnicodeDecodeError, YAMLError where it is none or too large."""
    if path.exists() and not path.is_file():
        raise yaml.YAMLError("not an ordinary file")
    if path.stat().st_size > LARGEST:
        raise yaml.YAMLError("larger than 256 KiB")
    return path.read_text(encoding="utf-8-sig")


def _problem(zh: str, en: str, path: Path, place: str, do_zh: str, do_en: str) -> Problem:
    where = f"{path.name}{place}"
    return Problem(Text(zh, en), Text(where, where), Text(do_zh, do_en))
