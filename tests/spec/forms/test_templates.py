"""The Excel templates: every table, read by ingest as they stand; numbers of persons and accounts are kept as text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from plain_county import PARAMETERS

from auditlib.base.language import LANGUAGES
from auditlib.county.self_check import begin, read_all
from auditlib.forms.templates import write_templates
from auditlib.law.parameters import check_self_check
from auditlib.tables.delivered import TABLES

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module", params=LANGUAGES)
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Table -> its template."""
    folder = tmp_path_factory.mktemp("templates")
    return dict(zip(TABLES, write_templates(folder, request.param), strict=True))


@pytest.mark.parametrize(
    "apart", [["planned"], [name for name in TABLES if name != "planned"]], ids=["planned", "others"]
)
def test_a_template_is_read_whole_without_a_question_or_a_defect(
    templates: dict[str, Path], apart: list[str]
) -> None:
    sources = {name: [templates[name].name] for name in apart}
    folder = next(iter(templates.values())).parent
    run = begin(check_self_check(PARAMETERS | {"sources": sources, "data_dir": "."}, base=folder))
    registers, problems = read_all(run)
    assert problems == []
    assert registers.defects.to_dict("records") == []
    for name in apart:
        assert registers.delivery.columns_found[name] == set(TABLES[name].by_name)
        assert len(registers.delivery.raw[name]) == 1
    assert len(registers.rejected) == 0


def test_what_a_number_would_spoil_is_text(templates: dict[str, Path]) -> None:
    """The whole column, not the example alone: a long number that Excel takes for one loses its tail."""
    for name, file in templates.items():
        sheet = load_workbook(file).worksheets[0]
        with zipfile.ZipFile(file) as parts:
            columns = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="', parts.read(SHEET).decode())
        formatted_columns = {at for first, last in columns for at in range(int(first), int(last) + 1)}
        for at, column in enumerate(TABLES[name].columns, 1):
            if column.kind.masked in ("id", "student", "account"):
                assert at in formatted_columns, (name, column.name)
                assert (sheet.cell(2, at).data_type, sheet.cell(2, at).number_format) == ("s", "@")


def test_every_header_has_its_note_in_the_sheet_and_in_the_workbook_of_notes(
    templates: dict[str, Path],
) -> None:
    (notes,) = {*templates["payments"].parent.glob("*.xlsx")} - {*templates.values()}
    notes_book = load_workbook(notes)
    for name, file in templates.items():
        (rows,) = load_workbook(file).worksheets
        titles = [column.title.zh for column in TABLES[name].columns]
        assert [cell.value for cell in rows[1]] == titles
        assert all(cell.comment and cell.comment.text for cell in rows[1])
        assert [cell.value for cell in notes_book[rows.title]["A"][3:]] == titles
