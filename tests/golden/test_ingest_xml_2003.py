"""Excel's XML spreadsheets of 2003, under the names .xml and .xls."""

from __future__ import annotations

from typing import Any

import pytest

BOOK = """<?xml version="1.0"{encoding}?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="a"/></Styles>
<Worksheet ss:Name="发放"><Table ss:ExpandedColumnCount="6">
<Row><Cell ss:MergeAcross="4"><Data ss:Type="String">2024年秋季学期发放表</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data ss:Type="String">学校</Data></Cell><Cell><Data ss:Type="String">姓名</Data></Cell><Cell><Data ss:Type="String">身份证号</Data></Cell>
<Cell><Data ss:Type="String">资助项目</Data></Cell><Cell><Data ss:Type="String">金额</Data></Cell><Cell><Data ss:Type="String">发放日期</Data></Cell></Row>
<Row><Cell ss:MergeDown="1"><Data ss:Type="String">青山小学</Data></Cell><Cell><Data ss:Type="String">测试一</Data></Cell><Cell><Data ss:Type="String">99012220100101001X</Data></Cell>
<Cell><Data ss:Type="String">寄宿生生活补助</Data></Cell><Cell><Data ss:Type="Number">625</Data></Cell><Cell><Data ss:Type="DateTime">2024-11-20T00:00:00.000</Data></Cell></Row>
<Row ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="String">测试二</Data></Cell><Cell><Data ss:Type="String">99012220100101002X</Data></Cell>
<Cell><Data ss:Type="String">寄宿生生活补助</Data></Cell><Cell ss:Index="6"><Data ss:Type="DateTime">2024-11-21T00:00:00.000</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="Sheet2"><Table/></Worksheet></Workbook>"""


@pytest.mark.parametrize(
    ("name", "encoding"), [("发放.xml", "utf-8"), ("发放.xls", "utf-8-sig"), ("发放.xls", "utf-16")]
)
def test_a_spreadsheet_in_xml_is_read(county: Any, cells: Any, name: str, encoding: str) -> None:
    declaration = ' encoding="UTF-16"' if encoding == "utf-16" else ""
    county.text(name, BOOK.replace("{encoding}", declaration), encoding)
    delivery = county.read(payments=[name], term="2024-autumn")
    assert delivery.problems == ()
    columns = ("source", "school_name", "name", "id_number", "amount", "pay_date")
    assert cells(delivery, "payments", *columns) == [
        (f"{name}!发放!5", "青山小学", "测试一", "99012220100101001X", "625", "2024-11-20"),
        (f"{name}!发放!6", "青山小学", "测试二", "99012220100101002X", None, "2024-11-21"),
    ]
    [sheet] = delivery.files[0].sheets
    assert sheet.hidden_rows == (6,)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("</Workbook>", ""),
        lambda text: text.replace("<?mso-", '<!DOCTYPE a [<!ENTITY b "c">]><?mso-'),
    ],
)
def test_one_that_is_broken_or_declares_entities_is_refused(
    county: Any, problem_texts: Any, change: Any
) -> None:
    county.text("发放.xml", change(BOOK.replace("{encoding}", "")))
    assert len(problem_texts(county.read(payments=["发放.xml"], term="2024-autumn"))) == 1


def test_something_crossed_out_by_a_style_is_asked_about(county: Any, problem_texts: Any) -> None:
    styled_book = BOOK.replace("{encoding}", "").replace(
        '<Style ss:ID="a"/>', '<Style ss:ID="a"><Font ss:StrikeThrough="1"/></Style>'
    )
    county.text("发放.xml", styled_book)
    assert any(
        "删除线" in text for text in problem_texts(county.read(payments=["发放.xml"], term="2024-autumn"))
    )
