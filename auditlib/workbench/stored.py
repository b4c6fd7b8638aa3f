"""A run's findings in DuckDB: every page, count, sum and bar that the panels show is one query over them.

There are two tables of them: in full, and as they are shown while names are masked. Who may not see a column in full is
not answered from it either: search, filter and sort work on the table that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.run_folder import FINDINGS
from auditlib.decisions.dispositions import FILE as DECISIONS
from auditlib.decisions.dispositions import Row, holding, read_dispositions, standing
from auditlib.findings.finding_numbers import finding_number
from auditlib.findings.retold import retold
from auditlib.package.keys import numbers_key
from auditlib.tables.findings import FINDING, HIDDEN_COLUMNS, PARTICULARS, masked
from auditlib.workbench.details import details_of, masked_details
from auditlib.workbench.list_filter import CHOICES, COLUMNS, ListFilter

NEEDED_COLUMNS = tuple(name for name in FINDING if name != "county_code")
BANDS = (Decimal(0), Decimal(500), Decimal(1000), Decimal(2000), Decimal(5000))
"""Yuan at stake from which a band of the overview begins; the first holds what is nothing or below 500."""
_SEVERITY = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
_LAST = "sources, number"  # never finding_id: the order of such hashes tells of the numbers they are made of
_WORKING = f"family <> 'missed', {_SEVERITY}, at_stake DESC NULLS LAST, {_LAST}"
_LATEST = "SELECT finding_id, last(status ORDER BY place) AS status FROM decisions GROUP BY finding_id"
_STATUS = "coalesce(latest.status, stored.disposition, 'open')"
_HIDDEN_COLUMNS = tuple(name for name in HIDDEN_COLUMNS if name not in PARTICULARS and name != "records")
_DETAILS = ", ".join(f"coalesce(details.{name}, '') AS {name}" for name in PARTICULARS)
_DETAILS_MASKED = ", ".join(
    f"coalesce(masked_details.{name}, '') AS {name}" for name in HIDDEN_COLUMNS if name in PARTICULARS
)
_MASKS = ", ".join(f"masks.{name} AS {name}" for name in _HIDDEN_COLUMNS)
TOO_OLD = (
    Text("这次运行的疑点文件缺少列：{missing}", "the findings of this run lack columns: {missing}"),
    Text(
        "由旧版程序写出；请用现在的程序重新运行一次自查",
        "an older version wrote it; run the self-check again",
    ),
)
BROKEN_TEXTS = (
    Text("疑点文件无法读取", "the findings cannot be read"),
    Text("文件不完整或已损坏；请重新运行一次自查", "the file is cut or damaged; run the self-check again"),
)


@dataclass(frozen=True)
class Group:
    """How many findings, and how many yuan, share a code."""

    code: str
    count: int
    yuan: Decimal


class StoredFindings:
    """The findings of one run, in memory, with the latest decision on each and its number.

    ``in_full`` is asked at each query whether names may be seen; where they may not, the rows that a list filter gives
    are masked, and it is the masked cells that are searched, filtered and sorted.
    """

    def __init__(self, folder: Path, in_full: Callable[[], bool] = lambda: False):
        """Raises AuditError where the file is damaged or of an older version, or no number can be made."""
        self.folder, self._in_full = folder, in_full
        self._connection = duckdb.connect()
        self._read(folder / FINDINGS)
        self._keep_details(details_of(None))
        self.look_again()

    def describe(self, language: str) -> None:
        """From now on each finding also has what its rows tell, in ``language``; nothing where the run has no tables."""
        self._keep_details(details_of(self.folder, language))
        self._retell(language)
        self.look_again()

    def _retell(self, language: str) -> None:
        """The messages in ``language``, whatever language the run was made in."""
        rows = self._connection.execute("SELECT finding_id, rule, reason, message FROM stored").df()
        columns = (
            rows[name].astype(object).where(rows[name].notna(), "") for name in ("rule", "reason", "message")
        )
        messages = [retold(*map(str, texts), language) for texts in zip(*columns, strict=True)]
        changed_rows = rows.assign(again=messages)[["finding_id", "again"]][rows["message"].notna()]
        self._keep("messages", changed_rows)
        self._connection.execute(
            "UPDATE stored SET message = messages.again FROM messages WHERE stored.finding_id = messages.finding_id"
        )
        self._keep("masks", self._masked())

    def _keep_details(self, details: pd.DataFrame) -> None:
        self._keep("details", details)
        self._keep("masked_details", masked_details(details))

    def _read(self, file: Path) -> None:
        where = Text(f"{file.parent.name}/{file.name}", f"{file.parent.name}/{file.name}")
        try:
            stored_rows = self._connection.read_parquet(str(file))
        except duckdb.Error as error:
            raise AuditError(Problem(BROKEN_TEXTS[0], where, BROKEN_TEXTS[1])) from error
        missing = [name for name in NEEDED_COLUMNS if name not in stored_rows.columns]
        if missing:
            raise AuditError(Problem(TOO_OLD[0].fill(missing=", ".join(missing)), where, TOO_OLD[1]))
        ids = self._connection.execute("SELECT finding_id FROM read_parquet(?)", [str(file)]).df()
        secret = numbers_key()
        self._numbers: dict[str, str] = {str(key): finding_number(key, secret) for key in ids["finding_id"]}
        self._ids: dict[str, str] = {number: key for key, number in self._numbers.items()}
        self._keep("numbers", ids.assign(number=list(self._numbers.values())))
        self._connection.execute(
            "CREATE TABLE stored AS SELECT *, array_to_string(records, chr(10)) AS sources"
            " FROM read_parquet(?) JOIN numbers USING (finding_id)",
            [str(file)],
        )
        self._keep("masks", self._masked())

    def _masked(self) -> pd.DataFrame:
        """What is shown of each finding in the place of what tells who it is."""
        stored_rows = self._connection.execute(
            f"SELECT finding_id, {', '.join(_HIDDEN_COLUMNS)} FROM stored"
        ).df()
        return masked(stored_rows).astype(dict.fromkeys(_HIDDEN_COLUMNS, "string"))

    def _keep(self, name: str, rows: pd.DataFrame) -> None:
        self._connection.register("given", rows)
        self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        self._connection.unregister("given")

    def look_again(self) -> None:
        """Decisions as the ledger holds them now, whoever wrote them."""
        decisions = read_dispositions([self.folder])
        decisions = decisions.assign(place=range(len(decisions)))
        self._decisions = decisions
        self._keep("decisions", standing(decisions))
        self._connection.execute(
            f"CREATE OR REPLACE TABLE findings AS SELECT stored.* REPLACE ({_STATUS} AS disposition), {_DETAILS}"
            f" FROM stored LEFT JOIN ({_LATEST}) AS latest USING (finding_id) LEFT JOIN details USING (finding_id)"
        )
        self._connection.execute(
            f"CREATE OR REPLACE TABLE masked AS SELECT findings.* REPLACE ({_MASKS}, {_DETAILS_MASKED})"
            " FROM findings JOIN masks USING (finding_id) LEFT JOIN masked_details USING (finding_id)"
        )
        self._last_search = ("", "")
        self._seen = self._state()

    def look_if_changed(self) -> bool:
        """:meth:`look_again` where somebody has written since; whether that was so."""
        has_changed = self._state() != self._seen
        if has_changed:
            self.look_again()
        return has_changed

    def _state(self) -> tuple[int, int]:
        file = self.folder / DECISIONS
        state = file.stat() if file.exists() else None
        return (state.st_mtime_ns, state.st_size) if state else (0, 0)

    def _selected_rows(self, list_filter: ListFilter) -> tuple[str, list[Any]]:
        """``table WHERE condition`` of a list filter, and its values."""
        condition, values = replace(list_filter, search="").where()
        return f"{self._searched(list_filter)} WHERE {condition}", values

    def _searched(self, list_filter: ListFilter) -> str:
        """The table of what is shown and holds the words searched for: kept, since list and every chart ask for it."""
        visible_table = "findings" if self._in_full() else "masked"
        if not list_filter.search.strip():
            return visible_table
        if self._last_search != (visible_table, list_filter.search):
            condition, values = ListFilter(search=list_filter.search).where()
            self._connection.execute(
                f"CREATE OR REPLACE TABLE searched AS SELECT * FROM {visible_table} WHERE {condition}", values
            )
            self._last_search = visible_table, list_filter.search
        return "searched"

    def number(self, finding_id: str) -> str:
        """The number of a finding; empty for none."""
        return self._numbers.get(finding_id, "")

    def numbers(self) -> dict[str, str]:
        """Number to finding_id."""
        return self._ids

    def id_of(self, number: str) -> str:
        """The finding of a number; empty for none."""
        return self._ids.get(number, "")

    def totals(self, list_filter: ListFilter) -> tuple[int, Decimal]:
        """How many findings are selected and what is at stake in them."""
        selection, values = self._selected_rows(list_filter)
        row = self._one(f"SELECT count(*), coalesce(sum(at_stake), 0) FROM {selection}", values)
        return int(row[0]), Decimal(row[1])

    def page(self, list_filter: ListFilter, first: int = 0, rows: int | None = None) -> pd.DataFrame:
        """The rows from ``first`` on, in the order of the list filter; all of them where ``rows`` is None."""
        selection, values = self._selected_rows(list_filter)
        limit = "" if rows is None else f" LIMIT {int(rows)}"
        query = f"SELECT * FROM {selection} ORDER BY {_order(list_filter)}{limit} OFFSET {int(first)}"
        return self._connection.execute(query, values).df()

    def ids(self, list_filter: ListFilter) -> list[str]:
        """The finding_ids that are selected."""
        selection, values = self._selected_rows(list_filter)
        rows = self._connection.execute(f"SELECT finding_id FROM {selection} ORDER BY 1", values)
        return [row[0] for row in rows.fetchall()]

    def place(self, list_filter: ListFilter, finding_id: str) -> int | None:
        """Where the finding stands in the filtered list, counted from 0; None where it is not in it."""
        selection, values = self._selected_rows(list_filter)
        query = (
            f"SELECT place FROM (SELECT finding_id, row_number() OVER (ORDER BY {_order(list_filter)}) - 1 AS place"
            f" FROM {selection}) WHERE finding_id = ?"
        )
        rows = self._all(query, [*values, finding_id])
        return int(rows[0][0]) if rows else None

    def finding(self, finding_id: str) -> dict[str, Any] | None:
        """One finding as it is stored, with its latest disposition."""
        rows = self._connection.execute("SELECT * FROM findings WHERE finding_id = ?", [finding_id]).df()
        return dict(rows.iloc[0]) if len(rows) else None

    def findings(self, finding_ids: Sequence[str]) -> pd.DataFrame:
        """The findings of these ids, in the order of the working list."""
        query = f"SELECT * FROM findings WHERE list_contains(?, finding_id) ORDER BY {_WORKING}"
        return self._connection.execute(query, [list(finding_ids)]).df()

    def groups(self, column: str, list_filter: ListFilter, among: Callable[[str], str] = str) -> list[Group]:
        """By ``column``, largest first; its own filter left out, so that the other bars stay to be clicked."""
        if column not in CHOICES:
            raise KeyError(column)
        selection, values = self._selected_rows(list_filter.without(column))
        query = (
            f"SELECT coalesce({column}, ''), count(*), coalesce(sum(at_stake), 0) FROM {selection}"
            " GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1"
        )
        rows = self._all(query, values)
        return [Group(among(code), int(count), Decimal(yuan)) for code, count, yuan in rows]

    def bands(self, list_filter: ListFilter) -> list[Group]:
        """By yuan at stake; the code is what the filter of ``at_stake`` would hold."""
        selection, values = self._selected_rows(list_filter.without("at_stake"))
        sums = ", ".join(
            f"count(*) FILTER ({band}), coalesce(sum(at_stake) FILTER ({band}), 0)"
            for band in map(_within, range(len(BANDS)))
        )
        row = self._one(f"SELECT {sums} FROM {selection}", values)
        return [
            Group(band_filter(at), int(row[2 * at]), Decimal(row[2 * at + 1])) for at in range(len(BANDS))
        ]

    def decisions(self, finding_id: str) -> pd.DataFrame:
        """Every decision on one finding, oldest first."""
        return self._decisions[self._decisions["finding_id"] == finding_id].drop(columns="place")

    def holding(self, finding_id: str) -> Row | None:
        """The last row of the ledger on one finding; None where there is none."""
        return self.known().get(finding_id)

    def known(self) -> dict[str, Row]:
        """The decision that holds on each finding, as far as this sitting has seen."""
        return holding(self._decisions.drop(columns="place"))

    def _one(self, query: str, values: list[Any]) -> tuple[Any, ...]:
        return self._all(query, values)[0]  # an aggregate without GROUP BY has one row

    def _all(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Every row: DuckDB refuses other work while a result is half-read."""
        return self._connection.execute(query, values).fetchall()


def band_filter(at: int) -> str:
    """The band as a filter of amounts: ``500-999.99``, ``5000-``; all that is below the second is ``-499.99``."""
    low = "" if at == 0 else str(BANDS[at])
    high = str(BANDS[at + 1] - Decimal("0.01")) if at + 1 < len(BANDS) else ""
    return f"{low}-{high}"


def _within(at: int) -> str:
    low = f"at_stake >= {BANDS[at]}" if at else "TRUE"
    high = f"at_stake < {BANDS[at + 1]}" if at + 1 < len(BANDS) else "TRUE"
    return f"WHERE at_stake IS NOT NULL AND {low} AND {high}"


def _order(list_filter: ListFilter) -> str:
    if not list_filter.order:
        return _WORKING
    if list_filter.order not in COLUMNS:
        raise KeyError(list_filter.order)
    column = _SEVERITY if list_filter.order == "severity" else list_filter.order
    return f"{column} {'DESC' if list_filter.descending else 'ASC'} NULLS LAST, {_LAST}"
