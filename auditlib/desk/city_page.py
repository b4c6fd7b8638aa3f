"""The city's re-check: packages and counties' data, the draw by form with what it can show, field sheets, the conclusion."""

from __future__ import annotations

import re
from pathlib import Path

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.base.owners import shut_folder
from auditlib.base.places import home
from auditlib.base.strict_yaml import read_yaml
from auditlib.city.parameters import METHODS, check_recheck
from auditlib.desk import city_answers, city_details, city_files, writing
from auditlib.desk.city_answers import answer, is_ticked
from auditlib.desk.county_step import browse, terms
from auditlib.desk.dropping import Dropped, account
from auditlib.desk.files_step import CHOOSE_FILES, SENDING
from auditlib.desk.jobs import Job, programme_job
from auditlib.desk.page import (
    Block,
    button,
    buttons,
    choice,
    drop,
    field,
    fields,
    fold,
    heading,
    prose,
    table,
)
from auditlib.desk.results import outcome
from auditlib.desk.state import State
from auditlib.desk.waiting import waiting
from auditlib.page.parameter_words import CHOICES
from auditlib.workbench.runs import spoken_term

TITLE = Text("市级复查", "City re-check")
CODE, NAME, TERM = Text("市代码", "City code"), Text("市名", "City"), Text("学期", "Term")
FILE = Text("文件（打勾的才用）", "File (those ticked are used)")
FOLDER = Text("放县里报送包的文件夹", "Folder of the counties' packages")
PACKAGES, NO_PACKAGES = (
    Text("报送包", "Packages"),
    Text("这个文件夹里没有报送包（zip）。", "There are no packages (zip) in this folder."),
)
COUNTIES = Text("各县数据（市里所持的，按参数文件）", "Counties' data that the city holds, by parameter file")
NO_COUNTIES = Text(
    "还没有这个学期的县级参数文件：先用“新的自查”为各县的数据各做一份（做到第 5 步即可）。",
    "There is no county's parameter file of this term yet: make one for each county's data by New self-check, up to step 5.",
)
DRAW = Text("抽样", "The draw")
METHOD = Text("抽样方法", "Method")
RATES = {
    "confidence": (
        Text("置信水平", "Confidence"),
        Text("如 0.95：结论错的可能不超过 5%", "0.95: a conclusion errs in no more than 5 %"),
    ),
    "tolerable_rate": (
        Text("可容忍错误率", "Tolerable rate"),
        Text("超过它，不能接受", "above it, not acceptable"),
    ),
    "expected_rate": (
        Text("预计错误率", "Expected rate"),
        Text("越接近可容忍的，要抽得越多", "the nearer to the tolerable, the more is drawn"),
    ),
}
SEED, SEED_HELP = (
    Text("市里的种子", "The city's seed"),
    Text(
        "当众定下的数字，如开奖号码；抽样以它为准，事后可以重抽核对",
        "figures fixed in public; with them anybody can draw again",
    ),
)
WHAT_IT_SHOWS = Text("看样本量，封存并承诺", "See the sample, seal and commit")
WHAT_ABOUT = Text(
    "抽样以前先按“看样本量，封存并承诺”：这样的参数要抽多少，抽到什么程度能说“可以接受”，能评哪一级。这一按同时封存总体清单、作出市里的承诺，记入 commitments.csv：参数先定好再按，改了再按就多一条承诺，县里看得见。",
    "Before the draw press “See the sample, seal and commit”: how many these choices draw, how many “acceptable” would need, which grade can be given. That press also seals the lists and makes the city's commitment, which commitments.csv records: make the choices first, for whoever changes them and presses again commits once more, and the counties can see it.",
)
HAND_OUT = Text("分发各县的承诺（请复制留存）", "The commitments to hand out to the counties (copy and keep)")
SHEETS = Text("填好交回的现场检查表", "Field sheets that came back")
SHEETS_FOLDER = Text("放现场检查表的文件夹", "Folder of the field sheets")
SHEETS_ABOUT = Text(
    "先运行一次，结果文件夹里有各县的空白检查表；填好收回以后在这里选上，再运行一次。",
    "Run once: the results hold each county's sheet to fill in. Choose them here once they are back, and run again.",
)
START = Text("运行复查", "Run the re-check")
BACK = Text("开始页", "Start")
HEAD = "# {name} {term}市级复查。由工作台写出，可以手改。 Written by the desk; may be edited by hand.\n"
DROP_PACKAGES = Text("把各县报送包拖到这里", "Drop the counties' packages here")
DROP_SHEETS = Text("把收回的现场检查表拖到这里", "Drop the field sheets that came back here")
DROP_HELP = Text(
    "{endings} 文件，可一次多个；存入 {folder}", "{endings} files, several at once; stored in {folder}"
)
BEGUN_TEXT = Text("接着做", "Go on with")
FEW_BEGUN = 8


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    head = [heading(say(TITLE)), *state.notes()]
    if state.job:
        return [*head, *waiting(state)]
    return [*head, *outcome(state), *_handed_out(state), *_begun_checks(state), *_who(state), *_packages(state), *_counties(state), *_draw(state), *city_details.blocks(state), *_sheets(state),
            buttons([button(["go", "start"], say(BACK)), button(["size"], say(WHAT_IT_SHOWS)), button(["start"], say(START), primary=True)])]  # fmt: skip


