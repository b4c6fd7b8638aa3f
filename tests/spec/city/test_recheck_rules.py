"""Every example of every recheck rule is played, as its declaration says: a new one needs nothing here."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from test_recheck_closures import county, rows
from test_recheck_compare import prints

import auditlib
from auditlib.base.engine import duckdb_engine
from auditlib.base.language import Text
from auditlib.city import across, compare
from auditlib.city.changes import changed_rows
from auditlib.city.clearings import clearings
from auditlib.city.closures import COLUMNS, closures
from auditlib.city.counties import ROWLESS
from auditlib.city.findings import recheck_findings
from auditlib.city.hidden import HIDDEN_COLUMNS
from auditlib.decisions.dispositions import COLUMNS as DECISION
from auditlib.law.parameters import Ages
from auditlib.rules.city import RECHECK_RULES, RecheckExample, RecheckRule
from auditlib.tables.findings import FINDING

EAST, WEST = "990111", "990112"
NUMBER, ONE_OFF = "990111201101010018", "990111201101010098"


def rules_of(**parts: Any) -> set[str]:
    """The rules that find something, given what the steps before say."""
    return set(findings_of(**parts)["rule"])


def findings_of(language: str = "en", **parts: Any) -> pd.DataFrame:
    """The findings, given what the steps before say."""
    nothing = {
        "changes": {},
        "lines": pd.DataFrame(columns=compare.COMPARISON_COLUMNS),
        "closed": pd.DataFrame(columns=COLUMNS),
        "crossings": pd.DataFrame(columns=across.PAIR),
    }
    counties = parts.pop("counties", [])
    return recheck_findings(counties, term="2020-autumn", language=language, **(nothing | parts))


def package(submission: Any) -> set[str]:
    submission_of = submission.package if submission else None
    county = SimpleNamespace(
        code=EAST,
        name="样11县",
        package=submission_of,
        submission=submission,
        conditions=None,
        fingerprints=None,
    )
    return rules_of(counties=[county])


def submission_of(*contradictions: str, doubt: str = "") -> Any:
    return SimpleNamespace(package=SimpleNamespace(contradictions=contradictions), refused="", doubt=doubt)


def refusal_of(code: str) -> Any:
    return SimpleNamespace(package=None, refused=code, reason=Text("包没有签名", "not signed"))


def changed(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    return rules_of(changes={EAST: changed_rows(before, after)})


ROW: dict[str, Any] = dict.fromkeys(FINDING) | {
    "finding_id": "f1", "rule": "missed.unpaid", "family": "missed", "severity": "high", "term": "2020-autumn",
    "county_code": EAST, "at_stake": Decimal(500), "confidence": 1.0, "records": ["payments:p.csv!2"],
}  # fmt: skip
NONE = pd.DataFrame([ROW], dtype=object).iloc[:0]


def difference(**sides: Any) -> set[str]:
    """The rules that find something in what :func:`found_on` is given."""
    return set(found_on(**sides)["rule"])


def found_on(
    *,
    ours: Any = ROW,
    theirs: Any = ROW,
    changes: pd.DataFrame | None = None,
    unchanged: Any = ROW,
    under_county: Any = None,
    version: str = auditlib.__version__,
    status: str = "",
    before: str = "",
) -> pd.DataFrame:
    """The findings on one finding as the city, the county, the city without the changed rows, and the city under the county's conditions
    have it (empty: not at all), and what else is known of it; ``before``: who has a run of the term before."""
    manifest: dict[str, Any] = {"auditlib": version, "policy": [], "inputs": [], "parameters": {}}
    both_ran = before in ("other", "same")
    manifests = {
        side: manifest
        | _with_earlier(both_ran or before == side)
        | ({"last_term": side if before == "other" else "a"} if both_ran else {})
        for side in ("county", "city")
    }
    both_prints = prints("p.csv!2 a x", *(f"p.csv!{n} {n} {n}" for n in range(3, 60)))
    decisions = [("f1", status, "")] if status else []
    names = ("policy.boarder_allowance",)
    conditions = (
        None if under_county is None else SimpleNamespace(under_county=frame(under_county), names=names)
    )
    side: Any = SimpleNamespace(
        is_reperformed=True, code=EAST, language="zh", manifest=manifests["city"], findings=frame(ours), fingerprints=both_prints,
        parameters=SimpleNamespace(term="2020-autumn", ages=Ages()),
        fingerprint_key="k", conditions=conditions, unchanged=frame(unchanged), rowless=pd.DataFrame(columns=list(ROWLESS)),
        package=SimpleNamespace(
            findings=frame(theirs), fingerprints=both_prints, manifest=manifests["county"], is_nameless=False, fingerprint_key="k",
            decisions=pd.DataFrame(decisions, columns=["finding_id", "status", "cause"]),
        ),
    )  # fmt: skip
    lines = compare.compared_rows(side, rows() if changes is None else changes)
    return findings_of(lines=lines)


def _with_earlier(has: bool) -> dict[str, Any]:
    reason = "" if has else "no_earlier_run"
    rules = {"enrolment.vanished": {"not_run_reason": reason}, "missed.not_found": {"not_run_reason": ""}}
    return {"rules": rules, "parameters": {"previous": ["run-2020-spring"] if has else []}}


def frame(row: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([row], dtype=object) if row else NONE


def hides(
    name: str,
    county: str,
    city: str,
    ids: tuple[str, ...] = ("f1",),
    *,
    condition_told: bool = False,
    **general: list[str],
) -> set[str]:
    """A county with one condition of its own, and the findings that it hides; ``condition_told``: even where it hides none."""
    return rules_of(
        counties=[with_condition(name, county, city, ids, condition_told=condition_told)],
        general={EAST: general},
    )


def with_condition(
    name: str, county: str, city: str, ids: tuple[str, ...] = ("f1",), *, condition_told: bool = False,
    otherwise: tuple[str, ...] = (), rule: str = "missed.unpaid",
) -> Any:  # fmt: skip
    line = (name, county, city, list(ids), Decimal(500) * len(ids), [], list(otherwise), 0)
    hidden_lines = [line] if ids or otherwise or condition_told else []
    conditions = SimpleNamespace(
        hidden=pd.DataFrame(hidden_lines, columns=HIDDEN_COLUMNS), policy_unknown=False, untried=()
    )
    side = SimpleNamespace(
        code=EAST,
        name="样11县",
        package=SimpleNamespace(contradictions=()),
        submission=None,
        conditions=conditions,
        findings=pd.DataFrame(
            [
                ROW | {"finding_id": f"f{n}", "name": f"孩{n}", "id_number": f"n{n}", "rule": rule}
                for n in (1, 2)
            ],
            dtype=object,
        ),
    )
    side.fingerprints = side.parameters = None
    return side


def clearing(cause: str, number: int = 1, on: str = "") -> set[str]:
    """So many findings cleared by one cause, ``on`` a day; the city finds them all."""
    listed_findings = pd.DataFrame(
        [ROW | {"finding_id": f"f{n}", "id_number": f"n{n}"} for n in range(number)], dtype=object
    )
    decisions = [
        dict.fromkeys(DECISION, "")
        | {"finding_id": f"f{n}", "status": "cleared", "cause": cause, "decided_at": on}
        for n in range(number)
    ]
    nobody = pd.DataFrame(columns=["id18", "active", "eligible"])
    side: Any = SimpleNamespace(
        code=EAST, is_reperformed=True, parameters=SimpleNamespace(term="2020-autumn"), findings=listed_findings, pupils=nobody, eligible=nobody,
        package=SimpleNamespace(findings=listed_findings, decisions=pd.DataFrame(decisions), is_nameless=False),
    )  # fmt: skip
    return rules_of(cleared=clearings(side))


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
    return rules_of(
        counties=[
            SimpleNamespace(
                submission=None,
                code=c.code,
                name=c.code,
                package=submission_of().package,
                conditions=None,
                fingerprints=None,
            )
            for c in counties
        ],
        crossings=across.crossing(engine, across.pool(engine, counties), 0.5),  # type: ignore[arg-type]
    )


def _side(code: str, persons: list[dict[str, Any]], tables: dict[str, list[dict[str, Any]]]) -> SimpleNamespace:  # fmt: skip
    def of(lines: list[dict[str, Any]], schema: dict[str, str]) -> pd.DataFrame:
        return pd.DataFrame([row for row in lines if row["county_code"] == code], columns=list(schema))

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


LEAVER = ROW | {"rule": "enrolment.vanished", "records": []}


def of_age(years: int) -> dict[str, Any]:
    """A child missed, of so many years on the last day of August."""
    return ROW | {"rule": "missed.not_found", "id_number": f"990111{2020 - years}0831001X"}


# --- each step of the re-check, given what an example says of it ----------------------------------------------------


def play_handed_in(case: str) -> set[str]:
    submissions = {"nothing": None, "whole": submission_of(), "contradictory": submission_of("findings")}
    submissions |= {doubt: submission_of(doubt=doubt) for doubt in ("unknown_county", "unknown_name")}
    return package(submissions[case] if case in submissions else refusal_of(case))


def play_rows(case: dict[str, list[str]]) -> set[str]:
    return changed(prints(*case["before"]), prints(*case["after"]))


def play_condition(case: dict[str, Any]) -> set[str]:
    name, theirs, ours = (case.get(part, "") for part in ("name", "county", "city"))
    if "version" in case:
        return hides(name, theirs, ours, ids=(), version=case["version"])
    ids = tuple(f"f{n}" for n in range(case.get("hides", 1)))
    return hides(name, theirs, ours, ids=ids, condition_told=case.get("told", bool(ids)))


def play_finding(case: dict[str, Any]) -> set[str]:
    plain = of_age(case["aged"]) if "aged" in case else ROW

    def side(name: str) -> dict[str, Any]:
        cells = case.get(name, {})
        exact = {"at_stake": Decimal(cells["at_stake"])} if cells and "at_stake" in cells else {}
        return {} if cells is None else plain | cells | exact

    ours = side("city")
    return difference(
        ours=ours,
        theirs=side("county"),
        changes=changes_of(case),
        unchanged=side("unchanged") if "unchanged" in case else ours,
        under_county=side("under_county") if "under_county" in case else None,
        version=case.get("version", auditlib.__version__),
        status=case.get("status", ""),
        before=case.get("last_term", ""),
    )


def changes_of(case: dict[str, Any]) -> pd.DataFrame | None:
    """The row that changed after the self-check: one that was added stood nowhere before."""
    if "changed" not in case:
        return None
    change, source = case["changed"]
    changes = rows((change, source))
    return changes.assign(source=source, before=None) if change == "added" else changes


def play_cleared(case: dict[str, Any]) -> set[str]:
    return clearing(case["cause"], case.get("findings", 1), case.get("on", ""))


def play_closed(case: dict[str, Any]) -> set[str]:
    closure_case = {key: value for key, value in case.items() if key != "changed"}
    changes = changes_of(case)
    return rules_of(closed=closures(county(**closure_case), rows() if changes is None else changes))


HAS = {
    "paid": paid(),
    "paid under a number one digit off": paid(),
    "enrolled": enrolled(),
    "transferred": enrolled(active=False),
    "fallback": FALLBACK,
    "senior grant": paid("senior_grant"),
    "senior fee waiver": paid("senior_fee_waiver"),
}


def play_person(case: list[str]) -> set[str]:
    first, second = case
    return two(HAS[first], HAS[second], number=ONE_OFF if "one digit off" in second else NUMBER)


STEPS: dict[str, Callable[[Any], set[str]]] = {
    "handed_in": play_handed_in,
    "rows": play_rows,
    "condition": play_condition,
    "finding": play_finding,
    "cleared": play_cleared,
    "closed": play_closed,
    "person": play_person,
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
    assert difference(theirs=LEAVER, ours={}, unchanged={}) == {"recheck.not_reproduced"}
    assert difference(theirs={}, ours=LEAVER, unchanged=LEAVER, before="city") == {"recheck.not_reported"}


@pytest.mark.parametrize("rule", RECHECK_RULES.values(), ids=list(RECHECK_RULES))
def test_a_rule_has_both_sides_and_says_when_it_is_innocent(rule: RecheckRule) -> None:
    assert {example.outcome for example in rule.examples} == {"flags", "passes"}
    assert rule.innocent


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{rule.id} {example.why.en}" for rule, example in EXAMPLES]
)
def test_an_example_comes_out_as_said(rule: RecheckRule, example: RecheckExample) -> None:
    assert (rule.id in STEPS[example.step](example.case)) == (example.outcome == "flags")


def test_a_finding_told_of_somebody_else_leaves_all_of_its_yuan_unreported() -> None:
    condition_words = {
        name: found_on(theirs=ROW | {name: other}) for name, other in (("name", "别人"), ("severity", "low"))
    }
    assert {name: list(rows["at_stake"]) for name, rows in condition_words.items()} == {
        "name": [Decimal(500)],
        "severity": [Decimal(0)],
    }
