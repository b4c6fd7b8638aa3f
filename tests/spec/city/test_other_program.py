"""A package of another program: its sentences are held against the city's by the figures, and what it says is its program is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from test_recheck_rules import ROW, difference, findings_of, with_condition

import auditlib
from auditlib.city.compare import general_causes, passed_over
from auditlib.findings.catalogue import MEMBER, catalogue_digest, program_of, same_figures

OURS = ROW | {"message": "应发 1,250.00 元，实发 625.00 元", "policy_ref": "财教〔2015〕1号"}


def otherwise(version: str = "0.0.9", **cells: str) -> set[str]:
    """What is found where the county tells a finding otherwise."""
    return difference(ours=OURS, theirs=OURS | cells, unchanged=OURS, version=version)


def test_another_program_may_say_the_same_figures_in_other_words() -> None:
    assert otherwise(message="应发 1250.00元；实发625.00 元。", policy_ref="财教[2015]1号") == set()
    assert otherwise(message="实发 625.00 元") == set()  # an earlier sentence tells less


@pytest.mark.parametrize(
    "cells",
    [
        {"message": "应发 1,250.00 元，实发 1,250.00 元"},
        {"message": "无问题"},
        {"policy_ref": "本县文件〔2018〕7号"},
        {"policy_ref": "无"},
    ],
)
def test_other_figures_or_none_are_another_finding_whatever_the_program(cells: dict[str, str]) -> None:
    assert otherwise(**cells) == {"recheck.not_reproduced"}


def test_the_same_program_says_the_same_words() -> None:
    assert otherwise(auditlib.__version__, message="应发 1250.00 元，实发 625.00 元") == {
        "recheck.not_reproduced"
    }


def test_two_programs_of_one_version_are_told_apart_by_their_sentences() -> None:
    own = {"auditlib": auditlib.__version__, MEMBER: catalogue_digest(), "policy": [], "inputs": [], "parameters": {}}  # fmt: skip

    def versions(**theirs: Any) -> Any:
        package = SimpleNamespace(manifest=own | theirs, fingerprint_key="k")
        county: Any = SimpleNamespace(package=package, is_reperformed=True, manifest=own, fingerprint_key="k")
        return general_causes(county).get("version")

    assert versions() is None
    assert versions(**{MEMBER: "a" * 64}) == [f"{auditlib.__version__} {'a' * 12}", program_of(own)]
    assert versions(**{MEMBER: ""}) == [auditlib.__version__, program_of(own)]  # of before it was written


def test_figures_are_numbers_whatever_the_separators() -> None:
    assert same_figures("共 12,345.60 元", "12345.60 yuan in all") and same_figures("无", "none")
    assert not same_figures("1 人", "2 人") and not same_figures("1 人", "无")


def test_how_many_findings_another_program_tells_otherwise_is_said_with_the_open_point() -> None:
    own = {"auditlib": auditlib.__version__, MEMBER: catalogue_digest(), "policy": [], "inputs": [], "parameters": {}}  # fmt: skip
    ours = pd.DataFrame(
        [OURS | {"finding_id": f"f{n}", "reason": "a", "confidence": 1.0} for n in range(4)], dtype=object
    )
    theirs = ours.copy()
    theirs.loc[0, "confidence"], theirs.loc[1, "reason"], theirs.loc[2, "message"] = (
        0.6,
        "b",
        "625.00 of 1,250.00",
    )

    def side(**program: str) -> Any:
        package = SimpleNamespace(manifest=own | program, findings=theirs, fingerprint_key="k")
        return SimpleNamespace(
            package=package, is_reperformed=True, manifest=own, findings=ours, fingerprint_key="k"
        )

    assert (passed_over(side(auditlib="0.0.9")), passed_over(side())) == (3, 0)
    county = with_condition("thresholds.pay_by", "2021-06-30", "2020-12-31")
    program = {"general": {county.code: {"version": ["0.0.9", "0.1"]}}, "passed_over": {county.code: 3}}
    messages = findings_of("zh", counties=[county], **program).set_index("reason")["message"]
    assert "3 项的原因代码" in messages["version"]
