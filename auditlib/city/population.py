"""The population of the draw: every payment of every county, flagged or not, sealed by a fingerprint before it is drawn.

Groups are the city's own flags: ``county`` (a finding of the re-performance cites the payment, and the county reported that
finding and did not clear it), ``city`` (one does, and the county did not report it), ``clean`` (none does). What a county's
findings cite besides, by its own account, parts nothing: one that cited every payment would leave no unflagged ones to draw
from. Procedure and printed totals are no matter of a single payment and no flags.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from auditlib.city.counties import County

BY_COUNTY, BY_CITY, CLEAN = GROUPS = ("county", "city", "clean")
NO_FLAGS = ("procedure", "totals")
UNKNOWN = "—"  # the stratum of what does not say
LIST_COLUMNS = ["unit_id", "amount", "group", "stratum"]


@dataclass(frozen=True)
class Population:
    """The payments of a county from which a sample is drawn.

    - ``units``: ``unit_id, county_code, source, school_name, school_title, town, class_name, scheme, amount, group,
      stratum, name, id_number, pay_date``, in order of ``unit_id``.
    - ``fingerprint``: SHA-256 of :meth:`listed`.
    - ``submitted``: there is a package to rely on.
    """

    county_code: str
    county_name: str
    units: pd.DataFrame
    submitted: bool = True

    def listed(self) -> bytes:
        """What is sealed: one line a unit, no name and no number. ``sha256sum`` of it is the fingerprint."""
        return str(self.units[LIST_COLUMNS].to_csv(index=False, lineterminator="\n")).encode()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.listed()).hexdigest()


def population(county: County, strata: Iterable[str]) -> Population:
    """The successful payments of the county's term; ``strata``: columns that part the unflagged."""
    paid = county.payments
    units = paid.assign(
        unit_id=county.code + ":" + paid["source"],
        county_code=county.code,
        group=_groups(paid["source"], county),
        stratum=_strata(paid, [{"school": "school_name"}.get(name, name) for name in strata]),
    )
    units_in_order = units.sort_values("unit_id", ignore_index=True)
    return Population(county.code, county.name, units_in_order, submitted=county.package is not None)


def _groups(sources: pd.Series, county: County) -> pd.Series:
    reported = county.findings["finding_id"].isin(_reported_ids(county))
    by_city = sources.isin(_cited_payments(county.findings))
    by_county = sources.isin(_cited_payments(county.findings[reported]))
    groups = pd.Series("clean", index=sources.index).mask(by_city, "city")
    return groups.mask(by_county, "county")


def _reported_ids(county: County) -> set[str]:
    """Ids of the city's findings that the county reported under the same rule, and did not clear."""
    if county.package is None:
        return set()
    latest = county.package.decisions.drop_duplicates("finding_id", keep="last")
    cleared = set(latest.loc[latest["status"] == "cleared", "finding_id"])
    keys = ["finding_id", "rule"]
    in_common = county.findings[keys].merge(county.package.findings[keys], on=keys)
    return set(in_common["finding_id"]) - cleared


def _cited_payments(findings: pd.DataFrame) -> pd.Series:
    """Addresses of the payments that findings about payments rest on."""
    records = findings.loc[~findings["family"].isin(NO_FLAGS), "records"].explode().dropna().astype(str)
    return records[records.str.startswith("payments:")].str.removeprefix("payments:")


def _strata(paid: pd.DataFrame, columns: list[str]) -> pd.Series:
    if not columns or paid.empty:
        return pd.Series("", index=paid.index)
    parts = [paid[column].fillna("").astype(str).str.strip().replace("", UNKNOWN) for column in columns]
    return parts[0].str.cat(parts[1:], sep=" / ") if len(parts) > 1 else parts[0]
