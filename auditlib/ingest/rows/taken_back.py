"""Rows that take back what another row or list counts as paid (冲正; a bank's list of what came back): reversals, below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.rows.foreign import is_code
from auditlib.ingest.rows.list_sums import figure

REVERSED, PAID = "taken_back", "success"


def with_reversals(task: Task, layout: Layout, cells: CellsByColumn) -> tuple[Task, CellsByColumn]:
    """``cells`` with the amounts of such rows below zero, and ``task`` without the constant that says so of all of them."""
    if task.table.name != "payments" or "amount" not in cells:
        return task, cells
    means = is_code(task, layout, "result", REVERSED)
    amounts = cells["amount"]
    if means(task.constants.get("result")):
        task = replace(task, constants={**task.constants, "result": PAID})
        return task, {**cells, "amount": [_below_zero(amount) for amount in amounts]}
    results: Sequence[str | None] = cells.get("result", ())
    takes_back = {cell for cell in {*results} if means(cell)}
    if not takes_back:
        return task, cells
    pairs = [*zip(amounts, results, strict=True)]
    return task, {
        **cells,
        "amount": [_below_zero(amount) if result in takes_back else amount for amount, result in pairs],
        "result": [PAID if result in takes_back else result for result in results],
    }


def _below_zero(cell: str | None) -> str | None:
    amount = figure(cell)
    return cell if amount is None else str(-abs(amount))
