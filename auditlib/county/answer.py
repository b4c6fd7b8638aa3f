"""What a run came to before anybody decided on its findings, kept beside its tables: the next run of the very same files,
parameters, law and judgements has nothing to read, link or check again, and writes anew what decisions change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from auditlib.base.errors import AuditError
from auditlib.base.run_folder import ANSWER, TABLES, VERSION_FILE
from auditlib.county.self_check import Run
from auditlib.findings.results import Results
from auditlib.forms.review_reading import read_judgements
from auditlib.package.keys import fingerprint_key, numbers_key
from auditlib.runs.kept_content import digest_of, keep, kept_content


@dataclass(frozen=True)
class Undecided:
    """What no decision on a finding changes: the package's ``rows`` (Parquet) and ``persons``, and other inspections' ``issues``."""

    rows: bytes
    persons: pa.Table
    issues: pd.DataFrame


@dataclass(frozen=True)
class Answer:
    """A run's results and what no decision changes.

    ``files``: name to content of what lies in the run's folder; ``tables``: name to SHA-256 of the files of its tables.
    """

    results: Results
    undecided: Undecided
    files: Mapping[str, bytes]
    tables: Mapping[str, str]


def ground_of(run: Run) -> str:
    """A digest of all that the answer rests on. Raises AuditError for judgements that cannot be read."""
    p = run.parameters
    judgements = read_judgements([*p.previous, p.output_dir], p.language)
    return digest_of(p, {"judgements": list(map(repr, judgements))}, run.policy.files)


def standing_answer(run: Run, ground: str) -> Answer | None:
    """The answer that the run before it left in the same folder on the same ``ground``; None where it left none, or where its
    tables are not as it left them."""
    folder = run.parameters.output_dir
    with suppress(OSError, AuditError):  # what cannot be read is made anew
        content = kept_content(folder / ANSWER, _with_key(ground), numbers_key())
        if isinstance(content, Answer) and _digests(folder / TABLES) == content.tables:
            return content
    return None


def keep_answer(
    results: Results, undecided_part: Undecided, files: list[str], into: Path, ground: str
) -> None:
    """The answer beside the tables in ``into``; ``files``: the names there that no decision changes."""
    contents = {name: (into / name).read_bytes() for name in files}
    answer = Answer(results, undecided_part, contents, _digests(into / TABLES))
    keep(into / ANSWER, _with_key(ground), answer, numbers_key())


def _with_key(ground: str) -> str:
    """Tokens and fingerprints are made under the county's key, which its first run may have made."""
    key = fingerprint_key()
    return f"{ground} {key.name if key else None}"


def _digests(tables: Path) -> dict[str, str]:
    """Of all that lies there but the answer itself, and what names the manifest."""
    others = {Path(ANSWER).name, VERSION_FILE}
    files = [path for path in sorted(tables.iterdir()) if path.name not in others]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
