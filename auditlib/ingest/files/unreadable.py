"""Files that cannot be opened: what is wrong with them and what to do."""

from __future__ import annotations

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.messages.problems import Place, masked
from auditlib.spreadsheets.refusals import ASK_AGAIN, EMPTY, PACKED_FILE, PAGE, REFUSAL_TEXTS
from auditlib.tables.delivered import Table


class UnreadableFile(Exception):
    """A file that cannot be opened; carries what and remedy, the caller knows where."""

    def __init__(self, what: Text, remedy: Text, row: int | None = None):
        super().__init__(what.en)
        self.what, self.remedy, self.row = what, remedy, row

    def at(self, file: str) -> Problem:
        return Problem(self.what, Place(file, row=self.row).text(), self.remedy)


def empty_file() -> UnreadableFile:
    return UnreadableFile(Text("文件为空（0 字节）", "The file is empty (0 bytes)"), ASK_AGAIN)


def cannot_open() -> UnreadableFile:
    return UnreadableFile(
        Text("文件打不开（权限不足或正被占用）", "The file cannot be opened (no permission, or in use)"),
        Text(
            "关闭正在使用它的程序，检查读取权限",
            "Close the program that uses it; check the permission to read",
        ),
    )


def no_sheets() -> UnreadableFile:
    return UnreadableFile(*REFUSAL_TEXTS[EMPTY])


def too_large(bound: str) -> UnreadableFile:
    return UnreadableFile(
        Text(f"文件展开后过大（超过 {bound}）", f"The file is too large once unpacked (over {bound})"),
        Text(
            "检查表格右下方是否有误填的单元格，或按学校拆分后再报送",
            "Look for stray cells far right or far below, or split the file by school",
        ),
    )


def web_page() -> UnreadableFile:
    return UnreadableFile(*REFUSAL_TEXTS[PAGE])


def packed_file() -> UnreadableFile:
    return UnreadableFile(*REFUSAL_TEXTS[PACKED_FILE])


def not_a_table() -> UnreadableFile:
    return UnreadableFile(
        Text("不是可识别的表格文件", "Not a file of a known kind"),
        Text("提供 .xlsx、.xls、.xlsb、.ods 或 .csv 文件", "Provide .xlsx, .xls, .xlsb, .ods or .csv"),
    )


def word_document() -> UnreadableFile:
    return UnreadableFile(
        Text(
            "这是 Word（WPS 文字）文档，不是电子表格",
            "This is a document of Word (WPS Writer), no spreadsheet",
        ),
        Text(
            "在 Word 或 WPS 文字中打开，选中整张表格复制；新建 Excel 或 WPS 表格，先把各列设为文本再粘贴，核对身份证号 18 位完整，另存为"
            " .xlsx 放在原处，并把参数文件 sources 中的文件名改过来",
            "Open it in Word or WPS Writer, select and copy the whole table; in a new Excel or WPS sheet set the columns to text before "
            "you paste, see that ID numbers have all 18 digits, save it as .xlsx in the same place and change the file's name in sources",
        ),
    )


def data_bank() -> UnreadableFile:
    return UnreadableFile(
        Text("这是 .dbf 数据库文件（FoxPro、dBASE）", "This is a .dbf file (FoxPro, dBASE)"),
        Text(
            "用 WPS 表格或 Excel（文件类型选“所有文件”）打开，另存为 .xlsx，核对身份证号、学籍号 18 位完整；或请报送单位从系统中导出为"
            " .xlsx；然后把参数文件 sources 中的文件名改过来",
            "Open it in WPS or Excel (choose “all files”), save it as .xlsx and see that ID and student numbers are whole; or have it "
            "exported as .xlsx from the system; then change the file's name in sources",
        ),
    )


def scan() -> UnreadableFile:
    return UnreadableFile(
        Text(
            "这是 PDF 或图片，其中的名单读不出来", "This is a PDF or a picture; a list in it cannot be read"
        ),
        Text(
            "请报送单位提供生成它的 Excel 或 WPS 表格（.xlsx）；只有纸质的，照着录入新的表格",
            "Ask the sender for the Excel or WPS sheet (.xlsx) that it was made from; where there is paper only, type it into a new sheet",
        ),
    )


def undecodable(offset: int, row: int) -> UnreadableFile:
    return UnreadableFile(
        Text(
            f"文字编码无法识别：第 {offset} 字节处既不是 UTF-8 也不是 GB18030",
            f"Unknown text encoding: byte {offset} is neither UTF-8 nor GB18030",
        ),
        Text("另存为“CSV UTF-8”，或提供 .xlsx", "Save it as “CSV UTF-8”, or provide .xlsx"),
        row,
    )


def open_quote(row: int) -> UnreadableFile:
    return UnreadableFile(
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


def long_cell(row: int) -> UnreadableFile:
    return UnreadableFile(
        Text(
            "一格超过一百万字，多半是引号没有成对",
            "A cell of over a million characters; a quotation mark is open",
        ),
        Text("检查这一行的引号，或提供 .xlsx", "Check the quotation marks on this line, or provide .xlsx"),
        row,
    )


def wide_line(row: int) -> UnreadableFile:
    return UnreadableFile(
        Text("一行超过 16384 格", "A line of more than 16,384 cells"),
        Text("检查这一行的分隔符，或提供 .xlsx", "Check the separators of this line, or provide .xlsx"),
        row,
    )


def not_a_file() -> UnreadableFile:
    return UnreadableFile(
        Text(
            "不是普通文件（是管道、设备或打不开的链接）",
            "Not an ordinary file (a pipe, a device, or a link that leads nowhere)",
        ),
        Text("移走它，或换成真正的文件", "Move it away, or put the file itself in its place"),
    )


def old_xls() -> UnreadableFile:
    return UnreadableFile(
        Text("这是没有容器的旧式 .xls（很早的 Excel 格式）", "This is an old .xls without its container"),
        Text(
            "用 Excel 打开后另存为 .xlsx，另存后检查身份证号列是否完整",
            "Open it in Excel and save it as .xlsx; then see that the ID numbers are whole",
        ),
    )


def closed_folder(table: Table, folder: str) -> Problem:
    """A folder of the delivery whose files cannot even be listed."""
    return Problem(
        Text(
            "子文件夹打不开（权限不足），其中的文件没有读到",
            "A sub-folder cannot be opened (no permission); the files in it were not read",
        ),
        Text(f"{masked(folder)}（sources.{table.name}）", f"{masked(folder)} (sources.{table.name})"),
        Text("检查文件夹的读取权限，或移走它", "Check the permission to read it, or move it away"),
    )
