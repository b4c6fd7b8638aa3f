"""An invented run's results: every family, rare characters, hostile cells; nobody real (area code 990122)."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from auditlib import report
from auditlib.findings.results import Results
from auditlib.findings.yuan_once import yuan_once
from auditlib.rules import RULES

SECTIONS = (
    report.children,
    report.funnel,
    report.linkage,
    report.rule_overview,
    report.breakdown,
    report.findings_lists,
    report.conclusion,
    report.tie_out,
    report.standards,
    report.limits,
    report.manifest,
    report.named_children,
    report.totals_in_full,
    report.files,
    report.untested_rows,
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗㛃䶮"
GIVEN = (
    "子涵",
    "欣怡",
    "浩然",
    "𬎆",
    "雨桐",
    "㼆婷",
    "国强",
    "小明",
    "梓萱",
    "宇航",
    "思远",
    "玉兰",
    "建华",
    "晨",
)
MINORITY = ("阿依古丽·买买提", "古丽娜尔·艾合买提江")
TOWNS = ("青山镇", "白水镇", "石门乡", "双溪镇", "大同镇", "竹园乡", "河口镇", "龙潭乡")
LONG_SCHOOL = (
    "青禾县青山镇人民政府与省实验教育集团联合举办希望工程第三九年一贯制寄宿学校（石门校区）附属小学部"
)
SCHEMES = {
    "boarder_allowance": ("义务教育家庭经济困难寄宿生生活补助", "Living allowance for boarders"),
    "day_pupil_allowance": ("非寄宿生生活补助", "Living allowance for day pupils"),
    "senior_grant": ("普通高中国家助学金", "Senior-secondary national grant"),
}
AMOUNTS = (Decimal("250.00"), Decimal("312.50"), Decimal("500.00"), Decimal("625.00"), Decimal("1000.00"))
NOT_RUN = {
    "procedure.posting_short": "applications.posted_to",
    "procedure.account_holder": "payments.account_holder",
}
HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+86-13800000000", '"><img src=x>')
COUNTS = {
    "missed.unpaid": 231,
    "missed.returned": 14,
    "missed.underpaid": 37,
    "missed.out_of_county": 92,
    "missed.not_found": 11,
    "duplicate.same_scheme": 18,
    "duplicate.fallback": 2,
    "mismatch.not_enrolled": 9,
    "mismatch.inactive": 26,
    "mismatch.identity": 41,
    "mismatch.boarding": 33,
    "ineligible.not_listed": 22,
    "ineligible.expired": 17,
    "amount.overpaid": 6,
    "procedure.paid_late": 310,
    "totals.amount": 1,
}
REASONS = {
    "missed.unpaid": (("boarding_unknown", 61), ("eligibility_date_unreadable", 12), ("school_unknown", 7)),
    "mismatch.not_enrolled": (("stage_unknown", 418),),
    "ineligible.not_listed": (("register_not_delivered", 203),),
}
MESSAGES = {
    "zh": "本学期应发 {due} 元，任何发放文件中都没有{name}的记录",
    "en": "{due} yuan were due to {name} this term; no payment file has a row",
}


def check_digit(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def id_number(chance: random.Random) -> str:
    born = dt.date(2004, 1, 1) + dt.timedelta(days=chance.randrange(3650))
    body = f"990122{born:%Y%m%d}{chance.randrange(1000):03d}"
    return body + check_digit(body)


def person(chance: random.Random) -> str:
    return (
        chance.choice(MINORITY) if chance.random() < 0.05 else chance.choice(SURNAMES) + chance.choice(GIVEN)
    )


def schools() -> list[tuple[str, str]]:
    kinds = ("中心小学", "初级中学", "希望小学")
    return [(town[:-1] + kind, town) for town in TOWNS for kind in kinds] + [(LONG_SCHOOL, "石门乡")]


def _finding(rule: str, place: int, chance: random.Random, language: str) -> dict[str, Any]:
    school, town = chance.choice(schools())
    due, paid = chance.choice(AMOUNTS), chance.choice((*AMOUNTS, Decimal(0), None))
    number, name = id_number(chance), person(chance)
    nothing = rule.startswith("procedure") or rule == "mismatch.identity"
    rows = [f"eligibility:脱贫户2020.xlsx!Sheet1!{place + 3}", f"payments:发放明细_{number}.csv!{place + 2}"]
    return {
        "finding_id": hashlib.sha256(f"{rule}{place}".encode()).hexdigest()[:16],
        "rule": rule,
        "family": rule.split(".")[0],
        "severity": RULES[rule].severity,
        "term": "2020-autumn",
        "county_code": "990122",
        "school_name": school,
        "town": town if chance.random() < 0.95 else None,
        "name": name,
        "id_number": number if chance.random() < 0.97 else None,
        "student_no": "G" + number,
        "scheme": chance.choice([*SCHEMES, None]),
        "amount_due": due,
        "amount_paid": paid,
        "at_stake": Decimal(0) if nothing else due * chance.choice((1, 1, 2)),
        "confidence": chance.choice((1.0, 1.0, 0.97, 0.86)),
        "reason": None,
        "message": MESSAGES[language].format(due=due, name=name),
        "records": rows[: chance.randint(1, 2)],
        "policy_ref": "national.yaml#boarder_allowance",
        "disposition": None,
    }


def findings(language: str = "zh", counts: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Findings of every family, hostile cells in the first rows."""
    chance = random.Random(20201231)
    wanted = COUNTS if counts is None else counts
    rows = [_finding(rule, i, chance, language) for rule, n in wanted.items() for i in range(n)]
    for row, hostile in zip(rows, HOSTILE, strict=False):
        row |= {"name": hostile, "school_name": hostile, "message": hostile, "town": hostile}
    table = pd.DataFrame(rows)
    if table.empty:
        return pd.DataFrame(columns=list(_finding("missed.unpaid", 0, chance, language)))
    order = pd.Categorical(table["rule"], categories=list(wanted), ordered=True)
    yuan = table["at_stake"].astype(float)
    sorted_rows = table.assign(order=order, yuan=yuan).sort_values(
        ["order", "yuan", "finding_id"], ascending=[True, False, True], ignore_index=True
    )
    return sorted_rows.drop(columns=["order", "yuan"])


