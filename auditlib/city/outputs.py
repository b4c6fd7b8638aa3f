"""What a re-check writes: findings, the form of the two checks, the sealed lists, the draws, the field sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.faults import in_words
from auditlib.base.files import together
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.ledger import Ledger
from auditlib.base.places import ROOT
from auditlib.base.run_folder import (
    CONCLUSION,
    FINDINGS,
    FORMS,
    IN_FINDINGS,
    MANIFEST,
    NUMBER,
    OF_RECHECK,
    forms,
    own_forms,
    with_number,
)
from auditlib.city.counties import County
from auditlib.city.draw import CountyDraw
from auditlib.city.field_sheet import write_field_sheet
from auditlib.city.parameters import ReCheck
from auditlib.city.report.opening import sentence
from auditlib.city.results import RecheckResults
from auditlib.city.whose_rows import elsewhere
from auditlib.city.wording import FORM_TITLES, NOT_COMPARED, NOTHING, cause_title, form_rows, rule_title
from auditlib.county.outputs import WrittenFiles
from auditlib.findings.finding_numbers import numbered_rows as with_numbers
from auditlib.findings.particulars import CLASS, class_text
from auditlib.forms.worklist import write_worklist
from auditlib.forms.worklist.cells import UNMASKED, across_a4, fit_row, number_pages
from auditlib.forms.worklist.sheets import Names, sources
from auditlib.ingest.accounts.accounting import write_json
from auditlib.law.policy import read_policy
from auditlib.package.keys import numbers_key
from auditlib.page.markup import probability
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.findings import column_title, title_in_yuan, write_findings

DRAW_LOG = Ledger(
    "draws.csv",
    ("county_code", "population_sha256", "seed", "method", "drawn", "drawn_sha256"),
    Text("抽样记录", "the log of draws"),
)
LONGEST_CELL = 32_000  # characters; a cell takes some more
DIFFERENCES = Text("逐条差异", "Differences")
DIFFERENCE_TITLES = (
    Text("县", "County"), column_title("finding_id"), column_title("school_name"), column_title("name"), column_title("id_number"),
    Text("比较结果", "Outcome"), Text("原因", "Cause"), Text("不同之处", "Fields"), Text("县里金额", "Self-check"),
    Text("重做金额", "Re-check"), Text("依据的行", "Rows"),
)  # fmt: skip
BY_WORD = Text("无凭证的排除", "Cleared by word")
BY_WORD_TITLES = (
    *DIFFERENCE_TITLES[:5], title_in_yuan("at_stake"), Text("经办人", "By"), Text("日期", "On"),
    Text("县里写的原因", "Cause as the county wrote it"), DIFFERENCE_TITLES[-1],
)  # fmt: skip
BY_WORD_WIDTHS = (9, 16, 18, 10, 20, 12, 10, 12, 34, 30)
THERE = Text("邻县查到的孩子", "Children found next door")
THERE_TITLES = (
    *DIFFERENCE_TITLES[:1], DIFFERENCE_TITLES[1], *DIFFERENCE_TITLES[3:5], Text("查到的县", "Found in"), Text("当地学籍", "Record there"),
    Text("当地发放", "Paid there"), column_title("confidence"), Text("当地的行", "Rows there"),
)  # fmt: skip
THERE_WIDTHS = (9, 16, 10, 20, 9, 11, 11, 10, 60)
ACTIVE = {True: Text("在读", "active"), False: Text("不在读", "not active")}
PAID = {True: Text("已发", "paid"), False: Text("没有发放", "not paid")}
FORM_WIDTHS = (30, 20, 12, 12, 10, 44)
DIFFERENCE_WIDTHS = (9, 16, 18, 10, 20, 12, 16, 14, 11, 11, 30)
FORM_SHEET = Text("县级自查与市级复查对照表", "Self-check and re-check")


def write_outputs(run: ReCheck, results: RecheckResults) -> WrittenFiles:
    """All files but notebook and report into the run's folder. A field sheet that lies there already is left alone."""
    folder = run.output_dir
    with (
        in_words(run.language),
        together(folder, outdated_names=OF_RECHECK, own=own_forms(folder), language=run.language) as into,
    ):
        all_findings = results.comparison.findings
        words = {"county_name": run.city_name, "term": run.term}
        write_worklist(
            with_numbers(_with_classes(all_findings, results.counties, run.language), numbers_key()),
            into / "findings.xlsx",
            parameters=words,
            language=run.language,
            schemes=scheme_titles(results.counties, run.language),
            counties=results.names,
            places=places_of(results.counties),
            elsewhere=elsewhere(results.counties, all_findings, run.language),
        )
        write_form(results, into / "comparison.xlsx")
        write_json([draw.proof() for draw in results.draws], into / "draw.json")
        write_json([conclusion.to_dict() for conclusion in results.conclusions], into / "conclusions.json")
        _write_numbered(results, into)
        for draw in results.draws:
            (into / f"population-{draw.population.county_code}.csv").write_bytes(draw.population.listed())
            _field_sheet(draw, run, into, scheme_titles(results.counties, run.language))
        files = tuple(sorted(path.name for path in into.iterdir()))
        # Before anybody can see what was drawn: whoever breaks off here has drawn all the same.
        log_draws(results.draws, folder)
    return WrittenFiles((*files, DRAW_LOG.file), run.language)


