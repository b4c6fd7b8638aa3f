"""What was tried, as lines for the parameter file and for a policy file: a trial that should hold is copied there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import yaml

from auditlib.base.language import Text
from auditlib.law.parameters import Thresholds

KIND = "text/yaml"
ABOUT = Text(
    "试算的值。请用下面几行替换参数文件里的同名行，再运行一次自查。",
    "Values of a trial. Put these lines in the place of those of the same name in the parameter file and run the self-check again.",
)
STANDARDS = Text(
    "试算改过的标准。标准写在 params/policy 的文件里，须有依据；确认后请在那里改：",
    "Standards that the trial changed. They stand in the files of params/policy and need a document; if they hold, change them there:",
)


def file_name(parameters: Mapping[str, Any]) -> str:
    """Says county and term, no person."""
    return f"what-if-{parameters.get('county_code', '')}-{parameters.get('term', '')}.yaml"


def as_lines(entries: Mapping[str, Any], standards: Iterable[str], language: str) -> str:
    """``entries``: parameters that differ from the run's, thresholds among them; ``standards``: those changed, in words."""
    limits = {field.name for field in fields(Thresholds)}
    plain = {key: value for key, value in entries.items() if key not in limits and key != "language"}
    thresholds = {key: value for key, value in entries.items() if key in limits}
    values = plain | ({"thresholds": thresholds} if thresholds else {})
    comments = [f"# {ABOUT.into(language)}"] if values else []
    text = yaml.safe_dump(values, allow_unicode=True, sort_keys=True) if values else ""
    notes = [f"#   {line}" for line in standards]
    return (
        "\n".join([*comments, text, *([f"# {STANDARDS.into(language)}", *notes] if notes else [])]).strip()
        + "\n"
    )
