"""The parameters of a run: read strictly, checked by name, handed to the notebook as plain JSON types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditlib.base import terms
from auditlib.base.declared_fields import Declared, of_fields, optional, parameter, readers
from auditlib.base.errors import Problem, UsageError
from auditlib.base.files import complete_switch
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.parameter_files import read_parameters
from auditlib.base.places import policies
from auditlib.base.strict_values import (
    a_code,
    a_date,
    a_list,
    a_number_of_days,
    a_path,
    a_share,
    a_term,
    a_text,
    empty_as,
    one_of,
    read_keys,
    wrong,
)
from auditlib.law.county_profile import with_profile
from auditlib.law.parameter_readers import (
    ANSWERED_FOR,
    HAND_IN,
    STAGES,
    a_file_or_sheets,
    a_size,
    headers_of_tables,
    sources_of_tables,
    tasks_by_rule,
    two_ages,
    words_for_codes,
)


@dataclass(frozen=True)
class Thresholds:
    """What the auditor chose: where a link is certain or open, how long a posting stands, what is late."""

    link_accept: float = parameter(
        a_share,
        "可信度不低于此数的，认定为同一人",
        "a link is made from this probability on",
        title=Text("认定为同一人", "Same person from"),
    )
    link_review: float = parameter(
        a_share,
        "可信度不低于此数的，交人工判断",
        "a pair is for a person to judge from this probability on",
        title=Text("需人工复核", "To be reviewed from"),
    )
    posting_days: int = parameter(
        a_number_of_days,
        "公示不少于的工作日数",
        "working days for which a list has to be posted",
        title=Text("公示工作日", "Posting, working days"),
    )
    pay_by: dt.date = parameter(
        a_date,
        "发放的最后一日",
        "the last day on which payment is in time",
        title=Text("发放截止日", "Pay by"),
    )
    reply_by: dt.date = parameter(
        a_date,
        "回函的最后一日",
        "the last day on which an answer to a letter is in time",
        title=Text("回函截止日", "Reply by"),
    )
    notice_days: int = parameter(
        a_number_of_days, "限期复学通知书发出后的天数", "days after a notice to return to school", default=7
    )
    home_visits: int = parameter(a_number_of_days, "每月送教次数", "home visits a month", default=2)
    home_lessons: int = parameter(a_number_of_days, "每次送教课时", "lessons of a home visit", default=2)
    panel_size: int = parameter(
        a_number_of_days,
        "认定评审小组的最少人数",
        "the fewest members of a panel that recognises hardship",
        default=10,
    )
    idle_days: int = parameter(
        a_number_of_days,
        "资金到账后可以滞留的天数",
        "days for which money may lie after it was received",
        default=30,
    )
    dropout_primary: float = parameter(
        a_share, "小学辍学率的上限", "dropouts of primary school at most", default=0.006
    )
    dropout_junior: float = parameter(
        a_share, "初中辍学率的上限", "dropouts of junior school at most", default=0.018
    )
    disabled_enrolled: float = parameter(
        a_share, "残疾儿童入学率的下限", "disabled children in education at least", default=0.91
    )
    register_enrolled: float = parameter(
        a_share, "名册儿童入学率的下限", "children of the registers in education at least", default=1.0
    )
    entry: float = parameter(
        a_share,
        "名册入学年龄儿童入学率的下限",
        "children of the age of entry in education at least",
        default=1.0,
    )
    retention: float = parameter(
        a_share,
        "上学期学生巩固率的下限（辍学率上限以外的部分）",
        "last term's pupils kept at least (what the limit of dropouts leaves)",
        default=0.982,
    )
    preschool: float = parameter(
        a_share,
        "名册学前儿童入园率的下限（全国 2020 年目标）",
        "children below school age in a kindergarten at least (the national aim for 2020)",
        default=0.85,
    )


@dataclass(frozen=True)
class Ages:
    """Ages in completed years on 31 August before the term, both ends included.

    ``compulsory``: from 6 to the end of the ninth year at 15 (义务教育法, art. 2 and 11), elsewhere to 16; ``account``: from
    kindergarten to the last year of a first degree, of whom each eligible child is accounted for.
    """

    compulsory: tuple[int, int] = parameter(
        two_ages, "义务教育的周岁，两端都含", "ages of compulsory education, both included", default=(6, 15)
    )
    account: tuple[int, int] = parameter(
        two_ages,
        "逐人交代的周岁，两端都含",
        "ages of which each eligible child is accounted for",
        default=(3, 22),
    )


@dataclass(frozen=True, kw_only=True)
class SelfCheck(Declared):
    """Parameters of one county's self-check (contract 2). Paths are absolute."""

    county_code: str = parameter(a_code, "县代码", "the county's code")
    county_name: str = parameter(a_text, "县名", "the county's name")
    term: str = parameter(a_term, "学期", "the term", hint=Text("，如 2020-autumn", ", such as 2020-autumn"))
    count_date: dt.date = parameter(
        a_date,
        "核定基准日",
        "the day as of which pupils and eligibility are counted",
        title=Text("核定基准日", "Count date"),
    )
    as_of: dt.date | None = parameter(
        empty_as(a_date, None),
        "数据截至的日期",
        "the day as of which the files were drawn",
        title=Text("数据截至日期", "Data as of"),
        hint=Text(
            "；早于 pay_by 的，尚未发放不算漏；学期结束后核对的不写",
            "; before pay_by, not yet paid is not missed; left out once the term is over",
        ),
        default=None,
        silent=True,
    )
    data_dir: Path = parameter(a_path, "数据文件所在的文件夹", "the folder of the files")
    sources: Mapping[str, list[Any]] = parameter(
        sources_of_tables, "各表由哪些文件读取", "table to the files it is read from"
    )
    columns: Mapping[str, Mapping[str, str | None]] = parameter(
        headers_of_tables,
        "各表的表头各是哪一列",
        "table to header to column",
        hint=Text("；null：不需要", "; null: not needed"),
        default_factory=dict,
    )
    values: Mapping[str, Mapping[str, str]] = parameter(
        words_for_codes,
        "代码表中没有的取值写法",
        "spellings of values that the lists of codes do not know",
        hint=Text("（params/codes）", " (params/codes)"),
        default_factory=dict,
        silent=True,
    )
    constants: Mapping[str, list[Any]] = parameter(
        empty_as(sources_of_tables, {}),
        "已列出的文件中整份相同的值",
        "what is the same throughout a file that sources name",
        default_factory=dict,
        silent=True,
    )
    not_needed: list[Any] = parameter(
        a_list(a_file_or_sheets),
        "不需要的文件或工作表",
        "files, or sheets of files, of no table of this run",
        hint=Text("，不论 sources 怎样写", ", whatever sources say of them"),
        default_factory=list,
        silent=True,
    )
    empty_tables: list[str] = parameter(
        a_list(a_text),
        "本学期确实一行也没有的表",
        "tables that truly have no row this term",
        default_factory=list,
        silent=True,
    )
    rectification: Mapping[str, Mapping[str, str]] = parameter(
        tasks_by_rule,
        "整改的责任单位和期限",
        "rule or family to the unit that puts it right, and by when",
        hint=Text("，按规则或类别", ""),
        default_factory=dict,
        silent=True,
    )
    leave_out: list[str] = parameter(
        a_list(a_text),
        "本次不执行的规则",
        "rules that this run does not put, each listed as not run",
        default_factory=list,
        silent=True,
    )
    policy: list[str] = parameter(
        a_list(a_path), "政策文件，后面的叠加在前面之上", "policy files, each laid over those before"
    )
    enrolment_covers: list[str] = parameter(
        a_list(one_of(STAGES)), "学籍包含的学段", "stages that the enrolment register holds"
    )
    thresholds: Thresholds = parameter(of_fields(Thresholds), "阈值和日期", "thresholds and dates")
    ages: Ages = parameter(empty_as(of_fields(Ages), {}), "周岁范围", "ages", default=Ages())
    answers_for: list[str] = parameter(
        a_list(one_of(ANSWERED_FOR)),
        "义务教育以外也须知道去向的儿童",
        "for which children outside compulsory age the county has to know where they are",
        default_factory=lambda: list(ANSWERED_FOR),
    )
    lost_share: float = parameter(
        a_share,
        "一列读不出、一页被拒收的比例超过此数即停止",
        "share of unreadable cells of a column, or rejected rows of a sheet, above which the run stops",
        default=0.5,
    )
    previous: list[Path] = parameter(
        a_list(a_path), "以前各次运行的输出文件夹", "output folders of earlier runs", default_factory=list
    )
    hand_in: str = parameter(
        one_of(HAND_IN),
        "上报市里的包",
        "the package for the city",
        hint=Text(
            "：registers 写明个人，tokens 只含加密代号",
            ": findings as they are (registers), or keyed tokens only (tokens)",
        ),
        default="registers",
    )
    language: str = parameter(
        one_of(LANGUAGES), "结果所用的语言", "the language of the results", default="zh"
    )
    memory_limit: str = parameter(
        empty_as(a_size, ""),
        "数据库最多使用的内存",
        "memory that the engine may use at most",
        hint=Text("，如 4GB；不写：本机的大部分", ", such as 4GB; left out: most of the machine's"),
        default="",
        silent=True,
    )
    spill_dir: Path | None = parameter(
        empty_as(a_path, None),
        "内存不够时暂存数据的文件夹",
        "the folder for what does not fit into memory, for as long as the run lasts",
        default=None,
        silent=True,
    )
    output_dir: Path = parameter(a_path, "结果写到哪个文件夹", "the folder that the results go to")