def _rules(found: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for rule, declared in RULES.items():
        own = found[found["rule"] == rule]
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


def _by(found: pd.DataFrame, place: str) -> pd.DataFrame:
    groups = found.dropna(subset=[place]).groupby(place)
    counted = groups.agg(findings=("rule", "size"), at_stake=("at_stake", "sum")).reset_index()
    missed = found[found["family"] == "missed"].groupby(place).size()
    counted["missed"] = counted[place].map(missed).fillna(0).astype(int)
    counted["pupils"] = counted["findings"] * 17
    counted.loc[counted["findings"] == 1, "pupils"] = 3
    return counted[[place, "pupils", "findings", "missed", "at_stake"]]


def _conclusion(found: pd.DataFrame, rules: pd.DataFrame) -> dict[str, Any]:
    of = found["rule"].value_counts()
    unpaid, returned, short = (int(of.get(f"missed.{k}", 0)) for k in ("unpaid", "returned", "underpaid"))
    once = yuan_once(found, {})
    return {
        "entitled_pupils": 7131,
        "paid_in_full": 7131 - unpaid - returned - short,
        "underpaid": short,
        "returned": returned,
        "unpaid": unpaid,
        "paid_otherwise": 0,
        "not_tested": 80 if len(found) else 0,
        "elsewhere_open": int(of.get("missed.out_of_county", 0)),
        "not_found": int(of.get("missed.not_found", 0)),
        "uncovered": 0,
        "children_missed": int((found["family"] == "missed").sum()),
        "children_uncovered": 0,
        "children_unclear": 80 if len(found) else 0,
        "owed_yuan": once.owed,
        "wrong_yuan": once.wrong,
        "yuan_once": once,
        "payments_persons": 15315,
        "payments_yuan": Decimal("10041502.50"),
        "findings": len(found),
        "rules_run": int((rules["status"] == "run").sum()),
        "rules_not_run": int((rules["status"] == "not_run").sum()),
        **{level: int((found["severity"] == level).sum()) for level in ("high", "medium", "low")},
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
    found = findings(language, counts)
    rules = _rules(found)
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
        findings=found,
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
        conclusion=_conclusion(found, rules),
        tie_out=_tie_out(agree=not len(found)),
        standards=_standards(),
        by_school=_by(found, "school_name"),
        by_town=_by(found, "town"),
        manifest=_manifest(),
    )


def shown(value: Any, *tags: str) -> nbformat.NotebookNode:
    """An executed cell whose output is ``value``."""
    bundle = {"text/plain": repr(value)}
    if hasattr(value, "_repr_html_"):
        bundle["text/html"] = value._repr_html_()
    output = nbformat.v4.new_output("execute_result", bundle, execution_count=1)
    return nbformat.v4.new_code_cell("report.of(results)", outputs=[output], metadata={"tags": list(tags)})


def executed_notebook(whole: Results, path: Path, *more: nbformat.NotebookNode) -> Path:
    """The programme as it stands after a run, the conclusion in its midst."""
    cells = [shown(part(whole), *(["conclusion"] if part is report.conclusion else [])) for part in SECTIONS]
    title = nbformat.v4.new_markdown_cell("# 审计程序")
    nbformat.write(nbformat.v4.new_notebook(cells=[title, *cells, *more]), path)
    return path
