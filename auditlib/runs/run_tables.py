"""A run's tables beside its findings: written once, opened by whoever looks, drills down, or asks what if.

``tables/`` holds the standardised tables with the person of every row, what was assembled of them, the pairs that the
model weighed, and the law as it was read. They are unmasked: for the authorised, like ``findings.parquet``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow.parquet as pq
from ibis import _
from ibis.backends import BaseBackend

import auditlib
from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.errors import AuditError, Problem
from auditlib.base.files import complete_switch
from auditlib.base.language import Text
from auditlib.base.logic import beside
from auditlib.base.run_folder import (
    BEING_WRITTEN,
    COMPLETE,
    FINDINGS,
    FORMS,
    HALF_WRITTEN,
    MANIFEST,
    NONE,
    OLDER,
    TABLES,
    VERSION_FILE,
    read_manifest,
    read_mapping,
    refusal_of_run,
    state_of,
)
from auditlib.findings.apply import flagged_rows
from auditlib.findings.unclear import UNCLEAR
from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.law.policy import Policy, read_policy
from auditlib.runs.originals import keep_place
from auditlib.runs.run_columns import run_tables
from auditlib.tables import audit_tables
from auditlib.tables.audit_tables import AuditTable

FOLDER = TABLES
VERSION = 3
"""Of the tables: counts up when a table or column that readers need is renamed, taken away or added."""
OF_PERSON = (*audit_tables.OF_PERSON, "score")

OF_A_CITY = (
    Text("这是市级复查的结果，没有学生的各表", "this is a city's re-check; it holds no tables of pupils"),
    Text("请打开某个县的自查结果", "open the run of a county's self-check"),
)
CHANGED_TEXTS = (
    Text("打开之后，这次运行又重新写过", "this run has been written anew since it was opened"),
    Text("请重新打开", "open it again"),
)


FOREIGN = (
    Text(
        "输出文件夹里已有这个名字的文件夹，其中有不是本程序写的文件；写出结果会把它整个换掉",
        "the output folder has a folder of this name with files that this program did not write; the results would take its place",
    ),
    Text(
        "请换一个输出文件夹（output_dir），或把它移走",
        "choose another output folder (output_dir), or move it away",
    ),
)


# --- writing -------------------------------------------------------------------------------------------------------


def refuse_foreign(folder: Path, language: str) -> None:
    """Raises AuditError where ``tables`` or ``ledgers`` in ``folder`` hold what no run has written: it would be lost without a word."""
    tables = folder / FOLDER
    if tables.is_dir() and any(tables.iterdir()) and not (tables / VERSION_FILE).is_file():
        place = f"{folder.name}/{FOLDER}"
        raise AuditError(Problem(FOREIGN[0], Text(place, place), FOREIGN[1]), language)
    ledgers = folder / "ledgers"  # of workbooks those that are not a run's are kept when they are replaced
    if ledgers.is_dir() and any(path.suffix != ".xlsx" for path in ledgers.iterdir()):
        place = f"{folder.name}/ledgers"
        raise AuditError(Problem(FOREIGN[0], Text(place, place), FOREIGN[1]), language)


def write_tables(
    engine: Engine, tables: Mapping[str, ir.Table], audit: Audit, into: Path
) -> Mapping[str, Any]:
    """``tables`` (standardised) with their persons, and the audit's, into ``into/tables``; gives what says which they are
    (:func:`write_version`)."""
    folder = into / FOLDER
    folder.mkdir()
    registers = {name: _with_persons(table, audit.identities, name) for name, table in tables.items()}
    declarations = run_tables()
    rows = {
        name: _write(engine, table, declarations[name], folder)
        for name, table in (registers | _others(engine, audit)).items()
    }
    keep_place(folder, audit.parameters.data_dir, audit.parameters.output_dir)
    law = [f"policy-{at}-{file.name}" for at, file in enumerate(audit.policy.files)]
    for name, file in zip(law, audit.policy.files, strict=True):
        shutil.copyfile(file, folder / name)
    return {
        "tables": VERSION,
        "auditlib": auditlib.__version__,
        "policy": law,
        "lacking": {column: list(sheets) for column, sheets in sorted(audit.sheets_lacking.items())},
        "found": {table: sorted(columns) for table, columns in sorted(audit.columns_found.items())},
        "rows": rows,
    }


def carry_tables(run: Path, into: Path) -> Mapping[str, Any]:
    """The tables of ``run`` as they are into ``into/tables``; gives what :func:`write_tables` gives."""
    shutil.copytree(run / FOLDER, into / FOLDER)  # with the time of each file: one sees when it was made
    return _version(run)


def write_version(version: Mapping[str, Any], into: Path, forms: Mapping[str, str]) -> None:
    """Which tables lie in ``into``, beside the manifest there; ``forms``: name to digest of the workbooks that are handed out."""
    complete = {**version, "manifest": _digest(into / MANIFEST), FORMS: dict(forms)}
    text = json.dumps(complete, ensure_ascii=False, indent=1, sort_keys=True)
    (into / FOLDER / VERSION_FILE).write_text(text, "utf-8", newline="\n")


def _with_persons(table: ir.Table, identities: ir.Table, name: str) -> ir.Table:
    if "name" not in table.columns:
        return table
    who = identities.filter(_.table == name).select("source", *OF_PERSON)
    return beside(table, who, "source")


def _others(engine: Engine, audit: Audit) -> dict[str, ir.Table]:
    shares = audit.linked.shares if audit.linked else None
    exceptions = flagged_rows(engine, audit.parameters)
    return {
        UNCLEAR: engine.tables[UNCLEAR],
        "pupils": audit.pupils,
        "eligible": audit.eligible,
        "aid": audit.aid,
        "payees": audit.payees,
        "people": audit.people,
        "standards": audit.standards,
        "school_names": audit.school_names,
        "subjects": exceptions.select("finding_id", "rule", "subject", "person_id", "account_no"),
        "open_pairs": audit.open_pairs,
        "shares": _shares(audit.open_pairs if shares is None else shares),
    }


def _shares(shares: ir.Table) -> ir.Table:
    declaration = run_tables()["shares"].schema
    missing = {name: ibis.null(kind) for name, kind in declaration.items() if name not in shares.columns}
    return shares.mutate(**missing).select(*declaration)


def _write(engine: Engine, table: ir.Table, declaration: AuditTable, folder: Path) -> int:
    """One Parquet file in ``folder``, the same bytes for the same rows: sorted, lists too."""
    declaration.hold(table)
    file = folder / f"{declaration.name}.parquet"
    lists = {name: table[name].sort() for name, kind in table.schema().items() if kind.is_array()}
    rows = engine.backend.compile(table.mutate(**lists) if lists else table)
    keys = ", ".join(f'"{key}"' for key in declaration.key)
    place = str(file).replace("'", "''")
    engine.connection.con.execute(
        f"COPY (SELECT * FROM ({rows}) ORDER BY {keys}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()
    return int(pq.read_metadata(file).num_rows)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RunTables:
    """One run, opened to be looked at: a view per table of its folder, and ``findings``. Nothing here writes."""

    folder: Path
    connection: BaseBackend
    version: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> Path:
        return self.folder / FOLDER

    def table(self, name: str) -> ir.Table:
        """The stored table ``name``, as an expression."""
        return self.connection.table(name)

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """``expression`` as a frame. Raises AuditError where the files have gone or changed since."""
        self.assert_unchanged()
        try:
            return self.connection.to_pandas(expression)
        except duckdb.Error as error:
            raise refusal_of_run(HALF_WRITTEN, self.folder) from error

    def assert_unchanged(self) -> None:
        """Raises AuditError where the run has been written anew since it was opened."""
        if _version(self.folder) != self.version:
            raise _refusal(CHANGED_TEXTS, self.folder)

    @cached_property
    def parameters(self) -> SelfCheck:
        """The run's parameters; its data folder stands as a name alone."""
        manifest_parameters = {**self.manifest["parameters"], "output_dir": str(self.folder)}
        return check_self_check(manifest_parameters, base=self.folder, place=MANIFEST)

    @cached_property
    def policy(self) -> Policy:
        """The law as the run read it."""
        return read_policy([str(self.tables / name) for name in self.version["policy"]], self.tables)

    @property
    def columns_found(self) -> dict[str, frozenset[str]]:
        """Table to the columns that its files had."""
        return {table: frozenset(columns) for table, columns in self.version["found"].items()}

    @property
    def sheets_lacking(self) -> dict[str, tuple[str, ...]]:
        """Table and column to the sheets that did not give it, where others did."""
        return {column: tuple(sheets) for column, sheets in self.version.get("lacking", {}).items()}


