"""The first page: a new self-check, one that was begun, a run, the city's re-check, terms side by side."""

from __future__ import annotations

from pathlib import Path

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.places import home
from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import writing
from auditlib.desk.draft import Draft, following, next_term
from auditlib.desk.page import Block, button, buttons, heading, prose, table
from auditlib.desk.state import State, new_run_folder, runs_of
from auditlib.workbench.runs import files_writing_into, list_runs, spoken_term

TITLE = Text("从哪里开始", "Where to begin")
NEW = Text("新的自查", "New self-check")
ABOUT_NEW = Text(
    "选一个放着名册、学籍、发放明细的文件夹，一步步到报告。",
    "From a folder of registers, enrolment and payments, step by step to the report.",
)
BEGUN_TEXT = Text("做过的自查", "Self-checks so far")
COUNTY, TERM, FILE = Text("县", "County"), Text("学期", "Term"), Text("参数文件", "Parameter file")
GO_ON, NEXT = Text("继续", "Go on"), Text("下一学期", "Next term")
GO_ON_WITH, NEXT_OF = (
    Text("继续：{name}", "go on with {name}"),
    Text("{name} 的下一学期", "the term after {name}"),
)
RUNS = Text("打开运行结果", "Open a run")
RUN = Text("运行", "Run")
OPEN, OPEN_IT = Text("打开", "Open"), Text("打开 {name}", "open {name}")
NO_RUNS = Text("还没有运行结果。", "There are no runs yet.")
MORE = Text("市里和各学期", "The city, and all terms")
OTHERS = {"city": Text("市级复查", "City re-check"), "terms": Text("学期对比", "Term to term")}
NO_FILE_OF_RUN = Problem(
    Text("没有找到这次运行的参数文件", "The parameter file of this run was not found"),
    Text("params 文件夹", "the folder params"),
    Text(
        "从开始页“继续”那一县那一学期，再运行",
        "go on with that county and term from the start page, and run it there",
    ),
)
NO_DATA = Problem(
    Text("放资料的文件夹不在了，不能再核查", "The folder of the files is gone; it cannot be audited again"),
    Text("第一步：放资料的文件夹", "the first step: folder of the files"),
    Text(
        "把资料放回原处，或在第一步另选文件夹",
        "put the files back, or choose another folder in the first step",
    ),
)
MOST_SHOWN = 30


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    parts = [
        heading(say(TITLE)),
        *state.notes(),
        prose(say(ABOUT_NEW), "hint"),
        buttons([button(["new"], say(NEW), primary=True)]),
    ]
    others = [button(["other", page], say(title)) for page, title in OTHERS.items()]
    return [*parts, *begun_checks(state), *runs(state), heading(say(MORE), 3), buttons(others)]


def begun_checks(state: State) -> list[Block]:
    """The parameter files that there are, the one last written first."""
    say, rows = state.say, list[list[str | Block]]()
    for file in parameter_files():
        content = read_yaml(file)
        term = spoken_term(str(content["term"]), state.language)
        name = f"{content['county_name']} {term}"
        rows.append([str(content["county_name"]), term, file.name,
                     button(["go on", str(file)], say(GO_ON), label=say(GO_ON_WITH, name=name)),
                     button(["next term", str(file)], say(NEXT), label=say(NEXT_OF, name=name))])  # fmt: skip
    if not rows:
        return []
    return [
        heading(say(BEGUN_TEXT), 3),
        table(
            say(BEGUN_TEXT), [say(COUNTY), say(TERM), say(FILE), say(GO_ON), say(NEXT)], rows, style="whole"
        ),
    ]


def parameter_files() -> list[Path]:
    """Files of self-checks that can be read, the newest first; others (the city's, broken ones) are left out."""
    files = sorted(
        writing.params_folder().glob("*.yaml"), key=lambda file: (-file.stat().st_mtime, file.name)
    )
    return [file for file in files if _is_self_check(file)][:MOST_SHOWN]


def _is_self_check(file: Path) -> bool:
    try:
        content = read_yaml(file)
    except AuditError:
        return False
    return all(
        isinstance(content.get(key), str) for key in ("county_code", "county_name", "term", "data_dir")
    )


def runs(state: State) -> list[Block]:
    """The finished runs."""
    say = state.say
    every = [run for run in list_runs(runs_of()) if run.opens][:MOST_SHOWN]
    if not every:
        return [heading(say(RUNS), 3), prose(say(NO_RUNS), "hint")]
    rows: list[list[str | Block]] = [
        [
            run.named(state.language),
            button(
                ["workbench", str(run.folder)], say(OPEN), label=say(OPEN_IT, name=run.named(state.language))
            ),
        ]
        for run in every
    ]
    return [heading(say(RUNS), 3), table(say(RUNS), [say(RUN), say(OPEN)], rows, style="whole")]


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "new":
        state.draft, state.origin, state.check, state.files, state.run, state.form = (
            None,
            None,
            None,
            (),
            None,
            {},
        )
        state.page = "county"
    elif name[0] == "go on":
        go_on(state, Path(name[1]))
    elif name[0] == "next term":
        term_after(state, Path(name[1]))
    elif name[0] == "other" and name[1] in OTHERS:
        state.draft, state.run, state.form = None, None, {}
        state.page = name[1]


def run_again(state: State, run: Path) -> None:
    """The self-check of a run's folder once more, with the parameters of the file that writes there."""
    file = next(filter(_is_self_check, files_writing_into(run)), None)
    if file is None:
        state.page = "start"
        state.refuse(AuditError(NO_FILE_OF_RUN))
        return
    go_on(state, file)
    if state.draft is None or not state.data_dir().is_dir():
        state.refuse(AuditError(NO_DATA))
        return
    state.look()
    state.page = "check"


def go_on(state: State, file: Path) -> None:
    """A self-check that was begun, where it stands."""
    try:
        state.read(file)
    except AuditError as refused:
        state.refuse(refused)
        return
    state.run, state.form = None, {}
    state.page = "county"


def term_after(state: State, file: Path) -> None:
    """The same county a term later: its files are put where those of the term before were."""
    go_on(state, file)
    if state.page != "county" or state.draft is None:
        return
    earlier, term = state.term, following(state.term.text("term"))
    state.earlier, state.origin, state.files = earlier, None, ()
    state.draft = next_term(earlier, "", new_run_folder(state.code, term))
    state.form = {"folder": str(folder_beside(earlier))}


def folder_beside(earlier: Draft) -> Path:
    """Where one looks first for the files of the next term: beside those of the last."""
    folder = (writing.params_folder() / earlier.text("data_dir")).resolve()
    return folder.parent if folder.parent.is_dir() else home()
