"""Raw text to typed tables: every cell cleaned, every unsound cell a defect, every unusable row rejected.

A standardised table holds, besides the declared columns:

- ``source``; ``<column>_defect`` (reason code or NULL) for every column;
- ``id18`` (the sound number in its 18-character form) and ``id_birth`` where there is an ID number;
- ``study_year`` (the year of the stage, 1 the first) of pupils, and where heads are counted;
- ``rejected`` (why the row cannot be used, NULL when it can).
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.plans import Plans, definitions
from auditlib.cells import citizen_id, grades, money
from auditlib.cells.hygiene import something
from auditlib.cells.kinds import CITIZEN_ID, NAME, YUAN_PRINTED, Reading, read_code
from auditlib.tables.delivered import OF_THE_RUN, TABLES, WHEN_EMPTY, Column, Table
from auditlib.tables.vocabulary import Vocabulary

# An unreadable cell here makes the row unusable even though the column may be left out altogether.
DECISIVE = {
    "payments": ("term", "result"),
    "planned": ("term",),
    "control_totals": ("term", "persons", "amount"),
}
# Tables of which a row must say something in the first group of columns that they need one of.
SILENT = ("schools", "control_totals", "attendance", "funds")
# What a grade is read from; it goes along until stage and year of study are told.
GRADE_EVIDENCE = ("grade_text", "grade_years", "grade_age", "grade_taught", "grade_delivered")
# Codes behind which a reason may stand: what did not reach the child, who is not there.
WITH_REASON = {
    "result": ("returned", "not_paid"),
    "present": ("absent", "excused", "home_teaching", "elsewhere"),
}
# Unknown values of these stop the run: the inspector says once what they mean.
MUST_BE_KNOWN = ("category", "scheme", "status", "stage", "boarding", "result", "entitled", "present")


def standardise(engine: Engine, raw: ir.Table, table: Table, words: Vocabulary, term: str) -> ir.Table:
    """``raw`` (all text) as the typed table ``table.name``; ``term`` stands where a payment names none.

    Kept step by step: an expression that is used twice is computed, and compiled, once.
    """
    numbers = [column.name for column in table.columns if column.kind is CITIZEN_ID]
    plans = Plans(
        engine,
        "standardise",
        definitions([raw]),
        table.name,
        {name: dict(words[name]) for name in words},
        term,
    )
    cells = plans.keep(f"{table.name}_cells", lambda: with_widened(texts(raw, table), numbers))
    read = plans.keep(f"{table.name}_read", lambda: readings(with_checks(cells, numbers), table, words, term))
    standard = plans.keep(table.name, lambda: rejecting(with_defects(read, table, term), table))
    plans.save()
    return standard


def column_types(table: Table) -> dict[str, str]:
    """Column to type of the standardised ``table``: what :func:`standardise` gives, held together by a test."""
    schema = {"source": "string"}
    for column in table.columns:
        schema |= {column.name: column.kind.dtype, f"{column.name}_defect": "string"}
        if column.kind is CITIZEN_ID:
            own = {"id18": "string", "id_birth": "date"}
            schema |= own if column.name == "id_number" else {f"{column.name}18": "string"}
    if any(column.kind is YUAN_PRINTED for column in table.columns):
        schema["amount_tolerance"] = "decimal(16, 6)"
    if table.has_years:
        schema["study_year"] = "int64"
    return schema | {"rejected": "string"}


def not_delivered(engine: Engine, table: Table) -> ir.Table:
    """The standardised ``table`` without rows: nothing is compiled for what nobody delivered."""
    return engine.nothing(table.name, column_types(table))


def names_met(engine: Engine) -> ir.Table:
    """``name``: everything that stands anywhere as somebody's name, so that no message repeats it as a word."""
    columns = [(table.name, c.name) for table in TABLES.values() for c in table.columns if c.kind is NAME]
    read = [(f"{table}_read", column) for table, column in columns if f"{table}_read" in engine.tables]
    parts = [engine.tables[table].select(name=_[f"{column}_text"]) for table, column in read]
    return ibis.union(*parts, distinct=True).filter(_.name.notnull())


def texts(raw: ir.Table, table: Table) -> ir.Table:
    """Every cell in its canonical spelling, still text; units and codings go along."""
    as_delivered = {"grade_delivered": raw.grade} if table.has_years else {}
    clean = raw.mutate(**as_delivered)
    steps = {column.name: column.kind.steps for column in table.columns}
    for at in range(max(map(len, steps.values()))):
        clean = clean.mutate(**{name: of[at](clean[name]) for name, of in steps.items() if at < len(of)})
    may_be_empty = [column.name for column in table.columns if not column.kind.verbatim]
    return clean.mutate(**{name: something(clean[name]) for name in may_be_empty})


