"""The workbench as an inspector meets it: app and JupyterLab, by mouse and by keyboard alone, in both languages."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from run_fixture import COUNTS, finished_run
from serving import DESK, OUTSIDE, UP, serve
from tiny_county import changed, deliver, tables, written

from auditlib.decisions.dispositions import read_dispositions

TINY, HALF = 1, 2  # places in the list of runs
ALL = sum(COUNTS.values())
Axe = Callable[[Page], list[tuple[Any, ...]]]


def tiny_run(scratch: Path) -> Path:
    """A run of a few pupils, audited from its files, with the tables that pupil file, review and what-if look into."""
    county = changed(tables(), "payments", lambda rows: rows[2:])
    return written(deliver(scratch / "files", county))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbench") / "runs"
    shutil.copytree(tiny_run(tmp_path_factory.mktemp("county")), folder / "tiny")
    finished_run(folder / "990122-2020-autumn")
    (folder / "half").mkdir()
    (folder / "half" / "manifest.json").write_text("{}", "utf-8")
    return folder


@pytest.fixture(scope="module")
def app(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve("app", runs, tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="module")
def lab(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve("lab", runs, tmp_path_factory.mktemp("lab"), "--language", "en")


@pytest.fixture
def ledger(runs: Path) -> Path:
    folder = runs / "990122-2020-autumn"
    for name in ("dispositions.csv", "unmask-log.csv"):
        (folder / name).unlink(missing_ok=True)
    return folder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window at 1366 × 768; whatever it asks of the outside fails the test."""
    browser_context = browser.new_context(viewport=DESK, accept_downloads=True, bypass_csp=True)  # type: ignore[arg-type]
    requests: list[str] = []
    browser_context.on("request", lambda request: requests.append(request.url))
    yield browser_context
    browser_context.close()
    assert [url for url in requests if not url.startswith(OUTSIDE)] == []


def browser_context(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".wb-overview .wb-bar").first).to_be_visible(timeout=UP)
    return page


@pytest.fixture
def page(context: BrowserContext, app: str, ledger: Path) -> Page:
    return browser_context(context, app)


def figure(page: Page, at: int = 0) -> Locator:
    return page.locator(".wb-figure dd").nth(at)


def to_the_tiny_run(page: Page) -> None:
    page.get_by_label("运行").select_option(index=TINY)
    expect(figure(page)).not_to_have_text(str(ALL), timeout=UP)


def to_the_list(page: Page) -> None:
    page.get_by_role("tab", name="清单与处理").click()
    expect(page.locator(".wb-open").first).to_be_visible()


def test_the_app_shows_no_code_and_asks_for_its_token(page: Page, context: BrowserContext, app: str) -> None:
    assert page.locator(".jp-InputArea").count() == 0
    icon = page.locator("link[rel=icon]").first.get_attribute("href")
    assert page.request.get(urljoin(app, icon)).text().startswith("<svg")
    stranger = context.browser.new_context().new_page()  # type: ignore[union-attr]
    stranger.goto(app.partition("?")[0])
    assert stranger.locator(".wb-overview").count() == 0
    assert "login" in stranger.url
    stranger.context.close()


def test_filter_drill_down_decide_reload_and_find_the_decision(
    page: Page, ledger: Path, app: str, context: BrowserContext
) -> None:
    page.locator('[data-column="rule"][data-code="missed.unpaid"]').click()
    expect(figure(page)).to_have_text("9")
    page.get_by_label("经办人").fill("张审计")
    to_the_list(page)
    expect(page.locator(".wb-list tbody tr")).to_have_count(9)
    page.locator(".wb-open").nth(2).click()
    expect(page.locator(".wb-card h2")).to_have_text("应助未助")
    page.get_by_role("button", name="排除").click()
    page.get_by_role("button", name="记录处理").click()
    expect(page.locator(".wb-alert")).to_contain_text("须写明原因")
    page.get_by_label("或写明").fill("已在县外资助")
    page.get_by_role("button", name="记录处理").click()
    expect(page.locator(".wb-good")).to_contain_text("已记录：排除，1 条")
    expect(page.locator(".wb-list tr.wb-current .wb-is-cleared")).to_be_visible()
    (written_decision,) = read_dispositions([ledger]).to_dict("records")
    assert (written_decision["decided_by"], written_decision["cause"]) == ("张审计", "已在县外资助")
    with page.expect_download() as download:
        page.get_by_role("button", name="打印", exact=True).click()
    assert "应助未助" in Path(download.value.path()).read_text("utf-8")
    again = browser_context(context, app)
    expect(figure(again, 4)).to_have_text("1")
    again.locator('[data-column="disposition"][data-code="cleared"]').click()
    to_the_list(again)
    expect(again.locator(".wb-list tbody tr")).to_have_count(1)
    again.locator(".wb-open").first.click()
    expect(again.locator(".wb-history")).to_contain_text("已在县外资助")


def test_from_a_finding_to_the_pupils_file_and_back(page: Page) -> None:
    to_the_tiny_run(page)
    to_the_list(page)
    page.locator(".wb-open").first.click()
    school = page.locator(".wb-list tr.wb-current td.wb-school_name").inner_text()
    page.get_by_role("button", name="看该生档案").click()
    expect(page.get_by_role("tab", name="一生一档")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".wb-file").first).to_contain_text(school)
    to_the_list(page)
    expect(page.locator(".wb-list tr.wb-current")).to_have_count(1)