SELF_CHECK, THRESHOLDS, AGES = readers(SelfCheck), readers(Thresholds), readers(Ages)
OPTIONAL, OPTIONAL_THRESHOLDS = optional(SelfCheck), optional(Thresholds)


def read_self_check(path: Path, **overrides: Any) -> SelfCheck:
    """The self-check parameters in ``path``; ``overrides`` (output_dir, language) outrank the file.

    Relative paths are relative to the folder of ``path``. Raises UsageError naming every wrong key at once.
    """
    return read_parameters(path, check_self_check, overrides)


def check_self_check(values: Mapping[str, Any], *, base: Path, place: str = "parameters") -> SelfCheck:
    """``values`` checked against the schema, paths made absolute from ``base``. Raises UsageError."""
    problems: list[Problem] = []
    parameters = read_keys(values, SELF_CHECK, OPTIONAL, place, problems)
    limits = parameters.get("thresholds")
    if isinstance(limits, Mapping):
        parameters["thresholds"] = read_keys(
            limits, THRESHOLDS, OPTIONAL_THRESHOLDS, f"{place} › thresholds", problems
        )
    elif "thresholds" in parameters:
        problems.append(wrong("thresholds", place, Text("各阈值的映射", "a mapping of thresholds")))
    parameters["ages"] = _ages(parameters.get("ages", {}), place, problems)
    if problems:
        raise UsageError(problems, str(values.get("language", "zh")))
    parameters = with_profile(
        parameters, base, {key: SELF_CHECK[key] for key in ("columns", "values", "constants")}
    )
    _check_order(parameters["thresholds"], place)
    _within_term("count_date", parameters["count_date"], parameters["term"], place)
    if parameters.get("as_of"):
        _within_term("as_of", parameters["as_of"], parameters["term"], place)
    parameters["thresholds"] = Thresholds(**parameters["thresholds"])
    for key in ("data_dir", "output_dir"):
        parameters[key] = (base / parameters[key]).resolve()
    if parameters.get("spill_dir"):
        parameters["spill_dir"] = (base / parameters["spill_dir"]).resolve()
    parameters["previous"] = [(base / folder).resolve() for folder in parameters.get("previous", [])]
    parameters["policy"] = [_policy(name, base) for name in parameters["policy"]]
    return SelfCheck(**parameters)


