"""Whose a package is: one under a code or a name that the city does not know is read, and is an open point."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_city import EAST, WEST, City
from test_recheck_rules import findings_of, submission_of

from auditlib.city.parameters import check_recheck
from auditlib.city.submissions import open_packages
from auditlib.package import contents, keys, seal


def named(city: City, name: str) -> Path:
    """The west's package, signed by the west itself under another name."""
    west = seal.open_sealed(city.folder / "run-west" / "package.zip", contents.FILES)
    manifest = json.loads(west.files[contents.MANIFEST_FILE])
    manifest["parameters"]["county_name"] = name
    files = dict(west.files) | {contents.MANIFEST_FILE: json.dumps(manifest).encode()}
    seal_words = {part: west.seal[part] for part in contents.ABOUT} | {"county_name": name}
    package = city.folder / "named.zip"
    package.write_bytes(seal.sealed(files, seal_words, keys.county_keys(WEST).signing))
    return package


@pytest.mark.parametrize(
    ("name", "copies", "key_of", "doubt"),
    [
        ("别处县", 2, "", "unknown_name"),
        ("县", 2, "", "unknown_name"),
        ("青禾省样12县", 2, "", ""),
        ("样 12", 2, "", ""),
        ("990111201101010018县", 2, "", "unknown_name"),
        ("样12县", 1, "", "unknown_county"),
        ("样12县", 1, WEST, ""),
    ],
)
def test_a_package_that_may_be_nobody_s_is_read_and_doubted(
    city: City, monkeypatch: pytest.MonkeyPatch, name: str, copies: int, key_of: str, doubt: str
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    values = {
        "packages": [str(named(city, name))],
        "county_params": city.parameters["county_params"][:copies],  # type: ignore[index]
        "keys": {key_of: str(city.folder / "run-west" / f"public-key-{key_of}.pem")} if key_of else {},
    }
    submission = open_packages(check_recheck(city.parameters | values, base=city.folder))[WEST]
    assert submission.package is not None and submission.doubt == doubt
    assert submission.county_name == (name if "9" not in name else "990111**********18县")


def test_a_package_that_contradicts_itself_hides_no_other_doubt() -> None:
    submission = submission_of("findings", doubt="unknown_name")
    county: Any = SimpleNamespace(
        code=EAST,
        name="样11县",
        package=submission.package,
        submission=submission,
        conditions=None,
        fingerprints=None,
    )
    points = findings_of(counties=[county], untold={EAST: ["enrolment:e.csv!2"]})
    assert sorted(points["reason"]) == ["contradictory", "contradictory", "unknown_name"]
    assert points["finding_id"].is_unique
