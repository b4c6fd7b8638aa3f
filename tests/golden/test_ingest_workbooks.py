"""Workbooks: what each kind of cell becomes, hidden and several sheets, the older and other formats."""

from __future__ import annotations

import base64
import datetime as dt
import io
import zipfile
import zlib

import pytest
import xlsxwriter

from auditlib.ingest.files import cells as ingest_cells

# A small BIFF8 workbook: title, header, an ID number kept as a number, a merged school, a date.
XLS = (
    b"c-rk)T}TvB6h8OPjQi96ng$x^CS+v_?)H*|uKoJdVjBIeVA`%4wi-"
    b"(Y7MNv*5Ju69MLh`iAcoaLfAlLvR0O6z1Vx~RPeBkA^`LI&o|&=L3=~Q*=9|4|?)mOL=l-"
    b"0zbMMZZe)n+at<({ifdY_VGG>8<IF4bm=!y%lJQfpK{cgq-Gq9*&F=HST6nJ2NZ4xmQ@g4yVH|0K*0Hc`7;4lR0>%yJ|#3t%"
    b"P1rvS9N6Fv{G7d<gUL}$|KyoR`8&vZl$wFe<N#<kSVYUzY{ei6Y+EcuTXHb~~gx|Yl^NtuVB*P2w6rVWH)Vd06j2^5ww8#q5"
    b"WE*q=2DB(#7mf<u3D>|1(1^&1L~=r*VMxMYcfq%q2jHu|s-"
    b"JoceqnhA$p4tmoBqI?F^Dtyi(Ce1hS+{uB&}eBh%8Dt8z?OZkHZ<Tqh`aT08x&r=S?+jSb1o#eWwhp=iEe~@9g(dWU7KIYLM"
    b"B|-"
    b"d)nz@%bn+0~fA#$g15~IK3JfPq`%^S_(MJOu(K6p9Iqz(i=8J!fo9p$Oo$5?@9#7%ggope7;<7F8)yXyjHP!(96a(?PX)9MQ"
    b"B4A0w?9&v=m)9+VSo$gWD^M{pG|o(*~n%Lo3CoAqFRf1sXf3L;>Av7Fnz%d5XL)r+g~OB&><|%;ID%v#o{doTk!DY-"
    b"b%|$iFHszZ&zcpLX0!YyIe7gZbW~kz+}{Z~dK+f!ksT?Zwps*({q~z9ewpuiu&W%KAVu<+s<DnY*+R#I(KE2@_($BHSb&gM-"
    b"HI)-"
    b"IWB7>#$j4I>*NRZX8!RpY2hQ<_AcbWKK0nbH*0612YYS^CDQ9T7;0JG96Zy}bP@|9H=4wOq7i*8Fj5OB^4XxX?sfgC^CxG|M"
    b"O?@^00vCGx(6=D~~_r!lD|y5C1Q#}fGs4oH|Ez0R@E!oN&2_shS+&BVDOi;YoaIQit-"
    b"s*<6AC&C?43*!zzRxn_|fB^#r3>aAS5XVGu&XMTYqaLBfq0gj!*O|aHX?!O6Z&3pEcpbq%m0O_>?@?%+*YmRs6sG%PbF|UF7"
    b"Ygjg)}v4hmDG>gc|X5+cxUnBnX{qm?=7MEwm&(ae*WY3e*#_e2k-"
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (500, "500"),
        (500.0, "500"),
        (312.5, "312.5"),
        (0.1 + 0.2, "0.3"),  # as a workbook keeps it: 15 digits
        (-500, "-500"),
        (0, "0"),
        (990122201001012, "990122201001012"),
        (990122201001010013, "9.9012220100101E+17"),
        (6222020000001234, "6.222020000001234E+15"),
        (True, "TRUE"),
        (dt.datetime(2020, 12, 1), "2020-12-01"),
        (dt.datetime(2020, 12, 1, 8, 30), "2020-12-01 08:30:00"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("+1", "+1"),
        ("-1", "-1"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (" 前后有空格 ", " 前后有空格 "),
        ("00123", "00123"),
        ("\u3000", None),
        ("\u200b\xa0\ufeff", None),
        ("无", "无"),
    ],
)
def test_what_a_cell_becomes(county, cells, value, text):
    county.root.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(county.root / "a.xlsx", {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("s")
        sheet.write_row(0, 0, county.header)
        sheet.write_row(1, 0, county.person())
        form = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}) if isinstance(value, dt.datetime) else None
        sheet.write(1, 2, value, form)
    assert cells(county.read(payments=["a.xlsx"]), "payments", "school_name") == [text]


@pytest.mark.parametrize("number", [1e15, 1.5e15, 9.9012220100101e17, 1e300, float("inf")])
def test_large_numbers_never_show_digits_that_are_not_theirs(number):
    text = ingest_cells.of_number(number)
    assert "E+" in text or text == "Infinity"
    assert float(text) == number


PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def relation(kind, target):
    one = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{one}</Relationships>'


def written_by_hand(county, sheet_xml, file="a.xlsx"):
    """A workbook whose sheet is this XML, as programs write that are no spreadsheet."""
    sheets = '<sheets><sheet name="表&amp;一" sheetId="1" r:id="rId1"/></sheets>'
    rows = f"<sheetData>{sheet_xml}</sheetData>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{rows}</worksheet>',
    }
    with zipfile.ZipFile(county.root / file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)


