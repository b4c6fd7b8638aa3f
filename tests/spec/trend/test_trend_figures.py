"""What became of the findings: verdicts, what stays open, money, deadlines, and roll-ups that add up."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint
from trend_fixture import day, decision, finding, looked, term_run

from auditlib.base.rhythm import periods, under_way
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import LEFT_OUT, counts


def one(results: TrendResults, rule: str = "missed.unpaid") -> tuple[int, int, int]:
    (rate_row,) = (precision_row for precision_row in results.precision if precision_row.rule == rule)
    return rate_row.proven, rate_row.cleared, rate_row.unsaid


# ---- precision


@pytest.mark.parametrize(
    ("statuses", "figures"),
    [
        (("confirmed",), (1, 0, 0)),
        (("rectified",), (1, 0, 0)),
        (("cleared",), (0, 1, 0)),
        (("confirmed", "rectified", "closed"), (1, 0, 0)),
        (("cleared", "closed"), (0, 1, 0)),
        (("closed",), (0, 0, 1)),
        (("cleared", "confirmed"), (1, 0, 0)),
        (("confirmed", "cleared"), (0, 1, 0)),
        ((), (0, 0, 0)),
    ],
)
def test_the_last_verdict_holds_and_closing_is_none(
    statuses: tuple[str, ...], figures: tuple[int, int, int], tmp_path: Path
) -> None:
    decisions = [decision("a", status, f"2020-11-{at + 10}") for at, status in enumerate(statuses)]
    run = term_run(tmp_path / "run", "2020-autumn", [finding("a")], decisions)
    assert one(looked(tmp_path, run)) == figures


def test_the_interval_is_exact(tmp_path: Path) -> None:
    findings = [finding(f"f{at}") for at in range(20)]
    decisions = [decision(f"f{at}", "confirmed" if at < 7 else "cleared", "2020-11-10") for at in range(18)]
    run = term_run(tmp_path / "run", "2020-autumn", findings, decisions)
    (precision_row,) = looked(tmp_path, run, confidence="0.9").precision
    assert (precision_row.findings, precision_row.judged, precision_row.rate) == (20, 18, 7 / 18)
    assert precision_row.interval == pytest.approx(
        proportion_confint(7, 18, alpha=0.1, method="beta"), abs=1e-12
    )


def test_without_a_decision_there_is_no_precision(tmp_path: Path) -> None:
    run = term_run(tmp_path / "run", "2020-autumn", [finding("a")])
    (run / "dispositions.csv").unlink()
    results = looked(tmp_path, run)
    assert results.all_rules.interval is None
    assert results.manifest["runs"][0]["dispositions_sha256"] is None


def test_a_later_decision_is_not_known_yet_and_a_stray_one_is_counted_apart(tmp_path: Path) -> None:
    decisions = [
        decision("a", "confirmed", "2020-11-10T23:59:59"),
        decision("a", "cleared", "2020-12-01"),
        decision("gone", "cleared", "2020-11-01"),
    ]
    run = term_run(tmp_path / "run", "2020-autumn", [finding("a")], decisions)
    results = looked(tmp_path, run, as_of="2020-11-10")
    assert one(results) == (1, 0, 0)
    assert (results.decided.known, results.decided.later, results.decided.stray) == (2, 1, 1)
    assert one(looked(tmp_path, run, as_of="2020-12-01")) == (0, 1, 0)


def test_a_decision_carried_on_to_the_next_run_counts_once(tmp_path: Path) -> None:
    one_decision = decision("a", "rectified", "2020-06-10", "500.00")
    spring = term_run(tmp_path / "s", "2020-spring", [finding("a")], [one_decision])
    autumn = term_run(tmp_path / "a", "2020-autumn", [], [one_decision])
    results = looked(tmp_path, spring, autumn)
    assert results.decided.known == 1
    assert results.standing["repaid"] == Decimal("500.00")


# ---- open since when


def since(results: TrendResults) -> list[tuple[str, int]]:
    return list(zip(results.open_since["term"], results.open_since["matters"], strict=True))


def three_terms(tmp_path: Path, *decisions: dict[str, str], **values: object) -> TrendResults:
    runs = [
        term_run(
            tmp_path / term,
            term,
            [finding(term, **({"person": 1} | values))],
            decisions if place == 2 else (),
        )
        for place, term in enumerate(("2019-autumn", "2020-spring", "2020-autumn"))
    ]
    return looked(tmp_path, *runs)


def test_the_same_child_missed_again_is_one_matter_since_the_first_term(tmp_path: Path) -> None:
    results = three_terms(tmp_path)
    assert since(results) == [("2019-autumn", 1)]
    assert (results.matters, results.lasting) == (1, 1)
    assert set(results.ledger["since"]) == {"2019-autumn"}


def test_what_was_settled_in_between_begins_anew(tmp_path: Path) -> None:
    results = three_terms(tmp_path, decision("2020-spring", "cleared", "2020-06-01"))
    assert since(results) == [("2019-autumn", 1), ("2020-autumn", 1)]
    assert results.lasting == 0


def test_what_was_put_right_but_not_struck_off_is_still_pending(tmp_path: Path) -> None:
    assert since(three_terms(tmp_path, decision("2020-spring", "rectified", "2020-06-01"))) == [
        ("2019-autumn", 1)
    ]


def test_persons_without_a_number_are_each_a_matter(tmp_path: Path) -> None:
    assert [n for _, n in since(three_terms(tmp_path, person=None))] == [1, 1, 1]


def test_a_school_counts_as_often_as_terms_in_which_one_rule_found_something(tmp_path: Path) -> None:
    spring = term_run(
        tmp_path / "s",
        "2020-spring",
        [finding("a"), finding("b"), finding("x", school_name="松坪县云顶小学")],
    )
    autumn = term_run(
        tmp_path / "a",
        "2020-autumn",
        [finding("c"), finding("y", "missed.underpaid"), finding("z", school_name=None)],
    )
    (line,) = looked(tmp_path, spring, autumn).schools.to_dict("records")
    assert (line["school_name"], line["rule"], list(line["findings"])) == (
        "松坪县城关小学",
        "missed.unpaid",
        [2, 1],
    )


# ---- money


def test_money_made_good_is_of_what_stands_as_put_right(tmp_path: Path) -> None:
    findings = [finding("a"), finding("b"), finding("c", "amount.overpaid"), finding("d")]
    decisions = [
        decision("a", "rectified", "2020-11-10", "312.50"),
        decision("a", "closed", "2020-11-20"),
        decision("b", "rectified", "2020-11-10", "500.00"),
        decision("b", "cleared", "2020-11-30"),
        decision("c", "rectified", "2020-11-10", "1,000"),
        decision("d", "rectified", "2020-11-10"),
    ]
    results = looked(tmp_path, term_run(tmp_path / "run", "2020-autumn", findings, decisions))
    assert (results.standing["repaid"], results.standing["recovered"]) == (
        Decimal("312.50"),
        Decimal("1000.00"),
    )
    assert (
        dict(zip(results.made_good["rule"], results.made_good["unstated"], strict=True))["missed.unpaid"] == 1
    )


# ---- the rectification ledger


def ledger(results: TrendResults) -> dict[str, dict[str, object]]:
    return {str(line["finding_id"]): line for line in results.ledger.to_dict("records")}


def test_deadlines_run_from_the_count_date_and_from_the_day_found_right(tmp_path: Path) -> None:
    findings = [finding(name) for name in ("open", "late", "in_time", "cleared", "again", "running")]
    decisions = [
        decision("late", "confirmed", "2020-11-01"),
        decision("late", "closed", "2020-12-02"),
        decision("in_time", "rectified", "2020-11-01"),
        decision("in_time", "closed", "2020-12-01"),
        decision("cleared", "cleared", "2020-11-01"),
        decision("again", "confirmed", "2020-11-01"),
        decision("again", "cleared", "2020-11-05"),
        decision("again", "confirmed", "2020-12-31"),
        decision("running", "confirmed", "2021-01-05"),
    ]
    run = term_run(tmp_path / "run", "2020-autumn", findings, decisions)
    lines = ledger(looked(tmp_path, run, as_of="2021-01-30", verify_within="60", rectify_within="30"))
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "open": "overdue", "late": "late", "in_time": "in_time", "again": "running", "running": "running",
    }  # fmt: skip
    assert lines["open"]["deadline"] == day("2020-12-30")
    assert lines["late"]["deadline"] == day("2020-12-01")
    assert lines["again"]["deadline"] == day("2021-01-30")
    assert next(iter(lines)) == "open"


def test_every_finding_has_a_day_to_be_verified_by(tmp_path: Path) -> None:
    findings = [finding(name) for name in "abc"]
    decisions = [decision("a", "cleared", "2020-12-30"), decision("b", "confirmed", "2020-12-31")]
    run = term_run(tmp_path / "run", "2020-autumn", findings, decisions)
    (line,) = looked(tmp_path, run, as_of="2021-01-01").verified.to_dict("records")
    assert (line["due"], line["in_time"], line["late"], line["overdue"], line["running"]) == (3, 1, 1, 1, 0)


# ---- the rhythm


def test_the_calendar_of_the_rhythm() -> None:
    months = periods("month", day("2020-10-31"), day("2020-12-30"))
    assert [(p.first, p.last, p.due) for p in months] == [
        (day("2020-10-01"), day("2020-10-31"), day("2020-11-10")),
        (day("2020-11-01"), day("2020-11-30"), day("2020-12-10")),
    ]
    quarters = periods("quarter", day("2020-10-31"), day("2021-02-28"))
    assert [(p.first, p.last, p.due) for p in quarters] == [
        (day("2020-09-01"), day("2020-11-30"), day("2020-12-15")),
        (day("2020-12-01"), day("2021-02-28"), day("2021-03-15")),
    ]
    (half,) = periods("half_year", day("2020-10-31"), day("2021-02-28"))
    assert (half.first, half.last, half.due, half.title.zh) == (
        day("2020-09-01"), day("2021-02-28"), None, "2020 年秋季学期",
    )  # fmt: skip
    assert periods("half_year", day("2020-10-31"), day("2021-02-27")) == []
    assert under_way("month", day("2020-12-31")).first == day("2021-01-01")
    assert under_way("month", day("2020-12-30")).first == day("2020-12-01")


def test_a_quarters_ledgers_are_all_in_by_the_day_its_report_is_due() -> None:
    for quarter in periods("quarter", day("2019-01-01"), day("2023-01-01")):
        ledgers = [m for m in periods("month", quarter.first, quarter.last) if m.first >= quarter.first]
        assert len(ledgers) == 3
        assert all(m.due and quarter.due and m.due < quarter.due for m in ledgers)


def restless(tmp_path: Path, seed: int) -> TrendResults:
    """Three terms with decisions made and taken back at random days."""
    chance = random.Random(seed)
    rules, runs = ("missed.unpaid", "amount.overpaid", "mismatch.identity"), []
    for term, begins in (
        ("2019-autumn", "2019-10-31"),
        ("2020-spring", "2020-04-30"),
        ("2020-autumn", "2020-10-31"),
    ):
        findings = [
            finding(f"{term}-{at}", chance.choice(rules), person=chance.randrange(40)) for at in range(30)
        ]
        decisions = []
        for row, _ in itertools.product(findings, range(chance.randrange(5))):
            on = day(begins) + dt.timedelta(days=chance.randrange(-10, 200))
            status = chance.choice(("confirmed", "cleared", "rectified", "closed"))
            decisions.append(
                decision(row["finding_id"], status, on.isoformat(), chance.choice(("", "100.00")))
            )
        runs.append(term_run(tmp_path / term, term, findings, decisions))
    return looked(tmp_path, *runs, as_of="2021-02-28")


@pytest.mark.parametrize("seed", range(4))
def test_months_add_up_to_quarters_and_quarters_to_half_years(seed: int, tmp_path: Path) -> None:
    roll_ups = restless(tmp_path, seed).roll_ups
    flows = ["entered", "cleared", "closed", "repaid", "recovered"]
    for longer, shorter in (("quarter", "month"), ("half_year", "quarter")):
        for period, line in zip(
            roll_ups[longer].periods, roll_ups[longer].lines.to_dict("records"), strict=True
        ):
            parts = [
                part
                for within, part in zip(
                    roll_ups[shorter].periods, roll_ups[shorter].lines.to_dict("records"), strict=True
                )
                if period.first <= within.first <= period.last
            ]
            assert {name: line[name] for name in flows} == {
                name: sum(p[name] for p in parts) for name in flows
            }
            assert (line["pending_before"], line["pending"]) == (
                parts[0]["pending_before"],
                parts[-1]["pending"],
            )
        families = roll_ups[longer].families
        last = roll_ups[longer].lines.iloc[-1]
        assert {name: families[name].sum() for name in flows} == {name: last[name] for name in flows}


def test_how_things_stand_is_the_last_roll_up_on_its_last_day(tmp_path: Path) -> None:
    results = restless(tmp_path, 7)
    last = results.roll_ups["month"].lines.iloc[-1]
    assert last["pending"] == sum(results.standing[state] for state in ("open", "confirmed", "rectified"))
    assert last["at_stake"] == results.standing["at_stake"]


def test_a_child_with_several_findings_is_one_child_of_the_roll_up(tmp_path: Path) -> None:
    findings = [finding(f"a{at}", "missed.unpaid", person=person) for at, person in enumerate((1, 1, 2, 3))]
    decisions = [decision("a2", "cleared", "2020-11-20")]
    results = looked(
        tmp_path, term_run(tmp_path / "a", "2020-autumn", findings, decisions), as_of="2020-12-31"
    )
    lines = results.roll_ups["month"].lines.set_axis(
        [period.first.month for period in results.roll_ups["month"].periods]
    )
    shown_counts = lines[["pending", "children", "children_change"]]
    assert shown_counts.loc[10].tolist() == [4, 3, 3]
    assert shown_counts.loc[11].tolist() == [3, 2, -1]


# ---- small groups


def possible(numbers: Sequence[int], shown_counts: Sequence[str], at: int) -> set[int]:
    """What a reader who knows the sum may take the number at ``at`` for; beside a 1–4, … is known to be 5 or more."""
    unknown = [place for place, text in enumerate(shown_counts) if not text.isdigit()]
    hidden_sum = sum(numbers[place] for place in unknown)
    from_5 = 5 if "1–4" in shown_counts else 1
    ranges = [
        range(1, 5) if shown_counts[place] == "1–4" else range(from_5, hidden_sum + 1) for place in unknown
    ]
    fitting = (guess for guess in itertools.product(*ranges) if sum(guess) == hidden_sum)
    return {guess[unknown.index(at)] for guess in fitting}


@pytest.mark.parametrize("size", [2, 3, 4])
def test_no_small_number_can_be_worked_out_from_the_others_and_the_total(size: int) -> None:
    for numbers in itertools.product((0, 1, 2, 3, 4, 5, 7), repeat=size):
        if max(numbers) < 5:
            continue  # there is nothing to hide behind: the total itself is of small numbers alone
        shown_counts = counts(numbers)
        for at, number in enumerate(numbers):
            if 0 < number < 5:
                assert possible(numbers, shown_counts, at) > {number}, (numbers, shown_counts)


def test_numbers_that_give_nothing_away_are_shown() -> None:
    assert counts([12, 0, 1500]) == ["12", "0", "1,500"]
    assert counts([12, 3, 2]) == ["12", "1–4", "1–4"]
    assert counts([12, 3], totalled=False) == ["12", "1–4"]
    assert counts([12, 7, 3]) == ["12", LEFT_OUT, "1–4"]
