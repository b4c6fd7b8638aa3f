"""The figures that two counties published, read as they were printed: what they claim of each other holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pandas as pd
import plain_county
import pytest
from ibis import _
from plain_county import Checked

from auditlib.audit.assemble import Audit
from auditlib.findings.apply import apply_rules
from auditlib.rules import RULES

TEN_THOUSAND = {"amount_unit": "10000"}
PLACES = (("合计", "14556", "1106.4"), ("区内", "13772", "1044.9"), ("市外", "784", "61.475"))
# Of Wanzai's year of payments, by kind: the year, its spring, its autumn.
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
SUCHENG = [
    *({"term": "2020-spring", "place": place, "persons": n, "amount": yuan} | TEN_THOUSAND for place, n, yuan in PLACES),
    *({"term": "2020-autumn", "basis": basis, "persons": n} for basis, n in (("函告", "3595"), ("回函", "3050"), ("未回函", "545"))),
    {"term": "", "persons": "68894", "amount": "4647.27"} | TEN_THOUSAND,
]  # fmt: skip
WANZAI = [
    {"term": "", "basis": "贷款", "persons": "3999", "amount": "3034.7704"} | TEN_THOUSAND,
    *({"term": term, "category": who, "persons": n, "amount": yuan} | TEN_THOUSAND for who, terms in YEAR.items() for term, n, yuan in terms),
    {"term": "2020-autumn", "basis": "送教", "persons": "64"},
    {"term": "2020-spring", "basis": "送教", "persons": "59"},
    *({"term": "2020-autumn", "basis": "函告", "persons": n} for n in ("1158", "1351")),
    {"term": "2020-autumn", "basis": "兜底", "persons": "101", "amount": "5.05375"} | TEN_THOUSAND,
]  # fmt: skip
TOTALS = [*SUCHENG, *WANZAI]  # of two places, hence apart in what is asked of them
ASKED_RULES = (
    "totals.persons",
    "totals.amount",
    "totals.parts",
    "funds.idle",
    "issues.overdue",
    "issues.no_evidence",
)


def _county() -> plain_county.County:
    lessons = [
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
    rows = {
        "control_totals": TOTALS,
        "home_teaching": lessons,
        "issues": measures,
        "funds": funds,
        "letters": {},
    }
    return plain_county.overlaid(1, rows)


@pytest.fixture(scope="module")
def county() -> Checked:
    return plain_county.check(_county(), rules={name: RULES[name] for name in ASKED_RULES})


def _of(county: Checked, totals: list[dict[str, str]], **rows: ir.Table) -> Audit:
    """``county`` with those printed totals alone, and ``rows`` in the place of what its ledgers hold."""
    printed_totals = county.audit.rows["control_totals"]
    lines = [line for line, total in enumerate(TOTALS, 2) if total in totals]
    sources = printed_totals.filter(_.source.re_extract(r"(\d+)$", 1).cast("int64").isin(lines))
    return replace(county.audit, rows={**county.audit.rows, "control_totals": sources, **rows})


def _question(county: Checked, rule: str, audit: Audit) -> pd.DataFrame:
    [outcome] = apply_rules(county.engine, audit, {rule: RULES[rule]})
    assert outcome.population is not None
    return pd.DataFrame(county.engine.fetch(outcome.population))


def _row(population: pd.DataFrame, subject: str) -> pd.Series:
    (row,) = population[population["subject"].str.contains(subject, regex=False)].to_dict("records")
    return pd.Series(row)


def test_the_district_and_the_rest_make_the_whole_within_the_printed_rounding(county: Checked) -> None:
    population = _question(county, "totals.parts", _of(county, SUCHENG))
    divided_row = _row(population, "place|2020-spring")
    assert not divided_row["exception"] and len(divided_row["rests_on"]) == len(PLACES)
    assert Decimal("1106.4") != Decimal("1044.9") + Decimal("61.475")


def test_a_year_of_payments_is_the_sum_of_its_two_terms_kind_by_kind(county: Checked) -> None:
    population = _question(county, "totals.parts", _of(county, WANZAI))
    years = population[population["subject"].str.startswith("term|")]
    assert len(years) == len(YEAR) and not years["exception"].any()
    assert all(len(rows) == 3 for rows in years["rests_on"])


def _letters(county: Checked, answer_count: int, waiting: int, paid: str = "") -> ir.Table:
    """So many letters with an answer and without; ``paid``: yuan of fallback upon those answered, all together, to the fen."""
    number = ibis.range(answer_count + waiting).unnest().name("number").as_table()
    each, rest = divmod(Decimal(paid or "0"), answer_count or 1)
    yuan = ibis.ifelse(_.number == 0, ibis.literal(each + rest), ibis.literal(each)) if paid else ibis.null()
    rows = county.audit.rows["letters"].cross_join(number)
    return rows.mutate(
        source=_.source + _.number.cast("string"),
        replied_on=ibis.ifelse(_.number < answer_count, _.replied_on, ibis.null("date")),
        aided=ibis.ifelse(_.number < answer_count, _.aided, ibis.null("string")),
        fallback_amount=yuan.cast("decimal(12, 2)"),
    ).drop("number")


@pytest.mark.parametrize("letter_count", [1158, 1351])
def test_the_letters_sent_are_counted_in_the_ledger(county: Checked, letter_count: int) -> None:
    audit = _of(county, WANZAI, letters=_letters(county, letter_count - 100, 100))
    population = _question(county, "totals.persons", audit)
    differ = {n: bool(_row(population, f"|letters|{n}")["exception"]) for n in (1158, 1351)}
    assert differ == {1158: letter_count != 1158, 1351: letter_count != 1351}


def test_letters_sent_answered_and_open_are_those_of_the_ledger_and_of_each_other(county: Checked) -> None:
    audit = _of(county, SUCHENG, letters=_letters(county, 3050, 545))
    population = _question(county, "totals.persons", audit)
    printed_totals = population[population["subject"].str.contains("letters|replied|open")]
    assert (
        len(printed_totals) == 3
        and not printed_totals["exception"].any()
        and not printed_totals["untested"].any()
    )
    assert not _row(_question(county, "totals.parts", audit), "answers|2020-autumn")["exception"]


@pytest.mark.parametrize(
    ("town", "town_in_letter", "outcome"),
    [
        ("青山镇", None, (False, None)),  # the child's, of whom the letter tells no town
        ("青山镇", "白水镇", (True, None)),
        ("白水镇", "白水镇", (False, None)),
        ("无此镇", None, (None, "place_not_known")),
    ],
)
def test_letters_of_a_town_are_counted_by_the_town_of_the_letter_else_of_the_child(
    county: Checked, town: str, town_in_letter: str | None, outcome: tuple[bool | None, str | None]
) -> None:
    letters = _letters(county, 1058, 100).mutate(
        town=ibis.literal(town_in_letter, type="string"), town_defect=ibis.null("string")
    )
    audit = _of(county, WANZAI, letters=letters)
    printed_totals = audit.rows["control_totals"].filter(_.persons == 1158).mutate(town=ibis.literal(town))
    of_town = replace(audit, rows={**audit.rows, "control_totals": printed_totals})
    row = _row(_question(county, "totals.persons", of_town), "|letters")
    untested = None if pd.isna(row["untested"]) else row["untested"]
    assert (None if pd.isna(row["exception"]) else bool(row["exception"]), untested) == outcome


def test_fallback_is_counted_and_summed_to_the_fen(county: Checked) -> None:
    fitting = _of(county, WANZAI, letters=_letters(county, 101, 0, "50537.50"))
    other = _of(county, WANZAI, letters=_letters(county, 101, 0, "50600.00"))
    for rule, differs in (("totals.persons", False), ("totals.amount", True)):
        assert not _row(_question(county, rule, fitting), "|fallback|")["exception"]
        assert bool(_row(_question(county, rule, other), "|fallback|")["exception"]) is differs


@pytest.mark.parametrize("children", [64, 59])
def test_children_taught_at_home_are_those_of_the_ledger(county: Checked, children: int) -> None:
    lessons = county.audit.rows["home_teaching"]
    some = lessons.select("person_id").distinct().order_by("person_id").limit(children)
    printed_totals = county.audit.rows["control_totals"].filter(_.basis == "home_teaching")
    audit = _of(county, WANZAI, home_teaching=lessons.semi_join(some, "person_id"))
    this_term = replace(
        audit,
        rows={
            **audit.rows,
            "control_totals": printed_totals.mutate(term=ibis.literal(audit.parameters.term)),
        },
    )
    population = _question(county, "totals.persons", this_term)
    differ = {n: bool(_row(population, f"|home_teaching|{n}")["exception"]) for n in (64, 59)}
    assert differ == {64: children != 64, 59: children != 59}


def test_a_figure_that_is_off_by_one_is_found_out(county: Checked) -> None:
    """One person more in the district's whole, among the open letters and in each kind's year."""
    is_off = (_.place == "合计") | (_.basis == "open") | (_.term.isnull() & _.basis.isnull())
    for totals, subjects in ((SUCHENG, 2), (WANZAI, len(YEAR))):
        audit = _of(county, totals)
        printed_totals = audit.rows["control_totals"]
        more = printed_totals.mutate(persons=_.persons + ibis.ifelse(is_off.fill_null(False), 1, 0))
        off = replace(audit, rows={**audit.rows, "control_totals": more})
        population = _question(county, "totals.parts", off)
        parts = population[~population["subject"].str.contains("fallback|loans")]
        assert len(parts) == subjects and parts["exception"].all()


def test_loans_are_read_to_the_fen_and_held_against_nothing(county: Checked) -> None:
    printed_totals = county.engine.fetch(county.audit.rows["control_totals"])
    (loans,) = printed_totals[printed_totals["basis"] == "loans"].to_dict("records")
    assert (loans["persons"], Decimal(loans["amount"])) == (3999, Decimal("30347704.00"))
    for rule in ("totals.persons", "totals.amount"):
        assert (
            _row(_question(county, rule, _of(county, WANZAI)), "|loans")["untested"] == "not_in_this_detail"
        )


def test_children_taught_at_home_are_counted_once_each_in_the_term_of_the_ledger(county: Checked) -> None:
    population = _question(county, "totals.persons", _of(county, WANZAI))
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
    printed_totals = county.engine.fetch(county.audit.rows["control_totals"])
    (year,) = printed_totals[printed_totals["persons"] == 68894].to_dict("records")
    assert (Decimal(year["amount"]), Decimal(year["amount_tolerance"])) == (Decimal("46472700.00"), 50)


@pytest.mark.parametrize(
    ("basis", "column"), [("兜底", "fallback_amount"), ("回函", "replied_on"), ("函告", "sent_on")]
)
def test_what_the_ledger_of_letters_has_no_column_for_is_untested(basis: str, column: str) -> None:
    printed_totals = {"basis": basis, "persons": "7", "amount": ""}
    county = plain_county.overlaid(1, {"letters": {}, "control_totals": printed_totals})
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
