"""The county's self-check, step by step: what the notebook calls, in the order of the audit programme."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit, assemble
from auditlib.audit.last_term import digest_of
from auditlib.audit.link_summary import link_summary
from auditlib.audit.living_aid import with_schemes
from auditlib.audit.payment_lists import join_lists, same_money
from auditlib.audit.printed_twice import printed_twice
from auditlib.audit.questions import questions_of
from auditlib.audit.tie_out import tie_out
from auditlib.audit.unknown_schools import unknown_schools
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.base.errors import AuditError, Problem, UsageError
from auditlib.base.faults import in_words
from auditlib.base.language import Text
from auditlib.base.places import ROOT
from auditlib.base.plans import Plans, tables_there
from auditlib.base.statements import statements
from auditlib.base.strict_values import wrong
from auditlib.county.manifest import manifest
from auditlib.findings.apply import RuleRun, apply_rules, findings, refuse_nothing, summary, untested
from auditlib.findings.children import children, uncovered_rows
from auditlib.findings.conclusion import conclude, paid_children
from auditlib.findings.in_trouble import in_trouble, is_away, is_missed, worst_places
from auditlib.findings.particulars import particulars
from auditlib.findings.results import Results
from auditlib.findings.unclear import ORDER, PERSON, UNCLEAR, unclear
from auditlib.findings.whereabouts import out_of_school, out_of_school_rows, whereabouts
from auditlib.forms.review_reading import read_judgements
from auditlib.ingest import Delivery, deliver
from auditlib.ingest.accounts import accounting
from auditlib.ingest.accounts.empty_tables import empty_table_problems, without_empty_tables
from auditlib.ingest.accounts.losses import losses
from auditlib.ingest.accounts.other_terms import other_terms
from auditlib.ingest.accounts.persons_in_names import with_persons_hidden
from auditlib.ingest.accounts.sheet_account import SheetAccount, sheet_accounts
from auditlib.ingest.cleaning.column_readings import readings
from auditlib.ingest.cleaning.standardise import defects, not_delivered, standardise
from auditlib.ingest.cleaning.unknown_values import unknown_values
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import Policy, in_force, read_policy
from auditlib.linkage import exact as linkage
from auditlib.linkage.judgements import Judgement
from auditlib.linkage.ledgers import NAMED_TABLES, link_ledgers
from auditlib.rules import RULES
from auditlib.runs.run_tables import refuse_foreign
from auditlib.tables.delivered import TABLES, Table
from auditlib.tables.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True)
class Intake:
    """The delivered files and the typed tables made of them."""

    delivery: Delivery
    tables: Mapping[str, ir.Table]
    rejected: pd.DataFrame
    defects: pd.DataFrame
    readings: pd.DataFrame
    unknown_schools: pd.DataFrame

    def sheets(self) -> tuple[SheetAccount, ...]:
        """How every sheet of every file was understood."""
        return sheet_accounts(self.delivery, self.readings, self.rejected)


@dataclass(frozen=True)
class Run:
    """One run: its parameters, its law, and its engine."""

    parameters: SelfCheck
    policy: Policy
    engine: Engine


def begin(parameters: SelfCheck) -> Run:
    """A run with the policy read and an engine at hand.

    Raises UsageError for a policy that cannot be read, AuditError for a folder that cannot be made.
    """
    # Expressions are many small objects that live to the end; collecting garbage in between only costs time.
    gc.set_threshold(1_000_000)
    # The engine's worker asks for the interpreter after every call: at the usual 5 ms it mostly waits for it.
    sys.setswitchinterval(0.0005)
    policy = read_policy(parameters.policy, ROOT)
    with in_words(parameters.language):
        engine = duckdb_engine(
            statements=statements(), memory_limit=parameters.memory_limit, spill_dir=parameters.spill_dir
        )
    return Run(parameters, policy, engine)


def ingest(run: Run) -> Intake:
    """The files read and standardised. Raises AuditError with every problem of every file at once."""
    registers, problems = read_all(run)
    if problems:
        raise AuditError(problems, run.parameters.language)
    return registers


def read_all(
    run: Run,
    tell: Callable[[str], None] = lambda table: None,
    missing: Mapping[str, Collection[str]] | None = None,
) -> tuple[Intake, list[Problem]]:
    """What could be read, and everything that stops the run: of files, sheets, headers and values.

    ``tell`` hears of each table once its files have been read. ``missing``: columns, by table, that are read as if the
    files did not have them.
    """
    p, words = run.parameters, vocabulary(run.policy, run.parameters.values)
    delivery, typed_tables = _read_delivery(run, words, tell, missing or {})
    questions = empty_table_problems(delivery, p.empty_tables)
    delivery = without_empty_tables(delivery, p.empty_tables)
    rowless_tables = {n: not_delivered(run.engine, t) for n, t in TABLES.items() if n not in typed_tables}
    tables = {name: {**typed_tables, **rowless_tables}[name] for name in TABLES}
    tables = with_schemes(run.engine, tables, words)
    read = {name: table for name, table in tables.items() if name in typed_tables} or tables
    plans = Plans(run.engine, "ingest", tables_there(run.engine), [*read])
    unsound = plans.keep("defects", lambda: ibis.union(*(defects(read[name], TABLES[name]) for name in read)))
    refused_rows = plans.keep("rejected_rows", lambda: accounting.rejected_rows(read))
    strange = plans.keep("unknown_schools", lambda: unknown_schools(run.engine, tables))
    plans.save()
    questions += unknown_values(run.engine, words)
    questions += other_terms(run.engine, tables, delivery, p.term, p.empty_tables)
    questions += same_money(run.engine, tables["payments"], delivery)
    questions += printed_twice(run.engine, tables["control_totals"], delivery)
    tables, columns_found = join_lists(run.engine, tables, delivery.columns_found)
    registers = Intake(
        replace(delivery, columns_found=columns_found),
        tables,
        run.engine.fetch(refused_rows).sort_values(["table", "source"], ignore_index=True),
        run.engine.fetch(unsound).sort_values(["table", "source", "column"], ignore_index=True),
        readings(run.engine, delivery),
        run.engine.fetch(strange).sort_values(
            ["pupils", "table", "school_name"], ascending=[False, True, True], ignore_index=True
        ),
    )
    questions += losses(run.engine, delivery, registers.readings, registers.rejected, p.lost_share)
    return registers, with_persons_hidden(delivery, questions)


def _read_delivery(
    run: Run, words: Vocabulary, tell: Callable[[str], None], lacking: Mapping[str, Collection[str]]
) -> tuple[Delivery, dict[str, ir.Table]]:
    """The files as read, and the typed tables of those that ``sources`` name: one is computed while the files of the next are
    being read."""
    p, typed_tables = run.parameters, dict[str, ir.Table]()

    def standardise_table(name: str, frame: pd.DataFrame) -> None:
        tell(name)
        raw = _raw(run.engine, TABLES[name], frame.drop(columns=[*lacking.get(name, ())], errors="ignore"))
        typed_tables[name] = standardise(run.engine, raw, TABLES[name], words, p.term)

    delivery = deliver(
        p.data_dir,
        p.sources,
        p.columns,
        words=words,
        on_table=standardise_table,
        term=p.term,
        constants=p.constants,
        not_needed=p.not_needed,
    )
    columns_left = {
        name: columns - frozenset(lacking.get(name, ())) for name, columns in delivery.columns_found.items()
    }
    return replace(delivery, columns_found=columns_left), typed_tables


def _raw(engine: Engine, table: Table, frame: pd.DataFrame) -> ir.Table:
    """The cells as read, all text; a table that was not delivered has no rows."""
    companions = [
        f"{c.name}_{c.kind.companion}" for c in table.columns if c.kind.companion in ("unit", "coding")
    ]
    columns = ["source", *table.by_name, *companions]
    return engine.load(f"{table.name}_raw", frame.reindex(columns=columns), dict.fromkeys(columns, "string"))


def link(run: Run, registers: Intake, judgements: Sequence[Judgement] | None = None) -> Audit:
    """One person across the registers, and the tables that the rules stand on; ``judgements``: None for those of the run's
    folders."""
    thresholds = run.parameters.thresholds
    limits = linkage.Limits(thresholds.link_accept, thresholds.link_review)
    if judgements is None:
        folders = [*run.parameters.previous, run.parameters.output_dir]
        judgements = read_judgements(folders, run.parameters.language)
    columns_found = registers.delivery.columns_found
    linked = linkage.link(run.engine, dict(registers.tables), limits, judgements)
    linked = link_ledgers(
        run.engine, registers.tables, linked, [name for name in columns_found if columns_found[name]]
    )
    return assemble(
        run.engine,
        dict(registers.tables),
        linked,
        run.policy,
        run.parameters,
        registers.delivery.columns_found,
        registers.delivery.sheets_lacking,
    )


def check(run: Run, audit: Audit) -> list[RuleRun]:
    """Every rule of the catalogue over its population."""
    outcomes = apply_rules(run.engine, audit)
    refuse_nothing(outcomes, run.parameters.language)
    return outcomes


def sum_up(
    run: Run, registers: Intake, audit: Audit, outcomes: list[RuleRun], *, with_particulars: bool = True
) -> Results:
    """Findings, counts and the conclusion, as frames. ``with_particulars``: for who shows or hands out the findings."""
    findings_table = _findings(run, audit, outcomes)
    rules = _rules(run, outcomes)
    frames: dict[str, Any] = {
        "parameters": run.parameters.as_json(),
        "findings": run.engine.fetch(findings_table.order_by("rule", _.at_stake.desc(), "finding_id")),
        "rules": rules,
        "untested": largest_first(run.engine.fetch(untested(run.engine)), "rule"),
        "funnel": accounting.funnel(registers.delivery, registers.rejected),
        "sheets": registers.sheets(),
        "unknown_schools": registers.unknown_schools,
        "left_out": accounting.left_out(registers.delivery, registers.rejected),
        "defects": _counted_rows(registers.defects),
        "links": _links(run, audit),
        "tie_out": tie_out(run.engine, audit),
        "standards": in_force(run.policy, run.parameters.term),
    }
    if with_particulars:
        frames["particulars"] = _particulars(run, audit, findings_table)
    frames |= conclude(run.engine, audit, frames["findings"], rules)
    frames["linkage"] = link_summary(run.engine, audit)
    children_frames, trouble = _children(run, audit, outcomes)
    frames |= children_frames
    frames["whereabouts"] = whereabouts(run.engine, audit, frames["findings"])
    has_registers = all(audit.columns_found.get(register) for register in ("eligibility", "enrolment"))
    if frames["conclusion"]["not_tested"] is not None:
        frames["conclusion"]["not_tested"] = int((~frames["unclear"]["judged"].astype(bool)).sum())
    frames["conclusion"]["uncovered"] = len(frames["uncovered"]) if has_registers else None
    frames["conclusion"] |= trouble
    frames["manifest"] = manifest(
        run.parameters, run.policy, registers.delivery, frames, _last_term(run, audit)
    )
    run.engine.keep_statements()
    return Results(**frames)


def _findings(run: Run, audit: Audit, outcomes: list[RuleRun]) -> ir.Table:
    ran = [outcome.rule.id for outcome in outcomes if outcome.population is not None]
    questions = questions_of(run.engine, audit, "findings", ran)
    table = questions.keep("findings", lambda view: findings(run.engine, view, outcomes))
    questions.plans.save()
    return table


def _particulars(run: Run, audit: Audit, findings_table: ir.Table) -> pd.DataFrame:
    """What the rows of each finding tell beside its own columns."""
    rows = {name: audit.rows[name] for name in NAMED_TABLES if name in audit.rows}
    schools, language = audit.rows["schools"], run.parameters.language
    plans = questions_of(run.engine, audit, "particulars").plans
    frame = particulars(plans.fetch, findings_table, rows, audit.pupils, language, schools)
    plans.save()
    return frame


def _last_term(run: Run, audit: Audit) -> str:
    return "" if audit.last_term is None else digest_of(run.engine, audit.last_term)


def _children(
    run: Run, audit: Audit, outcomes: list[RuleRun]
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Every eligible child in one line of an account; by name those whom nothing places, those who cannot be judged and
    those known to be away; and how many children are in trouble, each counted once."""
    populations = {o.rule.id: o.population for o in outcomes if o.population is not None}
    missed = {rule: population for rule, population in populations.items() if is_missed(rule)}
    away = {rule: population for rule, population in populations.items() if is_away(rule)}
    questions = questions_of(run.engine, audit, "children", [*missed], [*away])
    account = questions.keep("children", lambda view: children(view, missed | away))
    unclear_people = questions.keep(UNCLEAR, lambda view: unclear(view, missed, account))
    out = questions.keep("out_of_school", out_of_school)
    state_counts = account.group_by("age_group", "state", "uncovered").agg(pupils=_.count())
    frames = {
        "children": run.engine.fetch(state_counts.order_by("age_group", "uncovered", "state")),
        "paid_children": questions.fetch("paid_children", lambda view: paid_children(view, account)),
        "uncovered": questions.fetch("uncovered", lambda view: uncovered_rows(view, account)),
        "out_of_school": questions.fetch("out_of_school_rows", lambda view: out_of_school_rows(view, out)),
        "unclear": run.engine.fetch(unclear_people.order_by(*ORDER).select(*PERSON)),
    }
    trouble = in_trouble(
        questions.fetch("in_trouble", lambda view: worst_places(missed, away, account, unclear_people, out))
    )
    questions.plans.save()
    return frames, trouble


