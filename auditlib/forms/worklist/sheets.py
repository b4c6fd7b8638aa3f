"""Which finding stands on which sheet, and what a sheet may be called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from auditlib.forms.worklist.columns import OTHER
from auditlib.rules.registry import RULES
from auditlib.tables.wording import word

LONGEST_NAME = 31
FORBIDDEN = dict.fromkeys(map(ord, "[]:*?/\\"), "_")
BASIC_PLANE = 0xFFFF


def listed(findings: pd.DataFrame, language: str, schemes: Mapping[str, str]) -> pd.DataFrame:
    titles = {rule: RULES[rule].title.into(language) for rule in RULES}
    worded = findings.assign(
        rule_title=findings["rule"].map(lambda rule: titles.get(rule, rule)),
        so_far=findings["disposition"].map(lambda code: word(code, language), na_action="ignore"),
        severity=findings["severity"].map(lambda code: word(code, language)),
        scheme_title=findings["scheme"].map(lambda scheme: schemes.get(scheme, scheme), na_action="ignore"),
        sources=findings["records"].map(_sources),
        later=findings["family"] != "missed",
        yuan=findings["at_stake"].astype(float).fillna(0),
    )
    # The rows before the finding_id: the order of such hashes tells of the numbers that they are made of.
    order = ["later", "yuan", "sources", "rule_title", "finding_id"]
    return worded.sort_values(order, ascending=[True, False, True, True, True], kind="stable")


def _sources(records: Iterable[str]) -> str:
    return "\n".join(str(record).partition(":")[2] or str(record) for record in records)


def groups(findings: pd.DataFrame, language: str) -> list[tuple[str, pd.DataFrame]]:
    """A sheet a town, then one a school of no known town, then one for all the rest."""
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
