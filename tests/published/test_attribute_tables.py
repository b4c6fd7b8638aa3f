"""AICPA A-1 to A-4, jfa, SMASH21, EZ-Quant and others: attribute and discovery sampling, proportions."""

from __future__ import annotations

from auditlib import sampling


def test_attribute_sample_size(row, agrees, number):
    expected = (
        {"expected_rate": row["expected"]}
        if row["expected_kind"] == "rate"
        else {"expected_deviations": int(row["expected"])}
    )
    plan = sampling.plan_attribute(
        confidence=row["confidence"],
        tolerable_rate=row["tolerable_rate"],
        population=number(row["population_size"]),
        model=row["distribution"],
        **expected,
    )
    agrees(n=plan.n, acceptable_deviations=plan.acceptable_deviations)
    assert plan.achieved_risk <= 1 - float(row["confidence"]) + 1e-12


def test_attribute_upper_limit(row, agrees, number):
    result = sampling.evaluate_attribute(
        n=int(row["sample_size"]),
        deviations=int(row["deviations"]),
        confidence=row["confidence"],
        population=number(row["population_size"]),
        model=row["distribution"],
    )
    printed_percent = (
        None if result.upper_count is not None else sampling.round_up(100 * result.upper_limit, 1)
    )
    agrees(
        upper_limit=result.upper_limit,
        upper_limit_count=result.upper_count,
        upper_limit_pct_ceil1=printed_percent if row["want_upper_limit_pct_ceil1"] else None,
    )


def test_discovery_sampling(row, agrees):
    units = {"population": int(row["population_size"]), "critical": int(row["critical_occurrences"])}
    plan = sampling.plan_discovery(**units, confidence=row["confidence"])
    chance = sampling.detection_probability(**units, n=int(row["sample_size"]))
    agrees(required_n=plan.n, detection_probability=chance)


def test_two_stage_stop_or_go(row, agrees):
    plan = sampling.plan_stop_or_go(
        confidence=row["confidence"], tolerable_rate=row["tolerable_rate"], model=row["distribution"]
    )
    agrees(n_per_stage=plan.n_per_stage, risk=plan.risk)


def test_proportion_ci(row, agrees):
    lower, upper = sampling.proportion_interval(
        int(row["successes"]), int(row["trials"]), confidence=row["confidence"], method=row["method"]
    )
    agrees(lower=lower, upper=upper)


def test_srs_sample_size(row, agrees, number):
    plan = sampling.plan_estimate(
        rate=row["expected_rate"],
        half_width=row["half_width"],
        confidence=row["confidence"],
        population=number(row["population_size"]),
    )
    agrees(n0=plan.n0, n_fpc=plan.n_fpc, n=plan.n)
