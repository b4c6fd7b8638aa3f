"""The self-check held against the re-performance, finding by finding and field by field, each difference with its cause.

A cause is only what was shown to bear on this very finding (:mod:`auditlib.city.causes`); all else is ``unexplained``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

import auditlib
from auditlib.city.causes import causes
from auditlib.city.changes import changes_between, moved_to
from auditlib.city.confidences import NEAR, OTHERWISE, are_shifted
from auditlib.city.counties import County
from auditlib.city.form import form, summary
from auditlib.findings.catalogue import program_of, same_figures
from auditlib.findings.retold import without_figure
from auditlib.package.nameless import WHO
from auditlib.package.verify import input_differences, parameter_differences, policy_differences
from auditlib.rules.common import CONFIDENCE_DIGITS
from auditlib.tables.findings import FINDING

OUTCOMES = ("same", "other_amount", "other_fields", "only_county", "only_city")
COMPARISON_COLUMNS = [
    "county_code", "finding_id", "rule", "outcome", "cause", "differs", "self_check", "re_check", "disposition",
    "county_cause", "school_name", "name", "id_number", "records",
]  # fmt: skip
SHOWN_COLUMNS = ("rule", "school_name", "name", "id_number", "records")
FIELDS = tuple(name for name in FINDING if name not in ("finding_id", "disposition"))
WORD_COLUMNS = (
    "message",
    "policy_ref",
)  # what another version may word otherwise, and tells by the same figures
ListOfRecords = Callable[[Iterable[Iterable[str]]], list[str]]


def changes_of(county: County) -> pd.DataFrame | None:
    """Rows changed since the self-check; None where package or key is missing or the keys are not the same."""
    return changes_between(county.package, county.fingerprints, county.fingerprint_key, county.manifest)


def general_causes(county: County) -> dict[str, list[str]]:
    """What differs altogether, and excuses nothing: ``version``, ``policy``, ``parameters``, ``files``, ``key``."""
    if county.package is None or not county.is_reperformed:
        return {}
    theirs, ours = county.package.manifest, county.manifest
    keys = [county.package.fingerprint_key, county.fingerprint_key]
    versions = [program_of(theirs), program_of({**ours, "auditlib": auditlib.__version__})]
    differing = {
        "version": versions if versions[0] != versions[1] else [],
        "policy": policy_differences(theirs, ours),
        "parameters": parameter_differences(theirs["parameters"], ours["parameters"]),
        "files": input_differences(theirs, ours),
        "key": [] if keys[0] == keys[1] else keys,
    }
    return {cause: details for cause, details in differing.items() if details}


def fields_of(county: County) -> list[str]:
    """The fields that can be compared: not names where tokens were handed in, nor a code that another version may have."""
    assert county.package is not None
    general = general_causes(county)
    incomparable = set(WHO) if county.package.is_nameless else set()
    incomparable |= {"reason"} if "version" in general else set()
    if "policy" in general and (county.conditions is None or county.conditions.policy_unknown):
        incomparable.add("policy_ref")
    return [name for name in FIELDS if name not in incomparable]


def passed_over(county: County) -> int:
    """Findings of both sides that another program tells by another reason, confidence or wording, which nobody holds against
    its own; none where it is the same program."""
    if county.package is None or "version" not in general_causes(county):
        return 0
    fields = ["reason", "confidence", *WORD_COLUMNS]
    theirs, ours = (side[["finding_id", *fields]] for side in (county.package.findings, county.findings))
    lines = theirs.merge(ours, on="finding_id", suffixes=("_county", "_city"))
    others = [_plain(lines[f"{name}_county"], name) != _plain(lines[f"{name}_city"], name) for name in fields]
    return int(pd.concat(others, axis=1).any(axis=1).sum())


def compared_rows(county: County, changes: pd.DataFrame | None) -> pd.DataFrame:
    """One row a finding of either side: ``outcome``, ``cause``, ``differs`` (fields) and both amounts at stake."""
    if county.package is None or not county.is_reperformed:
        return pd.DataFrame(columns=COMPARISON_COLUMNS)
    fields = fields_of(county)
    theirs = _placed_rows(county, changes)
    list_records = (
        _with_counts if changes is None else _addresses
    )  # without a key, rows can only be counted by table
    is_other_program = "version" in general_causes(county)
    is_moved = changes is not None and len(changes) and not are_shifted(theirs, county.findings)
    near = OTHERWISE if is_other_program else NEAR if is_moved else 0

    def alike(other: pd.DataFrame) -> pd.DataFrame:
        near_findings = _with_near_confidences(theirs, other, near)
        return _in_city_words(near_findings, other) if is_other_program else near_findings

    side_by_side = _side_by_side(alike(county.findings), county.findings, fields, list_records)
    side_by_side = side_by_side.merge(_decided_rows(county.package.decisions), on="finding_id", how="left")
    side_by_side["county_code"] = county.code
    side_by_side["cause"] = causes(
        side_by_side,
        changes,
        county,
        lambda other: _agreeing(alike(other), other, fields, list_records),
    )
    comparison = side_by_side[COMPARISON_COLUMNS].astype(object)
    return comparison.where(comparison.notna(), None).sort_values(["rule", "finding_id"], ignore_index=True)


def _with_near_confidences(theirs: pd.DataFrame, ours: pd.DataFrame, near: float) -> pd.DataFrame:
    """The county's findings, with the confidence of ``ours`` where the two are ``near`` each other: what a name or number weighs
    rests on all rows of the county, and on the version. What a message says at its end of its own confidence is no other
    message."""
    own = ours.set_index("finding_id")[["confidence", "message"]]
    city = own.reindex(theirs["finding_id"]).set_axis(theirs.index)
    alike = (theirs["confidence"].astype(float) - city["confidence"].astype(float)).abs() <= near
    plain, city_plain = _without_figures(theirs), _without_figures(city)
    as_often = (plain != theirs["message"]) == (city_plain != city["message"])  # no figure was left out
    worded = (plain == city_plain) & (as_often | ~alike)
    return theirs.assign(
        confidence=theirs["confidence"].where(~alike, city["confidence"]),
        message=theirs["message"].where(~worded, city["message"]),
    )


def _in_city_words(theirs: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """The county's findings in the city's words where both tell the same figures: another program says it otherwise."""
    city = (
        ours.set_index("finding_id")[list(WORD_COLUMNS)].reindex(theirs["finding_id"]).set_axis(theirs.index)
    )
    texts = {
        name: [
            own if pd.notna(own) and pd.notna(text) and same_figures(text, own) else text
            for text, own in zip(theirs[name], city[name], strict=True)
        ]
        for name in WORD_COLUMNS
    }
    return theirs.assign(
        **{name: pd.Series(cells, theirs.index, dtype=object) for name, cells in texts.items()}
    )


def _without_figures(findings: pd.DataFrame) -> pd.Series:
    cells = zip(findings["message"], findings["confidence"], strict=True)
    plain = [
        None if pd.isna(text) or pd.isna(share) else without_figure(text, share) for text, share in cells
    ]
    return pd.Series(plain, findings.index, dtype=object)


def _placed_rows(county: County, changes: pd.DataFrame | None) -> pd.DataFrame:
    """The county's findings, the rows that they cite (``place``) named as they stand in the city's copy."""
    assert county.package is not None
    theirs = county.package.findings
    if changes is None or county.fingerprints is None:
        return theirs.assign(place=_with_counts(theirs["records"]))
    new = moved_to(county.package.fingerprints, county.fingerprints)
    altered_rows = changes.dropna(subset=["before", "source"])
    before, after = (altered_rows["table"] + ":" + altered_rows[column] for column in ("before", "source"))
    new |= dict(zip(before, after, strict=True))
    return theirs.assign(
        place=_addresses([[new.get(row, row) for row in rows] for rows in theirs["records"]])
    )


def _addresses(records: Iterable[Iterable[str]]) -> list[str]:
    return ["\n".join(sorted(set(rows))) for rows in records]


def _with_counts(records: Iterable[Iterable[str]]) -> list[str]:
    return [str(sorted(Counter(row.partition(":")[0] for row in set(rows)).items())) for rows in records]


def _side_by_side(
    theirs: pd.DataFrame, ours: pd.DataFrame, fields: list[str], list_records: ListOfRecords
) -> pd.DataFrame:
    lines = _merged_rows(theirs, ours, list_records)
    lines["differs"] = _differences(lines, fields)
    for column in SHOWN_COLUMNS:
        lines[column] = lines[f"{column}_city"].where(lines["rule_city"].notna(), lines[f"{column}_county"])
    lines["self_check"], lines["re_check"] = lines["at_stake_county"], lines["at_stake_city"]
    lines["outcome"] = lines["differs"].map(_outcome)
    lines.loc[lines["rule_city"].isna(), "outcome"] = "only_county"
    lines.loc[lines["rule_county"].isna(), "outcome"] = "only_city"
    return lines


def _outcome(differs: str) -> str:
    if not differs:
        return "same"
    return "other_amount" if "at_stake" in differs.split(", ") else "other_fields"


def _merged_rows(theirs: pd.DataFrame, ours: pd.DataFrame, list_records: ListOfRecords) -> pd.DataFrame:
    columns = ["finding_id", *FIELDS, "place"]
    city = ours.assign(place=list_records(ours["records"]))[columns]
    return theirs[columns].merge(city, on="finding_id", how="outer", suffixes=("_county", "_city"))


def _differences(lines: pd.DataFrame, fields: list[str]) -> pd.Series:
    """The names of the fields that differ, joined; empty where none does, or one side lacks the finding."""
    differing = pd.Series("", index=lines.index)
    on_both = lines["rule_county"].notna() & lines["rule_city"].notna()
    for name in fields:
        column = "place" if name == "records" else name
        first, second = (_plain(lines[f"{column}_{side}"], name) for side in ("county", "city"))
        other = on_both & (first != second)
        differing = differing.mask(other, differing + name + ", ")
    return differing.str.removesuffix(", ")


def _plain(values: pd.Series, name: str) -> pd.Series:
    plain_values = values.astype(float).round(CONFIDENCE_DIGITS) if name == "confidence" else values
    return plain_values.astype(object).where(plain_values.notna(), "").map(str)


def _agreeing(
    theirs: pd.DataFrame, other: pd.DataFrame, fields: list[str], list_records: ListOfRecords
) -> set[Any]:
    """Ids of the findings that are in both and alike in every field."""
    lines = _merged_rows(theirs, other, list_records)
    alike = lines["rule_county"].notna() & lines["rule_city"].notna() & _differences(lines, fields).eq("")
    return set(lines.loc[alike, "finding_id"])


def _decided_rows(decisions: pd.DataFrame) -> pd.DataFrame:
    latest = decisions.drop_duplicates("finding_id", keep="last")
    return latest[["finding_id", "status", "cause"]].rename(
        columns={"status": "disposition", "cause": "county_cause"}
    )


__all__ = [
    "COMPARISON_COLUMNS",
    "OUTCOMES",
    "changes_of",
    "compared_rows",
    "form",
    "general_causes",
    "summary",
]