def _handed_out(state: State) -> list[Block]:
    """The lines of the commitment, folded: they are copied and sent, not read."""
    if not state.handed_out:
        return []
    return [fold(state.say(HAND_OUT), [prose(state.handed_out, "hint")], name="commitments")]


def receiver(state: State, place: str) -> Dropped:
    """Where packages and field sheets that are dropped on the page go: a folder of the city's term."""
    key, endings = INTO[place]
    if answer(state, key) == str(home()):
        code = re.sub("[^0-9]", "", answer(state, "code")) or "city"
        state.form[key] = str(shut_folder(home() / "data" / f"{code}-{answer(state, 'term')}" / place))
    return Dropped(Path(answer(state, key)), endings, unpacks=False, numbered=True)


INTO = {"package": ("folder", (".zip", ".pem")), "sheet": ("sheets", (".xlsx",))}


def take(state: State, place: str) -> None:
    """What was dropped is listed and ticked."""
    if state.dropped is not None:
        state.form |= {
            f"{place} {file}": "1" for file in state.dropped.places if not str(file).endswith(".pem")
        }
        style, text = account(state.dropped, state.language)
        lines = city_files.put_aside(state, place, state.dropped.places)
        state.notice, state.dropped = (style, "\n".join([text, *lines])), None


def drop_place(state: State, place: str, label: Text) -> Block:
    """Where they are dropped, or chosen by a button."""
    say, (key, endings) = state.say, INTO[place]
    help_ = say(DROP_HELP, folder=answer(state, key), endings=" ".join(endings))
    return drop(
        ["drop", place], say(label), say(CHOOSE_FILES), help_, say(SENDING, n="{n}", m="{m}"), endings
    )


def _begun_checks(state: State) -> list[Block]:
    """The re-checks that were begun, to go on with."""
    rows = [
        button(["city", file.stem], f"{content['city_code']} {spoken_term(content['term'], state.language)}")
        for file in city_answers.city_files()[:FEW_BEGUN]
        if (content := city_answers.content_of(file))
    ]
    return [heading(state.say(BEGUN_TEXT), 3), buttons(rows)] if rows else []


def go_on(state: State, stem: str) -> None:
    """A re-check that was begun, as its file has it."""
    content = city_answers.content_of(writing.params_folder() / f"{stem}.yaml")
    if content:
        state.form = {"code": content["city_code"], "term": content["term"]}
        for key, kind in (("folder", "package"), ("sheets", "sheet")):
            places = city_answers.files_of_list(state, kind)
            state.form |= {key: str(places[0].parent)} if places else {}


def _who(state: State) -> list[Block]:
    say = state.say
    return [
        fields([
            field(["form", "code"], say(CODE), answer(state, "code")),
            field(["form", "name"], say(NAME), answer(state, "name")),
            choice(["form", "term"], say(TERM), answer(state, "term"), terms(state.language, answer(state, "term"))),
        ])
    ]  # fmt: skip


def _ticks(state: State, kind: str, files: list[Path], title: Text) -> Block:
    rows: list[list[str | Block]] = [
        [
            field(
                ["tick", kind, str(file)],
                city_files.label(state, kind, file),
                "1" if is_ticked(state, kind, file) else "",
                "check",
            )
        ]
        for file in files
    ]
    return table(state.say(title), [state.say(FILE)], rows, style="whole")


