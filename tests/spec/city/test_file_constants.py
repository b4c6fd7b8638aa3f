"""What a county says of a whole file is tried out on the city's copy, whatever that calls the file, and is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from plain_county import PARAMETERS
from test_recheck_compare import handed_in
from tiny_county import HEADERS, deliver, pupil, tables

from auditlib.base.places import ROOT
from auditlib.city import compare
from auditlib.city.conditions import Terms
from auditlib.city.counties import County, _county
from auditlib.city.file_constants import constants_of, counterparts, in_words, says, with_constants
from auditlib.city.hidden import rows_as_read
from auditlib.city.submissions import Submission
from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.law.policy import read_policy
from auditlib.package import keys, read_package

DAY = {"boarding": "走读"}
NAMED_SOURCES = {"sources": [{"files": "册*.csv"} | DAY]}, {"constants": [{"files": "册*.csv"} | DAY]}


def parameters_of(sources: list[Any], constants: Sequence[Any] = ()) -> SelfCheck:
    own = check_self_check(PARAMETERS, base=Path())
    return replace(own, sources={"enrolment": sources}, constants={"enrolment": [*constants]})


def test_what_sources_say_of_a_file_holds_before_what_constants_say() -> None:
    parameters = parameters_of(
        ["别的.csv", {"files": "册*.csv"} | DAY],
        [
            {"files": "*", "boarding": "住校", "status": "在读"},
            {"files": "*", "sheets": "转*", "status": "转出"},
        ],
    )
    assert constants_of(parameters, "enrolment", "册.csv") == {
        "": DAY | {"status": "在读"},
        "转*": {"status": "转出"},
    }
    assert constants_of(parameters, "payments", "册.csv") == {}


def test_the_same_is_said_of_the_citys_file_and_before_its_own_word() -> None:
    own = parameters_of([{"files": "*.csv", "boarding": "住校", "status": "在读"}])
    taken_over = with_constants(own, "enrolment", {"a[1].csv": {"": DAY}, "b.csv": {}})
    assert constants_of(taken_over, "enrolment", "a[1].csv") == {"": DAY | {"status": "在读"}}
    assert constants_of(taken_over, "enrolment", "b.csv") == {"": {"boarding": "住校", "status": "在读"}}
    assert says({"": DAY | {"status": "在读"}}, {"": DAY}) and not says({}, {"": DAY})


def prints(*rows: str) -> pd.DataFrame:
    columns = ["source", "person"]
    return pd.DataFrame([row.split() for row in rows], columns=columns).assign(table="enrolment")


def inputs(*files: str) -> dict[str, Any]:
    return {"inputs": [{"table": "enrolment", "file": file} for file in files]}


def test_a_file_is_known_by_its_name_else_by_the_persons_in_it_else_as_the_only_one() -> None:
    package: Any = SimpleNamespace(
        manifest=inputs("a.csv", "b.csv"), fingerprints=prints("a.csv!2 p", "b.csv!2 q")
    )
    rows = prints("x.csv!2 q", "x.csv!3 q", "y.csv!2 r", "a.csv!2 q")
    assert counterparts(package, inputs("a.csv", "x.csv", "y.csv"), rows) == {
        "enrolment": {"a.csv": "a.csv", "x.csv": "b.csv", "y.csv": ""}
    }
    alone: Any = SimpleNamespace(manifest=inputs("a.csv"), fingerprints=prints("a.csv!2 p"))
    assert counterparts(alone, inputs("z.csv"), None) == {"enrolment": {"z.csv": "a.csv"}}


def test_a_table_of_which_no_row_was_printed_has_the_files_that_the_manifest_names() -> None:
    """An older format did not print all tables, and what a county writes need not be so."""
    package: Any = SimpleNamespace(manifest=inputs("a.csv"), fingerprints=prints("a.csv!2 p").iloc[:0])
    assert counterparts(package, inputs("b.csv"), prints("b.csv!2 p").iloc[:0]) == {
        "enrolment": {"b.csv": "a.csv"}
    }


def test_a_value_that_may_be_a_person_is_not_shown() -> None:
    words = {"boarding": {"走读": "day"}}
    constants = [{"": {"boarding": "走读", "name": "张三", "status_date": "2020-09-01"}}]
    text = in_words("enrolment", constants, words)
    assert "走读" in text and "2020-09-01" in text and "张三" not in text
    assert "张" not in in_words("enrolment", [{"": {"boarding": "张三", "status_date": "张三"}}], words)
    assert in_words("enrolment", [{}], words) == "—"


def county_file(folder: Path, name: str, **entries: list[Any]) -> SelfCheck:
    """The county's own run, the register of pupils under another name."""
    deliver(folder / name, tables())
    (folder / name / "enrolment.csv").rename(folder / name / "册.csv")
    sources = {table: [f"{table}.csv"] for table in tables()} | {
        "enrolment": entries.get("sources", ["册.csv"])
    }
    constants = {"enrolment": entries.get("constants", [])}
    return deliver(folder / name, {}, sources=sources, constants=constants, output=folder / f"run-{name}")


