"""What a standard rests on: each amount its document, and none that came after the term."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditlib.base.errors import UsageError
from auditlib.base.places import POLICIES
from auditlib.base.terms import first_day
from auditlib.city.county_policy import differing_schemes
from auditlib.law.policy import Policy, in_force, read_policy
from auditlib.law.references import cited_on

AID = """
title: {{zh: 试, en: trial}}
schemes:
  aid:
    title: {{zh: 补助, en: aid}}
    who: {{stage: [primary], category: [low_income, disabled]}}
    per_term: {{primary: {amounts}}}
{more}
"""


def law(folder: Path, *texts: str) -> Policy:
    files = [folder / f"p{place}.yaml" for place in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return read_policy([str(file) for file in files], folder)


def aid(amounts: str, *references: str) -> str:
    reference_lines = "".join(f"      - {line}\n" for line in references)
    return AID.format(amounts=amounts, more=f"    references:\n{reference_lines}" if references else "")


def documents(policy: Policy, term: str, category: str = "low_income", scheme: str = "aid") -> list[str]:
    table = in_force(policy, term)
    [basis] = {
        *table.loc[(table["scheme"] == scheme) & (table["category"] == category), "policy_ref"],
    }
    return basis.split("起）", 1)[1].removeprefix("：").split("；")


@pytest.mark.parametrize(
    ("term", "citations"),
    [("2020-autumn", ["甲"]), ("2023-autumn", ["甲"]), ("2024-spring", ["乙（2024-03）"])],
)
def test_an_amount_carries_its_own_document(tmp_path: Path, term: str, citations: list[str]) -> None:
    policy = law(
        tmp_path, aid("{2011-09-01: {yuan: 500, by: 甲}, 2024-03-01: {yuan: 625, by: 乙（2024-03）}}")
    )
    assert documents(policy, term) == citations


@pytest.mark.parametrize(
    ("amount", "citations"),
    [
        ("{min: 1, max: 3, average: 2, by: 甲}", {"low_income": ["甲"], "disabled": ["甲"]}),
        ("{low_income: 1, disabled: 2, by: 甲}", {"low_income": ["甲"], "disabled": ["甲"]}),
        ("{low_income: {yuan: 1, by: 乙}, disabled: 2, by: 甲}", {"low_income": ["乙"], "disabled": ["甲"]}),
        (
            "{low_income: {min: 1, max: 2, by: 乙}, disabled: {average: 2, by: 丙}}",
            {"low_income": ["乙"], "disabled": ["丙"]},
        ),
    ],
)
def test_tiers_and_amounts_by_category_carry_theirs(
    tmp_path: Path, amount: str, citations: dict[str, list[str]]
) -> None:
    policy = law(tmp_path, aid(f"{{2011-09-01: {amount}}}"))
    assert {category: documents(policy, "2020-autumn", category) for category in citations} == citations


BELOW = "{2011-09-01: {yuan: 500, by: 甲}}"


@pytest.mark.parametrize(
    ("above", "before", "after"),
    [
        ("{per_term: {primary: {2020-09-01: {yuan: 700, by: 乙}}}}", ["甲"], ["乙"]),
        ("{per_term: {primary: {2011-09-01: {yuan: 700, by: 乙}}}}", ["乙"], ["乙"]),
        ("{per_term: {primary: {2011-09-01: {low_income: 700, by: 乙}}}}", ["乙"], ["乙"]),
        ("{per_term: {primary: {2020-09-01: 700}}, references: [乙]}", ["甲"], ["乙"]),
        ("{per_term: {primary: {2011-09-01: 700}}}", [""], [""]),
        ("{references: [县规定（2021-05）]}", ["甲"], ["甲"]),
        ("{who: {category: [low_income], by: 丙}}", ["甲", "丙"], ["甲", "丙"]),
        ("{who: {category: [low_income], by: 丙（2020-08）}}", ["甲"], ["甲", "丙（2020-08）"]),
    ],
)
def test_a_later_file_brings_its_document_with_the_value(
    tmp_path: Path, above: str, before: list[str], after: list[str]
) -> None:
    policy = law(tmp_path, aid(BELOW), _above(above))
    assert documents(policy, "2020-spring") == before
    assert documents(policy, "2020-autumn") == after


def _above(entry: str) -> str:
    return f"title: {{zh: 地方, en: local}}\nschemes: {{aid: {entry}}}\n"


def test_who_and_its_document_are_replaced_together(tmp_path: Path) -> None:
    name_in_message = _above("{who: {category: [low_income], by: 丙}}")
    policy = law(tmp_path, aid(BELOW), name_in_message, _above("{who: {category: [low_income, orphan]}}"))
    assert documents(policy, "2020-autumn") == ["甲"]


OLDER = ["2011 年秋季学期起：每年 1000 元", "财政部、教育部通知（2024-03）：2024 年春季学期起，每年 1250 元", "无日期的一条"]  # fmt: skip


def test_plain_amounts_cite_what_is_not_after_the_term(tmp_path: Path) -> None:
    policy = law(tmp_path, aid("{2011-09-01: 500, 2024-03-01: 625}", *OLDER))
    assert documents(policy, "2020-autumn") == [OLDER[0], OLDER[2]]
    assert documents(policy, "2024-spring") == OLDER


@pytest.mark.parametrize(
    ("line", "last_without", "first_with"),
    [
        ("通知（2024-03）", "2023-autumn", "2024-autumn"),
        ("2024-03-01 的通知", "2023-autumn", "2024-spring"),
        ("2024年3月1日通知", "2023-autumn", "2024-spring"),
        ("2024.3.2 通知", "2024-spring", "2024-autumn"),
        ("通知（2024-10）：2024 年秋季学期起，每年 3700 元", "2024-spring", "2024-autumn"),
        ("通知（2024-10）：2025 年春季学期起，每年 2300 元", "2024-autumn", "2025-spring"),
        ("财教〔2021〕310号", "2020-autumn", "2021-spring"),
        ("notice of autumn 2019", "2019-spring", "2019-autumn"),
        ("2020-2021学年起执行", "2020-spring", "2020-autumn"),
    ],
)
def test_a_line_holds_from_the_date_that_it_carries(line: str, last_without: str, first_with: str) -> None:
    assert cited_on([line], first_day(last_without)) == ()
    assert cited_on([line], first_day(first_with)) == (line,)


@pytest.mark.parametrize("line", ["每年 2000 元，地方分 1500、2000、2500 元三档", "市政府文件", "2030 人"])
def test_an_amount_is_no_date(line: str) -> None:
    assert cited_on([line], first_day("1990-spring")) == (line,)


def test_a_last_term_is_no_first_one() -> None:
    line = "2024 年秋季学期及以前：每年 2000 元"
    assert cited_on([line], first_day("2020-autumn")) == cited_on([line], first_day("2024-autumn")) == (line,)
    assert cited_on([line], first_day("2025-spring")) == ()


@pytest.mark.parametrize("term", [f"{year}-{season}" for year in range(2016, 2027) for season in ("spring", "autumn")])  # fmt: skip
@pytest.mark.parametrize("name", sorted(path.stem for path in POLICIES.glob("*.yaml")))
def test_no_shipped_standard_cites_a_later_year(name: str, term: str) -> None:
    policy = read_policy(list(dict.fromkeys(("national", name))), POLICIES)
    later = [str(year) for year in range(int(term[:4]) + 1, 2031)]
    citations = set(in_force(policy, term)["policy_ref"])
    assert [
        basis for basis in citations if any(f"{year} 年" in basis or f"（{year}" in basis for year in later)
    ] == []


@pytest.mark.parametrize(
    ("amount", "name_in_message"),
    [
        ("{yuan: 500, by: }", "by"),
        ("{yuan: 500, by: [甲, 乙]}", "by"),
        ("{by: 甲}", "yuan"),
        ("{yuan: 500, min: 400, by: 甲}", "min"),
        ("{yuan: 500, from: 甲}", "from"),
        ("{low_income: 500, from: 甲}", "from"),
        ("{low_income: {by: 甲}}", "yuan"),
        ("{yuan: {min: 1, max: 2}, by: 甲}", "yuan"),
        ("{yuan: 五百, by: 甲}", "五百"),
    ],
)
def test_a_wrong_form_is_refused_with_its_place(tmp_path: Path, amount: str, name_in_message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        law(tmp_path, aid(f"{{2011-09-01: {amount}}}"))
    message = str(refusal.value)
    assert (
        name_in_message in message and "p0.yaml › schemes › aid › per_term › primary › 2011-09-01" in message
    )


@pytest.mark.parametrize(
    ("reference_lines", "differing"),
    [(["甲", "乙"], []), (["甲", "丙"], [("aid", "丙", "乙")]), (OLDER[:1], [("aid", OLDER[0], "乙; 甲")])],
)
def test_a_law_is_another_by_the_documents_it_cites_not_by_where_it_does(
    reference_lines: list[str], differing: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    plain, name_in_message = tmp_path / "plain", tmp_path / "named"
    plain.mkdir()
    name_in_message.mkdir()
    theirs = law(plain, aid("{2011-09-01: 500, 2024-03-01: 625}", *reference_lines))
    own = law(name_in_message, aid("{2011-09-01: {yuan: 500, by: 甲}, 2024-03-01: {yuan: 625, by: 乙}}"))
    assert list(differing_schemes(theirs, own)) == differing
