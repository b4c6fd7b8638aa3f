"""Where every child is: rates with what they are a share of, schools without a roster, kinds of child, masked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import plain_county
import pytest
from results_fixture import results

from auditlib import report
from auditlib.audit.assemble import Audit
from auditlib.findings.results import Results
from auditlib.findings.whereabouts import KINDS, TABLES, whereabouts
from auditlib.ingest.accounts.sheet_account import SheetAccount
from auditlib.report import gaps
from auditlib.report import whereabouts as section
from auditlib.report.catalogue import by_want
from auditlib.report.whereabouts import NONE, ON_FILE, is_met

LEAVER = {
    "enrolment": {"status": "退学", "status_date": "2020-09-07"},
    "payments": None,
    "applications": None,
}
ELSEWHERE = {"enrolment": None, "payments": None, "applications": None}
EXAMPLES: list[dict[str, Any]] = [
    {"attendance": {}},
    {},
    LEAVER | {"dropouts": {"returned_on": "", "closed_on": ""}},
    LEAVER | {"attendance": {}},
    ELSEWHERE | {"letters": {}},
    LEAVER | {"enrolment": {"status": "下落不明", "status_date": "2020-09-07"}},
    LEAVER | {"enrolment": {"status": "死亡", "status_date": "2020-09-07"}},
    LEAVER | {"enrolment": {"status": "退学", "status_date": "上学期"}},
    {"eligibility": {"disability": "智力一级"}, "unable": {}},
]
NOWHERE = dict.fromkeys(("eligibility", "enrolment", "payments", "applications"))
# What became of last term's pupils: here, vanished, moved away, by letter, another number since, finished.
SINCE: list[dict[str, Any]] = [
    {"attendance": {}},
    NOWHERE,
    NOWHERE | {"enrolment": {"status": "转出", "status_date": "2020-09-03"}},
    NOWHERE | {"letters": {}},
    {"last_term": {"id_number": "{id_other}"}},
    NOWHERE | {"last_term": {"stage": "初中", "grade": "九年级"}},
    ELSEWHERE | {"last_term": {"stage": "初中", "grade": "九年级"}},
    LEAVER | {"eligibility": None},
    LEAVER | {"eligibility": None, "unable": {}},
]
# Children by age: of six and five, each with and without a record of any kind.
BY_AGE = [
    ("2014-08-31", {}),
    ("2014-08-31", ELSEWHERE),
    ("2014-09-01", ELSEWHERE),
    ("2017-08-31", {"enrolment": None, "applications": None}),
    ("2017-09-01", ELSEWHERE),
]


def test_an_empty_file_beside_others_of_a_register_stands_before_what_could_not_be_tested() -> None:
    county = results("zh")
    bare = (
        county.funnel[county.funnel["table"] == "eligibility"]
        .iloc[:1]
        .assign(file="脱贫户.xlsx", used=0, rejected=0)
    )
    sentence = gaps.sentences(replace(county, funnel=pd.concat([county.funnel, bare])))[0].zh
    assert "1 个文件或表页只有表头" in sentence and "脱贫户.xlsx（资格名册）" in sentence
    assert "只有表头" not in gaps.sentences(county)[0].zh


def test_a_sheet_with_a_header_alone_in_a_filled_workbook_is_told_with_its_name() -> None:
    filled_account = SheetAccount("enrolment", "学籍.xlsx", "城关", (1,), 12, 12, 0, 0, (), (), {}, (), ())
    bare = replace(filled_account, sheet="禾丰", rows=0, used=0)
    notes = replace(bare, sheet="说明", header_rows=())
    sentence = gaps.sentences(replace(results("zh"), sheets=(filled_account, bare, notes)))[0].zh
    assert "1 个文件或表页只有表头" in sentence and "学籍.xlsx!禾丰（学籍）" in sentence


@pytest.fixture(scope="module")
def figures_by_kind() -> dict[str, Any]:
    counties = [plain_county.overlaid(at, rows) for at, rows in enumerate(EXAMPLES, 1)]
    engine, audit = plain_county.audited(plain_county.together(counties))
    return whereabouts(engine, audit)


def test_each_rate_stands_with_what_it_is_a_share_of(figures_by_kind: dict[str, Any]) -> None:
    rates = {
        rate["measure"]: (rate["part"], rate["whole"], rate["limit"]) for rate in figures_by_kind["rates"]
    }
    assert rates == {
        # The dead child and the unreadable record are in no denominator; who is at school all the same has not dropped out.
        "dropout_primary": (2, 6, 0.006),
        "disabled_enrolled": (1, 1, 0.91),
        "register_enrolled": (5, 7, 1.0),
    }
    assert figures_by_kind["retention_unknown"]


def test_of_last_terms_pupils_those_are_kept_whose_place_is_known() -> None:
    counties = [plain_county.overlaid(at, {"last_term": {}} | rows) for at, rows in enumerate(SINCE, 1)]
    engine, audit = plain_county.audited(plain_county.together(counties))
    figures = whereabouts(engine, audit)
    (pupils_kept,) = [rate for rate in figures["rates"] if rate["measure"] == "retention"]
    assert (pupils_kept["part"], pupils_kept["whole"], is_met(pupils_kept)) == (
        3,
        5,
        False,
    )  # moved away, finished: in no part of it
    assert not figures["retention_unknown"]
    # Of those on a register now one is here, one has another number; who finished is no child of compulsory education.
    (enrolled,) = [rate for rate in figures["rates"] if rate["measure"] == "register_enrolled"]
    assert (enrolled["part"], enrolled["whole"]) == (2, 2)


def test_entry_and_kindergarten_are_rates_of_their_ages() -> None:
    rows = [({"attendance": {}}, None), *((rows, birth) for birth, rows in BY_AGE)]
    counties = [
        plain_county.overlaid(at, overlay, {1: birth} if birth else {})
        for at, (overlay, birth) in enumerate(rows, 1)
    ]
    engine, audit = plain_county.audited(plain_county.together(counties))
    rates = {rate["measure"]: (rate["part"], rate["whole"]) for rate in whereabouts(engine, audit)["rates"]}
    assert (rates["entry"], rates["preschool"]) == ((1, 2), (1, 2))


def test_every_child_without_a_record_is_of_one_kind(figures_by_kind: dict[str, Any]) -> None:
    kinds = {
        "at_school": 1,
        "out_of_school": 1,
        "elsewhere": 1,
        "untraced": 1,
        "unaccounted": 0,
        "paid_only": 0,
        "moved_away": 0,
    }
    assert figures_by_kind["kinds"] == kinds
    assert set(ON_FILE) == set(KINDS)


UNABLE = {"certified_civil": ""}
# Who is no dropout: at school elsewhere by letter, taught at home, certified to be unable; and who is.
GONE_CASES = [
    LEAVER,
    LEAVER | {"letters": {}},
    LEAVER | {"home_teaching": {}},
    LEAVER | {"unable": {}},
    LEAVER | {"unable": UNABLE},
]


def test_who_is_taught_somewhere_or_certified_to_be_unable_is_no_dropout() -> None:
    rates = {rate["measure"]: (rate["part"], rate["whole"]) for rate in _figures([{}, *GONE_CASES])["rates"]}
    assert rates == {"dropout_primary": (2, 5), "register_enrolled": (3, 5)}


def test_of_the_disabled_all_are_asked_for_also_who_is_certified_to_be_unable() -> None:
    disabled_child = {"eligibility": {"disability": "智力一级"}}
    rates = _figures([disabled_child | LEAVER | {"unable": {}}, disabled_child])["rates"]
    shares = {rate["measure"]: (rate["part"], rate["whole"]) for rate in rates}
    assert (shares["disabled_enrolled"], shares["register_enrolled"]) == ((1, 2), (1, 1))


def test_of_those_who_finished_only_who_goes_on_to_junior_school_is_asked_for() -> None:
    graduate = {"status": "毕业", "status_date": "2020-07-05"}
    junior = graduate | {"stage": "初中", "grade": "九年级"}
    figures = _figures([{}, LEAVER | {"enrolment": graduate}, LEAVER | {"enrolment": junior}])
    rates = {rate["measure"]: (rate["part"], rate["whole"]) for rate in figures["rates"]}
    assert (rates["register_enrolled"], figures["kinds"]["out_of_school"]) == ((1, 2), 1)


def test_a_dropout_is_of_the_stage_that_it_left_not_of_the_one_that_it_finished() -> None:
    primary = {"status": "毕业", "grade": "六年级", "status_date": "2020-07-05"}
    junior = {"stage": "初中", "grade": "七年级"}
    unlisted_pupil = dict.fromkeys(("eligibility", "payments", "applications"))
    leaver = junior | {"status": "退学", "status_date": "2020-09-20"}
    without_finishing = {"stage": "初中", "grade": "八年级", "status": "肄业", "status_date": "2020-09-20"}
    rows = [[primary, junior], [primary, junior], [primary, leaver], [without_finishing], [{}]]
    figures = _figures([unlisted_pupil | {"enrolment": records} for records in rows])
    rates = {rate["measure"]: (rate["part"], rate["whole"]) for rate in figures["rates"]}
    assert (rates["dropout_junior"], rates["dropout_primary"]) == ((2, 4), (0, 1))


def test_an_ordinary_transfer_is_not_said_to_be_out_of_school() -> None:
    moved_pupil = LEAVER | {"enrolment": {"status": "转出", "status_date": "2020-09-01"}}
    unlisted_pupil = {"eligibility": None}
    open_dropout = {"dropouts": {"returned_on": "", "closed_on": ""}}
    figures = _figures(
        [{}, moved_pupil | unlisted_pupil, moved_pupil, moved_pupil | unlisted_pupil | open_dropout]
    )
    assert (figures["kinds"]["moved_away"], figures["kinds"]["out_of_school"]) == (1, 2)


def test_a_letter_of_years_ago_does_not_tell_where_a_child_is() -> None:
    figures = _figures([{}, ELSEWHERE | {"letters": {"sent_on": "2018-09-20", "replied_on": "2018-10-20"}}])
    rates = {rate["measure"]: (rate["part"], rate["whole"]) for rate in figures["rates"]}
    assert (rates["register_enrolled"], figures["kinds"]["unaccounted"]) == ((1, 2), 1)


def test_a_child_of_whom_nothing_tells_is_not_said_to_be_out_of_school() -> None:
    figures = _figures([{}, ELSEWHERE, ELSEWHERE | {"unable": {}}, {"enrolment": None}])
    kinds = [figures["kinds"][kind] for kind in ("unaccounted", "out_of_school", "paid_only")]
    assert kinds == [1, 1, 1]


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    counties = [plain_county.overlaid(at, overlay) for at, overlay in enumerate(rows, 1)]
    return whereabouts(*plain_county.audited(plain_county.together(counties)))


def test_a_school_that_sent_no_roster_is_named(figures_by_kind: dict[str, Any]) -> None:
    assert figures_by_kind["no_roster"] == ["第2之1学校", "第9之1学校"]


def test_where_heads_alone_are_counted_a_school_without_a_count_is_named() -> None:
    rows: list[dict[str, Any]] = [
        {"attendance": {"name": "", "id_number": "", "student_no": "", "heads": "1"}},
        {},
    ]
    county = plain_county.together([plain_county.overlaid(at, overlay) for at, overlay in enumerate(rows, 1)])
    engine, audit = plain_county.audited(county)
    columns_found = audit.columns_found["attendance"] - {"name"}
    counted_audit = replace(audit, columns_found={**audit.columns_found, "attendance": columns_found})
    assert whereabouts(engine, counted_audit)["no_roster"] == ["第2之1学校"]


def test_a_school_that_counted_heads_alone_is_told_from_one_that_sent_nothing() -> None:
    heads = {"name": "", "id_number": "", "student_no": "", "heads": "1"}
    rows: list[dict[str, Any]] = [{"attendance": {}}, {"attendance": heads}, {}]
    county = plain_county.together([plain_county.overlaid(at, overlay) for at, overlay in enumerate(rows, 1)])
    figures = whereabouts(*plain_county.audited(county))
    assert (figures["no_roster"], figures["only_heads"]) == (["第2之1学校", "第3之1学校"], ["第2之1学校"])
    assert "只报了清点人数：第2之1学校" in str(section(replace(results("zh"), whereabouts=figures)).body)


def test_a_class_of_which_nobody_is_on_the_roster_of_its_school_is_named() -> None:
    there = {"school_name": "{school_name}", "school_code": "{school}"}
    others = [there | {"of": of, "class_name": "2班"} for of in (2, 3, 4)]
    rows = {"enrolment": [{}, *others], "eligibility": None, "payments": there | {"of": 2}, "attendance": {}}
    figures = whereabouts(*plain_county.audited(plain_county.overlaid(1, rows)))
    assert (figures["no_roster"], [one["pupils"] for one in figures["unsent_classes"]]) == ([], [3])
    pages = {
        language: str(section(replace(results(language), whereabouts=figures)).body)
        for language in ("zh", "en")
    }
    assert "第1之1学校 小学 3 年级 2 班" in pages["zh"]
    assert "1 classes with 3 enrolled pupils, to whom 500.00 yuan were paid" in pages["en"]
    assert "第1之1学校 Primary, year 3, class 2" in pages["en"]
    first_screen = replace(results("en"), whereabouts=figures)
    assert any("go and see each class: 第1之1学校" in text.en for text in gaps.sentences(first_screen))


def test_without_a_ledger_the_register_tells_the_rates_and_what_did_not_come_is_said() -> None:
    rows: list[dict[str, Any]] = [{}, LEAVER, ELSEWHERE | {"eligibility": {"disability": "智力一级"}}]
    county = plain_county.together([plain_county.overlaid(at, overlay) for at, overlay in enumerate(rows, 1)])
    audit = _only_registers(plain_county.audited(county)[1])
    figures = whereabouts(plain_county.audited(county)[0], audit)
    rates = {rate["measure"]: (rate["part"], rate["whole"]) for rate in figures["rates"]}
    assert rates == {"dropout_primary": (1, 2), "disabled_enrolled": (0, 1), "register_enrolled": (1, 3)}
    body = str(section(replace(results("zh"), whereabouts=figures)).body)
    assert "没有交来：在校花名册、清点表、辍学学生劝返复学工作台账" in body


def _only_registers(audit: Audit) -> Audit:
    """The same county, of which no ledger of the child half came."""
    columns = {
        table: set() if table in TABLES else columns_found
        for table, columns_found in audit.columns_found.items()
    }
    return replace(
        audit, columns_found={table: frozenset(columns_found) for table, columns_found in columns.items()}
    )


def test_without_register_and_ledger_nothing_is_said_but_that() -> None:
    engine, audit = plain_county.audited(plain_county.overlaid(1, {}))
    nothing = replace(audit, columns_found={})
    assert whereabouts(engine, nothing) == {}
    assert NONE.zh in str(section(replace(results("zh"), whereabouts={})).body)
    assert NONE.en in str(section(replace(results("en"), whereabouts={})).body)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_section_shows_share_limit_and_result_and_no_number_in_a_school_s_name(
    figures_by_kind: dict[str, Any], language: str
) -> None:
    number = plain_county.id_number(1, 1, "2011-05-04")
    section_html = section(
        replace(results(language), whereabouts=figures_by_kind | {"no_roster": [f"某校{number}"]})
    )
    body = str(section_html.body)
    assert "33.33%" in body
    assert "0.6%" in body
    assert "91.0%" in body
    assert number not in body
    assert all(ON_FILE[kind][0].into(language) in body for kind in KINDS)


@pytest.mark.parametrize(
    ("part", "at_least", "limit_is_met"),
    [(6, False, True), (7, False, False), (6, True, True), (5, True, False)],
)
def test_a_limit_itself_is_kept(part: int, at_least: bool, limit_is_met: bool) -> None:
    assert is_met({"part": part, "whole": 1000, "limit": 0.006, "at_least": at_least}) is limit_is_met


def test_rules_not_run_for_want_of_one_table_are_one_line() -> None:
    idle = results("zh").rules.head(3).assign(not_run_reason=["attendance", "dropouts", "attendance"])
    lines = by_want(idle, "zh")
    assert len(lines) == 2
    assert lines[0][1].count("、") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rate_that_misses_its_limit_stands_in_the_conclusion_and_leads_to_the_rates(
    county: Results, language: str
) -> None:
    rate = {"measure": "register_enrolled", "part": 9, "whole": 10, "limit": 1.0, "at_least": True}
    figures = dict(county.whereabouts) | {"rates": [rate, rate | {"measure": "entry", "part": 10}]}
    parameters = dict(county.parameters) | {"language": language}
    page = str(report.conclusion(replace(county, whereabouts=figures, parameters=parameters)).body)
    expected_texts = {
        "zh": '未达到限值的比率：名册适龄儿童入学率 <a href="#whereabouts">90.00%（不低于 100.0%）</a>。',
        "en": 'Rates that miss their limit: Children of the registers in education <a href="#whereabouts">90.00% (at least 100.0%)</a>.',
    }
    assert expected_texts[language] in page
    no_unmet = replace(county, whereabouts=figures | {"rates": figures["rates"][1:]})
    assert "未达到限值的比率" not in report.conclusion(no_unmet).body


def test_who_is_of_no_age_that_the_county_answers_for_is_not_said_to_be_covered(county: Results) -> None:
    account = pd.DataFrame([{"age_group": "older", "state": "paid", "pupils": 9, "uncovered": False}])
    all_placed = replace(county, uncovered=county.uncovered.iloc[:0], children=account)
    assert "每个孩子都在某条规则的核对范围内" in report.children(all_placed).summary
    with_one = replace(all_placed, children=pd.concat([account, account.assign(state="not_asked", pupils=1)]))
    assert "不在须逐人核实的年龄”的 1 人外" in report.children(with_one).summary
