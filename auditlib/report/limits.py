"""The limits: what a match of data cannot say, and what could not be tested and why."""

from __future__ import annotations

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.report.gaps import LEADS, Gap, gaps
from auditlib.tables.findings import column_title
from auditlib.tables.wording import word

TITLE = Text("局限与未核对事项", "Limits, and what could not be tested")
PRINCIPLES = (
    Text(
        "数据相符或不符只是疑点，不是定性。在有人核实之前，不得据此停发、追回或处分。",
        "A match or a mismatch of data is a suspicion. Until a person has verified it, nobody's aid is stopped, "
        "recovered or sanctioned on its strength.",
    ),
    Text(
        "先补漏助，后查多发。应助未助的儿童优先核实、优先补发；对疑似不符的，先告知、听取说明，再作处理。",
        "Missed children come first. They are verified and paid before overpayments are pursued; whoever may have been "
        "paid wrongly is told and heard before anything is decided.",
    ),
    Text(
        "没有发现不等于没有发生：本报告只能发现所交各套台账之间、台账与标准之间的不一致。各套台账同错的、台账之外的（冒名、代领、克扣），"
        "比对看不见，须靠实地走访和抽查。",
        "Nothing found does not mean nothing happened: a comparison shows where the registers disagree with each other or with the standards. Where all of them "
        "are wrong, or outside of them (impersonation, withheld cards), only visits and samples can tell.",
    ),
    Text(
        "以核定基准日的状态为准。基准日之后的转学、退出、补录不在其内，台账之间的时间差会形成疑点。",
        "Everything is taken as of the count date. Later changes are not in it, and registers of different days differ.",
    ),
    Text(
        "学前、中职、高校学生不在学籍系统中，其在读情况无法由学籍核对。",
        "Kindergartens, vocational schools and universities are not in the enrolment register; whether their pupils "
        "attend cannot be told from it.",
    ),
    Text(
        "可信度是疑点成立的可能性。低于 1 的，或是凭推定把几条记录当作一人的，或是另有相近记录、可能就是此人的：都须先确认是否同一人；低于 0.5 的很可能不成立。",
        "The confidence is how likely it is that a finding holds. Below 1, records were taken to be one person's, or similar ones "
        "may be the person's after all: verify that first. Below 0.5 it is probably no exception.",
    ),
)
IN_FULL = Text("未运行的规则与未能核对的行", "Rules not run, rows not tested")
NOT_RUN = Text("未运行的规则", "Rules that were not run")
NOT_RUN_LEAD = Text(
    "缺少所需的台账或列，规则无从运行。未运行不等于通过。",
    "A register or column that the rule needs was not delivered. Not run does not mean passed.",
)
ALL_RUN = Text("目录中的规则全部运行。", "Every rule of the catalogue was run.")
STOP = Text("，逐条见附件。", "; one by one in the annex.")
UNTESTED = Text("已运行规则中未能核对的行", "Rows that could not be tested")
UNTESTED_LEAD = Text(
    "一条规则对一行核对一次为一行次。每一原因之下列出它所涉及的规则；占比是未能核对的行次占这些规则应核对的、占全部应核对的。",
    "A rule on a row is one test. Beneath each reason stand its rules; the shares are of the tests of these rules, and of all tests.",
)
UNTESTED_NONE = Text(
    "已运行的规则，其总体全部核对完毕。", "The rules that were run tested all of their populations."
)
UNTESTED_HEADS = (
    (Text("原因与规则", "Reason and rules"), "long"),
    (Text("未核对行次", "Tests not made"), "number"),
    (Text("应核对行次", "Tests to be made"), "number"),
    (Text("占所涉规则", "Of these rules’"), "number"),
    (Text("占全部", "Of all tests"), "number"),
)
ALL = Text("全部规则", "All rules")
RULE = column_title("rule")
MISSING = Text("缺少什么，或其他原因", "What is missing, or why")
SUMMARY = Text("未运行规则 {rules} 条，未能核对 {rows} 行次", "{rules} rules not run, {rows} rows not tested")


def limits(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    idle = results.rules[results.rules["status"] != "run"]
    rows = markup.count(results.untested["rows"].sum())
    summary = SUMMARY.fill(rules=len(idle), rows=rows).into(language)
    pieces = [
        markup.bullets(text.into(language) for text in PRINCIPLES),
        markup.paragraph(f"{summary}{STOP.into(language)}"),
    ]
    return Section("limits", TITLE.into(language), markup.join(pieces), summary)


def untested_rows(results: Results) -> Section:
    """Rules that were not run, by what they lack, and rows that rules could not test, by rule and reason."""
    language = str(results.parameters.get("language", "zh"))
    idle = results.rules[results.rules["status"] != "run"]
    largest = gaps(results)
    columns = [Col(MISSING.into(language), css="k"), Col(RULE.into(language))]
    wants = markup.table(
        columns, catalogue.by_want(idle, language), caption=NOT_RUN.into(language), headed=True
    )
    lists = markup.paragraph(NOT_RUN_LEAD.into(language)) + wants
    pieces = (
        markup.heading(3, NOT_RUN.into(language), "not-run"),
        markup.paragraph(ALL_RUN.into(language)) if idle.empty else lists,
        markup.heading(3, UNTESTED.into(language)),
        _untested(largest, language),
    )
    summary = SUMMARY.fill(rules=len(idle), rows=markup.count(sum(gap.total for gap in largest))).into(
        language
    )
    return Section("untested", IN_FULL.into(language), markup.join(pieces), summary, annex=True)


def _untested(largest: list[Gap], language: str) -> Markup:
    """Each reason with its rules beneath it, and all of them: what the first screen tells of it stands here as it tells it."""
    if not largest:
        return markup.paragraph(UNTESTED_NONE.into(language))
    columns = [Col.of(title.into(language), look) for title, look in UNTESTED_HEADS]
    rows = [row for gap in largest for row in _of_gap(gap, language)]
    tests, population = sum(gap.total for gap in largest), largest[0].population
    total = (
        Cell(Markup('<span id="{}">{}</span>').format(LEADS["tests"].anchor, ALL.into(language))),
        markup.count(tests),
        markup.count(population),
        "",
        markup.percent(tests, population),
    )
    table = markup.table(
        columns, rows, caption=UNTESTED.into(language), headed=True, css="cards", total=total
    )
    return markup.note(UNTESTED_LEAD.into(language)) + table


def _of_gap(gap: Gap, language: str) -> list[tuple[Cell | str, ...]]:
    """The reason in bold, then its rules, the most tests first."""
    head = Markup('<b id="{}">{}</b>').format(gap.lead.anchor, word(gap.reason, language))
    figures = (markup.count(gap.total), markup.count(gap.of_rules), gap.own, gap.share)
    rules = sorted(
        zip(gap.rules, gap.rows, gap.populations, strict=True), key=lambda rule: (-rule[1], rule[0])
    )
    return [
        (Cell(head), *(Cell(Markup("<b>{}</b>").format(figure)) for figure in figures)),
        *(
            (
                catalogue.title(rule, language),
                markup.count(rows),
                markup.count(population),
                markup.percent(rows, population),
                markup.percent(rows, gap.population),
            )
            for rule, rows, population in rules
        ),
    ]
