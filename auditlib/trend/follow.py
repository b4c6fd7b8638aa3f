"""What became of the findings: rates of the terms, schools again and again, open since when, right how often, yuan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from auditlib.sampling import proportion_interval
from auditlib.trend.history import History, pending

# ---- rates -------------------------------------------------------------------------------------------------------


def rates(history: History) -> pd.DataFrame:
    """A row a rule and term: ``rule, serial, term, status, not_run_reason, tested, untested, exceptions, at_stake``."""
    return history.frame("SELECT rules.*, term FROM rules JOIN terms USING (serial) ORDER BY rules.rowid")


# ---- schools ------------------------------------------------------------------------------------------------------


def schools(history: History) -> pd.DataFrame:
    """Schools with findings of one rule in several terms: ``school_name, rule, terms, findings, at_stake``.

    Schools as the runs name them: another spelling is another school here. ``findings`` is a list, one number a term
    in the terms' order; ``least`` the smallest of those that are not nothing.
    """
    return history.frame(
        """
        WITH counted AS (
            SELECT school_name, rule, serial, count(*) AS n, sum(at_stake) AS yuan
            FROM findings WHERE trim(coalesce(school_name, '')) <> '' GROUP BY ALL
        ), again AS (
            SELECT school_name, rule, count(*) AS terms, min(n) AS least, sum(n) AS total, sum(yuan) AS at_stake
            FROM counted GROUP BY ALL HAVING count(*) > 1
        )
        SELECT again.*, list(coalesce(n, 0)::BIGINT ORDER BY terms.serial) AS findings
        FROM again CROSS JOIN terms LEFT JOIN counted USING (school_name, rule, serial)
        GROUP BY ALL ORDER BY again.terms DESC, total DESC, school_name, rule
        """
    )


# ---- open since when ----------------------------------------------------------------------------------------------

# The same rule, person and scheme in terms that follow each other, the earlier ones still not settled, is one matter.
# Accounts, totals and persons without a number are each a matter of their own.
CHAINS = f"""
    WITH pending AS (
        SELECT states.*, scheme, coalesce(nullif(id_number, ''), nullif(student_no, '')) AS person
        FROM states JOIN findings USING (finding_id) WHERE day = $1 AND {pending()}
    ), subjects AS (
        SELECT *, coalesce(rule || '|' || person || '|' || coalesce(scheme, ''), finding_id) AS subject FROM pending
    ), runs AS (
        SELECT *, serial - dense_rank() OVER (PARTITION BY subject ORDER BY serial) AS island FROM subjects
    )
    SELECT finding_id, rule, subject, serial, at_stake, min(serial) OVER (PARTITION BY subject, island) AS since
    FROM runs
"""
"""Every finding pending on the day ``$1`` with ``since``, the serial of the first term of its matter."""
_MATTERS = f"""
    SELECT rule, subject, since, count(DISTINCT serial) AS terms, sum(at_stake) AS at_stake
    FROM ({CHAINS}) GROUP BY ALL
"""


def open_since(history: History) -> pd.DataFrame:
    """A row a rule and term since which matters are open: ``rule, since, term, matters, at_stake``."""
    return history.frame(
        f"""
        SELECT rule, since, term, count(*) AS matters, coalesce(sum(at_stake), 0) AS at_stake
        FROM ({_MATTERS}) JOIN terms ON serial = since GROUP BY ALL ORDER BY since, matters DESC, rule
        """,
        history.as_of,
    )


def lasting(history: History) -> tuple[int, int]:
    """How many matters are pending, and how many of them were found in more than one term."""
    row = history.row(f"SELECT count(*), count(*) FILTER (terms > 1) FROM ({_MATTERS})", history.as_of)
    return int(row[0]), int(row[1])


# ---- precision ----------------------------------------------------------------------------------------------------

# A finding was right when the last verdict on it is confirmed or rectified, wrong when it is cleared. To strike it off
# is no verdict: the one before it holds.
_VERDICTS = """
    WITH verdicts AS (
        SELECT finding_id, last(status ORDER BY place) FILTER (status <> 'closed') AS verdict
        FROM decisions WHERE decided_on <= $1 GROUP BY finding_id
    )
    SELECT rule, count(*) FILTER (verdict IN ('confirmed', 'rectified')) AS proven,
           count(*) FILTER (verdict = 'cleared') AS cleared,
           count(*) FILTER (verdicts.finding_id IS NOT NULL AND verdict IS NULL) AS unsaid,
           count(*) AS findings
    FROM findings JOIN terms USING (serial) LEFT JOIN verdicts USING (finding_id)
    WHERE count_date <= $1 GROUP BY rule
