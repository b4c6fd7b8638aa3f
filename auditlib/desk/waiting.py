"""What is shown while a command is under way: its step, how far it is, how long it may still take, and how to stop it."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.desk.page import Block, button, buttons, progress, prose
from auditlib.desk.state import State

STOP = Text("取消", "Cancel")
STEP = Text("第 {number} 步，共 {steps} 步：{step}", "step {number} of {steps}: {step}")
PLAIN_STEP = Text("正在读：{step}", "reading: {step}")
BEGINNING = Text("正在启动", "starting")
LEFT_TEXT = Text("大约还要 {left}", "about {left} left")
MINUTES, SECONDS = Text("{n} 分钟", "{n} min"), Text("{n} 秒", "{n} s")
UNDER_WAY = Text("进度", "Progress")
STOPPING = Text("正在停下……", "stopping …")


def waiting(state: State) -> list[Block]:
    """The job that is under way."""
    assert state.job is not None
    say, now = state.say, state.job.progress()
    if state.job.is_stopped:
        return [prose(say(STOPPING), "hint")]
    step = now.step.partition(" · ")[0 if state.language == "zh" else 2] or now.step
    if state.job.weights:
        text = say(STEP, number=now.number, steps=now.steps, step=step or say(BEGINNING))
    else:
        text = say(PLAIN_STEP, step=step) if step else say(BEGINNING)
    if now.seconds_left is not None:
        text = f"{text} · {say(LEFT_TEXT, left=spoken_time(state, now.seconds_left))}"
    return [progress(say(UNDER_WAY), now.share, text), buttons([button(["stop"], say(STOP))])]


def spoken_time(state: State, seconds: float) -> str:
    """Rounded as one would say it."""
    if seconds > 90:
        return state.say(MINUTES, n=round(seconds / 60))
    return state.say(SECONDS, n=max(5, 5 * round(seconds / 5)))
