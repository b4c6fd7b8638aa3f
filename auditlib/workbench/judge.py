"""Review: one pair of records at a time, differences marked, explanations beside it; every judgement saved at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import anywidget
import ipywidgets
import traitlets
from markupsafe import Markup, escape

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.linkage.judgements import (
    CANNOT_TELL,
    CHOICES,
    DIFFERENT,
    LEDGER,
    SAME,
    WITHDRAWN,
    Judgement,
    record,
)
from auditlib.runs.pair_review import Pair, Side, judgements_of, pairs_to_judge
from auditlib.runs.run_rows import place_of
from auditlib.tables.wording import word
from auditlib.workbench.opened import in_front, tables_of
from auditlib.workbench.parts import STATIC, alert
from auditlib.workbench.session import Session

KEY, TITLE = "judge", Text("复核", "Review")
BACK, NEXT, UNDO = "back", "next", "undo"
ACTIONS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    (SAME, CHOICES[SAME], ("1", "s")),
    (DIFFERENT, CHOICES[DIFFERENT], ("2", "d")),
    (CANNOT_TELL, CHOICES[CANNOT_TELL], ("3", "c")),
    (UNDO, Text("撤销", "undo"), ("u",)),
    (BACK, Text("上一对", "back"), ("ArrowLeft", "b")),
    (NEXT, Text("下一对", "next"), ("ArrowRight", "n")),
)
HEADING = Text("这两条记录是同一人吗？", "Are these two records one person?")
PROGRESS = Text("第 {at} 对，共 {n} 对；已判断 {done} 对", "Pair {at} of {n}; {done} judged")
NOTHING = Text("没有需要复核的记录对：各行均已由证号等关键信息认定。", "No pair is to be reviewed: keys decided who every row is.")  # fmt: skip
OPEN, LINKED = (
    Text("尚未认定，可能性 {score}", "not decided; probability {score}"),
    Text(
        "模型已认定为同一人，可能性 {score}；可推翻",
        "the model linked them, probability {score}; may be overruled",
    ),
)
JUDGED_BEFORE = Text("本次运行前已由人判断", "judged by a person before this run")
STANDS = Text("现有判断：{decision}（{who}，{when}）", "Judged: {decision} ({who}, {when})")
COMPARED_TEXT = Text("比较", "Compared")
MAY_SAME, MAY_ANOTHER = Text("可能是同一人，如果", "One person, perhaps, if"), Text("可能不是同一人，如果", "Two, perhaps, if")  # fmt: skip
TELLS = Text("内容", "What is told")
LATER = Text(
    "判断立即存入 judgements.csv，下一次运行自查时生效。",
    "A judgement is saved in judgements.csv at once and holds from the next self-check on.",
)
NOBODY = Problem(
    Text("未写明判断人", "nobody is named"),
    Text("经办人", "Inspector"),
    Text("请先在上方填写经办人姓名", "write your name above first"),
)
NOT_WRITTEN = Problem(
    Text("判断没有存入", "the judgement was not saved"),
    Text(LEDGER.file, LEDGER.file),
    Text("请检查运行文件夹是否可写，再试一次", "see that the run's folder can be written to, and try again"),
)
MEANWHILE = Text(
    "{who} 刚刚判断为“{decision}”。再按一次，以您的判断为准；两个判断都留在记录中。",
    "{who} has just judged “{decision}”. Press again and yours holds; both stay in the ledger.",
)


class Card(anywidget.AnyWidget):
    """One pair, drawn; a press or a key sends ``{kind: press, code}``."""

    _esm = (STATIC / "judge.js").read_text("utf-8")
    title = traitlets.Unicode().tag(sync=True)
    card = traitlets.Unicode().tag(sync=True)
    progress = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)
    actions: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Judging:
    """The pairs of a run, where the inspector stands among them, and what can be undone."""

    def __init__(self, session: Session):
        self.session = session
        self.card = Card(title=session.say(TITLE))
        self.pairs: list[Pair] = []
        self.held: dict[str, Judgement] = {}
        self.at = 0
        self.done: list[tuple[int, str]] = []
        """What was judged in this sitting: where, and the decision that held before (WITHDRAWN: none)."""
        self.asked: tuple[str, str] | None = None
        self.card.on_msg(self.told)
        session.observe(self.draw, ["unmasked"])
        in_front(session, KEY, self.look)

    def look(self) -> None:
        """The pairs of the run that is open, and what holds of each; stands at the first that is not judged."""
        try:
            run = tables_of(self.session)
            self.pairs, self.held = pairs_to_judge(run), judgements_of(run, self.session.language)
        except AuditError as refused:
            self.pairs = []
            self.card.trouble = alert(refused, self.session.language)
            return
        self.card.trouble = ""
        self.at = next((at for at, pair in enumerate(self.pairs) if pair.pair not in self.held), 0)
        self.draw()

    def told(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("kind") == "press" and self.pairs:
            self.press(str(message.get("code")))

    def press(self, code: str) -> None:
        """What a button or its key does."""
        self.card.trouble = ""
        try:
            if code in CHOICES:
                self.judge(code)
            elif code == UNDO:
                self.undo()
            elif code in (BACK, NEXT):
                self.move(1 if code == NEXT else -1)
        except AuditError as refused:
            self.card.trouble = alert(refused, self.session.language)
        self.draw()

    def judge(self, code: str) -> None:
        """Saves the judgement on the pair in front and goes on to the next that has none."""
        pair = self.pairs[self.at].pair
        before = self.held.get(pair)
        if self.must_ask(pair, code, before):
            return
        self.save(pair, code)
        self.done.append((self.at, before.decision if before else WITHDRAWN))
        following = [*range(self.at + 1, len(self.pairs)), *range(self.at)]
        self.at = next((at for at in following if self.pairs[at].pair not in self.held), min(self.at + 1, len(self.pairs) - 1))  # fmt: skip

    def must_ask(self, pair: str, code: str, before: Judgement | None) -> bool:
        """Has somebody else judged this pair meanwhile? Pressing again is the answer."""
        self.held = judgements_of(tables_of(self.session), self.session.language)
        now = self.held.get(pair)
        again, self.asked = self.asked == (pair, code), None
        if again or now is None or now == before or now.decision == code:
            return False
        question = self.session.say(MEANWHILE, who=now.judged_by, decision=CHOICES[now.decision])
        self.card.trouble = f'<div role="alert" class="wb-alert">{escape(question)}</div>'
        self.asked = (pair, code)
        return True

    def save(self, pair: str, code: str) -> None:
        """Raises AuditError where nobody is named or the ledger cannot be written."""
        session = self.session
        if not session.who.strip():
            raise AuditError(NOBODY, session.language)
        assert session.folder
        try:
            record(session.folder, pair, code, session.who, dt.datetime.now())
        except OSError:
            raise AuditError(NOT_WRITTEN, session.language) from None
        self.held = judgements_of(tables_of(session), session.language)

    def undo(self) -> None:
        """What held before the last judgement of this sitting holds again; the ledger keeps both."""
        if self.done:
            at, before = self.done[-1]
            self.save(self.pairs[at].pair, before)
            self.done.pop()
            self.at = at

    def move(self, by: int) -> None:
        self.at = max(0, min(len(self.pairs) - 1, self.at + by))

    def draw(self, _change: Any = None) -> None:
        if not self.pairs:
            self.card.actions, self.card.progress = [], ""
            self.card.card = "" if self.card.trouble else f"<p>{escape(self.session.say(NOTHING))}</p>"
            return
        pair = self.pairs[self.at]
        judged_count = sum(each.pair in self.held for each in self.pairs)
        with self.card.hold_sync():
            self.card.progress = self.session.say(
                PROGRESS, at=self.at + 1, n=len(self.pairs), done=judged_count
            )
            self.card.card = pair_card(self.session, pair, self.held.get(pair.pair))
            self.card.actions = [self._action(*action) for action in ACTIONS]

    def _action(self, code: str, title: Text, keys: tuple[str, ...]) -> dict[str, Any]:
        standing = self.held.get(self.pairs[self.at].pair)
        blocked_actions = {UNDO: not self.done, BACK: self.at == 0, NEXT: self.at == len(self.pairs) - 1}
        return {
            "code": code,
            "title": self.session.say(title),
            "keys": list(keys),
            "chosen": standing is not None and standing.decision == code if code in CHOICES else None,
            "disabled": blocked_actions.get(code, False),
        }


def pair_card(session: Session, pair: Pair, standing: Judgement | None) -> str:
    """The card as HTML: both records in a table, what was compared, and what may explain it."""
    language = session.language
    same, another = pair.explanations()
    parts = [
        Markup("<h3>{}</h3><p>{}</p>").format(session.say(HEADING), _standing(session, pair)),
        _standing_judgement(session, standing),
        _table(session, pair),
        Markup("<p><b>{}</b> {}</p>").format(session.say(COMPARED_TEXT), pair.compared(language)),
        Markup('<div class="wb-explained">{}{}</div>').format(_reasons(session, MAY_SAME, same), _reasons(session, MAY_ANOTHER, another)),
        Markup('<p class="wb-hint">{}</p>').format(session.say(LATER)),
    ]  # fmt: skip
    return str(Markup("").join(parts))


def _standing(session: Session, pair: Pair) -> str:
    if pair.score is None:
        return session.say(JUDGED_BEFORE)
    return session.say(LINKED if pair.linked else OPEN, score=f"{pair.score:.3f}")


def _standing_judgement(session: Session, standing: Judgement | None) -> Markup:
    if standing is None:
        return Markup("")
    when = standing.judged_on.replace("T", " ")
    sentence = session.say(STANDS, decision=CHOICES[standing.decision], who=standing.judged_by, when=when)
    return Markup('<p class="wb-good">{}</p>').format(sentence)


def _table(session: Session, pair: Pair) -> Markup:
    language = session.language
    ours, theirs = pair.context(language, unmasked=session.unmasked)
    between = "；" if language == "zh" else "; "
    rows = [_row(language, side) for side in pair.sides(language, unmasked=session.unmasked)]
    rows.append(
        _cells(session.say(TELLS), Markup(escape(between.join(ours))), Markup(escape(between.join(theirs))))
    )
    head = Markup('<tr><td></td><th scope="col">{}<br><small>{}</small></th><th scope="col">{}<br><small>{}</small></th></tr>').format(
        word(pair.table, language), place_of(pair.source), word("enrolment", language), place_of(pair.register_source)
    )  # fmt: skip
    return Markup('<table class="wb-pair"><thead>{}</thead><tbody>{}</tbody></table>').format(head, Markup("").join(rows))  # fmt: skip


def _row(language: str, side: Side) -> Markup:
    ours, theirs = side.marked or ((), ())
    return _cells(side.title.into(language), _mark(side.of_row, ours), _mark(side.of_register, theirs))


def _cells(title: str, ours: Markup, theirs: Markup) -> Markup:
    return Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(
        title, ours or "—", theirs or "—"
    )


def _mark(text: str, places: tuple[tuple[int, int], ...]) -> Markup:
    """``text`` with what differs marked; where something is missing here, the gap."""
    pieces, at = Markup(""), 0
    for begin, end in places:
        pieces += escape(text[at:begin]) + Markup("<mark>{}</mark>").format(text[begin:end] or "‸")
        at = end
    return pieces + escape(text[at:])


def _reasons(session: Session, title: Text, texts: list[Text]) -> Markup:
    if not texts:
        return Markup("")
    items = Markup("").join(Markup("<li>{}</li>").format(session.say(text)) for text in texts)
    return Markup("<section><h4>{}</h4><ul>{}</ul></section>").format(session.say(title), items)


def panel(session: Session) -> ipywidgets.Widget:
    """The pairs to be judged."""
    return Judging(session).card
