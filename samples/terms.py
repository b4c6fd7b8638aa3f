"""Three terms of an invented county as its self-checks leave them, with decisions: for a look over the terms.

No deliveries stand behind them: findings, counts and decisions are planned here, smaller than a real county's.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

import auditlib
from auditlib.decisions.decision_ledger import COLUMNS, FILE
from auditlib.tables.findings import write_findings
from samples.people import with_check

CODE, COUNTY = "990125", "松坪县"
FOLDER = "terms"
SCHOOLS = (
    ("松坪县城关小学", "城关镇"),
    ("松坪县河湾小学", "河湾乡"),
    ("松坪县石桥中学", "石桥镇"),
    ("松坪县第一中学", "城关镇"),
    ("松坪县云顶小学", "云顶乡"),
)
SURNAMES, GIVEN_NAMES = "赵钱孙李周吴郑王冯陈", ("子轩", "雨桐", "浩", "欣怡", "小龙", "思远", "梓萱", "晨")


@dataclass(frozen=True)
class TermDays:
    """A term: its count date, and the days on which findings are verified, put right and closed."""

    term: str
    count_date: str
    verified: tuple[str, ...]
    rectified: tuple[str, ...]


@dataclass(frozen=True)
class RulePlan:
    """A rule: those tested and found in each term (None: not run), the first pupil concerned, share found right."""

    rule: str
    severity: str
    tested: tuple[int | None, ...]
    exceptions: tuple[int, ...]
    first: tuple[int, ...]
    right: float
    yuan: str


TERMS = (
    TermDays("2019-autumn", "2019-10-31", ("2019-11-20", "2019-12-06"), ("2019-12-18", "2020-01-09")),
    TermDays("2020-spring", "2020-04-30", ("2020-05-22", "2020-06-12"), ("2020-06-24", "2020-08-05")),
    TermDays("2020-autumn", "2020-10-31", ("2020-11-18", "2020-12-11"), ("2020-12-25", "2021-01-20")),
)
RULES = (
    RulePlan("missed.unpaid", "high", (4102, 4080, 4131), (26, 19, 11), (0, 12, 22), 0.75, "500.00"),
    RulePlan("missed.underpaid", "high", (3990, 3978, 4040), (8, 9, 6), (40, 44, 50), 0.85, "125.00"),
    RulePlan("duplicate.same_scheme", "high", (4240, 4215, 4302), (6, 7, 13), (5, 30, 35), 0.6, "625.00"),
    RulePlan("mismatch.identity", "medium", (4051, 4033, 4107), (16, 15, 17), (10, 18, 20), 0.3, "0.00"),
    RulePlan("mismatch.inactive", "high", (4051, 4033, 4107), (0, 7, 8), (0, 50, 52), 0.4, "500.00"),
    RulePlan("procedure.paid_late", "low", (None, 4190, 4288), (0, 3, 2), (0, 2, 4), 0.9, "0.00"),
)


def write_terms(samples: Path) -> None:
    """``terms/TERM/`` under ``samples``: findings, manifest and ledger of decisions, the same bytes every time."""
    for place, plan in enumerate(TERMS):
        folder = samples / FOLDER / plan.term
        folder.mkdir(parents=True, exist_ok=True)
        findings = [
            _finding(rule, plan, rule.first[place] + at)
            for rule in RULES
            for at in range(rule.exceptions[place])
        ]
        write_findings(pd.DataFrame(findings), folder / "findings.parquet")
        manifest = json.dumps(_manifest(plan, place, len(findings)), ensure_ascii=False, indent=1)
        (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8", newline="\n")
        _write_decisions(folder / FILE, sorted(row for one in findings for row in _decisions(one, plan)))


def _pupil(number: int) -> dict[str, Any]:
    chance = random.Random(f"{CODE}:{number}")
    birth = dt.date(2006, 9, 1) + dt.timedelta(days=chance.randrange(2500))
    school, town = SCHOOLS[min(number % 7, 4) if number % 3 else 0]
    id_number = with_check(f"{CODE}{birth:%Y%m%d}{number:03d}")
    name = chance.choice(SURNAMES) + chance.choice(GIVEN_NAMES)
    return {
        "name": name, "id_number": id_number, "student_no": f"G{id_number}", "school_name": school, "town": town,
    }  # fmt: skip


def _finding(rule: RulePlan, plan: TermDays, number: int) -> dict[str, Any]:
    identity = f"{rule.rule}|{CODE}|{plan.term}|{number}"
    yuan = Decimal(rule.yuan)
    return {
        "finding_id": hashlib.sha256(identity.encode()).hexdigest()[:20],
        "rule": rule.rule,
        "family": rule.rule.split(".")[0],
        "severity": rule.severity,
        "term": plan.term,
        "county_code": CODE,
        **_pupil(number),
        "scheme": "boarder_allowance",
        "amount_due": yuan,
        "amount_paid": None,
        "at_stake": yuan,
        "confidence": 1.0,
        "reason": None,
        "message": "样例疑点",
        "records": [f"payments:发放.csv!{number + 2}"],
        "policy_ref": None,
        "disposition": None,
    }


def _decisions(findings: dict[str, Any], plan: TermDays) -> list[tuple[str, ...]]:
    """One in six is never looked at; of the right ones two in three are put right, most of these closed."""
    chance = random.Random(findings["finding_id"])
    (right,) = (rule.right for rule in RULES if rule.rule == findings["rule"])
    if chance.random() < 1 / 6:
        return []
    is_right, day = chance.random() < right, chance.choice(plan.verified)
    if not is_right:
        return [_row(day, findings, "cleared", cause="县外就读，当地已资助")]
    rows = [_row(day, findings, "confirmed")]
    if chance.random() < 2 / 3:
        day = chance.choice(plan.rectified)
        yuan = f"{findings['at_stake']:.2f}" if findings["at_stake"] else ""
        rows.append(
            _row(
                day, findings, "rectified", amount=yuan, evidence=f"{day} 凭证 {chance.randrange(900) + 100}"
            )
        )
        rows += [_row(day, findings, "closed", hour=15)] if chance.random() < 0.7 else []
    return rows


def _row(day: str, finding: dict[str, Any], status: str, hour: int = 9, **cells: str) -> tuple[str, ...]:
    defaults = {
        "decided_at": f"{day}T{hour:02d}:00:00",
        "decided_by": "样例",
        "finding_id": finding["finding_id"],
    }
    return tuple({**defaults, "status": status, **cells}.get(name, "") for name in COLUMNS)


def _manifest(plan: TermDays, place: int, findings: int) -> dict[str, Any]:
    parameters = {
        "county_code": CODE,
        "county_name": COUNTY,
        "term": plan.term,
        "count_date": plan.count_date,
    }
    thresholds = {"link_accept": 0.95, "link_review": 0.5, "posting_days": 5}
    return {
        "auditlib": auditlib.__version__,
        "parameters": {**parameters, "thresholds": thresholds},
        "policy": [{"file": "national.yaml", "sha256": hashlib.sha256(b"sample").hexdigest()}],
        "findings": findings,
        "rules": {rule.rule: _counts(rule, place) for rule in RULES},
    }


def _counts(rule: RulePlan, place: int) -> dict[str, Any]:
    tested_count, exceptions = rule.tested[place], rule.exceptions[place]
    return {
        "status": "not_run" if tested_count is None else "run",
        "not_run_reason": "payments.pay_date" if tested_count is None else None,
        "population": tested_count or 0,
        "tested": tested_count or 0,
        "untested": 0,
        "exceptions": exceptions,
        "at_stake": f"{exceptions * Decimal(rule.yuan):.2f}",
    }


def _write_decisions(file: Path, rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([COLUMNS, *rows])
