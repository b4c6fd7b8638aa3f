"""Work of a running loop, as a kernel has one: in a thread of its own, since browser tests leave theirs running in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_a_loop(work: Coroutine[Any, Any, None]) -> None:
    """``work`` done in a loop of its own; what it raises is raised."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
