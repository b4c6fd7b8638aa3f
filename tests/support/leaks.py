"""What may not stand in anything masked: a person's name or number, and whatever either can be worked out from.

Whoever has the program knows its recipes: a digest without a key of a number, a finding's identity or a pair's content
is undone by trying all numbers. So each is made here, in the ways one would try, and looked for by its first digits.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

DIGESTS = ("md5", "sha1", "sha256", "sha512", "blake2b")
FIRST = 10  # digits of a digest: no false alarm in a megabyte of other digests
TABLES = ("enrolment", "eligibility", "payments")


def texts_in(content: bytes, name: str = "") -> Iterator[str]:
    """Everything that can be read in a file: of an archive (a workbook is one) its parts, names and their content."""
    yield name
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            yield from texts_in(parts.read(part), part)


def people(run: Path) -> list[tuple[str, str, str]]:
    """Name, ID number and student number of every row of the run's registers, each once; missing ones empty."""
    leaks_found: set[tuple[str, str, str]] = set()
    for table in TABLES:
        rows = duckdb.read_parquet(str(run / "tables" / f"{table}.parquet"))
        student = "student_no" if "student_no" in rows.columns else "NULL"
        query = f"SELECT coalesce(name, ''), coalesce(id_number, ''), coalesce({student}, '') FROM rows"
        leaks_found |= set(duckdb.sql(query).fetchall())
    return sorted(leaks_found)


def raw(run: Path) -> set[str]:
    """Names and numbers as they stand, and the ten digits of a number that a mask hides."""
    numbers = {number for _name, *both_parts in people(run) for number in both_parts if len(number) > 9}
    names = {name for name, *_rest in people(run) if len(name) > 1}
    return names | numbers | {re.sub("^[A-Z]", "", number)[6:16] for number in numbers if len(number) > 16}


def derived(run: Path) -> set[str]:
    """The beginnings of all digests without a key that somebody would try, in hex and base64."""
    known_texts = {part for person in people(run) for part in person if part} | set(subjects(run))
    return set(stored_keys(run)) | {sign for text in known_texts for sign in _signs(text)}


def stored_keys(run: Path) -> Iterator[str]:
    """The keys in the run's own tables: of findings, of pairs, of records."""
    for table, columns in (("subjects", ["finding_id"]), ("shares", ["pair"]), ("open_pairs", ["pair"])):
        rows = duckdb.read_parquet(str(run / "tables" / f"{table}.parquet"))
        for row in rows.project(", ".join(columns)).fetchall():
            yield from (str(cell)[:FIRST] for cell in row if cell)


def subjects(run: Path) -> Iterator[str]:
    """What a finding_id is a digest of, and parts of it."""
    parameters = duckdb.sql(f"SELECT parameters FROM read_json('{run / 'manifest.json'}')").fetchall()[0][0]
    rows = duckdb.read_parquet(str(run / "tables" / "subjects.parquet"))
    for rule, subject in rows.project("rule, subject").fetchall():
        yield f"{rule}|{parameters['county_code']}|{parameters['term']}|{subject}"
        yield str(subject)


def _signs(text: str) -> Iterator[str]:
    for digest in DIGESTS:
        digest_made = hashlib.new(digest, text.encode())
        yield digest_made.hexdigest()[:FIRST]
        yield base64.b64encode(digest_made.digest()).decode()[:FIRST]


def leaks(texts: Iterable[str], run: Path) -> set[str]:
    """Which of all that may not be there stands in ``texts``."""
    text = "\n".join(texts)
    return within(text, raw(run)) | within(text.replace("-", ""), derived(run))


def within(text: str, words: set[str]) -> set[str]:
    """Those of ``words`` that stand anywhere in ``text``, a digest's hex in either case."""
    leaks_found: set[str] = set()
    for length in {len(word) for word in words}:
        for spelling in (text, text.lower()):
            leaks_found |= words & {spelling[at : at + length] for at in range(len(spelling) - length + 1)}
    return leaks_found


def words_in(package: Path, words: set[str]) -> set[str]:
    """Which of ``words`` stand in a member of ``package``, as it lies there or once its Parquet is read."""
    with zipfile.ZipFile(package) as archive:
        bodies = {name: archive.read(name) for name in archive.namelist()}
    parquet = [body for name, body in bodies.items() if name.endswith(".parquet")]
    rows = [pq.read_table(io.BytesIO(body)).to_pylist() for body in parquet]
    text = b"\n".join(bodies.values()) + json.dumps(rows, ensure_ascii=False, default=str).encode()
    return {word for word in words if word.encode() in text}
