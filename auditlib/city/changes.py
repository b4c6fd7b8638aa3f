"""Which rows changed between the county's self-check and the city's copy: added, removed, altered, told by fingerprints.

The same content counts as the same row wherever it stands and however often (rows may have moved). Of what is left,
rows about the same subject are one altered row, then rows at the same address; the rest were added or removed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ["table", "change", "source", "before", "person"]
KINDS = ("added", "removed", "altered")


def changed_rows(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """``table, change, source, before, person``: ``source`` in the city's copy, ``before`` in the county's (either may
    be None). Both frames are fingerprints under one key."""
    old, new = before, after
    _, old, new = _matched(old, new, ["table", "content"])
    by_subject, old, new = _matched(old, new, ["table", "subject"])
    by_place, old, new = _matched(old, new, ["table", "source"])
    altered = pd.concat([by_subject, by_place], ignore_index=True)
    parts = [
        altered.assign(change="altered"),
        new[["table", "source", "person"]].assign(change="added", before=None),
        old[["table", "source", "person"]]
        .rename(columns={"source": "before"})
        .assign(change="removed", source=None),
    ]
    filled = [part[COLUMNS].astype(object) for part in parts if len(part)]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
    whole = whole.where(whole.notna(), None)
    order = whole.assign(place=whole["source"].fillna(whole["before"])).sort_values(
        ["table", "place"], kind="stable"
    )
    return order.drop(columns="place").reset_index(drop=True)


def _matched(
    old: pd.DataFrame, new: pd.DataFrame, keys: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The rows that agree on ``keys``, one to one in order of address; and what is left on either side."""
    said = pd.concat(
        [frame[keys[0]].str.cat(frame[keys[1]], sep="|") for frame in (old, new)], ignore_index=True
    )
    codes = pd.factorize(said)[0]  # whole numbers are matched many times faster than digests
    first, second = _ranked(old, codes[: len(old)]), _ranked(new, codes[len(old) :])
    both = first.merge(second, on=["key", "rank"], suffixes=("_old", "_new"))
    before, after = old.iloc[both["row_old"]], new.iloc[both["row_new"]]
    pairs = after[["table", "source", "person"]].reset_index(drop=True).assign(before=list(before["source"]))
    return pairs, _without(old, both["row_old"]), _without(new, both["row_new"])


def _ranked(frame: pd.DataFrame, codes: np.ndarray[Any, Any]) -> pd.DataFrame:
    """``key, row, rank``: the rows of one key counted in order of address."""
    rows = pd.DataFrame({"key": codes, "row": np.arange(len(frame))})
    if rows["key"].is_unique:
        return rows.assign(rank=0)
    several = rows["key"].duplicated(keep=False).to_numpy()
    order = frame["source"].iloc[several].argsort(kind="stable").to_numpy()
    ranks = rows[several].iloc[order].groupby("key").cumcount()
    return rows.assign(rank=ranks.reindex(rows.index, fill_value=0))


def _without(frame: pd.DataFrame, taken: pd.Series) -> pd.DataFrame:
    kept = np.ones(len(frame), dtype=bool)
    kept[taken] = False
    return frame[kept]
