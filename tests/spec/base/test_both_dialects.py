"""Every expression of the chain compiles for DuckDB and for Spark, and says no more than was meant.

Spark itself is not needed: its SQL is compiled, not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import plain_county
import pytest

from auditlib.audit.tie_out import tie_out
from auditlib.base.engine import Engine, Step
from auditlib.findings.whereabouts import whereabouts
from auditlib.forms.ledgers.papers import without_record
from auditlib.rules import RULES
from auditlib.tables.delivered import TABLES

Expressions = dict[str, tuple[ir.Table, str]]
"""By name, and as the SQL that DuckDB was asked."""


class SparkOptions(ibis.config.Config):
    """Ibis' options for Spark, as far as its compiler asks for them."""

    treat_nan_as_null: bool = False


@pytest.fixture(scope="module")
def expressions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Expressions]:
    """Every expression that a run computes and keeps, by the name it is kept under, and those of the report's own figures."""
    questions: Expressions = {}
    step_of = Engine.step

    def remember(engine: Engine, name: str, expression: ir.Table) -> Step:
        step = step_of(engine, name, expression)
        questions[name] = (expression, step.query)
        return step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "step", remember)
        patch.setenv(
            "XDG_CACHE_HOME", str(tmp_path_factory.mktemp("no plans"))
        )  # what is planned is not built
        # Loading the Spark backend sets this; its compiler asks for it wherever a number has a floating point.
        patch.setattr(ibis.options, "pyspark", SparkOptions())
        sparse = {name: {} for name in plain_county.STARTS}
        county = plain_county.check(
            plain_county.overlaid(1, sparse | {"control_totals": {"persons": "1"}, plain_county.EARLIER: {}})
        )
        for figures in (whereabouts, tie_out, without_record):
            figures(county.engine, county.audit)
        yield questions


def test_every_table_and_every_rule_is_among_them(expressions: Expressions) -> None:
    assert set(TABLES) <= set(expressions)
    assert {"population_" + rule.replace(".", "_") for rule in RULES} <= set(expressions)
    assert {"dropouts_by_stage", "retention_counts", "tie_out", "papers_without_record"} <= set(expressions)


def test_every_expression_compiles_for_spark(expressions: Expressions) -> None:
    wrong = {}
    for name, (expression, _query) in expressions.items():
        try:
            ibis.to_sql(expression, dialect="pyspark")
        except Exception as error:  # every one that fails is to be named, whatever the error
            wrong[name] = f"{type(error).__name__}: {error}"[:200]
    assert not wrong


def test_no_not_stands_before_an_is(expressions: Expressions) -> None:
    """For DuckDB, for which the run has compiled and run each: Ibis 12 writes ``~x.isnull()`` of a compound x as NOT (…) IS NULL, which is read as NOT ((…) IS NULL)."""
    loose = {
        name: match.group(0)
        for name, (_expression, query) in expressions.items()
        if (match := re.search(r"NOT \([^()]*(\([^()]*\)[^()]*)*\)\s+IS\s", query))
    }
    assert not loose
