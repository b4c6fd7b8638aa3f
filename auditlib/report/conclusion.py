"""The conclusion: how many should have been paid, were, were not; the yuan both ways; what was not tested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import charts, markup
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.wording import word

TITLE = Text("总体结论", "Conclusion")
COUNTY = Text("县（市、区）", "County")
TERM = Text("资助学期", "Term")
COUNT_DATE = Text("核定基准日", "Count date")
STATE = Text("性质", "Status")
STATE_IS = Text("数据比对疑点，须经人工核实", "Suspicions from matching data, to be verified by people")

CLEAR = Text(
    "应享受资助 {entitled} 人，足额到位 {paid} 人；在已核对的范围内，未发现漏助、误发、重发或金额不符。",
    "{entitled} pupils should have been paid and {paid} were paid in full. Within what could be tested, no child "
    "was missed and no payment was found wrong, repeated or off the standard.",
)
VERDICT = Text(
    "应享受资助 {entitled} 人，足额到位 {paid} 人（{share}）；疑似漏助、未足额和退汇未补 {missed} 人。",
    "{entitled} pupils should have been paid; {paid} ({share}) were paid in full. {missed} were missed, underpaid "
    "or had their payment returned, on the evidence of the data.",
)
NOT_ASKED = Text(
    "应享受资助的人数和到位情况未能核对，原因见“未能核对的部分”；已核对的部分发现疑点 {findings} 条。",
    "How many should have been paid, and were, could not be tested: see “What could not be tested”. What could be tested "
    "gave {findings} findings.",
)
NOTHING_READ = Text(
    "{registers}的文件中没有读到一行可用的记录，由此得出的数字和疑点不能采用。请先核对文件。",
    "Not one usable row was read from the files of {registers}: figures and findings that follow from this cannot be "
    "relied on. Check the files first.",
)
NOTHING_PAID = Text(
    "发放文件中没有本学期的成功发放记录，应享受资助的学生因此没有一人足额到位。请先核对发放文件和学期是否给对。",
    "The payment files hold no successful payment of this term; therefore nobody entitled was paid in full. Make sure "
    "first that the files and the term are the right ones.",
)
NUMBERLESS = Text(
    "有 {n} 行发放没有任何号码（身份证号、学籍号），只能凭姓名和学校认人；其中 {open} 行认不出是谁，可能涉及的学生列为“无法判断”，"
    "不作漏发。请索取带号码的发放明细。",
    "{n} payment rows tell no number of any kind (ID, student number): they can be told by name and school only. {open} of them "
    "are nobody's for certain; the pupils whom they may mean are untested, not missed. Ask for the list with numbers.",
)
FOUNDATIONS = ("eligibility", "enrolment", "payments")
CHECKED = Text(
    "本次核对成功发放 {payments} 人次、{yuan} 元，运行规则 {rules} 条，发现疑点 {findings} 条"
    "（高 {high}、中 {medium}、低 {low}）。",
    "{payments} successful payments amounting to {yuan} yuan were tested by {rules} rules; {findings} findings "
    "were made ({high} high, {medium} medium, {low} low).",
)
OWED = Text("欠发儿童金额", "Owed to children")
OWED_NOTE = Text(
    "应发而未发、少发、退汇未补：核实后应补发", "Not paid, paid short, returned: to be paid once verified"
)
WRONG = Text("误发、重发、超发金额", "Paid wrongly or in excess")
WRONG_NOTE = Text(
    "重复、人籍不符、无资格、超标准：先核实并听取说明，再谈追回",
    "Repeated, mismatched, ineligible, above standard: verify and hear people before recovering anything",
)
PUPILS, PAYMENTS = Text("人", "pupils"), Text("人次", "payments")
FIGURES: tuple[tuple[str, Text, str], ...] = (
    ("entitled_pupils", Text("应享受资助", "Should have been paid"), ""),
    ("paid_in_full", Text("足额到位", "Paid in full"), ""),
    ("unpaid", Text("未发放", "Not paid"), "owed"),
    ("underpaid", Text("未足额", "Underpaid"), "owed"),
    ("returned", Text("退汇未补", "Returned, not repaid"), "owed"),
    ("paid_otherwise", Text("已领互斥项目", "Paid otherwise"), "unknown"),
    ("payment_unclear", Text("发放情况不明", "Payment not clear"), "unknown"),
)
RARE = ("paid_otherwise", "payment_unclear")
BESIDE: tuple[tuple[str, Text, Text], ...] = (
    (
        "elsewhere_open",
        Text("县外就读待落实", "Studying elsewhere, open"),
        Text("函告未发、未回或未兜底", "letter not sent, not answered, or no fallback paid"),
    ),
    (
        "not_found",
        Text("疑似失学", "Suspected dropouts"),
        Text(
            "适龄而学籍、函告均无此人，先找人",
            "of school age, in no register and no letter: find the child first",
        ),
    ),
    (
        "uncovered",
        Text("规则之外的孩子", "In no rule's population"),
        Text("学籍不在读而无函告，先找人", "record not active and no letter: find the child first"),
    ),
    (
        "not_tested",
        Text("情况未能核实", "Something is not known"),
        Text("就读方式、证号等不明，暂不能判断", "boarding, number or the like not known: no answer yet"),
    ),
)
COVERAGE = Text("应享受资助学生到位情况（人）", "How far aid reached the entitled (pupils)")
REST = Text("其余 {n} 人", "The other {n}")
UNTESTED = Text("未能核对的部分", "What could not be tested")
UNTESTED_NONE = Text(
    "所有规则均已运行，总体内每一行都已核对。", "Every rule was run and every row of its population tested."
)
UNTESTED_LEAD = Text(
    "“未能核对”不等于“没有问题”，也不等于“有问题”。详见“局限与未核对事项”。",
    "Not tested means neither sound nor at fault. Details under Limits.",
)
NOT_RUN = Text("规则“{rule}”未运行：缺少{reason}", "Rule “{rule}” was not run: {reason} is missing")
UNTESTED_ROWS = Text("{reason}：{rows} 行次", "{reason}: {rows} rows")
LARGEST_GAP = Text(
    "应核对的有 {share}（{rows} 行次）未能核对，最多的一项是：{reason}，{most} 行次，占其中的 {part}。",
    "{share} of what was to be tested ({rows} rows) could not be; the largest part, {most} rows or {part} of it: {reason}.",
)
MORE = Text("另有 {n} 项", "and {n} more")
LISTED = 5


def conclusion(results: Results) -> Section:
    """The section a report opens with. A figure of ``results.conclusion`` that is None is shown as a dash: not asked."""
    language = str(results.parameters.get("language", "zh"))
    figures = results.conclusion
    verdict = _verdict(figures).into(language)
    body = markup.join(
        (
            _facts(results.parameters, language),
            markup.paragraph(verdict, "verdict"),
            *(markup.paragraph(said, "verdict") for said in _barren(results, language)),
            *(markup.paragraph(said) for said in _largest_gap(results, language)),
            _headline(figures, language),
            _money(figures, language),
            _beside(figures, language),
            markup.paragraph(_checked(figures).into(language)),
            Markup('<div class="pair">{}<div>{}</div></div>').format(
                _coverage(figures, language), _untested(results, language)
            ),
        )
    )
    return Section("conclusion", TITLE.into(language), body, verdict)


def _facts(parameters: Mapping[str, Any], language: str) -> Markup:
    place = f"{parameters.get('county_name', '')}（{parameters.get('county_code', '')}）"
    facts = (
        (COUNTY, place if language == "zh" else place.replace("（", " (").replace("）", ")")),
        (TERM, markup.term(parameters.get("term", ""), language)),
        (COUNT_DATE, markup.day(parameters.get("count_date"), language)),
        (STATE, STATE_IS.into(language)),
    )
    pairs = markup.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name.into(language), value)
        for name, value in facts
    )
    return Markup('<dl class="facts">{}</dl>').format(pairs)


def _barren(results: Results, language: str) -> list[str]:
    """What has to be said of registers that were delivered and say nothing."""
    used = results.funnel.groupby("table")["used"].sum()
    empty = [word(name, language) for name in FOUNDATIONS if name in used.index and not used[name]]
    listed = ("、" if language == "zh" else ", ").join(empty)
    unpaid = used.get("payments", 0) > 0 and not _number(results.conclusion, "payments_persons")
    return [
        *([NOTHING_READ.fill(registers=listed).into(language)] if empty else []),
        *([NOTHING_PAID.into(language)] if unpaid else []),
        *_numberless(results.conclusion, language),
    ]


def _numberless(figures: Mapping[str, Any], language: str) -> list[str]:
    rows, open_ = (_number(figures, key) for key in ("numberless_rows", "numberless_open"))
    told = NUMBERLESS.fill(n=markup.count(rows), open=markup.count(open_))
    return [told.into(language)] if rows else []


def _number(figures: Mapping[str, Any], key: str) -> int:
    return int(figures.get(key) or 0)


def _missed(figures: Mapping[str, Any]) -> int:
    return sum(_number(figures, key) for key in ("unpaid", "underpaid", "returned"))


def _verdict(figures: Mapping[str, Any]) -> Text:
    if figures["entitled_pupils"] is None:
        return NOT_ASKED.fill(findings=markup.count(_number(figures, "findings")))
    entitled, paid = _number(figures, "entitled_pupils"), _number(figures, "paid_in_full")
    return (VERDICT if _number(figures, "findings") else CLEAR).fill(
        entitled=markup.count(entitled),
        paid=markup.count(paid),
        share=markup.percent(paid, entitled),
        missed=markup.count(_missed(figures)),
    )


def _checked(figures: Mapping[str, Any]) -> Text:
    return CHECKED.fill(
        payments=markup.count(_number(figures, "payments_persons")),
        yuan=markup.yuan(figures.get("payments_yuan") or 0),
        rules=markup.count(_number(figures, "rules_run")),
        **{key: markup.count(_number(figures, key)) for key in ("findings", "high", "medium", "low")},
    )


def _big(title: str, number: str, unit: str, *, css: str = "", below: str = "") -> Markup:
    return Markup(
        '<div class="figure {}"><dt>{}</dt><dd><strong>{}</strong> <span class="unit">{}</span>{}</dd></div>'
    ).format(css, title, number, unit, Markup('<span class="below">{}</span>').format(below) if below else "")


def _stated(figures: Mapping[str, Any]) -> list[tuple[str, Text, str]]:
    """The figures that make up the entitled; the rare ones only where there are such pupils."""
    return [figure for figure in FIGURES if figure[0] not in RARE or _number(figures, figure[0])]


def _headline(figures: Mapping[str, Any], language: str) -> Markup:
    boxes = markup.join(
        _big(
            title.into(language),
            markup.count(figures.get(key)),
            PUPILS.into(language),
            css=f"{css} nil" if not _number(figures, key) else css,
        )
        for key, title, css in _stated(figures)
    )
    return Markup('<dl class="headline">{}</dl>').format(boxes)


def _money(figures: Mapping[str, Any], language: str) -> Markup:
    boxes = []
    for key, title, below, css in (
        ("owed_yuan", OWED, OWED_NOTE, "owed"),
        ("wrong_yuan", WRONG, WRONG_NOTE, "wrong"),
    ):
        amount = figures.get(key)
        number, unit = (markup.NOTHING, "") if amount is None else markup.yuan_short(amount, language)
        look = css if amount else "nil"
        boxes.append(_big(title.into(language), number, unit, css=look, below=below.into(language)))
    return Markup('<dl class="money">{}</dl>').format(markup.join(boxes))


def _beside(figures: Mapping[str, Any], language: str) -> Markup:
    boxes = markup.join(
        _big(
            title.into(language),
            markup.count(figures.get(key)),
            PUPILS.into(language),
            css="nil" if not _number(figures, key) else "unknown" if key == "not_tested" else "owed",
            below=below.into(language),
        )
        for key, title, below in BESIDE
    )
    return Markup('<dl class="beside">{}</dl>').format(boxes)


def _coverage(figures: Mapping[str, Any], language: str) -> Markup:
    entitled = _number(figures, "entitled_pupils")
    if not entitled:
        return Markup("")
    colour = {"": charts.SOUND, "owed": charts.OWED, "unknown": charts.UNKNOWN}
    items = [
        charts.Bar(
            title.into(language),
            _number(figures, key),
            f"{markup.count(_number(figures, key))}（{markup.percent(_number(figures, key), entitled)}）"
            if language == "zh"
            else f"{markup.count(_number(figures, key))} ({markup.percent(_number(figures, key), entitled)})",
            colour[css],
        )
        for key, title, css in _stated(figures)[1:]
    ]
    rest = REST.fill(n=markup.count(entitled - _number(figures, "paid_in_full"))).into(language)
    return charts.figure(
        charts.share(items, rest), alt=charts.described(items, language), caption=COVERAGE.into(language)
    )


def _largest_gap(results: Results, language: str) -> list[str]:
    """How much could not be tested, and for which reason most of it: a sentence that nobody has to look for."""
    population, open_ = int(results.rules["population"].sum()), int(results.untested["rows"].sum())
    if not open_ or not population:
        return []
    by_reason = results.untested.groupby("reason")["rows"].sum().reset_index()
    most = by_reason.sort_values(["rows", "reason"], ascending=[False, True]).iloc[0]
    return [
        LARGEST_GAP.fill(
            rows=markup.count(open_),
            share=markup.percent(open_, population),
            reason=word(most["reason"], language),
            most=markup.count(most["rows"]),
            part=markup.percent(int(most["rows"]), open_),
        ).into(language)
    ]


def _untested(results: Results, language: str) -> Markup:
    lines = [*_rules_not_run(results, language), *_rows_not_tested(results, language)]
    title = markup.paragraph(UNTESTED.into(language), "caption")
    if not lines:
        return title + markup.paragraph(UNTESTED_NONE.into(language))
    more = [MORE.fill(n=len(lines) - LISTED).into(language)] if len(lines) > LISTED else []
    return title + markup.bullets([*lines[:LISTED], *more]) + markup.note(UNTESTED_LEAD.into(language))


def _rules_not_run(results: Results, language: str) -> list[str]:
    missing = results.rules[results.rules["status"] == "not_run"]
    return [
        NOT_RUN.fill(rule=catalogue.title(rule, language), reason=word(reason, language)).into(language)
        for rule, reason in zip(missing["rule"], missing["not_run_reason"], strict=True)
    ]


def _rows_not_tested(results: Results, language: str) -> list[str]:
    """Why rows were not tested, the largest number first."""
    reasons = results.untested.groupby("reason")["rows"].sum().reset_index()
    ranked = reasons.sort_values(["rows", "reason"], ascending=[False, True])
    return [
        UNTESTED_ROWS.fill(reason=word(reason, language), rows=markup.count(count)).into(language)
        for reason, count in zip(ranked["reason"], ranked["rows"], strict=True)
        if count
    ]
