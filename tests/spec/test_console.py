"""Every command × encoding × pipe or file: what cannot be encoded is spelt, and nothing crashes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_county import deliver, tables, written

from auditlib.base.console import NAME, never_fail, spelt

ROOT = Path(__file__).parent.parent.parent
AUTUMN = str(ROOT / "params" / "qinghe-2020-autumn.yaml")
ENCODINGS = {
    "GBK": {"PYTHONIOENCODING": "gbk"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "LC_ALL=C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(written(deliver(tmp_path_factory.mktemp("county") / "files", tables())) / "package.zip")


@pytest.mark.parametrize(
    ("encoding", "to"),
    [("GBK", "pipe"), ("GBK", "file"), ("ASCII", "file"), ("Latin-1", "pipe"), ("LC_ALL=C", "file")],
)
@pytest.mark.parametrize("command", ["rules", "policy", "verify", "verify --json", "--help", "unknown"])
def test_no_encoding_stops_a_command(
    command: str, encoding: str, to: str, package: str, tmp_path: Path
) -> None:
    word, *options = command.split()
    arguments_of = {"policy": [AUTUMN], "verify": [package]}.get(word, [])
    words = [sys.executable, "-m", "auditlib.cli", word, *arguments_of, *options]
    environment = {**os.environ, **ENCODINGS[encoding]}
    file = tmp_path / "out"
    with file.open("wb") as out:
        stdout = out if to == "file" else subprocess.PIPE
        process = subprocess.run(
            words, stdout=stdout, stderr=subprocess.PIPE, env=environment, timeout=120, check=False
        )
    answer = file.read_bytes() if to == "file" else process.stdout
    assert b"Traceback" not in process.stderr
    assert process.returncode == (2 if word == "unknown" else 0), process.stderr
    assert answer or process.stderr


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
        spelt(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
