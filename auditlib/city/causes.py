"""Why a county's finding and the city's differ: only what was shown to bear on this very finding counts.

- ``parameters``, ``policy``: the audit done again under the county's own conditions gives what the county handed in.
- ``data_added``, ``data_altered``, ``data_removed``: without the rows that changed since, the city's copy gives what the
  county handed in. Or the finding rests on a row that was otherwise or is no more, or has lost one of its person's in a table
  that the rule reads. Each changed row is a finding of its own, and names the findings that it alone excuses (``excused``).
- A confidence alone may move with any row, by up to ``OTHERWISE``. So it is where one of the finding's school was otherwise
  or is no more, or where it moves in the city's copy too once the changed rows are left away. So it is, too, where it is one
  figure of the whole county, with all findings of the rule that tell it.
- ``cleared``: both have it, and the county cleared it.
- ``earlier_run``, ``other_earlier_run``: it rests on a run of the term before that the city does not have, or that holds
  another register than the city's: told as such, in a finding of its own.

A table that is nearly all other than it was explains nothing, nor does what cannot be compared for want of one key.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from auditlib.city.changes import delivered_anew
from auditlib.city.confidences import NEAR, OTHERWISE
from auditlib.city.counties import County
from auditlib.city.earlier import earlier_causes
from auditlib.rules import RULES
from auditlib.rules.common import CONFIDENCE_DIGITS

UNEXPLAINED_CAUSE = "unexplained"
OF_THE_RULE = {
    "rule",
    "family",
    "severity",
    "term",
    "county_code",
}  # what no row of a county can make another
WORDING = {"message", "reason", "policy_ref"}
PERSONAL = ("aid", "pupil", "account")  # the findings cite the rows of the persons whom they are about
EXCUSED = [
    "table",
    "change",
    "place",
    "finding_id",
    "at_stake",
    "name",
    "id_number",
    "school_name",
    "records",
]
Agreeing = Callable[[pd.DataFrame], set[str]]


def causes(
    comparison: pd.DataFrame, changes: pd.DataFrame | None, county: County, agreeing: Agreeing
) -> pd.Series:
    """The cause of each line of ``comparison`` (None where nothing differs).

    ``agreeing``: ids of the county's findings that are alike, field by field, among those given to it.
    """
    assert county.package is not None
    theirs = set(county.package.findings["finding_id"])
    cause = pd.Series(UNEXPLAINED_CAUSE, index=comparison.index, dtype=object)
    if changes is not None and county.fingerprints is not None:
        anew = delivered_anew(changes, county.package.fingerprints, county.fingerprints)
        row_changes = changes[~changes["table"].isin(anew)]
        bears = _bears(comparison, row_changes, county)
        if county.unchanged is not None and len(row_changes):
            bears |= _is_reproduced(comparison, theirs, county.unchanged, agreeing)
        bears |= _weighs(comparison, row_changes, county)
        bears &= ~_differ(comparison, lambda fields: fields & OF_THE_RULE)
        cause = cause.mask(bears, "data_" + _kinds(comparison, row_changes, county))
    conditions = county.conditions
    if conditions is not None and conditions.under_county is not None:
        law = all(name.startswith("policy.") for name in conditions.names)
        same = _is_reproduced(comparison, theirs, conditions.under_county, agreeing)
        cause = cause.mask(same, "policy" if law else "parameters")
    earlier = earlier_causes(comparison, county)
    cause = cause.mask((cause == UNEXPLAINED_CAUSE) & earlier.notna(), earlier)
    cause = cause.mask(comparison["outcome"] == "same", None)
    return cause.mask((comparison["outcome"] == "same") & (comparison["disposition"] == "cleared"), "cleared")


def _is_reproduced(
    comparison: pd.DataFrame, theirs: set[str], again: pd.DataFrame, agreeing: Agreeing
) -> pd.Series:
    """Lines on which the audit done ``again`` says what the county says: the same finding, or none either."""
    neither = ~comparison["finding_id"].isin(theirs) & ~comparison["finding_id"].isin(
        set(again["finding_id"])
    )
    return neither | comparison["finding_id"].isin(agreeing(again))


def _bears(comparison: pd.DataFrame, changes: pd.DataFrame, county: County) -> pd.Series:
    """Can a changed row bear on the finding, by what it cites or whose it is?

    What the county lists rests on the rows that it cites. A finding that only the city has can have come of a row *removed*,
    its own or its person's, or of one that it cites and that was otherwise; of added rows the audit without them tells.
    """
    only_city = comparison["outcome"] == "only_city"
    removed_rows = changes[changes["change"] == "removed"]
    by_cited = _cited_changes(comparison, changes)
    others = changes[(changes["change"] == "altered") & (changes["person"] != changes["person_before"])]
    taken_away = pd.concat([removed_rows, others]).assign(
        person=lambda rows: rows["person_before"]
    )  # a row that is another's now
    otherwise = changes[changes["change"] != "added"]
    by_lost = _cited_changes(comparison, otherwise) | _of_person(comparison, taken_away, county)
    ids = comparison["finding_id"]
    bears = ids.isin(set(by_cited) | _of_totals(comparison, changes))
    return bears.where(~only_city, ids.isin(set(by_lost) | _of_totals(comparison, removed_rows)))


def _weighs(comparison: pd.DataFrame, changes: pd.DataFrame, county: County) -> pd.Series:
    """Findings that differ in their confidence alone, which a row that was otherwise, or is no more, can have moved."""
    shares = {side: comparison[f"confidence_{side}"].astype(float) for side in ("county", "city")}
    alone = (comparison["differs"] == "confidence") & ((shares["county"] - shares["city"]).abs() <= OTHERWISE)
    otherwise = changes[changes["change"] != "added"]  # of added rows the audit without them tells
    if otherwise.empty or not alone.any():
        return pd.Series(False, comparison.index)
    again = county.findings if county.unchanged is None else county.unchanged
    without = comparison["finding_id"].map(again.set_index("finding_id")["confidence"]).astype(float)
    moves = (without - shares["city"]).abs() > NEAR
    return alone & (moves | _at_schools(comparison, otherwise, county) | _moved_as_one(comparison, otherwise))


def _moved_as_one(comparison: pd.DataFrame, changes: pd.DataFrame) -> pd.Series:
    """Findings of a rule whose confidence is one share of the county: a table that it reads changed, and all that tell one
    figure in the city's copy tell one in the county's."""
    tables = set(changes["table"])
    rules = {name for name, rule in RULES.items() if rule.one_confidence and tables & tables_of(name)}
    uncertain = comparison["confidence_city"].astype(float).lt(1) & comparison["rule"].isin(rules)
    told_by_county = comparison["confidence_county"].astype(float).round(CONFIDENCE_DIGITS)
    figures = told_by_county.groupby([comparison["rule"], comparison["confidence_city"]]).transform("nunique")
    return uncertain & figures.eq(1)


def _at_schools(comparison: pd.DataFrame, changes: pd.DataFrame, county: County) -> pd.Series:
    """Is one of the changed rows of the finding's school, by its own word or by whose it is, in a table that the rule reads?"""
    assert county.fingerprints is not None
    prints = county.fingerprints.assign(records=lambda rows: rows["table"] + ":" + rows["source"])
    pupils = county.pupils[["school_name", "records"]].explode("records")
    schools = pupils.merge(prints[["records", "person"]].dropna(), on="records")[["person", "school_name"]]
    owners = pd.concat(
        [changes[["table"]].assign(person=changes[column]) for column in ("person", "person_before")]
    ).dropna()
    paid = changes[changes["table"] == "payments"].merge(
        county.payments[["source", "school_name"]], on="source"
    )
    at_school = pd.concat([owners.merge(schools, on="person"), paid])[["table", "school_name"]]
    places = set(at_school.drop_duplicates().itertuples(index=False, name=None))
    pairs = zip(comparison["rule"], comparison["school_name"], strict=True)
    at = [any((table, school) in places for table in tables_of(rule)) for rule, school in pairs]
    return pd.Series(at, comparison.index, dtype=bool)


