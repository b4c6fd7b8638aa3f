"""``python -m bundle``: the zip in dist/; for Windows with the embeddable Python that is given, for Linux with a folder."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import auditlib
from auditlib.base.console import never_fail
from auditlib.base.errors import AuditError
from bundle.assemble import FOLDER, finish, pack
from bundle.interpreter import put_in
from bundle.lock import PLATFORMS, Platform
from bundle.program import faults, unfit, unpack


def build(folder: Path, platform: Platform, python_given: Path | None) -> None:
    """The whole bundle in ``folder``. Raises AuditError where a part of it is missing or not what the lock says."""
    python = put_in(python_given, folder / "python", platform)
    unpack(folder / "program", platform, python)
    if wrong := list(faults(folder / "program", platform, python)):
        raise unfit(wrong)
    finish(folder, platform)


def main(words: list[str] | None = None) -> int:
    """Exit status 0: the zip lies in dist/; 1: told why not."""
    never_fail()
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    parser.add_argument("--platform", choices=PLATFORMS, default="windows")
    parser.add_argument("--python", type=Path, metavar="ZIP|DIR")
    parser.add_argument("--into", type=Path, default=Path("dist"), metavar="DIR")
    options = parser.parse_args(words)
    platform = PLATFORMS[options.platform]
    try:
        with tempfile.TemporaryDirectory() as place:
            build(Path(place) / FOLDER, platform, options.python)
            options.into.mkdir(parents=True, exist_ok=True)
            bundle_file = options.into / f"auditlib-{auditlib.__version__}-{platform.name}.zip"
            print(pack(Path(place) / FOLDER, bundle_file), bundle_file)
    except AuditError as refused:
        print(refused.into("zh"), refused.into("en"), sep="\n\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
