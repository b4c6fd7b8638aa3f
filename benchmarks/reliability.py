"""How often what is said is so: ``python benchmarks/reliability.py`` writes benchmarks/reliability.md.

Eight generated counties with everyday slips (:mod:`samples.everyday`) are audited twice: as they are written, and as
they are. A finding of the first is true where the second makes it too (the same finding, or the same rule on the same rows: the
number itself may be the slip); one about the slip itself (``mismatch.identity``,
``mismatch.invalid_id``) where a slip touched the payment and the pupil is the right one; ``mismatch.not_enrolled`` where none
of the payments is a pupil's.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
from ibis import _
from linkage_rivals import splink_blind

from auditlib.audit.assemble import assemble
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.base.places import ROOT
from auditlib.findings.apply import apply_rules, finding_id, findings
from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.law.policy import read_policy
from auditlib.linkage import exact as linkage
from auditlib.linkage.exact import others_by_keys, register_by_keys
from auditlib.linkage.model.names import spelt_rows
from auditlib.linkage.model.records import known_pupils, unknown_records
from auditlib.tables.delivered import TABLES
from samples.everyday import COUNTY_CODE, EIGHT, Everyday, Habits, everyday_county
from samples.labelled import Labelled
from samples.training.labelled import standard_tables

HERE = Path(__file__).parent
SEED, SIZE = 20270601, 300
OF_MISSPELLINGS = ("mismatch.identity", "mismatch.invalid_id")
# What two registers write of one child: the facts of the county say nothing of it, so it is not judged here.
OF_REGISTERS = ("mismatch.register_identity", "mismatch.register_school")
SURE = 0.9999995  # shown as 1
BINS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, SURE, 1.1)
PARAMETERS: dict[str, Any] = {
    "county_code": COUNTY_CODE, "county_name": "寻常县", "term": "2020-autumn", "count_date": "2020-10-31", "data_dir": ".",
    "sources": {}, "policy": ["national"], "enrolment_covers": ["primary", "junior", "senior", "special"], "output_dir": ".",
    "thresholds": {"link_accept": 0.95, "link_review": 0.5, "posting_days": 5, "pay_by": "2020-12-31", "reply_by": "2020-12-15"},
}  # fmt: skip


def parameters() -> SelfCheck:
    return check_self_check(PARAMETERS, base=ROOT)


def columns_of(county: Labelled) -> dict[str, frozenset[str]]:
    """The columns that have a cell: what ``Delivery.columns_found`` says of files."""
    filled_columns = {
        name: {c for row in rows for c, cell in row.items() if cell}
        for name, rows in county.tables.items()
        if rows
    }
    return {
        name: frozenset(columns & set(TABLES[name].by_name))
        for name, columns in filled_columns.items()
        if columns
    }


def audit_of(county: Labelled) -> tuple[Engine, pd.DataFrame, pd.DataFrame]:
    """The engine, the findings and the payments' identities of a county."""
    engine, run = duckdb_engine(threads=2), parameters()
    policy = read_policy(["national"], ROOT)
    tables = standard_tables(engine, county)
    linked = linkage.link(engine, tables)
    audit = assemble(engine, tables, linked, policy, run, columns_of(county))
    findings_table = findings(engine, audit, apply_rules(engine, audit))
    identities = linked.identities.filter(_.table == "payments")
    return engine, engine.fetch(findings_table), engine.fetch(identities.order_by("source"))


def judged_findings(county: Everyday) -> tuple[pd.DataFrame, Engine, pd.DataFrame, pd.DataFrame]:
    """The findings of the facts; the engine of what is written, its findings with ``true``, and the payments with ``truth``
    (whose they are) and ``kind``."""
    _engine, facts, right = audit_of(county.facts)
    engine, written_findings, payments = audit_of(county.written)
    written_findings = written_findings[~written_findings["rule"].isin(OF_REGISTERS)]
    truth = right[right["in_register"]].set_index("source")["person_id"]
    payments = payments.assign(truth=payments["source"].map(truth), kind=payments["source"].map(county.kind))
    rows = payments.set_index("source")
    so = set(facts["finding_id"])
    resting = {(finding.rule, frozenset(finding.records)) for finding in facts.itertuples()}

    def is_true(finding: Any) -> bool:
        paid = [record.partition(":")[2] for record in finding.records if record.startswith("payments:")]
        theirs = rows.loc[paid]
        if finding.rule == "mismatch.not_enrolled":
            return bool(theirs["truth"].isna().all())
        if finding.rule in OF_MISSPELLINGS:
            right = theirs["truth"] == theirs["person_id"]
            return bool((right & (theirs["kind"] != "")).any())
        rows_so = frozenset(county.fact_of.get(record, record) for record in finding.records)
        return finding.finding_id in so or (finding.rule, rows_so) in resting

    return (
        facts,
        engine,
        written_findings.assign(true=[is_true(finding) for finding in written_findings.itertuples()]),
        payments,
    )


def error(judged_rows: pd.DataFrame) -> float:
    """The mean gap between what is said and what is so, over BINS."""
    parts = judged_rows.groupby(pd.cut(judged_rows["confidence"], BINS, right=False), observed=True)
    means = parts.agg(n=("true", "size"), said=("confidence", "mean"), so=("true", "mean"))
    return (
        float((means["n"] * (means["said"] - means["so"]).abs()).sum() / len(judged_rows))
        if len(judged_rows)
        else 0.0
    )


