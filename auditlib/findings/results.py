"""What a run found, as frames: the one value that report, working list and manifest are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from auditlib.tables.findings import PARTICULARS

UNCOVERED_COLUMNS = ("state", "name", "id_number", "student_no", "town", "school_name", "records")

OUT_OF_SCHOOL = ("kind", "name", "id_number", "student_no", "town", "school_name")

UNCLEAR = ("judged", "why", "name", "id_number", "student_no", "town", "school_name", "records")


@dataclass(frozen=True)
class Results:
    """Everything that is shown of a run. Money is ``Decimal`` yuan. Nothing here is masked.

    - ``parameters``: the run's parameters as written in the parameter file (term, county_name, count_date,
      thresholds, language, …).
    - ``findings``: the columns of contract 6 (``finding_id`` … ``disposition``), sorted by rule, then ``at_stake``
      downwards, then ``finding_id``. ``records`` is a list of ``table:source``.
    - ``rules``: one row a rule, in catalogue order: ``rule, family, severity, status`` (``run`` or ``not_run``),
      ``not_run_reason`` (what is missing: ``payments.pay_date``), ``population, tested, untested, exceptions``
      (int), ``at_stake`` (Decimal). Titles, criteria and innocent explanations: ``auditlib.rules.RULES[rule]``.
    - ``untested``: ``rule, reason`` (code), ``rows`` (int).
    - ``funnel``: one row a file: ``table, file, rows_read, left_out, rejected, used``.
    - ``left_out``: ``table, file, kind`` (``left_out`` or ``rejected``), ``reason`` (code), ``rows``.
    - ``defects``: ``table, column, reason, rows``: cells that could not be read.
    - ``links``: ``table, decided_by, rows``: who was found by which key (``none``: not found in the register).
    - ``conclusion``: pupils and yuan, see :mod:`auditlib.findings.conclusion`.
    - ``tie_out``: one row a printed total: ``term, category, scheme`` (None = all), ``printed_persons,
      detail_persons, printed_amount, detail_amount, tolerance, persons_agree, amount_agree`` (bool or None),
      ``source``.
    - ``standards``: ``scheme, scheme_title_zh, scheme_title_en, stage, category`` (None = any), ``minimum,
      maximum, average`` (Decimal or None), ``since`` (date), ``mandatory`` (bool), ``policy_ref``.
    - ``by_school`` / ``by_town``: ``school_name`` / ``town, pupils`` (paid or entitled), ``findings, missed``
      (findings of family missed), ``at_stake``.
    - ``manifest``: what manifest.json holds.
    - ``children``: what became of each eligible child: ``age_group, state, uncovered, pupils``, see
      :mod:`auditlib.findings.children`; ``uncovered``: the children who have left and whom nothing names, by name (UNCOVERED; not masked).
    - ``paid_children``: ``figure`` (``aid.…``, None), ``pupils``: how the conclusion counts the account's paid children
      (:func:`auditlib.findings.conclusion.paid_children`).
    - ``out_of_school``: whom records and ledgers know to be away, by name (OUT_OF_SCHOOL; not masked), see
      :func:`auditlib.findings.whereabouts.out_of_school`.
    - ``sheets``: how each sheet was understood (:class:`auditlib.ingest.accounts.sheet_account.SheetAccount`).
    - ``unknown_schools``: ``table, school_name, pupils, rows``: names in no directory and no register.
    - ``unclear``: who cannot be judged, and whose number was cut, by name (UNCLEAR; not masked), see :mod:`auditlib.findings.unclear`.
    - ``whereabouts``: rates, schools without a roster, children without a record by kind, see :mod:`auditlib.findings.whereabouts`.
    - ``numbers``: finding_id -> the number that people see (疑点编号), see :mod:`auditlib.findings.finding_numbers`.
    - ``particulars``: ``finding_id`` and what the rows of each finding tell (:mod:`auditlib.findings.particulars`).
    - ``linkage``: what the model did, see :func:`auditlib.audit.link_summary.link_summary`.
    """

    parameters: Mapping[str, Any]
    findings: pd.DataFrame
    rules: pd.DataFrame
    untested: pd.DataFrame
    funnel: pd.DataFrame
    left_out: pd.DataFrame
    defects: pd.DataFrame
    links: pd.DataFrame
    conclusion: Mapping[str, Any]
    tie_out: pd.DataFrame
    standards: pd.DataFrame
    by_school: pd.DataFrame
    by_town: pd.DataFrame
    manifest: Mapping[str, Any]
    linkage: Mapping[str, Any] = field(default_factory=dict)
    children: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["age_group", "state", "uncovered", "pupils"])
    )
    sheets: Sequence[Any] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    unknown_schools: pd.DataFrame = field(default_factory=pd.DataFrame)
    uncovered: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNCOVERED_COLUMNS)))
    paid_children: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["figure", "pupils"]))
    out_of_school: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OUT_OF_SCHOOL)))
    unclear: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNCLEAR)))
    whereabouts: Mapping[str, Any] = field(default_factory=dict)
    particulars: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["finding_id", *PARTICULARS])
    )
