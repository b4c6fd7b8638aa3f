"""From a folder of files to a report without terminal or editor, on a county whose headers and values nobody knows; then the
city's re-check to its conclusion. Once in Chinese by mouse, once in English by keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import exported_county as exported
import pandas as pd
import pytest
from hands import PATIENCE, WHOLE_RUN, Keyboard, Mouse, part, wait_until_shown
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import DESK, OUTSIDE, serve
from small_city import visited

from auditlib.base.places import MARKER
from auditlib.base.strict_yaml import read_yaml

Axe = Callable[[Page], list[tuple[Any, ...]]]
RUN = f"{exported.CODE}-2024-autumn"
CITY = "9903"
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
AT_ONCE = ("boarding", "result")  # few codes: a press says which
TABLE_OF = {"食宿情形": "enrolment", "在册情形": "enrolment"}
TWO_LISTS = ("系统名单.xlsx", "名单")


@dataclass(frozen=True)
class Words:
    """What the pages say in one language, as far as the tests look at it."""

    code: str
    refused: str
    same_money: str
    sound: str
    cancelled: str
    received: str
    not_taken: str
    begun: str
    concluded: str


ZH = Words(
    "zh",
    "“县名”没有填对",
    "像是同一笔钱",
    "没有必须改的",
    "已取消",
    "收下 {}",
    "没有收下 {}",
    "做过的自查",
    "个县的发放：",
)
EN = Words("en", "“County” is not filled in rightly", "look like the same money", "nothing has to be mended", "Cancelled",
           "received: {}", "not taken: {}", "Self-checks so far", "Counties: 1. Payments: ")  # fmt: skip
WAYS = pytest.mark.parametrize(
    ("words", "hands"), [(ZH, Mouse), (EN, Keyboard)], ids=["zh by mouse", "en by keyboard"]
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one's own."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / MARKER).touch()
    (folder / "params").mkdir()
    return folder


@pytest.fixture(scope="module")
def planted_cases(home: Path) -> list[tuple[str, str]]:
    """The problems planted in the county's files: rule and name."""
    everyone = exported.pupils()
    problems: list[tuple[str, str]] = exported.planted(everyone)
    exported.write(home / "files", everyone)
    return problems


