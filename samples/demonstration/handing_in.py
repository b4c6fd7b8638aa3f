"""How the sample counties hand in their packages: 青禾县 as it is, 白石县 with a finding taken out, 云溪县 unsigned."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditlib.base.owners import shut_all, shut_folder
from auditlib.package import contents, seal
from auditlib.package.keys import county_keys
from auditlib.tables.findings import write_findings
from samples.neighbours import TERM, removed_finding

COUNTIES = ("990122", "990123", "990124")
CUT, NO_SIGNATURE = "990123", "990124"
ABOUT = ("county_code", "county_name", "term", "fingerprint_key")


def without_finding(package: bytes, finding: str, key: Ed25519PrivateKey, scratch: Path) -> bytes:
    """``package`` without one finding, the counts made to fit and sealed anew by the county itself: nothing to see."""
    parts = seal.opened_bytes(package, contents.FILES)
    findings = pd.read_parquet(io.BytesIO(parts.files[contents.FINDINGS_FILE]))
    rule, yuan = findings.loc[findings["finding_id"] == finding, ["rule", "at_stake"]].iloc[0]
    manifest = json.loads(parts.files[contents.MANIFEST_FILE])
    counts = manifest["rules"][rule]
    counts["exceptions"] -= 1
    counts["at_stake"] = str(Decimal(counts["at_stake"]) - yuan)
    manifest["findings"] -= 1
    write_findings(findings[findings["finding_id"] != finding], scratch)
    files = dict(parts.files) | {
        contents.FINDINGS_FILE: scratch.read_bytes(),
        contents.MANIFEST_FILE: json.dumps(manifest, ensure_ascii=False).encode(),
    }
    scratch.unlink()
    return seal.sealed_package(files, {name: parts.seal[name] for name in ABOUT}, key)


def without_signature(package: bytes) -> bytes:
    """``package`` without its signature."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source_zip, zipfile.ZipFile(buffer, "w") as cut:
        for entry in source_zip.infolist():
            if entry.filename != seal.SIGNATURE:
                cut.writestr(entry, source_zip.read(entry))
    return buffer.getvalue()


def hand_in(runs: Path, outbox: Path, samples: Path) -> None:
    """The packages of the counties' ``runs`` (a folder a county) as they reach the city, into ``sent``."""
    shut_folder(outbox)
    packages = {code: (runs / f"{code}-{TERM}" / "package.zip").read_bytes() for code in COUNTIES}
    key = county_keys(CUT).signing
    faulty = {
        CUT: without_finding(packages[CUT], removed_finding(samples), key, outbox / "scratch.parquet"),
        NO_SIGNATURE: without_signature(packages[NO_SIGNATURE]),
    }
    for code, content in (packages | faulty).items():
        (outbox / f"{code}.zip").write_bytes(content)
    shut_all(outbox)
