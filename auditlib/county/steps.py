"""The steps as the notebook takes them: each done, or passed over where the answer of the run before it stands."""

from __future__ import annotations

from dataclasses import dataclass

from auditlib.audit.assemble import Audit
from auditlib.base.helper_process import Helper
from auditlib.county import outputs, self_check
from auditlib.county.answer import Answer, ground_of, standing_answer
from auditlib.county.outputs import Prepared, with_decisions
from auditlib.county.self_check import Intake, Run
from auditlib.findings.apply import RuleRun
from auditlib.findings.results import Results
from auditlib.law.parameters import SelfCheck


@dataclass(frozen=True)
class NotebookRun(Run):
    """A run, the ground that its answer rests on, and the ``answer`` that stands on it already; None where there is none.

    ``helper``: the process that will write the workbooks.
    """

    ground: str
    answer: Answer | None
    helper: Helper


def begin(parameters: SelfCheck) -> NotebookRun:
    """As :func:`auditlib.county.self_check.begin`; the answer of the run before it in the same folder stands where files,
    parameters, law, judgements and program are the very same."""
    helper, run = outputs.ready_helper(), self_check.begin(parameters)
    ground = ground_of(run)
    return NotebookRun(run.parameters, run.policy, run.engine, ground, standing_answer(run, ground), helper)


def ingest(run: NotebookRun) -> Intake | None:
    """As :func:`auditlib.county.self_check.ingest`; None where an answer stands."""
    return None if run.answer else self_check.ingest(run)


def link(run: NotebookRun, registers: Intake | None) -> Audit | None:
    """As :func:`auditlib.county.self_check.link`; None where an answer stands."""
    return self_check.link(run, registers) if registers else None


def check(run: NotebookRun, audit: Audit | None) -> list[RuleRun]:
    """As :func:`auditlib.county.self_check.check`; nothing where an answer stands."""
    return self_check.check(run, audit) if audit else []


def sum_up(
    run: NotebookRun, registers: Intake | None, audit: Audit | None, outcomes: list[RuleRun]
) -> Results:
    """The findings, counts and conclusion, with the decisions made so far."""
    if registers and audit:
        return with_decisions(run, self_check.sum_up(run, registers, audit, outcomes))
    return with_decisions(run, _answer(run).results)


def prepare_outputs(
    run: NotebookRun, registers: Intake | None, audit: Audit | None, results: Results
) -> Prepared:
    """As :func:`auditlib.county.outputs.prepare_outputs`; what no decision changes as it lies there, where an answer stands."""
    if registers and audit:
        return outputs.prepare_outputs(run, registers, audit, results, run.ground, run.helper)
    return outputs.prepare_again(run, _answer(run), results, run.helper)


def _answer(run: NotebookRun) -> Answer:
    if run.answer is None:
        raise ValueError("registers and audit are those of this run, or an answer stands")
    return run.answer
