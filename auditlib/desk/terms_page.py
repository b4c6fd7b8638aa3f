"""One county, term to term: which of its runs, as of which day; the trend and its roll-ups."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from auditlib.base.language import Text
from auditlib.base.run_folder import read_manifest
from auditlib.desk import writing
from auditlib.desk.jobs import programme_job
from auditlib.desk.page import Block, button, buttons, field, fields, heading, prose, table
from auditlib.desk.results import outcome
from auditlib.desk.state import State, runs_of
from auditlib.desk.waiting import waiting
from auditlib.trend.parameters import check_trend
from auditlib.workbench.runs import RunFolder, list_runs

TITLE = Text("学期对比", "Term to term")
ABOUT = Text(
    "选同一个县各学期的运行结果，看各项比率、重复出现的学校、没有了结的疑点，并写出月、季、半年汇总和整改台账。",
    "Choose the runs of one county, a term each: rates, schools found again, what stays open, the roll-ups and the rectification ledger.",
)
RUNS = Text("运行结果", "Runs")
AS_OF, AS_OF_HELP = (
    Text("截止日", "As of"),
    Text("之后的处理记录不看", "decisions after it are not looked at"),
)
VERIFY = Text("核实期限（天）", "Days to verify"), Text("从核定基准日算起", "from the count date")
RECTIFY = Text("整改期限（天）", "Days to rectify"), Text("从核实属实算起", "from the day it was confirmed")
LEVEL = "0.95"
CONFIDENCE = Text("置信度", "Confidence")
CONFIDENCE_HELP = Text("准确率区间的置信度，通常 0.95", "of the intervals of precision, usually 0.95")
START = Text("开始对比", "Compare")
NONE = Text("还没有自查的运行结果。", "There are no runs of self-checks yet.")
NONE_TICKED = Text("请先选中要对比的运行结果", "Tick the runs to compare first")
HEAD = "# 学期对比。由工作台写出，可以手改。 Written by the desk; may be edited by hand.\n"
BACK = Text("开始页", "Start")


def own_runs() -> list[RunFolder]:
    """Finished self-checks."""
    return [run for run in list_runs(runs_of()) if run.opens and run.term and _county(run.folder)]


def _county(folder: Path) -> str:
    """The code of the county whose run it is; empty for a city's."""
    return str(((read_manifest(folder) or {}).get("parameters") or {}).get("county_code") or "")


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    head = [heading(say(TITLE)), *state.notes(), prose(say(ABOUT), "hint")]
    if state.job:
        return [*head, *waiting(state)]
    rows = _run_rows(state)
    if not rows:
        return [*head, prose(say(NONE), "amber"), buttons([button(["go", "start"], say(BACK))])]
    moves = buttons([button(["go", "start"], say(BACK)), button(["start"], say(START), primary=True)])
    runs = table(say(RUNS), [say(RUNS)], rows, style="whole")
    return [*head, *outcome(state), runs, fields(_limits(state)), moves]


def _run_rows(state: State) -> list[list[str | Block]]:
    """A row for each finished self-check, to be ticked."""
    return [
        [field(["run", str(run.folder)], run.named(state.language), state.form.get(f"run {run.folder}", ""), "check")]
        for run in own_runs()
    ]  # fmt: skip


def _limits(state: State) -> list[Block]:
    """The day up to which decisions count, and the days that verifying and rectifying may take."""
    say, form = state.say, state.form
    as_of = form.get("as_of") or dt.date.today().isoformat()
    return [
        field(["form", "as_of"], say(AS_OF), as_of, "date", help=say(AS_OF_HELP)),
        field(["form", "confidence"], say(CONFIDENCE), form.get("confidence", LEVEL), help=say(CONFIDENCE_HELP)),
        *(
            field(["form", key], say(title), form.get(key, usual), "number", help=say(about))
            for key, (title, about), usual in (("verify_within", VERIFY, "60"), ("rectify_within", RECTIFY, "30"))
        ),
    ]  # fmt: skip


def parameters(state: State) -> dict[str, Any]:
    """The mapping of the parameter file."""
    form = state.form
    folders = [str(run.folder) for run in own_runs() if form.get(f"run {run.folder}")]
    code = _county(Path(folders[0])) if folders else "county"
    return {
        "runs": folders,
        "as_of": form.get("as_of") or dt.date.today().isoformat(),
        "verify_within": form.get("verify_within", "60"),
        "rectify_within": form.get("rectify_within", "30"),
        "confidence": form.get("confidence", LEVEL),
        "language": state.language,
        "output_dir": f"../runs/{code}-trend",
    }


def hear(state: State, name: list[str], value: str) -> None:
    """An answer. Raises UsageError for what the parameters may not be."""
    if name[0] == "run":
        state.form[f"run {name[1]}"] = value
    elif name[0] == "form":
        state.form[name[1]] = value
    elif name[0] == "start" and not any(state.form.get(f"run {run.folder}") for run in own_runs()):
        state.notice = ("amber", state.say(NONE_TICKED))
    elif name[0] == "start":
        values = parameters(state)
        trend = check_trend(values, base=writing.params_folder(), place="trend")
        file = writing.params_folder() / f"{trend.output_dir.name}.yaml"
        writing.write_yaml(file, values, HEAD)
        state.run, state.target = None, trend.output_dir
        state.job, state.doing = programme_job("trend", "term_trend", file), "trend"
        state.job.start()
