"""Files that cannot be opened: what is wrong with them and what to do."""

from __future__ import annotations

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.problems import Place


class Unreadable(Exception):
    """A file that cannot be opened; carries what and remedy, the caller knows where."""

    def __init__(self, what: Text, remedy: Text, row: int | None = None):
        super().__init__(what.en)
        self.what, self.remedy, self.row = what, remedy, row

    def at(self, file: str) -> Problem:
        return Problem(self.what, Place(file, row=self.row).text(), self.remedy)


_SAVE_AGAIN = Text(
    "用 Excel 或 WPS 打开后另存为 .xlsx，再放回原处", "Open it in Excel or WPS and save it as .xlsx"
)
_ASK_AGAIN = Text("请报送单位重新提供", "Ask the sender for the file again")


def empty_file() -> Unreadable:
    return Unreadable(Text("文件为空（0 字节）", "The file is empty (0 bytes)"), _ASK_AGAIN)


def cannot_open() -> Unreadable:
    return Unreadable(
        Text("文件打不开（权限不足或正被占用）", "The file cannot be opened (no permission, or in use)"),
        Text(
            "关闭正在使用它的程序，检查读取权限",
            "Close the program that uses it; check the permission to read",
        ),
    )


def has_password() -> Unreadable:
    return Unreadable(
        Text("工作簿有密码保护", "The workbook is protected by a password"),
        Text("打开后取消密码并另存", "Open it, remove the password and save it"),
    )


def damaged_workbook() -> Unreadable:
    return Unreadable(
        Text(
            "工作簿损坏、不完整，或不是电子表格", "The workbook is damaged, cut short, or not a spreadsheet"
        ),
        Text(
            f"{_SAVE_AGAIN.zh}；打不开时{_ASK_AGAIN.zh}",
            f"{_SAVE_AGAIN.en}; if that fails, ask the sender again",
        ),
    )


def no_sheets() -> Unreadable:
    return Unreadable(Text("工作簿中没有任何内容", "The workbook holds nothing"), _ASK_AGAIN)


def too_large(bound: str) -> Unreadable:
    return Unreadable(
        Text(f"文件展开后过大（超过 {bound}）", f"The file is too large once unpacked (over {bound})"),
        Text(
            "检查表格右下方是否有误填的单元格，或按学校拆分后再报送",
            "Look for stray cells far right or far below, or split the file by school",
        ),
    )


def web_page() -> Unreadable:
    return Unreadable(
        Text("这是网页或 XML，不是电子表格", "This is a web page or XML, not a spreadsheet"), _SAVE_AGAIN
    )


def not_a_table() -> Unreadable:
    return Unreadable(
        Text("不是可识别的表格文件", "Not a file of a known kind"),
        Text("提供 .xlsx、.xls、.xlsb、.ods 或 .csv 文件", "Provide .xlsx, .xls, .xlsb, .ods or .csv"),
    )


def undecodable(offset: int, row: int) -> Unreadable:
    return Unreadable(
        Text(
            f"文字编码无法识别：第 {offset} 字节处既不是 UTF-8 也不是 GB18030",
            f"Unknown text encoding: byte {offset} is neither UTF-8 nor GB18030",
        ),
        Text("另存为“CSV UTF-8”，或提供 .xlsx", "Save it as “CSV UTF-8”, or provide .xlsx"),
        row,
    )


def open_quote(row: int) -> Unreadable:
    return Unreadable(
        Text(
            "引号没有成对，其后的行会并成一格",
            "A quotation mark is not closed; the lines after it run into one cell",
        ),
        Text(
            "补上或删去这一行多余的引号，或提供 .xlsx",
            "Close or delete the stray mark on this line, or provide .xlsx",
        ),
        row,
    )


def long_cell(row: int) -> Unreadable:
    return Unreadable(
        Text(
            "一格超过一百万字，多半是引号没有成对",
            "A cell of over a million characters; a quotation mark is open",
        ),
        Text("检查这一行的引号，或提供 .xlsx", "Check the quotation marks on this line, or provide .xlsx"),
        row,
    )
