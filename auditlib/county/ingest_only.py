"""``auditlib ingest``: read and check the files, write ingest.json, say everything that is wrong at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from auditlib.base.errors import AuditError
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.county import self_check
from auditlib.ingest import SheetReport, accounting
from auditlib.law.parameters import SelfCheck
from auditlib.tables.wording import word

INGEST = "ingest.json"

FILE = "ingest.json"
HIDDEN = Text(
    "{file}{sheet}：{n} 行在表格中是隐藏的（筛选或手工隐藏），也已读入；如不应核对，请报送单位删去后重报",
    "{file}{sheet}: {n} rows that the spreadsheet hides (by a filter, or by hand) were read; if they are not meant, ask for a file without them",
)


def _hidden(file: str, sheet: SheetReport) -> Text:
    name = f" › {scrub(sheet.name)}" if sheet.name else ""
    return HIDDEN.fill(file=scrub(file), sheet=name, n=len(sheet.hidden_rows))


def write_ingest(parameters: SelfCheck, tell: Callable[[str], None] = lambda step: None) -> Path:
    """ingest.json in the run's folder, also when the files have problems. Raises AuditError with all of them after.

    ``tell`` hears the name of each table once its files have been read, and is being standardised.
    """
    language = parameters.language
    run = self_check.begin(parameters)
    registers, problems = self_check.read_all(run, lambda table: tell(word(table, language)))
    said = [problem.into(parameters.language) for problem in problems]
    report = accounting.ingest_report(registers.delivery, registers.rejected, registers.defects, said)
    with together(parameters.output_dir, language=language) as into:
        accounting.write_json(report, into / INGEST)
    for file_report in registers.delivery.files:
        for sheet in file_report.sheets:
            if sheet.hidden_rows:
                print(_hidden(file_report.file, sheet).into(language), file=sys.stderr)
    if problems:
        raise AuditError(problems, language)
    return parameters.output_dir / INGEST
