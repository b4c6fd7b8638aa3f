"""What a package holds, written from a run's results and read back strictly."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auditlib.dispositions import COLUMNS as DECISION
from auditlib.dispositions import STATUSES
from auditlib.engine import FINDINGS
from auditlib.package import fingerprints, seal
from auditlib.package.keys import Keys
from auditlib.package.refusals import PackageRefused

FINDINGS_FILE, DECISIONS_FILE = "findings.parquet", "dispositions.csv"
FINGERPRINTS_FILE, MANIFEST_FILE = "fingerprints.parquet", "manifest.json"
FILES = frozenset({FINDINGS_FILE, DECISIONS_FILE, FINGERPRINTS_FILE, MANIFEST_FILE})
MANIFEST_KEYS = ("auditlib", "parameters", "policy", "inputs", "rules", "findings")
MOST_FINDINGS = 5_000_000


@dataclass(frozen=True)
class Package:
    """A county's package, opened and found whole: what the county handed in."""

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


def packed(
    *,
    findings: bytes,
    decisions: bytes,
    rows: bytes,
    manifest: bytes,
    parameters: Mapping[str, Any],
    keys: Keys,
) -> bytes:
    """The package as bytes. ``parameters``: those of the run (``county_code``, ``county_name``, ``term``)."""
    files = {
        FINDINGS_FILE: findings,
        DECISIONS_FILE: decisions,
        FINGERPRINTS_FILE: rows,
        MANIFEST_FILE: manifest,
    }
    about = {key: str(parameters[key]) for key in ("county_code", "county_name", "term")}
    return seal.sealed(files, {**about, "fingerprint_key": keys.fingerprint.name}, keys.signing)


def read_package(path: Path, key: Ed25519PublicKey | None = None) -> Package:
    """The package at ``path``: whole, signed (by ``key`` where one is given), and at one with itself.

    Raises PackageRefused with the reason.
    """
    opened = seal.opened(path, FILES, key)
    package = _read(opened)
    _agree(package, opened)
    return package


def _read(opened: seal.Sealed) -> Package:
    about = {
        name: opened.seal.get(name) for name in ("county_code", "county_name", "term", "fingerprint_key")
    }
    if not all(isinstance(value, str) for value in about.values()):
        raise PackageRefused("unreadable_member", opened.place, name=seal.SEAL)
    return Package(
        findings=_part(opened, FINDINGS_FILE, _findings),
        decisions=_part(opened, DECISIONS_FILE, _decisions),
        fingerprints=_part(opened, FINGERPRINTS_FILE, fingerprints.read),
        manifest=_part(opened, MANIFEST_FILE, _manifest),
        key_name=opened.key_name,
        digest=opened.digest,
        **{name: str(value) for name, value in about.items()},
    )


def _part(opened: seal.Sealed, name: str, read: Any) -> Any:
    try:
        return read(opened.files[name])
    except (ValueError, TypeError, KeyError, OSError):  # pyarrow's errors are among them
        raise PackageRefused("unreadable_member", opened.place, name=name) from None


def _findings(body: bytes) -> pd.DataFrame:
    file = pq.ParquetFile(io.BytesIO(body))
    if file.metadata.num_rows > MOST_FINDINGS or file.schema_arrow != FINDINGS.to_pyarrow():
        raise ValueError("findings")
    return file.read().to_pandas()


def _decisions(body: bytes) -> pd.DataFrame:
    reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    if tuple(reader.fieldnames or ()) != DECISION:
        raise ValueError("columns")
    frame = pd.DataFrame(list(reader), columns=list(DECISION)).drop_duplicates()
    if not frame["status"].isin(STATUSES).all():
        raise ValueError("status")
    return frame.sort_values("decided_at", kind="stable", ignore_index=True)


def _manifest(body: bytes) -> dict[str, Any]:
    content = json.loads(body)
    if not isinstance(content, dict) or any(key not in content for key in MANIFEST_KEYS):
        raise ValueError("manifest")
    return content


def _agree(package: Package, opened: seal.Sealed) -> None:
    """Seal, manifest and findings tell of one county, one term and the same number of findings of each rule."""
    parameters = package.manifest["parameters"]
    own = {"county_code": package.county_code, "term": package.term}
    if any(parameters.get(key) != value for key, value in own.items()):
        raise PackageRefused("inconsistent", opened.place, name=MANIFEST_FILE)
    if any((package.findings[key] != value).any() for key, value in own.items()):
        raise PackageRefused("inconsistent", opened.place, name=FINDINGS_FILE)
    counted = Counter(package.findings["rule"])
    told = {rule: counts["exceptions"] for rule, counts in package.manifest["rules"].items()}
    if package.findings["finding_id"].duplicated().any() or +Counter(told) != counted:
        raise PackageRefused("inconsistent", opened.place, name=FINDINGS_FILE)
