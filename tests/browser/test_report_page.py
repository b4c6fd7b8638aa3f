"""The report as a person meets it: in a browser, by keyboard, on a telephone, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from results_fixture import executed_notebook, results
from run_fixture import COUNTS

from auditlib.page import render
from auditlib.report.leads import ENTITLED_FILE

DESK, TELEPHONE = (1366, 900), (390, 844)
TELEPHONE_TWICE_AS_LARGE = (195, 422)  # what 200 % leaves of a telephone
TITLE = "青禾县 2020 年秋季学期学生资助县级自查报告"
LIST = "#rule-missed\\.unpaid ~ .tool"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    notebook = executed_notebook(results(), folder / "self_check.ipynb")
    render(notebook, folder / "report.html", language="zh", title=TITLE)
    return folder / "report.html"


@pytest.fixture
def page(
    alone: Callable[..., AbstractContextManager[Page]], file: Path, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The report, opened."""
    with alone(file, *getattr(request, "param", DESK)) as open_page_of:
        yield open_page_of


def rows(page: Page) -> list[str]:
    """The rows of the first list that can be seen, as text."""
    return page.locator(f"{LIST} tbody tr:visible").all_inner_texts()


def stakes(page: Page) -> list[float]:
    cells = page.locator(f"{LIST} tbody tr:visible td:nth-child(6)").all_inner_texts()
    return [float(cell.replace(",", "")) for cell in cells]


def test_the_page_loads_alone(page: Page) -> None:
    assert page.title() == TITLE
    assert page.locator("main section").first.get_attribute("id") == "conclusion"


def test_axe_finds_nothing_serious(
    alone: Callable[..., AbstractContextManager[Page]],
    tmp_path: Path,
    violations: Callable[[Page], list[tuple[Any, ...]]],
) -> None:
    notebook = executed_notebook(results("zh", COUNTS), tmp_path / "self_check.ipynb")
    render(notebook, tmp_path / "report.html", language="zh", title=TITLE)
    with alone(tmp_path / "report.html", *DESK, with_axe=True) as open_page_of:
        assert violations(open_page_of) == []


def test_a_script_that_is_not_the_reports_own_does_not_run(browser: Browser, file: Path) -> None:
    browser_page = browser.new_page()
    browser_page.goto(file.as_uri())
    browser_page.evaluate(
        "const script = document.createElement('script'); script.textContent = 'window.intruded = true';"
        "document.body.append(script)"
    )
    assert browser_page.evaluate("window.intruded === undefined")
    browser_page.close()


def test_the_page_is_set_in_its_own_font(page: Page) -> None:
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Report', '疑㛃䶮'))")
    assert page.evaluate("[...document.fonts].map(font => font.status)") == ["loaded"]


def test_a_list_shows_ten_rows_until_asked_for_all(page: Page) -> None:
    assert len(rows(page)) == 10
    page.locator(f"{LIST} .more").press("Enter")
    assert len(rows(page)) == 200