def places_of(counties: Iterable[County]) -> pd.DataFrame:
    """``county_code, id_number, town, school_name``: where each county's register has a person, else where it paid one."""
    frames = [
        frame.reindex(columns=["id18", "town", "school_title"]).assign(county_code=county.code)
        for county in counties
        for frame in (county.pupils, county.payments)
    ]
    persons = pd.concat(frames, ignore_index=True).rename(
        columns={"id18": "id_number", "school_title": "school_name"}
    )
    return persons.dropna(subset="id_number").drop_duplicates(["county_code", "id_number"], ignore_index=True)


def _with_classes(findings: pd.DataFrame, counties: Iterable[County], language: str) -> pd.DataFrame:
    """``findings`` with ``classes``: grade and class of the pupil by the register of the finding's county."""
    of_number = {
        (county.code, pupil["id18"]): class_text(pupil, language)
        for county in counties
        for pupil in county.pupils.reindex(columns=["id18", *CLASS]).dropna(subset="id18").to_dict("records")
    }
    keys = zip(findings["county_code"], findings["id_number"], strict=True)
    return findings.assign(classes=[of_number.get(key, "") for key in keys])


def _write_numbered(results: RecheckResults, into: Path) -> None:
    """Findings and manifest, with the number that says that they are of one run."""
    other_files = [(into / name).read_bytes() for name in ("conclusions.json", "draw.json")]
    conclusion = sentence(results)
    manifest = {
        **with_number(results.manifest, *other_files),
        FORMS: forms(into),
        CONCLUSION: {language: conclusion.into(language) for language in LANGUAGES},
    }
    write_json(manifest, into / MANIFEST)
    metadata = {IN_FINDINGS: manifest[NUMBER].encode()}
    write_findings(results.comparison.findings, into / FINDINGS, metadata)


def sheet_name(draw: CountyDraw) -> str:
    """Another draw has another name: a sheet that is being filled in is never written over."""
    return f"field-{draw.number}.xlsx"


def scheme_titles(counties: Iterable[County], language: str) -> dict[str, str]:
    """The schemes' titles as the policies of the city's copies give them."""
    policies = [read_policy(county.parameters.policy, ROOT) for county in counties if county.parameters]
    return {
        name: scheme.title.into(language) for policy in policies for name, scheme in policy.schemes.items()
    }


def _field_sheet(draw: CountyDraw, run: ReCheck, into: Path, schemes: Mapping[str, str]) -> None:
    name = sheet_name(draw)
    if not (run.output_dir / name).exists():
        write_field_sheet(draw, into / name, language=run.language, schemes=schemes)


def log_draws(draws: list[CountyDraw], folder: Path) -> None:
    """Every draw ever made in this folder, append-only: whoever tries seeds until one pleases leaves a trace."""
    file = folder / DRAW_LOG.file
    entries = DRAW_LOG.parsed(file.read_bytes(), file) if file.exists() else []
    rows = [_log_entry(draw) for draw in draws]
    fresh = {tuple(row.values()): row for row in rows if row not in entries}
    DRAW_LOG.add(folder, *fresh.values())


def _log_entry(draw: CountyDraw) -> dict[str, str]:
    population = draw.population
    return {
        "county_code": population.county_code,
        "population_sha256": population.fingerprint,
        "seed": draw.seed,
        "method": draw.method,
        "drawn": str(len(draw.sample_units)),
        "drawn_sha256": draw.digest,
    }


def write_form(results: RecheckResults, path: Path) -> None:
    """The form of the two checks, a sheet a county: item, method, self-check value, re-check value, agreement, note; and
    after them the single differences, in full."""
    language = results.language
    with workbook(path, FORM_SHEET.into(language), UNMASKED.into(language)) as book:
        head = book.add_format({**styles.HEAD, "border": 1, "text_wrap": True})
        cell = book.add_format({"border": 1, **styles.WRAPPED})
        names = Names(DIFFERENCES.into(language))
        for county, name in results.names.items():
            sheet = book.add_worksheet(names.free(name or county))
            sheet.write_string(0, 0, f"{FORM_SHEET.into(language)}  {name}（{county}）")
            sheet.write_row(1, 0, [title.into(language) for title in FORM_TITLES], head)
            own = results.comparison.form[results.comparison.form["county_code"] == county]
            for at, row in enumerate(form_rows(own, language), start=2):
                sheet.write_row(at, 0, row, cell)
                fit_row(sheet, at, row, FORM_WIDTHS)
            if own.empty:
                sheet.write_string(2, 0, NOT_COMPARED.into(language))
            _print_across(sheet, FORM_WIDTHS, heads=2)
        _write_differences(results, book, head, cell)
        _write_by_word(results, book, head, cell)
        _write_there(results, book, head, cell)


