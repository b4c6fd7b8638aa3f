"""The desk without a browser: pages in their order, what is asked of them, what is under way."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.desk import (
    check_step,
    city_page,
    county_step,
    days_step,
    files_step,
    law_step,
    start_page,
    terms_page,
    values_step,
)
from auditlib.desk.page import Block, steps
from auditlib.desk.state import State

STEPS: dict[str, ModuleType] = {
    "county": county_step,
    "files": files_step,
    "values": values_step,
    "law": law_step,
    "days": days_step,
    "check": check_step,
}
PAGES: dict[str, ModuleType] = {"start": start_page, **STEPS, "city": city_page, "terms": terms_page}
THE_STEPS = Text("自查的步骤", "Steps of the self-check")


class Desk:
    """One sitting. :meth:`blocks` is what is shown; :meth:`hear` takes what is chosen or pressed."""

    def __init__(self, language: str = "zh"):
        self.state = State(language)

    def blocks(self) -> list[Block]:
        """The page in front."""
        page = PAGES[self.state.page]
        return [*self._steps(), *page.blocks(self.state)]

    def _steps(self) -> list[Block]:
        state = self.state
        if state.page not in STEPS:
            return []
        is_open = state.draft is not None and bool(state.draft.text("data_dir")) and state.job is None
        items = [(key, state.say(module.TITLE), is_open) for key, module in STEPS.items()]
        return [steps(state.say(THE_STEPS), items, state.page)]

    def hear(self, name: list[str], value: str = "") -> None:
        """What was chosen or pressed; what it refuses is said on the page."""
        state, before, draft = self.state, self.state.page, self.state.draft
        try:
            if name[0] == "stop" and state.job:
                state.job.stop()
            elif name[0] == "go":
                state.page = name[1]
            else:
                PAGES[state.page].hear(state, name, value)
            if before in STEPS and state.draft is not None and state.draft is not draft and draft is not None:
                state.save()  # what is chosen is kept, though the page be closed
            if state.page != before:
                self.enter(before)
        except AuditError as refused:
            state.page = before
            state.refuse(refused)

    def take(self, place: str, name: str, start: int, size: int, content: bytes) -> None:
        """A piece of a file that was dropped on a ``place`` of the page in front."""
        state, page = self.state, PAGES[self.state.page]
        if not hasattr(page, "receiver") or state.job is not None:
            return
        try:
            if start == 0 and (state.dropped is None or state.dropped_at != (state.page, place)):
                state.dropped, state.dropped_at = page.receiver(state, place), (state.page, place)
            if state.dropped is not None:
                state.dropped.piece(name, start, size, content)
        except AuditError as refused:
            state.dropped = None
            state.refuse(refused)

    def run_again(self, run: Path) -> None:
        """The self-check whose run is looked at, once more; where it cannot begin the page says why."""
        state = self.state
        if state.job is not None:
            return
        start_page.run_again(state, run)
        if state.page == "check":
            check_step.start_run(state)

    def enter(self, before: str) -> None:
        """What a page needs when one comes to it."""
        state = self.state
        if state.draft is not None and before == "county" and state.page in STEPS:
            self.look()
        if state.page == "values":
            values_step.enter(state)

    def look(self) -> None:
        """The files of the folder; of a next term, those like the last term's are put where these were."""
        state = self.state
        state.look()
        if state.earlier is not None:
            state.as_before(state.earlier)
            state.earlier = None

    def tick(self) -> bool:
        """Looks after what is under way; True where the page has something new to show."""
        job = self.state.job
        if job is None:
            return False
        if job.is_over:
            check_step.end_job(self.state)
        return True
