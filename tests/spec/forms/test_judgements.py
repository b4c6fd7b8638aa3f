"""The ledger of judgements: saved at once, never overwritten, never lost, read back by the next run."""

from __future__ import annotations

import csv
import datetime as dt
import threading
from pathlib import Path

import pytest

from auditlib.base.errors import AuditError
from auditlib.forms.review_reading import read_judgements
from auditlib.linkage.judgements import LEDGER, WITHDRAWN, Judgement, record

MORNING, NOON, EVENING = (dt.datetime(2020, 12, 1, hour) for hour in (9, 12, 18))


def test_a_judgement_is_read_back(tmp_path: Path) -> None:
    record(tmp_path, "pair1", "same", " 李  审 ", MORNING)
    assert read_judgements([tmp_path]) == [Judgement("pair1", "same", "李 审", "2020-12-01T09:00:00")]


def test_the_latest_holds_and_the_earlier_stays_in_the_ledger(tmp_path: Path) -> None:
    record(tmp_path, "pair1", "same", "李审", MORNING)
    record(tmp_path, "pair1", "different", "张核", NOON)
    assert [decision.decision for decision in read_judgements([tmp_path])] == ["different"]
    assert (tmp_path / LEDGER.file).read_text("utf-8-sig").count("pair1") == 2


def test_a_judgement_withdrawn_is_none_and_can_be_made_again(tmp_path: Path) -> None:
    record(tmp_path, "pair1", "same", "李审", MORNING)
    record(tmp_path, "pair1", WITHDRAWN, "李审", NOON)
    assert read_judgements([tmp_path]) == []
    record(tmp_path, "pair1", "cannot_tell", "李审", EVENING)
    assert [decision.decision for decision in read_judgements([tmp_path])] == ["cannot_tell"]


def test_the_order_of_the_ledger_decides_and_not_the_clock(tmp_path: Path) -> None:
    record(tmp_path, "pair1", "same", "李审", dt.datetime(2099, 1, 1))
    record(tmp_path, "pair1", "different", "张核", NOON)
    assert [decision.decision for decision in read_judgements([tmp_path])] == ["different"]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","y")', "+1", "@cmd", "-2+3"])
def test_a_name_that_a_spreadsheet_would_run_stays_text_and_is_read_as_it_was(
    tmp_path: Path, name: str
) -> None:
    record(tmp_path, "pair1", "same", name, NOON)
    assert read_judgements([tmp_path])[0].judged_by == name
    rows = list(csv.reader((tmp_path / LEDGER.file).read_text("utf-8-sig").splitlines()))
    assert rows[1][1] == f"'{name}"


def test_an_earlier_runs_judgements_count_and_the_later_one_holds(tmp_path: Path) -> None:
    for name, decision, at in (("autumn", "different", NOON), ("spring", "same", MORNING)):
        (tmp_path / name).mkdir()
        record(tmp_path / name, "pair1", decision, "李审", at)
    judgements = read_judgements([tmp_path / "autumn", tmp_path / "spring"])
    assert [decision.decision for decision in judgements] == ["different"]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    def judge(who: int) -> None:
        for number in range(50):
            record(tmp_path, f"pair{who}-{number}", "same", f"审{who}", MORNING)

    inspectors = [threading.Thread(target=judge, args=(who,)) for who in range(4)]
    for inspector in inspectors:
        inspector.start()
    for inspector in inspectors:
        inspector.join()
    assert len(read_judgements([tmp_path])) == 200


def test_two_who_begin_the_ledger_at_once(tmp_path: Path) -> None:
    record(tmp_path, "pair1", "same", "李审", MORNING)
    head = (tmp_path / LEDGER.file).read_bytes()
    (tmp_path / LEDGER.file).write_bytes(head + head.replace(b"pair1", b"pair2"))
    assert [decision.pair for decision in read_judgements([tmp_path])] == ["pair1", "pair2"]


@pytest.mark.parametrize("line", ["2020-12-01,李审,pair2,perhaps", "2020-12-01,李审,pair2", "nonsense"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    record(tmp_path, "pair1", "same", "李审", MORNING)
    with (tmp_path / LEDGER.file).open("a", encoding="utf-8") as ledger:
        ledger.write(line + "\n")
    with pytest.raises(AuditError, match=f"{LEDGER.file} › 第 3"):
        read_judgements([tmp_path])


def test_a_name_with_a_comma_or_a_quotation_is_kept(tmp_path: Path) -> None:
    record(tmp_path, "pair1", "same", '李"审",一', MORNING)
    assert read_judgements([tmp_path])[0].judged_by == '李"审",一'


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_what_excel_makes_of_the_ledger_is_read_in_the_order_of_time(tmp_path: Path, encoding: str) -> None:
    saved_file, later = tmp_path / "saved", tmp_path / "later"
    for folder in (saved_file, later):
        folder.mkdir()
    lines = "judged_at,judged_by,pair,decision\n2020/3/1 9:05,李审,pair1,different\n"
    (saved_file / LEDGER.file).write_bytes(lines.encode(encoding))
    record(later, "pair1", "same", "张核", NOON)
    assert read_judgements([later, saved_file]) == [Judgement("pair1", "same", "张核", "2020-12-01T12:00:00")]
    record(saved_file, "pair2", "same", "张核", NOON)
    assert "张核" in (saved_file / LEDGER.file).read_bytes().decode(encoding)


@pytest.mark.parametrize(
    ("line", "judgements"),
    [("年初,李审,pair1,same", "时间无法识别"), ("2020-12-01,李审,1.23457E+19,same", "被改动")],
)
def test_what_a_spreadsheet_has_spoilt_is_refused_with_its_line(
    tmp_path: Path, line: str, judgements: str
) -> None:
    (tmp_path / LEDGER.file).write_bytes(f"judged_at,judged_by,pair,decision\n{line}\n".encode("gbk"))
    with pytest.raises(AuditError) as refusal:
        read_judgements([tmp_path])
    assert judgements in str(refusal.value) and "第 2 行" in str(refusal.value)
