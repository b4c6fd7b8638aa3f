"""review.xlsx: what stands in it, and that what a person fills in is read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from auditlib.base.engine import Engine, duckdb_engine
from auditlib.base.errors import AuditError
from auditlib.forms.review import write_review
from auditlib.forms.review_reading import read_judgements
from auditlib.forms.worklist.cells import UNMASKED
from auditlib.linkage.judgements import Judgement
from auditlib.linkage.model.match import OPEN_PAIRS

NUMBER = "990122201003070017"


def pair(at: int, score: float, **cells: object) -> dict[str, object]:
    plain = dict.fromkeys(OPEN_PAIRS) | {
        "table": "payments",
        "source": f"发放.csv!{at}",
        "register_source": f"学籍.csv!{at}",
    }
    plain |= {
        "levels": "name:equal school:equal",
        "score": score,
        "elsewhere": 0.1,
        "review": True,
        "has_judgement": False,
    }
    return plain | {"pair": f"pair{at}"} | cells


def audit(engine: Engine, *pairs: dict[str, object]) -> SimpleNamespace:
    names = {"source": "string", "name": "string", "id_number": "string"}
    paid = pd.DataFrame([(p["source"], "王小明", None) for p in pairs], columns=list(names))
    enrolled = pd.DataFrame([(p["register_source"], "王小明", NUMBER) for p in pairs], columns=list(names))
    rows = {
        "payments": engine.load("paid", paid, names),
        "enrolment": engine.load("enrolled", enrolled, names),
    }
    open_pairs = engine.load("open_pairs", pd.DataFrame(list(pairs), columns=list(OPEN_PAIRS)), OPEN_PAIRS)
    return SimpleNamespace(open_pairs=open_pairs, rows=rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_says_on_paper_and_in_its_properties_that_it_is_internal(
    tmp_path: Path, language: str
) -> None:
    engine = duckdb_engine()
    write_review(engine, audit(engine, pair(2, 0.9)), tmp_path / "review.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "review.xlsx")
    sheet, words = book.worksheets[0], UNMASKED.into(language)
    assert (sheet.oddHeader.center.text, sheet.oddFooter.center.text) == (words, words)
    assert book.properties.description == words


def fill(folder: Path, row: int, *cells: object) -> None:
    file = folder / "review.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    first = sheet.max_column - 2
    for at, cell in enumerate(cells):
        sheet.cell(row, first + at, cell)
    book.save(file)


@pytest.mark.parametrize(("language", "word"), [("zh", "不是同一人"), ("en", "different")])
def test_a_decision_filled_in_is_read_back(tmp_path: Path, language: str, word: str) -> None:
    engine = duckdb_engine()
    write_review(engine, audit(engine, pair(2, 0.9), pair(3, 0.52)), tmp_path / "review.xlsx", language)
    fill(tmp_path, 2, word, "李审", "2020-12-01")
    # the most doubtful pair stands first
    assert read_judgements([tmp_path]) == [Judgement("pair3", "different", "李审", "2020-12-01")]


def test_a_decision_is_written_again_and_so_outlives_the_next_run(tmp_path: Path) -> None:
    engine = duckdb_engine()
    judged_pair = pair(2, 0.0, has_judgement=True, decision="same", judged_by="李审", judged_on="2020-12-01")
    elsewhere = Judgement("other", "different", "张核", "2020-11-30")
    write_review(engine, audit(engine, judged_pair), tmp_path / "review.xlsx", "zh", [elsewhere])
    assert read_judgements([tmp_path]) == [elsewhere, Judgement("pair2", "same", "李审", "2020-12-01")]


@pytest.mark.parametrize(
    "earlier", ["2020-06-01", "2020/6/1", "2020年6月1日", "2020-06-01 08:30", dt.date(2020, 6, 1)]
)
def test_the_later_decision_on_a_pair_holds(tmp_path: Path, earlier: object) -> None:
    engine = duckdb_engine()
    for name, word, day in (("spring", "same", earlier), ("autumn", "different", "2020-12-01")):
        (tmp_path / name).mkdir()
        write_review(engine, audit(engine, pair(2, 0.6)), tmp_path / name / "review.xlsx", "en")
        fill(tmp_path / name, 2, word, "L", day)
    assert [d.decision for d in read_judgements([tmp_path / "autumn", tmp_path / "spring"])] == ["different"]


def test_a_date_that_is_none_stops_the_run_and_names_the_cell(tmp_path: Path) -> None:
    engine = duckdb_engine()
    write_review(engine, audit(engine, pair(2, 0.6)), tmp_path / "review.xlsx", "zh")
    fill(tmp_path, 2, "同一人", "李审", "冬天")
    with pytest.raises(AuditError, match=r"review\.xlsx › 复核 › 第 2 行 › 判断日期.*\n?.*2020-12-31"):
        read_judgements([tmp_path])


def test_an_unknown_word_stops_the_run_and_names_the_cell(tmp_path: Path) -> None:
    engine = duckdb_engine()
    write_review(engine, audit(engine, pair(2, 0.6)), tmp_path / "review.xlsx", "zh")
    fill(tmp_path, 2, "大概是")
    with pytest.raises(AuditError, match=r"review\.xlsx › 复核 › 第 2 行 › 判断"):
        read_judgements([tmp_path])


@pytest.mark.parametrize("key", [None, 12345678901234567890, 12e45])
def test_a_decision_whose_pair_is_lost_stops_the_run_and_names_the_cell(tmp_path: Path, key: object) -> None:
    engine = duckdb_engine()
    write_review(engine, audit(engine, pair(2, 0.6)), tmp_path / "review.xlsx", "zh")
    fill(tmp_path, 2, "同一人")
    book = openpyxl.load_workbook(tmp_path / "review.xlsx")
    sheet = book.worksheets[0]
    cell = sheet.cell(2, sheet.max_column - 3)
    assert (cell.value, cell.number_format) == ("pair2", "@")
    cell.value = key
    book.save(tmp_path / "review.xlsx")
    with pytest.raises(AuditError, match=r"review\.xlsx › 复核 › 第 2 行 › 记录对编号"):
        read_judgements([tmp_path])


def changed_by(change: Callable[[Worksheet], None], tmp_path: Path) -> Path:
    """A review sheet in which somebody has decided on the first pair, and has changed something else."""
    engine, file = duckdb_engine(), tmp_path / "review.xlsx"
    write_review(engine, audit(engine, pair(2, 0.6)), file, "zh")
    fill(tmp_path, 2, "同一人")
    book = openpyxl.load_workbook(file)
    change(book.worksheets[0])
    book.save(file)
    return file


def rename(sheet: Worksheet) -> None:
    sheet.cell(1, sheet.max_column - 2).value = "意见"


def space(sheet: Worksheet) -> None:
    sheet.cell(1, sheet.max_column - 2).value = "判 断\u3000\n"


@pytest.mark.parametrize(
    "change", [lambda sheet: sheet.insert_rows(1, 2), lambda sheet: sheet.insert_cols(1), space]
)
def test_a_decision_is_found_wherever_its_header_has_gone(
    tmp_path: Path, change: Callable[[Worksheet], None]
) -> None:
    changed_by(change, tmp_path)
    assert [judged_pair.decision for judged_pair in read_judgements([tmp_path])] == ["same"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sheet: sheet.delete_rows(1), "没有找到含“记录对编号”和“判断”的表头"),
        (rename, "表头中没有“判断”"),
    ],
)
def test_a_sheet_without_its_header_stops_the_run(
    tmp_path: Path, change: Callable[[Worksheet], None], message: str
) -> None:
    changed_by(change, tmp_path)
    with pytest.raises(AuditError, match=message):
        read_judgements([tmp_path])


@pytest.mark.parametrize("content", [b"", b"<html><table/></html>", b"PK\x03\x04 cut"])
def test_a_sheet_that_cannot_be_opened_stops_the_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "review.xlsx").write_bytes(content)
    with pytest.raises(AuditError, match=r"review\.xlsx"):
        read_judgements([tmp_path])