def inline(address, text):
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_errors_and_formulas_without_result_are_not_lost(county, cells):
    header = "".join(inline(f"{letter}1", text) for letter, text in zip("ABCDE", county.header, strict=True))
    rows = (
        f'<row r="1">{header}</row>'
        f'<row r="2">{inline("A2", "测试一")}<c r="B2" t="e"><f>VLOOKUP(A2,Z:Z,1)</f><v>#N/A</v></c>'
        f'{inline("C2", "青山小学")}{inline("D2", "补助")}<c r="E2"><f>1+1</f><v></v></c></row>'
        f'<row r="3">{inline("A3", "测试二")}<c r="B3" t="str"><f>IF(1=2,"x","")</f><v></v></c>'
        f'<c r="C3" t="e"><v>#REF!</v></c>{inline("D3", "补助")}<c r="E3"><f>B3&amp;"x"</f></c></row>'
        f'<row r="4">{inline("A4", "测试三")}<c r="E4"><f>SUM(1,2)</f><v>3</v></c></row>'
    )
    written_by_hand(county, rows)
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "source", "id_number", "school_name", "amount") == [
        ("a.xlsx!表&一!2", "#N/A", "青山小学", "=1+1"),
        ("a.xlsx!表&一!3", None, "#REF!", '=B3&"x"'),
        ("a.xlsx!表&一!4", None, None, "3"),
    ]


def test_several_sheets_each_by_its_own_header(county, cells):
    county.book(
        "a.xlsx",
        {
            "一小": [county.header, county.person(1)],
            "二小": [["单位：万元"], [*reversed(county.header)], [*reversed(county.person(2))]],
            "填报说明": [["请如实填写"]],
            "空": [],
        },
    )
    delivery = county.read(payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "source", "name", "amount_unit") == [
        ("a.xlsx!一小!2", "测试二", "1"),
        ("a.xlsx!二小!3", "测试三", "10000"),
    ]
    assert [sheet.name for sheet in delivery.files[0].sheets] == ["一小", "二小", "填报说明"]


def test_hidden_sheets_are_read_and_said_to_be_hidden(county, cells):
    county.book(
        "a.xlsx",
        {"甲": [county.header, county.person(1)], "乙": [county.header, county.person(2)]},
        hidden=["乙"],
    )
    delivery = county.read(payments=["a.xlsx"])
    assert len(cells(delivery, "payments", "name")) == 2
    assert [sheet.visible for sheet in delivery.files[0].sheets] == [True, False]


@pytest.mark.parametrize(
    ("sheet", "is_asked"), [("2023年名单", True), ("旧名单", True), ("2024年名单", False), ("乙", False)]
)
def test_a_hidden_list_of_another_year_is_asked_about(county, problem_texts, sheet, is_asked):
    header = ["姓名", "身份证号", "困难类型"]
    people = [[*county.person(n)[:2], "低保"] for n in (1, 2)]
    county.book("a.xlsx", {"名单": [header, people[0]], sheet: [header, people[1]]}, hidden=[sheet])
    problems_told = problem_texts(county.read(eligibility=["a.xlsx"], term="2024-autumn"))
    assert ["是隐藏的工作表" in text for text in problems_told] == [True] * is_asked
    named_source = {"files": "a.xlsx", "sheets": sheet}
    assert not county.read(eligibility=["a.xlsx", named_source], term="2024-autumn").problems
    assert not county.read(eligibility=["a.xlsx"], term="2024-autumn", not_needed=[named_source]).problems


def test_a_copy_of_a_sheet_does_not_count_twice(county, problem_texts):
    rows = [county.header, county.person(1), county.person(2)]
    county.book("a.xlsx", {"发放": rows, "发放 (2)": [["备份"], *rows]}, hidden=["发放 (2)"])
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == ["同样的记录出现在两处（发放明细），会使每条记录重复"]
    assert delivery.problems[0].where.zh == "a.xlsx › 发放 (2)，与 a.xlsx › 发放"


