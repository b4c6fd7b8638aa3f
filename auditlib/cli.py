"""The commands (contract 1). Exit status: 0 done, 1 the input cannot be audited, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from auditlib.base.console import misspelt, never_fail
from auditlib.base.errors import AuditError, Problem, UsageError
from auditlib.base.faults import fault, in_words
from auditlib.base.language import Text
from auditlib.base.places import choose_folder
from auditlib.base.run_folder import OF_RECHECK, OF_SELF_CHECK, OF_TREND, number_of
from auditlib.law.parameters import SelfCheck, read_self_check
from auditlib.terminal.arguments import Command, a_commitment, a_folder, a_look, a_package, parser

if TYPE_CHECKING:  # frames and engine take most of a second to import: not before they are needed
    from auditlib.city.parameters import ReCheck
    from auditlib.findings.results import Results
    from auditlib.trend.parameters import Trend

NEIGHBOURS = ("baishi-2020-autumn", "yunxi-2020-autumn")
REPORT_TITLE = Text(
    "{county} {term}学生资助县级自查报告", "{county}, {term}: county self-check of student aid"
)
RECHECK_TITLE = Text("{city} {term}学生资助市级复查报告", "{city}, {term}: city re-check of student aid")
REPORT = "报告 · Report"
INTERRUPTED_PROBLEM = Problem(
    Text("运行已中断", "the run was interrupted"),
    Text("本次运行", "this run"),
    Text(
        "需要时再运行一次；输出文件夹里的文件是完整的，全是上次的或全是这次的",
        "run it again when you want; the files in the output folder are whole: all of the last run, or all of this one",
    ),
)
TERM = Text("{year} 年{season}季学期", "{season} {year}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every problem a user can cause ends as a message, never a traceback."""
    never_fail()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if (unknown := misspelt(words, COMMANDS)) is not None:
        print(unknown.into("zh"), unknown.into("en"), sep="\n\n", file=sys.stderr)
        return 2
    options = parser(COMMANDS).parse_args(words)
    if not COMMANDS[options.command].served:
        _hear_the_terminal()
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
    except BrokenPipeError:  # the reader of the list has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(INTERRUPTED_PROBLEM.into(options.language or "zh"), file=sys.stderr)
        return 130
    except Exception as error:
        problem = fault(error)
        if problem is None:
            raise
        print(problem.into(options.language or "zh"), file=sys.stderr)
        return 1


def run() -> NoReturn:
    """The command as a process of its own, which ends once its answer is out.

    Nothing is taken apart at the end: engines and kernels have threads that must not meet an interpreter that is being
    taken down, and looking once more through all that was imported takes half a second.
    """
    try:
        status = main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(status)


def _hear_the_terminal() -> None:
    """A terminal that is closed, or a system that stops us, is Ctrl-C: what was begun is given up in order."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one on purpose
            signal.signal(number, signal.default_int_handler)


def _run(options: argparse.Namespace) -> int:
    choose_folder(getattr(options, "parameters", None) or getattr(options, "params", None))
    return COMMANDS[options.command].run(options)


def _parameters(options: argparse.Namespace, file: Path | None = None) -> SelfCheck:
    read = read_self_check(file or options.parameters, language=options.language, output_dir=options.output)
    _check_engine(options.engine)
    return read


def _check_engine(engine: str | None) -> None:
    if engine == "spark":
        raise UsageError(
            Problem(
                Text("这个命令不在 Spark 上运行", "this command does not run on Spark"),
                Text("--engine", "--engine"),
                Text(
                    "Spark 用于 self-check 和 province；这里去掉 --engine，或写 duckdb",
                    "Spark is for self-check and province; leave --engine out here, or write duckdb",
                ),
            )
        )


def _self_check(options: argparse.Namespace) -> int:
    if options.engine != "spark":
        return _self_checked(_parameters(options), options)
    from auditlib.terminal.counties import county_by_spark

    overrides = {"language": options.language, "output_dir": options.output}
    return county_by_spark(read_self_check(options.parameters, **overrides), options)


def _province(options: argparse.Namespace) -> int:
    from auditlib.terminal.counties import province

    return province(options)


def _self_checked(parameters: SelfCheck, options: argparse.Namespace) -> int:
    from auditlib.base.places import ROOT
    from auditlib.law.parameters import refuse_missing_previous
    from auditlib.law.policy import read_policy

    refuse_missing_previous(parameters)  # before a kernel starts
    if parameters.hand_in == "tokens":
        from auditlib.package.keys import refuse_missing_key

        refuse_missing_key(parameters.hand_in, parameters.language)
    read_policy(parameters.policy, ROOT)
    print(self_check_report(parameters, quiet=options.quiet))
    return 0


def self_check_report(parameters: SelfCheck, *, quiet: bool) -> Path:
    """The notebook run and the report made of it; the path of report.html."""
    from auditlib.decisions.decision_ledger import carry_over

    title = _title(parameters)
    report = _publish("county_self_check", OF_SELF_CHECK, parameters, title, quiet=quiet)
    # Appended, not put in its place: somebody may have decided while the other files were made.
    carry_over(parameters.previous, parameters.output_dir)
    return report


def _publish(
    programme: str,
    pages: tuple[str, str],
    parameters: SelfCheck | ReCheck | Trend,
    title: str,
    *,
    quiet: bool,
) -> Path:
    """The programme's notebook run and the page made of it, all files in their place; the path of the page."""
    from auditlib.base.files import complete_switch, together
    from auditlib.base.run_folder import own_forms, time_of_answer
    from auditlib.base.spilled import remove_spilled
    from auditlib.page.notebook_runs import START, Progress, Stopped, execute
    from auditlib.terminal.closing import closing

    folder, language, progress = parameters.output_dir, parameters.language, Progress(quiet)
    (report, notebook), answer_before = pages, time_of_answer(folder)
    try:
        with progress.finishing(), in_words(language):
            complete_switch(folder, language)
            with together(folder, own=own_forms(folder), language=language) as into:
                progress.step(START)
                # What makes the report is imported while the kernel works, not after it.
                page = threading.Thread(target=_get_ready, daemon=True)
                execute(programme, into / notebook, parameters.as_json(), progress, meanwhile=page.start)
                progress.step(REPORT)
                _report(into / notebook, into / report, language, title)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        remove_spilled(getattr(parameters, "spill_dir", None))
    if not quiet:
        print("\n".join(closing(programme, folder, language, answer_before)))
    return folder / report


