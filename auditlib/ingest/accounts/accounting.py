"""Rows read = rows used + rows left out + rejected, for every file, with reasons and addresses (ingest.json)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.masking import scrub_all
from auditlib.ingest.deliveries.delivery import Delivery, FileReport

FUNNEL = ["table", "file", "rows_read", "left_out", "rejected", "used"]
LEFT_OUT = ["table", "file", "kind", "reason", "rows"]


def rejected_rows(tables: Mapping[str, ir.Table]) -> ir.Table:
    """``table, source, reason`` of every rejected row."""
    parts = [
        table.filter(_.rejected.notnull()).select("source", reason="rejected", table=ibis.literal(name))
        for name, table in tables.items()
    ]
    return ibis.union(*parts)


def funnel(delivery: Delivery, rejected: pd.DataFrame) -> pd.DataFrame:
    """One row a file: ``table, file, rows_read, left_out, rejected, used``; asserts that the rows add up."""
    rejected_counts = Counter(zip(rejected["table"], _files(delivery, rejected["source"]), strict=True))
    rows = []
    for report in delivery.files:
        read = sum(sheet.rows_read for sheet in report.sheets)
        out = sum(len(sheet.left_out) for sheet in report.sheets)
        handed_on = sum(sheet.rows_handed_on for sheet in report.sheets)
        assert read == out + handed_on, report.file
        bad = rejected_counts[(report.table, report.file)]
        rows.append((report.table, report.file, read, out, bad, handed_on - bad))
    return pd.DataFrame(rows, columns=FUNNEL)


def _files(delivery: Delivery, sources: Iterable[str]) -> list[str]:
    """The file of every address. A file's or sheet's name may hold a ``!`` itself: the longest file that fits is meant,
    with no more than a sheet and a row behind it."""
    file_names = {report.file for report in delivery.files}
    return [_file_of(source, file_names) for source in sources]


def _file_of(source: str, file_names: Collection[str]) -> str:
    file = source
    while "!" in file:
        file = file.rpartition("!")[0]
        if file in file_names:
            return file
    return source


def left_out(delivery: Delivery, rejected: pd.DataFrame) -> pd.DataFrame:
    """``table, file, kind, reason, rows``: why rows were left out or rejected."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for report in delivery.files:
        for sheet in report.sheets:
            counts.update((report.table, report.file, "left_out", out.reason) for out in sheet.left_out)
    files = _files(delivery, rejected["source"])
    for table, file, reason in zip(rejected["table"], files, rejected["reason"], strict=True):
        counts[(table, file, "rejected", reason)] += 1
    return pd.DataFrame(
        [(*key, rows) for key, rows in sorted(counts.items(), key=_most_first)], columns=LEFT_OUT
    )


def _most_first(counted_key: tuple[tuple[str, str, str, str], int]) -> tuple[str, str, str, int, str]:
    (table, file, kind, reason), rows = counted_key
    return table, file, kind, -rows, reason


def ingest_report(
    delivery: Delivery,
    rejected: pd.DataFrame,
    defects: pd.DataFrame,
    problems: list[str],
    sheets: Sequence[Mapping[str, Any]] = (),
    unknown_schools: pd.DataFrame | None = None,
    unknown_values: Sequence[Mapping[str, Any]] = (),
    of_other_terms: Sequence[str] = (),
) -> dict[str, Any]:
    """What ingest.json holds: per file how it was read, and which rows were used, left out, rejected, and why.

    - ``sheets``: how each sheet was understood, in the order of the files. The keys are the fields of
      :class:`auditlib.ingest.accounts.sheet_account.SheetAccount`; ``first_rows`` are masked.
    - ``unknown_schools``: ``table, school_name, pupils, rows`` of names that fit no known school.
    - ``unknown_values``: ``table, column, kind, word, rows, first`` of spellings that stop the run. ``word`` is empty
      where it may be a person's name.
    - ``of_other_terms``: lists of payments without a row of the run's term, where nobody said that nothing was paid.
    """
    file_names = {report.file for report in delivery.files}
    files = [_file(report, file_names, rejected, defects) for report in delivery.files]
    strange = [] if unknown_schools is None else unknown_schools.to_dict("records")
    contents: dict[str, Any] = scrub_all(
        {
            "files": files,
            "sheets": [_plain(sheet) for sheet in sheets],
            "unknown_schools": strange,
            "unknown_values": [_plain(value) for value in unknown_values],
            "of_other_terms": [*of_other_terms],
            "problems": problems,
        }
    )
    return contents


def _file(
    report: FileReport, others: Collection[str], rejected: pd.DataFrame, defects: pd.DataFrame
) -> dict[str, Any]:
    rejected_counts = _of_file(rejected, report, others)
    handed_on = sum(sheet.rows_handed_on for sheet in report.sheets)
    return {
        "file": report.file,
        "table": report.table,
        "sha256": report.sha256,
        "encoding": report.encoding,
        "rows_read": sum(sheet.rows_read for sheet in report.sheets),
        "rows_used": handed_on - len(rejected_counts),
        "rows_left_out": sum(len(sheet.left_out) for sheet in report.sheets),
        "rows_rejected": len(rejected_counts),
        "rejected": rejected_counts[["source", "reason"]].to_dict("records"),
        "defects": _of_file(defects, report, others)[["source", "column", "reason"]].to_dict("records"),
        "sheets": [_plain(asdict(sheet)) for sheet in _freeze(report)],
    }


def _of_file(rows: pd.DataFrame, report: FileReport, others: Collection[str]) -> pd.DataFrame:
    mine = rows[rows["source"].str.startswith(report.file + "!") & (rows["table"] == report.table)]
    return mine[mine["source"].map(lambda source: _file_of(source, others)).eq(report.file)]


def _freeze(report: FileReport) -> list[Any]:
    from dataclasses import replace

    return [
        replace(
            sheet,
            columns=dict(sheet.columns),
            helpers=dict(sheet.helpers),
            units=dict(sheet.units),
            constants=dict(sheet.constants),
        )
        for sheet in report.sheets
    ]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False))


def write_json(content: Any, path: Path) -> None:
    """``content`` as UTF-8 JSON, keys in their order, the same bytes for the same content."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
