"""A city of three counties that do not say all: ninety manipulations, each with the ``recheck.*`` finding that must show it,
among innocent differences that must show nothing. The same city for the same seed.

- The *silent* county takes findings out of its package, one of every rule, and alters fields of others; its files reach the
  city in another order, with other running numbers.
- The *lenient* county audits itself under conditions of its own: dates, standards, stages, registers and columns left out.
- The *tidy* county changes rows after its self-check, closes and clears what is not, and hands in what contradicts itself.

Innocent in all of them: late payments that are lawful, numbers corrected, files exported anew, a parameter that hides nothing,
clearings with a cause. Every person is made up (area 99).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from false_county import county, exported_anew, listed, parameters_of, write
from false_denials import deny, open_ids, repay_in_word
from plain_county import PARAMETERS, County

from auditlib.base.places import POLICIES
from auditlib.city.counties import reperform
from auditlib.city.parameters import check_recheck
from auditlib.city.programme import compare_counties
from auditlib.county import self_check
from auditlib.county.outputs import with_decisions, write_outputs
from auditlib.decisions.dispositions import COLUMNS as DECISION
from auditlib.law.parameters import SelfCheck
from auditlib.package import contents, seal
from auditlib.package.keys import county_keys
from auditlib.tables.findings import write_findings

TERM, BEFORE, COPIED = "2020-autumn", "2021-01-05", "2021-01-10"
SILENT, LENIENT, TIDY = "990131", "990132", "990133"
FIRST = {SILENT: 1, LENIENT: 301, TIDY: 601}  # the number of the first pupil: nobody is in two counties
ABOUT = ("county_code", "county_name", "term", "fingerprint_key")
ALTERED: dict[str, Callable[[Any], Any]] = {
    "at_stake": lambda yuan: Decimal("0.01") if yuan != Decimal("0.01") else Decimal("0.02"),
    "name": lambda _name: "张三",
    "records": lambda rows: list(rows)[:-1],
    "severity": lambda word: "low" if word != "low" else "medium",
    "family": lambda word: "procedure" if word != "procedure" else "totals",
    "school_name": lambda _name: "另一学校",
    "reason": lambda _code: "other",
    "confidence": lambda _share: 0.01,
}
Expected = dict[str, str]  # the id of a finding of the re-check -> what it must show


@dataclass
class Play:
    """One county's part: its own rows and the city's copy, its conditions, what is done to its package, what must be shown."""

    code: str
    chance: random.Random
    own: County
    copy: County
    conditions: dict[str, Any] = field(default_factory=dict)
    taken_out: set[str] = field(default_factory=set)
    alterations: dict[str, tuple[str, Any]] = field(default_factory=dict)
    decisions: list[dict[str, str]] = field(default_factory=list)
    must_show: Expected = field(default_factory=dict)
    may_show: set[str] = field(default_factory=set)
    lie: str = ""
    rows_touched: list[tuple[dict[str, str], str, str]] = field(default_factory=list)

    def show(self, rule: str, subject: str, what: str) -> None:
        """A manipulation, and the finding that must show it."""
        self.must_show[self.finding(rule, subject)] = f"{self.code} {rule}: {what}"

    def touched(self, row: dict[str, str], change: str, what: str = "") -> None:
        """A payment of the city's copy that is not what it was; without ``what`` lawfully: then it is said, and nothing else."""
        self.rows_touched.append((row, change, what))

    def place_rows(self) -> None:
        """Once the copy is whole: where the payments touched stand in it."""
        places = {id(row): f"payments.csv!{n}" for n, row in enumerate(self.copy["payments"], 2)}
        for row, change, what in self.rows_touched:
            subject = f"payments|{change}|{places[id(row)]}"
            if what:
                self.show("recheck.data_changed", subject, what)
            else:
                self.may_show.add(self.finding("recheck.data_changed", subject))

    def finding(self, rule: str, subject: str) -> str:
        identity = f"{rule}|{self.code}|{TERM}|{subject}"
        return hashlib.sha256(identity.encode()).hexdigest()[:20]

    def decide(self, finding: str, status: str, **seal_words: str) -> None:
        row = dict.fromkeys(DECISION, "") | {"decided_at": BEFORE, "decided_by": "县资助中心"}
        self.decisions.append(row | {"finding_id": finding, "status": status} | seal_words)


