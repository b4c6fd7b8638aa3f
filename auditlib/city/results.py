"""What a re-check found, as frames: the one value that report, working list and manifest are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.city.conclude import Conclusion
from auditlib.city.counties import County
from auditlib.city.draw import CountyDraw


@dataclass(frozen=True)
class CityComparison:
    """The self-checks held against the re-performance, and the counties against each other.

    - ``lines``, ``form``, ``summary``: see :mod:`auditlib.city.compare`; ``changes``: county to changed rows (None:
      cannot be told); ``general``: county to what differs in version, policy, parameters, files;
    - ``closed``: :mod:`auditlib.city.closures`; ``crossed``, ``registered_elsewhere``, ``tokens``: :mod:`auditlib.city.across`;
    - ``by_word``: :mod:`auditlib.city.by_word`;
    - ``findings``: the ``recheck.*`` findings, in the columns of contract 6.
    """

    lines: pd.DataFrame
    form: pd.DataFrame
    summary: pd.DataFrame
    changes: Mapping[str, pd.DataFrame | None]
    general: Mapping[str, Mapping[str, list[str]]]
    closed: pd.DataFrame
    crossed: pd.DataFrame
    registered_elsewhere: pd.DataFrame
    tokens: pd.DataFrame
    findings: pd.DataFrame
    by_word: pd.DataFrame


@dataclass(frozen=True)
class RecheckResults:
    """Everything that is shown of a re-check. Nothing here is masked."""

    parameters: Mapping[str, Any]
    counties: list[County]
    comparison: CityComparison
    draws: list[CountyDraw]
    field: pd.DataFrame
    conclusions: list[Conclusion]
    captured: pd.DataFrame
    manifest: Mapping[str, Any]

    @property
    def language(self) -> str:
        return str(self.parameters["language"])

    @property
    def names(self) -> dict[str, str]:
        return {county.code: county.name for county in self.counties}
