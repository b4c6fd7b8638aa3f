"""A city of two tiny counties: what each holds, what one of them decided, and visits that find nothing wrong."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from test_recheck_compare import handed_in
from tiny_county import Tables, changed, deliver, pupil, tables

from auditlib.city.counties import reperform
from auditlib.city.field_columns import COLUMNS
from auditlib.city.field_sheet import HEAD
from auditlib.city.parameters import ReCheck, check_recheck
from auditlib.city.programme import compare_counties, conclude_all, draw_samples, read_visits
from auditlib.city.results import RecheckResults
from auditlib.city.submissions import Submission, open_packages
from auditlib.decisions.dispositions import COLUMNS as DECISION
from auditlib.law.parameters import SelfCheck
from auditlib.package import contents, seal

EAST, WEST = "990111", "990112"
SIDES = {EAST: "east", WEST: "west"}


@dataclass(frozen=True)
class City:
    folder: Path
    parameters: dict[str, object]
    results: RecheckResults


def run_recheck(run: ReCheck) -> RecheckResults:
    """The whole chain of the notebook."""
    counties = reperform(run)
    comparison = compare_counties(run, counties)
    draws = draw_samples(run, counties)
    return conclude_all(run, counties, comparison, draws, read_visits(run, draws))


def east() -> Tables:
    return tables(12)


def west() -> Tables:
    """Pupil 3 of the east is paid and enrolled here too; pupil 4 was paid here too, and gave it back."""
    own = tables(10, first=101, school="9901000002")
    guest, paid = pupil(3), own["payments"][0]
    return own | {
        "enrolment": [
            *own["enrolment"],
            own["enrolment"][0] | guest | {"student_no": "G" + guest["id_number"]},
        ],
        "eligibility": [*own["eligibility"], own["eligibility"][0] | guest | {"household_no": "H3"}],
        "payments": [
            *own["payments"],
            paid | guest | {"account_no": "6229000000000003"},
            *(
                paid | pupil(4) | {"account_no": "6229000000000004", "amount": amount}
                for amount in ("500", "-500")
            ),
        ],
    }


def finding_id(rule: str, county: str, subject: str) -> str:
    """The id that a finding has before anything ran: its rule, county, term and subject say it."""
    return hashlib.sha256(f"{rule}|{county}|2020-autumn|{subject}".encode()).hexdigest()[:20]


def lost_child(county: Tables) -> Tables:
    """The east lists pupil 105 of the west as eligible: missed.not_found there, found in the west's register."""
    return changed(
        county, "eligibility", lambda rows: [*rows, rows[0] | pupil(105) | {"household_no": "H105"}]
    )


def written(folder: Path, parameters: SelfCheck) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{parameters.county_code}.yaml"
    file.write_text(yaml.safe_dump(parameters.as_json(), allow_unicode=True), encoding="utf-8")
    return file


UNPAID = finding_id("missed.unpaid", EAST, f"{pupil(12)['id_number']}|boarder_allowance")


def decided(folder: Path, finding: str, status: str, **said: str) -> None:
    """What the county wrote down about a finding, before it hands in its package."""
    row = dict.fromkeys(DECISION, "") | {"decided_at": "2021-01-05", "decided_by": "县资助中心"}
    folder.mkdir()
    with (folder / "dispositions.csv").open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, DECISION)
        out.writeheader()
        out.writerow(row | {"finding_id": finding, "status": status} | said)


def visited(sheet: Path, filled: Path) -> Path:
    """Every row filled in, nothing wrong."""
    book = openpyxl.load_workbook(sheet)
    at = {column.name: place for place, column in enumerate(COLUMNS, start=1)}
    for page in book.worksheets[1:]:
        for row in range(HEAD + 2, page.max_row + 1):
            if page.cell(row, at["unit_id"]).value:
                good = {
                    "seen": "是",
                    "deviates": "否",
                    "audited": page.cell(row, at["amount"]).value,
                    "inspector": "甲",
                    "inspected_on": "2021-01-15",
                }
                for name, value in good.items():
                    page.cell(row, at[name]).value = value
    book.save(filled)
    return filled


def rechecked_city(folder: Path) -> City:
    """Both counties' self-checks and the city's re-check of them, all in ``folder``."""
    first = deliver(folder / "east", lost_child(east()), code=EAST, output=folder / "run-east")
    decided(folder / "run-east", UNPAID, "rectified", amount="500", cause="应发未发，已补发")
    package = handed_in(first)
    second = deliver(folder / "west", west(), code=WEST, output=folder / "run-west")
    handed_in(second)
    # The city's own copies: one payment of the east was taken away after the self-check.
    copy = changed(lost_child(east()), "payments", lambda rows: rows[1:])
    params = [
        written(folder / "city", deliver(folder / "city" / "east", copy, code=EAST)),
        written(folder / "city", deliver(folder / "city" / "west", west(), code=WEST)),
    ]
    parameters: dict[str, object] = {
        "city_code": "9901",
        "city_name": "青禾市",
        "term": "2020-autumn",
        "packages": [str(package), str(folder / "run-west" / "package.zip")],
        "county_params": [str(file) for file in params],
        "keys": {EAST: str(folder / "run-east" / f"public-key-{EAST}.pem")},
        "sample": {
            "method": "attribute", "confidence": "0.95", "tolerable_rate": "0.2", "expected_rate": "0",
            "seed": "20201231", "ordered_share": "0.1",
        },
        "copied_on": {EAST: "2021-01-10"},
        "output_dir": str(folder / "out"),
    }  # fmt: skip
    return City(folder, parameters, run_recheck(check_recheck(parameters, base=folder)))


def handed(city: City, *packages: Path, keys: tuple[str, ...] = (), copies: int = 2) -> dict[str, Submission]:
    """What the city makes of ``packages``, holding the files of the first ``copies`` counties and public keys of ``keys``."""
    public = str(city.folder / "run-east" / f"public-key-{EAST}.pem")
    values = {
        "packages": list(map(str, packages)),
        "county_params": city.parameters["county_params"][:copies],  # type: ignore[index]
        "keys": dict.fromkeys(keys, public),
    }
    return open_packages(check_recheck(city.parameters | values, base=city.folder))


def by_stranger(city: City, code: str, name: str = "stranger.zip") -> Path:
    """A package under a county's code and name, signed by somebody else."""
    own = seal.open_sealed(city.folder / f"run-{SIDES[code]}" / "package.zip", contents.FILES)
    about = {part: own.seal[part] for part in contents.ABOUT}
    package = city.folder / name
    package.write_bytes(
        seal.sealed_package(own.files, about, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    )
    return package


def without_west(city: City) -> ReCheck:
    packages = [city.folder / "run-east" / "package.zip", city.folder / "run-west-tokens" / "package.zip"]
    own = {"packages": list(map(str, packages)), "county_params": city.parameters["county_params"][:1]}  # type: ignore[index]
    public = {
        code: str(city.folder / f"run-{side}" / f"public-key-{code}.pem") for code, side in SIDES.items()
    }
    return check_recheck(
        city.parameters | own | {"keys": public, "output_dir": str(city.folder / "out-unpooled")},
        base=city.folder,
    )


WHOSE = f"{pupil(109)['name']}，{pupil(109)['id_number']}"