# --- packages --------------------------------------------------------------------------------------------------------


def self_checked(parameters: SelfCheck) -> Path:
    """The county's own run, honest in itself; its package."""
    run = self_check.begin(parameters)
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    results = with_decisions(run, self_check.sum_up(run, registers, audit, self_check.check(run, audit)))
    write_outputs(run, registers, audit, results)
    return parameters.output_dir / "package.zip"


def findings_in(package: Path) -> pd.DataFrame:
    with io.BytesIO(opened(package).files[contents.FINDINGS_FILE]) as body:
        return pd.read_parquet(body)


def opened(package: Path) -> seal.Sealed:
    return seal.open_sealed(package, contents.FILES)


def doctored(package: Path, play: Play) -> None:
    """The package written anew by the county: findings taken out or altered, decisions laid in, counts made to fit."""
    sealed_package = opened(package)
    findings = pd.read_parquet(io.BytesIO(sealed_package.files[contents.FINDINGS_FILE]))
    findings = findings[~findings["finding_id"].isin(play.taken_out)].reset_index(drop=True).astype(object)
    for finding, (column, value) in play.alterations.items():
        at = findings.index[findings["finding_id"] == finding][0]
        findings.at[at, column] = value
    body = io.BytesIO()
    write_findings(findings, body)
    text = io.StringIO()
    out = csv.DictWriter(text, DECISION)
    out.writeheader()
    out.writerows(play.decisions)
    manifest = fitted(json.loads(sealed_package.files[contents.MANIFEST_FILE]), findings)
    if play.lie:
        manifest["rules"][play.lie]["tested"] += 7
        play.show("recheck.package_invalid", play.code, f"{play.lie}: more tested than there are")
    files = dict(sealed_package.files) | {
        contents.FINDINGS_FILE: body.getvalue(),
        contents.DECISIONS_FILE: text.getvalue().encode(),
        contents.MANIFEST_FILE: json.dumps(manifest, ensure_ascii=False).encode(),
    }
    package.write_bytes(sealed(files, sealed_package, play.code))


def fitted(manifest: dict[str, Any], findings: pd.DataFrame) -> dict[str, Any]:
    """The manifest with the counts that the findings have: nothing to see."""
    manifest["findings"] = len(findings)
    for rule, counts in manifest["rules"].items():
        part = findings[findings["rule"] == rule]
        counts["exceptions"] = len(part)
        counts["at_stake"] = f"{sum(part['at_stake'], Decimal(0)):.2f}"
    return manifest


def sealed(files: dict[str, bytes], sealed_package: seal.Sealed, code: str, **about: str) -> bytes:
    seal_words = {name: sealed_package.seal[name] for name in ABOUT} | about
    return seal.sealed_package(files, seal_words, county_keys(code).signing)


# --- the three counties ----------------------------------------------------------------------------------------------


def totals(rows: County) -> County:
    """``rows`` with two printed totals that the payments do not bear out: one of persons, one of yuan."""
    printed = {"scheme": "寄宿生生活补助", "term": TERM, "persons": "1", "amount": "1.00"}
    return rows | {"control_totals": [printed]}


def silent(seed: int, plain: int, examples: int) -> Play:
    chance = random.Random(f"{seed}|silent")
    own = listed(totals(county(FIRST[SILENT], plain, examples)))
    copy = exported_anew(own, chance)
    return Play(SILENT, chance, own, copy, {"reply_by": "2020-12-14"}, lie="missed.unpaid")


def silence(play: Play, findings: pd.DataFrame) -> None:
    """One finding of every rule taken out, a few of them cleared besides; a field of most others altered."""
    fields = list(ALTERED)
    for rule, part in findings.groupby("rule", sort=True):
        ids = play.chance.sample(list(part["finding_id"]), len(part))
        play.taken_out.add(ids[0])
        play.show("recheck.not_reported", ids[0], f"{rule} taken out")
        if play.chance.random() < 0.3:
            play.decide(ids[0], "cleared", cause=f"{rule} 情况属实，已核实")
        for finding in ids[1:3]:
            row = part[part["finding_id"] == finding].iloc[0]
            usable = [f for f in fields if f != "records" or len(row["records"]) > 1]
            column = play.chance.choice(usable)
            play.alterations[finding] = (column, ALTERED[column](row[column]))
            play.show("recheck.not_reproduced", finding, f"{rule}: {column} altered")


