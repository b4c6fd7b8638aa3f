"""The folder that ``auditlib init`` makes: whole or not at all, never over something; how it is known, and what it outranks."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from auditlib.base import places
from auditlib.base.errors import AuditError, UsageError
from auditlib.cli import main
from auditlib.county.own_folder import write_folder
from auditlib.county.start_file import BUNDLE_VARIABLE, start_file
from auditlib.law.parameters import read_self_check
from auditlib.law.policy import read_policy


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(places.FOLDER_VARIABLE, "")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("某 县") / "我的文件夹"
    write_folder(folder, "zh")
    return folder


def test_it_holds_what_is_edited_and_nothing_of_a_run(own: Path) -> None:
    names = {path.name for path in own.iterdir()}
    click = "打开工作台.bat" if os.name == "nt" else "打开工作台.desktop"
    assert names == {places.MARKER, "params", "data_samples", "templates", "notebooks", click}
    parameters = read_self_check(own / "params" / "qinghe-2020-autumn.yaml")
    assert parameters.data_dir.is_relative_to(own)
    assert parameters.output_dir == own / "runs" / "990122-2020-autumn"
    for table, entries in parameters.sources.items():
        for entry in entries:
            pattern = entry["files"] if isinstance(entry, dict) else entry
            assert list(parameters.data_dir.glob(pattern)), (table, pattern)


def test_what_is_clicked_opens_the_desk_in_the_folder() -> None:
    """Paths with blanks, Chinese and signs that mean something there."""
    name, content = start_file(Path("/县 资料"), "C:\\用户\\张 100%\\python.exe", "zh", windows=True)
    assert name == "打开工作台.bat"
    lines = content.decode().split("\r\n")
    assert lines[:3] == ["@echo off", "chcp 65001 >nul", 'cd /d "%~dp0"']
    assert lines[3] == '"C:\\用户\\张 100%%\\python.exe" -m auditlib.cli app'
    name, content = start_file(Path("/县 资料"), "/用 户/50%/python", "en", windows=False)
    entries = dict(line.split("=", 1) for line in content.decode().splitlines()[1:])
    assert (name, entries["Path"]) == ("Open the workbench.desktop", "/县 资料")
    command = shlex.split(entries["Exec"].replace("\\\\", "\\").replace("%%", "%"))
    assert command == ["/用 户/50%/python", "-m", "auditlib.cli", "app"]
    assert Path(entries["Icon"]).read_text("utf-8").startswith("<svg")


def test_a_bundle_has_its_own_file_to_click(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BUNDLE_VARIABLE, "1")
    write_folder(tmp_path / "own", "zh")
    assert [file.name for file in (tmp_path / "own").iterdir() if "打开" in file.name] == []


@pytest.mark.parametrize("what", ["a file", "a folder", "a hidden file", "a name taken"])
def test_where_something_lies_nothing_is_written(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "x"
    if what == "a name taken":
        folder.write_text("mine", "utf-8")
    else:
        folder.mkdir()
        mine = folder / {"a file": "a.txt", "a folder": "b", "a hidden file": ".c"}[what]
        mine.mkdir() if what == "a folder" else mine.write_text("mine", "utf-8")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    assert main(["init", str(folder)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("stands", [True, False], ids=["an empty folder", "no folder"])
def test_broken_off_it_leaves_no_half_of_it(
    stands: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "x"
    if stands:
        folder.mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("auditlib.forms.templates.write_templates", full)
    with pytest.raises(AuditError):
        write_folder(folder, "zh")
    assert [path.name for path in tmp_path.rglob("*")] == (["x"] if stands else [])


def test_an_empty_folder_in_which_one_stands_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", ".", "--quiet"]) == 0
    assert (tmp_path / places.MARKER).is_file()
    assert main(["init", "."]) == 2


def test_the_nearest_own_folder_above_the_parameter_file_counts_before_the_one_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("here", "there"):
        (tmp_path / name / "params" / "deep").mkdir(parents=True)
        (tmp_path / name / places.MARKER).touch()
    monkeypatch.chdir(tmp_path / "here" / "params")
    places.choose_folder(tmp_path / "there" / "params" / "deep" / "x.yaml")
    assert places.chosen_folder() == tmp_path / "there"
    places.choose_folder(Path("deep/x.yaml"))
    assert places.chosen_folder() == tmp_path / "here"
    places.choose_folder(tmp_path / "x.yaml")
    assert places.chosen_folder() == tmp_path / "here"
    monkeypatch.chdir(tmp_path)
    places.choose_folder(tmp_path / "x.yaml")
    assert places.chosen_folder() is None
    assert os.environ[places.FOLDER_VARIABLE] == ""


def test_what_the_folder_has_is_taken_from_it_and_the_rest_from_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = tmp_path / "params"
    (params / "codes").mkdir(parents=True)
    (params / "policy").mkdir()
    (tmp_path / places.MARKER).touch()
    (params / "codes" / "sex.csv").write_text("code,value\n", "utf-8")
    law = (places.POLICIES / "national.yaml").read_text("utf-8")
    (params / "policy" / "anshan.yaml").write_text(law, "utf-8")
    monkeypatch.setenv(places.FOLDER_VARIABLE, str(tmp_path))
    assert places.code_list("sex") == params / "codes" / "sex.csv"
    assert places.code_list("stage") == places.CODES / "stage.csv"
    assert places.headers() == places.HEADERS
    read = read_policy(["national", "anshan"], tmp_path)
    assert read.files == (places.POLICIES / "national.yaml", params / "policy" / "anshan.yaml")
    with pytest.raises(UsageError, match="jiangxi"):
        read_policy(["nowhere"], tmp_path)
