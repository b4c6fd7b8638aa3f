"""From rules to findings: every rule run over its population, counted the same way, its exceptions made findings."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, register_records
from auditlib.audit.questions import Questions, questions_of
from auditlib.audit.school_towns import school_towns
from auditlib.base.engine import Engine
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, YUAN, beside
from auditlib.base.plans import Plans
from auditlib.law.choices import of_rules
from auditlib.law.parameters import SelfCheck
from auditlib.page.markup import ALMOST_SURE, CERTAIN
from auditlib.rules import RULES, Rule
from auditlib.rules.common import CONFIDENCE_DIGITS
from auditlib.rules.registry import NotRun, unmet_needs
from auditlib.tables.findings import FINDING
from auditlib.tables.wording import WORDS

KEYS = {
    "aid": ("person_id", "scheme"), "pupil": ("person_id",), "account": ("account",), "total": ("total",),
    "school": ("school", "part"), "scheme": ("scheme",), "measure": ("measure",),
}  # fmt: skip
OF_PERSONS = ("aid", "pupil", "account")
OPTIONAL: Mapping[str, ir.Value] = {
    "scheme": ibis.null("string"),
    "amount_due": ibis.null(YUAN),
    "amount_paid": ibis.null(YUAN),
    "policy_ref": ibis.null("string"),
    "confidence": ibis.literal(1.0),
    "rests_on": NO_ROWS,
    "account_no": ibis.null("string"),
    "person_id": ibis.null("string"),
    "named_school": ibis.null("string"),
    "untested": ibis.null("string"),
}
TO_REVIEW = Text(
    "；有相近记录待人工复核（review.xlsx），可信度 {figure}",
    "; similar records wait for a person to judge (review.xlsx), confidence {figure}",
)
PROBABLY_NOT = Text(
    "；有相近记录，此条很可能不成立，先看 review.xlsx，可信度 {figure}",
    "; similar records are there and this is probably no exception: see review.xlsx first; confidence {figure}",
)
PERHAPS_BY_MODEL = Text(
    "；由概率模型推定可能为同一人，不能认定，可信度 {figure}",
    "; perhaps the same person by the probability model, which is not sure; confidence {figure}",
)
BY_MODEL = Text(
    "；由概率模型认定为同一人，可信度 {figure}",
    "; found to be the same person by the probability model, confidence {figure}",
)
BY_READING = Text(
    "；有记录系凭姓名认定为此人（证号缺失或为他人的），可信度 {figure}",
    "; some record was told by its name alone, its number missing or another's; confidence {figure}",
)
PERHAPS_BY_READING = Text(
    "；有记录凭姓名可能是此人的（证号缺失或为他人的），不能认定，可信度 {figure}",
    "; by its name alone some record is perhaps this person's, its number missing or another's; confidence {figure}",
)
UNSURE = Text("；尚不能认定，可信度 {figure}", "; not yet certain, confidence {figure}")
UNLIKELY = Text("；此条很可能不成立，可信度 {figure}", "; this is probably no exception; confidence {figure}")
LIKELY = 0.5  # a finding of a lower confidence is probably none
REASON_TEXT = "{reason_text}"  # the place of the reason's words in a message
NOTHING_TO_AUDIT = Problem(
    Text(
        "没有可核对的内容：所给的表一条规则也无法执行",
        "nothing to audit: no rule can run on the tables given",
    ),
    Text("参数 sources", "parameter sources"),
    Text(
        "至少给出发放明细和学籍，或资格名册和学籍",
        "give at least payments and enrolment, or eligibility and enrolment",
    ),
)


COUNTS, UNTESTED, EXCEPTIONS = "rule_counts", "untested_counts", "exceptions"


class FanOut(Exception):
    """A rule gave a subject twice: a join multiplied rows. A programmer's error, never a finding."""


@dataclass(frozen=True)
class RuleRun:
    """One rule's run: ``population`` is kept as a table; ``not_run`` says why there is none."""

    rule: Rule
    population: ir.Table | None
    not_run: str = ""


