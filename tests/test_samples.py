"""The sample deliveries: reproducible, tied out to the published table, nobody real, every rule planted."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import re
import unicodedata
import zipfile
from collections import Counter
from decimal import Decimal
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from auditlib.base.places import POLICIES, ROOT, SAMPLES
from auditlib.law.policy import in_force, read_policy
from auditlib.rules import RULES as RULES_OF_THE_COUNTY
from samples import rates
from samples.books import Books
from samples.deliver import invent, write_samples, write_term
from samples.layouts import LAYOUTS
from samples.plan import AUTUMN, QINGHE, CountyPlan, Printed, TermPlan
from samples.tie_out import Free, NoMixError, fallback_amounts, solve

TERMS = ("2020-spring", "2020-autumn")
PUBLISHED_FIGURES = {
    ("2020-spring", "建档立卡"): (7106, Decimal("3584400.00")),
    ("2020-spring", "城镇解困"): (924, Decimal("486725.00")),
    ("2020-spring", "其他困难"): (5949, Decimal("3506277.50")),
    ("2020-autumn", "建档立卡"): (7131, Decimal("4451387.50")),
    ("2020-autumn", "城镇解困"): (898, Decimal("711325.00")),
    ("2020-autumn", "其他困难"): (7286, Decimal("4878790.00")),
}
RULES = [
    "missed.unpaid",
    "missed.returned",
    "missed.underpaid",
    "missed.out_of_county",
    "missed.not_found",
    "missed.not_placed",
    "missed.listed_late",
    "letters.fallback_scope",
    "letters.fallback_amount",
    "letters.order",
    "duplicate.same_scheme",
    "duplicate.exclusive_schemes",
    "duplicate.fallback",
    "duplicate.shared_account",
    "duplicate.enrolment",
    "mismatch.not_enrolled",
    "mismatch.inactive",
    "mismatch.identity",
    "mismatch.invalid_id",
    "mismatch.register_identity",
    "mismatch.register_school",
    "mismatch.school",
    "mismatch.stage",
    "mismatch.boarding",
    "ineligible.not_listed",
    "ineligible.expired",
    "amount.overpaid",
    "procedure.not_posted",
    "procedure.posting_short",
    "procedure.paid_before_posting_ended",
    "procedure.not_approved",
    "procedure.applied_late",
    "procedure.paid_late",
    "procedure.account_holder",
    "totals.persons",
    "totals.amount",
]
CHILD_RULES = [
    "attendance.absent",
    "attendance.paid_absent",
    "attendance.unregistered",
    "attendance.headcount",
    "dropout.unledgered",
    "dropout.overdue",
    "dropout.false_closure",
    "dropout.returned_unpaid",
    "unable.uncertified",
    "unable.in_school",
    "home.too_few",
    "home.not_enrolled",
    "payments.two_lists",
    "procedure.no_application",
    "procedure.other_term",
    "procedure.order",
    "procedure.panel_small",
    "procedure.over_quota",
    "funds.idle",
    "funds.unreconciled",
    "issues.overdue",
    "issues.no_evidence",
    "warning.not_in_plan",
    "totals.parts",
    "totals.loan_ceiling",
    "enrolment.vanished",
]
PLANTED_RULES = {"2020-spring": {*RULES}, "2020-autumn": {*RULES, *CHILD_RULES}}
MANY_REASONS = 3
BESIDE = ("loans", "ledger_totals")  # printed of the child half
SIZE_LIMIT = 12_700_000


def small_term(term: TermPlan) -> TermPlan:
    shares = {"registered_poor": 1.3, "urban_hardship": 0.7, "other_hardship": 1.2}
    return dataclasses.replace(
        term,
        printed={name: Printed(int(one.persons / 4 * shares[name]), 0) for name, one in term.printed.items()},
        letters=term.letters // 4,
        vocational={name: count // 4 for name, count in term.vocational.items()},
        recognised_seniors=term.recognised_seniors // 4,
        other_preschool=80,
        tie_out=False,
    )


def small_county() -> CountyPlan:
    """A quarter of the county and one term, with every case, not tied out."""
    return dataclasses.replace(
        QINGHE,
        terms=(small_term(AUTUMN),),
        children_per_cohort={stage: size // 4 for stage, size in QINGHE.children_per_cohort.items()},
        low_income_share=0.12,
        destitute_share=0.004,
        orphans=10,
        disabled=30,
        recognised_day_pupils=60,
    )


def replace_term(county: CountyPlan, **changes: dt.date | None) -> CountyPlan:
    return dataclasses.replace(
        county, terms=tuple(dataclasses.replace(term, **changes) for term in county.terms)
    )


@pytest.fixture(scope="module")
def books() -> dict[str, Books]:
    return {one.term.term: one for one in invent(QINGHE)}


def answers(name: str) -> list[dict[str, str]]:
    with (SAMPLES / "qinghe" / "answers" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    sums = []
    for run in ("first", "second"):
        write_samples(tmp_path / run, tmp_path / run / "params", (small_county(),))
        files = sorted(path for path in (tmp_path / run).rglob("*") if path.is_file())
        sums.append({path.relative_to(tmp_path / run): path.read_bytes() for path in files})
    assert sums[0] == sums[1]
    assert {layout.file for layout in LAYOUTS} < {path.name for path in sums[0]}


def test_the_committed_files_are_those_that_were_written() -> None:
    lines = (SAMPLES / "SHA256SUMS").read_text("utf-8").splitlines()
    digests = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {
        path.relative_to(SAMPLES).as_posix(): path
        for path in (SAMPLES / "qinghe").rglob("*")
        if path.is_file()
    }
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == digests


def test_the_committed_files_are_those_of_this_generator(books: dict[str, Books], tmp_path: Path) -> None:
    """Text files and answer keys to the byte; workbooks by the addresses of their rows in the keys."""
    write_term(tmp_path, books["2020-spring"], workbooks=False)
    made_files = sorted(path for path in tmp_path.rglob("*") if path.suffix in (".csv", ".json"))
    assert made_files
    for path in made_files:
        assert path.read_bytes() == (SAMPLES / "qinghe" / path.relative_to(tmp_path)).read_bytes(), path.name


def payment_rows(term: str) -> pd.DataFrame:
    """The payment files read by pandas alone, dirt in the columns used taken off by hand."""
    folder = SAMPLES / "qinghe" / term
    frames = [
        pd.read_csv(folder / "发放明细_小学.csv", dtype=str, encoding="gb18030"),
        pd.read_csv(folder / "发放明细_初中.csv", dtype=str, encoding="utf-8-sig", skiprows=1),
        pd.read_csv(folder / "发放明细_学前中职.csv", dtype=str, encoding="gbk"),
        pd.read_excel(folder / "发放明细_普通高中.xlsx", dtype=str, header=2, engine="calamine"),
        pd.read_excel(folder / "发放明细_补发及更正.xlsx", dtype=str, header=2, engine="calamine"),
    ]
    # The last has a header of two lines: only the grouped columns, which are not used here, stand in the second.
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["资助项目"].notna() & rows["姓名"].notna()]
    rows["yuan"] = rows["金额"].map(yuan_of)
    return rows[rows["yuan"].notna()]


def yuan_of(cell: object) -> Decimal | None:
    text = str(cell).replace(",", "")
    return Decimal(text).quantize(Decimal("0.01")) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


@pytest.mark.parametrize("term", TERMS)
def test_the_payment_files_tie_out_to_the_published_table(term: str) -> None:
    rows = payment_rows(term)
    year, season = term.split("-")
    school_year = int(year) - (season == "spring")
    half = "一" if season == "autumn" else "二"
    of_term = (
        f"{year}{'秋' if season == 'autumn' else '春'}",
        f"{year}年{'秋' if season == 'autumn' else '春'}季学期",
        f"{school_year}-{school_year + 1}学年第{half}学期",
    )
    in_term = rows["学期"].isna() | rows["学期"].isin(of_term)
    paid = rows[in_term & (rows["发放结果"].fillna("成功") == "成功")]
    for category, group in paid.groupby("困难类型"):
        assert ((group["yuan"] > 0).sum(), group["yuan"].sum()) == PUBLISHED_FIGURES[term, str(category)]
    assert paid["困难类型"].nunique() == len(PUBLISHED_FIGURES) / len(TERMS)


@pytest.mark.parametrize("term", TERMS)
def test_the_totals_of_the_truth_are_the_published_ones(books: dict[str, Books], term: str) -> None:
    for category, label in rates.CATEGORY_SPELLINGS.items():
        total = books[term].paid_total(category)
        assert (total.persons, Decimal(total.amount) / 100) == PUBLISHED_FIGURES[term, label]


def test_letters_and_fallback_are_the_published_ones(books: dict[str, Books]) -> None:
    letters_sent = [[row for row in books[term].rows["letters"] if row.cells["sent_on"]] for term in TERMS]
    assert [len(rows) for rows in letters_sent] == [1158, 1351]
    fallback = [
        Decimal(row.cells["fallback_amount"])
        for one in books.values()
        for row in one.rows["letters"]
        if row.cells["fallback_amount"]
    ]
    assert (len(fallback), sum(fallback)) == (101, Decimal("50537.50"))


@pytest.mark.parametrize("term", TERMS)
def test_every_rule_is_planted_three_times(term: str) -> None:
    planted_rules = Counter(row["rule"] for row in answers(term))
    assert set(planted_rules) == PLANTED_RULES[term]
    assert min(planted_rules.values()) >= MANY_REASONS
    reasons = Counter((row["rule"], row["reason"]) for row in answers(term))
    assert all(reason for _, reason in reasons)
    assert min(reasons.values()) >= MANY_REASONS


@pytest.mark.parametrize("term", TERMS)
def test_a_trap_is_no_plant(term: str) -> None:
    planted_rules = {(row["rule"], row["id_number"]) for row in answers(term) if row["id_number"]}
    trapped_cases = {(row["rule"], row["id_number"]) for row in answers(f"traps-{term}") if row["id_number"]}
    assert trapped_cases
    assert not planted_rules & trapped_cases


@pytest.mark.parametrize("term", TERMS)
def test_each_planted_pupil_has_one_finding(term: str) -> None:
    """But for those whose finding is a scheme's, who may lack two; and a slip in name and number each is two."""
    findings = Counter(
        (row["id_number"], row["scheme"], row["rule"] if "and a wrong digit" in row["note"] else "")
        for row in answers(term)
        if row["id_number"]
    )
    assert set(findings.values()) == {1}


