"""The key that the city shares with its counties, dropped onto the page where a package is to hold tokens. Part of the fifth step."""

from __future__ import annotations

import shutil
from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.owners import shut_folder
from auditlib.desk.dropping import Dropped
from auditlib.desk.page import Block, drop, prose
from auditlib.desk.state import State
from auditlib.package import keys

DROP = Text("把市里给的 {file} 拖到这里", "Drop the city's {file} here")
CHOOSE = Text("选择密钥文件…", "Choose the key …")
HELP = Text("存入本机的密钥文件夹，只有您能读", "it is stored with this machine's keys, for you alone")
SENDING = Text("正在存入 …", "storing …")
NONE = Text(
    "加密代号要用市里统一的密钥，本机还没有：向市里要，用报送包以外的途径送来。",
    "Tokens need the key that the city shares, which is not here yet: ask the city for it, by another way than the package.",
)
NAME = Text(
    "本机的密钥：{name}。请打电话与市里核对；不同的，拖入市里的，否则与别县比不上。",
    "The key of this machine: {name}. Compare it with the city by telephone; if it is another one, drop the city's, or no person is found in two counties.",
)
NEW_KEY = Text("已收下市里的密钥：{name}", "The city's key is here: {name}")
BESIDE = Text("；原有的密钥留作 {file}", "; the one before is kept as {file}")


def blocks(state: State) -> list[Block]:
    """Which key lies here, and where to drop the city's; nothing where the package names persons."""
    if state.term.text("hand_in") != "tokens":
        return []
    say, file = state.say, keys.FINGERPRINT_FILE
    key = keys.fingerprint_key()
    place = drop(
        ["drop", "key"],
        say(DROP, file=file),
        say(CHOOSE),
        say(HELP),
        state.say(SENDING),
        (Path(file).suffix,),
    )
    own_key = keys.own_key_of_tokens("tokens")
    text = say(own_key[0]) if own_key else say(NAME, name=key.name) if key else say(NONE)
    return [prose(text, "amber" if own_key or not key else "hint"), place]


def receiver() -> Dropped:
    """Takes a key beside the one that is in use."""
    return Dropped(_arrivals(), (Path(keys.FINGERPRINT_FILE).suffix,), unpacks=False, numbered=True)


def _arrivals() -> Path:
    return shut_folder(keys.folder() / "received")


def take(state: State, dropped_files: Dropped) -> None:
    """The key that was dropped in its place, the one before kept beside it. Raises AuditError where it is none."""
    if not dropped_files.places:
        return
    arrival, place = dropped_files.places[-1], keys.folder() / keys.FINGERPRINT_FILE
    trial = shut_folder(_arrivals() / "trial") / keys.FINGERPRINT_FILE
    arrival.replace(trial)
    try:
        key, before = keys.fingerprint_key(trial.parent), keys.fingerprint_key()
        assert key is not None, "it was put there above"
        sentence = state.say(NEW_KEY, name=key.name)
        if before is not None and before.name != key.name:
            older_key = place.with_name(f"{place.stem}-{before.name}{place.suffix}")
            shutil.copy2(place, older_key)  # a key stands in its place at every moment
            sentence += state.say(BESIDE, file=older_key.name)
        trial.replace(place)
    finally:
        shutil.rmtree(_arrivals(), ignore_errors=True)
    state.notice = ("good", sentence)
