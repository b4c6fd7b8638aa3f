"""The province's counts held against each other: nothing may be lost between a county's files and the province's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.base.language import Text
from auditlib.base.run_folder import FINDINGS, MANIFEST
from auditlib.province.county_task import CountyOutcome
from auditlib.province.programme import ProvinceResults

ZERO = Decimal(0)
COUNTIES = Text("参数列出的县 = 完成 + 未完成", "counties in the parameters = done + not done")
ROWS = Text("读入行 = 采用 + 有意略去 + 拒收", "rows read = used + left out on purpose + rejected")
IN_FILES = Text(
    "各县底稿所记疑点 = 各县疑点文件的行", "findings in the counties' manifests = rows of their files"
)
BY_RULE = Text("各县疑点合计 = 各规则疑点合计", "findings by county = findings by rule")
COMPARED_TEXT = Text(
    "各县交出比对的行 = 参与比对的行", "rows that the counties gave for comparison = rows compared"
)


@dataclass(frozen=True)
class TieOutLine:
    """Two counts of one thing, each made by another way; ``counties``: the codes of those where they differ."""

    what: Text
    one: int
    other: int
    counties: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return self.one == self.other and not self.counties


def tie_out(results: ProvinceResults) -> list[TieOutLine]:
    """Every count of the page, made twice."""
    outcomes = results.successes
    compared_count = rows_compared(results.across.compared)
    return [
        TieOutLine(COUNTIES, len(results.run.county_params), len(outcomes) + len(results.failures)),
        _by_county(
            ROWS, outcomes, {o.county_code: o.rows.get("read", 0) for o in outcomes}, _account(outcomes)
        ),
        _by_county(
            IN_FILES,
            outcomes,
            {o.county_code: o.findings[MANIFEST] for o in outcomes},
            {o.county_code: o.findings[FINDINGS] for o in outcomes},
        ),
        _by_county(
            BY_RULE,
            outcomes,
            {o.county_code: o.findings[MANIFEST] for o in outcomes},
            {o.county_code: sum(int(counts["exceptions"]) for counts in o.rules.values()) for o in outcomes},
        ),
        _by_county(
            COMPARED_TEXT, outcomes, {o.county_code: sum(o.roles.values()) for o in outcomes}, compared_count
        ),
    ]


def rows_compared(row_counts: pd.DataFrame) -> dict[str, int]:
    """County to the rows compared."""
    return {str(code): int(rows) for code, rows in row_counts.groupby("county_code")["rows"].sum().items()}


def _account(outcomes: Iterable[CountyOutcome]) -> dict[str, int]:
    return {
        o.county_code: sum(o.rows.get(name, 0) for name in ("used", "left_out", "rejected")) for o in outcomes
    }


def _by_county(
    what: Text, outcomes: list[CountyOutcome], one: dict[str, int], other: dict[str, int]
) -> TieOutLine:
    apart = [o.county_code for o in outcomes if one.get(o.county_code, 0) != other.get(o.county_code, 0)]
    return TieOutLine(what, sum(one.values()), sum(other.values()), tuple(apart))


def by_rule(outcomes: Iterable[CountyOutcome]) -> list[dict[str, Any]]:
    """``rule, counties, findings, yuan`` of every rule with findings: children who were missed first, then by yuan."""
    sums: dict[str, dict[str, Any]] = {}
    for outcome in outcomes:
        for rule, counts in outcome.rules.items():
            line = sums.setdefault(rule, {"rule": rule, "counties": 0, "findings": 0, "yuan": ZERO})
            line["counties"] += 1
            line["findings"] += int(counts["exceptions"])
            line["yuan"] += Decimal(str(counts["at_stake"]))
    return sorted(sums.values(), key=lambda line: (not is_missed(line["rule"]), -line["yuan"], line["rule"]))


def is_missed(rule: str) -> bool:
    """Is it about children who were missed?"""
    return rule.startswith("missed.")


def yuan_of(outcome: CountyOutcome, *, missed: bool | None = None) -> Decimal:
    """The yuan at stake in a county's findings; of those alone that are of missed children, or are not."""
    return sum(
        (
            Decimal(str(counts["at_stake"]))
            for rule, counts in outcome.rules.items()
            if missed is None or is_missed(rule) is missed
        ),
        ZERO,
    )


def findings_of(outcome: CountyOutcome, *, missed: bool) -> int:
    """How many findings a county has of missed children, or of all else."""
    return sum(
        int(counts["exceptions"]) for rule, counts in outcome.rules.items() if is_missed(rule) is missed
    )
