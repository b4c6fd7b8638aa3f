"""What an executed notebook must not hold when it is shown: folders, widget state, numbers of persons."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from auditlib.base.masking import scrub_all

CLOCK = ("start_time", "end_time", "duration")
MACHINE = ("input_path", "output_path", "environment_variables", *CLOCK)
INJECTED_TAG = "injected-parameters"
FOLDER = re.compile(r"""(["'])(?:/|~/|[A-Za-z]:[\\/]|\\\\)[^"'\n]*?([^"'\\/\n]*)\1""")


def publish_notebook(path: Path, run: str = "") -> None:
    """Rewrites the executed notebook at ``path`` so that it may be shown; ``run`` is the run's number.

    Taken out: widget state, Papermill's paths and times, the folders in the parameters (their last part stays), what libraries
    remark to programmers (on stderr, with folders of the machine; not the same in every run).
    Masked: every run of digits as long as an ID number, in sources, outputs and metadata.
    The tables in it are masked already by the sections that made them.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    metadata = notebook.get("metadata", {})
    metadata.pop("widgets", None)
    if run:
        notebook["metadata"] = metadata | {"auditlib": {"run": run}}
    for part in (metadata, *(cell.get("metadata", {}) for cell in notebook.get("cells", ()))):
        _strip_papermill(part)
    for cell in notebook.get("cells", ()):
        _strip_folders(cell)
        _strip_remarks(cell)
        if _is_injected(cell):
            cell["id"] = INJECTED_TAG  # Papermill's is another one in every run
    text = json.dumps(scrub_all(notebook), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _strip_remarks(cell: dict[str, Any]) -> None:
    if "outputs" in cell:
        cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]


def _strip_papermill(metadata: dict[str, Any]) -> None:
    papermill = metadata.get("papermill", {})
    for key in MACHINE:
        papermill.pop(key, None)
    if "parameters" in papermill:
        papermill["parameters"] = {k: _without_folder(v) for k, v in papermill["parameters"].items()}
    metadata.pop("execution", None)


def _without_folder(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_folder(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_folder(item) for item in value]
    return (
        json.loads(FOLDER.sub(r"\1\2\1", json.dumps(value, ensure_ascii=False)))
        if isinstance(value, str)
        else value
    )


def _is_injected(cell: dict[str, Any]) -> bool:
    """Is this the cell into which Papermill wrote the run's parameters?"""
    return INJECTED_TAG in cell.get("metadata", {}).get("tags", ())


def _strip_folders(cell: dict[str, Any]) -> None:
    if _is_injected(cell):
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        cell["source"] = FOLDER.sub(r"\1\2\1", source)
