"""The report: what its parts say, and what they hide."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from page_text import text_of
from results_fixture import SECTIONS, results

from auditlib import report
from auditlib.findings.results import Results
from auditlib.ingest.accounts.sheet_account import SheetAccount
from auditlib.ingest.deliveries.delivery import ListSum
from auditlib.page import markup
from auditlib.report.bridge import sum_sentence
from auditlib.report.rectification import cited_standards, kind_row_of, person_keys, problems, requirements
from auditlib.tables.wording import category_word

PICTURE = re.compile("base64,[A-Za-z0-9+/=]+")
READER = ("conclusion", "children", "rules", "breakdown", "tie-out", "funnel", "limits")
ANNEXES = (
    "findings",
    "named-children",
    "required",
    "totals",
    "files",
    "untested",
    "linkage",
    "standards",
    "manifest",
)


@pytest.mark.parametrize("part", SECTIONS, ids=lambda part: part.__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_shows_itself_in_both_languages(part, language: str) -> None:
    section = part(results(language, {"missed.unpaid": 6, "totals.amount": 1}))
    assert '<section class="audit" id="' in section._repr_html_()
    assert section.summary in repr(section)
    assert bool(re.search("[一-鿿]", section.title)) == (language == "zh")


@pytest.mark.parametrize("part", SECTIONS, ids=lambda part: part.__name__)
def test_every_part_has_words_when_nothing_was_found(part) -> None:
    assert text_of(part(results(counts={}))._repr_html_()).strip()


def test_the_conclusion_gives_pupils_and_yuan_both_ways(county: Results) -> None:
    page_text = text_of(report.conclusion(county)._repr_html_())
    once = county.conclusion["yuan_once"]
    for figure in ("7,131", "6,849", "231", "37", "14", f"{once.owed:,.2f}", f"{once.wrong:,.2f}"):
        assert figure in page_text
    assert f"{Decimal('10041502.50') - once.wrong + once.owed:,.2f}" in page_text
    assert "未发、少发、退汇未补，和县外就读未落实、疑似失学的应发额" in page_text
    assert "缺少发放明细·户名" in page_text
    assert "就读方式不明" in page_text


def test_who_cannot_be_judged_is_listed_apart_from_whose_number_alone_was_cut(county: Results) -> None:
    person = {
        "name": "王甲",
        "id_number": None,
        "student_no": None,
        "town": None,
        "school_name": None,
        "records": [],
    }
    unclear = pd.DataFrame([
        *({"judged": False, "why": ["birth_unknown"], **person} for _ in range(3)),
        *({"judged": True, "why": ["id_number_damaged"], **person} for _ in range(2)),
    ])  # fmt: skip
    county_told = replace(county, unclear=unclear)
    open_judgements, cut = (
        str(report.named_children(county_told).body).split('id="named-unclear"')[1].split('id="named-cut"')
    )
    assert (open_judgements.count("<tr>"), cut.count("<tr>")) == (1 + 3, 1 + 2)
    assert '<a href="#named-unclear"' in str(report.conclusion(county_told).body)


def test_the_verdict_counts_every_child_in_trouble_once(county: Results) -> None:
    trouble = {"children_missed": 385, "children_uncovered": 3, "children_unclear": 77}
    county_told = replace(county, conclusion={**county.conclusion, **trouble})
    verdict_text = report.conclusion(county_told).summary
    assert "共有 465 名学生（儿童）须逐人核实、劝返（每人只计一次）" in verdict_text
    assert (
        "385 人疑似应助未助或去向不明，3 人学籍不在读，函告、台账中都没有，去向待查，77 人因资料缺失或矛盾无法判断"
        in verdict_text
    )


def test_of_the_unpaid_it_is_told_how_many_were_probably_paid(county: Results) -> None:
    clause = "人有相近发放记录，很可能已发"
    assert clause not in text_of(report.conclusion(county)._repr_html_())
    findings = county.findings.copy()
    one = findings.index[findings["rule"] == "missed.unpaid"][0]
    findings.loc[one, "confidence"] = 0.06
    assert f"其中 1 {clause}" in text_of(report.conclusion(replace(county, findings=findings))._repr_html_())


def test_findings_of_no_single_person_are_told_beside_the_persons(county: Results) -> None:
    nobodys = county.findings.head(2).assign(name=None, id_number=None, student_no=None)
    rows = pd.concat([county.findings.iloc[2:], nobodys])
    shown = text_of(report.funnel(replace(county, findings=rows))._repr_html_())
    assert f"其中 {int(person_keys(rows).isna().sum())} 条不针对某一个人" in shown
    assert "各台账的行数" not in shown and "各台账的行数" in report.files(county).body


def test_who_the_missed_are_is_told_by_rule_each_leading_to_its_list(county: Results) -> None:
    section = report.conclusion(county)._repr_html_()
    expected_parts = {
        each.rule: each.persons for each in requirements(county) if each.rule.startswith("missed.")
    }
    assert len(expected_parts) > 2
    for rule, persons in expected_parts.items():  # the same as in the table beneath
        assert f'<a href="#rule-{rule}">{persons}</a>' in section


def test_what_has_to_be_put_right_stands_by_urgency_with_unit_and_deadline(county: Results) -> None:
    tasks = {
        "missed": {"unit": "县教育局", "by": "2021-01-15"},
        "missed.returned": {"by": "2021-01-05"},
    }
    county_told = replace(county, parameters={**county.parameters, "rectification": tasks})
    expected_parts = requirements(county_told)
    families = [each.rule.split(".")[0] for each in expected_parts]
    assert families.index("duplicate") > max(i for i, name in enumerate(families) if name == "missed")
    assert families.index("procedure") > families.index("ineligible")
    by_rule = {each.rule: each for each in expected_parts}
    assert list(by_rule).index("missed.returned") < list(by_rule).index("missed.unpaid")  # due earlier
    assert (by_rule["missed.unpaid"].unit, by_rule["missed.unpaid"].by) == ("县教育局", "2021-01-15")
    assert (by_rule["missed.returned"].unit, by_rule["missed.returned"].by) == ("县教育局", "2021-01-05")
    assert (by_rule["amount.overpaid"].unit, by_rule["amount.overpaid"].by) == ("", "")
    assert sum(each.findings for each in expected_parts) == len(county.findings)


def test_a_standard_that_several_problems_rest_on_is_cited_once_beneath_them(county: Results) -> None:
    section = report.conclusion(county)._repr_html_()
    table, beneath = section.split('<div class="cited" id="cited">')
    standards = cited_standards(requirements(county))
    resting = [each for each in requirements(county) if each.basis]
    assert len(resting) > len(standards) > 0
    listed_texts = re.findall(r"<li>(.*?)</li>", beneath.split("</ol>")[0])
    assert list(map(html.unescape, listed_texts)) == standards
    assert not any(standard in html.unescape(table) for standard in standards)
    numbers = "、".join(str(n) for n in sorted(standards.index(one) + 1 for one in resting[0].basis))
    in_full = report.requirements_in_full(county)._repr_html_()
    assert f'<a href="#cited">标准 {numbers}（' in in_full
    citations = set(re.findall(r'<a href="#cited">标准 ([\d、]+)', table))
    assert {number for numbers in citations for number in numbers.split("、")} == set(
        map(str, range(1, len(standards) + 1))
    )


def test_a_kind_of_problem_is_one_row_and_the_annex_has_its_rules(county: Results) -> None:
    kinds, requirements_shown = problems(county), requirements(county)
    assert [each for kind in kinds for each in kind.rules] and len(kinds) < len(requirements_shown)
    assert sorted(each.rule for kind in kinds for each in kind.rules) == sorted(
        each.rule for each in requirements_shown
    )
    assert sum(kind.findings for kind in kinds) == len(county.findings)
    assert len({kind.title for kind in kinds}) == len(kinds)
    for place, kind in enumerate(kinds, 1):
        units = kind_row_of(place, kind, cited_standards(requirements_shown), "zh")[5].split("、")
        assert len(set(units)) == len(units)
    first = kinds[0]
    assert first.persons is not None and max(each.persons or 0 for each in first.rules) <= first.persons
    page = report.conclusion(county)._repr_html_().split('id="rectification"')[1]
    assert page.split("</table>")[0].count("<tr>") == 1 + len(kinds)
    annex = report.requirements_in_full(county)
    assert annex.annex and annex._repr_html_().count("<tr>") == 1 + len(requirements_shown)


def test_a_person_with_two_findings_of_a_rule_is_one_person(county: Results) -> None:
    one = county.findings[county.findings["rule"] == "missed.unpaid"].head(1)
    doubled_findings = replace(county, findings=pd.concat([one, one]))
    assert [(each.findings, each.persons) for each in requirements(doubled_findings)] == [(2, 1)]


def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    anchors = set(re.findall(r'\bid="([^"]+)"', page))
    expected_parts = set(re.findall(r'href="#([^"]+)"', page))
    assert len(expected_parts) > 20
    assert expected_parts <= anchors


def test_annexes_stand_behind_what_the_reader_reads(page: str) -> None:
    places = {key: page.index(f'<section class="audit" id="{key}"') for key in (*READER, *ANNEXES)}
    assert max(places[key] for key in READER) < min(places[key] for key in ANNEXES)
    contents = text_of(page[page.index("<nav") : page.index("</nav>")])
    assert "附件一 " in contents and "附件八 " in contents


def test_nothing_found_is_said_as_such() -> None:
    page_text = text_of(report.conclusion(results(counts={}))._repr_html_())
    assert "未发现漏助、误发、重发或金额不符" in page_text
    assert "未运行" in page_text


def test_what_nobody_asked_is_a_dash_and_not_a_nought(county: Results) -> None:
    unasked_counts = dict.fromkeys(("entitled_pupils", "paid_in_full", "unpaid", "not_found", "owed_yuan"))
    page_text = text_of(
        report.conclusion(replace(county, conclusion={**county.conclusion, **unasked_counts}))._repr_html_()
    )
    assert "应享受资助的人数和到位情况未能核对" in page_text
    for title in ("应享受资助", "未发放", "疑似失学", "应发未发金额"):
        assert re.search(rf"{title}\s*—", page_text), title


def test_registers_that_say_nothing_are_said_to_do_so(county: Results) -> None:
    def verdict_text(figures: dict[str, int], *empty: str) -> str:
        funnel = county.funnel.assign(used=county.funnel["used"].mask(county.funnel["table"].isin(empty), 0))
        county_told = replace(county, funnel=funnel, conclusion={**county.conclusion, **figures})
        return text_of(report.conclusion(county_told)._repr_html_())

    unpaid, unread = "没有本学期的成功发放记录", "的文件中没有读到一行可用的记录"
    assert unpaid not in verdict_text({}) and unread not in verdict_text({})
    assert unpaid in verdict_text({"payments_persons": 0}) and unread not in verdict_text(
        {"payments_persons": 0}
    )
    assert f"学籍、发放明细{unread}" in verdict_text(
        {"payments_persons": 0}, "payments", "enrolment", "letters"
    )


def test_a_share_is_never_rounded_to_all_or_to_nothing() -> None:
    assert markup.percent(9999, 10000) == ">99.9%"
    assert markup.percent(1, 10000) == "<0.1%"
    assert markup.percent(0, 10000) == "0.0%"
    assert markup.percent(3, 3) == "100.0%"
    assert markup.percent(1, 0) == "—"


def test_small_groups_are_not_given_exactly(county: Results) -> None:
    groups = county.by_school.head(4).assign(
        school_name=["甲校", "乙校", "丙校", "丁校"],
        pupils=[120, 3, 90, 4],
        findings=[40, 2, 9, 9],
        missed=[12, 1, 4, 0],
        at_stake=[Decimal(900), Decimal(777), Decimal(50), Decimal(750)],
    )
    people = county.findings[county.findings["family"] == "mismatch"].head(9)
    rows = pd.concat(
        [
            people.assign(school_name="甲校", at_stake=Decimal(100)),
            people.assign(school_name="丙校", at_stake=[Decimal(50), *[Decimal(0)] * 8]),
            people.assign(school_name="丁校", at_stake=Decimal(1)),
        ]
    )
    shown = replace(county, by_school=groups, findings=rows)
    page_text = text_of(report.breakdown(shown)._repr_html_())
    assert "777" not in page_text
    assert "乙校" in page_text.split("1 至 4 条的学校")[1]
    assert re.search(r"甲校\s+120\s+40\s+12\s+900.00", page_text)
    assert re.search(r"丙校\s+90\s+9\s+1–4\s+—", page_text)  # one child's money
    assert re.search(r"丁校\s+1–4\s+9\s+0\s+—", page_text)


def test_places_are_compared_by_rate_with_an_interval_and_the_county(county: Results) -> None:
    towns = pd.DataFrame(
        {
            "town": ["大镇", "小乡"],
            "pupils": [5000, 200],
            "findings": [50, 10],
            "missed": 0,
            "at_stake": Decimal(9),
        }
    )
    shown_html = report.breakdown(replace(county, by_town=towns))._repr_html_()
    (alt,) = re.findall(r'alt="([^"]*)"', shown_html)
    assert alt == "全县 11.5：小乡：50.0（23.9–92.0），10 条；大镇：10.0（7.4–13.2），50 条。"


def test_the_pupils_of_towns_and_of_schools_are_held_against_those_who_should_have_been_paid(
    county: Results,
) -> None:
    text = text_of(report.breakdown(county)._repr_html_())
    pupils, findings = (int(county.by_town[column].sum()) for column in ("pupils", "findings"))
    concerned_count = county.conclusion["concerned"]
    assert "应享受资助 7,131 人" in text and f"应助或已助学生 {concerned_count:,} 人" in text
    assert f"{pupils:,} 人知道乡镇，有疑点 {findings:,} 条，每千人 {1000 * findings / pupils:.1f} 条" in text


def test_of_the_sum_what_is_nought_is_not_spoken_of(county: Results) -> None:
    once = county.conclusion["yuan_once"]
    sentences = {
        (repeat, balances): sum_sentence(
            {"yuan_once": replace(once, repeated=Decimal(repeat), balances=Decimal(balances))}
        ).zh
        for repeat in (0, 7)
        for balances in (0, 9)
    }
    assert [("同一笔钱" in s, "差额" in s, "其中" in s) for s in sentences.values()] == [
        (False, False, False), (False, True, True), (True, False, True), (True, True, True),
    ]  # fmt: skip


def test_a_town_by_family_is_told_in_bands_that_give_no_small_number_away(county: Results) -> None:
    one = county.findings[county.findings["family"] == "missed"].head(1)
    rows = pd.concat([one] * 3 + [county.findings[county.findings["family"] == "mismatch"].head(1)] * 12)
    towns = county.by_town.head(1).assign(town="禾丰镇", pupils=90, findings=15)
    page_text = text_of(
        report.breakdown(replace(county, findings=rows.assign(town="禾丰镇"), by_town=towns))._repr_html_()
    )
    assert re.search(r"禾丰镇\s+[\d,]+\s+1–4\s+10–19\s", page_text)


def test_the_references_of_an_english_report_have_no_chinese_title_before_them() -> None:
    body = str(report.standards(results("en")).body).split("<dd>", 1)[1]
    assert "起）" not in body


def test_a_differing_total_is_marked_and_its_difference_given(county: Results) -> None:
    page_text = text_of(report.tie_out(county)._repr_html_())
    assert "-625.00" in page_text and "不符" in page_text
    # However many could not be tested, every total that differs is shown.
    unknown = pd.concat([county.tie_out.head(1).assign(persons_agree=None, amount_agree=None)] * 30)
    of_many = replace(county, tie_out=pd.concat([unknown, county.tie_out], ignore_index=True))
    assert "-625.00" in text_of(report.tie_out(of_many)._repr_html_())


def test_a_total_that_was_not_tested_has_no_detail_beside_it(county: Results) -> None:
    totals = county.tie_out.assign(persons_agree=None, amount_agree=None, stage="primary")
    rows = re.findall(r"<tr>(.*?)</tr>", report.tie_out(replace(county, tie_out=totals))._repr_html_())[1:]
    assert len(rows) == len(totals)
    for row in rows:
        cells = list(map(text_of, re.findall(r"<td.*?</td>", row)))
        assert [cells[at].strip() for at in (4, 6, 7)] == ["—", "—", "—"]
        assert cells[3].strip() != "—" and "未核对" in cells[8]


def test_a_total_tells_what_it_counts_and_where(county: Results) -> None:
    totals = county.tie_out.assign(basis="letters", place="外省", persons_agree=None, amount_agree=None)
    page_text = text_of(report.tie_out(replace(county, tie_out=totals))._repr_html_())
    assert "函告 · 外省" in page_text
    assert f"其中 {len(totals)} 项按就读地分列" in page_text
    comparison = county.tie_out.assign(
        town="青山镇"
    )  # of a town, and held against the detail: nothing to be said
    assert "分列" not in text_of(report.tie_out(replace(county, tie_out=comparison))._repr_html_())


def test_a_total_within_a_list_that_is_not_its_rows_is_shown_with_the_difference(county: Results) -> None:
    sums = (ListSum("册.xlsx!青山初中!19", "9000", "9750.00"), ListSum("册.xlsx!青山初中!9", "625", "625.00"))
    sheet = SheetAccount("payments", "册.xlsx", "青山初中", (1,), 18, 16, 0, 2, (), (), {}, (), (), sums)
    page_text = text_of(report.tie_out(replace(county, sheets=(sheet,)))._repr_html_())
    assert "2 处小计、合计，有 1 处不等于其上各行之和" in page_text and "+750.00" in page_text
    page_text = text_of(
        report.tie_out(replace(county, sheets=(replace(sheet, sums=sums[1:]),)))._repr_html_()
    )
    assert "都等于其上各行之和" in page_text


def test_files_are_counted_once_whatever_tables_they_serve(county: Results) -> None:
    again = pd.concat([county.funnel, county.funnel.assign(table="quotas")], ignore_index=True)
    page_text = text_of(report.funnel(replace(county, funnel=again))._repr_html_())
    assert f"{county.funnel['file'].nunique()} 个文件" in page_text


def test_the_manifest_keeps_digests_and_hides_folders(county: Results) -> None:
    page_text = text_of(report.manifest(county)._repr_html_())
    assert county.manifest["inputs"][0]["sha256"] in page_text
    assert "/srv" not in page_text


@pytest.mark.parametrize("part", SECTIONS, ids=lambda part: part.__name__)
def test_no_part_holds_a_number_or_a_full_name(part, county: Results) -> None:
    section = part(county)
    published_text = html.unescape(PICTURE.sub("", section._repr_html_())) + repr(section)
    people = county.findings[county.findings["name"].str.fullmatch("[一-鿿·]{3,}")]
    assert len(people) > 100
    assert not re.findall(r"(?<![0-9a-f])[0-9]{15,}(?![0-9a-f])", published_text)
    assert not [name for name in set(people["name"]) if name in published_text]


@pytest.mark.parametrize("part", SECTIONS, ids=lambda part: part.__name__)
def test_hostile_cells_stay_text(part, county: Results) -> None:
    shown_html = part(county)._repr_html_()
    assert "<script" not in shown_html
    assert "<img src=x" not in shown_html


@pytest.mark.parametrize(
    ("term", "name"),
    [("2020-autumn", "建档立卡"), ("2021-spring", "脱贫户"), ("2024-autumn", "脱贫户"), ("", "建档立卡")],
)
def test_the_registered_poor_have_the_name_of_their_term(county: Results, term: str, name: str) -> None:
    assert category_word("registered_poor", term, "zh") == name
    assert category_word("low_income", term, "zh") == "低保"
    totals = county.tie_out.assign(term=term, category="registered_poor")
    assert name in text_of(report.tie_out(replace(county, tie_out=totals))._repr_html_())
    poor = county.standards.assign(category="registered_poor")
    standards = replace(county, standards=poor, parameters={**county.parameters, "term": term})
    assert f"<td>{name}</td>" in re.sub("<td [^>]*>", "<td>", report.standards(standards)._repr_html_())
