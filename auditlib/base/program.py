"""The program that runs, as a digest: what is kept from run to run counts for the very same program alone."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import auditlib

PACKAGES = ("duckdb", "ibis-framework", "pandas", "pyarrow", "splink", "sqlglot")
PARTS = (".py", ".json", ".csv", ".yaml", ".parquet")  # code, and what it reads beside it: the trained model
CODE = Path(__file__).resolve().parents[1]


@cache
def program_digest() -> str:
    """A digest of every byte of the program, and of the versions of Python and of what compiles and computes its expressions."""
    digest = hashlib.sha256("|".join((sys.version, *map(version, PACKAGES))).encode())
    for file in sorted(path for path in CODE.rglob("*") if path.suffix in PARTS):
        digest.update(f"\0{file.relative_to(CODE)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def versions(packages: Iterable[str]) -> dict[str, Any]:
    """What a manifest says of the program: its version, Python's, and those of the ``packages`` that its figures come from."""
    return {
        "auditlib": auditlib.__version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "packages": {package: version(package) for package in packages},
    }