def with_widened(cells: ir.Table, numbers: list[str]) -> ir.Table:
    """``cells`` with ``<number>_wide``: the first 17 characters of each ID number's 18-character form."""
    return cells.mutate(**{f"{number}_wide": citizen_id.widen(cells[number]) for number in numbers})


def with_checks(cells: ir.Table, numbers: list[str]) -> ir.Table:
    """``cells`` with ``<number>_check``: the check character that each ID number asks for."""
    return cells.mutate(
        **{f"{number}_check": citizen_id.check_character(cells[f"{number}_wide"]) for number in numbers}
    )


def readings(cells: ir.Table, table: Table, words: Vocabulary, term: str) -> ir.Table:
    """Values beside their texts (``<column>_text``) and the defects that kinds give reasons for."""
    values: dict[str, ir.Value] = {"source": cells.source}
    for column in table.columns:
        reading = _reading(cells, column, words)
        # An account number in the amount's column is more than it holds: a defect, not the end of the run.
        values[column.name] = reading.value.try_cast(column.kind.dtype)
        values[f"{column.name}_text"] = cells[column.name]
        values[f"{column.name}_defect"] = reading.defect
        if column.kind is CITIZEN_ID:
            values[f"{column.name}_check"] = cells[f"{column.name}_check"]
        if column.kind is YUAN_PRINTED:
            values["amount_tolerance"] = money.rounding(cells[column.name], cells["amount_unit"])
    if "grade" in table.by_name:
        birth = citizen_id.birth_date(cells.id_number)
        birth = birth.coalesce(values["birth_date"]) if "birth_date" in values else birth
        school = cells.school_name if "school_name" in table.by_name else ibis.null("string")
        values |= grades.evidence(cells.grade, school, birth, term)
    if table.has_years:
        values["grade_delivered"] = cells.grade_delivered
    return cells.select(**values)


def _reading(cells: ir.Table, column: Column, words: Vocabulary) -> Reading:
    cell, kind = cells[column.name], column.kind
    companion = cells[f"{column.name}_{kind.companion}"] if kind.companion else None
    if kind.codes and companion is not None:
        coding = companion.fill_null("").upper()
        cell = ibis.ifelse(coding == "", cell, coding + ":" + cell)
    if not kind.codes:
        return kind.read(cell, companion)
    reading = read_code(cell, words[kind.codes])
    return (
        reading
        if kind.codes not in WITH_REASON
        else replace(reading, value=_with_reason(reading.value, cell, words, kind.codes))
    )


def _with_reason(value: ir.Value, cell: ir.StringValue, words: Vocabulary, kind: str) -> ir.Value:
    """失败-户名不符, ×(随父母外出): what did not reach the child, or who is not there, with its reason behind it. 成功 or 在校 with a
    remark stays a question."""
    head = cell.re_extract(r"^([^-—_:,;/(]+)[-—_:,;/(]", 1)
    codes_with_reason = {
        word: code
        for word, code in words[kind].items()
        if code in WITH_REASON[kind] and (not word.isascii() or kind == "present")
    }
    return value.coalesce(read_code(head, codes_with_reason).value)


def with_defects(read: ir.Table, table: Table, term: str) -> ir.Table:
    """Defects complete, empty cells given their meaning, sound ID numbers in their 18-character form."""
    values: dict[str, ir.Value] = {"source": read.source}
    for column in table.columns:
        value, defect = _value_and_defect(read, column)
        meaning = (
            term if (table.name, column.name) in OF_THE_RUN else WHEN_EMPTY.get((table.name, column.name))
        )
        values[column.name] = (
            ibis.ifelse(read[f"{column.name}_text"].isnull(), meaning, value) if meaning else value
        )
        values[f"{column.name}_defect"] = defect
        if column.kind is CITIZEN_ID:
            values |= _identities(read, column.name)
    if "amount_tolerance" in read.columns:
        values["amount_tolerance"] = read.amount_tolerance
    if "grade" not in table.by_name:
        return read.select(**values)
    evidence = {name: read[name] for name in GRADE_EVIDENCE if name in read.columns}
    staged_rows = _with_stages(read.select(**values, **evidence))
    if not table.has_years:
        return staged_rows.select(*values)
    evidenced_rows = staged_rows.mutate(
        **grades.year_evidence(staged_rows.grade_delivered, staged_rows.grade_text, staged_rows.grade_years)
    )
    stage = evidenced_rows.stage if "stage" in table.by_name else evidenced_rows.grade
    year = grades.study_year(evidenced_rows.grade_number, evidenced_rows.grade_entered, stage, term)
    return evidenced_rows.select(*values, study_year=year)


