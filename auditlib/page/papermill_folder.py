"""From which folder the relative paths of the notebook's parameters count.

``auditlib`` hands absolute paths to the notebook. Bare Papermill hands on what stands in the parameter file and does not
say where that file lies, so its own command line is asked; opened by hand, the notebook counts from its folder.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from auditlib.base.places import NOTEBOOKS, choose_folder

FLAGS = ("-f", "--parameters_file", "--parameters-file")


def parameter_folder() -> Path:
    """The folder of the parameter file that Papermill was started with, else the notebooks' folder."""
    import psutil

    for process in psutil.Process().parents():
        with suppress(psutil.Error):  # a process of somebody else's, or one that has just ended: not ours
            if file := _parameter_file(process.cmdline()):
                parameters = (Path(process.cwd()) / file).resolve()
                choose_folder(parameters)
                return parameters.parent
    return NOTEBOOKS


def _parameter_file(words: Sequence[str]) -> str | None:
    """The last parameter file named in a Papermill command line, as the last one wins."""
    if not any("papermill" in word for word in words[:4]):
        return None
    files = [value for flag, value in itertools.pairwise(words) if flag in FLAGS]
    joined_values = [
        word.split("=", 1)[1] for word in words if word.startswith(tuple(f"{flag}=" for flag in FLAGS[1:]))
    ]
    parameter_files = files + joined_values
    return parameter_files[-1] if parameter_files else None
