"""What a run writes: first beside the old files, then all put in their place, so that nothing is half-written."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from auditlib import accounting
from auditlib.dispositions import read_dispositions, with_dispositions, write_dispositions
from auditlib.errors import AuditError
from auditlib.files import together
from auditlib.language import Text
from auditlib.matching.decisions import read_decisions
from auditlib.registers import Audit
from auditlib.report import scheme_titles
from auditlib.results import Results
from auditlib.review import write_review
from auditlib.self_check import Registers, Run
from auditlib.worklist import read_worklist, write_worklist

WRITTEN = Text("已写出", "Written")


@dataclass(frozen=True)
class Written:
    """The files a run has written, for showing."""

    files: tuple[str, ...]
    language: str

    def __repr__(self) -> str:
        return f"{WRITTEN.into(self.language)}: {', '.join(self.files)}"


def with_decisions(run: Run, results: Results) -> Results:
    """``results`` with the decisions made so far, in this run's folder and those of earlier runs."""
    folders = [*run.parameters.previous, run.parameters.output_dir]
    return replace(results, findings=with_dispositions(results.findings, read_dispositions(folders)))


def write_outputs(run: Run, registers: Registers, audit: Audit, results: Results) -> Written:
    """All files but notebook and report into the run's folder (contract 6)."""
    folder, language = run.parameters.output_dir, run.parameters.language
    kept = keep_filled_in(folder / "findings.xlsx")
    with together(folder, "run") as into:
        run.engine.write_findings(results.findings, into / "findings.parquet")
        write_worklist(
            results.findings,
            into / "findings.xlsx",
            parameters=results.parameters,
            language=language,
            schemes=scheme_titles(results.standards, language),
        )
        decided = read_decisions([*run.parameters.previous, folder], language)
        write_review(run.engine, audit, into / "review.xlsx", language, decided)
        accounting.write_json(results.manifest, into / "manifest.json")
        report = accounting.ingest_report(registers.delivery, registers.rejected, registers.defects, [])
        accounting.write_json(report, into / "ingest.json")
        files = tuple(sorted(path.name for path in into.iterdir()))
    write_dispositions(read_dispositions([*run.parameters.previous, folder]), folder)
    return Written((*files, "dispositions.csv", *kept), language)


def keep_filled_in(worklist: Path) -> tuple[str, ...]:
    """A working list of an earlier run that somebody has filled in, or that cannot be read, is put aside, never lost.

    The name of the copy tells its content, so that the same list is kept once.
    """
    if not worklist.exists():
        return ()
    try:
        untouched = read_worklist(worklist).empty
    except AuditError:
        untouched = False
    if untouched:
        return ()
    digest = hashlib.sha256(worklist.read_bytes()).hexdigest()[:8]
    copy = worklist.with_name(f"findings-filled-in-{digest}.xlsx")
    shutil.copyfile(worklist, copy)
    return (copy.name,)
