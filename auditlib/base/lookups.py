"""What a build looks up in the choices that it is given, so that its plan rests on that and on no other of them.

A rule asks for a date, one threshold, the columns of one table; the other parameters do not bear on it. Whoever builds gets
each choice through :meth:`Lookups.watched`: what is read is written down under its path (``parameters/thresholds/pay_by``)
with a digest of its value, by which another run tells whether it would read the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import is_dataclass
from typing import Any


class Lookups:
    """Some ``choices`` by name: dataclasses, looked up by their attributes, and mappings, by their keys."""

    def __init__(self, **choices: Any) -> None:
        self.choices = choices
        self.record: dict[str, str] = {}

    def watched(self, name: str) -> Any:
        """The choice ``name``: as it is to who asks it, and every answer is written down."""
        return _watch(self.choices[name], name, self)

    @contextmanager
    def written_down(self) -> Iterator[dict[str, str]]:
        """What is looked up within: path -> digest of the value."""
        before, self.record = self.record, {}
        try:
            yield self.record
        finally:
            self.record = before

    def note(self, path: str, value: Any) -> None:
        """``value`` was looked up under ``path``."""
        self.record[path] = _digest(value)

    def would_be_same(self, record: Mapping[str, str]) -> bool:
        """Would each look-up of ``record`` give the same value here?"""
        return all(self._digest_at(path) == digest for path, digest in record.items())

    def _digest_at(self, path: str) -> str:
        name, *steps = path.split("/")
        value = self.choices.get(name)
        for step in steps:
            value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
        return _digest(value)


class _Watched:
    """A dataclass whose attributes are written down as they are read; one with methods of its own as a whole."""

    def __init__(self, choice: Any, path: str, lookups: Lookups) -> None:
        self._choice, self._path, self._lookups = choice, path, lookups

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._choice, name)
        if callable(value):
            self._lookups.note(self._path, self._choice)
            return value
        return _watch(value, f"{self._path}/{name}", self._lookups)


class _WatchedMapping(Mapping[str, Any]):
    """A mapping whose keys are written down as they are asked for; as a whole once somebody goes through it."""

    def __init__(self, choice: Mapping[str, Any], path: str, lookups: Lookups) -> None:
        self._choice, self._path, self._lookups = choice, path, lookups

    def __getitem__(self, key: str) -> Any:
        self._lookups.note(f"{self._path}/{key}", self._choice.get(key))
        return self._choice[key]

    def __iter__(self) -> Iterator[str]:
        self._lookups.note(self._path, self._choice)
        return iter(self._choice)

    def __len__(self) -> int:
        self._lookups.note(self._path, self._choice)
        return len(self._choice)


def _watch(value: Any, path: str, lookups: Lookups) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _Watched(value, path, lookups)
    if isinstance(value, Mapping) and "/" not in path:
        return _WatchedMapping(value, path, lookups)
    lookups.note(path, value)
    return value


def _digest(value: Any) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:24]


def _text(value: Any) -> str:
    """``value`` in full, the same in every process: sets and mappings in order."""
    if isinstance(value, frozenset | set):
        return repr(sorted(value))
    if isinstance(value, Mapping):
        return repr([(key, _text(value[key])) for key in sorted(value)])
    return f"{type(value).__name__}:{value!r}"
