"""The run of the term before: what a county tells by one that the city does not have, or that holds another register than the
city's, is neither believed nor doubted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from auditlib.base import terms
from auditlib.city.conditions import has_earlier_run, rules_of_the_term_before
from auditlib.city.counties import County

EARLIER, OTHER_EARLIER = CAUSES = ("earlier_run", "other_earlier_run")
VANISHED_RULE = "enrolment.vanished"  # cannot be put without a run of the term before
BIRTH_DIGITS = slice(6, 14)  # of an ID number of 18


def lacks_earlier_run(county: County) -> bool:
    """Had the county a run of the term before, by its own word, where the city has none?"""
    package = county.package
    if package is None or not county.is_reperformed:
        return False
    return has_earlier_run(package.manifest) and not has_earlier_run(county.manifest)


def has_another_run(county: County) -> bool:
    """Did county and city judge by different registers of the term before, by the digests in their manifests?"""
    package = county.package
    if package is None or not county.is_reperformed:
        return False
    digests = [manifest.get("last_term") for manifest in (package.manifest, county.manifest)]
    return all(digests) and digests[0] != digests[1]


def earlier_causes(comparison: pd.DataFrame, county: County) -> pd.Series:
    """The cause of the lines of ``comparison`` for which the run of the term before may account; None of all others.

    Without a run of its own the city cannot look at what only the county lists of a rule that cannot be put without it, nor at
    a child that only the city misses, old enough to have finished the ninth year: younger ones no earlier register can
    excuse. With another register than the county's it cannot say either who vanished from the county's.
    """
    nothing = pd.Series(None, index=comparison.index, dtype=object)
    lacks = lacks_earlier_run(county)
    if not lacks and not has_another_run(county):
        return nothing
    only_county, only_city = (comparison["outcome"] == side for side in ("only_county", "only_city"))
    mine = comparison["rule"].isin(rules_of_the_term_before())
    has_finished = mine & comparison["id_number"].map(
        lambda number: _may_have_finished(number, county)
    ).astype(bool)
    if lacks:
        not_put = mine & comparison["rule"].isin(_not_put(county.manifest)) & only_county
        return nothing.mask(not_put | (has_finished & only_city), EARLIER)
    judged_by_it = (comparison["rule"] == VANISHED_RULE) | has_finished
    return nothing.mask(judged_by_it & (only_county | only_city), OTHER_EARLIER)


def _not_put(manifest: Mapping[str, Any]) -> set[str]:
    rule_counts = manifest.get("rules", {})
    return {rule for rule, counts in rule_counts.items() if counts["not_run_reason"] == "no_earlier_run"}


def _may_have_finished(number: Any, county: County) -> bool:
    """Is this child, by its number, within two years of the end of compulsory age, in a term before which a school year ended?"""
    assert county.parameters is not None
    term, oldest = county.parameters.term, county.parameters.ages.compulsory[1]
    try:
        birthday = dt.datetime.strptime(str(number)[BIRTH_DIGITS], "%Y%m%d").date()
    except ValueError:
        return False
    return term.endswith("autumn") and birthday <= terms.years_before(terms.age_day(term), oldest - 1)


__all__ = ["CAUSES", "EARLIER", "OTHER_EARLIER", "earlier_causes", "has_another_run", "lacks_earlier_run"]
