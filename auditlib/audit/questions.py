"""What is asked of an audit's tables, with the SQL of each question kept from run to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.lookups import Lookups
from auditlib.base.plans import Plans, definitions


@dataclass(frozen=True)
class Questions:
    """``plans`` of one step, and the ``audit`` as whoever builds them may see it: what is looked up in its choices is written
    down, so that a plan holds wherever all of that is the same."""

    plans: Plans
    audit: Audit

    def keep(self, name: str, build: Callable[[Audit], ir.Table]) -> ir.Table:
        """What ``build`` makes of the audit, as table ``name``; built only where there is no plan of it."""
        return self.plans.keep(name, lambda: build(self.audit))

    def fetch(self, name: str, build: Callable[[Audit], ir.Table]) -> pd.DataFrame:
        """Likewise as a frame."""
        return self.plans.fetch(name, lambda: build(self.audit))


def questions_of(engine: Engine, audit: Audit, step: str, *ground: Any) -> Questions:
    """Those of ``step``, over the tables of ``audit``; ``ground``: what its expressions are made of besides, with a full ``repr``."""
    lookups = Lookups(
        parameters=audit.parameters,
        policy=audit.policy,
        columns_found=audit.columns_found,
        sheets_lacking=audit.sheets_lacking,
    )
    plans = Plans(engine, step, definitions(_tables(audit)), [*audit.rows], *ground, lookups=lookups)
    return Questions(plans, replace(audit, **{name: lookups.watched(name) for name in lookups.choices}))


def ask(engine: Engine, audit: Audit, name: str, build: Callable[[Audit], ir.Table]) -> pd.DataFrame:
    """The answer to one question that is a step of its own."""
    questions = questions_of(engine, audit, name)
    frame = questions.fetch(name, build)
    questions.plans.save()
    return frame


def _tables(audit: Audit) -> Iterator[ir.Table]:
    """Every table that a question may build upon."""
    for part in (getattr(audit, one.name) for one in fields(audit)):
        if isinstance(part, ir.Table):
            yield part
    yield from audit.rows.values()
