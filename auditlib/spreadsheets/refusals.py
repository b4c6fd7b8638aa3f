"""Workbooks that cannot be read: what is wrong with them and what to do; the caller knows where."""

from __future__ import annotations

from auditlib.base.language import Text

SAVE_AGAIN = Text(
    "用 Excel 或 WPS 打开后另存为 .xlsx，再放回原处", "Open it in Excel or WPS and save it as .xlsx"
)
ASK_AGAIN = Text("请报送单位重新提供", "Ask the sender for the file again")
SAVE_OR_ASK = Text(
    f"{SAVE_AGAIN.zh}；打不开时{ASK_AGAIN.zh}", f"{SAVE_AGAIN.en}; if that fails, ask the sender again"
)
LARGEST = 2 << 30  # bytes, all parts of a workbook unpacked
MOST_CELLS = 40_000_000  # rows x columns of one sheet
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576  # of a sheet, in every program there is

PASSWORD, DAMAGED_FILE, EMPTY, BYTES, BUSY = "password", "damaged", "empty", "bytes", "busy"
PACKED_FILE = "packed"  # an archive of files
PAGE = "page"  # a web page without a list, or XML
CELLS, FAR, SPARSE = "cells", "far", "sparse"  # too many; a stray one; a stray one, and not too many
_SPLIT = Text(
    "检查表格右下方是否有误填的单元格，或按学校拆分后再报送",
    "Look for stray cells far right or far below, or split the file by school",
)
_STRAY = Text(
    "工作表“{sheet}”的内容远至 {cell}：多半是误填，删去它所在的行和列后另存",
    "Sheet “{sheet}” reaches out to {cell}, probably a stray cell: delete its row and column and save the file",
)
_TOO_MANY = Text(
    f"文件展开后过大（超过 {MOST_CELLS:,} 格）",
    f"The file is too large once unpacked (over {MOST_CELLS:,} cells)",
)
REFUSAL_TEXTS: dict[str, tuple[Text, Text]] = {
    PASSWORD: (
        Text("工作簿有密码保护", "The workbook is protected by a password"),
        Text(
            "打开后取消密码并另存；打开时不要求密码的是结构受保护，取消“审阅 › 保护工作簿”后另存为 .xlsx",
            "Open it, remove the password and save it; if none is asked for, its structure is protected: switch off Review › Protect Workbook and save it as .xlsx",
        ),
    ),
    DAMAGED_FILE: (
        Text(
            "工作簿损坏、不完整，或不是电子表格", "The workbook is damaged, cut short, or not a spreadsheet"
        ),
        SAVE_OR_ASK,
    ),
    EMPTY: (Text("工作簿中没有任何内容", "The workbook holds nothing"), ASK_AGAIN),
    BYTES: (
        Text(
            "文件展开后大得不成比例，不像填写的表格",
            "The file unpacks to far more than a list that people filled in",
        ),
        _SPLIT,
    ),
    CELLS: (_TOO_MANY, _SPLIT),
    FAR: (_TOO_MANY, _STRAY),
    SPARSE: (
        Text(
            "工作表跨度过大，而填了内容的只有 {filled} 格",
            "A sheet reaches very far, yet only {filled} cells are filled in",
        ),
        _STRAY,
    ),
    PACKED_FILE: (
        Text("这是压缩包，里面的文件没有读", "This is an archive; the files in it were not read"),
        Text(
            "把它解压到数据文件夹的一个子文件夹，在 sources 中写里面的文件（如 学前资助/*.xlsx），去掉压缩包；在工作台拖入压缩包会自动解压",
            "Unpack it into a folder below the data folder, name the files in it under sources (such as 学前资助/*.xlsx) and take the "
            "archive out; the desk unpacks an archive that is dropped onto it",
        ),
    ),
    PAGE: (
        Text(
            "这是网页或 XML，其中没有可读的名单",
            "This is a web page or XML that holds no list which could be read",
        ),
        Text(
            "用 WPS 或 Excel 打开，看是不是要登录或出错的页面：是的，重新导出；有名单的，先把身份证号、卡号各列设为文本，再另存为"
            " .xlsx 放回原处，并核对这些列没有变成 3.6E+17 之类；变了的，请报送单位改以文本格式导出",
            "Open it in WPS or Excel and see whether it is a login or error page: if so, export the list again; if the list is "
            "there, format the columns of ID and card numbers as text, save it as .xlsx in the same place and see that no number "
            "has become 3.6E+17; where one has, ask the sender for an export as text",
        ),
    ),
    BUSY: (
        Text(
            "读取电子表格的进程无法启动",
            "The process that reads workbooks could not be started",
        ),
        Text("关闭其他程序后再试", "Close other programs and try again"),
    ),
}


class Refused(Exception):
    """A workbook that is not read: ``what`` is wrong with it and the ``remedy``."""

    def __init__(self, reason: str, **facts: str):
        super().__init__(reason)
        self.reason, self.facts = reason, facts
        what, remedy = REFUSAL_TEXTS[reason]
        self.what, self.remedy = what.fill(**facts), remedy.fill(**facts)
