"""The panel beside the list: the finding, the form of the decision, and what was decided before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.decisions.dispositions import STATUSES, WITHDRAWN
from auditlib.forms.worklist.columns import CAUSES
from auditlib.rules import RULES
from auditlib.tables.wording import word
from auditlib.workbench import asking, sources
from auditlib.workbench.deciding import Undo, decide, decision, undo
from auditlib.workbench.finding_card import card, history, many
from auditlib.workbench.parts import alert, good
from auditlib.workbench.session import Session

TITLE = Text("处理", "Decide")
NOTHING_CHOSEN = Text(
    "在清单中点选一条疑点（键盘：移到规则名按回车），在这里处理。",
    "Choose a finding in the list (keyboard: Enter on the rule); it is decided here.",
)
ONE, TICKED_TEXT, ALL = (
    Text("这一条", "this finding"),
    Text("勾选的 {n} 条", "the {n} ticked"),
    Text("清单所列全部 {n} 条", "all {n} of the list"),
)
SCOPE, CAUSE, OWN_WORDS, AMOUNT, ON, EVIDENCE, NOTE = (
    Text("范围", "For"),
    Text("原因", "Cause"),
    Text("或写明", "Or in words"),
    Text("追回/补发", "Yuan moved"),
    Text("整改日期", "On"),
    Text("凭据", "Evidence"),
    Text("备注", "Note"),
)
STATUS = Text("处理结果", "Decision")
RECORD = Text("记录处理", "Record")
NO_CAUSE = Text("（请选择）", "(choose)")
EXAMPLE = Text("凭证号、文件名", "voucher, file")
DONE_TEXT = Text("已记录：{status}，{n} 条", "Recorded: {status}, {n} findings")
MEANWHILE = Text(
    "刚刚有人处理过这条疑点，见下方“处理经过”。仍要记录，请再按一次；后一次为准，前一次保留。",
    "Somebody has just decided on this finding, see below. Press again to record yours all the same: the latest holds, the other is kept.",
)
CONFIRM = Text(
    "将对 {n} 条疑点作同一处理。确定的话，请再按一次。",
    "The same decision for {n} findings. Press again if you are sure.",
)
UNDO = Text("撤销刚才的处理", "Undo the last decision")
UNDONE_TEXT = Text(
    "已撤销，{n} 条恢复原状；两次记录都保留。", "Undone: {n} findings are as before; both rows are kept."
)
PUPIL_FILE = "pupil"  # the key of that panel
PUPIL = Text("看该生档案", "The pupil's file")


class _Form:
    """The widgets of one form; what they say becomes a decision."""

    def __init__(self, session: Session):
        self.session = session
        self.card, self.history, self.said = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.scope = ipywidgets.Dropdown(description=session.say(SCOPE))
        self.status = ipywidgets.ToggleButtons(
            options=[(word(f"decision.{code}", session.language), code) for code in (*STATUSES, WITHDRAWN)],
            value=None,
            description=session.say(STATUS),
        )
        self.cause = ipywidgets.Dropdown(description=session.say(CAUSE))
        self.own = ipywidgets.Text(description=session.say(OWN_WORDS))
        self.amount = ipywidgets.Text(description=session.say(AMOUNT), placeholder="0.00")
        self.on = ipywidgets.DatePicker(description=session.say(ON))
        self.evidence = ipywidgets.Text(description=session.say(EVIDENCE), placeholder=session.say(EXAMPLE))
        self.note = ipywidgets.Text(description=session.say(NOTE))
        self.record = ipywidgets.Button(description=session.say(RECORD), button_style="primary")
        self.fields = ipywidgets.VBox()
        self.pupil = ipywidgets.Button(description=session.say(PUPIL))
        self.rows = sources.control(session)
        self.slips = asking.control(session, self.about)
        self.back = ipywidgets.Button(description=session.say(UNDO))
        self.back.layout.display = "none"
        self.last: Undo | None = None
        self.asked: tuple[Any, ...] = ()
        self.seen = 0
        self._name_for_tests()
        self._listen()
        self.point()

    def _name_for_tests(self) -> None:
        for name in (
            "scope",
            "status",
            "cause",
            "own",
            "amount",
            "on",
            "evidence",
            "note",
            "record",
            "history",
            "said",
            "card",
            "back",
        ):
            getattr(self, name).add_class(f"wb-d-{name}")

    def _listen(self) -> None:
        self.session.observe(self.point, ["finding_id"])
        self.session.observe(self.rescope, ["ticked", "list_filter", "finding_id", "unmasked", "decided"])
        self.status.observe(self.ask, ["value"])
        self.scope.observe(self.head, ["value"])
        self.record.on_click(self.pressed)
        self.back.on_click(lambda _button: self.guarded(self.undo))
        self.pupil.on_click(lambda _button: self.session.choose(panel=PUPIL_FILE))

    def box(self) -> ipywidgets.VBox:
        """The card above, the form, and the decisions so far below."""
        parts = [
            self.card,
            self.rows,
            self.pupil,
            self.scope,
            self.status,
            self.fields,
            self.said,
            self.back,
            self.history,
            self.slips,
        ]
        return ipywidgets.VBox(parts).add_class("wb-decide")

    def point(self, _change: Any = None) -> None:
        """Another finding: an empty form."""
        self.clear()
        self.said.value = ""
        self.scope.value = None  # what is decided on is what was just pointed at, whatever was meant before
        self.rescope()

    def draw_causes(self, rules: Sequence[str]) -> None:
        """The innocent explanations of the one rule that the decision is about, and the causes that fit all."""
        own = RULES[rules[0]].innocent if len(rules) == 1 and rules[0] in RULES else ()
        causes = dict.fromkeys(self.session.say(text) for text in (*own, *CAUSES))
        cause_before = self.cause.value
        self.cause.options = [(self.session.say(NO_CAUSE), ""), *((cause, cause) for cause in causes)]
        self.cause.value = cause_before if cause_before in causes else ""

    def clear(self) -> None:
        self.asked = ()
        self.status.value = None
        self.cause.value = "" if self.cause.options else None
        for field in (self.own, self.amount, self.evidence, self.note):
            field.value = ""
        self.on.value = None

    def _finding_row(self) -> Any:
        assert self.session.stored
        return self.session.stored.findings([self.session.finding_id])

    def draw(self, _change: Any = None) -> None:
        """Above the form stands what it is about: one finding, or how many of which rules."""
        assert self.session.stored
        about = self.session.stored.findings(self.about())
        self.draw_causes(sorted(set(about["rule"])))
        finding_row = self._finding_row()
        has_file = PUPIL_FILE in self.session.panels and bool(finding_row["name"].notna().any())
        self.pupil.layout.display = "" if has_file else "none"
        sources.point(
            self.rows, self.session, finding_row if self.scope.value not in ("ticked", "all") else None
        )
        if self.scope.value in ("ticked", "all"):
            self.card.value, self.history.value = many(self.session, about), ""
        elif len(finding_row):
            decisions = self.session.stored.decisions(self.session.finding_id)
            self.card.value, self.history.value = (
                card(self.session, finding_row),
                history(self.session, decisions, _text(finding_row.iloc[0]["name"])),
            )
            self.seen = len(decisions)
        else:
            self.card.value, self.history.value = f'<p class="wb">{self.session.say(NOTHING_CHOSEN)}</p>', ""

    def head(self, _change: Any = None) -> None:
        self.asked = ()
        self.draw()

    def rescope(self, change: Any = None) -> None:
        """Which findings a decision may be about; the narrowest is chosen where another list or finding came."""
        assert self.session.stored
        total, _yuan = self.session.stored.totals(self.session.list_filter)
        ticked_count = len(self.session.ticked)
        options = [(self.session.say(ONE), "one")] if self.session.finding_id else []
        options += [(self.session.say(TICKED_TEXT, n=f"{ticked_count:,}"), "ticked")] if ticked_count else []
        options += [(self.session.say(ALL, n=f"{total:,}"), "all")] if total else []
        codes, scope_before = [code for _title, code in options], self.scope.value
        self.scope.value = None
        self.scope.options = options
        narrowest = codes[0] if codes and codes[0] != "all" else None  # all of them only when it is asked for
        anew = scope_before == "all" and (change is None or change["name"] in ("list_filter", "finding_id"))
        self.scope.value = scope_before if scope_before in codes and not anew else narrowest
        self.draw()

    def ask(self, _change: Any = None) -> None:
        """The fields that the decision needs."""
        self.asked = ()
        needed_fields = {
            None: [],
            "cleared": [self.cause, self.own, self.note],
            "rectified": [self.amount, self.on, self.evidence, self.note],
        }.get(self.status.value, [self.evidence, self.note])
        self.fields.children = [*needed_fields, self.record] if self.status.value else []

    def about(self) -> list[str]:
        """The finding_ids that the decision is about."""
        assert self.session.stored
        if self.scope.value == "all":
            return self.session.stored.ids(self.session.list_filter)
        if self.scope.value == "ticked":
            return list(self.session.ticked)
        return [self.session.finding_id] if self.session.finding_id else []

    def pressed(self, _button: Any) -> None:
        self.guarded(self.decide)

    def guarded(self, act: Callable[[], None]) -> None:
        """``act``, or a word why not."""
        try:
            act()
        except AuditError as refused:
            self.said.value = alert(refused, self.session.language)

    def decide(self) -> None:
        """Writes the decision; asks again where it is about many, or somebody was faster."""
        findings, status = self.about(), str(self.status.value)
        cause = " ".join(filter(None, (self.cause.value, self.own.value))) if status == "cleared" else ""
        at = dt.datetime.now()
        new_decision = decision(
            self.session,
            status,
            cause=cause,
            evidence=self.evidence.value,
            note=self.note.value,
            day=at.date(),
            **self._rectified(status),
        )
        if self.must_ask(findings, new_decision):
            return
        assert self.session.stored
        before = {finding: self.session.stored.holding(finding) for finding in findings}
        number = decide(self.session, findings, new_decision, at)
        standing = {finding: self.session.stored.holding(finding) for finding in findings}
        self.last = Undo({key: row for key, row in standing.items() if row}, before)
        self.back.layout.display = ""
        self.clear()
        self.session.ticked = () if number > 1 else self.session.ticked
        self.said.value = good(
            self.session.say(
                DONE_TEXT, status=word(f"decision.{status}", self.session.language), n=f"{number:,}"
            )
        )

    def undo(self) -> None:
        """What the last press wrote is taken back, by later rows."""
        if self.last is None:
            return
        number = undo(self.session, self.last, dt.datetime.now())
        self.last = None
        self.back.layout.display = "none"
        self.said.value = good(self.session.say(UNDONE_TEXT, n=f"{number:,}"))

    def _rectified(self, status: str) -> dict[str, Any]:
        return {"amount": self.amount.value, "on": self.on.value} if status == "rectified" else {}

    def must_ask(self, findings: list[str], new_decision: dict[str, str]) -> bool:
        """Is there something the inspector should know first? Pressing again with the same form is the answer."""
        assert self.session.stored
        form = (tuple(findings), tuple(new_decision.values()))
        if self.asked == form:
            return False
        count_before, self.session.decided = (
            self.seen,
            self.session.decided + self.session.stored.look_if_changed(),
        )
        faster = self.seen > count_before and self.session.finding_id in findings
        if faster or len(findings) > 1:
            question = MEANWHILE if faster else CONFIRM
            self.said.value = f'<div role="alert" class="wb-alert">{self.session.say(question, n=f"{len(findings):,}")}</div>'
            self.asked = form
        return faster or len(findings) > 1


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def panel(session: Session) -> ipywidgets.Widget:
    """The finding that is looked at, to be decided; or those that are ticked or listed."""
    return _Form(session).box()
