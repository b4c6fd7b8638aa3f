"""What the city stands on: each county's package, opened, and the same audit done again on the city's own copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib import self_check
from auditlib.errors import AuditError, Problem, UsageError
from auditlib.language import Text
from auditlib.logic import beside
from auditlib.package import Package, PackageRefused, fingerprints, read_package
from auditlib.package.keys import FingerprintKey, fingerprint_key, read_public
from auditlib.parameters import SelfCheck, read_self_check
from auditlib.recheck.parameters import ReCheck
from auditlib.registers import Audit, records_of

PAYMENTS = (
    "person_id",
    "name",
    "id_number",
    "id18",
    "school_id",
    "school_name",
    "scheme",
    "amount",
    "pay_date",
)
PERSON = ("person_id", "name", "id_number", "id18", "student_no", "birth", "damaged")
YUAN = "decimal(14, 2)"


@dataclass(frozen=True)
class Submission:
    """A package as it was handed in: opened, or refused with a code and a reason."""

    file: str
    package: Package | None
    refused: str = ""
    reason: Text | None = None


@dataclass(frozen=True)
class County:
    """One county: what it handed in (None: nothing), and what the city found on its own copy of the files.

    Frames, ``source`` being the row's address: ``payments`` (successful, above zero, of the term; with ``amount``,
    ``town``, ``class_name``), ``net`` (yuan of the term by number and scheme, reversals taken off), ``pupils`` (one row a person of the enrolment register), ``eligible`` (one row a person),
    ``letters``, ``persons`` (everyone the registers or payments name, once), ``fingerprints`` (None where this machine has no fingerprint key).
    """

    code: str
    name: str
    parameters: SelfCheck
    submission: Submission | None
    findings: pd.DataFrame
    manifest: Mapping[str, Any]
    payments: pd.DataFrame
    net: pd.DataFrame
    pupils: pd.DataFrame
    eligible: pd.DataFrame
    letters: pd.DataFrame
    persons: pd.DataFrame
    fingerprints: pd.DataFrame | None
    fingerprint_key: str

    @property
    def package(self) -> Package | None:
        return self.submission.package if self.submission else None


def open_packages(run: ReCheck) -> dict[str, Submission]:
    """County code to submission. A refused package counts for the county whose place in the list it has.

    Raises UsageError where two packages are of one county or one belongs to no county of the run.
    """
    codes = [parameters.county_code for parameters in county_parameters(run)]
    opened = [_open(path, run) for path in run.packages]
    found = {s.package.county_code: s for s in opened if s.package}
    if len(found) < sum(s.package is not None for s in opened) or set(found) - set(codes):
        raise UsageError(_wrong_packages(), run.language)
    missing = [code for code in codes if code not in found]
    return found | _refused(opened, codes, missing)


def _refused(opened: list[Submission], codes: list[str], missing: list[str]) -> dict[str, Submission]:
    """Refused packages by the county in whose place they stand, else by the counties left over in order."""
    refused: dict[str, Submission] = {}
    for place, submission in enumerate(opened):
        if submission.package is None and missing:
            own = codes[place] if place < len(codes) and codes[place] in missing else missing[0]
            missing.remove(own)
            refused[own] = submission
    return refused


def _open(path: Path, run: ReCheck) -> Submission:
    try:
        package = read_package(path)
        outside = run.keys.get(package.county_code)
        if outside:
            package = read_package(path, read_public(outside))
        if package.term != run.term:
            return Submission(path.name, None, "other_term", Text("不是本学期的包", "of another term"))
    except PackageRefused as refused:
        return Submission(path.name, None, refused.code, refused.reason)
    return Submission(path.name, package)


def _wrong_packages() -> Problem:
    return Problem(
        Text("同一县有两个包，或有的包不属于本次复查的县", "two packages of one county, or one of no county in this run"),
        Text("packages", "packages"),
        Text("每县只列一个包，并在 county_params 中列出该县", "list one package a county, and the county in county_params"),
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


def reperform(run: ReCheck, *, progress: Callable[[str], None] | None = None) -> list[County]:
    """Every county audited again on the city's copy, one after the other. Raises AuditError for unreadable files."""
    submissions = open_packages(run)
    key = fingerprint_key()
    counties = []
    for parameters in county_parameters(run):
        counties.append(_county(parameters, submissions.get(parameters.county_code), key))
        if progress:
            progress(parameters.county_name)
    return counties


