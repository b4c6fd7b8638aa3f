"""Which rows changed between the county's self-check and the city's copy: added, removed, altered, told by fingerprints.

The same content counts as the same row wherever it stands and however often (rows may have moved). Of what is left,
rows about the same subject are one altered row, then rows at the same address; the rest were added or removed.
"""

from __future__ import annotations

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
    ranked = [
        frame.sort_values("source", kind="stable").assign(rank=lambda f: f.groupby(keys).cumcount())
        for frame in (old, new)
    ]
    both = ranked[0].merge(ranked[1], on=[*keys, "rank"], suffixes=("_old", "_new"))
    if "source" in keys:
        both = both.assign(source_old=both["source"], source_new=both["source"])
    left = [
        frame[~_in(frame, both, side)].drop(columns="rank")
        for frame, side in zip(ranked, ("old", "new"), strict=True)
    ]
    pairs = both.rename(columns={"source_new": "source", "source_old": "before", "person_new": "person"})
    return (
        pairs.loc[:, ~pairs.columns.duplicated()][["table", "source", "before", "person"]],
        left[0],
        left[1],
    )


def _in(frame: pd.DataFrame, both: pd.DataFrame, side: str) -> pd.Series:
    taken = pd.MultiIndex.from_frame(both[["table", f"source_{side}"]])
    return pd.Series(pd.MultiIndex.from_frame(frame[["table", "source"]]).isin(taken), index=frame.index)
