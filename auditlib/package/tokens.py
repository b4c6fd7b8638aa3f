"""Person tokens: what tells a person, as keyed hashes, so that one person is found in two counties without registers.

A row is a person and a role: ``paid`` (a scheme, yuan of the term after reversals), ``enrolled`` (active or not, stage),
``fallback`` (yuan), ``missed`` (a finding about a child that is looked for). ``person`` binds the rows of one person and is
another one in every county. The tokens (``KINDS``) are HMAC-SHA-256 under the key that the city shares, cut to 128 bits:

- ``number``: the sound ID number; ``student_number``: the sound one inside a G student number, hashed alike, so that it
  meets the other; ``student_no``: the whole student number;
- ``name_birth``, ``sound_birth``: the name without variants, its sound (pinyin), each with the birth date;
- ``name_swapped``: the name with day and month changed about; ``name_tail``, ``name_ends``: the name with the last eight
  digits of the number, with its first ten and last four: for a slip in the other digits.

No token of a name alone: how often one stands there would give common names away to whoever has no key.
"""

from __future__ import annotations

import hashlib
import hmac
import io

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import _

from auditlib.audit.assemble import Audit, addressed_rows, records_of
from auditlib.base.engine import Engine, arrow_schema
from auditlib.base.logic import YUAN, addresses, beside, record
from auditlib.cells.citizen_id import birth_date, check_character
from auditlib.linkage.model.names import spelt_rows
from auditlib.package.everyone import with_letters
from auditlib.package.fingerprints import KEPT_LENGTH, MOST_ROWS, keyed_digest
from auditlib.package.keys import FingerprintKey

KINDS = (
    "number", "student_number", "student_no", "name_birth", "sound_birth", "name_swapped", "name_tail", "name_ends",
)  # fmt: skip
PAID, ENROLLED, FALLBACK, MISSED = ("paid", "enrolled", "fallback", "missed")
LOOKED_FOR = ("missed.not_found", "missed.out_of_county")
FINDING_TYPES = {"finding_id": "string", "rule": "string", "records": "array<string>"}
ROLE = {
    "role": "string", "scheme": "string", "amount": YUAN, "active": "boolean", "stage": "string", "finding_id": "string",
    "rule": "string", "records": "array<string>",
}  # fmt: skip
SCHEMA = {"person": "string", **ROLE, **dict.fromkeys(KINDS, "string")}
ORDER = ("person", "role", "scheme", "finding_id")
NOTHING = ibis.null("string")
STUDENT_NO = r"^[GLJ][0-9]{17}[0-9X]$"  # what else stands there ("none", "0") stands there for many
WHOLE_LENGTH = 15  # digits of a number from which its parts may be read
LEAST_NAME = 2  # characters


def number_token(number: str, key: FingerprintKey) -> str:
    """The ``number`` of whoever tells this sound ID number, of 18 digits."""
    return hmac.new(key.secret, f"number|{number}".encode(), hashlib.sha256).hexdigest()[:KEPT_LENGTH]


def token_rows(engine: Engine, audit: Audit, findings: pd.DataFrame, key: FingerprintKey) -> ir.Table:
    """``person_id`` and the columns of ``SCHEMA``: whom ``audit`` paid, enrols, gave fallback or misses by ``findings``."""
    persons = person_tokens(engine, with_letters(audit), audit.parameters.county_code, key)
    sought_findings = findings.loc[findings["rule"].isin(LOOKED_FOR), list(FINDING_TYPES)].astype(
        {"records": object}
    )
    roles = _roles(audit, engine.load("tokens_missed", sought_findings, FINDING_TYPES))
    return roles.inner_join(persons, "person_id").select("person_id", *SCHEMA)


def person_tokens(engine: Engine, persons: ir.Table, county_code: str, key: FingerprintKey) -> ir.Table:
    """``person_id, person`` and ``KINDS``, one row each of ``persons`` (columns of ``everyone.PERSON``)."""
    spelt_persons = beside(persons, spelt_rows(engine, persons, name="token_names"), "name")
    read = engine.keep("token_readings", _readings(spelt_persons))
    texts = {"person": f"row|{county_code}|" + read.person_id, **_texts(read)}
    return read.select(
        "person_id", **{kind: keyed_digest(text, key).substr(0, KEPT_LENGTH) for kind, text in texts.items()}
    )


