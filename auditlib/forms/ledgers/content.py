"""What stands in each ledger: expressions over the tables that rules stand on, and the findings of the run."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.language import Text
from auditlib.base.logic import beside, record, values_of, yes
from auditlib.findings.urgency import Tasks, rules_by_urgency, task_of
from auditlib.forms.worklist.sheets import sources
from auditlib.rules import RULES

OWN_LIST = Text("县级自查", "county self-check")
NOT_IN_LEDGER = "dropout.unledgered"
CORRECTIONS = ("mismatch.register_", "mismatch.identity")
POVERTY, CIVIL, DISABLED_TEXT, SCHOOL, AID = (
    Text("扶贫（乡村振兴）部门", "Poverty office"),
    Text("民政部门", "Civil affairs"),
    Text("残联", "Disabled federation"),
    Text("学校认定名单", "Schools' own lists"),
    Text("资助发放名单", "Payment lists"),
)
OFFICES = {
    "registered_poor": POVERTY, "monitored": POVERTY, "low_income": CIVIL, "near_low_income": CIVIL, "destitute": CIVIL,
    "orphan": CIVIL, "urban_hardship": CIVIL, "disabled": DISABLED_TEXT, "other_hardship": SCHOOL,
}  # fmt: skip
"""Who keeps the register of a category, and has to correct it."""
NO_TOWN = Text("乡镇未注明", "town not told")
DONE_STATUSES = ("rectified", "closed")
"""Decisions after which nothing is left to do."""


def registered_rows(engine: Engine, audit: Audit) -> pd.DataFrame:
    """One row a pupil in school here and eligible, both on the count date: the ledger of poor pupils on the register."""
    claims = audit.rows["eligibility"].filter(yes(_.holds)).group_by("person_id")
    categories = claims.agg(
        categories=values_of(_.category),
        disabled=((_.category == "disabled") | _.disability.notnull()).fill_null(False).any(),
    )
    records = audit.rows["enrolment"].filter(_.rejected.isnull()).group_by("person_id")
    sexes = records.agg(sex=_.sex.min())
    pupils = audit.pupils.filter(yes(_.active)).select("person_id", "stage", "study_year", "class_name")
    poor_pupils = beside(beside(pupils.inner_join(categories, "person_id"), sexes), audit.people)
    ledger_rows = poor_pupils.mutate(
        disabled=ibis.ifelse(_.disabled, "yes", "no"), study_year=_.study_year.cast("string")
    )
    return engine.fetch(
        ledger_rows.order_by("town", "school_name", "stage", "study_year", "class_name", "name", "person_id")
    )


def bringing_back(engine: Engine, audit: Audit, findings: pd.DataFrame) -> pd.DataFrame:
    """The county's ledger of dropouts row by row, and below it the leavers who are in no ledger."""
    records = (
        audit.rows["enrolment"].filter(_.rejected.isnull()).group_by("person_id").agg(own_sex=_.sex.min())
    )
    who = audit.people.select(
        "person_id", "town", own_number="id_number", own_student_no="student_no", own_school="school_name"
    )
    rows = audit.rows["dropouts"].filter(_.rejected.isnull())
    dropouts = beside(beside(beside(rows, who), records), audit.pupils.select("person_id", "status"))
    ledger_rows = engine.fetch(
        dropouts.mutate(
            sex=_.sex.coalesce(_.own_sex),
            id_number=_.id_number.coalesce(_.own_number),
            student_no=_.student_no.coalesce(_.own_student_no),
            school_name=_.school_name.coalesce(_.own_school),
            record=record("dropouts"),
        ).order_by("town", "school_name", "name", "source")
    )
    cited = findings.explode("records")
    of_ledger = cited[cited["records"].astype("string").str.startswith("dropouts:").fillna(False)]
    rules_by_record = of_ledger.groupby("records")["rule"].agg(lambda rules: sorted(set(rules)))
    ledger_rows["found"] = ledger_rows["record"].map(rules_by_record)
    missing = findings[findings["rule"] == NOT_IN_LEDGER]
    added_rows = missing[["name", "id_number", "student_no", "school_name", "town"]].assign(
        found=[[NOT_IN_LEDGER]] * len(missing), status=missing["reason"], sex=_sexes(engine, audit, missing)
    )
    return pd.concat([ledger_rows, added_rows], ignore_index=True) if len(added_rows) else ledger_rows


