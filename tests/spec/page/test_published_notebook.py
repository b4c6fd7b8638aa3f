"""The executed notebook beside the report: no folder, no widget, no clock and no number of a person in it."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from auditlib.page import publish_notebook


def execute(tmp_path: Path, source: str) -> Path:
    output = nbformat.v4.new_output("stream", name="stdout", text="王小明 990122201003070017 见 /tmp/a.csv\n")
    remark = nbformat.v4.new_output(
        "stream", name="stderr", text="/home/someone/lib.py:3: FutureWarning: old\n"
    )
    cell = nbformat.v4.new_code_cell(
        source, outputs=[output, remark], metadata={"tags": ["injected-parameters"]}
    )
    cell.metadata["papermill"] = {"duration": 0.5, "start_time": "2026-11-23", "status": "completed"}
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["widgets"] = {"state": {"990122201003070017": {}}}
    parameters = {"data_dir": "/home/someone/inbox", "previous": ["C:\\runs\\spring"], "term": "2020-autumn"}
    notebook.metadata["papermill"] = {"input_path": "/home/someone/n.ipynb", "parameters": parameters}
    nbformat.write(notebook, tmp_path / "run.ipynb")
    return tmp_path / "run.ipynb"


def test_a_published_notebook_holds_no_folder_no_widget_no_clock_and_no_number(tmp_path: Path) -> None:
    path = execute(tmp_path, 'data_dir = "/home/someone/inbox"\npolicy = ["national"]\nterm = "2020-autumn"')
    publish_notebook(path)
    text = path.read_text(encoding="utf-8")
    assert "someone" not in text and "FutureWarning" not in text
    assert "201003070017" not in text
    assert "widgets" not in text
    assert "2026-11-23" not in text
    published_notebook = json.loads(text)
    assert published_notebook["metadata"]["papermill"]["parameters"] == {
        "data_dir": "inbox",
        "previous": ["spring"],
        "term": "2020-autumn",
    }
    assert '["national"]' in published_notebook["cells"][0]["source"]
    nbformat.validate(nbformat.reads(text, as_version=4))


def test_publishing_twice_is_publishing_once(tmp_path: Path) -> None:
    path = execute(tmp_path, 'data_dir = "/home/someone/inbox"')
    publish_notebook(path)
    once = path.read_bytes()
    publish_notebook(path)
    assert path.read_bytes() == once


def test_the_same_run_once_more_is_published_in_the_same_bytes(tmp_path: Path) -> None:
    texts = []
    for _run in range(2):  # nbformat names each cell anew, as Papermill does
        path = execute(tmp_path, 'term = "2020-autumn"')
        publish_notebook(path)
        texts.append(path.read_bytes())
    assert texts[0] == texts[1]
