"""Rows that are nobody's by what they say, and whom they may mean all the same: so that nobody is accused for certain.

1. A payment to a grown-up whom no register knows, through a school, is perhaps a parent's account that took a child's money. Is the
   account by its holder one pupil's of that school who is not paid otherwise, it is that pupil (``holder``); so is a payment
   without a number under a name that lost characters, by the own name or the guardian's (``cut_name``). Else every listed
   pupil of the school who is paid nothing in the term may be meant, one of the payee's family name sooner.
2. A name in Latin letters may be every pupil who sounds so, of the school where one does.
3. A number hidden in part, with the very name or a name hidden too, may be everyone whom it fits.
4. A payment without a number, in a name that nobody has, is perhaps a child's whose name is like it and who is not paid otherwise:
   a name used at home. On the account that is by its holder one such pupil's it is that pupil (``holder``).

The last three and the first without a holder become open pairs, shares set by hand: what is found stays found, and is said with
less than certainty.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import beside, only
from auditlib.cells.hygiene import LOST_SIGNS, SEPARATOR
from auditlib.linkage.model.latin_names import NAME_SOUNDS
from auditlib.linkage.model.masked_numbers import (
    hidden_numbers,
    numbered_children,
    of_any_name,
    of_the_name,
)
from auditlib.linkage.model.match import OPEN_PAIRS
from auditlib.linkage.model.names_and_numbers import (
    BY_NAME,
    GROWN_UP,
    READING,
    ROW,
    SCORES,
    bearers,
    matters,
    middle_year,
    named_children,
    numberless,
    plainly,
)
from auditlib.linkage.model.records import Tables

STRANGER, OF_OTHER_NAME = 0.3, 0.6  # shares of a payee who is no parent: of a child's family name, of none
SAME_NAME = 8  # times as likely the parent of a child of the same family name
UNUSUAL = 0.25  # of the share that is left for a child where nobody else at the school is paid that amount
ACTIVE = ("enrolled", "resumed")
FAMILY = (
    "card",
    "guardian",
    "self",
    "holder",
    "same_guardian",
    "guardian_name",
)  # levels that tell the child's own family
NOTE = 2  # characters that a holder has beside the child's name where it is a note: 代, 监护人
CARRIERS = ("model", "review", *BY_NAME)  # who decided a row by something else than its number
ALIKE = 0.5  # share of those whose name is like that of a payee without a number whom no register has
FITS = 0.9  # share of those whose number fits where the name does not tell


def by_holder(engine: Engine, rows: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """READING of the payments on the account of one pupil of the school who is not paid otherwise: under a grown-up's name and
    number, or without any number under a name that lost characters."""
    parts = (_grown_ups(rows, anchors, tables), _bare_payees(rows, anchors, tables))
    all_payees = ibis.union(*(part.select(*ROW, "school_id", "term", "holder") for part in parts))
    payees = engine.keep("payees_grown_up", all_payees.filter(_.holder.notnull()))
    children = _not_paid(rows, anchors, tables, payees)
    with_note = _.holder.contains(_.candidate_plain) & (
        _.holder.length() >= _.candidate_plain.length() + NOTE
    )
    fits = (_.holder == _.candidate_plain) | with_note
    own = payees.inner_join(children, ["school_id", "term"]).filter(fits)
    single = own.group_by(*ROW).agg(candidate_id=_.candidate_id.min(), several=_.candidate_id.nunique())
    readings = single.filter(_.several == 1).mutate(enrolled=True, decided_by=ibis.literal("holder"))
    by_cut_name = _cut_names(rows, anchors, tables)
    return engine.keep("paid_to_holders", readings.select(*READING).union(by_cut_name))


def other_readings(
    engine: Engine, rows: ir.Table, anchors: ir.Table, tables: Tables, latin: ir.Table, judged_pairs: ir.Table
) -> ir.Table:
    """Open pairs of the ``rows`` that are nobody's and may mean a pupil; ``latin``: the names in Latin letters;
    ``judged_pairs``: pairs on which somebody has said that it is another."""
    payees = engine.keep("payees_nobodys", _grown_ups(rows, anchors, tables))
    parts = (
        _parents(payees, rows, anchors, tables),
        _sounding(engine, rows, anchors, latin),
        _hidden_rows(rows, anchors),
        _names_at_home(engine, rows, anchors, tables),
    )
    columns = [*ROW, "person_id", "candidate_id", "score", "elsewhere"]
    pairs = ibis.union(*(part.select(*columns) for part in parts))
    undecided_rows = engine.keep(
        "pupils_perhaps_meant", pairs.anti_join(judged_pairs, [*ROW, "candidate_id"])
    )
    candidates = anchors.select("source", candidate_id="person_id").semi_join(undecided_rows, "candidate_id")
    sources = candidates.group_by("candidate_id").agg(register_source=_.source.min())
    open_rows = undecided_rows.inner_join(sources, "candidate_id")
    state = {"review": ibis.literal(False), "has_judgement": ibis.literal(False)}
    cells = {name: ibis.null(kind) for name, kind in OPEN_PAIRS.items() if name not in open_rows.columns}
    return engine.keep("other_readings", open_rows.mutate(**cells | state).select(*OPEN_PAIRS))


def with_carried_numbers(rows: ir.Table) -> ir.Table:
    """``rows``, those of nobody's that have number and name of a row which was linked to a pupil without that number: that pupil,
    and as sure. The school of a payment may tell who has no number in the register; the eligibility register has none."""
    linked = _.in_register & _.score.notnull() & _.decided_by.isin(CARRIERS)
    with_names = plainly(rows)
    carriers = with_names.filter(linked & _.id18.notnull() & _.plain.notnull()).group_by("id18", "plain")
    single = carriers.agg(carrier=only(_.person_id), carried=_.score.min()).filter(_.carrier.notnull())
    beside_them = beside(with_names, single, ["id18", "plain"])
    is_carried = _.carrier.notnull() & ~_.in_register
    return beside_them.mutate(
        person_id=ibis.ifelse(is_carried, _.carrier, _.person_id),
        decided_by=ibis.ifelse(is_carried, "alias", _.decided_by),
        in_register=_.in_register | is_carried,
        score=ibis.ifelse(is_carried, _.carried, _.score),
    ).select(*rows.columns)


def _grown_ups(rows: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """Payments of nobody's, made through a school under the number of a grown-up whom no register names, guardians included; with
    ``holder, amount, term``."""
    birth_year = _.id18.substr(6, 4).cast("int32")
    listed_rows = rows.filter((_.table == "eligibility") & _.id18.notnull()).select("id18")
    guardians = tables["enrolment"].filter(_.guardian_id18.notnull()).select(id18=_.guardian_id18)
    adults = plainly(rows).filter(
        (_.table == "payments")
        & ~_.in_register
        & _.school_id.notnull()
        & (birth_year < middle_year(anchors) - GROWN_UP)
    )
    paid = tables["payments"].filter((_.result == "success") & (_.amount > 0))
    holder = paid.account_holder.replace(SEPARATOR, "")
    details = paid.select("source", "amount", holder=holder, term=paid.term.fill_null(""))
    return matters(tables, adults.anti_join(listed_rows.union(guardians), "id18")).inner_join(
        details, "source"
    )


def _bare_payees(rows: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """Payments of nobody's without any number, made through a school in a name that no register has; with ``holder, term``."""
    listed_rows = rows.filter(_.table == "eligibility")
    register_names = ibis.union(*(plainly(part).select("plain") for part in (anchors, listed_rows)))
    bare = numberless(rows).filter((_.table == "payments") & _.school_id.notnull())
    paid = tables["payments"].filter((_.result == "success") & (_.amount > 0))
    details = paid.select(
        "source", holder=paid.account_holder.replace(SEPARATOR, ""), term=paid.term.fill_null("")
    )
    return bare.anti_join(register_names, "plain").inner_join(details, "source")


