"""Findings of every family, some cells hostile: what lists, slips and the report are tried with."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
from stdnum.cn import ric

from auditlib.rules import RULES

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
MESSAGES = {
    "zh": "本学期应发 {due} 元，任何发放文件中都没有{name}的记录",
    "en": "{due} yuan were due to {name} this term; no payment file has a row",
}


def check_digit(body: str) -> str:
    return ric.calc_check_digit(body + "0")


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
    counts_wanted = COUNTS if counts is None else counts
    rows = [_finding(rule, i, chance, language) for rule, n in counts_wanted.items() for i in range(n)]
    for row, hostile in zip(rows, HOSTILE, strict=False):
        row |= {"name": hostile, "school_name": hostile, "message": hostile, "town": hostile}
    table = pd.DataFrame(rows)
    if table.empty:
        return pd.DataFrame(columns=list(_finding("missed.unpaid", 0, chance, language)))
    order = pd.Categorical(table["rule"], categories=list(counts_wanted), ordered=True)
    yuan = table["at_stake"].astype(float)
    sorted_rows = table.assign(order=order, yuan=yuan).sort_values(
        ["order", "yuan", "finding_id"], ascending=[True, False, True], ignore_index=True
    )
    return sorted_rows.drop(columns=["order", "yuan"])
