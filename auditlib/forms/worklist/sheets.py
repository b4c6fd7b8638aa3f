"""Which finding stands on which sheet, and what a sheet may be called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import pandas as pd

from auditlib.findings.in_trouble import is_missed
from auditlib.forms.worklist.columns import OTHER
from auditlib.rules.city import RECHECK_RULES
from auditlib.rules.registry import RULES
from auditlib.tables.wording import word

LONGEST_NAME = 31
FORBIDDEN = dict.fromkeys(map(ord, "[]:*?/\\"), "_")
BASIC_PLANE = 0xFFFF


def listed(
    findings: pd.DataFrame,
    language: str,
    schemes: Mapping[str, str],
    counties: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """``findings`` in words and in the order in which they are worked through; ``counties``: of a list of several."""
    titles = {name: rule.title.into(language) for name, rule in RULES.items()}
    titles |= {name: rule.title.into(language) for name, rule in RECHECK_RULES.items()}
    apart = (
        {"county_title": _counties_of(findings, counties).str.join("、" if language == "zh" else ", ")}
        if counties
        else {}
    )
    worded = findings.assign(
        rule_title=findings["rule"].map(lambda rule: titles.get(rule, rule)),
        so_far=findings["disposition"].map(lambda code: word(code, language), na_action="ignore"),
        severity=findings["severity"].map(lambda code: word(code, language)),
        scheme_title=findings["scheme"].map(lambda scheme: schemes.get(scheme, scheme), na_action="ignore"),
        sources=findings["records"].map(partial(sources, counties=counties or {})),
        family_title=findings["family"].map(lambda family: word(f"family.{family}", language)),
        later=~findings["rule"].map(is_missed).astype(bool),
        yuan=findings["at_stake"].astype(float).fillna(0),
        **apart,
    )
    # The rows before the finding_id: the order of such hashes tells of the numbers that they are made of.
    order = ["later", "yuan", "sources", "rule_title", "finding_id"]
    return worded.sort_values(order, ascending=[True, False, True, True, True], kind="stable")


def sources(records: Iterable[str], counties: Mapping[str, str]) -> str:
    """The addresses that a finding rests on, a line each; ``counties``: code to name, where it may be of several."""
    return "\n".join(_source(str(record), counties) for record in records)


def _source(record: str, counties: Mapping[str, str]) -> str:
    """An address without the table's name; whose it is, where a row of another county is named."""
    where, _, address = record.partition(":")
    county = where.rpartition("/")[0]
    return f"{counties.get(county, county)} {address}" if county else address or record


def _counties_of(findings: pd.DataFrame, counties: Mapping[str, str]) -> pd.Series:
    """Lists of names: the finding's own county, then those whose rows it rests on besides."""
    codes = [
        dict.fromkeys(
            [
                code,
                *(
                    str(record).partition("/")[0]
                    for record in records
                    if _is_of_county(str(record), counties)
                ),
            ]
        )
        for code, records in zip(findings["county_code"], findings["records"], strict=True)
    ]
    names = [[counties.get(code, str(code)) for code in each] for each in codes]
    return pd.Series(names, index=findings.index, dtype=object)


def _is_of_county(record: str, counties: Mapping[str, str]) -> bool:
    return record.partition("/")[0] in counties


def groups(
    findings: pd.DataFrame, language: str, counties: Mapping[str, str] | None = None
) -> list[tuple[str, pd.DataFrame]]:
    """A sheet a town, then one a school of no known town, then one for all the rest; of several counties by county first,
    and a finding of two of them in the sheets of both."""
    if counties:
        of_county = findings.assign(_county=_counties_of(findings, counties)).explode("_county")
        return [
            (f"{county} {name}", rows)
            for county, part in of_county.groupby("_county", sort=True)
            for name, rows in groups(part.drop(columns="_county"), language)
        ]
    town, school = (findings[column].fillna("").astype(str).str.strip() for column in ("town", "school_name"))
    kind = pd.Series(2, index=findings.index).mask(school != "", 1).mask(town != "", 0)
    name = town.where(town != "", school).where(kind < 2, OTHER.into(language))
    return [(str(key[1]), rows) for key, rows in findings.groupby([kind, name], sort=True)]


class Names:
    """Sheet names that Excel takes: no forbidden character, at most 31 long, none twice."""

    def __init__(self, *reserved: str) -> None:
        self._taken = {name.casefold() for name in (*reserved, "History")}

    def free(self, title: str) -> str:
        clean = "".join(c for c in title.translate(FORBIDDEN) if c.isprintable()).strip().strip("'") or "_"
        number, name = 1, shortened(clean, LONGEST_NAME)
        while name.casefold() in self._taken:
            number += 1
            name = shortened(clean, LONGEST_NAME - len(f"({number})")) + f"({number})"
        self._taken.add(name.casefold())
        return name


def shortened(text: str, longest: int) -> str:
    """``text`` cut to ``longest`` UTF-16 units, which is how Excel counts: a rare character counts two."""
    beginning, units = "", 0
    for character in text:
        units += 1 + (ord(character) > BASIC_PLANE)
        if units > longest:
            break
        beginning += character
    return beginning.strip("'")
