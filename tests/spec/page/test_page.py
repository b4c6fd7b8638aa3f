"""The page: headings, fonts, that it is whole and asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from fontTools.ttLib import TTFont
from page_text import TITLE, text_of
from results_fixture import executed_notebook

from auditlib.findings.results import Results
from auditlib.page import fonts, render
from auditlib.page.numbering import chinese, number_pages

PICTURE = re.compile("base64,[A-Za-z0-9+/=]+")


def test_headings_are_numbered_in_the_way_of_the_language() -> None:
    body = (
        '<section class="audit"><h2 id="a-title">甲</h2><h3 id="b">乙</h3><h4>丙</h4><h4>丁</h4><h3>戊</h3>'
    )
    (chinese_page,), toc = number_pages([body], "zh")
    assert re.findall(r'no">(.*?)<', chinese_page) == ["一、", "（一）", "1. ", "2. ", "（二）"]
    assert [entry.anchor for entry in toc] == ["a", "b"]
    (english_page,), _ = number_pages([body], "en")
    assert re.findall(r'no">(.*?)<', english_page) == ["1", "1.1", "1.1.1", "1.1.2", "1.2"]
    assert [chinese(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


def test_the_report_opens_with_the_conclusion_and_lists_its_contents(page: str) -> None:
    assert page.index('id="conclusion"') < page.index('id="funnel"')
    contents = text_of(page[page.index("<nav") : page.index("</nav>")])
    assert "一、总体结论" in contents
    assert "（一）应助未助" in contents
    assert '<html lang="zh-CN">' in page


def test_only_sections_are_published(page: str) -> None:
    assert page.count("<style>") == 1
    assert "printed" not in text_of(page)
    assert "审计程序" not in text_of(page)


def test_the_page_asks_no_network_for_anything(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    script = re.search(r"<script>(.*)</script>", page, flags=re.DOTALL)
    assert policy is not None
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert "default-src 'none'" in policy[1]
    assert f"script-src 'sha256-{digest}'" in policy[1]
    assert page.count("<script") == 1
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#|ledgers/[a-z-]+\.xlsx")""", page)
    assert not re.findall(r"url\((?!data:)|@import", page)


def test_every_picture_has_words(page: str) -> None:
    pictures = re.findall(r"<img[^>]*>", page)
    assert pictures
    assert all(re.search(r'alt="[^"]+"', picture) for picture in pictures)


def test_a_picture_without_words_stops_the_report(county: Results, tmp_path: Path) -> None:
    silent = nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(b"png").decode()})
    cell = nbformat.v4.new_code_cell("plot()", outputs=[silent], metadata={"tags": ["report"]})
    notebook = executed_notebook(county, tmp_path / "n.ipynb", cell)
    with pytest.raises(ValueError, match="alternative text"):
        render(notebook, tmp_path / "report.html", language="zh", title=TITLE)
    assert not (tmp_path / "report.html").exists()


def test_the_page_carries_a_font_with_its_own_characters(page: str) -> None:
    font_match = re.search(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page)
    assert font_match is not None
    glyphs = TTFont(io.BytesIO(base64.b64decode(font_match[1]))).getBestCmap()
    signs_needed = {c for c in text_of(page) if c.isprintable() and not c.isspace()}
    assert {"㛃", "䶮"} <= signs_needed
    assert not {c for c in signs_needed if ord(c) not in glyphs} - set("\u200b")


def test_the_font_has_rare_characters() -> None:
    glyphs = TTFont(io.BytesIO(fonts.subset("𬎆㛃㼆䶮"))).getBestCmap()
    assert {ord(c) for c in "𬎆㛃㼆䶮"} <= set(glyphs)


def test_a_hostile_title_stays_a_title(county: Results, tmp_path: Path) -> None:
    notebook = executed_notebook(county, tmp_path / "n.ipynb")
    title = '</style><script>alert(1)</script> "} 县'
    render(notebook, tmp_path / "report.html", language="en", title=title)
    hostile = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert hostile.count("<script") == 1
    assert hostile.count("</style>") == 1
    assert '<html lang="en">' in hostile


def test_a_page_that_lists_persons_says_that_it_is_not_handed_out(
    county: Results, page: str, tmp_path: Path
) -> None:
    notebook = executed_notebook(county, tmp_path / "n.ipynb")
    render(notebook, tmp_path / "report.html", language="en", title=TITLE, internal=True)
    assert "internal, not to be handed out" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "· 内部使用，不对外提供" not in page


def test_the_same_notebook_gives_the_same_page(county: Results, tmp_path: Path) -> None:
    notebook = executed_notebook(county, tmp_path / "n.ipynb")
    for name in ("one.html", "two.html"):
        render(notebook, tmp_path / name, language="zh", title=TITLE)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_importing_the_report_loads_no_charts_and_no_notebook_machinery() -> None:
    assert modules_loaded("auditlib.report") & {"matplotlib", "nbconvert", "fontTools"} == set()


def test_making_the_page_loads_no_frames_and_no_engine() -> None:
    assert modules_loaded("auditlib.page; auditlib.page.get_ready()") & {"pandas", "ibis", "duckdb"} == set()


def modules_loaded(module: str) -> set[str]:
    """The modules that a fresh interpreter knows after ``import module``."""
    program_text = f"import {module}; import json, sys; print(json.dumps(list(sys.modules)))"
    return set(
        json.loads(
            subprocess.run([sys.executable, "-c", program_text], capture_output=True, check=True).stdout
        )
    )