def _sexes(engine: Engine, audit: Audit, findings: pd.DataFrame) -> list[str | None]:
    """What the register tells of each finding's person; None where it does not."""
    cited_records = sorted({each for records in findings["records"] for each in records})
    rows = audit.rows["enrolment"].select("sex", record=record("enrolment"))
    sexes = (
        engine.fetch(rows.filter(_.record.isin(cited_records), _.sex.notnull())) if cited_records else None
    )
    by_record = {} if sexes is None else dict(zip(sexes["record"], sexes["sex"], strict=True))
    return [
        next((by_record[each] for each in records if each in by_record), None)
        for records in findings["records"]
    ]


def issues(engine: Engine, audit: Audit) -> pd.DataFrame:
    """What other inspections found, as their lists have it."""
    rows = audit.rows["issues"].filter(_.rejected.isnull()).mutate(record=record("issues"))
    return engine.fetch(rows.order_by("list_name", "due_on", "source"))


def rectification(
    issue_rows: pd.DataFrame, findings: pd.DataFrame, decisions: pd.DataFrame, language: str, tasks: Tasks
) -> pd.DataFrame:
    """``issue_rows`` of other inspections, then our findings with what was decided on them, by their number: the most urgent
    first, who puts them right and until when by ``tasks``."""
    theirs = issue_rows.copy()
    places = {rule: place for place, rule in enumerate(rules_by_urgency(findings, tasks))}
    own = findings[findings["family"] != "issues"]
    own = own.sort_values("rule", key=lambda rules: rules.map(places), kind="stable")
    about = findings[findings["family"] == "issues"].explode("records")
    rules_by_record = about.groupby("records")["rule"].agg(lambda rules: sorted(set(rules)))
    theirs["found"] = theirs["record"].map(rules_by_record)
    theirs["record"] = [sources([place], {}) for place in theirs["record"]]
    latest = decisions.drop_duplicates("finding_id", keep="last").set_index("finding_id")
    closing_days = latest["decided_at"].where(latest["status"].isin(DONE_STATUSES)).str[:10]
    ours = own.assign(
        list_name=OWN_LIST.into(language),
        measure=[f"{RULES[rule].title.into(language)}：{text}" for rule, text in zip(own["rule"], own["message"], strict=True)],
        unit=[task_of(rule, tasks)[0] for rule in own["rule"]],
        due_on=[task_of(rule, tasks)[1] for rule in own["rule"]],
        state=own["disposition"],
        closed_on=own["finding_id"].map(closing_days),
        evidence=own["finding_id"].map(latest["evidence"]),
        record=own["number"],
    )  # fmt: skip
    parts = [part.astype("object") for part in (theirs, ours) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else theirs


def corrections(engine: Engine, audit: Audit, findings: pd.DataFrame) -> pd.DataFrame:
    """What the registers and the payment lists themselves state wrongly, a row for each ``office`` that keeps one of them;
    ``addressee``: office and town, for whom a sheet is."""
    about = findings[findings["rule"].str.startswith(CORRECTIONS)]
    language = audit.parameters.language
    rows = about.assign(office=_offices(engine, audit, about)).explode("office", ignore_index=True)
    rows["office"] = [office.into(language) for office in rows["office"]]
    town = rows["town"].astype("object").where(rows["town"].notna(), NO_TOWN.into(language))
    rows = rows.assign(
        addressee=rows["office"].astype("object") + " " + town,
        records=[sources(records, {}).split("\n") for records in rows["records"]],
    )
    order = ["office", "town", "school_name", "name", "rule", "finding_id"]
    return rows.sort_values(order, ignore_index=True)


def _offices(engine: Engine, audit: Audit, findings: pd.DataFrame) -> list[list[Text]]:
    """Who has to correct each finding: those who keep the rows of eligibility that it rests on; of a payment, who pays."""
    cited_records = sorted({each for records in findings["records"] for each in records})
    rows = audit.rows["eligibility"].select("category", record=record("eligibility"))
    eligibility = (
        engine.fetch(rows.filter(_.record.isin(cited_records)))
        if cited_records
        else pd.DataFrame(columns=["record", "category"])
    )
    by_record = dict(zip(eligibility["record"], eligibility["category"].map(OFFICES), strict=True))
    return [
        [AID] if rule == "mismatch.identity" else _keepers(records, by_record)
        for rule, records in zip(findings["rule"], findings["records"], strict=True)
    ]


def _keepers(records: list[str], by_record: dict[str, Text]) -> list[Text]:
    keepers = {by_record[each] for each in records if isinstance(by_record.get(each), Text)}
    return sorted(keepers, key=lambda office: office.en) or [SCHOOL]
