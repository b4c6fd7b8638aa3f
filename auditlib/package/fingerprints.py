"""Row fingerprints: a keyed hash of every row of every standardised table, so that a later copy can be held against it.

- ``content`` covers the row's cells that say something, by name, as they were read and not as the file wrote them. Neither
  a column that nobody filled in nor the order of the columns changes it. A row's running number (``COUNT_COLUMNS``) is no
  part of it.
- ``subject`` covers the columns that say whose row it is.
- ``person`` is the same for one sound ID number in every table and county: the token by which counties can be compared
  without pooling their registers.

All are HMAC-SHA-256 (RFC 2104), cut to 128 bits: without the key nobody can try out ID numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Collection, Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow.parquet as pq
from ibis import _

from auditlib.base.engine import Engine, arrow_schema
from auditlib.package.earlier_columns import EARLIER
from auditlib.package.keys import FingerprintKey
from auditlib.package.seal import FORMAT
from auditlib.tables.delivered import BY_ANOTHER, OF_THE_RUN, TABLES, WHEN_EMPTY

BLOCK = 64
KEPT_LENGTH = 32  # hex digits: 128 bits
SUBJECT = ("name", "id_number", "student_no", "household_no", "scheme", "term", "category", "school_code")
COUNT_COLUMNS = (
    "payment_no",
    "batch_no",
)  # what a list counts its own rows and files by: another export counts anew
BY_NAME = 3  # the format from which on cells are hashed by name; before it, by their place among the declared columns
_FILLED_COLUMNS = (*WHEN_EMPTY, *OF_THE_RUN, *BY_ANOTHER)
FILLED_COLUMNS = {
    table: {column for of, column in _FILLED_COLUMNS if of == table} for table, _column in _FILLED_COLUMNS
}
COLUMNS = ("table", "source", "person", "subject", "content")
SCHEMA = dict.fromkeys(COLUMNS, "string")
PERSON = "person|"
REGISTER = "enrolment"  # who is in it is looked for among the tokens by the ID number
FORMAL = "^G[0-9]{17}[0-9X]$"  # a student number that is an ID number behind its letter
MOST_ROWS = 20_000_000


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def unhex(text: str) -> bytes: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def encode(text: str) -> bytes: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="||")  # type: ignore[untyped-decorator]
def together(first: bytes, second: bytes) -> bytes: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="sha256")  # type: ignore[untyped-decorator]
def sha256_of(content: bytes) -> str: ...  # type: ignore[empty-body]


def keyed_digest(text: ir.StringValue, key: FingerprintKey) -> ir.StringValue:
    """HMAC-SHA-256 of ``text`` (UTF-8) under ``key``, as lower-case hex."""
    secret = key.secret if len(key.secret) <= BLOCK else hashlib.sha256(key.secret).digest()
    block = secret.ljust(BLOCK, b"\0")
    inner, outer = (ibis.literal(bytes(b ^ pad for b in block)) for pad in (0x36, 0x5C))
    digest = sha256_of(together(inner, encode(text)))
    return sha256_of(together(outer, unhex(digest)))


def fingerprints(
    tables: Mapping[str, ir.Table],
    key: FingerprintKey,
    form: int = FORMAT,
    columns: Mapping[str, Collection[str]] | None = None,
) -> ir.Table:
    """``table, source, person, subject, content`` of every row of the standardised ``tables``.

    ``form``: the format of the package that they are held against. ``columns``: of each table those that the other side
    had; what it did not have makes no row another one, unless an empty cell of it says something (``FILLED_COLUMNS``). None: all.
    """
    return ibis.union(
        *(
            _of_table(name, tables[name], key, form, None if columns is None else columns.get(name, ()))
            for name in TABLES
            if name in tables and (form >= BY_NAME or name in EARLIER)  # others no earlier package can have
        ),
        distinct=False,
    )


def person_token(number: str, key: FingerprintKey) -> str:
    """The ``person`` of the rows that tell this sound ID number, of 18 digits."""
    return hmac.new(key.secret, f"{PERSON}{number}".encode(), hashlib.sha256).hexdigest()[:KEPT_LENGTH]


def _of_table(
    name: str, rows: ir.Table, key: FingerprintKey, form: int, columns_delivered: Collection[str] | None
) -> ir.Table:
    declared_columns = [column for column in TABLES[name].by_name if column in rows.columns]
    if form < BY_NAME:
        content = [column for column in EARLIER[name] if column in declared_columns]
        spell = _by_place
    else:
        delivered_columns = (
            {*declared_columns}
            if columns_delivered is None
            else {*columns_delivered} | FILLED_COLUMNS.get(name, set())
        )
        content = [
            column
            for column in declared_columns
            if column not in COUNT_COLUMNS and column in delivered_columns
        ]
        spell = _by_name
    subject = [column for column in SUBJECT if column in content] or content
    spelled_rows = rows.select(
        source=_.source,
        person_text=_person(rows, form >= BY_NAME and name != REGISTER),
        subject_text=spell(rows, f"subject|{name}|", subject),
        content_text=spell(rows, f"content|{name}|", [*content, "rejected"]),
    )
    return spelled_rows.select(
        table=ibis.literal(name),
        source=_.source,
        person=keyed_digest(spelled_rows.person_text, key).substr(0, KEPT_LENGTH),
        subject=keyed_digest(spelled_rows.subject_text, key).substr(0, KEPT_LENGTH),
        content=keyed_digest(spelled_rows.content_text, key).substr(0, KEPT_LENGTH),
    )


def _person(rows: ir.Table, by_student_no: bool) -> ir.StringValue:
    """Who a row is about: the sound ID number, else what stands in its place, else (``by_student_no``) the number inside a G
    student number, by which ledgers and rosters know a pupil; NULL where a row tells no number.

    Not the name: how often its hash stands there would give a common name away.
    """
    if "name" not in rows.columns:
        return ibis.null("string")
    number = rows.id18.coalesce(rows.id_number)
    if by_student_no and "student_no" in rows.columns:
        inside = ibis.ifelse(
            rows.student_no.re_search(FORMAL), rows.student_no.substr(1, 18), ibis.null("string")
        )
        number = number.coalesce(inside)
    return PERSON + number


def _by_name(rows: ir.Table, start: str, columns: list[str]) -> ir.StringValue:
    """The cells that say something in one text that no other cells can give: each with its name and its length."""
    text: ir.StringValue = ibis.literal(start)
    for column in sorted(columns):
        cell = rows[column].cast("string")
        text = text + (column + "=" + cell.length().cast("string") + ":" + cell + ",").fill_null("")
    return text


def _by_place(rows: ir.Table, start: str, columns: list[str]) -> ir.StringValue:
    """As formats 1 and 2 wrote it: every cell with its length, an empty one apart, in the order of the columns."""
    text: ir.StringValue = ibis.literal(start)
    for column in columns:
        cell = rows[column].cast("string")
        text = text + (cell.length().cast("string") + ":" + cell).fill_null("-") + ","
    return text


def as_parquet(engine: Engine, rows: ir.Table) -> bytes:
    """The fingerprints as Parquet, in order of table, content and place: the order of the files says nothing."""
    table = engine.connection.to_pyarrow(rows.order_by("table", "content", "source"))
    buffer = io.BytesIO()
    pq.write_table(table.cast(arrow_schema(SCHEMA)), buffer, compression="zstd")
    return buffer.getvalue()


def read(body: bytes) -> pd.DataFrame:
    """The fingerprints in ``body``. Raises ValueError where it holds anything else or far too much."""
    file = pq.ParquetFile(io.BytesIO(body))
    if file.schema_arrow != arrow_schema(SCHEMA) or file.metadata.num_rows > MOST_ROWS:
        raise ValueError("fingerprints")
    rows = file.read().to_pandas()
    required_columns = [column for column in COLUMNS if column != "person"]
    if rows[required_columns].isna().any(axis=None) or not set(rows["table"]) <= set(TABLES):
        raise ValueError("fingerprints")
    return rows