def test_search_sort_and_export_exactly_what_is_listed(page: Page, tmp_path: Path) -> None:
    to_the_list(page)
    page.locator('select[data-filter="rule"]').select_option("duplicate.same_scheme")
    expect(page.locator(".wb-summary")).to_contain_text("12 条")
    page.locator('[data-sort="at_stake"]').click()
    expect(page.locator("th.wb-at_stake")).to_have_attribute("aria-sort", "descending")
    page.locator('input[data-filter="at_stake"]').fill(">=500")
    expect(page.locator(".wb-summary")).not_to_contain_text("12 条")
    amounts = page.locator(".wb-list td.wb-at_stake.n").all_inner_texts()
    with page.expect_download() as download:
        page.locator(".wb-export").click()
    assert download.value.suggested_filename.startswith("findings-990122")
    download.value.save_as(tmp_path / "kept.xlsx")
    head, *rows = openpyxl.load_workbook(tmp_path / "kept.xlsx")["疑点"].iter_rows(values_only=True)
    assert [f"{row[head.index('涉及金额')]:,.2f}" for row in rows] == amounts
    page.locator('input[data-filter="at_stake"]').fill("很多")
    expect(page.locator(".wb-problem[role=alert]").first).to_contain_text("不是金额")
    page.locator(".wb-search").fill("没有这所学校")
    page.locator('input[data-filter="at_stake"]').fill("")
    expect(page.locator(".wb-list .wb-none")).to_be_visible()


def test_names_are_masked_until_a_reason_is_logged(page: Page, ledger: Path) -> None:
    to_the_list(page)
    numbers = page.locator("tbody td.wb-id_number")
    assert all("*" in text or text == "—" for text in numbers.all_inner_texts())
    page.get_by_role("button", name="显示完整信息").click()
    expect(page.locator(".wb-masking .wb-alert")).to_contain_text("经办人")
    page.get_by_label("经办人").fill("张审计")
    page.get_by_label("查看原因").fill("核实")
    page.get_by_role("button", name="显示完整信息").click()
    expect(page.get_by_role("button", name="恢复遮盖")).to_be_visible()
    expect(numbers.first).not_to_contain_text("*")
    rows = list(csv.reader((ledger / "unmask-log.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["at", "who", "reason"]
    assert rows[1][1:] == ["张审计", "核实"]


def test_the_keyboard_alone_suffices(page: Page, ledger: Path) -> None:
    page.get_by_label("经办人").focus()
    page.keyboard.type("张审计")
    tab_to(page, '[data-column="rule"][data-code="mismatch.school"]')
    page.keyboard.press("Enter")
    expect(figure(page)).to_have_text("7")
    assert page.evaluate("document.activeElement.dataset.code") == "mismatch.school"
    tab_to(page, '[role="tab"]', back=True)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-open").first).to_be_visible()
    tab_to(page, ".wb-open")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-card h2")).to_be_visible()
    tab_to(page, ".wb-d-status button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="记录处理")).to_be_visible()
    tab_to(page, ".wb-d-record")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-good")).to_contain_text("已记录")
    assert list(read_dispositions([ledger])["status"]) == ["confirmed"]


def tab_to(page: Page, target: str, *, back: bool = False) -> None:
    """Presses Tab until the focus is on ``target``, as a person would."""
    for _press in range(120):
        if page.evaluate("wanted => Boolean(document.activeElement?.matches(wanted))", target):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_panel_is_accessible_and_fits_the_screen(page: Page, violations: Axe, language: str) -> None:
    to_the_tiny_run(page)
    if language == "en":
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("tab", name="Overview")).to_be_visible()
    for at in range(page.get_by_role("tab").count()):
        page.get_by_role("tab").nth(at).click()
        expect(page.get_by_role("tab").nth(at)).to_have_attribute("aria-selected", "true")
        expect(page.locator(".widget-tab-contents > :visible").first).to_contain_text(
            re.compile(r"\S{2}"), timeout=UP
        )
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_half_written_run_is_said_to_be_one(page: Page) -> None:
    page.get_by_label("运行").select_option(index=HALF)
    expect(page.locator(".wb-alert")).to_contain_text("不完整")
    page.get_by_label("运行").select_option(index=0)
    expect(figure(page)).to_have_text(str(ALL))


KERNEL_IS_UP = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


def test_jupyterlab_opens_on_the_workbench_and_works(context: BrowserContext, lab: str, ledger: Path) -> None:
    page = context.new_page()
    page.goto(lab)
    page.wait_for_function(KERNEL_IS_UP, timeout=UP)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    expect(page.locator(".wb-overview .wb-bar").first).to_be_visible(timeout=UP)
    page.locator('[data-column="rule"][data-code="missed.unpaid"]').click()
    expect(figure(page)).to_have_text("9")
    page.get_by_label("Inspector").fill("Inspector Li")
    page.get_by_role("tab", name="List and decisions").click()
    # What is pressed in the old list is not chosen.
    expect(page.locator(".wb-list tbody tr")).to_have_count(9)
    page.locator(".wb-open").first.click()
    page.get_by_role("button", name="Confirmed").click()
    page.get_by_role("button", name="Record").click()
    expect(page.locator(".wb-good")).to_contain_text("Recorded: Confirmed")
    assert list(read_dispositions([ledger])["decided_by"]) == ["Inspector Li"]
