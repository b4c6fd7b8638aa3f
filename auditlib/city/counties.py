"""What the city stands on: each county's package, opened, and the same audit done again on the city's own copy.

A county of whose files the city has no copy is not audited again: of it there is the package alone, and its persons are
compared with the other counties' by keyed tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

import auditlib
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.owners import shut_folder
from auditlib.city.changes import changes_between, delivered_anew
from auditlib.city.conditions import Terms
from auditlib.city.county_frames import eligible_of, last_day, letters_of, net_of, payments_of, pupils_of
from auditlib.city.hidden import ConditionTrial, Figures, Held, audited_under, held_against, rows_as_read
from auditlib.city.parameters import ReCheck
from auditlib.city.side_by_side import answers, hands_for
from auditlib.city.submissions import Submission, county_parameters, open_packages
from auditlib.county import self_check
from auditlib.findings.catalogue import program_of
from auditlib.law.parameters import SelfCheck
from auditlib.package import Package, fingerprints, tokens
from auditlib.package.everyone import persons_of
from auditlib.package.keys import FingerprintKey, fingerprint_key, numbers_key
from auditlib.package.manifest_shape import parameters_of
from auditlib.package.nameless import keyed_ids
from auditlib.runs.kept_content import ENDING, digest_of, keep, kept_content
from auditlib.tables.findings import FINDING

FOLDER = "reperformed"
LEDGERS = ("judgements.csv", "review.xlsx")
ROWLESS = ("finding_id", "person")


@dataclass(frozen=True)
class County:
    """One county: what it handed in, and what the city found on its own copy of the files.

    ``submission``: None where it handed in nothing. ``parameters``: None where the city has no copy; all but ``submission``
    and ``tokens`` is empty then. ``copied_on``: the last day (ISO) that the copy of the payments can show.

    Frames of the city's copy, ``source`` being the row's address:

    - ``payments``: successful, above zero, of the term, with ``amount, town, class_name, stage, study_year, held``;
    - ``net``: yuan of the term by number and scheme, reversals taken off, and yuan ``due``;
    - ``pupils``, ``eligible``: a row a person of the enrolment and of the eligibility registers; ``letters``: a row a letter;
    - ``persons``: everyone whom the registers or payments name, once;
    - ``fingerprints``, of the rows read as the county read them, and ``tokens``, with ``person_id``: None where this machine
      has no fingerprint key.

    Two are None where there is no package to hold against. ``conditions``: the county's conditions held against the city's.
    ``unchanged``: the findings, under the county's conditions, of those rows alone that are what they were at the self-check.
    ``figures``: what the county's manifest must say of its rules, children and yuan; None where it cannot be worked out, since
    the city lacks rows as they were, the key, the law, the program, or something cannot be tried.

    ``rowless``: ``finding_id, person`` of the city's findings that cite no row, such as of a pupil of last term whom nothing
    names now. By the token a row of theirs is known that the city does not have.
    """

    code: str
    name: str
    parameters: SelfCheck | None
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
    tokens: pa.Table | None = None
    conditions: Held | None = None
    unchanged: pd.DataFrame | None = None
    figures: Figures | None = None
    copied_on: str = ""
    rowless: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ROWLESS)))

    @property
    def is_reperformed(self) -> bool:
        """Did the city do the county's audit again?"""
        return self.parameters is not None

    @property
    def is_same_program(self) -> bool:
        """Is the package of the version, and of the sentences, that the city has?"""
        own = {**self.manifest, "auditlib": auditlib.__version__}
        return self.package is not None and program_of(self.package.manifest) == program_of(own)

    @property
    def package(self) -> Package | None:
        return self.submission.package if self.submission else None


@dataclass(frozen=True)
class _Question:
    """What a process needs to audit a county again."""

    parameters: SelfCheck
    submission: Submission | None
    key: FingerprintKey | None


def reperform(run: ReCheck, *, progress: Callable[[str], None] | None = None) -> list[County]:
    """Every county audited again on the city's copy, side by side; after them those of which it has none.

    What was done before on the very same inputs is kept in the run's folder and not done again
    (:mod:`auditlib.runs.kept_content`). Raises AuditError with the problems of all counties' files.
    """
    submissions = open_packages(run)
    key = fingerprint_key()
    questions = []
    for parameters in county_parameters(run):
        submission = submissions.pop(parameters.county_code, None)
        questions.append(_Question(parameters, submission, key))
    digests = [_digest(question) for question in questions]
    audited_counties = list(_audit(run, questions, digests, progress))
    _forget_others(run.output_dir, [question.parameters.county_code for question in questions])
    return audited_counties + [without_audit(submission) for submission in submissions.values()]


