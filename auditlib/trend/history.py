"""Findings and decisions of all terms in DuckDB: every figure of the look over the terms is one query over them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.run_folder import FINDINGS
from auditlib.decisions.dispositions import FILE as DECISIONS
from auditlib.decisions.dispositions import read_dispositions, standing
from auditlib.rules import RULES
from auditlib.tables.findings import finding_columns
from auditlib.trend.runs import AGAIN, TermRun, TermRuns
from auditlib.trend.wording import PENDING

NEEDED_COLUMNS = finding_columns(
    "finding_id rule family severity term school_name town name id_number student_no scheme at_stake reason message"
)
CUT = Text("疑点文件无法读取", "the findings cannot be read")
TOO_OLD = Text(
    "旧版程序所写的疑点文件，缺少列：{missing}", "findings of an older version, which lack columns: {missing}"
)
UNLIKE = Text(
    "疑点文件与底稿清单的条数不符（{rules}），不是同一次运行所写",
    "findings and manifest do not tell the same number ({rules}): they are not of one run",
)
UNDATED_TEXT = Text(
    "处理记录的 {column} 有 {n} 处无法识别", "{column} of the ledger of decisions cannot be read in {n} rows"
)
WRITE_DATE = Text("写成 2020-11-03 或 2020-11-03T09:30:00", "write 2020-11-03 or 2020-11-03T09:30:00")
WRITE_YUAN = Text("写元数，如 312.50，或留空", "write yuan such as 312.50, or leave it empty")

_TERM_RUNS = "serial INTEGER, term VARCHAR, count_date DATE"
_RULES = (
    "serial INTEGER, rule VARCHAR, status VARCHAR, not_run_reason VARCHAR, population BIGINT, tested BIGINT,"
    " untested BIGINT, exceptions BIGINT, at_stake DECIMAL(18, 2)"
)
_STORING = "INSERT INTO findings SELECT {serial}, {columns} FROM read_parquet(?)"
_COLUMNS = ", ".join(NEEDED_COLUMNS)
_AMOUNT = "try_cast(nullif(replace(trim(amount), ',', ''), '') AS DECIMAL(14, 2))"
_DECISIONS = f"""
    CREATE TABLE decisions AS
    SELECT place, finding_id, decided_by, status, cause, evidence, note,
           try_cast(left(trim(decided_at), 10) AS DATE) AS decided_on, {_AMOUNT} AS amount,
           amount AS written
    FROM given
"""
# The state of every finding at the end of every day asked for: the last decision made by then.
_STATES = """
    CREATE OR REPLACE TABLE states AS
    WITH known AS (
        SELECT days.day, finding_id, serial, rule, family, at_stake, coalesce(id_number, student_no, name) AS child,
               terms.term AS found_in, terms.count_date
        FROM days JOIN terms ON terms.count_date <= days.day JOIN findings USING (serial)
    ), decided AS (
        SELECT days.day, finding_id, last(status ORDER BY place) AS status
        FROM days JOIN decisions ON decided_on <= days.day GROUP BY ALL
    ), paid AS (
        SELECT days.day, finding_id, last(amount ORDER BY place) AS amount
        FROM days JOIN decisions ON decided_on <= days.day
        WHERE status IN ('rectified', 'closed') AND amount IS NOT NULL GROUP BY ALL
    )
    SELECT known.*, coalesce(decided.status, 'open') AS state,
           CASE WHEN decided.status IN ('rectified', 'closed') THEN paid.amount END AS made_good
    FROM known LEFT JOIN decided USING (day, finding_id) LEFT JOIN paid USING (day, finding_id)
