"""What if: another threshold, date or standard moves findings and money; the run itself stays as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from tiny_county import changed, deliver, tables, written

from auditlib.base.errors import AuditError, UsageError
from auditlib.base.places import FOLDER_VARIABLE, MARKER
from auditlib.law.parameters import read_self_check
from auditlib.runs.run_tables import RunTables, open_run
from auditlib.runs.what_if import Compared, Standard, standards_of, what_if, with_parameters, with_standards
from auditlib.workbench.parts import Saver
from auditlib.workbench.session import Session
from auditlib.workbench.unmasking import unmask
from auditlib.workbench.what_if import KEY, Trial

BOARDER = Standard("boarder_allowance", "primary", "any", "amount")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pupils; the last is not paid; the first one's payment tells name and school alone: a pair to be judged."""

    def numberless(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [
            {**row, "name": row["name"][:-1] + "甲", "id_number": "", "account_no": ""} if at == 0 else row
            for at, row in enumerate(rows)
        ]

    return written(
        deliver(tmp_path_factory.mktemp("county") / "files", changed(tables(), "payments", numberless))
    )


@pytest.fixture
def run(folder: Path) -> RunTables:
    return open_run(folder)


def contents(folder: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def moves(run: RunTables, **changes: object) -> dict[str, tuple[int, int]]:
    rules = what_if(run, with_parameters(run, **changes)).rules
    return {row.rule: (row.findings, row.findings_if) for row in rules.itertuples() if row.new or row.gone}


def test_with_nothing_changed_nothing_moves(run: RunTables) -> None:
    comparison = what_if(run)
    assert (comparison.new, comparison.vanished) == (frozenset(), frozenset())
    assert list(comparison.rules["findings"]) == list(comparison.rules["findings_if"]) == [1, 1]
    assert comparison.total("at_stake") == comparison.total("at_stake_if") == 500


def test_an_earlier_last_day_makes_payments_late(run: RunTables) -> None:
    assert moves(run, pay_by="2020-11-19") == {"procedure.paid_late": (0, 11)}


def test_a_stricter_link_does_not_take_the_payment_for_the_pupils(run: RunTables) -> None:
    assert moves(run, link_accept=1.0, link_review=0.5) == {
        "missed.unpaid": (1, 2),
        "mismatch.not_enrolled": (0, 1),
        "mismatch.identity": (1, 0),
    }


def test_a_higher_standard_makes_what_was_paid_too_little(run: RunTables) -> None:
    assert standards_of(run.policy, run.parameters.term)[BOARDER] == 500
    law = with_standards(run.policy, run.parameters.term, {BOARDER: Decimal(625)})
    rules = what_if(run, policy=law).rules.set_index("rule")
    assert list(rules.loc["missed.underpaid", ["findings", "findings_if", "at_stake_if"]]) == [
        0,
        11,
        11 * 125,
    ]
    assert list(rules.loc["missed.unpaid", ["at_stake", "at_stake_if"]]) == [500, 625]


def test_another_standard_holds_in_its_term_alone(run: RunTables) -> None:
    law = with_standards(run.policy, "2020-autumn", {BOARDER: Decimal(1)})
    assert standards_of(law, "2024-spring")[BOARDER] == 625
    assert standards_of(law, "2020-autumn")[BOARDER] == 1


def test_a_tier_is_changed_by_itself(run: RunTables) -> None:
    standards = standards_of(run.policy, run.parameters.term)
    tier = next(standard for standard in standards if standard.part == "minimum")
    law = with_standards(run.policy, run.parameters.term, {tier: Decimal(1)})
    after = standards_of(law, run.parameters.term)
    assert {standard for standard in standards if standards[standard] != after[standard]} == {tier}


@pytest.mark.parametrize(
    "wrong",
    [
        {"link_accept": 1.5},
        {"pay_by": "tomorrow"},
        {"posting_days": -1},
        {"link_accept": 0.4, "link_review": 0.5},
    ],
)
def test_what_cannot_be_is_refused(run: RunTables, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        with_parameters(run, **wrong)


def trial(folder: Path, language: str = "en") -> Trial:
    session = Session(language=language)
    session.open(folder)
    trial_panel = Trial(session)
    assert trial_panel.box.children == ()  # nothing is drawn, and no table read, before the panel is in front
    session.panel = KEY
    return trial_panel


def test_the_panel_shows_the_runs_values_and_what_moves(folder: Path) -> None:
    before = contents(folder)
    outcomes = trial(folder)
    assert outcomes.fields["pay_by"].value == dt.date(2020, 12, 31)
    outcomes.fields["pay_by"].value = dt.date(2020, 11, 19)
    outcomes.standard.value, outcomes.amount.value = BOARDER, "625"
    outcomes.guarded(outcomes.set)
    assert "500.00 → 625.00" in outcomes.list.value
    outcomes.guarded(outcomes.try_)
    assert (
        "Findings 2 → 24 (22 new, 0 gone), at stake 500.00 → 2,000.00 yuan (+1,500.00)" in outcomes.said.value
    )
    assert "Paid late" in outcomes.table.value
    assert contents(folder) == before


def test_the_runs_values_come_back(folder: Path) -> None:
    outcomes = trial(folder)
    outcomes.fields["posting_days"].value = 9
    outcomes.standard.value, outcomes.amount.value = BOARDER, "1"
    outcomes.guarded(outcomes.set)
    outcomes.guarded(outcomes.draw)
    assert outcomes.fields["posting_days"].value == 5
    assert outcomes.changed == {}
    assert outcomes.asked() == {"language": "en"}


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str]]:
    """What the browser was handed to keep."""
    files: list[tuple[bytes, str]] = []
    monkeypatch.setattr(Saver, "save", lambda _self, content, name, _kind: files.append((content, name)))
    return files


def press(panel: Trial, words: str) -> None:
    """The button below what would be written that begins with ``words``."""
    next(
        button for button in panel.offered.children[1].children if button.description.startswith(words)
    ).click()


def test_what_was_tried_is_saved_as_lines_of_a_parameter_file(
    folder: Path, lines: list[tuple[bytes, str]]
) -> None:
    outcomes = trial(folder, "zh")
    outcomes.guarded(outcomes.keep)
    assert "没有改动" in outcomes.said.value
    outcomes.fields["pay_by"].value, outcomes.fields["count_date"].value = (
        dt.date(2020, 11, 19),
        dt.date(2020, 10, 30),
    )
    outcomes.standard.value, outcomes.amount.value = BOARDER, "625"
    outcomes.guarded(outcomes.set)
    outcomes.guarded(outcomes.keep)
    assert "找不到写出这次运行的参数文件" in outcomes.offered.children[0].value
    press(outcomes, "只存这几行")
    ((content, name),) = lines
    assert name == "what-if-990111-2020-autumn.yaml"
    assert yaml.safe_load(content) == {"count_date": "2020-10-30", "thresholds": {"pay_by": "2020-11-19"}}
    assert "500.00 → 625.00" in content.decode()
    outcomes.fields["link_accept"].value = 0.2
    outcomes.guarded(outcomes.keep)
    assert outcomes.offered.children == ()  # below the limit of review: not written down


@pytest.fixture
def file(folder: Path, run: RunTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The parameter file of the run, with a person's remarks, in a folder of one's own."""
    (tmp_path / MARKER).touch()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    values = {**run.parameters.as_json(), "output_dir": str(folder)}
    values["thresholds"] = {**values["thresholds"], "pay_by": dt.date(2020, 12, 31)}
    text = "# 本县自己的话\r\n" + yaml.safe_dump(
        values, allow_unicode=True, sort_keys=False, line_break="\r\n"
    )
    parameters = tmp_path / "params" / "本县.yaml"
    parameters.parent.mkdir()
    parameters.write_bytes(text.replace("pay_by: 2020-12-31", "pay_by: 2020-12-31   # 县里定的").encode())
    return parameters


def test_one_press_shows_and_another_writes_the_values_into_the_runs_parameter_file(
    folder: Path, file: Path
) -> None:
    """Two values take the place of two; every other byte stays, and so does the file as it was."""
    before = file.read_bytes()
    outcomes = trial(folder)
    outcomes.fields["pay_by"].value, outcomes.fields["link_accept"].value = dt.date(2020, 11, 19), 0.9
    outcomes.guarded(outcomes.keep)
    assert "Pay by: 2020-12-31 → 2020-11-19" in outcomes.offered.children[0].value
    assert file.read_bytes() == before
    press(outcomes, "Write into 本县.yaml")
    assert 'role="status"' in outcomes.said.value and "本县.yaml.before" in outcomes.said.value
    limits = read_self_check(file).thresholds
    assert (limits.pay_by, limits.link_accept) == (dt.date(2020, 11, 19), 0.9)
    assert file.read_bytes() == before.replace(b"pay_by: 2020-12-31 ", b"pay_by: 2020-11-19 ").replace(
        b"0.95", b"0.9"
    )
    assert file.with_name("本县.yaml.before").read_bytes() == before


def test_a_parameter_file_changed_since_it_was_shown_is_not_written_over(folder: Path, file: Path) -> None:
    outcomes = trial(folder)
    outcomes.fields["posting_days"].value = 9
    outcomes.guarded(outcomes.keep)
    changed_text = file.read_bytes().replace("本县自己的话".encode(), "又改了".encode())
    file.write_bytes(changed_text)
    press(outcomes, "Write into")
    assert "has just been changed" in outcomes.said.value
    assert file.read_bytes() == changed_text


def test_what_the_parameter_file_cannot_take_beside_its_own_values_is_refused(
    folder: Path, file: Path
) -> None:
    """Its limit of review was raised since the run."""
    raised_limit = file.read_bytes().replace(b"link_review: 0.5", b"link_review: 0.94")
    file.write_bytes(raised_limit)
    outcomes = trial(folder)
    outcomes.fields["link_accept"].value = 0.9
    outcomes.guarded(outcomes.keep)
    press(outcomes, "Write into")
    assert "link_accept" in outcomes.said.value and 'role="alert"' in outcomes.said.value
    assert file.read_bytes() == raised_limit


def test_the_file_of_another_term_by_now_is_not_the_runs(folder: Path, file: Path) -> None:
    file.write_bytes(
        file.read_bytes().replace(b"2020-autumn", b"2021-autumn").replace(b"2020-10-31", b"2021-10-31")
    )
    outcomes = trial(folder)
    outcomes.fields["posting_days"].value = 9
    outcomes.guarded(outcomes.keep)
    assert "No parameter file of this run" in outcomes.offered.children[0].value
    press(outcomes, "Leave it")
    assert outcomes.offered.children == ()


@pytest.mark.parametrize("typed_text", ["", "-1", "abc", "1.005", "1e400", "NaN"])
def test_an_amount_that_is_none_is_said(folder: Path, typed_text: str) -> None:
    outcomes = trial(folder)
    outcomes.amount.value = typed_text
    outcomes.guarded(outcomes.set)
    assert 'role="alert"' in outcomes.said.value
    assert outcomes.changed == {}


def test_an_empty_date_and_limits_upside_down_are_said(folder: Path) -> None:
    outcomes = trial(folder, "zh")
    outcomes.fields["pay_by"].value = None
    outcomes.guarded(outcomes.try_)
    assert "请填写日期" in outcomes.said.value
    outcomes.guarded(outcomes.draw)
    outcomes.fields["link_accept"].value = 0.2
    outcomes.guarded(outcomes.try_)
    assert "link_accept" in outcomes.said.value
    assert 'role="alert"' in outcomes.said.value


def test_names_shown_in_full_while_a_trial_runs_leave_its_result(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unmasking writes its log into the run's folder; neither that nor the full names make the trial start anew."""
    outcomes = trial(folder)
    outcomes.session.who = "甲乙"
    now = dt.datetime(2021, 1, 4, tzinfo=dt.UTC)

    def long_trial(*values: Any) -> Compared:
        unmask(outcomes.session, "核实", now)
        return what_if(*values)

    monkeypatch.setattr("auditlib.workbench.what_if.what_if", long_trial)
    outcomes.fields["pay_by"].value = dt.date(2020, 11, 19)
    outcomes.guarded(outcomes.try_)
    sentence, rules = outcomes.said.value, outcomes.table.value
    assert outcomes.session.unmasked and "(11 new, 0 gone)" in sentence and "Paid late" in rules
    outcomes.session.unmasked = False
    outcomes.look()  # the panel comes in front again
    assert (outcomes.said.value, outcomes.table.value) == (sentence, rules)
    assert outcomes.fields["pay_by"].value == dt.date(2020, 11, 19)


def test_a_run_written_anew_meanwhile_is_said(folder: Path) -> None:
    outcomes = trial(folder)
    file = folder / "tables" / "version.json"
    before = file.read_text("utf-8")
    try:
        file.write_text(before.replace('"auditlib"', '"auditlib_"'), "utf-8")
        with pytest.raises(AuditError):
            outcomes.try_()
    finally:
        file.write_text(before, "utf-8")
