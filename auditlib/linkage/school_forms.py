"""One school under several forms of its name: with or without the county, the town and what stands in brackets.

青溪中心小学 is 青禾县青溪镇中心小学 where no other school has that form. Only what stands in front is left off, up to the
character that ends a place's name: 东城关小学 is never 城关小学.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import only

_COUNTY = "^[^省市县区旗]{1,8}[省市县区旗](.{4,})$"
_TOWN = "^[^镇乡]{1,8}[镇乡](.{4,})$"
_BRACKETS = r"\([^()]*\)$"
_TOWN_WORD = "^([^镇乡]{1,8})[镇乡](.{3,})$"
# What every county has: of such a name a place in front is part, not ornament.
_KIND = "^(?:中心|实验|希望|民族|寄宿制|第?[一二三四五六七八九十]+|九年一贯制|特殊教育)*(?:小学|中学|学校|幼儿园|高中|初中|完小|高级中学|初级中学)$"


def with_forms(school_names: ir.Table, names: ir.Table) -> ir.Table:
    """``school_names`` (``school_name, school_id``) and those of ``names`` (``school_name``) that one known school alone fits."""
    unknown = names.filter(_.school_name.notnull()).distinct().anti_join(school_names, "school_name")
    ours, theirs = _forms(school_names), _forms(unknown)
    # The known name in full is the unknown one without its places, or the other way round.
    short = ours.filter(_.form == _.whole)
    longer = _same_form(theirs.filter(~_.form.re_search(_KIND)), short)
    fitting = longer.union(_same_form(theirs.filter(_.form == _.whole), ours))
    single = fitting.group_by("school_name").agg(school_id=only(_.school_id)).filter(_.school_id.notnull())
    return school_names.union(single[school_names.columns])


def _same_form(unknown: ir.Table, school_forms: ir.Table) -> ir.Table:
    """``school_name, school_id``: equal forms, and not two different things in brackets (初中部, 高中部)."""
    form_pairs = unknown.inner_join(school_forms.select("form", "school_id", known_aside="aside"), "form")
    agree = (_.aside == "") | (_.known_aside == "") | (_.aside == _.known_aside)
    return form_pairs.filter(agree).select("school_name", "school_id")


def _forms(names: ir.Table) -> ir.Table:
    """``names`` with ``form``, a row each: without the places in front, one after the other; ``whole``: with all of them;
    ``aside``: what stands in brackets."""
    # Step by step: an expression that names another twice would do its work again for each of its own.
    steps = names.mutate(plain=_.school_name.re_replace(_BRACKETS, ""))
    steps = steps.mutate(aside=_.school_name.re_extract(_BRACKETS, 0), beyond=_without(_.plain, _COUNTY))
    steps = steps.mutate(further=_without(_.beyond, _COUNTY))
    steps = steps.mutate(last=_without(_.further, _TOWN))
    forms = [_townless(_[step]) for step in ("plain", "beyond", "further", "last")]
    of_names = steps.select(*names.columns, "aside", whole=forms[0], form=ibis.array(forms))
    return of_names.mutate(form=_.form.unnest()).distinct()


def _without(name: ir.StringValue, place: str) -> ir.StringValue:
    rest = name.re_extract(place, 1)
    return ibis.ifelse(rest == "", name, rest)


def _townless(name: ir.StringValue) -> ir.StringValue:
    """青溪镇中心小学 as 青溪中心小学."""
    town, rest = name.re_extract(_TOWN_WORD, 1), name.re_extract(_TOWN_WORD, 2)
    return ibis.ifelse(rest == "", name, town + rest)
