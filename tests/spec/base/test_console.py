"""Every command × encoding: what cannot be encoded is spelt, and nothing crashes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tiny_county import changed, deliver, tables, written

from auditlib.base.console import NAME, never_fail, spell_out
from auditlib.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]
AUTUMN = str(ROOT / "params" / "qinghe-2020-autumn.yaml")
LACKING = "𠮷💰–é"  # beyond GBK: a name's character, a sign of a telephone, a dash of Word, a letter


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(written(deliver(tmp_path_factory.mktemp("county") / "files", tables())) / "package.zip")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The parameter file of a county whose own name, files and spellings no code page of Windows has."""
    folder = tmp_path_factory.mktemp("files")
    misspelt_tables = changed(
        tables(), "eligibility", lambda rows: [{**row, "category": LACKING} for row in rows]
    )
    parameters = deliver(folder, misspelt_tables, county_name=LACKING)
    (folder / "payments.csv").rename(folder / f"{LACKING}.csv")
    sources = {**parameters.as_json()["sources"], "payments": [f"{LACKING}*.csv"]}
    file = folder / f"{LACKING}.yaml"
    file.write_text(yaml.safe_dump({**parameters.as_json(), "sources": sources}, allow_unicode=True), "utf-8")
    return str(file)


def printed_by(words: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Exit status, output and errors of one command on a console of ``encoding``, strict as Python's are."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding=encoding) for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    try:
        status = main(words)
    except SystemExit as exit_status:
        status = int(exit_status.code or 0)
    for stream in streams.values():
        stream.flush()
    output, errors = (stream.buffer.getvalue().decode(encoding) for stream in streams.values())
    return status, output, errors


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_no_encoding_stops_the_help_of_a_command(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ([], *([command] for command in COMMANDS)):
        status, output, _errors = printed_by([*words, "--help"], encoding, monkeypatch)
        assert status == 0 and "auditlib" in output, words


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_no_encoding_stops_an_answer_or_a_refusal(
    encoding: str, package: str, county: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the code page lacks is spelt by its number, not lost; JSON stays JSON."""
    never_fail()
    spelt_out = LACKING.encode(encoding, NAME).decode(encoding)
    for status, words in {
        0: (["rules"], ["rules", "--json"], ["policy", county], ["policy", county, "--json"], ["verify", package],
            ["verify", package, "--json"], ["init", str(tmp_path / LACKING)]),
        1: (["ingest", county], ["ingest", county, "--json"], ["verify", str(tmp_path / f"{LACKING}.zip")]),
        2: ([LACKING], ["ingest", f"{LACKING}.yaml"], ["ingest", f"{LACKING}.yaml", "--language", "en"]),
    }.items():  # fmt: skip
        for each in words:
            exit_status, output, errors = printed_by(each, encoding, monkeypatch)
            assert exit_status == status and output + errors, (each, errors)
            if each[-1] == "--json":
                assert json.loads(output), each
            elif any(LACKING in word for word in each):
                assert spelt_out in output + errors, each


@pytest.mark.parametrize(
    ("words", "surroundings"),
    [
        (["policy", AUTUMN], {"PYTHONIOENCODING": "gbk"}),
        (["rules"], {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    ],
    ids=["GBK", "LC_ALL=C"],
)
def test_a_process_of_its_own_writes_its_answer_into_a_file(
    words: list[str], surroundings: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "out"
    command = [sys.executable, "-m", "auditlib.cli", *words]
    with file.open("wb") as out:
        process = subprocess.run(
            command,
            stdout=out,
            stderr=subprocess.PIPE,
            env={**os.environ, **surroundings},
            timeout=120,
            check=False,
        )
    assert (process.returncode, process.stderr) == (0, b"")
    assert file.read_bytes()


@pytest.mark.parametrize(
    ("text", "encoding", "spelt_text"),
    [
        ("✓ 完整", "gbk", "√ 完整"),
        ("✗", "gbk", "×"),
        ("文件 › 表", "gbk", "文件 > 表"),
        ("✓ “a” · b…", "ascii", '[ok] "a" - b...'),
        ("县", "latin-1", "\\u53bf"),
        ("𠮷", "gbk", "\\U00020bb7"),
        ("name\udcff", "utf-8", "name\\udcff"),
    ],
)
def test_what_an_encoding_lacks_is_spelt(text: str, encoding: str, spelt_text: str) -> None:
    never_fail()
    assert text.encode(encoding, NAME).decode(encoding) == spelt_text


def test_a_stream_takes_every_character_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    never_fail()
    print("✓")
    sys.stdout.flush()
    assert raw.getvalue().decode("gbk").strip() == "√"


def test_what_cannot_be_decoded_is_not_spelt() -> None:
    with pytest.raises(UnicodeDecodeError):
        spell_out(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