def _names_at_home(engine: Engine, rows: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """Payees without a number, in a name that no register has, beside each child of the school who is not paid and whose name has
    the same first or last character, or on whose guardian's account it went."""
    payees = engine.keep("payees_without_number", _bare_payees(rows, anchors, tables))
    guardians = anchors.select("source", candidate_id="person_id").inner_join(
        tables["enrolment"].select("source", guardian=_.guardian_name.replace(SEPARATOR, "")), "source"
    )
    children = _not_paid(rows, anchors, tables, payees)
    pairs = beside(
        payees.inner_join(children, ["school_id", "term"]),
        guardians.select("candidate_id", "guardian").distinct(),
        "candidate_id",
    )
    of_guardian = (_.holder == _.guardian).fill_null(False)
    ends = (_.plain.substr(0, 1) == _.candidate_plain.substr(0, 1)) | (
        _.plain.right(1) == _.candidate_plain.right(1)
    )
    at_account = pairs.filter(of_guardian)
    alike = pairs.filter(ends).anti_join(at_account, list(ROW))
    return _shared_rows(at_account, FITS).union(_shared_rows(alike, ALIKE))


def _cut_names(rows: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """READING of payments without a number, under a name that lost characters.

    One pupil of the school alone has a name that fits what is left and, as the pupil's own or the guardian's, the name of the
    account's holder.
    """
    holders = tables["payments"].filter(_.account_holder.notnull())
    holders = holders.select("source", holder=_.account_holder.replace(SEPARATOR, ""))
    mute = _.id_number.isnull() & _.student_no.isnull() & _.nameless & _.name.notnull()
    bare = rows.filter((_.table == "payments") & ~_.in_register & mute & _.school_id.notnull())
    cut = matters(tables, bare).drop("decided_by").inner_join(holders, "source")
    cut = cut.mutate(pattern=_.name.replace(SEPARATOR, "").re_replace(f"[{LOST_SIGNS}]", "_"))
    guardians = tables["enrolment"].select("source", guardian=_.guardian_name.replace(SEPARATOR, ""))
    pupils = plainly(anchors.semi_join(cut, "school_id")).inner_join(guardians, "source")
    pupils = pupils.select("school_id", "guardian", candidate_id="person_id", candidate_plain="plain")
    own_account = (_.holder == _.candidate_plain) | (_.holder == _.guardian).fill_null(False)
    pairs = cut.inner_join(pupils, "school_id").filter(_.candidate_plain.like(_.pattern) & own_account)
    paid = rows.filter((_.table == "payments") & _.in_register)
    paid = matters(tables, paid.semi_join(pairs, paid.person_id == pairs.candidate_id))
    free = pairs.anti_join(paid.select("matter", candidate_id="person_id"), ["matter", "candidate_id"])
    single = free.group_by(*ROW).agg(candidate_id=only(_.candidate_id)).filter(_.candidate_id.notnull())
    return single.mutate(enrolled=True, decided_by=ibis.literal("cut_name")).select(*READING)


def _not_paid(rows: ir.Table, anchors: ir.Table, tables: Tables, payees: ir.Table) -> ir.Table:
    """``school_id, term, candidate_id, candidate_plain``: listed pupils at the schools of ``payees`` who are not paid anything in
    a term."""
    terms = tables["payments"].select("source", term=_.term.fill_null(""))
    at_school = plainly(anchors.semi_join(payees, "school_id"))
    paid = rows.filter((_.table == "payments") & _.in_register).semi_join(at_school, "person_id")
    listed_rows = rows.filter((_.table == "eligibility") & _.in_register)
    inactive = tables["enrolment"].filter(_.status.notnull() & ~_.status.isin(ACTIVE)).select("source")
    pupils = (
        at_school.anti_join(inactive, "source").semi_join(listed_rows, "person_id").filter(_.plain.notnull())
    )
    children = pupils.select("school_id", candidate_id="person_id", candidate_plain="plain").distinct()
    each_term = children.cross_join(terms.semi_join(payees, "term").select("term").distinct())
    in_term = paid.inner_join(terms, "source").select("term", candidate_id="person_id")
    return each_term.anti_join(in_term, ["term", "candidate_id"])


def _parents(payees: ir.Table, rows: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """``payees`` who are grown-up, beside each child of the school who is not paid."""
    pairs = payees.inner_join(_not_paid(rows, anchors, tables, payees), ["school_id", "term"])
    at_schools = rows.filter((_.table == "payments") & _.in_register).semi_join(payees, "school_id")
    paid_rows = matters(tables, at_schools).select("source", "school_id", "matter")
    paid_rows = paid_rows.inner_join(tables["payments"].select("source", "amount"), "source")
    usual = paid_rows.select("school_id", "matter", "amount").distinct().mutate(usual=ibis.literal(True))
    other = paid_rows.select("school_id", "matter").distinct().mutate(others_paid=ibis.literal(True))
    pairs = pairs.left_join(usual, ["school_id", "matter", "amount"], rname="{name}_usual")
    pairs = pairs.left_join(other, ["school_id", "matter"], rname="{name}_other")
    weighted_pairs = pairs.mutate(
        weight=ibis.ifelse(_.plain.substr(0, 1) == _.candidate_plain.substr(0, 1), SAME_NAME, 1)
    )
    row = ibis.window(group_by=list(ROW))
    elsewhere = ibis.ifelse(_.weight.max().over(row) == SAME_NAME, STRANGER, OF_OTHER_NAME)
    part = ibis.ifelse(_.usual.fill_null(False) | _.others_paid.isnull(), 1.0, UNUSUAL)
    shared_rows = weighted_pairs.mutate(child=(1 - elsewhere) * part, all_weights=_.weight.sum().over(row))
    return shared_rows.mutate(score=_.child * _.weight / _.all_weights, elsewhere=1 - _.child)


def _sounding(engine: Engine, rows: ir.Table, anchors: ir.Table, latin: ir.Table) -> ir.Table:
    """Rows named in Latin letters that are nobody's, beside each pupil who sounds so, of the school where there is one."""
    nobodys = rows.filter(~_.in_register).drop("name")
    latin_rows = nobodys.inner_join(latin.select(*ROW, "sound"), list(ROW))
    sounds = engine.tables[NAME_SOUNDS]
    pupils = (
        anchors.inner_join(sounds, "name")
        .select("sound", candidate_id="person_id", at="school_id")
        .distinct()
    )
    pairs = latin_rows.inner_join(pupils, "sound")
    here = pairs.filter(_.school_id == _["at"])
    return _shared_rows(here.union(pairs.anti_join(here, ROW)), SCORES["name"])


def _hidden_rows(rows: ir.Table, anchors: ir.Table) -> ir.Table:
    """Rows whose number is hidden in part, beside each pupil whom it fits and whose name is the row's, or what is left of it."""
    hidden_rows, children = hidden_numbers(plainly(rows)), numbered_children(rows, anchors).filter(_.enrolled)
    pattern = _.name.re_replace(f"[{LOST_SIGNS}]", "_")
    cut = hidden_rows.filter(_.plain.isnull() & _.name.notnull()).mutate(name_pattern=pattern)
    of_cut_name = of_any_name(cut, children).filter(_.candidate_plain.like(_.name_pattern))
    pairs = of_the_name(hidden_rows.filter(_.plain.notnull()), children).union(
        of_cut_name.drop("name_pattern")
    )
    return _shared_rows(pairs, FITS)


def _shared_rows(pairs: ir.Table, share: float) -> ir.Table:
    """``pairs`` with ``share`` parted among the pupils whom a row may mean."""
    each = pairs.select(*ROW, "person_id", "candidate_id").distinct()
    row = ibis.window(group_by=list(ROW))
    counted_rows = each.mutate(candidates=_.candidate_id.count().over(row))
    return counted_rows.mutate(score=share / _.candidates, elsewhere=ibis.literal(1 - share))


def of_other_names(engine: Engine, links: ir.Table, others: ir.Table, anchors: ir.Table) -> ir.Table:
    """Those of the model's ``links`` whose row bears exactly the name of another person.

    The row tells no number and no card of the family, and one person alone has that name in all registers: a name that is
    nearly the pupil's says less than another's own.
    """
    of_family = ibis.or_(*(links.levels.contains(f"family:{level}") for level in FAMILY))
    guesses = links.filter((links.decided_by == "model") & ~of_family.fill_null(False))
    guessed_rows = numberless(others).semi_join(guesses, list(ROW)).select(*ROW, "plain")
    bare = engine.keep(
        "guessed_by_name", guessed_rows.semi_join(bearers(others, anchors, guessed_rows), "plain")
    )
    children = named_children(others, anchors, bare).select("plain", other_id="candidate_id").distinct()
    other_readings = bare.inner_join(children, "plain").select(*ROW, "other_id")
    return guesses.inner_join(other_readings, list(ROW)).filter(_.other_id != _.candidate_id).distinct()


def second_readings(refused_rows: ir.Table, columns: Mapping[str, str]) -> ir.Table:
    """The links refused (of ``of_other_names``) as open pairs with ``columns``: how likely the row is the pupil's all the same."""
    cells = {name: ibis.null(kind) for name, kind in columns.items() if name not in refused_rows.columns}
    scores = {"score": ibis.literal(1 - SCORES["name"]), "elsewhere": ibis.literal(SCORES["name"])}
    state = {
        "review": ibis.literal(False),
        "has_judgement": ibis.literal(False),
        "person_id": refused_rows.other_id,
    }
    return refused_rows.mutate(**cells | scores | state).select(*columns)


__all__ = ["by_holder", "of_other_names", "other_readings", "second_readings", "with_carried_numbers"]
