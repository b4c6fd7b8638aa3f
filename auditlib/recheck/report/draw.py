"""The draw and its proof: anyone with the sealed list and the seeds can draw again."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from auditlib.language import Text
from auditlib.recheck.draw import CountyDraw
from auditlib.recheck.report.words import level_of, share_of
from auditlib.recheck.results import RecheckResults
from auditlib.report import markup
from auditlib.report.markup import Cell, Col
from auditlib.report.section import Section

TITLE = Text("抽样及其凭证", "The draw and its proof")
LEAD = Text(
    "总体清单先封存（population-*.csv 的 SHA-256），种子由市、县两方各出一半，谁都不能单独左右结果；"
    "各单元按 SHA-256(种子|单元) 从小到大排列，依次抽取。任何人拿着清单和种子都能重抽：printf '%s' '种子|单元' | sha256sum。",
    "The list is sealed first (SHA-256 of population-*.csv), both sides give a part of the seed, so that neither can steer "
    "it; units stand in ascending order of SHA-256(seed|unit). Anyone with list and seed can draw again: "
    "printf '%s' 'seed|unit' | sha256sum.",
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
SEED = Text("{county}的种子（指纹|市|县）：{seed}", "seed of {county} (fingerprint|city|county): {seed}")
NUMBER = Text(
    "{county}的抽样编号：{number}（印在每张现场检查表上；别的编号的表不收）",
    "number of the draw in {county}: {number} (on every field sheet; a sheet of another number is refused)",
)
SCHOOLS = Text(
    "{county}：{schools} 所学校中抽 {drawn} 所，每所至多 {each} 笔，共 {n} 笔",
    "{county}: {drawn} of {schools} schools drawn, {each} payments in each at most, {n} together",
)
FORMULA = Text("{county}样本量：{formula}", "size in {county}: {formula}")
ORDERED = Text(
    "{county}：按规定比例 {share} 抽 {n} 笔，如果有 {critical} 笔错误，能碰到至少一笔的把握只有 {chance}；要达到 {confidence} 须抽 {required} 笔",
    "{county}: the ordered share of {share} is {n} payments; with {critical} bad ones the chance to meet one is {chance}; "
    "{confidence} needs {required}",
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
        markup.bullets([text for d in results.draws for text in _notes(d, results)]),
    ]
    drawn = sum(len(d.drawn) for d in results.draws)
    return Section("draw", TITLE.into(language), markup.join(body), SUMMARY.fill(n=drawn).into(language))


def _method(results: RecheckResults) -> str:
    chosen = results.parameters["sample"]
    rates = {
        name: level_of(chosen[key])
        for name, key in (
            ("confidence", "confidence"),
            ("tolerable", "tolerable_rate"),
            ("expected", "expected_rate"),
        )
    }
    return METHOD.fill(method=METHODS[chosen["method"]], **rates).into(results.language)


def _row(draw: CountyDraw) -> list[object]:
    units = draw.population.units
    groups = draw.drawn["group"].value_counts()
    return [
        draw.population.county_name,
        markup.count(len(units)),
        markup.yuan(sum(units["amount"], Decimal(0))),
        *(markup.count(groups.get(group, 0)) for group in ("county", "city", "clean")),
        Cell(Markup("<code>{}</code>").format(draw.population.fingerprint)),
    ]


def _notes(draw: CountyDraw, results: RecheckResults) -> list[str]:
    language, county = results.language, draw.population.county_name
    notes = [NUMBER.fill(county=county, number=draw.number).into(language)]
    plan = draw.plans["clean"]
    if draw.schools is not None:
        figures = {"drawn": plan["schools_drawn"], "schools": draw.schools, "each": plan["per_school"]}
        notes.append(SCHOOLS.fill(county=county, n=plan["n"], **figures).into(language))
    notes += [SEED.fill(county=county, seed=draw.seed).into(language)]
    formula = draw.plans["clean"].get("formula")
    if formula:
        notes.append(FORMULA.fill(county=county, formula=formula).into(language))
    if draw.ordered:
        confidence = level_of(results.parameters["sample"]["confidence"])
        notes.append(
            ORDERED.fill(
                county=county,
                share=level_of(results.parameters["sample"]["ordered_share"]),
                n=draw.ordered["n"],
                critical=draw.ordered["critical"],
                chance=share_of(draw.ordered["detection_probability"]),
                confidence=confidence,
                required=draw.ordered["required_n"],
            ).into(language)
        )
    return notes
