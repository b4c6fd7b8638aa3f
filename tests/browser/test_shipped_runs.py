"""Every tab of the workbench on every run of the sample city, as a browser shows it; and what a page leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from serving import DESK, UP, serve

PAIR_OR_NONE = re.compile("这两条记录是同一人吗|没有需要复核的记录对")


@pytest.fixture(scope="module")
def app(sample_city: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    runs: Path = sample_city[0].packages[0].parents[1]
    yield from serve("app", runs, tmp_path_factory.mktemp("app"))


@pytest.fixture
def page(browser: Browser, app: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(app)
    expect(page.locator(".wb-overview .wb-bar").first).to_be_visible(timeout=UP)
    yield page
    context.close()


def test_every_tab_opens_on_every_run(page: Page) -> None:
    runs = page.get_by_label("运行")
    names = runs.locator("option").all_text_contents()
    assert len(names) == 3
    pairs = 0
    for at, name in enumerate(names):
        runs.select_option(index=at)
        count = re.findall(r"([\d,]+)\s条疑点", name)[0]
        expect(page.locator(".wb-figure dd").first).to_have_text(count, timeout=UP)  # in front or not
        for tab in page.get_by_role("tab").all():
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            expect(page.locator(".wb-alert")).to_have_count(0)
        page.get_by_role("tab", name="复核").click()
        expect(page.locator(".wb-judge")).to_contain_text(PAIR_OR_NONE, timeout=UP)
        pairs += page.locator(".wb-judge .wb-pair").count()
    assert pairs  # some run has pairs to be judged


def kernel_of(page: Page) -> psutil.Process:
    """The process of the page's kernel."""
    result = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    return next(each for each in psutil.process_iter(["cmdline"]) if any(result in word for word in each.info["cmdline"] or ()))  # fmt: skip


def test_a_page_that_is_loaded_anew_or_closed_leaves_no_kernel(page: Page) -> None:
    first = kernel_of(page)
    page.reload()
    expect(page.locator(".wb-overview .wb-bar").first).to_be_visible(timeout=UP)
    first.wait(60)
    second = kernel_of(page)
    assert second.pid != first.pid
    page.close(run_before_unload=True)
    second.wait(60)
