"""What is wrong with what the parameters say of files and columns, and with the list of headers."""

from __future__ import annotations

from collections.abc import Iterable

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.messages.problems import masked, parameter, problem_of, series
from auditlib.tables.delivered import Table


def unknown_table(key: str, table: str, tables: Iterable[str]) -> Problem:
    return problem_of(
        (f"没有名为“{masked(table)}”的表", f"There is no table “{masked(table)}”"),
        parameter(key),
        (f"可用的表：{series(tables)}", f"Tables: {series(tables, 'en')}"),
    )


def unknown_column(where: Text, table: Table, column: str) -> Problem:
    return problem_of(
        (
            f"表 {table.name}（{table.title.zh}）没有列“{masked(column)}”",
            f"Table {table.name} has no column “{masked(column)}”",
        ),
        where,
        (f"可用的列：{series(table.by_name)}", f"Columns: {series(table.by_name, 'en')}"),
    )


def unknown_constant(table: Table, column: str) -> Problem:
    return unknown_column(parameter(f"sources.{table.name}"), table, column)


def unknown_constant_value(table: Table, column: str, value: str, codes: Iterable[str]) -> Problem:
    return problem_of(
        (
            f"“{table.by_name[column].title.zh}”有不认识的值“{masked(value)}”",
            f"Unknown value “{masked(value)}” of {column}",
        ),
        parameter(f"sources.{table.name} › {column}"),
        (f"写其中之一：{series(codes)}", f"Write one of: {series(codes, 'en')}"),
    )


def unknown_header_column(table: Table, column: str) -> Problem:
    return unknown_column(parameter(f"columns.{table.name}"), table, column)


def bad_source(table: str) -> Problem:
    return problem_of(
        ("数据来源写法不对", "A source is written wrongly"),
        parameter(f"sources.{table}"),
        (
            '写成列表，每项为文件名模式，如 "发放*.xlsx"，或 {files: "低保*.csv", category: low_income}',
            'Write a list of patterns: "pay*.xlsx" or {files: "low*.csv", category: low_income}',
        ),
    )


def spellings_row(number: int, detail: str) -> Problem:
    return problem_of(
        (
            f"表头对照表第 {number} 行无法使用：{masked(detail)}",
            f"Row {number} of the header list is unusable: {masked(detail)}",
        ),
        Text(f"params/headers.csv › 第 {number} 行", f"params/headers.csv › row {number}"),
        (
            "每行写 table,column,header,coding，表名和列名须存在",
            "Write table,column,header,coding with an existing table and column",
        ),
    )
