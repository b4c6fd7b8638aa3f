"""Who committed to which half of the seed, and when; halves are held against it before anything is drawn.

The county's commitment comes in its package or as a line that it hands in. The city's is written into ``commitments.csv``
(append-only) by ``auditlib re-check … --commit``, together with the fingerprint of the population and of the sampling
parameters: whoever speaks last can change neither the list, nor the sizes, nor a half. Only then are halves opened, in
``sample: halves``. Every commitment that was made stays in the ledger, and the report says how many there were: one that
lies with the keys counts those of every output folder. The county's is the one that it signed: a line that the city writes
down beside it cannot take its place.
"""

from __future__ import annotations

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
from auditlib.base.ledger import Ledger
from auditlib.city.parameters import COMMITMENT, ReCheck, Sample
from auditlib.city.population import Population
from auditlib.package import Package
from auditlib.package.draw_half import commitment_of, is_sound, kept_half
from auditlib.package.keys import folder as keys_folder

LEDGER = Ledger(
    "commitments.csv",
    ("recorded_at", "side", "county_code", "sha256", "on", "by", "population_sha256", "sample_sha256"),
    Text("承诺记录", "the ledger of commitments"),
    time="recorded_at",
)
NOT_CHOSEN = ("seed", "county_seeds", "halves", "commitments")
WORDS = {
    "no_half": (
        Text("“{who}”没有开启它的一半种子", "“{who}” has not opened its half of the seed"),
        Text("请其交出一半（half 一行），填在工作台市级复查页，或写进参数 sample › halves", "ask it for its half (the line “half”) and fill it in on the desk's page, or write it into sample › halves"),
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
    "weak_half": (
        Text(
            "“{who}”的一半种子不是为本县（市）、本学期随机生成的：县市代码、学期不符，或者太短，从承诺就能试出来",
            "the half of “{who}” was not made at random for this place and term: another code or term, or so short that it can be "
            "tried out from the commitment",
        ),
        Text(
            "不能抽样：请其删去旧的 draw-half.json，由程序重新生成（CODE:TERM:…，其后不少于 32 个随机字符），各方重新承诺",
            "nothing is drawn: let it remove its old draw-half.json, have a new one made (CODE:TERM:… and at least 32 random "
            "characters), and all sides commit anew",
        ),
    ),
    "two_commitments": (
        Text(
            "“{who}”签名的报送包里是一个承诺，参数 sample › commitments 里写的是另一个",
            "the signed package of “{who}” holds one commitment, sample › commitments in the parameters another",
        ),
        Text(
            "以县里签名的为准：删去参数里的那一行；县里确须换的，请其重新运行自查、重新报送",
            "the one that the county signed holds: take the line out; a county that must change it runs its self-check again",
        ),
    ),
    "half_known": (
        Text(
            "参数里已有开启的一半种子（sample › halves），现在承诺的一方可以照着它选",
            "halves stand open in the parameters (sample › halves): whoever commits now could choose by them",
        ),
        Text(
            "先承诺，后开启：在工作台清空“一半种子”各格（或删去参数的 halves），再按“看样本量，封存并承诺”（或运行 --commit）；已经开启过的，各方换新的一半",
            "first commit, then open: empty the halves on the desk's page (or take halves out of the parameters) and press See the sample, seal and commit "
            "(or run --commit) again; once they were opened, all sides need new halves",
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
class BothHalves:
    """Both halves, opened and found to be those committed to; ``in_order``: no time in the ledger is before the one above."""

    city_half: str
    county_half: str
    city: Commitment
    county: Commitment
    in_order: bool = True

    @property
    def is_blind(self) -> bool:
        """Did each side commit once, and the county before the city? Who did so later may have known the other's half."""
        once = self.city.times == self.county.times == 1
        return once and self.in_order and self.county.entered <= self.city.entered

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        sides: dict[str, Any] = {side: vars(getattr(self, side)) for side in ("city", "county")}
        return sides | {"blind": self.is_blind, "in_order": self.in_order}


def sample_digest(sample: Sample) -> str:
    """SHA-256 of what was chosen for the draw, the seed aside."""
    choices = {name: str(value) for name, value in vars(sample).items() if name not in NOT_CHOSEN}
    return hashlib.sha256(json.dumps(choices, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def of_county(run: ReCheck, population: Population, package: Package | None) -> Commitment | None:
    """The county's commitment, from its package or from the line that it handed in. Raises AuditError where they differ."""
    signed_commitment, line = _signed_commitment(package), run.sample.commitments.get(population.county_code)
    line_parts = COMMITMENT.fullmatch(line) if line else None
    if signed_commitment and line_parts and line_parts[1] != signed_commitment.sha256:
        raise _refusal("two_commitments", population.county_name, run)
    if signed_commitment or not line_parts:
        return signed_commitment
    return Commitment(sha256=line_parts[1], on=line_parts[2], by=line_parts[3])


def _signed_commitment(package: Package | None) -> Commitment | None:
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

    Gives all rows that hold for these populations; a row that stands there already is not entered twice. Raises AuditError
    where a new one would be entered with halves open.
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
        theirs = of_county(run, population, package)
        sides |= {"county": theirs} if theirs else {}
        rows += [
            {"recorded_at": now.isoformat(timespec="seconds"), "side": side, **place, "sha256": c.sha256, "on": c.on, "by": c.by}
            for side, c in sides.items()
        ]  # fmt: skip
    kept_folder, kept_ledger = _kept_ledger(run)
    if run.sample.halves and _fresh(rows, _known_rows(run)):
        raise _refusal("half_known", run.city_name, run)
    # The run's folder first: what is kept beside is no commitment by itself.
    for folder, ledger in ((run.output_dir, LEDGER), (kept_folder, kept_ledger)):
        owners.shut_folder(folder)
        ledger.add(folder, *_fresh(rows, read_ledger(folder, ledger)))
    return rows


def _kept_ledger(run: ReCheck) -> tuple[Path, Ledger]:
    """Folder and ledger beside the city's half: commitments of every output folder."""
    return keys_folder(), replace(LEDGER, file=f"{run.city_code}-{run.term}.{LEDGER.file}")


def _known_rows(run: ReCheck) -> list[dict[str, str]]:
    """The rows of the folder's ledger, and behind them those that other folders have entered."""
    rows = read_ledger(run.output_dir)
    return rows + _fresh(read_ledger(*_kept_ledger(run)), rows)


def _fresh(rows: Iterable[dict[str, str]], present: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Those of ``rows`` that do not stand there already, whenever they were entered."""
    entries = {tuple(row[key] for key in LEDGER.columns[1:]) for row in present}
    return [row for row in rows if tuple(row[key] for key in LEDGER.columns[1:]) not in entries]


def read_ledger(folder: Path, ledger: Ledger = LEDGER) -> list[dict[str, str]]:
    """The rows of a ledger of commitments, also where files cannot be locked; none where there is none."""
    file = folder / ledger.file
    return ledger.parsed(file.read_bytes(), file) if file.exists() else []


def day_unopened(run: ReCheck, county_code: str) -> str:
    """When the city committed for a draw whose halves are not opened; empty where it did not or they are."""
    own = [row for row in _known_rows(run) if (row["side"], row["county_code"]) == ("city", county_code)]
    return own[0]["recorded_at"] if own and not run.sample.halves else ""


def opened_halves(run: ReCheck, population: Population, package: Package | None) -> BothHalves | None:
    """Both halves of a county's seed, checked; None where the parameters open none. Raises AuditError."""
    if not run.sample.halves:
        return None
    code, name = population.county_code, population.county_name
    halves = run.sample.halves
    for side, who in ((run.city_code, run.city_name), (code, name)):
        if not halves.get(side):
            raise _refusal("no_half", who, run)
    county, ledger = of_county(run, population, package), _known_rows(run)
    rows = [row for row in ledger if row["county_code"] == code]
    own, theirs = ([row for row in rows if row["side"] == side] for side in ("city", "county"))
    entry_days = [row["recorded_at"] for row in theirs if county and row["sha256"] == county.sha256]
    if county is None or not entry_days:
        raise _refusal("no_commitment", name, run)
    if county.sha256 != commitment_of(halves[code]):
        raise _refusal("other_half", name, run)
    # A county that hears the city's half can commit anew, and again: so how often it did, and when, is told.
    times = len({row["sha256"] for row in theirs})
    county = replace(county, times=times, entered=entry_days[0])
    city = _of_city(run, population, own)
    for side, who in ((run.city_code, run.city_name), (code, name)):
        if not is_sound(halves[side], side, run.term):
            raise _refusal("weak_half", who, run)
    times_entered = [row["recorded_at"] for row in read_ledger(run.output_dir)]
    in_order = times_entered == sorted(times_entered)
    return BothHalves(halves[run.city_code], halves[code], city, county, in_order)


def _of_city(run: ReCheck, population: Population, ledger_rows: list[dict[str, str]]) -> Commitment:
    if not ledger_rows:
        raise _refusal("no_commitment", run.city_name, run)
    digest = commitment_of(run.sample.halves[run.city_code])
    own = [row for row in ledger_rows if row["sha256"] == digest]
    if not own:
        raise _refusal("other_half", run.city_name, run)
    sealed_digests = (population.fingerprint, sample_digest(run.sample))
    sealed_rows = [row for row in own if (row["population_sha256"], row["sample_sha256"]) == sealed_digests]
    if not sealed_rows:
        raise _refusal("changed_since", run.city_name, run)
    different = {(row["sha256"], row["population_sha256"], row["sample_sha256"]) for row in ledger_rows}
    day = sealed_rows[0]["recorded_at"]
    return Commitment(digest, day, sealed_rows[0]["by"], len(different), day)


def _refusal(why: str, who: str, run: ReCheck) -> AuditError:
    what, remedy = WORDS[why]
    place = Text(f"{LEDGER.file}；参数 sample", f"{LEDGER.file}; parameters, sample")
    return AuditError(Problem(what.fill(who=who), place, remedy), run.language)
