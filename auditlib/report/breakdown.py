"""By town and by school: rates with their intervals beside the county's, and where which family lies.

Groups of one to four findings are not given exactly, and the table of families only in bands: they would single children out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import charts, markup
from auditlib.page.interval_charts import Interval, intervals
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report.conclusion import headline_figures
from auditlib.report.leads import ENTITLED_FILE, Lead
from auditlib.report.rectification import person_keys
from auditlib.sampling.rates import count_interval
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.tables.wording import word

TITLE = Text("分乡镇、分学校情况", "By town and by school")
LEAD = Text(
    "比较各地看每千名学生的疑点数，不看条数：大镇条数多不等于问题重。横线是 95% 区间（只表示偶然波动），虚线是全县；整条横线在虚线右侧的"
    "（橙色）先查。一乡、一校的人数、条数为 1 至 4 的不列具体数字；学生、疑点或涉及金额的人只有 1 至 4 个的，金额一并隐去，以免本章摘出后指认到个人；其他各章照实列出，按乡镇的人数（如劝返销号进度）也不隐去，本报告因此仅供内部。",
    "To compare places, look at findings per 1000 pupils, not at their number: a large town has more of them without being worse. "
    "The bars are 95% intervals (chance alone), the broken line is the county; look first where the whole bar lies right of it "
    "(orange). Counts of a place from 1 to 4 are not given exactly; where its pupils, its findings or the persons whose money it is are so few, nor are its yuan, so that this section, handed on by itself, singles no child out; the other sections count exactly, by town too (as of bringing back): this report is for internal use.",
)
TOWN, SCHOOL = column_title("town"), column_title("school_name")
BY_TOWN, BY_SCHOOL = Text("分乡镇", "By town"), Text("分学校", "By school")
PUPILS, FINDINGS = Text("应助或已助学生", "Pupils entitled or paid"), Text("疑点", "Findings")
MISSED, AT_STAKE = Text("其中漏助", "of these missed"), title_in_yuan("at_stake")
PER_THOUSAND = Text("每千名学生", "Per 1000 pupils")
RATE_CHART = Text(
    "每千名应助或已助学生的疑点数，分乡镇", "Findings per 1000 pupils entitled or paid, by town"
)
COUNTY = Text("全县 {rate}", "county {rate}")
SHOWN_TEXT = Text("{rate}（{low}–{high}），{n} 条", "{rate} ({low}–{high}), {n} findings")
FAMILIES = Text("各乡镇的疑点分属哪一类（条）", "Which family the findings of a town are of")
DENOMINATORS = Text(
    "应享受资助 {entitled} 人，只计可以确定应发的；应助或已助学生 {concerned} 人，还包括尚不能确定的、选助的和已领到钱的。其中 {town_pupils} 人知道乡镇，"
    "有疑点 {town_findings} 条，每千人 {town_rate} 条；{school_pupils} 人知道学校，有疑点 {school_findings} 条，每千人 {school_rate} 条：两个“全县”因此不同。",
    "{entitled} pupils should have been paid for certain; {concerned} pupils entitled or paid are these, those of whom it is not "
    "certain, those of schemes by choice and whoever was paid. Of {town_pupils} the town is known, with {town_findings} findings: "
    "{town_rate} per 1000; of {school_pupils} the school, with {school_findings}: {school_rate} per 1000. Hence two lines of the county.",
)
MADE_UP = Text(
    "应享受资助 {entitled} 人＝{parts}。逐人名单（未遮盖，仅供经授权人员）：{ledger}，一人一行；按“发放情况”一列筛选，所余行数即本处各数。",
    "{entitled} should have been paid = {parts}. Each of them, in full and for the authorised: {ledger}, a row a pupil; "
    "filter the column “How paid” and the rows left are the figures given here.",
)
OTHER = Text("其他", "Other")
NONE = Text("没有可列出的疑点。", "There is nothing to list.")
SMALL = Text(
    "疑点各为 1 至 4 条的{group}：{n} 个（名称在屏幕上点开，疑点逐条见 findings.xlsx）",
    "With 1 to 4 findings each ({group}): {n} (their names unfold on the screen, each finding is in findings.xlsx)",
)
MORE = Text("另有 {n} 所，比例更低。", "With lower rates: {n} more.")
SUMMARY = Text("{towns} 个乡镇、{schools} 所学校有疑点", "findings in {towns} towns and {schools} schools")
LONGEST = 20  # rows of a chart or table
BANDS = (0, 1, 5, 10, 20)
THOUSAND = 1000


@dataclass(frozen=True)
class Rate:
    """Findings per 1000 pupils with the limits of chance; None of a place without pupils."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, findings: int, pupils: int) -> Rate | None:
        """None where there is nothing to divide by, or a number of pupils that is not given."""
        if not pupils or markup.is_few(pupils):
            return None
        low, high = count_interval(findings)
        return cls(*(THOUSAND * count / pupils for count in (findings, low, high)))


