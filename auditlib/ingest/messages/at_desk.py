"""Where the desk does what a message asks, said before what one would write by hand: both come to the same file."""

from __future__ import annotations

import re

from auditlib.base.language import Text

_DESK_AND_HAND = re.compile(r"(?:工作台：|At the desk: )(.*?)(?:。手写：|\. By hand: ).*")


def or_by_hand(at_desk: Text, by_hand: Text) -> Text:
    """The desk's way first; whoever writes the files by hand reads on."""
    return Text(
        f"工作台：{at_desk.zh}。手写：{by_hand.zh}", f"At the desk: {at_desk.en}. By hand: {by_hand.en}"
    )


def without_by_hand(message: str) -> str:
    """``message`` as the desk shows it: what one would write by hand is left out, line by line."""
    return _DESK_AND_HAND.sub(r"\1", message)


def which_column(title: Text) -> Text:
    """One of several columns that mean the same has to be chosen, and nothing tells which."""
    return Text(
        f"只有一列是本次要核对的，“文件”一步打开这张表，在那一列上方选“{title.zh}”",
        f"where one alone is of this run, open the sheet in the step Files and choose “{title.en}” above it",
    )


def as_column(header: str, title: Text) -> Text:
    """Say above a column what it means."""
    zh, en = (f"“{header}”", f"“{header}”") if header else ("写这一项的列", "the column that says it")
    return Text(
        f"“文件”一步打开这张表，在{zh}上方选“{title.zh}”",
        f"in the step Files, open the sheet and choose “{title.en}” above {en}",
    )


def or_not_needed(choice: Text) -> Text:
    """The same, or the choice that nobody needs the column."""
    return Text(f"{choice.zh}，不是的选“不需要”", f"{choice.en}, or “not needed”")


def as_table(title: Text) -> Text:
    """Say of which table a sheet is."""
    return Text(
        f"“文件”一步把这张表改选为“{title.zh}”，用不着的选“不需要”",
        f"in the step Files choose “{title.en}” for the sheet, or “not needed”",
    )


def for_all_rows(title: Text) -> Text:
    """Say what holds for a whole sheet."""
    return Text(
        f"“文件”一步打开这张表，为全表选定“{title.zh}”",
        f"in the step Files open the sheet and choose “{title.en}” for all its rows",
    )


def or_planned(choice: Text, header: str) -> Text:
    """A list that says what is to be paid is perhaps no list of what was paid."""
    return Text(
        f"“{header}”是应发数：这是拟发放名单的，“文件”一步把这张表改选为“拟发放名单”；是已发放的，{choice.zh}",
        f"“{header}” says what is to be paid: if this is the list of what is planned, choose “Planned payments” for the sheet in "
        f"the step Files; if it was paid, {choice.en}",
    )


def or_for_all_rows(choice: Text, title: Text) -> Text:
    """A choice above a column, or one for the whole sheet."""
    return Text(
        f"{choice.zh}；没有这一列的，为全表选定“{title.zh}”",
        f"{choice.en}; where there is no such column, “{title.en}” for all rows",
    )


LIVING_AID = Text(
    "生活补助：寄宿、非寄宿都有，按拟发放名单和学籍分",
    "living aid of boarders and day pupils: the planned list and the register tell them apart",
)


def or_of_both_kinds(choice: Text) -> Text:
    """A list of living aid that says nowhere who boards."""
    return Text(
        f"{choice.zh}（寄宿、非寄宿都有而没有写明的，选“{LIVING_AID.zh}”）",
        f"{choice.en} (“{LIVING_AID.en}” where it has both and does not say which)",
    )


EACH_COLUMN = Text(
    "“文件”一步打开这张表，在各列上方选它的意思；是别的表的改选，用不着的选“不需要”",
    "in the step Files open the sheet and say above its columns what they mean; choose another table if it is one, or “not needed”",
)
EMPTY = Text(
    "换上有数据的文件，在“文件”一步按“重新读文件夹”；没有这种名册的，把这张表选为“不需要”；本学期确实一行也没有的，在“日期和界限”一步勾上这张表",
    "put the file with its rows in its place and press “Read the folder again” in the step Files; without such a register choose “not needed” for the sheet; where this term truly has none, tick the table in the step Dates and limits",
)
OTHER_SCHEMES = Text(
    "在“文件”一步加上有本次项目的文件；没有的，把这张表选为“不需要”",
    "add the file of this audit's schemes in the step Files; without one choose “not needed” for the sheet",
)
FOLDER = Text(
    "“县和文件夹”一步重新选放资料的文件夹",
    "in the step County and folder choose the folder of the files again",
)
ADD_FILE = Text(
    "把文件放进数据文件夹，在“文件”一步按“重新读文件夹”",
    "put the file into the folder and press “Read the folder again” in the step Files",
)
READ_AGAIN = Text(
    "“文件”一步按“重新读文件夹”，再看这个文件的每张表选的是什么",
    "in the step Files press “Read the folder again”, then look at what each sheet of the file is said to be",
)
NOT_NEEDED = Text("“文件”一步把这张表选为“不需要”", "in the step Files choose “not needed” for the sheet")
MEANING = Text("“取值”一步选这种写法的意思", "in the step Values say what the spelling means")
