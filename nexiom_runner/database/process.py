"""The server's processes: start one, ask whether it answers, end what is left of one. Never judged by a pid."""

import os
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from nexiom_runner.database.account import Account
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.session import connect
from nexiom_runner.database.state import ALWAYS, State, dsn
from nexiom_runner.errors import Fault, TargetError, UnavailableError

START_TIMEOUT = 30.0  # seconds
GRACE = 5.0  # seconds a server that no longer answers may take to end
TICK = 0.003

# Disposable: what a crash of the machine would lose is made again from the phases.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "min_wal_size": "16MB",
    "max_wal_size": "256MB",
    "dynamic_shared_memory_type": "mmap",  # in the data directory: goes with it
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "fatal",  # a statement that fails is the session's affair; it may hold a secret
    "log_min_error_statement": "panic",
    "track_functions": "all",  # what the tests call is counted
    "client_connection_check_interval": "1s",  # the query of a killed runner ends
}
NEWER_SETTINGS = ((18, "io_method", "sync"),)  # no workers to start

_LAUNCH = 'log=$1; shift; "$@" </dev/null >"$log" 2>&1 &'


def answers(state: State) -> bool:
    """Whether somebody listens on the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(state.socket))
        except OSError:
            return False
    return True


def launch(engine: Engine, account: Account, state: State, data: Path) -> None:
    """Start a server on a data directory and return when it takes connections.

    Raises TargetError with the server's last words when it ends instead, UnavailableError after START_TIMEOUT.
    The shell between makes the server nobody's child here: it outlives us, and leaves no zombie.
    """
    program = [str(engine.bin / "postgres"), "-D", str(data), "-k", _list_item(state.sockets)]
    command = [*program, *_settings(engine, state)]
    read, write = os.pipe()
    try:
        try:
            _spawn(["/bin/sh", "-c", _LAUNCH, "sh", str(state.log), *command], account, state, write)
        finally:
            os.close(write)
        _wait_ready(state, read)
    finally:
        os.close(read)


def run_program(command: Sequence[str], account: Account, cwd: Path) -> None:
    """Run a program of the engine. Raises TargetError with its last line when it fails."""
    said = subprocess.run(
        command, cwd=cwd, env=_environ(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace", check=False, **account.options,
    )  # fmt: skip
    if said.returncode != 0:
        raise _ended(Path(command[0]).name, said.stderr)


def signal_stop(state: State) -> None:
    """Tell the server, where it answers, to shut down at once; does not wait for it, and nobody adopts it any more."""
    if answers(state):
        state.stopping.write_text(identity(state))
        signal_stop_at(state.data)


def is_stopping(state: State) -> bool:
    """Whether the server that answers was told to stop."""
    return state.stopping.exists() and state.stopping.read_text() == identity(state)


def identity(state: State) -> str:
    """Which start of the server this is."""
    return "{} {}".format(*(postmaster(state.data) or ("none", "")))


def signal_stop_at(data: Path) -> None:
    """Ask the server that runs on a data directory, known to be alive, to shut down at once."""
    found = postmaster(data)
    if found is not None:
        _signal(found[0], signal.SIGINT)


def postmaster(data: Path) -> tuple[int, str] | None:
    """Pid and start time out of postmaster.pid; of use only while the server answers."""
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
        return int(lines[0]), lines[2]
    except (OSError, ValueError, IndexError):
        return None


def wait_ended(state: State) -> None:
    """Return when no process of the server is left; after GRACE they are killed. Raises UnavailableError."""
    deadline = time.monotonic() + GRACE
    while commands := list(_processes(state.name).values()):
        abandoned = all(command.startswith("postgres: ") for command in commands)  # by a postmaster that was killed
        if abandoned or time.monotonic() > deadline:
            end_processes(state)
            return
        time.sleep(TICK)


def end_processes(state: State) -> None:
    """Kill every process of the server, and return when none is left. Raises UnavailableError for one that stays."""
    deadline = time.monotonic() + GRACE
    while pids := _processes(state.name):
        if time.monotonic() > deadline:
            raise UnavailableError(Fault(f"process {min(pids)} of the embedded server does not end"))
        for pid in pids:
            _signal(pid, signal.SIGKILL)
        time.sleep(TICK)


def clear_stale_files(state: State, data: Path) -> None:
    """Remove what a killed server left; only called when no process of it is left."""
    for stale in (data / "postmaster.pid", state.socket, Path(f"{state.socket}.lock")):
        stale.unlink(missing_ok=True)


def wait_connection(state: State, deadline: float) -> bool:
    """Whether the server that listens comes to take connections before the deadline and before it stops listening."""
    while time.monotonic() < deadline:
        try:
            connect(dsn(state, state.names.admin, ALWAYS), application="nexiom").close()
            return True
        except UnavailableError:
            if not answers(state):
                return False
        time.sleep(TICK)
    return False


def _spawn(command: list[str], account: Account, state: State, lifeline: int) -> None:
    try:
        subprocess.run(
            command, cwd=state.run, env=_environ(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, pass_fds=(lifeline,), start_new_session=True, check=True, **account.options,
        )  # fmt: skip
    except PermissionError as error:
        hint = "Run nexiom as an ordinary user."
        raise TargetError(Fault(f"cannot start PostgreSQL as {account.name}: {error.strerror}", hint=hint)) from None


def _wait_ready(state: State, lifeline: int) -> None:
    """The server holds the other end of the pipe: it can be read (end of file) once the server is gone."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        gone = bool(select.select([lifeline], [], [], TICK)[0])
        if gone:
            raise _ended("postgres", state.log.read_text(errors="replace") if state.log.exists() else "")
        if answers(state) and wait_connection(state, deadline):
            return
    raise UnavailableError(Fault(f"the embedded server did not start within {START_TIMEOUT:.0f} s"))


