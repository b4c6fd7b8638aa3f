"""Pairs of leftovers and pupils, scored by Splink."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.linkage.model.comparisons import COMPARISONS, FREQUENCIES
from auditlib.linkage.model.trained import Model, settings

LEVELS = tuple(f"gamma_{comparison.name}" for comparison in COMPARISONS)


@contextmanager
def linked(
    engine: Engine, unknown: str, register: str, rules: dict[str, Any], *, weighted: bool
) -> Iterator[tuple[Any, Any, Any]]:
    """A Splink linker on two kept tables, and the tables as it knows them; what it keeps is dropped afterwards."""
    from splink import DuckDBAPI, Linker  # imports a second's worth: only where there is a leftover

    api = DuckDBAPI(engine.connection.con)
    sides = api.register(unknown, table_name="unknown"), api.register(register, table_name="register")
    linker = Linker(list(sides), rules, log_level=logging.WARNING, validate_settings=False)
    for column in FREQUENCIES if weighted else ():
        table = api.register(f"{register}_{column}", table_name=f"frequency_{column}")
        linker.table_management.register_term_frequency_lookup(table, column)
    try:
        yield linker, *sides
    finally:
        engine.settle()  # what is kept of the pairs is read before they go
        api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]  # Splink annotates it not


def with_frequencies(engine: Engine, register: ir.Table, name: str) -> None:
    """Tables ``<name>_<column>``: the share of the register's records that have each value."""
    record_count = register.count().as_scalar().cast("float64")
    for column in FREQUENCIES:
        counted = register.filter(register[column].notnull()).group_by(column).agg(pupils=_.count())
        share = counted.mutate(**{f"tf_{column}": _.pupils.cast("float64") / record_count})
        engine.keep(f"{name}_{column}", share.drop("pupils"))


def scored(
    engine: Engine, model: Model, unknown: str, register: str, blocking: tuple[str, ...] | None = None
) -> ir.Table:
    """Every blocked pair: ``record_l, record_r, match_weight``, its levels and what each weighs; ``blocking`` instead of the
    usual rules."""
    rules = settings(model.weights, blocking)
    with linked(engine, unknown, register, rules, weighted=True) as (linker, unknown_side, register_side):
        predictions = linker.inference.predict_between(unknown_side, register_side, warning_mode="never")
        pairs = engine.connection.table(predictions.physical_name)
        columns = [
            c for c in pairs.columns if c.startswith(("gamma_", "mw_")) or c in ("match_weight", "match_key")
        ]
        return engine.keep(f"scored_{unknown}", pairs.select("record_l", "record_r", *columns))


def level_vectors(engine: Engine, unknown: str, register: str, rules: tuple[str, ...]) -> ir.Table:
    """The levels that each pair of ``rules`` reaches, without weights: for training."""
    with linked(engine, unknown, register, settings(None, rules), weighted=False) as (
        linker,
        unknown_side,
        register_side,
    ):
        predictions = linker.inference.predict_between(unknown_side, register_side, warning_mode="never")
        pairs = engine.connection.table(predictions.physical_name)
        return engine.keep("level_vectors", pairs.select("record_l", "record_r", *LEVELS))
