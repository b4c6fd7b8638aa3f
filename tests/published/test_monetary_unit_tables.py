"""AICPA C-1 and the evaluation factors, Touw & Hoogduin, textbooks: monetary unit sampling."""

from __future__ import annotations

from auditlib import sampling


def test_poisson_confidence_factor(row, agrees):
    j = int(row["misstatements"])
    factor = sampling.poisson_factor(row["confidence"], j)
    agrees(
        factor=factor,
        factor_ceil2=sampling.round_up(factor, 2),
        incremental_factor=sampling.incremental_factor(row["confidence"], j) if j else None,
    )


def test_mus_sample_size(row, agrees):
    plan = sampling.plan_mus(
        book_value=row["book_value"],
        tolerable=row["tolerable_misstatement"],
        expected=row["expected_misstatement"],
        confidence=row["confidence"],
    )
    agrees(
        n=plan.n,
        confidence_factor=plan.factor,
        sampling_interval=plan.interval,
        tolerable_taint_sum=plan.tolerable_taint_sum,
    )


def test_mus_top_stratum(row, agrees, parts):
    split = sampling.split_top_stratum(parts(row["book_values"]), int(row["sample_size"]))
    agrees(
        top_items=list(split.top),
        top_items_single_pass=list(split.first_pass),
        remaining_value=split.rest_value,
        remaining_sample_size=split.n_rest,
        remaining_interval=split.interval,
    )


def test_mus_selection(row, agrees, parts):
    values, n = parts(row["book_values"]), int(row["sample_size"])
    if row["method"] == "fixed_interval":
        selection = sampling.select_fixed_interval(values, n, start=row["start"])
    else:
        selection = sampling.select_cells(values, n, fractions=parts(row["cell_fractions"]))
    agrees(
        interval=selection.interval,
        items=[hit.unit for hit in selection.hits],
        hits=[hit.times for hit in selection.hits],
    )


def test_mus_evaluation(row, agrees, parts):
    result = sampling.evaluate_mus(
        parts(row["taints"]),
        n=int(row["sample_size"]),
        interval=row["sampling_interval"],
        top=row["top_stratum_misstatement"],
        confidence=row["confidence"],
        factors=parts(row["factors"]) or None,
        **({} if row["distribution"] == "table" else {"bound": row["distribution"]}),
    )
    agrees(
        projected_misstatement=result.projected,
        basic_allowance=result.basic,
        incremental_allowance=result.incremental,
        upper_misstatement_limit=result.upper_limit,
    )


def test_mus_bayes(row, agrees):
    result = sampling.evaluate_mus_bayes(
        n=int(row["sample_size"]),
        taint_sum=row["taint_sum"],
        family=row["family"],
        alpha=row["prior_alpha"],
        beta=row["prior_beta"],
        confidence=row["confidence"],
        materiality=row["materiality"],
    )
    agrees(
        posterior_alpha=result.posterior_alpha,
        posterior_beta=result.posterior_beta,
        mean=result.mean,
        mode=result.mode,
        upper_limit=result.upper_limit,
        prob_below_materiality=result.prob_below_materiality,
        bayes_factor=result.bayes_factor,
    )
