"""The plain county: one pupil as a county should have it (eligible, enrolled, posted, approved, paid in full), and
small counties that differ from it in a few cells, run through the whole chain from raw text.

An overlay's values may hold places: ``{id}``, ``{name}``, ``{household}``, ``{account}``, ``{school}``,
``{school_name}``, ``{student_no}``, ``{guardian}``, ``{guardian_id}`` and ``{birth}`` are the pupil's own and differ
from one example to the next; ``{id2}``, ``{name2}`` … are a second pupil's (up to 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, str]
County = dict[str, list[Row]]

PARAMETERS: dict[str, Any] = {
    "county_code": "990100",
    "county_name": "平县",
    "term": "2020-autumn",
    "count_date": "2020-10-31",
    "data_dir": ".",
    "sources": {},
    "policy": ["national"],
    "enrolment_covers": ["primary", "junior", "senior", "special"],
    "thresholds": {
        "link_accept": 0.95,
        "link_review": 0.5,
        "posting_days": 5,
        "pay_by": "2020-12-31",
        "reply_by": "2020-12-15",
    },
    "output_dir": ".",
}

PUPIL = {"name": "{name}", "id_number": "{id}"}
PLAIN: dict[str, Row] = {
    "eligibility": PUPIL | {
        "category": "建档立卡", "household_no": "{household}", "relation": "之子", "birth_date": "{birth}",
        "town": "青山镇", "valid_from": "2014-12", "school_name": "{school_name}",
    },
    "enrolment": PUPIL | {
        "student_no": "{student_no}", "birth_date": "{birth}", "school_code": "{school}",
        "school_name": "{school_name}", "stage": "小学", "grade": "三年级", "class_name": "1班", "boarding": "住校",
        "status": "在读", "guardian_name": "{guardian}", "guardian_id": "{guardian_id}",
    },
    "payments": PUPIL | {
        "school_code": "{school}", "school_name": "{school_name}", "scheme": "寄宿生生活补助",
        "term": "2020年秋季学期", "amount": "500", "pay_date": "2020-11-20", "result": "成功",
        "account_no": "{account}", "account_holder": "{name}",
    },
    "applications": PUPIL | {
        "school_name": "{school_name}", "category": "建档立卡", "applied_on": "2020-09-10",
        "posted_from": "2020-09-21", "posted_to": "2020-09-25", "approved_on": "2020-10-12",
    },
    "schools": {"school_code": "{school}", "school_name": "{school_name}", "stage": "小学", "town": "青山镇"},
}  # fmt: skip
# Tables in which the plain pupil has no row; a row that an example lays there starts from this.
STARTS: dict[str, Row] = {
    "letters": PUPIL | {
        "household_no": "{household}", "destination": "外省某小学", "sent_on": "2020-09-20", "replied_on": "2020-10-20",
        "aided": "是",
    },
    "control_totals": {"term": "2020-autumn"},
}  # fmt: skip
SENIOR = {"enrolment": {"stage": "高中", "grade": "高一"}, "schools": {"stage": "高中"}}

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
SYLLABLES = "安邦昌德恩方刚海家凯兰敏宁平强然胜涛文晓雅泽志忠博晨冬飞光浩吉军康林梅鹏清荣思婷伟星燕勇云珍竹"


def check_digit(seventeen: str) -> str:
    """The check character of GB 11643-1999, in plain Python."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, weights, strict=True)) % 11]


def id_number(example: int, person: int, birth: str, area: str = "9901") -> str:
    """A sound made-up number (area 99): its own for every example and person."""
    body = f"{area}{person:02d}{birth.replace('-', '')}{example:03d}"
    return body + check_digit(body)


def person_name(example: int, person: int) -> str:
    """A name that no other person of the county has, nor one that sounds like it."""
    number = example * 20 + person
    size = len(SYLLABLES)
    return SURNAMES[number // size**2 % len(SURNAMES)] + SYLLABLES[number // size % size] + SYLLABLES[number % size]


def places(example: int, births: Mapping[int, str]) -> Row:
    """What the places in an overlay stand for."""
    words = {"before_number": f"{example:03d}"}
    for person in range(1, 10):
        tail = "" if person == 1 else str(person)
        birth = births.get(person, births[1])
        number = id_number(example, person, birth)
        other = id_number(example, person + 30, birth)
        wrong = "0123456789"[(int(number[17]) + 1) % 10] if number[17] != "X" else "0"
        words |= {
            "id": number,
            "id15": number[:6] + number[8:17],
            "id_wrong_check": number[:17] + wrong,
            "id_other": other,
            "id_float": f"{number[0]}.{number[1:6]}E+17",
            "name": person_name(example, person),
            "birth": birth,
            "household": f"HU{example:03d}{person}",
            "account": f"6229{example:03d}{person:012d}",
            "school": f"99{example:03d}{person:05d}",
            "school_name": f"第{example}之{person}学校",
            "student_no": "G" + number,
            "student_no_l": "L" + other,
            "guardian": "郭" + person_name(example, person)[1:],
            "guardian_id": id_number(example, person + 60, "1980-01-01"),
        }.items().__class__ and {
            f"{word}{tail}": value
            for word, value in {
                "id": number,
                "id15": number[:6] + number[8:17],
                "id_wrong_check": number[:17] + wrong,
                "id_other": other,
                "id_float": f"{number[0]}.{number[1:6]}E+17",
                "name": person_name(example, person),
                "birth": birth,
                "household": f"HU{example:03d}{person}",
                "account": f"6229{example:03d}{person:012d}",
                "school": f"99{example:03d}{person:05d}",
                "school_name": f"第{example}之{person}学校",
                "student_no": "G" + number,
                "student_no_l": "L" + other,
                "guardian": "郭" + person_name(example, person)[1:],
                "guardian_id": id_number(example, person + 60, "1980-01-01"),
            }.items()
        }
    return words
