"""The second step: every sheet of the folder, of which table it is and what each of its columns means."""

from __future__ import annotations

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.base.places import home
from auditlib.desk import closed_files, sheets, value_words
from auditlib.desk.alike_sheets import BY_WORDS, alike, as_beside, headers_of
from auditlib.desk.checked import AMBER, RED
from auditlib.desk.county_step import terms
from auditlib.desk.draft import CONSTANTS, Sheet
from auditlib.desk.dropping import ARCHIVE, ENDINGS, Dropped, account
from auditlib.desk.page import (
    Block,
    beside,
    button,
    buttons,
    cell,
    choice,
    drop,
    field,
    fields,
    heading,
    prose,
    table,
)
from auditlib.desk.profile import AS_READ, NOT_NEEDED
from auditlib.desk.sheets import ColumnSeen, Preview, SheetSeen
from auditlib.desk.state import State
from auditlib.desk.value_words import column_words, table_words
from auditlib.ingest.constants.sheet_constants import UMBRELLA
from auditlib.ingest.messages import at_desk
from auditlib.tables.delivered import TABLES

TITLE = Text("文件", "Files")
ABOUT = Text(
    "程序按表头和名称猜出每张表是什么。猜错的在右边改；不需要的选“不需要”。选一张表，看它的列。",
    "Headers and names tell what each sheet may be. Correct what is wrong; take out what is not needed. Choose a sheet to see its columns.",
)
SHEETS, SHEET, KIND, ROWS, WHY = (
    Text("文件和工作表", "Files and sheets"),
    Text("文件 › 工作表", "File › sheet"),
    Text("是什么", "What it is"),
    Text("行", "Rows"),
    Text("依据：{reason}", "Why: {reason}"),
)
NOTHING = Text("不需要", "not needed")
IDLE_FILE = Text("不需要“{file}”", "“{file}” is not needed")
TABLE_OF = Text("“{sheet}”是什么", "what “{sheet}” is")
LOOK = Text("看“{sheet}”", "look at “{sheet}”")
AGAIN = Text("重新读文件夹", "Read the folder again")
NO_FILES = Text("这个文件夹里没有文件。", "There are no files in this folder.")
COLUMNS = Text(
    "{sheet} 的列和前 {n} 行（姓名和号码已遮盖）",
    "columns and first {n} rows of {sheet} (names and numbers masked)",
)
AT_LAST_CHECK = Text(
    "上次检查说（改过以后还没有再检查）：", "What the last check said (something has been changed since):"
)
NO_HEADER = Text("（没有表头）", "(no header)")
READ_AS = Text("{column}（自动）", "{column} (by itself)")
OWN_LISTS = Text("按程序自带的写法", "by the program's own lists")
LOOKS_LIKE = Text("像是“{column}”", "looks like {column}")
UNREAD = Text("没有认出", "not recognised")
UNNEEDED_TEXT = Text("不需要这一列", "not needed")
LACKING = Text(
    "缺少：{columns}。在下面给一列选上，或写明整张表都是什么。",
    "Missing: {columns}. Choose it for a column below, or say what holds for the whole sheet.",
)
WHOLE_TEXT = Text("整张表都是", "Of all rows of this sheet")
NOT_SAID = Text("不写明", "not said")
ALL_ROWS = Text("整张表都是的才写", "only where it holds for the whole sheet")
STATED_TEXT = Text("据表名或标题：{value}", "by name or title: {value}")
DROP = Text("把文件拖到这里", "Drop files here")
CHOOSE_FILES = Text("选择文件…", "Choose files …")
DROP_HELP = Text(
    "表格和 zip 压缩包，可一次多个；存入 {folder}，只有您能读，不离开这台机器。",
    "Tables and zip archives, several at once; they are stored in {folder}, for you alone, and leave this machine for nowhere.",
)
NO_OWN_FOLDER = Problem(
    Text("放资料的文件夹还没有选定", "No folder of the files has been chosen yet"),
    Text("第一步：放资料的文件夹", "the first step: folder of the files"),
    Text(
        "回到第一步，选一个文件夹，或新建一个", "go back to the first step and choose a folder, or make one"
    ),
)
SENDING = Text("正在存入第 {n} 个，共 {m} 个 …", "storing file {n} of {m} …")
ALIKE = Text("同样表头的另外 {n} 张表也这样", "The same for {n} other sheets with these headers")
UNDECIDED_TEXT = Text(
    "有 {n} 张表里有人的号码，认不出是什么表。请选它是什么；确实用不着的选“不需要”：{sheets}",
    "{n} sheets hold numbers of persons and were not recognised. Say what each is, or that it is not needed: {sheets}",
)
AMBIGUOUS = Text(
    "有 {n} 张表像是两种表，分不清。请选它是什么：{sheets}",
    "{n} sheets look like two tables alike. Say what each is: {sheets}",
)
HIDDEN_TEXT = Text(
    "有 {n} 张表在工作簿里是隐藏的，里面有人的号码，多半是旧名单或底稿。要核对的选它是什么，不要的选“不需要”：{sheets}",
    "{n} sheets are hidden in their workbooks and hold numbers of persons: an old list or a draft, most likely. Say what each is, or that it is not needed: {sheets}",
)
NOT_DECIDED, UNSAID = "?", Text("请选择", "choose")
BACK, NEXT = Text("上一步", "Back"), Text("下一步：取值", "Next: values")


