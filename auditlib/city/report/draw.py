"""The draw and its proof: anyone with the sealed list and the seeds can draw again."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.city.draw import CountyDraw
from auditlib.city.needs import VisitNeed, for_acceptance, for_grades
from auditlib.city.parameters import sample_of
from auditlib.city.population import CLEAN
from auditlib.city.report.words import level_of, share_of
from auditlib.city.results import RecheckResults
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section

TITLE = Text("抽样及其凭证", "The draw and its proof")
LEAD = Text(
    "总体清单先封存（population-*.csv 的 SHA-256）；各单元按 SHA-256(种子|单元) 从小到大排列，依次抽取。"
    "任何人拿着清单和种子都能重抽：printf '%s' '种子|单元' | sha256sum。",
    "The list is sealed first (SHA-256 of population-*.csv); units stand in ascending order of SHA-256(seed|unit). Anyone "
    "with list and seed can draw again: printf '%s' 'seed|unit' | sha256sum.",
)
COMMITTED_TEXT = Text(
    "{county}：种子由市、县各出一半，双方都先以 SHA-256 承诺，抽样前两半都已与承诺核对一致，总体清单和抽样参数自市里承诺以后没有改动"
    "{claim}。县里的承诺 {theirs}（{their_day}，{them}，{entered} 登记），市里的承诺 {ours}（{our_day}，{us}）{times}。",
    "{county}: city and county each gave a half of the seed and had committed to it by its SHA-256; both halves were held against "
    "the commitments before the draw, and neither list nor sampling parameters changed after the city had "
    "committed{claim}. Commitment of the county {theirs} ({their_day}, {them}; entered {entered}), of the city {ours} "
    "({our_day}, {us}){times}.",
)
BLIND = Text(
    "：谁都不能在知道对方的一半以后再选自己的", ": nobody could choose a half once the other's was known"
)
NOT_BLIND = Text(
    "；但后承诺、重新承诺的一方可能已经知道对方的一半，这次抽样是否随机，要看它的说明",
    "; but who committed late or anew may have known the other's half, and whether the draw is random rests on what it says to that",
)
LATE = Text("；注意：县里的承诺登记在市里之后", "; mind: the county's was entered after the city's")
OUT_OF_ORDER = Text(
    "；注意：commitments.csv 中的时间前后颠倒（改过时钟或动过行）",
    "; mind: times in commitments.csv are not in order (a clock was set back, or rows were moved)",
)
UNOPENED_TEXT = Text(
    " 注意：市里 {day} 已为这次抽样承诺过，各方的一半却没有开启，改用了说出来的种子，须说明原因。",
    " Mind: the city had committed for this draw on {day}, yet no halves were opened and a seed was told instead; it has to say why.",
)
MORE_THAN_ONCE = Text(
    "；注意：{who}为这次抽样先后承诺过 {n} 次，须说明原因",
    "; mind: {who} committed {n} times for this draw, and has to say why",
)
ONE_SIDE = Text(
    "{county}：种子没有事先承诺，是最后说出种子的一方选定的。后说的一方可以反复试种子、挑中意的样本；这次抽样是否随机，只能相信它。"
    "要排除这种可能，先运行 auditlib re-check … --commit（见 docs/sampling-for-inspectors.md）。",
    "{county}: nobody had committed to the seed, so it is one that the side chose which spoke last. That side can try seeds until "
    "a sample pleases; that the draw is random rests on its word. To rule this out run auditlib re-check … --commit first (see "
    "docs/sampling-for-inspectors.md).",
)
GROSS = Text(
    "“总体（元）”是各笔成功发放的金额之和，未减冲销、追回；县级报告的“已发放”已减，同一学期可以较小。",
    "“Yuan” is the sum of the successful payments, nothing taken off for what was reversed or recovered; “Paid” in a county's "
    "report has that taken off, and may be less for the same term.",
)
COLUMNS = (
    (Text("县", "County"), "k"),
    (Text("总体（笔）", "Payments"), "number"),
    (Text("总体（元）", "Yuan"), "number"),
    (Text("抽取：县里标出", "Drawn: flagged by county"), "number"),
    (Text("仅市里标出", "By city alone"), "number"),
    (Text("未标出", "Unflagged"), "number"),
    (Text("总体指纹", "Fingerprint"), "digest"),
)
METHODS = {
    "attribute": Text("属性抽样", "attribute sampling"),
    "mus": Text("货币单元抽样", "monetary unit sampling"),
    "stratified": Text("分层抽样", "stratified sampling"),
    "two_stage": Text("两阶段抽样（先抽学校，再抽学生）", "two stages: schools, then pupils"),
    "discovery": Text("发现抽样", "discovery sampling"),
}
METHOD = Text("方法：{method}；置信度 {confidence}，可容忍 {tolerable}，预计 {expected}",
              "Method: {method}; confidence {confidence}, tolerable {tolerable}, expected {expected}")  # fmt: skip
PROOF = Text("抽样凭证", "Proof of the draw")
PROOF_LEAD = Text(
    "抽样编号印在每张现场检查表上，别的编号的表不收。种子是“总体指纹|市里的一半|县里的一半”。",
    "The number stands on every field sheet; a sheet of another number is refused. The seed is “fingerprint|city|county”.",
)
PROOF_COLUMNS = (
    (Text("县", "County"), "k"),
    (Text("抽样编号", "Number of the draw"), "k"),
    (Text("市里的一半种子", "Half of the city"), "k"),
    (Text("县里的一半种子", "Half of the county"), "k"),
    (Text("样本量的计算（未标出的）", "How the size follows (unflagged)"), "long"),
)
NEEDS = Text("各项结论要查多少", "What each conclusion needs")
NEEDS_LEAD = Text(
    "没有标出的发放须查多少笔（先抽学校的，须查多少所学校）；前提是县里标出的抽到的都查实、没有标出的一笔错误也没有碰到，碰到错误还要更多。"
    "“—”表示全部查完也不够：该县标出的太少，够不上这一级。",
    "Visits of unflagged payments (of schools, where these are drawn first), if every flag of the county drawn proves right and no "
    "error is met among the unflagged; more, where some are. “—”: not even all would do, the county flagged too little for the letter.",
)
NEED_OF = Text("{letter} 级（{least}）", "{letter} ({least})")
DRAWN_NOW = Text("本次抽取", "Drawn now")
ACCEPTED_TEXT = Text("错误率可以接受", "Error rate acceptable")
IN_SCHOOLS = Text("{n} 所学校", "{n} schools")
RAISED_TEXT = Text(
    "；未标出的按规定的比例或数目提高到 {n} 笔",
    "; raised to {n} by the share or number ordered of the unflagged",
)
SCHOOLS = Text(
    "；{schools} 所学校中抽 {drawn} 所，每所至多 {each} 笔，共 {n} 笔",
    "; {drawn} of {schools} schools, {each} payments in each at most, {n} together",
)
ALL = Text("全部检查", "all looked at")
NOT_DRAWN = Text(
    "没有抽样：{counties}。市里没有这些县的发放明细，没有可以封存的总体清单。",
    "Not drawn: {counties}. The city has no list of their payments, so there is no population to seal.",
)
ORDERED_TEXT = Text("规定的抽查比例真正给出的把握", "What the ordered share is really worth")
ORDERED_LEAD = Text(
    "按规定的比例从全部发放（标出的和未标出的一起）抽这么多笔；上面的样本量只就未标出的算，所以同一比例在那里的笔数少一些。假如错误率正好到了可容忍的 {tolerable}，能碰到至少一笔错误的可能有多大，要有 {confidence} 的把握又须抽多少。",
    "So many payments the ordered share of all payments gives, flagged and unflagged; the sizes above are of the unflagged alone, so the same share "
    "is fewer there. If the error rate were just the tolerable {tolerable}, the chance to meet one "
    "error at all, and the number needed for {confidence}.",
)
ORDERED_COLUMNS = (
    (Text("县", "County"), "k"),
    (Text("规定的比例", "Share ordered"), "number"),
    (Text("即（笔）", "Payments"), "number"),
    (Text("假如有错（笔）", "If so many are wrong"), "number"),
    (Text("碰到至少一笔的可能", "Chance to meet one"), "number"),
    (Text("须抽（笔）", "Needed"), "number"),
)
# The formulas are signs, but for a few words.
FORMULA_WORDS = (
    ("; where", "，其中"), (", where", "，其中"), ("; interval", "；间隔"), (" schools", " 所学校"), (" by statistics, raised to the ", " 为统计所需，按规定提高到 "),
    (" ordered, which finds at least one of ", "，碰到 "), (" ordered", ""), (" with ", " 中至少一笔的可能 "), (" in ", " 笔在 "),
)  # fmt: skip
SUMMARY = Text("抽取 {n} 笔", "{n} payments drawn")


def draw(results: RecheckResults) -> Section:
    """Populations, sizes, seeds, fingerprints; and what an ordered share is worth."""
    language = results.language
    columns = [Col.of(title.into(language), look) for title, look in COLUMNS]
    body = [
        markup.paragraph(LEAD.into(language), "lead"),
        markup.paragraph(_method(results)),
        markup.table(columns, [_row(d) for d in results.draws], caption=TITLE.into(language), headed=True),
        markup.note(GROSS.into(language)),
        *_not_drawn(results),
        *_needs(results),
        *_proof(results),
        *_ordered_share(results),
    ]
    n_drawn = sum(len(d.sample_units) for d in results.draws)
    summary = SUMMARY.fill(n=n_drawn).into(language)
    return Section("draw", TITLE.into(language), markup.join(body), summary, annex=True)


def _not_drawn(results: RecheckResults) -> list[Markup]:
    names = [county.name for county in results.counties if not county.is_reperformed]
    gap = "、" if results.language == "zh" else ", "
    return (
        [markup.paragraph(NOT_DRAWN.fill(counties=gap.join(names)).into(results.language))] if names else []
    )


def _method(results: RecheckResults) -> str:
    sample = results.parameters["sample"]
    rates = {
        name: level_of(sample[key])
        for name, key in (
            ("confidence", "confidence"),
            ("tolerable", "tolerable_rate"),
            ("expected", "expected_rate"),
        )
    }
    return METHOD.fill(method=METHODS[sample["method"]], **rates).into(results.language)


def _row(draw: CountyDraw) -> list[object]:
    units = draw.population.units
    groups = draw.sample_units["group"].value_counts()
    return [
        draw.population.county_name,
        markup.count(len(units)),
        markup.yuan(sum(units["amount"], Decimal(0))),
        *(markup.count(groups.get(group, 0)) for group in ("county", "city", "clean")),
        Cell(Markup("<code>{}</code>").format(draw.population.fingerprint)),
    ]


def _proof(results: RecheckResults) -> list[Markup]:
    language = results.language
    columns = [Col.of(title.into(language), look) for title, look in PROOF_COLUMNS]
    rows = [
        [d.population.county_name, d.number, *d.seed.split("|", 2)[1:], _size(d, language)]
        for d in results.draws
    ]
    return [
        markup.heading(3, PROOF.into(language)),
        markup.paragraph(PROOF_LEAD.into(language)),
        markup.table(columns, rows, caption=PROOF.into(language), headed=True),
        markup.bullets([who_chose(d).into(language) for d in results.draws]),
    ]


def who_chose(draw: CountyDraw) -> Text:
    """Who committed to which half when; or that a seed was told that one side chose."""
    name, halves = draw.population.county_name, draw.halves
    if halves is None:
        unopened_note = UNOPENED_TEXT.fill(day=draw.unopened) if draw.unopened else Text("", "")
        return _join([ONE_SIDE.fill(county=name), unopened_note])
    ours, theirs = halves.city, halves.county
    minds = [
        MORE_THAN_ONCE.fill(n=side.times, who=who)
        for side, who in ((ours, ours.by), (theirs, name))
        if side.times > 1
    ]
    minds += [LATE] if theirs.entered > ours.entered else []
    minds += [] if halves.in_order else [OUT_OF_ORDER]
    return COMMITTED_TEXT.fill(
        county=name, theirs=theirs.sha256, their_day=theirs.on, them=theirs.by, entered=theirs.entered,
        ours=ours.sha256, our_day=ours.on, us=ours.by, times=_join(minds), claim=BLIND if halves.is_blind else NOT_BLIND,
    )  # fmt: skip


def _join(texts: list[Text]) -> Text:
    return Text("".join(each.zh for each in texts), "".join(each.en for each in texts))


def _needs(results: RecheckResults) -> list[Markup]:
    """A table of what each grade and acceptance need, beside what was drawn."""
    language, sample = results.language, sample_of(results.parameters["sample"])
    grades = {letter: Decimal(str(least)) for letter, least in results.parameters["grades"].items()}
    if not results.draws:
        return []
    titles = [
        NEED_OF.fill(letter=letter, least=level_of(least)).into(language) for letter, least in grades.items()
    ]
    columns = [Col(COLUMNS[0][0].into(language), css="k")]
    columns += [
        Col(title, "number") for title in (DRAWN_NOW.into(language), ACCEPTED_TEXT.into(language), *titles)
    ]
    rows = [
        [d.population.county_name, *(need_words(need, language) for need in (_now(d), for_acceptance(d, sample), *for_grades(d, sample, grades).values()))]
        for d in results.draws
    ]  # fmt: skip
    return [
        markup.heading(3, NEEDS.into(language)),
        markup.paragraph(NEEDS_LEAD.into(language)),
        markup.table(columns, rows, caption=NEEDS.into(language), headed=True),
    ]


def _now(draw: CountyDraw) -> VisitNeed:
    clean = draw.sample_units[draw.sample_units["group"] == CLEAN]
    schools = draw.schools is not None
    return VisitNeed(int(clean["stratum"].nunique()) if schools else len(clean), schools)


def need_words(need: VisitNeed, language: str) -> str:
    """A number of payments or of schools; a dash where none would do."""
    if need.visits is None:
        return markup.NOTHING
    number = markup.count(need.visits)
    return IN_SCHOOLS.fill(n=number).into(language) if need.in_schools else number


def _size(draw: CountyDraw, language: str) -> str:
    """How the number of unflagged payments came about."""
    plan = draw.plans["clean"]
    if "formula" not in plan:
        return ALL.into(language)
    formula = formula_words(str(plan["formula"]), language)
    if draw.schools is not None:
        counts = {"drawn": plan["schools_drawn"], "schools": draw.schools, "each": plan["per_school"]}
        return formula + SCHOOLS.fill(n=plan["n"], **counts).into(language)
    raised = draw.interval is not None and f"= {plan['n']}" not in plan["formula"]
    return formula + (RAISED_TEXT.fill(n=plan["n"]).into(language) if raised else "")


def formula_words(formula: str, language: str) -> str:
    """A formula with its few words in the reader's language."""
    for english, chinese in FORMULA_WORDS if language == "zh" else ():
        formula = formula.replace(english, chinese)
    return formula


def _ordered_share(results: RecheckResults) -> list[Markup]:
    """A table of what the ordered share gives, where one was ordered."""
    language, sample = results.language, results.parameters["sample"]
    rows = [
        [
            d.population.county_name,
            level_of(sample["ordered_share"]),
            markup.count(d.ordered["n"]),
            markup.count(d.ordered["critical"]),
            share_of(d.ordered["detection_probability"]),
            markup.count(d.ordered["required_n"]),
        ]
        for d in results.draws
        if d.ordered
    ]
    if not rows:
        return []
    columns = [Col.of(title.into(language), look) for title, look in ORDERED_COLUMNS]
    levels = {
        "tolerable": level_of(sample["tolerable_rate"]),
        "confidence": level_of(sample["confidence"]),
    }
    return [
        markup.heading(3, ORDERED_TEXT.into(language)),
        markup.paragraph(ORDERED_LEAD.fill(**levels).into(language)),
        markup.table(columns, rows, caption=ORDERED_TEXT.into(language), headed=True),
    ]
