"""The rest of the city's form: each county's key, half of the seed and commitment; deadlines, grades, what else the draw takes."""

from __future__ import annotations

from pathlib import Path

from auditlib.base.declared_fields import meanings
from auditlib.base.language import Text
from auditlib.city.parameters import GRADES, SELECTIONS, SEVERITIES, STRATA, ReCheck
from auditlib.desk import city_answers, city_files
from auditlib.desk.city_answers import answer, entry, of_draw
from auditlib.desk.page import (
    Block,
    Name,
    button,
    buttons,
    cell,
    choice,
    field,
    fields,
    fold,
    heading,
    prose,
    table,
)
from auditlib.desk.state import State
from auditlib.package.draw_half import standing_half
from auditlib.page.parameter_words import CHOICES
from auditlib.tables.wording import word

COUNTIES = Text("各县的公钥、种子和数据日期", "Keys, seeds and days of the counties")
COUNTIES_ABOUT = Text(
    "公钥由县里另行送达，放进报送包的文件夹后在这里选。种子各出一半：先按“看样本量，封存并承诺”，把各县一行分发下去，再收各县的一半填在这里；"
    "写了各方的一半，上面的种子就不用填。没有包的县，把“SHA-256 日期 承诺人”一行填在承诺里。数据日期是市里复制该县发放明细的那天，不填按最晚的发放日期算。",
    "A county sends its public key by another way: put it into the folder of the packages and choose it here. Each side gives half of the "
    "seed: first press “See the sample, seal and commit”, hand each county its line, then fill in the halves that come back; with halves no "
    "seed above is needed. Of a county without a package, its line “SHA-256 day who” is the commitment. The day is that of the city's copy "
    "of the payments; empty, that of the newest payment.",
)
NO_COUNTIES = Text(
    "选了报送包或县级数据以后，各县列在这里。", "The counties stand here once packages or data are ticked."
)
COUNTY = Text("县", "County")
OURS = Text("市里（{code}）", "The city ({code})")
NONE = Text("（没有）", "(none)")
FILL_OURS = Text("填入市里的一半", "Fill in the city's half")
KEY, HALF, COMMITMENT, SEED, COPIED_TEXT = (
    Text("公钥", "Public key"),
    Text("一半种子", "Half of the seed"),
    Text("承诺（没有包的县）", "Commitment (no package)"),
    Text("县里加的种子（没有承诺的）", "Seed it adds (no commitment)"),
    Text("数据日期", "Day of the copy"),
)
HEADS = {
    "keys": KEY,
    "halves": HALF,
    "commitments": COMMITMENT,
    "county_seeds": SEED,
    "copied_on": COPIED_TEXT,
}
DEADLINES = Text("整改期限（按严重程度）", "Deadlines (by severity)")
OTHERS = Text(
    "等级和抽样的其他选择（不改就用通常的）",
    "Grades and other choices of the draw (the usual hold unless changed)",
)
MEANINGS = meanings(ReCheck)
NUMBERS = ("flagged_n", "min_n", "ordered_share", "critical", "schools", "per_school", "icc")
STRATUM = Text("按{what}分层", "strata by {what}")
GRADE = Text("{letter} 级最低的检出率", "Least detection rate of grade {letter}")


def blocks(state: State) -> list[Block]:
    """Three parts, the first two of them in sight: what every conclusion rests on, and by when it is put right."""
    say = state.say
    severities = [
        field(
            ["form", f"deadlines {code}"], word(code, state.language), entry(state, "deadlines", code), "date"
        )
        for code in SEVERITIES
    ]
    return [
        heading(say(COUNTIES), 3),
        *_counties(state),
        heading(say(DEADLINES), 3),
        fields(severities),
        fold(say(OTHERS), [fields([*_grades(state), *_draw(state)])], name="draw"),
    ]


def _counties(state: State) -> list[Block]:
    say, codes = state.say, city_files.county_codes(state)
    if not codes:
        return [prose(say(NO_COUNTIES), "hint")]
    city = answer(state, "code")
    rows = [_row(state, city, say(OURS, code=city), ("halves",))] if city else []
    rows += [_row(state, code, f"{name} {code}".strip(), tuple(HEADS)) for code, name in codes.items()]
    head = [say(COUNTY), *(say(title) for title in HEADS.values())]
    ours = [buttons([button(["own half"], say(FILL_OURS))])] if _own_half(state) else []
    return [prose(say(COUNTIES_ABOUT), "hint"), table(say(COUNTIES), head, rows, style="whole"), *ours]


def _row(state: State, code: str, title: str, groups: tuple[str, ...]) -> list[Block]:
    return [
        cell(title),
        *(_field(state, group, code, title) if group in groups else cell("") for group in HEADS),
    ]


def _field(state: State, group: str, code: str, title: str) -> Block:
    name, value = ["form", f"{group} {code}"], entry(state, group, code)
    label = f"{title} · {state.say(HEADS[group])}"
    if group == "keys":
        return field(name, label, value, "select", options=_key_files(state, value), hide_label=True)
    return field(name, label, value, "date" if group == "copied_on" else "text", hide_label=True)


def _key_files(state: State, chosen_file: str) -> list[tuple[str, str]]:
    """None, the public keys in the folder of the packages, and the one that is chosen."""
    folder = Path(answer(state, "folder"))
    files = {str(file): file.name for file in sorted(folder.glob("*.pem"))}
    own = {chosen_file: Path(chosen_file).name} if chosen_file else {}
    return [("", state.say(NONE)), *(own | files).items()]


def _own_half(state: State) -> str:
    """The city's half of this term, where one was made."""
    return standing_half(answer(state, "code"), answer(state, "term"))


def fill_own_half(state: State) -> None:
    """The city's half into the form."""
    state.form[f"halves {answer(state, 'code')}"] = _own_half(state)


def _grades(state: State) -> list[Block]:
    return [
        field(["form", f"grades {letter}"], state.say(GRADE, letter=letter), entry(state, "grades", letter))
        for letter in GRADES
    ]


def _draw(state: State) -> list[Block]:
    """What else a draw takes, each with its usual value filled in."""
    say = state.say
    selections = [(code, say(CHOICES[code])) for code in SELECTIONS]
    own = city_answers.strata(state)
    return [
        choice(["form", "sample selection"], say(MEANINGS["sample.selection"]), of_draw(state, "selection"), selections),
        *(
            field(["stratum", code], say(STRATUM, what=say(CHOICES[code])), "1" if code in own else "", "check")
            for code in STRATA
        ),
        *(field(["form", f"sample {key}"], say(MEANINGS[f"sample.{key}"]), of_draw(state, key)) for key in NUMBERS),
    ]  # fmt: skip


def hear_stratum(state: State, name: Name, value: str) -> None:
    """By what a stratified sample is divided."""
    own = city_answers.strata(state)
    state.form["strata"] = " ".join(one for one in STRATA if (value if one == name[1] else one in own))
