"""A section as a value, and the page's order: the conclusion first, annexes last, what shows nothing left out."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from markupsafe import Markup
from page_text import TITLE
from results_fixture import shown

from auditlib.page import Section, render
from auditlib.page.papermill_folder import _parameter_file


def section(key: str, *, annex: bool = False) -> Section:
    return Section(key, f"{key} 标题", Markup("<p>正文</p>"), f"{key} 摘要", annex)


def page_of(folder: Path, *cells: nbformat.NotebookNode) -> str:
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), folder / "n.ipynb")
    render(folder / "n.ipynb", folder / "report.html", language="zh", title=TITLE)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_a_section_says_itself_in_a_line_and_shows_itself_in_a_notebook() -> None:
    assert repr(section("rules")) == "rules 标题: rules 摘要"
    assert repr(Section("rules", "各项规则", Markup(""))) == "各项规则"
    html = section("rules")._repr_html_()
    assert html.startswith("<style>") and 'aria-labelledby="rules-title"' in html


def test_the_conclusion_stands_first_and_annexes_last_each_as_they_were_made(tmp_path: Path) -> None:
    conclusion = shown(section("conclusion"), "conclusion")
    page = page_of(
        tmp_path,
        shown(section("lists", annex=True)),
        shown(section("rules")),
        shown(section("hashes", annex=True)),
        conclusion,
    )
    assert re.findall(r'<section class="audit" id="(\w+)"', page) == [
        "conclusion",
        "rules",
        "lists",
        "hashes",
    ]
    assert re.findall(r'<section[^>]* id="(\w+)" data-annex="first"', page) == ["lists"]
    titles = re.findall(r'<span class="no">(.*?)</span>', page)
    assert [title.strip() for title in titles[:4]] == ["一、", "二、", "附件一", "附件二"]


def test_a_cell_that_shows_no_section_is_no_part_of_the_page(tmp_path: Path) -> None:
    chatter = nbformat.v4.new_code_cell(
        "x", outputs=[nbformat.v4.new_output("stream", name="stdout", text="印出来的话")]
    )
    page = page_of(tmp_path, chatter, nbformat.v4.new_markdown_cell("程序说明"), shown(section("rules")))
    assert "印出来的话" not in page and "程序说明" not in page and 'id="rules"' in page


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["python", "/bin/papermill", "in.ipynb", "out.ipynb", "-f", "a.yaml"], "a.yaml"),
        (["papermill", "in.ipynb", "--parameters_file=a.yaml", "-f", "b.yaml", "out.ipynb"], "a.yaml"),
        (["papermill", "in.ipynb", "out.ipynb"], None),
        (["python", "-m", "auditlib", "-f", "a.yaml"], None),
    ],
)
def test_papermills_own_command_line_says_which_parameter_file_its_paths_count_from(
    words: list[str], file: str | None
) -> None:
    assert _parameter_file(words) == file