def breakdown(results: Results) -> Section:
    """Towns as a chart and a table of families, schools as a table."""
    language = str(results.parameters.get("language", "zh"))
    towns, schools = (
        _with_findings(frame, results.findings) for frame in (results.by_town, results.by_school)
    )
    body = markup.join(
        (
            markup.paragraph(LEAD.into(language), "lead"),
            *_of_entitled(results, language),
            *(markup.paragraph(text.into(language)) for text in _denominators(results)),
            markup.heading(3, BY_TOWN.into(language)),
            _towns(towns, results, language),
            markup.heading(3, BY_SCHOOL.into(language)),
            _schools(schools, results, language),
        )
    )
    summary = SUMMARY.fill(towns=len(towns), schools=len(schools))
    return Section("breakdown", TITLE.into(language), body, summary.into(language))


def _of_entitled(results: Results, language: str) -> list[Markup]:
    """What the number of the entitled is made up of, as the first page tells it; nothing where it was not asked for."""
    figures = results.conclusion
    if figures.get("entitled_pupils") is None:
        return []
    headline = [(title, markup.count(figures.get(key))) for key, title, _css in headline_figures(figures)[1:]]
    parts = Text(
        "＋".join(f"{title.zh} {count}" for title, count in headline),
        " + ".join(f"{title.en.lower()} {count}" for title, count in headline),
    )
    ledger = Lead("entitled", file=ENTITLED_FILE).link(ENTITLED_FILE)
    text = MADE_UP.fill(entitled=markup.count(figures["entitled_pupils"]), parts=parts, ledger=ledger)
    return [Markup('<p id="entitled">{}</p>').format(Markup(text.into(language)))]


def _denominators(results: Results) -> list[Text]:
    """How the number of the entitled, and the pupils of towns and of schools, belong together; nothing where one is not known."""
    figures = results.conclusion
    places = {"town": results.by_town, "school": results.by_school}
    rates = {name: _county(frame) for name, frame in places.items()}
    if figures.get("entitled_pupils") is None or not figures.get("concerned") or None in rates.values():
        return []
    counts = {
        f"{name}_{column}": markup.count(frame[column].sum())
        for name, frame in places.items()
        for column in ("pupils", "findings")
    }
    rate_words = {f"{name}_rate": f"{rate.value:.1f}" for name, rate in rates.items() if rate}
    people = {"entitled": figures["entitled_pupils"], "concerned": figures["concerned"]}
    return [DENOMINATORS.fill(**{k: markup.count(n) for k, n in people.items()}, **counts, **rate_words)]


