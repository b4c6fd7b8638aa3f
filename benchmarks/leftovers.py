"""What the model costs on the leftovers of a large county: ``python benchmarks/leftovers.py [pupils] [leftovers]``.

The registers of ``million.py``, with so many payments that tell no number; each has as many namesakes as the pupils share
names. Prints what the keys cost and what the model adds, each in a process of its own, and what became of the leftovers.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from million import Run, Watch, alone, engine_and_tables, make, peak

if TYPE_CHECKING:
    from auditlib.base.engine import Engine


def without_numbers(folder: Path, leftovers: int) -> None:
    """The first ``leftovers`` payments lose their numbers, and whatever else was told by them."""
    import duckdb

    file = folder / "payments.parquet"
    payments = duckdb.connect().sql(f"from '{file}'").to_arrow_table()  # read before it is written
    connection = duckdb.connect()
    connection.register("payments", payments)
    bare = ", ".join(
        f"if(place <= {leftovers}, null, {column}) as {column}"
        for column in ("id_number", "id18", "id_birth")
    )
    numbered_rows = "select *, row_number() over () as place from payments"
    connection.execute(f"copy (select * exclude (place) replace ({bare}) from ({numbered_rows})) to '{file}'")


def keys(folder: Path) -> Run:
    """The exact keys alone."""
    from auditlib.linkage.exact import others_by_keys, register_by_keys

    engine, tables = engine_and_tables(folder, "")
    watch = Watch()
    _schools, rows, anchors = register_by_keys(engine, tables)
    others_by_keys(engine, rows, anchors)
    engine.wait_for_tables()
    return Run(watch.spent(), {}, peak(), {})


def keys_and_model(folder: Path) -> Run:
    """The whole linkage."""
    from auditlib.linkage.exact import link

    engine, tables = engine_and_tables(folder, "")
    watch = Watch()
    link(engine, tables)
    engine.wait_for_tables()
    return Run(watch.spent(), counts(engine), peak(), {})


def counts(engine: Engine) -> dict[str, int]:
    """Rows of the tables that say how much there was to do."""
    table_of: dict[str, Any] = {
        "leftovers": "leftovers",
        "pairs scored": "scored_unknown_records",
        "candidates": "linkage_candidates",
        "linked": "model_links",
        "pairs left open": "pairs_left_open",
        "doubtful records of the register": "doubtful_records",
    }
    return {
        title: int(engine.fetch(engine.connection.table(name).count())) for title, name in table_of.items()
    }


def main(pupils: int, leftovers: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone(make, folder, pupils)
        alone(without_numbers, folder, leftovers)
        before, after = alone(keys, folder), alone(keys_and_model, folder)
    print(f"{'':16}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}")
    for title, run in {"keys": before, "keys and model": after}.items():
        print(f"{title:16}{run.spent.processor:>9.2f}{run.spent.wall:>9.2f}{run.peak:>9.0f}")
    model = after.spent.processor - before.spent.processor
    print(f"{'model':16}{model:>9.2f}{'':9}{after.peak - before.peak:>9.0f}")
    print("  ".join(f"{title}: {count}" for title, count in after.exceptions.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pupils", nargs="?", type=int, default=1_000_000)
    parser.add_argument("leftovers", nargs="?", type=int, default=10_000)
    arguments = parser.parse_args()
    main(arguments.pupils, arguments.leftovers)
