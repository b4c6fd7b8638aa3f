"""What ingest asks where a layout cannot be read for certain: what it saw, where, and what to write where."""

from __future__ import annotations

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.problems import Place, masked
from auditlib.tables.delivered import Table


def whose_number(table: Table, place: Place, header: str, neighbour: str) -> Problem:
    """A column of ID numbers that follows another person's name, while its cells do not tell whose they are."""
    own = f'{table.name}: {{"{masked(header)}": id_number}}'
    return Problem(
        Text(
            f"“{masked(header)}”排在“{masked(neighbour)}”之后，分不清是谁的号码",
            f"“{masked(header)}” follows “{masked(neighbour)}”; whose number is it?",
        ),
        place.text(),
        Text(
            f"是学生（登记对象）本人的，在参数文件 columns 中写 {own}；"
            f"是“{masked(neighbour)}”的，把表头改为“{masked(neighbour)}身份证号”",
            f"If it is the number of the pupil (the person listed), write {own} under columns in the parameter "
            f"file; if it is that of “{masked(neighbour)}”, change the header to “{masked(neighbour)}身份证号”",
        ),
    )


def only_parts(table: Table, place: Place) -> Problem:
    """Printed totals whose every row is of a school, a town or a stage."""
    return Problem(
        Text(
            "报表的每一行都只是一所学校、一个乡镇或一个学段的，没有全县的行",
            "Every row of this printed total is of one school, town or stage; none is of the whole county",
        ),
        place.text(),
        Text(
            "分学校、乡镇、学段的行不与全县明细比较；加一行全县“合计”，或把该文件从 sources.control_totals 中去掉",
            "Rows of a part are not compared with the county's detail: add a row 合计 of the whole county, or take "
            "the file out of sources.control_totals",
        ),
    )


def part_of_aid(table: Table, place: Place, title: str) -> Problem:
    """Printed totals without a scheme under a title that speaks of some of the aid."""
    return Problem(
        Text(
            f"没有“资助项目”一列，而标题或名称只说到一部分资助：“{masked(title)}”",
            f"There is no column of schemes, and a title or name speaks of a part of the aid: “{masked(title)}”",
        ),
        place.text(),
        Text(
            "若是一个项目的，在参数文件 sources.control_totals 中为该文件写明，如 scheme: boarder_allowance；"
            "若合并了几个项目，请按项目分行，或把该文件去掉",
            "If it is of one scheme, state it for the file in sources.control_totals, such as "
            "scheme: boarder_allowance; if it sums several, give a row a scheme, or take the file out",
        ),
    )
