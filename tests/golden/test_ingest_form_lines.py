"""Lines that forms have below their headers: numbers of the columns, names of fields, an example."""

from __future__ import annotations

import pytest

WIDE = ["序号", "姓名", "身份证号", "学校", "资助项目", "金额"]


@pytest.mark.parametrize(
    "line",
    [
        ["甲", "乙", "1", "2", "3", "4"],
        ["甲", "乙", "丙", "丁", "戊", "1"],
        ["栏次", "1", "2", "3", "4", "5"],
        ["XH", "XM", "SFZJH", "XXMC", "ZZXM", "JE"],
    ],
)
def test_a_line_that_numbers_or_names_the_columns_is_no_record(county, cells, line):
    county.sheet("a.xlsx", [WIDE, line, [1, *county.person()]])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount") == ["500"]


def test_letters_and_figures_of_another_order_are_a_record(county, cells):
    county.sheet("a.xlsx", [WIDE, ["甲", "1", "乙", "2", "3", "4"], [1, *county.person()]])
    assert len(cells(county.read(payments=["a.xlsx"]), "payments", "amount")) == 2


@pytest.mark.parametrize("word", ["例", "示例", "填表示例", "例如：", "例1"])
def test_an_example_of_how_to_fill_the_form_in_is_no_record(county, cells, word):
    county.sheet("a.xlsx", [WIDE, [word, *county.person(2)], [1, *county.person(1)]])
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "name") == [county.person(1)[0]]
    assert [left_row.reason for left_row in delivery.files[0].sheets[0].left_out] == ["header", "note"]
