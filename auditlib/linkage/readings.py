"""Rows with the person that a reading, a doubt or the model gives them, where no key decided."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import yes
from auditlib.linkage.model.names_and_numbers import SCORES


def with_readings(rows: ir.Table, readings: ir.Table) -> ir.Table:
    """Rows read as the pupil whom they name take that person, with how often such a reading was right."""
    pupil_readings = readings.select("table", "source", "candidate_id", "enrolled", read_as="decided_by")
    with_reading = rows.left_join(pupil_readings, ["table", "source"], rname="{name}_read").drop(
        "table_read", "source_read"
    )
    score = with_reading["score"] if "score" in rows.columns else ibis.null("float64")
    return with_reading.mutate(
        person_id=_.candidate_id.coalesce(_.person_id),
        decided_by=_.read_as.coalesce(_.decided_by),
        in_register=_.enrolled.coalesce(_.in_register),
        score=_.read_as.cases(*sorted(SCORES.items()), else_=score),
    ).drop("candidate_id", "enrolled", "read_as")


def with_doubts(rows: ir.Table, doubts: ir.Table) -> ir.Table:
    """Rows under one pupil's number and another child's name: with ``score``, or nobody's where either may be meant."""
    with_doubt = rows.left_join(doubts, ["table", "source"], rname="{name}_doubt").drop(
        "table_doubt", "source_doubt"
    )
    either = yes(_.either)
    return with_doubt.mutate(
        person_id=ibis.ifelse(either, "U:" + (_.table + ":" + _.source).hexdigest("sha256"), _.person_id),
        decided_by=ibis.ifelse(either, "none", _.decided_by),
        in_register=_.in_register & ~either,
        score=_.score.coalesce(_.contested),
    ).drop("contested", "either")


def with_model_links(others: ir.Table, links: ir.Table) -> ir.Table:
    """Rows that the model or a reviewer knows take the pupil's person."""
    model_links = links.select("table", "source", "candidate_id", model_score="score", linked_by="decided_by")
    with_link = others.left_join(model_links, ["table", "source"], rname="{name}_told").drop(
        "table_told", "source_told"
    )
    return with_link.mutate(
        person_id=_.candidate_id.coalesce(_.person_id),
        decided_by=_.linked_by.coalesce(_.decided_by),
        in_register=_.in_register | _.candidate_id.notnull(),
        score=_.model_score.coalesce(_.score),
    ).drop("candidate_id", "model_score", "linked_by")
