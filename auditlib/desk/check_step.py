"""The last step: a light a sheet, everything that is wrong with where it is put right, the run, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.desk.checked import AMBER, GREEN, RED, IngestCheck
from auditlib.desk.files_step import sheet_title, undecided_sheets
from auditlib.desk.jobs import programme_job
from auditlib.desk.page import Block, button, buttons, cell, heading, prose, table
from auditlib.desk.results import outcome
from auditlib.desk.scope_form import empty_tables
from auditlib.desk.sheets import lacking
from auditlib.desk.start_page import term_after
from auditlib.desk.state import State
from auditlib.desk.values_step import start_reading
from auditlib.desk.waiting import waiting
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

TITLE = Text("检查和运行", "Check and run")
LIST, LIGHT, SHEET, KIND = (
    Text("每张表的检查结果", "What the check says of each sheet"),
    Text("结果", "Result"),
    Text("文件 › 工作表", "File › sheet"),
    Text("表", "Table"),
)
USED_TEXT, REFUSED_TEXT, UNUSED_TEXT = (
    Text("采用", "Used"),
    Text("拒收", "Refused"),
    Text("未用的列", "Columns not used"),
)
WORDS = {
    GREEN: Text("正常", "good"),
    AMBER: Text("请看一眼", "look at it"),
    RED: Text("要改", "to be mended"),
}
LIKE = Text("{header}（像是“{column}”）", "{header} (like {column})")
NOT_READ = Text(
    "没有读到：{columns}。若在未用的列中，请回“文件”一步选上",
    "not read: {columns}. If one of these columns is it, choose it in the step Files",
)
NO_ROWS = Text(
    "没有数据行；确实一行都没有的，到“日期和界限”一步勾选",
    "no rows; where there truly are none, tick it in the step Dates and limits",
)
UNREAD = Text("读不出的格：{columns}", "cells that cannot be read: {columns}")
PROBLEMS = Text("有 {n} 处要改，改好才能运行", "{n} things to mend before it can run")
SPELLINGS = Text("有 {n} 种写法还没有说明是什么意思", "{n} spellings whose meaning has not been said")
MEND = Text("去改", "Mend it")
MEND_IT = Text("去改：{what}", "mend: {what}")
SOUND = Text(
    "{sheets} 张表、{rows} 行可用，没有必须改的。",
    "{sheets} sheets and {rows} rows can be used; nothing has to be mended.",
)
STALE = Text("上次检查以后改过，请再检查一次。", "Something has changed since the last check: check again.")
CHECK, AGAIN, RUN = (
    Text("检查文件", "Check the files"),
    Text("再检查一次", "Check again"),
    Text("开始自查", "Start the self-check"),
)
BACK = Text("上一步", "Back")
DONE_TEXT = Text("已完成。", "Done.")
STOPPED_TEXT = Text("已取消，原有的结果都没有动。", "Cancelled; the results that were there are untouched.")
COMMITTED_TEXT = Text(
    "已封存总体清单，市里已作出承诺（记入 commitments.csv）。下面“分发各县的承诺”里的各行请交各县留存。",
    "The lists are sealed and the city has committed itself (commitments.csv records it). Hand each county its line under “The commitments to hand out”.",
)
FAILED_TEXT = Text(
    "没有做完，原因如下。改好后再来。", "It did not end well, for this reason. Mend it and come back."
)
WAITS = Text("还没有读：先改上面说的", "not read yet: mend what is told above")
SHOWN_UNUSED = 6


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    head = [heading(say(TITLE)), *state.notes()]
    if state.job:
        return [*head, *waiting(state)]
    parts = list[Block]()
    if state.failure:
        label = say(MEND_IT, what=state.failure.split("\n")[0])
        parts.append(buttons([button(["mend failure"], say(MEND), label=label)]))
    if state.check:
        parts += [*verdict(state, state.check), lights(state, state.check)]
    moves = [
        button(["go", "days"], say(BACK)),
        button(["check"], say(AGAIN if state.check else CHECK), primary=not may_run(state)),
    ]
    if may_run(state):
        moves.append(button(["run"], say(RUN), primary=True))
    return [*head, *outcome(state), *parts, buttons(moves)]


def may_run(state: State) -> bool:
    """Has what is chosen now been checked, and does nothing stop it?"""
    is_sound = state.is_checked and state.check is not None and state.check.is_sound
    return is_sound and not state.undecided and not state.closed_files


def verdict(state: State, check: IngestCheck) -> list[Block]:
    """What the check came to; each problem with a way to where it is mended."""
    say = state.say
    stale = [] if state.is_checked else [prose(say(STALE), "amber")]
    open_sheets = undecided_sheets(state)
    if check.is_sound and not open_sheets:
        tables = [sheet for sheet in check.sheets if sheet["header_rows"]]
        rows = f"{sum(sheet['used'] for sheet in tables):,}"
        return [*stale, prose(say(SOUND, sheets=len(tables), rows=rows), "good")]
    spellings = len(check.unknown_spellings())
    others = [
        (at, text) for at, text in enumerate(check.problems) if place_of(text) != "values" or not spellings
    ]
    questions = {"files": open_sheets, "values": say(SPELLINGS, n=spellings) if spellings else ""}
    count = len(others) + sum(map(bool, questions.values()))
    parts = [prose(say(PROBLEMS, n=count), "amber")]
    for page, text in questions.items():
        if text:
            way = button(["go", page], say(MEND), label=say(MEND_IT, what=text))
            parts += [prose(text, "alert"), buttons([way])]
    for at, text in others:
        what = text.split("\n")[0]
        parts += [
            prose(text, "alert"),
            buttons([button(["mend", str(at)], say(MEND), label=say(MEND_IT, what=what))]),
        ]
    return [*stale, *parts]


def lights(state: State, check: IngestCheck) -> Block:
    """A line a sheet."""
    say, rows = state.say, list[list[str | Block]]()
    for sheet in check.sheets:
        light = check.light(sheet["table"], sheet["file"], sheet["sheet"])
        place = sheet_title((sheet["file"], sheet["sheet"]))
        table_chosen = state.term.sheets.get((sheet["file"], sheet["sheet"]), sheet["table"])
        if not table_chosen or (table_chosen != sheet["table"] and not sheet["used"]):
            continue  # put aside, or of another table, though its workbook is read for this one
        rows.append([cell(say(WORDS[light]), light), place, word(sheet["table"], state.language), cell(f"{sheet['used']:,}", right=True),
                     cell(f"{sheet['rejected']:,}", right=True), remarks(state, check, sheet)])  # fmt: skip
    head = [say(part) for part in (LIGHT, SHEET, KIND, USED_TEXT, REFUSED_TEXT, UNUSED_TEXT)]
    return table(say(LIST), head, rows)


def remarks(state: State, check: IngestCheck, sheet: Mapping[str, Any]) -> str:
    """What is to be seen of a sheet beside its counts."""
    parts = (
        unused_columns(state, sheet["table"], sheet["unused"]),
        not_read(state, check, sheet),
        unread(state, sheet),
        _no_rows(state, check, sheet),
    )
    return ("；" if state.language == "zh" else "; ").join(filter(None, parts))


def unused_columns(state: State, table_name: str, columns: list[dict[str, str]]) -> str:
    """The columns that nobody read, those first that look like one that is needed."""
    between = "、" if state.language == "zh" else ", "
    parts = []
    for one in sorted(columns, key=lambda column: not column["looks_like"])[:SHOWN_UNUSED]:
        header, like = scrub(one["header"]) or one["letter"], one["looks_like"]
        parts.append(
            state.say(LIKE, header=header, column=TABLES[table_name].by_name[like].title) if like else header
        )
    return between.join(parts) + ("…" if len(columns) > SHOWN_UNUSED else "")


def not_read(state: State, check: IngestCheck, sheet: Mapping[str, Any]) -> str:
    """What rules stand on and the sheet does not give: one of the columns that nobody read may be it."""
    names = check.not_read(sheet["table"], sheet["file"], sheet["sheet"])
    titles = lacking(sheet["table"], [[name] for name in names])
    return state.say(NOT_READ, columns=titles) if names else ""


def _no_rows(state: State, check: IngestCheck, sheet: Mapping[str, Any]) -> str:
    if check.could_not_read(sheet):
        return state.say(WAITS)
    is_open = not (sheet["used"] or sheet["rejected"]) and sheet["table"] not in empty_tables(state)
    return state.say(NO_ROWS) if is_open and sheet["header_rows"] else ""


def unread(state: State, sheet: Mapping[str, Any]) -> str:
    """The columns some of whose cells cannot be read, and how many."""
    counts = [f"{scrub(str(one['header']))} {one['unread']}" for one in sheet["columns"] if one["unread"]]
    between = "、" if state.language == "zh" else ", "
    return state.say(UNREAD, columns=between.join(counts)) if counts else ""


# --- what is asked --------------------------------------------------------------------------------------------------


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "check":
        start_reading(state)
    elif name[0] == "run" and may_run(state):
        state.save()
        start_run(state)
    elif name[0] == "next term":
        term_after(state, state.file)
    elif name[0] == "mend failure":
        failure, state.failure = state.failure, ""
        to_mend(state, failure)
    elif name[0] == "mend" and state.check:
        to_mend(state, state.check.problems[int(name[1])])


def start_run(state: State) -> None:
    """The self-check begins, on the parameter file as it stands."""
    state.run, state.failure = None, ""
    state.job, state.doing = programme_job("self-check", "county_self_check", state.file), "self-check"
    state.job.start()


def to_mend(state: State, text: str) -> None:
    """The step at which a problem is put right; the sheet that it names is looked at."""
    state.page = place_of(text)
    if state.page == "files":
        first_mention = {key: text.find(" › ".join(filter(None, key))) for key in state.guesses}
        places = {key: at for key, at in first_mention.items() if at >= 0}
        state.sheet = min(places, key=lambda key: (places[key], -len(key[1])), default=state.sheet)
    state.notice = ("alert", text)


PLACES = (
    ("values", r"不认识的值|unknown values? "),
    ("law", r"params/policy|policy|政策文件"),
    (
        "days",
        r"hand_in|thresholds|count_date|as_of|pay_by|reply_by|enrolment_covers|rectification|ages|answers_for|leave_out|lost_share|memory_limit|spill_dir",
    ),
    ("county", r"data_dir|output_dir|previous|county_code"),
)


def place_of(text: str) -> str:
    """The step at which what a message asks is done."""
    what = "\n".join(text.split("\n")[:2])
    return next((page for page, words in PLACES if re.search(words, what)), "files")


def end_job(state: State) -> None:
    """The job is over: what it made is taken, what it refused is said."""
    job, doing = state.job, state.doing
    assert job is not None
    state.job = None
    if job.is_stopped:
        state.notice = ("amber", state.say(STOPPED_TEXT))
    elif doing == "ingest":
        if not state.take_check():
            state.notice = ("alert", f"{state.say(FAILED_TEXT)}\n{job.message()}")
    elif not job.is_good:
        state.notice, state.failure = ("alert", f"{state.say(FAILED_TEXT)}\n{job.message()}"), job.message()
    elif doing == "commit":
        needs, _gap, state.handed_out = job.answer.strip().partition("\n\n")
        state.notice = ("good", f"{state.say(COMMITTED_TEXT)}\n{needs}")
    else:
        state.run = state.output_dir() if doing == "self-check" else state.target
        *lines, _page = job.answer.strip().splitlines() or [""]
        state.notice = ("good", "\n".join([state.say(DONE_TEXT), *lines]))
