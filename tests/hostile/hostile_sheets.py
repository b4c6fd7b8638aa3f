"""Hostile workbooks: cells far away, cells written oddly, archives that are not what they say."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape

from hostile_kinds import EITHER, READ, Kind, family, people, raw

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{one}</Relationships>'


def parts_of(sheet: str, *, properties: str = "", name: str = "表") -> dict[str, bytes]:
    sheets = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return {part: text.encode() for part, text in texts.items()}


def zip_of(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def inline(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row(number: int, cells: list[str]) -> str:
    inside = "".join(inline("ABCDEFGH"[i] + str(number), text) for i, text in enumerate(cells))
    return f'<row r="{number}">{inside}</row>'


@lru_cache
def body(count: int = 11) -> str:
    return "".join(row(number, cells) for number, cells in enumerate(people(count), start=1))


def sheet(rows: str, *, head: str = "", tail: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'


def book(rows: str, **more: str) -> bytes:
    return zip_of(parts_of(sheet(rows, **more)))


@lru_cache
def bomb() -> bytes:
    """A sheet of 200 MB of spaces."""
    return zip_of(parts_of(sheet(body(), tail=" " * (200 << 20))))


WAYS = {
    "double quotes": '<row r="{row}"><c r="{cell}"><v>1</v></c></row>',
    "single quotes": "<row r='{row}'><c r='{cell}'><v>1</v></c></row>",
    "spaces around the sign": '<row r = "{row}"><c r = "{cell}"><v>1</v></c></row>',
    "a kind before the address": '<row r="{row}"><c t="n" r="{cell}"><v>1</v></c></row>',
    "a kind behind the address": '<row r="{row}"><c r="{cell}" t="n"><v>1</v></c></row>',
    "a line break in the tag": '<row\nr="{row}"><c\nr="{cell}"\n><v>1</v></c></row>',
    "an entity in the address": '<row r="{row}"><c r="{coded}"><v>1</v></c></row>',
    "no row number": '<row><c r="{cell}"><v>1</v></c></row>',
    "inline text": '<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>',
    "a formula": '<row r="{row}"><c r="{cell}"><f>1+1</f><v>2</v></c></row>',
    "a formula without result": '<row r="{row}"><c r="{cell}"><f>1+1</f></c></row>',
    "an error": '<row r="{row}"><c r="{cell}" t="e"><v>#N/A</v></c></row>',
    "a truth value": '<row r="{row}"><c r="{cell}" t="b"><v>1</v></c></row>',
    "a blank text": '<row r="{row}"><c r="{cell}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>',
    "lower case": '<row r="{row}"><c r="{lower}"><v>1</v></c></row>',
}
FAR = {
    "the last corner": ("XFD", 1048576), "column BZ": ("BZ", 1048576), "column AO": ("AO", 1048576),
    "beyond the last column": ("XFE", 1048576), "four letters": ("AAAA", 1048576),
    "a row beyond the last": ("Z", 99999999), "a row that overflows": ("A", 99999999999),
}  # fmt: skip
NEAR = {"the last column": ("XFD", 12), "the last row": ("F", 1048576), "column AA": ("AA", 13)}


def _cell(way: str, column: str, number: int) -> str:
    escaped_sign = f"&#{ord(column[0])};{column[1:]}{number}"
    return WAYS[way].format(
        row=number, cell=f"{column}{number}", coded=escaped_sign, lower=f"{column.lower()}{number}"
    )


@family
def far_cells() -> Iterator[Kind]:
    for way in WAYS:
        for place, (column, number) in FAR.items():
            content = book(body() + _cell(way, column, number))
            yield Kind(f"far cell, {place}, {way}", raw("pay.xlsx", content), says="pay.xlsx")
        for place, (column, number) in NEAR.items():
            content = book(body() + _cell(way, column, number))
            yield Kind(f"far cell within reach, {place}, {way}", raw("pay.xlsx", content), outcome=EITHER)
    for place, (column, number) in FAR.items():
        content = book(_cell("double quotes", column, number) + body())
        yield Kind(f"far cell before the near ones, {place}", raw("pay.xlsx", content), says="pay.xlsx")
    with_prefix = (
        sheet(body() + _cell("double quotes", "XFD", 1048576)).replace("<", "<x:").replace("<x:/", "</x:")
    )
    with_prefix = with_prefix.replace("xmlns=", "xmlns:x=")
    yield Kind(
        "far cell, elements with a prefix", raw("pay.xlsx", zip_of(parts_of(with_prefix))), says="pay.xlsx"
    )
    many = "".join(_cell("double quotes", "A", number) for number in range(40_000, 1_048_576, 40_000))
    wide = "".join(f'<c r="{c}14"><v>1</v></c>' for c in ("AK", "AL"))
    yield Kind(
        "many stray cells just under the limit",
        raw("pay.xlsx", book(f'{body()}<row r="14">{wide}</row>{many}')),
        outcome=EITHER,
    )
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="AZ{n}" s="1"/></row>' for n in range(13, 60_000))
    yield Kind("formatted blanks", raw("pay.xlsx", book(body() + blanks)), outcome=READ, rows=11)
    spaces = "".join(f'<row r="{n}">{inline(f"A{n}", "  ")}</row>' for n in range(13, 30_000))
    yield Kind("rows of spaces", raw("pay.xlsx", book(body() + spaces)), outcome=READ, rows=11)


ODD_CELLS = {
    **{f"error {name}": (f'<c r="C3" t="e"><v>{name}</v></c>', 11) for name in (
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!",
        "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#PYTHON!", "#EXTERNAL!",
    )},
    "error in single quotes": ("<c r='C3' t='e'><v>#SPILL!</v></c>", 11),
    "error of a formula": ('<c r="C3" t="e"><f>A1</f><v>#SPILL!</v></c>', 11),
    "formula without result": ('<c r="C3"><f>A1&amp;"x"</f></c>', 11),
    "formula with an empty result": ('<c r="C3"><f>A1</f><v></v></c>', 11),
    "formula with an empty result, short": ('<c r="C3"><f>A1</f><v/></c>', 11),
    "shared formula without result": ('<c r="C3"><f t="shared" si="0"/></c>', 11),
    "formula without address": ("<c><f>1+1</f><v></v></c>", None),
    "inline text in v": ('<c r="C3" t="inlineStr"><v>第一小学</v></c>', 11),
    "inline text in both": ('<c r="C3" t="inlineStr"><is><t>第一小学</t></is><v>x</v></c>', 11),
    "inline text in runs": ('<c r="C3" t="inlineStr"><is><r><t>第一</t></r><r><t>小学</t></r></is></c>', 11),
    "inline text, empty": ('<c r="C3" t="inlineStr"><is/></c>', 11),
    "day in ISO form": ('<c r="C3" t="d"><v>2020-11-20T00:00:00Z</v></c>', 11),
    "day without time": ('<c r="C3" t="d"><v>2020-11-20</v></c>', 11),
    "day that is none": ('<c r="C3" t="d"><v>2020-99-99</v></c>', 11),
    "unknown kind": ('<c r="C3" t="zz"><v>3</v></c>', None),
    "shared text that is not there": ('<c r="C3" t="s"><v>99999</v></c>', None),
    "shared text below nought": ('<c r="C3" t="s"><v>-1</v></c>', None),
    "number that is text": ('<c r="C3"><v>abc</v></c>', 11),
    "number without end": ('<c r="C3"><v>1e400</v></c>', 11),
    "no number": ('<c r="C3"><v>NaN</v></c>', 11),
    "truth value 2": ('<c r="C3" t="b"><v>2</v></c>', None),
    "control characters coded": ('<c r="C3" t="str"><v>a_x0000_b_x001F_</v></c>', 11),
    "a text of 40,000 characters": (f'<c r="C3" t="str"><v>{"长" * 40_000}</v></c>', 11),
    "markup in text": ('<c r="C3" t="str"><v>&lt;script&gt;&amp;amp;</v></c>', 11),
    "CDATA": ('<c r="C3" t="str"><v><![CDATA[<x>]]></v></c>', None),
    "comment in a cell": ('<c r="C3" t="str"><!-- x --><v>第一小学</v></c>', 11),
    "address with a nought": ('<c r="C03" t="str"><v>x</v></c>', None),
    "address with dollars": ('<c r="$C$3" t="str"><v>x</v></c>', None),
    "address turned round": ('<c r="3C" t="str"><v>x</v></c>', None),
    "address empty": ('<c r="" t="str"><v>x</v></c>', None),
    "address of row nought": ('<c r="C0" t="str"><v>x</v></c>', None),
    "address of another row": ('<c r="C9" t="str"><v>x</v></c>', None),
    "an entity that is not known": ('<c r="C3" t="str"><v>&unknown;</v></c>', None),
    "an end tag that is missing": ('<c r="C3" t="str"><v>x</c>', None),
}  # fmt: skip
HEADS = {
    "dimension of row nought": '<dimension ref="A0:L9"/>', "dimension empty": '<dimension ref=""/>',
    "dimension of words": '<dimension ref="all"/>', "dimension backwards": '<dimension ref="E12:A1"/>',
    "dimension too large": '<dimension ref="A1:XFD1048576"/>', "dimension overflowing": '<dimension ref="A1:A99999999999"/>',
    "dimension of one cell": '<dimension ref="A1"/>', "dimension with end tag": '<dimension ref="A0"></dimension>',
    "dimension in single quotes": "<dimension ref='A0:B2'/>",
}  # fmt: skip


@family
def odd_cells() -> Iterator[Kind]:
    for name, (cell, rows) in ODD_CELLS.items():
        changed_sheet = body().replace(inline("C3", "第一小学"), cell)
        assert changed_sheet != body()
        yield Kind(
            f"cell: {name}", raw("pay.xlsx", book(changed_sheet)), outcome=READ if rows else EITHER, rows=rows
        )
    for name, head in HEADS.items():
        yield Kind(f"sheet: {name}", raw("pay.xlsx", book(body(), head=head)), outcome=READ, rows=11)
    yield Kind(
        "sheet: hidden rows",
        raw("pay.xlsx", book(body().replace('<row r="3">', '<row r="3" hidden="1">'))),
        outcome=READ,
        rows=11,
    )
    plain = body().replace(' r="', ' q="')
    yield Kind("sheet: no addresses at all", raw("pay.xlsx", book(plain)), outcome=READ, rows=11)
    of_1904 = zip_of(parts_of(sheet(body()), properties='<workbookPr date1904="1"/>'))
    yield Kind("workbook: days from 1904", raw("pay.xlsx", of_1904), outcome=READ, rows=11)
    for name in ("表!一", "a" * 200, "&lt;b&gt;", "990111201102030016", ""):
        titled_sheet = zip_of(parts_of(sheet(body()), name=name))
        yield Kind(f"sheet called {name[:20]!r}", raw("pay.xlsx", titled_sheet), outcome=EITHER)


@family
def xml_of_sheets() -> Iterator[Kind]:
    sheet_xml = sheet(body())
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    texts = {
        "UTF-16": '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16") + sheet_xml.encode("utf-16-le"),
        "UTF-16 the other way": b"\xfe\xff" + sheet_xml.encode("utf-16-be"),
        "GBK without saying so": sheet_xml.encode("gbk"),
        "GBK and saying so": b'<?xml version="1.0" encoding="GBK"?>' + sheet_xml.encode("gbk"),
        "with a byte order mark": b"\xef\xbb\xbf" + sheet_xml.encode(),
        "a thousand laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>{sheet_xml.replace("第一小学", "&l8;", 1)}'.encode(),
        "a file from outside": f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>{sheet_xml.replace("第一小学", "&f;", 1)}'.encode(),
        "nested without end": b"<worksheet>" + b"<a>" * 100_000,
        "cut in the middle": sheet_xml.encode()[: len(sheet_xml) // 2],
        "empty": b"",
        "NUL characters": sheet_xml.encode().replace(b"500", b"5\x000", 1),
        "text without markup": "姓名 金额".encode(),
        "a thousand attributes": sheet_xml.encode().replace(b'<row r="3"', b'<row r="3" ' + b" ".join(b'a%d="1"' % n for n in range(1000)), 1),
        "the sheet twice": (sheet_xml + sheet_xml).encode(),
        "rows twice": sheet(body() + body()).encode(),
    }  # fmt: skip
    for name, content in texts.items():
        yield Kind(
            f"XML: {name}",
            raw("pay.xlsx", zip_of(parts_of("") | {"xl/worksheets/sheet1.xml": content})),
            outcome=EITHER,
        )


@family
def archives() -> Iterator[Kind]:
    parts = parts_of(sheet(body()))
    sound = zip_of(parts)
    for missing in parts:
        without = zip_of({name: content for name, content in parts.items() if name != missing})
        yield Kind(f"archive without {missing}", raw("pay.xlsx", without), outcome=EITHER)
        hollow = zip_of(parts | {missing: b""})
        yield Kind(f"archive with an empty {missing}", raw("pay.xlsx", hollow), outcome=EITHER)
        noise = random.Random(missing).randbytes(500)
        yield Kind(
            f"archive with noise as {missing}",
            raw("pay.xlsx", zip_of(parts | {missing: noise})),
            outcome=EITHER,
        )
    for share in range(1, 20):
        yield Kind(
            f"archive cut at {share * 5} %",
            raw("pay.xlsx", sound[: len(sound) * share // 20]),
            says="pay.xlsx",
        )
    yield Kind("archive with text before it", raw("pay.xlsx", b"x" * 100 + sound), outcome=EITHER)
    yield Kind("archive with text behind it", raw("pay.xlsx", sound + b"x" * 100), outcome=EITHER)
    lie = zip_of(parts | {"xl/theme.xml": bytes(2_000_000)})
    small = lie.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    yield Kind("archive: a part larger than it says", raw("pay.xlsx", small), says="pay.xlsx")
    yield Kind(
        "archive: a bomb beside the sheet",
        raw("pay.xlsx", lambda: zip_of(parts | {"xl/bomb.bin": bytes(200 << 20)})),
        says="pay.xlsx",
    )
    yield Kind("archive: a bomb in the sheet", raw("pay.xlsx", bomb), says="pay.xlsx")
    for method, name in (
        (zipfile.ZIP_STORED, "stored"),
        (zipfile.ZIP_BZIP2, "bzip2"),
        (zipfile.ZIP_LZMA, "lzma"),
    ):
        yield Kind(f"archive {name}", raw("pay.xlsx", zip_of(parts, method)), outcome=EITHER)
    yield Kind("archive of other files", raw("pay.xlsx", zip_of({"a.csv": b"x"})), says="pay.xlsx")
    yield Kind("archive without files", raw("pay.xlsx", zip_of({})), says="pay.xlsx")
    yield Kind(
        "archive with paths that lead out",
        raw("pay.xlsx", zip_of(parts | {"../../evil.xml": b"x"})),
        outcome=READ,
        rows=11,
    )
    rels = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"../../../etc/hostname")
    yield Kind(
        "archive: a sheet outside it",
        raw("pay.xlsx", zip_of(parts | {"xl/_rels/workbook.xml.rels": rels})),
        outcome=EITHER,
    )
    locked_bytes = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(99)
    yield Kind("workbook with a password", raw("pay.xlsx", locked_bytes), says="pay.xlsx")
    chance = random.Random(20201231)
    for number in range(20):
        broken_bytes = bytearray(sound)
        for _ in range(chance.randint(1, 20)):
            broken_bytes[chance.randrange(len(broken_bytes))] = chance.randrange(256)
        yield Kind(
            f"archive with chance damage {number + 1}", raw("pay.xlsx", bytes(broken_bytes)), outcome=EITHER
        )
    for name, content in {
        "no container, version 2": b"\x09\x00\x04\x00" + bytes(99), "no container, version 3": b"\x09\x02\x06\x00" + bytes(99),
        "no container, version 4": b"\x09\x04\x06\x00" + bytes(99), "no container, version 5": b"\x09\x08\x08\x00" + bytes(99),
        "no container, version 8": b"\x09\x08\x10\x00" + bytes(99), "a container of noughts": OLE + bytes(600),
        "a container of noise": OLE + random.Random(1).randbytes(4096), "a web page": b"<html><table><tr><td>1</td></tr></table>",
        "XML of 2003": b'<?xml version="1.0"?><Workbook/>', "mail with a page": b"MIME-Version: 1.0\n\n", "a PDF": b"%PDF-1.7 ...",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(50), "a photo": b"\xff\xd8\xff\xe0" + bytes(50), "an archive of another kind": b"Rar!\x1a\x07" + bytes(50),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(50), "gzip": b"\x1f\x8b\x08" + bytes(50), "RTF": b"{\\rtf1 x}", "nothing": b"",
    }.items():  # fmt: skip
        yield Kind(f"named .xls: {name}", raw("pay.xls", content), says="pay.xls")


OPEN = "urn:oasis:names:tc:opendocument:xmlns:"


def open_document(rows: str) -> bytes:
    names = f'xmlns:office="{OPEN}office:1.0" xmlns:table="{OPEN}table:1.0" xmlns:text="{OPEN}text:1.0"'
    table = f'<table:table table:name="表">{rows}</table:table>'
    content = f"<office:document-content {names}><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    return zip_of(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<m/>",
            "content.xml": content.encode(),
        }
    )


def open_row(cells: list[str], attributes: str = "", cell: str = "") -> str:
    text = "".join(
        f'<table:table-cell office:value-type="string"{cell}><text:p>{escape(one)}</text:p></table:table-cell>'
        for one in cells
    )
    return f"<table:table-row{attributes}>{text}</table:table-row>"


@family
def open_documents() -> Iterator[Kind]:
    rows = "".join(map(open_row, people()))
    empty = '<table:table-cell table:number-columns-repeated="{}"/>'
    beyond = {
        "a record repeated without end": open_row(people()[1], ' table:number-rows-repeated="900000000"'),
        "a far cell": f'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row><table:table-row>{empty.format(16383)}<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
        "a cell repeated without end": open_row(["x"], cell=' table:number-columns-repeated="900000000"'),
    }  # fmt: skip
    for name, more in beyond.items():
        yield Kind(f"open document: {name}", raw("pay.ods", open_document(rows + more)), outcome=EITHER)
    within = {
        "blank rows repeated to the end": f'<table:table-row table:number-rows-repeated="1048500">{empty.format(1024)}</table:table-row>',
        "hidden rows": open_row(people()[1], ' table:visibility="collapse"'),
        "filtered rows": open_row(people()[1], ' table:visibility="filter"'),
        "repeated nought times": open_row(people()[1], ' table:number-rows-repeated="0"'),
        "repeated in words": open_row(people()[1], ' table:number-rows-repeated="many"'),
        "repeated below nought": open_row(people()[1], ' table:number-rows-repeated="-5"'),
        "spans without end": open_row(people()[1], cell=' table:number-rows-spanned="99999999"'),
    }
    for name, more in within.items():
        yield Kind(f"open document: {name}", raw("pay.ods", open_document(rows + more)), outcome=EITHER)
