"""控辍保学: rates against their limits, schools without a roster, and children without a record here, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.particulars import class_text
from auditlib.findings.results import Results
from auditlib.findings.whereabouts import ELSEWHERE, OUT, UNTRACED_KIND
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report.bridge import Tell, plain
from auditlib.report.bringing_back import bringing_back, rolled_up
from auditlib.tables.delivered import TABLES
from auditlib.tables.papers_on_file import ON_FILE

TITLE = Text("控辍保学与逐人去向", "Where every child is: leavers and bringing back")
NONE = Text(
    "未交来学籍，也没有在校花名册、劝返台账、不具备学习条件台账或送教上门台账，本节无从核对。",
    "Neither the enrolment register nor a roster, a ledger of dropouts, of children who cannot attend or of home teaching was "
    "delivered; nothing can be said here.",
)
LEAD = Text(
    "以核定基准日学籍与各台账相比。比率写明分子、分母和参数所定限值；学籍未导出的学校、学籍状态读不出的孩子、已死亡和已毕业的不在分母内；四部门认定不具备学习条件的，只计入残疾儿童入学率的分母。",
    "The enrolment register on the count date beside the ledgers. Each rate stands with what it is a share of and with the "
    "limit that the parameters set; schools that are not in the register, children whose record cannot be read, the dead and those who "
    "finished are in no denominator; who is certified by four offices to be unable to attend is only in that of disabled children.",
)
RATES = Text("比率与限值", "Rates and limits")
RATE_HEADS = (
    (Text("指标", "Rate"), "text"), (Text("人数", "Children"), "number"), (Text("总人数", "Of"), "number"),
    (Text("比率", "Share"), "number"), (Text("限值", "Limit"), "k"), (Text("结果", "Result"), "k"),
)  # fmt: skip
MEASURES = {
    "dropout_primary": Text(
        "小学辍学率（流失、退学、下落不明，又无在校、送教、函告记录）", "Dropouts, primary (lost, withdrawn, untraced; not at school, not taught at home, no letter)"
    ),
    "dropout_junior": Text(
        "初中辍学率（流失、退学、下落不明，又无在校、送教、函告记录）", "Dropouts, junior (lost, withdrawn, untraced; not at school, not taught at home, no letter)"
    ),
    "disabled_enrolled": Text(
        "适龄残疾儿童入学率（在读、在校、送教或函告）", "Disabled children in education (enrolled, at school, taught at home or by letter)"
    ),
    "register_enrolled": Text(
        "名册适龄儿童入学率（在读、在校、送教或函告）", "Children of the registers in education (enrolled, at school, taught at home or by letter)"
    ),
    "entry": Text(
        "名册入学年龄儿童入学率（在读、在校、送教或函告）", "Children of the registers of the age of entry in education"
    ),
    "retention": Text(
        "义务教育学生巩固率（上学期在籍、未毕业、未转出，本学期去向明确）", "Last term's pupils kept (not finished, not moved away; place of learning known)"
    ),
    "preschool": Text(
        "名册学前儿童入园率（学籍、发放、函告或花名册）", "Children of the registers below school age in a kindergarten (record, payment, letter or roster)"
    ),
}  # fmt: skip
NO_RETENTION = Text(
    "巩固率没有计算：没有上学期的自查结果。",
    "How many of last term's pupils were kept cannot be told: there is no run of the term before.",
)
AT_LEAST, AT_MOST = Text("不低于 {limit}", "at least {limit}"), Text("不高于 {limit}", "at most {limit}")
MET_TEXT, MISSED = Text("达到", "met"), Text("未达到", "not met")
UNMET = Text("未达到限值的比率：{rates}。", "Rates that miss their limit: {rates}.")
NO_RATE = Text("没有可计算的比率：缺少学籍。", "No rate can be told: there is no enrolment register.")
LACKING = Text(
    "没有交来：{tables}。只在其中写明的孩子，不在比率的分子内。",
    "Not delivered: {tables}. A child that only these tell of does not count as placed.",
)
LETTERS = Text(
    "县外就读函告 {letters} 人次：已发函 {sent}（已回函 {answered}，未回函 {open}），未发函 {not_sent}；就读地已资助 {aided}，未资助 {not_aided}；"
    "县级兜底 {fallback} 人次 {yuan} 元。分乡镇见 ledgers/letters.xlsx。",
    "Letters to places of study: {letters}, of which sent {sent} (answered {answered}, open {open}) and not sent {not_sent}; aided "
    "there {aided}, not aided {not_aided}; the county paid {fallback} as fallback, {yuan} yuan. By town: ledgers/letters.xlsx.",
)
LETTERS_OF_KIND = Text(
    "其中 {of_kind} 人次是上表“{kind}”的 {children} 人；其余 {rest} 人次是义务教育年龄以外的、在本县另有在读学籍或在校的，或认不出是谁的，不在上表。",
    "Of these {of_kind} are of the {children} of “{kind}” above; the other {rest} are not of compulsory age, are at school here, or cannot be told.",
)
DROPOUTS_ARE = Text(
    "辍学率所数的 {lost} 人，与下表“{out}”“{untraced}”的 {away} 人不是一个数：辍学率按学籍所在学段，只数流失、退学、下落不明和未读完的；下表按年龄，还有休学、转出后无着落和在劝返、送教、四部门认定台账的。",
    "The {lost} of the dropout rates are not the {away} of “{out}” and “{untraced}” below: the rates go by the stage of the record, "
    "without leave; the table goes by age, with those on leave, moved without a trace, or in a ledger.",
)
NO_ROSTER = Text(
    "{n} 所学校没有交来花名册，其学生是否在校未能核对：{names}。",
    "{n} schools sent no roster; whether their pupils are at school could not be tested: {names}.",
)
CLASSES_UNSENT = Text(
    "{n} 个班级、{pupils} 名在读学生（本学期已发放 {yuan} 元）所在学校交了花名册，而其中没有该班一名学生：或是该班漏报，或是该班只在学籍上有。是否在校未能核对，请逐班到校查看：{names}。",
    "{n} classes with {pupils} enrolled pupils, to whom {yuan} yuan were paid this term, have nobody on the roster that their school sent: either the class was left out, or it is one on paper only. Whether they are at school could not be tested; go and see each class: {names}.",
)
NOTHING_SENT = Text(
    "{n} 所学校没有交来花名册，也没有报清点人数，其学生是否在校无从核对：{names}。",
    "{n} schools sent no roster and counted no heads; of their pupils nothing could be tested: {names}.",
)
ONLY_HEADS = Text(
    "{n} 所学校只报了清点人数：{names}。总数已核对，其学生逐人是否在校未能核对。",
    "{n} schools counted heads alone: {names}. The sums were compared; who is at school could not be tested.",
)
ALL_SENT = Text("有在读学生的学校都交来了花名册。", "Every school with pupils sent a roster.")
NO_ROSTERS = Text(
    "没有交来在校花名册，学生是否在校未能核对。",
    "No roster was delivered; who is at school could not be tested.",
)
KINDS = Text("没有在读学籍的孩子，按情形", "Children without an active record here, by kind")
KIND_HEADS = (
    (Text("情形", "Kind"), "k"), (Text("人数", "Children"), "number"), (Text("应存材料", "What must be on file"), "text"),
)  # fmt: skip
BY_CHILD = Text(
    "逐人应存哪些材料、各台账中缺哪些，见 ledgers/without-record.xlsx。",
    "What must be on file of each child, and what the ledgers lack: ledgers/without-record.xlsx.",
)
MOST_SHOWN = 30


def whereabouts(results: Results) -> Section:
    """The rates, what did not come, the schools without a roster, the kinds; one line where no register and no ledger came."""
    language = str(results.parameters.get("language", "zh"))
    figures = results.whereabouts
    if not figures:
        line = NONE.into(language)
        return Section("whereabouts", TITLE.into(language), markup.paragraph(line), line)
    county = str(results.parameters.get("county_name", ""))
    rosters = [text.into(language) for text in _rosters(figures, county)]
    body = markup.join(
        (
            markup.paragraph(LEAD.into(language), "lead"),
            _rates(figures["rates"], language),
            markup.paragraph(NO_RETENTION.into(language)) if figures.get("retention_unknown") else Markup(""),
            _lacking(figures.get("lacking", []), language),
            *map(markup.paragraph, rosters),
            _dropouts_are(figures, language),
            _kinds(figures["kinds"], language),
            bringing_back(figures.get("bringing_back", []), language),
            rolled_up(
                figures.get("rolled_up", []),
                figures.get("bringing_back", []),
                results.parameters.get("count_date"),
                language,
            ),
            _letters(figures.get("letters", {}), figures["kinds"], language),
        )
    )
    return Section("whereabouts", TITLE.into(language), body, rosters[0])


def _rates(rates: list[dict[str, Any]], language: str) -> Markup:
    if not rates:
        return markup.paragraph(NO_RATE.into(language))
    columns = [Col.of(title.into(language), kind) for title, kind in RATE_HEADS]
    rows = [_rate(rate, language) for rate in rates]
    return markup.table(columns, rows, caption=RATES.into(language))


def is_met(rate: Mapping[str, Any]) -> bool:
    """Is the limit kept? The share itself is compared, not its rounded figure."""
    share = rate["part"] / rate["whole"]
    return bool(share >= rate["limit"] if rate["at_least"] else share <= rate["limit"])


def unmet_rates(results: Results, tell: Tell = plain) -> list[Text]:
    """The sentence on rates that miss their limit, each with its share and limit; nothing where there is none."""
    unmet = [rate for rate in results.whereabouts.get("rates", []) if not is_met(rate)]
    if not unmet:
        return []
    parts = {
        language: mark.join(_unmet_rate(rate, language, tell) for rate in unmet)
        for language, mark in (("zh", "、"), ("en", ", "))
    }
    return [UNMET.fill(rates=Text(parts["zh"], parts["en"]))]


def _unmet_rate(rate: Mapping[str, Any], language: str, tell: Tell) -> str:
    name = re.split(r"[（(]", MEASURES[rate["measure"]].into(language))[0].strip()
    opens, closes = ("（", "）") if language == "zh" else (" (", ")")
    share = f"{rate['part'] / rate['whole']:.2%}{opens}{_limit(rate).into(language)}{closes}"
    return f"{name} {tell('unmet_rates', share)}"


def _limit(rate: Mapping[str, Any]) -> Text:
    return (AT_LEAST if rate["at_least"] else AT_MOST).fill(limit=f"{rate['limit']:.1%}")


def _rate(rate: Mapping[str, Any], language: str) -> tuple[Cell | Markup | str, ...]:
    is_good = is_met(rate)
    return (
        MEASURES[rate["measure"]].into(language),
        markup.count(rate["part"]),
        markup.count(rate["whole"]),
        f"{rate['part'] / rate['whole']:.2%}",
        _limit(rate).into(language),
        Cell(markup.tag((MET_TEXT if is_good else MISSED).into(language), "good" if is_good else "bad")),
    )


def _rosters(figures: Mapping[str, Any], county: str) -> list[Text]:
    """Which schools sent no roster: those that sent nothing at all apart from those that counted heads."""
    unnamed_schools: list[str] | None = figures["no_roster"]
    if unnamed_schools is None:
        return [NO_ROSTERS]
    counted_schools = figures.get("only_heads", [])
    silent = [name for name in unnamed_schools if name not in counted_schools]
    remark = NOTHING_SENT if counted_schools else NO_ROSTER
    texts = [(remark, silent), (ONLY_HEADS, counted_schools)]
    named_sentences = [text.fill(n=len(names), names=_names(names, county)) for text, names in texts if names]
    return [*named_sentences, *unsent_classes(figures.get("unsent_classes", []), county)] or [ALL_SENT]


def unsent_classes(
    classes: list[dict[str, Any]], county: str, tell: Tell = plain, quote: Callable[[str], str] = str
) -> list[Text]:
    """The sentence on classes that sent no roster, with how many pupils nobody has seen; nothing where there is none. ``tell``: a
    figure, ``quote``: the names of classes, as the page shows them."""
    if not classes:
        return []
    names = Text(
        *(
            quote(_names([_class_name(one, language) for one in classes], county).into(language))
            for language in ("zh", "en")
        )
    )
    figures = {
        "n": markup.count(len(classes)),
        "pupils": markup.count(sum(int(one["pupils"]) for one in classes)),
        "yuan": markup.yuan(sum(one["paid"] for one in classes)),
    }
    links = {name: tell("unseen_classes", figure) for name, figure in figures.items()}
    return [CLASSES_UNSENT.fill(names=names, **links)]


def _class_name(one: Mapping[str, Any], language: str) -> str:
    return f"{one['school_name']} {markup.prose(class_text(one, language), language)}"


def _names(schools: list[str], county: str) -> Text:
    """The first of them, without the county's own name before each."""
    names = [scrub(name.removeprefix(county) or name) for name in schools[:MOST_SHOWN]]
    more = len(schools) > MOST_SHOWN
    return Text("、".join(names) + "……" * more, ", ".join(names) + " and more" * more)


