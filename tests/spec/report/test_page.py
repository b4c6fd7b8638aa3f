"""The page: charts, headings, fonts, that it is whole, and the executed notebook beside it."""

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
from auditlib.page import charts, fonts, publish_notebook, render
from auditlib.page.numbering import chinese, numbered

PICTURE = re.compile("base64,[A-Za-z0-9+/=]+")


# The charts


def test_a_chart_is_the_same_bytes_twice_and_draws_rare_characters() -> None:
    bars = [charts.Bar("㛃𬎆㼆䶮小学 $x$ <b>", 3, "3", charts.OWED), charts.Bar("河口", 1, "1")]
    assert charts.bars(bars) == charts.bars(bars)
    assert b"<dc:date" not in base64.b64decode(charts.bars(bars))


def test_a_chart_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="alternative text"):
        charts.figure("", alt=" ", caption="疑点")


# The page


def test_headings_are_numbered_in_the_way_of_the_language() -> None:
    body = (
        '<section class="audit"><h2 id="a-title">甲</h2><h3 id="b">乙</h3><h4>丙</h4><h4>丁</h4><h3>戊</h3>'
    )
    (chinese_page,), toc = numbered([body], "zh")
    assert re.findall(r'no">(.*?)<', chinese_page) == ["一、", "（一）", "1. ", "2. ", "（二）"]
    assert [entry.anchor for entry in toc] == ["a", "b"]
    (english_page,), _ = numbered([body], "en")
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
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", page)
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
    embedded = re.search(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page)
    assert embedded is not None
    glyphs = TTFont(io.BytesIO(base64.b64decode(embedded[1]))).getBestCmap()
    needed = {c for c in text_of(page) if c.isprintable() and not c.isspace()}
    assert {"㛃", "䶮"} <= needed
    assert not {c for c in needed if ord(c) not in glyphs} - set("\u200b")


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
    assert "不对外提供" not in page


def test_the_same_notebook_gives_the_same_page(county: Results, tmp_path: Path) -> None:
    notebook = executed_notebook(county, tmp_path / "n.ipynb")
    for name in ("one.html", "two.html"):
        render(notebook, tmp_path / name, language="zh", title=TITLE)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_importing_the_report_loads_no_charts_and_no_notebook_machinery() -> None:
    assert loaded("auditlib.report") & {"matplotlib", "nbconvert", "fontTools"} == set()


def test_making_the_page_loads_no_frames_and_no_engine() -> None:
    assert loaded("auditlib.page; auditlib.page.get_ready()") & {"pandas", "ibis", "duckdb"} == set()


def loaded(module: str) -> set[str]:
    """The modules that a fresh interpreter knows after ``import module``."""
    program_text = f"import {module}; import json, sys; print(json.dumps(list(sys.modules)))"
    return set(
        json.loads(
            subprocess.run([sys.executable, "-c", program_text], capture_output=True, check=True).stdout
        )
    )


# The executed notebook


def executed(tmp_path: Path, source: str) -> Path:
    output = nbformat.v4.new_output("stream", name="stdout", text="王小明 990122201003070017 见 /tmp/a.csv\n")
    remark = nbformat.v4.new_output(
        "stream", name="stderr", text="/home/someone/lib.py:3: FutureWarning: old\n"
    )
    cell = nbformat.v4.new_code_cell(
        source, outputs=[output, remark], metadata={"tags": ["injected-parameters"]}
    )
    cell.metadata["papermill"] = {"duration": 0.5, "start_time": "2026-11-23", "status": "completed"}
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["widgets"] = {"state": {"990122201003070017": {}}}
    parameters = {"data_dir": "/home/someone/inbox", "previous": ["C:\\runs\\spring"], "term": "2020-autumn"}
    notebook.metadata["papermill"] = {"input_path": "/home/someone/n.ipynb", "parameters": parameters}
    nbformat.write(notebook, tmp_path / "run.ipynb")
    return tmp_path / "run.ipynb"


def test_a_published_notebook_holds_no_folder_no_widget_no_clock_and_no_number(tmp_path: Path) -> None:
    path = executed(tmp_path, 'data_dir = "/home/someone/inbox"\npolicy = ["national"]\nterm = "2020-autumn"')
    publish_notebook(path)
    text = path.read_text(encoding="utf-8")
    assert "someone" not in text and "FutureWarning" not in text
    assert "201003070017" not in text
    assert "widgets" not in text
    assert "2026-11-23" not in text
    published = json.loads(text)
    assert published["metadata"]["papermill"]["parameters"] == {
        "data_dir": "inbox",
        "previous": ["spring"],
        "term": "2020-autumn",
    }
    assert '["national"]' in published["cells"][0]["source"]
    nbformat.validate(nbformat.reads(text, as_version=4))


def test_publishing_twice_is_publishing_once(tmp_path: Path) -> None:
    path = executed(tmp_path, 'data_dir = "/home/someone/inbox"')
    publish_notebook(path)
    once = path.read_bytes()
    publish_notebook(path)
    assert path.read_bytes() == once


def test_the_same_run_once_more_is_published_in_the_same_bytes(tmp_path: Path) -> None:
    texts = []
    for _run in range(2):  # nbformat names each cell anew, as Papermill does
        path = executed(tmp_path, 'term = "2020-autumn"')
        publish_notebook(path)
        texts.append(path.read_bytes())
    assert texts[0] == texts[1]


def test_the_value_at_the_end_of_a_bar_is_never_cut_off():
    from matplotlib.figure import Figure

    axes = Figure(figsize=(charts.WIDTH, 1)).add_axes((0, 0, 1, 1))
    charts._draw_bars(
        axes, [charts.Bar("register", 7, "30,647 rows, of which 1 rejected and 12 left out")], 7
    )
    label_extent = axes.texts[-1].get_window_extent()
    assert label_extent.x1 <= axes.get_window_extent().x1 + 1
