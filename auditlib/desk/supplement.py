"""A local supplement by form: which scheme, for whom, how much since when, by which document; kept as a policy file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.places import policies
from auditlib.base.strict_values import Wrong, a_date, a_text
from auditlib.base.strict_yaml import read_yaml
from auditlib.base.terms import first_day
from auditlib.desk import writing
from auditlib.desk.page import Block, button, buttons, choice, field, fields, prose
from auditlib.desk.state import State
from auditlib.forms.filled_in.entries import UnreadableCell, yuan
from auditlib.law.amounts import CATEGORIES
from auditlib.law.parameter_readers import STAGES
from auditlib.law.policy import Scheme, in_force, read_policy
from auditlib.tables.vocabulary import spelling
from auditlib.tables.wording import category_word, word

TITLE = Text("增加一条地方标准", "Add a local standard")
ABOUT = Text(
    "写入本县的政策文件 {file}，叠加在国家标准之上。",
    "It is written into the county's policy file {file}, which is laid over the national one.",
)
OPEN = Text(
    "这些项目的金额由省、市、县定，国家标准里没有或只有平均数，补上以前不核对金额：{names}。本县发的，在“增加一条地方标准”里补上：名称照写，只填金额、时间和文件，学段和对象照国家标准。",
    "Province, city or county set the amounts of these schemes, of which the national standards tell none or an average alone; until they are added no amount of theirs is checked: {names}. Add those that are paid here under Add a local standard: write the name as it is here, and amount, day and document; stages and persons are those of the national standards.",
)
NAME, NAME_HELP = (
    Text("项目名称", "Name of the scheme"),
    Text(
        "如 县级寄宿生增补；与发放明细里的写法相同",
        "such as a county supplement for boarders; as the payments write it",
    ),
)
WHO, STAGE, BOARDING = Text("对象", "For whom"), Text("学段", "Stage"), Text("就读方式", "Boarding")
YUAN, SINCE, BY = (
    Text("每学期（元）", "Yuan a term"),
    Text("从何时起", "Since"),
    Text("依据的文件", "The document"),
)
YUAN_HELP = Text("分档的写最低到最高，如 900-1400", "with tiers the lowest and the highest, such as 900-1400")
BY_HELP = Text("文件名称和文号，疑点引用它", "its title and number; findings cite it")
MUST, MUST_OPTIONS = (
    Text("是否必须发", "Must it be paid?"),
    (("1", Text("必须发", "must be paid")), ("0", Text("可发可不发", "may be paid"))),
)
BOARDINGS = (
    ("", Text("不限", "either")),
    ("true", Text("寄宿", "boarders")),
    ("false", Text("走读", "day pupils")),
)
ADD = Text("写入政策文件", "Write it into the policy file")
WRITTEN_TEXT = Text("已写入 {file}：{name}", "Written into {file}: {name}")
FILE_TITLE = Text("{county}地方资助标准", "Local standards of {county}")
HEAD = "# {code}：本县的地方标准。由工作台写出，可以手改。 Written by the desk; may be edited by hand.\n"
MOST_A_TERM = 1_000_000  # yuan; more than any scheme pays a pupil
_DASH = re.compile(r"\s*[-–—~～至到]\s*")
NOT_FILLED = Text("“{what}”没有填对", "“{what}” is not filled in rightly")


def policy_name(state: State) -> str:
    """The county's own policy file, by the name that ``policy`` lists."""
    name = f"{state.code}-local"
    return name if policy_file(state).parent in policies() else f"policy/{name}"


def policy_file(state: State) -> Path:
    """Where it stands."""
    return writing.params_folder() / "policy" / f"{state.code}-local.yaml"