def _digest(question: _Question) -> str:
    """All that the audit of a county rests on, the judgements in its folder and the package that it is held against included."""
    p, key = question.parameters, question.key
    ledgers = [Path(p.output_dir) / name for name in LEDGERS]
    facts = {"key": key.name if key else None, "package": _package_of(question)}
    return digest_of(p, facts, [*ledgers, *map(Path, p.policy)])


def _kept_file(folder: Path, county_code: str) -> Path:
    return folder / FOLDER / f"{county_code}{ENDING}"


def _forget_others(folder: Path, county_codes: Iterable[str]) -> None:
    """Takes away what is kept of counties that are not among ``county_codes``."""
    keepers = {_kept_file(folder, code) for code in county_codes}
    for file in (folder / FOLDER).glob(f"*{ENDING}"):
        if file not in keepers:
            file.unlink()


def _package_of(question: _Question) -> str | None:
    """The digest of the package; none where it was refused: the audit does not rest on it then."""
    package = question.submission.package if question.submission else None
    return package.digest if package else None


def _audit(
    run: ReCheck,
    questions: Sequence[_Question],
    digests: Sequence[str],
    progress: Callable[[str], None] | None,
) -> Iterator[County]:
    """The counties in order, the kept ones as they were kept. Raises AuditError once all have been tried."""
    folder = run.output_dir
    problems: list[Problem] = []
    kind: type[AuditError] = AuditError
    earlier = [
        kept_content(_kept_file(folder, q.parameters.county_code), digest, numbers_key())
        for q, digest in zip(questions, digests, strict=True)
    ]
    missing = [question for question, county in zip(questions, earlier, strict=True) if county is None]
    hands = hands_for([Path(question.parameters.data_dir) for question in missing])
    fresh = answers(_without_submission, missing, hands)
    for question, digest, old in zip(questions, digests, earlier, strict=True):
        county, errors, error_kind = (old, (), AuditError) if old is not None else next(fresh)
        if county is None:
            problems += errors
            kind = error_kind
            continue
        if old is None:
            with suppress(OSError):  # a full disk is told where the results are written
                keep(_kept_file(shut_folder(folder), county.code), digest, county, numbers_key())
        if progress:
            progress(county.name)
        if not problems:
            yield _complete(county, question, run)
    if problems:
        raise kind(problems, run.language)


def _without_submission(question: _Question) -> County:
    """The county as it is kept and sent between processes: without the package, which everyone has opened."""
    return replace(_county(question.parameters, question.submission, question.key), submission=None)


def _complete(county: County, question: _Question, run: ReCheck) -> County:
    """The county with its package, under the city's ids, and the day of the city's copy where it is given."""
    copy_day = run.copied_on.get(county.code)
    again = county.findings if county.unchanged is None else county.unchanged
    ids = pd.concat([again["finding_id"], county.findings["finding_id"]]).drop_duplicates()
    return replace(
        county,
        submission=by_city_ids(question.submission, ids, question.key),
        copied_on=copy_day.isoformat() if copy_day else county.copied_on,
    )


def without_audit(submission: Submission) -> County:
    """A county of which the city has the package alone."""
    package = submission.package
    nothing = pd.DataFrame()
    return County(
        code=submission.county_code, name=submission.county_name, parameters=None, submission=submission,
        findings=pd.DataFrame(columns=list(FINDING)), manifest={"inputs": []}, payments=nothing, net=nothing, pupils=nothing,
        eligible=nothing, letters=nothing, persons=nothing, fingerprints=None,
        fingerprint_key=package.fingerprint_key if package else "", tokens=_own(package.tokens) if package else None,
    )  # fmt: skip


def _own(rows: pa.Table | None) -> pa.Table | None:
    """Tokens that a county handed in, the persons named by them alone."""
    return None if rows is None else rows.append_column("person_id", rows.column("person"))


