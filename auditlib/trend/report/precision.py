"""How often each rule was right, by the people who looked: with its interval, or the words why there is none."""

from __future__ import annotations

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.city.report.words import lower, share_of, upper
from auditlib.page import charts, markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.findings import column_title
from auditlib.trend.charts import Whisker, whiskers
from auditlib.trend.follow import Precision
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import few, in_full_unless_public

TITLE = Text("各规则说得准不准", "How often each rule was right")
LEAD = Text(
    "准确率＝核实属实（含已整改）÷已有结论（属实、已整改、排除）；只销号而没有写明属实与否的不计。区间为 Clopper-Pearson 精确区间（置信水平 {confidence}）。"
    "先核实的往往是把握大的，不是随机挑选，所以准确率说的是已核实的这些，对未核实的只供参考。",
    "Precision is findings verified as right (rectified ones included) over those with a verdict (right, rectified, cleared); "
    "struck off without a verdict does not count. Intervals are exact (Clopper-Pearson, {confidence} confidence). What is verified first is "
    "seldom a random choice: the figure is of what was verified, and only a hint for the rest.",
)
UNDECIDED_TEXT = Text(
    "到截止日还没有任何疑点有人写下结论，所以说不出规则准不准；请在工作台或 findings.xlsx 中处理疑点。",
    "Nobody had given a verdict on any finding by that day, so nothing can be said of how often the rules are right; "
    "decide findings in the workbench or in findings.xlsx.",
)
SAID_TEXT = Text(
    "已有结论的 {judged} 条中，属实 {rate}（{confidence} 区间 {low} 至 {high}）。",
    "Of {judged} findings with a verdict {rate} were right ({confidence} interval {low} to {high}).",
)
RULE, FINDINGS = column_title("rule"), Text("疑点", "Findings")
JUDGED_TEXT, RATE, INTERVAL = (
    Text("已有结论", "With a verdict"),
    Text("准确率", "Precision"),
    Text("区间", "Interval"),
)
TOO_FEW = Text("不足 5 条，不下结论", "fewer than 5: nothing is said")
NOBODY = Text("尚无结论", "no verdict yet")
ALL = Text("合计", "All rules")
ONE_COLUMN = 6  # intervals in a chart; more stand in two
CHART = Text("准确率及其区间", "Precision and its interval")
UNSAID = Text(
    "{n} 条已销号但没有写明属实或排除，不计入。", "{n} were struck off without a verdict and are not counted."
)
STRAY = Text(
    "{n} 条疑点的处理记录还在，但现在的运行不再提出这些疑点（数据或规则已变），不计入。",
    "Decisions stand on {n} findings which no run makes any more (data or rules have changed); they are not counted.",
)
LATER = Text(
    "{n} 条处理记录晚于截止日，本次不计。", "{n} decisions were made after that day and are not counted here."
)


def precision_sentence(results: TrendResults) -> Text:
    """The sentence on all rules together; there must be a verdict."""
    together = results.all_rules
    assert together.rate is not None
    assert together.interval
    low, high = together.interval
    return SAID_TEXT.fill(
        judged=markup.count(together.judged),
        rate=share_of(together.rate),
        low=lower(low),
        high=upper(high),
        confidence=level(results),
    )


def level(results: TrendResults) -> str:
    """The confidence as it was chosen: ``95%``."""
    return f"{(100 * results.trend.confidence).normalize():f}%"


@in_full_unless_public
def precision(results: TrendResults) -> Section:
    """A row a rule with findings, and a chart of those with five verdicts or more."""
    language = results.language
    confidence = level(results)
    body = [markup.paragraph(LEAD.fill(confidence=confidence).into(language), "lead")]
    if results.all_rules.judged:
        body += [
            markup.paragraph(precision_sentence(results).into(language)),
            _chart(results.precision, language),
            _table(results),
        ]
    else:
        body.append(markup.paragraph(UNDECIDED_TEXT.into(language)))
    notes = [text.fill(n=markup.count(n)).into(language) for text, n in _notes(results) if n]
    body += [markup.bullets(notes)] if notes else []
    summary = precision_sentence(results) if results.all_rules.judged else UNDECIDED_TEXT
    return Section("precision", TITLE.into(language), markup.join(body), summary.into(language))


def _notes(results: TrendResults) -> list[tuple[Text, int]]:
    return [
        (UNSAID, results.all_rules.unsaid),
        (STRAY, results.decided.stray),
        (LATER, results.decided.later),
    ]


def enough(one: Precision) -> bool:
    """Five verdicts or more: fewer say nothing, and single children out."""
    return one.judged >= markup.SMALL_GROUP


def _table(results: TrendResults) -> Markup:
    language = results.language
    columns = [
        Col(RULE.into(language), css="long"),
        *(Col(title.into(language), "number") for title in (JUDGED_TEXT, RATE)),
        Col(INTERVAL.into(language), css="k"),
    ]
    rows = [
        [catalogue.title(one.rule, language), *figures(one, language)]
        for one in results.precision
        if one.judged
    ]
    total = [ALL.into(language), *figures(results.all_rules, language)]
    return markup.table(columns, rows, caption=TITLE.into(language), headed=True, total=total)


def figures(one: Precision, language: str) -> list[Cell]:
    """Verdicts, precision, interval; words where there are too few."""
    if not enough(one):
        words = TOO_FEW if one.judged else NOBODY
        return [
            Cell(few(one.judged), str(min(one.judged, 1))),
            Cell(markup.NOTHING, "-1"),
            Cell(words.into(language)),
        ]
    assert one.rate is not None
    assert one.interval
    low, high = one.interval
    return [
        Cell(markup.count(one.judged)),
        Cell(share_of(one.rate), str(one.rate)),
        Cell(f"{lower(low)}–{upper(high)}"),
    ]


def _chart(precisions: list[Precision], language: str) -> Markup:
    items = [
        Whisker(catalogue.title(one.rule, language), *_ends(one), share_of(one.rate or 0), _colour(one.rule))
        for one in precisions
        if enough(one)
    ]
    half = -(-len(items) // 2)
    columns = [items] if len(items) <= ONE_COLUMN else [items[:half], items[half:]]
    return charts.side_by_side(*(_figure(column, language) for column in columns if column))


def _figure(items: list[Whisker], language: str) -> Markup:
    colon, comma = ("：", "；") if language == "zh" else (": ", "; ")
    alt = comma.join(f"{i.label}{colon}{i.shown} ({lower(i.low)}–{upper(i.high)})" for i in items)
    return charts.figure(whiskers(items), alt=alt, caption=CHART.into(language))


def _ends(one: Precision) -> tuple[float, float, float]:
    assert one.interval
    return one.interval[0], one.rate or 0, one.interval[1]


def _colour(rule: str) -> str:
    return charts.OWED_COLOUR if catalogue.is_owed(rule) else charts.WRONG
