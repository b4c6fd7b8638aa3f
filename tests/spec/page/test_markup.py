"""HTML by small pieces: numbers as they are read, small groups hidden, and nothing of a file that becomes markup."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from auditlib.page import markup
from auditlib.page.markup import Cell, Col

HOSTILE = '<script>alert("1")</script>'


@pytest.mark.parametrize(
    ("number", "count", "few"),
    [
        (0, "0", "0"),
        (1, "1", "1–4"),
        (4, "4", "1–4"),
        (5, "5", "5"),
        (14891, "14,891", "14,891"),
        (None, "—", "—"),
    ],
)
def test_a_count_has_separators_and_one_to_four_are_not_told_apart(
    number: int | None, count: str, few: str
) -> None:
    assert (markup.count(number), markup.few(number)) == (count, few)


@pytest.mark.parametrize(
    ("amount", "exact", "zh", "en"),
    [
        ("12500", "12,500.00", "1.25 万元", "12,500 yuan"),
        ("9999.99", "9,999.99", "9,999.99 元", "9,999.99 yuan"),
        ("312.5", "312.50", "312.50 元", "312.50 yuan"),
        ("-12500", "-12,500.00", "-1.25 万元", "-12,500 yuan"),
    ],
)
def test_yuan_are_exact_to_the_fen_and_short_in_a_headline(amount: str, exact: str, zh: str, en: str) -> None:
    value = Decimal(amount)
    assert markup.yuan(value) == exact
    assert [" ".join(markup.yuan_short(value, language)) for language in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize(
    ("part", "total", "share"),
    [
        (0, 9, "0.0%"),
        (1, 14891, "<0.1%"),
        (14890, 14891, ">99.9%"),
        (11289, 11324, "99.7%"),
        (1, 16, "6.2%"),
        (3, 16, "18.8%"),
        (9, 9, "100.0%"),
        (1, 0, "—"),
        (None, 9, "—"),
    ],
)
def test_a_share_is_never_rounded_to_a_hundred_or_a_nothing_that_it_is_not(
    part: int | None, total: int, share: str
) -> None:
    assert markup.percent(part, total) == share


def test_days_and_terms_are_said_in_the_readers_language_and_what_is_none_stays() -> None:
    day = dt.date(2020, 10, 31)
    assert [markup.day(day, language) for language in ("zh", "en")] == ["2020 年 10 月 31 日", "2020-10-31"]
    assert markup.day("上学期", "zh") == "上学期" and markup.day(pd.NaT, "zh") == "—"
    assert markup.term("2020-autumn", "zh") == "2020 年秋季学期"
    assert markup.term("2020-autumn", "en") == "autumn term 2020"
    assert markup.term("2020", "zh") == "2020"


def test_what_comes_from_a_file_stays_text_wherever_it_stands() -> None:
    columns = [Col("甲"), Col(HOSTILE, "number", "long")]
    rows = [(HOSTILE, Cell(HOSTILE, sort=HOSTILE, place=HOSTILE))]
    pieces = [
        markup.table(columns, rows, caption=HOSTILE, css="cards", total=(HOSTILE, HOSTILE)),
        markup.paragraph(HOSTILE, "note"),
        markup.bullets([HOSTILE]),
        markup.heading(3, HOSTILE, HOSTILE),
        markup.details(HOSTILE, markup.below(HOSTILE)),
        markup.tag(HOSTILE, "bad"),
    ]
    for piece in pieces:
        assert "<script" not in piece and "&lt;script" in piece


def test_days_and_classes_are_written_one_way_on_a_chinese_page() -> None:
    told = "普通高中3年级 4班；发放日期 2020-09-07；免学杂费（2016-09-01起）"
    page = "普通高中 3 年级 4 班；发放日期 2020 年 9 月 7 日；免学杂费（2016 年 9 月 1 日起）"
    assert markup.prose(told, "zh") == page == markup.prose(page, "zh")
    assert markup.prose(told, "en") == told


def test_on_a_narrow_screen_a_cell_says_its_column_unless_it_is_empty() -> None:
    columns = [Col("问题"), Col("人数", "number"), Col("单位")]
    cards = markup.table(columns, [("应助未助", "19", "")], caption="要求", css="cards")
    assert 'data-label="人数">19' in cards
    assert 'data-label="问题"' not in cards and 'data-label="单位"' not in cards
    listed_table = markup.table(columns, [("应助未助", "19", "中心")], caption="要求", css="list")
    assert 'data-label="人数"' in listed_table and 'data-label="单位"' not in listed_table


def test_a_table_under_a_heading_of_the_same_words_says_them_to_a_screen_reader_alone() -> None:
    plain, headed_table = (
        markup.table([Col("甲")], [("1",)], caption="各校", headed=headed_table)
        for headed_table in (False, True)
    )
    assert "<caption>各校</caption>" in plain and "<caption>" not in headed_table
    assert all('aria-label="各校"' in each for each in (plain, headed_table))


def test_an_address_shows_file_sheet_and_row_and_no_number_of_a_person() -> None:
    assert markup.address("payments:发放.xlsx!Sheet1!12") == "发放.xlsx!Sheet1!12"
    assert "201003070017" not in markup.address("payments:990122201003070017.xlsx!Sheet1!12")


def test_a_mapping_is_told_with_its_places_and_masked_numbers() -> None:
    values = {"thresholds": {"pay_by": "2020-12-31"}, "policy": ["national", "jiangxi"], "previous": []}
    assert markup.mapping_rows(values, "zh") == [
        ("thresholds.pay_by", "2020-12-31"),
        ("policy", "national、jiangxi"),
        ("previous", "—"),
    ]
    assert "201003070017" not in markup.mapping_rows({"a": "990122201003070017"}, "en")[0][1]
