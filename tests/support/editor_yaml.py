"""YAML as an editor reads it that completes and checks a file by its schema."""

from __future__ import annotations

import yaml


class Editor(yaml.SafeLoader):
    """YAML 1.2 as editors read it: a day stays text."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
