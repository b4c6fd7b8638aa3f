"""What a run writes: first beside the old files, then all put in their place, so that nothing is half-written."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.audit.assemble import Audit
from auditlib.base.faults import in_words
from auditlib.base.files import LEADER, on_their_way
from auditlib.base.helper_process import Helper, HelperProcess
from auditlib.base.language import Text
from auditlib.base.run_folder import (
    FINDINGS,
    IN_FINDINGS,
    MANIFEST,
    NUMBER,
    OF_SELF_CHECK,
    forms,
    own_forms,
    with_number,
)
from auditlib.county.answer import Answer, Undecided, keep_answer
from auditlib.county.self_check import Intake, Run
from auditlib.decisions.decision_ledger import FILE as DECISIONS
from auditlib.decisions.decision_ledger import carry_over
from auditlib.decisions.dispositions import (
    order_warnings,
    read_dispositions,
    standing,
    with_dispositions,
)
from auditlib.decisions.read_back import ReadBack, read_back_all, unread
from auditlib.findings.finding_numbers import by_number
from auditlib.findings.finding_numbers import numbered_rows as with_numbers
from auditlib.findings.results import Results
from auditlib.forms.ledgers import RECTIFICATION, issues, write_ledgers, write_rectification
from auditlib.forms.review import write_review
from auditlib.forms.review_reading import read_judgements
from auditlib.forms.worklist import write_worklist
from auditlib.ingest.accounts import accounting
from auditlib.package import fingerprints, pack, tokens
from auditlib.package.draw_half import Half, kept_half
from auditlib.package.judged_pairs import keyed_judgements
from auditlib.package.keys import Keys, county_keys, numbers_key, own_key_of_tokens, public_pem
from auditlib.report import letter, summary, summary_letter
from auditlib.report.findings_lists import scheme_titles
from auditlib.report.letter import write_letter
from auditlib.report.summary import write_summary
from auditlib.report.summary_letter import write_summary_letter
from auditlib.runs.run_tables import carry_tables, write_tables, write_version
from auditlib.tables.findings import write_findings

WRITTEN_TEXT = Text("已写出", "Written")
REVIEW, INGEST, DECIDED_LEDGER = "review.xlsx", "ingest.json", f"ledgers/{RECTIFICATION.file}"


@dataclass(frozen=True)
class WrittenFiles:
    """The files a run has written, for showing."""

    files: tuple[str, ...]
    language: str
    sentences: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join([f"{WRITTEN_TEXT.into(self.language)}: {', '.join(self.files)}", *self.sentences])


@dataclass(frozen=True)
class Prepared:
    """A run's files on their way: all of them made, none in its place yet."""

    preparation: Future[Callable[[], WrittenFiles]]

    def put_in_place(self) -> WrittenFiles:
        """Every file in its place, or none. Raises what went wrong while they were made."""
        return self.preparation.result()()


def with_decisions(run: Run, results: Results) -> Results:
    """``results`` with the decisions made so far, in this run's folder and those of earlier runs, and with numbers.

    Those in filled-in working lists are entered first. Raises AuditError with every cell that is refused.
    """
    read_lists(run, results)
    folders = [*run.parameters.previous, run.parameters.output_dir]
    decided_findings = with_dispositions(results.findings, read_dispositions(folders))
    numbered_findings = with_numbers(decided_findings[["finding_id"]], numbers_key())
    numbers = dict(zip(numbered_findings["finding_id"], numbered_findings["number"], strict=True))
    return replace(results, findings=decided_findings, numbers=numbers)


def read_lists(run: Run, results: Results) -> list[ReadBack]:
    """The filled-in lists in the run's folder entered in its ledger; a second time gives the same answer."""
    folder, previous = run.parameters.output_dir, run.parameters.previous
    now = set(results.findings["finding_id"]) | set(read_dispositions([folder, *previous])["finding_id"])
    before = earlier_findings(folder)
    finding_ids = None if before is None else now | before
    numbers = by_number(now | (before or set()), numbers_key())
    return read_back_all(
        folder, previous=previous, finding_ids=finding_ids, numbers=numbers, language=run.parameters.language
    )


def earlier_findings(folder: Path) -> set[str] | None:
    """The finding_ids that stand in ``folder``; None where the file is damaged: it is replaced, and blocks nobody."""
    if not (folder / FINDINGS).exists():
        return set()
    try:
        return set(pd.read_parquet(folder / FINDINGS, columns=["finding_id"])["finding_id"])
    except (OSError, ValueError, KeyError):  # Arrow's errors are among them
        return None


