"""Pairs of leftovers and pupils, scored with the model's weights as Splink adds them up; for training, Splink itself.

The pairs are many and say little each: they are found by narrow columns, scored a share of the leftovers at a time, and
of each no more is kept than its weight and its levels. What every comparison weighs is worked out for the few that are
shown.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.linkage.model.comparisons import BLOCKING, COMPARISONS, FIELDS, FREQUENCIES, Comparison, Level
from auditlib.linkage.model.trained import PAIR_PRIOR, Model, Weights, blocking_sql, settings

LEVELS = tuple(f"gamma_{comparison.name}" for comparison in COMPARISONS)
BY_FREQUENCY = tuple(c.name for c in COMPARISONS if any(level.frequency for level in c.levels))
PARTS = tuple(
    part
    for c in COMPARISONS
    for part in (f"mw_{c.name}", *((f"mw_tf_adj_{c.name}",) if c.name in BY_FREQUENCY else ()))
)
PAIR = {"record_l": "string", "record_r": "string"}
PAIR_TYPES = {"at_l": "int64", "record_r": "string"}  # at_l: the row of the leftover
SCORE_TYPES = PAIR | {"match_weight": "float64"} | dict.fromkeys(LEVELS, "int8")
EXPLANATION_TYPES = PAIR | dict.fromkeys(LEVELS, "int8") | dict.fromkeys(PARTS, "float64")
AT_ONCE = 400_000  # pairs scored in one statement: beside a pair stand some sixty columns


def with_frequencies(engine: Engine, register: ir.Table, name: str) -> None:
    """Tables ``<name>_<column>``: the share of the register's records that have each value."""
    record_count = register.count().as_scalar().cast("float64")
    for column in FREQUENCIES:
        counted_rows = register.filter(register[column].notnull()).group_by(column).agg(pupils=_.count())
        share = counted_rows.mutate(**{f"tf_{column}": _.pupils.cast("float64") / record_count})
        engine.keep(f"{name}_{column}", share.drop("pupils"))


def scored(
    engine: Engine, model: Model, unknown: str, register: str, rules: Sequence[str] = blocking_sql(BLOCKING)
) -> ir.Table:
    """Every pair of kept tables ``unknown`` and ``register`` that a rule of ``rules`` finds: SCORED."""
    ways = [
        f'SELECT l.rowid AS at_l, r.record AS record_r FROM "{unknown}" AS l JOIN "{register}" AS r ON {rule}'
        for rule in rules
    ]
    every = f"SELECT DISTINCT at_l, record_r FROM ({' UNION ALL '.join(ways)})"
    engine.keep_sql(f"pairs_{unknown}", [every], PAIR_TYPES)
    return scored_pairs(engine, model, unknown, register, register)


def scored_pairs(
    engine: Engine, model: Model, unknown: str, register: str, population: str, name: str = ""
) -> ir.Table:
    """The kept pairs of ``unknown`` and ``register`` (``pairs_<name>``: PAIRED) as ``scored_<name>``: SCORED.

    ``population``: whose frequencies count; ``name``: ``unknown``, where none is given.
    """
    pairs = f"pairs_{name or unknown}"
    shares = -(-int(engine.fetch(engine.tables[pairs].count())) // AT_ONCE) or 1
    parts = [f'SELECT at_l, record_r FROM "{pairs}" WHERE at_l % {shares} = {part}' for part in range(shares)]
    queries = [_scoring(model.weights, unknown, register, part, population) for part in parts]
    return engine.keep_sql(f"scored_{name or unknown}", queries, SCORE_TYPES)


def explained_rows(
    engine: Engine, model: Model, unknown: str, register: str, pairs: str, population: str = ""
) -> ir.Table:
    """What each comparison says and weighs of those scored pairs that stand in kept table ``pairs``: EXPLAINED."""
    counted_rows = population or register
    levels = (
        f'SELECT s.*, {_term_frequencies("l")}, {_term_frequencies("r")} FROM "{pairs}" AS p '
        f'JOIN "scored_{unknown}" AS s ON s.record_l = p.record_l AND s.record_r = p.record_r '
        f'JOIN "{unknown}" AS l ON l.record = s.record_l JOIN "{register}" AS r ON r.record = s.record_r '
        f"{_frequencies('l', counted_rows)} {_frequencies('r', counted_rows)}"
    )
    query = (
        f"SELECT {', '.join(EXPLANATION_TYPES)} FROM (SELECT *, {_weights(model.weights)} FROM ({levels}))"
    )
    return engine.keep_sql(f"{pairs}_explained", [query], EXPLANATION_TYPES)


def _scoring(weights: Weights, unknown: str, register: str, pairs: str, population: str) -> str:
    """SCORED of ``pairs`` (PAIRED) of ``unknown`` and ``register``."""
    fields = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in ("record", *FIELDS))
    ours = f'SELECT l.rowid AS at, l.*, {_term_frequencies("l")} FROM "{unknown}" AS l {_frequencies("l", population)}'
    sides = (
        f"SELECT {fields}, {', '.join(f'l.tf_{name}_l' for name in FREQUENCIES)}, {_term_frequencies('r')} FROM ({pairs}) AS p "
        f'JOIN "{register}" AS r ON r.record = p.record_r JOIN ({ours}) AS l ON l.at = p.at_l {_frequencies("r", population)}'
    )
    levels = ", ".join(f"{_level_of(c)} AS gamma_{c.name}" for c in COMPARISONS)
    weighed_levels = f"SELECT *, {_weights(weights)} FROM (SELECT *, {levels} FROM ({sides}))"
    prior = math.log2(PAIR_PRIOR / (1 - PAIR_PRIOR))
    match_weight = " + ".join((f"cast({prior} as float8)", *PARTS))
    return f"SELECT {', '.join(SCORE_TYPES)} FROM (SELECT *, {match_weight} AS match_weight FROM ({weighed_levels}))"