def sheet_title(key: Sheet) -> str:
    """A sheet as it is shown."""
    return scrub(" › ".join(part for part in key if part))


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    head = [heading(say(TITLE)), *state.notes(), prose(say(ABOUT), "hint")]
    moves = [
        button(["go", "county"], say(BACK)),
        button(["next"], say(NEXT), primary=True),
        button(["again"], say(AGAIN)),
    ]
    place = drop(
        ["drop", "files"],
        say(DROP),
        say(CHOOSE_FILES),
        say(DROP_HELP, folder=str(state.data_dir())),
        state.say(SENDING, n="{n}", m="{m}"),
        (*ENDINGS, ARCHIVE),
    )
    if not state.files:
        return [*head, prose(say(NO_FILES), "amber"), place, buttons(moves)]
    open_sheets = [prose(text, "amber")] if (text := undecided_sheets(state)) else []
    return [*head, *open_sheets, place, beside([listing(state)], details(state)), buttons(moves)]


def undecided_sheets(state: State) -> str:
    """The sheets of which nobody has said what they are; empty where there are none."""
    parts = closed_files.question(state)
    for text, keys in (
        (HIDDEN_TEXT, hidden_keys := [key for key in state.undecided if key in state.hidden_sheets]),
        (
            UNDECIDED_TEXT,
            [key for key in state.undecided if not (key in hidden_keys or state.guesses[key].rivals)],
        ),
        (AMBIGUOUS, [key for key in state.undecided if key not in hidden_keys and state.guesses[key].rivals]),
    ):
        if keys:
            parts.append(
                state.say(
                    text,
                    n=len(keys),
                    sheets=("、" if state.language == "zh" else ", ").join(map(sheet_title, keys)),
                )
            )
    return "\n".join(parts)


def listing(state: State) -> Block:
    """A line a sheet; of a file that cannot be opened, why."""
    say, rows, current = state.say, list[list[str | Block]](), None
    options = [("", say(NOTHING)), *table_words(state.language)]
    for file in state.files:
        if file.trouble:
            label = say(IDLE_FILE, file=scrub(file.file))
            rows.append(closed_files.line(state, file.file, file.trouble, say(NOTHING), label))
        for opened_sheet in file.sheets:
            if opened_sheet.key == state.sheet:
                current = len(rows)
            rows.append(_line(state, opened_sheet, options))
    return table(say(SHEETS), [say(SHEET), say(KIND), say(ROWS)], [row[:3] for row in rows], current=current)


