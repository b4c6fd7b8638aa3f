"""The manifest: what went in, with its digest, and with what parameters and versions it was worked on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.results import Results
from auditlib.law.parameters import SelfCheck
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.parameter_words import parameter_table
from auditlib.page.section import Section
from auditlib.rules import RULES
from auditlib.tables.wording import WORDS, word

TITLE = Text("数据清单与运行环境", "Manifest")
LEAD = Text(
    "凭下列文件指纹（SHA-256）、参数与版本，可以重做本次核对，并得到同样的疑点。",
    "From the files with these SHA-256 digests, these parameters and versions the same findings can be made again.",
)
INPUTS, PARAMETERS, POLICY, VERSIONS = (
    Text("输入文件", "Input files"),
    Text("运行参数", "Parameters"),
    Text("政策文件及其指纹 SHA-256", "Policy files and their SHA-256"),
    Text("软件版本", "Versions"),
)
KEY, VALUE = Text("项", "Key"), Text("值", "Value")
TABLE, FILE = Text("台账", "Register"), Text("文件", "File")
ROWS, DIGEST = Text("行数", "Rows"), Text("指纹 SHA-256", "SHA-256")
SUMMARY = Text("{n} 个输入文件", "{n} input files")
PLACES = ("data_dir", "output_dir", "previous")
ABSOLUTE = re.compile(r"^(?:[A-Za-z]:[\\/]|[\\/]|~)")


def manifest(results: Results) -> Section:
    """Shows the manifest's ``inputs`` (``table, file, rows_read, sha256``), ``policy``, parameters and versions."""
    language = str(results.parameters.get("language", "zh"))
    contents = results.manifest
    inputs = contents.get("inputs") or []
    pieces = [markup.paragraph(LEAD.into(language), "lead"), _inputs(inputs, language)]
    policy = {entry["file"]: entry["sha256"] for entry in contents.get("policy") or ()}
    parameters = without_people(contents.get("parameters") or results.parameters)
    tables = (
        (POLICY, _pairs(policy, POLICY, language) if policy else None),
        (PARAMETERS, parameter_table(parameters, SelfCheck, PARAMETERS, language, _rule_words())),
        (VERSIONS, _pairs(_versions(contents), VERSIONS, language)),
    )
    for title, table in tables:
        if table:
            pieces += [markup.heading(3, title.into(language)), table]
    summary = SUMMARY.fill(n=len(inputs)).into(language)
    return Section("manifest", TITLE.into(language), markup.join(pieces), summary, annex=True)


def _rule_words() -> dict[str, Text]:
    """Rules and families by their titles: parameters may name them."""
    families = {key.removeprefix("family."): text for key, text in WORDS.items() if key.startswith("family.")}
    return families | {rule: declaration.title for rule, declaration in RULES.items()}


def _versions(contents: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: contents[name] for name in ("auditlib", "python") if name in contents}
    return {**own, **contents.get("packages", {})}


def without_people(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without the folders of the machine they ran on; relative ones stay as written."""
    return {key: value for key, value in parameters.items() if key not in PLACES or not _is_absolute(value)}


def _is_absolute(value: Any) -> bool:
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return any(ABSOLUTE.match(str(item)) for item in values)


def _inputs(inputs: Sequence[Mapping[str, Any]], language: str) -> Markup:
    columns = [
        Col(TABLE.into(language), css="k"),
        Col(FILE.into(language), css="long"),
        Col(ROWS.into(language), "number"),
        Col(DIGEST.into(language), css="digest"),
    ]
    rows = [
        (
            word(item.get("table", markup.NOTHING), language),
            scrub(str(item.get("file", item.get("path", markup.NOTHING)))),
            markup.count(item.get("rows", item.get("rows_read"))),
            Cell(Markup("<code>{}</code>").format(item.get("sha256", markup.NOTHING))),
        )
        for item in inputs
    ]
    return markup.table(columns, rows, caption=INPUTS.into(language)) if rows else Markup("")


def _pairs(values: Mapping[str, Any], caption: Text, language: str) -> Markup:
    columns = [Col(KEY.into(language)), Col(VALUE.into(language), css="long")]
    rows = [
        (Cell(Markup("<code>{}</code>").format(key)), value)
        for key, value in markup.mapping_rows(values, language)
    ]
    return markup.table(columns, rows, caption=caption.into(language), headed=True)
