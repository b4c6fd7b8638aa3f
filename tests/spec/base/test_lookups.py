"""A plan holds where all that its building looked up is the same, and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pytest
from tiny_county import deliver, tables

from auditlib.audit.assemble import Audit
from auditlib.audit.tie_out import tie_out
from auditlib.base import plans
from auditlib.base.engine import Engine, Step, duckdb_engine
from auditlib.base.lookups import Lookups
from auditlib.base.plans import MOST_CHOICES, Plans
from auditlib.county import self_check
from auditlib.findings.apply import apply_rules
from auditlib.findings.whereabouts import whereabouts
from auditlib.forms.ledgers.papers import without_record
from auditlib.law.policy import read_policy
from auditlib.tables.delivered import TABLES


@dataclass(frozen=True)
class Limits:
    late: int = 5
    early: int = 3


@dataclass(frozen=True)
class Choices:
    term: str = "2020-autumn"
    limits: Limits = Limits()

    def is_autumn(self) -> bool:
        return self.term.endswith("autumn")


COLUMNS = {"letters": frozenset({"b", "a"}), "payments": frozenset({"c"})}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(tmp_path / "cache" / name))
        yield tmp_path / "cache" / "auditlib" / "plans"


def is_built(build: Any, choices: Choices = Choices(), columns: dict[str, frozenset[str]] = COLUMNS) -> bool:
    """Had the table of ``build`` (given the watched choices and columns) to be built, after the runs before?"""
    lookups = Lookups(choices=choices, columns=columns)
    tables_kept, statements = Plans(duckdb_engine(), "step", lookups=lookups), []

    def table() -> ir.Table:
        statements.append(True)
        value = build(lookups.watched("choices"), lookups.watched("columns"))
        return ibis.memtable({"value": [str(value)]}).filter(ibis.literal(False)).select("value")

    tables_kept.keep("kept", table)
    tables_kept.save()
    return bool(statements)


LATE = Choices(limits=Limits(late=6))
SPRING = Choices(term="2021-spring")
MORE = COLUMNS | {"payments": frozenset({"c", "d"})}
CASES = {
    "an attribute": (lambda choices, columns: choices.term, [(SPRING, COLUMNS)], [(LATE, MORE)]),
    "one of an attribute's": (
        lambda choices, columns: choices.limits.late,
        [(LATE, COLUMNS)],
        [(SPRING, MORE), (Choices(limits=Limits(early=9)), COLUMNS)],
    ),
    "a method: all that it may look at": (
        lambda choices, columns: choices.is_autumn(),
        [(SPRING, COLUMNS), (LATE, COLUMNS)],
        [(Choices(), MORE)],
    ),
    "a key": (lambda choices, columns: columns["payments"], [(Choices(), MORE)], [(SPRING, {"payments": frozenset({"c"})})]),
    "a key that is not there": (
        lambda choices, columns: columns.get("funds"),
        [(Choices(), COLUMNS | {"funds": frozenset()})],
        [(Choices(), MORE)],
    ),
    "whether it is there": (lambda choices, columns: "funds" in columns, [(Choices(), COLUMNS | {"funds": frozenset({"x"})})], [(Choices(), MORE)]),
    "every key": (lambda choices, columns: list(columns), [(Choices(), MORE)], [(SPRING, COLUMNS)]),
    "how many": (lambda choices, columns: len(columns), [(Choices(), MORE)], [(SPRING, COLUMNS)]),
    "nothing": (lambda choices, columns: 1, [], [(SPRING, MORE)]),
}  # fmt: skip


@pytest.mark.parametrize(("build", "others", "alike"), CASES.values(), ids=list(CASES))
def test_it_is_built_anew_for_what_it_looked_up_and_for_nothing_else(
    build: Any, others: list[tuple[Choices, Any]], alike: list[tuple[Choices, Any]]
) -> None:
    assert is_built(build)
    assert not is_built(build)
    for choices, columns in alike:
        assert not is_built(build, choices, columns)
    for choices, columns in others:
        assert is_built(build, choices, columns)
        assert not is_built(build, choices, columns), "both stay"
        assert not is_built(build)


def test_a_set_is_the_same_in_every_process(cache: Path) -> None:
    assert is_built(lambda choices, columns: columns["letters"])
    [file] = cache.glob("*.json")
    assert not is_built(lambda choices, columns: 1, columns=COLUMNS | {"letters": frozenset(["a", "b"])})
    assert "letters" in file.read_text()


def test_the_newest_choices_stay() -> None:
    terms = [f"20{year}-autumn" for year in range(20, 21 + MOST_CHOICES)]
    for term in terms:
        assert is_built(lambda choices, columns: choices.term, Choices(term=term))
    assert not is_built(lambda choices, columns: choices.term, Choices(term=terms[-1]))
    assert is_built(lambda choices, columns: choices.term, Choices(term=terms[0]))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Audit, Path]:
    """A county's audit on which every rule was put, and the folder of their plans."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(folder / name))
        run = self_check.begin(deliver(tmp_path_factory.mktemp("county"), tables()))
        audit = self_check.link(run, self_check.ingest(run))
        every_column = {name: frozenset(table.by_name) for name, table in TABLES.items()}
        audit = replace(audit, columns_found=every_column)  # so that every rule is put, though to few rows
        apply_rules(run.engine, audit)
    return run.engine, audit, folder


