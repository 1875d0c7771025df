"""Locks of the kernel's (flock): dropped by it whatever becomes of their holder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nexiom_runner.errors import Fault, UnavailableError

GATE_TIMEOUT = 60.0  # seconds; a first initdb on a slow disk takes several
TICK = 0.002


def open_lock(path: Path) -> int:
    """A descriptor of the lock file, made where it is not there; not inherited by child processes."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def lock_shared(descriptor: int) -> None:
    """Become one of the lock's users; only called behind the gate, where nobody holds it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def try_lock_alone(descriptor: int) -> bool:
    """Whether nobody else uses the lock: then it is held alone, else it is not held at all."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def gate(path: Path, timeout: float = GATE_TIMEOUT) -> Iterator[None]:
    """Behind it one process at a time starts or stops the server. Raises UnavailableError after the timeout."""
    deadline = time.monotonic() + timeout
    descriptor = open_lock(path)
    try:
        while not try_lock_alone(descriptor):
            if time.monotonic() > deadline:
                raise UnavailableError(_stuck())
            time.sleep(TICK)
        yield
    finally:
        os.close(descriptor)


def _stuck() -> Fault:
    hint = "Is another nexiom command stuck? Try again when it has ended."
    return Fault("another nexiom command is starting or stopping the embedded server", hint=hint)