def write_outputs(run: Run, registers: Intake, audit: Audit, results: Results) -> WrittenFiles:
    """All files but notebook and report into the run's folder (contract 6)."""
    return _prepare(run, _Fresh(run, registers, audit, results), results, Helper())()


def ready_helper() -> Helper:
    """A process for :func:`prepare_outputs`, which takes its imports in while there is nothing for it to write yet."""
    helper = HelperProcess()
    helper.give(_take_in)
    return helper


def _take_in() -> None:
    """Nothing: whoever is asked for it has this module, and all that writes a file, taken in."""


def prepare_outputs(
    run: Run,
    registers: Intake,
    audit: Audit,
    results: Results,
    ground: str = "",
    helper: Helper | None = None,
) -> Prepared:
    """The same, made while the report is being shown and put in place at its end; the engine is busy meanwhile.

    ``ground``: what the results rest on (:func:`auditlib.county.answer.ground_of`), under which they are kept for the next run.
    ``helper``: :func:`ready_helper`, where one was asked for before; it ends with this.
    """
    return _in_a_thread(run, _Fresh(run, registers, audit, results, ground), results, helper)


def prepare_again(run: Run, answer: Answer, results: Results, helper: Helper) -> Prepared:
    """The same of an answer that stands: ``results`` are its own, with the decisions made since."""
    return _in_a_thread(run, _Standing(run, answer), results, helper)


def _in_a_thread(
    run: Run, undecided_part: _Fresh | _Standing, results: Results, helper: Helper | None
) -> Prepared:
    thread = ThreadPoolExecutor(1, "outputs")
    preparation = thread.submit(_prepare, run, undecided_part, results, helper or HelperProcess())
    thread.shutdown(wait=False)
    return Prepared(preparation)


@dataclass(frozen=True)
class _Fresh:
    """What no decision changes, made of this run's tables."""

    run: Run
    registers: Intake
    audit: Audit
    results: Results
    ground: str = ""

    def write(self, into: Path, helper: Helper) -> Undecided:
        run, registers, audit, results = self.run, self.registers, self.audit, self.results
        key, language = county_keys(run.parameters.county_code).fingerprint, run.parameters.language
        # First what the helper is to write: it is at it while the engine hashes.
        write_ledgers(run.engine, audit, results.findings, into, helper)
        issue_rows = issues(run.engine, audit)
        folders = [*run.parameters.previous, run.parameters.output_dir]
        write_review(run.engine, audit, into / REVIEW, language, read_judgements(folders, language))
        prints = run.engine.keep("fingerprints", fingerprints.fingerprints(registers.tables, key))
        persons = run.engine.keep(
            "person_tokens", tokens.token_rows(run.engine, audit, results.findings, key)
        )
        sheets = [sheet.as_json() for sheet in results.sheets]
        report = accounting.ingest_report(
            registers.delivery, registers.rejected, registers.defects, [], sheets, results.unknown_schools
        )
        accounting.write_json(report, into / INGEST)
        rows = fingerprints.as_parquet(run.engine, prints)
        return Undecided(rows, tokens.listed(run.engine, persons), issue_rows)

    def write_tables(self, into: Path) -> Mapping[str, Any]:
        version = write_tables(self.run.engine, self.registers.tables, self.audit, into)
        self.run.engine.keep_statements()
        return version

    def keep(self, into: Path, undecided_part: Undecided) -> None:
        if self.ground:
            names = [path.relative_to(into).as_posix() for path in (into / "ledgers").glob("*.xlsx")]
            names = [REVIEW, INGEST, *(name for name in sorted(names) if name != DECIDED_LEDGER)]
            keep_answer(self.results, undecided_part, names, into, self.ground)


@dataclass(frozen=True)
class _Standing:
    """What no decision changes, as the run before left it."""

    run: Run
    answer: Answer

    def write(self, into: Path, helper: Helper) -> Undecided:
        for name, content in self.answer.files.items():
            (into / name).parent.mkdir(exist_ok=True)
            (into / name).write_bytes(content)
        return self.answer.undecided

    def write_tables(self, into: Path) -> Mapping[str, Any]:
        return carry_tables(self.run.parameters.output_dir, into)

    def keep(self, into: Path, undecided_part: Undecided) -> None:
        """It is kept already, with the tables."""