def figures(judged_rows: pd.DataFrame, payments: pd.DataFrame) -> dict[str, float]:
    sure = judged_rows[judged_rows["confidence"] >= SURE]
    linked = payments["in_register"]
    wrong = linked & (payments["truth"] != payments["person_id"])
    return {
        "findings": len(judged_rows), "true": judged_rows["true"].mean(), "said certain": len(sure), "of these true": sure["true"].mean(),
        "error": error(judged_rows), "payments": len(payments), "linked wrongly": int(wrong.sum()),
        "recall": float((linked & ~wrong).sum() / payments["truth"].notna().sum()),
    }  # fmt: skip


def by_rule(judged_rows: pd.DataFrame) -> pd.DataFrame:
    sure = judged_rows["confidence"] >= SURE
    rows = [
        {"rule": rule, "findings": len(part), "said": part["confidence"].mean(), "true": part["true"].mean(), "error": error(part),
         "said certain": int(sure[part.index].sum()), "of these true": part.loc[sure[part.index], "true"].mean()}
        for rule, part in judged_rows.groupby("rule")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def missed(facts: pd.DataFrame, engine: Engine, judged_rows: pd.DataFrame) -> dict[str, int]:
    """What became of the children who are not paid: found, untested (and named in the list), lost."""
    so = facts[facts["rule"] == "missed.unpaid"]
    ids = set(judged_rows["finding_id"])
    population = engine.tables["population_missed_unpaid"].mutate(rule=ibis.literal("missed.unpaid"))
    untested = population.filter(_.exception.isnull()).select(finding_id=finding_id(parameters()))
    open_ = set(engine.fetch(untested)["finding_id"])
    rest = [finding for finding in so["finding_id"] if finding not in ids]
    return {
        "missed": len(so),
        "missed found": len(so) - len(rest),
        "missed untested": sum(f in open_ for f in rest),
    }


def splink_stock(engine: Engine, payments: pd.DataFrame) -> dict[str, float]:
    """The same payments linked by Splink as it comes: how many wrongly, and the recall."""
    tables = {name: engine.tables[name] for name in TABLES}
    _schools, rows, anchors = register_by_keys(engine, tables)
    by_keys = others_by_keys(engine, rows, anchors)
    others = by_keys.filter(_.table == "payments")
    names = spelt_rows(engine, others, anchors)
    records = engine.fetch(unknown_records(engine, others, tables, by_keys, names))
    pupils = engine.fetch(known_pupils(engine, anchors, tables, by_keys, names))
    predictions = splink_blind(records, pupils)
    person_given = ("payments:" + payments["source"]).map(predictions)
    right = person_given.notna() & (person_given == payments["truth"])
    wrong = int((person_given.notna() & ~right).sum())
    return {
        "Splink linked wrongly": wrong,
        "Splink recall": float(right.sum() / payments["truth"].notna().sum()),
    }


def grid(frame: pd.DataFrame) -> str:
    """A Markdown table, shares with four places."""
    texts = frame.map(lambda cell: f"{cell:.4f}" if isinstance(cell, float) else str(cell))
    lines = [list(texts.columns), ["---"] * len(texts.columns), *texts.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def written_as(habits: Habits) -> str:
    guardians = "guardians" if habits.guardians else "no guardians"
    households = "households" if habits.households else "pupils only"
    lists = f", names only in {habits.names_only:.0%} of the schools" if habits.names_only else ""
    return f"{guardians}, {households}, {habits.touched:.0%} touched{lists}"


def page(
    seed: int, size: int, rows: list[dict[str, object]], every_finding: pd.DataFrame, payments: pd.DataFrame
) -> str:
    outcome = payments["in_register"].map({True: "wrong", False: "open"})
    outcome = outcome.mask(payments["in_register"] & (payments["truth"] == payments["person_id"]), "right")
    outcome = outcome.mask(~payments["in_register"] & payments["truth"].isna(), "rightly nobody")
    kinds = pd.crosstab(payments["kind"].replace("", "none"), outcome).reset_index()
    return "\n".join([
        "# What is said with certainty, measured",
        "",
        f"Written by `python benchmarks/reliability.py`. {len(rows)} generated counties of eight, with everyday slips",
        f"(`samples/everyday.py`, seeds {seed} to {seed + len(rows) - 1}, {size} children a cohort): a parent's, brother's or",
        "neighbour's number, names only, no number, another school, cut numbers, slips of the pen; with and without guardians in",
        "the register and households in the lists. Each is audited as it is written and as it is; a finding is true where both",
        "agree. Slips of a real county come in other shares.",
        "",
        "## By county",
        "",
        grid(pd.DataFrame(rows)),
        "`error`: the mean gap between the confidence said and the share that is true. Of the children not paid, those not found",
        "are untested, and named in the list of those to be looked up; what is neither is lost.",
        "",
        "## By rule",
        "",
        grid(by_rule(every_finding)),
        "## Payments by slip",
        "",
        grid(kinds),
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--size", type=int, default=SIZE)
    options = parser.parse_args()
    rows, every_finding, payments = [], [], []
    for at, habits in enumerate(EIGHT):
        county = everyday_county(options.seed + at, options.size, habits)
        facts, engine, findings_, paid = judged_findings(county)
        figure = figures(findings_, paid) | missed(facts, engine, findings_) | splink_stock(engine, paid)
        rows.append({"county": written_as(habits), **figure})
        print(rows[-1], flush=True)
        every_finding.append(findings_)
        payments.append(paid)
        together, every_payment = (
            pd.concat(every_finding, ignore_index=True),
            pd.concat(payments, ignore_index=True),
        )
        # After every county: a run broken off leaves what it has measured, and the page says of how many.
        (HERE / "reliability.md").write_text(
            page(options.seed, options.size, rows, together, every_payment), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
