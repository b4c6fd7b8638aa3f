"""What could not be tested and how much it weighs: the reasons, the largest first, with their share of all tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.report import catalogue
from auditlib.report.bridge import Tell, plain
from auditlib.report.leads import Lead, telling
from auditlib.report.whereabouts import unsent_classes
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

TITLE = Text("未能核对的部分", "What could not be tested")
ALL_TESTED = Text(
    "已运行的规则，其总体全部核对完毕。", "Every row of the population of every rule that was run was tested."
)
WHOLE_TEXT = Text(
    "全部应核对 {population} 行次（每条规则对每行核对一次为一行次），其中 {rows} 行次（{share}）未能核对。",
    "Of {population} tests (a rule on a row is one test), {rows} ({share}) could not be made.",
)
MOST = Text("最主要的原因：{line}。", "Mostly: {line}.")
EACH = Text(
    "{reason}，{rules} 条规则各有 {each} 行因此未能核对，占这些规则应核对的 {own}、全部应核对的 {share}",
    "{reason}: {rules} rules could not test {each} rows each, {own} of their tests and {share} of all",
)
TOGETHER = Text(
    "{reason}，涉及 {rules} 条规则、{rows} 行次，占这些规则应核对的 {own}、全部应核对的 {share}",
    "{reason}: {rows} rows over {rules} rules, {own} of their tests and {share} of all",
)
NEITHER = Text("未能核对不等于没有问题，也不等于有问题。", "Not tested means neither sound nor at fault.")
NOT_RUN = Text("规则“{rule}”未运行：{reason}。", "Rule “{rule}” was not run: {reason}.")
LACKS = Text("缺少{what}", "{what} is missing")
NOT_RUN_MANY = Text(
    "另有 {n} 条规则未运行：缺少台账或列，或参数列明不执行，逐条见 report.html 附件“未运行的规则与未能核对的行”。",
    "{n} more rules were not run, for want of a register or a column or by choice: see the annex “Rules not run, rows not tested” of report.html.",
)
NOT_COUNTED = Text(
    "未运行的规则，其总体既不计入已核对的、也不计入未能核对的行次。",
    "The populations of rules that were not run count neither as tested nor as not tested.",
)
FOUNDATION = ("eligibility", "enrolment", "payments")
NO_REGISTER = Text(
    "缺少{register}，{n} 条规则因此未运行。", "{register} is missing: {n} rules were not run for it."
)
EMPTY_FILES = Text(
    "{n} 个文件或表页只有表头、没有一行，其中应有的人本次没有核对：{names}。请确认是不是导出时没有选中数据。",
    "{n} files or sheets have a header and not one row; whoever should stand there was not checked: {names}. Were they exported without their data?",
)
HEADS = (
    Col.of("reason", "long"),
    Col.of("rules", "long"),
    Col.of("rows", "number"),
    Col.of("own", "number"),
    Col.of("share", "number"),
)
WORDS = {
    "reason": Text("原因", "Reason"),
    "rules": Text("涉及的规则", "Rules"),
    "rows": Text("未核对行次", "Tests not made"),
    "own": Text("占所涉规则", "Of these rules’"),
    "share": Text("占全部", "Of all tests"),
}
OTHERS = Text("其余 {n} 项原因", "other reasons: {n}")
MOST_LISTED = 5
LEADS = {
    "tests": Lead("gaps-in-full"),
    "idle_rules": Lead("not-run"),
    "empty_files": Lead("files"),
    "unseen_classes": Lead("whereabouts"),
}


@dataclass(frozen=True)
class Gap:
    """A reason (code), the rules that it keeps from testing, their rows and all tests of each; all tests of the run."""

    reason: str
    rules: tuple[str, ...]
    rows: tuple[int, ...]
    populations: tuple[int, ...]
    population: int

    @property
    def total(self) -> int:
        return sum(self.rows)

    @property
    def of_rules(self) -> int:
        """All tests of its rules."""
        return sum(self.populations)

    @property
    def lead(self) -> Lead:
        """Where its rules stand with what each could not test."""
        return Lead(f"gap-{self.reason}")

    @property
    def share(self) -> str:
        return markup.percent(self.total, self.population)

    @property
    def own(self) -> str:
        """The share of the tests of these rules."""
        return markup.percent(self.total, self.of_rules)

    def sentence(self, tell: Tell = plain) -> Text:
        """The gap in words; where each rule cannot test as many rows, that number is the one to know."""
        alike = len(set(self.rows)) == 1 and len(self.rows) > 1
        return (EACH if alike else TOGETHER).fill(
            reason=Text(word(self.reason, "zh"), word(self.reason, "en")),
            rules=tell("largest_gap", markup.count(len(self.rules))),
            each=tell("largest_gap", markup.count(self.rows[0])),
            rows=tell("largest_gap", markup.count(self.total)),
            share=tell("largest_gap", self.share),
            own=tell("largest_gap", self.own),
        )


def gaps(results: Results) -> list[Gap]:
    """One a reason, the most tests first."""
    open_ = results.untested[results.untested["rows"] > 0].sort_values(["rule"], kind="stable")
    populations = results.rules.set_index("rule")["population"]
    by_reason = [
        Gap(
            str(reason),
            tuple(rows["rule"]),
            tuple(int(n) for n in rows["rows"]),
            tuple(int(n) for n in populations.reindex(rows["rule"]).fillna(0)),
            int(populations.sum()),
        )
        for reason, rows in open_.groupby("reason")
    ]
    return sorted(by_reason, key=lambda gap: (-gap.total, gap.reason))


def idle_rules(results: Results) -> list[tuple[str, str]]:
    """Rules that were not run, with what is missing (code)."""
    idle = results.rules[results.rules["status"] == "not_run"]
    return list(zip(idle["rule"], idle["not_run_reason"], strict=True))


def sentences(
    results: Results, *, named: bool = True, tell: Tell = plain, quote: Callable[[str], str] = str
) -> list[Text]:
    """Which register is missing or has an empty file, how much could not be tested, what most of it is, and what was not run at
    all; classes on no roster, and files, only where they may be ``named``. ``tell``: a figure, ``quote``: a name out of a file, as
    the page shows it."""
    empty = _empty_files(results, tell, quote) if named else []
    idle = idle_rules(results)
    many = len(idle) > MOST_LISTED
    return [
        *empty,
        *(_missing_registers(idle, tell) if many else []),
        *_untested(results, tell),
        *(_unseen_classes(results, tell, quote) if named else []),
        *(
            [NOT_RUN_MANY.fill(n=tell("idle_rules", markup.count(len(idle))))]
            if many
            else map(_not_run, idle)
        ),
        *([NOT_COUNTED] if idle else []),
    ]


def _empty_files(results: Results, tell: Tell, quote: Callable[[str], str]) -> list[Text]:
    """The files and sheets without a row of a register that others fill: nobody of theirs stands in any population."""
    files = results.funnel[results.funnel["table"].isin(FOUNDATION)]
    bare = files[(files["used"] == 0) & (files["rejected"] == 0)]
    places = list(bare[["table", "file"]].itertuples(index=False, name=None))
    places += [
        (sheet.table, f"{sheet.file}!{sheet.sheet}")
        for sheet in results.sheets
        if sheet.table in FOUNDATION and sheet.header_rows and not (sheet.used or sheet.rejected)
        if (sheet.table, sheet.file) not in places
    ]
    names = [(word(table, "zh"), word(table, "en"), quote(scrub(str(place)))) for table, place in places]
    if not names:
        return []
    zh, en = (
        "、".join(f"{name}（{zh}）" for zh, _, name in names),
        ", ".join(f"{name} ({en})" for _, en, name in names),
    )
    return [EMPTY_FILES.fill(n=tell("empty_files", markup.count(len(names))), names=Text(zh, en))]


def _untested(results: Results, tell: Tell) -> list[Text]:
    largest = gaps(results)
    if not largest:
        return [ALL_TESTED]
    rows, population = sum(gap.total for gap in largest), largest[0].population
    untested_share = WHOLE_TEXT.fill(
        population=tell("tests", markup.count(population)),
        rows=tell("tests", markup.count(rows)),
        share=tell("tests", markup.percent(rows, population)),
    )
    return [untested_share, MOST.fill(line=largest[0].sentence(tell)), NEITHER]


def _unseen_classes(results: Results, tell: Tell, quote: Callable[[str], str]) -> list[Text]:
    """Classes that their school's roster leaves out, by name: perhaps on paper only, and no finding says so."""
    county = str(results.parameters.get("county_name", ""))
    return unsent_classes(results.whereabouts.get("unsent_classes", []), county, tell, quote)


