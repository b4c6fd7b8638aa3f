"""The standards that a county has added by form, each to be taken back: one that was written wrongly would miss children by it."""

from __future__ import annotations

from typing import Any

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import writing
from auditlib.desk.page import Block, button, table
from auditlib.desk.state import State
from auditlib.desk.supplement import HEAD, policy_file, policy_name
from auditlib.law.policy import read_policy

LIST = Text("本县增加的标准", "Standards that the county has added")
SCHEME, YUAN = Text("项目", "Scheme"), Text("每学期（元）", "Yuan a term")
TAKE_BACK, TAKE_BACK_OF = Text("撤回", "Take back"), Text("撤回“{name}”", "take back “{name}”")
TAKEN_BACK = Text("已从 {file} 撤回：{name}", "Taken back from {file}: {name}")


def schemes(state: State) -> dict[str, Any]:
    """What stands in the county's own policy file, by the scheme's id; nothing where the draft does not name the file."""
    file = policy_file(state)
    if policy_name(state) not in (state.term.values.get("policy") or []) or not file.is_file():
        return {}
    return dict(read_yaml(file).get("schemes") or {})


def listing(state: State) -> list[Block]:
    """A line a scheme, with a way to take it back."""
    say, own = state.say, schemes(state)
    if not own:
        return []
    names = {scheme: _title(state, scheme) for scheme in own}
    rows: list[list[str | Block]] = [
        [
            name,
            _amounts(own[scheme]),
            button(["take back", scheme], say(TAKE_BACK), label=say(TAKE_BACK_OF, name=name)),
        ]
        for scheme, name in names.items()
    ]
    return [table(say(LIST), [say(SCHEME), say(YUAN), say(TAKE_BACK)], rows, style="whole")]


def _title(state: State, scheme: str) -> str:
    return state.policy().schemes[scheme].title.into(state.language)


def _amounts(scheme: dict[str, Any]) -> str:
    """What the county pays a term and since when, as it was typed."""
    per_term = (scheme.get("per_term") or {}).values()
    amounts_by_day = [(day, one) for days in per_term for day, one in days.items() if isinstance(one, dict)]
    parts = (
        ("-".join(str(one[key]) for key in ("yuan", "min", "max") if key in one), day)
        for day, one in amounts_by_day
    )
    return ", ".join(sorted({f"{yuan} ({day})" for yuan, day in parts if yuan}))


def take_back(state: State, scheme: str) -> None:
    """The county's policy file without a scheme, and without the file's name once it holds none; spellings that meant the scheme are
    asked about again. Raises AuditError where the rest would be refused; the file stays as it was then."""
    file, own, name = policy_file(state), schemes(state), _title(state, scheme)
    content, before = read_yaml(file), file.read_bytes()
    rest = {one: what for one, what in own.items() if one != scheme}
    names = [str(one) for one in state.term.values.get("policy") or []]
    if rest:
        writing.write_yaml(file, {**content, "schemes": rest}, HEAD.format(code=state.code))
    else:
        names.remove(policy_name(state))
        writing.write_yaml(file, {**content, "schemes": {}}, HEAD.format(code=state.code))
    try:
        schemes_then = read_policy(names, file.parent).schemes
    except AuditError:
        writing.put_back(file, before)
        raise
    if scheme not in schemes_then:
        profile = state.profile
        for spelling, code in state.profile.values.get("scheme", {}).items():
            profile = profile.with_value("scheme", spelling, "") if code == scheme else profile
        state.keep(profile)
    state.draft = state.term.with_value("policy", names)
    state.save()
    state.notice = ("good", state.say(TAKEN_BACK, file=file.name, name=name))