def _ages(entry: Any, place: str, problems: list[Problem]) -> Ages:
    """``entry`` over the usual ages; what is wrong with it is added to ``problems``."""
    if not isinstance(entry, Mapping):
        problems.append(
            wrong("ages", place, Text("如 {compulsory: [6, 15]}", "such as {compulsory: [6, 15]}"))
        )
        return Ages()
    ages = Ages(**read_keys(entry, AGES, tuple(AGES), f"{place} › ages", problems))
    if not ages.account[0] <= ages.compulsory[0] <= ages.compulsory[1] <= ages.account[1]:
        within = Text("包含 compulsory 的两个周岁数", "two ages around those of compulsory")
        problems.append(wrong("account", f"{place} › ages", within))
    return ages


def ages_of(parameters: Mapping[str, Any]) -> Ages:
    """The ages of a run from its parameters as JSON; the usual ones for a run that was made before there were any."""
    return Ages(**{name: tuple(parameters.get("ages", {}).get(name, getattr(Ages, name))) for name in AGES})


def refuse_missing_previous(parameters: SelfCheck) -> None:
    """Raises UsageError where a folder of an earlier run is not there: its decisions would be lost without a word.

    One whose files were being put in place when it was broken off is completed first.
    """
    for folder in (*parameters.previous, parameters.output_dir):
        complete_switch(folder, parameters.language)
    missing = [folder for folder in parameters.previous if not folder.is_dir()]
    if missing:
        raise UsageError([_no_folder(folder) for folder in missing], parameters.language)


def _no_folder(folder: Path) -> Problem:
    return Problem(
        Text(f"没有以前运行的文件夹“{folder.name}”", f"no folder “{folder.name}” of an earlier run"),
        Text("参数 previous", "parameter previous"),
        Text(
            "写那次运行的 output_dir；没有以前的运行就写 previous: []",
            "write the output_dir of that run; without an earlier run write previous: []",
        ),
    )


def _policy(name: str, base: Path) -> str:
    """A shipped policy by its name, one's own by its path: absolute where ``base``, or the folder ``policy`` in it, has such
    a file."""
    shipped = any((folder / file).is_file() for folder in policies() for file in (name, f"{name}.yaml"))
    folders = [] if shipped else [base, base / "policy"]
    own = (folder / file for folder in folders for file in (name, f"{name}.yaml"))
    return next((str(file.resolve()) for file in own if file.is_file()), name)


def _check_order(limits: Mapping[str, Any], place: str) -> None:
    if limits["link_review"] > limits["link_accept"]:
        requirement = Text("不大于 link_accept 的数", "a number not above link_accept")
        raise UsageError(wrong("link_review", f"{place} › thresholds", requirement))


def _within_term(key: str, day: dt.date, term: str, place: str) -> None:
    """Registers as of a day of another term would make leavers of pupils and pupils of leavers, without a word."""
    first, last = terms.first_day(term), terms.last_day(term)
    if not first <= day <= last:
        requirement = Text(
            f"学期 {term} 之内的一天（{first} 至 {last}）", f"a day of {term}, from {first} to {last}"
        )
        raise UsageError(wrong(key, place, requirement))
