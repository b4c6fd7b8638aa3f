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

import auditlib
from auditlib.base.engine import duckdb_engine
from auditlib.base.language import Text
from auditlib.city import across, compare
from auditlib.city.changes import changed_rows
from auditlib.city.clearings import clearings
from auditlib.city.closures import COLUMNS, closures
from auditlib.city.findings import recheck_findings
from auditlib.city.hidden import HIDDEN
from auditlib.decisions.dispositions import COLUMNS as DECISION
from auditlib.law.parameters import Ages
from auditlib.rules.city import RECHECK_RULES
from auditlib.tables.findings import FINDING

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
    county = SimpleNamespace(
        code=EAST, name="样11县", package=opened, submission=submission, conditions=None, fingerprints=None
    )
    return found(counties=[county])


def opened(*contradictions: str) -> Any:
    return SimpleNamespace(package=SimpleNamespace(contradictions=contradictions), refused="")


def refused(code: str) -> Any:
    return SimpleNamespace(package=None, refused=code, reason=Text("包没有签名", "not signed"))


def changed(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    return found(changes={EAST: changed_rows(before, after)})


ROW: dict[str, Any] = dict.fromkeys(FINDING) | {
    "finding_id": "f1", "rule": "missed.unpaid", "family": "missed", "severity": "high", "term": "2020-autumn",
    "county_code": EAST, "at_stake": Decimal(500), "confidence": 1.0, "records": ["payments:p.csv!2"],
}  # fmt: skip
NONE = pd.DataFrame([ROW], dtype=object).iloc[:0]


def difference(
    *,
    ours: Any = ROW,
    theirs: Any = ROW,
    changes: pd.DataFrame | None = None,
    unchanged: Any = ROW,
    under_county: Any = None,
    version: str = auditlib.__version__,
    status: str = "",
    before: str = "",
) -> set[str]:
    """One finding as the city, the county, the city without the changed rows, and the city under the county's conditions
    have it (empty: not at all), and what else is known of it; ``before``: who has a run of the term before."""
    manifest: dict[str, Any] = {"auditlib": version, "policy": [], "inputs": [], "parameters": {}}
    manifests = {side: manifest | _with_earlier(before == side) for side in ("county", "city")}
    both = prints("p.csv!2 a x", *(f"p.csv!{n} {n} {n}" for n in range(3, 60)))
    decisions = [("f1", status, "")] if status else []
    names = ("policy.boarder_allowance",)
    held = None if under_county is None else SimpleNamespace(under_county=frame(under_county), names=names)
    side: Any = SimpleNamespace(
        is_reperformed=True, code=EAST, language="zh", manifest=manifests["city"], findings=frame(ours), fingerprints=both,
        parameters=SimpleNamespace(term="2020-autumn", ages=Ages()),
        fingerprint_key="k", conditions=held, unchanged=frame(unchanged),
        package=SimpleNamespace(
            findings=frame(theirs), fingerprints=both, manifest=manifests["county"], is_nameless=False, fingerprint_key="k",
            decisions=pd.DataFrame(decisions, columns=["finding_id", "status", "cause"]),
        ),
    )  # fmt: skip
    lines = compare.compared(side, rows() if changes is None else changes)
    return found(lines=lines)


def _with_earlier(has: bool) -> dict[str, Any]:
    reason = "" if has else "no_earlier_run"
    rules = {"enrolment.vanished": {"not_run_reason": reason}, "missed.not_found": {"not_run_reason": ""}}
    return {"rules": rules, "parameters": {"previous": ["run-2020-spring"] if has else []}}


def frame(row: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([row], dtype=object) if row else NONE


def hides(
    name: str, county: str, city: str, ids: tuple[str, ...] = ("f1",), **general: list[str]
) -> set[str]:
    """A county with one condition of its own, and the findings that it hides."""
    hidden = [(name, county, city, list(ids), Decimal(500) * len(ids), [])] if ids else []
    held = SimpleNamespace(hidden=pd.DataFrame(hidden, columns=HIDDEN), policy_unknown=False)
    side = SimpleNamespace(
        code=EAST, name="样11县", package=SimpleNamespace(contradictions=()), submission=None, conditions=held
    )
    side.fingerprints = None
    return found(counties=[side], general={EAST: general})


def clearing(cause: str, number: int = 1) -> set[str]:
    """So many findings cleared by one cause; the city finds them all."""
    listed = pd.DataFrame(
        [ROW | {"finding_id": f"f{n}", "id_number": f"n{n}"} for n in range(number)], dtype=object
    )
    decided = [
        dict.fromkeys(DECISION, "") | {"finding_id": f"f{n}", "status": "cleared", "cause": cause}
        for n in range(number)
    ]
    nobody = pd.DataFrame(columns=["id18", "active", "eligible"])
    side: Any = SimpleNamespace(
        code=EAST, is_reperformed=True, findings=listed, pupils=nobody, eligible=nobody,
        package=SimpleNamespace(findings=listed, decisions=pd.DataFrame(decided), is_nameless=False),
    )  # fmt: skip
    return found(cleared=clearings(side))


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
        counties=[
            SimpleNamespace(
                code=c.code, name=c.code, package=opened().package, conditions=None, fingerprints=None
            )
            for c in counties
        ],
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


VANISHED = ROW | {"rule": "enrolment.vanished", "records": []}


def of_age(years: int) -> dict[str, Any]:
    """A child missed, of so many years on the last day of August."""
    return ROW | {"rule": "missed.not_found", "id_number": f"990111{2020 - years}0831001X"}


PLAYED: dict[str, Callable[[], set[str]]] = {
    "none was handed in": lambda: package(None),
    "not signed": lambda: package(refused("unsigned")),
    "tokens only, made with another key than the city's": lambda: package(refused("other_token_key")),
    "whole and signed": lambda: package(opened()),
    "an amount altered after the self-check": lambda: changed(prints("f!2 a x"), prints("f!2 a y")),
    "a row added after the self-check": lambda: changed(prints("f!2 a x"), prints("f!2 a x", "f!3 b y")),
    "a row taken away after the self-check": lambda: changed(prints("f!2 a x", "f!3 b y"), prints("f!2 a x")),
    "rows moved to another place or file, the content the same": lambda: changed(
        prints("f!2 a x", "f!3 b y"), prints("g!9 a x", "f!3 b y")
    ),
    "999 findings said in it, one there": lambda: package(opened("findings")),
    "a later pay_by, and the late payments are no longer found": lambda: hides(
        "thresholds.pay_by", "2021-06-30", "2020-12-31"
    ),
    "a lower standard, and who was paid too little is no longer found": lambda: hides(
        "policy.boarder_allowance", "primary 2011-09-01 any 300", "primary 2011-09-01 any 500"
    ),
    "the applications left out, and nothing of the procedure is found": lambda: hides(
        "sources.applications", "0", "12"
    ),
    "another version": lambda: hides("", "", "", ids=(), version=["0.1", "1.0"]),
    "another reply_by, and nothing less is found": lambda: hides("thresholds.reply_by", "a", "b", ids=()),
    "the county lists it, the re-performance does not, no other cause": lambda: difference(
        ours={}, unchanged={}
    ),
    "the amount at stake written smaller": lambda: difference(theirs=ROW | {"at_stake": Decimal(10)}),
    "one finding that cites every payment": lambda: difference(
        theirs=ROW | {"records": [f"payments:p.csv!{n}" for n in range(2, 60)]}
    ),
    "another version, and nothing else": lambda: difference(ours={}, unchanged={}, version="0.1"),
    "a row that it rests on changed after the self-check": lambda: difference(
        ours={}, unchanged={}, changes=rows(("altered", "p.csv!2"))
    ),
    "done again under the county's policy the same comes out": lambda: difference(
        ours={}, unchanged={}, under_county=ROW
    ),
    "the re-performance finds it, the package lacks it, no other cause": lambda: difference(theirs={}),
    "taken out of the package, and cleared in the dispositions": lambda: difference(
        theirs={}, status="cleared"
    ),
    "another row changed after the self-check": lambda: difference(
        theirs={}, changes=rows(("added", "p.csv!9")).assign(source="p.csv!9", before=None)
    ),
    "in the package, cleared by the county": lambda: difference(status="cleared"),
    "without the row added after the self-check it is not found": lambda: difference(
        theirs={}, unchanged={}, changes=rows(("added", "p.csv!2")).assign(source="p.csv!2", before=None)
    ),
    "the county lists pupils who vanished since last term, the city has no run of it": lambda: difference(
        theirs=VANISHED, ours={}, unchanged={}, before="county"
    ),
    "a child of fifteen whom the county does not miss, the city has no run of last term": lambda: difference(
        theirs={}, ours=of_age(15), unchanged=of_age(15), before="county"
    ),
    "a child of ten whom the county does not miss: not reported": lambda: difference(
        theirs={}, ours=of_age(10), unchanged=of_age(10), before="county"
    ),
    "the county had no run of the term before either": lambda: difference(
        theirs={}, ours=of_age(15), unchanged=of_age(15)
    ),
    "cleared, no cause": lambda: clearing(""),
    "“now paid”, and the city's data have no such payment": lambda: clearing("应发未发，已补发"),
    "twelve cleared by one cause": lambda: clearing("台账时间口径不同", 12),
    "a cause that nothing speaks against": lambda: clearing("台账时间口径不同"),
    "rectified after the last day of the city's copy": lambda: closing(
        "dated after the copy, which shows nothing of it"
    ),
    "rectified before the copy was made, and no money moved": lambda: closing("still found"),
    "500 were due, 10 written down and paid": lambda: closing(
        "a smaller sum written down does not close what was missing"
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


def test_who_knew_the_term_before_decides_what_is_said() -> None:
    fourteen, thirteen = of_age(14), of_age(13)
    assert difference(theirs={}, ours=fourteen, unchanged=fourteen, before="county") == {
        "recheck.not_reperformed"
    }
    assert difference(theirs={}, ours=thirteen, unchanged=thirteen, before="county") == {
        "recheck.not_reported"
    }
    assert difference(theirs=VANISHED, ours={}, unchanged={}) == {"recheck.not_reproduced"}
    assert difference(theirs={}, ours=VANISHED, unchanged=VANISHED, before="city") == {"recheck.not_reported"}


def test_every_example_is_played_and_every_rule_has_both_sides() -> None:
    assert {example.why.en for _, example in EXAMPLES} == set(PLAYED)
    for rule in RECHECK_RULES.values():
        assert {example.outcome for example in rule.examples} == {"flags", "passes"}, rule.id
        assert rule.innocent


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example.why.en for _, example in EXAMPLES])
def test_an_example_comes_out_as_said(rule: Any, example: Any) -> None:
    assert (rule.id in PLAYED[example.why.en]()) == (example.outcome == "flags")