def open_run(folder: Path) -> RunTables:
    """The run in ``folder``. Raises AuditError for one that is older, half-written, or being written for the first time."""
    complete_switch(folder)
    version, manifest = _version(folder), read_manifest(folder) or {}
    _assert_whole(folder, version, manifest)
    connection = ibis.duckdb.connect()
    files = {path.stem: path for path in sorted((folder / FOLDER).glob("*.parquet"))}
    try:
        for name, file in {**files, "findings": folder / FINDINGS}.items():
            place = str(file).replace("'", "''")
            connection.con.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{place}')")
    except duckdb.Error as error:
        raise refusal_of_run(HALF_WRITTEN, folder) from error
    return RunTables(folder, connection, version, manifest)


def _assert_whole(folder: Path, version: Mapping[str, Any], manifest: Mapping[str, Any]) -> None:
    state = state_of(folder)
    if "city_code" in (manifest.get("parameters") or {}):
        raise _refusal(OF_A_CITY, folder)
    if state not in (COMPLETE, OLDER, BEING_WRITTEN) or not manifest:
        raise refusal_of_run(HALF_WRITTEN if state == NONE and (folder / FOLDER).exists() else state, folder)
    if version.get("tables") != VERSION:
        raise refusal_of_run(HALF_WRITTEN if not version and (folder / FOLDER).exists() else OLDER, folder)
    lacking = [name for name in version["rows"] if not (folder / FOLDER / f"{name}.parquet").is_file()]
    if lacking or version["manifest"] != _digest(folder / MANIFEST):
        raise refusal_of_run(HALF_WRITTEN, folder)


def _version(folder: Path) -> dict[str, Any]:
    """What tables/version.json holds; empty where it is missing or holds no mapping."""
    return read_mapping(folder / FOLDER / VERSION_FILE) or {}


def _refusal(problem: tuple[Text, Text], folder: Path) -> AuditError:
    return AuditError(Problem(problem[0], Text(folder.name, folder.name), problem[1]))
