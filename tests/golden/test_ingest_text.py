"""Text files: encodings, separators, quotation marks, ragged records, physical line numbers."""

from __future__ import annotations

import pytest

LINES = "姓名,身份证号,学校,资助项目,金额\n测试一,99012220100101001X,青山小学,寄宿生生活补助,500\n"


@pytest.mark.parametrize(
    ("encoding", "encoding_name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings(county, cells, encoding, encoding_name):
    county.text("a.csv", LINES, encoding)
    delivery = county.read(payments=["a.csv"])
    assert cells(delivery, "payments", "source", "name") == [("a.csv!2", "测试一")]
    assert delivery.files[0].encoding == encoding_name


def test_utf_16_big_endian(county, cells):
    county.bytes("a.csv", b"\xfe\xff" + LINES.encode("utf-16-be"))
    assert cells(county.read(payments=["a.csv"]), "payments", "name") == ["测试一"]


def test_characters_outside_gbk(county, cells):
    county.text("a.csv", LINES.replace("测试一", "𬎆㛃䶮"), "gb18030")
    assert cells(county.read(payments=["a.csv"]), "payments", "name") == ["𬎆㛃䶮"]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators(county, cells, separator):
    county.text("a.txt", LINES.replace(",", separator))
    assert cells(county.read(payments=["a.txt"]), "payments", "name", "amount") == [("测试一", "500")]


def test_amounts_with_commas_between_tabs(county, cells):
    county.text("a.tsv", LINES.replace(",", "\t").replace("500", "1,500.00"))
    assert cells(county.read(payments=["a.tsv"]), "payments", "amount") == ["1,500.00"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(county, cells, end):
    county.text("a.csv", LINES.replace("\n", end))
    assert cells(county.read(payments=["a.csv"]), "payments", "source", "amount") == [("a.csv!2", "500")]


def test_no_line_end_at_the_end(county, cells):
    county.text("a.csv", LINES.rstrip("\n"))
    assert cells(county.read(payments=["a.csv"]), "payments", "amount") == ["500"]


def test_cells_are_handed_on_as_they_stand(county, cells):
    county.text(
        "a.csv", LINES.replace("99012220100101001X", '="990122201001010013"').replace("测试一", "'测试一")
    )
    assert cells(county.read(payments=["a.csv"]), "payments", "name", "id_number") == [
        ("'测试一", '="990122201001010013"')
    ]


def test_words_that_other_readers_take_for_nothing(county, cells):
    county.text("a.csv", LINES.replace("测试一", "NA").replace("500", "NULL"))
    assert cells(county.read(payments=["a.csv"]), "payments", "name", "amount") == [("NA", "NULL")]


def test_breaks_within_cells_count_as_lines(county, cells):
    extra = '"测试\n二",990122201001010021,"青山\r\n小学",补助,1\n测试三,990122201001010030,x,补助,2\n'
    county.text("a.csv", LINES + extra)
    assert cells(county.read(payments=["a.csv"]), "payments", "source", "name") == [
        ("a.csv!2", "测试一"),
        ("a.csv!3", "测试\n二"),
        ("a.csv!6", "测试三"),
    ]


def test_short_and_long_records_do_not_shift(county, cells):
    county.text("a.csv", LINES + "测试二\n测试三,K3,绿水小学,补助,1,多,余\n测试四,K4,x,补助,2\n")
    delivery = county.read(payments=["a.csv"])
    assert cells(delivery, "payments", "name", "id_number", "amount")[1:] == [
        ("测试二", None, None),
        ("测试三", "K3", "1"),
        ("测试四", "K4", "2"),
    ]
    assert delivery.files[0].sheets[0].ragged_rows == (4,)


def test_a_header_shorter_than_its_title(county, cells):
    county.text("a.csv", "某县发放表,,,,,,,,,,\n" + LINES)
    assert cells(county.read(payments=["a.csv"]), "payments", "source") == ["a.csv!3"]


@pytest.mark.parametrize(
    "open_mark",
    [
        '"测试二,K2,x,补助,1\n测试三,K3,x,补助,1\n',  # never closed
        '"测试二,K2,x,补助,1\n"测试三",K3,x,补助,1\n',  # closed by the next line's mark
        '测试二,"K2,x,补助,1\n' + "测试三,K3,x,补助,1\n" * 60,
    ],
)
def test_an_open_quotation_mark_does_not_swallow_records(county, problem_texts, open_mark):
    county.text("a.csv", LINES + open_mark)
    delivery = county.read(payments=["a.csv"])
    assert problem_texts(delivery) == ["引号没有成对，其后的行会并成一格"]
    assert delivery.problems[0].where.zh == "a.csv › 第 3 行"


def test_marks_within_a_cell_are_text(county, cells):
    county.text("a.csv", LINES + '测"试"二,K2,x,补助,1\n')
    assert cells(county.read(payments=["a.csv"]), "payments", "name") == ["测试一", '测"试"二']


def test_bytes_of_no_known_encoding(county, problem_texts):
    content = LINES.encode("gb18030") + b"abc\xff\xff,1\n"
    county.bytes("a.csv", content)
    delivery = county.read(payments=["a.csv"])
    offset = content.index(b"\xff")
    assert problem_texts(delivery) == [f"文字编码无法识别：第 {offset} 字节处既不是 UTF-8 也不是 GB18030"]
    assert delivery.problems[0].where.zh == "a.csv › 第 3 行"


def test_a_wrong_byte_in_utf_8_does_not_make_it_gb18030(county, problem_texts):
    county.bytes("a.csv", (LINES * 20).encode() + "测试".encode("gbk") + b"\n")
    [what] = problem_texts(county.read(payments=["a.csv"]))
    assert what.startswith("文字编码无法识别")


def test_a_file_cut_within_a_character(county, problem_texts):
    county.bytes("a.csv", (LINES * 3 + "测").encode()[:-1])
    [what] = problem_texts(county.read(payments=["a.csv"]))
    assert what.startswith("文字编码无法识别")


def test_a_character_on_the_border_of_two_pieces(county, cells, monkeypatch):
    monkeypatch.setattr("auditlib.ingest.files.text_files.CHUNK", 7)
    for encoding in ("utf-8", "gb18030", "utf-16", "utf-8-sig"):
        county.text("a.csv", LINES, encoding)
        assert cells(county.read(payments=["a.csv"]), "payments", "name") == ["测试一"]


def test_many_portions_make_one_table(county, cells, monkeypatch):
    monkeypatch.setattr("auditlib.ingest.files.text_files.RECORDS", 2)
    county.csv(
        "a.csv", [county.header, *(county.person(i) for i in range(1, 8)), [*county.person(8), "多余"]]
    )
    assert len(cells(county.read(payments=["a.csv"]), "payments", "name")) == 8


def test_a_text_file_named_as_a_workbook(county, cells):
    county.text("银行导出.xls", LINES.replace(",", "\t"), "gbk")
    delivery = county.read(payments=["*.xls"])
    assert cells(delivery, "payments", "source") == ["银行导出.xls!2"]
    assert delivery.files[0].encoding == "gb18030"


def test_a_cell_of_two_million_digits(county, problem_texts):
    county.text("a.csv", LINES + "测试二," + "9" * 2_000_000 + ",x,补助,1\n")
    assert problem_texts(county.read(payments=["a.csv"])) == ["一格超过一百万字，多半是引号没有成对"]
