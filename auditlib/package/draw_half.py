"""One side's half of the seed of a draw: made at random, kept by its owner, committed to by its SHA-256 alone.

The half is 128 random bits and as many of salt, so that its hash says nothing of it, behind the code of its side and the
term, so that it serves for no other draw: ``990122:2020-autumn:9f86…-d081…``. It lies with the keys, readable by its owner,
until the other side has committed too; ``printf '%s' 'HALF' | sha256sum`` gives the commitment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from auditlib.base.language import Text
from auditlib.package.keys import damaged_file, folder, kept_secret, path_shown

BITS = 16  # bytes of the half, and of its salt
LEAST, DIFFERENT = (
    32,
    8,
)  # characters behind the place, and different ones: fewer can be tried out from the commitment
MADE_TEXT = Text(
    "首次使用，已生成本方的一半抽样种子 {file}（仅本人可读，勿外传）；它的 SHA-256 已作为承诺写入报送包，市里承诺以后再把文件里 half 一行交给市里",
    "first use: made this side's half of the seed of the draw, {file} (readable by you alone; hand it to nobody); its SHA-256 "
    "goes into the package as a commitment; give the line “half” to the city once the city has committed too",
)


@dataclass(frozen=True)
class Half:
    """A half of a seed, its commitment, the day of it, its file; ``is_new``: made just now."""

    half: str
    committed_on: str
    file: Path
    is_new: bool

    @property
    def sha256(self) -> str:
        return commitment_of(self.half)

    @property
    def sentences(self) -> tuple[Text, ...]:
        return (MADE_TEXT.fill(file=path_shown(self.file)),) if self.is_new else ()


def commitment_of(half: str) -> str:
    """Lower-case hex SHA-256 of the half in UTF-8."""
    return hashlib.sha256(half.encode()).hexdigest()


def is_sound(half: str, code: str, term: str) -> bool:
    """Is ``half`` one of this side and term, and too long to be tried out?"""
    place, secret = f"{code}:{term}:", half.removeprefix(f"{code}:{term}:")
    return half.startswith(place) and len(secret) >= LEAST and len(set(secret)) >= DIFFERENT


def kept_half(code: str, term: str) -> Half:
    """The half of ``code`` for the draw of ``term``, made on first use. Raises AuditError where the file is damaged."""
    file = file_of_half(code, term)
    content, is_new = kept_secret(file, lambda: _fresh(f"{code}:{term}:"))
    try:
        read = json.loads(content)
        half, day = str(read["half"]), dt.date.fromisoformat(read["committed_on"])
    except (ValueError, TypeError, KeyError):
        raise damaged_file(file) from None
    return Half(half, day.isoformat(), file, is_new)


def standing_half(code: str, term: str) -> str:
    """The half of ``code`` for ``term`` that was made before; empty where none was. Raises AuditError where its file is damaged."""
    return kept_half(code, term).half if file_of_half(code, term).is_file() else ""


def file_of_half(code: str, term: str) -> Path:
    """Where the half of ``code`` for ``term`` lies."""
    return folder() / f"{code}-{term}.draw-half.json"


def _fresh(place: str) -> bytes:
    contents = {
        "half": f"{place}{secrets.token_hex(BITS)}-{secrets.token_hex(BITS)}",
        "committed_on": dt.date.today().isoformat(),
    }
    return (json.dumps(contents, indent=1) + "\n").encode()
