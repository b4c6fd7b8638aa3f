"""Before the draw: the city commits to its half of the seed, and reads what sample each conclusion would need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from auditlib.base.faults import in_words
from auditlib.base.language import Text
from auditlib.city.commitments import commit
from auditlib.city.counties import reperform
from auditlib.city.draw import draw
from auditlib.city.needs import VisitNeed, for_acceptance, for_grades
from auditlib.city.parameters import ReCheck
from auditlib.city.population import CLEAN, Population
from auditlib.city.programme import populations
from auditlib.city.report.draw import need_words
from auditlib.city.report.words import level_of
from auditlib.package import Package
from auditlib.package.draw_half import kept_half
from auditlib.package.keys import path_shown

HAND_OUT = Text(
    "已封存总体清单并承诺（commitments.csv）。请把下面各行分发各县，由其留存；收到各县的一半（县里工作台的结果下面“另行交给市里的”，或文件 draw-half.json 里 half 一行）以后，"
    "连同市里的一半填在工作台“各县的公钥、种子和数据日期”里（或写进参数 sample › halves），再运行复查。市里的一半在 {file}，在此之前不要外传；总体和抽样参数此后不得改动。",
    "The lists are sealed and the commitment is made (commitments.csv). Give each county its line below to keep. When the counties' "
    "halves have come in (at the county's desk beneath the results, or the line “half” of its draw-half.json), fill them and the city's "
    "in at the desk under Keys, seeds and days of the counties (or write them into sample › halves) and run the re-check. The city's half is in {file}; give it to nobody before, and change neither lists nor sampling parameters.",
)
SIDES = {"city": Text("市里承诺", "city committed"), "county": Text("县里承诺", "county committed")}
LINE = Text(
    "{code}  {side}  {sha}  {on}  {by}  总体 {population}  抽样参数 {sample}",
    "{code}  {side}  {sha}  {on}  {by}  population {population}  sampling parameters {sample}",
)
NO_LINE = Text(
    "{code}  县里没有承诺：报送包里没有，请其重新运行自查，或把它交来的一行填在工作台“承诺”一栏（或写进 sample › commitments）",
    "{code}  no commitment of the county: none in its package; let it run its self-check again, or fill in the line that it hands in "
    "as its commitment at the desk (or write it into sample › commitments)",
)
NEEDED_TEXT = Text(
    "{county}：照这些参数，没有标出的发放抽 {now}。发放可以接受：{accept}；县级自查评级（检出率）：{grades}。",
    "{county}: of the payments that nobody flagged these parameters draw {now}. Payments acceptable: {accept}; self-check graded "
    "(detection rate): {grades}.",
)
GRADE = Text("{letter} 级（{least}）{need}", "{letter} ({least}) {need}")
ENOUGH = Text("至少查 {need}", "{need} at least")
NEVER = Text("全部查完也不够", "not even all would do")
PAYMENTS = Text("{n} 笔", "{n} payments")
SUPPOSED_TEXT = Text(
    "以上都以标出的全部查实、其余一笔错误也没有碰到为前提；碰到错误，还要更多。没有查够，报告写“证据不足”，不会写成不合格。",
    "All of this if every flag drawn proves right and no error is met elsewhere; where some are, more is needed. What was not "
    "visited enough the report calls “not enough evidence”, never bad.",
)


def commit_lines(run: ReCheck) -> list[str]:
    """Commits, and gives what is to be printed: what each conclusion needs, and after an empty line a line a county and side."""
    sealed_lists = populations(run, reperform(run))
    rows = commit(run, sealed_lists, dt.datetime.now())
    half = kept_half(run.city_code, run.term)
    texts = [Text("", ""), HAND_OUT.fill(file=path_shown(half.file))]
    for population, _ in sealed_lists:
        own = [row for row in rows if row["county_code"] == population.county_code]
        texts += [_line(row) for row in own]
        if not any(row["side"] == "county" for row in own):
            texts.append(NO_LINE.fill(code=population.county_code))
    return [text.into(run.language) for text in [*_needs(run, sealed_lists), *texts]]


def need_lines(run: ReCheck) -> list[str]:
    """What each conclusion and each grade needs, a line a county: before anything is drawn.

    What is re-performed for it is kept, and not done again by the notebook.
    """
    with in_words(run.language):
        return [text.into(run.language) for text in _needs(run, populations(run, reperform(run)))]


def _needs(run: ReCheck, sealed_lists: Sequence[tuple[Population, Package | None]]) -> Iterator[Text]:
    for population, _ in sealed_lists:
        planned_draw = draw(population, run.sample)  # its sizes alone are used: they rest on no seed
        clean = planned_draw.sample_units[planned_draw.sample_units["group"] == CLEAN]
        schools = planned_draw.schools is not None
        now = VisitNeed(int(clean["stratum"].nunique()) if schools else len(clean), schools)
        accept, letters = (
            for_acceptance(planned_draw, run.sample),
            for_grades(planned_draw, run.sample, run.grades),
        )
        grades = [
            GRADE.fill(letter=letter, least=level_of(run.grades[letter]), need=_enough(need))
            for letter, need in letters.items()
        ]
        grade_words = Text("，".join(each.zh for each in grades), ", ".join(each.en for each in grades))
        yield NEEDED_TEXT.fill(
            county=population.county_name, now=_words(now), accept=_enough(accept), grades=grade_words
        )
    if sealed_lists:
        yield SUPPOSED_TEXT


def _words(need: VisitNeed) -> Text:
    """So many payments, or schools."""
    number = Text(need_words(need, "zh"), need_words(need, "en"))
    return number if need.in_schools else PAYMENTS.fill(n=number)


def _enough(need: VisitNeed) -> Text:
    return NEVER if need.visits is None else ENOUGH.fill(need=_words(need))


def _line(row: dict[str, str]) -> Text:
    figures = {"population": row["population_sha256"], "sample": row["sample_sha256"]}
    return LINE.fill(
        code=row["county_code"],
        side=SIDES[row["side"]],
        sha=row["sha256"],
        on=row["on"],
        by=row["by"],
        **figures,
    )
