"""What the documents say is so: generated pages are current, commands, links, files and codes exist."""

import re
import runpy
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from auditlib.base.language import Text
from auditlib.base.places import SCHEMAS
from auditlib.cli import COMMANDS
from auditlib.documents import PAGES
from auditlib.documents.parameter_schemas import FILES, schema_file
from auditlib.forms.ledgers.books import LEDGERS
from auditlib.law.parameters import SELF_CHECK, THRESHOLDS, Ages, Thresholds, read_self_check
from auditlib.report import children, tie_out, whereabouts
from auditlib.rules import RULES
from auditlib.tables import wording
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import WORDS

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
MOST_WORDS = {"README.md": 600, "README.zh-CN.md": 950}  # of Chinese every character counts: the same text
MANUALS = [ROOT / "docs/manual.md", ROOT / "docs/manual.zh-CN.md"]
PAGES_BY_HAND = [
    *sorted(ROOT.glob("*.md")),
    *MANUALS,
    *sorted((ROOT / "docs").glob("province*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    *sorted((ROOT / "docs" / "site").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
    ROOT / "data_samples" / "README.md",
]
DOCUMENTS = [*PAGES_BY_HAND, *(ROOT / "docs" / name for name in PAGES)]
FOLDERS = "auditlib|benchmarks|data_samples|docs|notebooks|params|tests"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)")
NAMED_FILE = re.compile(rf"(?<![\w./*-])((?:{FOLDERS})[/\\][\w.*/\\-]+)")
INVENTED_FILES = re.compile(
    r"params/(本县|my-county|counties/|CODE-|代码-|city-(CODE|代码)|policy/(CODE|代码)-local)"
)  # what a reader is asked to make
RULE_ID = re.compile(rf"`((?:{'|'.join(sorted({rule.family for rule in RULES.values()}))})\.\w+)`")
SAME_WORD_TWICE = re.compile(r"`([\w.:]+)` \1(?!\w)")  # a code for which there are no words


def path_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("name", FILES)
def test_a_generated_schema_is_current(name):
    assert (SCHEMAS / name).read_text("utf-8") == schema_file(name), "run `make docs`"


@pytest.mark.parametrize("name", PAGES)
def test_every_code_on_a_generated_page_has_words(name):
    assert SAME_WORD_TWICE.findall(PAGES[name]()) == []


def commands_in(page):
    return set(re.findall(r"(?:^|`|\\|/)auditlib ([a-z][a-z-]*)", page.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("manual", MANUALS, ids=path_of)
def test_a_manual_names_every_command_and_no_other(manual):
    assert commands_in(manual) == set(COMMANDS)


@pytest.mark.parametrize("readme", READMES, ids=path_of)
def test_a_readme_names_no_command_that_is_not_there(readme):
    assert commands_in(readme) <= set(COMMANDS)


@pytest.mark.parametrize("readme", READMES, ids=path_of)
def test_a_readme_is_short(readme):
    prose = readme.read_text("utf-8").partition("\n## The house\n")[
        0
    ]  # the picture of the rooms is for developers
    assert len(re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", prose)) <= MOST_WORDS[readme.name]


@pytest.mark.parametrize("page", PAGES_BY_HAND, ids=path_of)
def test_make_knows_every_target_that_is_named(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", DOCUMENTS, ids=path_of)
def test_links_lead_somewhere(page):
    links = [target for target, _ in LINK.findall(page.read_text("utf-8")) if "://" not in target]
    assert [target for target in links if not (page.parent / target).exists()] == []


def headings(page: Path) -> set[str]:
    """What a link to a heading of ``page`` is called: small letters, no punctuation, hyphens for blanks."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [*READMES, *MANUALS], ids=path_of)
def test_links_to_a_heading_find_it(page):
    links = LINK.findall(page.read_text("utf-8")) + [
        ("", heading) for heading in re.findall(r"\]\(#([^)\s]+)\)", page.read_text("utf-8"))
    ]
    places = [(page.parent / target if target else page, heading) for target, heading in links if heading]
    assert [
        heading for target, heading in places if target.suffix == ".md" and heading not in headings(target)
    ] == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=path_of)
def test_files_that_are_named_exist(page):
    names = {name.replace("\\", "/").rstrip(".") for name in NAMED_FILE.findall(page.read_text("utf-8"))}
    missing = [
        name for name in names if not INVENTED_FILES.match(name) and not any(ROOT.glob(name.rstrip("/")))
    ]
    assert missing == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=path_of)
def test_rules_that_are_named_are_in_the_catalogue(page):
    columns = {f"{table.name}.{column}" for table in TABLES.values() for column in table.by_name}
    named_rules = {name for name in RULE_ID.findall(page.read_text("utf-8")) if name not in columns}
    assert named_rules <= set(RULES)


def test_codes_in_the_decision_on_the_rules_are_known():
    text = (ROOT / "docs/decisions/0002-how-the-rules-are-read.md").read_text("utf-8")
    columns = {column for table in TABLES.values() for column in table.by_name}
    words = {
        *WORDS,
        *columns,
        *TABLES,
        *SELF_CHECK,
        *THRESHOLDS,
        "finding_id",
        "who",
        "by",
        "references",
        "min",
        "max",
    }
    assert {code for code in re.findall(r"`([a-z_]+)`", text) if code not in words} == set()


@pytest.mark.parametrize("manual", MANUALS, ids=path_of)
def test_the_parameter_file_of_a_manual_is_accepted(manual, tmp_path):
    (block,) = re.findall(r"```yaml\n(.*?)```", manual.read_text("utf-8"), re.DOTALL)
    file = tmp_path / "county.yaml"
    file.write_text(block, "utf-8")
    assert read_self_check(file).term == "2021-spring"


@pytest.mark.parametrize("manual", MANUALS, ids=path_of)
def test_a_manual_names_every_parameter(manual):
    text = manual.read_text("utf-8")
    assert [key for key in (*SELF_CHECK, *THRESHOLDS) if key not in text] == []


def _requirements(page: str = "requirements.md") -> list[list[str]]:
    """The rows of the page of requirements: asked for, figure, table, rule, shown in."""
    lines = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert len(rows) > 35
    return rows[2:]


BESIDE_TABLES = ("the same", "the run of the term before", "named where a file names them")
# Where a requirement is shown, beside the ledgers and the sections of the report.
PLACES = ("findings.xlsx", "working list", "slips", "workbench")


@pytest.mark.parametrize("row", _requirements(), ids=lambda row: row[0][:40])
def test_a_requirement_names_tables_rules_parameters_and_pages_that_there_are(row: list[str]) -> None:
    _question, figure, tables, rules, pages_shown = row
    sheets = re.sub(r"\([^)]*\)", "", tables).split(" by place")[0]
    assert {name.strip() for name in sheets.split(",")} <= {*TABLES, *BESIDE_TABLES}
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", rules)) <= set(RULES)
    assert tables and pages_shown and (rules or figure)
    defaults = {field.name: field.default for field in (*fields(Thresholds), *fields(Ages))}
    for name, number in re.findall(r"`(\w+)` ([0-9.]+)", figure):
        assert float(defaults[name]) == float(number)
    ledgers = {f"ledgers/{form.file}" for form in LEDGERS}
    assert set(re.findall(r"`(ledgers/[^`]+)`", pages_shown)) <= ledgers
    # the functions of the package hide its modules of the same name
    titles = [section.__globals__["TITLE"].en for section in (children, tie_out, whereabouts)]
    for section in re.findall(r"\*([^*]+)\*", pages_shown):
        assert any(title.startswith(section) for title in titles), section
    assert (
        "`" in pages_shown
        or "*" in pages_shown
        or "the same" in pages_shown
        or any(place in pages_shown for place in PLACES)
    )


def test_the_chinese_page_of_requirements_names_the_same_row_by_row() -> None:
    codes = [
        [re.findall(r"`([^`]+)`", " ".join(row)) for row in _requirements(page)]
        for page in ("requirements.md", "requirements.zh-CN.md")
    ]
    assert codes[0] == codes[1]


LATIN_SENTENCE = re.compile(r"[a-z]{3,}(?: [a-z]{2,}){3,}")


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".zh-CN.md")])
def test_a_chinese_page_is_in_chinese(name: str) -> None:
    bare = re.sub(r"<!--.*?-->|`[^`]*`", "", PAGES[name]())
    assert LATIN_SENTENCE.findall(bare) == []


def test_the_page_of_requirements_names_every_rule_of_the_child_half() -> None:
    path_of = {rule for row in _requirements() for rule in re.findall(r"`([a-z]+\.[a-z_]+)`", row[3])}
    families = (
        "attendance",
        "dropout",
        "unable",
        "home",
        "letters",
        "funds",
        "issues",
        "enrolment",
        "warning",
    )
    assert {rule.id for rule in RULES.values() if rule.family in families} <= path_of


def test_the_site_has_a_place_for_every_page_and_a_page_for_every_place():
    site = runpy.run_path(str(ROOT / "docs" / "site" / "assemble.py"))
    pages = {page.relative_to(ROOT).as_posix() for page in site["pages"]()}
    navigations = [
        (ROOT / "docs" / "site" / f"{language}.yml").read_text("utf-8") for language in ("zh", "en")
    ]
    places = [set(re.findall(r": ([\w./-]+\.md)$", text, re.MULTILINE)) for text in navigations]
    assert all(len(own) >= 15 and own <= pages for own in places)
    navigation_sets = {
        page for page in pages if page.startswith("docs/") and page.count("/") == 1 and page.endswith(".md")
    }
    assert navigation_sets <= places[0] | places[1]
    assert all("http" not in text for text in navigations)


PREFIXED_TABLES = {
    "_FAMILIES",
    "_IN_SCHOOL",
    "_LINKS",
    "_DISPOSITIONS",
    "_COLUMNS",
    "_TITLES",
    "_REJECTED",
}  # never looked up bare where two lists share a code


def test_a_code_that_stands_in_two_lists_has_the_same_words_in_both() -> None:
    lists = [
        (name, words_given)
        for name, words_given in vars(wording).items()
        if isinstance(words_given, dict) and name.startswith("_")
    ]
    words = {
        (code, text)
        for name, words_given in lists
        if name not in PREFIXED_TABLES
        for code, text in words_given.items()
        if isinstance(text, Text)
    }
    assert {code for code, n in Counter(code for code, _text in words).items() if n > 1} == set()
    assert (wording.word("withdrawn", "zh"), wording.word("decision.withdrawn", "zh")) == (
        "退学",
        "撤回（恢复待核实）",
    )
