"""The run of the term before: what a county tells by one that the city does not have is neither believed nor doubted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from auditlib.base import terms
from auditlib.city.conditions import has_earlier_run, rules_of_the_term_before
from auditlib.city.counties import County
from auditlib.rules.common import years_before

EARLIER = "earlier_run"
BORN = slice(6, 14)  # of an ID number of 18


def lacks_earlier_run(county: County) -> bool:
    """Had the county a run of the term before, by its own word, where the city has none?"""
    package = county.package
    if package is None or not county.is_reperformed:
        return False
    return has_earlier_run(package.manifest) and not has_earlier_run(county.manifest)


def out_of_reach(comparison: pd.DataFrame, county: County) -> pd.Series:
    """Lines of ``comparison`` that the run of the term before may account for and the city, without one, cannot look at.

    What only the county lists of a rule that cannot be put without it; and a child that only the city misses, old enough to
    have finished the ninth year: younger ones no earlier register can excuse.
    """
    if not lacks_earlier_run(county):
        return pd.Series(False, index=comparison.index)
    mine = comparison["rule"].isin(rules_of_the_term_before())
    not_put = comparison["rule"].isin(_not_put(county.manifest)) & (comparison["outcome"] == "only_county")
    finished = comparison["id_number"].map(lambda number: _may_have_finished(number, county))
    return mine & (not_put | (finished.astype(bool) & (comparison["outcome"] == "only_city")))


def _not_put(manifest: Mapping[str, Any]) -> set[str]:
    counted = manifest.get("rules", {})
    return {rule for rule, counts in counted.items() if counts["not_run_reason"] == "no_earlier_run"}


def _may_have_finished(number: Any, county: County) -> bool:
    """Is this child, by its number, within two years of the end of compulsory age, in a term before which a school year ended?"""
    assert county.parameters is not None
    term, oldest = county.parameters.term, county.parameters.ages.compulsory[1]
    try:
        born = dt.datetime.strptime(str(number)[BORN], "%Y%m%d").date()
    except ValueError:
        return False
    return term.endswith("autumn") and born <= years_before(terms.age_day(term), oldest - 1)


__all__ = ["EARLIER", "lacks_earlier_run", "out_of_reach"]