def _with_findings(places: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The places with findings, the highest rate first; small ones by name, or their order would tell their size.

    ``hides_yuan``: so few pupils, findings, or persons with money at stake that the sum would be somebody's own.
    """
    name = places.columns[0]
    affected_places = places[places["findings"] > 0].copy()
    with_yuan = findings[findings["at_stake"].fillna(0) > 0]
    who = person_keys(with_yuan).where(lambda keys: keys.notna(), with_yuan["finding_id"])
    persons = affected_places[name].map(who.groupby(with_yuan[name]).nunique()).fillna(0)
    figures = (affected_places["pupils"], affected_places["findings"], persons)
    few = [
        counts.map(markup.is_few).astype(bool) for counts in figures
    ]  # of no place at all: no truth either
    affected_places["hides_yuan"] = few[0] | few[1] | few[2]
    small = affected_places["findings"] < markup.SMALL_GROUP
    rate = (
        affected_places["findings"] / affected_places["pupils"].where(affected_places["pupils"] > 0)
    ).fillna(float("inf"))
    order = affected_places.assign(small=small, rate=rate.mask(small, 0))
    return order.sort_values(["small", "rate", name], ascending=[True, False, True], kind="stable")


def _county(places: pd.DataFrame) -> Rate | None:
    return Rate.of(int(places["findings"].sum()), int(places["pupils"].sum()))


def _towns(affected_places: pd.DataFrame, results: Results, language: str) -> Markup:
    if affected_places.empty:
        return markup.paragraph(NONE.into(language))
    large = affected_places[~affected_places["small"]]
    return markup.join(
        (
            _chart(large, _county(results.by_town), language),
            _families(affected_places, results, language),
            _small(affected_places.loc[affected_places["small"], "town"], TOWN, language),
        )
    )


def _chart(large: pd.DataFrame, county: Rate | None, language: str) -> Markup:
    rates = [(row, Rate.of(row.findings, row.pupils)) for row in large.head(LONGEST).itertuples()]
    items = [_interval(row, rate, county, language) for row, rate in rates if rate and county]
    if not items or not county:
        return Markup("")
    mark = COUNTY.fill(rate=f"{county.value:.1f}").into(language)
    rows = [charts.Bar(item.label, item.value, item.shown) for item in items]
    stop = "：" if language == "zh" else ": "
    return charts.figure(
        intervals(items, county.value, mark),
        narrow=intervals(items, county.value, mark, narrow=True),
        alt=mark + stop + charts.describe(rows, language),
        caption=RATE_CHART.into(language),
        broad=True,
    )


def _interval(row: tuple[object, ...], rate: Rate, county: Rate, language: str) -> Interval:
    name, findings = getattr(row, "town", ""), getattr(row, "findings", 0)
    low, high = f"{rate.low:.1f}", f"{rate.high:.1f}"
    words = SHOWN_TEXT.fill(rate=f"{rate.value:.1f}", low=low, high=high, n=markup.count(findings)).into(
        language
    )
    label = shorten(_name(name, language), 14)
    return Interval(label, rate.value, rate.low, rate.high, words, rate.low > county.value)


def _families(affected_places: pd.DataFrame, results: Results, language: str) -> Markup:
    """Towns by families, in bands: an exact row would give a small number away by its total."""
    in_towns = results.findings.dropna(subset=["town"])
    counts = in_towns.groupby(["town", "family"]).size().unstack(fill_value=0)
    families = [str(name) for name in results.rules["family"].drop_duplicates() if name in counts.columns]
    columns = [
        Col(TOWN.into(language), css="k"),
        Col(PUPILS.into(language), "number", "wraps"),
        *(Col(word(f"family.{family}", language), "number", "wraps") for family in families),
        Col(AT_STAKE.into(language), "number"),
    ]
    rows = [
        (
            _name(row.town, language),
            _few(row.pupils),
            *(_band(int(counts[family].get(row.town, 0))) for family in families),
            _yuan(row),
        )
        for row in affected_places.head(LONGEST).itertuples()
    ]
    return markup.table(columns, rows, caption=FAMILIES.into(language), css="heat")


def _band(count: int) -> Cell:
    """A count as its band, shaded by it."""
    place = max(at for at, first in enumerate(BANDS) if count >= first)
    first, last = BANDS[place], BANDS[place + 1] - 1 if place + 1 < len(BANDS) else None
    words = "·" if not count else f"{first}+" if last is None else f"{first}–{last}"
    return Cell(Markup('<span class="heat{}">{}</span>').format(place, words), str(place))


def _small(names: pd.Series, group: Text, language: str) -> Markup:
    if names.empty:
        return Markup("")
    listed_rows = ("、" if language == "zh" else ", ").join(_name(name, language) for name in names)
    return markup.details(SMALL.fill(n=len(names), group=group).into(language), markup.note(listed_rows))


def _name(value: object, language: str) -> str:
    return OTHER.into(language) if markup.is_missing(value) or value == "" else str(value)


def shorten(name: str, longest: int = 26) -> str:
    """A name that fits a chart's row; the table has it whole."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _schools(affected_places: pd.DataFrame, results: Results, language: str) -> Markup:
    if affected_places.empty:
        return markup.paragraph(NONE.into(language))
    large, small = affected_places[~affected_places["small"]], affected_places[affected_places["small"]]
    titles = (PUPILS, FINDINGS, MISSED, AT_STAKE, PER_THOUSAND)
    columns = [Col(SCHOOL.into(language), css="long"), *(Col(t.into(language), "number") for t in titles)]
    rows = [_school(row, language) for row in large.head(LONGEST).itertuples()]
    county = _county(results.by_school)
    total = (COUNTY.fill(rate="").into(language).strip(), "", "", "", "", _per_thousand(county).shown)
    rest = len(large) - LONGEST
    pieces = (
        markup.table(
            columns, rows, caption=BY_SCHOOL.into(language), css="sortable cards", headed=True, total=total
        )
        if rows
        else Markup(""),
        markup.note(MORE.fill(n=rest).into(language)) if rest > 0 else Markup(""),
        _small(small["school_name"], SCHOOL, language),
    )
    return markup.join(pieces)


def _school(row: Any, language: str) -> tuple[Cell | str, ...]:
    name, pupils, findings, missed = (
        getattr(row, column) for column in ("school_name", "pupils", "findings", "missed")
    )
    rate = _per_thousand(Rate.of(findings, pupils))
    return (_name(name, language), _few(pupils), _few(findings), _few(missed), _yuan(row), rate)


def _per_thousand(rate: Rate | None) -> Cell:
    if rate is None:
        return Cell(markup.NOTHING, "")
    words = f"{rate.value:.1f}"
    limits = markup.below(f"{rate.low:.1f}–{rate.high:.1f}")
    return Cell(Markup("{}{}").format(words, limits), f"{rate.value:.4f}")


def _few(value: object) -> Cell:
    """Suppressed counts all sort alike, or the order would tell them apart."""
    return Cell(
        markup.few(value), "1" if markup.is_few(value) else "0" if markup.is_missing(value) else str(value)
    )


def _yuan(row: Any) -> Cell:
    hidden = bool(row.hides_yuan)
    return Cell(markup.NOTHING if hidden else markup.yuan(row.at_stake), "0" if hidden else str(row.at_stake))
