"""Totals printed within the lists of payments (小计, 合计) that are not what their rows sum to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col

ALL_AGREE = Text(
    "发放名单里印的 {n} 处小计、合计，都等于其上各行之和。",
    "The {n} totals printed within the lists of payments are all the sum of their rows.",
)
SOME_DIFFER = Text(
    "发放名单里印的 {n} 处小计、合计，有 {differ} 处不等于其上各行之和：名单可能漏行、多行，或改过金额，请对照原件。",
    "Of the {n} totals printed within the lists of payments {differ} are not the sum of their rows: a row may be missing or too "
    "many, or an amount was changed; compare the papers.",
)
CAPTION = Text(
    "名单内合计与其行之和（按名单的金额单位）", "Totals within lists and their rows (in the lists' unit)"
)
HEADS = (
    (Text("来源", "Source"), "source"),
    (Text("印的合计", "Printed"), "number"),
    (Text("各行之和", "Sum of rows"), "number"),
    (Text("差额", "Difference"), "number"),
)


def list_sums(results: Results, language: str) -> Iterator[Markup]:
    """A sentence and the differing ones; nothing where no list prints a total."""
    sums = [one for sheet in results.sheets for one in sheet.sums]
    rows = [_row(one) for one in sums if not one.agrees]
    if not sums:
        return
    lead = SOME_DIFFER if rows else ALL_AGREE
    yield markup.paragraph(lead.fill(n=len(sums), differ=len(rows)).into(language), "note")
    if rows:
        columns = [Col.of(title.into(language), kind) for title, kind in HEADS]
        yield markup.table(columns, rows, caption=CAPTION.into(language), headed=True, css="totals cards")


def _row(one: Any) -> tuple[str, ...]:
    printed_sum, detail = Decimal(one.printed), Decimal(one.detail)
    return (scrub(one.source), f"{printed_sum:,.2f}", f"{detail:,.2f}", f"{detail - printed_sum:+,.2f}")
