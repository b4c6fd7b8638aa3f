"""Nobody can choose a half of the seed once the other's is known: commitments are held against what is opened."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from recheck_fixture import population
from test_recheck_draw import GOOD

from auditlib.base.errors import AuditError, UsageError
from auditlib.city.commitments import LEDGER, BothHalves, commit, day_unopened, opened_halves, read_ledger
from auditlib.city.draw import draw
from auditlib.city.parameters import ReCheck, check_recheck
from auditlib.city.population import Population
from auditlib.city.report.draw import who_chose
from auditlib.package.draw_half import commitment_of, kept_half

COUNTY = "990122"


def half_of(word: str, place: str = f"{COUNTY}:2020-autumn") -> str:
    """A half as the program makes them, the same for the same word."""
    return f"{place}:{hashlib.md5(word.encode()).hexdigest()}-{hashlib.md5(b'salt').hexdigest()}"


HALF = half_of("first")
DAY = dt.datetime(2020, 12, 1, 9, 30)
PEOPLE = population()


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))


def run_of(folder: Path, *, halves: dict[str, str] | None = None, **sample: Any) -> ReCheck:
    sample_choices = {key: value for key, value in GOOD["sample"].items() if key != "seed"} | sample
    values = GOOD | {"sample": sample_choices | {"halves": halves or {}}}
    return check_recheck(values, base=folder, before_the_draw=not halves)


def package(half: str = HALF) -> Any:
    commitment = {"sha256": commitment_of(half), "on": "2020-11-30", "by": "青禾县"}
    return SimpleNamespace(manifest={"draw_commitment": commitment})


def committed(folder: Path, people: Population = PEOPLE, package_sent: Any = None, **sample: Any) -> str:
    """The city commits; gives its half."""
    run = run_of(folder, **sample)
    commit(run, [(people, package_sent or package())], DAY)
    return kept_half(run.city_code, run.term).half


def opened_as(
    folder: Path,
    ours: str,
    theirs: str = HALF,
    people: Population = PEOPLE,
    package_sent: Any = None,
    **sample: Any,
) -> BothHalves | None:
    run = run_of(folder, halves={"9901": ours, COUNTY: theirs}, **sample)
    return opened_halves(run, people, package_sent or package())


def refusal(error: pytest.ExceptionInfo[AuditError]) -> str:
    (problem,) = error.value.problems
    assert problem.where and problem.remedy
    return problem.what.en


def test_a_commitment_is_what_sha256sum_says_of_the_half() -> None:
    assert commitment_of(HALF) == hashlib.sha256(HALF.encode()).hexdigest()


def test_a_half_is_made_once_and_kept_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = kept_half(COUNTY, "2020-autumn"), kept_half(COUNTY, "2020-autumn")
    assert first.is_new and not second.is_new and first.half == second.half
    assert (
        first.half.startswith("990122:2020-autumn:")
        and len(first.half) == 84
        and first.file.stat().st_mode & 0o077 == 0
    )
    assert kept_half(COUNTY, "2021-spring").half != first.half


def test_halves_that_were_committed_to_make_the_seed(tmp_path: Path) -> None:
    ours = committed(tmp_path)
    workbook = opened_as(tmp_path, ours)
    assert workbook is not None
    run = run_of(tmp_path, halves={"9901": ours, COUNTY: HALF})
    county_draw = draw(PEOPLE, run.sample, workbook)
    assert county_draw.seed == f"{PEOPLE.fingerprint}|{ours}|{HALF}"
    choices = who_chose(county_draw)
    for words in (
        commitment_of(HALF),
        "2020-11-30",
        "青禾县",
        commitment_of(ours),
        "2020-12-01T09:30:00",
        "青禾市",
    ):
        assert words in choices.zh and words in choices.en
    assert county_draw.proof()["commitments"]["county"]["sha256"] == commitment_of(HALF)
    assert ours not in (tmp_path / "out" / LEDGER.file).read_text("utf-8") and HALF not in (tmp_path / "out" / LEDGER.file).read_text("utf-8")  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        ("", HALF, "has not opened"),
        (None, "", "has not opened"),
        (None, "7", "not the one that it committed to"),
        ("7", HALF, "not the one that it committed to"),
    ],
)
def test_another_half_or_none_is_refused(tmp_path: Path, ours: str | None, theirs: str, why: str) -> None:
    own = committed(tmp_path)
    halves = {"9901": own if ours is None else ours, COUNTY: theirs}
    run = run_of(tmp_path, halves={code: half for code, half in halves.items() if half})
    with pytest.raises(AuditError) as error:
        opened_halves(run, PEOPLE, package())
    assert why in refusal(error)


def test_who_speaks_last_can_change_neither_the_list_nor_the_sizes(tmp_path: Path) -> None:
    ours = committed(tmp_path)
    with pytest.raises(AuditError) as error:
        opened_as(tmp_path, ours, people=population(clean=301))
    assert "changed after" in refusal(error)
    with pytest.raises(AuditError) as error:
        opened_as(tmp_path, ours, flagged_n=31)
    assert "changed after" in refusal(error)


def test_without_commitments_no_half_is_taken(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as error:
        opened_as(tmp_path, "some half")
    assert "had not committed" in refusal(error)


def test_a_county_that_commits_after_the_city_is_refused_until_it_is_entered(tmp_path: Path) -> None:
    """Its half could have been made with the city's known."""
    ours = committed(tmp_path, package_sent=SimpleNamespace(manifest={}))
    with pytest.raises(AuditError) as error:
        opened_as(tmp_path, ours)
    assert "had not committed" in refusal(error)
    committed(tmp_path)
    assert opened_as(tmp_path, ours)


