"""Every example of every rule: its outcome, its reason, its money, and that one root cause makes one finding.

All examples that share their parameters stand in one county and go through the chain in one run.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import plain_county
import pytest
from plain_county import Checked, County

from auditlib import rules
from auditlib.findings.apply import apply_rules
from auditlib.rules import RULES, Rule
from auditlib.rules.registry import Example
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import WORDS

# What the printed totals are held against, all through one school: three payments of 500 yuan to pupils on the low-income register, one of them
# recovered by a half, one of a pupil on the orphans' register, and one of the spring before.
DETAIL: dict[str, Any] = {
    "eligibility": [{}, {"of": 2}, {"of": 3}, {"of": 4, "category": "孤儿"}],
    "payments": [
        row | {"school_code": "{school}", "school_name": "丙校"} for row in (
        {}, {"of": 2}, {"of": 3}, {"of": 3, "amount": "-250"}, {"of": 4, "category": ""}, {"result": "退汇"},
        {"term": "2020-spring", "category": "低保"})
    ],
    "schools": [{"school_name": "丙校", "town": "丙镇"}],
}  # fmt: skip


# Rules upon these have a county of their own: a county with a roster or a ledger asks more of everybody.
LEDGERS = {"attendance", "dropouts", "unable", "home_teaching", "quotas", "funds", "issues"}


@dataclass(frozen=True)
class Case:
    """An example of a rule, with its number: its rows' file name begins with it."""

    number: int
    rule: Rule
    example: Example

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.example.outcome} · {self.example.why}"

    @property
    def county(self) -> County:
        births = {1: self.example.birth} if self.example.birth else None
        return plain_county.overlaid(self.number, dict(self.example.rows) | self._no_detail, births)

    @property
    def stand_in(self) -> County:
        """A pupil with whom nothing is wrong; nobody among examples of totals, whose detail is laid apart."""
        return plain_county.overlaid(self.number, self._no_detail)

    @property
    def _no_detail(self) -> dict[str, None]:
        return dict.fromkeys(plain_county.PLAIN) if self.rule.subject == "total" else {}

    @property
    def tables(self) -> set[str]:
        return {need.partition(".")[0] for need in self.rule.needs}

    @property
    def group(self) -> str:
        """Examples of one group share a run."""
        tables = self.tables
        # With a list of planned payments every unpaid pupil is asked about it.
        earlier = plain_county.EARLIER in self.example.rows
        of_ledgers = bool(LEDGERS & tables)
        # With a ledger of dropouts every pupil who left is asked for in it.
        ledger_of_dropouts = (earlier or not of_ledgers) and "dropouts" in self.example.rows
        own = f"{of_ledgers} {'planned' in tables} {earlier} {ledger_of_dropouts}"
        return f"{self.rule.subject == 'total'} {own} {dict(self.example.parameters)}"


def numbered_cases(cases: Iterable[Case]) -> Iterator[Case]:
    """The cases with their numbers, each group's own: three digits of an ID number tell one from another."""
    numbers: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
    for case in cases:
        yield replace(case, number=next(numbers[case.group]))


CASES = [*numbered_cases(Case(0, rule, example) for rule in RULES.values() for example in rule.examples)]


PLAYED_RULES: set[str] = set()


@pytest.fixture(scope="module", autouse=True)
def _remember(rules_played: frozenset[str]) -> None:
    PLAYED_RULES.update(rules_played)


@cache
def group_checked(group: str) -> Checked:
    """The run of one group of examples; for each that is left out stands a pupil with whom nothing is wrong.

    So many children as in the whole: how much a name says depends on how many bear one.
    """
    cases = [case for case in CASES if case.group == group]
    of_totals, of_ledgers = cases[0].rule.subject == "total", bool(LEDGERS & cases[0].tables)
    # Where one ledger is there, the others are too: their rules say something of the same children.
    counties = [
        case.county if of_ledgers or case.rule.id in PLAYED_RULES else case.stand_in for case in cases
    ]
    if of_totals:
        counties.append(plain_county.overlaid(999, DETAIL))
    rules = {case.rule.id: case.rule for case in cases} if of_totals else RULES
    return plain_county.check(plain_county.together(counties), rules=rules, **cases[0].example.parameters)


def _is_of(record: str, case: Case) -> bool:
    return record.rpartition(":")[2].startswith(f"{case.number:03d}")


def _subjects(case: Case, run: Checked) -> set[str]:
    """The persons that the first pupil's rows were linked to, or the accounts they were paid to."""
    if case.rule.subject == "account":
        rows = case.county["payments"]
        return {row["account_no"] for row in rows} | {"?" + row["source"] for row in rows}
    sources = run.sources()
    own = sources["source"].str.startswith(f"{case.number:03d}.csv!")
    return set(sources[own]["person_id"]) | _of_last_term(case)


def _of_last_term(case: Case) -> set[str]:
    """Whom the register of the term before knows, perhaps no other."""
    return {row["id_number"] for row in case.county.get(plain_county.EARLIER, [])}


