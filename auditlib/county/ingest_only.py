"""``auditlib ingest``: read and check the files, write ingest.json, say everything that is wrong at once."""

from __future__ import annotations

import sys
from pathlib import Path

from auditlib.base.errors import AuditError
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.county import self_check
from auditlib.ingest import SheetReport, accounting
from auditlib.law.parameters import SelfCheck

FILE = "ingest.json"
HIDDEN = Text(
    "{file}{sheet}：{n} 行在表格中是隐藏的（筛选或手工隐藏），也已读入；如不应核对，请报送单位删去后重报",
    "{file}{sheet}: {n} rows that the spreadsheet hides (by a filter, or by hand) were read; if they are not meant, ask for a file without them",
)


def _hidden(file: str, sheet: SheetReport) -> Text:
    name = f" › {scrub(sheet.name)}" if sheet.name else ""
    return HIDDEN.fill(file=scrub(file), sheet=name, n=len(sheet.hidden_rows))


def write_ingest(parameters: SelfCheck) -> Path:
    """ingest.json in the run's folder, also when the files have problems. Raises AuditError with all of them after."""
    run = self_check.begin(parameters)
    registers, problems = self_check.read_all(run)
    said = [problem.into(parameters.language) for problem in problems]
    report = accounting.ingest_report(registers.delivery, registers.rejected, registers.defects, said)
    with together(parameters.output_dir, "ingest") as into:
        accounting.write_json(report, into / FILE)
    for file_report in registers.delivery.files:
        for sheet in file_report.sheets:
            if sheet.hidden_rows:
                print(_hidden(file_report.file, sheet).into(parameters.language), file=sys.stderr)
    if problems:
        raise AuditError(problems, parameters.language)
    return parameters.output_dir / FILE
