"""Method and statistics stand in an annex; the reader's part tells what they give in a sentence."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from recheck_fixture import sample
from test_recheck_conclude import conclusion_of
from test_recheck_needs import report_of

from auditlib.city import report

STATISTICS = ("AC1", "kappa", "Kappa", "capture-recapture", "捕获")


def results_in(language: str, **changes: Any) -> Any:
    county_draw, conclusion = conclusion_of({}, {"county": 12})
    results = report_of(conclusion, county_draw, sample(), language)
    lists = {
        "county_code": [conclusion.county_code],
        "first": [9],
        "second": [10],
        "both": [6],
        "distinct": [13],
    }
    results.captured = pd.DataFrame(lists | {"chapman": [14.7]})
    results.counties[0].is_reperformed = True
    results.names = {conclusion.county_code: conclusion.county_name}
    vars(results).update(changes)
    return results


@pytest.mark.parametrize(
    ("language", "body_text"),
    [
        ("zh", "13 项不同的疑点，据此推算共有约 15 项"),
        ("en", "name 13 different findings, from which some 15"),
    ],
)
def test_the_body_says_the_result_in_a_sentence_and_the_annex_how_it_came_about(
    language: str, body_text: str
) -> None:
    results = results_in(language)
    body, annex = report.conclusions(results), report.statistics(results)
    assert annex.annex and not body.annex
    assert not [word for word in STATISTICS if word in str(body.body)]
    assert body_text in str(body.body) and annex.title in str(body.body)
    assert "AC1" in str(annex.body) and " 15 " in str(annex.body)
    assert {"zh": "捕获", "en": "capture-recapture"}[language] in str(annex.body)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_names_of_methods_stand_in_the_annex_alone(language: str) -> None:
    results = results_in(language)
    results.parameters["sample"]["method"] = "mus"
    results.conclusions = [replace(results.conclusions[0], over={"projected": "0", "upper_limit": "1"})]
    results.comparison = SimpleNamespace(changes={results.conclusions[0].county_code: ()})
    body = str(report.limits(results).body) + str(report.conclusions(results).body)
    assert not [word for word in (*STATISTICS, "Stringer", "货币单元", "onetary unit") if word in body]
    annex = str(report.statistics(results).body)
    assert "Stringer" in annex and "benchmarks" not in body + annex, (
        "a file of the program is none of the reader's"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_annex_has_words_where_there_is_nothing_to_tell(language: str) -> None:
    empty = results_in(language).captured.head(0)
    annex = report.statistics(results_in(language, captured=empty, conclusions=[]))
    assert len(str(annex.body)) > 20 and "AC1" not in str(annex.body)
