"""The packages as they were handed in: opened, or refused with the reason. None of them stops the run: a package that cannot
be relied on is an open point of its county, and the other counties go on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from unicodedata import normalize

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.city.parameters import ReCheck
from auditlib.law.parameters import SelfCheck, read_self_check
from auditlib.package import Package, PackageRefused, read_package
from auditlib.package.keys import FingerprintKey, fingerprint_key, read_public
from auditlib.package.refusals import REASONS
from auditlib.package.seal import claimed_county
from auditlib.rules.city_words import WORDS

OF_A_COUNTY = re.compile("(?<=..)[县区市]$")


@dataclass(frozen=True)
class Submission:
    """A package as it was handed in: opened, or refused with a code and a reason; whose it is, where it could be read.

    ``doubt``: of one that was opened, the code of what makes it doubtful whose it is; empty where nothing does.
    """

    file: str
    package: Package | None
    refused: str = ""
    reason: Text | None = None
    county_code: str = ""
    county_name: str = ""
    doubt: str = ""


def open_packages(run: ReCheck) -> dict[str, Submission]:
    """County code to submission; every county that is expected to hand in tokens only and did not has one, too.

    A package that could not be read counts for the county that it names or whose place in the list it has; where that
    cannot be told, it stands by its file's name, and so does whatever was handed in beside the package that a county's key
    signed. Of two packages of one county neither is believed, unless the county's key tells them apart.
    """
    county_names = {parameters.county_code: parameters.county_name for parameters in county_parameters(run)}
    key = fingerprint_key()
    submissions = [_open(path, run, county_names, key) for path in run.packages]
    believed_submission = {code: _reliable(_of(code, submissions)) for code in _codes(submissions)}
    expected_codes = [*county_names, *(code for code in sorted(run.keys) if code not in county_names)]
    beside = [
        s.county_code in believed_submission and not _is_of_one(s, believed_submission[s.county_code])
        for s in submissions
    ]
    by_county = believed_submission | _by_place(
        submissions,
        beside,
        expected_codes,
        [code for code in expected_codes if code not in believed_submission],
    )
    absent = [code for code in expected_codes if code not in by_county and code not in county_names]
    return by_county | {code: _absent(code) for code in absent}


def _codes(submissions: list[Submission]) -> list[str]:
    return list(dict.fromkeys(s.county_code for s in submissions if s.county_code))


def _of(code: str, submissions: list[Submission]) -> list[Submission]:
    return [submission for submission in submissions if submission.county_code == code]


def _reliable(of_county: list[Submission]) -> Submission:
    """The one submission of a county that can be relied on; where there are two, neither is. The same file twice is one."""
    packages = {s.package.digest: s for s in of_county if s.package}
    sound = list(packages.values())
    if len(sound) < 2:
        return (sound or of_county)[0]
    signers = {submission.package.key_name for submission in sound if submission.package}
    return _set_aside(sound[0], "two_packages" if len(signers) > 1 else "two_of_one_key")


def _is_of_one(submission: Submission, believed_submission: Submission) -> bool:
    """Is ``submission`` the one that is believed, or one of several that were set aside together?"""
    return submission is believed_submission or submission.package is not None


def _set_aside(submission: Submission, code: str) -> Submission:
    return replace(submission, package=None, refused=code, reason=REASONS[code])


def _absent(code: str) -> Submission:
    return Submission("", None, "not_submitted", WORDS["not_submitted"], code, code)


def _by_place(
    submissions: list[Submission], beside: list[bool], expected_codes: list[str], missing: list[str]
) -> dict[str, Submission]:
    """What names nobody, by the county in whose place it stands, else by the only one missing, else by its place alone; what
    another key than the county's signed, or stands ``beside`` the county's own package, by its place alone."""
    refused_submissions: dict[str, Submission] = {}
    open_codes = list(missing)
    for place, submission in enumerate(submissions):
        if not submission.county_code or beside[place]:
            is_anybodys = beside[place] or submission.refused == "other_key"
            at_place = [code for code in expected_codes[place : place + 1] if code in open_codes]
            candidates = [] if is_anybodys else at_place or open_codes[: len(open_codes) == 1]
            code = (candidates or [f"package-{place + 1}"])[0]
            open_codes = [other for other in open_codes if other != code]
            refused_submissions[code] = replace(
                submission, county_code=code, county_name=scrub(submission.file)
            )
    return refused_submissions


def _open(
    path: Path, run: ReCheck, county_names: Mapping[str, str], key: FingerprintKey | None
) -> Submission:
    try:
        package = read_package(path)
        outside = run.keys.get(package.county_code)
        if outside:
            package = read_package(path, read_public(outside))
    except PackageRefused as refused:
        return _unread(path, refused, run, county_names)
    whose = (package.county_code, scrub(package.county_name))  # it stands on masked pages
    if package.term != run.term:
        return Submission(path.name, None, "other_term", REASONS["other_term"], *whose)
    if (
        package.county_name != county_names.get(package.county_code)
        and package.county_name in county_names.values()
    ):
        return Submission(path.name, None, "other_name", REASONS["other_name"], *whose)
    code = _unusable(package, key) if package.is_nameless or package.county_code not in county_names else ""
    if code:
        key_names = {"inside": package.fingerprint_key, "outside": key.name if key else "—"}
        return Submission(path.name, None, code, REASONS[code].fill(**key_names), *whose)
    return Submission(path.name, package, "", None, *whose, doubt=_doubt(package, run, county_names))


def _doubt(package: Package, run: ReCheck, county_names: Mapping[str, str]) -> str:
    """Why it may be nobody's: the city's parameters know no such county, or know it by another name."""
    code = package.county_code
    if code not in county_names:
        return "" if code in run.keys else "unknown_county"
    return "" if _is_one_place(package.county_name, county_names[code]) else "unknown_name"


def _is_one_place(first: str, second: str) -> bool:
    """Do two names mean one county? One may name its province too, or leave 县 out."""
    names = [OF_A_COUNTY.sub("", "".join(normalize("NFKC", name).split())) for name in (first, second)]
    shorter, longer = sorted(names, key=len)
    return bool(shorter) and longer.endswith(shorter)


def _unread(path: Path, refusal: PackageRefused, run: ReCheck, county_names: Mapping[str, str]) -> Submission:
    """A package that was refused, for the county that it names, if that is one of those expected: nobody else is blamed.

    Signed with another key than that county's, it may be anybody's: it stands by its file's name.
    """
    code = claimed_county(path)
    is_expected = code in county_names or code in run.keys
    if not is_expected or refusal.code == "other_key":
        return Submission(path.name, None, refusal.code, refusal.reason)
    return Submission(path.name, None, refusal.code, refusal.reason, code, county_names.get(code, code))


def _unusable(package: Package, key: FingerprintKey | None) -> str:
    """Why a package that is to be compared by tokens cannot be: a code of ``REASONS``, else empty."""
    if package.tokens is None:
        return "no_tokens"
    return "" if key and key.name == package.fingerprint_key else "other_token_key"


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
