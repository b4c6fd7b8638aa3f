"""Drawing by hash, sharing among strata, estimating from designs: against R survey and the definitions."""

from __future__ import annotations

from auditlib import sampling

ESTIMATORS = {
    "stratified": sampling.estimate_stratified,
    "two_stage_srs": sampling.estimate_two_stage,
    "pps_with_replacement": sampling.estimate_pps,
}


def test_prn_selection(row, agrees, parts):
    unit_ids = parts(row["unit_ids"])
    draw = sampling.select_srs(unit_ids, int(row["sample_size"]), row["seed"])
    order = sampling.order_by_seed(unit_ids, row["seed"])
    agrees(
        selected=list(draw.unit_ids),
        full_order=order,
        first_id_sha256=sampling.unit_digest(row["seed"], order[0]),
    )


def test_allocation(row, agrees, parts):
    sizes, n = [int(size) for size in parts(row["stratum_sizes"])], int(row["total_n"])
    sds = parts(row["stratum_sds"]) if row["method"] == "neyman" else None
    agrees(
        real_shares=sampling.real_shares(sizes, n, sds=sds),
        allocation=sampling.allocate(sizes, n, sds=sds, minimum=int(row["min_per_stratum"])),
    )


def test_design_cases(row, sample, agrees):
    columns = {name: [entry[name] for entry in sample] for name in sample[0]}
    estimate = ESTIMATORS[row["design"]](columns, confidence=row["confidence"])
    agrees(
        total=estimate.total,
        total_se=estimate.se,
        mean=estimate.mean,
        mean_se=estimate.mean_se,
        df=estimate.df,
        total_lower_t=estimate.lower,
        total_upper_t=estimate.upper,
    )


def test_classical_variables(row, sample, agrees):
    assert len(sample) == int(row["sample_size"])
    result = sampling.evaluate_variables(
        [(entry["book_value"], entry["audit_value"]) for entry in sample],
        population=int(row["population_items"]),
        book_value=row["population_book_value"],
        method=row["method"],
        confidence=row["confidence"],
    )
    agrees(
        audit_total=result.total,
        misstatement_total=result.misstatement,
        se=result.se,
        df=result.df,
        misstatement_lower=result.lower,
        misstatement_upper=result.upper,
        se_linearized=result.se_linearized,
    )


def test_variables_sample_size(row, agrees):
    plan = sampling.plan_variables(
        population=int(row["population_items"]),
        sd=row["standard_deviation"],
        tolerable=row["tolerable_misstatement"],
        expected=row["expected_misstatement"],
        ria=row["risk_incorrect_acceptance"],
        rir=row["risk_incorrect_rejection"] or None,
    )
    agrees(n0=plan.n0, n_fpc=plan.n_fpc, n=plan.n)
