"""Kinds of cells, each a chapter: what a cell says, and why it is unsound."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import ibis
import pytest
from cell_readings import CONNECTION, defects, in_steps, read, read_text, values

from auditlib.cells import kinds
from auditlib.cells.kinds import Kind
from auditlib.tables.vocabulary import spelling

# --- names -----------------------------------------------------------------------------------------------------------


def test_spaces_and_invisible_characters_do_not_make_another_name() -> None:
    cell_texts = ["张三", " 张三 ", "张 三", "张　三", "张\u00a0三", "张\u200b三", "\ufeff张三", "张\t三"]
    assert set(values(kinds.NAME, cell_texts)) == {"张三"}


def test_a_remark_of_whom_behind_a_name_makes_no_other_name() -> None:
    assert set(values(kinds.NAME, ["张三(学生)", "张三（女）", "张三、", "张三（已脱贫）"])) == {"张三"}
    assert values(kinds.NAME, ["张三（李四）", "张三（已转出）"]) == ["张三(李四)", "张三(已转出)"]


def test_a_code_before_a_schools_name_is_no_part_of_it() -> None:
    assert set(values(kinds.SCHOOL_NAME, ["9931000011-青山小学", "9931000011青山小学", "青山小学"])) == {
        "青山小学"
    }


def test_every_separator_dot_is_the_same_dot() -> None:
    dots = "·•．.・‧∙⋅･"
    assert set(values(kinds.NAME, [f"阿依古丽{dot}买买提" for dot in dots])) == {"阿依古丽·买买提"}


def test_width_and_case_of_latin_letters_do_not_make_another_name() -> None:
    assert set(values(kinds.NAME, ["Anna Li", "ＡＮＮＡ　ＬＩ", "anna  li"])) == {"ANNA LI"}


def test_a_different_character_makes_another_name() -> None:
    assert len(set(values(kinds.NAME, ["王喆", "王哲", "王晢"]))) == 3


def test_a_lost_character_is_a_defect() -> None:
    cell_texts = ["王?", "王□", "王�", "王？"]
    assert set(defects(kinds.NAME, cell_texts)) == {"lost_character"}


def test_a_formula_an_error_a_number_or_several_people_are_no_name() -> None:
    cell_texts = [
        "=A2&B2",
        "#REF!",
        "990122201003070017",
        "12",
        "张三、李四",
        "张三，李四",
        "张三/李四",
        "x",
        "Ａ",
    ]
    assert set(defects(kinds.NAME, cell_texts)) == {"not_a_name"}


def test_characters_outside_gbk_are_sound() -> None:
    assert defects(kinds.NAME, ["王𬎆", "李㛃", "䶮一"]) == [None, None, None]


def test_a_cell_that_says_nothing_is_empty_and_sound() -> None:
    cell_texts = ["", " ", "-", "无", "/", "N/A", None]
    assert set(values(kinds.NAME, cell_texts)) == {None} and set(defects(kinds.NAME, cell_texts)) == {None}


# --- dates -----------------------------------------------------------------------------------------------------------


def test_a_date_is_read_as_it_is_written_in_the_field() -> None:
    cell_texts = [
        "2020-10-31", "2020/10/31", "2020.10.31", "2020年10月31日", "20201031", "44135", "44135.0", "20201031.0",
        "2020年10月31号", "2020—10—31", "2020、10、31", "2020\\10\\31",
        "2020-10-31 00:00:00", "2020-10-31T08:30", " 2020 - 10 - 31 ", "２０２０－１０－３１", "'2020-10-31",
    ]  # fmt: skip
    assert set(values(kinds.DATE, cell_texts)) == {dt.date(2020, 10, 31)}


def test_a_date_in_chinese_figures_is_read() -> None:
    cell_texts = [
        "二〇二四年九月一日",
        "二○二四年十月十日",
        "二零二四年十一月二十日",
        "二〇二四年十二月三十一日",
        "二〇二四年一月十二日",
    ]
    days = [(9, 1), (10, 10), (11, 20), (12, 31), (1, 12)]
    assert values(kinds.DATE, cell_texts) == [dt.date(2024, *day) for day in days]
    assert values(kinds.DATE_FROM, ["二〇二〇年十月", "二〇二〇年"]) == [
        dt.date(2020, 10, 1),
        dt.date(2020, 1, 1),
    ]


def test_what_is_no_date_reads_as_nothing() -> None:
    cell_texts = [
        "2020-02-30",
        "2020-13-01",
        "20201301",
        "20200230",
        "1",
        "999999",
        "去年",
        "2020",
        "2020-10",
        "00000000",
    ]
    assert set(values(kinds.DATE, cell_texts)) == {None}


def test_a_month_or_a_year_alone_is_its_first_or_its_last_day() -> None:
    cell_texts = [
        ("2014-12", dt.date(2014, 12, 1), dt.date(2014, 12, 31)),
        ("2020年2月", dt.date(2020, 2, 1), dt.date(2020, 2, 29)),
        ("202010", dt.date(2020, 10, 1), dt.date(2020, 10, 31)),
        ("2020", dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
        ("2020年", dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
    ]
    assert values(kinds.DATE_FROM, [cell for cell, _, _ in cell_texts]) == [
        first for _, first, _ in cell_texts
    ]
    assert values(kinds.DATE_TO, [cell for cell, _, _ in cell_texts]) == [last for _, _, last in cell_texts]


def test_a_day_by_which_something_is_done_is_its_last_day() -> None:
    cell_texts = [
        "2020年6月30日前",
        "2020年12月底前",
        "2020-12月底",
        "2020.9.30",
        "2020年11月前完成",
        "2020年底",
    ]
    days = [(2020, 6, 30), (2020, 12, 31), (2020, 12, 31), (2020, 9, 30), (2020, 11, 30)]
    assert values(kinds.DEADLINE, cell_texts) == [*(dt.date(*day) for day in days), None]


def test_an_end_that_may_be_another_day_is_no_date() -> None:
    # October written 2020.10 comes out of a spreadsheet as 2020.1; 20209 is no serial number; an empty cell shows 1900
    assert set(
        values(kinds.DATE_TO, ["2020.1", "20209", "1900-01-00", "1900-01-01", "1899-12-31", "19000101"])
    ) == {None}
    assert values(kinds.DATE_TO, ["2020.2", "2020-1"]) == [dt.date(2020, 2, 29), dt.date(2020, 1, 31)]
    assert values(kinds.DATE, ["1900-01-01", "1899-12-31"]) == [None, None]
    assert values(kinds.DATE_FROM, ["1900-01-01", "20141"]) == [dt.date(1900, 1, 1), None]


def test_a_day_in_universal_time_is_that_of_china() -> None:
    cell_texts = [
        "2024-11-20T00:00:00Z",
        "2024-11-19T16:00:00.000Z",
        "2024-11-19 15:59:59Z",
        "2024-12-31T16:00:00Z",
        "2024-11-20T08:30:00+08:00",
    ]
    days = [(2024, 11, 20), (2024, 11, 20), (2024, 11, 19), (2025, 1, 1), (2024, 11, 20)]
    assert values(kinds.DATE, cell_texts) == [dt.date(*day) for day in days]


def test_a_month_without_its_nought_is_no_day_of_1955() -> None:
    cell_texts = ["20201", "20209", "20101", "20210", "20300", "19999"]
    days = [None, None, None, dt.date(1955, 5, 1), dt.date(1955, 7, 30), dt.date(1954, 10, 2)]
    assert values(kinds.DATE, cell_texts) == days


def test_an_end_that_says_for_ever_is_open() -> None:
    cell_texts = ["长期", "至今", "永久", "无固定期限", "未退出", "在享"]
    assert read(kinds.DATE_TO, cell_texts)["text"].isna().all()


# --- amounts and counts ----------------------------------------------------------------------------------------------


def test_an_amount_is_read_to_the_fen() -> None:
    cell_texts = [
        ("312.5", "312.50"), ("1,250.00", "1250.00"), ("￥500", "500.00"), ("500元", "500.00"), ("-500", "-500.00"),
        ("(500)", "-500.00"), ("（500）", "-500.00"), ("−500", "-500.00"), ("0.05万元", "500.00"), ("０", "0.00"),
        ("312.49999999999994", "312.50"), ("1e-05", "0.00"), ("+5.", "5.00"), ("500元整", "500.00"), ("0.05万元整", "500.00"), ("9999999999.99", "9999999999.99"),
        ("人民币1000元", "1000.00"), ("RMB625.50", "625.50"), ("人民币：1,000.00元整", "1000.00"), ("312.5 CNY", "312.50"),
    ]  # fmt: skip
    assert values(kinds.YUAN, [cell for cell, _ in cell_texts]) == [Decimal(yuan) for _, yuan in cell_texts]


def test_what_is_no_amount_reads_as_nothing() -> None:
    cell_texts = [
        "500,00",
        "1.250,00",
        "500,",
        "伍佰元整",
        "500.005",
        "五百",
        "5OO",
        "500;600",
        "1.2.3",
        "--5",
        "1e5",
        "6229000000000001234",
    ]
    assert set(values(kinds.YUAN, cell_texts)) == {None}


def test_more_yuan_than_a_column_holds_is_no_amount_and_stops_nothing() -> None:
    cell_texts = ["99999999999", "6229000000001", "9999999999万元", "9999999999999万元"]
    assert set(values(kinds.YUAN, cell_texts)) == {None}


def test_the_unit_of_the_column_holds_where_the_cell_names_none() -> None:
    read_ = read(kinds.YUAN, ["0.05", "0.05", "0.05万元"], ["10000", None, "1"])
    assert list(read_["value"]) == [Decimal("500.00"), Decimal("0.05"), Decimal("500.00")]


def test_counts() -> None:
    assert values(kinds.COUNT, ["7131", "7,131", "7131人次", "7131.0", "七千"]) == [
        7131,
        7131,
        7131,
        7131,
        None,
    ]


# --- terms, codes ----------------------------------------------------------------------------------------------------


def test_a_term_is_read_as_it_is_written_in_the_field() -> None:
    cell_texts = [
        "2020-autumn", "20年秋", "20秋季学期", "2020年秋季", "2020秋", "2020年秋季学期", "2020年下半年", "2020-2021学年第一学期", "2020-2021学年上学期",
        "2020—2021学年度第1学期", "2020-2021-1", "2020-2021学年（上）", "2020-2021（1）", "2020年（秋）", "2020年度秋季", "2020学年第一学期", "２０２０年秋季",
        "2020.9-2021.1", "202009", "2020年11月", "秋季（2020）",
    ]  # fmt: skip
    assert set(values(kinds.TERM, cell_texts)) == {"2020-autumn"}


def test_the_second_term_of_a_school_year_is_next_years_spring() -> None:
    cell_texts = [
        "2020年春季",
        "2020年上半年",
        "2019-2020学年第二学期",
        "2019-2020学年下学期",
        "2019学年第二学期",
        "2020.2-2020.7",
        "2020年3月",
    ]
    assert set(values(kinds.TERM, cell_texts)) == {"2020-spring"}


def test_what_names_no_single_term_reads_as_nothing() -> None:
    cell_texts = [
        "2020年",
        "2019-2021学年第一学期",
        "秋季",
        "2020-2021学年",
        "2020-2021学年第三学期",
        "2020年8月",
    ]
    assert set(values(kinds.TERM, cell_texts)) == {None}


def test_a_word_is_read_by_its_list_and_by_no_likeness() -> None:
    words = {"住校": "boarding", "走读": "day", "其他": "unknown"}
    raw = ibis.memtable({"n": [1, 2, 3, 4], "cell": ["住校", "住 校", "走讀", "其他"]})
    text = in_steps(raw, "cell", kinds.CODE_STEPS)
    rows = text.select("n", value=kinds.read_code(text.cell, words).value).order_by("n")
    assert CONNECTION.to_pyarrow(rows)["value"].to_pylist() == ["boarding", "boarding", None, "unknown"]


def test_the_letter_or_number_of_a_forms_option_is_no_part_of_the_answer() -> None:
    cell_texts = {
        "A.低保户": "低保户", "（2）走读": "走读", "b、住校": "住校", "3)低保": "低保",
        "A类": "A类", "1-走读": "1-走读", "1.5": "1.5", "3.2班": "3.2班", "11": "11",
    }  # fmt: skip
    assert list(read_text(kinds.CATEGORY, list(cell_texts))) == list(cell_texts.values())
    assert [spelling(word) for word in cell_texts] == list(cell_texts.values())


def test_a_grade_is_read_without_its_class_or_year_of_entry() -> None:
    cell_texts = {
        "七年级（3）班": "七年级", "七年级3班": "七年级", "小学六年级(2)班": "小学六年级", "三年级二班": "三年级", "初一(2)班": "初一",
        "高一3班": "高一", "七(3)班": "七", "高中2020级": "高中", "初2018级": "初", "七年级": "七年级", "9年级": "9年级", "大班": "大班",
        "2018级": "2018级", "601班": "601班", "一(2)班": "一(2)班", "十一班": "十一班",
    }  # fmt: skip
    assert list(read_text(kinds.GRADE, list(cell_texts))) == list(cell_texts.values())


# --- every kind ------------------------------------------------------------------------------------------------------

PLAIN_KINDS = [kind for kind in vars(kinds).values() if isinstance(kind, Kind) and not kind.codes]


@pytest.mark.parametrize("kind", PLAIN_KINDS, ids=lambda kind: kind.name)
def test_the_example_of_a_kind_is_sound(kind: Kind) -> None:
    read_ = read(kind, [kind.example], ["10000" if kind is kinds.YUAN_PRINTED else None])
    assert read_["value"].notna().all() and read_["defect"].isna().all()


def test_an_id_number_is_read_through_dashes_marks_of_direction_and_the_kind_of_document() -> None:
    number = "990122201003070017"
    cells_written = [
        "990122-20100307-0017",
        "990122—20100307—0017",
        "\u202d990122201003070017\u202c",
        "990122201003070017（身份证）",
        "990122 20100307 0017",
    ]
    assert list(read(kinds.CITIZEN_ID, cells_written)["text"]) == [number] * len(cells_written)


def test_what_stands_beside_a_number_and_is_no_mark_of_it_stays() -> None:
    cells_written = ["990122201003070017(9901)", "9.90122E+17", "9901222010-0307", "H12345678(港澳)"]
    assert list(read(kinds.CITIZEN_ID, cells_written)["text"]) == cells_written
