"""The register as those whom a leftover may be: names spelt once, how frequent each value is, and who stands in a pair at all.

A million pupils are read by the columns that a rule of blocking compares, and no wider: what else a record says is put together
for those that stand in a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import beside
from auditlib.linkage.model.comparisons import BY_NAME, FREQUENCIES
from auditlib.linkage.model.distribution import Everybody
from auditlib.linkage.model.names import NAME_TYPES, spelt_rows
from auditlib.linkage.model.records import (
    RECORD,
    Tables,
    number_parts,
    sex_of,
    student_number,
    towns,
    with_readable_names,
)
from auditlib.linkage.model.scoring import PAIR_TYPES
from auditlib.linkage.model.trained import blocking_sql

GUARDIANS = {"guardian": "guardian_name", "guardian_id": "guardian_id18"}
OF_NAMES = tuple(column for column in NAME_TYPES if column != "name")
POPULATION = "pupils"  # the tables of frequencies begin with it
Rules = Sequence[Sequence[str]]


@dataclass(frozen=True)
class PupilRows:
    """The register's rows ``anchors``, of the standardised ``tables``; ``origin``: the same rows before some persons were made one."""

    engine: Engine
    anchors: ir.Table
    tables: Tables
    origin: PupilRows | None = None

    @cached_property
    def totals(self) -> Everybody:
        """How many pupils there are, and their schools."""
        counted_rows = self.engine.keep("pupils_counted", self.anchors.agg(pupils=_.person_id.nunique()))
        return Everybody(
            counted_rows.pupils.max().as_scalar(),
            self.engine.tables[f"{self.frequencies}_school"].select("school"),
        )

    @cached_property
    def names(self) -> ir.Table:
        """The register's names as they look and sound (SPELT)."""
        if self.origin:
            return self.origin.names
        return spelt_rows(self.engine, self.anchors, name="spelt_register")

    def names_with(self, rows: ir.Table) -> ir.Table:
        """Those names, and the further ones of ``rows``."""
        return self.names.union(spelt_rows(self.engine, rows.anti_join(self.names, "name")))

    @cached_property
    def frequencies(self) -> str:
        """How the tables begin that tell which share of the records has each value: ``pupils_<column>``."""
        if self.origin:
            return self.origin.frequencies
        records = self.anchors.count().as_scalar().cast("float64")
        for column in FREQUENCIES:
            counted_rows = (
                self._counted(column).filter(_[column].notnull()).group_by(column).agg(pupils=_.pupils.sum())
            )
            share = counted_rows.mutate(**{f"tf_{column}": _.pupils.cast("float64") / records})
            self.engine.keep(f"{POPULATION}_{column}", share.drop("pupils"))
        return POPULATION

    def _counted(self, column: str) -> ir.Table:
        """``column, pupils``: values with numbers of records, perhaps several rows a value."""
        if column == "name" or column in OF_NAMES:
            return self._name_counts.select(column, "pupils")
        return self._valued(column).group_by(column).agg(pupils=_.count())

    @cached_property
    def _name_counts(self) -> ir.Table:
        bearers = self.anchors.group_by("name", "nameless").agg(pupils=_.count())
        counted_rows = with_readable_names(beside(bearers, self.names, "name"))
        return self.engine.keep("names_borne", counted_rows.drop("nameless"))

    def _valued(self, column: str) -> ir.Table:
        if column in GUARDIANS:
            return self.tables["enrolment"].select(**{column: _[GUARDIANS[column]]})
        if column == "sex":
            return self.tables["enrolment"].select(sex=sex_of(self.tables["enrolment"]))
        if column == "town":
            return beside(self.anchors, towns(self.tables), "school_id").select("town")
        return self.anchors.select(**{column: cell(self.anchors, column)})

    def keep_pairs(
        self, unknown: str, rules: Rules, names: Sequence[str] = (), further: Sequence[str] = ()
    ) -> ir.Table:
        """The pairs of kept table ``unknown`` and the register that a rule finds: ``pairs_<unknown>`` (PAIRED, ``name_r``).

        ``names``: levels of the name one of which such a pair must reach; none: any. ``further``: queries of pairs beside them.
        """
        ways = " UNION ALL ".join((*(self.way(unknown, rule) for rule in rules), *further))
        query = f"SELECT DISTINCT at_l, record_r, name_r FROM ({ways})"
        if names:
            query = self._alike(unknown, query, names)
        return self.engine.keep_sql(f"pairs_{unknown}", [query], PAIR_TYPES | {"name_r": "string"})

    def way(
        self, unknown: str, rule: Sequence[str], where: str = "true", anchors: ir.Table | None = None
    ) -> str:
        """The query of the pairs that ``rule`` finds, of those leftovers (``l``) of whom ``where`` holds, among ``anchors``."""
        (on,) = blocking_sql([rule])
        side = self.engine.sql(self._side(unknown, rule, self.anchors if anchors is None else anchors))
        return (
            f'SELECT l.rowid AS at_l, r.record_r, r.name_r FROM "{unknown}" AS l '
            f"JOIN ({side}) AS r ON {on} WHERE {where}"
        )

    def _side(self, unknown: str, rule: Sequence[str], anchors: ir.Table) -> ir.Table:
        """What ``anchors`` tell of the columns of ``rule``, and ``record_r, name_r``."""
        sides = [field.partition("=") for field in rule]
        columns = {of_pupil or of_record: of_record for of_record, _sign, of_pupil in sides}
        apart = (*GUARDIANS, *OF_NAMES)
        own = {column: cell(anchors, column) for column in columns if column not in apart}
        rows = anchors.select("source", name_r="name", record_r=RECORD, **own)
        if columns.keys() & set(OF_NAMES):
            rows = rows.inner_join(self.names, rows.name_r == self.names.name)
        for column in columns.keys() & GUARDIANS.keys():
            records = self.engine.tables[unknown].select(told=columns[column])
            guardians = self.tables["enrolment"].select("source", **{column: _[GUARDIANS[column]]})
            rows = rows.inner_join(guardians.semi_join(records, guardians[column] == records.told), "source")
        return rows.select("record_r", "name_r", *columns)

    def _alike(self, unknown: str, pairs: str, names: Sequence[str]) -> str:
        """Those of ``pairs`` whose names are alike: hundreds are born on one day, whose names need not be looked at further."""
        conditions = (level.condition for level in BY_NAME["name"].levels if level.name in names)
        cells = ", ".join(f"{side}.{column} AS {column}_{side}" for side in "lr" for column in NAME_TYPES)
        sides = (
            f'SELECT p.at_l, p.record_r, {cells} FROM ({pairs}) AS p JOIN "{unknown}" AS l ON l.rowid = p.at_l '
            f'JOIN "{self.names.get_name()}" AS r ON r.name = p.name_r'
        )
        return f"SELECT at_l, record_r, name_r FROM ({sides}) WHERE {' OR '.join(f'({condition})' for condition in conditions)}"


def cell(anchors: ir.Table, column: str) -> ir.Value:
    """What the register's rows ``anchors`` tell in ``column``."""
    parts = number_parts(anchors)
    values = parts | {
        "student_no": student_number(anchors, parts["id_number"]),
        "birth": anchors.birth.cast("string"),
        "school": anchors.school_id,
        "name": anchors.name,
        "card": anchors["card"] if "card" in anchors.columns else ibis.null("string"),
    }
    return values[column]


def of_pairs(anchors: ir.Table, pairs: ir.Table) -> ir.Table:
    """Those of the register's rows that stand in ``pairs`` (PAIRED)."""
    return anchors.mutate(record_r=RECORD).semi_join(pairs, "record_r").drop("record_r")


__all__ = ["PupilRows", "of_pairs"]
