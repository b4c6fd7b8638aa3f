"""The first step: which county and term, where its files lie, what was decided in earlier runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.owners import shut_folder
from auditlib.base.places import home
from auditlib.base.strict_values import Wrong, a_code, a_term, a_text
from auditlib.desk import writing
from auditlib.desk.draft import SEASONS, Draft, new_draft, with_days_of_term
from auditlib.desk.page import Block, button, buttons, choice, field, fields, heading, prose, table
from auditlib.desk.state import State, new_run_folder, runs_of
from auditlib.tables.findings import column_title
from auditlib.workbench.runs import list_runs, spoken_term

TITLE = Text("县和文件夹", "County and folder")
CODE, NAME, TERM = column_title("county_code"), Text("县名", "County"), column_title("term")
CODE_HELP = Text("六位行政区划代码，如 990122", "the six digits of its area, such as 990122")
FOLDER = Text("放资料的文件夹", "Folder of the files")
FOLDER_HELP = Text("本机上的文件夹；文件只读，不会改动", "on this machine; files are read and never changed")
OWN_FOLDER = Text(
    "没有文件夹：新建一个，到下一步再放文件", "No folder yet: make one, and drop the files in the next step"
)
OPEN, UP = Text("打开“{name}”", "Open “{name}”"), Text("上一级", "One level up")
INSIDE = Text("{folder}：{files} 个文件，{folders} 个子文件夹", "{folder}: {files} files, {folders} folders")
FOLDERS = Text("子文件夹", "Folders inside")
EARLIER = Text("以前的运行", "Earlier runs")
EARLIER_HELP = Text("选中的运行，其处理记录和判断沿用到本次", "decisions and judgements of these carry over")
NEXT = Text("下一步：文件", "Next: files")
NO_FOLDER = Problem(
    Text("没有这个文件夹，或打不开", "There is no such folder, or it cannot be opened"),
    Text("放资料的文件夹", "folder of the files"),
    Text("在下面点选文件夹，或改正路径", "choose a folder below, or correct the path"),
)
MOST_SHOWN = 40
BACK_YEARS = 8


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say, answers = state.say, form_texts(state)
    form = fields(
        [
            field(["form", "code"], say(CODE), answers["code"], help=say(CODE_HELP)),
            field(["form", "name"], say(NAME), answers["name"]),
            choice(["form", "term"], say(TERM), answers["term"], terms(state.language, answers["term"])),
        ]
    )
    folder = fields(
        [field(["form", "folder"], say(FOLDER), answers["folder"], help=say(FOLDER_HELP), wide=True)]
    )
    return [
        heading(say(TITLE)),
        *state.notes(),
        form,
        folder,
        buttons([button(["own folder"], say(OWN_FOLDER))]),
        *browse(state, answers["folder"]),
        *earlier(state),
        ahead(state),
    ]


def ahead(state: State) -> Block:
    return buttons([button(["next"], state.say(NEXT), primary=True)])


def form_texts(state: State) -> dict[str, str]:
    """What stands in the form: what was typed, else the draft's."""
    draft = state.draft or Draft({})
    usual = {
        "code": draft.text("county_code"),
        "name": draft.text("county_name"),
        "term": draft.text("term") or current_term(dt.date.today()),
        "folder": str(state.data_dir()) if state.draft and draft.text("data_dir") else str(home()),
    }
    return {key: state.form.get(key, value) for key, value in usual.items()}


def current_term(day: dt.date) -> str:
    """The term that a day falls in."""
    if day.month in (1, 2):
        return f"{day.year - 1}-autumn"
    return f"{day.year}-{'spring' if day.month < 9 else 'autumn'}"


def terms(language: str, own: str) -> list[tuple[str, str]]:
    """The terms of the last years, the newest first; ``own``, which stands there already, among them."""
    year = dt.date.today().year
    every = [f"{y}-{season}" for y in range(year + 1, year - BACK_YEARS, -1) for season in reversed(SEASONS)]
    return [(term, spoken_term(term, language)) for term in sorted({*every, own}, key=_newest_first)]


def _newest_first(term: str) -> tuple[int, str]:
    year, _dash, season = term.partition("-")
    return -int(year), season  # autumn before spring


