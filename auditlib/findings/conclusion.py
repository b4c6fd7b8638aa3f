"""The conclusion of a self-check: how many pupils should have been paid, were, were not, and the yuan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit, paid_instead
from auditlib.audit.awaited import is_paying, not_yet_paid, with_awaited
from auditlib.audit.questions import Questions, questions_of
from auditlib.audit.school_towns import school_towns
from auditlib.base.engine import Engine
from auditlib.base.logic import beside, yes
from auditlib.findings.yuan_once import WRONG, paid_by_record, unsure_yuan, yuan_once

# Figure -> the rule that asks for it.
ASKED_BY = {
    **dict.fromkeys(("entitled_pupils", "paid_in_full", "paid_otherwise", "payment_unclear", "awaited", "perhaps_awaited", "not_tested", "unpaid", "owed_yuan"), "missed.unpaid"),
    "returned": "missed.returned",
    "underpaid": "missed.underpaid",
    "elsewhere_open": "missed.out_of_county",
    "not_found": "missed.not_found",
}  # fmt: skip


def conclude(engine: Engine, audit: Audit, findings: pd.DataFrame, rules: pd.DataFrame) -> dict[str, Any]:
    """``conclusion`` (figures), ``by_school`` and ``by_town`` (frames).

    Pupils, each by the worst of their schemes; ``entitled_pupils``, to whom a mandatory scheme is due for certain, are:

    - ``paid_in_full``, ``underpaid``, ``returned`` (came back, not made again), ``unpaid`` (no payment at all);
    - ``paid_otherwise``: paid an excluded scheme instead;
    - ``payment_unclear``: a payment row could not be read, or there is no lowest amount;
    - ``awaited``: not yet paid, and payment still lasts.

    Beside them: ``perhaps_awaited``, those of the unpaid who may be so too. ``not_tested``: pupils of whom something is not known
    (a run counts the persons of :mod:`auditlib.findings.unclear`, the children of the account among them).
    ``elsewhere_open``, ``not_found``: children outside; a run adds those of :mod:`auditlib.findings.in_trouble`.

    Yuan, each once: ``owed_yuan`` (too little), ``wrong_yuan`` (too much, or to the wrong person). ``yuan_once`` says how the
    findings add up to them (:class:`auditlib.findings.yuan_once.YuanOnce`), ``unsure_yuan`` what of them rests on findings of a
    confidence below the line at which two records are the same person.

    Persons: ``persons``, everybody whom any register names. ``concerned``: pupils entitled or paid, whether or not their place
    is known. ``payments_persons`` and ``payments_yuan``: what was paid in the term. ``numberless_rows``: payments that tell no
    number at all, ``numberless_open`` of them nobody's.

    A figure whose rules were not run is None: nobody was asked, which is not the same as nobody.
    """
    questions = questions_of(engine, audit, "conclusion")
    figures = _pupils(questions) | _payments(questions)
    run = set(rules.loc[rules["status"] == "run", "family"])
    count = findings.groupby("rule").size()
    paid = paid_by_record(engine, audit, findings)
    once = yuan_once(findings, paid)
    figures |= {
        "elsewhere_open": int(count.get("missed.out_of_county", 0)),
        "not_found": int(count.get("missed.not_found", 0)),
        "owed_yuan": once.owed,
        "wrong_yuan": once.wrong if run.issuperset(WRONG) else None,
        "yuan_once": once,
        "unsure_yuan": unsure_yuan(findings, paid, audit.parameters.thresholds.link_accept),
        "persons": int(questions.fetch("persons", _persons)["persons"][0]),
        "findings": len(findings),
        "rules_run": int((rules["status"] == "run").sum()),
        "rules_not_run": int((rules["status"] == "not_run").sum()),
        **{level: int((findings["severity"] == level).sum()) for level in ("high", "medium", "low")},
    }
    idle = set(rules.loc[rules["status"] == "not_run", "rule"])
    figures |= {name: None for name, rule in ASKED_BY.items() if rule in idle}
    places = _breakdown(questions, findings)
    questions.plans.save()
    return {"conclusion": figures | {"concerned": places.pop("concerned")}, **places}


def _persons(audit: Audit) -> ir.Table:
    """Everybody whom any register names, each once."""
    return audit.people.aggregate(persons=_.count())


# What became of a scheme that was due, worst first; a pupil is as well off as the worst of the schemes due.
UNPAID, RETURNED_RANK, UNDERPAID, UNCLEAR, AWAITED, INSTEAD, IN_FULL, UNKNOWN = range(1, 9)
STATES = {
    "unpaid": UNPAID,
    "returned": RETURNED_RANK,
    "underpaid": UNDERPAID,
    "payment_unclear": UNCLEAR,
    "awaited": AWAITED,
    "paid_otherwise": INSTEAD,
    "paid_in_full": IN_FULL,
}


def _pupils(questions: Questions) -> dict[str, int]:
    counts = questions.fetch(
        "pupils_by_state", lambda audit: _worst(audit).group_by("state", "unknown").agg(pupils=_.count())
    )
    of_state = counts.groupby("state")["pupils"].sum()
    return {
        "perhaps_awaited": _perhaps_awaited(questions),
        "entitled_pupils": int(of_state[of_state.index < UNKNOWN].sum()),
        **{name: int(of_state.get(state, 0)) for name, state in STATES.items()},
        "not_tested": int(counts.loc[counts["unknown"].astype(bool), "pupils"].sum()),
    }


def _perhaps_awaited(questions: Questions) -> int:
    """Pupils of whom a scheme is planned while their school has no payment of it: not missed, should payment still last, of
    which the parameters say nothing."""
    if is_paying(questions.audit) or not questions.audit.columns_found.get("planned"):
        return 0

    def pupils(audit: Audit) -> ir.Table:
        payments_to_come = not_yet_paid(audit).filter(_.planned & ~_.school_paid)
        return payments_to_come.aggregate(pupils=_.person_id.nunique())

    return int(questions.fetch("perhaps_awaited", pupils)["pupils"][0])


def _worst(audit: Audit) -> ir.Table:
    """``person_id``: ``state`` of the worst of the schemes due, ``unknown`` (one cannot be told), ``due`` and ``paid`` of them all."""
    due = audit.aid.filter(_.certain.notnull() & yes(_.mandatory))
    aid_due = due.left_join(paid_instead(audit), ["person_id", "scheme"], rname="{name}_instead")
    return with_awaited(aid_due, audit).mutate(state=_state()).group_by("person_id").agg(
        state=_.state.min(), unknown=_.state.isin([UNCLEAR, UNKNOWN]).any(), due=_.due.sum(), paid=_.net.sum()
    )  # fmt: skip


def entitled_rows(engine: Engine, audit: Audit) -> pd.DataFrame:
    """A row a pupil of ``entitled_pupils``: who, where, what was due and paid, and the figure (``aid.…``) that counts the pupil."""
    figure = _.state.cases(*((state, f"aid.{name}") for name, state in STATES.items()))
    pupils = audit.pupils.select("person_id", "stage", "study_year", "class_name")
    rows = beside(beside(_worst(audit).filter(_.state < UNKNOWN).mutate(figure=figure), pupils), audit.people)
    pupils_by_place = rows.mutate(study_year=_.study_year.cast("string"))
    return engine.fetch(
        pupils_by_place.order_by(
            "town", "school_name", "stage", "study_year", "class_name", "name", "person_id"
        )
    )


def paid_children(audit: Audit, account: ir.Table) -> ir.Table:
    """``figure, pupils``: the children of the line ``paid`` of the account (:func:`auditlib.findings.children.children`), by the
    figure (``aid.…``) that counts them; no figure where no mandatory scheme is due to them for certain."""
    figure = _.state_of_aid.cases(*((state, f"aid.{name}") for name, state in STATES.items()))
    aid = _worst(audit).filter(_.state < UNKNOWN).select("person_id", state_of_aid="state")
    paid = beside(account.filter(_.state == "paid").select("person_id"), aid)
    return paid.group_by(figure=figure).agg(pupils=_.count())


def _state() -> ir.IntegerValue:
    """What ``missed.unpaid``, ``missed.returned`` and ``missed.underpaid`` say of one scheme of one pupil.

    Where a payment row of the pupil was rejected, or one may be the pupil's, what seems to be missing may stand there.
    """
    lacking = (_.net <= 0) & ~yes(_.instead)
    short = yes(_.net < _.minimum)
    return ibis.cases(
        (~_.certain, UNKNOWN),
        (_.payments_doubtful & (~_.has_rows | lacking | ((_.net > 0) & short)), UNCLEAR),
        (_.perhaps_paid & ~_.has_rows, UNCLEAR),
        (lacking & ~_.has_rows & yes(_.awaited), AWAITED),
        (lacking & ~_.has_rows, UNPAID),
        (lacking, RETURNED_RANK),
        (_.net <= 0, INSTEAD),
        (_.minimum.isnull(), UNCLEAR),
        (short, UNDERPAID),
        else_=IN_FULL,
    )


def _payments(questions: Questions) -> dict[str, Any]:
    sums = questions.fetch("payments_of_the_term", _payments_of_the_term)
    return {
        "payments_persons": int(sums["persons"][0]),
        "payments_yuan": Decimal(str(sums["yuan"][0])),
        "numberless_rows": int(sums["numberless"][0]),
        "numberless_open": int(sums["open"][0]),
    }


def _payments_of_the_term(audit: Audit) -> ir.Table:
    rows = audit.rows["payments"].filter(
        _.rejected.isnull() & (_.result == "success") & (_.term == audit.parameters.term)
    )
    bare = _.id_number.isnull() & _.student_no.isnull()
    return rows.aggregate(
        persons=(_.amount > 0).sum().fill_null(0), yuan=_.amount.sum().fill_null(0),
        numberless=bare.sum().fill_null(0), open=(bare & ~_.in_register).sum().fill_null(0),
    )  # fmt: skip


def _breakdown(questions: Questions, findings: pd.DataFrame) -> dict[str, Any]:
    pupils = questions.fetch("pupils_by_place", _pupils_by_place)
    return {"concerned": int(pupils["pupils"].sum())} | {
        f"by_{place}": _by(findings, pupils, column)
        for place, column in (("school", "school_name"), ("town", "town"))
    }


def _pupils_by_place(audit: Audit) -> ir.Table:
    """``school_name, town`` -> ``pupils`` concerned."""
    pupils_concerned = audit.aid.filter(_.certain.notnull() | (_.net > 0)).select("person_id").distinct()
    pupils_by_place = pupils_concerned.inner_join(audit.people, "person_id").select(
        "person_id", "school_name", "town"
    )
    place_figures = beside(
        pupils_by_place.group_by("school_name", "town").agg(pupils=_.count()),
        school_towns(audit),
        "school_name",
    )
    return place_figures.mutate(town=_.town.coalesce(_.school_town))


def _by(findings: pd.DataFrame, pupils: pd.DataFrame, place: str) -> pd.DataFrame:
    place_figures = (
        findings.dropna(subset=[place])
        .groupby(place)
        .agg(findings=("rule", "size"), at_stake=("at_stake", "sum"))
    )
    place_figures["missed"] = findings[findings["family"] == "missed"].groupby(place).size()
    table = pupils.dropna(subset=[place]).groupby(place)[["pupils"]].sum().join(place_figures, how="outer")
    by_place = table.reset_index()
    for column in ("pupils", "findings", "missed"):
        by_place[column] = by_place[column].fillna(0).astype(int)
    by_place["at_stake"] = [Decimal(0) if pd.isna(value) else value for value in by_place["at_stake"]]
    order = ["at_stake", "findings", place]
    return by_place.sort_values(order, ascending=[False, False, True], ignore_index=True)[
        [place, "pupils", "findings", "missed", "at_stake"]
    ]
