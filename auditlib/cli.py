"""The commands (contract 1). Exit status: 0 done, 1 the input cannot be audited, 2 wrong usage."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditlib.base.errors import AuditError, UsageError
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.places import PARAMS
from auditlib.law.parameters import SelfCheck, read_self_check

if TYPE_CHECKING:  # frames and engine take most of a second to import: not before they are needed
    from auditlib.city.parameters import ReCheck
    from auditlib.findings.results import Results
    from auditlib.trend.parameters import Trend

COMMANDS = {
    "demo": Text("在样例数据上走完全程", "the whole chain on data_samples"),
    "self-check": Text("一个县的自查", "one county's self-check"),
    "re-check": Text("一个市对各县的复查", "the city's re-check of its counties"),
    "trend": Text("一个县各学期的对比与台账", "one county term to term: rates, precision, roll-ups"),
    "ingest": Text("只读入并检查文件", "read and check the input files only"),
    "verify": Text("核验县级报送包", "is a county's package whole and unaltered?"),
    "policy": Text("列出当期有效的标准", "the standards in force"),
    "rules": Text("列出规则", "the rule catalogue"),
    "lab": Text("打开工作台（JupyterLab）", "the workbench in JupyterLab"),
    "app": Text("打开工作台（不显示代码）", "the workbench without code"),
}
NEIGHBOURS = ("baishi-2020-autumn", "yunxi-2020-autumn")
WITH_PARAMETERS = ("self-check", "re-check", "trend", "ingest", "policy")
SERVED = ("lab", "app")
RUNS_HELP = "运行结果所在文件夹，默认 runs · the folder of the runs"
NO_BROWSER_HELP = "只打印地址，不打开浏览器 · print the address, open no browser"
KEY_HELP = "另行送达的公钥 · the public key that travelled by another way"
PARAMS_HELP = "县里数据的参数文件：重做自查，核对疑点 · re-run on the county's inputs and compare"
REPORT_TITLE = Text(
    "{county} {term}学生资助县级自查报告", "{county}, {term}: county self-check of student aid"
)
RECHECK_TITLE = Text("{city} {term}学生资助市级复查报告", "{city}, {term}: city re-check of student aid")
TREND_TITLE = Text("{county}学生资助各学期对比", "{county}: student aid, term to term")
START, REPORT = "启动 · Start", "报告 · Report"
TERM = Text("{year} 年{season}季学期", "{season} {year}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every problem a user can cause ends as a message, never a traceback."""
    options = _parser().parse_args(arguments)
    try:
        status = _run(options)
        sys.stdout.flush()
        return status
    except UsageError as error:
        print(error.into(options.language or error.language), file=sys.stderr)
        return 2
    except AuditError as error:
        print(error.into(options.language or error.language), file=sys.stderr)
        return 1
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        print(_no_place(error).into(options.language or "zh"), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of the list has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("已中断 · interrupted", file=sys.stderr)
        return 130


def _no_place(error: OSError) -> AuditError:
    """The disk refuses: a file where a folder should be, or no right to write there."""
    from auditlib.base.errors import Problem

    place = str(error.filename or "")
    return AuditError(
        Problem(
            Text("这个位置不能写入或读取", "nothing can be written or read here"),
            Text(place, place),
            Text(
                "检查 output_dir：须是文件夹（不是文件），且有写入权限",
                "check output_dir: it must be a folder, not a file, and one may write there",
            ),
        )
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="auditlib", description="学生资助核对 · student-aid audit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=f"{about.zh} · {about.en}", description=about.en)
        if name in WITH_PARAMETERS:
            command.add_argument("parameters", type=Path, metavar="PARAMS.yaml")
        if name == "verify":
            command.add_argument("package", type=Path, metavar="PACKAGE.zip")
            command.add_argument("--key", type=Path, metavar="PUBLIC.pem", help=KEY_HELP)
            command.add_argument("--params", type=Path, metavar="PARAMS.yaml", help=PARAMS_HELP)
        if name in SERVED:
            command.add_argument("--runs", type=Path, metavar="DIR", help=RUNS_HELP)
            command.add_argument("--no-browser", action="store_true", help=NO_BROWSER_HELP)
        command.add_argument("--output", type=Path, metavar="DIR")
        command.add_argument("--language", choices=LANGUAGES)
        command.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
        command.add_argument("--quiet", action="store_true")
    return parser


def _run(options: argparse.Namespace) -> int:
    commands = {
        "demo": _demo,
        "self-check": _self_check,
        "re-check": _re_check,
        "trend": _trend,
        "ingest": _ingest,
        "verify": _verify,
        "policy": _policy,
        "rules": _rules,
        "lab": _lab,
        "app": _app,
    }
    return commands[options.command](options)


def _parameters(options: argparse.Namespace, file: Path | None = None) -> SelfCheck:
    read = read_self_check(file or options.parameters, language=options.language, output_dir=options.output)
    _check_engine(options.engine)
    return read


def _check_engine(engine: str) -> None:
    if engine == "spark":
        from auditlib.base.errors import Problem

        raise UsageError(
            Problem(
                Text("本版本还没有 Spark 引擎", "this version has no Spark engine yet"),
                Text("--engine", "--engine"),
                Text("去掉 --engine，或写 duckdb", "leave --engine out, or write duckdb"),
            )
        )


def _self_check(options: argparse.Namespace, file: Path | None = None) -> int:
    from auditlib.base.places import ROOT
    from auditlib.law.parameters import refuse_missing_previous
    from auditlib.law.policy import read_policy

    parameters = _parameters(options, file)
    refuse_missing_previous(parameters)  # before a kernel starts
    if parameters.hand_in == "tokens":
        from auditlib.package.keys import refuse_missing_key

        refuse_missing_key(parameters.hand_in, parameters.language)
    read_policy(parameters.policy, ROOT)
    print(self_check_report(parameters, quiet=options.quiet))
    return 0


def self_check_report(parameters: SelfCheck, *, quiet: bool) -> Path:
    """The notebook run and the report made of it; the path of report.html."""
    return _published("county_self_check", "self_check.ipynb", parameters, _title(parameters), quiet=quiet)


def _published(
    programme: str,
    name: str,
    parameters: SelfCheck | ReCheck | Trend,
    title: str,
    *,
    quiet: bool,
    report: str = "report.html",
) -> Path:
    from auditlib.base.files import together
    from auditlib.page.notebook_runs import Progress, Stopped, execute

    folder, progress = parameters.output_dir, Progress(quiet)
    try:
        with progress.finishing(), together(folder, "report") as into:
            notebook = into / name
            progress.step(START)
            # What makes the report is imported while the kernel works, not after it.
            page = threading.Thread(target=_get_ready, daemon=True)
            atexit.register(end_at_once)
            execute(programme, notebook, parameters.as_json(), progress, meanwhile=page.start)
            progress.step(REPORT)
            _report(notebook, into / report, parameters.language, title)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        raise SystemExit(1) from None
    return folder / report


def _re_check(options: argparse.Namespace, file: Path | None = None) -> int:
    from auditlib.city.parameters import read_recheck

    chosen = {"language": options.language, "output_dir": options.output}
    parameters = read_recheck(file or options.parameters, **chosen)
    _check_engine(options.engine)
    print(re_check_report(parameters, quiet=options.quiet))
    return 0


def re_check_report(parameters: ReCheck, *, quiet: bool) -> Path:
    """The notebook run and the report made of it; the path of report.html."""
    term = _term_words(parameters.term)
    title = RECHECK_TITLE.fill(city=parameters.city_name, term=term).into(parameters.language)
    return _published("city_recheck", "recheck.ipynb", parameters, title, quiet=quiet)


def _trend(options: argparse.Namespace, file: Path | None = None) -> int:
    from auditlib.trend.parameters import read_trend
    from auditlib.trend.runs import open_runs

    chosen = {"language": options.language, "output_dir": options.output}
    parameters = read_trend(file or options.parameters, **chosen)
    _check_engine(options.engine)
    county = open_runs(parameters).county_name  # refused before a kernel starts
    title = TREND_TITLE.fill(county=county).into(parameters.language)
    print(
        _published("term_trend", "trend.ipynb", parameters, title, quiet=options.quiet, report="trend.html")
    )
    return 0


def end_at_once() -> None:
    """At the end of the process: looks not once more through all that was imported, which takes 0.4 s."""
    if "duckdb" not in sys.modules:  # it would complain of what is left of it
        gc.freeze()


def _get_ready() -> None:
    from auditlib.page import get_ready

    get_ready()


def _report(notebook: Path, report: Path, language: str, title: str) -> None:
    from auditlib.page import publish_notebook, render

    publish_notebook(notebook)
    render(notebook, report, language=language, title=title)


def _title(parameters: SelfCheck) -> str:
    term = _term_words(parameters.term)
    return REPORT_TITLE.fill(county=parameters.county_name, term=term).into(parameters.language)


def _term_words(written: str) -> Text:
    year, season = written.split("-")
    seasons = {"spring": Text("春", "spring"), "autumn": Text("秋", "autumn")}
    return TERM.fill(year=year, season=seasons[season])


def _demo(options: argparse.Namespace) -> int:
    from auditlib.base.places import ROOT, SAMPLES
    from samples.demonstration.handing_in import hand_in

    for file in [*sorted(PARAMS.glob("qinghe-*.yaml")), *(PARAMS / f"{name}.yaml" for name in NEIGHBOURS)]:
        _self_check(options, file)
    hand_in(ROOT / "runs", ROOT / "runs" / "9901-submitted", SAMPLES)
    return _re_check(options, PARAMS / "city-9901-2020-autumn.yaml")


def _ingest(options: argparse.Namespace) -> int:
    from auditlib.county.ingest_only import write_ingest

    say = (lambda _: None) if options.quiet else print
    print(write_ingest(_parameters(options), say))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from auditlib.package.verify import verify

    parameters = _parameters(options, options.params) if options.params else None
    found = verify(options.package, key=options.key, parameters=parameters, rerun=_results)
    for line in found.lines(options.language or "zh"):
        print(line)
    return 0 if found.holds else 1


def _results(parameters: SelfCheck) -> Results:
    from auditlib.county.self_check import run_self_check

    return run_self_check(parameters)[1]


def _policy(options: argparse.Namespace) -> int:
    from auditlib.base.places import ROOT
    from auditlib.law.policy import in_force, read_policy

    parameters = _parameters(options)
    rows = in_force(read_policy(parameters.policy, ROOT), parameters.term)
    for line in policy_lines(rows.to_dict("records"), parameters.language):
        print(line)
    return 0


def policy_lines(rows: list[dict[str, Any]], language: str) -> list[str]:
    """One line a standard: scheme, stage, category, yuan a term, since when; then the references of each scheme."""
    from auditlib.tables.wording import word

    lines: list[str] = []
    references: dict[str, None] = {}
    for row in rows:
        amount = _amount(row)
        cells = [
            row[f"scheme_title_{language}"],
            word(row["stage"], language),
            word(row["category"] or "*", language),
        ]
        lines.append("\t".join([*cells, amount, row["since"].isoformat()]))
        references[row["policy_ref"]] = None
    return [*lines, "", *references]


def _amount(row: dict[str, Any]) -> str:
    if row["minimum"] == row["maximum"] and row["minimum"] is not None:
        return str(row["minimum"])
    parts = [
        f"{name} {row[key]}"
        for name, key in (("≥", "minimum"), ("≤", "maximum"), ("⌀", "average"))
        if row[key] is not None
    ]
    return " ".join(parts)


def _rules(options: argparse.Namespace) -> int:
    from auditlib.rules import RULES, Rule
    from auditlib.rules.city import RECHECK_RULES, RecheckRule

    language = options.language or "zh"
    rules: list[Rule | RecheckRule] = [*RULES.values(), *RECHECK_RULES.values()]
    for rule in rules:
        print(f"{rule.id}\t{rule.title.into(language)}\t{rule.severity}\t{rule.criterion.into(language)}")
    return 0


def _lab(options: argparse.Namespace) -> int:
    from auditlib.workbench.serve import serve_lab

    serve_lab(options.runs or options.output, options.language, browser=not options.no_browser)
    return 0


def _app(options: argparse.Namespace) -> int:
    from auditlib.workbench.serve import serve_app

    serve_app(options.runs or options.output, options.language, browser=not options.no_browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