@pytest.mark.parametrize("entries", NAMED_SOURCES, ids=["sources", "constants"])
def test_what_a_county_says_of_a_renamed_file_is_one_condition_and_nothing_beside_it(
    entries: dict[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pupils said to be day pupils: nobody is entitled to the boarders' aid, and each payment is one too many."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    package = read_package(handed_in(county_file(tmp_path, "county", **entries)))
    side = _county(deliver(tmp_path / "city", tables()), Submission("", package), keys.fingerprint_key())
    assert rules_told(side) == []
    (hidden_line,) = side.conditions.hidden.to_dict("records") if side.conditions else ()
    assert (hidden_line["name"], len(hidden_line["findings"]), hidden_line["yuan"]) == (
        "constants.enrolment",
        1,
        500,
    )


def test_the_same_said_of_a_renamed_file_on_both_sides_is_no_condition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    package = read_package(handed_in(county_file(tmp_path, "county", sources=[{"files": "册.csv"} | DAY])))
    constants = {"enrolment": [{"files": "enrol*.csv"} | DAY]}
    side = _county(
        deliver(tmp_path / "city", tables(), constants=constants),
        Submission("", package),
        keys.fingerprint_key(),
    )
    assert rules_told(side) == [] and side.conditions is not None and side.conditions.names == ()


NUMBERED_FILE = "990111201101010018册.csv"


def numbered_county(folder: Path, name: str, enrolment: list[Any], **parameters: Any) -> SelfCheck:
    """The county's run on a register of pupils whose name holds a number, beside a list that nobody needs."""
    rows = tables()
    sources = {table: [f"{table}.csv"] for table in rows} | {"enrolment": enrolment}
    own = deliver(folder / name, rows, sources=sources, output=folder / f"run-{name}", **parameters)
    (folder / name / "enrolment.csv").rename(folder / name / NUMBERED_FILE)
    return own


NOT_NEEDED = {"not_needed": ["990111201101010026表.csv"]}


def test_a_file_whose_name_holds_a_number_is_the_one_that_the_county_speaks_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the manifest the number is masked, in the files it is not."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    own = numbered_county(tmp_path, "county", [{"files": NUMBERED_FILE} | DAY], **NOT_NEEDED)
    package, key = read_package(handed_in(own)), keys.fingerprint_key()
    same = numbered_county(tmp_path, "same", [{"files": NUMBERED_FILE} | DAY], **NOT_NEEDED)
    side = _county(same, Submission("", package), key)
    assert rules_told(side) == [] and side.conditions is not None and side.conditions.names == ()
    other = _county(
        numbered_county(tmp_path, "city", [NUMBERED_FILE], **NOT_NEEDED), Submission("", package), key
    )
    assert rules_told(other) == [] and other.figures is not None
    (hidden_line,) = other.conditions.hidden.to_dict("records") if other.conditions else ()
    assert (hidden_line["name"], len(hidden_line["findings"]), hidden_line["yuan"]) == (
        "constants.enrolment",
        1,
        500,
    )


def rules_told(side: County) -> list[str]:
    """Rules of the lines that nothing explains, and tables of rows that changed."""
    changes = compare.changes_of(side)
    assert changes is not None
    lines = compare.compared_rows(side, changes)
    return [*lines.loc[lines["cause"] == "unexplained", "rule"], *changes["table"]]


def test_a_header_that_only_the_citys_file_has_keeps_what_the_city_says_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same register, exported anew under other headers: nothing is hidden by the county's having no word for them."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    package = read_package(handed_in(deliver(tmp_path / "county", tables())))
    monkeypatch.setitem(HEADERS, "enrolment", HEADERS["enrolment"] | {"name": "生名一", "boarding": "食宿一"})
    words = {"enrolment": {"生名一": "name", "食宿一": "boarding"}}
    own = deliver(tmp_path / "city", tables(), columns=words, output=tmp_path / "own")
    side = _county(own, Submission("", package), keys.fingerprint_key())
    assert rules_told(side) == [] and side.conditions is not None and side.conditions.names == ()


def test_whose_a_row_is_the_city_reads_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One number said of all pupils would make them one person, whose rows excuse each other."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    package = read_package(handed_in(deliver(tmp_path / "county", tables())))
    own = deliver(tmp_path / "city", tables())
    key = keys.county_keys(own.county_code).fingerprint
    rows = _county(own, Submission("", package), key).fingerprints
    one_number = [{"files": "enrolment.csv", "id_number": pupil(3)["id_number"]}]
    reading = Terms(replace(own, constants={"enrolment": one_number}), read_policy(own.policy, ROOT))
    assert rows is not None
    as_read = rows_as_read(reading, package, key, rows)
    places, pupils = ["table", "source"], as_read["table"] == "enrolment"
    pd.testing.assert_frame_equal(
        _by_place(as_read, [*places, "person"]), _by_place(rows, [*places, "person"])
    )
    assert as_read.loc[pupils, "person"].nunique() == 12
    assert as_read.loc[pupils, "content"].isin(rows["content"]).sum() == 1  # of the pupil whose number it is


def _by_place(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return rows[columns].sort_values(columns[:2], ignore_index=True)