"""


class History:
    """The terms side by side; ``as_of`` is the last day that is looked at.

    Tables: ``terms``, ``rules`` (counts of the manifests), ``findings``, ``decisions`` and, after :meth:`at`, ``states``.
    """

    def __init__(self, runs: TermRuns, as_of: dt.date, language: str):
        """Raises AuditError where findings are cut, too old, not their manifest's, or a decision has no date."""
        self.runs, self.as_of = runs, as_of
        self._connection = duckdb.connect()
        self._refuse(self._load_runs(), language)
        self._load_decisions()
        self._refuse(self._undecipherable(), language)
        self.at([as_of])

    @staticmethod
    def _refuse(problems: Iterator[Problem], language: str) -> None:
        if refusals := list(problems):
            raise AuditError(refusals, language)

    def _load_runs(self) -> Iterator[Problem]:
        self._connection.execute(f"CREATE TABLE terms ({_TERM_RUNS})")
        self._connection.execute(f"CREATE TABLE rules ({_RULES})")
        self._connection.execute(
            "CREATE TABLE findings (serial INTEGER, "
            + ", ".join(
                f"{name} {'DECIMAL(14, 2)' if name == 'at_stake' else 'VARCHAR'}" for name in NEEDED_COLUMNS
            )
            + ")"
        )
        for run in self.runs.runs:
            yield from self._load_run(run)

    def _load_run(self, run: TermRun) -> Iterator[Problem]:
        self._connection.execute("INSERT INTO terms VALUES (?, ?, ?)", [run.serial, run.term, run.count_date])
        self._connection.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _counts(run))
        file = run.folder / FINDINGS
        where = Text(f"{run.folder.name}/{FINDINGS}", f"{run.folder.name}/{FINDINGS}")
        try:
            columns = self._connection.read_parquet(str(file)).columns
            if missing := [name for name in NEEDED_COLUMNS if name not in columns]:
                yield Problem(TOO_OLD.fill(missing=", ".join(missing)), where, AGAIN)
                return
            self._connection.execute(_STORING.format(serial=run.serial, columns=_COLUMNS), [str(file)])
        except duckdb.Error:
            yield Problem(CUT, where, AGAIN)
            return
        if unlike := self._unlike(run):
            yield Problem(UNLIKE.fill(rules=", ".join(unlike)), where, AGAIN)

    def _unlike(self, run: TermRun) -> list[str]:
        """Rules of which the manifest tells another number of findings than there are."""
        query = (
            "SELECT rule FROM (SELECT rule, exceptions FROM rules WHERE serial = $1 AND status = 'run')"
            " FULL JOIN (SELECT rule, count(*) AS found FROM findings WHERE serial = $1 GROUP BY rule) USING (rule)"
            " WHERE coalesce(exceptions, 0) <> coalesce(found, 0) ORDER BY rule"
        )
        return [row[0] for row in self._connection.execute(query, [run.serial]).fetchall()]

    def _load_decisions(self) -> None:
        """Every run's ledger, oldest decision first; the same decision carried on from run to run counts once."""
        decisions = standing(read_dispositions([run.folder for run in self.runs.runs]))
        decisions = decisions.assign(place=range(len(decisions))).astype({"place": "int64"})
        self._connection.register("given", decisions)
        self._connection.execute(_DECISIONS)
        self._connection.unregister("given")

    def _undecipherable(self) -> Iterator[Problem]:
        where = Text(DECISIONS, DECISIONS)
        for column, condition, remedy in (
            ("decided_at", "decided_on IS NULL", WRITE_DATE),
            ("amount", "amount IS NULL AND trim(coalesce(written, '')) <> ''", WRITE_YUAN),
        ):
            (number,) = self.row(f"SELECT count(*) FROM decisions WHERE {condition}")
            if number:
                yield Problem(UNDATED_TEXT.fill(column=column, n=number), where, remedy)

    def at(self, days: list[dt.date]) -> None:
        """Table ``states``: every finding known by the end of each of ``days``, its state and yuan made good then."""
        self._connection.execute("CREATE OR REPLACE TABLE days (day DATE)")
        self._connection.executemany("INSERT INTO days VALUES (?)", [[day] for day in days])
        self._connection.execute(_STATES)

    def frame(self, query: str, *values: Any) -> pd.DataFrame:
        """The rows of ``query`` as a frame; amounts stay Decimal."""
        return self._connection.sql(query, params=list(values)).to_arrow_table().to_pandas()

    def run(self, statement: str, *values: Any) -> None:
        """A statement that gives no rows."""
        self._connection.execute(statement, list(values))

    def row(self, query: str, *values: Any) -> tuple[Any, ...]:
        """The one row of an aggregate."""
        return self._connection.execute(query, list(values)).fetchall()[0]


def _counts(run: TermRun) -> list[list[Any]]:
    """What the manifest counts, a row a rule, in catalogue order."""
    rules = run.manifest["rules"]
    order = [*(rule for rule in RULES if rule in rules), *sorted(set(rules) - set(RULES))]
    names = ("status", "not_run_reason", "population", "tested", "untested", "exceptions", "at_stake")
    return [[run.serial, rule, *(rules[rule].get(name) for name in names)] for rule in order]


def pending(column: str = "state") -> str:
    """The condition that a finding still needs something done."""
    return f"{column} IN ({', '.join(repr(state) for state in PENDING)})"
