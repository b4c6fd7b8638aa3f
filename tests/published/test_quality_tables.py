"""How good were the self-check, the flags, the inspectors: Seber, Ricker, R survey, vcd and psych."""

from __future__ import annotations

from auditlib import sampling

NEITHER = (None, None)


def test_detection_rate(row, sample, agrees):
    columns = ("stratum_size", "sample_size", "errors_found_by_city", "of_which_found_by_county")
    strata = [sampling.CheckedStratum(*(int(entry[name]) for name in columns)) for entry in sample]
    result = sampling.detection_rate(strata, confidence=row["confidence"])
    lower, upper = result.interval_logit or NEITHER
    agrees(
        total_errors=result.total_errors,
        total_found_by_county=result.total_found,
        detection_rate=result.rate,
        se=result.se,
        logit_lower=lower,
        logit_upper=upper,
        undetected_errors=result.undetected,
        df=result.df,
    )


def test_capture_recapture(row, agrees):
    result = sampling.capture_recapture(
        first=int(row["first_found"]),
        second=int(row["second_found"]),
        both=int(row["both_found"]),
        confidence=row["confidence"],
    )
    normal, logit = result.interval_normal, result.interval_logit
    lognormal = result.interval_lognormal or NEITHER
    wilson, exact = result.detection_rate_wilson or NEITHER, result.detection_rate_clopper_pearson or NEITHER
    agrees(
        lincoln_petersen=result.lincoln_petersen,
        chapman=result.chapman,
        chapman_se=result.se,
        normal_lower=normal[0],
        normal_upper=normal[1],
        lognormal_lower=lognormal[0],
        lognormal_upper=lognormal[1],
        logit_lower=logit[0],
        logit_upper=logit[1],
        distinct_found=result.distinct,
        undetected=result.undetected,
        detection_rate_first=result.detection_rate_first,
        detection_rate_first_wilson_lower=wilson[0],
        detection_rate_first_wilson_upper=wilson[1],
        detection_rate_first_cp_lower=exact[0],
        detection_rate_first_cp_upper=exact[1],
    )


def test_flag_performance(row, sample, agrees):
    columns = ("stratum_size", "sample_size", "true_errors_in_sample")
    strata = [
        sampling.FlagStratum(entry["flagged"] == "1", *(int(entry[name]) for name in columns))
        for entry in sample
    ]
    result = sampling.flag_performance(strata, confidence=row["confidence"])
    precision, recall = result.precision_interval or NEITHER, result.recall_interval or NEITHER
    agrees(
        true_positives=result.true_positives,
        false_negatives=result.false_negatives,
        precision=result.precision,
        precision_se=result.precision_se,
        precision_logit_lower=precision[0],
        precision_logit_upper=precision[1],
        recall=result.recall,
        recall_se=result.recall_se,
        recall_logit_lower=recall[0],
        recall_logit_upper=recall[1],
        prevalence=result.prevalence,
        f1=result.f1,
        recall_conservative_lower=result.recall_lower_conservative,
    )


def test_agreement_two_raters(row, agrees, parts):
    table = [[int(cell) for cell in parts(line)] for line in row["table"].split("|")]
    result = sampling.agreement(table, confidence=row["confidence"])
    lower, upper = result.interval or NEITHER
    agrees(
        observed_agreement=result.observed,
        cohen_kappa=result.kappa,
        kappa_se=result.se,
        kappa_lower=lower,
        kappa_upper=upper,
        scott_pi=result.pi,
        brennan_prediger=result.brennan_prediger,
        gwet_ac1=result.ac1,
        krippendorff_alpha_nominal=result.alpha,
        positive_agreement=result.positive,
        negative_agreement=result.negative,
    )


def test_agreement_multi_rater(row, agrees, parts):
    lines = [parts(line) for line in row["data"].split("|")]
    if row["statistic"] == "fleiss_kappa":
        agrees(want=sampling.fleiss_kappa([[int(cell) for cell in line] for line in lines]))
    else:
        ratings = [[None if cell == "." else cell for cell in line] for line in lines]
        agrees(want=sampling.krippendorff_alpha(ratings))
