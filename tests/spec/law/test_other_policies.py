"""Counties with a policy of their own, and with columns left out: what the shipped standards do not show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import plain_county
import pytest
from plain_county import Checked

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.findings.apply import apply_rules, findings
from auditlib.law.policy import read_policy
from auditlib.rules import RULES
from auditlib.tables.delivered import TABLES

LAW = """
title: {zh: 地方, en: Local}
schemes:
  first:
    title: {zh: 甲项, en: First}
    who: {stage: [primary], category: [low_income, orphan]}
    per_term: {any: {2016-09-01: 400}}
    excludes: [second, third]
  second:
    title: {zh: 乙项, en: Second}
    who: {stage: [primary], category: [low_income]}
    per_term: {primary: {2016-09-01: 300}}
    excludes: [third]
  third:
    title: {zh: 丙项, en: Third}
    who: {stage: [primary], category: [low_income]}
    per_term: {primary: {2016-09-01: 300}}
    mandatory: false
  by_category:
    title: {zh: 丁项, en: By category}
    who: {stage: [primary]}
    per_term: {any: {2018-09-01: {destitute: 100, disabled: {min: 150, max: 300, average: 200}}}}
  ended:
    title: {zh: 戊项, en: Ended}
    who: {stage: [primary], category: [monitored]}
    per_term: {any: {2016-09-01: 500, 2020-09-01: %s}}
  to_come:
    title: {zh: 己项, en: To come}
    who: {stage: [primary], category: [monitored]}
    per_term: {any: {2021-03-01: 700}}
"""

FindingKeys = dict[tuple[str, str | None], str]


@dataclass(frozen=True)
class Case:
    """A pupil under the law above who differs from the plain one in ``rows``: what is found (``(rule, scheme)`` -> at
    stake), and which rules could not be tested, why."""

    why: str
    rows: Mapping[str, Any]
    found: FindingKeys = field(default_factory=dict)
    untested: Mapping[str, str] = field(default_factory=dict)


def paid(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"payments": [{"scheme": scheme, "amount": amount} for scheme, amount in lines]}


def of(*categories: str) -> dict[str, Any]:
    return {"eligibility": [{"category": category} for category in categories]}


MAYBE = {"eligibility": [{"category": "特困"}, {"category": "残疾", "valid_to": "待定"}]}
AWAY: dict[str, None] = {"enrolment": None, "payments": None, "applications": None}
UNREADABLE = "eligibility_date_unreadable"
CASES = [
    Case("of exclusive schemes that are all due one is missed", {"payments": None}, {("missed.unpaid", "first"): "400"}),
    Case(
        "of exclusive schemes the one with rows is missed",
        {"payments": {"scheme": "乙项", "amount": "300", "result": "退汇"}},
        {("missed.returned", "second"): "300"},
    ),
    Case("an exclusive scheme that was paid stands for the other", paid(("乙项", "300"))),
    Case(
        "each exclusive scheme is at stake once",
        paid(("甲项", "400"), ("乙项", "300"), ("丙项", "300")),
        {("duplicate.exclusive_schemes", None): "600"},
    ),
    Case("nothing is missed of a scheme that has ended", {**of("监测对象"), "payments": None}),
    Case(
        "what is paid of a scheme that has ended is too much",
        of("监测对象") | paid(("戊项", "500")),
        {("amount.overpaid", "ended"): "500"},
    ),
    Case(
        "paid twice of a scheme that has ended: said once",
        of("监测对象") | paid(("戊项", "500"), ("戊项", "500")),
        {("duplicate.same_scheme", "ended"): "1000"},
    ),
    Case(
        "a scheme without an amount yet is untested",
        of("监测对象") | paid(("己项", "700")),
        untested={"amount.overpaid": "no_standard"},
    ),
    Case(
        "a scheme whose every amount is of a category asks for eligibility",
        {"eligibility": None} | paid(("丁项", "100")),
        {("ineligible.not_listed", None): "100"},
    ),
    Case(
        "a category that may hold allows a higher payment",
        MAYBE | paid(("丁项", "200")),
        untested={"amount.overpaid": UNREADABLE},
    ),
    Case(
        "a category that may hold allows two payments",
        MAYBE | paid(("丁项", "100"), ("丁项", "200")),
        untested={"amount.overpaid": UNREADABLE, "duplicate.same_scheme": UNREADABLE},
    ),
    Case(
        "a payment above what may be due at most",
        MAYBE | paid(("丁项", "300.01")),
        {("amount.overpaid", "by_category"): "200.01"},
    ),
    Case(
        "a child not found: the lowest standard of any category held",
        {**of("监测对象", "特困"), **AWAY},
        {("missed.not_found", None): "100"},
    ),
    Case(
        "the sum of exclusive schemes leaves out what goes together with them",
        of("低保", "特困") | paid(("甲项", "400"), ("乙项", "300"), ("丁项", "100")),
        {("duplicate.exclusive_schemes", None): "300"},
    ),
]  # fmt: skip


@cache
def checked_county(end: str) -> Checked:
    """All cases as one county under the law above, ``end`` the amount with which a scheme ends."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "law.yaml").write_text(LAW % end, encoding="utf-8")
        law = read_policy(["law"], Path(folder))
    counties = [plain_county.overlaid(number, case.rows) for number, case in enumerate(CASES, 1)]
    return plain_county.check(plain_county.together(counties), law)


def _is_of(record: str, number: int) -> bool:
    return record.rpartition(":")[2].startswith(f"{number:03d}")