def _inside(state: State, key: str, ending: str, kind: str) -> list[Path]:
    """The files in the form's folder, and those that the parameter file names."""
    folder = Path(answer(state, key))
    try:
        inside = [
            file
            for file in folder.glob(f"*{ending}")
            if file.is_file() and not file.name.startswith(("~", "."))
        ]
    except OSError:
        inside = []
    return sorted({*inside, *city_answers.files_of_list(state, kind)})


def _packages(state: State) -> list[Block]:
    say, files = state.say, _inside(state, "folder", ".zip", "package")
    folder = fields([field(["form", "folder"], say(FOLDER), answer(state, "folder"), wide=True)])
    listing = _ticks(state, "package", files, PACKAGES) if files else prose(say(NO_PACKAGES), "hint")
    return [
        heading(say(PACKAGES), 3),
        drop_place(state, "package", DROP_PACKAGES),
        folder,
        *browse(state, answer(state, "folder")),
        listing,
    ]


def county_files(state: State) -> list[Path]:
    """Parameter files of counties of the form's term."""
    files = sorted(writing.params_folder().glob("*.yaml"))
    of_term = {file for file in files if _of_term(file, answer(state, "term"))}
    return sorted(of_term | {*city_answers.files_of_list(state, "county")})


def _of_term(file: Path, term: str) -> bool:
    try:
        content = read_yaml(file)
    except AuditError:
        return False
    return "county_code" in content and content.get("term") == term


def _counties(state: State) -> list[Block]:
    say, files = state.say, county_files(state)
    listing = _ticks(state, "county", files, COUNTIES) if files else prose(say(NO_COUNTIES), "amber")
    return [heading(say(COUNTIES), 3), listing]


def _draw(state: State) -> list[Block]:
    say = state.say
    methods = [(name, say(CHOICES[name])) for name in METHODS]
    items = [field(["form", "method"], say(METHOD), answer(state, "method"), "select", options=methods)]
    items += [
        field(["form", key], say(title), answer(state, key), help=say(about))
        for key, (title, about) in RATES.items()
    ]
    items.append(field(["form", "seed"], say(SEED), answer(state, "seed"), help=say(SEED_HELP), wide=True))
    return [heading(say(DRAW), 3), prose(say(WHAT_ABOUT), "hint"), fields(items)]


def _sheets(state: State) -> list[Block]:
    say, files = state.say, _inside(state, "sheets", ".xlsx", "sheet")
    folder = fields([field(["form", "sheets"], say(SHEETS_FOLDER), answer(state, "sheets"), wide=True)])
    return [
        heading(say(SHEETS), 3),
        prose(say(SHEETS_ABOUT), "hint"),
        drop_place(state, "sheet", DROP_SHEETS),
        folder,
        *([_ticks(state, "sheet", files, SHEETS)] if files else []),
    ]


def hear(state: State, name: list[str], value: str) -> None:
    """An answer. Raises UsageError for what the parameters may not be."""
    if name[0] == "form":
        state.form[name[1]] = value
    elif name[0] == "city":
        go_on(state, name[1])
    elif name[0] == "own half":
        city_details.fill_own_half(state)
    elif name[0] == "stratum":
        city_details.hear_stratum(state, name, value)
    elif name[0] == "folder":
        state.form["folder"] = name[1]
    elif name[0] == "dropped":
        take(state, name[1])
    elif name[0] == "tick":
        state.form[f"{name[1]} {name[2]}"] = value
    elif name[0] in ("start", "size"):
        begin(state, before_the_draw=name[0] == "size")


def begin(state: State, *, before_the_draw: bool) -> None:
    """The parameters into their file, then the command on it; what a person wrote there besides stays."""
    file = city_answers.file_of(answer(state, "code"), answer(state, "term"))
    if file.is_file():
        read_yaml(file)  # one that cannot be read is not written over
    values = city_answers.parameters(state)
    place = TITLE.into(state.language)
    city = check_recheck(values, base=file.parent, place=place, before_the_draw=before_the_draw)
    writing.write_yaml(file, values, HEAD.format(name=city.city_name, term=spoken_term(city.term, "zh")))
    state.run, state.target = None, city.output_dir
    if before_the_draw:
        state.job, state.doing = Job(["re-check", str(file), "--commit"]), "commit"
    else:
        state.job, state.doing = programme_job("re-check", "city_recheck", file), "re-check"
    state.job.start()
