"""What rules may ask of a run's parameters, and no more."""

from __future__ import annotations

from pathlib import Path

from auditlib.law.parameters import SelfCheck


def of_rules(parameters: SelfCheck) -> SelfCheck:
    """``parameters`` with what is no choice of a rule empty: equal for all counties with the same choices."""
    return SelfCheck(
        county_code="",
        county_name="",
        term=parameters.term,
        count_date=parameters.count_date,
        data_dir=Path(),
        sources={},
        policy=[],
        enrolment_covers=parameters.enrolment_covers,
        thresholds=parameters.thresholds,
        output_dir=Path(),
        language=parameters.language,
        ages=parameters.ages,
        answers_for=parameters.answers_for,
    )
