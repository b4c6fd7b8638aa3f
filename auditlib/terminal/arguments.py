"""What a command of the command line is, its options, and what each option is for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import auditlib
from auditlib.base.language import LANGUAGES, Text

JSON_HELP = "答案以 JSON 给出 · the answer as JSON"
RUNS_HELP = "运行结果所在文件夹，默认 runs · the folder of the runs"
NO_BROWSER_HELP = "只打印地址，不打开浏览器 · print the address, open no browser"
KEY_HELP = "另行送达的公钥 · the public key that travelled by another way"
PARAMS_HELP = "县里数据的参数文件：重做自查，核对疑点 · re-run on the county's inputs and compare"
ENGINE_ELSEWHERE = (
    "只有 duckdb；spark 用于 self-check 和 province · duckdb alone; spark is for self-check and province"
)
ROWS_HELP = "每张表读出的前几行也列出（已遮盖） · the first rows of each sheet as read too, masked"
COMMIT_HELP = "抽样前封存总体、承诺市里的一半种子 · before the draw: seal the lists, commit to the city's half of the seed"


@dataclass(frozen=True)
class Command:
    """A command: what it does, what it is for, and what it is given besides the options of all.

    ``parameters``: a file of parameters; ``as_json``: its answer also as JSON; ``served``: it stays open until it is stopped;
    ``engine``: what its option of that name says; ``more``: adds what no other command takes.
    """

    run: Callable[[argparse.Namespace], int]
    about: Text
    parameters: bool = False
    as_json: bool = False
    served: bool = False
    engine: str = ENGINE_ELSEWHERE
    more: Callable[[argparse.ArgumentParser], None] = field(default=lambda command: None)


def a_folder(command: argparse.ArgumentParser) -> None:
    """Of ``init``."""
    command.add_argument("folder", type=Path, metavar="FOLDER")


def a_package(command: argparse.ArgumentParser) -> None:
    """Of ``verify``."""
    command.add_argument("package", type=Path, metavar="PACKAGE.zip")
    command.add_argument("--key", type=Path, metavar="PUBLIC.pem", help=KEY_HELP)
    command.add_argument("--params", type=Path, metavar="PARAMS.yaml", help=PARAMS_HELP)


def a_look(command: argparse.ArgumentParser) -> None:
    """Of ``ingest``."""
    command.add_argument("--rows", action="store_true", help=ROWS_HELP)


def a_commitment(command: argparse.ArgumentParser) -> None:
    """Of ``re-check``."""
    command.add_argument("--commit", action="store_true", help=COMMIT_HELP)


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """``commands`` with their options, help in both languages."""
    all_commands = argparse.ArgumentParser(prog="auditlib", description="学生资助核对 · student-aid audit")
    all_commands.add_argument("--version", action="version", version=f"auditlib {auditlib.__version__}")
    parsers = all_commands.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, declaration in commands.items():
        about = declaration.about
        command = parsers.add_parser(name, help=f"{about.zh} · {about.en}", description=about.en)
        if declaration.parameters:
            command.add_argument("parameters", type=Path, metavar="PARAMS.yaml")
        declaration.more(command)
        if declaration.served:
            command.add_argument("--runs", type=Path, metavar="DIR", help=RUNS_HELP)
            command.add_argument("--no-browser", action="store_true", help=NO_BROWSER_HELP)
        if declaration.as_json:
            command.add_argument("--json", action="store_true", help=JSON_HELP)
        command.add_argument("--output", type=Path, metavar="DIR")
        command.add_argument("--language", choices=LANGUAGES)
        command.add_argument("--engine", choices=("duckdb", "spark"), help=declaration.engine)
        command.add_argument("--quiet", action="store_true")
    return all_commands
