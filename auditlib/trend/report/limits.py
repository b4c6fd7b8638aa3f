"""What the look over the terms cannot say, and what it rested on."""

from __future__ import annotations

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.base.rhythm import term_words
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.parameter_words import parameter_table
from auditlib.page.section import Section
from auditlib.tables.findings import column_title
from auditlib.trend.parameters import Trend
from auditlib.trend.results import TrendResults
from auditlib.trend.wording import PUBLIC_PAGE

TITLE = Text("局限", "Limits")
ALWAYS = (
    Text(
        "疑点在核实以前不是结论；疑点率升高可能是做得差了，也可能是数据更全、查得更细了。",
        "A finding is a suspicion until verified; a higher rate may be worse work, or fuller data and a closer look.",
    ),
    Text(
        "同一规则在各学期的疑点编号不同：上学期的处理不会自动了结本学期的疑点。",
        "A rule's findings have other ids in each term: a decision on one does not decide the next.",
    ),
    Text(
        "已了结、整改金额和准确率都只据处理记录，没有记下的不算；谁写的、凭据真假，本报告不核。",
        "Settled, made good, precision: all rest on the ledger of decisions, no more; who wrote it and what the evidence is worth is not checked here.",
    ),
    Text(
        "人在不同学期换了证号、学籍号的，算作两个人；学校改名的，算作两所学校。",
        "A person whose numbers changed between terms counts as two, as does a school whose name changed.",
    ),
)
SMALL_HIDDEN = (
    Text(
        "按规则、类别、学校分的数，1 至 4 不列，由合计能倒推出来的一并隐去（列作“…”）；县合计照列。",
        "By rule, family and school 1 to 4 is not given, nor (“…”) what would give it away from a total; totals of the county are.",
    ),
)
IN_FULL = (
    Text(
        "本页各数照实列出，少到 1 至 4 的也列，能推出是谁：只在本单位使用；对外提供的是 {public}。",
        "Every number is given as it is here, 1 to 4 too, from which it may be told who it is: for the office alone; what may be handed out is {public}.",
    ).fill(public=PUBLIC_PAGE),
)
MANIFEST = Text("底稿清单", "Manifest")
RUNS, PARAMETERS, VERSIONS = Text("运行", "Runs"), Text("参数", "Parameters"), Text("软件版本", "Versions")
TERM, FOLDER, COUNT_DATE, VERSION = (
    column_title("term"),
    Text("文件夹", "Folder"),
    Text("核定基准日", "Count date"),
    Text("版本", "Version"),
)
FINDINGS, DECISIONS = Text("疑点 SHA-256", "Findings SHA-256"), Text("处理记录 SHA-256", "Decisions SHA-256")
NO_LEDGER = Text("没有处理记录", "no ledger")
KEY, VALUE = Text("项", "Key"), Text("值", "Value")


def limits(results: TrendResults) -> Section:
    texts = (*ALWAYS, *(SMALL_HIDDEN if results.public else IN_FULL))
    return Section(
        "limits", TITLE.into(results.language), markup.bullets(t.into(results.language) for t in texts)
    )


def manifest(results: TrendResults) -> Section:
    """The runs with the digests of findings and decisions, the parameters, the versions."""
    language, contents = results.language, results.manifest
    versions = {"auditlib": contents["auditlib"], "python": contents["python"], **contents["packages"]}
    pieces = [markup.heading(3, RUNS.into(language)), _runs(results)]
    tables = (
        (PARAMETERS, parameter_table(contents["parameters"], Trend, PARAMETERS, language)),
        (VERSIONS, _pairs(versions, VERSIONS, language)),
    )
    pieces += [piece for title, table in tables for piece in (markup.heading(3, title.into(language)), table)]
    return Section("manifest", MANIFEST.into(language), markup.join(pieces))


def _runs(results: TrendResults) -> Markup:
    language = results.language
    columns = [
        *(Col(title.into(language), css="k") for title in (TERM, FOLDER, COUNT_DATE, VERSION)),
        *(Col(title.into(language), css="digest") for title in (FINDINGS, DECISIONS)),
    ]
    rows = [
        [
            term_words(run["term"]).into(language),
            scrub(run["folder"]),
            run["count_date"],
            str(run["auditlib"]),
            Cell(Markup("<code>{}</code>").format(run["findings_sha256"])),
            Cell(Markup("<code>{}</code>").format(run["dispositions_sha256"] or NO_LEDGER.into(language))),
        ]
        for run in results.manifest["runs"]
    ]
    return markup.table(columns, rows, caption=RUNS.into(language), headed=True)


def _pairs(values: dict[str, object], caption: Text, language: str) -> Markup:
    columns = [Col(KEY.into(language)), Col(VALUE.into(language), css="long")]
    rows = [
        (Cell(Markup("<code>{}</code>").format(key)), scrub(str(v)))
        for key, v in markup.mapping_rows(values, language)
    ]
    return markup.table(columns, rows, caption=caption.into(language), headed=True)
