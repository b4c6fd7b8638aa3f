"""Every example of every recheck rule is played; none is left out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from test_recheck_closures import CASES, county, rows
from test_recheck_compare import prints

from auditlib.base.engine import duckdb_engine
from auditlib.base.language import Text
from auditlib.city import across, compare
from auditlib.city.changes import changed_rows
from auditlib.city.closures import COLUMNS, closures
from auditlib.city.findings import recheck_findings
from auditlib.rules.city import RECHECK_RULES

EAST, WEST = "990111", "990112"
NUMBER, ONE_OFF = "990111201101010018", "990111201101010098"


def found(**parts: Any) -> set[str]:
    """The rules that find something, given what the steps before say."""
    nothing = {
        "changes": {},
        "lines": pd.DataFrame(columns=compare.COMPARED),
        "closed": pd.DataFrame(columns=COLUMNS),
        "crossed": pd.DataFrame(columns=across.PAIR),
    }
    counties = parts.pop("counties", [])
    made = recheck_findings(counties, term="2020-autumn", language="en", **(nothing | parts))
    return set(made["rule"])


def package(submission: Any) -> set[str]:
    opened = submission.package if submission else None
    return found(counties=[SimpleNamespace(code=EAST, name="样11县", package=opened, submission=submission)])


def refused(code: str) -> Any:
    return SimpleNamespace(package=None, refused=code, reason=Text("包没有签名", "not signed"))


def changed(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    return found(changes={EAST: changed_rows(before, after)})


def difference(*, ours: bool, theirs: bool, changes: pd.DataFrame | None = None, cause: str = "", status: str = "") -> set[str]:  # fmt: skip
    """One finding that the county, the city or both list, and what else is known of it."""
    row = {
        "finding_id": "f1", "rule": "missed.unpaid", "at_stake": Decimal(500), "school_name": None, "name": None,
        "id_number": None, "records": ["payments:p.csv!2"],
    }  # fmt: skip
    frame = pd.DataFrame([row], dtype=object)
    decisions = [("f1", status, "")] if status else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "general_causes", lambda _county: {cause: [cause]} if cause else {})
        prints_of = prints("p.csv!2 a x")
        side = SimpleNamespace(
            is_reperformed=True,
            code=EAST,
            findings=frame if ours else frame.iloc[:0],
            fingerprints=prints_of,
            package=SimpleNamespace(
                findings=frame if theirs else frame.iloc[:0],
                decisions=pd.DataFrame(decisions, columns=["finding_id", "status", "cause"]),
                fingerprints=prints_of,
            ),
        )
        lines = compare.compared(side, changes if changes is not None else changed_rows(prints_of, prints_of))  # type: ignore[arg-type]
    return found(lines=lines)


def closing(case: str, changes: pd.DataFrame | None = None, **given: Any) -> set[str]:
    return found(closed=closures(county(**(given or CASES[case][0])), rows() if changes is None else changes))


def crossing(**sides: Any) -> set[str]:
    """One person in the east and one in the west, ``sides`` saying what each has."""
    persons, tables = [], {"payments": [], "pupils": [], "letters": []}  # type: ignore[var-annotated]
    for code, number, name, has in sides["people"]:
        sound = number if number == NUMBER else None
        own = {"county_code": code, "person_id": number, "name": name, "id18": sound}
        persons.append(own | {"id_number": number, "student_no": None, "birth": pd.Timestamp("2011-01-01"), "damaged": False})  # fmt: skip
        for table, cells in has:
            tables[table].append(own | cells)
    filler = [
        {"county_code": code, "person_id": f"{code}{n}", "name": f"样{n}", "id_number": f"{code}20110101{n:04d}",
         "id18": f"{code}20110101{n:04d}", "student_no": None, "birth": pd.Timestamp("2011-01-01"), "damaged": False}
        for code in (EAST, WEST) for n in range(50)
    ]  # fmt: skip
    counties = [_side(code, persons + filler, tables) for code in (EAST, WEST)]
    engine = duckdb_engine()
    return found(
        counties=[SimpleNamespace(code=c.code, name=c.code, package=True) for c in counties],
        crossed=across.crossing(engine, across.pool(engine, counties), 0.5),  # type: ignore[arg-type]
    )


def _side(code: str, persons: list[dict[str, Any]], tables: dict[str, list[dict[str, Any]]]) -> SimpleNamespace:  # fmt: skip
    def of(listed: list[dict[str, Any]], schema: dict[str, str]) -> pd.DataFrame:
        return pd.DataFrame([row for row in listed if row["county_code"] == code], columns=list(schema))

    return SimpleNamespace(
        code=code,
        persons=of(persons, across.PERSONS),
        payments=of(tables["payments"], across.PAID),
        pupils=of(tables["pupils"], across.PUPIL),
        letters=of(tables["letters"], across.LETTER),
    )


def paid(scheme: str = "boarder_allowance") -> tuple[str, dict[str, Any]]:
    return "payments", {
        "scheme": scheme,
        "amount": Decimal(500),
        "held": Decimal(500),
        "source": "p.csv!2",
    }


def enrolled(active: bool = True) -> tuple[str, dict[str, Any]]:
    return "pupils", {
        "active": active,
        "stage": "primary",
        "school_name": "校",
        "records": ["enrolment:e.csv!2"],
    }


FALLBACK = ("letters", {"fallback_amount": Decimal(500), "source": "l.csv!2"})


def two(first: Any, second: Any, number: str = NUMBER) -> set[str]:
    return crossing(people=[(EAST, NUMBER, "欧阳青禾", [first]), (WEST, number, "欧阳青禾", [second])])


PLAYED: dict[str, Callable[[], set[str]]] = {
    "none was handed in": lambda: package(None),
    "not signed": lambda: package(refused("unsigned")),
    "tokens only, made with another key than the city's": lambda: package(refused("other_token_key")),
    "whole and signed": lambda: package(SimpleNamespace(package=SimpleNamespace())),
    "an amount altered after the self-check": lambda: changed(prints("f!2 a x"), prints("f!2 a y")),
    "a row added after the self-check": lambda: changed(prints("f!2 a x"), prints("f!2 a x", "f!3 b y")),
    "a row taken away after the self-check": lambda: changed(prints("f!2 a x", "f!3 b y"), prints("f!2 a x")),
    "rows moved to another place or file, the content the same": lambda: changed(
        prints("f!2 a x", "f!3 b y"), prints("g!9 a x", "f!3 b y")
    ),
    "the county lists it, the re-performance does not, no other cause": lambda: difference(
        ours=False, theirs=True
    ),
    "a row that it rests on changed after the self-check": lambda: difference(
        ours=False, theirs=True, changes=rows(("altered", "p.csv!2"))
    ),
    "the county used another policy file": lambda: difference(ours=False, theirs=True, cause="policy"),
    "the re-performance finds it, the package lacks it, no other cause": lambda: difference(
        ours=True, theirs=False
    ),
    "in the package, cleared by the county": lambda: difference(ours=True, theirs=True, status="cleared"),
    "it rests on a row added after the self-check": lambda: difference(
        ours=True, theirs=False, changes=rows(("added", "p.csv!2")).assign(source="p.csv!2", before=None)
    ),
    "closed, and still found": lambda: closing("still found"),
    "500 yuan said to be paid, 250 are in the data": lambda: closing(
        "", rule="missed.unpaid", before="0", now="250", stated="500"
    ),
    "the row paid too much made smaller, no recovery booked": lambda: closing(
        "recovered", rows(("altered", "p.csv!2"))
    ),
    "paid in full, in a row of its own": lambda: closing("back-paid in full"),
    "recovered in full, in a negative row of its own": lambda: closing("recovered"),
    "paid late: what is past cannot be undone in the data": lambda: closing("past"),
    "one number paid one scheme in two counties": lambda: two(paid(), paid()),
    "one number actively enrolled in two counties": lambda: two(enrolled(), enrolled()),
    "fallback in one county, paid in the other": lambda: two(FALLBACK, paid()),
    "name and birth date the same, one digit of the number off": lambda: two(paid(), paid(), number=ONE_OFF),
    "transferred out of one, enrolled in the other": lambda: two(enrolled(active=False), enrolled()),
    "two schemes that may go together": lambda: two(paid("senior_grant"), paid("senior_fee_waiver")),
}
EXAMPLES = [(rule, example) for rule in RECHECK_RULES.values() for example in rule.examples]


def test_every_example_is_played_and_every_rule_has_both_sides() -> None:
    assert {example.why.en for _, example in EXAMPLES} == set(PLAYED)
    for rule in RECHECK_RULES.values():
        assert {example.outcome for example in rule.examples} == {"flags", "passes"}, rule.id
        assert rule.innocent


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example.why.en for _, example in EXAMPLES])
def test_an_example_comes_out_as_said(rule: Any, example: Any) -> None:
    assert (rule.id in PLAYED[example.why.en]()) == (example.outcome == "flags")
