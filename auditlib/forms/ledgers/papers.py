"""Each child without an active record here: of which kind it is, what must be on file of it, and what the ledgers lack."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.questions import ask
from auditlib.audit.school_towns import school_towns
from auditlib.base.engine import Engine
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes
from auditlib.findings import whereabouts as kinds
from auditlib.rules.common import certified_unable
from auditlib.tables.papers_on_file import ON_FILE

MISSING = {
    "not_listed": Text("未列入劝返、不具备学习条件、送教台账", "in no ledger of dropouts, of those unable to attend, of home teaching"),
    "no_notice": Text("限期复学通知书日期", "day of the notice to return"),
    "no_report": Text("报告乡镇日期", "day of the report to the township"),
    "not_sent": Text("发函日期", "day of the letter"),
    "no_answer": Text("回函", "the answer"),
    "no_aid": Text("就读地是否资助", "whether the child is aided there"),
    "no_trace": Text("学籍、函告、各台账中均无", "in no record, letter or ledger"),
    "not_certified": Text("四部门认定不全", "not certified by all four offices"),
}  # fmt: skip
ON_PAPER = Text("各台账未见缺漏，原件须查看", "the ledgers lack nothing; the papers are to be seen")


def without_record(engine: Engine, audit: Audit) -> pd.DataFrame:
    """A row a child: who it is, ``kind``, ``on_file`` and ``missing``, in words."""
    rows = ask(engine, audit, "papers_without_record", _children)
    language = audit.parameters.language
    words = {kind: [part.into(language) for part in parts] for kind, parts in ON_FILE.items()}
    between = "、" if language == "zh" else ", "
    lacks = [
        between.join(text.into(language) for name, text in MISSING.items() if row[name])
        or ON_PAPER.into(language)
        for row in rows.to_dict("records")
    ]
    order = rows["kind"].map({kind: at for at, kind in enumerate(kinds.KINDS)})
    worded_rows = rows.assign(
        kind=[words[kind][0] for kind in rows["kind"]],
        on_file=[words[kind][1] for kind in rows["kind"]],
        missing=lacks,
    )
    return worded_rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _children(audit: Audit) -> ir.Table:
    children = beside(kinds.without_record(audit), audit.people)
    # Who is on no register of the poor has the town of the school.
    in_schools = beside(children, school_towns(audit), "school_name")
    children = in_schools.mutate(town=_.town.coalesce(_.school_town)).drop("school_town")
    for signs in (_letters(audit), _dropouts(audit), _unable(audit), _taught_rows(audit)):
        children = beside(children, signs)
    return children.mutate(**_missing()).order_by("kind", "town", "school_name", "name", "person_id")


def _missing() -> dict[str, ir.Value]:
    """What the ledgers lack of a child of each kind; of what no ledger could tell, nothing is said."""
    out, traced = _.kind == kinds.OUT, _.kind == kinds.UNTRACED_KIND
    away, cared_for = _.kind == kinds.ELSEWHERE, yes(_.unable) | yes(_.taught)
    lacks = {
        "not_listed": (out | traced) & ~yes(_.dropped) & ~cared_for,
        "no_notice": out & yes(_.dropped) & ~yes(_.notified) & ~cared_for,
        "no_report": (out | traced) & yes(_.dropped) & ~yes(_.reported) & ~cared_for,
        "not_sent": away & ~yes(_.sent),
        "no_answer": away & ~yes(_.answered),
        "no_aid": away & ~yes(_.aid_told),
        "no_trace": (_.kind == kinds.UNACCOUNTED_KIND) | (_.kind == kinds.PAID_ONLY),
        "not_certified": out & yes(_.unable) & ~yes(_.certified),
    }
    return {name: condition.fill_null(False) for name, condition in lacks.items()}


def _per_child(audit: Audit, table: str, **signs: ir.Deferred) -> ir.Table:
    rows = audit.rows[table].filter(_.rejected.isnull() & _.person_id.notnull())
    return rows.group_by("person_id").agg(**signs)


def _letters(audit: Audit) -> ir.Table:
    return _per_child(
        audit, "letters", sent=_.sent_on.notnull().any(), answered=(_.replied_on.notnull() | _.aided.notnull()).any(),
        aid_told=_.aided.notnull().any(),
    )  # fmt: skip


def _dropouts(audit: Audit) -> ir.Table:
    return _per_child(
        audit, "dropouts", dropped=(_.count() > 0), notified=_.notice_on.notnull().any(), reported=_.reported_on.notnull().any()
    )  # fmt: skip


def _unable(audit: Audit) -> ir.Table:
    certified_rows = certified_unable(audit).mutate(certified=ibis.literal(True))
    return beside(_per_child(audit, "unable", unable=(_.count() > 0)), certified_rows)


def _taught_rows(audit: Audit) -> ir.Table:
    return _per_child(audit, "home_teaching", taught=(_.count() > 0))
