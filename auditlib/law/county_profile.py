"""What was chosen for a county: ``params/counties/CODE.yaml``, read where it is there, below what the run itself says.

Its keys are those of the run: ``columns``, ``values``, ``constants``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from auditlib.base.errors import Problem, UsageError
from auditlib.base.places import profiles
from auditlib.base.strict_values import read_keys
from auditlib.base.strict_yaml import read_yaml


def with_profile(
    values: Mapping[str, Any], base: Path, schema: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """The run's ``values`` (checked) with what the county's profile adds to those of ``schema``; the run's own win.

    The profile is looked for below ``base``, the parameter file's folder, then below params/. Raises UsageError with
    every key of it that is wrong.
    """
    code = str(values["county_code"])
    files = (folder / f"{code}.yaml" for folder in (base / "counties", *profiles()))
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        return dict(values)
    problems: list[Problem] = []
    profile = read_keys(read_yaml(file), schema, tuple(schema), f"counties/{file.name}", problems)
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    return dict(values) | {key: merge(profile[key], values.get(key, {})) for key in profile}


def merge(profile: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Table (or list of codes) by table: mappings put together, lists one behind the other, without saying a thing twice."""
    values: dict[str, Any] = {}
    for name in {**own, **profile}:
        mine, theirs = own.get(name), profile.get(name)
        if isinstance(mine or theirs, Mapping):
            values[name] = {**(theirs or {}), **(mine or {})}
        else:
            more = [entry for entry in theirs or [] if entry not in (mine or [])]
            values[name] = [*(mine or []), *more]
    return values
