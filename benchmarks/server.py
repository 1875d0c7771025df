"""A server as it is installed: default settings, fsync included, data on the disk that holds the temporary folder."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nexiom_runner.database.account import choose_account
from nexiom_runner.database.engine import Engine, choose_engine
from nexiom_runner.database.session import connect
from nexiom_runner.errors import UnavailableError

PATIENCE = 20.0  # seconds for a server to answer


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `folder` holds its socket."""

    engine: Engine
    folder: Path

    def dsn(self, database: str) -> str:
        """Its superuser's DSN."""
        return f"host={self.folder} user=postgres dbname={database}"


@contextmanager
def durable_server() -> Iterator[Server]:
    """A new cluster with PostgreSQL's own defaults, no TCP; stopped and removed at the end."""
    engine, account = choose_engine(), choose_account(os.environ)
    folder = Path(tempfile.mkdtemp(prefix="nexiom-bench-"))
    try:
        os.chown(folder, account.uid, account.gid)
        data = folder / "data"
        initdb = [str(engine.bin / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **account.options)
        command = [str(engine.bin / "postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses="]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, cwd=folder, **quiet, **account.options) as process:
            try:
                server = Server(engine, folder)
                _wait(server)
                yield server
            finally:
                process.send_signal(signal.SIGINT)  # fast shutdown
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connect(server.dsn("postgres"), application="benchmark").close()
            return
        except UnavailableError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