def _county(parameters: SelfCheck, submission: Submission | None, key: FingerprintKey | None) -> County:
    run = self_check.begin(parameters)
    try:
        registers = self_check.ingest(run)
    except AuditError as error:
        raise AuditError(
            [_placed(problem, parameters) for problem in error.problems], error.language
        ) from None
    audit = self_check.link(run, registers)
    results = self_check.settle(run, registers, audit, self_check.check(run, audit))
    fetch = run.engine.fetch
    rows = fetch(fingerprints.fingerprints(registers.tables, key)) if key else None
    return County(
        parameters.county_code,
        parameters.county_name,
        parameters,
        submission,
        results.findings,
        results.manifest,
        fetch(payments_of(audit).order_by("source")),
        fetch(net_of(audit).order_by("id_number", "scheme")),
        fetch(pupils_of(audit).order_by("person_id")),
        fetch(eligible_of(audit).order_by("person_id")),
        fetch(letters_of(audit).order_by("source")),
        fetch(persons_of(audit).order_by("person_id")),
        rows,
        key.name if key else "",
    )


def _placed(problem: Problem, parameters: SelfCheck) -> Problem:
    name = parameters.county_name
    return Problem(
        problem.what, Text(f"{name} › {problem.where.zh}", f"{name} › {problem.where.en}"), problem.remedy
    )


def payments_of(audit: Audit) -> ir.Table:
    """Successful payments of the term above zero, with town and class where the registers know them."""
    rows = audit.rows["payments"]
    paid = rows.filter(
        _.rejected.isnull() & (_.term == audit.parameters.term) & (_.result == "success") & (_.amount > 0)
    )
    towns = audit.people.select("person_id", "town")
    classes = audit.pupils.select("person_id", "class_name")
    both = paid.select("source", *PAYMENTS).left_join(towns, "person_id").drop("person_id_right")
    both = both.left_join(classes, "person_id").drop("person_id_right")
    return both.mutate(amount=_.amount.cast(YUAN))


def net_of(audit: Audit) -> ir.Table:
    """``id_number, scheme, net``: what each person, as findings name it, has of the term's money after reversals."""
    named = audit.people.filter(_.id_number.notnull()).select("person_id", "id_number")
    both = audit.aid.inner_join(named, "person_id")
    return both.group_by("id_number", "scheme").agg(net=_.net.sum().cast(YUAN))


def pupils_of(audit: Audit) -> ir.Table:
    """``person_id, name, id18, active, stage, boarding, school_name, birth, records`` of every enrolled person."""
    return beside(audit.pupils, records_of(audit, "enrolment")).select(
        "person_id",
        "name",
        "id18",
        "active",
        "stage",
        "boarding",
        "school_name",
        "birth",
        "records",
    )


def eligible_of(audit: Audit) -> ir.Table:
    """Every person of the eligibility registers, with whether the person is enrolled here."""
    here = audit.pupils.select("person_id", enrolled=ibis.literal(True))
    both = beside(beside(audit.eligible, here), records_of(audit, "eligibility"))
    return both.select(
        "person_id",
        "eligible",
        "records",
        name="eligible_name",
        id18="eligible_id18",
        birth="eligible_birth",
        enrolled=_.enrolled.fill_null(False),
    )


def persons_of(audit: Audit) -> ir.Table:
    """``person_id, name, id_number, id18, student_no, birth, damaged``: as the enrolment register says it, else the
    eligibility registers, else the payments."""
    nothing = ibis.null("string")
    pupils = audit.pupils.mutate(damaged=(_.id_number_defect == "damaged").fill_null(False))
    listed = audit.eligible.select(
        "person_id",
        name="eligible_name",
        id_number="eligible_id_number",
        id18="eligible_id18",
        student_no=nothing,
        birth="eligible_birth",
        damaged=ibis.literal(False),
    )
    rows = audit.rows["payments"].filter(_.rejected.isnull())
    paid = rows.group_by("person_id").agg(
        name=_.name.min(),
        id_number=_.id_number.min(),
        id18=_.id18.min(),
        student_no=_.student_no.min(),
        birth=ibis.null("date"),
        damaged=(_.id_number_defect == "damaged").any().fill_null(False),
    )
    known = pupils.select(*PERSON)
    known = known.union(listed.anti_join(known, "person_id").select(*PERSON))
    return known.union(paid.anti_join(known, "person_id").select(*PERSON))


def letters_of(audit: Audit) -> ir.Table:
    """Letters that could be read: person, destination, answer, fallback."""
    letters = audit.rows["letters"].filter(_.rejected.isnull())
    return letters.select(
        "source",
        "person_id",
        "name",
        "id18",
        "destination",
        "aided",
        fallback_amount=_.fallback_amount.cast(YUAN),
    )
