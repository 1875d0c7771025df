"""A real primary with a real standby: Debian's server, in a folder of its own, gone at the end."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nexiom_runner.database.session import connect
from nexiom_runner.errors import NexiomError

OPTIONS = "-c listen_addresses= -c fsync=off -c shared_buffers=16MB -c wal_receiver_status_interval=1"


@contextmanager
def replicated(folder: Path) -> Iterator[tuple[str, str]]:
    """The DSNs of a superuser on the primary and on its standby, which is called "eu"."""
    bin = _programs()
    folder.mkdir(mode=0o755)
    account = _account(folder)
    first, second = folder / "first", folder / "second"
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        _run([bin / "initdb", "-D", first, "-U", "postgres", "-A", "trust", "--no-sync"], account)
        primary = stack.enter_context(_serving(bin, first, 1, folder, account))
        source = f"host={folder} port=1 user=postgres application_name=eu"
        _run([bin / "pg_basebackup", "-D", second, "-R", "-d", source, "--no-sync", "-c", "fast"], account)
        standby = stack.enter_context(_serving(bin, second, 2, folder, account))
        yield primary, standby


@contextmanager
def _serving(bin: Path, data: Path, port: int, folder: Path, account: dict[str, object]) -> Iterator[str]:
    options = [*OPTIONS.split(), "-c", f"unix_socket_directories={folder}", "-c", f"port={port}"]
    command = [bin / "postgres", "-D", data, *options]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, **account)  # type: ignore[call-overload]
    try:
        dsn = f"host={folder} port={port} user=postgres dbname=postgres"
        _wait(dsn, process)
        yield dsn
    finally:
        process.terminate()
        process.wait(20)


def _wait(dsn: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            connect(dsn, application="waiting").close()
        except NexiomError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_basebackup"))
    assert found, "pg_basebackup is not installed: apt-get install postgresql"
    return found[-1].parent


def _run(command: list[str | Path], account: dict[str, object]) -> None:
    subprocess.run(command, check=True, capture_output=True, **account)  # type: ignore[call-overload]


def _account(folder: Path) -> dict[str, object]:
    """Who runs it: the server refuses to run as root."""
    if os.getuid() != 0:
        return {}
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