def _re_check(options: argparse.Namespace) -> int:
    from auditlib.city.parameters import read_recheck

    overrides = {"language": options.language, "output_dir": options.output}
    parameters = read_recheck(options.parameters, before_the_draw=options.commit, **overrides)
    _check_engine(options.engine)
    if options.commit or not (options.quiet or parameters.field_results):
        from auditlib.city.before_the_draw import commit_lines, need_lines

        print("\n".join((commit_lines if options.commit else need_lines)(parameters)), flush=True)
    if not options.commit:
        print(re_check_report(parameters, quiet=options.quiet))
    return 0


def re_check_report(parameters: ReCheck, *, quiet: bool) -> Path:
    """The notebook run and the report made of it; the path of report.html."""
    term = _term_words(parameters.term)
    title = RECHECK_TITLE.fill(city=parameters.city_name, term=term).into(parameters.language)
    return _publish("city_recheck", OF_RECHECK, parameters, title, quiet=quiet)


def _trend(options: argparse.Namespace, file: Path | None = None) -> int:
    from auditlib.trend.parameters import read_trend
    from auditlib.trend.runs import open_runs
    from auditlib.trend.wording import TITLE

    overrides = {"language": options.language, "output_dir": options.output}
    parameters = read_trend(file or options.parameters, **overrides)
    _check_engine(options.engine)
    county = open_runs(parameters).county_name  # refused before a kernel starts
    title = TITLE.fill(county=county).into(parameters.language)
    print(_publish("term_trend", OF_TREND, parameters, title, quiet=options.quiet))
    return 0


def _get_ready() -> None:
    from auditlib.page import get_ready

    get_ready()


def _report(notebook: Path, report: Path, language: str, title: str) -> None:
    from auditlib.page import publish_notebook, render

    publish_notebook(notebook, run := number_of(report.parent))
    render(notebook, report, language=language, title=title, run=run, internal=True)


def _title(parameters: SelfCheck) -> str:
    term = _term_words(parameters.term)
    return REPORT_TITLE.fill(county=parameters.county_name, term=term).into(parameters.language)


def _term_words(term: str) -> Text:
    year, season = term.split("-")
    seasons = {"spring": Text("春", "spring"), "autumn": Text("秋", "autumn")}
    return TERM.fill(year=year, season=seasons[season])


def _demo(options: argparse.Namespace) -> int:
    from auditlib.base.places import FOLDER_VARIABLE, ROOT, SAMPLES
    from auditlib.terminal.demonstration import city_in, in_time, refuse_without_samples

    refuse_without_samples(options.language or "zh")
    from samples.demonstration.handing_in import hand_in

    os.environ[FOLDER_VARIABLE] = ""  # the samples go with the program's own lists, wherever one stands
    runs = options.output.resolve() if options.output else ROOT / "runs"
    _check_engine(options.engine)
    counties = in_time(NEIGHBOURS, runs, options.language)
    for county in counties:
        _self_checked(county, options)
    hand_in(runs, runs / "9901-submitted", SAMPLES)
    print(re_check_report(city_in(runs, counties, options.language), quiet=options.quiet))
    return 0


