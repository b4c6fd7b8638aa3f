"""One pupil's file, a finding's row as it stands, review and what if, as an inspector meets them in the app: by keyboard, nothing serious for axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from many_findings import namesakes
from playwright.sync_api import Browser, Page, expect
from serving import DESK, OUTSIDE, UP, serve
from tiny_county import deliver, pupil, written

from auditlib.forms.review_reading import read_judgements

Axe = Callable[[Page], list[tuple[Any, ...]]]
SLOW = 120_000  # milliseconds for every rule to be built and run on a busy machine


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two namesakes, and a payment that may be either's."""
    folder = tmp_path_factory.mktemp("panels")
    written(deliver(folder / "files", namesakes(), output=folder / "runs" / "990111-2020-autumn"))
    return folder / "runs"


@pytest.fixture(scope="module")
def app(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve("app", runs, tmp_path_factory.mktemp("app"), "--language", "en")


@pytest.fixture
def page(browser: Browser, app: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, bypass_csp=True)  # type: ignore[arg-type]
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    browser_page = context.new_page()
    browser_page.goto(app)
    expect(browser_page.locator(".wb-overview .wb-bar").first).to_be_visible(timeout=UP)
    yield browser_page
    context.close()
    assert [url for url in requests if not url.startswith(OUTSIDE)] == []


def test_from_a_finding_to_the_pupils_file_and_what_would_clear_it(page: Page, violations: Axe) -> None:
    page.get_by_role("tab", name="List and decisions").click()
    page.locator(".wb-list tbody .wb-open").first.click()
    page.locator(".wb-source").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Data")).to_have_attribute("aria-selected", "true")
    row = page.get_by_role("region", name=re.compile("csv ›"))
    expect(row).to_contain_text("Taken for", timeout=SLOW)
    assert not [number for number in range(1, 13) if pupil(number)["name"] in row.inner_text()]
    assert violations(page) == []
    page.get_by_role("tab", name="List and decisions").click()
    page.get_by_role("button", name="The pupil's file").click()
    expect(page.locator(".wb-timeline")).to_contain_text("Count date", timeout=SLOW)
    text = page.locator(".wb-file:visible").inner_text()
    assert not [number for number in range(1, 13) if pupil(number)["id_number"] in text]
    page.get_by_role("button", name="What would clear this finding?").click()
    expect(page.locator(".wb-file:visible")).to_contain_text("these would clear it", timeout=SLOW)
    assert violations(page) == []


def test_a_pair_is_judged_by_keyboard_and_taken_back(page: Page, runs: Path, violations: Axe) -> None:
    page.get_by_label("Inspector").fill("李审")
    page.keyboard.press("Tab")
    page.get_by_role("tab", name="Review").click()
    expect(page.locator(".wb-progress")).to_have_text("Pair 1 of 2; 0 judged", timeout=SLOW)
    assert violations(page) == []
    page.locator(".wb-judge-bar button").first.focus()
    page.keyboard.press("2")
    expect(page.locator(".wb-progress")).to_have_text("Pair 2 of 2; 1 judged", timeout=SLOW)
    assert [judgement.decision for judgement in read_judgements([runs / "990111-2020-autumn"])] == [
        "different"
    ]
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".wb-judge")).to_contain_text("Judged: different (李审")
    page.keyboard.press("u")
    expect(page.locator(".wb-progress")).to_have_text("Pair 1 of 2; 0 judged", timeout=SLOW)
    assert read_judgements([runs / "990111-2020-autumn"]) == []


def test_what_if_a_date_were_another(page: Page, violations: Axe) -> None:
    page.get_by_role("tab", name="What if").click()
    page.get_by_label("Pay by").fill("2020-11-19")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.locator(".wb-moves tbody tr").first).to_contain_text("Paid late", timeout=SLOW)
    assert violations(page) == []
