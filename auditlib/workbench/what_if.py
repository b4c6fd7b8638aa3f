"""What if: thresholds, dates and standards as fields; what moves, rule by rule, beside the run's values."""

from __future__ import annotations

import datetime as dt
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

import ipywidgets
from markupsafe import Markup

from auditlib.base.declared_fields import titles
from auditlib.base.errors import AuditError, Problem, UsageError
from auditlib.base.language import Text
from auditlib.forms.filled_in import entries
from auditlib.law.parameters import SelfCheck, Thresholds
from auditlib.page.markup import count, yuan
from auditlib.rules import RULES
from auditlib.runs.what_if import Compared, Standard, standards_of, what_if, with_parameters, with_standards
from auditlib.tables.findings import column_title
from auditlib.workbench.opened import in_front, tables_of
from auditlib.workbench.parts import Saver, alert, good
from auditlib.workbench.session import Session
from auditlib.workbench.what_if_file import KIND, as_lines, file_name
from auditlib.workbench.what_if_kept import BEFORE, Offer, offer_for, write_into

KEY, TITLE = "what_if", Text("试算", "What if")
LEAD = Text(
    "改动阈值、日期或标准，看疑点和金额怎样变化。只是试算：本次运行的结果不受影响。",
    "Change a threshold, a date or a standard and see what moves. A trial only: the run is not touched.",
)
THRESHOLDS = Text("阈值和日期", "Thresholds and dates")
_TITLES = titles(SelfCheck)
_LIMITS = tuple(one.name for one in fields(Thresholds) if one.default is MISSING)
"""The thresholds that every parameter file states: without a usual value, each is somebody's choice."""
FIELDS = {**{name: _TITLES[f"thresholds.{name}"] for name in _LIMITS}, "count_date": _TITLES["count_date"]}
STANDARDS, STANDARD, AMOUNT = (
    Text("标准", "Standards"),
    Text("标准", "Standard"),
    Text("改为（元）", "Yuan a term"),
)
PARTS = {
    "minimum": Text("最低", "lowest"),
    "maximum": Text("最高", "highest"),
    "average": Text("平均", "average"),
}
KEEP = Text("存为参数", "Save as parameters")
INTO_FILE, ONLY_LINES, LEAVE = (
    Text("写入 {file}", "Write into {file}"),
    Text("只存这几行", "Only the lines"),
    Text("不写", "Leave it"),
)
WOULD_BE = Text(
    "将写入参数文件 {file}，其余内容和备注不动：",
    "Would be written into the parameter file {file}; all else in it stays:",
)
NO_FILE = Text(
    "找不到写出这次运行的参数文件，只能存成几行，手工写进去。",
    "No parameter file of this run can be found: only the lines can be saved, to be put in by hand.",
)
OF_LAW = Text(
    "标准须有依据，不写进参数文件；“只存这几行”里列出改过的标准。",
    "Standards need a document and are not written into it; “Only the lines” lists those changed.",
)
FILED_TEXT = Text(
    "已写入 {file}。再核查一次，结果才按新值；原来的文件另存为 {copy}。",
    "Written into {file}. The results follow once it is audited again; the file as it was is kept as {copy}.",
)
NOTHING_CHANGED = Problem(
    Text("没有改动", "nothing is changed"),
    Text("试算", "What if"),
    Text("先改动一个值再存", "change a value first"),
)
ANY, SET, TRY, RESET = (
    Text("不限", "any"),
    Text("改标准", "Change it"),
    Text("试算", "Try"),
    Text("恢复本次运行的值", "Back to the run's values"),
)
CHANGED_TEXT, UNCHANGED_TEXT = (
    Text("已改标准：", "Changed: "),
    Text("标准未改动。", "No standard is changed."),
)
BUSY, DONE_TEXT = (
    Text("正在按新值重新执行全部规则…", "Running every rule with the new values…"),
    Text("疑点 {before} → {after}（新增 {new}，消失 {gone}），涉及金额 {yuan} → {yuan_if} 元（{moved}）", "Findings {before} → {after} ({new} new, {gone} gone), at stake {yuan} → {yuan_if} yuan ({moved})"),
)  # fmt: skip
CAPTION = Text("各规则：本次运行与试算", "Rule by rule: the run and the trial")
HEADS = (
    column_title("rule"), Text("疑点", "Findings"), Text("试算", "If"), Text("新增", "New"), Text("消失", "Gone"),
    Text("金额（元）", "Yuan"), Text("试算", "If"), Text("差额", "Difference"),
)  # fmt: skip
BAD_AMOUNT = Problem(
    Text("标准的金额无法识别", "the amount of the standard cannot be read"),
    Text("改为（元）", "Yuan a term"),
    Text("请填写不小于 0 的元数，至多两位小数", "write yuan, not below 0, with two decimals at most"),
)
NO_DATE = Problem(
    Text("日期未填", "a date is empty"),
    Text("阈值和日期", "Thresholds and dates"),
    Text("请填写日期", "write the date"),
)


