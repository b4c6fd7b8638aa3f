"""The conclusions in words, each with its certainty; nothing is said that was not visited."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from auditlib import sampling
from auditlib.base.language import Text
from auditlib.city.conclude import Conclusion
from auditlib.city.needs import VisitNeed, for_acceptance, for_grade, for_grades
from auditlib.city.parameters import sample_of
from auditlib.city.population import CLEAN
from auditlib.city.report.statistics import in_two_lists, two_inspectors
from auditlib.city.report.verdict import in_short, is_below
from auditlib.city.report.words import errors_of, level_of, lower, place_of, share_of, upper
from auditlib.city.results import RecheckResults
from auditlib.page import markup
from auditlib.page.section import Section

TITLE = Text("结论与把握程度", "Conclusions and their certainty")
NOT_VISITED = Text(
    "{county}：抽了 {n} 笔，现场检查结果还没有交回，不能下结论。",
    "{county}: {n} payments drawn, no result of a visit yet; nothing can be concluded.",
)
NOT_DRAWN = Text(
    "{county}：未重做，也没有抽样：市里没有该县的发放明细，抽不出、也发不下现场检查表；对该县的发放和自查都不能下结论。",
    "{county}: not re-performed and not sampled: the city has no list of the payments to draw from or to hand to a visitor; "
    "nothing can be concluded, neither on its payments nor on its self-check.",
)
VISITED_TEXT = Text(
    "{county}：{units} 笔发放中抽取 {drawn} 笔（标出的 {flagged} 笔、没有标出的 {clean} 笔），已检查 {visited} 笔。",
    "{county}: of {units} payments {drawn} were drawn ({flagged} flagged, {clean} unflagged); {visited} were visited.",
)
OPEN = Text(
    "有 {n} 笔没有交回结果：推算发放错误时按全额有误计算，评价自查时标出的不算查实，直到查清为止。",
    "{n} came back without a result: among the payments they count as wrong in full, among the flags as not confirmed, "
    "until shown otherwise.",
)
MISSED = Text(
    "错误率：县、市核对都没有标出的发放中，抽查错误率 {rate}（{n} 笔中 {errors}）；有 {confidence} 的把握说，错误率不超过 {limit}。{verdict}",
    "Error rate: among payments that nobody flagged {rate} was wrong (of {n}: {errors}); with {confidence} confidence not more than {limit} are. {verdict}",
)
MISSED_YUAN = Text(
    "错误率：县、市核对都没有标出的发放中，抽查 {n} 笔，{errors}，按金额推算占 {rate}；有 {confidence} 的把握说，有误的发放不超过总金额的 {limit}。{verdict}",
    "Error rate: of the payments that nobody flagged {n} were drawn: {errors}; {rate} of the yuan; with {confidence} confidence not "
    "more than {limit} of the yuan lie in wrong payments. {verdict}",
)
ACCEPT = Text("低于可容忍的 {tolerable}，可以接受。", "Below the tolerable {tolerable}: acceptable.")
REJECT = Text(
    "推算数本身已达到可容忍的 {tolerable}，不能接受（凭推算数，不是凭下限：真实的数仍可能低于它）。",
    "The estimate itself reaches the tolerable {tolerable}: not acceptable (by the estimate, not by a lower limit: the true figure may yet be below).",
)
NOT_SHOWN = Text(
    "推算数低于可容忍的 {tolerable}，上限不低于，证据不足，尚不能接受{need}。",
    "The estimate is below the tolerable {tolerable}, the limit is not: not enough evidence to accept{need}.",
)
NEED_VISITS = Text(
    "；没有标出的发放总共查到约 {n} 笔、没有新的错误，这一项才够{plan}",
    "; some {n} visits of unflagged payments in all, without a further error, would be enough for this{plan}",
)
NEED_SCHOOLS = Text(
    "；总共查到约 {n} 所学校、没有新的错误，这一项才够{plan}",
    "; some {n} schools visited in all, without a further error, would be enough for this{plan}",
)
PLANNED_TEXT = Text(
    "（附件“抽样及其凭证”所列的 {n} 是一笔错误也没有碰到时的数，这里按已查出的错误计算）",
    " (the {n} of the annex “The draw and its proof” supposes that no error is met; here the errors met are reckoned with)",
)
MONEY_APART = Text(
    "；金额还不能接受（见下），要再查多少没有算，两项都够才行",
    "; the yuan cannot be accepted yet either (see below): how many visits these need is not worked out, and both are needed",
)
NEED_NONE = Text(
    "；照已经查出的错误，再查多少也不够",
    "; after the errors met, no number of further visits would be enough",
)
NO_LIMIT = Text(
    "金额：推算{what} {projected} 元；上限说不出来：有一笔少发的比已发的还多，这样的样本给不出可靠的上限，不能据此接受。{verdict}",
    "Money: projected {what} {projected} yuan; no limit can be given: one payment was short by more than what was paid; "
    "it supports no acceptance. {verdict}",
)
OVER = Text("多发", "overpaid")
UNDER = Text("少发", "underpaid")
MONEY = Text(
    "金额：推算{what} {projected} 元；有 {confidence} 的把握说不超过 {limit} 元。{verdict}",
    "Money: projected {what} {projected} yuan; with {confidence} confidence not more than {limit} yuan. {verdict}",
)
YUAN = Text("{amount} 元", "{amount} yuan")
BETWEEN = Text(
    "自查：有一类发放一笔也没有检查，检出率估计不了，只能说在 {low} 与 {high} 之间（{confidence} 的把握）；县里没有发现的至多 {most} 笔。",
    "Self-check: of one group nobody was visited, so the detection rate cannot be estimated; it lies between {low} and {high} "
    "({confidence} confidence); at most {most} errors are unseen by the county.",
)
DETECTED_TEXT = Text(
    "自查：市里查实的错误中，县里自查已经发现的估计占 {rate}（{confidence} 置信区间 {low} 至 {high}）；县里没有发现的估计约 {unseen} 笔，至多 {most} 笔{beside}。",
    "Self-check: of the errors that the city confirmed the county had found some {rate} ({confidence} interval {low} to {high}); about {unseen} are unseen by it, at most {most}{beside}.",
)
NONE_UNSEEN = Text(
    "自查：没有标出的发放中，样本里没有查出县里漏掉的错误；但只查了一部分，漏掉的可能多达 {most} 笔{beside}，检出率只能说不低于 {low}（{confidence} 的把握）。",
    "Self-check: no error that the county had missed was met in the sample; but only a part was visited: up to {most} may be missed{beside}, and the detection rate is said to be not below {low} ({confidence} confidence).",
)
OF_NUMBER = Text(
    "（占笔数的 {share}：按金额抽样，小额发放抽到得少，按笔数说的上限比上面按金额说的 {limit} 宽）",
    " ({share} of the payments by number: in a draw by value small payments are met least, so the limit by number is wider than the {limit} of the yuan above)",
)
WORST = Text(
    "自查：质量评为 {letter} 级（检出率至多 {high}，{cutoffs}）。",
    "Grade of the self-check: {letter} (the detection rate is {high} at most; {cutoffs}).",
)
GRADE = Text(
    "自查：质量评为 {letter} 级（按检出率下限 {low}，{cutoffs}）。",
    "Grade of the self-check: {letter} (by the lower limit {low}; {cutoffs}).",
)
CUTOFF = Text("{letter} 级须达到 {least}", "{letter} needs {least}")
NOT_ENOUGH = Text(
    "自查：证据不足，不评级：检出率在 {low} 与 {high} 之间，好坏都没有查实（{cutoffs}）。{letter} 级还评不上{need}。",
    "Grade of the self-check: not enough evidence; the detection rate lies between {low} and {high}, and neither good nor bad "
    "is shown ({cutoffs}). A {letter} is not reached{need}.",
)
NO_GRADE = Text(
    "自查：查实的错误只有 {n} 个，太少，不评级。",
    "Self-check: only {n} errors were confirmed, too few to grade on.",
)
PRECISION = Text(
    "核实准确率：{whose}标出的发放中，查过的有 {precision} 确实有误{interval}。",
    "Flags: of the payments flagged by {whose} {precision} of those visited were wrong{interval}.",
)
COUNTY, BOTH_TEXT = Text("县里", "the county"), Text("县、市两次核对", "county and city together")
RECALL = Text(
    "标出的比例：有误的发放中，被县、市两次核对标出的估计占 {rate}，有 {confidence} 的把握说不低于 {low}；没有标出的错误至多约 {most} 笔。",
    "Missed by the flags: of the wrong payments the flags of both checks caught some {rate}, with {confidence} confidence not less than {low}; at most {most} wrong ones carry no flag.",
)
INTERVAL = Text(
    "，全部标出的在 {low} 至 {high} 之间（{confidence} 的把握）",
    "; of all flagged between {low} and {high} ({confidence} confidence)",
)
ALL_VISITED = Text("（标出的全部查过）", " (all were visited)")
AGREED_TEXT = Text(
    "检查人：两名检查人各自判断了 {n} 笔，结论一致的占 {observed}（扣除碰巧一致后的系数见附件“方法与统计”）。",
    "Inspectors: two judged {n} payments apart and agreed on {observed} (beyond chance: see the annex “Method and statistics”).",
)
NETTED_TEXT = Text(
    "多发、少发分开估计，互不相抵；可容忍的数按全部发放金额乘可容忍错误率计算。",
    "Over- and underpayment are never netted; tolerable is the tolerable rate of all yuan paid.",
)
SAID_ABOVE = ("few_errors", "group_unvisited", "recall_without_misses", "share_of_yuan")
SUMMARY = Text("{n} 个县已有现场结果", "{n} counties visited")


def conclusions(results: RecheckResults) -> Section:
    """A list of sentences a county, and what the two lists say of the rest."""
    language = results.language
    pieces = []
    for conclusion in results.conclusions:
        pieces.append(markup.heading(3, conclusion.county_name, place_of(conclusion.county_code)))
        pieces.append(markup.bullets(sentences(conclusion, results)))
    for county in results.counties:
        if not county.is_reperformed:
            pieces.append(markup.heading(3, county.name, place_of(county.code)))
            pieces.append(markup.bullets([NOT_DRAWN.fill(county=county.name).into(language)]))
    visit_count = sum(bool(conclusion.visited) for conclusion in results.conclusions)
    if visit_count:
        pieces.append(markup.paragraph(NETTED_TEXT.into(language)))
    pieces += [markup.paragraph(text.into(language)) for text in in_two_lists(results)]
    summary = SUMMARY.fill(n=visit_count).into(language)
    return Section("conclusions", TITLE.into(language), markup.join(pieces), summary)


def sentences(conclusion: Conclusion, results: RecheckResults) -> list[str]:
    """What may be said of one county, sentence by sentence."""
    language, sample = results.language, results.parameters["sample"]
    confidence = level_of(sample["confidence"])
    if not conclusion.visited:
        return [NOT_VISITED.fill(county=conclusion.county_name, n=conclusion.open_units).into(language)]
    inquiry = _Asked(conclusion, results)
    texts = [
        in_short(conclusion, results),
        VISITED_TEXT.fill(
            county=conclusion.county_name,
            units=f"{conclusion.units:,}",
            visited=conclusion.visited,
            **inquiry.counts_drawn(),
        ),
    ]
    texts += [OPEN.fill(n=conclusion.open_units)] if conclusion.open_units else []
    texts += _missed(inquiry, confidence)
    texts += [
        _money(what, part, confidence, conclusion, sample["tolerable_rate"])
        for what, part in ((OVER, conclusion.over), (UNDER, conclusion.under))
        if part
    ]
    texts += _detection(inquiry, confidence, results.parameters["grades"])
    texts += _flags(conclusion, confidence)
    texts += [two_inspectors(conclusion, AGREED_TEXT)] if conclusion.agreement_inspectors else []
    parts = (conclusion.missed, conclusion.detection, conclusion.all_flags)
    caveats = {c: None for part in parts if part for c in part.caveats if c not in SAID_ABOVE}
    return [text.into(language) for text in texts] + [
        sampling.explain(caveat, language) for caveat in caveats
    ]


class _Asked:
    """What a sentence on one county needs beside its conclusion: the draw and the parameters, to work out further visits."""

    def __init__(self, conclusion: Conclusion, results: RecheckResults) -> None:
        self.made = conclusion
        self.sample = sample_of(results.parameters["sample"])
        codes = {draw.population.county_code: draw for draw in results.draws}
        self.draw = codes[conclusion.county_code]

    def counts_drawn(self) -> dict[str, str]:
        """How many payments were drawn, flagged and not."""
        units = self.draw.sample_units
        clean = int((units["group"] == CLEAN).sum())
        counts = {"drawn": len(units), "clean": clean, "flagged": len(units) - clean}
        return {name: markup.count(n) for name, n in counts.items()}


def visits_needed(need: VisitNeed, plan: VisitNeed) -> Text:
    """So many visits would be enough; ``plan``: so many, had no error been met, as the annex has it."""
    if need.visits is None:
        return NEED_NONE
    is_other = plan.visits is not None and plan.visits != need.visits
    beside = PLANNED_TEXT.fill(n=f"{plan.visits:,}") if is_other else Text("", "")
    return (NEED_SCHOOLS if need.in_schools else NEED_VISITS).fill(n=f"{need.visits:,}", plan=beside)


def _missed(inquiry: _Asked, confidence: str) -> list[Text]:
    rate, sample = inquiry.made.missed, inquiry.sample
    if rate is None:
        return []
    tolerable = level_of(sample.tolerable_rate)
    if rate.accept or Decimal(repr(rate.rate)) >= sample.tolerable_rate:
        verdict = (ACCEPT if rate.accept else REJECT).fill(tolerable=tolerable)
    else:
        plan = for_acceptance(inquiry.draw, sample)
        need = visits_needed(for_acceptance(inquiry.draw, sample, rate.errors), plan)
        apart = Text("", "") if _money_is_accepted(inquiry) else MONEY_APART
        verdict = NOT_SHOWN.fill(tolerable=tolerable, need=Text(need.zh + apart.zh, need.en + apart.en))
    figures = {"rate": share_of(rate.rate), "limit": upper(rate.upper_limit), "n": rate.drawn, "errors": errors_of(rate)}  # fmt: skip
    template = MISSED_YUAN if rate.of == "yuan" else MISSED
    return [template.fill(confidence=confidence, verdict=verdict, **figures)]


def _money_is_accepted(inquiry: _Asked) -> bool:
    """Is neither what was paid in excess nor what was short, as far as there is any, above the tolerable?"""
    tolerable = inquiry.made.book * inquiry.sample.tolerable_rate
    parts = [part for part in (inquiry.made.over, inquiry.made.under) if part]
    return all(part["upper_limit"] is not None and is_below(part["upper_limit"], tolerable) for part in parts)


def _money(what: Text, part: Mapping[str, Any], confidence: str, conclusion: Conclusion, rate: Any) -> Text:
    projected_yuan, tolerable = Decimal(part["projected"]), conclusion.book * Decimal(str(rate))
    in_yuan = YUAN.fill(amount=markup.yuan(tolerable))
    if is_below(part["upper_limit"], tolerable):
        verdict = ACCEPT.fill(tolerable=in_yuan)
    elif projected_yuan >= tolerable:
        verdict = REJECT.fill(tolerable=in_yuan)
    elif part["upper_limit"] is None:
        verdict = Text("", "")
    else:
        verdict = NOT_SHOWN.fill(tolerable=in_yuan, need=Text("", ""))
    if part["upper_limit"] is None:
        return NO_LIMIT.fill(what=what, projected=markup.yuan(projected_yuan), verdict=verdict)
    amounts = {"projected": markup.yuan(projected_yuan), "limit": markup.yuan(part["upper_limit"])}
    return MONEY.fill(what=what, confidence=confidence, verdict=verdict, **amounts)


def _detection(inquiry: _Asked, confidence: str, grades: Mapping[str, Any]) -> list[Text]:
    rate = inquiry.made.detection
    if rate is None:
        return []
    if rate.lower is None or rate.upper is None:
        return [NO_GRADE.fill(n=rate.errors)]
    ends = {
        "low": lower(rate.lower),
        "high": upper(rate.upper),
        "most": f"{math.ceil(rate.undetected_upper):,}",
        "confidence": confidence,
        "beside": _of_number(inquiry.made, rate.undetected_upper),
    }
    if rate.rate is None:
        sentence = BETWEEN.fill(**ends)
    elif rate.errors == rate.found and rate.undetected_upper >= 1:
        sentence = NONE_UNSEEN.fill(**ends)
    else:
        sentence = DETECTED_TEXT.fill(rate=share_of(rate.rate), unseen=f"{rate.undetected:,.0f}", **ends)
    return [sentence, _grade(inquiry, rate, grades)]


def _of_number(conclusion: Conclusion, most: float) -> Text:
    """Which share of the payments ``most`` is, where the error rate above is a share of the yuan."""
    rate = conclusion.missed
    if rate is None or rate.of != "yuan" or not conclusion.units:
        return Text("", "")
    return OF_NUMBER.fill(
        share=upper(min(1.0, math.ceil(most) / conclusion.units)), limit=upper(rate.upper_limit)
    )


def _grade(inquiry: _Asked, rate: sampling.DetectionRate, grades: Mapping[str, Any]) -> Text:
    grade = inquiry.made.grade
    if grade is None or grade.letter == sampling.NOT_GRADABLE:
        return NO_GRADE.fill(n=rate.errors)
    steps = [CUTOFF.fill(letter=letter, least=level_of(least)) for letter, least in grades.items()]
    cutoffs = Text("，".join(step.zh for step in steps), ", ".join(step.en for step in steps))
    if grade.letter != sampling.NOT_ENOUGH:
        template = GRADE if grade.letter in grades else WORST
        return template.fill(
            letter=grade.letter, low=lower(rate.lower or 0.0), high=upper(rate.upper or 0.0), cutoffs=cutoffs
        )
    letter, least = min(grades.items(), key=lambda step: Decimal(str(step[1])))
    cutoff = Decimal(str(least))
    plan = for_grades(inquiry.draw, inquiry.sample, {letter: cutoff})[letter]
    need = visits_needed(for_grade(inquiry.draw, inquiry.sample, cutoff, *_so_far(rate)), plan)
    ends = {"low": lower(rate.lower or 0.0), "high": upper(rate.upper or 0.0)}
    return NOT_ENOUGH.fill(letter=letter, need=need, cutoffs=cutoffs, **ends)


def _so_far(rate: sampling.DetectionRate) -> tuple[int, int]:
    """The fewest errors that the county found, of the limits; errors met that it had not found."""
    low, unseen = rate.lower or 0.0, rate.undetected_upper
    return (round(low * unseen / (1 - low)) if low < 1 else 0), rate.errors - rate.found


def _flags(conclusion: Conclusion, confidence: str) -> list[Text]:
    texts = []
    for whose, flags in ((COUNTY, conclusion.county_flags), (BOTH_TEXT, conclusion.all_flags)):
        if flags is not None and flags.precision is not None:
            ends = flags.precision_interval
            interval = _interval(ends, confidence)
            texts.append(PRECISION.fill(whose=whose, precision=share_of(flags.precision), interval=interval))
    if len(texts) == 2 and conclusion.county_flags == conclusion.all_flags:
        texts.pop()
    recall = conclusion.recall
    if recall == conclusion.detection:
        return texts  # only the county flagged: said above
    if recall is not None and recall.rate is not None and recall.lower is not None and recall.total_found:
        most = f"{math.ceil(recall.undetected_upper):,}"
        figures = {"rate": share_of(recall.rate), "low": lower(recall.lower), "most": most}
        texts.append(RECALL.fill(confidence=confidence, **figures))
    return texts


def _interval(ends: tuple[float, float] | None, confidence: str) -> Text:
    """What the share is among all that are flagged; nothing is left to estimate where all were visited."""
    if not ends:
        return Text("", "")
    if ends[0] == ends[1]:
        return ALL_VISITED
    return INTERVAL.fill(low=lower(ends[0]), high=upper(ends[1]), confidence=confidence)