def thresholds(audit: Audit, **limits: Any) -> Audit:
    values = audit.parameters.thresholds
    return replace(audit, parameters=replace(audit.parameters, thresholds=replace(values, **limits)))


def parameters(audit: Audit, **changes: Any) -> Audit:
    return replace(audit, parameters=replace(audit.parameters, **changes))


CHANGES = {
    "days, and the law": lambda audit: replace(
        parameters(
            thresholds(audit, pay_by=dt.date(2020, 12, 1), reply_by=dt.date(2020, 12, 2), posting_days=7),
            count_date=dt.date(2020, 11, 15), as_of=dt.date(2020, 11, 20),
        ),
        policy=read_policy(["national"], self_check.ROOT),
    ),
    "the term, and whom it covers": lambda audit: parameters(audit, term="2021-spring", enrolment_covers=["primary"], answers_for=[]),
    "columns": lambda audit: replace(
        audit, columns_found={table: columns - {max(columns, default="")} for table, columns in audit.columns_found.items()},
        sheets_lacking={"payments.pay_date": ("payments.csv",)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_after_any_change_every_rule_asks_what_it_asks_without_a_plan(
    county: tuple[Engine, Audit, Path], change: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, audit, folder = county
    changed_audit = change(audit)
    monkeypatch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(folder / name))
    apply_rules(engine, changed_audit)
    with_plans = populations(engine)
    monkeypatch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(tmp_path / "none" / name))
    apply_rules(engine, changed_audit)
    assert populations(engine) == with_plans
    assert len(with_plans) > 50


def populations(engine: Engine) -> dict[str, str]:
    """Each rule's population and the query that fills it."""
    return {name: query for name, query in engine.kept.items() if name.startswith("population_")}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_after_any_change_everything_else_is_asked_as_without_a_plan(
    county: tuple[Engine, Audit, Path], change: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, audit, folder = county
    monkeypatch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(folder / name))
    queries_asked(engine, audit, monkeypatch)
    with_plans = queries_asked(engine, change(audit), monkeypatch)
    monkeypatch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(tmp_path / "none" / name))
    assert queries_asked(engine, change(audit), monkeypatch) == with_plans
    assert len(with_plans) > 5


def queries_asked(engine: Engine, audit: Audit, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The queries behind the figures of the report that no rule gives."""
    queries: dict[str, str] = {}
    answer = Engine.answer

    def note_step(self: Engine, step: Step) -> pd.DataFrame:
        queries[step.name] = step.query
        return answer(self, step)

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "answer", note_step)
        whereabouts(engine, audit)
        tie_out(engine, audit)
        without_record(engine, audit)
    return queries
