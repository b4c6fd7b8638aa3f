"""Which rows changed between the county's self-check and the city's copy: added, removed, altered, told by fingerprints.

The same content counts as the same row wherever it stands and however often (rows may have moved). Of what is left,
rows about the same subject are one altered row, then rows at the same address of a file that did not shift there; the rest
were added or removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from auditlib.city.conditions import left_out
from auditlib.package import Package

COLUMNS = ["table", "change", "source", "before", "person", "person_before"]
KINDS = ("added", "removed", "altered")
LINE = r"!([0-9]{1,9})(?:\.[0-9]+)?$"  # of an address that a county wrote; a longer number is none of a row
HALF, FEW = 2, 20  # one row in so many changed, and not just a few: the table was delivered anew


def changes_between(
    package: Package | None, rows: pd.DataFrame | None, key: str, manifest: Mapping[str, Any]
) -> pd.DataFrame | None:
    """The rows changed between a package and the city's copy; None where the two were not hashed under one key.

    A register that the county left out altogether is no change of rows (:mod:`auditlib.city.conditions`).
    """
    if package is None or rows is None or package.fingerprint_key != key:
        return None
    changes = changed_rows(package.fingerprints, rows)
    return changes[~changes["table"].isin(left_out(package, manifest))].reset_index(drop=True)


def delivered_anew(changes: pd.DataFrame, *sides: pd.DataFrame) -> set[str]:
    """Tables of which more than half of the rows changed: what is all other explains no single finding."""
    most = pd.concat([side["table"].value_counts() for side in sides], axis=1).max(axis=1)
    counts = changes["table"].value_counts()
    return {str(t) for t, n in counts.items() if n > FEW and n * HALF > most.get(t, 0)}


def moved_to(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    """Where the county's rows stand in the city's copy, as findings name them, of those that stand elsewhere there."""
    same, _, _ = _matched_rows(before, after, ["table", "content"])
    other = same[same["before"] != same["source"]]
    return dict(
        zip(other["table"] + ":" + other["before"], other["table"] + ":" + other["source"], strict=True)
    )


def changed_rows(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """``table, change, source, before, person, person_before``: ``source`` in the city's copy, ``before`` in the county's
    (either may be None). Both frames are fingerprints under one key."""
    old, new = before, after
    same, old, new = _matched_rows(old, new, ["table", "content"])
    by_subject, old, new = _matched_rows(old, new, ["table", "subject"])
    rows_in_place = _stays(same, before, after)
    by_place, old_here, new_here = _matched_rows(
        old[rows_in_place(old)], new[rows_in_place(new)], ["table", "source"]
    )
    old, new = (
        pd.concat([old_here, old[~rows_in_place(old)]]),
        pd.concat([new_here, new[~rows_in_place(new)]]),
    )
    altered_rows = pd.concat([by_subject, by_place], ignore_index=True)
    parts = [
        altered_rows.assign(change="altered"),
        new[["table", "source", "person"]].assign(change="added", before=None, person_before=None),
        old[["table", "source", "person"]]
        .rename(columns={"source": "before"})
        .assign(change="removed", source=None, person_before=old["person"]),
    ]
    filled_parts = [part[COLUMNS].astype(object) for part in parts if len(part)]
    changes = pd.concat(filled_parts, ignore_index=True) if filled_parts else pd.DataFrame(columns=COLUMNS)
    changes = changes.where(changes.notna(), None)
    order = changes.assign(place=changes["source"].fillna(changes["before"])).sort_values(
        ["table", "place"], kind="stable"
    )
    return order.drop(columns="place").reset_index(drop=True)


def _stays(
    same: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame
) -> Callable[[pd.DataFrame], pd.Series]:
    """Tells of rows whether one that stands at their address on the other side may be they: the row above or below stands
    where it stood, or the file has as many rows as it had."""
    rows_in_place = same[same["before"] == same["source"]]
    here = set(rows_in_place["table"] + "|" + rows_in_place["source"])
    was, now = (_file(side).value_counts() for side in (before, after))
    same_length = {file for file, rows in was.items() if now.get(file) == rows}

    def may_be(rows: pd.DataFrame) -> pd.Series:
        file = _file(rows)
        number = pd.to_numeric(rows["source"].str.extract(LINE, expand=False)).astype("Int64")
        beside = [(file + "!" + (number + n).astype("string")).isin(here) for n in (-1, 1)]
        return file.isin(same_length) | beside[0] | beside[1]

    return may_be


def _file(rows: pd.DataFrame) -> pd.Series:
    """Table, file and sheet in which each row stands."""
    return rows["table"] + "|" + rows["source"].str.replace(r"!\d+(?:\.\d+)?$", "", regex=True)


def _matched_rows(
    old: pd.DataFrame, new: pd.DataFrame, keys: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The rows that agree on ``keys``, one to one in order of address; and what is left on either side."""
    prints_by_row = pd.concat(
        [frame[keys[0]].str.cat(frame[keys[1]], sep="|") for frame in (old, new)], ignore_index=True
    )
    codes = pd.factorize(prints_by_row)[0]  # whole numbers are matched many times faster than digests
    first, second = _ranked_rows(old, codes[: len(old)]), _ranked_rows(new, codes[len(old) :])
    row_pairs = first.merge(second, on=["key", "rank"], suffixes=("_old", "_new"))
    before, after = old.iloc[row_pairs["row_old"]], new.iloc[row_pairs["row_new"]]
    pairs = after[["table", "source", "person"]].reset_index(drop=True)
    # As arrays: where no row is what it was, an empty list would be one of numbers.
    pairs = pairs.assign(before=before["source"].array, person_before=before["person"].array)
    return pairs, _without(old, row_pairs["row_old"]), _without(new, row_pairs["row_new"])


def _ranked_rows(frame: pd.DataFrame, codes: np.ndarray[Any, Any]) -> pd.DataFrame:
    """``key, row, rank``: the rows of one key counted in order of address."""
    rows = pd.DataFrame({"key": codes, "row": np.arange(len(frame))})
    if rows["key"].is_unique:
        return rows.assign(rank=0)
    several = rows["key"].duplicated(keep=False).to_numpy()
    order = frame["source"].iloc[several].argsort(kind="stable").to_numpy()
    ranks = rows[several].iloc[order].groupby("key").cumcount()
    return rows.assign(rank=ranks.reindex(rows.index, fill_value=0))


def _without(frame: pd.DataFrame, places: pd.Series) -> pd.DataFrame:
    is_rest = np.ones(len(frame), dtype=bool)
    is_rest[places] = False
    return frame[is_rest]
