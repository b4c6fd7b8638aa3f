"""Parameter files, profiles and policies: read as every command reads them, written so that they read the same again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from auditlib.base.errors import Problem, UsageError
from auditlib.base.owners import open_private, replace_private
from auditlib.base.places import home
from auditlib.base.strict_values import read_keys
from auditlib.base.strict_yaml import read_yaml
from auditlib.desk.draft import Draft, parameters
from auditlib.desk.profile import Profile
from auditlib.law.parameters import SELF_CHECK

WIDE = 118
OF_FILES = ("sources", "not_needed")
HEAD_OF_PARAMETERS = (
    "# {county} {term}。由工作台写出，可以手改。 Written by the desk; may be edited by hand.\n"
)
HEAD_OF_PROFILE = "# {code}：本县的表头和写法，各学期共用。由工作台写出，可以手改。 Written by the desk; may be edited by hand.\n"
BEFORE = ".before"
"""Ending of the copy of a file as it stood before the desk wrote it for the first time: remarks inside are not kept."""


def params_folder() -> Path:
    """Where parameter files stand, the profiles in ``counties`` below and the policies in ``policy``."""
    return home() / "params"


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # PyYAML has no types
    """Lists indented below their key; a text that other readers of YAML would take for a number stands in quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """What is said twice is written twice: aliases are refused by who reads it."""
        return True


def yaml_text(content: Mapping[str, Any]) -> str:
    """``content`` as YAML that reads back the same, keys in their order."""
    text: str = yaml.dump(
        _plain(content),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDE,
        default_flow_style=False,
    )
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value


def write_yaml(file: Path, content: Mapping[str, Any], head: str) -> None:
    """``file`` anew and whole, or not at all; a file that a person wrote is kept beside it once, as ``….before``."""
    text = head + yaml_text(content)
    if file.is_file():
        standing = file.read_text("utf-8", errors="replace")
        if standing == text:
            return
        copy_before = file.with_name(file.name + BEFORE)
        if not standing.startswith(head) and not copy_before.exists():
            put_back(copy_before, file.read_bytes())
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_private(file, text.encode())


def put_back(file: Path, content: bytes | None) -> None:
    """``file`` with ``content``, for its owner alone; away where there is none."""
    if content is None:
        file.unlink()
        return
    with open_private(file, "wb") as private:
        private.write(content)


def parameter_file(draft: Draft) -> Path:
    """Where the draft's parameters are written."""
    return params_folder() / f"{draft.text('county_code')}-{draft.text('term')}.yaml"


def write_parameters(draft: Draft, file: Path) -> None:
    """The draft as the parameter file that a person would write."""
    head = HEAD_OF_PARAMETERS.format(county=draft.text("county_name"), term=draft.text("term"))
    write_yaml(file, parameters(draft), head)


def read_draft(file: Path) -> Draft:
    """What stands in a parameter file but what it says of the files, which need to be there. Raises UsageError."""
    content = read_yaml(file)
    return Draft({key: value for key, value in content.items() if key not in OF_FILES})


def profile_file(code: str) -> Path:
    """The county's profile."""
    return params_folder() / "counties" / f"{code}.yaml"


def read_profile(code: str) -> Profile:
    """The county's profile, empty where there is none. Raises UsageError where it cannot be read."""
    file = profile_file(code)
    if not file.is_file():
        return Profile()
    content, problems = read_yaml(file), list[Problem]()
    keys = {key: SELF_CHECK[key] for key in ("columns", "values", "constants")}
    entries = read_keys(content, keys, tuple(keys), f"counties/{file.name}", problems)
    if problems:
        raise UsageError(problems)
    more = {key: entries[key] for key in ("constants",) if entries.get(key)}
    return Profile(entries.get("columns", {}), entries.get("values", {}), more)


def write_profile(code: str, profile: Profile) -> None:
    """The profile into its file."""
    write_yaml(profile_file(code), profile.as_mapping(), HEAD_OF_PROFILE.format(code=code))
