"""One finding as it is looked at before it is decided: what, who, how much, from which rows, when it is innocent."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from markupsafe import Markup, escape

from auditlib.base.language import Text
from auditlib.base.masking import masked_sentence
from auditlib.decisions.dispositions import conflicts, order_warnings
from auditlib.page.markup import NOTHING, yuan
from auditlib.rules import RULES
from auditlib.tables.findings import PARTICULARS, column_title
from auditlib.tables.wording import word
from auditlib.workbench.session import Session
from auditlib.workbench.shown import TITLES, cells

BASIS, CRITERION, INNOCENT = (
    column_title("policy_ref"),
    Text("判断标准", "Criterion"),
    Text("可能并非问题", "When it is innocent"),
)
FACTS = (
    "number",
    "name",
    "id_number",
    "student_no",
    "school_name",
    "town",
    "scheme",
    "amount_due",
    "amount_paid",
    "at_stake",
    "confidence",
    *PARTICULARS,
)
SAME = {"names": "name", "numbers": "id_number", "schools": "school_name"}
"""What the rows tell is told only where it is more than the finding's own."""
BY_HAND = ("decided_by", "cause", "evidence", "note")
SEVERAL, TOGETHER = (
    Text("{n} 条疑点一并处理", "{n} findings at once"),
    Text("{n} 条，涉及 {yuan} 元", "{n} findings, {yuan} yuan at stake"),
)
HISTORY = Text("处理经过", "Decisions so far")
NONE_YET = Text("还没有处理过。", "None yet.")
CONFLICT = Text(
    "两人几乎同时处理，结论不同：{who} 记录时还没有看到 {other} 的处理。请核对后再记录一次。",
    "Two people decided at the same time, and differently: {who} had not seen the decision of {other}. Look at both and decide once more.",
)
HEADS = {
    "decided_at": Text("时间", "When"),
    "decided_by": Text("经办人", "Who"),
    "status": Text("处理", "Decision"),
    "why": Text("原因、金额、凭据、备注", "Cause, amount, evidence, note"),
}


def card(session: Session, finding_row: pd.DataFrame) -> Markup:
    """The finding in the one row of ``finding_row``, masked unless the sitting is unmasked."""
    texts = cells(finding_row, session.labels, unmasked=session.unmasked)[0]
    first = finding_row.iloc[0]
    silent = {"confidence"} if first["confidence"] == 1 else set()
    silent |= (
        {"student_no"} if str(first["student_no"])[1:] == first["id_number"] else set()
    )  # it only repeats the number
    silent |= {name for name, own in SAME.items() if texts[name] == texts[own]}
    facts = [(session.say(TITLES[n]), texts[n]) for n in FACTS if texts[n] != NOTHING and n not in silent]
    fact_items = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(title, text) for title, text in facts
    )
    parts = [
        Markup("<h2>{}</h2><p>{}</p><dl>{}</dl>").format(texts["rule"], texts["message"], fact_items),
        _innocent(session, str(first["rule"])),
        _fold(BASIS, [] if texts["policy_ref"] == NOTHING else [texts["policy_ref"]], session),
    ]
    return Markup('<article class="wb wb-card">{}</article>').format(Markup("").join(parts))


def many(session: Session, findings: pd.DataFrame) -> Markup:
    """Several findings that are decided at once: how many of which rule, with what at stake."""
    rules = findings.groupby("rule", sort=False)["at_stake"].agg(["size", "sum"])
    items = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(
            session.labels.of("rule", str(rule)), session.say(TOGETHER, n=f"{size:,}", yuan=yuan(total))
        )
        for rule, size, total in rules.itertuples()
    )
    title = session.say(SEVERAL, n=f"{len(findings):,}")
    return Markup('<article class="wb wb-card"><h2>{}</h2><dl>{}</dl></article>').format(title, items)


def _innocent(session: Session, rule: str) -> Markup:
    if rule not in RULES:
        return Markup("")
    criterion = _fold(CRITERION, [session.say(RULES[rule].criterion)], session)
    return criterion + _fold(INNOCENT, [session.say(text) for text in RULES[rule].innocent], session)


def _fold(title: Text, lines: Iterable[str], session: Session) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines if line)
    head = escape(session.say(title))
    return (
        Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(head, items)
        if items
        else Markup("")
    )


def history(session: Session, decisions: pd.DataFrame, name: str = "") -> Markup:
    """Every decision so far, the latest, which holds, first; ``name``: the pupil's, hidden in what was written by hand."""
    if not session.unmasked:
        masked_texts = decisions[list(BY_HAND)].map(lambda text: masked_sentence(str(text), name))
        decisions = decisions.assign(**{column: masked_texts[column] for column in BY_HAND})
    title = Markup("<h2>{}</h2>").format(session.say(HISTORY))
    if decisions.empty:
        return Markup('<div class="wb">{}<p>{}</p></div>').format(title, session.say(NONE_YET))
    heads = Markup("").join(
        Markup('<th scope="col">{}</th>').format(session.say(text)) for text in HEADS.values()
    )
    rows = Markup("").join(
        _decision(row, session.language) for row in decisions.iloc[::-1].to_dict("records")
    )
    table = '<table class="wb-history"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    table_markup = Markup(table).format(heads, rows)
    return Markup('<div class="wb">{}{}{}</div>').format(
        title, _contradiction(session, decisions), table_markup
    )


def _contradiction(session: Session, decisions: pd.DataFrame) -> Markup:
    sentences = [
        session.say(CONFLICT, who=row["decided_by"], other=row["decided_by_unseen"])
        for row in conflicts(decisions).to_dict("records")
    ]
    sentences += [session.say(text) for text in order_warnings(decisions)]
    return Markup("").join(
        Markup('<p role="alert" class="wb-alert">{}</p>').format(text) for text in sentences
    )


def _decision(row: dict[str, str], language: str) -> Markup:
    why = "；".join(filter(None, (row["cause"], row["amount"], row["evidence"], row["note"])))
    texts = (
        row["decided_at"].replace("T", " ")[:16],
        row["decided_by"],
        word("decision." + row["status"], language),
        why or NOTHING,
    )
    return Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(text) for text in texts))
