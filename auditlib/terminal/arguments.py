"""The words of the command line: commands, options, and what each is for."""

from __future__ import annotations

import argparse
from pathlib import Path

import auditlib
from auditlib.base.language import LANGUAGES, Text

COMMANDS = {
    "demo": Text("在样例数据上走完全程", "the whole chain on data_samples"),
    "self-check": Text("一个县的自查", "one county's self-check"),
    "re-check": Text("一个市对各县的复查", "the city's re-check of its counties"),
    "province": Text(
        "一个省的各县，逐县自查并跨县比对", "all counties of a province, and persons across them"
    ),
    "trend": Text("一个县各学期的对比与台账", "one county term to term: rates, precision, roll-ups"),
    "ingest": Text("只读入并检查文件", "read and check the input files only"),
    "verify": Text("核验县级报送包", "is a county's package whole and unaltered?"),
    "policy": Text("列出当期有效的标准", "the standards in force"),
    "rules": Text("列出规则", "the rule catalogue"),
    "init": Text("建立可编辑的工作文件夹", "an editable folder: params, templates, a sample"),
    "lab": Text("打开工作台（JupyterLab）", "the workbench in JupyterLab"),
    "app": Text("打开工作台（不显示代码）", "the workbench without code"),
}
WITH_PARAMETERS = ("self-check", "re-check", "province", "trend", "ingest", "policy")
SERVED = ("lab", "app")
AS_JSON = ("ingest", "verify", "policy", "rules")
JSON_HELP = "答案以 JSON 给出 · the answer as JSON"
RUNS_HELP = "运行结果所在文件夹，默认 runs · the folder of the runs"
NO_BROWSER_HELP = "只打印地址，不打开浏览器 · print the address, open no browser"
KEY_HELP = "另行送达的公钥 · the public key that travelled by another way"
PARAMS_HELP = "县里数据的参数文件：重做自查，核对疑点 · re-run on the county's inputs and compare"
ENGINE_HELP = {
    "self-check": "duckdb（默认）；spark：由 Spark 的一个任务完成，结果相同 · duckdb (default); spark: done by a task of Spark, the same files",
    "province": "spark（默认）：每县一个任务；duckdb：本机逐县，不用 Spark · spark (default): a task a county; duckdb: on this computer, without",
}
ENGINE_ELSEWHERE = (
    "只有 duckdb；spark 用于 self-check 和 province · duckdb alone; spark is for self-check and province"
)
COMMIT_HELP = "抽样前封存总体、承诺市里的一半种子 · before the draw: seal the lists, commit to the city's half of the seed"


def parser() -> argparse.ArgumentParser:
    """All commands with their options, help in both languages."""
    all_commands = argparse.ArgumentParser(prog="auditlib", description="学生资助核对 · student-aid audit")
    all_commands.add_argument("--version", action="version", version=f"auditlib {auditlib.__version__}")
    commands = all_commands.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=f"{about.zh} · {about.en}", description=about.en)
        if name in WITH_PARAMETERS:
            command.add_argument("parameters", type=Path, metavar="PARAMS.yaml")
        if name == "init":
            command.add_argument("folder", type=Path, metavar="FOLDER")
        if name == "verify":
            command.add_argument("package", type=Path, metavar="PACKAGE.zip")
            command.add_argument("--key", type=Path, metavar="PUBLIC.pem", help=KEY_HELP)
            command.add_argument("--params", type=Path, metavar="PARAMS.yaml", help=PARAMS_HELP)
        if name == "re-check":
            command.add_argument("--commit", action="store_true", help=COMMIT_HELP)
        if name in SERVED:
            command.add_argument("--runs", type=Path, metavar="DIR", help=RUNS_HELP)
            command.add_argument("--no-browser", action="store_true", help=NO_BROWSER_HELP)
        if name in AS_JSON:
            command.add_argument("--json", action="store_true", help=JSON_HELP)
        command.add_argument("--output", type=Path, metavar="DIR")
        command.add_argument("--language", choices=LANGUAGES)
        about_engine = ENGINE_HELP.get(name, ENGINE_ELSEWHERE)
        command.add_argument("--engine", choices=("duckdb", "spark"), help=about_engine)
        command.add_argument("--quiet", action="store_true")
    return all_commands
