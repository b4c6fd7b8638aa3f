"""What a finished command left, each opened by one press: its page, its workbooks, its folder."""

from __future__ import annotations

from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.run_folder import OF_SELF_CHECK, OF_TREND
from auditlib.desk.page import Block, button, buttons, fold, prose
from auditlib.desk.state import State
from auditlib.package.draw_half import standing_half

OPEN_REPORT, OPEN_RUN, NEXT_TERM = (
    Text("打开报告", "Open the report"),
    Text("打开工作台", "Open the workbench"),
    Text("下一学期", "Next term"),
)
FOLDER = Text("打开结果文件夹", "Open the folder of the results")
WHERE = Text("结果在：{folder}", "The results are in {folder}")
LIST, LIST_OF = (
    Text("打开 {name}", "Open {name}"),
    Text("打开 {name}（未遮盖，仅供经授权的人员）", "open {name} (in full: for the authorised only)"),
)
HAND_OVER = Text(
    "另行交给市里的：公钥和一半种子",
    "What goes to the city besides the package: public key, half of the seed",
)
KEY_TO_CITY = Text(
    "公钥：{file}。与报送包分开送达（当面、传真核对其指纹）。",
    "Public key: {file}. It travels apart from the package (in person, or its fingerprint told by telephone).",
)
HALF_TO_CITY = Text(
    "本县的一半抽样种子，收到市里的承诺（发来的一行）以后才交，在此之前不给任何人看：",
    "This county's half of the seed of the draw: handed over once the city's commitment (the line it sends) is here, and shown to nobody before:",
)
LISTS = {
    "self-check": ("findings.xlsx", "review.xlsx"),
    "re-check": ("comparison.xlsx", "field-*.xlsx"),
    "trend": ("trend-public.html", "rollups.xlsx"),
}
PAGES = (OF_SELF_CHECK[0], OF_TREND[0])


def report_of(run: Path) -> Path | None:
    """The page that the run made."""
    return next((run / page for page in PAGES if (run / page).is_file()), None)


def outcome(state: State) -> list[Block]:
    """What a finished run can be opened with; nothing before there is one."""
    if state.run is None:
        return []
    say = state.say
    opens = [button(["report"], say(OPEN_REPORT), primary=True)]
    if state.doing in ("self-check", "re-check"):
        opens.append(button(["workbench", str(state.run)], say(OPEN_RUN), primary=True))
    opens += [
        button(["open", name], say(LIST, name=name), label=say(LIST_OF, name=name))
        for name in (
            file.name for pattern in LISTS.get(state.doing, ()) for file in sorted(state.run.glob(pattern))
        )
    ]
    opens.append(button(["open", ""], say(FOLDER)))
    if state.doing == "self-check":
        opens.append(button(["next term", str(state.file)], say(NEXT_TERM)))
    return [prose(say(WHERE, folder=str(state.run)), "hint"), buttons(opens), *_hand_over(state, state.run)]


def _hand_over(state: State, run: Path) -> list[Block]:
    """What a county gives to the city by another way than the package, opened by a press; nothing where the run made none."""
    half = standing_half(state.code, state.term.text("term")) if state.doing == "self-check" else ""
    if not half:
        return []
    keys = [
        prose(state.say(KEY_TO_CITY, file=str(file)), "hint") for file in sorted(run.glob("public-key-*.pem"))
    ]
    return [
        fold(
            state.say(HAND_OVER),
            [*keys, prose(state.say(HALF_TO_CITY), "hint"), prose(half)],
            name="hand over",
        )
    ]