def _kinds(comparison: pd.DataFrame, changes: pd.DataFrame, county: County) -> pd.Series:
    """What happened to the row that bears on the finding: one that it cites, else its person's, else any."""
    any_row = next(
        (kind for kind in ("added", "altered", "removed") if (changes["change"] == kind).any()), ""
    )
    kinds = _of_person(comparison, changes, county) | _cited_changes(comparison, changes)
    kind_of_change = comparison["finding_id"].map(kinds).astype(object)
    return kind_of_change.where(kind_of_change.notna(), any_row)


def _cited_changes(comparison: pd.DataFrame, changes: pd.DataFrame) -> dict[str, str]:
    """``finding_id -> change``: a row that it cites changed."""
    by_row = pd.concat(
        [
            changes.assign(record=changes["table"] + ":" + changes[column].fillna(""), side=side)
            for column, side in (("before", "county"), ("source", "city"))
        ],
        ignore_index=True,
    )[["record", "side", "change"]]
    return _first(cited_rows(comparison).merge(by_row, on=["record", "side"]))


def _of_person(comparison: pd.DataFrame, row_changes: pd.DataFrame, county: County) -> dict[str, str]:
    """The same of the other rows of its person, in a table that its rule reads."""
    rows = _persons(comparison, county).merge(
        row_changes[["person", "table", "change"]].dropna(), on="person"
    )
    return _first(rows[_is_read(rows, comparison)])