def _line(state: State, opened_sheet: SheetSeen, options: list[tuple[str, str]]) -> list[str | Block]:
    say, name, table_name = (
        state.say,
        sheet_title(opened_sheet.key),
        state.term.sheets.get(opened_sheet.key, NOT_DECIDED),
    )
    if table_name == NOT_DECIDED:
        options = [(NOT_DECIDED, say(UNSAID)), *options]
    kind = choice(
        ["table", *opened_sheet.key],
        say(TABLE_OF, sheet=name),
        table_name,
        options,
        hide_label=True,
        style=_shade(state, opened_sheet, table_name),
    )
    look = button(
        ["sheet", *opened_sheet.key],
        name,
        label=say(LOOK, sheet=name),
        pressed=opened_sheet.key == state.sheet,
    )
    return [look, kind, cell(f"{opened_sheet.rows:,}", right=True)]


def _shade(state: State, opened_sheet: SheetSeen, table_name: str) -> str:
    """Amber: of what it should be, something is missing or not recognised; red: it stops the run."""
    if table_name == NOT_DECIDED:
        return AMBER
    if not table_name:
        return ""
    if state.check and state.check.of_file(*opened_sheet.key):
        return RED
    view = state.preview(opened_sheet, table_name)
    return AMBER if view.missing or not view.columns else ""


def details(state: State) -> list[Block]:
    """The sheet that is looked at: why it is what it is, what holds for all of it, its columns and first rows."""
    opened_sheet = state.opened_sheet(state.sheet) if state.sheet else None
    if opened_sheet is None:
        return []
    say, table_name = state.say, state.term.sheets.get(opened_sheet.key, "")
    view = state.preview(opened_sheet, table_name)
    head = [
        heading(sheet_title(opened_sheet.key), 3),
        prose(say(WHY, reason=state.guesses[opened_sheet.key].reason), "hint"),
    ]
    if table_name and view.missing:
        head.append(prose(say(LACKING, columns=sheets.lacking(table_name, view.missing)), "amber"))
    problems = state.check.of_file(*opened_sheet.key) if state.check and table_name else []
    open_problems = [text for text in problems if not _is_answered(state, table_name, text)]
    if open_problems and not state.is_checked:
        head.append(prose(say(AT_LAST_CHECK), "hint"))
    head += [prose(text, "alert") for text in open_problems]
    parts = [
        *head,
        *_for_all_rows(state, opened_sheet, table_name, view),
        grid(state, opened_sheet, table_name, view),
    ]
    others = alike(state, opened_sheet)
    if table_name and others:
        parts.append(buttons([button(["alike"], say(ALIKE, n=len(others)))]))
    return parts


def _is_answered(state: State, table_name: str, text: str) -> bool:
    """Has it been said since the check what the column that a problem is about means?"""
    choices = state.profile.columns.get(table_name, {})
    return not state.is_checked and any(f"“{header}”" in text.split("\n")[0] for header in choices)


def _for_all_rows(state: State, opened_sheet: SheetSeen, table_name: str, view: Preview) -> list[Block]:
    """What may be said of all rows: columns of the table that no column of the sheet gives."""
    if not table_name:
        return []
    columns_there = {column.column for column in view.columns}
    own = state.term.constants.get(opened_sheet.key, {})
    items = [
        _for_all(state, opened_sheet, table_name, name, view)
        for name in CONSTANTS
        if name in TABLES[table_name].by_name and (name in own or name not in columns_there)
    ]
    return [fields(items)] if items else []


def _for_all(state: State, opened_sheet: SheetSeen, table_name: str, name: str, view: Preview) -> Block:
    """One of them: from the codes, the terms, or in words."""
    value = state.term.constants.get(opened_sheet.key, {}).get(name, "")
    title = TABLES[table_name].by_name[name].title.into(state.language)
    if name in BY_WORDS:
        return field(["constant", *opened_sheet.key, name], title, value, help=state.say(ALL_ROWS))
    own_term = value or state.term.text("term")
    listed_codes = terms(state.language, own_term) if name == "term" else codes(state, name)
    options = [("", _unsaid(state, name, view)), *listed_codes]
    if (table_name, name) == ("payments", "scheme"):
        options.append((UMBRELLA, state.say(at_desk.LIVING_AID)))
    return field(["constant", *opened_sheet.key, name], title, value, "select", options=options)


