"""How a person goes through the desk's pages: by mouse, or by keyboard alone. Both do the same by the same names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATIENCE, WHOLE_RUN = 120_000, 900_000  # milliseconds on a machine that does other things besides
FARTHEST = 600  # presses of Tab after which nobody looks any further


def part(page: Page, *name: str) -> Locator:
    """What the desk gave this name."""
    return page.locator(f"[data-name='{json.dumps(list(name), ensure_ascii=False, separators=(',', ':'))}']")


def wait_until_shown(page: Page, patience: int = PATIENCE) -> None:
    """What was asked is shown."""
    expect(page.locator(".desk-page[aria-busy=true]")).to_have_count(0, timeout=patience)


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page):
        self.page = page

    def press_there(self, place: Locator) -> None:
        """A button, a summary, a link."""
        place.click()

    def press(self, *name: str, patience: int = PATIENCE) -> None:
        """A button of the desk, and waits for what it brings."""
        self.press_there(part(self.page, *name))
        wait_until_shown(self.page, patience)

    def choose(self, code: str, *name: str) -> None:
        """One of a list."""
        part(self.page, *name).select_option(code)
        wait_until_shown(self.page)

    def type_in(self, text: str, *name: str) -> None:
        """Into a field, and on to the next."""
        part(self.page, *name).fill(text)
        part(self.page, *name).press("Tab")
        wait_until_shown(self.page)

    def tick(self, *name: str) -> None:
        """A box that is not ticked yet."""
        part(self.page, *name).check()
        wait_until_shown(self.page)

    def drop(self, files: Sequence[Path], *name: str) -> None:
        """Files by the button that opens the browser's choice of files."""
        with self.page.expect_file_chooser() as chooser:
            self.press_there(part(self.page, *name))
        chooser.value.set_files(list(files))


class Keyboard(Mouse):
    """Tab, Enter, Space, arrows and letters; the mouse lies still."""

    def reach(self, place: Locator) -> None:
        """By Tab from wherever one is. Fails for what cannot be reached so."""
        for _press in range(FARTHEST):
            if place.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by Tab: {place}")

    def press_there(self, place: Locator) -> None:
        self.reach(place)
        self.page.keyboard.press("Enter")

    def choose(self, code: str, *name: str) -> None:
        """The list opened, the arrows to the line, Enter: nothing is chosen on the way there."""
        place = part(self.page, *name)
        self.reach(place)
        at, to = place.evaluate(
            "(list, code) => [list.selectedIndex, [...list.options].findIndex(line => line.value === code)]",
            code,
        )
        self.page.keyboard.press("Space")
        for _line in range(abs(to - at)):
            self.page.keyboard.press("ArrowDown" if to > at else "ArrowUp")
        self.page.keyboard.press("Enter")
        wait_until_shown(self.page)
        expect(part(self.page, *name)).to_have_value(code)

    def type_in(self, text: str, *name: str) -> None:
        place = part(self.page, *name)
        self.reach(place)
        if place.get_attribute("type") == "date":  # its parts stand in the order of the browser's language
            year, month, day = text.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")
            self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(text)
            self.page.keyboard.press("Tab")
        wait_until_shown(self.page)

    def tick(self, *name: str) -> None:
        self.reach(part(self.page, *name))
        self.page.keyboard.press("Space")
        wait_until_shown(self.page)
        expect(part(self.page, *name)).to_be_checked()
