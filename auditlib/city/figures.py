"""What a county's manifest counts (rules, children, each yuan once, links) held against what the city works out itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from auditlib.city.conditions import rules_of_the_term_before
from auditlib.city.counties import County
from auditlib.city.earlier import has_another_run, lacks_earlier_run

SUMS = ("children", "yuan_once", "links")
COUNT_COLUMNS = ("status", "population", "tested", "untested", "untested_reasons")
NOT_RUN = {"status": "not_run", "population": 0, "tested": 0, "untested": 0, "untested_reasons": {}}


def miscounts(county: County) -> list[str]:
    """Rules, and sums of the whole county, whose counts in the manifest nothing accounts for.

    The manifest leaves them out, or counts otherwise than the re-performance under the county's own conditions, on its own rows
    (``county.figures``). What rests on a run of the term before is not counted where county and city hold different ones.
    """
    package = county.package
    if package is None or not county.is_reperformed or not county.is_same_program:
        return []
    theirs, ours = package.manifest, county.figures
    lacking = [rule for rule in county.manifest.get("rules", {}) if rule not in theirs["rules"]]
    if ours is None:
        return sorted(f"rules.{rule}" for rule in lacking)
    other = lacks_earlier_run(county) or has_another_run(county)
    uncounted_rules = set(rules_of_the_term_before()) if other else set()
    own_rules = ours.get("rules") or {}
    differing = {
        rule
        for rule, counts in theirs["rules"].items()
        if rule not in uncounted_rules and _counts(counts) != _counts(own_rules.get(rule, NOT_RUN))
    }
    sums = [] if other else [name for name in SUMS if _json(theirs.get(name)) != _json(ours.get(name))]
    return sorted(f"rules.{rule}" for rule in {*lacking, *differing}) + sums


def agreement(county: County) -> tuple[int, int | None]:
    """How many figures a county's manifest tells, and how many of them the city gets too; None where it cannot be worked out."""
    assert county.package is not None
    figures = len(county.package.manifest["rules"]) + len(SUMS)
    if county.figures is None or lacks_earlier_run(county) or has_another_run(county):
        return figures, None
    return figures, figures - len(miscounts(county))


def _counts(counts: Mapping[str, Any]) -> list[Any]:
    return [counts[name] for name in COUNT_COLUMNS]


def _json(figures: Any) -> str:
    return json.dumps(figures, sort_keys=True, default=str)


__all__ = ["agreement", "miscounts"]
