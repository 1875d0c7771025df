"""The embedded server's life: shared by whoever uses it, started by the first, stopped by the last."""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from nexiom_runner.database.account import Account, choose_account
from nexiom_runner.database.datadir import linked_engine, make_data, set_aside
from nexiom_runner.database.engine import Engine, choose_engine
from nexiom_runner.database.locks import gate, lock_shared, open_lock, try_lock_alone
from nexiom_runner.database.process import (
    START_TIMEOUT,
    answers,
    clear_stale_files,
    launch,
    postmaster,
    signal_stop,
    wait_connection,
    wait_ended,
)
from nexiom_runner.database.state import ADMIN, State, dsn, find_state, make_state
from nexiom_runner.errors import Fault, TargetError, UnavailableError


@dataclass(frozen=True, slots=True)
class Running:
    """A server in use by this process until `close`. `started` is False where it ran already."""

    dsn: str  # as nexiom_owner
    admin_dsn: str
    engine: Engine
    state: State
    started: bool
    seconds: float
    note: str | None  # what the user should know, in one line
    lock: int

    @property
    def version(self) -> str:
        """18.4"""
        return self.engine.version

    def close(self) -> None:
        """Leave; the last one out stops the server, and does not wait for it. To be called once."""
        with gate(self.state.gate):
            if try_lock_alone(self.lock) and not _is_kept(self.state):
                signal_stop(self.state)
            os.close(self.lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(root: str | Path, engine: str | None = None, *, environ: Mapping[str, str], keep: bool = False) -> Running:
    """Use the project's server, starting it where it does not run; `keep` leaves it running after its users.

    Raises TargetError (no engine, a folder that cannot be written, a server that will not start) and
    UnavailableError (the gate or the server did not open in time).
    """
    begun = time.monotonic()
    chosen, account = choose_engine(engine), choose_account(environ)
    state = find_state(root, chosen, account, environ)
    try:
        make_state(state, account)
        with gate(state.gate):
            lock = open_lock(state.users)
            lock_shared(lock)
            try:
                started, note = _ensure_running(chosen, account, state)
            except BaseException:
                os.close(lock)
                raise
            if keep:
                state.keep.write_text(_identity(state))
    except OSError as error:
        raise _unusable(state, error) from None
    seconds = time.monotonic() - begun
    return Running(dsn(state), dsn(state, ADMIN), chosen, state, started, seconds, note, lock)


def reset(root: str | Path, engine: str | None = None, *, environ: Mapping[str, str]) -> None:
    """Stop the project's server and remove its data. Raises UnavailableError while another command uses it."""
    chosen, account = choose_engine(engine), choose_account(environ)
    state = find_state(root, chosen, account, environ)
    if not state.folder.is_dir():
        return
    with gate(state.gate):
        lock = open_lock(state.users)
        try:
            if not try_lock_alone(lock):
                raise UnavailableError(_in_use())
            signal_stop(state)
            wait_ended(state)
            shutil.rmtree(state.folder)
            if state.sockets != state.run:
                shutil.rmtree(state.sockets, ignore_errors=True)
        finally:
            os.close(lock)


def _in_use() -> Fault:
    hint = "Try again when it has ended."
    return Fault("another nexiom command is using the embedded server", hint=hint)


def _ensure_running(engine: Engine, account: Account, state: State) -> tuple[bool, str | None]:
    """Behind the gate: a server that answers. Whether it was started now, and a note."""
    if answers(state) and wait_connection(state, time.monotonic() + START_TIMEOUT):
        return False, None
    if (state.data / "postmaster.pid").exists() or state.socket.exists():
        wait_ended(state)
        clear_stale_files(state, state.data)
    usable = linked_engine(engine, account, state)
    if not (state.data / "PG_VERSION").exists():
        make_data(usable, account, state)
        launch(usable, account, state, state.data)
        return True, None
    try:
        launch(usable, account, state, state.data)
    except TargetError as error:
        return True, _start_anew(usable, account, state, error)
    return True, None


def _start_anew(engine: Engine, account: Account, state: State, error: TargetError) -> str:
    """The data are disposable: where the server refuses them it starts on new ones, and says so."""
    aside = set_aside(state)
    try:
        make_data(engine, account, state)
        launch(engine, account, state, state.data)
    except BaseException:
        shutil.rmtree(state.data, ignore_errors=True)
        aside.rename(state.data)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return f"the embedded database was made anew: {error.faults[0].detail}"


def _identity(state: State) -> str:
    """Which start of the server this is."""
    return "{} {}".format(*(postmaster(state.data) or ("none", "")))


def _is_kept(state: State) -> bool:
    return state.keep.exists() and state.keep.read_text() == _identity(state)


def _unusable(state: State, error: OSError) -> TargetError:
    hint = "Make room or give rights there, or name another folder in NEXIOM_STATE_DIR."
    message = f'the embedded server\'s folder "{state.base}" cannot be used'
    where = f" ({error.filename})" if error.filename else ""
    return TargetError(Fault(message, detail=f"{error.strerror or error}{where}.", hint=hint))
