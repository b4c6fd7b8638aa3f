"""The last words of a run: what was found, children first, what could not be tested, where things lie, what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditlib.base.language import Text
from auditlib.base.run_folder import CONCLUSION, read_manifest, time_of_answer
from auditlib.findings.children import COVERED_STATUSES, LEFT_PREFIX
from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.findings.yuan_once import YuanOnce
from auditlib.tables.wording import word

FOUND_TEXT = Text(
    "{n} 条疑点，涉及 {yuan} 元；核实以前都不是结论",
    "{n} findings, {yuan} yuan at stake; suspicions until verified",
)
ONCE = Text(
    "同一笔钱只计一次：{once} 元（应发未发 {owed}，误发、重发、超发 {wrong}，其他 {other}）",
    "each yuan once: {once} yuan ({owed} owed to children, {wrong} paid wrongly or in excess, {other} others)",
)
CHILDREN = Text("先看孩子：{n} 条，涉及 {yuan} 元", "children first: {n}, {yuan} yuan")
NO_CHILDREN = Text("先看孩子：没有发现应助未助", "children first: nobody was found to have been missed")
AWAY = Text(
    "清点不在校、劝返逾期、未列台账、销号不实或本学期查无记录：{n} 条，也先找人",
    "not at school, dropped out or not brought back: {n}; find these children first too",
)
UNCLEAR = Text(
    "另有 {n} 名孩子因资料缺失或矛盾无法判断：没有疑点不等于没有问题",
    "{n} more children cannot be judged for want of data: no finding does not mean that all is well",
)
UNCOVERED = Text(
    "{n} 名义务教育年龄的孩子学籍不在读，函告、台账中都没有：优先核查去向，名单在报告里",
    "{n} children of compulsory age have left by the record, and no letter or ledger names them: find them first; the report has the list",
)
OTHERS = Text("其他：{n} 条，涉及 {yuan} 元", "others: {n}, {yuan} yuan")
ALL_TESTED = Text("没有能检验而未检验的行", "no row was left untested")
UNTESTED = Text(
    "未能检验：{n} 行次，最多的原因是“{reason}”（{most}）",
    "not tested: {n} rows over all rules, mostly: {reason} ({most})",
)
NOT_RUN = Text("未执行的规则：{n} 条，原因见报告", "rules not run: {n}; the report says why")
OF_CITY = Text(
    "{counties} 个县，其中 {again} 个由市里重做核对", "counties: {counties}, of which re-performed: {again}"
)
PLACE = Text("结果在：{folder}", "everything lies in: {folder}")
NEXT = Text("下一步：{words}", "next: {words}")
FILES: Mapping[str, Text] = {
    "report.docx": Text(
        "同一报告的可编辑文稿，供填写上报", "the same report as a letter to edit and hand on"
    ),
    "summary.html": Text("给领导的一页摘要，不含个人信息", "one page for leaders, without persons"),
    "summary.docx": Text("同一页摘要的可编辑文稿", "the same page, to edit"),
    "findings.xlsx": Text("工作清单，未遮盖，仅供经授权的人员", "working list, in full, for the authorised"),
    "review.xlsx": Text("待人工判断的记录对", "pairs for a person to judge"),
    "comparison.xlsx": Text("自查复查对照表", "the two checks side by side"),
    "trend-public.html": Text(
        "对外提供的学期对比，1 至 4 不列", "term to term to hand out, 1 to 4 not given"
    ),
    "rollups.xlsx": Text("月、季、半年汇总", "months, quarters, half-years"),
    "package.zip": Text("报送市里的包", "the package for the city"),
}
STEPS: Mapping[str, Text] = {
    "county_self_check": Text(
        "打开报告；在 findings.xlsx 填处理结果（或在工作台上填），在 review.xlsx 判断；再运行一次自查，然后报送 package.zip",
        "open the report; fill in findings.xlsx (or decide in the workbench) and review.xlsx; run the self-check again, then hand in package.zip",
    ),
    "city_recheck": Text(
        "打开报告；按现场检查表 field-*.xlsx 逐笔检查，填好后在工作台“市级复查”页选上（或写进参数文件的 field_results），再运行一次复查",
        "open the report; visit by the field sheets field-*.xlsx; choose them, filled in, on the desk's page City re-check (or name them under field_results), and run the re-check again",
    ),
    "term_trend": Text("打开报告（内部使用；对外提供的是 trend-public.html）；整改台账 rectification-*.xlsx 未遮盖，仅供经授权的人员", "open the report (internal; trend-public.html is the one to hand out); rectification-*.xlsx is in full, for the authorised"),
}  # fmt: skip
STANDS = Text(
    "文件、参数、依据和人员判断与上次运行完全相同：核对沿用上次的结果，清单和报告按最新的处理结果重写",
    "files, parameters, law and judgements are the very same as in the last run: its check stands; lists and report are "
    "written anew with the latest decisions",
)
KEPT_TEXT = Text("以前填写过的清单已另存：{names}", "lists that were filled in before are kept as: {names}")


def closing(programme: str, folder: Path, language: str, answer_before: int | None = None) -> list[str]:
    """The lines, ready to be printed; nothing in them names a person. ``answer_before``: when the answer was made that stood
    in ``folder`` before the run; where it stands yet, nothing was checked again."""
    stands = answer_before is not None and time_of_answer(folder) == answer_before
    results = _result_texts(read_manifest(folder) or {})
    texts = [*([STANDS] if stands else []), *results, PLACE.fill(folder=folder)]
    lines = [text.into(language) for text in texts]
    lines += [
        f"  {name}  {about.into(language)}" for name, about in FILES.items() if (folder / name).is_file()
    ]
    kept_forms = sorted(path.name for path in folder.glob("*-filled-in-*"))
    lines += [KEPT_TEXT.fill(names=", ".join(kept_forms)).into(language)] if kept_forms else []
    return [*lines, NEXT.fill(words=STEPS[programme]).into(language)]


def _result_texts(manifest: Mapping[str, Any]) -> list[Text]:
    if "counties" in manifest:
        again = sum(bool(county.get("reperformed")) for county in manifest["counties"])
        finding_count = FOUND_TEXT.fill(
            n=f"{manifest['findings']:,}", yuan=f"{Decimal(manifest['yuan']):,.2f}"
        )
        conclusion = [Text(**manifest[CONCLUSION])] if CONCLUSION in manifest else []
        return [*conclusion, finding_count, OF_CITY.fill(counties=len(manifest["counties"]), again=again)]
    rules = manifest.get("rules") or {}
    if not rules:
        return []
    headline, *split = _findings(rules)
    return [
        headline,
        *_once(manifest),
        *split[:1],
        *_uncovered(manifest),
        *_unclear(manifest),
        *split[1:],
        *_untested(rules.values()),
    ]


def _uncovered(manifest: Mapping[str, Any]) -> list[Text]:
    """How many children have left and stand in nothing; nothing where there is none."""
    states: Mapping[str, int] = manifest.get("children") or {}
    gone = f"compulsory:{LEFT_PREFIX}"
    dead = {gone + status for status in COVERED_STATUSES}
    pupils = sum(n for state, n in states.items() if state.startswith(gone) and state not in dead)
    return [UNCOVERED.fill(n=f"{pupils:,}")] if pupils else []


def _unclear(manifest: Mapping[str, Any]) -> list[Text]:
    """How many children have no answer; nothing where all have one."""
    states: Mapping[str, int] = manifest.get("children") or {}
    unclear = sum(pupils for state, pupils in states.items() if state.endswith(":untested"))
    return [UNCLEAR.fill(n=f"{unclear:,}")] if unclear else []


def _once(manifest: Mapping[str, Any]) -> list[Text]:
    """Nothing where the run was made by a version that did not add up so."""
    parts = manifest.get("yuan_once")
    if not parts:
        return []
    once = YuanOnce.of(parts)
    yuan = {name: f"{getattr(once, name):,.2f}" for name in ("once", "owed", "wrong", "other")}
    return [ONCE.fill(**yuan)]


def _findings(rules: Mapping[str, Any]) -> list[Text]:
    of_children = [counts for rule, counts in rules.items() if is_missed(rule)]
    of_places = [counts for rule, counts in rules.items() if is_away(rule)]
    others = [counts for rule, counts in rules.items() if not (is_missed(rule) or is_away(rule))]
    missed, away = _sum_up(of_children), _sum_up(of_places)
    return [
        FOUND_TEXT.fill(**_sum_up(rules.values())),
        CHILDREN.fill(**missed) if missed["n"] != "0" else NO_CHILDREN,
        *([AWAY.fill(n=away["n"])] if away["n"] != "0" else []),
        OTHERS.fill(**_sum_up(others)),
    ]


def _sum_up(counts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    rows = list(counts)
    return {
        "n": f"{sum(row['exceptions'] for row in rows):,}",
        "yuan": f"{sum((Decimal(row['at_stake']) for row in rows), Decimal(0)):,.2f}",
    }


def _untested(rules: Iterable[Mapping[str, Any]]) -> list[Text]:
    reasons: Counter[str] = Counter()
    not_run = 0
    for counts in rules:
        reasons.update(counts["untested_reasons"])
        not_run += counts["status"] == "not_run"
    lines = [NOT_RUN.fill(n=not_run)] if not_run else []
    if not reasons:
        return [ALL_TESTED, *lines]
    reason, most = min(reasons.items(), key=lambda item: (-item[1], item[0]))
    reason_words = Text(word(reason, "zh"), word(reason, "en"))
    return [UNTESTED.fill(n=f"{reasons.total():,}", reason=reason_words, most=f"{most:,}"), *lines]
