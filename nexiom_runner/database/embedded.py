"""The embedded server's life: shared by whoever uses it, started by the first, stopped by the last."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from nexiom_runner.database.account import Account, choose_account
from nexiom_runner.database.datadir import discard_aside, linked_engine, make_data, set_aside
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.leftovers import remove_orphans, remove_state, remove_superseded
from nexiom_runner.database.locks import gate, lock_shared, open_lock, try_lock_alone
from nexiom_runner.database.platform import Platform, Wanted, engine_of
from nexiom_runner.database.platform_extensions import equip
from nexiom_runner.database.process import (
    START_TIMEOUT,
    answers,
    clear_stale_files,
    end_processes,
    identity,
    is_stopping,
    launch,
    signal_stop,
    wait_connection,
    wait_ended,
)
from nexiom_runner.database.state import State, dsn, find_state, make_state
from nexiom_runner.errors import Fault, TargetError, UnavailableError

A_DAY = 24 * 60 * 60.0  # seconds


class Stopped(StrEnum):
    """What came of a request to stop."""

    STOPPED = "stopped"
    NOT_RUNNING = "not running"
    IN_USE = "in use"  # it stops when the last user has left


@dataclass(frozen=True, slots=True)
class Status:
    """How a project's server stands. `bytes` is the size of its data, `kept` whether it outlives its users."""

    running: bool
    in_use: bool
    kept: bool
    engine: Engine
    folder: Path
    bytes: int
    dsn: str