def form(state: State) -> list[Block]:
    """The form's fields."""
    say, entry_texts = state.say, state.form
    stages = [
        field(
            ["law", f"stage {code}"],
            word(code, state.language),
            entry_texts.get(f"stage {code}", ""),
            "check",
        )
        for code in STAGES
    ]
    whom = [
        field(
            ["law", f"category {code}"],
            category_word(code, state.term.text("term"), state.language),
            entry_texts.get(f"category {code}", ""),
            "check",
        )
        for code in CATEGORIES
    ]
    since = entry_texts.get("since") or first_day(state.term.text("term")).isoformat()
    return [
        prose(say(ABOUT, file=f"params/policy/{policy_file(state).name}"), "hint"),
        fields([
            field(["law", "name"], say(NAME), entry_texts.get("name", ""), help=say(NAME_HELP)),
            field(["law", "yuan"], say(YUAN), entry_texts.get("yuan", ""), help=say(YUAN_HELP)),
            field(["law", "since"], say(SINCE), since, "date"),
            field(["law", "by"], say(BY), entry_texts.get("by", ""), help=say(BY_HELP), wide=True),
        ]),
        prose(say(STAGE), "hint"),
        fields(stages),
        prose(say(WHO), "hint"),
        fields(whom),
        fields([
            choice(["law", "boarding"], say(BOARDING), entry_texts.get("boarding", ""), [(c, say(t)) for c, t in BOARDINGS]),
            choice(["law", "must"], say(MUST), entry_texts.get("must", "1"), [(c, say(t)) for c, t in MUST_OPTIONS]),
        ]),
        buttons([button(["add"], say(ADD))]),
    ]  # fmt: skip


def open_amounts(state: State) -> list[Block]:
    """The schemes of which no amount is checked yet. Raises AuditError."""
    names = [scheme.title.into(state.language) for scheme in without_amounts(state)]
    text = state.say(OPEN, names=("、" if state.language == "zh" else ", ").join(names))
    return [prose(text, "amber")] if names else []


def without_amounts(state: State) -> list[Scheme]:
    """Schemes of the standards chosen for which nobody has said an amount, or the average alone of one that is due: a province or a
    county sets it. Raises AuditError."""
    policy = state.policy()
    rows = in_force(policy, state.term.text("term"))
    is_open = rows["minimum"].isna() & rows["maximum"].isna() & rows["mandatory"].astype(bool)
    averages = {*rows.loc[is_open, "scheme"]}
    return [scheme for scheme in policy.schemes.values() if not scheme.per_term or scheme.id in averages]


def _scheme_of(schemes: Sequence[Scheme], name: str) -> Scheme | None:
    """The scheme of that name or alias."""
    word_typed = spelling(name)
    return next(
        (one for one in schemes if word_typed in map(spelling, (one.title.zh, one.title.en, *one.aliases))),
        None,
    )


def entry(entry_texts: Mapping[str, str], since: str, base_scheme: Scheme | None = None) -> dict[str, Any]:
    """The scheme as a policy file has it; of one that is a ``base_scheme`` but for its amount, the amount. Raises UsageError with
    everything that is not filled in rightly."""
    name, yuan, day, document = (
        entry_texts.get("name", ""),
        entry_texts.get("yuan", ""),
        entry_texts.get("since") or since,
        entry_texts.get("by", ""),
    )
    problems = [problem for problem in (_wrong(NAME, a_text, name), _wrong(YUAN, _amount, yuan), _wrong(SINCE, a_date, day),
                                        _wrong(BY, a_text, document)) if problem]  # fmt: skip
    stages = [code for code in STAGES if entry_texts.get(f"stage {code}")]
    categories = [code for code in CATEGORIES if entry_texts.get(f"category {code}")]
    problems += [
        _problem(title, Text("至少一项", "one at least"))
        for title, some in ((STAGE, stages), (WHO, categories))
        if not some and not base_scheme
    ]
    if problems:
        raise UsageError(problems)
    who: dict[str, Any] = {"stage": stages, "category": categories, "by": document.strip()}
    if entry_texts.get("boarding"):
        who["boarding"] = entry_texts["boarding"] == "true"
    amount = {day: {**_amount(yuan), "by": document.strip()}}
    if base_scheme:
        return {"per_term": dict.fromkeys(stages or base_scheme.stages or ["any"], amount)}
    return {
        "title": {"zh": name.strip(), "en": name.strip()},
        "who": who,
        "per_term": dict.fromkeys(stages, amount),
        "mandatory": entry_texts.get("must", "1") == "1",
    }


