"""Closures: does the correction that a county wrote down stand in the data of the re-check, and to the yuan?

Money is judged by money: what the person has of the term's aid in the city's copy, against what the finding said at the
self-check. It must have moved by all that was missing or too much, of a missed child by the city's own reckoning of what is
due, and by no less than the county wrote down; in rows of its own: a payment row that was written anew, or taken away, is
no recovery. What is dated after the last day of the city's copy, and of which the copy shows nothing, is not false: it is
not yet evidenced, and the receipt will tell. A day that has not come is no day of a closure, and no receipt bears it; only one
far from the copy is held against the clock, so that a clock that is wrong accuses nobody.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd

from auditlib.city.counties import County
from auditlib.forms.filled_in.entries import UnreadableCell, yuan
from auditlib.tables.findings import finding_columns

COLUMNS = ["county_code", "finding_id", "rule", "status", "decided_at", "amount", "needed", "moved", "outcome", "at_stake",
           "scheme", "school_name", "town", "name", "id_number", "student_no", "records"]  # fmt: skip
FALSE = ("ahead", "still_found", "short", "rewritten")
UNSEEN = "not_evidenced"
CLOSED_STATUSES = ("rectified", "closed")
# What is past cannot be undone in the data: a late payment stays late.
PAST = ("procedure", "totals")
BACK_PAID = ("missed.unpaid", "missed.returned", "missed.underpaid")
RECOVERY_RULES = ("amount.overpaid", "duplicate.same_scheme", "duplicate.exclusive_schemes", "ineligible.not_listed",
             "ineligible.expired", "mismatch.not_enrolled", "mismatch.inactive", "mismatch.stage")  # fmt: skip
FINDING = list(
    finding_columns(
        "finding_id rule scheme school_name town name id_number student_no amount_paid at_stake records"
    )
)
LATE = "procedure.paid_late"
A_YEAR = dt.timedelta(days=366)
NOTHING, FEN = Decimal(0), Decimal("0.01")
DAY = r"^(\d{4}-\d{2}-\d{2})"


def closures(county: County, changes: pd.DataFrame | None, *, today: dt.date | None = None) -> pd.DataFrame:
    """One row a finding that the county rectified or closed.

    ``needed``: the yuan that had to move. ``moved``: those that did. ``at_stake``: by the city's own finding, where it still has
    it. ``changes``: rows changed since the self-check, None where that cannot be told. ``outcome``:

    - ``corrected``;
    - ``ahead``: dated after ``today`` and a year or more after the copy, in which nothing of it is;
    - ``still_found``;
    - ``short``: less moved than needed;
    - ``rewritten``: no money moved, the row was written anew or taken away;
    - ``not_evidenced``: nothing of it is in a copy that is older;
    - ``not_checkable``.
    """
    if county.package is None or not county.is_reperformed:
        return pd.DataFrame(columns=COLUMNS)
    closed = _closing_decisions(county)
    if closed.empty:
        return pd.DataFrame(columns=COLUMNS)
    closed["needed"] = _needed_yuan(closed, county.net)
    closed["moved"] = _moved_yuan(closed, county.net)
    of_city = closed["finding_id"].map(county.findings.set_index("finding_id")["at_stake"])
    closed["at_stake"] = of_city.astype(object).where(of_city.notna(), closed["at_stake"])
    closed["outcome"] = _outcomes(
        closed,
        set(county.findings["finding_id"]),
        _vanished_rows(changes),
        _later(closed, county.copied_on),
        _later(closed, _last_possible(county.copied_on, today or dt.date.today())),
    )
    outcome_rows = closed.assign(county_code=county.code)[COLUMNS].astype(object)
    return outcome_rows.where(outcome_rows.notna(), None).sort_values(
        ["rule", "finding_id"], ignore_index=True
    )


def late_by_closing(lines: pd.DataFrame, closed: pd.DataFrame) -> pd.Series:
    """Is a line of the comparison no more than that the payment by which the county made good what it had reported came late? The
    county could not report that of a payment that was not there yet."""
    made_good = closed[(closed["outcome"] == "corrected") & closed["rule"].isin(BACK_PAID)]
    whose = set(made_good[["county_code", "id_number"]].dropna().itertuples(index=False, name=None))
    late = (lines["rule"] == LATE) & (lines["cause"] == "data_added")
    pairs = zip(lines["county_code"], lines["id_number"], strict=True)
    return late & pd.Series([pair in whose for pair in pairs], lines.index, dtype=bool)


def _closing_decisions(county: County) -> pd.DataFrame:
    """The closing decisions beside what the self-check found; what that does not say, such as the person where tokens were
    handed in, as the city finds it on the rows of then, else on those of now."""
    assert county.package is not None
    latest = county.package.decisions.drop_duplicates("finding_id", keep="last")
    closing = latest[latest["status"].isin(CLOSED_STATUSES)]
    sides = (county.package.findings, county.unchanged, county.findings)
    compared_findings = pd.concat(
        [side[FINDING].astype(object) for side in sides if side is not None], ignore_index=True
    )
    all_findings = compared_findings.groupby("finding_id", sort=False, as_index=False).first()
    return closing.merge(all_findings, on="finding_id", how="left").reset_index(drop=True)


def _needed_yuan(closed: pd.DataFrame, net: pd.DataFrame) -> pd.Series:
    """All that was wrong; never less than the county wrote down; None for findings that no money corrects."""
    due = closed[["id_number", "scheme"]].merge(net, on=["id_number", "scheme"], how="left")["due"]
    lacking = due.astype(object).where(due.notna(), NOTHING) - closed["amount_paid"].map(_yuan_or_nothing)
    parts = pd.DataFrame(
        {
            "stated": closed["amount"].map(_stated_yuan),
            "at_stake": closed["at_stake"].map(_yuan_or_nothing),
            "due": lacking.where(closed["rule"].isin(BACK_PAID) & due.notna(), NOTHING),
        }
    )
    return parts.max(axis=1).astype(object).where(closed["rule"].isin(BACK_PAID + RECOVERY_RULES), None)


def _last_possible(copied_on: str, today: dt.date) -> str:
    """Today, or a year after the copy, whichever is later."""
    return max(today, dt.date.fromisoformat(copied_on) + A_YEAR if copied_on else today).isoformat()


def _later(closed: pd.DataFrame, last: str) -> pd.Series:
    """Is the decision dated after ``last``, such as the last day that the city's copy can show?"""
    day = closed["decided_at"].astype(str).str.extract(DAY, expand=False)
    return (day > last).fillna(False).astype(bool)


