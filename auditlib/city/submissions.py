"""The packages as they were handed in: opened, or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.city.parameters import ReCheck
from auditlib.law.parameters import SelfCheck, read_self_check
from auditlib.package import Package, PackageRefused, read_package
from auditlib.package.keys import FingerprintKey, fingerprint_key, read_public
from auditlib.package.refusals import REASONS


@dataclass(frozen=True)
class Submission:
    """A package as it was handed in: opened, or refused with a code and a reason; whose it is, where it could be read."""

    file: str
    package: Package | None
    refused: str = ""
    reason: Text | None = None
    county_code: str = ""
    county_name: str = ""


def open_packages(run: ReCheck) -> dict[str, Submission]:
    """County code to submission. A package that could not be read counts for the county whose place in the list it has.

    Raises UsageError where two packages are of one county, or one that could not be read belongs to nobody.
    """
    codes = [parameters.county_code for parameters in county_parameters(run)]
    key = fingerprint_key()
    opened = [_open(path, run, codes, key) for path in run.packages]
    found = {s.county_code: s for s in opened if s.county_code}
    if len(found) < sum(bool(s.county_code) for s in opened):
        raise UsageError(_twice(), run.language)
    missing = [code for code in codes if code not in found]
    return found | _refused(opened, codes, missing, run.language)


def _refused(
    opened: list[Submission], codes: list[str], missing: list[str], language: str
) -> dict[str, Submission]:
    """What could not be read by the county in whose place it stands, else by the counties left over in order."""
    refused: dict[str, Submission] = {}
    for place, submission in enumerate(opened):
        if not submission.county_code:
            if not missing:
                raise UsageError(_nobodys(submission), language)
            own = codes[place] if place < len(codes) and codes[place] in missing else missing[0]
            missing.remove(own)
            refused[own] = submission
    return refused


def _open(path: Path, run: ReCheck, codes: list[str], key: FingerprintKey | None) -> Submission:
    try:
        package = read_package(path)
        outside = run.keys.get(package.county_code)
        if outside:
            package = read_package(path, read_public(outside))
    except PackageRefused as refused:
        return Submission(path.name, None, refused.code, refused.reason)
    whose = (package.county_code, package.county_name)
    if package.term != run.term:
        return Submission(path.name, None, "other_term", Text("不是本学期的包", "of another term"), *whose)
    code = _unusable(package, key) if package.is_nameless or package.county_code not in codes else ""
    if code:
        said = {"inside": package.fingerprint_key, "outside": key.name if key else "—"}
        return Submission(path.name, None, code, REASONS[code].fill(**said), *whose)
    return Submission(path.name, package, "", None, *whose)


def _unusable(package: Package, key: FingerprintKey | None) -> str:
    """Why a package that is to be compared by tokens cannot be: a code of ``REASONS``, else empty."""
    if package.tokens is None:
        return "no_tokens"
    return "" if key and key.name == package.fingerprint_key else "other_token_key"


def _twice() -> Problem:
    return Problem(
        Text("同一县有两个包", "two packages of one county"),
        Text("packages", "packages"),
        Text("每县只列一个包", "list one package a county"),
    )


def _nobodys(submission: Submission) -> Problem:
    reason = submission.reason or Text("", "")
    return Problem(
        Text(f"报送包被拒绝，也不知是哪个县的：{reason.zh}", f"refused, and whose it is cannot be told: {reason.en}"),
        Text(submission.file, submission.file),
        Text("从 packages 中去掉，请县里重新报送；市里有该县数据的，在 county_params 中列出该县",
             "take it off packages and ask for it again; where the city has the county's data, list it in county_params"),
    )  # fmt: skip


def county_parameters(run: ReCheck) -> list[SelfCheck]:
    """The parameters of the city's own copies. Raises UsageError for a term or a county that cannot be."""
    read = [read_self_check(path, language=run.language) for path in run.county_params]
    codes = [parameters.county_code for parameters in read]
    if len(set(codes)) < len(codes) or any(parameters.term != run.term for parameters in read):
        problem = Problem(
            Text(
                "county_params 中县代码重复，或学期与本次复查不同",
                "a county twice, or of another term than this run",
            ),
            Text("county_params", "county_params"),
            Text(
                "每县一个参数文件，term 与复查一致",
                "one parameter file a county, of the term of the re-check",
            ),
        )
        raise UsageError(problem, run.language)
    return read
