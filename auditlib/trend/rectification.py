"""The rectification ledger (整改台账): every finding that is not cleared, its deadline, and when it was struck off (销号)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from auditlib.trend.follow import CHAINS
from auditlib.trend.history import History

OUTCOMES = ("in_time", "late", "overdue", "running")
"""Done by the deadline; done after it; not done and past it; not done and not past it."""

# rectified_on: the day with which the evidence begins, else that of the decision.
# confirmed_on: since when the finding stands as right, that is the first such decision after it was last cleared.
_LEDGER = """
    WITH known AS (SELECT * FROM decisions WHERE decided_on <= $1),
    cleared AS (SELECT finding_id, max(place) AS place FROM known WHERE status = 'cleared' GROUP BY ALL),
    decided AS (
        SELECT finding_id, min(decided_on) AS verified_on,
               min(decided_on) FILTER (status IN ('confirmed', 'rectified')
                   AND known.place > coalesce(cleared.place, -1)) AS confirmed_on,
               last(coalesce(try_cast(left(evidence, 10) AS DATE), decided_on) ORDER BY known.place)
                   FILTER (status = 'rectified') AS rectified_on,
               last(decided_on ORDER BY known.place) AS decided_on,
               last(decided_by ORDER BY known.place) AS decided_by,
               last(nullif(cause, '') ORDER BY known.place) FILTER (nullif(cause, '') IS NOT NULL) AS cause,
               last(nullif(evidence, '') ORDER BY known.place) FILTER (nullif(evidence, '') IS NOT NULL) AS evidence
        FROM known LEFT JOIN cleared USING (finding_id) GROUP BY ALL
    ), dated AS (
        SELECT states.*, findings.* EXCLUDE (finding_id, serial, rule, family, at_stake),
               decided.* EXCLUDE (finding_id, decided_on),
               count_date + CAST($2 AS INTEGER) AS verify_by,
               coalesce(confirmed_on + CAST($3 AS INTEGER), verify_by) AS deadline,
               CASE WHEN state = 'closed' THEN decided.decided_on END AS closed_on
        FROM states JOIN findings USING (finding_id) LEFT JOIN decided USING (finding_id)
        WHERE states.day = $1
    )
    SELECT *, CASE WHEN closed_on <= deadline THEN 'in_time' WHEN closed_on IS NOT NULL THEN 'late'
                   WHEN deadline < $1 THEN 'overdue' ELSE 'running' END AS outcome,
           CASE WHEN verified_on <= verify_by THEN 'in_time' WHEN verified_on IS NOT NULL THEN 'late'
                WHEN verify_by < $1 THEN 'overdue' ELSE 'running' END AS verified
    FROM dated
"""
_SINCE = f"SELECT finding_id, terms.term AS since FROM ({CHAINS}) AS chains JOIN terms ON terms.serial = chains.since"
COLUMNS = (
    "found_in", "since", "school_name", "town", "rule", "family", "severity", "name", "id_number", "student_no", "scheme",
    "at_stake", "message", "state", "verify_by", "confirmed_on", "deadline", "rectified_on", "made_good", "evidence",
    "closed_on", "cause", "decided_by", "outcome", "finding_id",
)  # fmt: skip


def ledger(history: History, verify_within: int, rectify_within: int) -> pd.DataFrame:
    """A row a finding that is not cleared, unmasked; overdue ones first, then by deadline, missed children first."""
    return history.frame(
        f"""
        SELECT {", ".join(COLUMNS)} FROM ({_LEDGER}) LEFT JOIN ({_SINCE}) USING (finding_id) WHERE state <> 'cleared'
        ORDER BY outcome <> 'overdue', closed_on IS NOT NULL, deadline, family <> 'missed', school_name, finding_id
        """,
        history.as_of, verify_within, rectify_within,
    )  # fmt: skip


def verified_rows(history: History, verify_within: int, rectify_within: int) -> pd.DataFrame:
    """A row a term: ``term, verify_by, due`` and a column an outcome: was every finding looked at in time?"""
    return _outcomes(
        history, "found_in AS term, verify_by", "verified", "TRUE", "verify_by", verify_within, rectify_within
    )


def rectified(history: History, verify_within: int, rectify_within: int) -> pd.DataFrame:
    """A row a month of deadlines: ``month, due`` and a column an outcome: was what was found right struck off in time?"""
    right = "confirmed_on IS NOT NULL AND state <> 'cleared'"
    month = "strftime(deadline, '%Y-%m') AS month"
    return _outcomes(history, month, "outcome", right, "month", verify_within, rectify_within)


def _outcomes(
    history: History, groups: str, column: str, condition: str, order: str, *within: int
) -> pd.DataFrame:
    counts = ", ".join(f"count(*) FILTER ({column} = '{name}') AS {name}" for name in OUTCOMES)
    query = f"SELECT {groups}, count(*) AS due, {counts} FROM ({_LEDGER}) WHERE {condition} GROUP BY ALL ORDER BY {order}"
    return history.frame(query, history.as_of, *within)


def overdue(lines: pd.DataFrame) -> int:
    """How many of the ledger's lines are past their deadline."""
    return int((lines["outcome"] == "overdue").sum())


def file_name(as_of: dt.date) -> str:
    """Another day has another name: what was handed in stays."""
    return f"rectification-{as_of.isoformat()}.xlsx"
