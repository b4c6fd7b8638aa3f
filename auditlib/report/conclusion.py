"""The conclusion: how many should have been paid, were, were not; the yuan both ways; what was not tested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.apply import LIKELY
from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.section import Section
from auditlib.report import before_payment, catalogue
from auditlib.report.bridge import Tell, bridge, plain, sum_sentence
from auditlib.report.gaps import shown_gaps
from auditlib.report.leads import Lead, leads_of, of_rule, telling
from auditlib.report.rectification import persons_in, shown_requirements
from auditlib.report.verdict import PROGRESS, children_sentence, known_away, number, reach_sentence
from auditlib.report.whereabouts import unmet_rates
from auditlib.tables.wording import WORDS, word

TITLE = Text("总体结论", "Conclusion")
COUNTY = Text("县（市、区）", "County")
TERM = Text("资助学期", "Term")
COUNT_DATE = Text("核定基准日", "Count date")
STATE = Text("性质", "Status")
STATE_IS = Text("数据比对疑点，须经人工核实", "Suspicions from matching data, to be verified by people")

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
CHECKED_TEXT = Text(
    "本次核对成功发放 {payments} 人次、{yuan} 元，运行规则 {rules} 条，发现疑点 {findings} 条"
    "（高 {high}、中 {medium}、低 {low}）。",
    "{payments} successful payments amounting to {yuan} yuan were tested by {rules} rules; {findings} findings "
    "were made ({high} high, {medium} medium, {low} low).",
)
PUPILS = Text("人", "pupils")
FIGURES: tuple[tuple[str, Text, str], ...] = (
    ("entitled_pupils", Text("应享受资助", "Should have been paid"), ""),
    ("paid_in_full", WORDS["aid.paid_in_full"], ""),
    ("unpaid", WORDS["aid.unpaid"], "owed"),
    ("underpaid", WORDS["aid.underpaid"], "owed"),
    ("returned", WORDS["aid.returned"], "owed"),
    ("paid_otherwise", WORDS["aid.paid_otherwise"], "unknown"),
    ("payment_unclear", WORDS["aid.payment_unclear"], "unknown"),
    ("awaited", WORDS["aid.awaited"], "unknown"),
)
PROBABLY_PAID = Text(
    "其中 {n} 人有相近发放记录，很可能已发",
    "{n} of them probably paid: a similar payment is there",
)
RARE = ("paid_otherwise", "payment_unclear", "awaited")
MISSED_BY = Text(
    "疑似应助未助或去向不明的 {n} 人：{parts}。一人在几类的，合计只计一次。",
    "Of the {n} missed or not placed: {parts}. Who stands in several is counted once in all.",
)
AWAY_BY = Text(
    "清点不在校、劝返逾期、未列台账、销号不实或本学期查无记录的 {n} 人：{parts}。{again}也先找人。",
    "Not at school when heads were counted, waiting beyond their notice, in no ledger of dropouts, closed while away or in no record since last term, {n}: {parts}. {again}These children are to be found first too.",
)
AGAIN = Text("其中 {n} 人在上一类中已计。", "{n} of them are counted among the missed already. ")
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
        Text("未纳入核查范围的适龄儿童（优先核查去向）", "Covered by no rule, to be found first"),
        Text(
            "学籍不在读，函告、台账中都没有",
            "record not active, in no letter or ledger: find the child first",
        ),
    ),
    (
        "not_tested",
        Text("情况未能核实", "Something is not known"),
        Text("{why}，暂不能判断", "{why}: no answer yet"),
    ),
)


WHY_UNKNOWN = Text("资料缺失或矛盾", "data missing or at odds")
MORE_WHY = Text("{why}等", "{why} and the like")
REASONS_SHOWN = 3


def conclusion(results: Results) -> Section:
    """The section a report opens with. A figure of ``results.conclusion`` that is None is shown as a dash: not asked."""
    language = str(results.parameters.get("language", "zh"))
    figures, leads = results.conclusion, leads_of(results)
    tell = telling(leads)
    body = markup.join(
        (
            _facts(results.parameters, language),
            _verdict(figures, tell, language),
            *(
                markup.paragraph(Markup(text.into(language) + PROGRESS.into(language)), "verdict")
                for text in known_away(results, tell)
            ),
            *(
                markup.paragraph(Markup(text.into(language)), "verdict")
                for text in unmet_rates(results, tell)
            ),
            *(markup.paragraph(text.into(language), "verdict") for text in empty_register_texts(results)),
            *(
                markup.paragraph(Markup(text.into(language)), "verdict")
                for text in before_payment.sentences(results, tell)
            ),
            _headline(results, leads, language),
            _beside(results, leads, language),
            _missed_by_rule(results, tell, language),
            _away_by_rule(results, tell, language),
            bridge(figures, tell, language),
            markup.paragraph(Markup(checked_sentence(figures, tell).into(language))),
            markup.paragraph(Markup(sum_sentence(figures, tell).into(language))),
            shown_gaps(results, language),
            *(markup.paragraph(Markup(text.into(language))) for text in _numberless(figures, tell)),
            shown_requirements(results, language),
        )
    )
    verdict = _sentences(figures, plain, language)
    return Section("conclusion", TITLE.into(language), body, verdict)


def _sentences(figures: Mapping[str, Any], tell: Tell, language: str) -> str:
    sentences = [
        text.into(language) for text in (children_sentence(figures, tell), reach_sentence(figures, tell))
    ]
    return ("" if language == "zh" else " ").join(sentences)


def _verdict(figures: Mapping[str, Any], tell: Tell, language: str) -> Markup:
    return markup.paragraph(Markup(_sentences(figures, tell, language)), "verdict")


def facts_of(parameters: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    """County, term, count date, and what the report is: name and value."""
    place = f"{parameters.get('county_name', '')}（{parameters.get('county_code', '')}）"
    facts = (
        (COUNTY, place if language == "zh" else place.replace("（", " (").replace("）", ")")),
        (TERM, markup.term(parameters.get("term", ""), language)),
        (COUNT_DATE, markup.day(parameters.get("count_date"), language)),
        (STATE, STATE_IS.into(language)),
    )
    return tuple((name.into(language), value) for name, value in facts)


def _facts(parameters: Mapping[str, Any], language: str) -> Markup:
    pairs = markup.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value)
        for name, value in facts_of(parameters, language)
    )
    return Markup('<dl class="facts">{}</dl>').format(pairs)


def empty_register_texts(results: Results) -> list[Text]:
    """Sentences on registers that were delivered and of which no row could be used, and on payments without a success."""
    used_counts = results.funnel.groupby("table")["used"].sum()
    empty = [name for name in FOUNDATIONS if name in used_counts.index and not used_counts[name]]
    listed_rows = Text(
        *(mark.join(word(name, lang) for name in empty) for lang, mark in (("zh", "、"), ("en", ", ")))
    )
    unpaid = used_counts.get("payments", 0) > 0 and not number(results.conclusion, "payments_persons")
    return [
        *([NOTHING_READ.fill(registers=listed_rows)] if empty else []),
        *([NOTHING_PAID] if unpaid else []),
    ]


def _numberless(figures: Mapping[str, Any], tell: Tell) -> list[Text]:
    rows, open_ = (number(figures, key) for key in ("numberless_rows", "numberless_open"))
    counts = {"n": rows, "open": open_}
    return (
        [NUMBERLESS.fill(**{name: tell("numberless", markup.count(n)) for name, n in counts.items()})]
        if rows
        else []
    )


def checked_sentence(figures: Mapping[str, Any], tell: Tell = plain) -> Text:
    """How much was paid and tested, and how many findings there are."""
    counts = ("findings", "high", "medium", "low")
    return CHECKED_TEXT.fill(
        payments=tell("payments_persons", markup.count(number(figures, "payments_persons"))),
        yuan=tell("payments_yuan", markup.yuan(figures.get("payments_yuan") or 0)),
        rules=tell("rules_run", markup.count(number(figures, "rules_run"))),
        **{key: tell(key, markup.count(number(figures, key))) for key in counts},
    )


def _big(
    title: str, figure: str, unit: str, *, css: str = "", below: str = "", to: Lead | None = None
) -> Markup:
    """A figure, and where it leads."""
    strong = Markup("<strong>{}</strong>").format(figure)
    return Markup(
        '<div class="figure {}"><dt>{}</dt><dd>{} <span class="unit">{}</span>{}</dd></div>'
    ).format(
        css,
        title,
        to.link(strong, f"{title}：{figure} {unit}") if to else strong,
        unit,
        markup.below(below) if below else "",
    )


def headline_figures(figures: Mapping[str, Any]) -> list[tuple[str, Text, str]]:
    """The figures that make up the entitled; the rare ones only where there are such pupils."""
    return [figure for figure in FIGURES if figure[0] not in RARE or number(figures, figure[0])]


def _missed_by_rule(results: Results, tell: Tell, language: str) -> Markup:
    """Of whom the first number of the verdict is made up: the persons of each rule, each leading to its list."""
    findings = results.findings
    missed = findings[findings["rule"].map(is_missed).astype(bool)]
    parts = _persons_by_rule(results, missed, language)
    count = markup.count(number(results.conclusion, "children_missed"))
    led_count = tell("children_missed", count)
    return _made_up_of(MISSED_BY, led_count, parts, language) if len(parts) > 1 else Markup("")


def _away_by_rule(results: Results, tell: Tell, language: str) -> Markup:
    """The persons of the rules that ask where a child is; nothing where none is asked for."""
    findings = results.findings
    away = findings[findings["rule"].map(is_away).astype(bool)]
    parts, persons = _persons_by_rule(results, away, language), persons_in(away) or 0
    counted_above = persons - number(results.conclusion, "children_away")
    again = AGAIN.fill(n=markup.count(counted_above)).into(language) if counted_above > 0 else ""
    led_count = tell("children_away", markup.count(persons))
    return _made_up_of(AWAY_BY, led_count, parts, language, again=again) if parts else Markup("")


def _persons_by_rule(results: Results, findings: pd.DataFrame, language: str) -> list[Markup]:
    by_rule = {rule: persons_in(rows) for rule, rows in findings.groupby("rule")}
    persons = {rule: by_rule.get(rule) for rule in results.rules["rule"]}
    return [
        Markup("{} {}").format(catalogue.title(rule, language), of_rule(rule).link(markup.count(n)))
        for rule, n in persons.items()
        if n
    ]


def _made_up_of(text: Text, count: str, parts: list[Markup], language: str, **more: str) -> Markup:
    listed_rows = Markup("、" if language == "zh" else ", ").join(parts)
    return markup.note(Markup(text.into(language)).format(n=count, parts=listed_rows, **more))


def _headline(results: Results, leads: Mapping[str, Lead], language: str) -> Markup:
    figures, unlikely = results.conclusion, _probably_paid(results.findings)
    belows = {"unpaid": PROBABLY_PAID.fill(n=markup.count(unlikely)).into(language) if unlikely else ""}
    boxes = markup.join(
        _big(
            title.into(language),
            markup.count(figures.get(key)),
            PUPILS.into(language),
            css=f"{css} nil" if not number(figures, key) else css,
            below=belows.get(key, ""),
            to=leads.get(key) if number(figures, key) else None,
        )
        for key, title, css in headline_figures(figures)
    )
    return Markup('<dl class="headline">{}</dl>').format(boxes)


def _probably_paid(findings: pd.DataFrame) -> int:
    """Of the unpaid those of whom a similar payment is probably theirs."""
    is_unlikely = (findings["rule"] == "missed.unpaid") & (findings["confidence"].astype(float) < LIKELY)
    return persons_in(findings[is_unlikely]) or 0


def _why_unknown(unclear: pd.DataFrame) -> Text:
    """What is not known of those who cannot be judged: what lacks of most of them first."""
    codes = unclear.loc[~unclear["judged"].astype(bool), "why"].explode().value_counts(sort=False)
    most_first = [str(code) for code in codes.sort_index().sort_values(ascending=False, kind="stable").index]
    if not most_first:
        return WHY_UNKNOWN
    names = most_first[:REASONS_SHOWN]
    why = Text(
        *(mark.join(word(code, lang) for code in names) for lang, mark in (("zh", "、"), ("en", ", ")))
    )
    return MORE_WHY.fill(why=why) if len(most_first) > len(names) else why


def _beside(results: Results, leads: Mapping[str, Lead], language: str) -> Markup:
    figures, why = results.conclusion, _why_unknown(results.unclear)
    boxes = markup.join(
        _big(
            title.into(language),
            markup.count(figures.get(key)),
            PUPILS.into(language),
            css="nil" if not number(figures, key) else "unknown" if key == "not_tested" else "owed",
            below=below.fill(why=why).into(language),
            to=leads.get(key) if number(figures, key) else None,
        )
        for key, title, below in BESIDE
    )
    return Markup('<dl class="beside">{}</dl>').format(boxes)
