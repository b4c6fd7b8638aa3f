"""Where params, notebooks and samples lie: in the reader's own folder, else as they came with the program.

A folder that ``auditlib init`` made is known by its file ``auditlib-folder.txt``. The nearest one at or above the parameter
file counts, else the nearest at or above where the command is run. Headers, codes and policies are then that folder's own,
file by file: what it lacks is taken from the program, so that an older folder serves a newer version. What belongs to the
program alone (the trained model, the notebooks that a command runs) never comes from there.
"""

from __future__ import annotations

import os
from pathlib import Path

MARKER = "auditlib-folder.txt"
FOLDER_VARIABLE = "AUDITLIB_FOLDER"
"""Environment of this process and of the kernels that it starts: the own folder that counts, empty where none does."""
SHIPPED_FOLDER = Path(__file__).resolve().parents[1] / "shipped"
"""In an installed wheel, which carries there what a checkout has beside the package."""
ROOT = SHIPPED_FOLDER if SHIPPED_FOLDER.is_dir() else SHIPPED_FOLDER.parents[1]
PARAMS = ROOT / "params"
CODES = PARAMS / "codes"
HEADERS = PARAMS / "headers.csv"
POLICIES = PARAMS / "policy"
SCHEMAS = PARAMS / "schema"
NOTEBOOKS = ROOT / "notebooks"
SAMPLES = ROOT / "data_samples"
ICON = (
    SHIPPED_FOLDER.parent
    / "workbench"
    / "share"
    / "voila"
    / "templates"
    / "workbench"
    / "static"
    / "icon.svg"
)


def own_folder(place: Path) -> Path | None:
    """The nearest folder at or above ``place`` that ``auditlib init`` made."""
    at = place.resolve()
    return next((folder for folder in (at, *at.parents) if (folder / MARKER).is_file()), None)


def choose_folder(beside: Path | None) -> None:
    """From now on, here and in the kernels started: the own folder of the file ``beside``, else where one stands."""
    folder = (own_folder(beside.parent) if beside else None) or own_folder(Path.cwd())
    os.environ[FOLDER_VARIABLE] = str(folder or "")


def chosen_folder() -> Path | None:
    """The own folder that counts; None where what came with the program does."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is None:
        return own_folder(Path.cwd())
    return Path(folder) if folder else None


def headers() -> Path:
    """The list of header spellings."""
    return _own("headers.csv") or HEADERS


def code_list(name: str) -> Path:
    """The list of spellings ``name`` of ``params/codes``."""
    return _own("codes", f"{name}.csv") or CODES / f"{name}.csv"


def policies() -> tuple[Path, ...]:
    """The folders of policies, the one that is asked first in front."""
    own = chosen_folder()
    return (own / "params" / "policy", POLICIES) if own else (POLICIES,)


def profiles() -> tuple[Path, ...]:
    """The folders of county profiles, the one that is asked first in front."""
    own = chosen_folder()
    return tuple(folder / "counties" for folder in ([own / "params"] if own else []) + [PARAMS])


def home() -> Path:
    """The folder that one works in: the own folder, the checkout, or where an installed program was started."""
    return chosen_folder() or (Path.cwd() if ROOT == SHIPPED_FOLDER else ROOT)


def runs() -> Path:
    """The folder of the runs."""
    return home() / "runs"


def _own(*parts: str) -> Path | None:
    own = chosen_folder()
    file = own.joinpath("params", *parts) if own else None
    return file if file and file.is_file() else None
