"""Values of a trial written into the parameter file of the run, once a person has looked at what they take the place of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.owners import open_private, replace_private
from auditlib.base.strict_yaml import file_text, yaml_mapping
from auditlib.base.yaml_values import Key, with_values
from auditlib.law.parameters import SelfCheck, Thresholds, check_self_check, read_self_check
from auditlib.workbench.runs import files_writing_into

LIMITS = {field.name for field in fields(Thresholds)}
BEFORE = ".before"
"""Ending of the copy of a file as it stood before the program wrote into it for the first time, as at the desk."""
CHANGED_MEANWHILE = Text(
    "参数文件刚被改过，没有写入", "the parameter file has just been changed; nothing was written"
)
LOOK_AGAIN = Text(
    "再按一次“存为参数”，看过里面现在的值再写",
    "press “Save as parameters” again and look at what stands there now",
)


@dataclass(frozen=True)
class Offer:
    """``file`` as it stands (``text``); by name of a parameter or threshold what it says now and what would be written."""

    file: Path
    text: str
    standing: Mapping[str, str]
    values: Mapping[str, str]


def offer_for(run: Path, parameters: SelfCheck, entries: Mapping[str, Any]) -> Offer | None:
    """Where ``entries`` (name -> value) can be written; None where no parameter file that can be read made ``run``.

    ``parameters``: those of the run: a file that is of another county or term by now is not its own.
    """
    for file in files_writing_into(run):
        try:
            text, standing = file_text(file), read_self_check(file)
        except (AuditError, OSError, ValueError):
            continue
        if (standing.county_code, standing.term) == (parameters.county_code, parameters.term):
            return Offer(
                file,
                text,
                {name: _value(standing, name) for name in entries},
                {name: str(value) for name, value in entries.items()},
            )
    return None


def _value(parameters: SelfCheck, name: str) -> str:
    return str(getattr(parameters.thresholds if name in LIMITS else parameters, name))


def write_into(offer: Offer, language: str) -> None:
    """The values into the file, which is read as every command reads it before it is put in place; remarks in it stay.

    The file as it stood before is kept beside it, once. Raises UsageError, and writes nothing then.
    """
    if not offer.file.is_file() or file_text(offer.file) != offer.text:
        where = Text(offer.file.name, offer.file.name)
        raise UsageError(Problem(CHANGED_MEANWHILE, where, LOOK_AGAIN), language)
    places: dict[Key, str] = {
        ("thresholds", name) if name in LIMITS else (name,): value for name, value in offer.values.items()
    }
    text = with_values(offer.text, places)
    check_self_check(
        {**yaml_mapping(text, offer.file), "language": language},
        base=offer.file.parent,
        place=offer.file.name,
    )
    copy_before = offer.file.with_name(offer.file.name + BEFORE)
    if not copy_before.exists():
        with open_private(copy_before, "wb") as copy:
            copy.write(offer.file.read_bytes())
    replace_private(offer.file, text.encode())
