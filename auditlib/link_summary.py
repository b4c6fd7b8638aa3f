"""What the model did in a run, as a value for the report: which model, which rows, how many to review."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.engine import Engine
from auditlib.linkage import LINKED_TABLES
from auditlib.matching.explain import falls
from auditlib.matching.model import read_model
from auditlib.registers import Audit

TABLES = ("enrolment", *LINKED_TABLES)
SHARES = {"enrolment": "register_shares"}  # of the others: linkage_shares


def link_summary(engine: Engine, audit: Audit) -> dict[str, Any]:
    """``model``, ``trained_on``, ``reliability``; ``review_rows`` and ``review_pairs`` to be judged.

    ``linked``: a frame of the rows that are a pupil by the model or a person's word, ``review``: of the pairs to be
    judged: ``table, source, name, id_number, register_source, register_name, register_number, levels, score,
    decided_by``. ``examples``: one of each as a dict, with its ``steps``. Not masked.
    """
    model = read_model()
    linked = _both_sides(engine, audit, engine.connection.table("links_told"))
    waiting = audit.open_pairs.filter(_.review, ~_.settled).mutate(decided_by=ibis.literal(""))
    review = _both_sides(engine, audit, waiting)
    return {
        "model": model.fingerprint,
        "trained_on": dict(model.trained_on),
        "reliability": [dict(part) for part in model.reliability],
        "review_rows": len(review[["table", "source"]].drop_duplicates()),
        "review_pairs": len(review),
        "linked": linked,
        "review": review,
        "examples": _examples(engine, linked[linked["decided_by"] == "model"], review),
    }


def _both_sides(engine: Engine, audit: Audit, pairs: ir.Table) -> pd.DataFrame:
    """Both records of every pair, the least sure first."""
    register = audit.rows["enrolment"].select(
        register_source=_.source, register_name=_.name, register_number=_.id_number
    )
    known = pairs.left_join(register, "register_source", rname="{name}_of_register")
    parts = [
        engine.fetch(
            known.filter(_.table == name)
            .inner_join(audit.rows[name].select("source", "name", "id_number"), "source", rname="{name}_of_row")
            .select("table", "source", "name", "id_number", "register_source", "register_name", "register_number", "levels", "score", "decided_by")
        )
        for name in TABLES
    ]  # fmt: skip
    order = ["score", "table", "source", "register_source"]
    return pd.concat(parts, ignore_index=True).sort_values(order, ignore_index=True)


def _examples(engine: Engine, *frames: pd.DataFrame) -> list[dict[str, Any]]:
    """The least sure of each frame that has any, and how its weights add up."""
    examples = [frame.iloc[0].to_dict() for frame in frames if len(frame)]
    return [pair | {"steps": _steps(engine, pair)} for pair in examples]


def _steps(engine: Engine, pair: dict[str, Any]) -> list[Any]:
    shares = engine.connection.table(SHARES.get(pair["table"], "linkage_shares"))
    scored = engine.fetch(
        shares.filter(_.source == pair["source"], _.register_source == pair["register_source"])
    )
    model = read_model()
    weights = model.register if pair["table"] == "enrolment" and model.register else model
    return falls(scored.iloc[0].to_dict(), weights)
