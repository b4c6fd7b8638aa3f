"""Whatever becomes of a reader, or of the process that forks them, the next workbook is read."""

from __future__ import annotations

import io
import marshal
import os
import signal
from collections.abc import Iterator

import openpyxl
import pytest

from auditlib.spreadsheets import read_texts, readers
from auditlib.spreadsheets.refusals import DAMAGED_FILE, Refused

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a reader is started for each workbook")


@pytest.fixture(autouse=True)
def brood(monkeypatch: pytest.MonkeyPatch) -> Iterator[readers.Brood]:
    own = readers.Brood()
    monkeypatch.setattr(readers, "_BROOD", own)
    yield own
    own.end()


def workbook(cell: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.append([cell])
    book.save(content := io.BytesIO())
    return content.getvalue()


def cells(cell: str) -> list[list[str]]:
    return read_texts(workbook(cell))[0].cells


def pid(brood: readers.Brood) -> int:
    assert brood.process
    return brood.process.pid


def test_one_process_stays_and_reads_them_all(brood: readers.Brood) -> None:
    assert cells("第一本") == [["第一本"]]
    first = pid(brood)
    assert cells("第二本") == [["第二本"]]
    assert pid(brood) == first


def test_a_reader_that_ends_without_a_word_takes_nobody_with_it(brood: readers.Brood) -> None:
    cells("之前")
    first = pid(brood)
    assert readers.answer_to(marshal.dumps("no question at all")) == b""
    assert cells("之后") == [["之后"]]
    assert pid(brood) == first


def test_where_the_process_that_stays_was_killed_another_reads(brood: readers.Brood) -> None:
    cells("之前")
    os.kill(pid(brood), signal.SIGKILL)
    assert cells("之后") == [["之后"]]


def test_one_that_does_not_answer_is_given_up(brood: readers.Brood, monkeypatch: pytest.MonkeyPatch) -> None:
    cells("之前")
    os.kill(pid(brood), signal.SIGSTOP)
    monkeypatch.setattr(readers, "SECONDS", 0.3)
    with pytest.raises(Refused) as refusal:
        cells("不答")
    assert refusal.value.reason == DAMAGED_FILE
    monkeypatch.setattr(readers, "SECONDS", 60)
    assert cells("之后") == [["之后"]]


def test_while_one_workbook_is_being_read_another_has_a_reader_of_its_own(brood: readers.Brood) -> None:
    with brood.lock:
        assert cells("同时") == [["同时"]]
    assert brood.process is None
