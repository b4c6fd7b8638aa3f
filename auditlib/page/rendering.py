"""The page: an executed notebook as one HTML file that asks no network for anything.

The report is made of the sections that the notebook's cells show, which are masked. All else (markdown, which is
the programme for whoever runs it, frames, printed lines) stays in the notebook unless its cell is tagged
``report``; a cell tagged ``conclusion`` comes first, annexes come last.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.page import fonts
from auditlib.page.numbering import SECTION, ContentsLine, first_annex, is_annex, number_pages
from auditlib.page.section import STATIC, TEMPLATES, Section

if TYPE_CHECKING:
    from nbformat import NotebookNode

KIND = Text("学生资助数据核对报告", "Student aid: data audit")
INTERNAL = Text("{kind} · 内部使用，不对外提供", "{kind} · internal, not to be handed out")
PUBLIC = Text("{kind} · 可对外提供", "{kind} · may be handed out")
CONTENTS, SKIP = Text("目录", "Contents"), Text("跳到正文", "Skip to the report")
COLOPHON = Text(
    "本报告由数据比对生成，所列均为待核实的疑点。个人信息已遮盖；未遮盖的工作清单仅供经授权的人员使用。",
    "Made by comparing data: all it lists are suspicions to be verified. Personal data are masked; the unmasked "
    "working list is for the authorised.",
)
NUMBERED_TEXT = Text("{colophon} 运行编号：{run}。", "{colophon} Run number: {run}.")
POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
    "script-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
)
IMAGE = re.compile(r"<img\b[^>]*>")
WORDED_PATTERN = re.compile(r"""\balt=(["'])(?=[^"']*\S)""")
NOTEBOOK_STYLE = re.compile(r"^<style>.*?</style>", re.DOTALL)
FONT_PLACE = "/* font */"


def get_ready() -> None:
    """Loads all that ``render`` works with, most of a second: for a thread, while something else is waited for."""
    import nbconvert.exporters  # noqa: F401

    fonts.subset(fonts.ALWAYS)


def render(
    executed_notebook: Path, report: Path, *, language: str, title: str, run: str = "", internal: bool = False
) -> None:
    """Writes ``report`` (HTML) from ``executed_notebook``; ``run`` is the run's number; ``internal``: it lists persons, though
    masked, and says above its title that it stays in the bureau.

    Raises ValueError for a picture without alternative text: whoever cannot see it must get its words.
    """
    import nbformat

    notebook = nbformat.read(executed_notebook, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    kind = (INTERNAL.fill(kind=KIND) if internal else KIND).into(language)
    _write_page(notebook, report, language, title, run, kind)


def render_public(
    sections: Sequence[Section], report: Path, *, language: str, title: str, run: str = ""
) -> None:
    """Writes ``report`` (HTML) of ``sections``, in their order, which single nobody out, and says that it may be handed out."""
    from nbformat import v4

    outputs = [v4.new_output("display_data", {"text/html": section._repr_html_()}) for section in sections]  # type: ignore[no-untyped-call]
    cells = [v4.new_code_cell(id=f"section-{at}", outputs=[one]) for at, one in enumerate(outputs)]  # type: ignore[no-untyped-call]
    notebook = v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    _write_page(notebook, report, language, title, run, PUBLIC.fill(kind=KIND).into(language))


def _write_page(notebook: NotebookNode, report: Path, language: str, title: str, run: str, kind: str) -> None:
    notebook.cells = _in_order(notebook)
    toc = _number(notebook, language)
    page = scrub(_export(notebook, toc, language, title, run, kind))
    _check_pictures(page)
    report.write_text(page.replace(FONT_PLACE, fonts.font_face(page, language), 1), encoding="utf-8")


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", ()))


def _in_order(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells with something to show, those tagged ``conclusion`` first, annexes last."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "report" not in _tags(cell):
            cell.outputs = [output for output in cell.outputs if SECTION in _html(output)]
    visible_cells = [cell for cell in notebook.cells if cell.get("outputs") or "report" in _tags(cell)]
    return sorted(visible_cells, key=_place)


def _place(cell: NotebookNode) -> int:
    if "conclusion" in _tags(cell):
        return 0
    return 2 if any(is_annex(_html(output)) for output in cell.get("outputs", ())) else 1


def _html(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def _pages_of(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if _html(output):
                yield output


def _number(notebook: NotebookNode, language: str) -> list[ContentsLine]:
    """Numbers the sections' headings in place and gives the table of contents."""
    outputs = list(_pages_of(notebook))
    pages, toc = number_pages([output.data["text/html"] for output in outputs], language)
    annexes = [place for place, page in enumerate(pages) if is_annex(page)]
    for place, (output, page) in enumerate(zip(outputs, pages, strict=True)):
        first = place in annexes[:1]
        output.data["text/html"] = NOTEBOOK_STYLE.sub("", first_annex(page) if first else page)
    return toc


def _export(
    notebook: NotebookNode, toc: list[ContentsLine], language: str, title: str, run: str, kind: str
) -> str:
    from nbconvert.exporters import HTMLExporter, TemplateExporter

    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]  # nbconvert has no types
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="audit",
        embed_images=True,
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        language_code="zh-CN" if language == "zh" else "en",
    )
    exporter.register_filter("highlight_code", _no_code)
    # HTMLExporter would parse the whole page once more to give pictures an empty excuse for an alt text.
    resources = {"page": _parts(toc, language, title, run, kind)}
    return str(TemplateExporter.from_notebook_node(exporter, notebook, resources)[0])


def _no_code(source: str, **_: Any) -> str:
    """The template names a filter for code; no code is shown."""
    return ""


def _parts(toc: list[ContentsLine], language: str, title: str, run: str, kind: str) -> dict[str, Any]:
    script = (STATIC / "lists.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {
        "lang": "zh-CN" if language == "zh" else "en",
        "title": title,
        "running_title": _css_string(title),
        "policy": POLICY.format(digest),
        "font_face": FONT_PLACE,
        "css": Markup((STATIC / "audit.css").read_text(encoding="utf-8")),
        "script": Markup(script),
        "toc": toc,
        "kind": kind,
        "contents": CONTENTS.into(language),
        "skip": SKIP.into(language),
        "run": run,
        "colophon": (COLOPHON if not run else NUMBERED_TEXT.fill(colophon=COLOPHON, run=run)).into(language),
    }


def _css_string(text: str) -> str:
    """``text`` inside the quotation marks of a style sheet inside a page: all but letters and digits escaped."""
    return "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text)


def _check_pictures(page: str) -> None:
    silent = [image for image in IMAGE.findall(page) if not WORDED_PATTERN.search(image)]
    if silent:
        raise ValueError(f"{len(silent)} pictures have no alternative text")