def _value_and_defect(read: ir.Table, column: Column) -> tuple[ir.Value, ir.StringValue]:
    value, text, defect = (read[column.name + tail] for tail in ("", "_text", "_defect"))
    unread = text.notnull() & value.isnull()
    if not column.kind.codes:
        return value, defect.coalesce(ibis.ifelse(unread, column.kind.name, ibis.null("string")))
    nothing = value.isin(["unknown", "not_entitled"])  # codes that give the column no value
    reason = ibis.cases((unread, "unknown_value"), (nothing, "not_stated"), else_=ibis.null("string"))
    # 未回函 says what an empty cell says: a letter to which no answer has come.
    return value.nullif("unknown").nullif("not_entitled").nullif("no_answer"), reason


def _identities(read: ir.Table, name: str) -> dict[str, ir.Value]:
    number, check, defect = (read[name + tail] for tail in ("", "_check", "_defect"))
    full_number = citizen_id.normalise(number, check, defect)
    if name != "id_number":
        return {f"{name}18": full_number}
    return {"id18": full_number, "id_birth": citizen_id.birth_date(number)}


def _with_stages(rows: ir.Table) -> ir.Table:
    """The stage of a pupil: as stated, else as the grade tells it, with school and age where the grade leaves it open.

    Column upon column: an expression that stood in the next one would be planned again wherever it is used.
    """
    by_grade = rows.mutate(
        stage_by_grade=grades.stage(
            rows.grade_text, rows.grade, rows.grade_years, rows.grade_age, rows.grade_taught
        )
    )
    listed_stage = ibis.ifelse(_.grade_defect == "not_stated", ibis.null("string"), _.stage_by_grade)
    graded_rows = by_grade.mutate(grade=listed_stage)
    unread = _.grade_text.notnull() & _.grade.isnull()
    defect = ibis.ifelse(unread, _.grade_defect.fill_null("unknown_value"), ibis.null("string"))
    graded_rows = graded_rows.mutate(grade_defect=defect)
    if "stage" not in rows.columns:
        return graded_rows
    staged_rows = graded_rows.mutate(stage=_.stage.coalesce(_.grade))
    reason = ibis.ifelse(_.stage.isnull(), _.stage_defect.coalesce(_.grade_defect), ibis.null("string"))
    return staged_rows.mutate(stage_defect=reason)


def rejecting(read: ir.Table, table: Table) -> ir.Table:
    """``rejected``: the first required cell that is empty or unreadable, else the first unreadable decisive one."""
    empty_or_unsound = [
        (
            read[name].isnull(),
            ibis.ifelse(read[f"{name}_defect"].isnull(), f"empty:{name}", f"unreadable:{name}"),
        )
        for name in table.required
    ]
    unsound = [
        (read[name].isnull() & read[f"{name}_defect"].notnull(), ibis.literal(f"unreadable:{name}"))
        for name in DECISIVE.get(table.name, ())
    ]
    cases = [*empty_or_unsound, *unsound, *_silent(read, table)]
    return read.mutate(
        rejected=ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")
    )


def _silent(read: ir.Table, table: Table) -> list[tuple[ir.BooleanValue, ir.StringValue]]:
    """Rows that say nothing at all in the columns of which one is needed."""
    if table.name not in SILENT:
        return []
    return [
        (
            reduce(lambda a, b: a & b, [read[name].isnull() for name in group]),
            ibis.literal(f"empty:{group[0]}"),
        )
        for group in table.needs_one_of[:1]
    ]


def defects(read: ir.Table, table: Table) -> ir.Table:
    """One row per unsound cell: ``table, source, column, reason``."""
    reasons = [f"{column.name}_defect" for column in table.columns]
    # Few rows have any: only these are laid out cell by cell.
    unsound = read.filter(ibis.or_(*(read[reason].notnull() for reason in reasons))).select(
        "source", *reasons
    )
    cells = unsound.pivot_longer(reasons, names_to="column", names_pattern="(.*)_defect", values_to="reason")
    unsound_cells = cells.filter(_.reason.notnull())
    return unsound_cells.select("source", "column", "reason", table=ibis.literal(table.name))