def browse(state: State, folder: str) -> list[Block]:
    """What is inside a folder, its folders to be opened."""
    say, path = state.say, Path(folder)
    try:
        inside = sorted(path.iterdir())
        folders = [one for one in inside if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return [prose(NO_FOLDER.into(state.language), "amber")]
    files = sum(1 for one in inside if one.is_file() and not one.name.startswith("."))
    about = prose(say(INSIDE, folder=path.name or folder, files=files, folders=len(folders)), "hint")
    up = button(["folder", str(path.parent)], say(UP))
    rows = [
        button(["folder", str(one)], one.name, label=say(OPEN, name=one.name)) for one in folders[:MOST_SHOWN]
    ]
    return [about, buttons([up, *rows])]


def earlier(state: State) -> list[Block]:
    """The finished runs of the county, to be named as earlier ones."""
    say, draft = state.say, state.draft or Draft({})
    code = form_texts(state)["code"]
    own = (
        [run for run in list_runs(runs_of()) if run.opens and run.folder.name.startswith(f"{code}-")]
        if code
        else []
    )
    if not own:
        return []
    earlier_runs = previous(state, draft)
    rows = [
        [
            field(
                ["previous", str(run.folder)],
                run.named(state.language),
                "1" if run.folder in earlier_runs else "",
                "check",
            )
        ]
        for run in own
    ]
    return [
        heading(say(EARLIER), 3),
        prose(say(EARLIER_HELP), "hint"),
        table(say(EARLIER), [say(EARLIER)], rows, style="whole"),
    ]


def previous(state: State, draft: Draft) -> list[Path]:
    """The earlier runs that the draft names."""
    base = writing.params_folder()
    return [(base / str(folder)).resolve() for folder in draft.values.get("previous") or []]


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "form":
        state.form[name[1]] = value
    elif name[0] == "folder":
        state.form["folder"] = name[1]
    elif name[0] == "own folder":
        own_folder(state)
    elif name[0] == "previous" and (state.draft or accept(state)):
        folders = [folder for folder in previous(state, state.term) if str(folder) != name[1]]
        folders += [Path(name[1])] if value else []
        state.draft = state.term.with_value("previous", [str(folder) for folder in folders])
    elif name[0] == "next" and accept(state):
        state.page = "files"


def own_folder(state: State) -> None:
    """A new folder of the county's term, for its owner alone, into which files are dropped in the next step."""
    answers = form_texts(state)
    if not read_form(answers):
        folder = shut_folder(home() / "data" / f"{answers['code']}-{answers['term']}")
        state.form["folder"] = str(folder)
    if accept(state):
        state.page = "files"


def accept(state: State) -> bool:
    """The form into the draft; what is wrong with it is said."""
    answers = form_texts(state)
    try:
        values_read = read(answers)
    except UsageError as refused:
        state.refuse(refused)
        return False
    draft = state.draft
    output = new_run_folder(values_read["code"], values_read["term"])
    if draft is None:
        draft = new_draft(
            values_read["code"],
            values_read["name"],
            values_read["term"],
            values_read["folder"],
            output,
            state.language,
        )
    if draft.text("term") != values_read["term"]:
        draft = with_days_of_term(
            replace(draft, values={**draft.values, "term": values_read["term"], "output_dir": output})
        )
    values = {
        "county_code": values_read["code"],
        "county_name": values_read["name"],
        "data_dir": values_read["folder"],
    }
    if state.draft and draft.text("data_dir") and state.data_dir() == Path(values_read["folder"]):
        values["data_dir"] = draft.text("data_dir")  # as it was written
    same_county = draft.text("county_code") == values_read["code"]
    if not same_county:
        values["output_dir"] = output
    state.draft = replace(draft, values={**draft.values, **values})
    state.profile = writing.read_profile(values_read["code"])
    state.form = {}
    return True


def read(answers: dict[str, str]) -> dict[str, str]:
    """The form's answers as parameters read them. Raises UsageError with everything that is wrong."""
    problems = read_form(answers)
    if not Path(answers["folder"]).is_dir():
        problems.append(NO_FOLDER)
    if problems:
        raise UsageError(problems)
    return {**answers, "folder": str(Path(answers["folder"]).resolve()), "name": answers["name"].strip()}


def read_form(answers: dict[str, str]) -> list[Problem]:
    """What is wrong with the answers but the folder."""
    readers = {"code": (a_code, CODE), "name": (a_text, NAME), "term": (a_term, TERM)}
    problems = []
    for key, (reader, title) in readers.items():
        try:
            reader(answers[key])
        except Wrong as wrong:
            problems.append(Problem(Text(f"“{title.zh}”没有填对", f"“{title.en}” is not filled in rightly"), title,
                                    Text(f"应为{wrong.asked.zh}", f"write {wrong.asked.en}")))  # fmt: skip
    return problems