def _prepare(
    run: Run, undecided_part: _Fresh | _Standing, results: Results, helper: Helper
) -> Callable[[], WrittenFiles]:
    """Makes the files; what it gives puts them in their place."""
    folder, previous, language = run.parameters.output_dir, run.parameters.previous, run.parameters.language
    way = on_their_way(folder, outdated_names=OF_SELF_CHECK, own=own_forms(folder), language=language)
    try:
        with in_words(language):
            lists = [text for each in read_lists(run, results) for text in each.sentences()] + unread(folder)
            keys = county_keys(run.parameters.county_code)
            half = kept_half(run.parameters.county_code, run.parameters.term)
            decisions = read_dispositions([*previous, folder])
            with helper:
                _write_all(run, undecided_part, results, standing(decisions), half, way.into, helper)
    except BaseException:
        way.give_up()
        raise
    files = tuple(sorted([DECISIONS, *(path.name for path in way.into.iterdir())]))
    own_key = own_key_of_tokens(run.parameters.hand_in)
    sentences = tuple(
        text.into(language)
        for text in (*lists, *keys.sentences, *own_key, *half.sentences, *order_warnings(decisions))
    )

    def put_in_place() -> WrittenFiles:
        with in_words(language):
            way.put_in_place()
            if LEADER not in os.environ:
                # Appended, not put in its place: somebody may have decided while the other files were written.
                carry_over(previous, folder)
        return WrittenFiles(files, language, sentences)

    return put_in_place


def _write_all(
    run: Run,
    undecided_part: _Fresh | _Standing,
    results: Results,
    decisions: pd.DataFrame,
    half: Half,
    into: Path,
    helper: Helper,
) -> None:
    """Every file of contract 6 that is made before the report; all but the ledger, which people write in meanwhile."""
    language, keys = run.parameters.language, county_keys(run.parameters.county_code)
    numbered_findings = with_numbers(results.findings, numbers_key())
    helper.give(
        write_worklist,
        numbered_findings,
        into / "findings.xlsx",
        parameters=results.parameters,
        language=language,
        schemes=scheme_titles(results.standards, language),
        uncovered_rows=results.uncovered,
        unclear=results.unclear,
        yuan=results.conclusion["yuan_once"],
        unsure=results.conclusion.get("unsure_yuan"),
        details=results.particulars,
    )
    helper.give(write_letter, results, into / letter.NAME)
    helper.give(write_summary, results, into / summary.NAME)
    helper.give(write_summary_letter, results, into / summary_letter.NAME)
    parts = undecided_part.write(into, helper)
    write_rectification(
        parts.issues, numbered_findings, decisions, into, run.parameters, results.particulars, helper
    )
    _write_numbered(run, results, keys, half, into)
    _write_package(run, keys, parts, results, decisions, into)
    version = undecided_part.write_tables(into)
    helper.finish()
    write_version(version, into, forms(into))
    undecided_part.keep(into, parts)


def _commitment(run: Run, half: Half) -> dict[str, dict[str, str]]:
    """The county's commitment to its half of the seed of the city's draw: the hash, never the half."""
    by = run.parameters.county_name
    return {"draw_commitment": {"sha256": half.sha256, "on": half.committed_on, "by": by}}


def _write_numbered(run: Run, results: Results, keys: Keys, half: Half, into: Path) -> None:
    """Findings and manifest, with the number that says that they are of one run."""
    content = io.BytesIO()
    write_findings(results.findings, content)
    judgements = read_judgements(
        [*run.parameters.previous, run.parameters.output_dir], run.parameters.language
    )
    with_judgements = keyed_judgements(judgements, keys.fingerprint)
    contents = {**results.manifest, **_commitment(run, half), **with_judgements}
    manifest = with_number(contents, content.getvalue(), secret=keys.fingerprint.secret)
    accounting.write_json(manifest, into / MANIFEST)
    write_findings(results.findings, into / FINDINGS, {IN_FINDINGS: manifest[NUMBER].encode()})


def _write_package(
    run: Run, keys: Keys, parts: Undecided, results: Results, decisions: pd.DataFrame, into: Path
) -> None:
    """package.zip, the public key beside it."""
    content = pack(
        findings=results.findings,
        decisions=decisions,
        rows=parts.rows,
        persons=parts.persons,
        manifest=(into / MANIFEST).read_bytes(),
        parameters=results.parameters,
        keys=keys,
    )
    (into / "package.zip").write_bytes(content)
    public = keys.signing.public_key()
    (into / f"public-key-{run.parameters.county_code}.pem").write_bytes(public_pem(public))
