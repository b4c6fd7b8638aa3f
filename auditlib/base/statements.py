"""Statements: the SQL that an expression comes to, kept from run to run and met again by the expression's own structure.

Compiling an expression takes some twenty times as long as walking through it. So its SQL is kept in the user's cache under a
digest of all that the compiler is given: every node of the expression with its literals, the names and columns of the tables
that it starts from, the program and the versions of what compiles. Nothing else enters a statement, so a stale one cannot be
met. What may not lie in a cache is compiled anew each time: a statement with a secret (bytes), with what may be
somebody's number, or with anything of which this module cannot tell that it is the same.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import platformdirs
from ibis.common.graph import Node
from ibis.expr.datatypes import DataType

from auditlib.base.owners import keep_newest, replace_private, shut_folder
from auditlib.base.program import program_digest

PLAIN = (str, int, float, Decimal, dt.date, dt.time, enum.Enum, DataType, ibis.Schema, type(None))
A_NUMBER = re.compile(r"[0-9]{12}")
"""A literal that may be a person's number, or a part of one."""
MOST = 2000  # statements; those that were met longest ago go first
MOST_PROGRAMS = 3  # the newest stay


class NotTold(Exception):
    """A part of an expression of which nothing here can tell that it is the same in another run, or which must not be kept."""


class Statements:
    """The statements of one program in ``file``; what is new is there for the next run once :meth:`save` was called."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.by_structure = _read(file)
        self.in_use: dict[str, str] = {}
        self.has_news = False

    def statement(self, operation: ops.Node, compile_node: Callable[[ops.Node], str]) -> str:
        """The SQL of ``operation``: as kept, else as ``compile_node`` gives it."""
        try:
            digest = structure(operation)
        except NotTold:
            return compile_node(operation)
        if digest not in self.by_structure:
            self.by_structure[digest] = compile_node(operation)
            self.has_news = True
        self.in_use[digest] = self.by_structure[digest]
        return self.by_structure[digest]

    def save(self) -> None:
        """Keeps what is new for the next run; where the cache cannot be written the next run compiles again."""
        if not self.has_news:
            return
        others = {digest: sql for digest, sql in self.by_structure.items() if digest not in self.in_use}
        newest_last = dict([*others.items(), *self.in_use.items()][-MOST:])
        with suppress(OSError):
            folder = shut_folder(self.file.parent)
            replace_private(self.file, json.dumps(newest_last, ensure_ascii=False).encode())
            self.has_news = False
            keep_newest(folder, "*.json", MOST_PROGRAMS)


def statements() -> Statements:
    """Those of this program, in the user's cache."""
    folder = Path(platformdirs.user_cache_dir("auditlib")) / "statements"
    return Statements(folder / f"{program_digest()}.json")


def structure(operation: ops.Node) -> str:
    """A digest of ``operation`` and of all below it, the same in every process. Raises NotTold."""
    digests: dict[Node, str] = {}
    for node in _from_below(operation):
        text = (
            f"{type(node).__qualname__}({','.join(_argument(value, digests) for value in _arguments(node))})"
        )
        digests[node] = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return digests[operation]


def _from_below(operation: ops.Node) -> Iterator[Node]:
    """Every node once, after all that it is made of."""
    waiting: list[tuple[Node, bool]] = [(operation, False)]
    visited_nodes: set[Node] = set()
    while waiting:
        node, is_ready = waiting.pop()
        if node in visited_nodes:
            continue
        if is_ready:
            visited_nodes.add(node)
            yield node
        else:
            waiting.append((node, True))
            waiting.extend((child, False) for child in node.__children__)


def _arguments(node: Node) -> tuple[Any, ...]:
    if not type(node).__module__.startswith("ibis."):  # a function of ours says by its class what it is
        raise NotTold
    if isinstance(node, ops.DatabaseTable):
        return (node.name, node.schema)  # the connection behind it is no part of the statement
    return tuple(node.__args__)


def _argument(value: Any, digests: Mapping[Node, str]) -> str:
    if isinstance(value, Node):
        return digests[value]
    if isinstance(value, tuple | list):
        return f"({','.join(_argument(part, digests) for part in value)})"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(_argument(part, digests) for part in value))}}}"
    if isinstance(value, Mapping) and not isinstance(value, ibis.Schema):
        return f"{{{','.join(f'{name!r}:{_argument(part, digests)}' for name, part in value.items())}}}"
    if not isinstance(value, PLAIN) or (isinstance(value, str) and A_NUMBER.search(value)):
        raise NotTold
    text = f"{list(value.items())}" if isinstance(value, ibis.Schema) else f"{value!r}"
    return f"{type(value).__name__}:{len(text)}:{text}"


def _read(file: Path) -> dict[str, str]:
    """The statements of ``file``; none where it is not there or not whole."""
    with suppress(OSError, ValueError, AttributeError):
        return {str(digest): str(sql) for digest, sql in json.loads(file.read_bytes()).items()}
    return {}
