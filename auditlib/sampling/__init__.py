"""Statistics of the city re-check: plan a sample, draw it, evaluate it. Pure functions of numbers, no files.

Rates are fractions of 1, money is yuan (str, int, Decimal or Fraction in; Decimal out), ``confidence`` is
one-sided unless a docstring says interval. Every result says its method, inputs and formula and turns into
JSON by ``to_dict()``. Bad input raises ValueError naming the argument.
"""

from auditlib.sampling.agreement import Agreement, agreement
from auditlib.sampling.allocation import allocate, real_shares
from auditlib.sampling.attribute import AttributePlan, plan_attribute
from auditlib.sampling.bounded import SchoolLimit, SeenSchool, most_in_schools, most_in_total
from auditlib.sampling.by_value import (
    Hit,
    TopStratum,
    ValueDraw,
    random_fraction,
    select_cells,
    select_fixed_interval,
    split_top_stratum,
)
from auditlib.sampling.capture import CaptureResult, capture_recapture
from auditlib.sampling.caveats import explain
from auditlib.sampling.designs import Estimate, estimate_stratified, estimate_two_stage
from auditlib.sampling.detection import (
    NOT_GRADABLE,
    CheckedStratum,
    DetectionRate,
    Grade,
    detection_rate,
)
from auditlib.sampling.discovery import (
    DiscoveryPlan,
    ShareConfidence,
    detection_probability,
    plan_discovery,
    share_confidence,
)
from auditlib.sampling.error_limits import (
    Room,
    SeenStratum,
    expected_fewest,
    expected_most,
    fewest_wrong,
    fill,
    most_wrong,
    rooms,
)
from auditlib.sampling.flags import FlagPerformance, FlagStratum, flag_performance
from auditlib.sampling.grades import NOT_ENOUGH, grade_by_evidence
from auditlib.sampling.limits import AttributeResult, evaluate_attribute
from auditlib.sampling.monetary_unit import MusPlan, mus_factor, plan_mus
from auditlib.sampling.proportions import proportion_interval
from auditlib.sampling.published.bayes import BayesResult, evaluate_mus_bayes
from auditlib.sampling.published.classical import (
    VariablesPlan,
    VariablesResult,
    evaluate_variables,
    plan_variables,
)
from auditlib.sampling.published.cutoffs import grade_self_check
from auditlib.sampling.published.estimate_plan import SrsPlan, plan_estimate
from auditlib.sampling.published.factors import incremental_factor, poisson_factor, round_up
from auditlib.sampling.published.pps import estimate_pps
from auditlib.sampling.published.raters import fleiss_kappa, krippendorff_alpha
from auditlib.sampling.published.stop_or_go import StopOrGoPlan, plan_stop_or_go
from auditlib.sampling.selection import (
    Draw,
    DrawnUnit,
    order_by_seed,
    select_srs,
    select_stratified,
    select_two_stage,
    unit_digest,
)
from auditlib.sampling.stringer import MusItem, MusResult, evaluate_mus

__all__ = [
    "NOT_ENOUGH",
    "NOT_GRADABLE",
    "Agreement",
    "AttributePlan",
    "AttributeResult",
    "BayesResult",
    "CaptureResult",
    "CheckedStratum",
    "DetectionRate",
    "DiscoveryPlan",
    "Draw",
    "DrawnUnit",
    "Estimate",
    "FlagPerformance",
    "FlagStratum",
    "Grade",
    "Hit",
    "MusItem",
    "MusPlan",
    "MusResult",
    "Room",
    "SchoolLimit",
    "SeenSchool",
    "SeenStratum",
    "ShareConfidence",
    "SrsPlan",
    "StopOrGoPlan",
    "TopStratum",
    "ValueDraw",
    "VariablesPlan",
    "VariablesResult",
    "agreement",
    "allocate",
    "capture_recapture",
    "detection_probability",
    "detection_rate",
    "estimate_pps",
    "estimate_stratified",
    "estimate_two_stage",
    "evaluate_attribute",
    "evaluate_mus",
    "evaluate_mus_bayes",
    "evaluate_variables",
    "expected_fewest",
    "expected_most",
    "explain",
    "fewest_wrong",
    "fill",
    "flag_performance",
    "fleiss_kappa",
    "grade_by_evidence",
    "grade_self_check",
    "incremental_factor",
    "krippendorff_alpha",
    "most_in_schools",
    "most_in_total",
    "most_wrong",
    "mus_factor",
    "order_by_seed",
    "plan_attribute",
    "plan_discovery",
    "plan_estimate",
    "plan_mus",
    "plan_stop_or_go",
    "plan_variables",
    "poisson_factor",
    "proportion_interval",
    "random_fraction",
    "real_shares",
    "rooms",
    "round_up",
    "select_cells",
    "select_fixed_interval",
    "select_srs",
    "select_stratified",
    "select_two_stage",
    "share_confidence",
    "split_top_stratum",
    "unit_digest",
]
