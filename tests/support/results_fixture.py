"""An invented run's results: every family, rare characters, hostile cells; nobody real (area code 990122)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from findings_fixture import SCHEMES, findings

from auditlib import report
from auditlib.findings.results import Results
from auditlib.findings.yuan_once import yuan_once
from auditlib.rules import RULES

SECTIONS = tuple(
    getattr(report, name) for name in report.__all__
)  # a new section is held to all that these are
WHEREABOUTS = {
    "rates": [{"measure": "register_enrolled", "part": 5, "whole": 8, "limit": 1.0, "at_least": True}],
    "no_roster": ["禾丰镇中心小学", "样校 990122201003070017", "<script>样校</script>"],
    "kinds": {"at_school": 1, "untraced": 2},
}
NOT_RUN = {
    "procedure.posting_short": "applications.posted_to",
    "procedure.account_holder": "payments.account_holder",
}
REASONS = {
    "missed.unpaid": (("boarding_unknown", 61), ("eligibility_date_unreadable", 12), ("school_unknown", 7)),
    "mismatch.not_enrolled": (("stage_unknown", 418),),
    "ineligible.not_listed": (("register_not_delivered", 203),),
}


def _rules(exceptions: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for rule, declared in RULES.items():
        own = exceptions[exceptions["rule"] == rule]
        untested = sum(n for _, n in REASONS.get(rule, ()))
        population = 0 if rule in NOT_RUN else 14891 - len(rule) * 37
        rows.append(
            {
                "rule": rule,
                "family": declared.family,
                "severity": declared.severity,
                "status": "not_run" if rule in NOT_RUN else "run",
                "not_run_reason": NOT_RUN.get(rule),
                "population": population,
                "tested": max(population - untested, 0),
                "untested": untested,
                "exceptions": len(own),
                "at_stake": sum(own["at_stake"], Decimal(0)),
            }
        )
    return pd.DataFrame(rows)


def _by(exceptions: pd.DataFrame, place: str) -> pd.DataFrame:
    groups = exceptions.dropna(subset=[place]).groupby(place)
    counted = groups.agg(findings=("rule", "size"), at_stake=("at_stake", "sum")).reset_index()
    missed = exceptions[exceptions["family"] == "missed"].groupby(place).size()
    counted["missed"] = counted[place].map(missed).fillna(0).astype(int)
    counted["pupils"] = counted["findings"] * 17
    counted.loc[counted["findings"] == 1, "pupils"] = 3
    return counted[[place, "pupils", "findings", "missed", "at_stake"]]


def _conclusion(exceptions: pd.DataFrame, rules: pd.DataFrame) -> dict[str, Any]:
    of = exceptions["rule"].value_counts()
    unpaid, returned, short = (int(of.get(f"missed.{k}", 0)) for k in ("unpaid", "returned", "underpaid"))
    once = yuan_once(exceptions, {})
    return {
        "entitled_pupils": 7131,
        "concerned": 7519,
        "paid_in_full": 7131 - unpaid - returned - short,
        "underpaid": short,
        "returned": returned,
        "unpaid": unpaid,
        "paid_otherwise": 0,
        "not_tested": 80 if len(exceptions) else 0,
        "elsewhere_open": int(of.get("missed.out_of_county", 0)),
        "not_found": int(of.get("missed.not_found", 0)),
        "uncovered": 0,
        "numberless_rows": 15,
        "numberless_open": 2,
        "children_missed": int((exceptions["family"] == "missed").sum()),
        "children_uncovered": 0,
        "children_unclear": 80 if len(exceptions) else 0,
        "owed_yuan": once.owed,
        "wrong_yuan": once.wrong,
        "yuan_once": once,
        "payments_persons": 15315,
        "payments_yuan": Decimal("10041502.50"),
        "findings": len(exceptions),
        "rules_run": int((rules["status"] == "run").sum()),
        "rules_not_run": int((rules["status"] == "not_run").sum()),
        **{level: int((exceptions["severity"] == level).sum()) for level in ("high", "medium", "low")},
    }


def _table(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def _funnel() -> pd.DataFrame:
    return _table(
        "table file rows_read left_out rejected used",
        ("eligibility", "脱贫户2020.xlsx", 7240, 9, 2, 7229),
        ("eligibility", "低保对象（民政局）.csv", 3120, 1, 0, 3119),
        ("enrolment", "学籍_青禾县_小学.xlsx", 15012, 3, 0, 15009),
        ("enrolment", "学籍_青禾县_初中.xlsx", 9991, 3, 0, 9988),
        ("payments", "发放明细2020秋.csv", 15390, 21, 7, 15362),
        ("letters", "函告台账.xlsx", 1353, 2, 0, 1351),
        ("schools", "学校名录.csv", 96, 1, 0, 95),
        ("control_totals", "报表.xlsx", 9, 3, 0, 6),
    )


def _left_out() -> pd.DataFrame:
    return _table(
        "table file kind reason rows",
        ("eligibility", "脱贫户2020.xlsx", "left_out", "title", 5),
        ("eligibility", "脱贫户2020.xlsx", "rejected", "empty:name", 2),
        ("payments", "发放明细2020秋.csv", "left_out", "subtotal", 21),
        ("payments", "发放明细2020秋.csv", "rejected", "unreadable:amount", 7),
    )


def _tie_out(agree: bool) -> pd.DataFrame:
    rows = [
        (
            "2020-autumn",
            category,
            None,
            persons,
            persons,
            amount,
            amount,
            Decimal("0.05"),
            True,
            True,
            "报表.xlsx!Sheet1!4",
        )
        for category, persons, amount in (
            ("registered_poor", 7131, Decimal("4451387.50")),
            ("urban_hardship", 898, Decimal("711325.00")),
            ("other_hardship", 7286, Decimal("4878790.00")),
        )
    ]
    differs = Decimal("10041502.50"), Decimal("10041502.50" if agree else "10040877.50")
    rows.append(
        (
            "2020-autumn",
            None,
            None,
            15315,
            15315 if agree else 15314,
            *differs,
            Decimal("0.05"),
            agree,
            agree,
            "报表.xlsx!Sheet1!7",
        )
    )
    columns = "term category scheme printed_persons detail_persons printed_amount detail_amount tolerance persons_agree amount_agree source"
    return _table(columns, *rows).assign(
        basis="paid", **dict.fromkeys(("stage", "place", "town", "school_name"))
    )


def _standards() -> pd.DataFrame:
    columns = "scheme scheme_title_zh scheme_title_en stage category minimum maximum average since mandatory policy_ref"
    reference = "财科教〔2019〕19号；财教〔2021〕310号"

    def row(scheme: str, stage: str, low: str, high: str, average: str | None = None) -> tuple[Any, ...]:
        mean = Decimal(average) if average else None
        return (
            scheme,
            *SCHEMES[scheme],
            stage,
            None,
            Decimal(low),
            Decimal(high),
            mean,
            dt.date(2019, 9, 1),
            True,
            reference,
        )

    return _table(
        columns,
        row("boarder_allowance", "primary", "500", "500"),
        row("boarder_allowance", "junior", "625", "625"),
        row("day_pupil_allowance", "primary", "250", "250"),
        row("day_pupil_allowance", "junior", "312.5", "312.5"),
        row("senior_grant", "senior", "750", "1250", "1000"),
    )


def _manifest() -> dict[str, Any]:
    inputs = [
        {
            "table": table,
            "file": file,
            "sha256": hashlib.sha256(file.encode()).hexdigest(),
            "rows_read": int(rows),
        }
        for table, file, rows in zip(*(_funnel()[c] for c in ("table", "file", "rows_read")), strict=True)
    ]
    policy = [{"file": "national.yaml", "sha256": hashlib.sha256(b"national").hexdigest()}]
    packages = {"duckdb": "2.0.0", "pandas": "3.1.1"}
    return {"inputs": inputs, "policy": policy, "packages": packages, "auditlib": "0.1.0", "python": "3.11.7"}


def results(language: str = "zh", counts: Mapping[str, int] | None = None) -> Results:
    """A county with findings of every family; ``counts={}`` gives one in which nothing was found."""
    findings_rows = findings(language, counts)
    rules = _rules(findings_rows)
    untested = [(rule, reason, rows) for rule, reasons in REASONS.items() for reason, rows in reasons]
    return Results(
        parameters={
            "county_code": "990122",
            "county_name": "青禾县",
            "term": "2020-autumn",
            "count_date": dt.date(2020, 10, 31),
            "data_dir": "/srv/county/inbox",
            "thresholds": {"link_accept": 0.95, "pay_by": "2020-12-31"},
            "policy": ["national"],
            "language": language,
        },
        findings=findings_rows,
        rules=rules,
        untested=_table("rule reason rows", *untested),
        funnel=_funnel(),
        left_out=_left_out(),
        defects=_table(
            "table column reason rows",
            ("enrolment", "id_number", "damaged", 12),
            ("payments", "pay_date", "date", 4),
        ),
        links=_table(
            "table decided_by rows",
            ("eligibility", "id_number", 9012),
            ("eligibility", "name_birth_school", 311),
            ("eligibility", "none", 1025),
            ("payments", "id_number", 15101),
            ("payments", "student_no", 210),
            ("payments", "none", 51),
        ),
        conclusion=_conclusion(findings_rows, rules),
        tie_out=_tie_out(agree=not len(findings_rows)),
        standards=_standards(),
        by_school=_by(findings_rows, "school_name"),
        by_town=_by(findings_rows, "town"),
        manifest=_manifest(),
        whereabouts=WHEREABOUTS,
    )


def shown(value: Any, *tags: str) -> nbformat.NotebookNode:
    """An executed cell whose output is ``value``."""
    bundle = {"text/plain": repr(value)}
    if hasattr(value, "_repr_html_"):
        bundle["text/html"] = value._repr_html_()
    output = nbformat.v4.new_output("execute_result", bundle, execution_count=1)
    return nbformat.v4.new_code_cell("report.of(results)", outputs=[output], metadata={"tags": list(tags)})


def executed_notebook(full_notebook: Results, path: Path, *more: nbformat.NotebookNode) -> Path:
    """The programme as it stands after a run, the conclusion in its midst."""
    cells = [
        shown(part(full_notebook), *(["conclusion"] if part is report.conclusion else []))
        for part in SECTIONS
    ]
    title = nbformat.v4.new_markdown_cell("# 审计程序")
    nbformat.write(nbformat.v4.new_notebook(cells=[title, *cells, *more]), path)
    return path
