"""Dialects of spreadsheet files: how programs write days, hide rows, merge cells; quotation marks in text files."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest


@pytest.fixture
def hidden_rows_county(county):
    """Writes ``a.xlsx`` of three persons with the ``part`` changed by replacing ``old`` with ``new``."""

    def write(part, old, new):
        county.sheet("模板.xlsx", [county.header, *(county.person(i) for i in range(3))])
        target = io.BytesIO()
        source = county.root / "模板.xlsx"
        with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
            for name in before.namelist():
                content = before.read(name)
                if name == part:
                    assert old in content
                    content = content.replace(old, new)
                after.writestr(name, content)
        source.unlink()
        county.bytes("a.xlsx", target.getvalue())
        return county.read(payments=["a.xlsx"])

    return write


SHEET = "xl/worksheets/sheet1.xml"


def test_hidden_rows_are_read_and_told(hidden_rows_county):
    delivery = hidden_rows_county(SHEET, b'<row r="3">', b'<row r="3" hidden="1">')
    (sheet,) = delivery.files[0].sheets
    assert (sheet.rows_handed_on, sheet.hidden_rows) == (3, (3,))


def test_days_of_1904_that_stand_as_numbers(county, cells):
    header = [*county.header, "发放日期"]
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (header, [*county.person(金额="42000"), 42713]):
        book.active.append(row)
    book.save(county.root / "a.xlsx")
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "amount", "pay_date") == [("42000", "44175")]


def test_a_newer_error_loses_no_other_cell(hidden_rows_county, cells):
    row = b'<c r="C3" t="inlineStr"><is><t>'
    delivery = hidden_rows_county(SHEET, row, b'<c r="G3" t="e"><v>#SPILL!</v></c>' + row)
    assert not delivery.problems
    assert cells(delivery, "payments", "name") == ["测试一", "测试二", "测试三"]


def test_a_stray_cell_in_the_last_row_is_read_without_the_blank_rows_before_it(hidden_rows_county):
    stray = b'<row r="1048576"><c r="E1048576"><v>1</v></c></row></sheetData>'
    (sheet,) = hidden_rows_county(SHEET, b"</sheetData>", stray).files[0].sheets
    assert (sheet.rows_read, sheet.blank_rows) == (5, 1_048_571)


QUOTED_TEXT = '{0}\r\n张甲,低保,"见附件\r\n李乙,低保,\r\n王丙,低保,"\r\n赵丁,低保,\r\n'


@pytest.mark.parametrize("width", [2, 3])
def test_a_quotation_mark_that_swallows_rows_is_refused_with_its_line(county, width):
    text = (
        QUOTED_TEXT.format("姓名,类别,备注")
        if width == 3
        else '姓名,类别\r\n张甲,"低保\r\n李乙,低保\r\n王丙,低保"\r\n赵丁,低保\r\n'
    )
    county.text("a.csv", text)
    delivery = county.read(eligibility=["a.csv"])
    (problem,) = delivery.problems
    assert problem.what.zh == "引号没有成对，其后的行会并成一格"
    assert problem.where.zh == "a.csv › 第 2 行"


@pytest.mark.parametrize("note", ["一、见附件\n二、已核", "因病，\n请假,家访", "x\n" * 30, "\n", "a\r\nb"])
def test_a_cell_of_several_lines_is_a_cell(county, cells, note):
    county.csv("a.csv", [[*county.header, "备注"], *([*county.person(i), note] for i in range(5))])
    delivery = county.read(payments=["a.csv"])
    assert not delivery.problems
    assert len(cells(delivery, "payments", "name")) == 5


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16", "utf-8-sig"])
def test_a_mark_tells_the_encoding(county, cells, encoding):
    county.csv("a.csv", [county.header, county.person()], encoding=encoding)
    delivery = county.read(payments=["a.csv"])
    assert cells(delivery, "payments", "name") == ["测试二"]