def _letters(counts: Mapping[str, Any], kinds: Mapping[str, int], language: str) -> Markup:
    if not counts:
        return Markup("")
    figures = {name: markup.count(number) for name, number in counts.items() if name != "fallback_yuan"}
    yuan = markup.yuan(counts["fallback_yuan"])
    letters = markup.paragraph(LETTERS.fill(**figures, yuan=yuan).into(language))
    children = int(kinds.get(ELSEWHERE, 0))
    if "of_kind" not in counts or counts["letters"] == counts["of_kind"] == children:
        return letters
    parts = {
        "of_kind": counts["of_kind"], "children": children, "rest": counts["letters"] - counts["of_kind"],
    }  # fmt: skip
    shown_parts = {name: markup.count(number) for name, number in parts.items()}
    beside = LETTERS_OF_KIND.fill(kind=ON_FILE[ELSEWHERE][0], **shown_parts)
    return letters + markup.note(beside.into(language))


def _dropouts_are(figures: Mapping[str, Any], language: str) -> Markup:
    """Why the dropouts of the rates are not the children of the table beneath; nothing where the two are one number."""
    rates = [rate["part"] for rate in figures["rates"] if rate["measure"].startswith("dropout_")]
    away = sum(int(figures["kinds"].get(kind, 0)) for kind in (OUT, UNTRACED_KIND))
    if not rates or sum(rates) == away:
        return Markup("")
    names = {"out": ON_FILE[OUT][0], "untraced": ON_FILE[UNTRACED_KIND][0]}
    counts = {"lost": markup.count(sum(rates)), "away": markup.count(away)}
    return markup.note(DROPOUTS_ARE.fill(**names, **counts).into(language))


def _lacking(tables: list[str], language: str) -> Markup:
    if not tables:
        return Markup("")
    titles = ("、" if language == "zh" else ", ").join(TABLES[table].title.into(language) for table in tables)
    return markup.paragraph(LACKING.fill(tables=titles).into(language))


def _kinds(kinds: Mapping[str, int], language: str) -> Markup:
    columns = [Col.of(title.into(language), kind) for title, kind in KIND_HEADS]
    rows = [
        (ON_FILE[kind][0].into(language), markup.count(number), ON_FILE[kind][1].into(language))
        for kind, number in kinds.items()
    ]
    return markup.table(columns, rows, caption=KINDS.into(language)) + markup.note(BY_CHILD.into(language))
