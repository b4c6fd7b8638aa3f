"""A province's run as a whole, without Spark and without a county's audit: order, failures, a cluster that goes away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from plain_county import PARAMETERS

from auditlib.base.errors import AuditError
from auditlib.base.workers import Here
from auditlib.province.county_task import MARK, CountyTask, failure
from auditlib.province.parameters import Province
from auditlib.province.programme import run_province

CODES = ("990111", "990112", "990113")


@dataclass
class Puppets:
    """Workers that answer as they were told, the last question first."""

    answers_of: dict[str, Any]
    side_by_side: int = 1
    at_once: int = -1
    here: Here = field(default_factory=Here)

    def answers(self, task: Any, questions: Sequence[str], at_once: int = 0) -> Iterator[tuple[int, Any]]:
        self.at_once = at_once
        for place in reversed(range(len(questions))):
            county_task = CountyTask.of_text(questions[place])
            assert Path(county_task.mark_file).read_text("utf-8") == county_task.mark
            yield (
                place,
                self.answers_of.get(county_task.county_code) or failure(county_task, "words", 1).as_text(),
            )

    def table(self, *words: Any) -> Any:
        if "table" in self.answers_of:
            raise self.answers_of["table"]
        return self.here.table(*words)

    def fetch(self, expression: Any) -> Any:
        return self.here.fetch(expression)

    def close(self) -> None:
        pass


def a_province(folder: Path) -> Province:
    files = []
    for code in CODES:
        files.append(folder / f"{code}.yaml")
        values = PARAMETERS | {"county_code": code, "county_name": f"{code}县", "policy": ["national"]}
        files[-1].write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    return Province("99", "某省", "2020-autumn", files[::-1], folder / "out", side_by_side=7, language="en")


def test_outcomes_stand_in_order_of_codes_however_they_come(tmp_path: Path) -> None:
    lines_heard: list[tuple[str, int, int]] = []
    puppets = Puppets({"990112": RuntimeError("gone")})
    results = run_province(
        a_province(tmp_path), puppets, lambda outcome, n, of: lines_heard.append((outcome.county_code, n, of))
    )
    assert [outcome.county_code for outcome in results.outcomes] == list(CODES)
    assert lines_heard == [("990113", 1, 3), ("990112", 2, 3), ("990111", 3, 3)]
    assert "RuntimeError" in results.outcomes[1].message and results.outcomes[0].message == "words"
    assert len(results.failures) == 3 and results.across.findings.empty
    assert puppets.at_once == 7
    assert not (tmp_path / "out" / MARK).exists()


def test_a_cluster_that_goes_away_before_the_comparison_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as refusal:
        run_province(a_province(tmp_path), Puppets({"table": RuntimeError("gone")}), lambda *_: None)
    assert "did not end (RuntimeError)" in refusal.value.into("en")
