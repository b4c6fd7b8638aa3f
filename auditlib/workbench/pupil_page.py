"""The page of one pupil's file as HTML: findings, timeline, and every register, term by term; what would clear a finding."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import masked_sentence, scrub
from auditlib.findings.retold import retold
from auditlib.page.markup import NOTHING, is_missing, yuan
from auditlib.rules import RULES
from auditlib.runs.clearing import RAISES, Clearing
from auditlib.runs.pupil_file import DECIDED_TEXT, REGISTERS, Event, PupilFile, TermFile
from auditlib.runs.run_rows import Row, Viewer
from auditlib.tables.delivered import TABLES
from auditlib.tables.findings import column_title
from auditlib.tables.wording import word
from auditlib.workbench.session import Session

HERE = Text("本次运行", "this run")
FINDINGS, TIMELINE, AID = (
    Text("疑点", "Findings"),
    Text("时间线", "Timeline"),
    Text("应发与实发", "Due and paid"),
)
NO_FINDING, NO_ROWS = Text("没有疑点", "no findings"), Text("没有记录", "no rows")
TRIED_TEXT = Text("试了 {n} 种改动，下列能消除疑点：", "{n} changes were tried; these would clear it:")
NONE_CLEARS = Text(
    "试了 {n} 种改动，没有一种单独能消除这条疑点。",
    "{n} changes were tried; none clears the finding by itself.",
)
NOT_ALONE = Text(
    "单凭该生自己的行不能重现这条疑点，因此不作推断。",
    "The person's own rows alone do not give this finding, so nothing is inferred.",
)
SCHEMES = (
    column_title("scheme"), column_title("amount_due"), Text("实发净额", "Paid, net"), Text("差额", "Difference"),
    Text("最高标准", "Highest standard"),
    column_title("policy_ref"),
)  # fmt: skip
SOURCE, LINK = Text("来源", "Source"), Text("认人依据", "Identified by")
LEFT_OUT = Text("未能打开的运行：{runs}", "Runs that could not be opened: {runs}")


def head(session: Session, viewer: Viewer, file: PupilFile) -> str:
    """Who it is, and the findings of the open run."""
    who = file.who
    columns = ("id_number", "student_no", "school_name", "town")
    facts = [viewer.cell(column, who.get(column)) for column in columns if who.get(column)]
    findings = file.terms[0].findings
    items = [Markup("<li{}><b>{}</b> {} {}</li>").format(
        Markup(' aria-current="true"') if one["finding_id"] == session.finding_id else "",
        RULES[one["rule"]].title.into(viewer.language) if one["rule"] in RULES else one["rule"],
        finding_sentence(viewer, file, one), _decision(one, file.terms[0], viewer),
    ) for one in findings]  # fmt: skip
    finding_items = (
        Markup("<ul>{}</ul>").format(Markup("").join(items))
        if items
        else Markup("<p>{}</p>").format(session.say(NO_FINDING))
    )
    return str(
        Markup("<h3>{}</h3><p>{}</p><h4>{}</h4>{}").format(
            viewer.cell("name", who.get("name")) or NOTHING,
            " · ".join(facts),
            session.say(FINDINGS),
            finding_items,
        )
    )


def _message(viewer: Viewer, finding: Row) -> str:
    """The finding's message in the viewer's language."""
    rule, reason, message = (str(finding.get(name) or "") for name in ("rule", "reason", "message"))
    return retold(rule, reason, message, viewer.language)


def finding_sentence(viewer: Viewer, file: PupilFile, finding: Row) -> str:
    """The finding's sentence as this viewer may see it."""
    text = _message(viewer, finding)
    return text if viewer.unmasked else masked_sentence(text, file.who.get("name"))


def _decision(finding: Row, term: TermFile, viewer: Viewer) -> Markup:
    lines = [line for line in term.decisions if line["finding_id"] == finding["finding_id"]]
    decisions = "；".join(
        f"{word('decision.' + line['status'], viewer.language)} {_who(viewer, line)} {line['decided_at'][:10]}"
        for line in lines
    )
    return Markup("<small>{}</small>").format(decisions)


def _who(viewer: Viewer, line: Row) -> str:
    return str(line["decided_by"]) if viewer.unmasked else scrub(str(line["decided_by"]))


def page(session: Session, viewer: Viewer, file: PupilFile) -> str:
    """The timeline, then every term, the open run's unfolded."""
    parts = [_timeline(session, viewer, file)]
    for at, term in enumerate(file.terms):
        parts.append(
            _term(session, Viewer(term.run, viewer.language, viewer.unmasked), term, is_open=at == 0)
        )
    if file.left_out:
        parts.append(
            Markup("<p>{}</p>").format(
                session.say(LEFT_OUT, runs=_comma(viewer.language).join(file.left_out))
            )
        )
    return str(Markup("").join(parts))


def _comma(language: str) -> str:
    """Between the names of a list."""
    return "、" if language == "zh" else ", "


def _timeline(session: Session, viewer: Viewer, file: PupilFile) -> Markup:
    items = Markup("").join(_event(viewer, event) for event in file.timeline())
    title = session.say(TIMELINE)
    return Markup(
        '<h4>{}</h4><div class="wb-timeline" tabindex="0" role="region" aria-label="{}"><ol>{}</ol></div>'
    ).format(title, title, items)


