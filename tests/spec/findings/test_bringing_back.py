"""Of the children in the ledger of dropouts the report tells, by town, how far each is."""

from __future__ import annotations

import plain_county

from auditlib.findings.bringing_back import FIGURES, ROLLED_UP, bringing_back
from auditlib.report.bringing_back import HEADS, rolled_up
from auditlib.report.bringing_back import bringing_back as table
from auditlib.rules import RULES

GONE_PUPIL = {"enrolment": {"status": "退学", "status_date": "2020-09-07"}, "payments": None}
WAITS = {"returned_on": "", "closed_on": ""}
ASKED_RULES = ("dropout.overdue", "dropout.unledgered", "dropout.false_closure")


def test_each_child_counts_once_in_its_town() -> None:
    rows = [
        {"dropouts": [{}, {}]},  # back and closed, told twice
        GONE_PUPIL | {"dropouts": WAITS},  # a notice, and nothing since
        GONE_PUPIL
        | {"dropouts": WAITS | {"notice_on": ""}, "schools": {"town": ""}, "eligibility": {"town": ""}},
        GONE_PUPIL,  # in no ledger
    ]
    counties = [plain_county.overlaid(at, row) for at, row in enumerate(rows, 1)]
    county = plain_county.check(
        plain_county.together(counties), rules={rule: RULES[rule] for rule in ASKED_RULES}
    )
    towns = {row["town"]: row for row in bringing_back(county.engine, county.audit, county.findings)}
    here = {
        "listed": 2,
        "notified": 2,
        "back": 1,
        "closed": 1,
        "waiting": 1,
        "overdue": 1,
        "false_closure": 0,
        "unledgered": 1,
    }
    assert {name: towns["青山镇"][name] for name in FIGURES} == here
    nowhere = {
        "listed": 1,
        "notified": 0,
        "back": 0,
        "closed": 0,
        "waiting": 1,
        "overdue": 1,
        "false_closure": 0,
        "unledgered": 0,
    }
    assert {name: towns[""][name] for name in FIGURES} == nowhere
    assert set(HEADS) == set(FIGURES)
    page = str(table([*towns.values()], "zh"))
    assert page.index("青山镇") < page.index("乡镇未注明") < page.index("合计")


def test_without_a_ledger_nothing_is_told() -> None:
    county = plain_county.check(
        plain_county.overlaid(1, {}),
        rules={rule: RULES[rule] for rule in ("missed.unpaid", "missed.underpaid")},
    )
    assert bringing_back(county.engine, county.audit, county.findings) == []
    assert not table([], "zh")


def test_the_overdue_by_town_and_at_the_end_of_a_period_are_told_apart() -> None:
    towns = [{"town": "青山镇"} | dict.fromkeys(FIGURES, 6)]
    month = {"kind": "month", "title": "2020 年 10 月", "end": "2020-10-31"} | dict.fromkeys(ROLLED_UP, 3)
    term = {"kind": "half_year", "title": "2020 年秋季学期", "end": "2020-11-11"} | dict.fromkeys(
        ROLLED_UP, 15
    )
    page = str(rolled_up([month, term], towns, "2020-10-31", "zh"))
    assert "分乡镇的 6 人计到核定基准日（2020 年 10 月 31 日）" in page
    assert "本表最后一期的 15 人计到 2020 年 11 月 11 日" in page
    assert "2020-" not in page
    assert "本表最后一期的" not in rolled_up([month, term], [], "2020-10-31", "zh")
