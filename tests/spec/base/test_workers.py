"""Tasks side by side: each has its answer at its place, and one that fails stops no other."""

from __future__ import annotations

import pyarrow as pa

from auditlib.base.spark import in_batches, rows_in_batches
from auditlib.base.workers import Here

SCHEMA = {"word": "string", "length": "int64"}


def length(word: str) -> str:
    if word == "bad":
        raise ValueError(word)
    return str(len(word))


def measurements(word: str) -> pa.Table:
    return pa.table({"word": [word], "length": pa.array([len(word)], pa.int64())})


def test_every_task_is_answered_and_a_failure_is_the_answer_of_its_own() -> None:
    answers = dict(Here(side_by_side=2).answers(length, ["a", "bad", "ccc"]))
    assert isinstance(answers.pop(1), ValueError)
    assert answers == {0: "1", 2: "3"}


def test_rows_of_all_questions_are_one_table_and_of_none_an_empty_one() -> None:
    here = Here()
    assert here.fetch(here.table("words", measurements, ["a", "bb"], SCHEMA)).to_pylist() == [
        {"word": "a", "length": 1},
        {"word": "bb", "length": 2},
    ]
    assert here.fetch(here.table("none", measurements, [], SCHEMA)).num_rows == 0


def test_what_spark_calls_gives_the_same() -> None:
    questions = [pa.RecordBatch.from_pydict({"question": ["a", "bb"]})]
    [answers] = in_batches(length)(iter(questions))
    assert answers.to_pydict() == {"answer": ["1", "2"]}
    rows = pa.Table.from_batches(rows_in_batches(measurements)(iter(questions)))
    assert rows.column("length").to_pylist() == [1, 2]
