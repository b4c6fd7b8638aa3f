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
    finding_grid, decision_form = grid(session), form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert "已记录" in press(decision_form, "cleared", own="已在县外资助")
    (row,) = read_dispositions([folder]).to_dict("records")
    assert (row["decided_by"], row["status"], row["cause"]) == ("张审计", "cleared", "已在县外资助")
    assert dt.datetime.fromisoformat(row["decided_at"])
    assert session.stored
    assert (
        next(r for r in finding_grid.rows if r["id"] == session.stored.number(session.finding_id))[
            "disposition"
        ]
        == "cleared"
    )
    assert "已在县外资助" in decision_form.history.value


def test_a_later_decision_holds_and_the_earlier_one_stays(session: Session, folder: Path) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(decision_form, "confirmed")
    assert "已记录" in press(decision_form, "closed", evidence="复核单 3 号")
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
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert message_part in press(decision_form, status, **fields)
    assert read_dispositions([folder]).empty


def test_rectified_holds_amount_date_and_evidence(session: Session, folder: Path) -> None:
    one_decision = decision(session, "rectified", amount="1,250", on=dt.date(2021, 3, 1), evidence="凭证 7")
    enter(session, [str(some_pupil(session)["finding_id"])], one_decision, NOON)
    (row,) = read_dispositions([folder]).to_dict("records")
    assert (row["amount"], row["evidence"]) == ("1250.00", "2021-03-01 凭证 7")


def test_nobody_decides_without_a_name(session: Session, folder: Path) -> None:
    session.who = ""
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert "经办人" in press(decision_form, "confirmed")
    assert read_dispositions([folder]).empty


def test_a_decision_on_many_is_asked_for_twice(session: Session, folder: Path) -> None:
    decision_form = form(session)
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    assert decision_form.scope.value is None
    decision_form.scope.value = "all"
    assert "7" in press(decision_form, "confirmed")
    assert read_dispositions([folder]).empty
    decision_form.pressed(None)
    assert len(read_dispositions([folder])) == 7


def test_the_ticked_ones_alone_are_decided(session: Session, folder: Path) -> None:
    finding_grid, decision_form = grid(session), form(session)
    ticked_rows = [row["id"] for row in finding_grid.rows[:3]]
    finding_grid.ticked = ticked_rows
    assert decision_form.scope.value == "ticked"
    press(decision_form, "confirmed")
    decision_form.pressed(None)
    assert session.stored
    assert sorted(read_dispositions([folder])["finding_id"]) == sorted(map(session.stored.id_of, ticked_rows))
    assert session.ticked == ()


def test_who_was_slower_is_told_and_nothing_is_lost(session: Session, folder: Path) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    other = Session(who="李复核")
    other.open(folder)
    enter(other, [session.finding_id], decision(other, "confirmed"), NOON)
    assert "刚刚有人处理过" in press(decision_form, "closed")
    assert "李复核" in decision_form.history.value
    assert list(read_dispositions([folder])["decided_by"]) == ["李复核"]
    decision_form.pressed(None)
    assert sorted(read_dispositions([folder])["decided_by"]) == ["张审计", "李复核"]


def test_two_who_contradict_each_other_at_the_same_moment_are_both_kept_and_told(
    session: Session, folder: Path
) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    other = Session(who="李复核")
    other.open(folder)
    enter(other, [session.finding_id], decision(other, "cleared", cause="县外就读"), NOON)
    enter(session, [session.finding_id], decision(session, "confirmed"), NOON)  # nobody has looked in between
    assert "张审计 记录时还没有看到 李复核 的处理" in decision_form.history.value
    assert list(read_dispositions([folder])["decided_by"]) == ["李复核", "张审计"]
    enter(session, [session.finding_id], decision(session, "confirmed"), NOON)
    assert "还没有看到" not in decision_form.history.value


def test_nothing_is_decided_on_that_is_no_longer_listed(session: Session, folder: Path) -> None:
    _finding_grid, decision_form = grid(session), form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    decision_form.status.value = "confirmed"
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    assert session.finding_id == ""
    assert (decision_form.scope.value, decision_form.status.value) == (None, None)
    press(decision_form, "confirmed")
    assert read_dispositions([folder]).empty


def test_a_decision_is_taken_back_and_no_pupil_leaves_school(session: Session) -> None:
    labels = {code: label for label, code in form(session).status.options}
    assert labels["withdrawn"] == "撤回（恢复待核实）" and labels["confirmed"] == "属实"


def test_ticks_that_are_filtered_away_are_gone(session: Session) -> None:
    finding_grid = grid(session)
    assert session.stored
    two_keys = [
        session.stored.ids(ListFilter().choosing("rule", (rule,)))[0]
        for rule in ("mismatch.school", "missed.unpaid")
    ]
    finding_grid.ticked = list(map(session.stored.number, two_keys))
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    assert session.ticked == (two_keys[0],)
    assert finding_grid.ticked == [session.stored.number(two_keys[0])]


def test_what_is_pressed_in_the_list_of_before_is_neither_chosen_nor_ticked(session: Session) -> None:
    finding_grid = grid(session)
    assert session.stored
    hidden_number = session.stored.number(
        session.stored.ids(ListFilter().choosing("rule", ("missed.unpaid",)))[0]
    )
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    finding_grid.current, finding_grid.ticked = (
        hidden_number,
        [hidden_number],
    )  # the page had not drawn the new list yet
    assert (session.finding_id, session.ticked) == ("", ())
    assert (finding_grid.current, finding_grid.ticked) == ("", [])


def test_head_and_causes_are_those_of_what_is_decided(session: Session) -> None:
    _finding_grid, decision_form = grid(session), form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    own = set(decision_form.cause.options)
    session.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    decision_form.scope.value = "all"
    assert "7 条疑点一并处理" in decision_form.card.value
    assert "与学籍不符" in decision_form.card.value or "学校" in decision_form.card.value
    assert "应助未助" not in decision_form.card.value
    assert set(decision_form.cause.options) != own
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert decision_form.scope.value == "one"
    assert set(decision_form.cause.options) == own


def test_a_decision_is_undone_and_what_held_before_holds_again(session: Session, folder: Path) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(decision_form, "confirmed", evidence="第 1 号")
    press(decision_form, "closed")
    decision_form.back.click()
    assert "已撤销" in decision_form.said.value
    last_decision = latest(read_dispositions([folder])).iloc[0]
    assert (last_decision["status"], last_decision["evidence"]) == ("confirmed", "第 1 号")
    assert decision_form.back.layout.display == "none"
    assert len(read_dispositions([folder])) == 3


def test_a_first_decision_undone_or_withdrawn_leaves_the_finding_pending(
    session: Session, folder: Path
) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    assert session.stored
    for take_back in (decision_form.back.click, lambda: press(decision_form, "withdrawn")):
        press(decision_form, "confirmed")
        take_back()
        one_finding = session.stored.finding(session.finding_id)
        assert one_finding
        assert one_finding["disposition"] == "open"
    assert (folder / "dispositions.csv").read_text("utf-8-sig").count("withdrawn") == 2


def test_what_somebody_else_decided_since_is_not_undone(session: Session, folder: Path) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(decision_form, "confirmed")
    other = Session(who="李复核")
    other.open(folder)
    enter(other, [session.finding_id], decision(other, "cleared", cause="县外就读"), NOON)
    decision_form.back.click()
    assert latest(read_dispositions([folder]))["status"].tolist() == ["cleared"]