def excused(lines: pd.DataFrame, changes: pd.DataFrame | None, county: County) -> pd.DataFrame:
    """Findings that the county did not report, or told otherwise in more than words, and that a changed row alone excuses, a
    row each; at stake is what it did not report.

    ``table, change, place`` of one such row (one that the finding cites, else its person's, else one of a table that the
    rule reads), beside ``finding_id, at_stake, name, id_number, school_name, records``.

    The row is the county's word where the city does not have it; so who looks at it must see what hangs on it.
    """
    if changes is None or county.fingerprints is None or lines.empty:
        return pd.DataFrame(columns=EXCUSED)
    own = _on_rows(lines)
    anew = delivered_anew(changes, county.package.fingerprints, county.fingerprints) if county.package else ()
    bearing = changes[~changes["table"].isin(anew)]  # a table that is all other explains nothing
    rows = bearing.assign(place=bearing["source"].fillna(bearing["before"]))
    rows["record"] = rows["table"] + ":" + rows["place"].astype(str)
    cited_records = (
        own[["finding_id", "rule", "records"]].explode("records").rename(columns={"records": "record"})
    )
    records = county.fingerprints.assign(record=lambda prints: prints["table"] + ":" + prints["source"])
    persons = pd.concat(
        [
            cited_records.merge(records[["record", "person"]].dropna(), on="record"),
            cited_records.merge(county.rowless, on="finding_id"),
        ]
    )[["finding_id", "rule", "person"]]
    by_person = persons.merge(
        rows.drop(columns="person").assign(person=rows["person_before"]).dropna(subset="person"), on="person"
    )
    one_of_table = rows.sort_values("change", ascending=False).drop_duplicates(
        "table"
    )  # removed before altered, added
    of_table = own[["finding_id", "rule"]].merge(one_of_table, how="cross")
    related_rows = pd.concat([by_person, of_table], ignore_index=True)
    read = [
        table in tables_of(rule)
        for rule, table in zip(related_rows["rule"], related_rows["table"], strict=True)
    ]
    # Whatever a row excuses stands with one: where none is of a table that the rule is known to read, with the first of all.
    anywhere = own[["finding_id", "rule"]].merge(one_of_table.head(1), how="cross")
    pairs = pd.concat(
        [
            cited_records.merge(rows, on="record"),
            related_rows[pd.Series(read, related_rows.index, dtype=bool)],
            anywhere,
        ]
    )
    first = pairs.drop_duplicates("finding_id")[["finding_id", "table", "change", "place"]]
    return first.merge(own, on="finding_id")[EXCUSED]