def _missing_registers(idle: list[tuple[str, str]], tell: Tell) -> list[Text]:
    """Which of the registers that all else stands on is not there: the first thing to know."""
    lacking = [table for _rule, reason in idle for table in reason.split(",")]
    return [
        NO_REGISTER.fill(
            register=Text(word(table, "zh"), word(table, "en")),
            n=tell("idle_rules", markup.count(lacking.count(table))),
        )
        for table in FOUNDATION
        if table in lacking
    ]


def _not_run(idle: tuple[str, str]) -> Text:
    rule, missing = idle
    words, name = (
        Text(*(say(code, language) for language in ("zh", "en")))
        for say, code in ((word, missing), (catalogue.title, rule))
    )
    # What is missing is a register or a column of one; any other reason is a sentence of its own.
    lacking = all(part.split(".")[0] in TABLES for part in missing.split(","))
    return NOT_RUN.fill(rule=name, reason=LACKS.fill(what=words) if lacking else words)


def shown_gaps(results: Results, language: str) -> Markup:
    """Heading, sentences, and the table of the largest reasons."""
    largest = gaps(results)
    leads = LEADS | ({"largest_gap": largest[0].lead} if largest else {})
    texts = sentences(results, tell=telling(leads), quote=escape)
    paragraph = (" " if language == "en" else "").join(text.into(language) for text in texts)
    pieces = [
        markup.heading(3, TITLE.into(language), "gaps"),
        markup.paragraph(Markup(paragraph)),
    ]
    return markup.join([*pieces, *([_table(largest, language)] if largest else [])])


def _table(largest: list[Gap], language: str) -> Markup:
    columns = [Col(WORDS[col.title].into(language), col.kind, col.css) for col in HEADS]
    rows = [_row(gap, language) for gap in largest[:MOST_LISTED]]
    rest = largest[MOST_LISTED:]
    if rest:
        total = sum(gap.total for gap in rest)
        share = markup.percent(total, rest[0].population)
        more = OTHERS.fill(n=markup.count(len(rest))).into(language)
        figures = (more, markup.count(total), share)
        reason, tests, of_all = (Cell(rest[0].lead.link(figure)) for figure in figures)
        rows.append((reason, "", tests, "", of_all))
    return markup.table(columns, rows, caption=TITLE.into(language), headed=True, css="cards")


def _row(gap: Gap, language: str) -> tuple[Cell | str, ...]:
    comma = "、" if language == "zh" else ", "
    rules = comma.join(catalogue.title(rule, language) for rule in gap.rules)
    figures = (Cell(gap.lead.link(figure)) for figure in (markup.count(gap.total), gap.own, gap.share))
    return (word(gap.reason, language), rules, *figures)
