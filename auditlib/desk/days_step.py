"""The fifth step: the days and limits of the term, each with a word, and what the law sets already filled in."""

from __future__ import annotations

from auditlib.base import terms
from auditlib.base.declared_fields import meanings, titles
from auditlib.base.errors import UsageError
from auditlib.base.language import Text
from auditlib.desk import city_key, scope_form, tasks_form
from auditlib.desk.draft import days_of_term
from auditlib.desk.dropping import Dropped, account
from auditlib.desk.page import Block, button, buttons, field, fields, fold, heading, prose
from auditlib.desk.state import State
from auditlib.law.parameter_readers import STAGES
from auditlib.law.parameters import OPTIONAL_THRESHOLDS, SelfCheck, Thresholds
from auditlib.tables.wording import word

TITLE = Text("日期和界限", "Dates and limits")
ABOUT = Text(
    "已按学期填好通常的日期，请照本县通知改。",
    "The usual days of the term are filled in; change them to those of your notices.",
)
COUNT_HELP = Text("学籍和资格以这一天为准", "enrolment and eligibility as of this day")
AS_OF_HELP = Text(
    "发放期未满就核对的才填：尚未发放的不算漏；学期结束后不填",
    "only for a check while payment still lasts: not yet paid is not missed; leave it empty once the term is over",
)
DAYS = {
    "pay_by": Text("晚于这一天算滞后", "later is late"),
    "reply_by": Text("过了还没有回函的，算未落实", "a letter still open after it has not secured the aid"),
}
POSTING_HELP = Text("公示至少几个工作日", "a posting must stand as many")
STAGES_COVERED = Text("学籍资料覆盖的学段", "Stages that the enrolment files hold")
COVERED_HELP = Text(
    "没有学籍资料的学段，发放不按“无学籍”认定", "in other stages nobody is said to be without enrolment"
)
CALENDAR = Text(
    "法定节假日和调休：{years} 年的已知，{others}。",
    "Public holidays and make-up days: {years} known, {others}.",
)
ALL_KNOWN, WEEKDAYS = (
    Text("不必填写", "nothing to fill in"),
    Text("{years} 年的未公布，按周一至周五算", "{years} not published, counted as Monday to Friday"),
)
MORE = Text("其他界限（不改就用通常值）", "Other limits (the usual ones hold unless changed)")
MEANINGS = meanings(SelfCheck)
USUAL = Text("通常 {value}", "usually {value}")
BACK, NEXT = Text("上一步", "Back"), Text("下一步：检查和运行", "Next: check and run")


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    return [
        heading(say(TITLE)),
        *state.notes(),
        prose(say(ABOUT), "hint"),
        fields(_days(state)),
        prose(holidays(state), "hint"),
        heading(say(STAGES_COVERED), 3),
        prose(say(COVERED_HELP), "hint"),
        fields(_stages(state)),
        *scope_form.tables_without_rows(state),
        fold(say(MORE), [fields(_limits(state))], name="limits"),
        tasks_form.blocks(state),
        *scope_form.blocks(state),
        buttons([button(["go", "law"], say(BACK)), button(["next"], say(NEXT), primary=True)]),
    ]


def _days(state: State) -> list[Block]:
    """The days of the term, and how long a posting stands."""
    say, draft = state.say, state.term
    title = {name: say(text) for name, text in titles(SelfCheck).items()}
    posting, days = title["thresholds.posting_days"], draft.threshold("posting_days")
    return [
        field(["count"], title["count_date"], draft.text("count_date"), "date", help=say(COUNT_HELP)),
        *(
            field(["limit", key], title[f"thresholds.{key}"], draft.threshold(key), "date", help=say(about))
            for key, about in DAYS.items()
        ),
        field(["as_of"], title["as_of"], draft.text("as_of"), "date", help=say(AS_OF_HELP)),
        field(["limit", "posting_days"], posting, days, "number", help=say(POSTING_HELP)),
    ]


def _stages(state: State) -> list[Block]:
    covered_stages = [str(stage) for stage in state.term.values.get("enrolment_covers") or []]
    return [
        field(["stage", code], word(code, state.language), "1" if code in covered_stages else "", "check")
        for code in STAGES
    ]


def _limits(state: State) -> list[Block]:
    """The other limits, each with its usual value."""
    return [
        field(
            ["limit", key],
            state.say(MEANINGS[f"thresholds.{key}"]),
            state.term.threshold(key),
            help=state.say(USUAL, value=getattr(Thresholds, key)),
        )
        for key in OPTIONAL_THRESHOLDS
    ]


def holidays(state: State) -> str:
    """For which years of the term the calendar of public holidays is known."""
    from chinese_calendar import is_workday

    term, published_days, others = state.term.text("term"), list[str](), list[str]()
    for day in sorted({terms.first_day(term), terms.last_day(term)}, key=lambda one: one.year):
        try:
            is_workday(day)
            published_days.append(str(day.year))
        except NotImplementedError:
            others.append(str(day.year))
    between = "、" if state.language == "zh" else ", "
    rest = WEEKDAYS.fill(years=between.join(dict.fromkeys(others))) if others else ALL_KNOWN
    return state.say(CALENDAR, years=between.join(dict.fromkeys(published_days)) or "—", others=rest)


def hear(state: State, name: list[str], value: str) -> None:
    """An answer; an emptied day is the usual one again."""
    usual = days_of_term(state.term.text("term"))
    if name[0] == "count":
        state.draft = state.term.with_value("count_date", value or usual["count_date"])
    elif name[0] == "as_of":
        state.draft = state.term.with_value("as_of", value)
    elif name[0] == "limit":
        state.draft = state.term.with_threshold(name[1], value or usual.get(name[1], ""))
    elif name[0] == "stage":
        covered_stages = [str(stage) for stage in state.term.values.get("enrolment_covers") or []]
        covered_then = [
            stage
            for stage in STAGES
            if (stage in covered_stages and stage != name[1]) or (stage == name[1] and value)
        ]
        state.draft = state.term.with_value("enrolment_covers", covered_then)
    elif name[0] == "task":
        tasks_form.hear(state, name, value)
    elif name[0] == "dropped" and state.dropped:
        dropped_files, state.dropped = state.dropped, None
        state.notice = account(dropped_files, state.language)
        city_key.take(state, dropped_files)
    elif name[0] in scope_form.ANSWERS:
        scope_form.hear(state, name, value)
    elif name[0] == "next" and is_right(state):
        state.save()
        state.page = "check"


def receiver(_state: State, _place: str) -> Dropped:
    """Where the city's key goes."""
    return city_key.receiver()


def is_right(state: State) -> bool:
    """Are the parameters such that a run begins? What is wrong with them is said."""
    try:
        state.parameters()
    except UsageError as refused:
        state.refuse(refused)
        return False
    return True
