"""What the model did in a run, as a value for the report: which model, which rows, how many to review."""

from __future__ import annotations

from typing import Any

from ibis import _

from auditlib.engine import Engine
from auditlib.linkage import LINKED_TABLES
from auditlib.matching.model import read_model
from auditlib.registers import Audit


def link_summary(engine: Engine, audit: Audit) -> dict[str, Any]:
    """``model``, ``trained_on``, ``reliability``; ``review_rows`` and ``review_pairs`` to be judged; ``linked``.

    ``linked``: a frame of the rows that are a pupil by the model or a person's word: ``table, source, name,
    id_number, register_name, register_number, levels, score, decided_by``. Not masked.
    """
    model = read_model()
    open_ = engine.fetch(audit.open_pairs.filter(_.review, ~_.settled).select("table", "source"))
    return {
        "model": model.fingerprint,
        "trained_on": dict(model.trained_on),
        "reliability": [dict(part) for part in model.reliability],
        "review_rows": len(open_.drop_duplicates()),
        "review_pairs": len(open_),
        "linked": _linked(engine, audit),
    }


def _linked(engine: Engine, audit: Audit) -> Any:
    """Both records of every such link, the least sure first."""
    import pandas as pd

    links = engine.connection.table("model_links")
    register = audit.pupils.select(
        candidate_id=_.person_id, register_name=_.name, register_number=_.id_number
    )
    known = links.left_join(register, "candidate_id", rname="{name}_of_register")
    parts = [
        engine.fetch(
            known.filter(_.table == name)
            .inner_join(audit.rows[name].select("source", "name", "id_number"), "source", rname="{name}_of_row")
            .select("table", "source", "name", "id_number", "register_name", "register_number", "levels", "score", decided_by=_.decided_by)
        )
        for name in LINKED_TABLES
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True).sort_values(["score", "table", "source"], ignore_index=True)