def _wrong(title: Text, reader: Any, value: str) -> Problem | None:
    try:
        reader(value)
    except Wrong as wrong:
        return _problem(title, wrong.asked)
    return None


def _problem(title: Text, requirement: Text) -> Problem:
    return Problem(
        NOT_FILLED.fill(what=title), title, Text(f"应为{requirement.zh}", f"write {requirement.en}")
    )


def _amount(value: str) -> dict[str, str]:
    """One amount, or the ends of its tiers, as a policy file has them."""
    lowest, dash, highest = _DASH.sub("-", value).partition("-")
    if not dash:
        return {"yuan": _in_short(_money(value))}
    ends = _money(lowest), _money(highest)
    if ends[0] >= ends[1]:
        raise Wrong("从最低到最高，如 900-1400", "the lowest and the highest, such as 900-1400")
    return {"min": _in_short(ends[0]), "max": _in_short(ends[1])}


def _money(value: str) -> Decimal:
    try:
        amount = yuan(value)
    except UnreadableCell:
        amount = None
    if not amount or amount >= MOST_A_TERM:
        raise Wrong(
            "大于 0、至多两位小数的金额（元）", "an amount in yuan above 0, with two decimals at most"
        )
    return amount


def _in_short(amount: Decimal) -> str:
    """As one writes it: without decimals where there are none."""
    return str(amount).removesuffix(".00")


def add(state: State) -> str:
    """The form's scheme in the county's policy file, which the draft names from then on; the scheme's name.

    Raises AuditError where the form or the file with it would be refused; the file stays as it was then.
    """
    file, names = policy_file(state), [str(name) for name in state.term.values.get("policy") or []]
    standing = read_yaml(file) if file.is_file() else {}
    schemes = dict(standing.get("schemes") or {})
    of_amounts = {name for name, one in schemes.items() if set(one) == {"per_term"}}  # added here before
    own = [scheme for scheme in state.policy().schemes.values() if scheme.id in of_amounts]
    base_scheme = _scheme_of([*without_amounts(state), *own], state.form.get("name", ""))
    scheme = entry(state.form, first_day(state.term.text("term")).isoformat(), base_scheme)
    if base_scheme and base_scheme.id in of_amounts:
        before_by_stage = schemes[base_scheme.id]["per_term"]
        scheme = {
            "per_term": {
                **before_by_stage,
                **{
                    stage: {**before_by_stage.get(stage, {}), **amounts_by_day}
                    for stage, amounts_by_day in scheme["per_term"].items()
                },
            }
        }
    title = FILE_TITLE.fill(county=state.term.text("county_name"))
    content = {
        "title": standing.get("title") or {"zh": title.zh, "en": title.en},
        "schemes": {**schemes, base_scheme.id if base_scheme else _id(scheme, schemes): scheme},
    }
    before = file.read_bytes() if file.is_file() else None
    writing.write_yaml(file, content, HEAD.format(code=state.code))
    policy_names = names if policy_name(state) in names else [*names, policy_name(state)]
    try:
        read_policy(policy_names, file.parent)
    except AuditError:
        writing.put_back(file, before)
        raise
    state.draft = state.term.with_value("policy", policy_names)
    return base_scheme.title.into(state.language) if base_scheme else str(scheme["title"]["zh"])


def _id(scheme: Mapping[str, Any], schemes: Mapping[str, Any]) -> str:
    """The id of the scheme of that title, else a new one."""
    same = (
        name for name, one in schemes.items() if (one.get("title") or {}).get("zh") == scheme["title"]["zh"]
    )
    ids = {*schemes}
    fresh = (f"local_{number}" for number in range(1, len(ids) + 2) if f"local_{number}" not in ids)
    return next(same, None) or next(fresh)


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "law":
        state.form[name[1]] = value
    elif name[0] == "add":
        try:
            title = add(state)
        except AuditError as refused:
            state.refuse(refused)
            return
        state.form = {}
        state.notice = ("good", state.say(WRITTEN_TEXT, file=policy_file(state).name, name=title))
