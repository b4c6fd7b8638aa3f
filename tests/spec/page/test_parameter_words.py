"""Parameters in words: their declared meaning, their values as people write them, the file's own name only in small."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from page_text import text_of

from auditlib import report
from auditlib.base.declared_fields import meanings
from auditlib.base.language import Text
from auditlib.city.parameters import ReCheck
from auditlib.findings.results import Results
from auditlib.law.parameters import SelfCheck
from auditlib.page.parameter_words import parameter_table, title_of, value_of, value_of_text


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("thresholds.pay_by", "发放的最后一日", "the last day on which payment is in time"),
        ("term", "学期", "the term"),
        ("sources.payments", "各表由哪些文件读取：发放明细", "table to the files it is read from: Payments"),
        ("nobody.knows", "nobody.knows", "nobody.knows"),
    ],
)
def test_a_parameter_is_called_by_what_it_means(key: str, zh: str, en: str) -> None:
    assert (title_of(key, SelfCheck, "zh"), title_of(key, SelfCheck, "en")) == (zh, en)


def test_a_rule_that_a_parameter_names_is_called_by_its_title(county: Results) -> None:
    tasks = {"missed.unpaid": {"unit": "县资助中心", "by": "2021-01-15"}, "procedure": {"unit": "各学校"}}
    page_text = text_of(
        report.manifest(
            replace(county, manifest={}, parameters={**county.parameters, "rectification": tasks})
        )._repr_html_()
    )
    assert "整改的责任单位和期限：应助未助：期限" in page_text and "2021 年 1 月 15 日" in page_text
    assert "整改的责任单位和期限：程序不合规：责任单位" in page_text


@pytest.mark.parametrize("declaration", [SelfCheck, ReCheck])
def test_every_parameter_has_words_and_none_holds_a_code_in_chinese(declaration: type) -> None:
    for key, meaning in meanings(declaration).items():
        assert meaning.en, key
        assert not re.search("[a-z]_|[a-z]{4}", meaning.zh), key


@pytest.mark.parametrize(
    ("value", "zh"),
    [
        ("2020-12-31", "2020 年 12 月 31 日"),
        ("20201231", "20201231"),
        ("2020-autumn", "2020 年秋季学期"),
        (["primary", "junior"], "小学、初中"),
        ([{"files": "低保*.csv", "category": "low_income"}], "文件：低保*.csv、困难类型：低保"),
        ({}, "—"),
        (None, "—"),
        ("县教育局", "县教育局"),
        (0.95, "0.95"),
    ],
)
def test_a_value_is_written_as_people_write_it(value: object, zh: str) -> None:
    assert value_of(value, "zh") == zh


def test_what_a_county_wrote_is_put_in_words_whether_json_or_not() -> None:
    assert value_of_text('{"compulsory": [6, 15]}', "zh") == "义务教育：6、15"
    assert value_of_text("junior, primary", "zh") == "初中、小学"
    assert value_of_text("2021-06-30", "en") == "2021-06-30"
    assert value_of_text("primary 2011-09-01 any 300", "zh") == "小学 2011 年 9 月 1 日 不分类别 300"


def test_the_name_in_the_file_stands_in_small_beneath() -> None:
    table_html = parameter_table({"thresholds": {"pay_by": "2020-12-31"}}, SelfCheck, Text("参数", "P"), "zh")
    assert ">发放的最后一日</td>" in table_html
    assert "2020 年 12 月 31 日" in text_of(str(table_html))
