"""States that nobody will come back to: their memory is given back when another project's server is made."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from nexiom_runner.database.locks import open_lock, try_lock_alone
from nexiom_runner.database.process import signal_stop, wait_ended
from nexiom_runner.database.state import State


def remove_orphans(base: Path, *, older_than: float | None = None) -> None:
    """Remove the states that nobody uses of projects whose folder is gone, or that were made before a time (epoch)."""
    for note in base.glob("*/project"):
        with suppress(FileNotFoundError):  # another runner removed it first
            root = note.read_text(encoding="utf-8", errors="surrogateescape")
            if not os.path.isdir(root) or (older_than is not None and note.stat().st_mtime < older_than):
                _remove_unused(State(root, base, note.parent, note.parent / "run"))


def remove_superseded(state: State, before: float) -> None:
    """Remove what the stand-in of a project was in another form, an older nexiom's, and was not started since a time
    (epoch); one that is in use, or kept, stays."""
    form = state.folder.name.rpartition("-")[0]
    for folder in state.base.glob(f"{form}-*"):
        with suppress(FileNotFoundError):
            old = State(state.root, state.base, folder, folder / "run")
            if folder != state.folder and old.log.stat().st_mtime < before and not old.keep.exists():
                _remove_unused(old)


def remove_state(state: State) -> None:
    """Remove the data of a server that has ended; the lock files stay, since others may be waiting at them."""
    state.keep.unlink(missing_ok=True)
    for folder in (state.run, state.sockets):
        if folder.is_dir():
            shutil.rmtree(folder)


def _remove_unused(state: State) -> None:
    locks = [open_lock(state.gate), open_lock(state.users)]
    try:
        if all(try_lock_alone(lock) for lock in locks):
            signal_stop(state)
            wait_ended(state)
            remove_state(state)
            shutil.rmtree(state.folder)
    finally:
        for lock in locks:
            os.close(lock)