def apply_rules(engine: Engine, audit: Audit, rules: Mapping[str, Rule] = RULES) -> list[RuleRun]:
    """Every rule over its population, in the catalogue's order.

    Raises FanOut if a rule multiplied its subjects.
    """
    # A rule sees no more of the choices than its plan tells that it looked up.
    of_the_rules = replace(audit, parameters=of_rules(audit.parameters))
    questions = questions_of(engine, of_the_rules, "rules")
    left_out = audit.parameters.leave_out
    outcomes = [
        RuleRun(rule, None, "left_out_by_choice") if rule.id in left_out else _apply(questions, rule)
        for rule in rules.values()
    ]
    questions.plans.save()
    if any(_ran(outcomes)):
        _count(engine, outcomes)
    return outcomes


def refuse_nothing(outcomes: list[RuleRun], language: str) -> None:
    """Raises AuditError where no rule at all could run."""
    if not any(_ran(outcomes)):
        raise AuditError(NOTHING_TO_AUDIT, language)


def _apply(questions: Questions, rule: Rule) -> RuleRun:
    plans, audit = questions.plans, questions.audit
    lacking = unmet_needs(rule, audit.columns_found)
    if lacking:  # of a table that is not there the columns need no mention
        needs = [need for need in lacking if need.partition(".")[0] not in lacking or "." not in need]
        return RuleRun(rule, None, ",".join(needs))
    name = "population_" + rule.id.replace(".", "_")
    keep = plans.keep if rule is RULES.get(rule.id) else plans.keep_anew
    try:
        return RuleRun(
            rule, keep(name, lambda: _complete(rule.apply(audit), rule, audit.parameters.language))
        )
    except NotRun as reason:
        return RuleRun(rule, None, str(reason))


def _complete(population: ir.Table, rule: Rule, language: str) -> ir.Table:
    """The columns that every population has, whatever the rule gave."""
    missing = {name: value for name, value in OPTIONAL.items() if name not in population.columns}
    full = population.mutate(**missing) if missing else population
    key = full[KEYS[rule.subject][0]]
    for part in KEYS[rule.subject][1:]:
        key = key + "|" + full[part]
    details = {
        "reason": full.reason,
        "at_stake": ibis.ifelse(full.exception, full.at_stake.cast(YUAN), ibis.null(YUAN)),
        "message": ibis.ifelse(full.exception, fill_in(rule.message, full, language), ibis.null("string")),
    } | {name: full[name].cast(value.type()) for name, value in OPTIONAL.items() if name != "untested"}
    return full.select(
        subject=key,
        exception=_.exception,
        untested=ibis.ifelse(_.exception.isnull(), _.untested.fill_null("unknown"), ibis.null("string")),
        **(_unless_passed(full, details) if rule.subject in OF_PERSONS else details),
    )


