"""Each form as LibreOffice lays it out: no cell's text is cut off by its row, no amount by its column; the summary is one page.

By hand, where LibreOffice is (``apt-get install --no-install-recommends libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils``: 64 packages,
some three minutes, too long for every run): ``pytest -m by_hand tests/spec/forms/test_on_paper.py``.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import noto_cjk_sans_otc
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from recheck_fixture import population, sample
from results_fixture import findings, results
from test_review_sheet import audit, pair

from auditlib.base.engine import duckdb_engine
from auditlib.city.draw import draw
from auditlib.city.field_sheet import write_field_sheet
from auditlib.findings.finding_numbers import numbered_rows
from auditlib.forms.ledgers.books import BRINGING_BACK, CORRECTION, MONTHLY, RECTIFICATION, REGISTERED_PUPILS
from auditlib.forms.ledgers.form import Field, LedgerForm, write_form
from auditlib.forms.reply_slips import slips, write_slips
from auditlib.forms.review import write_review
from auditlib.forms.templates import NOTES, write_templates
from auditlib.forms.worklist import write_worklist
from auditlib.forms.worklist.cells import display_width
from auditlib.report.summary_letter import write_summary_letter

pytestmark = [
    pytest.mark.by_hand,
    pytest.mark.skipif(
        not (shutil.which("soffice") and shutil.which("pdftotext")),
        reason="LibreOffice (soffice) or poppler (pdftotext) is not installed here",
    ),
]
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""
OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
TABLE, STYLE = f"{OASIS}table:1.0}}", f"{OASIS}style:1.0}}"
POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0}
OF_ROWS = re.compile(r' (?:ht="[^"]*"|customHeight="1")')
TOLERANCE, USUAL = 1, 8.43  # points; the width of a column that nobody has set
SCHEMES = {"boarder_allowance": "义务教育家庭经济困难寄宿生生活补助"}


def worklist(folder: Path, language: str) -> Path:
    path = folder / "findings.xlsx"
    write_worklist(
        findings(language), path, parameters=results().parameters, language=language, schemes=SCHEMES
    )
    return path


def city_list(folder: Path, language: str) -> Path:
    path = folder / "city.xlsx"
    counties = {"990122": "青禾县", "990123": "白石县"}
    write_worklist(
        findings(language), path, parameters=results().parameters, language=language, counties=counties
    )
    return path


def field_sheet(folder: Path, language: str) -> Path:
    path = folder / "field.xlsx"
    write_field_sheet(draw(population(), sample()), path, language=language, schemes=SCHEMES)
    return path


def template(folder: Path, language: str) -> Path:
    (folder / "templates").mkdir()
    return write_templates(folder / "templates", language)[0]


def notes_of_templates(folder: Path, language: str) -> Path:
    (folder / "templates").mkdir()
    write_templates(folder / "templates", language)
    return folder / "templates" / f"{NOTES.into(language)}.xlsx"


def slips_of_a_school(folder: Path, language: str) -> Path:
    numbered_findings = numbered_rows(findings(language), b"s" * 32)
    sheets = slips(numbered_findings, language=language, full=True, schemes=SCHEMES)
    parameters, by = results().parameters, dt.date(2021, 3, 15)
    return max(
        write_slips(sheets, folder / "slips", parameters=parameters, by=by, full=True, language=language),
        key=lambda path: path.stat().st_size,
    )


def review_sheet(folder: Path, language: str) -> Path:
    engine = duckdb_engine()
    pairs = [pair(at, score) for at, score in ((2, 0.9), (3, 0.52))]
    write_review(engine, audit(engine, *pairs), folder / "review.xlsx", language)
    return folder / "review.xlsx"


OF_ALL = (
    "due",
    "planned",
    "approved",
    "paid",
)  # what stands for all pupils of a county, and not for a few of them


def figure(field: Field) -> float:
    """The largest that stands in the column for a county of a hundred thousand pupils."""
    is_of_all = field.name.partition("_")[0] in OF_ALL
    if field.show == "count":
        return 123456 if is_of_all else 12345
    return 54321098.5 if is_of_all else 1234567.5


def ledger(form: LedgerForm, folder: Path, language: str) -> Path:
    """A row of the longest that stands in such a column, and an empty one."""
    text = {
        "message": "名册与学籍不一致：身份证号两位颠倒，请改正填错的一方" * 2,
        "records": "学籍_初中.xlsx!八年级3班!1234、脱贫户.xlsx!4321",
    }
    row = {
        field.name: text.get(
            field.name,
            "青禾县石泉镇中心小学（原石泉完小）" if field.show in ("text", "code") else figure(field),
        )
        for field in form.fields
    }
    row |= {form.sheet_by: "残联 石泉镇"} if form.sheet_by else {}
    rows = pd.DataFrame([row, dict.fromkeys(row)], columns=list(row), dtype=object)
    write_form(form, rows, folder / form.file, "青禾县 2020 年秋季学期", language)
    return folder / form.file


def registered_pupils(folder: Path, language: str) -> Path:
    return ledger(REGISTERED_PUPILS, folder, language)


def bringing_back(folder: Path, language: str) -> Path:
    return ledger(BRINGING_BACK, folder, language)


def rectification(folder: Path, language: str) -> Path:
    return ledger(RECTIFICATION, folder, language)


def monthly(folder: Path, language: str) -> Path:
    return ledger(MONTHLY, folder, language)


def corrections(folder: Path, language: str) -> Path:
    return ledger(CORRECTION, folder, language)


FORMS = (
    worklist, city_list, field_sheet, template, notes_of_templates, slips_of_a_school, review_sheet,
    registered_pupils, bringing_back, rectification, monthly, corrections,
)  # fmt: skip


def convert(path: Path, kind: str, folder: Path) -> Path:
    """``path`` as LibreOffice writes it."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        FONTS.format(fonts=Path(noto_cjk_sans_otc.FONT_PATH).parent, cache=folder / "cache"), "utf-8"
    )
    into = folder / kind
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(into), str(path)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return into / f"{path.stem}.{kind}"


