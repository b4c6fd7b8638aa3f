"""All that a masked sitting sends to the page and lets out: no name, no number, nothing either could be worked out from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import comm
import pytest
from leaks import derived, leaks, people, raw, texts_in
from loops import in_a_loop
from many_findings import run_of

from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.listing import _Listing
from auditlib.workbench.workbench import Workbench

Traffic = list[str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(tmp_path_factory.mktemp("county"))


@pytest.fixture
def traffic(monkeypatch: pytest.MonkeyPatch) -> Traffic:
    """Everything that goes from the kernel to the page, files too."""
    messages_sent: Traffic = []

    def publish(
        _self: Any, _kind: str, data: Any = None, _meta: Any = None, buffers: Any = None, **_more: Any
    ) -> None:
        messages_sent.append(json.dumps(data, ensure_ascii=False, default=str))
        for buffer in buffers or ():
            messages_sent.extend(texts_in(bytes(buffer)))

    monkeypatch.setattr(comm.DummyComm, "publish_msg", publish)
    return messages_sent


def widgets(part: Any) -> Iterator[Any]:
    yield part
    for child in getattr(part, "children", ()):
        yield from widgets(child)


def sit(run: Path) -> Workbench:
    """A sitting in which every tab is opened, every finding looked at, searched, decided, put on slips, exported."""
    bench = Workbench(run.parent, "zh")
    session = bench.session
    assert session.stored
    session.who = "张审计"
    for key in session.panels:
        session.panel = key
    listing = _Listing(session)
    name, number, _student = people(run)[0]
    for text in (name, number[-6:], number[:6], ""):
        listing.grid.search = text
    listing.grid.order = {"column": "id_number", "descending": True}
    for finding in session.stored.ids(ListFilter()):
        for key in ("listing", "pupil"):
            session.choose(panel=key, finding_id=finding)
    in_a_loop(listing.export())
    for button in (each for each in widgets(bench.shell) if type(each).__name__ == "Button"):
        if button.description in ("打印", "发学校（xlsx）", "什么变化能消除这条疑点？"):
            button.click()
    session.speak("en")
    bench.draw()
    return bench


def test_all_traffic_of_a_masked_sitting_gives_nobody_away(run: Path, traffic: Traffic) -> None:
    bench = sit(run)
    assert not bench.session.unmasked
    assert sum(map(len, traffic)) > 100_000
    assert any("[Content_Types].xml" in text for text in traffic)
    typed_texts = {people(run)[0][0]}  # the page is told again what was typed there
    assert leaks(traffic, run) <= typed_texts


def test_the_same_search_finds_what_is_there_once_names_are_shown(run: Path, traffic: Traffic) -> None:
    """So the test above can fail."""
    bench = Workbench(run.parent, "zh")
    bench.session.unmasked = True
    bench.session.panel = "listing"
    bench.session.finding_id = bench.session.stored.ids(ListFilter())[0]
    leaks_found = leaks(traffic, run)
    assert leaks_found & raw(run)
    assert leaks([bench.session.finding_id], run) & derived(run)


def test_masked_slips_are_listed_in_no_order_of_hidden_keys(run: Path) -> None:
    bench = Workbench(run.parent, "zh")
    assert bench.session.stored
    page = bench.session.stored.page(ListFilter())
    ties = page.groupby(["family", "severity", "at_stake"], dropna=False)
    for _key, rows in ties:
        assert list(rows["sources"]) == sorted(rows["sources"])