def _ended(program: str, said: str) -> TargetError:
    lines = [line for line in said.splitlines() if line.strip()]
    words = next((line for line in lines if re.search(r"FATAL:|PANIC:|error:", line)), lines[-1] if lines else "")
    detail = re.sub(r"^.*?(?=FATAL:|PANIC:)", "", words) or None
    return TargetError(Fault(f"the embedded server could not be started: {program} ended", detail=detail))


def _settings(engine: Engine, state: State) -> Iterator[str]:
    newer = {name: value for major, name, value in NEWER_SETTINGS if engine.major >= major}
    if state.extensions is not None:
        newer["extension_control_path"] = f"{state.extensions}:$system"
    for name, value in {**SETTINGS, **newer, "cluster_name": state.name, "port": "5432"}.items():
        yield from ("-c", f"{name}={value}")


def _list_item(path: Path) -> str:
    """A path as an item of a list setting (quoted: it may hold a comma or a space)."""
    return '"' + str(path).replace('"', '""') + '"'


def _environ() -> dict[str, str]:
    """Nothing of the caller's: PGDATA, PGOPTIONS or a locale would change the server."""
    kept = {name: value for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if (value := os.environ.get(name))}
    return {**kept, "LC_ALL": "C"}


def _processes(name: str) -> dict[int, str]:
    """The living processes of the cluster, by argument (postmaster) or title (its children); a zombie has neither."""
    title, argument = f"postgres: {name}: ", f"cluster_name={name}"
    return {pid: text for pid, text in _commands() if text.startswith(title) or argument in text.split()}


def _commands() -> Iterator[tuple[int, str]]:
    if not Path("/proc/self/cmdline").exists():
        listed = subprocess.run(["ps", "-A", "-o", "pid=,command="], capture_output=True, text=True, check=False)
        for line in listed.stdout.splitlines():
            pid, _, command = line.strip().partition(" ")
            yield int(pid), command
        return
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                arguments = Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
            yield int(entry), arguments.replace(b"\0", b" ").decode(errors="replace")


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
