"""What a package holds, written from a run's results and read back strictly."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auditlib.decisions.dispositions import COLUMNS as DECISION
from auditlib.decisions.dispositions import STATUSES, as_bytes
from auditlib.package import fingerprints, seal, tokens
from auditlib.package.consistency import contradictions, unsound_findings
from auditlib.package.keys import Keys
from auditlib.package.manifest_shape import read_manifest
from auditlib.package.nameless import BY_HAND, WHO, nameless_decisions, nameless_findings, nameless_tokens
from auditlib.package.refusals import PackageRefused
from auditlib.tables.findings import arrow_schema, write_findings

FINDINGS_FILE, DECISIONS_FILE = "findings.parquet", "dispositions.csv"
FINGERPRINTS_FILE, MANIFEST_FILE = "fingerprints.parquet", "manifest.json"
TOKENS_FILE = "tokens.parquet"
LATER = frozenset({TOKENS_FILE})  # what packages of the first format lack
FILES = frozenset({FINDINGS_FILE, DECISIONS_FILE, FINGERPRINTS_FILE, MANIFEST_FILE}) | LATER
MOST_FINDINGS = 5_000_000
ABOUT = ("county_code", "county_name", "term", "fingerprint_key")
LONGEST_WORD = 200
# What readers raise over bytes that somebody made up; most of pyarrow's errors are ValueErrors.
UNREADABLE = (
    ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError, OSError, csv.Error, pa.ArrowException,
)  # fmt: skip


@dataclass(frozen=True)
class Package:
    """A county's package, opened and found whole: what the county handed in.

    ``tokens``: of its persons (:mod:`auditlib.package.tokens`), None in a package of the first format. ``form``: the
    format it has. ``contradictions``: where it is not at one with itself (:mod:`auditlib.package.consistency`).
    """

    county_code: str
    county_name: str
    term: str
    findings: pd.DataFrame
    decisions: pd.DataFrame
    fingerprints: pd.DataFrame
    fingerprint_key: str
    manifest: Mapping[str, Any]
    key_name: str
    digest: str
    tokens: pa.Table | None = None
    form: int = seal.FORMAT
    contradictions: tuple[str, ...] = ()

    @property
    def columns(self) -> Mapping[str, list[str]] | None:
        """The columns that the county's files had, by table; None where the package does not say."""
        return self.manifest.get("columns")

    @property
    def is_nameless(self) -> bool:
        """Did the county hand in tokens only?"""
        return bool(self.manifest["parameters"].get("hand_in") == "tokens")


def pack(
    *,
    findings: pd.DataFrame,
    decisions: pd.DataFrame,
    rows: bytes,
    persons: pa.Table,
    manifest: bytes,
    parameters: Mapping[str, Any],
    keys: Keys,
) -> bytes:
    """The package as bytes. ``parameters``: those of the run (``county_code``, ``county_name``, ``term``, ``hand_in``);
    ``rows``: the fingerprints; ``persons``: the tokens."""
    if parameters["hand_in"] == "tokens":
        findings = nameless_findings(findings, keys.fingerprint)
        decisions = nameless_decisions(decisions, keys.fingerprint)
        persons = nameless_tokens(persons, keys.fingerprint)
    findings_file = io.BytesIO()
    write_findings(findings, findings_file)
    files = {
        FINDINGS_FILE: findings_file.getvalue(),
        DECISIONS_FILE: as_bytes(decisions),
        FINGERPRINTS_FILE: rows,
        TOKENS_FILE: tokens.as_parquet(persons),
        MANIFEST_FILE: manifest,
    }
    about = {key: str(parameters[key]) for key in ("county_code", "county_name", "term")}
    return seal.sealed_package(files, {**about, "fingerprint_key": keys.fingerprint.name}, keys.signing)


def read_package(path: Path, key: Ed25519PublicKey | None = None) -> Package:
    """The package at ``path``: whole, signed (by ``key`` where one is given), and at one with itself.

    Raises PackageRefused with the reason.
    """
    sealed_parts = seal.open_sealed(path, FILES, key, LATER)
    package = _read(sealed_parts)
    _agree(package, sealed_parts)
    return package


def _read(sealed_parts: seal.Sealed) -> Package:
    about = {name: sealed_parts.seal.get(name) for name in ABOUT}
    if not all(isinstance(value, str) and len(value) <= LONGEST_WORD for value in about.values()):
        raise PackageRefused("unreadable_member", sealed_parts.place, name=seal.SEAL)
    findings = _part(sealed_parts, FINDINGS_FILE, _findings)
    rows = _part(sealed_parts, FINGERPRINTS_FILE, fingerprints.read)
    manifest = _part(sealed_parts, MANIFEST_FILE, read_manifest)
    return Package(
        findings=findings,
        decisions=_part(sealed_parts, DECISIONS_FILE, _decisions),
        fingerprints=rows,
        manifest=manifest,
        tokens=_part(sealed_parts, TOKENS_FILE, tokens.read) if TOKENS_FILE in sealed_parts.files else None,
        key_name=sealed_parts.key_name,
        digest=sealed_parts.digest,
        form=int(sealed_parts.seal["format"]),
        contradictions=contradictions(manifest, about, findings, rows),
        **{name: str(value) for name, value in about.items()},
    )


def _part(sealed_parts: seal.Sealed, name: str, read: Any) -> Any:
    try:
        return read(sealed_parts.files[name])
    except UNREADABLE:
        raise PackageRefused("unreadable_member", sealed_parts.place, name=name) from None


def _findings(body: bytes) -> pd.DataFrame:
    file = pq.ParquetFile(io.BytesIO(body))
    if file.metadata.num_rows > MOST_FINDINGS or file.schema_arrow != arrow_schema():
        raise ValueError("findings")
    findings = file.read().to_pandas()
    if unsound_findings(findings):
        raise ValueError("findings")
    return findings


def _decisions(body: bytes) -> pd.DataFrame:
    reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    if tuple(reader.fieldnames or ()) != DECISION:
        raise ValueError("columns")
    frame = pd.DataFrame(list(reader), columns=list(DECISION)).drop_duplicates(keep="last")
    if not frame["status"].isin(STATUSES).all():
        raise ValueError("status")
    return frame.reset_index(drop=True)


def _agree(package: Package, sealed_parts: seal.Sealed) -> None:
    """Seal, manifest and findings tell of one county, one term and the same number of findings of each rule."""
    parameters = package.manifest["parameters"]
    own = {"county_code": package.county_code, "term": package.term}
    if any(parameters.get(key) != value for key, value in own.items()):
        raise PackageRefused("inconsistent", sealed_parts.place, name=MANIFEST_FILE)
    if any((package.findings[key] != value).any() for key, value in own.items()):
        raise PackageRefused("inconsistent", sealed_parts.place, name=FINDINGS_FILE)
    if package.is_nameless and package.findings[WHO].notna().any(axis=None):
        raise PackageRefused("inconsistent", sealed_parts.place, name=FINDINGS_FILE)
    if package.is_nameless and package.decisions[BY_HAND].ne("").any(axis=None):
        raise PackageRefused("inconsistent", sealed_parts.place, name=DECISIONS_FILE)
    finding_counts = Counter(package.findings["rule"])
    rule_counts = {rule: counts["exceptions"] for rule, counts in package.manifest["rules"].items()}
    if +Counter(rule_counts) != finding_counts:
        raise PackageRefused("inconsistent", sealed_parts.place, name=FINDINGS_FILE)
