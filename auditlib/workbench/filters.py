"""What is filtered at the moment, above every panel: each filter in words, to be taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from auditlib.base.language import Text
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.overview import band
from auditlib.workbench.parts import Chips, words
from auditlib.workbench.session import Session
from auditlib.workbench.shown import TITLES
from auditlib.workbench.stored import BANDS, band_filter

WORDS = {
    "remove": Text("取消筛选", "Remove the filter"),
    "clear": Text("全部取消", "Remove all"),
    "lang": Text("zh-CN", "en"),
}
WHOLE_TEXT, FILTERED_TEXT = (
    Text("未筛选，显示全部疑点", "Nothing is filtered: all findings are shown"),
    Text("正在筛选", "Filtered by"),
)
SEARCHED_TEXT = Text("搜索", "Search")
SEARCH = "search"


def panel(session: Session) -> Chips:
    """The filters that hold."""
    chips = Chips(words=words(session, **WORDS))

    def draw(_change: Any = None) -> None:
        with chips.hold_sync():
            chips.chips = [{"key": key, "text": text} for key, text in filter_words(session)]
            chips.said = session.say(FILTERED_TEXT if chips.chips else WHOLE_TEXT)

    def press(_widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        session.list_filter = without(session.list_filter, str(message.get("key") or ""))

    chips.on_msg(press)
    session.observe(draw, ["list_filter"])
    draw()
    return chips


def without(list_filter: ListFilter, key: str) -> ListFilter:
    """The list filter less one of its filters; an empty key takes all away and keeps the order."""
    if not key:
        return ListFilter(order=list_filter.order, descending=list_filter.descending)
    return replace(list_filter, search="") if key == SEARCH else list_filter.without(key)


def filter_words(session: Session) -> list[tuple[str, str]]:
    """Each filter that holds: its key and its words."""
    list_filter, colon = session.list_filter, "：" if session.language == "zh" else ": "
    search = (
        [(SEARCH, session.say(SEARCHED_TEXT) + colon + list_filter.search.strip())]
        if list_filter.search.strip()
        else []
    )
    choices = [
        (
            column,
            colon.join(
                (session.say(TITLES[column]), " / ".join(session.labels.of(column, code) for code in codes))
            ),
        )
        for column, codes in list_filter.choices.items()
    ]
    typed_words = [
        (column, session.say(TITLES[column]) + colon + _typed_words(session, text))
        for column, text in list_filter.typed.items()
    ]
    return [*search, *choices, *typed_words]


def _typed_words(session: Session, text: str) -> str:
    return band(session, text) if text in map(band_filter, range(len(BANDS))) else text