def by_city_ids(
    submission: Submission | None, finding_ids: pd.Series, key: FingerprintKey | None
) -> Submission | None:
    """A package with keyed ids under the ids that the city's own findings have, where they are the same finding."""
    package = submission.package if submission else None
    if submission is None or package is None or key is None or not package.is_nameless:
        return submission
    city_ids = dict(zip(keyed_ids(finding_ids, key), finding_ids, strict=True))
    frames = {
        name: frame.assign(finding_id=frame["finding_id"].map(city_ids).fillna(frame["finding_id"]))
        for name, frame in (("findings", package.findings), ("decisions", package.decisions))
    }
    return replace(submission, package=replace(package, **frames))


def _county(parameters: SelfCheck, submission: Submission | None, key: FingerprintKey | None) -> County:
    parameters = _in_its_language(parameters, submission)
    run = self_check.begin(parameters)
    try:
        registers = self_check.ingest(run)
    except AuditError as error:
        raise AuditError(
            [_with_place(problem, parameters) for problem in error.problems], error.language
        ) from None
    audit = self_check.link(run, registers)
    results = self_check.sum_up(run, registers, audit, self_check.check(run, audit), with_particulars=False)
    fetch = run.engine.fetch
    package = submission.package if submission else None
    hashed_columns = (package.form, package.columns) if package else ()
    rows = fetch(fingerprints.fingerprints(registers.tables, key, *hashed_columns)) if key else None
    token_table = tokens.token_rows(run.engine, audit, results.findings, key) if key else None
    county = County(
        parameters.county_code,
        parameters.county_name,
        parameters,
        by_city_ids(submission, results.findings["finding_id"], key),
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
        None if token_table is None else tokens.listed(run.engine, token_table),
        copied_on=last_day(run.engine, audit),
        rowless=_rowless(results.findings, key),
    )
    return _under_conditions(county, Terms(parameters, run.policy), key)


def _in_its_language(parameters: SelfCheck, submission: Submission | None) -> SelfCheck:
    """``parameters`` in the language of the county's own run: its messages are compared like every other field."""
    package = submission.package if submission else None
    return replace(parameters, language=parameters_of(package.manifest).language) if package else parameters


def _under_conditions(county: County, own: Terms, key: FingerprintKey | None) -> County:
    """``county`` with what its own conditions hide, and with what is found on the rows that did not change."""
    package, rows = county.package, county.fingerprints
    if package is None:
        return county
    conditions = held_against(package, own, county.findings, county.manifest, rows)
    if conditions.reading is not None and rows is not None and key is not None:
        rows = rows_as_read(conditions.reading, package, key, rows)
    own_findings = county.findings if conditions.under_county is None else conditions.under_county
    again = ConditionTrial(own_findings, conditions.figures or {})
    changes = changes_between(package, rows, county.fingerprint_key, county.manifest)
    anew: set[str] = set()
    if changes is not None and rows is not None:
        anew = delivered_anew(changes, package.fingerprints, rows)
        new = changes[~changes["table"].isin(anew)].dropna(subset="source")
        again = audited_under(conditions.terms, new) if len(new) else again
    has_all_rows = changes is not None and changes["change"].eq("added").all() and not anew
    is_whole = conditions.figures is not None and not conditions.policy_unknown and county.is_same_program
    ids = pd.concat([again.findings["finding_id"], county.findings["finding_id"]]).drop_duplicates()
    return replace(
        county,
        submission=by_city_ids(county.submission, ids, key),
        fingerprints=rows,
        conditions=conditions,
        unchanged=again.findings,
        figures=again.figures if has_all_rows and is_whole else None,
    )


def _rowless(findings: pd.DataFrame, key: FingerprintKey | None) -> pd.DataFrame:
    # Not .str: a county without findings has no strings in any column.
    bare = findings[findings["records"].map(len).eq(0) & findings["id_number"].notna()]
    if key is None or bare.empty:
        return pd.DataFrame(columns=list(ROWLESS))
    tokens_of = [fingerprints.person_token(number, key) for number in bare["id_number"]]
    return bare[["finding_id"]].assign(person=tokens_of)


def _with_place(problem: Problem, parameters: SelfCheck) -> Problem:
    name = parameters.county_name
    return Problem(
        problem.what, Text(f"{name} › {problem.where.zh}", f"{name} › {problem.where.en}"), problem.remedy
    )
