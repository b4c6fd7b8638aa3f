"""Namesakes counted instead of listed: where many pupils bear one name, nobody is looked at for the name alone.

A row that tells a name and a school, and no number, has thirty namesakes in a large county, and all but those of its school are alike
to it: one weight serves them all. Of a common name only those are paired with such a row who agree in one field more (school, card
of the family, guardian), and everybody where each is likely enough to be shown. The rest are counted: ``unlisted_rows`` odds, in which a
namesake's own card is no sign against it, so that they are never too few.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import beside
from auditlib.linkage.model.comparisons import BLOCKING, FIELDS
from auditlib.linkage.model.distribution import WORTH_SAYING, reaches, with_odds
from auditlib.linkage.model.names import NAME_TYPES
from auditlib.linkage.model.population import PupilRows
from auditlib.linkage.model.records import RECORD, UNKNOWN, Tables, families
from auditlib.linkage.model.scoring import PAIR_TYPES, scored_pairs
from auditlib.linkage.model.trained import Model

COMMON = 20  # pupils of one name: from the next on they are counted
BY_NAME_ALONE = ("name_sound",)
SILENT = (
    "id_number", "id_kept", "student_no", "birth", "sex", "town", "former_school", "household", "head_id", "name_lost",
)  # fmt: skip
OTHER_SCHOOL = ""  # of namesakes who are at another school than the row tells
# A row that tells no more than name, school, card and holder.
TELLS_LITTLE = " AND ".join(("l.school IS NOT NULL", *(f"l.{field} IS NULL" for field in SILENT)))


@dataclass(frozen=True)
class Namesakes:
    """Of the leftovers ``unknown_records`` those who tell little, and the ``common`` names of the register: ``name, bearers``."""

    everybody: PupilRows
    common: ir.Table

    def keep_pairs(self, linked: ir.Table, likely: ir.Table) -> ir.Table:
        """All pairs but those of a common name and a row that tells little and agrees in nothing more; ``likely``: names
        (``at_l, name_r``) of which everybody is paired all the same."""
        rules = [rule for rule in BLOCKING if rule != BY_NAME_ALONE]
        return self.everybody.keep_pairs(UNKNOWN, rules, further=self._ways(linked, likely))

    def _ways(self, linked: ir.Table, likely: ir.Table) -> list[str]:
        everybody, sql = self.everybody, self.everybody.engine.sql
        rows = everybody.anchors.mutate(common=ibis.ifelse(_is_counted(), _.name, ibis.null("string")))
        others = rows.anti_join(self.common, rows.common == self.common.name).drop("common")
        on_cards = of_families_on_cards(everybody, linked)
        little = [
            (BY_NAME_ALONE, others),
            (("school", "name_sound"), everybody.anchors),
            (("holder=guardian", "name_sound"), everybody.anchors),
            (("card", "name_sound"), on_cards),
        ]
        bearers = sql(everybody.anchors.select(record_r=RECORD, name_r="name"))
        return [
            everybody.way(UNKNOWN, BY_NAME_ALONE, f"NOT ({TELLS_LITTLE})"),
            *(everybody.way(UNKNOWN, rule, TELLS_LITTLE, anchors) for rule, anchors in little),
            f"SELECT p.at_l, r.record_r, r.name_r FROM ({sql(likely)}) AS p JOIN ({bearers}) AS r ON p.name_r = r.name_r",
        ]

    def odds_by_name(self, unknown: ir.Table, model: Model) -> ir.Table:
        """``record_l, at_l, name_r, bearers, odds, own_name``: each row that tells little beside each common name that sounds
        like its own, and the odds of one of the bearers."""
        engine, names = self.everybody.engine, self.everybody.names
        silent = {field: ibis.null("string") for field in FIELDS if field not in NAME_TYPES}
        spelt_rows = names.semi_join(self.common, "name").mutate(
            **silent | {"school": ibis.literal(OTHER_SCHOOL)}
        )
        engine.keep("common_names", spelt_rows.select(*FIELDS, record=_.name))
        pairs = (
            f'SELECT l.rowid AS at_l, r.record AS record_r FROM "{UNKNOWN}" AS l '
            f'JOIN "common_names" AS r ON l.name_sound = r.name_sound WHERE {TELLS_LITTLE}'
        )
        engine.keep_sql("pairs_namesakes", [pairs], PAIR_TYPES)
        scores = scored_pairs(engine, model, UNKNOWN, "common_names", self.everybody.frequencies, "namesakes")
        level_pairs = scores.mutate(own_name=reaches(scores, "name", ("equal",)))
        odds = with_odds(
            level_pairs.select("record_l", "record_r", "match_weight", "own_name"),
            unknown,
            self.everybody.totals,
            model,
        )
        placed_rows = odds.inner_join(unknown.select(record_l="record", at_l=unknown.rowid()), "record_l")
        with_bearers = placed_rows.rename(name_r="record_r").inner_join(
            self.common.rename(name_r="name"), "name_r"
        )
        return engine.keep(
            "namesakes", with_bearers.select("record_l", "at_l", "name_r", "bearers", "odds", "own_name")
        )


def namesakes(everybody: PupilRows) -> Namesakes | None:
    """The names that are common in the register; None where there are none."""
    bearers = everybody.anchors.filter(_is_counted()).group_by("name").agg(bearers=_.count())
    common = everybody.engine.keep("names_in_common", bearers.filter(_.bearers > COMMON))
    return Namesakes(everybody, common) if everybody.engine.fetch(common.count()) else None


def _is_counted() -> ir.Deferred:
    return ~_.nameless & _.school_id.notnull()


def likely(weighed_names: ir.Table) -> ir.Table:
    """``at_l, name_r``: where each bearer is worth saying."""
    return weighed_names.filter(_.odds >= WORTH_SAYING).select("at_l", "name_r")


def unlisted_rows(weighed_names: ir.Table, pairs: ir.Table) -> ir.Table:
    """``record_l, unlisted, named``: the odds of the bearers that stand in no pair, all together, and of one of the very name."""
    listed_rows = pairs.group_by("at_l", "name_r").agg(listed=_.count())
    unpaired_rows = beside(weighed_names, listed_rows, ["at_l", "name_r"]).mutate(
        left=_.bearers - _.listed.fill_null(0)
    )
    counted_rows = unpaired_rows.filter(_.left > 0).group_by("record_l")
    return counted_rows.agg(unlisted=(_.odds * _.left).sum(), named=_.odds.max(where=_.own_name))


def of_families_on_cards(everybody: PupilRows, linked: ir.Table) -> ir.Table:
    """The register's rows of those who share a guardian or household with a pupil that keys found to be paid on the card of a leftover,
    and of that pupil, with ``card``."""
    tables, anchors = everybody.tables, everybody.anchors
    leftover = everybody.engine.tables[UNKNOWN].filter(_["card"].notnull())
    payments = tables["payments"].select("source", card="account_no").semi_join(leftover, "card")
    paid = linked.filter((_.table == "payments") & _.in_register).inner_join(payments, "source")
    holders = everybody.engine.keep("paid_on_cards", paid.select("card", "person_id").distinct())
    family = families(tables, anchors, linked, holders).inner_join(holders, "person_id")
    persons = _relatives(tables, anchors, linked, family).union(holders.select("person_id", "card"))
    return anchors.inner_join(persons.distinct(), "person_id")


def _relatives(tables: Tables, anchors: ir.Table, linked: ir.Table, family: ir.Table) -> ir.Table:
    """``person_id, card`` of those under a guardian, or in a household, that is a ``family`` on a card."""
    cards = family.select("family", "card").distinct()
    wards = tables["enrolment"].select("source", family="guardian_id18").inner_join(cards, "family")
    of_guardians = anchors.select("source", "person_id").inner_join(wards, "source")
    houses = tables["eligibility"].select("source", family="H:" + _.household_no).inner_join(cards, "family")
    listed_rows = linked.filter((_.table == "eligibility") & _.in_register).select("source", "person_id")
    of_houses = listed_rows.inner_join(houses, "source")
    return of_guardians.select("person_id", "card").union(of_houses.select("person_id", "card"))


__all__ = ["Namesakes", "likely", "namesakes", "unlisted_rows"]