class Trial:
    """The fields, what they say, and what came of it."""

    def __init__(self, session: Session):
        self.session = session
        self.changed: dict[Standard, Decimal] = {}
        self.fields: dict[str, Any] = {}
        self.box = ipywidgets.VBox()
        self.said, self.table, self.saver = ipywidgets.HTML(), ipywidgets.HTML(), Saver()
        self.offered = ipywidgets.VBox()
        self.drawn: Any = None
        in_front(session, KEY, self.look)

    def look(self) -> None:
        """Draws the fields with the run's values, once a run."""
        try:
            self.run = tables_of(self.session)
        except AuditError as refused:
            self.box.children = [ipywidgets.HTML(alert(refused, self.session.language))]
            return
        if self.drawn is not self.run:
            self.drawn = self.run
            self.known = standards_of(self.run.policy, self.run.parameters.term)
            self.draw()

    def draw(self) -> None:
        say = self.session.say
        self.changed, self.fields = {}, self._fields()
        self.standard = ipywidgets.Dropdown(
            options=[(self.named(standard, value), standard) for standard, value in self.known.items()],
            description=say(STANDARD),
        ).add_class("wb-standard")
        self.amount = ipywidgets.Text(description=say(AMOUNT))
        self.list = ipywidgets.HTML()
        buttons = {title: ipywidgets.Button(description=say(title)) for title in (SET, TRY, RESET, KEEP)}
        buttons[TRY].button_style = "primary"
        for title, act in ((SET, self.set), (TRY, self.try_), (RESET, self.draw), (KEEP, self.keep)):
            buttons[title].on_click(lambda _button, act=act: self.guarded(act))
        self.said.value = self.table.value = ""
        self.offered.children = ()
        self.draw_changed()
        self.box.children = [
            ipywidgets.HTML(f'<p class="wb-hint">{say(LEAD)}</p><h3>{say(THRESHOLDS)}</h3>'),
            ipywidgets.HBox(list(self.fields.values())).add_class("wb-trial"),
            ipywidgets.HTML(f"<h3>{say(STANDARDS)}</h3>"),
            ipywidgets.HBox([self.standard, self.amount, buttons[SET], self.list]).add_class("wb-trial"),
            ipywidgets.HBox([buttons[TRY], buttons[RESET], buttons[KEEP], self.said]).add_class("wb-trial"),
            self.offered,
            self.table,
            self.saver,
        ]

    def _fields(self) -> dict[str, Any]:
        run = self.run.parameters
        return {
            name: _field(getattr(run.thresholds, name, getattr(run, name, None)), self.session.say(title))
            for name, title in FIELDS.items()
        }

    def named(self, standard: Standard, value: Decimal) -> str:
        """A standard as a line of the list: scheme, stage, category, tier, yuan."""
        language, labels = self.session.language, self.session.labels
        parts = [labels.of("scheme", standard.scheme)]
        parts += [
            ANY.into(language) if code == "any" else labels.of(kind, code)
            for kind, code in (("stage", standard.stage), ("category", standard.category))
        ]
        parts += [PARTS[standard.part].into(language)] if standard.part in PARTS else []
        return " · ".join([*parts, yuan(value)])

    def guarded(self, act: Any) -> None:
        """``act``, or a word why not."""
        try:
            act()
        except AuditError as refused:
            self.said.value = alert(refused, self.session.language)

    def set(self) -> None:
        """The standard chosen takes the amount typed. Raises AuditError where that is no amount."""
        value = _typed_yuan(self.amount.value)
        if value is None or self.standard.value is None:
            raise AuditError(BAD_AMOUNT, self.session.language)
        self.changed[self.standard.value] = value
        if value == self.known[self.standard.value]:
            del self.changed[self.standard.value]
        self.said.value = ""
        self.draw_changed()

    def draw_changed(self) -> None:
        lines = self.changes()
        items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
        head = self.session.say(CHANGED_TEXT if lines else UNCHANGED_TEXT)
        self.list.value = str(Markup('<div role="status">{}<ul>{}</ul></div>').format(head, items))

    def changes(self) -> list[str]:
        """Each standard that is changed: from what, to what."""
        return [f"{self.named(one, self.known[one])} → {yuan(value)}" for one, value in self.changed.items()]

    def keep(self) -> None:
        """Shows what would be written and where, to be pressed. Raises AuditError where nothing is changed."""
        entries = self.asked()
        if set(entries) == {"language"} and not self.changed:
            raise AuditError(NOTHING_CHANGED, self.session.language)
        with_parameters(self.run, **entries)  # what cannot be is not written down
        self.said.value = ""
        values = {name: value for name, value in entries.items() if name != "language"}
        offer = offer_for(self.run.folder, self.run.parameters, values) if values else None
        lines = as_lines(entries, self.changes(), self.session.language)
        self.offered.children = [ipywidgets.HTML(self.would_be(offer, bool(values))), self.ways(offer, lines)]

    def would_be(self, offer: Offer | None, has_values: bool) -> str:
        """What stands in the file and what would: a line a value."""
        say = self.session.say
        lines = [say(NO_FILE)] if has_values and offer is None else []
        items = Markup("")
        if offer:
            lines += [say(WOULD_BE, file=offer.file.name)]
            items = Markup("").join(
                Markup("<li>{}: {} → {}</li>").format(say(FIELDS[name]), offer.standing[name], value)
                for name, value in offer.values.items()
            )
        lines += [say(OF_LAW)] if self.changed else []
        return str(
            Markup('<div role="status" class="wb-hint">{}<ul>{}</ul></div>').format(" ".join(lines), items)
        )

    def ways(self, offer: Offer | None, lines: str) -> ipywidgets.Widget:
        """The buttons: into the file, only the lines, or not at all."""

        def into_file() -> None:
            assert offer
            write_into(offer, self.session.language)
            copy_name = offer.file.name + BEFORE
            self.said.value = good(self.session.say(FILED_TEXT, file=offer.file.name, copy=copy_name))

        def only_lines() -> None:
            self.saver.save(lines.encode(), file_name(self.run.manifest["parameters"]), KIND)

        acts = [(ONLY_LINES, only_lines), (LEAVE, lambda: None)]
        if offer:
            acts.insert(0, (INTO_FILE.fill(file=offer.file.name), into_file))
        buttons = [ipywidgets.Button(description=self.session.say(title)) for title, _act in acts]
        for button, (_title, act) in zip(buttons, acts, strict=True):
            button.layout.width = "auto"
            button.on_click(lambda _button, act=act: self.answered(act))
        return ipywidgets.HBox(buttons).add_class("wb-trial")

    def answered(self, act: Any) -> None:
        """What was pressed below what would be written, which goes."""
        self.offered.children = ()
        self.guarded(act)

    def try_(self) -> None:
        """Runs the rules with what the fields say. Raises AuditError where they say what cannot be."""
        self.said.value = f'<span role="status">{self.session.say(BUSY)}</span>'
        self.table.value = ""
        law = with_standards(self.run.policy, self.run.parameters.term, self.changed)
        comparison = what_if(self.run, with_parameters(self.run, **self.asked()), law)
        moved_yuan = comparison.total("at_stake_if") - comparison.total("at_stake")
        sentence = self.session.say(
            DONE_TEXT,
            before=count(comparison.total("findings")),
            after=count(comparison.total("findings_if")),
            new=count(len(comparison.new)),
            gone=count(len(comparison.vanished)),
            yuan=yuan(comparison.total("at_stake")),
            yuan_if=yuan(comparison.total("at_stake_if")),
            moved=_with_sign(moved_yuan),
        )
        self.said.value = str(Markup('<b role="status">{}</b>').format(sentence))
        self.table.value = table(self.session, comparison)

    def asked(self) -> dict[str, Any]:
        """The fields that say something else than the run, as the parameter file would write them."""
        run = self.run.parameters
        run_values = {key: getattr(run.thresholds, key, getattr(run, key, None)) for key in self.fields}
        field_values = {key: field.value for key, field in self.fields.items()}
        if any(value is None for value in field_values.values()):
            raise UsageError(NO_DATE, self.session.language)
        changes = {key: value for key, value in field_values.items() if value != run_values[key]}
        plain_changes = {
            key: value.isoformat() if isinstance(value, dt.date) else round(value, 4)
            for key, value in changes.items()
        }
        return {**plain_changes, "language": self.session.language}


