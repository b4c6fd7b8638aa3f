"""Starts the program of this bundle: without words the workbench, else the command that they name.

The working folder lies beside the bundle, so that a newer bundle unpacked there goes on with it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "program"
NAME, MARKER = "学生资助核查资料", "auditlib-folder.txt"


def working_folder() -> Path:
    """Beside the bundle; below the user's own folder where nothing may be written there."""
    beside = HERE.parent
    return (beside if os.access(beside, os.W_OK) else Path.home()) / NAME


def surroundings() -> None:
    """Where Jupyter finds what came in the bundle, and nothing that lies on the computer."""
    share = PROGRAM / "share" / "jupyter"
    os.environ |= {
        "JUPYTER_PATH": str(share),
        "JUPYTER_CONFIG_PATH": str(PROGRAM / "etc" / "jupyter"),
        "JUPYTERLAB_DIR": str(share / "lab"),
        "PYTHONPATH": str(PROGRAM),
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "AUDITLIB_BUNDLED": "1",
    }
    sys.path.insert(0, str(PROGRAM))


def main(words: list[str]) -> None:
    """One command in the working folder, which is made where there is none."""
    surroundings()
    from auditlib import cli

    folder = working_folder()
    if not "".join(words[:1]).startswith("-"):  # --version asks for no folder
        if not (folder / MARKER).is_file() and (status := cli.main(["init", str(folder)])):
            sys.exit(status)
        os.chdir(folder)
    sys.argv[1:] = words or ["app"]
    cli.run()


if __name__ == "__main__":
    main(sys.argv[1:])
