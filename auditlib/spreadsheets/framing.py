"""Questions and answers on a pipe, one after the other: how many bytes follow, and these."""

from __future__ import annotations

from typing import IO

_LENGTH = 8  # bytes


def frame(content: bytes) -> bytes:
    """``content`` as it goes through the pipe."""
    return len(content).to_bytes(_LENGTH, "big") + content


def next_content(pipe: IO[bytes]) -> bytes:
    """The next content. Raises EOFError where the pipe ends before it is whole."""
    return _read_whole(pipe, int.from_bytes(_read_whole(pipe, _LENGTH), "big"))


def _read_whole(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content
