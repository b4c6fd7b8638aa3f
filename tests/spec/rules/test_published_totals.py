"""The figures that two counties published, read as they were printed: what they claim of each other holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import plain_county
import pytest
from plain_county import Checked

from auditlib.findings.apply import apply_rules
from auditlib.rules import RULES

TEN_THOUSAND = {"amount_unit": "10000"}
PLACES = (("合计", "14556", "1106.4"), ("区内", "13772", "1044.9"), ("市外", "784", "61.475"))
# Of Wanzai's year, by kind: the year, its spring, its autumn. (As fallback, so that no payments are asked for.)
YEAR = {
    "建档立卡": (("", "14237", "803.57875"), ("2020-spring", "7106", "358.44"), ("2020-autumn", "7131", "445.13875")),
    "城镇解困": (("", "1822", "119.805"), ("2020-spring", "924", "48.6725"), ("2020-autumn", "898", "71.1325")),
    "其他困难": (("", "13235", "838.50675"), ("2020-spring", "5949", "350.62775"), ("2020-autumn", "7286", "487.879")),
    "": (("", "29294", "1761.8905"), ("2020-spring", "13979", "757.74025"), ("2020-autumn", "15315", "1004.15025")),
}  # fmt: skip
CLOSED_BY = {
    "2020-05-31": 4, "2020-06-15": 1, "2020-06-30": 3, "2020-07-15": 1, "2020-07-31": 1, "2020-08-15": 2,
    "2020-08-31": 1, "2020-09-15": 2, "2020-09-30": 3, "2020-10-15": 2,
}  # fmt: skip
TOTALS = [
    *({"term": "2020-spring", "place": place, "persons": n, "amount": yuan} | TEN_THOUSAND for place, n, yuan in PLACES),
    *({"term": "2020-spring", "basis": basis, "persons": n} for basis, n in (("函告", "3595"), ("回函", "3050"), ("未回函", "545"))),
    {"term": "", "basis": "贷款", "persons": "3999", "amount": "3034.7704"} | TEN_THOUSAND,
    *({"term": term, "basis": "兜底", "category": who, "persons": n, "amount": yuan} | TEN_THOUSAND for who, terms in YEAR.items() for term, n, yuan in terms),
    {"term": "", "persons": "68894", "amount": "4647.27"} | TEN_THOUSAND,
    {"term": "2020-autumn", "basis": "送教", "persons": "64"},
    {"term": "2020-spring", "basis": "送教", "persons": "59"},
]  # fmt: skip
ASKED = (
    "totals.persons",
    "totals.amount",
    "totals.parts",
    "funds.idle",
    "issues.overdue",
    "issues.no_evidence",
)


def _county(totals: list[dict[str, str]] = TOTALS) -> plain_county.County:
    taught = [
        {"student_no": f"J99010020100101{n:03d}0", "name": f"某生{n}", "taught_on": f"2020-10-{day}"}
        for n in range(64)
        for day in ("14", "28")
    ]
    measures = [
        {"measure": f"措施{day}之{n}", "due_on": day, "closed_on": day} for day, many in CLOSED_BY.items() for n in range(many)
    ]  # fmt: skip
    others = (("市级检查", 6), ("专项审计", 1))
    measures += [
        {"list_name": name, "measure": f"{name}之{n}", "due_on": "2020-10-15", "closed_on": "2020-10-14"} for name, many in others for n in range(many)
    ]  # fmt: skip
    funds = {"document_no": "财教〔2020〕1号", "allotted": "15350000", "paid_out": "8988000"}
    rows = {"control_totals": totals, "home_teaching": taught, "issues": measures, "funds": funds}
    return plain_county.overlaid(1, rows)


@pytest.fixture(scope="module")
def county() -> Checked:
    return plain_county.check(_county(), rules={name: RULES[name] for name in ASKED})


def _row(population: pd.DataFrame, subject: str) -> pd.Series:
    (row,) = population[population["subject"].str.contains(subject, regex=False)].to_dict("records")
    return pd.Series(row)


def test_the_district_and_the_rest_make_the_whole_within_the_printed_rounding(county: Checked) -> None:
    population = county.population("totals.parts")
    divided = _row(population, "place|2020-spring")
    assert not divided["exception"] and len(divided["rests_on"]) == len(PLACES)
    assert Decimal("1106.4") != Decimal("1044.9") + Decimal("61.475")


def test_letters_sent_are_those_answered_and_those_open(county: Checked) -> None:
    assert not _row(county.population("totals.parts"), "answers|2020-spring")["exception"]


def test_a_year_is_the_sum_of_its_two_terms_kind_by_kind(county: Checked) -> None:
    population = county.population("totals.parts")
    years = population[population["subject"].str.startswith("term|")]
    assert len(years) == len(YEAR) and not years["exception"].any()
    assert all(len(rows) == 3 for rows in years["rests_on"])


def test_a_figure_that_is_off_by_one_is_found_out() -> None:
    """One person more in the district's whole, among the open letters, in each kind's year, among those taught at home."""
    off = {("place", "合计"), ("basis", "未回函"), ("basis", "送教"), ("term", "")}
    totals = [
        row | {"persons": str(int(row["persons"]) + 1)}
        if off & row.items() and row.get("basis") != "贷款"
        else row
        for row in TOTALS
    ]
    county = plain_county.check(_county(totals), rules={name: RULES[name] for name in ASKED})
    parts = county.population("totals.parts")
    assert len(parts) == 2 + len(YEAR) and parts["exception"].all()
    assert _row(county.population("totals.persons"), "2020-autumn|*|*|home_teaching|65")["exception"]


def test_loans_are_read_to_the_fen_and_held_against_nothing(county: Checked) -> None:
    printed = county.engine.fetch(county.audit.rows["control_totals"])
    (loans,) = printed[printed["basis"] == "loans"].to_dict("records")
    assert (loans["persons"], Decimal(loans["amount"])) == (3999, Decimal("30347704.00"))
    for rule in ("totals.persons", "totals.amount"):
        assert _row(county.population(rule), "|loans")["untested"] == "not_in_this_detail"


def test_children_taught_at_home_are_counted_once_each_in_the_term_of_the_ledger(county: Checked) -> None:
    population = county.population("totals.persons")
    assert not _row(population, "2020-autumn|*|*|home_teaching|64")["exception"]
    assert _row(population, "2020-spring|*|*|home_teaching|59")["untested"] == "term_not_delivered"


def test_money_that_lies_idle_is_what_was_not_paid_out(county: Checked) -> None:
    (idle,) = county.population("funds.idle").to_dict("records")
    assert idle["exception"] and Decimal(idle["at_stake"]) == Decimal("15350000") - Decimal("8988000")
    assert Decimal("58.5") <= 100 * (1 - Decimal(idle["at_stake"]) / 15350000) < Decimal("58.6")


def test_the_lists_of_twenty_six_and_one_are_closed_with_evidence(county: Checked) -> None:
    assert list(CLOSED_BY.values()) == [4, 1, 3, 1, 1, 2, 1, 2, 3, 2]
    for rule in ("issues.overdue", "issues.no_evidence"):
        population = county.population(rule)
        assert not population["exception"].any()
        by_list = population["subject"].str.partition("|")[0].value_counts()
        assert by_list.to_dict() == {"省级督查": 20, "市级检查": 6, "专项审计": 1}


def test_a_citys_year_is_read_with_the_rounding_that_is_printed(county: Checked) -> None:
    printed = county.engine.fetch(county.audit.rows["control_totals"])
    (year,) = printed[printed["persons"] == 68894].to_dict("records")
    assert (Decimal(year["amount"]), Decimal(year["amount_tolerance"])) == (Decimal("46472700.00"), 50)


@pytest.mark.parametrize(
    ("basis", "column"), [("兜底", "fallback_amount"), ("回函", "replied_on"), ("函告", "sent_on")]
)
def test_what_the_ledger_of_letters_has_no_column_for_is_untested(basis: str, column: str) -> None:
    printed = {"basis": basis, "persons": "7", "amount": ""}
    county = plain_county.overlaid(1, {"letters": {}, "control_totals": printed})
    engine, full_county = plain_county.audited(county)
    without = {**full_county.columns_found, "letters": full_county.columns_found["letters"] - {column}}
    rule = {"totals.persons": RULES["totals.persons"]}
    answers = list[tuple[object, object]]()
    for audit in (full_county, replace(full_county, columns_found=without)):
        [outcome] = apply_rules(engine, audit, rule)
        assert outcome.population is not None
        [row] = engine.fetch(outcome.population).to_dict("records")
        answers.append((row["exception"] is True or bool(row["exception"] == 1), row["untested"]))
    assert answers[0][0] and answers[1][1] == "not_in_this_detail"
