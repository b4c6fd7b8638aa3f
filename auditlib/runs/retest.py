"""The rules put once more to a few persons' rows, as they are and with single changes: many small counties in one.

Each case is a copy of the same rows in which something is changed; the copies know nothing of each other, so that one
run of the rules answers them all. Building and compiling the rules' expressions takes far longer than a few thousand
rows do: it is done once a run, the tables filled again for every question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit, assemble
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.findings.apply import RuleRun, apply_rules
from auditlib.linkage.exact import Linked
from auditlib.linkage.ledgers import NAMED_TABLES
from auditlib.linkage.model.match import OPEN_PAIRS
from auditlib.page.markup import is_missing
from auditlib.runs.rerun import IDENTITY
from auditlib.runs.run_tables import OF_PERSON, RunTables
from auditlib.tables.delivered import TABLES

REGISTERS = NAMED_TABLES
SEPARATE = {"person_id", "candidate_id", "source", "register_source", "household_no", "account_no"}
"""What is told apart from one copy to the next."""
OF_CLASS = "class_name"
"""Told apart too, written or not: a class is counted, and the same children in another copy are no more of it."""
MARK = "~"
SUBJECT = re.compile(r"^(?P<of>.*)~(?P<case>\d+)(?P<more>\|.*)?$", re.DOTALL)
MOST_ROWS = 60_000
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Scope:
    """A few persons and all that the rules need to judge them: their rows, their household's and account's, the pairs.

    ``rows``: by table; ``around``: rows of strangers that tell which schools have pupils and which registers came;
    ``persons``: those whom it is about.
    """

    run: RunTables
    persons: tuple[str, ...]
    rows: Rows
    around: Rows
    pairs: list[dict[str, Any]] = field(default_factory=list)

    def of_persons(self, table: str) -> list[dict[str, Any]]:
        """The rows of those whom it is about."""
        return [row for row in self.rows[table] if row["person_id"] in self.persons]


@dataclass(frozen=True)
class RuleAnswer:
    """What one rule says of one subject: ``exception`` true, false or None (cannot be told)."""

    rule: str
    subject: str
    exception: bool | None
    at_stake: Any = None


def scope_of(run: RunTables, persons: Iterable[str]) -> Scope:
    """All rows of ``persons`` and of those who share a household or an account with them."""
    asked_persons = tuple(dict.fromkeys(persons))
    near = sorted({*asked_persons, *_relatives(run, asked_persons)})
    rows = {name: _rows(run, name, _.person_id.isin(near)) for name in REGISTERS}
    around = {
        "enrolment": _one_of_each(run, "enrolment", "school_id", near),
        "eligibility": _one_of_each(run, "eligibility", "category", near),
        # Which schools sent a roster and a ledger of applications.
        "attendance": _one_of_each(run, "attendance", "school_id", near),
        "applications": _one_of_each(run, "applications", "school_id", near),
    }
    pairs = run.fetch(
        run.table("open_pairs").filter(_.person_id.isin(near) | _.candidate_id.isin(near))
    )  # fmt: skip
    return Scope(run, asked_persons, rows, around, _python(pairs))


def _relatives(run: RunTables, persons: Sequence[str]) -> set[str]:
    relatives: set[str] = set()
    for table, column in (("eligibility", "household_no"), ("payments", "account_no")):
        rows = run.table(table).filter(_[column].notnull())
        theirs = rows.filter(_.person_id.isin(list(persons))).select(column).distinct()
        relatives |= set(
            run.fetch(rows.semi_join(theirs, column).select("person_id").distinct())["person_id"]
        )
    return relatives


def _one_of_each(run: RunTables, table: str, column: str, without: list[str]) -> list[dict[str, Any]]:
    others = run.table(table).filter(_.rejected.isnull(), ~_.person_id.isin(without), _[column].notnull())
    first = others.group_by(column).agg(source=_.source.min())
    return _python(run.fetch(others.semi_join(first, "source")))


def _rows(run: RunTables, table: str, condition: ir.Deferred) -> list[dict[str, Any]]:
    return _python(run.fetch(run.table(table).filter(condition).order_by("source")))


def _python(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as Python values, missing as None."""
    plain = frame.astype("object")
    return [
        {key: None if is_missing(value) else _day(value) for key, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value


def put(scope: Scope, cases: Sequence[Rows]) -> list[dict[tuple[str, str], RuleAnswer]]:
    """What every rule says in each case (``scope.rows`` with something changed): ``(rule, subject)`` to answer.

    Subjects are named as in the run. Persons around are left out.
    """
    run = scope.run
    if run in _BENCHES:
        _BENCHES[run].fill(_tables(scope, cases))
    else:
        _BENCHES[run] = Bench.build(run, _tables(scope, cases))
    answers: list[dict[tuple[str, str], RuleAnswer]] = [{} for _case in cases]
    for rule, verdicts in _BENCHES[run].answers():
        _enter(answers, rule, verdicts)
    return answers


@dataclass(frozen=True, eq=False)
class Bench:
    """The rules' tables in an engine of their own, compiled once, to be filled with other rows."""

    engine: Engine
    schemas: Mapping[str, ibis.Schema]
    audit: Audit
    outcomes: Sequence[RuleRun]

    @classmethod
    def build(cls, run: RunTables, rows: Rows) -> Bench:
        """The tables filled with ``rows``, and every rule applied."""
        engine = duckdb_engine()
        schemas = {name: run.table(name).schema() for name in (*TABLES, "school_names")}
        schemas["open_pairs"] = ibis.schema(OPEN_PAIRS)
        loaded_tables = {name: _load(engine, name, schema, rows) for name, schema in schemas.items()}
        identities = [
            loaded_tables[name].mutate(table=ibis.literal(name)).select("table", *IDENTITY)
            for name in REGISTERS
        ]
        linked = Linked(ibis.union(*identities), loaded_tables["open_pairs"], loaded_tables["school_names"])
        tables = {
            name: loaded_tables[name].drop(*(c for c in OF_PERSON if c in loaded_tables[name].columns))
            for name in TABLES
        }
        audit = assemble(
            engine, tables, linked, run.policy, run.parameters, run.columns_found, run.sheets_lacking
        )
        return cls(engine, schemas, audit, apply_rules(engine, audit))

    def fill(self, rows: Rows) -> None:
        """The same tables, from other rows."""
        for name, schema in self.schemas.items():
            _load(self.engine, name, schema, rows)
        self.engine.refill()

    def answers(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Each rule that ran, and what it says of every subject."""
        connection = self.engine.connection.con
        for outcome in self.outcomes:
            if outcome.population is not None:
                name = outcome.population.get_name()
                rows = connection.execute(f'SELECT subject, exception, at_stake FROM "{name}"').fetchall()
                yield (
                    outcome.rule.id,
                    [dict(zip(("subject", "exception", "at_stake"), row, strict=True)) for row in rows],
                )


_BENCHES: WeakKeyDictionary[RunTables, Bench] = WeakKeyDictionary()


def _load(engine: Engine, name: str, schema: ibis.Schema, rows: Rows) -> ir.Table:
    frame = pd.DataFrame(rows.get(name, []), columns=list(schema), dtype="object")
    return engine.load(name, frame, dict(schema.items()))


def _tables(scope: Scope, cases: Sequence[Rows]) -> Rows:
    """Every case's rows beside each other, those around, and the tables that name no person as they are."""
    rows: Rows = {
        name: _rows(scope.run, name, ibis.literal(True)) for name in TABLES if name not in REGISTERS
    }
    for name in REGISTERS:
        rows[name] = [_copy(row, at) for at, case in enumerate(cases) for row in case.get(name, [])]
        rows[name] += scope.around.get(name, [])
    rows["open_pairs"] = [_copy(pair, at) for at in range(len(cases)) for pair in scope.pairs]
    rows["school_names"] = _python(scope.run.fetch(scope.run.table("school_names")))
    return rows


def _enter(
    answers: list[dict[tuple[str, str], RuleAnswer]], rule: str, verdicts: list[dict[str, Any]]
) -> None:
    for row in verdicts:
        address = SUBJECT.match(str(row["subject"]))
        if address:
            subject = address["of"] + (address["more"] or "")
            answer = RuleAnswer(rule, subject, row["exception"], row["at_stake"])
            answers[int(address["case"])][rule, subject] = answer


def _copy(row: Mapping[str, Any], case: int) -> dict[str, Any]:
    copied_row = {
        key: f"{value}{MARK}{case}" if key in SEPARATE and value is not None else value
        for key, value in row.items()
    }
    return copied_row | ({OF_CLASS: f"{row[OF_CLASS] or ''}{MARK}{case}"} if OF_CLASS in row else {})
