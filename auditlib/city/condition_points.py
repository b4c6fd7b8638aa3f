"""What a county had otherwise, as points of the re-check: each condition that hides something, and what cannot be tried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditlib.base.language import Text
from auditlib.base.places import ROOT
from auditlib.city.counties import County
from auditlib.city.finding_rows import LONGEST, Writer, person_of
from auditlib.city.hidden import AND, TOGETHER, VALUES
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import read_policy
from auditlib.page.parameter_words import title_of, value_of_text
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
        schemes = _scheme_titles(county, conditions.hidden["name"])
        for line in conditions.hidden.to_dict("records"):
            name, hides = str(line["name"]), len(line["findings"])
            how = WORDS["hides" if hides else "hides_nothing"].fill(n=hides, yuan=line["yuan"])
            several = name.startswith(TOGETHER)
            values = {side: _value(str(line[side]), several=several) for side in ("county", "city")}
            words = {"what": _condition(name, schemes), "how": how, **values}
            lost = county.findings[county.findings["finding_id"].isin(line["findings"])]
            cells = {"at_stake": line["yuan"], "records": list(line["records"]), **person_of(lost)}
            yield write.row("recheck.parameters", county.code, name, name.partition(".")[0], words, **cells)
        for name in GENERAL:
            details = general.get(county.code, {}).get(name)
            if details and (name != "policy" or conditions.policy_unknown):
                sides = (", ".join(details), WORDS["other_text"]) if name == "policy" else details
                other: dict[str, Any] = {"what": WORDS[f"other_{name}"], "how": WORDS["no_excuse"]}
                if name == "version" and passed_over.get(county.code):
                    other["how"] = WORDS["no_excuse_passed_over"].fill(n=passed_over[county.code])
                other |= {"county": str(sides[0])[:LONGEST], "city": sides[1]}
                yield write.row("recheck.parameters", county.code, name, name, other)


def _value(text: str, *, several: bool) -> Text:
    """What a county wrote, in words; ``several``: of each condition the value."""
    parts = text.split(VALUES) if several else [text]
    zh, en = (
        VALUES.join(value_of_text(part, language) for part in parts)[:LONGEST] for language in ("zh", "en")
    )
    return Text(zh, en)


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
