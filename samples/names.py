"""Made-up names: surnames by frequency, given names, minority names, and spellings that differ."""

from __future__ import annotations

import random

COMMON_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
OTHER_SURNAMES = "郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"
RARER_SURNAMES = (
    "叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹"
    "熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔"
)
COMMON_WEIGHTS = (70, 70, 65, 52, 44, 30, 22, 21, 20, 20, 17, 15, 13, 13, 12, 11, 11, 10, 10, 10)
SURNAMES = (
    dict(zip(COMMON_SURNAMES, COMMON_WEIGHTS, strict=True))
    | dict.fromkeys(OTHER_SURNAMES, 8)
    | dict.fromkeys(RARER_SURNAMES, 4)
)
BOYS = (
    "伟强磊洋勇军杰涛超明刚平辉鹏华飞鑫波斌宇浩凯俊帆帅旭宁龙林欢"
    "成博文武建国志海东峰晨阳子轩浩然梓睿泽宇航天佑嘉诚铭哲翰瑞霖恒毅"
)
GIRLS = (
    "芳娜敏静丽艳娟霞秀玲桂英婷雪慧巧美梅莉欣怡佳颖悦琪梦瑶思雨涵"
    "诗萱紫馨语彤晓萌可心若曦雅琴凤洁云香月红燕蓉倩婉清兰"
)
RARE = "𬎆㛃㼆䶮"
MINORITY = (
    ("阿依古丽", "女"), ("古丽娜尔", "女"), ("帕提古丽", "女"), ("努尔兰", "男"), ("艾力", "男"),
    ("买买提", "男"), ("卓玛", "女"), ("扎西", "男"), ("木合塔尔", "男"), ("热依汗", "女"),
)  # fmt: skip
MINORITY_FATHERS = ("买买提", "吐尔逊", "艾山", "依明", "热合曼", "尼牙孜", "达瓦", "沙依提")
SEPARATOR = "·"
OTHER_DOTS = "•．.・‧"

# The same sound, tone included; the second never a variant of the first.
HOMOPHONES = dict(
    zip(
        "伟静佳琪宇欣婷杰涵丽明华雪悦浩燕辉瑶梦怡轩志诗敏娟思晨",
        "玮靖嘉淇雨馨廷洁晗莉铭骅鳕月昊艳晖遥孟宜萱智师闵鹃丝辰",
        strict=True,
    )
)
# Another shape of the same character (traditional or regional).
VARIANTS = dict(zip("峰杰国华丽强东飞龙凤云兰", "峯傑國華麗強東飛龍鳳雲蘭", strict=True))
OTHER_NAMES = ("志远", "小满", "春生", "秋菊", "长顺", "金玉", "福来", "水根")


class NameMaker:
    """Draws names with their own stream of random numbers."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._surnames = list(SURNAMES)
        self._weights = [SURNAMES[s] for s in self._surnames]

    def surname(self) -> str:
        return self._random.choices(self._surnames, self._weights)[0]

    def given(self, sex: str) -> str:
        letters = BOYS if sex == "男" else GIRLS
        first = self._random.choice(letters)
        if self._random.random() < 0.22:
            return first
        if self._random.random() < 0.002:
            return first + self._random.choice(RARE)
        return first + self._random.choice(letters)

    def minority(self, sex: str, father: str) -> str:
        first_name = self._random.choice([name for name, of in MINORITY if of == sex])
        return first_name + SEPARATOR + father

    def minority_father(self) -> str:
        return self._random.choice(MINORITY_FATHERS)


def homophone(name: str) -> str | None:
    """``name`` with its last replaceable given character written as another one of the same sound."""
    return _with_other_sign(name, HOMOPHONES)


def variant(name: str) -> str | None:
    """``name`` with one character in another of its shapes."""
    return _with_other_sign(name, VARIANTS)


def _with_other_sign(name: str, table: dict[str, str]) -> str | None:
    for at in range(len(name) - 1, 0, -1):
        if name[at] in table:
            return name[:at] + table[name[at]] + name[at + 1 :]
    return None
