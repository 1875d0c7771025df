"""Half of the work in a second process, where there are two cores and much to do."""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from nexiom_runner.commands.remembered import pack, unpack

MANY = 200  # items below which a process costs more than it saves
One = TypeVar("One")


def in_halves(work: Callable[[Sequence[One]], Any], items: Sequence[One]) -> list[Any]:
    """What `work` makes of all items, or of each half where a second process can take one; in order.

    The child is a copy of this process and writes to a pipe alone. What it could not do is done here.
    """
    if len(items) < MANY or not _can_fork():
        return [work(items)]
    middle = len(items) // 2
    reading, child = _start(work, items[middle:])
    try:
        first = work(items[:middle])
    finally:
        with open(reading, "rb") as pipe:
            packed = pipe.read()
        _, status = os.waitpid(child, 0)
    return [first, unpack(packed) if status == 0 and packed else work(items[middle:])]


def _can_fork() -> bool:
    """Not on macOS, whose libraries do not bear it, nor beside threads, whose locks a copy would hold for ever."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _start(work: Callable[[Sequence[One]], Any], items: Sequence[One]) -> tuple[int, int]:
    """The end of a pipe that gives the result, packed, and the process that writes it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child
    status = 1
    try:
        os.close(reading)
        packed = pack(work(items))
        with open(writing, "wb") as pipe:
            pipe.write(packed)
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is flushed, closed or told twice
