"""Review: one pair at a time, keys and undo, saved at once, and what was judged holds in the next run."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from ibis import _
from many_findings import namesakes
from tiny_county import deliver, pupil, written

from auditlib.forms.review_reading import read_judgements
from auditlib.law.parameters import SelfCheck
from auditlib.linkage.judgements import LEDGER, record
from auditlib.runs.pair_review import differences, pairs_to_judge
from auditlib.runs.run_tables import open_run
from auditlib.workbench import judge
from auditlib.workbench.session import Session


@pytest.fixture(scope="module")
def parameters(tmp_path_factory: pytest.TempPathFactory) -> SelfCheck:
    return deliver(tmp_path_factory.mktemp("county") / "files", namesakes())


@pytest.fixture(scope="module")
def finished_run(parameters: SelfCheck) -> Path:
    return written(parameters)


@pytest.fixture
def folder(finished_run: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished_run, tmp_path / "run")
    return tmp_path / "run"


def sitting(folder: Path, who: str = "李审") -> judge.Judging:
    session = Session(language="en")
    session.open(folder)
    session.who = who
    session.panel = judge.KEY
    return judge.Judging(session)


def press(judging: judge.Judging, code: str) -> None:
    judging.told(None, {"kind": "press", "code": code}, [])


def action(judging: judge.Judging, code: str) -> dict[str, Any]:
    return next(each for each in judging.card.actions if each["code"] == code)


def test_the_row_and_both_pupils_it_may_be(folder: Path) -> None:
    pairs = pairs_to_judge(open_run(folder))
    assert [(pair.table, pair.source, pair.linked) for pair in pairs] == [
        ("payments", "payments.csv!2", False)
    ] * 2
    assert {pair.register_source for pair in pairs} == {"enrolment.csv!2", "enrolment.csv!3"}
    first, second = (pair.score or 0 for pair in pairs)
    assert first == second
    assert 0.5 < first + second < 1


def test_names_and_numbers_are_masked_until_the_session_shows_them(folder: Path) -> None:
    judging = sitting(folder)
    number = pupil(1)["id_number"]
    assert pupil(1)["name"] not in judging.card.card
    assert number not in judging.card.card
    judging.session.unmasked = True
    assert pupil(1)["name"] in judging.card.card
    assert number in judging.card.card


def test_a_judgement_is_saved_at_once_and_the_next_pair_comes(folder: Path) -> None:
    judging = sitting(folder)
    assert judging.card.progress == "Pair 1 of 2; 0 judged"
    first = judging.pairs[0].pair
    press(judging, "same")
    assert [
        (judgement.pair, judgement.decision, judgement.judged_by) for judgement in read_judgements([folder])
    ] == [(first, "same", "李审")]
    assert judging.card.progress == "Pair 2 of 2; 1 judged"
    press(judging, "back")
    assert action(judging, "same")["chosen"]
    assert action(judging, "back")["disabled"]


def test_undo_gives_back_what_held_before(folder: Path) -> None:
    judging = sitting(folder)
    press(judging, "same")
    press(judging, "back")
    press(judging, "different")
    press(judging, "undo")
    assert [judgement.decision for judgement in read_judgements([folder])] == ["same"]
    press(judging, "undo")
    assert read_judgements([folder]) == []
    assert action(judging, "undo")["disabled"]
    assert (folder / LEDGER.file).read_text("utf-8-sig").count(
        "\n"
    ) == 5  # head, two judgements, two withdrawn


def test_who_opens_it_again_finds_the_judgements_and_the_first_pair_without(folder: Path) -> None:
    press(sitting(folder), "different")
    again = sitting(folder, "张核")
    assert again.card.progress == "Pair 2 of 2; 1 judged"


def test_nobody_judges_without_a_name(folder: Path) -> None:
    judging = sitting(folder, " ")
    press(judging, "same")
    assert "nobody is named" in judging.card.trouble
    assert not (folder / LEDGER.file).exists()


def test_two_at_once_are_told_of_each_other_and_nothing_is_lost(folder: Path) -> None:
    mine, theirs = sitting(folder), sitting(folder, "张核")
    press(theirs, "different")
    press(mine, "same")
    assert "张核" in mine.card.trouble
    assert [judgement.decision for judgement in read_judgements([folder])] == ["different"]
    record(folder, "other", "same", "张核", dt.datetime(2020, 12, 1))
    press(mine, "same")
    assert {judgement.decision for judgement in read_judgements([folder]) if judgement.pair != "other"} == {
        "same"
    }
    assert (folder / LEDGER.file).read_text("utf-8-sig").count("different") == 1


def test_a_ledger_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(judge, "record", refuse)
    judging = sitting(folder)
    press(judging, "same")
    assert "was not saved" in judging.card.trouble
    assert judging.card.progress == "Pair 1 of 2; 0 judged"


def test_a_run_without_tables_is_said(folder: Path) -> None:
    shutil.rmtree(folder / "tables")
    assert "older version" in sitting(folder).card.trouble


def test_what_was_judged_holds_in_the_next_run_and_stays_in_the_ledger(folder: Path, tmp_path: Path) -> None:
    judging = sitting(folder)
    pair_chosen = next(pair for pair in judging.pairs if pair.register_source == "enrolment.csv!3")
    record(folder, pair_chosen.pair, "same", "李审", dt.datetime(2020, 12, 1, 9))
    ledger = (folder / LEDGER.file).read_bytes()
    again = written(deliver(tmp_path / "files", namesakes(), output=folder))
    run = open_run(again)
    frame = run.fetch(
        run.table("payments").filter(_.source == "payments.csv!2").select("person_id", "decided_by")
    )
    assert frame.to_dict("records") == [{"person_id": pupil(2)["id_number"], "decided_by": "review"}]
    assert (again / LEDGER.file).read_bytes() == ledger


@pytest.mark.parametrize(
    ("left_name", "right", "is_marked"),
    [
        ("990122", "990132", (((4, 5),), ((4, 5),))),
        ("王小明", "王明", (((1, 2),), ((1, 1),))),
        ("same", "same", ((), ())),
    ],
)
def test_what_differs_is_marked_in_both(left_name: str, right: str, is_marked: object) -> None:
    assert differences(left_name, right) == is_marked


def test_a_cell_cannot_become_markup() -> None:
    assert str(judge._mark("<b>王</b>", ((0, 3),))) == "<mark>&lt;b&gt;</mark>王&lt;/b&gt;"
