"""The third step: spellings of coded values that no list knows, each with how often and where it stands, told by a click."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.desk.checked import UnknownSpelling
from auditlib.desk.files_step import codes, sheet_title, value_word
from auditlib.desk.jobs import ingest_job
from auditlib.desk.page import Block, button, buttons, cell, choice, field, fold, heading, prose, table
from auditlib.desk.state import State
from auditlib.desk.waiting import waiting
from auditlib.tables.delivered import TABLES

TITLE = Text("取值", "Values")
ABOUT = Text(
    "程序逐行读过文件，下面的写法还不认识。说明各是什么意思，本县以后各学期都照此读。",
    "The files were read row by row; these spellings are not known yet. Say what each means; it holds for this county from now on.",
)
NOT_READ = Text(
    "文件还没有读完，看不出有没有不认识的写法：按“读文件”。",
    "The files have not been read to the end, so nothing is known of their spellings: press Read the files.",
)
NOT_READ_YET = Text(
    "有 {n} 张表还没有读成，其中的写法还列不出来。先到“文件”一步改好，再回到这里：{sheets}",
    "Not read yet, and their spellings not listed ({n}): {sheets}. Mend them in the step Files, then come back",
)
NONE = Text("没有不认识的写法。", "There is no spelling that is not known.")
LIST = Text("不认识的写法", "Spellings that are not known")
LIST_OF, WORD, ROWS, WHERE, MEANS = (
    Text("哪一类", "List"),
    Text("写法", "Spelling"),
    Text("行", "Rows"),
    Text("例如", "For example"),
    Text("意思", "Meaning"),
)
CHOOSE = Text("请选择", "choose")
MEANING = Text("“{word}”的意思", "what “{word}” means")
HIDDEN_TEXT = Text(
    "可能是号码或姓名，不在此显示。请打开文件看这一行：各列错位的，改好文件再读；确是代码的，照抄在这里，再选意思",
    "may be numbers or names and is not shown. Look at this row in the file: where its cells have shifted, mend the file and read it again; "
    "if it is a code, copy it here and say what it means",
)
COPY = Text("文件里的写法", "spelling in the file")
NO_COPY = Text(
    "请先照抄文件里的写法，再选意思", "Copy the spelling from the file first, then say what it means"
)
KEPT_TEXT = Text(
    "已记下：“{word}”是“{meaning}”。再读一次就照此读", "Kept: “{word}” is {meaning}. Read the files again"
)
OWN_SCHEME = Text(
    "本县自定的项目，先在“标准”一步增加，再读一次，就认得了。",
    "A scheme of your own county is added in the step Standards; read the files again, and it is known.",
)
SO_FAR = Text("本县已说明的写法（{n}）", "Spellings of this county so far ({n})")
TAKE_BACK, TAKE_BACK_OF = Text("撤回", "Take back"), Text("撤回“{word}”", "take back “{word}”")
READ = Text("读文件", "Read the files")
READ_AGAIN = Text("再读一次", "Read again")
BACK, NEXT = Text("上一步", "Back"), Text("下一步：标准", "Next: standards")
LONGEST = 40


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    head = [heading(say(TITLE)), *state.notes()]
    if state.job:
        return [*head, *waiting(state)]
    spellings = state.check.unknown_spellings() if state.check else []
    question = [prose(say(ABOUT), "hint"), listing(state, spellings)]
    if any(one.kind == "scheme" for one in spellings):
        question.append(prose(say(OWN_SCHEME), "hint"))
    none = prose(say(NONE), "good") if state.check else prose(say(NOT_READ), "amber")
    parts = question if spellings else [none]
    if text := _not_read_yet(state):
        parts = [prose(text, "amber"), *(question if spellings else [])]
    moves = [
        button(["go", "files"], say(BACK)),
        button(["next"], say(NEXT), primary=state.check is not None),
        button(["read"], say(READ_AGAIN if state.check else READ), primary=state.check is None),
    ]
    return [*head, *parts, *so_far(state), buttons(moves)]


def _not_read_yet(state: State) -> str:
    """The sheets that something keeps from being read; empty where there are none."""
    check = state.check
    waiting_sheets = [sheet for sheet in check.sheets if check.could_not_read(sheet)] if check else []
    titles = [sheet_title((sheet["file"], sheet["sheet"])) for sheet in waiting_sheets]
    between = "、" if state.language == "zh" else ", "
    return state.say(NOT_READ_YET, n=len(titles), sheets=between.join(titles)) if titles else ""


def listing(state: State, spellings: list[UnknownSpelling]) -> Block:
    """A line a spelling."""
    say = state.say
    head = [say(LIST_OF), say(WORD), say(ROWS), say(WHERE), say(MEANS)]
    return table(say(LIST), head, [_line(state, one) for one in spellings], style="whole")


def _line(state: State, one: UnknownSpelling) -> list[str | Block]:
    table_name, column, first = one.places[0]
    title = TABLES[table_name].by_name[column].title.into(state.language)
    place = scrub(first.replace("!", " › "))
    rows = cell(f"{one.rows:,}", right=True)
    if not one.word:
        return [
            title,
            _copy_field(state, one.kind),
            rows,
            place,
            _meaning(state, ["hidden", one.kind], state.say(COPY), one.kind, ""),
        ]
    so_far = state.profile.values.get(one.kind, {}).get(one.word, "")
    label = state.say(MEANING, word=one.word)
    meaning = _meaning(state, ["value", one.kind, one.word], label, one.kind, so_far)
    return [title, one.word[:LONGEST], rows, place, meaning]


def _meaning(state: State, name: list[str], label: str, kind: str, so_far: str) -> Block:
    """What a spelling may mean: buttons where the codes are few."""
    options = codes(state, kind)
    few = choice(name, label, so_far, options, hide_label=True)
    if few["kind"] == "select":
        return field(name, label, so_far, "select", options=[("", state.say(CHOOSE)), *options],
                     hide_label=True, style="" if so_far else "amber")  # fmt: skip
    return few


def _copy_field(state: State, kind: str) -> Block:
    """Where a spelling that is not shown is spelling from the file."""
    typed_text = state.form.get(f"hidden {kind}", "")
    return field(["copy", kind], state.say(COPY), typed_text, hide_label=True, help=state.say(HIDDEN_TEXT))


def so_far(state: State) -> list[Block]:
    """What the county's profile holds, each to be taken back."""
    say = state.say
    rows: list[list[str | Block]] = [
        [kind_title(kind, state.language), word, value_word(state, kind, code),
         button(["value", kind, word, ""], say(TAKE_BACK), label=say(TAKE_BACK_OF, word=word))]
        for kind, words in state.profile.values.items()
        for word, code in words.items()
    ]  # fmt: skip
    if not rows:
        return []
    title = say(SO_FAR, n=len(rows))
    return [
        fold(
            title,
            [table(title, [say(LIST_OF), say(WORD), say(MEANS), say(TAKE_BACK)], rows, style="whole")],
            name="so far",
        )
    ]


