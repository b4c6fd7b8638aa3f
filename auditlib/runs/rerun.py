"""A run's audit once more from its stored tables, nothing read or matched again: with other parameters, law, limits."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, assemble
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import Policy
from auditlib.linkage.exact import Linked
from auditlib.linkage.ledgers import NAMED_TABLES
from auditlib.linkage.model.match import Limits, matches_at
from auditlib.linkage.model.names_and_numbers import BY_NAME
from auditlib.linkage.readings import with_model_links
from auditlib.runs.run_tables import OF_PERSON, RunTables
from auditlib.tables.delivered import TABLES

IDENTITY = (
    "source",
    "person_id",
    "decided_by",
    "in_register",
    "school_id",
    "name",
    "id_number",
    "id18",
    "score",
)
BY_MODEL = ("model", "review")


@dataclass(frozen=True)
class Stored:
    """What a run's tables hold, in an engine of their own: standardised tables and who each row is."""

    engine: Engine
    tables: dict[str, ir.Table]
    linked: Linked


def stored_tables(run: RunTables, limits: Limits | None = None) -> Stored:
    """The stored tables in a new engine; linked again from the stored scores where ``limits`` are not the run's."""
    run.assert_unchanged()
    engine = duckdb_engine()
    linked_tables = {name: _table(engine, run, name) for name in TABLES}
    tables = {
        name: table.drop(*(c for c in OF_PERSON if c in table.columns))
        for name, table in linked_tables.items()
    }
    identities = ibis.union(
        *(linked_tables[name].mutate(table=ibis.literal(name)).select("table", *IDENTITY) for name in NAMED_TABLES)
    )  # fmt: skip
    linked = Linked(identities, _table(engine, run, "open_pairs"), _table(engine, run, "school_names"))
    thresholds = run.parameters.thresholds
    if limits and limits != Limits(thresholds.link_accept, thresholds.link_review):
        linked = _linked_again(engine, linked, _table(engine, run, "shares"), limits)
    return Stored(engine, tables, linked)


def _table(engine: Engine, run: RunTables, name: str) -> ir.Table:
    place = str(run.tables / f"{name}.parquet").replace("'", "''")
    engine.connection.con.execute(
        f"CREATE OR REPLACE TABLE \"{name}\" AS SELECT * FROM read_parquet('{place}')"
    )
    return engine.connection.table(name)


def _linked_again(engine: Engine, linked: Linked, shares: ir.Table, limits: Limits) -> Linked:
    """The model's links taken back and made again at ``limits``; keys and people's words stand."""
    own = shares.select("table", "source", own_id="person_id").distinct()
    with_own_persons = linked.identities.left_join(own, ["table", "source"], rname="{name}_own").drop(
        "table_own", "source_own"
    )
    taken_back = _.decided_by.isin(BY_MODEL) & _.own_id.notnull()
    unlinked_rows = with_own_persons.mutate(
        person_id=ibis.ifelse(taken_back, _.own_id, _.person_id),
        decided_by=ibis.ifelse(taken_back, "none", _.decided_by),
        in_register=_.in_register & ~taken_back,
        score=ibis.ifelse(taken_back, ibis.null("float64"), _.score),
    ).drop("own_id")
    before = engine.keep("identities_by_keys", unlinked_rows)
    matched_rows = matches_at(
        engine, shares, engine.keep("judged_pairs", linked.open_pairs.filter(_.has_judgement)), limits
    )
    again = with_model_links(before, matched_rows.links).select(*linked.identities.columns)
    # What the register says of itself was decided before the other tables were linked, and stands.
    register = linked.open_pairs.filter(_.table == "enrolment", ~_.has_judgement).select(
        *matched_rows.open_pairs.columns
    )
    read = before.filter(_.decided_by.isin(BY_NAME)).select("table", "source")
    open_pairs = matched_rows.open_pairs.anti_join(read, ["table", "source"])
    pairs = engine.keep("pairs_left_open", open_pairs.union(register))
    return Linked(engine.keep("identities", again), pairs, linked.schools)


def audit_again(
    run: RunTables, *, parameters: SelfCheck | None = None, policy: Policy | None = None
) -> tuple[Engine, Audit]:
    """The audit's tables as the run would have had them with other ``parameters`` (thresholds, dates) or ``policy``."""
    choices, law = parameters or run.parameters, policy or run.policy
    limits = Limits(choices.thresholds.link_accept, choices.thresholds.link_review)
    kept_tables = stored_tables(run, limits)
    return kept_tables.engine, assemble(
        kept_tables.engine,
        kept_tables.tables,
        kept_tables.linked,
        law,
        choices,
        run.columns_found,
        run.sheets_lacking,
    )


__all__ = ["Stored", "audit_again", "stored_tables"]