def _unsaid(state: State, name: str, view: Preview) -> str:
    name_constants = view.name_constants.get(name)
    return (
        state.say(STATED_TEXT, value=value_word(state, name, name_constants))
        if name_constants
        else state.say(NOT_SAID)
    )


def codes(state: State, kind: str) -> list[tuple[str, str]]:
    """The codes of a list with their words."""
    return value_words.codes(kind, state.words(), state.policy(), state.language, state.term.text("term"))


def value_word(state: State, kind: str, code: str) -> str:
    """A code in words."""
    return value_words.value_word(kind, code, state.policy(), state.language, state.term.text("term"))


def grid(state: State, opened_sheet: SheetSeen, table_name: str, view: Preview) -> Block:
    """The first rows below a drop-down a column."""
    say = state.say
    lost_headers = (
        state.check.lost_columns(table_name, *opened_sheet.key, state.lost_share())
        if state.check and table_name
        else set()
    )
    like = state.check.likenesses(table_name, *opened_sheet.key) if state.check and table_name else {}
    heads: list[str | Block] = []
    for column in view.columns:
        heads.append(
            meaning(state, table_name, column, column.header in lost_headers, like.get(column.header, ""))
        )
    width = len(view.rows[0]) if view.rows else len(view.columns)
    heads = heads or [""] * width
    caption = say(COLUMNS, sheet=sheet_title(opened_sheet.key), n=len(view.rows))
    return table(caption, heads, [list(row) for row in view.rows], style="grid")


def meaning(state: State, table_name: str, column: ColumnSeen, is_lost: bool, like: str) -> str | Block:
    """The drop-down of a column; one without a header cannot be named."""
    say = state.say
    if not column.header:
        return say(NO_HEADER)
    if not table_name:
        return scrub(column.header)
    choice_so_far = state.profile.column(table_name, column.header)
    title = TABLES[table_name].by_name[column.column].title.into(state.language) if column.column else ""
    usual = (
        say(READ_AS, column=title)
        if title and choice_so_far == AS_READ
        else say(UNREAD if not title else OWN_LISTS)
    )
    options = [(AS_READ, usual), *column_words(table_name, state.language), (NOT_NEEDED, say(UNNEEDED_TEXT))]
    return field(
        ["column", table_name, column.header],
        scrub(column.header),
        choice_so_far,
        "select",
        options=options,
        style=RED if is_lost else AMBER if column.state == "unknown" else "",
        help=say(LOOKS_LIKE, column=TABLES[table_name].by_name[like].title) if like else "",
    )


def receiver(state: State, _name: str) -> Dropped:
    """Where files that are dropped on the page go. Raises AuditError where no folder of one's own was chosen."""
    if state.data_dir() == home():
        raise AuditError(NO_OWN_FOLDER)
    return Dropped(state.data_dir())


def _headers_beside(state: State, table_name: str) -> tuple[str, ...]:
    """The headers of the sheet that is looked at."""
    opened_sheet = state.opened_sheet(state.sheet) if state.sheet else None
    return headers_of(state, opened_sheet, table_name) if opened_sheet else ()


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "sheet":
        state.sheet = (name[1], name[2])
    elif name[0] == "table" and value != NOT_DECIDED:
        key = (name[1], name[2])
        state.draft = state.term.with_table(key, value)
        state.sheet = key if key in state.guesses else state.sheet
    elif name[0] == "constant":
        state.draft = state.term.with_constant((name[1], name[2]), name[3], value)
    elif name[0] == "column":
        state.keep(state.profile.with_column(name[1], name[2], value, _headers_beside(state, name[1])))
    elif name[0] == "alike" and state.sheet and (opened_sheet := state.opened_sheet(state.sheet)):
        for key in alike(state, opened_sheet):
            if other := state.opened_sheet(key):
                state.draft = as_beside(state, opened_sheet, other)
    elif name[0] == "again":
        state.look()
    elif name[0] == "dropped" and state.dropped:
        state.notice, state.dropped = account(state.dropped, state.language), None
        state.look()
    elif name[0] == "next":
        state.save()
        state.page = "values" if state.files else "files"
