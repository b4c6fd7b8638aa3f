"""Who committed to which half of the seed, and when; halves are held against it before anything is drawn.

The county's commitment comes in its package or as a line that it hands in. The city's is written into ``commitments.csv``
(append-only) by ``auditlib re-check … --commit``, together with the fingerprint of the population and of the sampling
parameters: whoever speaks last can change neither the list, nor the sizes, nor a half. Only then are halves opened, in
``sample: halves``. Every commitment that was made stays in the ledger, and the report says how many there were.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditlib.base import owners
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.city.parameters import COMMITMENT, ReCheck, Sample
from auditlib.city.population import Population
from auditlib.package import Package
from auditlib.package.draw_half import commitment_of, kept_half

LEDGER = "commitments.csv"
COLUMNS = ("recorded_at", "side", "county_code", "sha256", "on", "by", "population_sha256", "sample_sha256")
NOT_CHOSEN = ("seed", "county_seeds", "halves", "commitments")
WORDS = {
    "no_half": (
        Text("“{who}”没有开启它的一半种子", "“{who}” has not opened its half of the seed"),
        Text("请其交出 half 一行，写进参数 sample › halves", "ask it for the line “half” and write it into sample › halves"),
    ),
    "no_commitment": (
        Text("“{who}”的一半种子事先没有承诺", "“{who}” had not committed to its half of the seed"),
        Text(
            "县里的承诺在报送包里，或写进 sample › commitments；两方的都由 auditlib re-check … --commit 登记，然后才请各方开启",
            "a county's commitment is in its package, or goes into sample › commitments; both are entered by auditlib "
            "re-check … --commit, before any half is opened",
        ),
    ),
    "other_half": (
        Text("“{who}”交出的一半种子与它的承诺不符", "the half of “{who}” is not the one that it committed to"),
        Text(
            "核对有没有抄错（printf '%s' 'HALF' | sha256sum）；抄得没错的，不能抽样，须查明原因",
            "look for a slip of the pen (printf '%s' 'HALF' | sha256sum); without one nothing is drawn until it is explained",
        ),
    ),
    "changed_since": (
        Text("“{who}”承诺以后，总体清单或抽样参数变了", "the population or the sampling parameters changed after “{who}” committed"),
        Text(
            "恢复承诺时的数据和参数；确须改变的，各方换新的一半，重新承诺",
            "restore the data and parameters of the commitment; where they must change, all sides commit to new halves",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Commitment:
    """A side's commitment: the hash, the day, by whom; ``times``: how many different ones it made for this draw; ``entered``:
    when the ledger took in the one that holds."""

    sha256: str
    on: str
    by: str
    times: int = 1
    entered: str = ""


@dataclass(frozen=True)
class Opened:
    """Both halves, opened and found to be those committed to."""

    city_half: str
    county_half: str
    city: Commitment
    county: Commitment

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {side: vars(getattr(self, side)) for side in ("city", "county")}


def sample_digest(sample: Sample) -> str:
    """SHA-256 of what was chosen for the draw, the seed aside."""
    choices = {name: str(value) for name, value in vars(sample).items() if name not in NOT_CHOSEN}
    return hashlib.sha256(json.dumps(choices, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def of_county(package: Package | None, line: str | None) -> Commitment | None:
    """The county's commitment, from the line that it handed in or from its package."""
    if line and (line_parts := COMMITMENT.fullmatch(line)):
        return Commitment(sha256=line_parts[1], on=line_parts[2], by=line_parts[3])
    manifest_entry = package.manifest.get("draw_commitment") if package else None
    if not isinstance(manifest_entry, Mapping) or not all(
        isinstance(manifest_entry.get(key), str) for key in ("sha256", "on", "by")
    ):
        return None
    return Commitment(manifest_entry["sha256"], manifest_entry["on"], manifest_entry["by"])


