"""Decisions are appended, never changed; the latest holds; they outlive a re-run."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from auditlib.base.errors import AuditError
from auditlib.base.locking import alone
from auditlib.decisions.dispositions import (
    COLUMNS,
    FILE,
    WITHDRAWN,
    append_decisions,
    conflicts,
    history,
    holding,
    latest,
    order_warnings,
    read_dispositions,
    standing,
    with_dispositions,
    write_dispositions,
)


def decision(finding: str, status: str, at: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"finding_id": finding, "status": status, "decided_at": at}


def ledger(folder: Path, *decisions: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_dispositions(pd.DataFrame(decisions, columns=list(COLUMNS)), folder)
    return folder


FINDINGS = pd.DataFrame({"finding_id": ["a", "b"], "disposition": [None, None]})


def test_the_latest_decision_holds(tmp_path: Path) -> None:
    early, late = decision("a", "confirmed", "2021-01-05"), decision("a", "cleared", "2021-02-01")
    folder = ledger(tmp_path, early, late)
    with_decisions = with_dispositions(FINDINGS, read_dispositions([folder]))
    assert with_decisions["disposition"].tolist() == ["cleared", None]


def test_what_stands_in_the_ledger_is_never_changed(tmp_path: Path) -> None:
    folder = ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (folder / "dispositions.csv").read_bytes()
    ledger(tmp_path, decision("a", "cleared", "2021-01-06"))
    after = (folder / "dispositions.csv").read_bytes()
    assert after.startswith(before)
    assert len(after) > len(before)


def test_writing_the_same_decision_twice_adds_nothing(tmp_path: Path) -> None:
    folder = ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (folder / "dispositions.csv").read_bytes()
    write_dispositions(read_dispositions([folder, folder]), folder)
    assert (folder / "dispositions.csv").read_bytes() == before


def test_decisions_of_an_earlier_run_carry_over(tmp_path: Path) -> None:
    earlier = ledger(tmp_path / "earlier", decision("b", "closed", "2021-01-05"))
    now = ledger(tmp_path / "now")
    write_dispositions(read_dispositions([earlier, now]), now)
    assert with_dispositions(FINDINGS, read_dispositions([now]))["disposition"].tolist() == [None, "closed"]


@pytest.mark.parametrize(
    ("content", "message_part"),
    [
        ("finding_id,status\na,confirmed\n", "decided_at"),
        (",".join(COLUMNS) + "\n2021-01-05,x,a,maybe,,,,\n", "confirmed"),
    ],
)
def test_a_ledger_that_is_none_is_refused_with_file_and_line(
    tmp_path: Path, content: str, message_part: str
) -> None:
    (tmp_path / "dispositions.csv").write_text(content, encoding="utf-8")
    with pytest.raises(AuditError) as refusal:
        read_dispositions([tmp_path])
    assert "dispositions.csv" in refusal.value.into("en")
    assert message_part in refusal.value.into("en")


# Several at once


WRITER = """
import sys
from pathlib import Path
import pandas as pd
from auditlib.decisions.dispositions import COLUMNS, append_decisions
folder, who = Path(sys.argv[1]), sys.argv[2]
for number in range(40):
    row = dict.fromkeys(COLUMNS, "") | {
        "decided_at": "2021-03-01T10:00:00", "decided_by": who, "finding_id": f"{who}-{number}", "status": "confirmed",
        "note": "备注" * 200,
    }
    append_decisions(folder, pd.DataFrame([row]), {})
