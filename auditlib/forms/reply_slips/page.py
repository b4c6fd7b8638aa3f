"""The slips as one page to print: two on a sheet of A4 to be cut apart, a school's on sheets of its own; no script, nothing
from any network. A slip with more to say takes the room that it needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from auditlib.base.language import Text
from auditlib.forms.reply_slips.content import (
    FACTS,
    FULL,
    HIDDEN_TEXT,
    NOT_A_VERDICT,
    TITLE,
    Slip,
    heading,
    request_text,
)
from auditlib.forms.worklist.columns import STATUSES, TITLES
from auditlib.page.fonts import font_face
from auditlib.page.markup import NOTHING
from auditlib.tables.findings import column_title
from auditlib.tables.wording import word

KNOWN_TEXT, SOURCES, BASIS, QUESTION, INNOCENT, REPLY = (
    Text("已知情况", "What is known"),
    Text("来源（文件!表页!行号）", "Sources (file!sheet!row)"),
    Text("判断标准和依据", "Criterion and basis"),
    Text("请核实", "What is asked"),
    Text("可能并非问题，请逐一排除", "It may be innocent; please rule out each"),
    Text("核实结果（由学校填写）", "Reply (to be filled in by the school)"),
)
TO, NUMBER = Text("致", "To"), column_title("number")
# What is filled in by hand, a line each, with as much height as a hand needs.
AMOUNT = Text("追回/补发金额（元）", "Recovered / repaid (yuan)")
WRITER, SIGNED_TEXT = (
    Text("填报人、电话", "Filled in by, telephone"),
    Text("负责人（盖章）、日期", "Head (stamp), date"),
)
BLANKS = (
    ("cause", (TITLES["cause"],)),
    ("evidence", (TITLES["evidence"],)),
    ("figures", (TITLES["rectified_on"], AMOUNT)),
    ("signed", (WRITER, SIGNED_TEXT)),
)
NOTHING_ASKED = Text("没有需要核实的疑点。", "There is nothing to be verified.")
FONT_PLACE = "/* font */"
STYLE = """/* font */
@page { size: A4; margin: 8mm 14mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 182mm; color: #1b2733; font: 9pt/1.3 "Report", sans-serif }
article { break-inside: avoid; min-height: 140mm; padding: 2mm 0 1.5mm; border-bottom: .6pt dashed #8a97a3; display: flex; flex-direction: column }
article.first { break-before: page } article.first:first-of-type { break-before: auto }
h1 { font-size: 12pt; margin: 0; text-align: center } h2 { font-size: 9pt; margin: .8mm 0 0 }
.run-in { margin-top: .8mm } .run-in h2, .run-in p { display: inline } .run-in h2 { margin-right: 1.5mm }
.top { display: flex; justify-content: space-between; gap: 6mm; border-bottom: 1.2pt solid #1b2733; padding-bottom: .5mm }
.rule { font-weight: 700 } p, ul { margin: .5mm 0 } ul { padding-left: 4mm }
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: 0 6mm }
.small { font-size: 8.5pt; color: #46535f; overflow-wrap: anywhere } .warning { color: #9c2a10; font-weight: 700 }
table { width: 100%; border-collapse: collapse } th, td { border: .6pt solid #8a97a3; padding: .5mm 2mm; text-align: left;
  vertical-align: top; overflow-wrap: anywhere } th { width: 17%; background: #eef2f5; font-weight: 400 } td { width: 33% }
.answer { flex: 1; display: flex; flex-direction: column } .answer table { flex: 1; margin: 0 } .boxes span { margin: 0 4mm; white-space: nowrap }
.cause td { height: 11mm } .evidence td, .figures td { height: 9mm } .signed td { height: 12mm }
@media print { body { max-width: none } th { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
"""
PAGE = Markup(
    '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="'
    'default-src \'none\'; font-src data:; style-src \'unsafe-inline\'"><meta name="viewport" content="width=device-width">'
    "<title>{}</title><style>{}</style></head><body>{}</body></html>"
)


def slips_page(
    slips: Sequence[Slip], *, parameters: Mapping[str, Any], by: dt.date, full: bool, language: str
) -> str:
    """A whole HTML page with its font, two slips a sheet of paper. ``full`` says which warning stands on them (see :func:`slips`)."""
    place = heading(parameters, language)
    before = [None, *(slip.to for slip in slips[:-1])]
    sheets = Markup("").join(
        _sheet(slip, place, by, full, language, is_first=slip.to != school)
        for slip, school in zip(slips, before, strict=False)
    )
    body = sheets or Markup("<p>{}</p>").format(NOTHING_ASKED.into(language))
    language_tag = "zh-CN" if language == "zh" else "en"
    page = str(PAGE.format(language_tag, TITLE.into(language), Markup(STYLE), body))
    return page.replace(FONT_PLACE, font_face(page, language), 1)


def _sheet(slip: Slip, place: str, by: dt.date, full: bool, language: str, *, is_first: bool) -> Markup:
    warning = Markup('<p class="small warning">{}</p>').format((FULL if full else HIDDEN_TEXT).into(language))
    top = Markup(
        '<h1>{}</h1><div class="top"><span>{} {}</span><span>{}</span><span>{} {}</span></div>'
    ).format(TITLE.into(language), TO.into(language), slip.to, place, NUMBER.into(language), slip.number)
    parts = [
        top,
        _run_in(
            KNOWN_TEXT, Markup('<span class="rule">{}</span>　{}').format(slip.rule, slip.message), language
        ),
        _table([(FACTS[name].into(language), text) for name, text in slip.facts.items() if text != NOTHING]),
        Markup('<div class="beside">{}{}</div>').format(
            _list_block(SOURCES, slip.sources, language), _list_block(INNOCENT, slip.innocent, language)
        ),
        _run_in(BASIS, escape(" ".join(filter(None, (slip.criterion, slip.basis)))), language),
        _run_in(QUESTION, escape(f"{request_text(by, language)} {NOT_A_VERDICT.into(language)}"), language),
        _reply(language, warning),
    ]
    of_school = Markup(' class="first"') if is_first else Markup("")
    return Markup("<article{}>{}</article>").format(of_school, Markup("").join(parts))


def _head(title: Text, language: str) -> Markup:
    return Markup("<h2>{}</h2>").format(title.into(language))


def _run_in(title: Text, line: Markup, language: str) -> Markup:
    """A heading and its text in one line."""
    return Markup('<div class="run-in">{}<p>{}</p></div>').format(_head(title, language), line)


def _table(facts: Sequence[tuple[str, str]]) -> Markup:
    """Two facts a row."""
    cells = [Markup('<th scope="row">{}</th><td>{}</td>').format(*fact) for fact in facts]
    if len(cells) % 2:
        cells.append(Markup("<th></th><td></td>"))
    rows = [Markup("<tr>{}</tr>").format(cells[at] + cells[at + 1]) for at in range(0, len(cells), 2)]
    return Markup("<table>{}</table>").format(Markup("").join(rows))


def _list_block(title: Text, lines: Iterable[str], language: str) -> Markup:
    """A heading over its lines, in one block; nothing without lines."""
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    block = Markup('<div>{}<ul class="small">{}</ul></div>')
    return block.format(_head(title, language), items) if items else Markup("")


def _reply(language: str, warning: Markup) -> Markup:
    """At the foot of the slip: what is tick_line and written by hand."""
    boxes = Markup("").join(Markup("<span>□ {}</span>").format(word(code, language)) for code in STATUSES[:3])
    rows = Markup("").join(_blank_row(css, titles, language) for css, titles in BLANKS)
    tick_line = _run_in(REPLY, Markup('<span class="boxes">{}</span>').format(boxes), language)
    return Markup('<div class="answer">{}<table>{}</table>{}</div>').format(tick_line, rows, warning)


def _blank_row(css: str, titles: Sequence[Text], language: str) -> Markup:
    """One title has the whole width to be answered in, two share it."""
    cell = Markup('<th scope="row">{}</th><td{}></td>')
    span = Markup(' colspan="3"') if len(titles) == 1 else Markup("")
    cells = Markup("").join(cell.format(title.into(language), span) for title in titles)
    return Markup('<tr class="{}">{}</tr>').format(css, cells)
