"""What a province's run writes beside the counties' folders: the page, the list of persons across counties, the counts."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import auditlib
from auditlib.base.faults import in_words
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.base.run_folder import NUMBER, read_mapping, with_number
from auditlib.findings.finding_numbers import numbered_rows as with_numbers
from auditlib.forms.worklist import write_worklist
from auditlib.ingest.accounts.accounting import write_json
from auditlib.package.keys import fingerprint_key, numbers_key
from auditlib.province.county_task import CountyOutcome
from auditlib.province.page import page_of
from auditlib.province.programme import ProvinceResults
from auditlib.province.tie_out import TieOutLine, findings_of, tie_out, yuan_of
from auditlib.tables.findings import column_title, title_in_yuan, write_findings

PAGE, COUNTS = "province.html", "province.json"
ACROSS, LIST = "across.parquet", "across.xlsx"
CHILDREN, COUNTY_LIST = "children-in-other-counties.csv", "counties.csv"
COUNTY_COLUMNS = (
    column_title("county_code"), Text("县", "County"), Text("状态", "State"), Text("读入行", "Rows read"), Text("采用行", "Rows used"),
    Text("有意略去", "Left out"), Text("拒收行", "Rejected"), Text("疑点", "Findings"), Text("其中应助未助", "Of these missed"),
    title_in_yuan("at_stake"), Text("原因", "Why not done"),
)  # fmt: skip
CHILD_COLUMNS = (
    column_title("finding_id"), column_title("rule"), column_title("county_code"), Text("在何县学籍", "Registered in"),
    Text("在读", "Active"), Text("当地已发", "Paid there"), Text("该县的行", "Rows there"),
)  # fmt: skip
STATES = {"done": Text("完成", "done"), "failed": Text("没有完成", "not done")}
YES, NO = Text("是", "yes"), Text("否", "no")


def write_province(results: ProvinceResults) -> Path:
    """All files of the province into its folder, together; the path of the page."""
    folder, language = results.run.output_dir, results.run.language
    own = frozenset((read_mapping(folder / COUNTS) or {}).get("forms", {}).values())
    with in_words(language), together(folder, own=own, language=language) as into:
        _write_across(results, into)
        (into / COUNTY_LIST).write_bytes(_county_list(results))
        (into / CHILDREN).write_bytes(_children(results))
        (into / PAGE).write_text(page_of(results), encoding="utf-8")
        write_json(_counts(results, into), into / COUNTS)
    return folder / PAGE


def _write_across(results: ProvinceResults, into: Path) -> None:
    run, findings = results.run, results.across.findings
    write_findings(findings.assign(disposition=None), into / ACROSS)
    write_worklist(
        with_numbers(findings, numbers_key()),
        into / LIST,
        parameters={"county_name": run.province_name, "term": run.term},
        language=run.language,
        counties={outcome.county_code: outcome.county_name for outcome in results.successes},
    )


def _counts(results: ProvinceResults, into: Path) -> dict[str, Any]:
    """What the page shows, for other programs; no clock, so the same for the same counties."""
    from auditlib.base.run_folder import forms

    key = fingerprint_key()
    content = {
        "auditlib": auditlib.__version__,
        "parameters": results.run.as_json(),
        "counties": [_county(outcome) for outcome in results.outcomes],
        "across": {
            "findings": len(results.across.findings),
            "children": int(results.across.registered_elsewhere["finding_id"].nunique()),
        },
        "tie_out": [_line(line) for line in tie_out(results)],
    }
    secret = key.secret if key else b""
    numbers = with_number(content, (into / ACROSS).read_bytes(), secret=secret)
    return {NUMBER: numbers[NUMBER], **content, "forms": forms(into)}


def _county(outcome: CountyOutcome) -> dict[str, Any]:
    names = ("county_code", "county_name", "state", "message", "rows", "findings", "rules", "roles")
    return {name: getattr(outcome, name) for name in names}


def _line(line: TieOutLine) -> dict[str, Any]:
    return {
        "what": line.what.en,
        "one": line.one,
        "other": line.other,
        "agrees": line.agrees,
        "counties": list(line.counties),
    }


def _county_list(results: ProvinceResults) -> bytes:
    language = results.run.language
    rows = [_county_line(outcome, language) for outcome in results.outcomes]
    return _as_csv([[title.into(language) for title in COUNTY_COLUMNS], *rows])


def _county_line(outcome: CountyOutcome, language: str) -> list[Any]:
    missed, others = (findings_of(outcome, missed=kind) for kind in (True, False))
    counts = [outcome.rows.get(name, "") for name in ("read", "used", "left_out", "rejected")]
    figures = [missed + others, missed, yuan_of(outcome)] if outcome.rows else ["", "", ""]
    state = STATES[outcome.state].into(language)
    return [outcome.county_code, outcome.county_name, state, *counts, *figures, outcome.message]


def _children(results: ProvinceResults) -> bytes:
    language = results.run.language
    rows = [
        [
            *(child[name] for name in ("finding_id", "rule", "county_code", "found_in")),
            *((YES if bool(child[name]) else NO).into(language) for name in ("active", "paid_there")),
            "; ".join(child["records"]),
        ]
        for child in results.across.registered_elsewhere.to_dict("records")
    ]
    return _as_csv([[title.into(language) for title in CHILD_COLUMNS], *rows])


def _as_csv(rows: list[list[Any]]) -> bytes:
    """As spreadsheets open it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return ("\ufeff" + text.getvalue()).encode("utf-8")
