"""Whatever a programme writes is for its owner alone, whatever the umask; what lay there open is shut."""

from __future__ import annotations

import ast
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from many_findings import run_of
from owners import open_to_others
from trend_fixture import finding, looked, term_run

from auditlib.base.files import together
from auditlib.base.owners import open_private
from auditlib.county.ingest_only import write_ingest
from auditlib.decisions.dispositions import COLUMNS, append_decisions
from auditlib.linkage.judgements import SAME, record
from auditlib.trend.outputs import write_outputs as write_trend
from auditlib.workbench.session import Session
from auditlib.workbench.unmasking import unmask

PACKAGE = Path(__file__).resolve().parents[3] / "auditlib"
NOON = dt.datetime(2021, 1, 4, 12)
pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="Windows has no modes; a file has its folder's rights"
)


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """The umask of a machine where everybody may write everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_self_check_and_all_that_is_added_to_it(tmp_path: Path) -> None:
    folder = run_of(tmp_path)
    assert open_to_others(folder) == []
    record(folder, "0" * 20, SAME, "张审计", NOON)
    append_decisions(folder, pd.DataFrame([dict.fromkeys(COLUMNS, "") | {"decided_at": "2021-01-04", "finding_id": "a1b2", "status": "confirmed"}]))  # fmt: skip
    session = Session(who="张审计")
    session.open(folder)
    unmask(session, "核实", NOON)
    assert {"judgements.csv", "unmask-log.csv", "dispositions.csv"} <= {
        path.name for path in folder.iterdir()
    }
    assert open_to_others(folder) == []


def test_what_earlier_versions_left_open_is_shut_by_the_next_run(tmp_path: Path) -> None:
    folder = run_of(tmp_path)
    (folder / "returned").mkdir()
    for name in ("dispositions.csv", "unmask-log.csv", "findings-filled-in-12345678.xlsx", "returned/a.txt"):
        (folder / name).touch()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with together(folder) as into:
        (into / "manifest.json").write_text("{}")
    assert open_to_others(folder) == []


def test_an_old_ledger_is_shut_when_somebody_decides(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.touch()
    file.chmod(0o666)
    with open_private(file, "ab") as ledger:
        ledger.write(b"x")
    assert file.stat().st_mode & 0o777 == 0o600


def test_ingest_and_trend(tmp_path: Path) -> None:
    from tiny_county import deliver, tables

    parameters = deliver(tmp_path / "in", tables(2), output=tmp_path / "ingested")
    write_ingest(parameters)
    assert open_to_others(parameters.output_dir) == []
    results = looked(tmp_path, term_run(tmp_path / "run", "2020-autumn", [finding("a1")]))
    write_trend(results)
    assert open_to_others(results.trend.output_dir) == []


WRITERS = {  # modules that write by themselves, each into a folder that `together` has shut, or what is nobody's data
    "ingest.accounts.accounting", "county.outputs", "city.outputs", "runs.run_tables", "page.publish", "page.rendering",
    "workbench.exchange", "base.files", "base.owners", "base.spilled", "package.keys", "documents", "linkage.model.trained",
    "city.county_policy", "county.own_folder", "forms.ledgers.books", "report.letter", "report.summary", "report.word_file",
    "runs.originals", "province.outputs", "desk.writing", "desk.dropping",
}  # fmt: skip


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_no_module_opens_a_file_to_write_but_by_the_one_place(file: Path) -> None:
    name = file.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    if name in WRITERS or name.startswith("samples."):
        return
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert [ast.unparse(call) for call in calls if writes(call)] == []


def writes(call: ast.Call) -> bool:
    """Does the call make or open a file or folder to be written, by itself?"""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in ("write_text", "write_bytes", "mkdir", "makedirs", "touch", "copyfile", "copy", "copytree"):
        return isinstance(call.func, ast.Attribute) and not (called == "copy" and not call.args)
    modes = [
        arg.value for arg in (*call.args, *(k.value for k in call.keywords)) if isinstance(arg, ast.Constant)
    ]
    return called == "open" and any(
        isinstance(mode, str) and set(mode) & set("wax+") and len(mode) < 4 for mode in modes
    )
