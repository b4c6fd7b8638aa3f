"""What nobody expected, said in the workbench in words: where in the program, and nothing of anybody."""

from __future__ import annotations

import re
from pathlib import Path

import ipywidgets
import pytest
from run_fixture import finished_run

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.workbench.alarm import in_words
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.workbench import Workbench


class Shell:
    """As much of IPython as ipywidgets asks for when a callback fails."""

    def showtraceback(self, *args: object, **options: object) -> None:
        self.printed = True


def test_an_error_nobody_expected_is_said_without_traceback_or_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_run(tmp_path / "runs" / "990122-2020-autumn")
    shell = Shell()
    for place in ("auditlib.workbench.workbench", "ipywidgets.widgets.widget"):
        monkeypatch.setattr(f"{place}.get_ipython", lambda: shell)
    workbench = Workbench(tmp_path / "runs", "zh")

    def break_down(_button: object) -> None:
        raise ValueError("王小明 990122201003070017")

    button = ipywidgets.Button()
    button.on_click(break_down)
    button.click()
    alarm_html = workbench.broken.value
    assert 'role="alert"' in alarm_html and "ValueError" in alarm_html and "意料之外" in alarm_html
    assert not any(word in alarm_html for word in ("王小明", "990122201003070017", "Traceback"))
    assert not hasattr(shell, "printed")
    shell.showtraceback(running_compiled_code=True)  # a cell's
    assert shell.printed
    workbench.open(workbench.found[0])
    assert workbench.broken.value == ""


def test_an_error_nobody_expected_is_placed_by_file_and_line() -> None:
    with pytest.raises(KeyError) as raised_error:
        ListFilter().choosing("no column", ("x",))
    assert re.search(r"KeyError workbench/list_filter\.py:\d+", in_words(raised_error.value).into("en"))
    refusal = AuditError(Problem(Text("甲", "a"), Text("乙", "b"), Text("丙", "c")))
    assert in_words(refusal) is refusal
