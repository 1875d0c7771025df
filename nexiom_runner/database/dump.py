"""pg_dump of a target: the text of its schema, by a program of an engine that knows the server's version."""

import os
import subprocess
from collections.abc import Iterable, Sequence

from psycopg import conninfo

from nexiom_runner.database.engine import Engine
from nexiom_runner.errors import Fault, TargetError

LOCK_WAIT = "5s"  # for a table that another session holds alone
# What another server may not have (table spaces, access methods, compression) or must not do (subscribe to data).
LEFT_OUT = (
    "--no-tablespaces",
    "--no-toast-compression",
    "--no-table-access-method",
    "--no-subscriptions",
    "--no-security-labels",
)


def can_dump(engine: Engine, major: int) -> bool:
    """Whether the engine has a pg_dump that reads a server of this major version; it reads older ones, no newer."""
    return engine.major >= major and (engine.bin / "pg_dump").is_file()


def dump_schema(engine: Engine, dsn: str, hidden: Iterable[tuple[str, str]] = ()) -> str:
    """The schema as SQL, owners and grants included, but for relations that the role may not read (schema, name).

    It reads in one transaction and holds ACCESS SHARE meanwhile. Raises TargetError with the program's last words;
    the password is in nobody's process list.
    """
    settings = conninfo.conninfo_to_dict(dsn)
    password = settings.pop("password", None)
    command = [
        str(engine.bin / "pg_dump"),
        "--schema-only",
        "--encoding=UTF8",
        f"--lock-wait-timeout={LOCK_WAIT}",
        *LEFT_OUT,
        *(f"--exclude-table={_pattern(*name)}" for name in hidden),
        f"--dbname={conninfo.make_conninfo('', **settings)}",
    ]
    environ = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password is not None else {})}
    said = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if said.returncode != 0:
        raise TargetError(Fault("pg_dump could not read the target", detail=_last_words(said.stderr)))
    return said.stdout.decode("utf-8")


def _pattern(schema: str, name: str) -> str:
    """A pattern that is this name alone: between double quotes nothing has another meaning."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))


def _last_words(said: bytes) -> str:
    lines: Sequence[str] = said.decode("utf-8", "replace").split("\n")
    errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
    return " ".join(errors[:1]) or next((line for line in reversed(lines) if line), "it ended without a word")
