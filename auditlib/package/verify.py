"""``auditlib verify``: is a package whole and the county's own, and does a re-run give the same findings?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import auditlib
from auditlib.base.language import Text
from auditlib.findings.catalogue import MEMBER as CATALOGUE
from auditlib.findings.catalogue import catalogue_digest, program_of
from auditlib.findings.results import Results
from auditlib.law.parameters import SelfCheck
from auditlib.package.contents import Package, read_package
from auditlib.package.keys import fingerprint_key, read_public
from auditlib.package.nameless import keyed_ids

# What a re-run may choose otherwise without any effect on the findings.
OF_NO_EFFECT = (
    "data_dir", "output_dir", "hand_in", "language", "county_name", "lost_share", "rectification", "memory_limit",
    "spill_dir",
)  # fmt: skip
# Folders of each machine, with decisions or a run of the term before, which bears on findings: whether there was such a run is
# told by the rules that rest on it (auditlib.city.conditions.has_earlier_run), not by these names.
TOLD_BY_RULES = ("previous",)
MOST_SHOWN = 5
WHOLE_TEXT = Text(
    "完整：{files} 项疑点，{decisions} 条处理，{rows} 行指纹，{tokens} 行加密标识；{county}（{code}）{term}{how}",
    "whole: {files} findings, {decisions} decisions, {rows} row fingerprints, {tokens} rows of tokens; {county} ({code}) {term}{how}",
)
NAMELESS = Text("；只交加密标识，没有姓名和号码", "; tokens only, no name and no number")
NO_KEY = Text("本机的密钥不是制作此包的那一把", "this machine has not the key that the package was made with")
SIGNED_TEXT = Text(
    "签名有效，且是另行送达的公钥：{name}", "signed, with the key that was handed over: {name}"
)
SIGNED_BY_SOMEBODY = Text(
    "签名有效，但未核对公钥是谁的：{name}。请与县里电话核对，或用 --key 指定另行送达的公钥",
    "signed, but whose key it is was not checked: {name}. Compare it over the telephone, or give --key",
)
SAME = Text("{what}：一致", "{what}: the same")
OTHER = Text("{what}：不一致：{detail}", "{what}: not the same: {detail}")
PARAMETERS, POLICY, VERSION, INPUTS, FINDINGS = (
    Text("参数", "parameters"),
    Text("政策文件", "policy files"),
    Text("程序版本", "version"),
    Text("输入文件", "input files"),
    Text("重做得到的疑点", "findings of the re-run"),
)
COUNTS = Text("包内多 {more}，缺 {fewer}", "{more} only in the package, {fewer} only in the re-run")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: did it hold, and what to say."""

    what: str
    holds: bool
    sentence: Text


@dataclass(frozen=True)
class Verification:
    """All that was looked at, in order."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)

    def lines(self, language: str) -> list[str]:
        return [f"{'✓' if check.holds else '✗'} {check.sentence.into(language)}" for check in self.checks]


def verify(
    package: Path,
    *,
    key: Path | None = None,
    parameters: SelfCheck | None = None,
    rerun: Callable[[SelfCheck], Results] | None = None,
) -> Verification:
    """Signature, wholeness, version; with ``parameters`` those too, and with ``rerun`` inputs and findings.

    Raises PackageRefused for a package that cannot be relied on at all.
    """
    outside = read_public(key) if key else None
    read = read_package(package, outside)
    checks = [_is_whole(read), _signature(read, outside is not None), _version(read)]
    if parameters is not None:
        checks.append(
            _same(PARAMETERS, *parameter_differences(read.manifest["parameters"], parameters.as_json()))
        )
    if parameters is not None and rerun is not None:
        checks += _against(read, rerun(parameters))
    return Verification(tuple(checks))


def _is_whole(read: Package) -> Check:
    counts = {
        "files": len(read.findings),
        "decisions": len(read.decisions),
        "rows": len(read.fingerprints),
        "tokens": read.tokens.num_rows if read.tokens is not None else 0,
    }
    how = NAMELESS if read.is_nameless else Text("", "")
    sentence = WHOLE_TEXT.fill(
        **counts, how=how, county=read.county_name, code=read.county_code, term=read.term
    )
    return Check("whole", True, sentence)


def _signature(read: Package, is_known: bool) -> Check:
    return Check(
        "signature", True, (SIGNED_TEXT if is_known else SIGNED_BY_SOMEBODY).fill(name=read.key_name)
    )


def _version(read: Package) -> Check:
    theirs = program_of(read.manifest)
    ours = program_of({"auditlib": auditlib.__version__, CATALOGUE: catalogue_digest()})
    return _same(VERSION, *([] if theirs == ours else [f"{theirs} ≠ {ours}"]))


def _same(what: Text, *differences: str) -> Check:
    difference_names = ", ".join(differences[:MOST_SHOWN]) + (" …" if len(differences) > MOST_SHOWN else "")
    sentence = OTHER.fill(what=what, detail=difference_names) if differences else SAME.fill(what=what)
    return Check(what.en, not differences, sentence)


def parameter_differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """The parameters that bear on the findings and differ, thresholds one by one."""
    names = [name for name in {**theirs, **ours} if name not in (*OF_NO_EFFECT, *TOLD_BY_RULES, "thresholds")]
    wrong = [name for name in names if theirs.get(name) != ours.get(name)]
    limits, own = dict(theirs.get("thresholds", {})), dict(ours.get("thresholds", {}))
    return wrong + [f"thresholds.{name}" for name in {**limits, **own} if limits.get(name) != own.get(name)]


def policy_differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """Policy files, by name, whose digests differ or that only one side has."""
    return _by_digest(theirs["policy"], ours["policy"])


def input_differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """Input files, by name, whose digests differ or that only one side has."""
    return _by_digest(theirs["inputs"], ours["inputs"])


def _by_digest(theirs: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[str]:
    pairs = {(entry.get("table", ""), entry["file"], entry["sha256"]) for entry in theirs}
    own = {(entry.get("table", ""), entry["file"], entry["sha256"]) for entry in ours}
    return sorted({file for _, file, _ in pairs ^ own})


def _against(read: Package, results: Results) -> list[Check]:
    return [
        _same(POLICY, *policy_differences(read.manifest, results.manifest)),
        _same(INPUTS, *input_differences(read.manifest, results.manifest)),
        _findings(read, results.findings["finding_id"]),
    ]


def _findings(read: Package, finding_ids: pd.Series) -> Check:
    """The findings of either side by their ids; where the package has them keyed, under the same key."""
    key = fingerprint_key() if read.is_nameless else None
    if read.is_nameless and (key is None or key.name != read.fingerprint_key):
        return Check("findings", False, OTHER.fill(what=FINDINGS, detail=NO_KEY))
    theirs, ours = set(read.findings["finding_id"]), set(keyed_ids(finding_ids, key) if key else finding_ids)
    counts = COUNTS.fill(more=len(theirs - ours), fewer=len(ours - theirs))
    same = theirs == ours
    return Check(
        "findings", same, SAME.fill(what=FINDINGS) if same else OTHER.fill(what=FINDINGS, detail=counts)
    )


__all__ = ["Check", "Verification", "verify"]