def _print_across(sheet: Any, widths: Sequence[float], *, heads: int, marking: str = "") -> None:
    """A4 across, as wide as one page, the first ``heads`` rows on every page; ``marking``: above and below on each."""
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    across_a4(sheet)
    sheet.repeat_rows(0, heads - 1)
    sheet.freeze_panes(heads, 0)
    number_pages(sheet, marking)


def _write_differences(results: RecheckResults, book: Any, head: Any, cell: Any) -> None:
    """Every finding on which the two checks differ, with its cause: also those that a county's own conditions explain."""
    language, lines = results.language, results.comparison.lines
    sheet = book.add_worksheet(DIFFERENCES.into(language))
    sheet.write_row(0, 0, [title.into(language) for title in DIFFERENCE_TITLES], head)
    for at, line in enumerate(lines[lines["outcome"] != "same"].to_dict("records"), start=1):
        row = [results.names[line["county_code"]], *_difference(line, language)]
        sheet.write_row(at, 0, row, cell)
        fit_row(sheet, at, row, DIFFERENCE_WIDTHS)
    _print_across(sheet, DIFFERENCE_WIDTHS, heads=1, marking=UNMASKED.into(language))


def _write_by_word(results: RecheckResults, book: Any, head: Any, cell: Any) -> None:
    """Every finding of the city's own that a county cleared without a paper, with the cause as it was written."""
    language, by_word = results.language, results.comparison.by_word
    if by_word.empty:
        return
    sheet = book.add_worksheet(BY_WORD.into(language))
    sheet.write_row(0, 0, [title.into(language) for title in BY_WORD_TITLES], head)
    columns = ("school_name", "name", "id_number", "at_stake", "decided_by", "decided_at", "cause")
    for at, line in enumerate(by_word.to_dict("records"), start=1):
        cells = ["" if pd.isna(line[column]) else str(line[column])[:LONGEST_CELL] for column in columns]
        rows = sources(line["records"], {})[:LONGEST_CELL]
        row = [results.names[line["county_code"]], rule_title(line["rule"], language), *cells, rows]
        for column, text in enumerate(row):
            sheet.write_string(at, column, text, cell)
        fit_row(sheet, at, row, BY_WORD_WIDTHS)
    _print_across(sheet, BY_WORD_WIDTHS, heads=1, marking=UNMASKED.into(language))


def _write_there(results: RecheckResults, book: Any, head: Any, cell: Any) -> None:
    """Every missed child of a county whom a neighbour's register knows, with where: a county need not go on searching for it."""
    language, there = results.language, results.comparison.registered_elsewhere
    if there.empty:
        return
    people = {
        finding["finding_id"]: finding
        for county in results.counties
        for finding in county.findings.reindex(columns=["finding_id", "name", "id_number"]).to_dict("records")
    }
    sheet = book.add_worksheet(THERE.into(language))
    sheet.write_row(0, 0, [title.into(language) for title in THERE_TITLES], head)
    for at, line in enumerate(there.to_dict("records"), start=1):
        person = people.get(line["finding_id"], {})
        who = ["" if pd.isna(person.get(column)) else str(person[column]) for column in ("name", "id_number")]
        states = [
            ACTIVE[bool(line["active"])] if pd.notna(line["active"]) else Text("", ""),
            PAID[line["paid_there"]],
        ]
        row = [
            results.names[line["county_code"]],
            rule_title(line["rule"], language),
            *who,
            results.names.get(line["found_in"], line["found_in"]),
            *(state.into(language) for state in states),
            probability(line["confidence"]),
            sources(line["records"], {})[:LONGEST_CELL],
        ]
        for column, text in enumerate(row):
            sheet.write_string(at, column, text, cell)
        fit_row(sheet, at, row, THERE_WIDTHS)
    _print_across(sheet, THERE_WIDTHS, heads=1)


def _difference(line: dict[str, Any], language: str) -> list[str]:
    """What a difference is about, behind the county's name."""
    gap = "、" if language == "zh" else ", "
    fields = gap.join(
        cause_title(f"field_{name}", language) for name in str(line["differs"] or "").split(", ") if name
    )
    amounts = [NOTHING if pd.isna(line[side]) else str(line[side]) for side in ("self_check", "re_check")]
    who = [str(line[column] or "") for column in ("school_name", "name", "id_number")]
    words = [cause_title(line[column], language) for column in ("outcome", "cause")]
    rows = sources(line["records"], {})[:LONGEST_CELL]
    return [rule_title(line["rule"], language), *who, *words, fields, *amounts, rows]
