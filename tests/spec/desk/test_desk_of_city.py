"""The desk's pages of the city and of the terms, without a browser."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk_pages import begun, everything

from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import city_answers
from auditlib.desk.desk import Desk

ROOT = Path(__file__).parents[3]


def test_packages_of_one_name_that_are_dropped_lie_beside_each_other_and_are_ticked(home: Path) -> None:
    desk = Desk()
    desk.hear(["other", "city"])
    desk.hear(["form", "term"], "2024-autumn")
    for content in (b"one", b"other", b"one"):
        desk.take("package", "package.zip", 0, len(content), content)
    desk.take("package", "名册.xlsx", 0, 1, b"x")
    desk.hear(["dropped", "package"])
    page_text = everything(desk.blocks())
    assert all(
        words in page_text
        for words in ("收下 package.zip", "收下 package (2).zip", "已有同样的文件", "没有收下 名册.xlsx")
    )
    folder = home / "data" / "city-2024-autumn" / "package"
    assert [file.name for file in sorted(folder.iterdir())] == ["package (2).zip", "package.zip"]
    assert city_answers.parameters(desk.state)["packages"] == sorted(str(file) for file in folder.iterdir())
    desk.take("sheet", "检查表.xlsx", 0, 1, b"x")
    desk.hear(["dropped", "sheet"])
    assert [Path(file).name for file in city_answers.parameters(desk.state)["field_results"]] == [
        "检查表.xlsx"
    ]


def test_a_package_is_told_by_its_county_and_a_newer_one_takes_its_place(home: Path) -> None:
    desk = Desk()
    desk.hear(["other", "city"])
    desk.hear(["form", "term"], "2024-autumn")
    for ending in ("", "改"):
        parameters = {"county_code": "990341", "county_name": f"样禾县{ending}"[:3], "term": "2024-autumn"}
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("manifest.json", json.dumps({"parameters": parameters, "made": ending}))
        content = archive.getvalue()
        desk.take("package", "package.zip", 0, len(content), content)
        desk.hear(["dropped", "package"])
    page_text = everything(desk.blocks())
    assert (
        "package (2).zip · 样禾县 990341 · 2024 秋" in page_text
        and "代替同名（同县）的 package.zip" in page_text
    )
    assert [Path(file).name for file in city_answers.parameters(desk.state)["packages"]] == [
        "package (2).zip"
    ]
    assert '["form", "halves 990341"]' in str(
        [*_names(desk.blocks())]
    )  # though its file is not called by its code


def _names(blocks: Any) -> Iterator[str]:
    """The names of all parts of a page."""
    if isinstance(blocks, dict):
        yield json.dumps(blocks.get("name"), ensure_ascii=False)
        blocks = [*blocks.values()]
    if isinstance(blocks, list):
        for block in blocks:
            yield from _names(block)


def test_a_field_sheet_that_was_corrected_takes_the_place_of_the_first(home: Path) -> None:
    desk = Desk()
    desk.hear(["other", "city"])
    desk.hear(["form", "term"], "2024-autumn")
    for content in (b"one", b"other"):
        desk.take("sheet", "field-990341.xlsx", 0, len(content), content)
        desk.hear(["dropped", "sheet"])
    assert "field-990341 (2).xlsx 代替同名" in everything(desk.blocks())
    names = [Path(file).name for file in city_answers.parameters(desk.state)["field_results"]]
    assert names == ["field-990341 (2).xlsx"]


def test_the_city_is_told_what_its_form_lacks_and_then_sees_its_sample(home: Path) -> None:
    desk = Desk()
    desk.hear(["other", "city"])
    desk.hear(["start"])
    assert "参数“市代码”的值不对：" in everything(desk.blocks())
    begun(home).state.save()
    (home / "in").mkdir()
    (home / "in" / "990341.zip").touch()
    for key, text in {
        "code": "9903",
        "name": "样市",
        "term": "2024-autumn",
        "folder": str(home / "in"),
    }.items():
        desk.hear(["form", key], text)
    desk.hear(["tick", "package", str(home / "in" / "990341.zip")], "1")
    desk.hear(["tick", "county", str(home / "params" / "990341-2024-autumn.yaml")], "1")
    desk.hear(["start"])
    assert "市里的种子" in everything(desk.blocks())  # nothing is drawn without one
    desk.hear(["size"])
    assert desk.state.job and desk.state.job.command == [
        "re-check",
        str(home / "params" / "city-9903-2024-autumn.yaml"),
        "--commit",
    ]
    content = read_yaml(home / "params" / "city-9903-2024-autumn.yaml")
    assert content["county_params"] == ["990341-2024-autumn.yaml"]
    assert content["packages"] == [str(home / "in" / "990341.zip")]
    file = home / "params" / "city-9903-2024-autumn.yaml"
    text = file.read_text("utf-8").replace("sample:\n", "sample:\n  halves: {9903: abc}\n  schools: 7\n")
    file.write_text(text + "deadlines: {high: 2025-02-10}\n", "utf-8")
    desk.state.job = None
    desk.hear(["size"])
    content = read_yaml(file)  # what was written by hand stays
    assert (content["sample"]["halves"], content["sample"]["schools"]) == ({"9903": "abc"}, "7")
    assert content["deadlines"] == {"high": "2025-02-10"}
    desk.state.job.status = 0
    desk.state.job.answer = "样禾县：没有标出的发放抽 30 笔\n\n已封存\n990341 市里承诺 3a99\n"
    desk.tick()
    blocks = desk.blocks()
    [notice] = [block for block in blocks if block.get("style") == "good"]
    first, needs = notice["text"].split("\n")  # the digests stand apart, folded
    assert "市里已作出承诺" in first and needs == "样禾县：没有标出的发放抽 30 笔"
    [folded_block] = [block for block in blocks if block.get("name") == "commitments"]
    assert "990341 市里承诺 3a99" in everything(folded_block["blocks"]) and not folded_block["open"]


def test_terms_are_compared_by_the_runs_that_are_ticked(home: Path) -> None:
    for term in ("2023-autumn", "2024-spring"):
        folder = home / "runs" / f"990341-{term}"
        shutil.copytree(ROOT / "data_samples" / "terms" / "2019-autumn", folder)
    desk = Desk("en")
    desk.hear(["other", "terms"])
    desk.hear(["start"])
    assert "Tick the runs" in everything(desk.blocks())
    for run in sorted((home / "runs").iterdir()):
        desk.hear(["run", str(run)], "1")
    desk.hear(["form", "as_of"], "2024-08-31")
    desk.hear(["start"])
    assert desk.state.job and desk.state.doing == "trend"
    content = read_yaml(home / "params" / "990125-trend.yaml")
    assert (len(content["runs"]), content["as_of"], content["language"]) == (2, "2024-08-31", "en")