def _rows(case: Case, run: Checked) -> pd.DataFrame:
    """The example's rows in the rule's population."""
    population = run.population(case.rule.id)
    if case.rule.subject in ("total", "school", "scheme", "measure"):
        return population[population["rests_on"].map(lambda rows: any(_is_of(row, case) for row in rows))]
    return population[population["subject"].str.split("|").str[0].isin(_subjects(case, run))]


def _outcome(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "absent"
    if rows["exception"].fillna(False).any():
        return "flags"
    return "untested" if rows["exception"].isna().any() else "passes"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_example_has_the_outcome_reason_and_money_it_states(case: Case) -> None:
    rows = _rows(case, group_checked(case.group))
    example = case.example
    assert _outcome(rows) == example.outcome, rows.to_string()
    if example.outcome == "flags":
        flagged_rows = rows[rows["exception"].fillna(False)]
        assert len(flagged_rows) == 1, flagged_rows.to_string()
        assert example.reason in ("", flagged_rows["reason"].iloc[0])
        assert not example.at_stake or flagged_rows["at_stake"].iloc[0] == Decimal(example.at_stake)
    if example.outcome == "untested" and example.reason:
        assert set(rows["untested"].dropna()) == {example.reason}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_root_cause_makes_one_finding(case: Case) -> None:
    findings = group_checked(case.group).findings
    own = [any(_is_of(record, case) for record in records) for records in findings["records"]]
    of_last_term = findings["id_number"].isin(_of_last_term(case))
    mine = findings[pd.Series(own, findings.index, dtype=bool) | of_last_term]
    expected = [case.rule.id] * (case.example.outcome == "flags") + list(case.example.also)
    assert sorted(mine["rule"]) == sorted(expected), mine[["rule", "reason", "at_stake", "name"]].to_string()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_examples_of_what_it_finds_and_what_it_does_not(rule: Rule) -> None:
    outcomes = {example.outcome for example in rule.examples}
    assert {"flags", "passes"} <= outcomes


@pytest.mark.parametrize("case", [c for c in CASES if c.example.reason], ids=str)
def test_every_reason_has_words(case: Case) -> None:
    assert case.example.reason in WORDS


NEEDS = [(rule, need) for rule in RULES.values() for need in rule.needs]


def test_a_rule_that_the_parameters_leave_idle_says_so_in_words() -> None:
    sources = "".join(file.read_text("utf-8") for file in Path(rules.__file__).parent.glob("*.py"))
    reasons = set(re.findall(r'raise NotRun\("(\w+)"\)', sources))
    assert reasons
    assert {reason for reason in reasons if reason not in WORDS} == set()


@pytest.mark.parametrize(("rule", "need"), NEEDS, ids=lambda part: getattr(part, "id", part))
def test_a_rule_without_the_table_or_column_it_needs_is_not_run_and_says_why(rule: Rule, need: str) -> None:
    run, full_columns = (
        group_checked(CASES[0].group),
        {name: frozenset(table.by_name) for name, table in TABLES.items()},
    )
    table, _, column = need.partition(".")
    columns_left = full_columns[table] - {column} if column else frozenset()
    [outcome] = apply_rules(
        run.engine, replace(run.audit, columns_found={**full_columns, table: columns_left}), {rule.id: rule}
    )
    assert outcome.population is None
    assert need in outcome.not_run.split(",")


@pytest.mark.parametrize("rule", ["procedure.not_posted", "procedure.not_approved"])
def test_a_step_is_not_missing_where_a_sheet_has_no_column_for_it_though_others_have(rule: str) -> None:
    case = next(c for c in CASES if c.rule.id == rule and c.example.outcome == "flags")
    run = group_checked(case.group)
    sheets = run.engine.fetch(run.audit.rows["applications"])["source"].str.rpartition("!")[0].unique()
    column = RULES[rule].needs[-1]
    populations = list[pd.DataFrame]()
    for audit in (run.audit, replace(run.audit, sheets_lacking={column: tuple(sheets)})):
        [outcome] = apply_rules(run.engine, audit, {rule: RULES[rule]})
        assert outcome.population is not None
        populations.append(run.engine.fetch(outcome.population))
    full_columns, lacking = populations
    assert full_columns["exception"].eq(True).any() and not lacking["exception"].eq(True).any()
    assert set(lacking["untested"].dropna()) == {"column_lacking", "no_application_row"}


def test_a_ledger_without_a_column_for_fallback_is_not_held_to_say_that_none_was_paid() -> None:
    rule = "missed.out_of_county"
    case = next(c for c in CASES if c.rule.id == rule and c.example.reason == "refused")
    run = group_checked(case.group)
    letters = frozenset(TABLES["letters"].by_name)
    reasons = list[set[str]]()
    for columns in (letters, letters - {"fallback_amount"}):
        audit = replace(run.audit, columns_found={**run.audit.columns_found, "letters": columns})
        [outcome] = apply_rules(run.engine, audit, {rule: RULES[rule]})
        assert outcome.population is not None
        reasons.append(set(run.engine.fetch(outcome.population.filter("exception"))["reason"]))
    assert "refused" in reasons[0] and "refused_fallback_unknown" not in reasons[0]
    assert "refused_fallback_unknown" in reasons[1] and "refused" not in reasons[1]
    assert "refused_fallback_unknown" in WORDS


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("procedure.paid_late", "no day"),
        ("procedure.paid_before_posting_ended", "no day of payment"),
        ("procedure.applied_late", "no day"),
        ("procedure.panel_small", "not stated"),
    ],
)
def test_what_a_sheet_has_no_column_for_is_not_said_to_be_unreadable(rule: str, words: str) -> None:
    case = next(c for c in CASES if c.rule.id == rule and c.example.why == words)
    run, column = group_checked(case.group), next(need for need in RULES[rule].needs if "." in need)
    table = column.partition(".")[0]
    sheets = run.engine.fetch(run.audit.rows[table])["source"].str.rpartition("!")[0].unique()
    reasons = [case.example.reason, "column_lacking"]
    for audit, reason in zip(
        (run.audit, replace(run.audit, sheets_lacking={column: tuple(sheets)})), reasons, strict=True
    ):
        [outcome] = apply_rules(run.engine, audit, {rule: RULES[rule]})
        assert outcome.population is not None
        tested_rows = run.engine.fetch(outcome.population)
        assert reason in set(tested_rows["untested"].dropna())


