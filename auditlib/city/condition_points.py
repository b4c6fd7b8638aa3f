"""What a county had otherwise, as points of the re-check: each condition that hides something, and what cannot be tried out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from auditlib.base.language import Text
from auditlib.base.places import ROOT
from auditlib.city.counties import County
from auditlib.city.finding_rows import LONGEST, Writer, person_of
from auditlib.city.hidden import AND, TOGETHER, VALUES
from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import read_policy
from auditlib.page.parameter_words import title_of, value_of, value_of_text
from auditlib.rules import RULES
from auditlib.rules.city_words import WORDS
from auditlib.tables.delivered import TABLES

GENERAL = (
    "version",
    "policy",
    "key",
)  # of what differs altogether, what the audit cannot be done again under


def condition_points(
    write: Writer,
    counties: list[County],
    general: Mapping[str, Mapping[str, list[str]]],
    passed_over: Mapping[str, int],
) -> Iterable[dict[str, Any]]:
    """What a county had otherwise: each condition that hides something; what cannot be tried out, as an open point.

    ``passed_over``: of a county with another program, findings of which it says the reason, confidence or wording otherwise."""
    for county in counties:
        conditions = county.conditions
        if conditions is None:
            continue
        untried_names = [name for name, _theirs, _ours in conditions.untried]
        schemes = _scheme_titles(county, [*conditions.hidden["name"], *untried_names])
        for line in conditions.hidden.to_dict("records"):
            name, own = str(line["name"]), county.findings
            values = {side: _value(name, str(line[side])) for side in ("county", "city")}
            hidden_rows = own[own["finding_id"].isin(line["findings"])]
            words = {"what": _condition(name, schemes), "how": _how(line, hidden_rows), **values}
            worse = own[own["finding_id"].isin([*line["findings"], *line["otherwise"]])]
            cells = {"at_stake": line["yuan"], "records": list(line["records"]), **person_of(worse)}
            yield write.row("recheck.parameters", county.code, name, name.partition(".")[0], words, **cells)
        for name, theirs, ours in conditions.untried:
            values = {"county": _value(name, theirs), "city": _value(name, ours)}
            words = {"what": _condition(name, schemes), "how": WORDS["not_tried"], **values}
            yield write.row("recheck.parameters", county.code, name, name.partition(".")[0], words)
        for name in GENERAL:
            details = general.get(county.code, {}).get(name)
            if details and (name != "policy" or conditions.policy_unknown):
                sides = (", ".join(details), WORDS["other_text"]) if name == "policy" else details
                other: dict[str, Any] = {"what": WORDS[f"other_{name}"], "how": WORDS["no_excuse"]}
                if name == "version" and passed_over.get(county.code):
                    other["how"] = WORDS["no_excuse_passed_over"].fill(n=passed_over[county.code])
                other |= {"county": str(sides[0])[:LONGEST], "city": sides[1]}
                yield write.row("recheck.parameters", county.code, name, name, other)


def _how(line: Mapping[str, Any], hidden_rows: pd.DataFrame) -> Text:
    """What a condition hides: findings, the persons whom they are about and the yuan; and what is told otherwise under it."""
    who = hidden_rows[["id_number", "name"]].dropna(how="all")
    children = who[[is_missed(rule) or is_away(rule) for rule in hidden_rows.loc[who.index, "rule"]]]
    persons, missed = (len(rows.drop_duplicates()) for rows in (who, children))
    counts = {"n": len(line["findings"]), "persons": persons, "yuan": line["yuan"]}
    parts = [
        *([WORDS["hides"].fill(**counts)] if counts["n"] else []),
        *([WORDS["of_children"].fill(n=missed)] if missed else []),
        *([WORDS["hidden_again"].fill(n=line["again"])] if line["again"] else []),
        *([WORDS["tells_otherwise"].fill(n=len(line["otherwise"]))] if line["otherwise"] else []),
    ] or [WORDS["hides_nothing"]]
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _value(name: str, text: str) -> Text:
    """What a county wrote, in words; rules by their titles. Of several conditions each has a value of its own."""
    parts = text.split(VALUES) if name.startswith(TOGETHER) else [text]
    zh, en = (VALUES.join(_in_words(part, language) for part in parts)[:LONGEST] for language in ("zh", "en"))
    return Text(zh, en)


def _in_words(text: str, language: str) -> str:
    """A value in words: rules by their titles where it is a list of them in JSON, columns by theirs."""
    try:
        value = json.loads(text)
    except ValueError:
        return value_of_text(text, language)
    if isinstance(value, list) and all(rule in RULES for rule in map(str, value)):
        return value_of([RULES[rule].title.into(language) for rule in value], language)
    if isinstance(value, dict):
        return value_of({_column(str(name)).into(language): value[name] for name in value}, language)
    return value_of_text(text, language)


def _column(name: str) -> Text:
    """The title of ``table.column``; of anything else the name."""
    table, _dot, column = name.partition(".")
    has_title = table in TABLES and column in TABLES[table].by_name
    return TABLES[table].by_name[column].title if has_title else Text(name, name)


def _condition(name: str, schemes: Mapping[str, Text]) -> Text:
    """A condition in words: a register left out, a scheme's standard, several together, else what the parameter means."""
    kind, _dot, what = name.partition(".")
    if kind == TOGETHER:
        each = [_condition(part, schemes) for part in what.split(AND)]
        names = Text("、".join(text.zh for text in each), ", ".join(text.en for text in each))
        return WORDS["together"].fill(names=names)
    if kind in ("sources", "columns") and what in TABLES:
        return WORDS[f"lacks_{kind}"].fill(table=TABLES[what].title)
    if name in WORDS:
        return WORDS[name]
    if kind == "policy":
        return WORDS["standard"].fill(scheme=schemes.get(what, what))
    zh, en = (title_of(name, SelfCheck, language) for language in ("zh", "en"))
    return Text(zh, en)


def _scheme_titles(county: County, names: Iterable[str]) -> dict[str, Text]:
    """The schemes' titles, as the city's policy for the county has them; read where a condition is of the policy."""
    if county.parameters is None or not any("policy." in name for name in names):
        return {}
    policy = read_policy(county.parameters.policy, ROOT)
    return {name: scheme.title for name, scheme in policy.schemes.items()}