def test_the_classes_put_together_do_not_count_twice(county, problem_texts):
    numbered_header = ["序号", *county.header]
    one = [[1, *county.person(1)], [2, *county.person(2)]]
    two = [[1, *county.person(3)], [2, *county.person(4)], [3, *county.person(5)]]
    all_classes = [[i, *row[1:]] for i, row in enumerate([*two, *one], 1)]
    county.book(
        "a.xlsx",
        {
            "一班": [numbered_header, *one],
            "二班": [numbered_header, *two],
            "全校": [numbered_header, *all_classes],
        },
    )
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == ["同样的记录出现在两处（发放明细），会使每条记录重复"]
    assert delivery.problems[0].where.zh == "a.xlsx › 全校，与 a.xlsx › 一班、a.xlsx › 二班"
    county.book("b.xlsx", {"一班": [numbered_header, *one], "二班": [numbered_header, *two]})
    county.csv("总.csv", [numbered_header, *all_classes])
    assert len(problem_texts(county.read(payments=["b.xlsx", "总.csv"]))) == 1
    assert not problem_texts(county.read(payments=["b.xlsx"]))


def test_sheets_that_are_nearly_alike_are_read(county, cells):
    rows = [county.header, county.person(1), county.person(2), county.person(3)]
    other = [county.header, county.person(1), county.person(4), county.person(3)]
    county.book("a.xlsx", {"一": rows, "二": other, "三": rows[:2], "四": rows[:2]})
    county.csv("低保.csv", [["姓名", "身份证号"], *(row[:2] for row in rows[1:])])
    county.csv("残疾.csv", [["姓名", "身份证号"], [], *(row[:2] for row in rows[1:])])
    lists = [{"files": "低保.csv", "category": "low_income"}, {"files": "残疾.csv", "category": "disabled"}]
    delivery = county.read(payments=["a.xlsx"], eligibility=lists)
    assert not delivery.problems
    assert len(cells(delivery, "payments", "name")) == 8


