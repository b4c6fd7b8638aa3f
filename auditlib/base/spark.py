"""A session of Spark: found or begun, with words for what is missing; and the work that is done on it.

Nothing here names a machine. The master, its address and every size are the cluster's configuration: what ``spark-submit``,
``spark-defaults.conf`` or the environment say. Where nobody configured anything Spark starts on this computer, talking to
itself alone (loopback).

Ibis asks Spark in Spark's own SQL. What that answers otherwise than DuckDB is kept out here: the session's time zone is UTC,
ANSI rules hold (a cast that fails is an error, not NULL), tables are views of Arrow rows with the declared types.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.workers import Answer, RowsOf, Task, in_threads

SPARK_VARIABLES = (
    "PYSPARK_GATEWAY_PORT",
    "SPARK_REMOTE",
    "SPARK_HOME",
    "SPARK_CONF_DIR",
    "MASTER",
    "PYSPARK_SUBMIT_ARGS",
)
"""Environment by which Spark is told where it runs; where one of them is set nothing is added to its configuration."""
OLDEST_JAVA, STDERR = 17, 2
OWN_SESSION = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # what goes wrong is told in words, by whoever asked
    "spark.driver.host": "localhost",
    "spark.driver.bindAddress": "localhost",
    "spark.sql.shuffle.partitions": "4",
}
"""For this computer alone."""
EVERY_SESSION = {
    "spark.app.name": "auditlib",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
}
VERSION = re.compile(r'version "(\d+)')
SPARK = Text("--engine spark", "--engine spark")
NO_PYSPARK = Problem(
    Text("没有安装 Spark", "Spark is not installed"),
    SPARK,
    Text(
        "在程序文件夹运行 make spark（没有 make 的：pip install --require-hashes -r requirements-spark.lock，另装 Java 17 以上）；或写 --engine duckdb",
        "in the program's folder run make spark (without make: pip install --require-hashes -r requirements-spark.lock, and Java 17 or newer); or write --engine duckdb",
    ),
)
GET_JAVA = Text(
    "安装 Java 17 以上的运行环境：make spark 会说明；Debian、Ubuntu 为 apt-get install openjdk-17-jre-headless",
    "install a Java runtime, 17 or newer: make spark says how; on Debian and Ubuntu apt-get install openjdk-17-jre-headless",
)
NO_JAVA = Problem(
    Text("没有找到 Java，Spark 无法启动", "there is no Java, and Spark cannot start without"), SPARK, GET_JAVA
)
BAD_HOME = (
    Text("JAVA_HOME 所指的文件夹里没有 Java", "JAVA_HOME names a folder that holds no Java"),
    Text("改正或去掉环境变量 JAVA_HOME", "correct the environment variable JAVA_HOME, or unset it"),
)
OLD_JAVA = Text(
    "Java 版本太旧（{found}），Spark 需要 17 以上",
    "this Java is too old ({found}): Spark asks for 17 or newer",
)
NOT_UP = (
    Text("Spark 没有启动起来（{kind}）", "Spark did not start ({kind})"),
    Text("Spark 会话", "the session of Spark"),
    Text(
        "检查 Spark 的配置（spark-submit 的参数、SPARK_CONF_DIR）、集群是否在运行、内存是否足够；Spark 说：{last}",
        "check Spark's configuration (what spark-submit is given, SPARK_CONF_DIR), whether the cluster is up, and memory; Spark says: {last}",
    ),
)
LAST_WORDS = 300  # characters


def spark_workers(language: str) -> SparkWorkers:
    """The cluster that is configured, else this computer by Spark. Raises UsageError where Spark or Java is missing."""
    if find_spec("pyspark") is None:
        raise UsageError(NO_PYSPARK, language)
    is_own = not any(map(os.environ.get, SPARK_VARIABLES))
    if "PYSPARK_GATEWAY_PORT" not in os.environ and "SPARK_REMOTE" not in os.environ:
        refuse_bad_java(language)
    return SparkWorkers(_session(is_own, language))


def refuse_bad_java(language: str) -> None:
    """Raises UsageError where there is no Java, JAVA_HOME is wrong, or Java is older than Spark asks for."""
    home = os.environ.get("JAVA_HOME", "")
    java = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if java is None and home:
        raise UsageError(Problem(BAD_HOME[0], Text(home, home), BAD_HOME[1]), language)
    if java is None:
        raise UsageError(NO_JAVA, language)
    release = java_release(java)
    if release is not None and release < OLDEST_JAVA:
        what = OLD_JAVA.fill(found=release)
        raise UsageError(Problem(what, Text(java, java), GET_JAVA), language)


def java_release(java: str) -> int | None:
    """The release of ``java`` (8, 17, 21 …); None where it does not tell."""
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = VERSION.search(answer.stderr + answer.stdout)
    if match is None:
        return None
    return 8 if match.group(1) == "1" else int(match.group(1))  # "1.8.0" is how 8 calls itself


def _session(is_own: bool, language: str) -> Any:
    from pyspark.sql import SparkSession

    if is_own:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the one that has this program
    builder = SparkSession.builder
    for name, value in (EVERY_SESSION | (OWN_SESSION if is_own else {})).items():
        builder = builder.config(name, value)
    with _own_log(is_own) as log:
        try:
            return builder.getOrCreate()
        except Exception as error:  # the gateway, the master and the configuration each raise their own
            reason = NOT_UP[0].fill(kind=type(error).__name__)
            remedy = NOT_UP[2].fill(last=_last_line(log) or _last_line_of(str(error)))
            raise UsageError(Problem(reason, NOT_UP[1], remedy), language) from error


@contextmanager
def _own_log(is_own: bool) -> Iterator[IO[bytes] | None]:
    """What the Java of a session of our own says, from its start to its end, goes into a file and not over the terminal."""
    if not is_own:
        yield None
        return
    with tempfile.TemporaryFile() as log:
        terminal = os.dup(STDERR)
        os.dup2(log.fileno(), STDERR)  # Java takes over what is open when it starts
        try:
            yield log
        finally:
            os.dup2(terminal, STDERR)
            os.close(terminal)


def _last_line(log: IO[bytes] | None) -> str:
    if log is None:
        return ""
    log.seek(0)
    return _last_line_of(log.read().decode("utf-8", "replace"))


def _last_line_of(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:LAST_WORDS] if lines else "—"


@dataclass(frozen=True)
class SparkWorkers:
    """The hands of a cluster (:class:`auditlib.base.workers.Workers`)."""

    session: Any
    views: dict[str, Any] = field(default_factory=dict)

    @property
    def side_by_side(self) -> int:
        """As many tasks as the cluster has processors; 2 where it does not tell."""
        with suppress(Exception):  # Spark Connect has no context
            return max(1, int(self.session.sparkContext.defaultParallelism))
        return 2

    def answers(self, task: Task, questions: Sequence[str], at_once: int = 0) -> Iterator[tuple[int, Answer]]:
        """Each question is a job of its own: one that Spark gives up takes no other with it."""
        return in_threads(partial(self._answer, task), questions, at_once or self.side_by_side)

    def _answer(self, task: Task, question: str) -> str:
        asked_once = self.session.createDataFrame([(question,)], "question string").coalesce(1)
        [row] = asked_once.mapInArrow(in_batches(task), "answer string").collect()
        return str(row[0])

    def table(self, name: str, rows: RowsOf, questions: Sequence[str], schema: dict[str, str]) -> ir.Table:
        """The rows are read where the questions are answered, kept there, and never gathered here."""
        from ibis.backends.pyspark.datatypes import PySparkSchema

        question_table = self.session.createDataFrame(
            [(question,) for question in questions], "question string"
        )
        spread = question_table.repartition(max(1, min(len(questions), 4 * self.side_by_side)))
        read = spread.mapInArrow(
            rows_in_batches(rows), PySparkSchema.from_ibis(ibis.schema(schema))
        ).persist()
        read.createOrReplaceTempView(name)
        self.views[name] = read
        return self._ibis().table(name)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The answer as Arrow with the declared types, whatever Spark infers; Ibis' own way goes through frames."""
        answer = self.session.sql(self._ibis().compile(expression)).toArrow()
        return answer.cast(expression.schema().to_pyarrow())

    def _ibis(self) -> Any:
        ibis.options.sql.fuse_selects = False
        return ibis.pyspark.connect(self.session)

    def close(self) -> None:
        """Lets go of the kept rows, and ends the session: what was broken off goes on nowhere."""
        for view in self.views.values():
            with suppress(Exception):  # the cluster may have gone
                view.unpersist()
        with suppress(Exception):
            self.session.stop()


def in_batches(task: Task) -> Any:
    """``task`` as Spark calls it: Arrow batches of questions to batches of answers."""

    def answer_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            answers = [task(question) for question in batch.column(0).to_pylist()]
            yield pa.RecordBatch.from_arrays([pa.array(answers, pa.string())], ["answer"])

    return answer_batches


def rows_in_batches(rows: RowsOf) -> Any:
    """``rows`` as Spark calls it: Arrow batches of questions to batches of their rows."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for question in batch.column(0).to_pylist():
                yield from rows(question).to_batches(max_chunksize=100_000)

    return read
