"""Of the children in the ledger of dropouts the report tells, by town, how far each is."""

from __future__ import annotations

import plain_county

from auditlib.findings.bringing_back import FIGURES, bringing_back
from auditlib.report.bringing_back import HEADS
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