@dataclass(frozen=True, slots=True)
class Running:
    """A server in use by this process until `close`. `started` is False where it ran already."""

    dsn: str  # as the role phases run as
    admin_dsn: str  # the same database as the superuser
    maintenance_dsn: str  # another database as the superuser, from where this one can be replaced
    engine: Engine
    state: State
    started: bool
    seconds: float
    note: str | None  # what the user should know, in one line
    lock: int
    platform: Platform | None = None

    @property
    def version(self) -> str:
        """18.4"""
        return self.engine.version

    def close(self) -> None:
        """Leave; the last one out stops the server, and does not wait for it. To be called once."""
        try:
            with gate(self.state.gate):
                if try_lock_alone(self.lock) and not _is_kept(self.state):
                    signal_stop(self.state)
        except FileNotFoundError:
            return  # its folder was removed; a server without one ends by itself
        finally:
            os.close(self.lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(root: str | Path, engine: Wanted = None, *, environ: Mapping[str, str], keep: bool = False) -> Running:
    """Use the project's server, starting it where it does not run; `keep` leaves it running after its users.

    Raises TargetError (no engine, a folder that cannot be written, a server that will not start) and
    UnavailableError (the gate or the server did not open in time).
    """
    begun = time.monotonic()
    account, platform = choose_account(environ), _platform(engine)
    state, chosen = _find(root, engine, account, environ)
    try:
        make_state(state, account)
        with gate(state.gate):
            lock = open_lock(state.users)
            lock_shared(lock)
            try:
                started, note = _ensure_running(chosen, account, state, platform)
            except BaseException:
                if try_lock_alone(lock):
                    signal_stop(state)
                os.close(lock)
                raise
            if keep:
                state.keep.write_text(identity(state))
    except OSError as error:
        raise _unusable(state, error) from None
    seconds = time.monotonic() - begun
    admin, maintenance = dsn(state, state.names.admin), dsn(state, state.names.admin, state.names.maintenance)
    return Running(dsn(state), admin, maintenance, chosen, state, started, seconds, note, lock, platform)


def stop(root: str | Path, engine: Wanted = None, *, environ: Mapping[str, str]) -> Stopped:
    """Stop the project's server and wait until it has ended; one in use ends with its last user instead."""
    state, _ = _find(root, engine, choose_account(environ), environ)
    with _alone(state) as alone:
        state.keep.unlink(missing_ok=True)
        if not answers(state):
            return Stopped.NOT_RUNNING
        if not alone:
            return Stopped.IN_USE
        signal_stop(state)
        wait_ended(state)
        return Stopped.STOPPED


def reset(root: str | Path, engine: Wanted = None, *, environ: Mapping[str, str]) -> None:
    """Stop the project's server and remove its data. Raises UnavailableError while another command uses it."""
    state, _ = _find(root, engine, choose_account(environ), environ)
    with _alone(state) as alone:
        if not alone:
            raise UnavailableError(_in_use())
        signal_stop(state)
        wait_ended(state)
        remove_state(state)


def status(root: str | Path, engine: Wanted = None, *, environ: Mapping[str, str]) -> Status:
    """How the project's server stands; starts and changes nothing."""
    state, chosen = _find(root, engine, choose_account(environ), environ)
    with _alone(state) as alone:
        size = _size(state.data)
        return Status(answers(state), not alone, _is_kept(state), chosen, state.folder, size, dsn(state))


def url(root: str | Path, engine: Wanted = None, *, environ: Mapping[str, str]) -> str:
    """The DSN of the project's database as who phases run, for psql and the like; of use while the server runs."""
    return dsn(_find(root, engine, choose_account(environ), environ)[0])


def _platform(wanted: Wanted) -> Platform | None:
    return wanted if isinstance(wanted, Platform) else None


def _find(root: str | Path, wanted: Wanted, account: Account, environ: Mapping[str, str]) -> tuple[State, Engine]:
    """Where the server of a project is, and its engine. Makes nothing."""
    engine, platform = engine_of(wanted), _platform(wanted)
    if platform is None:
        return find_state(root, engine, account, environ), engine
    return find_state(root, engine, account, environ, platform.names, platform.key), engine


@contextmanager
def _alone(state: State) -> Iterator[bool]:
    """Behind the gate: whether nobody else uses the server. True where it was never made."""
    if not state.folder.is_dir():
        yield True
        return
    with gate(state.gate):
        lock = open_lock(state.users)
        try:
            yield try_lock_alone(lock)
        finally:
            os.close(lock)


def _in_use() -> Fault:
    hint = "Try again when it has ended."
    return Fault("another nexiom command is using the embedded server", hint=hint)


def _ensure_running(
    engine: Engine, account: Account, state: State, platform: Platform | None
) -> tuple[bool, str | None]:
    """Behind the gate: a server that answers. Whether it was started now, and a note."""
    if _can_adopt(state):
        return False, None
    usable = linked_engine(engine, account, state)
    if platform is not None:
        usable = equip(engine, usable, state, platform.key)
    if not (state.data / "PG_VERSION").exists():
        end_processes(state)  # of a run killed while it made the data
        discard_aside(state)
        remove_orphans(state.base)
        if platform is not None:
            remove_superseded(state, time.time() - A_DAY)
        make_data(usable, account, state, platform)
        launch(usable, account, state, state.data)
        return True, None
    try:
        launch(usable, account, state, state.data)
    except TargetError as error:
        return True, _start_anew(usable, account, state, platform, error)
    return True, None


def _can_adopt(state: State) -> bool:
    """Whether the server runs and may be used. Where not, no process and no lock file of it is left."""
    alive = answers(state)
    if alive and not is_stopping(state) and wait_connection(state, time.monotonic() + START_TIMEOUT):
        return True
    if alive or (state.data / "postmaster.pid").exists() or state.socket.exists():
        wait_ended(state)
        clear_stale_files(state, state.data)
    return False


def _start_anew(engine: Engine, account: Account, state: State, platform: Platform | None, error: TargetError) -> str:
    """The data are disposable: where the server refuses them it starts on new ones, and says so."""
    aside = set_aside(state)
    try:
        make_data(engine, account, state)
        launch(engine, account, state, state.data)
    except BaseException:
        shutil.rmtree(state.data, ignore_errors=True)
        aside.rename(state.data)
        raise
    discard_aside(state)
    return f"the embedded database was made anew: {error.faults[0].detail}"


def _is_kept(state: State) -> bool:
    return state.keep.exists() and state.keep.read_text() == identity(state)


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, as far as they stay while it looks."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total


def _unusable(state: State, error: OSError) -> TargetError:
    hint = "Make room or give rights there, or name another folder in NEXIOM_STATE_DIR."
    message = f'the embedded server\'s folder "{state.base}" cannot be used'
    where = f" ({error.filename})" if error.filename else ""
    return TargetError(Fault(message, detail=f"{error.strerror or error}{where}.", hint=hint))
