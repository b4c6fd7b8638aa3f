"""``auditlib ingest``: read and check the files, write ingest.json, say everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from auditlib.base.errors import AuditError
from auditlib.base.files import together
from auditlib.county import self_check
from auditlib.ingest import accounting
from auditlib.law.parameters import SelfCheck
from auditlib.tables.wording import word

INGEST = "ingest.json"


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
    if problems:
        raise AuditError(problems, language)
    return parameters.output_dir / INGEST