@pytest.fixture(scope="module")
def app(
    home: Path, planted_cases: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    yield from serve("app", None, tmp_path_factory.mktemp("app"), folder=home)


@pytest.fixture
def page(browser: Browser, app: str) -> Iterator[Page]:
    """The start page at 1366 × 768; whatever it asks of the outside fails the test."""
    context: BrowserContext = browser.new_context(viewport=DESK, bypass_csp=True)
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    browser_page = context.new_page()
    browser_page.set_default_timeout(PATIENCE)
    browser_page.goto(app)
    expect(browser_page.locator(".desk-page h2")).to_be_visible(timeout=PATIENCE)
    yield browser_page
    context.close()
    assert [url for url in requests if not url.startswith(OUTSIDE)] == []


def is_sound(page: Page, violations: Axe, words: Words) -> bool:
    """Fits the screen, bars nobody, and its heading is in the reader's language."""
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heading = page.locator(".desk-page h2").inner_text()
    return fits and violations(page) == [] and heading.isascii() == (words is EN)


def speak(hand: Mouse, words: Words) -> None:
    if words is EN:
        hand.press_there(hand.page.get_by_role("button", name="English"))
        expect(hand.page.locator(".desk-page h2")).to_have_text("Where to begin")


def to_the_files(hand: Mouse, home: Path) -> None:
    """The first step; by mouse through the folders, by keyboard with the folder's path."""
    by_mouse = not isinstance(hand, Keyboard)
    where = home if by_mouse else home / "files"
    for key, text in (("code", exported.CODE), ("name", "样禾县"), ("folder", str(where))):
        hand.type_in(text, "form", key)
    hand.choose("2024-autumn", "form", "term")
    if by_mouse:
        hand.press("folder", str(home / "files"))
    hand.press("next")
    expect(hand.page.locator(".desk-beside")).to_be_visible()


def say_columns(hand: Mouse) -> None:
    """What the headers that nobody knows hold; no name of a child stands beside them."""
    names = {pupil.name for pupil in exported.pupils()}
    for sheet, columns in COLUMNS.items():
        hand.press("sheet", *sheet)
        for header, column in columns.items():
            table = TABLE_OF.get(header, "payments")
            expect(part(hand.page, "column", table, header)).to_have_class("desk-is-amber")
            hand.choose(column, "column", table, header)
        assert not any(name in hand.page.locator(".desk-beside").inner_text() for name in names)


def say_values(hand: Mouse) -> None:
    """What each spelling that is listed means."""
    for kind, spellings in VALUES.items():
        for spelling, code in spellings.items():
            if kind in AT_ONCE and part(hand.page, "value", kind, spelling, code).count():
                hand.press("value", kind, spelling, code)
            elif part(hand.page, "value", kind, spelling).count():
                hand.choose(code, "value", kind, spelling)


def drop_on_the_files(hand: Mouse, home: Path, words: Words) -> None:
    """A file chosen from the page comes into the folder; one that is no table is refused in words."""
    extra = home / "dropped" / "残联.csv"
    extra.parent.mkdir()
    extra.write_text("姓名,备注\n", "utf-8")
    (extra.parent / "通知.docx").write_bytes(b"x")
    hand.drop([extra, extra.parent / "通知.docx"], "drop", "files")
    notice = hand.page.locator(".desk-amber").first
    expect(notice).to_contain_text(words.received.format("残联.csv"), timeout=PATIENCE)
    expect(notice).to_contain_text(words.not_taken.format("通知.docx"))
    assert (home / "files" / "残联.csv").read_text("utf-8") == "姓名,备注\n"
    (home / "files" / "残联.csv").unlink()
    hand.press("again")


def stop_once(hand: Mouse, words: Words) -> None:
    """What is under way is cancelled."""
    hand.press_there(part(hand.page, "stop"))
    expect(hand.page.locator(".desk-amber").first).to_contain_text(words.cancelled, timeout=PATIENCE)
    wait_until_shown(hand.page)


def check_and_run(hand: Mouse, violations: Axe, words: Words) -> None:
    """The check finds two lists of the same money, and leads to the sheet; then the run."""
    page = hand.page
    hand.press("check", patience=WHOLE_RUN)
    expect(page.locator(".desk-alert")).to_contain_text(words.same_money)
    assert is_sound(page, violations, words)
    hand.press("mend", "0")
    hand.choose("planned", "table", *TWO_LISTS)
    hand.press("go", "check")
    hand.press("check", patience=WHOLE_RUN)
    expect(page.locator(".desk-good").first).to_contain_text(words.sound)
    hand.press("run", patience=WHOLE_RUN)


def test_a_button_that_is_pressed_right_after_typing_is_not_lost(page: Page) -> None:
    """Leaving the field has the page drawn anew while the button is still held down."""
    Mouse(page).press("new")
    part(page, "form", "name").fill("样禾县")
    part(page, "next").hover()
    page.mouse.down()
    page.locator(".desk-page[data-due]").wait_for()
    page.mouse.up()
    expect(page.locator(".desk-alert")).to_contain_text("没有填对")


def test_what_is_typed_while_the_page_is_drawn_anew_is_kept(page: Page) -> None:
    """The first field's answer comes while one types in the second, which one then leaves."""
    Mouse(page).press("new")
    part(page, "form", "code").fill(exported.CODE)
    part(page, "form", "name").focus()  # leaves the first field
    page.keyboard.insert_text("样禾")
    wait_until_shown(page)
    page.keyboard.insert_text("县")
    page.keyboard.press("Tab")
    wait_until_shown(page)
    Mouse(page).choose("2024-autumn", "form", "term")  # another answer has all drawn as the desk knows it
    expect(part(page, "form", "name")).to_have_value("样禾县")


@WAYS
def test_from_a_folder_to_the_report(
    page: Page,
    home: Path,
    planted_cases: list[tuple[str, str]],
    violations: Axe,
    words: Words,
    hands: type[Mouse],
) -> None:
    for folder in (home / "params", home / "runs"):
        shutil.rmtree(folder, ignore_errors=True)  # nothing is known of the county
    (home / "params").mkdir()
    hand = hands(page)
    speak(hand, words)
    hand.press("new")
    hand.type_in("99", "form", "code")
    hand.press("next")
    expect(page.locator(".desk-alert")).to_contain_text(words.refused)
    to_the_files(hand, home)
    assert is_sound(page, violations, words)
    if words is EN:
        drop_on_the_files(hand, home, words)
    say_columns(hand)
    if words is EN:
        hand.press_there(part(page, "next"))
        stop_once(hand, words)
        expect(page.locator(".desk-amber").last).to_contain_text("have not been read to the end")
        hand.press("read", patience=WHOLE_RUN)
    else:
        hand.press("next", patience=WHOLE_RUN)  # the files are read
    assert is_sound(page, violations, words)
    say_values(hand)
    hand.press("next")
    expect(page.locator(".desk-table")).to_contain_text("312.50")
    assert is_sound(page, violations, words)
    hand.press("next")
    expect(part(page, "limit", "pay_by")).to_have_value("2024-12-31")
    hand.type_in("2024-12-16", "limit", "reply_by")
    for summary in page.locator("summary").all():
        hand.press_there(summary)
    hand.type_in(UNIT, "task", "*", "unit")
    expect(part(page, "task", "missed", "unit")).to_have_value(UNIT)
    assert is_sound(page, violations, words)
    hand.press("next")
    check_and_run(hand, violations, words)
    with page.context.expect_page() as window:
        hand.press("report")
    expect(window.value.locator("h1")).to_contain_text("样禾县")
    expect(window.value.locator("table.required tbody tr").first).to_contain_text(UNIT)
    window.value.close()
    findings = pd.read_parquet(home / "runs" / RUN / "findings.parquet")
    assert sorted(zip(findings["rule"], findings["name"], strict=True)) == planted_cases
    parameters = read_yaml(home / "params" / f"{RUN}.yaml")
    assert (parameters["language"], parameters["thresholds"]["reply_by"]) == (words.code, "2024-12-16")
    values = read_yaml(home / "params" / "counties" / f"{exported.CODE}.yaml")["values"]
    assert values["boarding"] == VALUES["boarding"] and values["scheme"] == VALUES["scheme"]
    hand.press_there(page.locator("[data-name*=workbench]"))
    expect(page.locator(".wb-figure dd").first).to_have_text(str(len(planted_cases)), timeout=PATIENCE)
    hand.press_there(page.locator(".desk-again:visible"))  # the same run once more, from the workbench
    part(page, "stop").wait_for(timeout=PATIENCE)
    stop_once(hand, words)
    hand.press_there(page.locator(".desk-home:visible"))
    expect(page.get_by_role("region", name=words.begun)).to_contain_text(f"{RUN}.yaml")
    hand.press("next term", str(home / "params" / f"{RUN}.yaml"))
    expect(part(page, "form", "term")).to_have_value("2025-spring")


def drop_on_the_city(hand: Mouse, home: Path, place: str, file: Path, words: Words) -> None:
    """A package or a field sheet is stored and ticked; a letter is refused in words."""
    letter = home / "通知.docx"
    letter.write_bytes(b"x")
    hand.drop([file, letter], "drop", place)
    notice = hand.page.locator(".desk-amber").first
    expect(notice).to_contain_text(words.received.format(file.name), timeout=PATIENCE)
    expect(notice).to_contain_text(words.not_taken.format(letter.name))
    wait_until_shown(hand.page)
    [stored_file] = (home / "data").glob(f"{CITY}-*/{place}/{file.name}")
    expect(part(hand.page, "tick", place, str(stored_file))).to_be_checked()


def test_the_citys_draw_visits_and_conclusion_in_english_by_keyboard(
    page: Page, home: Path, violations: Axe
) -> None:
    """On the county of the test before: its package, the city's copy of its files, and visits that find nothing wrong."""
    hand = Keyboard(page)
    speak(hand, EN)
    hand.press("other", "city")
    for key, text in (("code", CITY), ("name", "Yang"), ("seed", "20250110")):
        hand.type_in(text, "form", key)
    hand.choose("2024-autumn", "form", "term")
    drop_on_the_city(hand, home, "package", home / "runs" / RUN / "package.zip", EN)
    hand.tick("tick", "county", str(home / "params" / f"{RUN}.yaml"))
    hand.type_in("2025-02-10", "form", "deadlines high")
    hand.press_there(page.locator("summary").last)
    assert is_sound(page, violations, EN)
    hand.press("start", patience=WHOLE_RUN)
    run = home / "runs" / f"{CITY}-2024-autumn"
    [sheet] = run.glob("field-*.xlsx")
    expect(part(page, "open", sheet.name)).to_be_visible()
    drop_on_the_city(hand, home, "sheet", visited(sheet, home / sheet.name), EN)
    assert is_sound(page, violations, EN)
    hand.press("start", patience=WHOLE_RUN)
    expect(page.locator(".desk-good").first).to_contain_text(EN.concluded)
    with page.context.expect_page() as window:
        hand.press("report")
    expect(window.value.locator(".verdict").first).to_contain_text(EN.concluded)
    window.value.close()
