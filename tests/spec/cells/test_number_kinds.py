"""Kinds of numbers that stand for a person or an account: what is sound, what is damaged, what is one number."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from cell_readings import CONNECTION, MANY, defects, read, values
from hypothesis import given
from hypothesis import strategies as st
from plain_county import check_digit
from stdnum.cn import ric

from auditlib.cells import citizen_id, kinds

# --- ID numbers ------------------------------------------------------------------------------------------------------


def oracle(number: str) -> bool:
    """Is an 18-character number sound in form, date and check digit? Its area is not stdnum's business here."""
    try:
        ric.get_birth_date(number)
    except ric.InvalidComponent:
        return False
    return bool(number[:17].isdigit() and ric.calc_check_digit(number) == number[17])


BODIES = st.tuples(
    st.sampled_from(["990122", "990199", "110105", "440524"]),
    st.integers(1900, 2030), st.integers(0, 13), st.integers(0, 32), st.integers(0, 999),
).map(lambda parts: "{}{:04d}{:02d}{:02d}{:03d}".format(*parts))  # fmt: skip


@MANY
@given(st.lists(st.tuples(BODIES, st.sampled_from("0123456789X")), min_size=50, max_size=100))
def test_an_18_digit_number_is_sound_where_stdnum_says_so(parts: list[tuple[str, str]]) -> None:
    # stdnum knows the areas in use only; the area is checked elsewhere, so Beijing's stands in for its answer here
    numbers = [body + last for body, last in parts] + [body + check_digit(body) for body, _ in parts]
    defect_rows = defects(kinds.CITIZEN_ID, numbers)
    for number, defect in zip(numbers, defect_rows, strict=True):
        assert (defect is None) == oracle(number), (number, defect)


@MANY
@given(st.lists(st.from_regex(r"[0-9]{17}", fullmatch=True), min_size=50, max_size=100))
def test_the_check_character_is_stdnums(bodies: list[str]) -> None:
    raw = ibis.memtable({"body": bodies})
    checks = CONNECTION.to_pyarrow(raw.select(check=citizen_id.check_character(raw.body)))[
        "check"
    ].to_pylist()
    assert checks == [ric.calc_check_digit(body + "0") for body in bodies]


def test_the_published_examples_are_sound() -> None:
    numbers = ["11010519491231002X", "440524188001010014", "34052419800101001X"]
    assert all(map(oracle, numbers)) and set(defects(kinds.CITIZEN_ID, numbers)) == {None}


def test_another_cross_stands_for_the_letter_x() -> None:
    cell_texts = [
        "11010519491231002×",
        "11010519491231002Ⅹ",
        "11010519491231002Х",
        "１１０１０５１９４９１２３１００２ｘ",
    ]
    assert set(values(kinds.CITIZEN_ID, cell_texts)) == {"11010519491231002X"}
    assert set(defects(kinds.CITIZEN_ID, cell_texts)) == {None}


def test_an_impossible_number_says_why() -> None:
    impossible = [
        ("990122201003070018", "check_digit"),
        ("99012220100307001", "length"),
        ("9901222010030700170", "length"),
        ("990122201013070019", "date"),
        ("990122201002300010", "date"),
        ("000122201003070017", "area"),
        ("9901222010O3070017", "characters"),
        ("99012220100307X017", "characters"),
        ("9.90122E+17", "damaged"),
        ("990122201003070000", "damaged"),
        ("3E17", "damaged"),
        ("H12345678", "other_document"),
        ("990122991301001", "date"),
    ]
    assert defects(kinds.CITIZEN_ID, [number for number, _ in impossible]) == [
        reason for _, reason in impossible
    ]


def test_spelling_of_a_number_does_not_matter() -> None:
    sound = "11010519491231002X"
    cell_texts = [
        sound,
        sound.lower(),
        f"'{sound}",
        f" {sound} ",
        "１１０１０５１９４９１２３１００２Ｘ",
        f'="{sound}"',
        f"{sound[:6]} {sound[6:]}",
    ]
    assert set(values(kinds.CITIZEN_ID, cell_texts)) == {sound}


def test_a_tail_that_excel_adds_is_no_part_of_the_number() -> None:
    assert values(kinds.CITIZEN_ID, ["990122991231001.0", "440524188001010014.00"]) == [
        "990122991231001",
        "440524188001010014",
    ]


@MANY
@given(
    st.lists(
        st.tuples(st.dates(dt.date(1930, 1, 1), dt.date(1999, 12, 31)), st.integers(0, 999)),
        min_size=50,
        max_size=100,
    )
)
def test_a_15_digit_number_is_the_18_digit_number_it_became(parts: list[tuple[dt.date, int]]) -> None:
    long = [f"990122{birth:%Y%m%d}{serial:03d}" for birth, serial in parts]
    short = [body[:6] + body[8:] for body in long]
    raw = ibis.memtable({"short": short})
    wide = raw.mutate(wide=citizen_id.widen(raw.short))
    widths = wide.select(
        whole=citizen_id.normalise(wide.short, citizen_id.check_character(wide.wide), ibis.null("string"))
    )
    assert CONNECTION.to_pyarrow(widths)["whole"].to_pylist() == [body + check_digit(body) for body in long]


def test_the_birth_date_is_read_from_a_number_whose_check_digit_is_wrong() -> None:
    raw = ibis.memtable({"number": ["990122201003070018", "990122300307001", "99012220101307001X"]})
    birth = CONNECTION.to_pyarrow(raw.select(born=citizen_id.birth_date(raw.number)))["born"].to_pylist()
    assert birth == [dt.date(2010, 3, 7), dt.date(1930, 3, 7), None]


def test_fifteen_digits_of_a_child_or_of_somebody_a_hundred_years_old_are_no_sound_number() -> None:
    raw = ibis.memtable({"number": ["990122100307001", "990122200307001", "990122210307001"]})
    wide = raw.mutate(check=citizen_id.check_character(citizen_id.widen(raw.number)))
    soundness = wide.select(
        born=citizen_id.birth_date(wide.number), why=citizen_id.defect(wide.number, wide.check)
    )
    assert CONNECTION.to_pyarrow(soundness).to_pylist() == [
        {"born": None, "why": "date"},
        {"born": None, "why": "date"},
        {"born": dt.date(1921, 3, 7), "why": None},
    ]


# --- student numbers, accounts ---------------------------------------------------------------------------------------


def test_student_numbers_begin_with_g_l_or_j() -> None:
    cells = [
        "G990122201003070017",
        "l990122201003070017",
        "J99012220100307001x",
        "X990122201003070017",
        "990122201003070017",
    ]
    assert defects(kinds.STUDENT_NO, cells) == [None, None, None, "form", "form"]


def test_an_account_number_in_floating_point_is_damaged_and_has_no_value() -> None:
    read_ = read(kinds.ACCOUNT, ["6229000000000001234", "6229 0000 0000 0001 234", "6.229E+18"])
    assert list(read_["value"])[:2] == ["6229000000000001234"] * 2
    assert pd.isna(read_["value"][2]) and read_["defect"][2] == "damaged"


def test_scientific_notation_leaves_the_birth_date_where_it_leaves_fifteen_digits() -> None:
    texts = [
        "9.90122197712018E+17",
        "9.9012219771201E17",
        "9.90122E+17",
        "990122197712018",
        "9.90122197713018E+17",
    ]
    days = CONNECTION.to_pandas(citizen_id.birth_left(ibis.memtable({"text": texts}).text))
    assert [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in days] == ["1977-12-01"] * 2 + [None] * 3