def _on_rows(lines: pd.DataFrame) -> pd.DataFrame:
    """Those of ``lines`` that rows explain, ``at_stake`` what the county did not report of each: all of a finding that it left
    out, else how much less it reported. Where added rows alone explain another telling the audit without them tells the same."""
    data = lines["cause"].astype("string").str.startswith("data_").fillna(False).astype(bool)
    otherwise = lines["outcome"].isin(["other_amount", "other_fields"]) & lines["cause"].ne("data_added")
    otherwise &= _differ(lines, lambda fields: fields - WORDING)
    own = lines[data & ((lines["outcome"] == "only_city") | otherwise)]
    less = own["re_check"].map(Decimal) - own["self_check"].map(
        lambda yuan: Decimal(0) if pd.isna(yuan) else Decimal(yuan)
    )
    return own.assign(at_stake=less.clip(lower=Decimal(0)) if len(own) else less)


def _differ(lines: pd.DataFrame, of_these: Callable[[set[str]], set[str]]) -> pd.Series:
    """Do any ``of_these`` fields differ?"""
    any_differs = [bool(of_these(set(names.split(", ")) - {""})) for names in lines["differs"]]
    return pd.Series(any_differs, lines.index, dtype=bool)


def _first(rows: pd.DataFrame) -> dict[str, str]:
    first = rows.drop_duplicates("finding_id")
    return dict(zip(first["finding_id"], first["change"], strict=True))


def _of_totals(comparison: pd.DataFrame, changes: pd.DataFrame) -> set[str]:
    """Findings about no single person, such as printed totals: any row changed in a table that the rule reads may bear."""
    tables = set(changes["table"])
    return {
        finding
        for finding, rule in zip(comparison["finding_id"], comparison["rule"], strict=True)
        if rule in RULES and RULES[rule].subject not in PERSONAL and tables & tables_of(rule)
    }


def tables_of(rule: str) -> set[str]:
    """The tables that a rule reads."""
    declaration = RULES.get(rule)
    return (
        {need.partition(".")[0] for need in (*declaration.needs, *declaration.reads)}
        if declaration
        else set()
    )


def _is_read(rows: pd.DataFrame, comparison: pd.DataFrame) -> pd.Series:
    rules = rows["finding_id"].map(dict(zip(comparison["finding_id"], comparison["rule"], strict=True)))
    pairs = pd.DataFrame({"rule": rules, "table": rows["table"]})
    read = {(rule, table) for rule in set(rules) for table in tables_of(rule)}
    return pd.Series(
        [pair in read for pair in pairs.itertuples(index=False, name=None)], index=rows.index, dtype=bool
    )


def cited_rows(comparison: pd.DataFrame) -> pd.DataFrame:
    """``finding_id, side, record``: the rows that a finding rests on, on either side, each by its own addresses."""
    parts = [
        comparison[["finding_id", f"records_{side}"]]
        .rename(columns={f"records_{side}": "record"})
        .explode("record")
        .assign(side=side)
        for side in ("county", "city")
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset="record")


def _persons(comparison: pd.DataFrame, county: County) -> pd.DataFrame:
    """``finding_id, person``: the tokens of the persons whose rows, on either side, a finding cites, or whom it is about though
    no row of theirs is left to cite."""
    sides = {"city": county.fingerprints, "county": county.package.fingerprints if county.package else None}
    cited_records = cited_rows(comparison)
    parts = [county.rowless[county.rowless["finding_id"].isin(set(comparison["finding_id"]))]]
    for side, rows in sides.items():
        if rows is not None:
            records = rows.assign(record=rows["table"] + ":" + rows["source"])[["record", "person"]].dropna()
            parts.append(
                cited_records[cited_records["side"] == side].merge(records, on="record")[
                    ["finding_id", "person"]
                ]
            )
    filled_parts = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled_parts, ignore_index=True).drop_duplicates()


__all__ = ["EXCUSED", "UNEXPLAINED_CAUSE", "causes", "cited_rows", "excused", "tables_of"]