def _ingest(options: argparse.Namespace) -> int:
    from auditlib.county.ingest_only import write_ingest
    from auditlib.page.notebook_runs import Progress
    from auditlib.terminal.printed import printable_json

    parameters, progress = _parameters(options), Progress(options.quiet)
    file = parameters.output_dir / "ingest.json"
    try:
        with progress.finishing(), in_words(parameters.language):
            say = (lambda _: None) if options.json else progress.account
            write_ingest(parameters, say, progress.step, rows=options.rows)
    finally:
        if options.json and file.is_file():
            print(printable_json(file.read_text("utf-8")), end="")
    if not options.json:
        print(file)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from auditlib.package.verify import verify
    from auditlib.terminal.printed import json_text, verification

    parameters = _parameters(options, options.params) if options.params else None
    answer = verify(options.package, key=options.key, parameters=parameters, rerun=_results)
    language = options.language or "zh"
    for line in [json_text(verification(answer, language))] if options.json else answer.lines(language):
        print(line)
    return 0 if answer.holds else 1


def _results(parameters: SelfCheck) -> Results:
    from auditlib.county.self_check import run_self_check

    return run_self_check(parameters)[1]


def _policy(options: argparse.Namespace) -> int:
    from auditlib.base.places import ROOT
    from auditlib.law.policy import in_force, read_policy
    from auditlib.terminal.printed import json_text, plain_rows, policy_lines

    parameters = _parameters(options)
    standards = in_force(read_policy(parameters.policy, ROOT), parameters.term)
    rows, about = plain_rows(standards.to_dict("records")), _about(parameters)
    for line in [json_text(rows)] if options.json else policy_lines(rows, parameters.language, **about):
        print(line)
    return 0


def _about(parameters: SelfCheck) -> dict[str, str]:
    term = _term_words(parameters.term).into(parameters.language)
    return {"county": parameters.county_name, "term": term}


def _rules(options: argparse.Namespace) -> int:
    from auditlib.terminal.printed import catalogue, json_text

    rules = catalogue(options.language or "zh")
    for line in [json_text(rules)] if options.json else ["\t".join(rule.values()) for rule in rules]:
        print(line)
    return 0


def _init(options: argparse.Namespace) -> int:
    from auditlib.county.own_folder import next_steps, write_folder

    language = options.language or "zh"
    write_folder(options.folder, language)
    if not options.quiet:
        print("\n".join(next_steps(options.folder, language)))
    return 0


def _lab(options: argparse.Namespace) -> int:
    from auditlib.workbench.serve import serve_lab

    serve_lab(options.runs or options.output, options.language, browser=not options.no_browser)
    return 0


def _app(options: argparse.Namespace) -> int:
    from auditlib.workbench.serve import serve_app

    serve_app(options.runs or options.output, options.language, browser=not options.no_browser)
    return 0


SPARK_OR_NOT = "duckdb（默认）；spark：由 Spark 的一个任务完成，结果相同 · duckdb (default); spark: done by a task of Spark, the same files"
SPARK_FIRST = "spark（默认）：每县一个任务；duckdb：本机逐县，不用 Spark · spark (default): a task a county; duckdb: on this computer, without"
COMMANDS = {
    "demo": Command(_demo, Text("在样例数据上走完全程", "the whole chain on data_samples")),
    "self-check": Command(_self_check, Text("一个县的自查", "one county's self-check"), parameters=True, engine=SPARK_OR_NOT),
    "re-check": Command(_re_check, Text("一个市对各县的复查", "the city's re-check of its counties"), parameters=True, more=a_commitment),
    "province": Command(_province, Text("一个省的各县，逐县自查并跨县比对", "all counties of a province, and persons across them"), parameters=True, engine=SPARK_FIRST),
    "trend": Command(_trend, Text("一个县各学期的对比与台账", "one county term to term: rates, precision, roll-ups"), parameters=True),
    "ingest": Command(_ingest, Text("只读入并检查文件", "read and check the input files only"), parameters=True, as_json=True, more=a_look),
    "verify": Command(_verify, Text("核验县级报送包", "is a county's package whole and unaltered?"), as_json=True, more=a_package),
    "policy": Command(_policy, Text("列出当期有效的标准", "the standards in force"), parameters=True, as_json=True),
    "rules": Command(_rules, Text("列出规则", "the rule catalogue"), as_json=True),
    "init": Command(_init, Text("建立可编辑的工作文件夹", "an editable folder: params, templates, a sample"), more=a_folder),
    "lab": Command(_lab, Text("打开工作台（JupyterLab）", "the workbench in JupyterLab"), served=True),
    "app": Command(_app, Text("打开工作台（不显示代码）", "the workbench without code"), served=True),
}  # fmt: skip


if __name__ == "__main__":
    run()
