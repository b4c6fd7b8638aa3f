"""Where a school is: as the directory tells it, else by the one known town whose name stands in its own."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.logic import beside, only
from auditlib.linkage.schools import with_school

SHORTEST = 2  # characters of a town's name that may be looked for in another


def school_towns(audit: Audit) -> ir.Table:
    """``school_name, school_town``: a row a spelling of a school of which a town is known."""
    directory = with_school(audit.rows["schools"].filter(_.rejected.isnull()), audit.school_names)
    placed_rows = directory.filter(_.town.notnull() & _.school_id.notnull())
    listed_rows = placed_rows.group_by("school_id").agg(listed_in=only(_.town))
    towns = ibis.union(
        placed_rows.select("town"), audit.rows["eligibility"].filter(_.rejected.isnull()).select("town")
    )
    towns = towns.filter(_.town.length() >= SHORTEST).distinct()
    pairs = audit.school_names.select("school_name").cross_join(towns)
    by_name = pairs.filter(_.school_name.contains(_.town)).group_by("school_name").agg(named_in=only(_.town))
    names = beside(beside(audit.school_names, listed_rows, "school_id"), by_name, "school_name")
    with_town = names.mutate(school_town=_.listed_in.coalesce(_.named_in))
    return with_town.filter(_.school_town.notnull()).select("school_name", "school_town")