def kind_title(kind: str, language: str) -> str:
    """A list of codes by the title of a column that has it."""
    columns = (column for table in TABLES.values() for column in table.columns)
    return next((c.title.into(language) for c in columns if (c.kind.codes or c.name) == kind), kind)


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "value":
        state.keep(state.profile.with_value(name[1], name[2], value))
    elif name[0] == "copy":
        state.form[f"hidden {name[1]}"] = value
    elif name[0] == "hidden":
        keep_copy(state, name[1], value)
    elif name[0] == "read":
        start_reading(state)
    elif name[0] == "next":
        state.page = "law"


def keep_copy(state: State, kind: str, code: str) -> None:
    """What a spelling means that was spelling from the file."""
    spelling = state.form.get(f"hidden {kind}", "").strip()
    if not spelling:
        state.notice = ("amber", state.say(NO_COPY))
    elif code:
        state.keep(state.profile.with_value(kind, spelling, code))
        state.form.pop(f"hidden {kind}")
        meaning = value_word(state, kind, code)
        state.notice = ("good", state.say(KEPT_TEXT, word=spelling, meaning=meaning))


def enter(state: State) -> None:
    """The files are read where something has changed since they were read."""
    if not state.is_checked:
        start_reading(state)


def start_reading(state: State) -> None:
    """The ingest begins, with what is chosen now."""
    state.save()
    state.check, state.stamp = None, state.written_at()
    state.job, state.doing = ingest_job(state.file), "ingest"
    state.job.start()