def test_every_plant_is_of_a_rule_that_there_is() -> None:
    """A new rule is shown by its examples; it is planted where the sample is to show it too."""
    assert PLANTED_RULES["2020-autumn"] <= set(RULES_OF_THE_COUNTY)


def test_the_child_half_changes_no_payment_and_no_register_of_the_poor() -> None:
    """It is laid beside the books: only records of pupils who are on no register end, and newcomers are added."""
    (plain,) = invent(replace_term(small_county(), counted_on=None))
    (whole_files,) = invent(small_county())
    for table in ("payments", "letters", "control_totals"):
        before = [row.cells for row in whole_files.rows[table] if row.file not in BESIDE]
        assert [row.cells for row in plain.rows[table]] == before, table
    newcomers = len(whole_files.rows["eligibility"]) - len(plain.rows["eligibility"])
    assert [row.cells for row in plain.rows["eligibility"]] == [
        row.cells for row in whole_files.rows["eligibility"][:-newcomers]
    ]


def texts(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "\n".join(
                book.read(name).decode("utf-8")
                for name in book.namelist()
                if name.endswith("sharedStrings.xml")
            )
    for encoding in ("utf-8", "gb18030"):
        try:
            return path.read_text(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


def test_no_id_number_is_outside_the_area_that_no_one_has() -> None:
    numbers_found = set()
    for path in (SAMPLES / "qinghe").rglob("*.*"):
        text = unicodedata.normalize("NFKC", texts(path)).upper()
        numbers_found |= set(re.findall(r"(?<![0-9.])([0-9]{17}[0-9X])(?![0-9])", text))
    assert len(numbers_found) > len(PUBLISHED_FIGURES)
    assert not {number for number in numbers_found if not number.startswith("99")}


def test_the_samples_are_small_enough_for_the_repository() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < SIZE_LIMIT


@pytest.mark.parametrize("term", TERMS)
def test_the_generator_pays_what_the_policy_says(term: str) -> None:
    standards = in_force(read_policy(["national", "qinghe"], POLICIES), term)
    mandatory = standards[
        standards["mandatory"] & standards["stage"].isin(["primary", "junior", "senior", "special"])
    ]
    for stage, boards, category in product(
        ("primary", "junior", "senior", "special"), (True, False), rates.EVERYONE
    ):
        rows = mandatory[(mandatory["stage"] == stage) & (mandatory["category"] == category)]
        rows = rows[rows["boarding"].isna() | (rows["boarding"] == boards)]
        expected = {row.scheme: int(row.due * 100) for row in rows.itertuples()}
        assert rates.due(stage, boards, (category,), term) == expected, (stage, boards, category)


def test_the_solver_meets_a_total_exactly() -> None:
    free = Free(seniors=40, day_juniors=10, vocational=60, preschool=90, grants=100, wished_vocational=30)
    mix = solve(Printed(80, 5512000), free)
    seniors, juniors = mix.dropped_seniors, mix.dropped_day_juniors
    paid = 100000 * mix.vocational + 50000 * mix.preschool + 25000 * mix.tier_steps
    assert paid == 5512000 + 138000 * seniors + 31250 * juniors
    assert mix.vocational + mix.preschool == 80 + 2 * seniors + juniors


def test_national_rates_alone_cannot_make_the_published_sums() -> None:
    assert all(amount % Decimal("62.5") for _, amount in PUBLISHED_FIGURES.values())
    assert Decimal("50537.50") % Decimal("62.5")
    with pytest.raises(NoMixError):
        solve(Printed(80, 5512000), Free(0, 0, 60, 90, 100, 30))


def test_fallback_amounts_add_up() -> None:
    amounts = fallback_amounts(Printed(40, 1850000))
    assert (len(amounts), sum(amounts)) == (40, 1850000)
    assert set(amounts) == {*rates.BOARDER_RATE.values(), *rates.DAY_RATE.values()}
    with pytest.raises(NoMixError):
        fallback_amounts(Printed(40, 1850001))


@pytest.mark.parametrize("term", TERMS)
def test_the_published_fallback_holds_more_than_the_standards_can_make(
    books: dict[str, Books], term: str
) -> None:
    """Paid at a standard to the poor of compulsory age, but for what is planted."""
    planted_rules = {row["id_number"] for row in answers(term) if row["rule"].startswith("letters.fallback")}
    standards = {Decimal(amount) / 100 for amount in (*rates.BOARDER_RATE.values(), *rates.DAY_RATE.values())}
    paid = [row.cells for row in books[term].rows["letters"] if row.cells["fallback_amount"]]
    others = [cells for cells in paid if cells["id_number"] not in planted_rules]
    assert len(others) == len(paid) - len(planted_rules) > 15
    assert {Decimal(cells["fallback_amount"]) for cells in others} == standards
    assert not any(cells["grade"].startswith("高") for cells in others)


def test_the_run_parameters_are_those_of_the_plan() -> None:
    for term in QINGHE.terms:
        text = (ROOT / "params" / f"qinghe-{term.term}.yaml").read_text("utf-8")
        assert f"count_date: {term.count_date.isoformat()}" in text
        assert dt.date(2020, 1, 1) < term.count_date < term.reply_by < term.pay_by < dt.date(2021, 1, 1)
