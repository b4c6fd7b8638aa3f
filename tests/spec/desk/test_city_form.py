"""The city's form: halves, keys, deadlines, grades and what else a draw takes by mouse; a re-check that was begun is gone on with."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from desk_pages import begun, everything

from auditlib.base.strict_yaml import read_yaml
from auditlib.city.parameters import Sample, read_recheck
from auditlib.desk import city_answers
from auditlib.desk.city_details import NUMBERS
from auditlib.desk.desk import Desk
from auditlib.package.draw_half import kept_half

TERM = "2024-autumn"


@pytest.fixture
def city(home: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk on the city's page, one county ticked, its package and public key in the folder."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(home / "keys"))
    begun(home).state.save()
    (home / "in").mkdir()
    for name in ("990341.zip", "public-key-990341.pem"):
        (home / "in" / name).touch()
    desk = Desk()
    desk.hear(["other", "city"])
    for key, text in {
        "code": "9903",
        "name": "样市",
        "term": TERM,
        "folder": str(home / "in"),
        "seed": "7",
    }.items():
        desk.hear(["form", key], text)
    desk.hear(["tick", "package", str(home / "in" / "990341.zip")], "1")
    desk.hear(["tick", "county", str(home / "params" / f"990341-{TERM}.yaml")], "1")
    return desk


def written_file(desk: Desk) -> Path:
    """The city's parameters as the desk writes them when a re-check is started."""
    desk.hear(["start"])
    assert desk.state.job, everything(desk.blocks())
    desk.state.job = None
    return city_answers.file_of("9903", TERM)


def test_keys_halves_days_and_deadlines_are_chosen_on_the_page(city: Desk, home: Path) -> None:
    key = str(home / "in" / "public-key-990341.pem")
    assert key in everything(city.blocks()) and "样禾县 990341" in everything(city.blocks())
    for name, text in {
        "keys 990341": key, "halves 990341": "990341:2024-autumn:abc", "copied_on 990341": "2025-01-10",
        "commitments 990341": f"{'a' * 64} 2024-12-01 样禾县资助中心",
        "deadlines high": "2025-02-10", "grades A": "0.95", "sample flagged_n": "40", "sample icc": "0.1",
    }.items():  # fmt: skip
        city.hear(["form", name], text)
    city.hear(["stratum", "town"], "1")
    read = read_recheck(written_file(city))
    assert read.keys == {"990341": Path(key)} and read.sample.halves == {"990341": "990341:2024-autumn:abc"}
    assert read.copied_on["990341"].isoformat() == "2025-01-10" and read.sample.commitments[
        "990341"
    ].startswith("aaa")
    assert read.deadlines["high"].isoformat() == "2025-02-10" and str(read.grades["A"]) == "0.95"
    assert (read.sample.flagged_n, str(read.sample.icc), read.sample.strata) == (
        40,
        "0.1",
        ("scheme", "town"),
    )


def test_what_is_emptied_is_taken_out_of_the_file(city: Desk) -> None:
    city.hear(["form", "deadlines high"], "2025-02-10")
    city.hear(["form", "sample flagged_n"], "40")
    assert read_yaml(written_file(city))["deadlines"] == {"high": "2025-02-10"}
    city.hear(["form", "deadlines high"], "")
    city.hear(["form", "sample flagged_n"], "")
    content = read_yaml(written_file(city))
    assert "deadlines" not in content and "flagged_n" not in content["sample"]


def test_a_day_that_is_none_is_refused_and_nothing_is_written(city: Desk) -> None:
    city.hear(["form", "deadlines high"], "明年")
    city.hear(["start"])
    assert city.state.job is None and "deadlines" in everything(city.blocks())
    assert not city_answers.file_of("9903", TERM).exists()


def test_the_citys_half_is_filled_in_once_it_has_one(city: Desk, home: Path) -> None:
    assert '["own half"]' not in everything(city.blocks())
    assert not (home / "keys").exists()  # looking makes none
    half = kept_half("9903", TERM).half
    assert '["own half"]' in everything(city.blocks())
    city.hear(["own half"])
    assert read_yaml(written_file(city))["sample"]["halves"] == {"9903": half}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_recheck_that_was_begun_is_gone_on_with(city: Desk, language: str) -> None:
    city.hear(["form", "deadlines high"], "2025-02-10")
    city.hear(["form", "method"], "mus")
    file = written_file(city)
    before = read_yaml(file)
    later = Desk(language)
    later.hear(["other", "city"])
    later.hear(["city", file.stem])
    page_text = everything(later.blocks())
    assert all(text in page_text for text in ("样市", "2025-02-10", "990341.zip"))
    later.hear(["start"])
    assert later.state.job
    assert read_yaml(file) == {**before, "language": language}
    later.state.job = None
    later.hear(["tick", "package", before["packages"][0]], "")
    assert city_answers.parameters(later.state)["packages"] == []


def test_a_file_that_is_not_there_any_more_is_shown_and_stays_until_it_is_taken_out(
    city: Desk, home: Path
) -> None:
    package = city_answers.parameters(city.state)["packages"][0]
    written_file(city)
    (home / "in" / "990341.zip").unlink()
    (home / "params" / f"990341-{TERM}.yaml").unlink()
    later = Desk()
    later.hear(["other", "city"])
    later.hear(["city", f"city-9903-{TERM}"])
    page_text = everything(later.blocks())
    assert "990341.zip（不在了）" in page_text and f"990341-{TERM}.yaml（不在了）" in page_text
    assert '"keys "' not in page_text  # a county whose code nobody can read has no line of its own
    assert city_answers.parameters(later.state)["packages"] == [package]
    later.hear(["tick", "package", package], "")
    assert city_answers.parameters(later.state)["packages"] == []


def test_every_package_of_a_large_city_is_listed(city: Desk, home: Path) -> None:
    for n in range(100):
        (home / "in" / f"{990400 + n}.zip").touch()
    assert "990499.zip" in everything(city.blocks())


def test_a_file_that_cannot_be_read_is_not_written_over(city: Desk) -> None:
    file = city_answers.file_of("9903", TERM)
    file.write_text("city_code: [\n", "utf-8")
    city.hear(["start"])
    assert city.state.job is None and file.read_text("utf-8") == "city_code: [\n"


def test_a_county_sees_after_its_run_what_the_city_needs_besides(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(home / "keys"))
    desk = begun(home)
    desk.state.page, desk.state.doing, desk.state.run = "check", "self-check", home / "run"
    (home / "run").mkdir()
    (home / "run" / "public-key-990341.pem").touch()
    assert "public-key" not in everything(desk.blocks())  # this run made no half
    half = kept_half("990341", TERM).half
    [folded_block] = [block for block in desk.blocks() if block.get("name") == "hand over"]
    assert half in everything(folded_block) and "public-key-990341.pem" in everything(folded_block)
    assert not folded_block["open"]


def test_every_parameter_of_a_draw_is_asked_on_the_page(city: Desk) -> None:
    page_text = everything(city.blocks())
    names = {
        field.name: f'"sample {field.name}"' if field.name in (*NUMBERS, "selection") else f'"{field.name}'
        for field in fields(Sample)
    }
    names |= {"strata": '["stratum", "school"]', "icc": '"sample icc"'}
    assert {name: text for name, text in names.items() if text not in page_text} == {}
    assert all(f'"{group} ' in page_text for group in ("keys", "copied_on", "deadlines", "grades"))