def _readings(persons: ir.Table) -> ir.Table:
    """What persons tell, a row each, NULL where they do not.

    ``person_id, id18, name, sound, born, whole`` (the number, if most of it is there), ``student_no, of_g`` (the number inside
    it), ``check`` (the last character that it asks for).
    """
    is_named = persons.name_lost.isnull() & (persons.name_base.length() >= LEAST_NAME)
    number = ibis.ifelse(persons.damaged, NOTHING, persons.id18.coalesce(persons.id_number))
    read = persons.select(
        "person_id",
        "id18",
        name=ibis.ifelse(is_named, persons.name_base, NOTHING),
        sound=ibis.ifelse(is_named, persons.name_sound, NOTHING),
        born=persons.birth.coalesce(birth_date(persons.id18), birth_date(persons.id_number)).cast("string"),
        number=number,
        student_no=ibis.ifelse(persons.student_no.re_search(STUDENT_NO), persons.student_no, NOTHING),
    )
    parts = read.mutate(
        whole=ibis.ifelse(read.number.length() >= WHOLE_LENGTH, read.number, NOTHING),
        of_g=ibis.ifelse(read.student_no.startswith("G"), read.student_no.substr(1, 18), NOTHING),
    )
    return parts.mutate(check=check_character(parts.of_g))


def _texts(read: ir.Table) -> dict[str, ir.StringValue]:
    """What is hashed for each of ``KINDS``; NULL where a person does not tell it."""
    name, birth, number = read.name, read.born, read.whole
    month, day = birth.substr(5, 2), birth.substr(8, 2)
    swapped_birth = ibis.ifelse(
        (day <= "12") & (day != month), birth.substr(0, 5) + day + "-" + month, NOTHING
    )
    inside = ibis.ifelse(read.of_g.substr(17, 1) == read.check, read.of_g, NOTHING)
    return {
        "number": "number|" + read.id18,
        "student_number": "number|" + inside,
        "student_no": "student_no|" + read.student_no,
        "name_birth": "name_birth|" + name + "|" + birth,
        "sound_birth": "sound_birth|" + read.sound + "|" + birth,
        "name_swapped": "name_birth|" + name + "|" + swapped_birth,
        "name_tail": "name_tail|" + name + "|" + number.right(8),
        "name_ends": "name_ends|" + name + "|" + number.substr(0, 10) + number.right(4),
    }


def _roles(audit: Audit, missed: ir.Table) -> ir.Table:
    """``person_id`` and the columns of ``ROLE``."""
    empty = {name: ibis.null(kind) for name, kind in ROLE.items()}

    def of_role(rows: ir.Table, role: str, **cells: ir.Value) -> ir.Table:
        return rows.select("person_id", **(empty | cells | {"role": ibis.literal(role)}))

    paid = audit.aid.filter(_.net > 0)
    pupils = beside(audit.pupils, records_of(audit, "enrolment"))
    letters = audit.rows["letters"].filter(_.rejected.isnull() & (_.fallback_amount > 0))
    fallback = letters.group_by("person_id").agg(
        yuan=_.fallback_amount.sum().cast(YUAN), records=addresses(record("letters"))
    )
    register_rows = addressed_rows(audit, "eligibility")
    each = missed.mutate(record=_.records.unnest())
    sought_records = each.inner_join(register_rows, each.record == register_rows.record).select(
        "person_id", "finding_id"
    )
    missed_listed = sought_records.distinct().inner_join(missed, "finding_id")
    return ibis.union(
        of_role(paid, PAID, scheme=paid.scheme, amount=paid.net.cast(YUAN), records=paid.payment_records),
        of_role(pupils, ENROLLED, active=pupils.active, stage=pupils.stage, records=pupils.records),
        of_role(fallback, FALLBACK, amount=fallback.yuan, records=fallback.records),
        of_role(
            missed_listed,
            MISSED,
            finding_id=missed_listed.finding_id,
            rule=missed_listed.rule,
            records=missed_listed.records,
        ),
    )


def listed(engine: Engine, rows: ir.Table) -> pa.Table:
    """``rows`` in order of the persons' own tokens: the order of the registers is gone."""
    return engine.connection.to_pyarrow(rows.order_by(*ORDER))


def as_parquet(tokens: pa.Table) -> bytes:
    """``tokens`` as Parquet, only the columns of ``SCHEMA``."""
    buffer = io.BytesIO()
    pq.write_table(tokens.select(list(SCHEMA)).cast(arrow_schema(SCHEMA)), buffer, compression="zstd")
    return buffer.getvalue()


def read(body: bytes) -> pa.Table:
    """The tokens in ``body``. Raises ValueError where it holds anything else or far too much."""
    file = pq.ParquetFile(io.BytesIO(body))
    if file.schema_arrow != arrow_schema(SCHEMA) or file.metadata.num_rows > MOST_ROWS:
        raise ValueError("tokens")
    return file.read()
