"""A run of the very same files, parameters, law and judgements has nothing to check again; of any other everything is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tiny_county import deliver, tables, written

from auditlib.base.run_folder import ANSWER, FINDINGS
from auditlib.county import steps
from auditlib.decisions.dispositions import COLUMNS, append_decisions
from auditlib.law.parameters import SelfCheck
from auditlib.linkage.judgements import LEDGER
from auditlib.runs.kept_content import keep, kept_content


def note_run(parameters: SelfCheck) -> steps.NotebookRun:
    """The run of ``parameters`` as the notebook takes its steps, all files in their place."""
    run = steps.begin(parameters)
    registers = steps.ingest(run)
    audit = steps.link(run, registers)
    results = steps.sum_up(run, registers, audit, steps.check(run, audit))
    steps.prepare_outputs(run, registers, audit, results).put_in_place()
    return run


def decide(folder: Path) -> None:
    finding = str(pd.read_parquet(folder / FINDINGS)["finding_id"][0])
    line = {
        "decided_at": "2021-01-05T09:00:00",
        "decided_by": "李复核",
        "finding_id": finding,
        "status": "confirmed",
    }
    append_decisions(folder, pd.DataFrame([dict.fromkeys(COLUMNS, "") | line]))  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path != folder / ANSWER]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> SelfCheck:
    """A county that has been run once."""
    folder = tmp_path_factory.mktemp("county")
    law = shutil.copy(Path("params/policy/national.yaml"), folder / "law.yaml")
    parameters = deliver(folder / "data", tables(), policy=[str(law)])
    note_run(parameters)
    return parameters


@pytest.fixture
def parameters(once: SelfCheck, tmp_path: Path) -> Iterator[SelfCheck]:
    """The same, as the test before found it."""
    before = tmp_path / "before"
    shutil.copytree(once.data_dir.parent, before)
    yield once
    shutil.rmtree(once.data_dir.parent)
    shutil.copytree(before, once.data_dir.parent)


def test_after_a_decision_nothing_is_read_again_and_every_file_is_as_a_whole_run_writes_it(
    parameters: SelfCheck,
) -> None:
    folder = parameters.output_dir
    decide(folder)
    assert note_run(parameters).answer is not None
    again = contents(folder)
    assert pd.read_parquet(folder / FINDINGS)["disposition"].tolist() == ["confirmed"]
    (folder / ANSWER).unlink()
    assert note_run(parameters).answer is None
    assert contents(folder) == again


def more_rows(parameters: SelfCheck) -> SelfCheck:
    with (parameters.data_dir / "payments.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    return parameters


def another_file(parameters: SelfCheck) -> SelfCheck:
    (parameters.data_dir / "letters.csv").write_text("", "utf-8")
    return parameters


def another_day(parameters: SelfCheck) -> SelfCheck:
    return replace(parameters, lost_share=0.4)


def another_law(parameters: SelfCheck) -> SelfCheck:
    with Path(parameters.policy[0]).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    return parameters


def a_judgement(parameters: SelfCheck) -> SelfCheck:
    lines = [",".join(LEDGER.columns), f"2021-01-05T09:00:00,李复核,{'0' * 20},same"]
    (parameters.output_dir / LEDGER.file).write_text("\n".join(lines) + "\n", "utf-8")
    return parameters


def a_table_altered(parameters: SelfCheck) -> SelfCheck:
    (parameters.output_dir / "tables" / "pupils.parquet").write_bytes(b"PAR1")
    return parameters


def a_strange_seal(parameters: SelfCheck) -> SelfCheck:
    file = parameters.output_dir / ANSWER
    file.write_bytes(bytes(32) + file.read_bytes()[32:])
    return parameters


CHANGES = (more_rows, another_file, another_day, another_law, a_judgement, a_table_altered, a_strange_seal)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_the_answer_rests_on_has_changed_it_does_not_stand(
    parameters: SelfCheck, change: Callable[[SelfCheck], SelfCheck]
) -> None:
    assert steps.begin(parameters).answer is not None
    assert steps.begin(change(parameters)).answer is None


def test_another_key_or_program_opens_no_answer(
    parameters: SelfCheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditlib.runs.kept_content.program_digest", lambda: "another")
    assert steps.begin(parameters).answer is None
    monkeypatch.undo()
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    assert steps.begin(parameters).answer is None


class OfAnotherProgram:
    """Cannot be opened here, as an object whose class has gone."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return __import__, ("auditlib.a_module_that_has_gone",)


def test_what_another_program_kept_is_not_opened(tmp_path: Path) -> None:
    keep(tmp_path / "old.kept", "one program", OfAnotherProgram(), b"secret")
    assert kept_content(tmp_path / "old.kept", "another program", b"secret") is None


def test_a_run_without_a_notebook_keeps_no_answer_that_another_could_take_for_its_own(
    parameters: SelfCheck,
) -> None:
    written(parameters)
    assert not (parameters.output_dir / ANSWER).exists()