def table(session: Session, comparison: Compared) -> str:
    """What moves, rule by rule, that first; rules of which nothing moves are pale."""
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format("n" if at else "", session.say(text))
        for at, text in enumerate(HEADS)
    )
    rows = sorted(comparison.rules.to_dict("records"), key=_is_still)
    body = Markup("").join(_row(session, row) for row in rows)
    return str(
        Markup('<table class="wb-history wb-moves"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
            session.say(CAPTION), head, body
        )
    )  # fmt: skip


def _row(session: Session, row: dict[str, Any]) -> Markup:
    moved_yuan = row["at_stake_if"] - row["at_stake"]
    title = RULES[row["rule"]].title.into(session.language) if row["rule"] in RULES else row["rule"]
    numbers = (
        count(row["findings"]), count(row["findings_if"]), f"+{row['new']}" if row["new"] else "0",
        f"−{row['gone']}" if row["gone"] else "0", yuan(row["at_stake"]), yuan(row["at_stake_if"]), _with_sign(moved_yuan),
    )  # fmt: skip
    cells = Markup("").join(Markup('<td class="n">{}</td>').format(number) for number in numbers)
    return Markup('<tr class="{}"><th scope="row">{}</th>{}</tr>').format(
        "wb-still" if _is_still(row) else "wb-moved", title, cells
    )


def _is_still(row: dict[str, Any]) -> bool:
    return not (row["at_stake_if"] != row["at_stake"] or row["new"] or row["gone"])


def _with_sign(amount: Decimal) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "") + yuan(abs(amount))


def _field(value: object, title: str) -> ipywidgets.DOMWidget:
    """A share from 0 to 1, a number of days, or a day."""
    match value:
        case float():
            return ipywidgets.BoundedFloatText(value, min=0.0, max=1.0, step=0.01, description=title)
        case int():
            return ipywidgets.BoundedIntText(value, min=0, max=60, description=title)
    return ipywidgets.DatePicker(value=value, description=title)


def _typed_yuan(text: str) -> Decimal | None:
    """None where it is no amount, or below a fen, or below zero."""
    try:
        return entries.yuan(text)
    except entries.UnreadableCell:
        return None


def panel(session: Session) -> ipywidgets.Widget:
    """The trial."""
    return Trial(session).box.add_class("wb")
