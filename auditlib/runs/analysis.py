"""A run for analysts: its findings and tables as pandas frames, masked unless a reason is given and logged.

``auditlib.open_run(folder)`` gives one. What each table holds: docs/run-tables.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError, Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.masking import MASKS, scrub
from auditlib.findings.finding_numbers import finding_number
from auditlib.runs.run_columns import FINDINGS, run_tables
from auditlib.runs.run_tables import RunTables, open_run
from auditlib.runs.unmask_log import log_unmasking
from auditlib.tables.audit_tables import BIRTH_MASK, KEY, MESSAGE, AuditTable
from auditlib.tables.findings import masked as masked_finding

STILL_MASKED = Problem(
    Text(
        "尚未写明查看人和原因，不能显示完整的个人信息",
        "names and numbers are masked: nobody has said who and why",
    ),
    Text("masked=False", "masked=False"),
    Text(
        '先运行 run.unmask("查看人", "原因")；记入该次运行的 unmask-log.csv',
        'call run.unmask("who", "reason") first; it is logged in the run\'s unmask-log.csv',
    ),
)
NO_TABLE = (
    Text("这次运行没有名为“{name}”的表", "the run has no table named “{name}”"),
    Text("可用的表：{names}", "there are: {names}"),
)
ADDED_COLUMNS = {FINDINGS: {"person_id": KEY, "number": ""}}
SHOWN_ORDER = {FINDINGS: ["rule", "number"]}
"""Not as stored: a finding_id is a hash of a number, and the order of such hashes tells of the numbers."""
MOST_SHOWN = 12  # hex digits of a key's stand-in


@dataclass(eq=False)
class OpenRun:
    """One county's run, to be read. Frames are copies: what is done to them changes nothing of the run.

    ``secret``: the bureau's own, under which findings are numbered and keys get their stand-ins.
    """

    whole: RunTables
    secret: bytes = field(repr=False)
    language: str = "zh"
    unmasked: bool = field(default=False, init=False)

    @property
    def folder(self) -> Path:
        return self.whole.folder

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What manifest.json says of the run: parameters, rules, counts."""
        return self.whole.manifest

    @property
    def tables(self) -> tuple[str, ...]:
        """The names that :meth:`table` takes."""
        return (FINDINGS, *sorted(self.whole.version["rows"]))

    @property
    def rows(self) -> pd.Series:
        """How many rows each table has, by name."""
        row_counts = {FINDINGS: self.manifest["findings"], **self.whole.version["rows"]}
        return pd.Series(row_counts, name="rows", dtype="int64").sort_index()

    def findings(self, *, masked: bool = True, numbers: bool = False) -> pd.DataFrame:
        """The findings, one a row, with the ``number`` under which lists show each, and its ``person_id``.

        ``masked``, ``numbers``: as for :meth:`table`.
        """
        rows = self._fetched(FINDINGS, masked)
        subjects = self._fetched("subjects", masked)
        persons = rows["finding_id"].map(subjects.set_index("finding_id")["person_id"])
        numbers_shown = [finding_number(str(key), self.secret) for key in rows["finding_id"]]
        return self._shown(rows.assign(person_id=persons, number=numbers_shown), FINDINGS, masked, numbers)

    def table(self, name: str, *, masked: bool = True, numbers: bool = False) -> pd.DataFrame:
        """The table ``name``: registers as they were read, and what was assembled of them.

        ``masked``: names keep their first character and numbers their ends, birth dates are left out, and a key
        (``person_id`` and the like) is a stand-in, the same in all tables, so that they still join. Free text has its long
        numbers masked, not names that somebody wrote into it. ``numbers``: amounts as floating point; else as exact Decimal.

        Raises UsageError for a name that the run does not have, and for ``masked=False`` before :meth:`unmask`; AuditError
        where the run has been written anew since it was opened.
        """
        if name == FINDINGS:
            return self.findings(masked=masked, numbers=numbers)
        return self._shown(self._fetched(name, masked), name, masked, numbers)

    def unmask(self, who: str, reason: str) -> None:
        """From now on ``masked=False`` is answered. Who, when and why are logged in the run's unmask-log.csv first.

        Raises AuditError where one of them is missing or the log cannot be written.
        """
        log_unmasking(self.folder, who, reason, dt.datetime.now(), self.language)
        self.unmasked = True

    def _fetched(self, name: str, masked: bool) -> pd.DataFrame:
        if name not in self.tables:
            names = "、".join(self.tables)
            what, remedy = NO_TABLE[0].fill(name=name), NO_TABLE[1].fill(names=names)
            raise UsageError(Problem(what, Text(self.folder.name, self.folder.name), remedy), self.language)
        if not masked and not self.unmasked:
            raise UsageError(STILL_MASKED, self.language)
        try:
            return self.whole.fetch(self.whole.table(name))
        except AuditError as error:
            raise AuditError(error.problems, self.language) from error

    def _shown(self, rows: pd.DataFrame, name: str, masked: bool, numbers: bool) -> pd.DataFrame:
        visible = self._masked(rows, run_tables()[name]) if masked else rows
        kinds = self.whole.table(name).schema()
        amounts = [column for column, kind in kinds.items() if numbers and kind.is_decimal()]
        return visible.astype(dict.fromkeys(amounts, "float64"))

    def _masked(self, rows: pd.DataFrame, table: AuditTable) -> pd.DataFrame:
        """A column that nobody has declared is left out: it might hold anything. So is the order, where it is that of a key."""
        masks = {column.name: column.masked for column in table.columns} | ADDED_COLUMNS.get(table.name, {})
        scrubbed_rows = masked_finding(rows) if MESSAGE in masks.values() else rows
        masked = {
            name: self._mask(masks[name])(scrubbed_rows[name])
            for name in rows
            if masks.get(name, BIRTH_MASK) != BIRTH_MASK
        }
        visible = pd.DataFrame(masked)
        order = SHOWN_ORDER.get(table.name, [name for name in table.key if masks.get(name) == KEY])
        return visible.sort_values(order, kind="stable", ignore_index=True) if order else visible

    def _mask(self, how: str) -> Callable[[pd.Series], pd.Series]:
        hide = self._stand_in if how == KEY else MASKS.get(how, scrub)
        return lambda values: values if _is_plain(values) else values.map(lambda v: _each(v, hide))

    def _stand_in(self, key: str) -> str:
        digest = hmac.digest(self.secret, f"key|{key}".encode(), hashlib.sha256)
        return digest.hex().upper()[:MOST_SHOWN]


def open_for_analysis(folder: Path, secret: bytes, language: str) -> OpenRun:
    """The run in ``folder``. Raises AuditError for one that is older, half-written, a city's, or none."""
    try:
        return OpenRun(open_run(folder), secret, language)
    except AuditError as error:
        raise AuditError(error.problems, language) from error


def _is_plain(values: pd.Series) -> bool:
    """Truths, dates, counts and amounts: nothing to mask in them."""
    return not (values.dtype == object or pd.api.types.is_string_dtype(values)) or _is_exact(values)


def _is_exact(values: pd.Series) -> bool:
    """Amounts as Decimal."""
    first = values.dropna().head(1)
    return values.dtype == object and len(first) > 0 and isinstance(first.iloc[0], Decimal)


def _each(value: Any, hide: Callable[[str], str]) -> Any:
    """Texts masked, those of a list one by one; what is missing and what is no text as it stands."""
    if isinstance(value, str):
        return hide(value)
    return [_each(one, hide) for one in value] if hasattr(value, "__iter__") else value