def test_a_line_handed_in_commits_as_well(tmp_path: Path) -> None:
    line = {COUNTY: f"{commitment_of(half_of('paper'))} 2020-11-29 县资助中心 李某"}
    nothing = SimpleNamespace(manifest={})
    ours = committed(tmp_path, package_sent=nothing, commitments=line)
    workbook = opened_as(tmp_path, ours, half_of("paper"), package_sent=nothing, commitments=line)
    assert workbook is not None and (workbook.county.on, workbook.county.by) == (
        "2020-11-29",
        "县资助中心 李某",
    )
    with pytest.raises(UsageError, match="commitments"):
        run_of(tmp_path, commitments={COUNTY: "not a hash"})


def test_committing_twice_is_entered_once_and_committing_anew_is_told(tmp_path: Path) -> None:
    ours = committed(tmp_path)
    committed(tmp_path)
    assert len(read_ledger(tmp_path / "out")) == 2
    committed(tmp_path, flagged_n=31)
    workbook = opened_as(tmp_path, ours)
    assert workbook is not None and workbook.city.times == 2
    choices = who_chose(replace(draw(PEOPLE, run_of(tmp_path, halves={"x": "y"}).sample, workbook)))
    assert "2 times" in choices.en and "2 次" in choices.zh


def test_a_county_that_commits_anew_is_told_with_the_day(tmp_path: Path) -> None:
    """Its second half could have been made with the city's known."""
    ours = committed(tmp_path)
    commit(run_of(tmp_path), [(PEOPLE, package(half_of("another")))], DAY + dt.timedelta(days=9))
    halves = opened_as(tmp_path, ours, half_of("another"), package_sent=package(half_of("another")))
    assert halves is not None and (halves.county.times, halves.city.times) == (2, 1)
    choices = who_chose(draw(PEOPLE, run_of(tmp_path, halves={"x": "y"}).sample, halves))
    assert "青禾县 committed 2 times" in choices.en and "青禾县为这次抽样先后承诺过 2 次" in choices.zh
    assert "2020-12-10T09:30:00" in choices.en and "2020-12-10T09:30:00" in choices.zh


WEAK = [
    "990122:2020-autumn:7", "990122:2020-autumn:" + "0" * 64, half_of("x", "990122:2020-spring"), half_of("x", "990133:2020-autumn"),
    half_of("x").removeprefix("990122:2020-autumn:"),
]  # fmt: skip


@pytest.mark.parametrize("weak", WEAK, ids=["short", "zeros", "last_term", "other_county", "no_place"])
def test_a_half_of_another_place_or_term_or_one_that_can_be_tried_out_draws_nothing(
    tmp_path: Path, weak: str
) -> None:
    """From the hash of a short half the other side reads it, and from last term's half knows it."""
    ours = committed(tmp_path, package_sent=package(weak))
    with pytest.raises(AuditError) as error:
        opened_as(tmp_path, ours, weak, package_sent=package(weak))
    assert "not made at random" in refusal(error)