def test_a_list_is_sorted_by_keyboard(page: Page) -> None:
    heading = page.locator(f"{LIST} th").nth(5)
    heading.locator("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert stakes(page) == sorted(stakes(page), reverse=True)
    page.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert stakes(page) == sorted(stakes(page))


def test_missing_amounts_stay_last_whichever_way_a_list_is_sorted(page: Page) -> None:
    page.locator(f"{LIST} .more").press("Enter")
    paid = page.locator(f"{LIST} th").nth(4).locator("button")
    for _ in range(2):
        paid.press("Enter")
        cells = page.locator(f"{LIST} tbody td:nth-child(5)").all_inner_texts()
        assert "—" in cells
        assert "—" not in cells[: cells.index("—")]
        assert set(cells[cells.index("—") :]) == {"—"}


def test_a_list_is_filtered_as_one_types_and_says_how_many(page: Page) -> None:
    search = page.locator(f"{LIST} input")
    search.focus()
    page.keyboard.type("白水初级中学")
    table_rows = rows(page)
    assert table_rows
    assert all("白水初级中学" in row for row in table_rows)
    assert page.locator(f"{LIST} output").inner_text() == f"符合 {len(table_rows)} 条，共 200 条"
    search.fill("没有这所学校")
    assert rows(page) == []
    search.fill("")
    assert len(rows(page)) == 10


# Without a link stand the county's code, the term and the count date (.facts): what is audited, and nothing that was counted.
FIGURES = """() => {
  const first = document.querySelector("#rectification");
  const walker = document.createTreeWalker(document.querySelector("#conclusion"), NodeFilter.SHOW_TEXT);
  const bare = [];
  for (let node = walker.nextNode(); node && !first.contains(node); node = walker.nextNode()) {
    if (/[1-9]/.test(node.data) && !node.parentElement.closest("a, .facts, .no")) bare.push(node.data);
  }
  return bare;
}"""
# What a figure leads to, once it was clicked: how many rows can be seen in the part that it names, or the file beside the page.
LED = """() => [...document.querySelectorAll("#conclusion a")].filter(link => link.compareDocumentPosition(
    document.querySelector("#rectification")) & Node.DOCUMENT_POSITION_FOLLOWING).map(link => {
  const place = link.getAttribute("href");
  if (!place.startsWith("#")) return [link.textContent, place, 0];
  link.click();
  const target = document.getElementById(decodeURIComponent(place.slice(1)));
  let part = target, rows = 0;
  while (part && !rows && part.id !== "report") {
    for (let at = part; at && !rows; at = at === part || !/^H[34]$/.test(at.tagName) ? at.nextElementSibling : null) {
      rows = [...at.querySelectorAll("tbody tr")].filter(row => row.getClientRects().length).length;
      if (!/^H[34]$/.test(part.tagName)) break;
    }
    part = rows || part.tagName === "SECTION" ? null : part.parentElement;
  }
  return [link.textContent, place, rows];
})"""


def test_every_number_of_the_first_screen_leads_to_its_rows(page: Page) -> None:
    assert page.evaluate(FIGURES) == []
    link_texts = page.evaluate(LED)
    assert len(link_texts) > 40
    assert [entry for entry in link_texts if not entry[2] and not entry[1].startswith("ledgers/")] == []
    assert {place for _figure, place, _rows in link_texts if not place.startswith("#")} == {ENTITLED_FILE}
    # A text is no list, nor are other figures.
    places = {place for _figure, place, _rows in link_texts}
    assert not places & {"#breakdown", "#standards", "#conclusion"}
    assert {"#gaps-in-full", "#gap-boarding_unknown", "#numberless"} <= places


# Of each figure that counts findings, clicked: the lines above the lists that are left, what the filters say, headings in sight.
COUNT_SCRIPT = """() => [...document.querySelectorAll("#conclusion a[data-rules]:not(.bridge > :last-child a)")].map(link => {
  link.click();
  const left = [...document.querySelectorAll("#findings article.rule")].filter(list => !list.hidden);
  const counted = left.map(list => list.querySelector(".counted").textContent);
  const heads = [...document.querySelectorAll("#findings h3")].filter(one => one.getClientRects().length).length;
  return [link.textContent, counted, document.querySelector(".filters output").textContent, heads];
})"""


def test_a_number_of_the_first_screen_shows_the_lists_that_it_counts_and_no_others(page: Page) -> None:
    row_count = page.locator("article.rule").count()
    figures_clicked = page.evaluate(COUNT_SCRIPT)
    assert len(figures_clicked) > 8
    for text, lines, output, heads in figures_clicked:
        figure = text.removesuffix(" 元").removesuffix(" 条")
        figures_shown = [re.findall(r"[\d.,]+", line) for line in lines]
        findings = sum(int(n.replace(",", "")) for n, _yuan in figures_shown)
        yuan = sum(float(amount.replace(",", "")) for _n, amount in figures_shown)
        # Of what counts each yuan once the lists hold at least as much: some of them rest on the same money.
        assert (
            f"{findings:,}" == figure if "." not in figure else yuan >= float(figure.replace(",", "")) > 0
        ), figure
        assert f"符合 {findings} 条" in output or len(figures_shown) == row_count
        assert heads <= len(figures_shown)
    page.locator("#conclusion a[data-rules]", has_text=re.compile(r"^\d+$")).nth(1).click()
    assert page.locator("article.rule:visible").count() < row_count
    page.get_by_label("规则", exact=True).select_option(index=0)
    assert page.locator("article.rule:visible").count() == row_count


def test_all_findings_of_one_school_are_listed_together_and_printed_whole(page: Page) -> None:
    row_count = page.locator("article.rule").count()
    school = page.get_by_label("学校", exact=True)
    name = "白水初级中学"
    school.select_option(name)
    visible = page.locator("article.rule tbody tr:visible")
    visible_count = visible.count()
    assert (
        visible_count > 10
        and f"{name} · 符合 {visible_count} 条" in page.locator(".filters output").inner_text()
    )
    assert all(
        f"|{name}" in str(visible.nth(at).locator("td").first.get_attribute("data-place"))
        for at in range(0, visible_count, 9)
    )
    figures_shown = page.locator("article.rule:visible .counted").all_inner_texts()
    assert sum(int(re.findall(r"\d+", text)[0]) for text in figures_shown) == visible_count
    page.emulate_media(media="print")
    assert visible.count() == visible_count
    assert page.locator("section.audit:visible").count() == 1  # the lists that are left, alone
    assert name in page.locator(".filters output").inner_text()
    page.emulate_media(media="screen")
    rule = page.get_by_label("规则", exact=True)
    options = rule.locator("option:not([disabled])").evaluate_all("options => options.map(one => one.value)")
    assert 2 < len(options) < rule.locator("option").count()  # what would leave no row is not offered
    for value in options[1:]:
        rule.select_option(value)
        assert page.locator("article.rule:visible").count() == 1
    hidden_rules = page.locator("article.rule[hidden]")
    anchor = hidden_rules.first.get_attribute("id") or hidden_rules.locator(
        "[id^='rule-']"
    ).first.get_attribute("id")
    page.evaluate(
        "anchor => { location.hash = anchor; }", anchor
    )  # a link to what is hidden takes the filters away
    expect(page.locator("article.rule:not([hidden])")).to_have_count(row_count)


def test_every_entry_of_the_contents_leads_somewhere(page: Page) -> None:
    anchors = [link.get_attribute("href") for link in page.locator("nav a").all()]
    assert len(anchors) > 10
    for anchor in anchors:
        assert page.locator(f"[id='{str(anchor)[1:]}']").count() == 1


@pytest.mark.parametrize(
    "page",
    [DESK, TELEPHONE, TELEPHONE_TWICE_AS_LARGE, (768, 1024)],
    indirect=True,
    ids=["desk", "telephone", "telephone at 200 %", "tablet"],
)
def test_nothing_makes_the_page_scroll_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 390, 683, 800, 1024, 1366])  # 683: a desk at 200 %
def test_what_has_to_be_put_right_tells_who_until_when_and_its_list_without_scrolling(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    region = page.locator(".wide:has(> table.required)").first
    assert region.evaluate("place => place.scrollWidth <= place.clientWidth + 1")
    for place in (2, 4, 5, 7, 8):  # problem, persons, yuan, deadline, list
        for cell in region.locator(f"tbody tr td:nth-child({place})").all():
            box = cell.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("page", [TELEPHONE], indirect=True, ids=["telephone"])
def test_on_a_telephone_a_finding_is_a_card_that_names_its_amounts(page: Page) -> None:
    amount = page.locator(f"{LIST} tbody tr:visible td:nth-child(6)").first
    assert "涉及金额" in str(amount.evaluate("cell => getComputedStyle(cell, '::before').content"))
    assert page.locator(f"{LIST} tbody tr").first.evaluate("row => getComputedStyle(row).display") == "block"


@pytest.mark.parametrize("page", [TELEPHONE], indirect=True, ids=["telephone"])
def test_on_a_telephone_a_list_is_still_filtered(page: Page) -> None:
    page.locator(f"{LIST} input").fill("没有这所学校")
    assert rows(page) == []


@pytest.mark.parametrize("page", [TELEPHONE_TWICE_AS_LARGE], indirect=True, ids=["telephone at 200 %"])
def test_at_twice_the_size_on_a_telephone_every_filter_is_whole_and_as_large_as_a_finger(page: Page) -> None:
    room = page.locator(".filters").evaluate("bar => [bar.clientWidth, bar.getBoundingClientRect().left]")
    boxes = [select.bounding_box() for select in page.locator(".filters select").all()]
    assert len(boxes) == 3
    assert all(box and box["x"] + box["width"] <= sum(room) and box["height"] >= 40 for box in boxes)
    page.locator(".filters select").nth(1).select_option(index=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_telephone_at_twice_the_size_breaks_no_rule_of_access(
    alone: Callable[..., AbstractContextManager[Page]],
    file: Path,
    violations: Callable[[Page], list[tuple[Any, ...]]],
) -> None:
    with alone(file, *TELEPHONE_TWICE_AS_LARGE, with_axe=True) as open_page_of:
        assert violations(open_page_of) == []


CUT = """() => [...document.querySelectorAll(".wide")].filter(part => part.scrollWidth > part.clientWidth + 1)
  .map(part => [part.getAttribute("aria-label"), part.clientWidth, part.scrollWidth])"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_at_a_desk_no_table_is_wider_than_its_place(
    language: str, alone: Callable[..., AbstractContextManager[Page]], tmp_path: Path
) -> None:
    notebook = executed_notebook(results(language, COUNTS), tmp_path / "self_check.ipynb")
    render(notebook, tmp_path / "report.html", language=language, title=TITLE)
    with alone(tmp_path / "report.html", *DESK) as browser_page:
        assert browser_page.evaluate(CUT) == []
        assert browser_page.locator("table.heat th").count() > 5


SIZES = """() => {
  const smallest = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement, range = document.createRange();
    range.selectNodeContents(text);
    if (!text.data.trim() || range.getBoundingClientRect().width < 2) continue;
    const points = 0.75 * parseFloat(getComputedStyle(parent).fontSize);
    if (points < 7.95) smallest.push([points, parent.className, text.data.trim().slice(0, 20)]);
  }
  return smallest;
}"""


def test_nothing_that_is_read_on_paper_is_smaller_than_eight_points(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 between its margins
    assert page.evaluate(SIZES) == []
    charts = page.locator("figure .wide img").evaluate_all(
        "all => all.map(one => one.clientWidth / one.naturalWidth)"
    )
    assert charts
    assert min(charts) > 0.95


def test_it_prints_on_a4_the_first_thirty_of_a_list(page: Page) -> None:
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([0-9. ]+)\]", paper)}
    assert {(round(box[2]), round(box[3])) for box in boxes} == {(595, 842)}
    pages = len(re.findall(rb"/Type /Page\b", paper))
    page.emulate_media(media="print")
    assert page.locator(f"{LIST} tbody tr:visible").count() == 30
    assert page.locator("nav:visible").count() == 0
    assert 10 < pages < 60


READER = "section[data-annex] { display: none }"


def test_what_the_reader_reads_prints_on_eight_pages_at_most(page: Page) -> None:
    page.add_style_tag(content=READER)
    assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) <= 8


def test_in_print_a_section_does_not_begin_with_its_heading_and_half_its_lead_at_the_foot_of_a_page(
    page: Page,
) -> None:
    page.emulate_media(media="print")
    breaks = page.locator("h2 + p.lead").first.evaluate(
        "lead => { const style = getComputedStyle(lead); return [style.breakInside, style.breakAfter] }"
    )
    assert breaks == ["avoid", "avoid"]


def test_the_readers_tables_print_closer_than_the_annexes(page: Page) -> None:
    page.emulate_media(media="print")
    reader, annex = (
        page.locator(f"section.audit{part} tbody tr:nth-child(2) td:first-child").first.evaluate(
            "cell => parseFloat(getComputedStyle(cell).paddingTop)"
        )
        for part in (":not([data-annex])", "[data-annex]")
    )
    assert reader < annex


def test_page_numbers_are_printed(page: Page) -> None:
    rule = page.evaluate(
        "[...document.styleSheets[0].cssRules].filter(rule => rule instanceof CSSPageRule).map(rule => rule.cssText).join()"
    )
    assert "counter(page)" in rule
    assert "counter(pages)" in rule
