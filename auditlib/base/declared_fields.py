"""Parameters as the fields of a dataclass, each declared once: its reader, its meaning, its usual value.

From the fields follow what :func:`auditlib.base.strict_values.read_keys` reads, the JSON that a run hands on, and the JSON
Schema by which an editor completes and checks a file (``params/schema``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from auditlib.base.language import Text
from auditlib.base.strict_values import Reader

NO_HINT = Text("", "")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def parameter(
    read: Reader[Any],
    zh: str,
    en: str,
    *,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    silent: bool = False,
    private: bool = False,
    hint: Text = NO_HINT,
    title: Text | None = None,
) -> Any:
    """A field that is read by ``read``; with a default it may be left out of the file.

    ``silent``: while empty it is not told in the JSON; ``private``: never told there, for it changes no answer. ``hint``: how it
    is written, for who edits the file; it follows the meaning there. ``title``: what stands before its field on a page, else the meaning.
    """
    meaning = Text(zh, en)
    metadata = {
        "reader": read,
        "meaning": meaning,
        "silent": silent,
        "private": private,
        "hint": hint,
        "title": title or meaning,
    }
    if default_factory is not MISSING:
        return field(default_factory=default_factory, metadata=metadata)
    return field(default=default, metadata=metadata) if default is not MISSING else field(metadata=metadata)


def readers(declaration: type) -> dict[str, Reader[Any]]:
    """Name to reader, in the order of the fields."""
    return {one.name: one.metadata["reader"] for one in _fields(declaration)}


def optional(declaration: type) -> tuple[str, ...]:
    """The names that a file may leave out."""
    return tuple(one.name for one in _fields(declaration) if not _is_required(one))


@cache
def meanings(declaration: type) -> Mapping[str, Text]:
    """Name to meaning, of what a field holds too: ``thresholds``, ``thresholds.pay_by``."""
    return _texts(declaration, "meaning")


@cache
def titles(declaration: type) -> Mapping[str, Text]:
    """Name to what stands before its field on a page, of what a field holds too."""
    return _texts(declaration, "title")


def _texts(declaration: type, kind: str) -> dict[str, Text]:
    types = get_type_hints(declaration)
    texts: dict[str, Text] = {}
    for one in _fields(declaration):
        texts[one.name] = one.metadata[kind]
        inner = types[one.name]
        if isinstance(inner, type) and is_dataclass(inner):
            texts |= {f"{one.name}.{name}": text for name, text in _texts(inner, kind).items()}
    return texts


def as_json(values: Any) -> dict[str, Any]:
    """The values of a declared dataclass as plain JSON types, in the order of the fields."""
    values_by_field = ((one, getattr(values, one.name)) for one in _fields(type(values)))
    return {
        one.name: plain(value)
        for one, value in values_by_field
        if not one.metadata["private"] and (value or not one.metadata["silent"])
    }


class Declared:
    """The parameters of a program, declared by their fields: given anew, they are read as the same."""

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types, for Papermill and the manifest."""
        return as_json(self)


def plain(value: Any) -> Any:
    """``value`` as JSON has it: days in ISO, paths and exact numbers as text, what is declared by its fields."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (Path, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return as_json(value) if hasattr(value, "__dataclass_fields__") else value


def json_schema(declaration: type, title: Text) -> dict[str, Any]:
    """The JSON Schema of a file that holds the fields of ``declaration``."""
    return {"$schema": DIALECT, "title": _two_languages(title), **record(declaration)}


def record(declaration: type) -> dict[str, Any]:
    """The schema of a mapping that holds the fields of ``declaration`` and nothing else."""
    return {
        "type": "object",
        "properties": {one.name: _property(one) for one in _fields(declaration)},
        "required": [one.name for one in _fields(declaration) if _is_required(one)],
        "additionalProperties": False,
    }


def of_fields(declaration: type) -> Reader[Any]:
    """The reader of a mapping whose keys are read apart, each by its own: the mapping itself, as it stands."""
    return Reader(lambda value: value, lambda: record(declaration))


def _fields(declaration: type) -> list[Field[Any]]:
    return [one for one in fields(declaration) if "reader" in one.metadata]


def _is_required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _property(one: Field[Any]) -> dict[str, Any]:
    usual = one.default_factory() if callable(one.default_factory) else one.default
    default = {} if _is_required(one) or usual is None else {"default": plain(usual)}
    return {
        **one.metadata["reader"].schema,
        "description": _two_languages(one.metadata["meaning"], one.metadata["hint"]),
        **default,
    }


def _two_languages(text: Text, hint: Text = NO_HINT) -> str:
    return f"{text.zh}{hint.zh} · {text.en}{hint.en}"
