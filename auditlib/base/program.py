"""The program that runs, as a digest: what is kept from run to run counts for the very same program alone."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

COMPILERS = ("ibis-framework", "duckdb", "sqlglot")
CODE = Path(__file__).resolve().parents[1]


@cache
def program_digest() -> str:
    """A digest of every byte of the code, and of the versions of Python and of what compiles expressions."""
    digest = hashlib.sha256("|".join((sys.version, *map(version, COMPILERS))).encode())
    for file in sorted(CODE.rglob("*.py")):
        digest.update(f"\0{file.relative_to(CODE)}\0".encode() + file.read_bytes())
    return digest.hexdigest()
