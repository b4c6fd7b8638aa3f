"""What ``policy``, ``rules``, ``ingest`` and ``verify`` answer: as lines for a person, as JSON for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditlib.base.language import Text
from auditlib.tables.findings import column_title
from auditlib.tables.wording import category_word, word

if TYPE_CHECKING:
    from auditlib.package.verify import Verification

HEADS = (
    column_title("scheme"),
    Text("学段", "Stage"),
    Text("类别", "Category"),
    Text("标准（元/学期）", "Yuan a term"),
    Text("自", "Since"),
)
POLICY = Text("{county} {term} 有效的资助标准", "{county}, {term}: the standards in force")
REFERENCES, ANY = Text("依据", "References"), Text("全部", "any")
BOUNDS = {
    "minimum": Text("最低", "at least"),
    "maximum": Text("最高", "at most"),
    "average": Text("平均", "on average"),
}


def json_text(answer: Any) -> str:
    """``answer`` as indented JSON; money and dates as text."""
    return printable_json(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


def printable_json(text: str) -> str:
    """JSON as it is, or, where the terminal lacks one of its characters, all beyond ASCII by number: spelt as elsewhere it
    would be no JSON any more."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), indent=2)
    return text


def plain_rows(rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Rows of a frame with None where it holds nothing: a frame of texts says NaN."""
    return [{str(key): None if value != value else value for key, value in row.items()} for row in rows]


def policy_lines(
    rows: Sequence[Mapping[str, Any]], language: str, *, county: str = "", term: str = ""
) -> list[str]:
    """A heading, one line a standard, then the references of each scheme."""
    heading = POLICY.fill(county=county, term=term).into(language)
    lines = ["\t".join(head.into(language) for head in HEADS)]
    references: dict[str, None] = {}
    for row in rows:
        category = category_word(row["category"], term, language) if row["category"] else ANY.into(language)
        cells = [row[f"scheme_title_{language}"], word(row["stage"], language), category]
        lines.append("\t".join([*cells, _amount(row, language), row["since"].isoformat()]))
        references[row["policy_ref"]] = None
    return [heading, "", *lines, "", REFERENCES.into(language), *references]


def _amount(row: Mapping[str, Any], language: str) -> str:
    if row["minimum"] == row["maximum"] and row["minimum"] is not None:
        return str(row["minimum"])
    bounds = [f"{text.into(language)} {row[name]}" for name, text in BOUNDS.items() if row[name] is not None]
    return "、".join(bounds) if language == "zh" else ", ".join(bounds)


def catalogue(language: str) -> list[dict[str, str]]:
    """Every rule, the county's and the city's: ``rule, title, severity, criterion``."""
    from auditlib.rules import RULES, Rule
    from auditlib.rules.city import RECHECK_RULES, RecheckRule

    rules: list[Rule | RecheckRule] = [*RULES.values(), *RECHECK_RULES.values()]
    return [
        {
            "rule": rule.id,
            "title": rule.title.into(language),
            "severity": rule.severity,
            "criterion": rule.criterion.into(language),
        }
        for rule in rules
    ]


def verification(answer: Verification, language: str) -> dict[str, Any]:
    """All that was looked at, and whether it held."""
    checks = [
        {"what": check.what, "holds": check.holds, "said": check.sentence.into(language)}
        for check in answer.checks
    ]
    return {"holds": answer.holds, "checks": checks}
