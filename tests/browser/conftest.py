"""One Chromium for all that a person sees, with the fonts of the package, and a word for what it asks of the outside."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import noto_cjk_sans_otc
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert chromium, "install Debian's chromium: apt-get install -y --no-install-recommends chromium"
    folder = tmp_path_factory.mktemp("fonts")
    file = folder / "fonts.conf"
    file.write_text(
        FONTS.format(fonts=Path(noto_cjk_sans_otc.FONT_PATH).parent, cache=folder / "cache"), "utf-8"
    )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, env={**os.environ, "FONTCONFIG_FILE": str(file)}
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[tuple[Any, ...]]]:
    """What axe-core finds serious on a page: the rule and where it is first broken."""
    script = AXE.read_text("utf-8")

    def look(page: Page) -> list[tuple[Any, ...]]:
        page.evaluate(script)
        axe_violations = page.evaluate("axe.run()")["violations"]
        return [(v["id"], v["nodes"][0]["html"]) for v in axe_violations if v["impact"] in SERIOUS]

    return look


@pytest.fixture(scope="session")
def alone(browser: Browser) -> Callable[..., AbstractContextManager[Page]]:
    """Opens a page; that it asked for anything outside of itself or complained of something fails the test.

    ``with_axe``: let that script in, which the page's own policy forbids.
    """

    @contextmanager
    def browser_page(file: Path, width: int, height: int = 900, *, with_axe: bool = False) -> Iterator[Page]:
        requests: list[str] = []
        console_lines: list[str] = []

        def stop(route: Route) -> None:
            requests.append(route.request.url)
            route.abort()

        context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=with_axe)
        page = context.new_page()
        page.route(re.compile(r"^(?!file:|data:|blob:)"), stop)
        page.on("console", lambda message: console_lines.append(message.text))
        page.on("pageerror", lambda error: console_lines.append(str(error)))
        page.goto(file.as_uri())
        yield page
        context.close()
        assert (requests, console_lines) == ([], [])

    return browser_page
