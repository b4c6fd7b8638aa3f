"""The slips as one page to print: A4, a slip a sheet, no script, nothing from any network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from auditlib.base.language import Text
from auditlib.forms.reply_slips.content import (
    FACTS,
    FULL,
    HIDDEN,
    NOT_A_VERDICT,
    TITLE,
    Slip,
    heading,
    request_text,
)
from auditlib.forms.worklist.columns import STATUSES
from auditlib.page.fonts import font_face
from auditlib.page.markup import NOTHING
from auditlib.tables.wording import word

KNOWN, SOURCES, BASIS, QUESTION, INNOCENT, REPLY = (
    Text("已知情况", "What is known"),
    Text("来源（文件!表页!行号）", "Sources (file!sheet!row)"),
    Text("判断标准和依据", "Criterion and basis"),
    Text("请核实", "What is asked"),
    Text("可能并非问题，请逐一排除", "It may be innocent; please rule out each"),
    Text("核实结果（由学校填写）", "Reply (to be filled in by the school)"),
)
TO, NUMBER = Text("致", "To"), Text("疑点编号", "Finding no.")
BLANKS = (
    Text("原因", "Cause"),
    Text("整改日期", "Rectified on"),
    Text("追回/补发金额（元）", "Recovered / repaid (yuan)"),
    Text("凭据", "Evidence"),
    Text("填报人、电话", "Filled in by, telephone"),
    Text("负责人（盖章）、日期", "Head (stamp), date"),
)
NOTHING_ASKED = Text("没有需要核实的疑点。", "There is nothing to be verified.")
FONT_PLACE = "/* font */"
STYLE = """/* font */
@page { size: A4; margin: 16mm 15mm 14mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 180mm; padding: 8mm 0; color: #1b2733; font: 10.5pt/1.5 "Report", sans-serif }
article { break-after: page; break-inside: avoid; padding-bottom: 8mm }
article:last-of-type { break-after: auto }
h1 { font-size: 16pt; margin: 0 0 1mm; text-align: center } h2 { font-size: 11pt; margin: 4mm 0 1mm }
.top { display: flex; justify-content: space-between; gap: 6mm; border-bottom: 1.5pt solid #1b2733; padding-bottom: 1mm }
.rule { font-weight: 700 } p, ul { margin: 1mm 0 } ul { padding-left: 5mm }
.small { font-size: 9pt; color: #46535f; overflow-wrap: anywhere } .warning { color: #9c2a10; font-weight: 700 }
table { width: 100%; border-collapse: collapse } th, td { border: .6pt solid #8a97a3; padding: 1mm 2mm; text-align: left;
  vertical-align: top; overflow-wrap: anywhere } th { width: 19%; background: #eef2f5; font-weight: 400 } td { width: 31% }
.reply td { height: 10mm } .boxes span { margin-right: 8mm; white-space: nowrap }
@media print { body { padding: 0; max-width: none } th { print-color-adjust: exact } }
"""
PAGE = Markup(
    '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="'
    'default-src \'none\'; font-src data:; style-src \'unsafe-inline\'"><meta name="viewport" content="width=device-width">'
    "<title>{}</title><style>{}</style></head><body>{}</body></html>"
)


def slips_page(
    slips: Sequence[Slip], *, parameters: Mapping[str, Any], by: dt.date, full: bool, language: str
) -> str:
    """A whole HTML page with its font, a slip a sheet of paper. ``full`` says which warning stands on them (see :func:`slips`)."""
    sheets = Markup("").join(
        _sheet(slip, heading(parameters, language), by, full, language) for slip in slips
    )
    body = sheets or Markup("<p>{}</p>").format(NOTHING_ASKED.into(language))
    spoken = "zh-CN" if language == "zh" else "en"
    page = str(PAGE.format(spoken, TITLE.into(language), Markup(STYLE), body))
    return page.replace(FONT_PLACE, font_face(page, language), 1)


def _sheet(slip: Slip, place: str, by: dt.date, full: bool, language: str) -> Markup:
    warning = Markup('<p class="small warning">{}</p>').format((FULL if full else HIDDEN).into(language))
    top = Markup(
        '<h1>{}</h1><div class="top"><span>{} {}</span><span>{}</span><span>{} {}</span></div>'
    ).format(TITLE.into(language), TO.into(language), slip.to, place, NUMBER.into(language), slip.number)
    parts = [
        top,
        _head(KNOWN, language),
        Markup('<p><span class="rule">{}</span>　{}</p>').format(slip.rule, slip.message),
        _table([(FACTS[name].into(language), text) for name, text in slip.facts.items() if text != NOTHING]),
        _listed(SOURCES, slip.sources, language),
        _listed(BASIS, filter(None, (slip.criterion, slip.basis)), language),
        _head(QUESTION, language),
        Markup("<p>{} {}</p>").format(request_text(by, language), NOT_A_VERDICT.into(language)),
        _listed(INNOCENT, slip.innocent, language),
        _reply(language),
        warning,
    ]
    return Markup("<article>{}</article>").format(Markup("").join(parts))


def _head(title: Text, language: str) -> Markup:
    return Markup("<h2>{}</h2>").format(title.into(language))


def _table(facts: Sequence[tuple[str, str]], css: str = "facts") -> Markup:
    """Two facts a row."""
    cells = [Markup('<th scope="row">{}</th><td>{}</td>').format(*fact) for fact in facts]
    if len(cells) % 2:
        cells.append(Markup("<th></th><td></td>"))
    rows = [Markup("<tr>{}</tr>").format(cells[at] + cells[at + 1]) for at in range(0, len(cells), 2)]
    return Markup('<table class="{}">{}</table>').format(css, Markup("").join(rows))


def _listed(title: Text, lines: Iterable[str], language: str) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return _head(title, language) + Markup('<ul class="small">{}</ul>').format(items) if items else Markup("")


def _reply(language: str) -> Markup:
    boxes = Markup("").join(Markup("<span>□ {}</span>").format(word(code, language)) for code in STATUSES[:3])
    blanks = [(escape(text.into(language)), "") for text in BLANKS]
    return _head(REPLY, language) + Markup('<p class="boxes">{}</p>').format(boxes) + _table(blanks, "reply")
