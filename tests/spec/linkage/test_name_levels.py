"""How alike two names are is told by their characters, whatever number of bytes these take, on every engine."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot import expressions as exp

from auditlib.linkage.model.comparisons import BY_NAME, COMPARISONS
from auditlib.linkage.model.names import NAME_TYPES, spell

CONDITIONS = [
    pytest.param(level.condition, id=f"{comparison.name}:{level.name}")
    for comparison in COMPARISONS
    for level in comparison.levels
    if level.condition != "ELSE"
]
# Of ASCII alone, so that bytes are characters; and functions that DuckDB and Spark have under one name.
ASCII = ("id_number", "id_kept", "student_no", "birth")
SHARED_FUNCTIONS = (
    exp.Length,
    exp.Substring,
    exp.Concat,
    exp.Coalesce,
    exp.Levenshtein,
    exp.Replace,
    exp.StrPosition,
)


def level(name_written: str, register_name: str) -> str:
    """The level of the comparison of names that the two reach."""
    whens = " ".join(
        f"WHEN {known_name.condition} THEN '{known_name.name}'"
        if known_name.condition != "ELSE"
        else f"ELSE '{known_name.name}'"
        for known_name in BY_NAME["name"].levels
    )
    name_cells = dict(
        zip(
            [f"{column}_{side}" for side in "lr" for column in NAME_TYPES],
            [*spell(name_written), *spell(register_name)],
            strict=True,
        )
    )
    columns = ", ".join(f"CAST(? AS VARCHAR) AS {column}" for column in name_cells)
    with duckdb.connect() as connection:
        (level_name,) = connection.execute(
            f"SELECT CASE {whens} END FROM (SELECT {columns})", [*name_cells.values()]
        ).fetchone() or ("",)
    return str(level_name)


@pytest.mark.parametrize(
    ("name_written", "register_name", "level_name"),
    [
        ("王小明", "王小明", "equal"),
        ("王小红", "王小明", "one_character"),
        ("王小一", "王小龘", "one_character"),
        ("王小𠮷", "王小明", "one_character"),
        ("王𠮷明", "王𡈽明", "one_character"),
        ("𠮷小红", "𠮷小明", "one_character"),
        ("欧阳小红", "欧阳小明", "one_character"),
        ("阿依古丽·买买提", "阿依古丽·买买江", "one_character"),
        ("王大红", "王小明", "surname"),
        ("王红", "王明", "surname"),
        ("李小明", "王小明", "given"),
        ("王小", "王小明", "character_missing"),
        ("王明", "王小明", "character_missing"),
        ("王小明", "王明", "character_missing"),
        ("王小", "王小𠮷", "character_missing"),
        ("欧阳明", "欧阳小明", "character_missing"),
        ("阿依古丽·买提", "阿依古丽·买买提", "character_missing"),
        ("王", "王明", "surname"),
        ("王", "王小明", "surname"),
        ("王小?", "王小明", "lost"),
        ("王□明", "王小明", "lost"),
        ("王小明", "王小□", "lost"),
        ("王小??", "王小𠮷", "lost"),
        ("王小?", "王大明", "surname"),
        ("王晓明", "王小明", "sound"),
        ("买买提依明", "买买提·依明", "variant"),
        ("赵大红", "王小明", "differs"),
    ],
)
def test_a_level_is_told_by_characters(name_written: str, register_name: str, level_name: str) -> None:
    assert level(name_written, register_name) == level_name


@pytest.mark.parametrize("condition", CONDITIONS)
def test_spark_reads_a_condition_as_duckdb_does(condition: str) -> None:
    """The same tree from both grammars, of functions that both have; bytes are counted of ASCII alone."""
    read = [sqlglot.parse_one(condition, read=dialect) for dialect in ("duckdb", "spark")]
    assert read[0].sql("spark") == read[1].sql("spark")
    functions = [
        node
        for node in read[1].find_all(exp.Func)
        if not isinstance(node, exp.Case | exp.If | exp.And | exp.Or)
    ]
    assert {type(node).__name__ for node in functions} <= {kind.__name__ for kind in SHARED_FUNCTIONS}
    level_counts = [
        column.name
        for node in functions
        if isinstance(node, exp.Levenshtein)
        for column in node.find_all(exp.Column)
    ]
    assert all(name.rpartition("_")[0] in ASCII for name in level_counts)