def free_heights(path: Path, folder: Path) -> dict[tuple[str, int], float]:
    """(sheet, row) -> the points that LibreOffice gives a row whose height nobody has set."""
    free = folder / f"free-{path.name}"
    with zipfile.ZipFile(path) as workbook_file, zipfile.ZipFile(free, "w") as bare:
        for name in workbook_file.namelist():
            content = workbook_file.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = OF_ROWS.sub("", content.decode()).encode()
            bare.writestr(name, content)
    root = ElementTree.parse(convert(free, "fods", folder)).getroot()
    styles = {
        style.get(f"{STYLE}name"): _points(style.find(f"{STYLE}table-row-properties"))
        for style in root.iter(f"{STYLE}style")
        if style.find(f"{STYLE}table-row-properties") is not None
    }
    heights: dict[tuple[str, int], float] = {}
    for table in root.iter(f"{TABLE}table"):
        number = 0
        for row in table.iter(f"{TABLE}table-row"):
            for _ in range(min(int(row.get(f"{TABLE}number-rows-repeated", "1")), 5000)):
                number += 1
                heights[str(table.get(f"{TABLE}name")), number] = styles[row.get(f"{TABLE}style-name")]
    return heights


def _points(properties: ElementTree.Element | None) -> float:
    height = "" if properties is None else properties.get(f"{STYLE}row-height", "")
    match = re.fullmatch(r"([\d.]+)(in|cm|mm|pt)", height)
    return float(match[1]) * POINTS[match[2]] if match else 0.0


def width_of(sheet: Worksheet, column: int) -> float:
    """Of a column by its number: one entry may stand for several alike."""
    spans = sheet.column_dimensions.values()
    return next((span.width for span in spans if span.min and span.min <= column <= span.max), USUAL)


def overlaps(path: Path) -> list[tuple[str, str]]:
    """Cells whose text runs over their column and under a neighbour that holds something: paper shows its beginning only."""
    return [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell, neighbour in pairwise(row)
        if isinstance(cell.value, str) and neighbour.value is not None and not cell.alignment.wrap_text
        and display_width(cell.value) > width_of(sheet, cell.column)
    ]  # fmt: skip


WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def overprints(pdf: Path) -> list[tuple[str, str]]:
    """Words that are printed over each other: the line of a cell that its row has no room for lies on the next row."""
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True
    ).stdout.decode()
    pairs = []
    for page in boxes.split("<page ")[1:]:
        words = sorted(
            (float(top), float(bottom), float(left_edge), float(right), text)
            for left_edge, top, right, bottom, text in WORD.findall(page)
        )
        for at, (top, bottom, left_edge, right, text) in enumerate(words):
            for other in words[at + 1 :]:
                if other[0] >= bottom - (bottom - top) / 3:
                    break
                if other[0] > top + 0.5 and min(right, other[3]) - max(left_edge, other[2]) > 1:
                    pairs.append((text, other[4]))
    return pairs


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_no_text_is_cut_off_by_its_row_and_no_number_by_its_column(
    form: Callable[[Path, str], Path], language: str, tmp_path: Path
) -> None:
    path = form(tmp_path, language)
    free = free_heights(path, tmp_path)
    cut = [
        (sheet.title, row, dimension.height, round(free[sheet.title, row], 1))
        for sheet in openpyxl.load_workbook(path)
        for row, dimension in sheet.row_dimensions.items()
        if dimension.height and dimension.height < free.get((sheet.title, row), 0) - TOLERANCE
    ]
    assert cut == []
    assert overlaps(path) == []
    pdf = convert(path, "pdf", tmp_path)
    assert overprints(pdf) == []
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)
    assert text.stdout.strip() and b"###" not in text.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_for_leaders_is_one_sheet_of_a4(language: str, tmp_path: Path) -> None:
    write_summary_letter(results(language), tmp_path / "summary.docx")
    pdf = convert(tmp_path / "summary.docx", "pdf", tmp_path)
    about = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Pages:\s+1\n", about) and "(A4)" in about