LOWERED = """title: {zh: 县标准, en: county standards}
schemes:
  boarder_allowance:
    per_term:
      primary: {2019-03-01: 300}
"""
OF_LENIENT = {
    "thresholds.pay_by": {"pay_by": "2021-06-30"},
    "thresholds.posting_days": {"posting_days": 1},
    "count_date": {"count_date": "2020-09-01"},
    "enrolment_covers": {"enrolment_covers": ["junior", "senior", "special"]},
}
REGISTERS = ("applications", "letters", "control_totals")
COLUMN = "account_holder"


def lenient(seed: int, plain: int, examples: int) -> Play:
    chance = random.Random(f"{seed}|lenient")
    copy = listed(totals(county(FIRST[LENIENT], plain, examples)))
    own = {table: rows for table, rows in copy.items() if table not in REGISTERS}
    conditions = {name: value for given in OF_LENIENT.values() for name, value in given.items()}
    play = Play(LENIENT, chance, own, exported_anew(copy, chance), conditions | {"language": "en"})
    for name in (*OF_LENIENT, *(f"sources.{table}" for table in REGISTERS), f"columns.{'payments'}", "policy.boarder_allowance"):  # fmt: skip
        play.show("recheck.parameters", name, f"{name} of its own")
    return play


def tidy(seed: int, plain: int, examples: int) -> Play:
    """Rows taken away, altered and slipped in after the self-check; lawful changes beside them."""
    chance = random.Random(f"{seed}|tidy")
    own = listed(totals(county(FIRST[TIDY], plain, examples)))
    copy = {table: [dict(row) for row in rows] for table, rows in own.items()}
    play = Play(TIDY, chance, own, copy)
    payments = copy["payments"]
    ordinary = payments[-plain:]  # of the plain pupils
    *chosen_parts, corrected = chance.sample(ordinary, 11)
    removed, lowered = chosen_parts[:6], chosen_parts[6:]
    for row in removed:
        payments.remove(row)
        play.show("recheck.data_changed", f"payments|removed|{row['source']}", "a payment taken away")
    for row in lowered:
        row["amount"] = "450"
        play.touched(row, "altered", "an amount lowered")
    for n in range(3):
        stranger = {"name": f"赵新{'甲乙丙'[n]}", "id_number": f"99019919900101{n:03d}0"}
        payments.append(ordinary[-1] | stranger)
        play.touched(payments[-1], "added", "a payment slipped in")
    corrected["pay_date"] = "2020-11-21"
    play.touched(corrected, "altered")
    return play


def tidy_up(play: Play, findings: pd.DataFrame) -> None:
    """What is closed without a payment, cleared without a cause or against the data; and what was lawfully made good."""
    payments = play.copy["payments"]

    def ids(rule: str) -> list[str]:
        return sorted(findings.loc[findings["rule"] == rule, "finding_id"])

    closed = [*ids("missed.underpaid")[:2], *ids("amount.overpaid")[:2], *ids("ineligible.not_listed")[:1]]
    for finding in closed:
        play.decide(finding, "closed", cause="已整改", amount="0.01")
        play.show("recheck.false_closure", finding, "closed, nothing done")
    for finding, cause in zip(
        ids("mismatch.school")[:2] + ids("ineligible.expired")[:1], ("", "无", "—"), strict=False
    ):
        play.decide(finding, "cleared", cause=cause)
        play.show("recheck.doubtful_clearing", f"no_cause|{finding}", "cleared without a cause")
    for finding in ids("missed.returned")[:2]:
        play.decide(finding, "cleared", cause="银行退汇，已重新发放")
        play.show("recheck.doubtful_clearing", f"contradicted|{finding}", "cleared against the data")
    for finding in ids("mismatch.identity")[:2]:
        play.decide(finding, "cleared", cause="姓名或证号录入有误", evidence="派出所证明")
    procedure = sorted(findings.loc[findings["family"] == "procedure", "finding_id"])
    if len(procedure) >= 10:
        for finding in procedure:
            play.decide(finding, "cleared", cause="程序已补办")
        play.show("recheck.doubtful_clearing", "many|程序已补办", "all of the procedure cleared by one cause")
    deny(play, findings)
    repay_in_word(play, findings)
    for n, finding in enumerate(
        open_ids(play, findings, "missed.unpaid")
    ):  # paid after the self-check, in full, in a row of its own
        line = findings[findings["finding_id"] == finding].iloc[0]
        payments.append({
            "name": line["name"], "id_number": line["id_number"], "school_name": line["school_name"], "scheme": "寄宿生生活补助",
            "term": TERM, "amount": str(line["amount_due"]), "pay_date": "2021-01-04", "result": "成功",
            "account_no": f"62290000000000{n:02d}", "account_holder": line["name"],
        })  # fmt: skip
        play.touched(payments[-1], "added")
        play.decide(finding, "rectified", cause="应发未发，已补发", amount=str(line["amount_due"]))


