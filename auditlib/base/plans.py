"""Plans: what the expressions of a step come to as SQL, kept from run to run.

Building and compiling expressions takes a county longer than the engine takes to answer them, and a run with the same
parameters asks the same. So the SQL of each kept table, with its types, is kept in the user's cache, under a *ground*: a
digest of all that it can depend on. That is the program (every byte of its code), the versions of the libraries that
compile, the shipped and own lists of spellings, and whatever the step names: parameters, the columns of the tables
it starts from. Another ground is another file, so a stale plan is never met. What a step looks up in its choices while it
builds (:mod:`auditlib.base.lookups`) is kept beside each plan instead: the plan holds where all of it would be the same, whatever
else has changed. No plan depends on a row: a step whose expressions do so keeps its tables by
:meth:`auditlib.base.engine.Engine.keep`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import platformdirs
from ibis.common.exceptions import IbisError

from auditlib.base import places
from auditlib.base.engine import Engine, Step, Work, compile_sql
from auditlib.base.lookups import Lookups
from auditlib.base.owners import keep_newest, replace_private, shut_folder
from auditlib.base.program import program_digest

MOST_FILES = 120  # some twenty a county and choice of parameters; the newest stay
MOST_CHOICES = 6  # plans of one table, for choices that differ; the newest stay


def _lists() -> list[str]:
    """Digests of the lists of spellings that count here."""
    files = [places.headers(), *(places.code_list(file.stem) for file in sorted(places.CODES.glob("*.csv")))]
    return [f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]


def definitions(tables: Iterable[ir.Table]) -> list[tuple[str, str]]:
    """What tables or expressions are, and their columns, for a ground."""
    return [(compile_sql(table), str(table.schema())) for table in tables]


def tables_there(engine: Engine) -> list[tuple[str, str]]:
    """The tables that ``engine`` has, and their columns, for the ground of a step that looks for them by name."""
    return sorted((name, str(table.schema())) for name, table in engine.tables.items())


@dataclass(frozen=True)
class Plan:
    """The ``steps`` to a table; ``record``: what was looked up while they were built."""

    record: Mapping[str, str]
    steps: list[Step]


class Plans:
    """The plans of one step on one ``engine``. ``ground``: all that its expressions are made of, each with a full ``repr``;
    ``lookups``: what they are made of besides, as far as each asks for it."""

    def __init__(self, engine: Engine, step: str, *ground: Any, lookups: Lookups | None = None) -> None:
        ground_text = repr((program_digest(), _lists(), step, ground))
        self.engine, self.digest = engine, hashlib.sha256(ground_text.encode()).hexdigest()
        self.file = Path(platformdirs.user_cache_dir("auditlib")) / "plans" / f"{self.digest}.json"
        self.lookups = lookups or Lookups()
        self.plans: dict[str, list[Plan]] = _read(self.file)
        self.has_news = False

    def keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """As :meth:`auditlib.base.engine.Engine.keep`, of an expression that is built only where there is no plan of it.

        What ``build`` keeps or works out on the way is part of the plan, and there too. Raises ValueError where it loads or
        drops a table: no text of a later run would do that.
        """
        return self.engine.take(self._last_step(name, build))

    def fetch(self, name: str, build: Callable[[], ir.Table]) -> pd.DataFrame:
        """As :meth:`auditlib.base.engine.Engine.fetch`, likewise."""
        return self.engine.answer(self._last_step(name, build))

    def _last_step(self, name: str, build: Callable[[], ir.Table]) -> Step:
        """The step to what ``build`` gives; those on the way to it are taken."""
        plans = self.plans.get(name, [])
        for plan in plans:
            if self.lookups.would_be_same(plan.record):
                for step in plan.steps[:-1]:
                    self.engine.take(step)
                return plan.steps[-1]
        steps_before = len(self.engine.steps)
        with self.lookups.written_down() as record:
            last = self.engine.step(name, build())
        steps = [step for step in self.engine.steps[steps_before:] if step]
        if len(steps) < len(self.engine.steps) - steps_before:
            raise ValueError(f"{name}: a plan neither loads nor drops a table")
        self.plans[name] = [Plan(record, [*steps, last]), *plans][:MOST_CHOICES]
        self.has_news = True
        return last

    def keep_anew(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """As :meth:`keep`, of an expression that the ground does not tell all of."""
        return self.engine.keep(name, build())

    def save(self) -> None:
        """Keeps what is new for the next run. Where the cache cannot be written the next run builds again."""
        if not self.has_news:
            return
        with suppress(OSError):
            folder = shut_folder(self.file.parent)
            texts = {
                name: [[plan.record, [_text(step) for step in plan.steps]] for plan in plans]
                for name, plans in self.plans.items()
            }
            replace_private(self.file, json.dumps(texts, ensure_ascii=False).encode())
            keep_newest(folder, "*.json", MOST_FILES)


def _text(step: Step) -> list[Any]:
    """``step`` as JSON; ``work`` as the place of its function."""
    columns = {column: str(kind) for column, kind in step.schema.items()}
    place = f"{step.work.__module__}:{step.work.__name__}" if step.work else ""
    return [step.name, columns, step.query, place]


def _step(name: str, columns: dict[str, str], query: str, place: str) -> Step:
    return Step(str(name), ibis.schema(columns), str(query), _work(place) if place else None)


def _work(place: str) -> Work:
    module, _colon, name = place.partition(":")
    if not module.startswith("auditlib."):
        raise ValueError(place)
    work: Work = getattr(import_module(module), name)
    return work


def _plan(record: dict[str, str], steps: list[list[Any]]) -> Plan:
    if not steps:
        raise ValueError("a plan without a step")
    return Plan({str(path): str(digest) for path, digest in record.items()}, [_step(*step) for step in steps])


def _read(file: Path) -> dict[str, list[Plan]]:
    """The plans of ``file``; none where it is not there or not whole."""
    with suppress(OSError, ValueError, TypeError, AttributeError, ImportError, IbisError):
        return {
            str(name): [_plan(*plan) for plan in plans]
            for name, plans in json.loads(file.read_bytes()).items()
        }
    return {}
