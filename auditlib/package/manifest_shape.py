"""What a package's manifest may look like: its shape, checked before anything in it is used, and its parameters, read as
strictly as a county's parameter file. Whoever signs a package can write anything into it.

Keys that are not named here are let be: a later version may say more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from auditlib.base.errors import AuditError
from auditlib.base.json_schema import without_grammar
from auditlib.findings.catalogue import MEMBER as CATALOGUE
from auditlib.law.parameters import SelfCheck, Thresholds, check_self_check
from auditlib.package.judged_pairs import MEMBER, SHAPE

MOST_TEXT = 500_000  # characters of a policy file
COUNT = {"type": "integer", "minimum": 0, "maximum": 10**9}
WORD = {"type": "string", "maxLength": 500}
DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
WORDS = {"type": "array", "items": WORD, "maxItems": 10_000}
BY_NAME = {"type": "object", "additionalProperties": WORD}


def _record(**parts: Any) -> dict[str, Any]:
    """An object that has all these parts."""
    return {"type": "object", "required": list(parts), "properties": parts}


def _each(shape: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object whose every value has one shape; ``key``: the pattern of its names."""
    return {"type": "object", "additionalProperties": shape, "propertyNames": {"pattern": key}}


def _stated(declaration: type, shapes: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields that every file states, for they have no usual value; ``shapes``: by name or type, all others a word."""
    types = get_type_hints(declaration)
    stated = [
        one.name for one in fields(declaration) if one.default is MISSING and one.default_factory is MISSING
    ]
    return _record(
        **{
            name: shapes.get(name, shapes.get(types[name], WORD))
            for name in stated
            if name not in OF_THE_PLACE
        }
    )


OF_THE_PLACE = {"output_dir"}
"""Where a county writes is its own affair."""
THRESHOLDS = _stated(Thresholds, {float: {"type": "number"}, int: {"type": "integer"}})
PARAMETERS = _stated(
    SelfCheck,
    {
        "sources": _each({"type": "array", "items": {"anyOf": [WORD, BY_NAME]}}, ""),
        "policy": WORDS,
        "enrolment_covers": WORDS,
        "thresholds": THRESHOLDS,
    },
)
PARAMETERS["properties"] |= {
    "columns": _each(
        {"type": "object", "additionalProperties": {"anyOf": [WORD, {"type": "null"}]}}, ""
    ),  # null: not needed
    "previous": WORDS,
    "hand_in": WORD,
    "language": WORD,
}
POLICY = _record(file=WORD, sha256=DIGEST)
POLICY["properties"]["text"] = {"type": "string", "maxLength": MOST_TEXT}
RULE = _record(
    status={"enum": ["run", "not_run"]}, population=COUNT, tested=COUNT, untested=COUNT, exceptions=COUNT,
    untested_reasons=_each(COUNT, ""), at_stake={"type": "string", "pattern": r"^[0-9]{1,16}\.[0-9]{2}$"},
)  # fmt: skip
MANIFEST = _record(
    auditlib=WORD,
    parameters=PARAMETERS,
    policy={"type": "array", "items": POLICY, "maxItems": 50},
    inputs={
        "type": "array",
        "items": _record(
            table=WORD, file=WORD, sha256=DIGEST, rows_read=COUNT, left_out=COUNT, rejected=COUNT, used=COUNT
        ),
    },
    rules=_each(RULE, r"^[a-z_]+\.[a-z_]+$"),
    findings=COUNT,
)
MANIFEST["properties"] |= {"columns": _each(WORDS, ""), "last_term": DIGEST, CATALOGUE: DIGEST, MEMBER: SHAPE}


@cache
def _validator() -> Any:
    without_grammar()
    from jsonschema import (
        Draft202012Validator,  # here, so that a run that opens no package need not wait for it
    )

    return Draft202012Validator(MANIFEST)


def read_manifest(body: bytes) -> dict[str, Any]:
    """The manifest in ``body``. Raises ValueError where it has not the shape that every use of it relies on."""
    content = json.loads(body, parse_constant=_no_number, object_pairs_hook=_once)
    if not _validator().is_valid(content) or isinstance(content["findings"], float):
        raise ValueError("manifest")
    parameters_of(content)
    return dict(content)


def parameters_of(manifest: Mapping[str, Any]) -> SelfCheck:
    """The county's parameters, checked like any others. Raises ValueError where they could not have been a run's."""
    parameters = {**manifest["parameters"], "output_dir": "."}
    try:
        return check_self_check(parameters, base=Path())
    except AuditError:
        raise ValueError("parameters") from None


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: of two, readers differ in which holds."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("twice")
    return entries


__all__ = ["parameters_of", "read_manifest"]
