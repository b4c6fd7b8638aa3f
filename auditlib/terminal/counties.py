"""Counties as tasks: the commands ``province`` and ``self-check --engine spark``, and what they say while they run."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditlib.base.language import Text

if TYPE_CHECKING:  # frames and engine take most of a second to import: not before they are needed
    from auditlib.base.workers import Workers
    from auditlib.law.parameters import SelfCheck
    from auditlib.province.county_task import CountyOutcome
    from auditlib.province.programme import ProvinceResults

COUNTY_DONE = Text(
    "{name}（{code}）完成，{seconds} 秒（{n}/{all}）", "{name} ({code}) done, {seconds} s ({n}/{all})"
)
COUNTY_FAILED = Text("{name}（{code}）没有完成（{n}/{all}）", "{name} ({code}) not done ({n}/{all})")
OF_COUNTY = Text("{name}（{code}）：", "{name} ({code}):")
BEGIN = Text("{n} 个县，{at_once} 个同时进行（{place}）", "{n} counties, {at_once} at once ({place})")
ON_SPARK, HERE = Text("Spark", "Spark"), Text("本机，不用 Spark", "this computer, without Spark")
APART = Text(
    "有数字不相符，见页末“数字相符”；请告诉程序的维护者",
    "some counts do not agree: see “Counts that must agree” on the page, and tell the program's maintainers",
)
PLACE = Text("结果在：{folder}", "everything lies in: {folder}")
NEXT = Text(
    "下一步：打开页面；没有完成的县按所列原因改正后再运行一次；跨县的人在 across.xlsx 核实（未遮盖，仅供经授权的人员）",
    "next: open the page; put right what the counties not done name and run again; look into across.xlsx (in full, for the authorised)",
)


@dataclass(frozen=True)
class Told:
    """Says of each county when it is done; why one failed, at once."""

    language: str
    quiet: bool

    def __call__(self, outcome: CountyOutcome, n: int, all_of_them: int) -> None:
        """A line on stderr; of a failure all that is known, whether quiet or not."""
        words = {"name": outcome.county_name, "code": outcome.county_code, "n": n, "all": all_of_them}
        if outcome.message:
            lines = [COUNTY_FAILED.fill(**words).into(self.language), outcome.message]
        else:
            lines = [COUNTY_DONE.fill(seconds=outcome.seconds, **words).into(self.language)]
        if outcome.message or not self.quiet:
            print("\n".join(lines), file=sys.stderr, flush=True)


def county_by_spark(parameters: SelfCheck, options: argparse.Namespace) -> int:
    """The self-check as one task of Spark: the same files; the status that the county's run ends with."""
    from auditlib.base.spark import spark_workers
    from auditlib.province.programme import run_county
    from auditlib.terminal.closing import closing as last_words

    language = parameters.language
    with closing(spark_workers(language)) as workers:
        outcome = run_county(parameters, options.parameters, workers)
    if outcome.message:
        name = OF_COUNTY.fill(name=outcome.county_name, code=outcome.county_code)
        print(name.into(language), outcome.message, sep="\n", file=sys.stderr)
        return outcome.status
    if not options.quiet:
        print("\n".join(last_words("county_self_check", parameters.output_dir, language)))
    print(parameters.output_dir / "report.html")
    return 0


def province(options: argparse.Namespace) -> int:
    """All counties of a province, side by side: 1 where one of them failed or counts do not agree."""
    from auditlib.province.outputs import write_province
    from auditlib.province.parameters import read_province
    from auditlib.province.programme import run_province

    overrides = {"language": options.language, "output_dir": options.output}
    run = read_province(options.parameters, **overrides)
    with closing(_workers(options, run.language)) as workers:
        _begin(len(run.county_params), run.side_by_side or workers.side_by_side, options, run.language)
        results = run_province(run, workers, Told(run.language, options.quiet))
    page = write_province(results)
    return _end(results, page, quiet=options.quiet)


def _workers(options: argparse.Namespace, language: str) -> Workers:
    if options.engine == "duckdb":
        from auditlib.base.workers import Here

        return Here(side_by_side=max(1, (os.cpu_count() or 1) // 2))
    from auditlib.base.spark import spark_workers

    return spark_workers(language)


def _begin(counties: int, at_once: int, options: argparse.Namespace, language: str) -> None:
    place = HERE if options.engine == "duckdb" else ON_SPARK
    if not options.quiet:
        print(
            BEGIN.fill(n=counties, at_once=at_once, place=place).into(language), file=sys.stderr, flush=True
        )


def _end(results: ProvinceResults, page: Path, *, quiet: bool) -> int:
    from auditlib.province.page import headline
    from auditlib.province.tie_out import tie_out

    language = results.run.language
    agree = all(line.agrees for line in tie_out(results))
    texts = [*headline(results), *([] if agree else [APART]), PLACE.fill(folder=page.parent), NEXT]
    if not quiet:
        print("\n".join(text.into(language) for text in texts))
    print(page)
    return 0 if agree and not results.failures else 1