SAID = re.compile(r"\b(said|asked|told) (once|there)\b|\basks$")

# What one rule leaves to another is asked for by it where the other does not run: the county may leave that out (``leave_out``), or what it
# needs was not delivered. Every example that calls itself said elsewhere is played again without the rule that says it.
# Rule, the rule that it gives way to, on what: not named by an example's ``also``, for that rule finds nothing there.
SILENT = {
    ("missed.not_found", "missed.out_of_county"): "a letter of last spring",
    ("missed.listed_late", "dropout.unledgered"): "has left",
}
# By its own criterion the rule does not speak of the matter, whether the other runs or not.
BY_CRITERION = {
    ("missed.not_found", "attendance.unregistered"): "a child on a roster is at school: it is found",
    ("missed.listed_late", "attendance.unregistered"): "the same",
    ("missed.listed_late", "dropout.unledgered"): "a record tells of the child: it is found",
    ("ineligible.not_listed", "mismatch.inactive"): "speaks of pupils on the register",
    ("amount.overpaid", "ineligible.not_listed"): "to whom nothing is known to be due, no sum is above it",
    ("procedure.posting_short", "procedure.not_posted"): "what was not posted has no length",
    ("dropout.false_closure", "home.not_enrolled"): "who is taught at home need not be brought back",
    ("warning.passed_over", "payments.two_lists"): "says of the lists, not of the child",
    ("attendance.absent", "home.not_enrolled"): "says of the record, not of the child",
    ("home.too_few", "home.not_enrolled"): "says of another child",
}


def _pairs() -> dict[tuple[str, str], list[Case]]:
    """Rule and the rule that it gives way to -> the examples of it."""
    pairs: dict[tuple[str, str], list[Case]] = {}
    for case in CASES:
        example = case.example
        if example.outcome not in ("passes", "absent") or not SAID.search(example.why):
            continue
        silent = [
            other for (rule, other), why in SILENT.items() if rule == case.rule.id and why in example.why
        ]
        for other in (*example.also, *silent):
            pairs.setdefault((case.rule.id, other), []).append(case)
    return pairs


PAIRS = _pairs()
GIVES_WAY = sorted(pair for pair in PAIRS if pair not in BY_CRITERION)


# Rules that give way themselves are left out one by one, all others at once.
LEFT_OUT = {other: [other] if any(rule == other for rule, _ in GIVES_WAY) else [] for _, other in GIVES_WAY}
AT_ONCE = [other for other, alone in LEFT_OUT.items() if not alone]
REPLAYS = sorted({(" ".join(LEFT_OUT[pair[1]]), case.group) for pair in GIVES_WAY for case in PAIRS[pair]})


@pytest.mark.parametrize(("alone", "group"), REPLAYS)
def test_what_a_rule_leaves_to_another_it_says_itself_where_the_other_is_left_out(
    alone: str, group: str
) -> None:
    omissions = [alone] if alone else AT_ONCE
    pairs = [pair for pair in GIVES_WAY if pair[1] in omissions]
    silent_cases = {id(case.example): case for pair in pairs for case in PAIRS[pair] if case.group == group}
    cases = [replace(case, number=number) for number, case in enumerate(silent_cases.values(), start=1)]
    another: dict[str, Any] = {table: {} for case in cases for table in case.tables}
    counties = [*(case.county for case in cases), plain_county.overlaid(len(cases) + 1, another)]
    parameters: dict[str, Any] = dict(cases[0].example.parameters) | {"leave_out": omissions}
    rules = {case.rule.id: case.rule for case in cases}
    run = plain_county.check(plain_county.together(counties), rules=rules, **parameters)
    assert not [str(case) for case in cases if _outcome(_rows(case, run)) not in ("flags", "untested")]


def test_every_reason_to_be_silent_whatever_else_runs_is_met_by_an_example() -> None:
    assert set(BY_CRITERION) <= set(PAIRS)