def test_the_city_cannot_write_down_a_commitment_in_place_of_the_one_that_the_county_signed(
    tmp_path: Path,
) -> None:
    mine = {COUNTY: f"{commitment_of(half_of('mine'))} 2020-11-29 县资助中心 李某"}
    with pytest.raises(AuditError) as error:
        committed(tmp_path, commitments=mine)
    assert "signed package" in refusal(error)
    ours = committed(tmp_path)
    with pytest.raises(AuditError) as error:
        opened_as(tmp_path, ours, half_of("mine"), commitments=mine)
    assert "signed package" in refusal(error)


def test_nobody_commits_anew_with_halves_open_in_the_parameters(tmp_path: Path) -> None:
    ours = committed(tmp_path)
    run = run_of(tmp_path, halves={COUNTY: HALF, "9901": ours})
    commit(run, [(PEOPLE, package())], DAY)
    with pytest.raises(AuditError) as error:
        commit(run, [(population(clean=301), package())], DAY)
    assert "commits now could choose" in refusal(error)


def sample_choices(folder: Path, halves: BothHalves | None) -> str:
    assert halves is not None
    return who_chose(draw(PEOPLE, run_of(folder, halves={"x": "y"}).sample, halves)).en


def test_commitments_of_another_output_folder_are_counted(tmp_path: Path) -> None:
    committed(tmp_path / "tried", flagged_n=31)
    ours = committed(tmp_path / "liked")
    choices = sample_choices(tmp_path, opened_as(tmp_path / "liked", ours))
    assert "committed 2 times" in choices and "nobody could choose" not in choices


def test_a_ledger_that_was_removed_is_missed(tmp_path: Path) -> None:
    committed(tmp_path, flagged_n=31)
    (tmp_path / "out" / LEDGER.file).unlink()
    assert "committed 2 times" in sample_choices(tmp_path, opened_as(tmp_path, committed(tmp_path)))


def test_who_commits_late_or_against_the_clock_is_told_and_nobody_is_said_to_have_been_blind(
    tmp_path: Path,
) -> None:
    ours = committed(tmp_path, package_sent=SimpleNamespace(manifest={}))
    commit(run_of(tmp_path), [(PEOPLE, package())], DAY + dt.timedelta(days=1))
    choices = sample_choices(tmp_path, opened_as(tmp_path, ours))
    assert (
        "entered after the city's" in choices
        and "nobody could choose" not in choices
        and "not in order" not in choices
    )
    commit(run_of(tmp_path), [(PEOPLE, package(half_of("anew")))], DAY - dt.timedelta(days=9))
    choices = sample_choices(
        tmp_path, opened_as(tmp_path, ours, half_of("anew"), package_sent=package(half_of("anew")))
    )
    assert (
        "not in order" in choices and "committed 2 times" in choices and "nobody could choose" not in choices
    )


def test_a_ledger_that_a_spreadsheet_saved_is_read_and_added_to(tmp_path: Path) -> None:
    ours = committed(tmp_path)
    ledger = tmp_path / "out" / LEDGER.file
    ledger.write_bytes(ledger.read_text("utf-8-sig").encode("gbk").rstrip(b"\r\n"))
    committed(tmp_path, flagged_n=31)
    assert [row["by"] for row in read_ledger(ledger.parent)] == ["青禾市", "青禾县"] * 2
    assert "committed 2 times" in sample_choices(tmp_path, opened_as(tmp_path, ours))


def test_a_seed_that_is_told_where_halves_were_committed_to_is_told(tmp_path: Path) -> None:
    committed(tmp_path)
    run = check_recheck(GOOD, base=tmp_path)
    late = replace(draw(PEOPLE, run.sample), unopened=day_unopened(run, COUNTY))
    assert "no halves were opened" in who_chose(late).en and "2020-12-01T09:30:00" in who_chose(late).zh
    assert late.proof()["committed_and_not_opened"] == "2020-12-01T09:30:00"


def test_a_seed_that_was_told_is_said_to_be_one_side_s(tmp_path: Path) -> None:
    run = check_recheck(GOOD, base=tmp_path)
    assert opened_halves(run, PEOPLE, package()) is None
    choices = who_chose(draw(PEOPLE, run.sample))
    assert "one that the side chose which spoke last" in choices.en and "最后说出种子的一方" in choices.zh


def test_parameters_with_halves_are_read_and_read_again(tmp_path: Path) -> None:
    run = run_of(tmp_path, halves={"9901": "a", COUNTY: "b"})
    assert check_recheck(run.as_json(), base=tmp_path) == run
