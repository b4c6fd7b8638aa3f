"""Single values of a YAML file put in the place of others; remarks, order and all else stay as a person wrote them."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

Key = tuple[str, ...]


def with_values(text: str, values: Mapping[Key, str]) -> str:
    """``text`` with each value in place of what stands at its key, a path of keys from the top.

    The keys have to be there and to hold single values. Raises KeyError where one does not.
    """
    top = yaml.compose(text, Loader=yaml.BaseLoader)
    places = sorted((_place(top, key), value) for key, value in values.items())
    for (start, end), value in reversed(places):  # from the end: what stands before keeps its place
        text = text[:start] + value + text[end:]
    return text


def _place(node: yaml.Node, key: Key) -> tuple[int, int]:
    """Where a value begins and ends, in characters."""
    for name in key:
        entries = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for entry, value in entries if entry.value == name), None)
    if not isinstance(node, yaml.ScalarNode):
        raise KeyError(key)
    return node.start_mark.index, node.end_mark.index