"""


def test_nothing_is_lost_when_several_decide_at_once(tmp_path: Path) -> None:
    people = ["张", "李", "王", "赵"]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), who]) for who in people]
    assert [writer.wait() for writer in writers] == [0] * len(people)
    decisions = read_dispositions([tmp_path])
    assert sorted(decisions["finding_id"]) == sorted(
        f"{who}-{number}" for who in people for number in range(40)
    )


def test_who_waits_for_a_ledger_in_vain_is_told_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (tmp_path / FILE).read_bytes()
    monkeypatch.setattr("auditlib.base.ledger.alone", partial(alone, patience=0))
    with (tmp_path / FILE).open("ab", buffering=0) as other, alone(other):
        with pytest.raises(AuditError) as refusal:
            ledger(tmp_path, decision("b", "confirmed", "2021-01-06"))
        with pytest.raises(AuditError):
            read_dispositions([tmp_path])
    assert "Excel" in refusal.value.into("zh")
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="another way of locking")
def test_a_drive_without_locks_is_refused_in_words_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (tmp_path / FILE).read_bytes()

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(AuditError, match="output_dir"):
        ledger(tmp_path, decision("b", "confirmed", "2021-01-06"))
    with pytest.raises(AuditError, match="output_dir"):
        read_dispositions([tmp_path])
    assert (tmp_path / FILE).read_bytes() == before


def test_readers_do_not_keep_each_other_away(tmp_path: Path) -> None:
    ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    with (tmp_path / FILE).open("rb", buffering=0) as other, alone(other, shared=True):
        assert len(read_dispositions([tmp_path])) == 1


def test_a_disk_that_fills_up_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (tmp_path / FILE).read_bytes()

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        ledger(tmp_path, decision("b", "confirmed", "2021-01-06"))
    assert (tmp_path / FILE).read_bytes() == before


def by(who: str, status: str, at: str, finding: str = "a", **more: str) -> pd.DataFrame:
    return pd.DataFrame([decision(finding, status, at) | {"decided_by": who, **more}])


def test_two_who_contradict_each_other_unseen_are_both_kept_and_shown(tmp_path: Path) -> None:
    before = holding(read_dispositions([tmp_path]))
    assert append_decisions(tmp_path, by("张", "confirmed", "2021-03-01T10:00:00"), before).conflicts.empty
    second = append_decisions(tmp_path, by("李", "cleared", "2021-03-01T10:00:01", cause="县外"), before)
    (conflict,) = second.conflicts.to_dict("records")
    assert (conflict["decided_by"], conflict["status"]) == ("李", "cleared")
    assert (conflict["decided_by_unseen"], conflict["status_unseen"]) == ("张", "confirmed")
    decisions = read_dispositions([tmp_path])
    assert list(decisions["status"]) == ["confirmed", "cleared"]
    assert list(conflicts(decisions)["finding_id"]) == ["a"]


def test_a_conflict_is_over_once_somebody_who_knows_both_has_decided(tmp_path: Path) -> None:
    append_decisions(tmp_path, by("张", "confirmed", "2021-03-01T10:00:00"), {})
    append_decisions(tmp_path, by("李", "cleared", "2021-03-01T10:00:01"), {})
    holding_decisions = holding(read_dispositions([tmp_path]))
    assert append_decisions(
        tmp_path, by("王", "confirmed", "2021-03-02T08:00:00"), holding_decisions
    ).conflicts.empty
    assert conflicts(read_dispositions([tmp_path])).empty
    assert history(read_dispositions([tmp_path]), "a")["decided_by"].tolist() == ["张", "李", "王"]


def test_two_who_agree_contradict_nobody(tmp_path: Path) -> None:
    append_decisions(tmp_path, by("张", "confirmed", "2021-03-01T10:00:00"), {})
    assert append_decisions(tmp_path, by("李", "confirmed", "2021-03-01T10:00:01"), {}).conflicts.empty


def test_who_has_seen_the_earlier_decision_contradicts_nobody(tmp_path: Path) -> None:
    append_decisions(tmp_path, by("张", "confirmed", "2021-03-01T10:00:00"), {})
    holding_decisions = holding(read_dispositions([tmp_path]))
    assert append_decisions(
        tmp_path, by("李", "cleared", "2021-03-01T10:00:01"), holding_decisions
    ).conflicts.empty
    assert latest(read_dispositions([tmp_path]))["status"].tolist() == ["cleared"]


# What a spreadsheet or a broken write makes of a ledger


HEADER = ",".join(COLUMNS)
GOOD = "2021-01-05T10:00:00,张审计,a,confirmed,情况属实,,凭证 7,"


def store(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / FILE).write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("ends", ["\r\n", "\n", ""])
def test_a_ledger_saved_by_excel_is_read_and_goes_on_in_its_own_encoding(
    tmp_path: Path, encoding: str, ends: str
) -> None:
    before = store(tmp_path, f"{HEADER}\r\n{GOOD}{ends}", encoding).joinpath(FILE).read_bytes()
    append_decisions(tmp_path, by("李", "cleared", "2021-03-01", cause="查无此人，已核"), {})
    assert (tmp_path / FILE).read_bytes().startswith(before)
    decisions = read_dispositions([tmp_path])
    assert decisions["cause"].tolist() == ["情况属实", "查无此人，已核"]
    assert decisions["decided_by"].tolist() == ["张审计", "李"]


def test_more_than_one_byte_order_mark_and_a_second_header_are_passed_over(tmp_path: Path) -> None:
    store(tmp_path, f"\ufeff\ufeff{HEADER}\r\n{GOOD}\r\n\ufeff{HEADER}\r\n{GOOD.replace(',a,', ',b,')}\r\n")
    assert read_dispositions([tmp_path])["finding_id"].tolist() == ["a", "b"]


def test_days_as_a_spreadsheet_writes_them_are_turned_back(tmp_path: Path) -> None:
    store(tmp_path, f"{HEADER}\n2021/1/5,x,a,confirmed,,,,\n2021/1/5 9:05,x,b,confirmed,,,,\n")
    assert read_dispositions([tmp_path])["decided_at"].tolist() == ["2021-01-05", "2021-01-05T09:05:00"]


def test_empty_columns_to_the_right_and_blank_lines_are_no_harm(tmp_path: Path) -> None:
    store(tmp_path, f"{HEADER},,\n{GOOD},,\n,,,,,,,,,\n\n")
    assert len(read_dispositions([tmp_path])) == 1


@pytest.mark.parametrize(
    ("content", "line", "message_part"),
    [
        (f"{HEADER}\n{GOOD}\n2021-01-06,x,b,conf".encode(), 3, "cut off"),
        (f"{HEADER}\n{GOOD}\n2021-01-06,x,b,confirmed,,,,备".encode()[:-1], 3, "cut off"),
        (f"{HEADER}\n2021-01-06,x,b,confirmed,,,,a,b\n{GOOD}\n".encode(), 2, "too much"),
        (f'{HEADER}\n{GOOD}\n2021-01-06,x,b,confirmed,"a,,,\n'.encode(), 3, "quotes"),
        (f"{HEADER}\n{GOOD}\n5.1.2021,x,b,confirmed,,,,\n".encode(), 3, "time"),
        (f"{HEADER}\n{GOOD}\n2021-01-06,x,1.23457E+19,confirmed,,,,\n".encode(), 3, "finding_id"),
        (f"{HEADER}\n{GOOD}\n2021-01-06,x,,confirmed,,,,\n".encode(), 3, "finding_id"),
        (f"{HEADER}\n{GOOD}\n2021-01-06,x,b,属实,,,,\n".encode(), 3, "status"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16"), None, "encoding"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_nothing_is_changed(
    tmp_path: Path, content: bytes, line: int | None, message_part: str
) -> None:
    (tmp_path / FILE).write_bytes(content)
    for act in (
        lambda: read_dispositions([tmp_path]),
        lambda: append_decisions(tmp_path, by("李", "cleared", "2021-03-01"), {}),
    ):
        with pytest.raises(AuditError) as refusal:
            act()
        assert message_part in refusal.value.into("en")
        assert line is None or f"line {line}" in refusal.value.into("en")
    assert (tmp_path / FILE).read_bytes() == content


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    store(tmp_path, f"{HEADER}\nmonday,x,a,confirmed,,,,\n2021-01-06,x,b,maybe,,,,\n")
    with pytest.raises(AuditError) as refusal:
        read_dispositions([tmp_path])
    assert len(refusal.value.problems) == 2


def test_no_cell_runs_as_a_formula_and_each_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    append_decisions(tmp_path, by("李", "cleared", "2021-03-01", cause="=HYPERLINK(1)", note="两\n行"), {})
    assert ",'=HYPERLINK(1)," in (tmp_path / FILE).read_text("utf-8-sig")
    (row,) = read_dispositions([tmp_path]).to_dict("records")
    assert (row["cause"], row["note"]) == ("=HYPERLINK(1)", "两 行")
    write_dispositions(read_dispositions([tmp_path]), tmp_path)
    assert len(read_dispositions([tmp_path])) == 1


def holds(folders: list[Path], finding: str = "a") -> str | None:
    decisions = read_dispositions(folders)
    with_decisions = with_dispositions(pd.DataFrame({"finding_id": [finding]}), decisions)
    return with_decisions["disposition"].iloc[0]


def enter(folder: Path, status: str, at: str, who: str = "张审计") -> None:
    row = dict.fromkeys(COLUMNS, "") | {
        "finding_id": "a",
        "status": status,
        "decided_at": at,
        "decided_by": who,
    }
    append_decisions(folder, pd.DataFrame([row]))


def test_the_order_of_the_ledger_decides_and_not_the_clock(tmp_path: Path) -> None:
    enter(tmp_path, "confirmed", "2099-01-01T00:00:00", "李复核")
    enter(tmp_path, "cleared", "2021-03-01T09:00:00")
    assert holds([tmp_path]) == "cleared"
    enter(tmp_path, "closed", "2021-02-01")
    assert holds([tmp_path]) == "closed"
    first, second = order_warnings(read_dispositions([tmp_path]))
    assert "2099-01-01" in first.zh and "2021-03-01" in first.zh
    assert "2021-02-01" in second.en


def test_times_in_their_order_are_not_spoken_of(tmp_path: Path) -> None:
    enter(tmp_path, "confirmed", "2021-03-01T09:00:00")
    enter(tmp_path, "cleared", "2021-03-01")
    assert order_warnings(read_dispositions([tmp_path])) == []


def test_what_is_carried_on_from_an_earlier_run_does_not_outlive_what_was_decided_since(
    tmp_path: Path,
) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    before.mkdir()
    now.mkdir()
    enter(before, "confirmed", "2099-01-01T00:00:00")
    enter(now, "cleared", "2021-03-01T09:00:00")
    write_dispositions(read_dispositions([before, now]), now)
    assert holds([now]) == holds([before, now]) == "cleared"


def test_a_later_decision_of_the_earlier_run_is_carried_on_where_nobody_decided_here(tmp_path: Path) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    before.mkdir()
    now.mkdir()
    enter(before, "confirmed", "2021-01-01")
    write_dispositions(read_dispositions([before, now]), now)
    enter(before, "cleared", "2021-01-02")
    assert holds([before, now]) == "cleared"
    write_dispositions(read_dispositions([before, now]), now)
    assert holds([now]) == "cleared"


def test_what_is_withdrawn_is_pending_again_and_stays_in_the_ledger(tmp_path: Path) -> None:
    enter(tmp_path, "confirmed", "2021-01-01")
    enter(tmp_path, WITHDRAWN, "2021-01-02")
    assert holds([tmp_path]) is None
    assert standing(read_dispositions([tmp_path])).empty
    assert list(read_dispositions([tmp_path])["status"]) == ["confirmed", WITHDRAWN]
    enter(tmp_path, "confirmed", "2021-01-01")
    assert holds([tmp_path]) == "confirmed"
