"""Hostile parameter files: each key with each kind of wrong value, YAML that takes a machine down."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hostile_kinds import EITHER, READ, Kind, family, raw

FILE = "p.yaml"
SOUND: dict[str, Any] = {
    "county_code": "990111", "county_name": "样县", "term": "2020-autumn", "count_date": "2020-10-31", "data_dir": "data",
    "sources": {"eligibility": ["eligibility.csv"], "enrolment": ["enrolment.csv"], "payments": ["payments.csv"]},
    "columns": {}, "policy": ["national"], "enrolment_covers": ["primary"],
    "thresholds": {"link_accept": "0.95", "link_review": "0.5", "posting_days": "5", "pay_by": "2020-12-31", "reply_by": "2020-12-15"},
    "previous": [], "hand_in": "registers", "language": "en", "output_dir": "out",
}  # fmt: skip
WRONG: dict[str, Any] = {
    "a list": ["a"], "a mapping": {"a": "b"}, "a list of lists": [["a"]], "nothing": None, "the empty text": "", "blanks": "   ",
    "NUL": "a\0b", "half a character": "a\ud800b", "an escape": "\x1b[2J", "a line break": "a\nb", "a million characters": "x" * 900_000,
    "a long name": "x" * 300, "a long path": "a/" * 1500, "a thousand dots": "../" * 900, "a markup": "<script>", "a formula": "=1+1",
}  # fmt: skip
FREE = ("columns", "previous", "policy", "county_name", "data_dir", "output_dir", "enrolment_covers")
HARMLESS = ("a list", "nothing", "the empty text", "blanks", "a markup", "a formula")  # to these
WRONG_BY_KEY: dict[str, list[str]] = {
    "term": ["0000-spring", "0000-autumn", "9999-autumn", "9999-spring", "2020-summer", "2020-AUTUMN", "20-autumn", "２０２０-autumn", "2020-autumn\n", "-2020-autumn", "2020", "2020-autumn-2"],
    "count_date": ["0001-01-01", "9999-12-31", "2020-02-30", "20201031", "2020-W44-6", "2020-10-31T00:00:00", "31.10.2020", "２０２０-10-31", "45000", "1999-01-01"],
    "county_code": ["../x", "a b", "99 0111", "九九", "x" * 31, "a/b", "a\\b", "990111\n"],
    "language": ["fr", "ZH", "zh-CN"], "hand_in": ["nothing", "Registers"],
}  # fmt: skip
WRONG_THRESHOLDS: dict[str, list[str]] = {
    "link_accept": [
        "nan",
        "inf",
        "-inf",
        "1e400",
        "-0.1",
        "1.1",
        "0,95",
        "95%",
        "0x1",
        "1_0",
        "x" * 4000,
        "9" * 4000,
    ],
    "link_review": ["nan", "0.99", "-1", "1e-400x", "one"],
    "posting_days": ["-1", "5.5", "1000", "1e3", "五", "٥", "0x5", " 5", "5\n"],
    "pay_by": [
        "0001-01-01",
        "9999-12-31",
        "1000-01-01",
        "2020-13-01",
        "20201231",
        "2020-W53-4",
        "never",
        "2020-12-31 ",
    ],
    "reply_by": ["0001-01-01", "9999-12-31", "1899-12-31", "2020-02-30", "20201215", "tomorrow"],
}


def as_yaml(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode()  # JSON is YAML; half of a character is written as \ud800


@family
def values() -> Iterator[Kind]:
    yield Kind("parameters that are sound", raw(FILE, as_yaml(SOUND)), "parameters", READ)
    for key in SOUND:
        for name, value in WRONG.items():
            if key not in FREE and (key, name) != ("county_code", "nothing"):  # null is a code of letters
                yield Kind(f"parameter {key}: {name}", raw(FILE, as_yaml(SOUND | {key: value})), "parameters")
            elif name not in HARMLESS:
                yield Kind(
                    f"parameter {key}: {name}", raw(FILE, as_yaml(SOUND | {key: value})), "parameters", EITHER
                )
        yield Kind(
            f"parameter {key} left out",
            raw(FILE, as_yaml({k: v for k, v in SOUND.items() if k != key})),
            "parameters",
            EITHER,
        )
    for key, wrong in WRONG_BY_KEY.items():
        for value in wrong:
            yield Kind(
                f"parameter {key}: {value[:30]!r}",
                raw(FILE, as_yaml(SOUND | {key: value})),
                "parameters",
                says=FILE,
            )
    for key, wrong in WRONG_THRESHOLDS.items():
        for value in wrong:
            thresholds = SOUND["thresholds"] | {key: value}
            yield Kind(
                f"threshold {key}: {value[:30]!r}",
                raw(FILE, as_yaml(SOUND | {"thresholds": thresholds})),
                "parameters",
                says=FILE,
            )
    yield Kind(
        "a threshold of no name",
        raw(FILE, as_yaml(SOUND | {"thresholds": SOUND["thresholds"] | {"x": "1"}})),
        "parameters",
        says=FILE,
    )
    yield Kind("a key of no name", raw(FILE, as_yaml(SOUND | {"x": "1"})), "parameters", says=FILE)
    yield Kind(
        "a thousand keys of no name",
        raw(FILE, as_yaml(SOUND | {f"x{n}": "1" for n in range(1000)})),
        "parameters",
        says=FILE,
    )
    yield Kind(
        "a key of a thousand characters",
        raw(FILE, as_yaml(SOUND | {"k" * 1000: "1"})),
        "parameters",
        says=FILE,
    )
    many = SOUND["sources"] | {"payments": ["x.csv"] * 60_000}
    yield Kind(
        "sixty thousand sources", raw(FILE, as_yaml(SOUND | {"sources": many})), "parameters", says=FILE
    )


def nest(opening: str, closing: str, depth: int) -> bytes:
    return f"a: {opening * depth}{closing * depth}\n".encode()


def pipe(folder: Path) -> None:
    os.mkfifo(folder / FILE)


def is_folder(folder: Path) -> None:
    (folder / FILE).mkdir()


def loop(folder: Path) -> None:
    (folder / FILE).symlink_to(folder / FILE)


def device(folder: Path) -> None:
    (folder / FILE).symlink_to("/dev/zero")


@family
def yaml() -> Iterator[Kind]:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    aliases = "a: &a x\nb: [" + "*a, " * 200_000 + "*a]\n"
    sound = as_yaml(SOUND)
    texts: dict[str, bytes] = {
        "lists 1500 deep": nest("[", "]", 1500), "lists 100,000 deep": nest("[", "]", 100_000), "mappings 1500 deep": nest("{a: ", "}", 1500),
        "blocks 1500 deep": b"".join(b" " * n + b"a:\n" for n in range(1000)), "dashes 1500 deep": b"- " * 1500 + b"x",
        "lists never closed": b"a: " + b"[" * 5000, "a billion laughs": laughs.encode(), "a list of aliases": aliases.encode(),
        "an alias to itself": b"a: &a [*a]\n", "an alias of nothing": b"a: *b\n", "a merge": b"a: &a {x: y}\nb: {<<: *a}\n",
        "three megabytes": sound + b"#" * 3_000_000, "a message of 2.4 MB": b"? " + b"k" * 2_400_000 + b"\n: 1\n", "a long key": b"k" * 100_000 + b": 1\n",
        "a tab": b"a:\n\tb: 1\n", "NUL": b"a: \0\n", "no end of a quotation": b'a: "x\n', "a key twice": b"a: 1\na: 2\n", "a key that is a list": b"? [a]\n: 1\n",
        "two documents": b"a: 1\n---\nb: 2\n", "a list": b"- a\n- b\n", "a word": b"word\n", "nothing": b"", "blanks": b"  \n", "a comment": b"# x\n",
        "an object of Python": b"a: !!python/object/apply:os.system [echo]\n", "a set": b"a: !!set {x, y}\n", "binary": b"a: !!binary eHg=\n",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(50), "a workbook": b"PK\x03\x04" + bytes(50), "GBK": "county_name: 样县\n".encode("gbk"),
        "UTF-16": "county_name: 样县\n".encode("utf-16"), "wrong bytes": b"a: \xff\xfe\n", "a directive": b"%YAML 9.9\n---\na: 1\n", "an anchor alone": b"a: &b\n",
        "a hundred thousand keys": b"".join(b"k%d: 1\n" % n for n in range(90_000)), "carriage returns": b"a: 1\rb: 2\r",
    }  # fmt: skip
    for name, content in texts.items():
        yield Kind(f"YAML: {name}", raw(FILE, content), "parameters", says=FILE)
    yield Kind("YAML: a byte order mark", raw(FILE, b"\xef\xbb\xbf" + sound), "parameters", READ)
    for name, write in {
        "a pipe": pipe,
        "a folder": is_folder,
        "a loop of links": loop,
        "a device": device,
        "none": lambda _: None,
    }.items():
        yield Kind(f"YAML: {name}", write, "parameters", says=FILE)
