"""Two records of one person side by side: masked, the characters in which they differ marked, and why they are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from auditlib.base.language import Text
from auditlib.base.masking import placed_name, placed_number
from auditlib.cells.spelling import differences
from auditlib.linkage.model.explain import WeightStep, sentence
from auditlib.page import charts, markup
from auditlib.page.markup import Col
from auditlib.rules import RULES
from auditlib.tables.wording import word

HEADS = (
    Text("来源", "Source"), Text("所写姓名、证号", "Name and number written"),
    Text("学籍姓名、证号", "Name and number enrolled"), Text("比较结果", "Comparison"),
    Text("涉及疑点", "Findings"), Text("可能性", "Score"),
)  # fmt: skip
MORE = Text("另有 {more} 行未列出。", "{more} more rows are not shown.")
MARKED_TEXT = Text(
    "加框的字符是两边不同之处；星号处的数字不显示。",
    "Characters in a frame are where the two differ; digits behind stars are not shown.",
)
FALL = Text(
    "权重如何相加：{table}第 {at} 行与学籍中的一名学生（比特，每加 1 可能性约加倍）",
    "How the weights add up: row {at} of {table} and a pupil of the register (bits; each doubles the odds)",
)
LINKED, WAITING = Text("认定为同一人", "found to be one person"), Text("待人工复核", "to be judged")
USUAL, MOST = 20, 100
NONE = "—"


def pair_table(pairs: pd.DataFrame, findings: pd.DataFrame, caption: str, language: str) -> Markup:
    """The pairs that findings rest on first, up to a hundred; of the others what fills twenty rows."""
    if pairs.empty:
        return Markup("")
    rules, doubted_rules = _rules_of(findings), _rules_of(findings[findings["confidence"] < 1])
    records = zip(
        pairs["table"] + ":" + pairs["source"], "enrolment:" + pairs["register_source"], strict=True
    )
    with_rules = pairs.assign(
        rules=[sorted({*rules.get(one, ()), *doubted_rules.get(two, ())}) for one, two in records]
    )
    with_rules = with_rules.assign(
        none=[not rules_of_pair for rules_of_pair in with_rules["rules"]]
    ).sort_values("none", kind="stable")
    listed_rows = with_rules.head(max(USUAL, min(MOST, int((~with_rules["none"]).sum()))))
    heads = [Col(text.into(language), css="long") for text in HEADS[:-1]]
    heads.append(Col(HEADS[-1].into(language), "number"))
    rows = [_row(row, language) for row in listed_rows.to_dict("records")]
    pieces = [
        markup.table(heads, rows, caption=caption, css="pairs"),
        markup.note(MARKED_TEXT.into(language)),
    ]
    more = len(with_rules) - len(listed_rows)
    if more:
        pieces.append(markup.note(MORE.fill(more=more).into(language)))
    return markup.join(pieces)


def _rules_of(findings: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The rules of the findings that rest on each row, for the rows that have any."""
    each = findings[["rule", "records"]].explode("records").dropna()
    rules_by_record = each.groupby("records")["rule"]
    return {str(record): tuple(sorted(set(rules))) for record, rules in rules_by_record}


def _row(row: Mapping[str, Any], language: str) -> tuple[Any, ...]:
    titles = [RULES[rule].title.into(language) for rule in row["rules"] if rule in RULES]
    return (
        markup.join((escape(word(row["table"], language)), Markup("<br>"), escape(markup.address(f"{row['table']}:{row['source']}")))),
        person(row, ("name", "id_number"), ("register_name", "register_number")),
        person(row, ("register_name", "register_number"), ("name", "id_number")),
        sentence(row["levels"], language),
        ("、" if language == "zh" else ", ").join(titles) or NONE,
        markup.probability(row["score"]),
    )  # fmt: skip


def person(row: Mapping[str, Any], fields: tuple[str, str], others: tuple[str, str]) -> Markup:
    """Name and number, masked, marked where they differ from the others."""
    masks = (placed_name, placed_number)
    parts = [
        mark(row[field], row[other], mask(row[field]) if isinstance(row[field], str) else NONE)
        for field, other, mask in zip(fields, others, masks, strict=True)
    ]
    return Markup(" ").join(parts)


def mark(value: object, other: object, masked: str) -> Markup:
    """``masked``, the mask of ``value``, with the places marked where it differs from ``other``."""
    if not isinstance(value, str) or not isinstance(other, str):
        return Markup(escape(masked))
    cells = zip(masked, differences(value, other), strict=True)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(cell) if differs else escape(cell) for cell, differs in cells
    )


def falls(examples: Iterable[Mapping[str, Any]], language: str) -> Markup:
    """A waterfall for each example: a link and a pair to be judged."""
    return charts.side_by_side(*(_fall(example, language) for example in examples))


def _fall(example: Mapping[str, Any], language: str) -> Markup:
    bars = [_bar(step, language) for step in example["steps"]]
    at = str(example["source"]).rpartition("!")[2]
    about = FALL.fill(table=word(example["table"], language), at=at).into(language)
    state = (LINKED if example["decided_by"] else WAITING).into(language)
    caption = f"{about} · {state} {example['score']:.3f}"
    return charts.figure(
        charts.waterfall(bars), alt=f"{caption} — {charts.describe(bars, language)}", caption=caption
    )


def _bar(step: WeightStep, language: str) -> charts.Bar:
    colour = charts.WRONG if step.weight >= 0 else charts.OWED_COLOUR
    label = step.into(language).strip()
    return charts.Bar(label, step.weight, f"{step.weight:+.1f}", colour)