def _event(viewer: Viewer, event: Event) -> Markup:
    cells = {key: viewer.cell(key, value) for key, value in event.cells.items()}
    if event.text == DECIDED_TEXT:
        rule = str(event.cells["rule"])
        cells["rule"] = RULES[rule].title.into(viewer.language) if rule in RULES else rule
    text = event.text.into(viewer.language).format_map(_Blank(cells))
    place = viewer.address(event.table, event.source) if event.table else ""
    return Markup("<li><time>{}</time> {} <small>{}</small></li>").format(event.on.isoformat(), text, place)


class _Blank(dict[str, str]):
    """What a row does not tell is a dash in a sentence."""

    def __missing__(self, key: str) -> str:
        return NOTHING


def _term(session: Session, viewer: Viewer, term: TermFile, *, is_open: bool) -> Markup:
    where = session.say(HERE) if is_open else term.run.folder.name
    parts = [_aid(session, viewer, term)]
    parts += [_register(session, viewer, name, term.rows[name]) for name in REGISTERS]
    if not is_open:
        parts.insert(0, _others_findings(session, viewer, term))
    return Markup("<details{}><summary><b>{}</b> {} · {}</summary>{}</details>").format(
        Markup(" open") if is_open else "", term.term, term.run.parameters.county_name, where, Markup("").join(parts)
    )  # fmt: skip


def _others_findings(session: Session, viewer: Viewer, term: TermFile) -> Markup:
    items = [
        Markup("<li><b>{}</b> {}</li>").format(
            RULES[one["rule"]].title.into(viewer.language) if one["rule"] in RULES else one["rule"],
            _message(viewer, one) if viewer.unmasked else scrub(_message(viewer, one)),
        )
        for one in term.findings
    ]
    return Markup("<h4>{}</h4><ul>{}</ul>").format(
        session.say(FINDINGS), Markup("").join(items) or session.say(NO_FINDING)
    )


def _aid(session: Session, viewer: Viewer, term: TermFile) -> Markup:
    if not term.aid:
        return Markup("")
    rows = [
        _cells([
            viewer.cell("scheme", row["scheme"]), _money(row.get("due") if row.get("certain") else None),
            _money(row.get("net")), _money(row["net"] - row["due"] if row.get("certain") and not is_missing(row.get("due")) else None),
            _money(row.get("ceiling")), str(row.get("policy_ref") or NOTHING),
        ])
        for row in term.aid
    ]  # fmt: skip
    return _grid(session.say(AID), [session.say(title) for title in SCHEMES], rows)


def _money(value: Any) -> str:
    return NOTHING if is_missing(value) else yuan(value)


def _register(session: Session, viewer: Viewer, name: str, rows: list[dict[str, Any]]) -> Markup:
    """The rows of one register with the columns that any of them tells."""
    title = word(name, viewer.language)
    if not rows:
        return Markup("<p><b>{}</b> {}</p>").format(title, session.say(NO_ROWS))
    columns = [column for column in TABLES[name].columns if any(column.name in row for row in rows)]
    heads = [
        *(column.title.into(viewer.language) for column in columns),
        session.say(LINK),
        session.say(SOURCE),
    ]
    body = [
        _cells([
            *(viewer.cell(column.name, row.get(column.name)) or NOTHING for column in columns),
            word(f"link.{row.get('decided_by', 'none')}", viewer.language), viewer.address(name, row["source"]),
        ])
        for row in rows
    ]  # fmt: skip
    return _grid(title, heads, body)


def _cells(texts: list[str]) -> Markup:
    first = Markup('<th scope="row">{}</th>').format(texts[0])
    return Markup("<tr>{}{}</tr>").format(
        first, Markup("").join(Markup("<td>{}</td>").format(text) for text in texts[1:])
    )


def _grid(caption: str, heads: list[str], rows: list[Markup]) -> Markup:
    head_cells = Markup("").join(Markup('<th scope="col">{}</th>').format(text) for text in heads)
    return Markup(
        '<div class="wb-scroll" tabindex="0" role="region" aria-label="{}"><table><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, caption, head_cells, Markup("").join(rows))


def clearing(session: Session, viewer: Viewer, result: Clearing) -> str:
    """What would clear the finding, as a list."""
    if not result.reproduced:
        return str(Markup('<p role="status">{}</p>').format(session.say(NOT_ALONE)))
    if not result.best:
        return str(Markup('<p role="status">{}</p>').format(session.say(NONE_CLEARS, n=result.tried)))
    items = []
    for cleared in result.best:
        titles = _comma(viewer.language).join(
            RULES[rule].title.into(viewer.language) for rule in cleared.raises
        )
        more = session.say(RAISES, rules=titles) if titles else ""
        items.append(Markup("<li>{} <small>{}</small></li>").format(cleared.change.into(viewer), more))
    return str(
        Markup('<div role="status"><p>{}</p><ul>{}</ul></div>').format(
            session.say(TRIED_TEXT, n=result.tried), Markup("").join(items)
        )
    )