def _weights(weights: Weights) -> str:
    return ", ".join(part for c in COMPARISONS for part in _parts(c, weights[c.name]))


def _term_frequencies(side: str) -> str:
    return ", ".join(f"f{side}_{name}.tf_{name} AS tf_{name}_{side}" for name in FREQUENCIES)


def _frequencies(side: str, population: str) -> str:
    return " ".join(
        f'LEFT JOIN "{population}_{name}" AS f{side}_{name} ON {side}.{name} = f{side}_{name}.{name}'
        for name in FREQUENCIES
    )


def _level_of(comparison: Comparison) -> str:
    """Levels are counted from the last, *missing* as -1, as Splink does."""
    missing, *others, _else = comparison.levels
    ways = [
        f"WHEN {level.condition} THEN {len(others) - at}" for at, level in enumerate(others)
    ]  # the last says 0
    return f"CASE WHEN {missing.condition} THEN -1 {' '.join(ways)} ELSE 0 END"


def _parts(comparison: Comparison, weights: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What the level weighs, and where it has a frequency how much more or less a rarer or commoner value does."""
    places = [(len(comparison.levels) - 2 - at, level) for at, level in enumerate(comparison.levels[1:])]
    level_weights = " ".join(
        f"WHEN {place} THEN cast({math.log2(weights[level.name]['m'] / weights[level.name]['u'])} as float8)"
        for place, level in places
    )
    plain = f"CASE gamma_{comparison.name} {level_weights} ELSE cast(0 as float8) END AS mw_{comparison.name}"
    if comparison.name not in BY_FREQUENCY:
        return [plain]
    rarer = " ".join(
        f"WHEN {place} THEN {_rarity(level, weights[level.name]['u'])}"
        for place, level in places
        if level.frequency
    )
    adjustment = f"CASE gamma_{comparison.name} {rarer} ELSE cast(0 as float8) END"
    return [plain, f"{adjustment} AS mw_tf_adj_{comparison.name}"]


def _rarity(level: Level, share: float) -> str:
    ours, theirs = f"tf_{level.frequency}_l", f"tf_{level.frequency}_r"
    commoner = f"greatest(coalesce({ours}, {theirs}), coalesce({theirs}, {ours}))"
    return f"coalesce(cast({math.log2(share)} as float8) - log2({commoner}), cast(0 as float8))"


@contextmanager
def linked(
    engine: Engine, unknown: str, register: str, rules: dict[str, Any]
) -> Iterator[tuple[Any, Any, Any]]:
    """A Splink linker on two kept tables, and the tables as it knows them; what it keeps is dropped afterwards."""
    from splink import DuckDBAPI, Linker  # imports a second's worth: only for training

    api = DuckDBAPI(engine.connection.con)
    sides = api.register(unknown, table_name="unknown"), api.register(register, table_name="register")
    linker = Linker(list(sides), rules, log_level=logging.WARNING, validate_settings=False)
    try:
        yield linker, *sides
    finally:
        engine.wait_for_tables()  # what is kept of the pairs is read before they go
        api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]  # Splink annotates it not


def level_vectors(engine: Engine, unknown: str, register: str, rules: tuple[str, ...]) -> ir.Table:
    """The levels that each pair of ``rules`` reaches, without weights: for training."""
    with linked(engine, unknown, register, settings(None, rules)) as (linker, unknown_side, register_side):
        predictions = linker.inference.predict_between(unknown_side, register_side, warning_mode="never")
        pairs = engine.connection.table(predictions.physical_name)
        return engine.keep("level_vectors", pairs.select("record_l", "record_r", *LEVELS))
