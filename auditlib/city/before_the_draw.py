"""Before the draw: the city commits to its half of the seed, and reads what sample each conclusion would need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from auditlib.base.faults import in_words
from auditlib.base.language import Text
from auditlib.city.commitments import commit
from auditlib.city.counties import reperform
from auditlib.city.draw import draw
from auditlib.city.needs import Need, for_acceptance, for_grades
from auditlib.city.parameters import ReCheck
from auditlib.city.population import CLEAN, Population
from auditlib.city.programme import populations
from auditlib.city.report.draw import need_words
from auditlib.city.report.words import level_of
from auditlib.package import Package
from auditlib.package.draw_half import kept_half
from auditlib.package.keys import path_shown

HAND_OUT = Text(
    "已封存总体清单并承诺（commitments.csv）。请把下面各行分发各县，由其留存；收到各县的一半（文件 draw-half.json 里 half 一行）以后，"
    "连同市里的一半写进参数 sample › halves，再运行 auditlib re-check。市里的一半在 {file}，在此之前不要外传；总体和抽样参数此后不得改动。",
    "The lists are sealed and the commitment is made (commitments.csv). Give each county its line below to keep. When the counties' "
    "halves have come in (the line “half” of their draw-half.json), write them and the city's into sample › halves and run auditlib "
    "re-check. The city's half is in {file}; give it to nobody before, and change neither lists nor sampling parameters.",
)
SIDES = {"city": Text("市里承诺", "city committed"), "county": Text("县里承诺", "county committed")}
LINE = Text(
    "{code}  {side}  {sha}  {on}  {by}  总体 {population}  抽样参数 {sample}",
    "{code}  {side}  {sha}  {on}  {by}  population {population}  sampling parameters {sample}",
)
NO_LINE = Text(
    "{code}  县里没有承诺：报送包里没有，请其重新运行自查，或把它交来的一行写进 sample › commitments",
    "{code}  no commitment of the county: none in its package; let it run its self-check again, or write the line that it hands in "
    "into sample › commitments",
)
NEEDED = Text(
    "{county}：照这些参数抽没有标出的 {now}；错误率可以接受须查 {accept}；{grades}（标出的都查实、其余一笔错误也没有碰到时）",
    "{county}: these parameters draw {now} of the unflagged; for an acceptable error rate {accept} are needed; {grades} (if every flag "
    "drawn proves right and no error is met elsewhere)",
)
GRADE = Text("{letter} 级（{least}）须查 {need}", "for {letter} ({least}) {need}")


def commit_lines(run: ReCheck) -> list[str]:
    """Commits, and gives what is to be printed: a line a county and side, and what each conclusion needs."""
    sealed = populations(run, reperform(run))
    rows = commit(run, sealed, dt.datetime.now())
    half = kept_half(run.city_code, run.term)
    texts = [HAND_OUT.fill(file=path_shown(half.file))]
    for population, _ in sealed:
        own = [row for row in rows if row["county_code"] == population.county_code]
        texts += [_line(row) for row in own]
        if not any(row["side"] == "county" for row in own):
            texts.append(NO_LINE.fill(code=population.county_code))
    return [text.into(run.language) for text in [*texts, *_needs(run, sealed)]]


def need_lines(run: ReCheck) -> list[str]:
    """What each conclusion and each grade needs, a line a county: before anything is drawn.

    What is re-performed for it is kept, and not done again by the notebook.
    """
    with in_words(run.language):
        return [text.into(run.language) for text in _needs(run, populations(run, reperform(run)))]


def _needs(run: ReCheck, sealed: Sequence[tuple[Population, Package | None]]) -> Iterator[Text]:
    for population, _ in sealed:
        planned = draw(population, run.sample)  # its sizes alone are used: they rest on no seed
        clean = planned.sample_units[planned.sample_units["group"] == CLEAN]
        schools = planned.schools is not None
        now = Need(int(clean["stratum"].nunique()) if schools else len(clean), schools)
        accept, letters = for_acceptance(planned, run.sample), for_grades(planned, run.sample, run.grades)
        grades = [
            GRADE.fill(letter=letter, least=level_of(run.grades[letter]), need=_words(need))
            for letter, need in letters.items()
        ]
        joined = Text("，".join(each.zh for each in grades), ", ".join(each.en for each in grades))
        yield NEEDED.fill(
            county=population.county_name, now=_words(now), accept=_words(accept), grades=joined
        )


def _words(need: Need) -> Text:
    return Text(need_words(need, "zh"), need_words(need, "en"))


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
