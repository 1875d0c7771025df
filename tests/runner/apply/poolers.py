"""Real pgbouncers before a test's database."""

import os
import pwd
import shutil
import socket
import subprocess
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

PORT = 6543


@contextmanager
def started(
    folder: Path,
    dsn: str,
    *,
    mode: str = "transaction",
    size: int = 5,
    user: str = "",
    database: str = "",
    port: int = PORT,
    more: Sequence[str] = (),
) -> Iterator[str]:
    """A pgbouncer, and the DSN through its socket in `folder`; `user` is another name for the role behind it, with the
    password "right"; `database` is the one that every name leads to; `more` are lines of its configuration."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    assert program, "pgbouncer is not installed: apt-get install pgbouncer"
    server = conninfo_to_dict(dsn)
    folder.mkdir()
    role = server["user"]
    forced = " ".join((f"user={role}" if user else "", f"dbname={database}" if database else ""))
    (folder / "pgbouncer.ini").write_text(
        textwrap.dedent(f"""\
            [databases]
            * = host={server["host"]} port={server["port"]} {forced}
            [pgbouncer]
            listen_addr =
            listen_port = {port}
            unix_socket_dir = {folder}
            auth_type = {"scram-sha-256" if user else "trust"}
            auth_file = {folder}/users.txt
            pool_mode = {mode}
            default_pool_size = {size}
            max_client_conn = 200
            """)
        + "".join(f"{line}\n" for line in more)
    )
    (folder / "users.txt").write_text(f'"{user or role}" "{"right" if user else ""}"\n')
    process = subprocess.Popen(
        [program, "-q", str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **_account(folder),  # type: ignore[call-overload]
    )
    try:
        _wait(process, folder / f".s.PGSQL.{port}")
        yield f"postgresql://{user or role}@/{server['dbname']}?host={folder}&port={port}"
    finally:
        process.terminate()
        process.wait(10)


def new_folder() -> Path:
    """A short path of its own, as sockets need it, that is not there yet."""
    base = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp")
    return base / f"nexiom-pooler-{os.getpid()}-{time.monotonic_ns() % 10**9}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _account(folder: Path) -> dict[str, object]:
    """Who runs it: pgbouncer refuses to run as root."""
    if os.getuid() != 0:
        return {}
    postgres = pwd.getpwnam("postgres")
    for path in (folder, *folder.iterdir()):
        os.chown(path, postgres.pw_uid, postgres.pw_gid)
    return {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}


def _wait(process: subprocess.Popen[bytes], place: Path) -> None:
    deadline = time.monotonic() + 10
    while not place.exists():
        assert process.poll() is None, "pgbouncer ended"
        assert time.monotonic() < deadline
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