def _rules(run: Run, outcomes: list[RuleRun]) -> pd.DataFrame:
    rule_counts = run.engine.fetch(summary(run.engine)).set_index("rule")
    frame = pd.DataFrame(
        [
            {
                "rule": outcome.rule.id,
                "family": outcome.rule.family,
                "severity": outcome.rule.severity,
                "status": "not_run" if outcome.population is None else "run",
                "not_run_reason": outcome.not_run,
            }
            for outcome in outcomes
        ]
    )
    for column in ("population", "tested", "exceptions"):
        frame[column] = frame["rule"].map(rule_counts[column]).fillna(0).astype(int)
    frame["untested"] = frame["population"] - frame["tested"]
    frame["at_stake"] = [rule_counts["at_stake"].get(rule, 0) for rule in frame["rule"]]
    return frame


def _counted_rows(unsound: pd.DataFrame) -> pd.DataFrame:
    keys = ["table", "column", "reason"]
    defect_counts = unsound.groupby(keys, as_index=False).size().rename(columns={"size": "rows"})
    return largest_first(defect_counts, "table")


def largest_first(counted: pd.DataFrame, group: str) -> pd.DataFrame:
    """Within each ``group`` the reason of most rows first."""
    rest = [column for column in counted.columns if column not in (group, "rows")]
    order = [group, "rows", *rest]
    return counted.sort_values(order, ascending=[name != "rows" for name in order], ignore_index=True)


