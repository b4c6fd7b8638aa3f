"""What a reader must be told beside a number: stable codes, each with a sentence in Chinese and English."""

from __future__ import annotations

from auditlib.sampling import exact

CAVEATS = {
    "few_errors": (
        "市级复查查出的错误太少，不评级",
        "The city found too few errors to grade on",
    ),
    "no_errors": (
        "市级复查未查出错误，检出率无从计算",
        "The city found no error, so there is no detection rate",
    ),
    "exact_interval": (
        "市级查出错误不足 30 个，置信区间采用精确法（Clopper-Pearson）",
        "Fewer than 30 errors: the interval is exact (Clopper-Pearson)",
    ),
    "no_standard_error": (
        "检出率为 0 或 1，或标准误为 0，置信区间按有效错误数用精确法计算",
        "The rate is 0 or 1, or its standard error 0: exact interval on the effective number of errors",
    ),
    "few_unseen": (
        "县里没有发现的错误在样本中不足 5 个，置信下限采用保守算法",
        "Fewer than 5 errors in the sample that the county had not found: the lower limit is the conservative one",
    ),
    "limit_by_schools": (
        "先抽学校：没有抽到的学校可能整所有误，上限把这种可能算在内；学校抽得少，上限就高",
        "Schools were drawn first: one that was not drawn can be wrong as a whole, and the limit allows for it; the fewer "
        "the schools, the higher the limit",
    ),
    "group_unvisited": (
        "有一类发放一笔也没有检查，检出率只能给出界限",
        "Of one group nobody was visited: of the detection rate only limits can be given",
    ),
    "short_by_more_than_paid": (
        "有一笔少发的比已发的还多，少发总额没有可靠的上限",
        "One payment was short by more than what was paid: underpayment has no limit that holds",
    ),
    "limit_by_count": (
        "分层抽样：上限按没有查的部分最多可能有几笔错计算，并把错误放在抽得最稀的层",
        "In strata: the limit rests on how many of the units not seen can be wrong, laid where they were drawn least",
    ),
    "share_of_yuan": (
        "按金额抽取，错误率是金额的份额：一元钱是一个单元",
        "Drawn by value, so the rate is a share of yuan: one yuan is a unit",
    ),
    "city_taken_as_truth": (
        "以市级复查结果为准；市级漏查的错误不在其内",
        "The city's finding is taken as truth; errors that the city missed too are not counted",
    ),
    "lower_limit_only": (
        "双方共同查出的不足 7 个，只能说错误至少有已查出的这么多",
        "Fewer than 7 errors found by both: no more can be said than the number of distinct errors found",
    ),
    "dependence": (
        "两次检查难以完全独立，估计数只能看作下限",
        "Two inspections are hardly independent: read the estimate as a lower limit",
    ),
    "few_misstatements": (
        "样本中错报不足 20 项，标准误不可靠，宜改用货币单元抽样",
        "Fewer than 20 misstated items: the standard error is unreliable, use monetary unit sampling",
    ),
    "recall_without_misses": (
        "未标记部分的样本中没有发现错误，查全率 100 % 不可信，只用保守下限",
        "No error among the unflagged sampled: do not believe recall 1, use the conservative lower limit",
    ),
}


def explain(caveat: str, language: str = "zh") -> str:
    """The sentence for ``caveat`` in ``zh`` or ``en``."""
    code = exact.one_of(caveat, "caveat", CAVEATS)
    return CAVEATS[code][0 if exact.one_of(language, "language", ("zh", "en")) == "zh" else 1]
