"""From a folder of files to a report without terminal or editor, on a county whose headers and values nobody knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import exported_county as exported
import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from serving import DESK, OUTSIDE, serve

from auditlib.base.places import MARKER
from auditlib.base.strict_yaml import read_yaml

Axe = Callable[[Page], list[tuple[Any, ...]]]
START, WHOLE_RUN = 120_000, 900_000  # milliseconds on a machine that does other things besides
RUN = f"{exported.CODE}-2024-autumn"
COLUMNS = {
    ("学籍/青溪镇中心小学.xlsx", "Sheet1"): {"食宿情形": "boarding", "在册情形": "status"},
    ("银行代发.xlsx", "寄宿生生活补助"): {
        "客户证号": "id_number",
        "资金入卡日": "pay_date",
        "代发回执": "result",
    },
}
VALUES = {
    "boarding": {"住宿舍": "boarding", "回家住": "day"},
    "status": {"留校学习中": "enrolled", "已休学": "suspended"},
    "category": {"脱贫享受户": "registered_poor"},
    "scheme": {"义教寄宿补": "boarder_allowance", "义教走读补": "day_pupil_allowance"},
    "result": {"交易成功": "success", "户名不符退回": "returned"},
}
UNIT = "样禾县学生资助管理中心"
AT_ONCE = ("boarding", "result")  # few codes: a click says which
TABLE_OF = {"食宿情形": "enrolment", "在册情形": "enrolment"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one's own."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / MARKER).touch()
    (folder / "params").mkdir()
    return folder


@pytest.fixture(scope="module")
def planted(home: Path) -> list[tuple[str, str]]:
    """The problems planted in the files: rule and name."""
    everyone = exported.pupils()
    problems: list[tuple[str, str]] = exported.planted(everyone)
    exported.write(home / "files", everyone)
    return problems


@pytest.fixture(scope="module")
def app(
    home: Path, planted: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    yield from serve("app", None, tmp_path_factory.mktemp("app"), folder=home)


@pytest.fixture
def page(browser: Browser, app: str) -> Iterator[Page]:
    """The start page at 1366 × 768; whatever it asks of the outside fails the test."""
    context: BrowserContext = browser.new_context(viewport=DESK, bypass_csp=True)
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    browser_page = context.new_page()
    browser_page.set_default_timeout(START)
    browser_page.goto(app)
    expect(browser_page.locator(".desk-page h2")).to_be_visible(timeout=START)
    yield browser_page
    context.close()
    assert [url for url in requests if not url.startswith(OUTSIDE)] == []


def part(page: Page, *name: str) -> Locator:
    """What the desk gave this name."""
    return page.locator(f"[data-name='{json.dumps(list(name), ensure_ascii=False, separators=(',', ':'))}']")


def settled(page: Page, patience: int = START) -> None:
    """What was asked is shown."""
    expect(page.locator(".desk-page[aria-busy=true]")).to_have_count(0, timeout=patience)


def press(page: Page, *name: str, patience: int = START) -> None:
    part(page, *name).click()
    settled(page, patience)


def choose(page: Page, code: str, *name: str) -> None:
    part(page, *name).select_option(code)
    settled(page)


def type_in(page: Page, text: str, *name: str) -> None:
    part(page, *name).fill(text)
    part(page, *name).press("Tab")
    settled(page)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def to_the_files(page: Page, home: Path) -> None:
    press(page, "new")
    for key, text in (("code", exported.CODE), ("name", "样禾县"), ("folder", str(home))):
        type_in(page, text, "form", key)
    choose(page, "2024-autumn", "form", "term")
    press(page, "folder", str(home / "files"))  # by mouse: the folder inside
    press(page, "next")
    expect(page.locator(".desk-beside")).to_be_visible()


def test_from_a_folder_to_the_report_by_mouse(
    page: Page, home: Path, planted: list[tuple[str, str]], violations: Axe
) -> None:
    assert violations(page) == []
    to_the_files(page, home)
    assert violations(page) == [] and fits(page)
    names = {pupil.name for pupil in exported.pupils()}
    for sheet, columns in COLUMNS.items():
        press(page, "sheet", *sheet)
        for header, column in columns.items():
            table = TABLE_OF.get(header, "payments")
            expect(part(page, "column", table, header)).to_have_class("desk-is-amber")
            choose(page, column, "column", table, header)
        assert not any(name in page.locator(".desk-beside").inner_text() for name in names)
    press(page, "next", patience=WHOLE_RUN)  # the files are read
    say_values(page, violations)
    press(page, "next")
    expect(page.locator(".desk-table")).to_contain_text("312.50")
    assert violations(page) == []
    press(page, "next")
    expect(part(page, "limit", "pay_by")).to_have_value("2024-12-31")
    for summary in page.locator("summary").all():
        summary.click()
    type_in(page, UNIT, "task", "*", "unit")
    expect(part(page, "task", "missed", "unit")).to_have_value(UNIT)
    assert violations(page) == [] and fits(page)
    press(page, "next")
    press(page, "check", patience=WHOLE_RUN)
    expect(page.locator(".desk-alert")).to_contain_text("像是同一笔钱")
    assert violations(page) == []
    press(page, "mend", "0")  # leads to the sheet
    choose(page, "planned", "table", "系统名单.xlsx", "名单")
    press(page, "go", "check")
    press(page, "check", patience=WHOLE_RUN)
    expect(page.locator(".desk-good").first).to_contain_text("没有必须改的")
    press(page, "run", patience=WHOLE_RUN)
    with page.context.expect_page() as window:
        press(page, "report")
    expect(window.value.locator("h1")).to_contain_text("样禾县")
    expect(window.value.locator("table.required tbody tr").first).to_contain_text(UNIT)
    window.value.close()
    findings = pd.read_parquet(home / "runs" / RUN / "findings.parquet")
    assert sorted(zip(findings["rule"], findings["name"], strict=True)) == planted
    values = read_yaml(home / "params" / "counties" / f"{exported.CODE}.yaml")["values"]
    assert values["boarding"] == VALUES["boarding"] and values["scheme"] == VALUES["scheme"]
    page.locator("[data-name*=workbench]").click()
    expect(page.locator(".wb-figure dd").first).to_have_text(str(len(planted)), timeout=START)
    page.locator(".desk-again:visible").click()  # the same run once more, from the workbench
    part(page, "stop").click(timeout=START)
    expect(page.locator(".desk-amber").first).to_contain_text("已取消", timeout=START)
    page.locator(".desk-home:visible").click()
    expect(page.get_by_role("region", name="做过的自查")).to_contain_text(f"{RUN}.yaml")


def drop_by_keyboard(page: Page, home: Path) -> None:
    """A file chosen from the page comes into the folder; one that is no table is refused in words."""
    extra = home / "dropped" / "残联.csv"
    extra.parent.mkdir(exist_ok=True)
    extra.write_text("姓名,备注\n", "utf-8")
    (extra.parent / "通知.docx").write_bytes(b"x")
    with page.expect_file_chooser() as chooser:
        part(page, "drop", "files").focus()
        page.keyboard.press("Enter")
    chooser.value.set_files([extra, extra.parent / "通知.docx"])
    expect(page.locator(".desk-amber").first).to_contain_text("received: 残联.csv", timeout=START)
    expect(page.locator(".desk-amber").first).to_contain_text("not taken: 通知.docx")
    assert (home / "files" / "残联.csv").read_text("utf-8") == "姓名,备注\n"
    (home / "files" / "残联.csv").unlink()
    press(page, "again")


def say_values(page: Page, violations: Axe) -> None:
    """Says what each spelling that is listed means."""
    assert violations(page) == []
    for kind, words in VALUES.items():
        for word, code in words.items():
            if kind in AT_ONCE and part(page, "value", kind, word, code).count():
                press(page, "value", kind, word, code)
            elif part(page, "value", kind, word).count():
                choose(page, code, "value", kind, word)


def test_in_english_by_keyboard_a_reading_is_cancelled_and_the_next_term_is_prepared(
    page: Page, home: Path, violations: Axe
) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator(".desk-page h2")).to_have_text("Where to begin")
    part(page, "new").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-page h2")).to_have_text("County and folder")
    page.keyboard.press("Tab")  # from the heading, which has the focus, to the steps and on
    type_in(page, "99", "form", "code")
    part(page, "next").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-alert")).to_contain_text("“County” is not filled in rightly")
    assert violations(page) == [] and fits(page)
    page.get_by_role("button", name="Start", exact=True).click()
    to_the_files(page, home)
    assert violations(page) == [] and fits(page)
    drop_by_keyboard(page, home)
    press_no_wait = part(page, "next")
    press_no_wait.focus()
    page.keyboard.press("Enter")
    part(page, "stop").click()
    expect(page.locator(".desk-amber")).to_contain_text("Cancelled", timeout=START)
    page.get_by_role("button", name="Start", exact=True).click()
    part(page, "next term", str(home / "params" / f"{RUN}.yaml")).click()
    expect(part(page, "form", "term")).to_have_value("2025-spring")


def test_the_citys_page_takes_packages_and_field_sheets_and_ticks_them(
    page: Page, home: Path, violations: Axe
) -> None:
    press(page, "other", "city")
    type_in(page, "9903", "form", "code")
    choose(page, "2024-autumn", "form", "term")
    part(page, "tick", "county", str(home / "params" / f"{RUN}.yaml")).check()
    settled(page)
    page.locator("summary").last.click()
    type_in(page, "2025-02-10", "form", "deadlines high")
    assert violations(page) == [] and fits(page)
    sent = home / "sent"
    sent.mkdir()
    for name in ("package.zip", "检查表.xlsx", "通知.docx"):
        (sent / name).write_bytes(name.encode())
    for place, name in (("package", "package.zip"), ("sheet", "检查表.xlsx")):
        with page.expect_file_chooser() as chooser:
            part(page, "drop", place).focus()
            page.keyboard.press("Enter")
        chooser.value.set_files([sent / name, sent / "通知.docx"])
        expect(page.locator(".desk-amber").first).to_contain_text(f"收下 {name}", timeout=START)
        expect(page.locator(".desk-amber").first).to_contain_text("没有收下 通知.docx")
        [stored] = (home / "data").glob(f"9903-*/{place}/{name}")
        expect(part(page, "tick", place, str(stored))).to_be_checked()
        assert violations(page) == [] and fits(page)