def findings_of(run: Checked, number: int) -> pd.DataFrame:
    return run.findings[run.findings["records"].map(lambda rows: any(_is_of(row, number) for row in rows))]


@pytest.mark.parametrize("end", ["0", "null"])
@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=lambda number: CASES[number - 1].why)
def test_a_county_under_its_own_law(number: int, end: str) -> None:
    run, case = checked_county(end), CASES[number - 1]
    rows = findings_of(run, number)
    schemes = [scheme if isinstance(scheme, str) else None for scheme in rows["scheme"]]
    findings_by_scheme = dict(zip(zip(rows["rule"], schemes, strict=True), rows["at_stake"], strict=True))
    assert findings_by_scheme == {key: Decimal(yuan) for key, yuan in case.found.items()}
    persons = set(run.sources().loc[run.sources()["source"].str.startswith(f"{number:03d}"), "person_id"])
    for rule, reason in case.untested.items():
        population = run.population(rule)
        own = population[population["subject"].str.split("|").str[0].isin(persons)]
        assert set(own["untested"].dropna()) == {reason}


CITED_LAW = """
title: {zh: 地方, en: Local}
schemes:
  by_category:
    title: {zh: 丁项, en: By category}
    aliases: [寄宿生生活补助]
    who: {stage: [primary]}
    per_term:
      any:
        2018-09-01:
          destitute: {yuan: 100, by: 文件丁}
          disabled: {yuan: 300, by: 文件丙}
          low_income: {yuan: 200, by: 文件甲}
        2021-03-01: {yuan: 400, by: 文件乙（2021-02）}
"""


def test_a_finding_cites_what_the_amount_due_rests_on(tmp_path: Path) -> None:
    (tmp_path / "law.yaml").write_text(CITED_LAW, encoding="utf-8")
    pupils = [of(*categories) | {"payments": None} for categories in (("低保",), ("残疾", "低保"))]
    cases = [*pupils, paid(("丁项", "200"))]
    county = plain_county.together([plain_county.overlaid(n, rows) for n, rows in enumerate(cases, 1)])
    run = plain_county.check(county, read_policy(["law"], tmp_path))
    unpaid = run.findings.query("rule == 'missed.unpaid'").set_index("at_stake")["policy_ref"]
    assert dict(unpaid) == {
        Decimal(200): "丁项（2018-09-01起）：文件甲",
        Decimal(300): "丁项（2018-09-01起）：文件丙",
    }


def test_the_sum_told_of_exclusive_schemes_is_theirs_alone() -> None:
    [finding] = findings_of(checked_county("0"), len(CASES)).itertuples()
    assert finding.amount_paid == Decimal(700)


def test_what_is_paid_of_an_ended_scheme_is_above_a_standard_of_nothing() -> None:
    ended_findings = [
        checked_county(end).findings.query("scheme == 'ended' and rule == 'amount.overpaid'")
        for end in ("0", "null")
    ]
    assert [list(rows["reason"]) for rows in ended_findings] == [["above_standard"]] * 2


@cache
def plain() -> tuple[Engine, Audit]:
    """Two pupils under the national law: a stranger whose payment was taken back in part, and one who is away, with letters."""
    stranger = plain_county.overlaid(1, {"enrolment": None, "payments": [{}, {"amount": "-200"}]})
    away = plain_county.overlaid(2, {**AWAY, "letters": {"sent_on": "", "replied_on": "", "aided": ""}})
    return plain_county.audited(plain_county.together([stranger, away, plain_county.overlaid(3, {})]))


def test_a_reversal_is_among_the_records_of_what_it_makes_less() -> None:
    engine, audit = plain()
    outcomes = apply_rules(engine, audit, {"mismatch.not_enrolled": RULES["mismatch.not_enrolled"]})
    [finding] = engine.fetch(findings(engine, audit, outcomes)).itertuples()
    assert finding.at_stake == Decimal(300)
    paid = [record for record in finding.records if record.startswith("payments")]
    assert paid == ["payments:001.csv!2", "payments:001.csv!3"]


# --- columns left out ----------------------------------------------------------------------------------------------


def without(rule: str, table: str, *columns: str) -> Any:
    """The outcome of ``rule`` in that county, had ``table`` come without ``columns``; its population where there is one."""
    engine, audit = plain()
    all_columns = {name: frozenset(declaration.by_name) for name, declaration in TABLES.items()}
    all_columns[table] -= set(columns)
    [outcome] = apply_rules(engine, replace(audit, columns_found=all_columns), {rule: RULES[rule]})
    return outcome if outcome.population is None else engine.fetch(outcome.population)


def test_letters_without_a_day_of_sending_were_sent() -> None:
    assert list(without("missed.out_of_county", "letters")["reason"]) == ["not_sent"]
    assert list(without("missed.out_of_county", "letters", "sent_on")["reason"]) == ["no_reply"]


def test_letters_without_a_column_for_answers_say_nothing_of_them() -> None:
    letters = without("missed.out_of_county", "letters", "sent_on", "replied_on", "aided")
    assert list(letters["untested"]) == ["answer_not_stated"]


def test_registers_without_days_cannot_tell_who_is_no_longer_on_them() -> None:
    outcome = without("ineligible.expired", "eligibility", "valid_from", "valid_to")
    assert outcome.not_run == "eligibility.valid_from,eligibility.valid_to"


def test_payments_without_a_school_cannot_be_of_another_school() -> None:
    outcome = without("mismatch.school", "payments", "school_code", "school_name")
    assert outcome.not_run == "payments.school_code,payments.school_name"