def test_hidden_rows_are_records(county, cells):
    with xlsxwriter.Workbook(county.root / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, values in enumerate([county.header, county.person(1), county.person(2)]):
            sheet.write_row(row, 0, values)
        sheet.set_row(1, None, None, {"hidden": True})
    assert len(cells(county.read(payments=["a.xlsx"]), "payments", "name")) == 2


def test_a_sheet_of_notes_is_left_out(county, left_out):
    notes = [["姓名栏须与身份证一致"], ["类别", "必填"], ["金额", "单位元", "保留两位"]]
    county.book("a.xlsx", {"数据": [county.header, county.person()], "说明": notes[:2]})
    reasons = left_out(county.read(payments=["a.xlsx"]))
    assert {a: r for a, r in reasons.items() if "说明" in a} == {
        "a.xlsx!说明!1": "no_header",
        "a.xlsx!说明!2": "no_header",
    }


def test_a_sheet_that_looks_like_data_without_header_stops_the_run(county, problem_texts):
    county.book(
        "a.xlsx", {"甲": [county.header, county.person(1)], "乙": [county.person(2), county.person(3)]}
    )
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == ["第一行就是人员数据，上面没有表头（发放明细）"]
    assert delivery.problems[0].where.zh == "a.xlsx › 乙 › 第 1 行"
    assert len(delivery.raw["payments"]) == 1


def test_a_summary_sheet_without_persons_is_left_out(county, left_out, problem_texts):
    summary = [["学校", "人数", "金额"], ["青山小学", 3, 1500], ["绿水小学", 2, 1000]]
    county.book("a.xlsx", {"明细": [county.header, county.person()], "汇总": summary})
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert left_out(delivery)["a.xlsx!汇总!2"] == "no_header"
    county.book("a.xlsx", {"明细": [county.header, county.person()], "Sheet2": summary})
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["缺少必需列“姓名”", "缺少必需列“资助项目”"]


def test_a_summary_whose_headers_are_none_of_the_tables_is_left_out(county, problem_texts):
    summary = [["乡镇片区", "户数", "人数"], ["青山镇", 3, 5], ["绿水镇", 2, 4]]
    county.book("a.xlsx", {"明细": [county.header, county.person()], "汇总": summary})
    assert problem_texts(county.read(payments=["a.xlsx"])) == []
    with_numbers = [*summary, ["甲", "990122201001010013", "x"]]
    county.book("a.xlsx", {"明细": [county.header, county.person()], "汇总": with_numbers})
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["找不到表头（发放明细）"]


def test_a_file_without_any_sheet_of_the_table(county, problem_texts):
    county.sheet("a.xlsx", [["会议通知"], ["请各校报送"]])
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["文件中没有一张表像是“发放明细”"]


def test_an_old_workbook(county, cells, left_out):
    county.bytes("旧.XLS", zlib.decompress(base64.b85decode(XLS)))
    delivery = county.read(payments=["*.xls"])
    assert not delivery.problems
    assert cells(
        delivery, "payments", "source", "name", "id_number", "school_name", "amount", "pay_date"
    ) == [
        ("旧.XLS!发放!3", "张三", "9.9012220100101E+17", "一小", "500", None),
        ("旧.XLS!发放!4", "李四", "990122201001010021", "一小", "625.5", "2020-01-02"),
    ]
    assert left_out(delivery) == {"旧.XLS!发放!1": "title", "旧.XLS!发放!2": "header"}


def test_an_old_workbook_whose_reader_would_end_the_process(county, problem_texts):
    """One wrong byte makes the reader ask for a terabyte, which ends the process that it runs in."""
    damaged_bytes = bytearray(zlib.decompress(base64.b85decode(XLS)))
    damaged_bytes[1737] = 22
    county.bytes("旧.xls", bytes(damaged_bytes))
    assert problem_texts(county.read(payments=["旧.xls"])) == ["工作簿损坏、不完整，或不是电子表格"]


def open_document(rows_xml, styles=""):
    """An .ods with one sheet of these rows."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(
        f'xmlns:{prefix}="{urn}:{prefix}:1.0"' for prefix in ("office", "table", "text", "style")
    )
    table = f'<table:table table:name="表一">{rows_xml}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml", f"<office:document-content {names}>{styles}{body}</office:document-content>"
        )
    return content.getvalue()


def open_row(texts, attributes=""):
    body = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row{attributes}>{body}</table:table-row>"


STRUCK_STYLE = (
    '<office:automatic-styles><style:style style:name="ce9" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="{}"/></style:style></office:automatic-styles>'
)


@pytest.mark.parametrize(("line", "asks"), [("solid", True), ("none", False)])
def test_a_row_that_is_crossed_out_in_an_open_document_is_asked_about(county, problem_texts, line, asks):
    struck_row = open_row(county.person(1)).replace(
        "<table:table-cell", '<table:table-cell table:style-name="ce9"'
    )
    rows = open_row(county.header) + struck_row + open_row(county.person(2))
    county.bytes("a.ods", open_document(rows, STRUCK_STYLE.format(line)))
    assert (
        problem_texts(county.read(payments=["a.ods"])) == ["有 1 行划了删除线：是作废的，还是有效的？"] * asks
    )


def test_an_open_document(county, cells):
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    tail = f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    county.bytes("a.ods", open_document(open_row(county.header) + open_row(county.person()) + tail))
    assert cells(county.read(payments=["a.ods"]), "payments", "source", "name") == [
        ("a.ods!表一!2", "测试二")
    ]


def test_an_open_document_that_repeats_a_record_without_end(county, problem_texts):
    endless = open_row(county.person(), ' table:number-rows-repeated="900000000"')
    county.bytes("a.ods", open_document(open_row(county.header) + endless))
    assert problem_texts(county.read(payments=["a.ods"])) == ["文件展开后过大（超过 40,000,000 格）"]


@pytest.mark.parametrize("address", [("A1", "XFD1048576"), ("A1", "AAA900000")])
def test_a_cell_in_the_last_corner_does_not_fill_the_memory(county, problem_texts, address):
    first, last = (inline(one, "x") for one in address)
    row = "".join(filter(str.isdigit, address[1]))
    written_by_hand(county, f'<row r="1">{first}</row><row r="{row}">{last}</row>')
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["文件展开后过大（超过 40,000,000 格）"]


def test_formatted_empty_cells_in_the_last_corner_are_nothing(county, cells):
    header = "".join(inline(f"{letter}1", text) for letter, text in zip("ABCDE", county.header, strict=True))
    written_by_hand(county, f'<row r="1">{header}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert cells(county.read(payments=["a.xlsx"]), "payments", "name") == []


def test_a_new_workbook_named_as_an_old_one(county, cells):
    county.sheet("a.xlsx", [county.header, county.person()])
    (county.root / "a.xlsx").rename(county.root / "a.xls")
    assert cells(county.read(payments=["a.xls"]), "payments", "name") == ["测试二"]
