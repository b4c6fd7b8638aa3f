"""Decisions at the workbench, without a browser: entered, refused, asked for twice, undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sitting import NOON, form, grid, press, some_pupil

from auditlib.decisions.dispositions import latest, read_dispositions
from auditlib.workbench.deciding import decide as enter
from auditlib.workbench.deciding import decision
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.session import Session


def test_a_decision_is_signed_dated_and_seen_at_once(session: Session, folder: Path) -> None:
    listed, filled = grid(session), form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert "已记录" in press(filled, "cleared", own="已在县外资助")
    (row,) = read_dispositions([folder]).to_dict("records")
    assert (row["decided_by"], row["status"], row["cause"]) == ("张审计", "cleared", "已在县外资助")
    assert dt.datetime.fromisoformat(row["decided_at"])
    assert session.stored
    assert (
        next(r for r in listed.rows if r["id"] == session.stored.number(session.finding_id))["disposition"]
        == "cleared"
    )
    assert "已在县外资助" in filled.history.value


def test_a_later_decision_holds_and_the_earlier_one_stays(session: Session, folder: Path) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(filled, "confirmed")
    assert "已记录" in press(filled, "closed", evidence="复核单 3 号")
    assert list(read_dispositions([folder])["status"]) == ["confirmed", "closed"]
    assert session.stored
    one_finding = session.stored.finding(session.finding_id)
    assert one_finding
    assert one_finding["disposition"] == "closed"


@pytest.mark.parametrize(
    ("status", "fields", "message_part"),
    [
        ("cleared", {}, "须写明原因"),
        ("rectified", {"amount": "100"}, "已整改须写明整改日期"),
        ("rectified", {"amount": "100"}, "已整改须写明凭据"),
        ("rectified", {"on": dt.date(2099, 1, 1), "evidence": "凭证 1"}, "整改日期晚于填写之日"),
        ("rectified", {"amount": "-1", "evidence": "凭证 1"}, "金额无法识别"),
        ("rectified", {"amount": "NaN", "evidence": "凭证 1"}, "金额无法识别"),
        ("rectified", {"amount": "1e400", "evidence": "凭证 1"}, "金额无法识别"),
        ("rectified", {"amount": "0.001", "evidence": "凭证 1"}, "金额无法识别"),
    ],
)
def test_a_form_that_lacks_something_says_what_and_writes_nothing(
    session: Session, folder: Path, status: str, fields: dict[str, Any], message_part: str
) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert message_part in press(filled, status, **fields)
    assert read_dispositions([folder]).empty


def test_rectified_holds_amount_date_and_evidence(session: Session, folder: Path) -> None:
    one_decision = decision(session, "rectified", amount="1,250", on=dt.date(2021, 3, 1), evidence="凭证 7")
    enter(session, [str(some_pupil(session)["finding_id"])], one_decision, NOON)
    (row,) = read_dispositions([folder]).to_dict("records")
    assert (row["amount"], row["evidence"]) == ("1250.00", "2021-03-01 凭证 7")


def test_nobody_decides_without_a_name(session: Session, folder: Path) -> None:
    session.who = ""
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert "经办人" in press(filled, "confirmed")
    assert read_dispositions([folder]).empty


def test_a_decision_on_many_is_asked_for_twice(session: Session, folder: Path) -> None:
    filled = form(session)
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    assert filled.scope.value is None
    filled.scope.value = "all"
    assert "7" in press(filled, "confirmed")
    assert read_dispositions([folder]).empty
    filled.pressed(None)
    assert len(read_dispositions([folder])) == 7


def test_the_ticked_ones_alone_are_decided(session: Session, folder: Path) -> None:
    listed, filled = grid(session), form(session)
    ticked = [row["id"] for row in listed.rows[:3]]
    listed.ticked = ticked
    assert filled.scope.value == "ticked"
    press(filled, "confirmed")
    filled.pressed(None)
    assert session.stored
    assert sorted(read_dispositions([folder])["finding_id"]) == sorted(map(session.stored.id_of, ticked))
    assert session.ticked == ()


def test_who_was_slower_is_told_and_nothing_is_lost(session: Session, folder: Path) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    other = Session(who="李复核")
    other.open(folder)
    enter(other, [session.finding_id], decision(other, "confirmed"), NOON)
    assert "刚刚有人处理过" in press(filled, "closed")
    assert "李复核" in filled.history.value
    assert list(read_dispositions([folder])["decided_by"]) == ["李复核"]
    filled.pressed(None)
    assert sorted(read_dispositions([folder])["decided_by"]) == ["张审计", "李复核"]


def test_two_who_contradict_each_other_at_the_same_moment_are_both_kept_and_told(
    session: Session, folder: Path
) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    other = Session(who="李复核")
    other.open(folder)
    enter(other, [session.finding_id], decision(other, "cleared", cause="县外就读"), NOON)
    enter(session, [session.finding_id], decision(session, "confirmed"), NOON)  # nobody has looked in between
    assert "张审计 记录时还没有看到 李复核 的处理" in filled.history.value
    assert list(read_dispositions([folder])["decided_by"]) == ["李复核", "张审计"]
    enter(session, [session.finding_id], decision(session, "confirmed"), NOON)
    assert "还没有看到" not in filled.history.value


def test_nothing_is_decided_on_that_is_no_longer_listed(session: Session, folder: Path) -> None:
    _listed, filled = grid(session), form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    filled.status.value = "confirmed"
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    assert session.finding_id == ""
    assert (filled.scope.value, filled.status.value) == (None, None)
    press(filled, "confirmed")
    assert read_dispositions([folder]).empty


def test_a_decision_is_taken_back_and_no_pupil_leaves_school(session: Session) -> None:
    labels = {code: label for label, code in form(session).status.options}
    assert labels["withdrawn"] == "撤回（恢复待核实）" and labels["confirmed"] == "属实"


def test_ticks_that_are_filtered_away_are_gone(session: Session) -> None:
    listed = grid(session)
    assert session.stored
    two_keys = [
        session.stored.ids(ListFilter().choosing("rule", (rule,)))[0]
        for rule in ("mismatch.school", "missed.unpaid")
    ]
    listed.ticked = list(map(session.stored.number, two_keys))
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    assert session.ticked == (two_keys[0],)
    assert listed.ticked == [session.stored.number(two_keys[0])]


def test_what_is_pressed_in_the_list_of_before_is_neither_chosen_nor_ticked(session: Session) -> None:
    listed = grid(session)
    assert session.stored
    hidden_number = session.stored.number(
        session.stored.ids(ListFilter().choosing("rule", ("missed.unpaid",)))[0]
    )
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    listed.current, listed.ticked = hidden_number, [hidden_number]  # the page had not drawn the new list yet
    assert (session.finding_id, session.ticked) == ("", ())
    assert (listed.current, listed.ticked) == ("", [])


def test_head_and_causes_are_those_of_what_is_decided(session: Session) -> None:
    _listed, filled = grid(session), form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    own = set(filled.cause.options)
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    filled.scope.value = "all"
    assert "7 条疑点一并处理" in filled.card.value
    assert "与学籍不符" in filled.card.value or "学校" in filled.card.value
    assert "应助未助" not in filled.card.value
    assert set(filled.cause.options) != own
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert filled.scope.value == "one"
    assert set(filled.cause.options) == own


def test_a_decision_is_undone_and_what_held_before_holds_again(session: Session, folder: Path) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(filled, "confirmed", evidence="第 1 号")
    press(filled, "closed")
    filled.back.click()
    assert "已撤销" in filled.said.value
    last_decision = latest(read_dispositions([folder])).iloc[0]
    assert (last_decision["status"], last_decision["evidence"]) == ("confirmed", "第 1 号")
    assert filled.back.layout.display == "none"
    assert len(read_dispositions([folder])) == 3


def test_a_first_decision_undone_or_withdrawn_leaves_the_finding_pending(
    session: Session, folder: Path
) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert session.stored
    for take_back in (filled.back.click, lambda: press(filled, "withdrawn")):
        press(filled, "confirmed")
        take_back()
        one_finding = session.stored.finding(session.finding_id)
        assert one_finding
        assert one_finding["disposition"] == "open"
    assert (folder / "dispositions.csv").read_text("utf-8-sig").count("withdrawn") == 2


def test_what_somebody_else_decided_since_is_not_undone(session: Session, folder: Path) -> None:
    filled = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(filled, "confirmed")
    other = Session(who="李复核")
    other.open(folder)
    enter(other, [session.finding_id], decision(other, "cleared", cause="县外就读"), NOON)
    filled.back.click()
    assert latest(read_dispositions([folder]))["status"].tolist() == ["cleared"]