def _unless_passed(population: ir.Table, details: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
    """``details`` of exceptions and of what could not be tested: most pass, and theirs would be most of what is written."""
    is_told = population.exception.fill_null(True)
    return {name: ibis.ifelse(is_told, value, ibis.null(value.type())) for name, value in details.items()}


def _reason_text(reason: ir.StringValue, language: str) -> ir.StringValue:
    words = sorted((code, text.into(language)) for code, text in WORDS.items())
    return reason.cases(*words, else_=reason)


def fill_in(template: Text, rows: ir.Table, language: str) -> ir.StringValue:
    """The sentence ``template`` with its places filled from the columns of ``rows``, as an expression."""
    sentence: ir.StringValue = ibis.literal("")
    for literal, place, _spec, _conversion in string.Formatter().parse(template.into(language)):
        sentence = sentence + literal
        if place:
            # The words for reasons are many: they are put in once, where all findings are together.
            cell = ibis.literal(REASON_TEXT) if f"{{{place}}}" == REASON_TEXT else rows[place]
            sentence = sentence + _figure_text(cell).fill_null("—")
    return sentence


def _figure_text(cell: ir.Value) -> ir.StringValue:
    """A cell as a sentence has it: yuan as 1,234.50 and counts as 1,234, as reports write them; anything else as it is."""
    if cell.type().is_decimal():
        return _in_thousands(cell.cast(YUAN), behind=len(".00"))
    return _in_thousands(cell, behind=0) if cell.type().is_integer() else cell.cast("string")


def _in_thousands(number: ir.NumericValue, behind: int) -> ir.StringValue:
    """``behind``: characters from the point on. By places and not by a pattern, whose replacement each engine writes otherwise."""
    text = number.cast("string")
    length = text.length() - behind
    ones, thousands, millions = ("," + text.substr(length - digits, 3) for digits in (3, 6, 9))
    end = ones + text.substr(length)
    return ibis.cases(
        (number.abs() < 1_000, text),
        (number.abs() < 1_000_000, text.substr(0, length - 3) + end),
        (number.abs() < 1_000_000_000, text.substr(0, length - 6) + thousands + end),
        else_=text.substr(0, length - 9) + millions + thousands + end,
    )


def _count(engine: Engine, outcomes: list[RuleRun]) -> None:
    """What :func:`summary` and :func:`untested` give, each population by itself: strings grouped by rule cost four times as much."""
    plans = Plans(engine, "counts", [rule.id for rule, _population in _ran(outcomes)])
    counts = plans.keep(COUNTS, lambda: _together(_counted_rows(*ran) for ran in _ran(outcomes)))
    plans.keep(UNTESTED, lambda: _together(_untested(*ran) for ran in _ran(outcomes)))
    plans.save()
    # Counted by their hashes; where two subjects share one the texts decide.
    table = engine.fetch(counts.filter(_.population != _.hashes).select("rule"))
    alike = set(table["rule"])
    for rule, population in _ran(outcomes):
        if rule.id in alike:
            _assert_once(engine, rule, population)


def _counted_rows(rule: Rule, population: ir.Table) -> ir.Table:
    rule_figures = population.agg(
        population=_.count(),
        hashes=_.subject.hash().nunique(),
        tested=_.exception.count(),
        exceptions=_.exception.sum().fill_null(0),
        at_stake=_.at_stake.sum().fill_null(0).cast("decimal(18, 2)"),
    )
    return rule_figures.mutate(rule=ibis.literal(rule.id))


def _untested(rule: Rule, population: ir.Table) -> ir.Table:
    open_ = population.filter(_.exception.isnull()).group_by(reason=_.untested).agg(rows=_.count())
    return open_.mutate(rule=ibis.literal(rule.id))


def _assert_once(engine: Engine, rule: Rule, population: ir.Table) -> None:
    rows = engine.fetch(population.agg(rows=_.count(), subjects=_.subject.nunique()))
    if (rows["rows"] != rows["subjects"]).any():
        raise FanOut(f"{rule.id}\n{rows.to_string(index=False)}")


def summary(engine: Engine) -> ir.Table:
    """Per rule that looked at anybody: population, tested, exceptions, at_stake."""
    looked_at = engine.tables[COUNTS].filter(_.population > 0)
    return looked_at.select("rule", "population", "tested", "exceptions", "at_stake")


def untested(engine: Engine) -> ir.Table:
    """Per rule and reason the number of subjects that could not be tested."""
    return engine.tables[UNTESTED].select("rule", "reason", "rows")


def flagged_rows(engine: Engine, run: SelfCheck) -> ir.Table:
    """The exceptions that :func:`findings` kept, each with its ``finding_id``."""
    return engine.tables[EXCEPTIONS].mutate(finding_id=finding_id(run))


def _ran(outcomes: list[RuleRun]) -> Iterator[tuple[Rule, ir.Table]]:
    return ((outcome.rule, outcome.population) for outcome in outcomes if outcome.population is not None)


def _together(parts: Iterable[ir.Table]) -> ir.Table:
    return ibis.union(*parts)


def findings(engine: Engine, audit: Audit, outcomes: list[RuleRun]) -> ir.Table:
    """Every exception as a finding (contract 6), without dispositions, sorted."""
    exceptions = _together(
        population.filter(_.exception).mutate(
            rule=ibis.literal(rule.id),
            family=ibis.literal(rule.family),
            severity=ibis.literal(rule.severity),
        )
        for rule, population in _ran(outcomes)
    )
    together = engine.keep(EXCEPTIONS, exceptions)
    subjects = beside(together, audit.people)
    subjects = beside(subjects, register_records(audit, together))
    subjects = subjects.mutate(school_name=_.school_name.coalesce(_.named_school), scheme=_.scheme.nullif(""))
    subjects = beside(subjects, school_towns(audit), "school_name")
    subjects = subjects.mutate(town=_.town.coalesce(_.school_town)).drop("school_town")
    references = (
        audit.standards.select("scheme", "policy_ref")
        .distinct()
        .group_by("scheme")
        .agg(standard_ref=_.policy_ref.group_concat("；", order_by=_.policy_ref))
    )
    subjects = beside(subjects, references, "scheme")
    run = audit.parameters
    reason = _reason_text(subjects.reason, run.language).fill_null("—")
    subjects = subjects.mutate(message=_.message.replace(REASON_TEXT, reason))
    rows = subjects.mutate(
        finding_id=finding_id(run),
        term=ibis.literal(run.term),
        county_code=ibis.literal(run.county_code),
        records=_.rests_on.coalesce(NO_ROWS).concat(_.register_records.coalesce(NO_ROWS)).sort(),
        policy_ref=_.policy_ref.coalesce(_.standard_ref),
        disposition=ibis.null("string"),
    )
    rows = how_sure(rows, audit)
    return rows.select(*FINDING).order_by("rule", ibis.desc("at_stake"), "finding_id")


def finding_id(run: SelfCheck) -> ir.StringValue:
    """The name of a finding, from ``rule`` and ``subject``: the same for the same facts in every run."""
    identity = _.rule + "|" + run.county_code + "|" + run.term + "|" + _.subject
    return identity.hexdigest("sha256").substr(0, 20)


def how_sure(rows: ir.Table, audit: Audit) -> ir.Table:
    """``confidence`` with that of every record that no key told for certain, and ``message`` saying so or that one is to be judged."""
    each = rows.select("finding_id", record=_.records.unnest()).inner_join(audit.uncertain, "record")
    linked = each.group_by("finding_id").agg(
        link_score=_.score.min(), by_model=(_.decided_by == "model").any()
    )
    pairs = audit.open_pairs.filter(_.review & ~_.has_judgement)
    persons = [pairs.select(person_id=pairs[of]) for of in ("person_id", "candidate_id")]
    waiting = ibis.union(*persons, distinct=True).mutate(waiting=ibis.literal(True))
    findings_with_links = beside(beside(rows, linked, "finding_id"), waiting)
    sure = findings_with_links.mutate(
        confidence=(_.confidence * _.link_score.fill_null(1.0)).round(CONFIDENCE_DIGITS)
    )
    figure = sure.mutate(figure=_likelihood(sure.confidence))
    return figure.mutate(message=_.message + _how_told(figure, audit.parameters))


def _likelihood(confidence: ir.FloatingValue) -> ir.StringValue:
    """As reports write it (:func:`auditlib.page.markup.probability`); never rounded to a certainty that it is not."""
    hundredths = (confidence * 100 + 0.5).floor().cast("int64").cast("decimal(7, 2)") / 100
    return ibis.ifelse(confidence > CERTAIN, ALMOST_SURE, hundredths.cast("decimal(4, 2)").cast("string"))


def _how_told(rows: ir.Table, run: SelfCheck) -> ir.StringValue:
    """What ``message`` ends with: how sure it is who is meant. Two records are one person's from ``link_accept`` on, perhaps
    below; what the rule itself is less sure of is told as not certain, though nobody is asked to judge a pair."""
    is_accepted = rows.confidence >= run.thresholds.link_accept

    def in_language(text: Text) -> ir.StringValue:
        return fill_in(text, rows, run.language)

    return ibis.cases(
        (rows.confidence >= 1, ""),
        (
            rows.waiting.fill_null(False),
            ibis.ifelse(rows.confidence < LIKELY, in_language(PROBABLY_NOT), in_language(TO_REVIEW)),
        ),
        (
            rows.by_model.fill_null(False),
            ibis.ifelse(is_accepted, in_language(BY_MODEL), in_language(PERHAPS_BY_MODEL)),
        ),
        (
            rows.link_score.notnull(),
            ibis.ifelse(is_accepted, in_language(BY_READING), in_language(PERHAPS_BY_READING)),
        ),
        (rows.confidence < LIKELY, in_language(UNLIKELY)),
        (~is_accepted, in_language(UNSURE)),
        else_="",
    )
