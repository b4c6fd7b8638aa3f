"""Spark or Java missing, or Java named wrongly: said in one line, before anything is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditlib.base import spark
from auditlib.base.errors import UsageError
from auditlib.base.spark import java_release, refuse_bad_java, spark_workers
from auditlib.cli import main

ROOT = Path(__file__).resolve().parents[3]
AUTUMN = str(ROOT / "params" / "qinghe-2020-autumn.yaml")


def a_java(folder: Path, words: str) -> Path:
    """A program that says ``words`` when it is asked for its version."""
    (folder / "bin").mkdir(parents=True)
    java = folder / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho '{words}' >&2\n", "utf-8")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize("command", [["self-check", AUTUMN, "--engine", "spark"], ["province", "PROVINCE"]])
def test_without_pyspark_a_command_says_in_one_line_how_to_get_it(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    province = tmp_path / "province.yaml"
    province.write_text(
        f'province_code: "99"\nprovince_name: 某省\nterm: 2020-autumn\ncounty_params: [{AUTUMN}]\noutput_dir: out\n', "utf-8"
    )  # fmt: skip
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    words = [str(province) if word == "PROVINCE" else word for word in command]
    assert main([*words, "--language", "en"]) == 2
    [remedy] = [line for line in capsys.readouterr().err.splitlines() if "make spark" in line]
    assert "requirements-spark.lock" in remedy
    assert not (tmp_path / "out").exists()


def test_another_command_says_what_spark_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trend", str(ROOT / "params" / "trend-sample.yaml"), "--engine", "spark"]) == 2
    assert "self-check" in capsys.readouterr().err


def test_a_java_home_without_a_java_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    with pytest.raises(UsageError) as refusal:
        refuse_bad_java("en")
    assert "JAVA_HOME" in str(refusal.value.into("en")) and "jdk" in refusal.value.into("zh")


def test_no_java_at_all_is_said_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="openjdk-17-jre-headless"):
        refuse_bad_java("zh")


@pytest.mark.parametrize(
    ("words", "release"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("no version here", None),
    ],
)
def test_the_release_of_java_is_read(words: str, release: int | None, tmp_path: Path) -> None:
    assert java_release(str(a_java(tmp_path, words))) == release


def test_an_old_java_is_refused_and_a_new_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in (("old", 'java version "1.8.0_402"'), ("new", 'openjdk version "17.0.1"')):
        a_java(tmp_path / name, words)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "new"))
    refuse_bad_java("en")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    with pytest.raises(UsageError) as refusal:
        refuse_bad_java("en")
    assert "too old (8)" in refusal.value.into("en")


def test_a_configured_cluster_is_left_as_it_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a master of somebody else's nothing that is meant for this computer alone is said to it."""
    pytest.importorskip("pyspark", reason="PySpark is an extra: make spark")
    asked_rows: list[bool] = []
    monkeypatch.setattr(spark, "_session", lambda is_own, language: asked_rows.append(is_own))
    monkeypatch.setattr(spark, "refuse_bad_java", lambda language: None)
    for name in spark.SPARK_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    spark_workers("zh")
    monkeypatch.setenv("SPARK_CONF_DIR", "conf")
    spark_workers("zh")
    assert asked_rows == [True, False]
