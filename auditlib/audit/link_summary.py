"""What the model did in a run, as a value for the report: which model, which rows, how many to review."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit, both_records
from auditlib.base.engine import Engine
from auditlib.linkage.exact import Linked
from auditlib.linkage.model.explain import falls
from auditlib.linkage.model.trained import read_model

BOTH_SIDES = (
    "table", "source", "name", "id_number", "register_source", "register_name", "register_number", "levels", "score",
    "decided_by",
)  # fmt: skip


def link_summary(engine: Engine, audit: Audit) -> dict[str, Any]:
    """``model``, ``trained_on``, ``reliability``; ``review_rows`` and ``review_pairs`` to be judged.

    ``linked``: a frame of the rows that are a pupil by the model or a person's word, ``review``: of the pairs to be
    judged: ``table, source, name, id_number, register_source, register_name, register_number, levels, score,
    decided_by``. ``examples``: one of each as a dict, with its ``steps``. Not masked.
    """
    model = read_model()
    assert audit.linked is not None and audit.linked.links is not None, "the rows were not linked in this run"
    linked = _both_sides(engine, audit, audit.linked.links)
    waiting = audit.open_pairs.filter(_.review, ~_.has_judgement).mutate(decided_by=ibis.literal(""))
    review = _both_sides(engine, audit, waiting)
    return {
        "model": model.fingerprint,
        "trained_on": dict(model.trained_on),
        "reliability": [dict(part) for part in model.reliability],
        "review_rows": len(review[["table", "source"]].drop_duplicates()),
        "review_pairs": len(review),
        "linked": linked,
        "review": review,
        "examples": _examples(engine, audit.linked, linked[linked["decided_by"] == "model"], review),
    }


def _both_sides(engine: Engine, audit: Audit, pairs: ir.Table) -> pd.DataFrame:
    """Both records of every pair, the least sure first."""
    frame = engine.fetch(both_records(audit, pairs).select(*BOTH_SIDES))
    return frame.sort_values(["score", "table", "source", "register_source"], ignore_index=True)


def _examples(engine: Engine, linked: Linked, *frames: pd.DataFrame) -> list[dict[str, Any]]:
    """The least sure of each frame that has any, and how its weights add up."""
    examples = [frame.iloc[0].to_dict() for frame in frames if len(frame)]
    return [pair | {"steps": _steps(engine, linked, pair)} for pair in examples]


def _steps(engine: Engine, linked: Linked, pair: dict[str, Any]) -> list[Any]:
    shares = linked.register_shares if pair["table"] == "enrolment" else linked.shares
    assert shares is not None, "a pair that nobody compared"
    # Asked of the connection itself: what names rows of the files is no statement to be kept.
    scored_rows = engine.connection.to_pandas(
        shares.filter(_.source == pair["source"], _.register_source == pair["register_source"])
    )
    model = read_model()
    weights = model.register if pair["table"] == "enrolment" and model.register else model
    return falls(scored_rows.iloc[0].to_dict(), weights)
