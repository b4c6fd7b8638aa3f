"""What a run writes: first beside the old files, then all put in their place, so that nothing is half-written."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from auditlib.audit.assemble import Audit
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.county.self_check import Registers, Run
from auditlib.decisions.dispositions import FILE as DECISIONS
from auditlib.decisions.dispositions import read_dispositions, with_dispositions, write_dispositions
from auditlib.decisions.read_back import ReadBack, read_back_all, unread
from auditlib.findings.results import Results
from auditlib.forms.review import write_review
from auditlib.forms.worklist import write_worklist
from auditlib.ingest import accounting
from auditlib.linkage.judgements import read_decisions
from auditlib.package import fingerprints, packed, tokens
from auditlib.package.keys import Keys, county_keys, public_pem
from auditlib.report import scheme_titles
from auditlib.runs.run_tables import write_tables

FINDINGS = "findings.parquet"
NO_CLOCK = b"2000-01-01T00:00:00Z"  # written into every workbook as the time of its making
_SAVED = re.compile(rb">([0-9T:Z-]{10,})</dcterms:(?:created|modified)>")
WRITTEN = Text("已写出", "Written")


@dataclass(frozen=True)
class Written:
    """The files a run has written, for showing."""

    files: tuple[str, ...]
    language: str
    said: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join([f"{WRITTEN.into(self.language)}: {', '.join(self.files)}", *self.said])


@dataclass(frozen=True)
class Prepared:
    """A run's files on their way: all of them made, none in its place yet."""

    made: Future[Callable[[], Written]]

    def put_in_place(self) -> Written:
        """Every file in its place, or none. Raises what went wrong while they were made."""
        return self.made.result()()


def with_decisions(run: Run, results: Results) -> Results:
    """``results`` with the decisions made so far, in this run's folder and those of earlier runs.

    Those in filled-in working lists are entered first. Raises AuditError with every cell that is refused.
    """
    read_lists(run, results)
    folders = [*run.parameters.previous, run.parameters.output_dir]
    return replace(results, findings=with_dispositions(results.findings, read_dispositions(folders)))


def read_lists(run: Run, results: Results) -> list[ReadBack]:
    """The filled-in lists in the run's folder entered in its ledger; a second time gives the same answer."""
    folder, previous = run.parameters.output_dir, run.parameters.previous
    known = set(results.findings["finding_id"]) | set(read_dispositions([folder, *previous])["finding_id"])
    known |= findings_before(folder / FINDINGS)
    return read_back_all(folder, previous=previous, known=known, language=run.parameters.language)


def findings_before(file: Path) -> set[str]:
    """The findings of the run before; none where its file is gone or damaged: it is written anew in any case."""
    try:
        return set(pd.read_parquet(file, columns=["finding_id"])["finding_id"])
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return set()


def write_outputs(run: Run, registers: Registers, audit: Audit, results: Results) -> Written:
    """All files but notebook and report into the run's folder (contract 6)."""
    return _prepared(run, registers, audit, results)()


def prepare_outputs(run: Run, registers: Registers, audit: Audit, results: Results) -> Prepared:
    """The same, made while the report is being shown and put in place at its end; the engine is busy meanwhile."""
    thread = ThreadPoolExecutor(1, "outputs")
    made = thread.submit(_prepared, run, registers, audit, results)
    thread.shutdown(wait=False)
    return Prepared(made)


def _prepared(run: Run, registers: Registers, audit: Audit, results: Results) -> Callable[[], Written]:
    """Makes the files; what it gives puts them in their place."""
    folder, language = run.parameters.output_dir, run.parameters.language
    entered = [text for each in read_lists(run, results) for text in each.said()]
    lists = [text.into(language) for text in (*entered, *unread(folder))]
    kept = keep_filled_in(folder / "findings.xlsx") + keep_filled_in(folder / "review.xlsx")
    keys = county_keys(run.parameters.county_code)
    # Said first, needed last: hashed while the other files are written.
    prints = run.engine.keep("fingerprints", fingerprints.fingerprints(registers.tables, keys.fingerprint))
    told = tokens.token_rows(run.engine, audit, results.findings, keys.fingerprint)
    persons = run.engine.keep("person_tokens", told)
    with ExitStack() as incoming:
        into = incoming.enter_context(together(folder, "run"))
        run.engine.write_findings(results.findings, into / FINDINGS)
        write_worklist(
            results.findings,
            into / "findings.xlsx",
            parameters=results.parameters,
            language=language,
            schemes=scheme_titles(results.standards, language),
            uncovered=results.uncovered,
        )
        decided = read_decisions([*run.parameters.previous, folder], language)
        write_review(run.engine, audit, into / "review.xlsx", language, decided)
        accounting.write_json(results.manifest, into / "manifest.json")
        report = accounting.ingest_report(registers.delivery, registers.rejected, registers.defects, [])
        accounting.write_json(report, into / "ingest.json")
        decisions = read_dispositions([*run.parameters.previous, folder])
        _write_package(run, keys, (prints, persons), results, decisions, into)
        write_tables(run.engine, registers.tables, audit, into)
        files = sorted([DECISIONS, *(path.name for path in into.iterdir())])
        said = (*lists, *(text.into(language) for text in keys.said))
        ready = incoming.pop_all()

    def put_in_place() -> Written:
        ready.close()
        # Appended, not put in its place: somebody may have decided while the other files were written.
        write_dispositions(decisions, folder)
        return Written((*files, *kept), language, said)

    return put_in_place


def _write_package(
    run: Run,
    keys: Keys,
    hashed: tuple[ir.Table, ir.Table],
    results: Results,
    decisions: pd.DataFrame,
    into: Path,
) -> None:
    """package.zip, the public key beside it. ``hashed``: fingerprints and tokens."""
    prints, persons = hashed
    content = packed(
        findings=results.findings,
        decisions=decisions,
        rows=fingerprints.written(run.engine, prints),
        persons=tokens.listed(run.engine, persons),
        manifest=(into / "manifest.json").read_bytes(),
        parameters=results.parameters,
        keys=keys,
    )
    (into / "package.zip").write_bytes(content)
    public = keys.signing.public_key()
    (into / f"public-key-{run.parameters.county_code}.pem").write_bytes(public_pem(public))


def keep_filled_in(sheet: Path) -> tuple[str, ...]:
    """A sheet of an earlier run that was saved since, or cannot be read, is put aside, never lost.

    The name of the copy tells its content, so that the same sheet is kept once.
    """
    if not sheet.is_file() or _is_as_written(sheet):
        return ()
    digest = hashlib.sha256(sheet.read_bytes()).hexdigest()[:8]
    copy = sheet.with_name(f"{sheet.stem}-filled-in-{digest}.xlsx")
    shutil.copyfile(sheet, copy)
    return (copy.name,)


def _is_as_written(sheet: Path) -> bool:
    """Has no program saved the workbook since a run wrote it? Runs know no clock, every program that saves does."""
    try:
        with zipfile.ZipFile(sheet) as parts:
            times = _SAVED.findall(parts.read("docProps/core.xml"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return False
    return len(times) == len(("created", "modified")) and set(times) == {NO_CLOCK}
