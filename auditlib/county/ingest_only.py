"""``auditlib ingest``: read and check the files, write ingest.json, say everything that is wrong at once."""

from __future__ import annotations

from pathlib import Path

from auditlib.base.errors import AuditError
from auditlib.base.files import together
from auditlib.county import self_check
from auditlib.ingest import accounting
from auditlib.law.parameters import SelfCheck

FILE = "ingest.json"


def write_ingest(parameters: SelfCheck) -> Path:
    """ingest.json in the run's folder, also when the files have problems. Raises AuditError with all of them after."""
    run = self_check.begin(parameters)
    registers, problems = self_check.read_all(run)
    said = [problem.into(parameters.language) for problem in problems]
    report = accounting.ingest_report(registers.delivery, registers.rejected, registers.defects, said)
    with together(parameters.output_dir, "ingest") as into:
        accounting.write_json(report, into / FILE)
    if problems:
        raise AuditError(problems, parameters.language)
    return parameters.output_dir / FILE
