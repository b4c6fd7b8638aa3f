"""The rules put once more to a few persons' rows, as they are and with single changes: many small counties in one.

Each case is a copy of the same rows in which something is changed; the copies know nothing of each other, so that one
run of the rules answers them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.engine import Engine, duckdb_engine
from auditlib.findings import apply_rules
from auditlib.linkage import LINKED_TABLES, Linked
from auditlib.matching.match import OPEN_PAIRS
from auditlib.registers import assemble
from auditlib.rerun import IDENTITY
from auditlib.rules import RULES
from auditlib.run_tables import OF_PERSON, RunTables
from auditlib.schema import TABLES

REGISTERS = ("enrolment", *LINKED_TABLES)
SEPARATE = {"person_id", "candidate_id", "source", "register_source", "household_no", "account_no"}
"""What is told apart from one copy to the next."""
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
class Answer:
    """What one rule says of one subject: ``exception`` true, false or None (cannot be told)."""

    rule: str
    subject: str
    exception: bool | None
    at_stake: Any = None


def scope_of(run: RunTables, persons: Iterable[str]) -> Scope:
    """All rows of ``persons`` and of those who share a household or an account with them."""
    wanted = tuple(dict.fromkeys(persons))
    near = sorted({*wanted, *_relatives(run, wanted)})
    rows = {name: _rows(run, name, _.person_id.isin(near)) for name in REGISTERS}
    around = {
        "enrolment": _one_of_each(run, "enrolment", "school_id", near),
        "eligibility": _one_of_each(run, "eligibility", "category", near),
    }
    pairs = run.fetch(
        run.table("open_pairs").filter(_.person_id.isin(near) | _.candidate_id.isin(near))
    )  # fmt: skip
    return Scope(run, wanted, rows, around, _python(pairs))


def _relatives(run: RunTables, persons: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for table, column in (("eligibility", "household_no"), ("payments", "account_no")):
        known = run.table(table).filter(_[column].notnull())
        theirs = known.filter(_.person_id.isin(list(persons))).select(column).distinct()
        found |= set(run.fetch(known.semi_join(theirs, column).select("person_id").distinct())["person_id"])
    return found


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
        {key: None if _missing(value) else _day(value) for key, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value


def put(
    scope: Scope, cases: Sequence[Rows], rules: Iterable[str] = RULES
) -> list[dict[tuple[str, str], Answer]]:
    """What ``rules`` say in each case (``scope.rows`` with something changed): ``(rule, subject)`` to answer.

    Subjects are named as in the run. Persons around are left out.
    """
    engine, run = duckdb_engine(), scope.run
    tables, identities = {}, []
    for name in TABLES:
        schema = run.table(name).schema()
        rows = [_copied(row, at) for at, case in enumerate(cases) for row in case.get(name, [])]
        rows += scope.around.get(name, []) if name in REGISTERS else _rows(run, name, ibis.literal(True))
        whole = engine.load(
            name, pd.DataFrame(rows, columns=list(schema), dtype="object"), dict(schema.items())
        )
        tables[name] = whole.drop(*(column for column in OF_PERSON if column in whole.columns))
        if name in REGISTERS:
            identities.append(whole.mutate(table=ibis.literal(name)).select("table", *IDENTITY))
    linked = Linked(ibis.union(*identities), _pairs(engine, scope, len(cases)), _schools(engine, run))
    audit = assemble(engine, tables, linked, run.policy, run.parameters, run.found)
    outcomes = apply_rules(engine, audit, {rule: RULES[rule] for rule in rules})
    answers: list[dict[tuple[str, str], Answer]] = [{} for _case in cases]
    for outcome in outcomes:
        if outcome.population is not None:
            told = engine.fetch(outcome.population.select("subject", "exception", "at_stake"))
            _enter(answers, outcome.rule.id, _python(told))
    return answers


def _enter(answers: list[dict[tuple[str, str], Answer]], rule: str, told: list[dict[str, Any]]) -> None:
    for row in told:
        found = SUBJECT.match(str(row["subject"]))
        if found:
            subject = found["of"] + (found["more"] or "")
            answer = Answer(rule, subject, row["exception"], row["at_stake"])
            answers[int(found["case"])][rule, subject] = answer


def _copied(row: Mapping[str, Any], case: int) -> dict[str, Any]:
    return {
        key: f"{value}{MARK}{case}" if key in SEPARATE and value is not None else value
        for key, value in row.items()
    }


def _pairs(engine: Engine, scope: Scope, cases: int) -> ir.Table:
    rows = [_copied(pair, case) for case in range(cases) for pair in scope.pairs]
    return engine.load("open_pairs", pd.DataFrame(rows, columns=list(OPEN_PAIRS), dtype="object"), OPEN_PAIRS)


def _schools(engine: Engine, run: RunTables) -> ir.Table:
    frame = run.fetch(run.table("school_names"))
    return engine.load("school_names", frame, {"school_name": "string", "school_id": "string"})