def commit(
    run: ReCheck, counties: Iterable[tuple[Population, Package | None]], now: dt.datetime
) -> list[dict[str, str]]:
    """The city's commitment for each county's draw, and the county's as it came in, entered in the ledger.

    Gives all rows that hold for these populations; a row that stands there already is not entered twice.
    """
    half, sample_sha256 = kept_half(run.city_code, run.term), sample_digest(run.sample)
    rows = []
    for population, package in counties:
        code = population.county_code
        place = {
            "county_code": code,
            "population_sha256": population.fingerprint,
            "sample_sha256": sample_sha256,
        }
        sides = {"city": Commitment(half.sha256, half.committed_on, run.city_name)}
        theirs = of_county(package, run.sample.commitments.get(code))
        sides |= {"county": theirs} if theirs else {}
        rows += [
            {"recorded_at": now.isoformat(timespec="seconds"), "side": side, **place, "sha256": c.sha256, "on": c.on, "by": c.by}
            for side, c in sides.items()
        ]  # fmt: skip
    _append(rows, run.output_dir / LEDGER)
    return rows


def _append(rows: list[dict[str, str]], file: Path) -> None:
    present = [{key: row[key] for key in COLUMNS[1:]} for row in read_ledger(file)]
    new = [row for row in rows if {key: row[key] for key in COLUMNS[1:]} not in present]
    is_new = not file.exists()
    owners.shut_folder(file.parent)
    with owners.open_private(file, "a", encoding="utf-8-sig" if is_new else "utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        if is_new:
            writer.writeheader()
        writer.writerows(new)


def read_ledger(file: Path) -> list[dict[str, str]]:
    """The rows of ``commitments.csv``; none where there is none."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [{key: row.get(key) or "" for key in COLUMNS} for row in csv.DictReader(lines)]


def opened_halves(run: ReCheck, population: Population, package: Package | None) -> Opened | None:
    """Both halves of a county's seed, checked; None where the parameters open none. Raises AuditError."""
    if not run.sample.halves:
        return None
    code, name = population.county_code, population.county_name
    halves = run.sample.halves
    for side, who in ((run.city_code, run.city_name), (code, name)):
        if not halves.get(side):
            raise _refusal("no_half", who, run)
    county = of_county(package, run.sample.commitments.get(code))
    rows = [row for row in read_ledger(run.output_dir / LEDGER) if row["county_code"] == code]
    own, theirs = ([row for row in rows if row["side"] == side] for side in ("city", "county"))
    entered = [row["recorded_at"] for row in theirs if county and row["sha256"] == county.sha256]
    if county is None or not entered:
        raise _refusal("no_commitment", name, run)
    if county.sha256 != commitment_of(halves[code]):
        raise _refusal("other_half", name, run)
    # A county that hears the city's half can commit anew, and again: so how often it did, and when, is told.
    times = len({row["sha256"] for row in theirs})
    county = replace(county, times=times, entered=entered[0])
    return Opened(halves[run.city_code], halves[code], _of_city(run, population, own), county)


def _of_city(run: ReCheck, population: Population, ledger_rows: list[dict[str, str]]) -> Commitment:
    if not ledger_rows:
        raise _refusal("no_commitment", run.city_name, run)
    digest = commitment_of(run.sample.halves[run.city_code])
    own = [row for row in ledger_rows if row["sha256"] == digest]
    if not own:
        raise _refusal("other_half", run.city_name, run)
    sealed = (population.fingerprint, sample_digest(run.sample))
    sealed_rows = [row for row in own if (row["population_sha256"], row["sample_sha256"]) == sealed]
    if not sealed_rows:
        raise _refusal("changed_since", run.city_name, run)
    different = {(row["sha256"], row["population_sha256"], row["sample_sha256"]) for row in ledger_rows}
    day = sealed_rows[0]["recorded_at"]
    return Commitment(digest, day, sealed_rows[0]["by"], len(different), day)


def _refusal(why: str, who: str, run: ReCheck) -> AuditError:
    what, remedy = WORDS[why]
    place = Text(f"{LEDGER}；参数 sample", f"{LEDGER}; parameters, sample")
    return AuditError(Problem(what.fill(who=who), place, remedy), run.language)
