"""A folder of one's own: parameters, spellings and standards to edit, templates, a sample, the workbench's notebooks.

``auditlib-folder.txt`` marks it: commands that are run in it, or with a parameter file in it, use what stands there.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from auditlib.base.errors import Problem, UsageError
from auditlib.base.faults import in_words
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.base.places import CODES, HEADERS, MARKER, NOTEBOOKS, PARAMS, POLICIES, SAMPLES, SCHEMAS
from auditlib.county.start_file import BUNDLE_VARIABLE, NAME, start_file

SAMPLE, SAMPLE_DATA = "qinghe-2020-autumn.yaml", "qinghe/2020-autumn"
OWN_NOTEBOOKS = ("explore.ipynb", "own_analysis.ipynb")
"""Those that read runs; the audit programmes belong to the program, and a copy here would change nothing."""
ABOUT = Text(
    """本文件夹由 auditlib init 建立。请勿删除本文件：程序凭它认出这个文件夹。
在本文件夹里运行命令，或参数文件在本文件夹里，就使用这里的表头、取值写法和标准；这里缺少的文件用程序自带的。

params/          参数文件；headers.csv 表头写法；codes/ 取值写法；policy/ 标准
data_samples/    样例县的数据（虚构）
templates/       各表的 Excel 模板
notebooks/       工作台和自己的分析
runs/            运行结果（运行后出现；含个人信息，仅供经授权的人员）
""",
    """auditlib init made this folder. Keep this file: the program knows the folder by it.
Commands that are run in this folder, or with a parameter file in it, use the headers, spellings and standards here; a file
that is missing here is taken from the program.

params/          parameter files; headers.csv spellings of headers; codes/ of values; policy/ standards
data_samples/    a sample county's delivery (invented)
templates/       Excel templates of every table
notebooks/       the workbench, and analyses of one's own
runs/            what runs write (personal data: for the authorised only)
""",
)
NOT_EMPTY = (
    Text("文件夹里已有内容，没有写入任何文件", "the folder is not empty; nothing was written"),
    Text("请换一个新的或空的文件夹", "name a new or an empty folder"),
)
NO_FOLDER = (
    Text("这个名称是一个文件，不是文件夹", "this name is a file, not a folder"),
    Text("请换一个名称", "choose another name"),
)
MADE_TEXT = Text("已建立：{folder}", "made: {folder}")
CLICK = Text(
    "用鼠标：双击该文件夹里的“{name}”（可右键发送到桌面快捷方式）",
    "by mouse: click “{name}” in that folder (its shortcut may be put on the desktop)",
)
TRY = Text(
    "试运行样例：进入该文件夹，运行 auditlib self-check params/{sample}",
    "to try the sample: in that folder run auditlib self-check params/{sample}",
)
OWN = Text(
    "自己的县：复制该参数文件，改县名、学期、data_dir 和 sources；先运行 auditlib ingest",
    "for your county: copy that parameter file, change county, term, data_dir and sources; run auditlib ingest first",
)


def write_folder(folder: Path, language: str) -> None:
    """All of it in ``folder``, or nothing. Raises UsageError where something lies there, AuditError where the disk refuses."""
    _refuse_filled(folder, language)
    with in_words(language), together(folder, language=language) as into:
        _fill(into, language)
        if not os.environ.get(BUNDLE_VARIABLE):
            name, content = start_file(folder.resolve(), sys.executable, language, windows=os.name == "nt")
            (into / name).write_bytes(content)
            (into / name).chmod(0o700)


def next_steps(folder: Path, language: str) -> list[str]:
    """What was made, and what to do with it, a line each."""
    click = () if os.environ.get(BUNDLE_VARIABLE) else (CLICK.fill(name=NAME),)
    texts = (MADE_TEXT.fill(folder=folder.resolve()), *click, TRY.fill(sample=SAMPLE), OWN)
    return [text.into(language) for text in texts]


def _refuse_filled(folder: Path, language: str) -> None:
    is_filled = folder.is_dir() and any(folder.iterdir())
    if folder.is_file() or is_filled:
        what, remedy = NOT_EMPTY if is_filled else NO_FOLDER
        name = folder.resolve().name
        raise UsageError(Problem(what, Text(name, name), remedy), language)


def _fill(folder: Path, language: str) -> None:
    from auditlib.forms.templates import write_templates

    params, notebooks, templates = (folder / name for name in ("params", "notebooks", "templates"))
    for part in (params / "counties", notebooks, templates):
        part.mkdir(parents=True)
    for source in (CODES, POLICIES, SCHEMAS):
        shutil.copytree(source, params / source.name, copy_function=shutil.copyfile)
    for file in (HEADERS, PARAMS / SAMPLE):
        shutil.copyfile(file, params / file.name)
    for name in OWN_NOTEBOOKS:
        shutil.copyfile(NOTEBOOKS / name, notebooks / name)
    shutil.copytree(SAMPLES / SAMPLE_DATA, folder / SAMPLES.name / SAMPLE_DATA, copy_function=shutil.copyfile)
    write_templates(templates, language)
    (folder / MARKER).write_text(ABOUT.into(language), "utf-8", newline="\n")
