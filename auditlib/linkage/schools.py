"""Which school each spelling of a name means: by its code, by the directory's other names, by the forms of its name."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import only
from auditlib.linkage.school_forms import with_forms


def school_spellings(tables: dict[str, ir.Table]) -> ir.Table:
    """Every name of a school that any row tells, once: ``school_name, school_id, rank, in_directory``.

    ``rank``: how much is known of it where a register or the directory tells it (2: with its code, 1: another name of the
    directory's); NULL where another table does, and ``school_id`` then too. ``in_directory``: does the directory tell it?
    """
    schools = tables["schools"].filter(_.rejected.isnull())
    aliases = (
        schools.filter(_["alias"].notnull())
        .mutate(directory_name=_.school_name)
        .mutate(school_name=_["alias"].translate("、,;/，；", "||||||").split("|").unnest())
        .mutate(school_name=_.school_name.strip())
    )
    known_names = [
        source.filter(_.school_name.notnull()).select(
            "school_name",
            school_id=_.school_code.coalesce(source[name]),
            rank=ibis.cases(
                (_.school_code.notnull(), 2), (ibis.literal(name == "directory_name"), 1), else_=0
            ),
            in_directory=ibis.literal(source is not tables["enrolment"]),
        )
        for source, name in (
            (schools, "school_name"),
            (aliases, "directory_name"),
            (tables["enrolment"], "school_name"),
        )
    ]
    other_names = [
        rows.filter(_.school_name.notnull()).select(
            "school_name",
            school_id=ibis.null("string"),
            rank=ibis.null("int8"),
            in_directory=ibis.literal(False),
        )
        for rows in tables.values()
        if "school_name" in rows.columns
    ]
    return ibis.union(*known_names, *other_names, distinct=True)


def school_names(spellings: ir.Table) -> ir.Table:
    """``school_name -> school_id``, for names that mean one school: the code where there is one, else the name.

    ``spellings``: :func:`school_spellings`, kept: it is gone through many times.
    """
    known_names = spellings.filter(_["rank"].notnull()).select("school_name", "school_id", "rank").distinct()
    # A name that stands both with and without a code is the coded school; another name without one is the directory's.
    ranked_rows = known_names.group_by("school_name").mutate(best=_["rank"].max())
    single = ranked_rows.filter(_["rank"] == _.best).group_by("school_name")
    own = _by_name(single.agg(school_id=only(_.school_id)).filter(_.school_id.notnull()))
    own = _with_directory(own, spellings.filter(_.in_directory).select("school_name"))
    return with_forms(own, spellings.select("school_name"))


def _with_directory(own: ir.Table, directory: ir.Table) -> ir.Table:
    """``own`` with each name that the register alone has, and no code for, as the school of the directory which it is a form
    of: the register's 双河乡小学 is the directory's 青禾县双河乡小学, and no school beside it."""
    coded_rows = own.filter(_.school_id != _.school_name)
    schools = coded_rows.union(own.filter(_.school_id == _.school_name).semi_join(directory, "school_name"))
    others = own.anti_join(schools, "school_name")
    fitted_rows = with_forms(schools, others.select("school_name"))
    return fitted_rows.union(others.anti_join(fitted_rows, "school_name"))


def _by_name(own: ir.Table) -> ir.Table:
    """``own`` where an id that is itself a name of ``own`` is what that name means: the directory has no code, the register has."""
    meanings = own.select(meaning="school_name", meant_id="school_id")
    joined_names = own.left_join(meanings, own.school_id == meanings.meaning)
    return joined_names.select("school_name", school_id=_.meant_id.coalesce(_.school_id))


def with_school(rows: ir.Table, names: ir.Table) -> ir.Table:
    """``school_id`` of each row: its code, else its name in the directory; NULL when neither tells."""
    code = rows.school_code if "school_code" in rows.columns else ibis.null("string")
    name = rows.school_name if "school_name" in rows.columns else ibis.null("string")
    keyed_rows = rows.mutate(own_code=code, own_name=name)
    with_names = keyed_rows.left_join(names, keyed_rows.own_name == names.school_name, rname="{name}_known")
    return with_names.mutate(school_id=_.own_code.coalesce(_.school_id)).drop("own_code", "own_name")