"""


@dataclass(frozen=True)
class Precision:
    """How often a rule was right among the findings with a verdict; interval None without any."""

    rule: str
    findings: int
    proven: int
    cleared: int
    unsaid: int
    interval: tuple[float, float] | None

    @property
    def judged(self) -> int:
        return self.proven + self.cleared

    @property
    def rate(self) -> float | None:
        return self.proven / self.judged if self.judged else None


def precision(history: History, confidence: Decimal) -> list[Precision]:
    """A value a rule with findings, those most judged first; ``unsaid`` were struck off without a verdict."""
    verdict_counts = history.frame(f"{_VERDICTS} ORDER BY proven + cleared DESC, rule", history.as_of)
    return [
        _precision(
            str(row.rule), int(row.findings), int(row.proven), int(row.cleared), int(row.unsaid), confidence
        )
        for row in verdict_counts.itertuples()
    ]


def _precision(
    rule: str, findings: int, proven_count: int, cleared: int, unsaid: int, confidence: Decimal
) -> Precision:
    verdicts = proven_count + cleared
    # Exact: Wilson's interval falls short of its level near 0 and 1, where good rules are.
    interval = (
        proportion_interval(proven_count, verdicts, confidence=confidence, method="clopper_pearson")
        if verdicts
        else None
    )
    return Precision(rule, findings, proven_count, cleared, unsaid, interval)


def all_rules(of: list[Precision], confidence: Decimal) -> Precision:
    """The rules together."""
    findings, proven_count, cleared, unsaid = (
        sum(getattr(one, name) for one in of) for name in ("findings", "proven", "cleared", "unsaid")
    )
    return _precision("*", findings, proven_count, cleared, unsaid, confidence)


# ---- money and decisions ------------------------------------------------------------------------------------------


def made_good(history: History) -> pd.DataFrame:
    """A row a rule with something made good: ``rule, findings, made_good, unstated`` (no amount was written)."""
    return history.frame(
        """
        SELECT rule, count(*) AS findings, coalesce(sum(made_good), 0) AS made_good,
               count(*) FILTER (made_good IS NULL) AS unstated
        FROM states WHERE day = $1 AND state IN ('rectified', 'closed') GROUP BY rule ORDER BY made_good DESC, rule
        """,
        history.as_of,
    )


@dataclass(frozen=True)
class Decided:
    """Decisions of all ledgers: known by the day looked at, made later, and on findings that no run makes any more."""

    known: int
    later: int
    stray: int


def decide(history: History) -> Decided:
    row = history.row(
        """
        SELECT count(*) FILTER (decided_on <= $1), count(*) FILTER (decided_on > $1),
               count(DISTINCT finding_id) FILTER (decided_on <= $1
                   AND finding_id NOT IN (SELECT finding_id FROM findings))
        FROM decisions
        """,
        history.as_of,
    )
    return Decided(*(int(number) for number in row))


# ---- standing -----------------------------------------------------------------------------------------------------

STOCK = ("open", "confirmed", "rectified", "cleared", "closed")


def stock(history: History, days: list[dt.date], by: tuple[str, ...] = ()) -> pd.DataFrame:
    """How things stood at the end of each of ``days``: ``day, *by, known``, a column a state, ``children`` (each once)
    and ``at_stake`` of what was pending, ``repaid`` (to children) and ``recovered``.
    """
    history.at(sorted({*days, history.as_of}))
    groups = "".join(f", {name}" for name in by)
    states = ", ".join(f"count(*) FILTER (state = '{state}') AS {state}" for state in STOCK)
    return history.frame(
        f"""
        SELECT states.day{groups}, count(*) AS known, {states},
               count(DISTINCT child) FILTER ({pending()}) AS children,
               coalesce(sum(at_stake) FILTER ({pending()}), 0) AS at_stake,
               coalesce(sum(made_good) FILTER (family = 'missed'), 0) AS repaid,
               coalesce(sum(made_good) FILTER (family <> 'missed'), 0) AS recovered
        FROM states GROUP BY ALL ORDER BY states.day{groups}
        """
    )