def _links(run: Run, audit: Audit) -> pd.DataFrame:
    # A count of heads names nobody: there is no one to be linked.
    linked_rows = {name: audit.rows[name].filter(_.decided_by.notnull()) for name in NAMED_TABLES}
    parts = [
        linked_rows[name].group_by("decided_by").agg(rows=_.count()).mutate(table=ibis.literal(name))
        for name in NAMED_TABLES
        if name in ("enrolment", *linkage.LINKED_TABLES) or audit.columns_found.get(name)
    ]
    frame = run.engine.fetch(ibis.union(*parts))
    return frame[["table", "decided_by", "rows"]].sort_values(["table", "decided_by"], ignore_index=True)


def run_self_check(parameters: SelfCheck) -> tuple[Run, Results]:
    """The whole chain without a notebook."""
    run = begin(parameters)
    registers = ingest(run)
    audit = link(run, registers)
    outcomes = check(run, audit)
    return run, sum_up(run, registers, audit, outcomes)


def _refuse_unknown_rules(parameters: SelfCheck) -> None:
    """Raises UsageError for what has to be put right under a rule that the catalogue does not hold, and for leaving one out."""
    families = {rule.family for rule in RULES.values()}
    a_rule_or_family = Text("规则或类别，如 {names}", "a rule or a family, such as {names}")
    a_rule = Text("规则，如 {names}", "a rule, such as {names}")
    _refuse_others(parameters, "rectification", {*RULES, *families}, a_rule_or_family)
    _refuse_others(parameters, "leave_out", {*RULES}, a_rule)


def _refuse_others(parameters: SelfCheck, field: str, names: set[str], wish: Text) -> None:
    for name in (name for name in getattr(parameters, field) if name not in names):
        near = get_close_matches(name, sorted(names), 3) or sorted(names)[:3]
        example = Text(wish.zh.format(names="、".join(near)), wish.en.format(names=", ".join(near)))
        raise UsageError(wrong(name, f"parameters › {field}", example), parameters.language)


def notebook_parameters(base: Path | None = None, **values: Any) -> SelfCheck:
    """The parameters of the notebook's first cell, checked; relative paths are found from the parameter file.

    Raises UsageError for what is wrong with them, AuditError for an output folder with something in the way.
    """
    from auditlib.law.parameters import check_self_check, refuse_missing_previous
    from auditlib.package.keys import refuse_missing_key
    from auditlib.page.papermill_folder import parameter_folder

    parameters = check_self_check(values, base=base or parameter_folder())
    refuse_missing_previous(parameters)
    _refuse_unknown_rules(parameters)
    refuse_foreign(parameters.output_dir, parameters.language)
    refuse_missing_key(parameters.hand_in, parameters.language)
    return parameters
