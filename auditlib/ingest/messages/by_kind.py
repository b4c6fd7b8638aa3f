"""Problems that say the same of many places, told once with all the places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.messages.problems import series


def by_kind(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, with all its places: a workbook of forty schools lacks its column once, not forty times."""
    groups: dict[tuple[Text, Text], list[Text]] = {}
    for problem in dict.fromkeys(problems):
        groups.setdefault((problem.what, problem.remedy), []).append(problem.where)
    return tuple(Problem(what, _places(where), remedy) for (what, remedy), where in groups.items())


def _places(places: Sequence[Text]) -> Text:
    """The first place in full, of the others where they are."""
    first, others = places[0], places[1:]
    if not others:
        return first
    zh, en = (
        series((_address(getattr(place, language)) for place in others), language)
        for language in ("zh", "en")
    )
    return Text(
        f"{first.zh}；同样的还有 {len(others)} 处：{zh}", f"{first.en}; the same in {len(others)} more: {en}"
    )


def _address(place: str) -> str:
    """A place without what is added in brackets at its end."""
    depth = 0
    for at in range(len(place) - 1, -1, -1):
        depth += (place[at] in "）)") - (place[at] in "（(")
        if depth == 0:
            return place[:at].rstrip() if at < len(place) - 1 else place
    return place