def _moved_yuan(closed: pd.DataFrame, net: pd.DataFrame) -> pd.Series:
    """Yuan paid back in (missed) or taken back (the others) since the self-check; None where the person is not known."""
    by_person = net.groupby("id_number", as_index=False)["net"].sum().rename(columns={"net": "of_person"})
    balances = closed[["id_number", "scheme"]].merge(
        net.drop(columns="due"), on=["id_number", "scheme"], how="left"
    )
    balances["of_person"] = closed[["id_number"]].merge(by_person, on="id_number", how="left")["of_person"]
    now = balances["of_person"].where(balances["scheme"].isna(), balances["net"]).astype(object)
    change = now.where(now.notna(), NOTHING) - closed["amount_paid"].map(_yuan)
    signed_change = change.where(closed["rule"].isin(BACK_PAID), -change)
    return signed_change.where(
        closed["needed"].notna() & closed["id_number"].notna() & closed["amount_paid"].notna(), None
    )


def _vanished_rows(changes: pd.DataFrame | None) -> set[str]:
    """Payment rows of the self-check that the city's copy holds otherwise or no more."""
    if changes is None:
        return set()
    rows = changes[(changes["table"] == "payments") & changes["before"].notna()]
    return set("payments:" + rows["before"].astype(str))


def _outcomes(
    closed: pd.DataFrame, finding_ids: set[str], vanished_ids: set[str], later: pd.Series, ahead: pd.Series
) -> pd.Series:
    """The first of these that holds."""
    past = closed["rule"].isna() | closed["rule"].map(str).str.split(".").str[0].isin(PAST)
    still = closed["finding_id"].isin(finding_ids)
    rewritten = closed["records"].explode().isin(vanished_ids).groupby(level=0).any()
    by_money = closed["needed"].notna()
    lacking = (closed["needed"].fillna(NOTHING) - closed["moved"].fillna(NOTHING)).map(lambda yuan: yuan > 0)
    nothing = closed["moved"].fillna(NOTHING).map(lambda yuan: yuan <= 0).astype(bool)
    unseen = later & nothing & ~rewritten & (still | (by_money & lacking.astype(bool)))
    cases = [
        (past, "not_checkable"),
        (unseen & ahead, "ahead"),
        (unseen, UNSEEN),
        (still, "still_found"),
        (~by_money, "corrected"),
        (rewritten, "rewritten"),
        (closed["moved"].isna(), "not_checkable"),
        (lacking.astype(bool), "short"),
    ]
    return pd.Series(np.select([case for case, _ in cases], [code for _, code in cases], "corrected"))


def _stated_yuan(cell: Any) -> Decimal:
    """What a person wrote down; nothing where it is no amount."""
    try:
        return (None if pd.isna(cell) else yuan(cell)) or NOTHING
    except UnreadableCell:
        return NOTHING


def _yuan_or_nothing(value: Any) -> Decimal:
    return _yuan(value) or NOTHING


def _yuan(value: Any) -> Decimal | None:
    """Exact yuan of a finding's own amount, which may be below 0; None where it has none."""
    try:
        return None if value is None or pd.isna(value) else Decimal(str(value)).quantize(FEN)
    except InvalidOperation:
        return None