# --- the city --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """``shown`` of ``planted`` manipulations; ``missed``: what was not shown; ``alarms``: findings that nothing planted asks for."""

    planted: int
    shown: int
    missed: list[str]
    alarms: list[str]


MAKERS = {
    SILENT: (silent, silence),
    LENIENT: (lenient, lambda _play, _found: None),
    TIDY: (tidy, tidy_up),
}


def played(
    folder: Path, seed: int, *, plain: int = 40, examples: int = 2, codes: Iterable[str] = tuple(MAKERS)
) -> Score:
    """The counties' self-checks, what they do to their packages, and the city's re-check of them."""
    plays, packages, params = [], [], []
    for code in codes:
        make, act = MAKERS[code]
        play = make(seed, plain, examples)
        package = self_checked(_own(folder / code, play))
        act(play, findings_in(package))
        doctored(package, play)
        plays.append(play)
        packages.append(str(package))
        params.append(_copied(folder / f"{code}-copy", play))
    return _scored(plays, _found(folder, packages, params, plays))


def _own(folder: Path, play: Play) -> SelfCheck:
    left_out = [COLUMN] if play.code == LENIENT else []
    sources = write(folder / "files", play.own, left_out)
    policy = list(PARAMETERS["policy"])
    if play.code == LENIENT:
        (folder / "县标准.yaml").write_text(LOWERED, encoding="utf-8")
        policy.append(str(folder / "县标准.yaml"))
    return parameters_of(
        play.code, folder / "files", sources, folder / "run", policy=policy, **play.conditions
    )


def _copied(folder: Path, play: Play) -> str:
    play.place_rows()
    sources = write(folder / "files", play.copy)
    parameters = parameters_of(play.code, folder / "files", sources, folder / "run")
    file = folder / "parameters.yaml"
    file.write_text(yaml.safe_dump(parameters.as_json(), allow_unicode=True), encoding="utf-8")
    return str(file)


def _found(folder: Path, packages: list[str], params: list[str], plays: list[Play]) -> pd.DataFrame:
    sample = {
        "method": "attribute",
        "confidence": "0.95",
        "tolerable_rate": "0.2",
        "expected_rate": "0",
        "seed": "1",
    }
    values = {
        "city_code": "9901", "city_name": "样市", "term": TERM, "packages": packages, "county_params": params, "sample": sample,
        "copied_on": {play.code: COPIED for play in plays}, "output_dir": str(folder / "city"),
    }  # fmt: skip
    run = check_recheck(values, base=folder)
    return compare_counties(run, reperform(run)).findings


def _scored(plays: list[Play], findings: pd.DataFrame) -> Score:
    ids = set(findings["finding_id"])
    expected = {finding: what for play in plays for finding, what in play.must_show.items()}
    allowed = {finding for play in plays for finding in play.may_show} | set(expected)
    others = findings[~findings["finding_id"].isin(allowed)]
    alarms = [f"{row['county_code']} {row['rule']} {row['reason']}: {row['message']} {list(row['records'])[:3]}" for row in others.to_dict("records")]  # fmt: skip
    missed = sorted(what for finding, what in expected.items() if finding not in ids)
    return Score(len(expected), len(expected) - len(missed), missed, alarms)


__all__ = ["LENIENT", "POLICIES", "SILENT", "TIDY", "Score", "played"]
