"""Where the embedded server of a project lives: never in the project, found again by the project's path."""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from nexiom_runner.database.account import Account, can_read, make_folder
from nexiom_runner.database.engine import Engine

SHARED_MEMORY = Path("/dev/shm")
SHARED_MEMORY_NEEDED = 1 << 30  # bytes free; a container's 64 MB would fill up in the middle of a build
SOCKET_LIMIT = 103  # bytes of sun_path on macOS, 107 on Linux
PORT = 5432
CONTROL_PATH_SINCE = 18  # extension_control_path; before it the engine looks in its own folder alone

DATABASE = "nexiom"
PRISTINE = "nexiom_pristine"  # the database as it is before the first phase
OWNER = "nexiom_owner"
ADMIN = "postgres"
ALWAYS = "template1"  # the database that every server has, whatever becomes of the others


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what is on a server: its superuser, the role phases run as, their database, and one beside it."""

    admin: str
    owner: str
    database: str
    maintenance: str


PLAIN = Names(ADMIN, OWNER, DATABASE, "postgres")
SUPABASE = Names("supabase_admin", "postgres", "postgres", "nexiom_admin")


def names_as(admin: str) -> Names:
    """The names on the server that has this superuser."""
    return SUPABASE if admin == SUPABASE.admin else PLAIN


@dataclass(frozen=True, slots=True)
class State:
    """The folders of one project's server. `run` and what is in it belong to the account the server runs as."""

    root: str  # the project's folder
    base: Path  # holds every project's state, the template data directories and linked engines
    folder: Path
    run: Path
    names: Names = PLAIN
    extensions: Path | None = None  # a folder of control files that the server looks into first (since 18)

    @property
    def name(self) -> str:
        """The server's cluster_name, part of every process title: no other server has it."""
        return f"nexiom-{self.folder.name}"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.run / "data"

    @property
    def log(self) -> Path:
        """What the server said since its last start."""
        return self.run / "log"

    @property
    def gate(self) -> Path:
        """Lock: who holds it may start or stop the server."""
        return self.folder / "gate"

    @property
    def users(self) -> Path:
        """Lock: every user of the server shares it."""
        return self.folder / "users"

    @property
    def keep(self) -> Path:
        """Names the server that is to outlive its users."""
        return self.folder / "keep"

    @property
    def stopping(self) -> Path:
        """Names the server that was told to stop: it may still answer, and is nobody's to adopt."""
        return self.folder / "stopping"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: `run`, or a short one where that path is too long for a socket."""
        if len(os.fsencode(self.run / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT:
            return self.run
        return Path(tempfile.gettempdir() if sys.platform != "darwin" else "/tmp") / self.name

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.sockets / f".s.PGSQL.{PORT}"


def find_state(
    root: str | Path,
    engine: Engine,
    account: Account,
    environ: Mapping[str, str],
    names: Names = PLAIN,
    platform: str | None = None,
) -> State:
    """The state of a project with an engine: where there is one already, else where it would be made. Makes nothing.

    `platform` tells what the server stands in for, and in which form, from another.
    """
    bases = _bases(account, environ)
    states = [_state_in(base, str(Path(root).resolve()), engine, names, platform) for base in bases]
    return next((state for state in states if state.data.is_dir()), states[0])


def control_path_of(base: Path, engine: Engine, platform: str) -> Path:
    """Where control files of a platform's extensions lie for an engine, in a folder "extension"."""
    return base / "extensions" / f"{engine.build}-{platform}"


def make_state(state: State, account: Account) -> None:
    """Make the folders. Raises OSError."""
    outer = 0o711 if account.switch else 0o700
    make_folder(state.base, None, outer)
    if not can_read(account, state.base):
        raise PermissionError(13, f'the server runs as "{account.name}", who may not enter it', str(state.base))
    make_folder(state.folder, None, outer)
    make_folder(state.run, account, 0o700)
    make_folder(state.sockets, account, 0o700)
    if not (state.folder / "project").exists():
        (state.folder / "project").write_text(state.root, encoding="utf-8", errors="surrogateescape")


def dsn(state: State, user: str | None = None, database: str | None = None) -> str:
    """The connection text for a database of the server (as who phases run, to theirs); no password, since the socket's
    folder is ours alone."""
    user, database = user or state.names.owner, database or state.names.database
    host = quote(str(state.sockets), safe="")
    return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"


def _state_in(base: Path, root: str, engine: Engine, names: Names, platform: str | None) -> State:
    key = hashlib.sha256(os.fsencode(f"{base}\0{root}")).hexdigest()[:12]
    folder = base / "-".join((key, str(engine.major), *([platform] if platform else [])))
    told = platform and engine.major >= CONTROL_PATH_SINCE
    controls = control_path_of(base, engine, platform) if platform and told else None
    return State(root, base, folder, folder / "run", names, controls)


def _bases(account: Account, environ: Mapping[str, str]) -> list[Path]:
    """Where states may be, the place for a new one first: memory when it has room, else the user's cache."""
    if chosen := environ.get("NEXIOM_STATE_DIR"):
        return [Path(chosen).absolute()]
    memory = SHARED_MEMORY / f"nexiom-{os.getuid()}"
    cache = _cache(account, environ)
    return [memory, cache] if _has_room() else [cache, memory]


def _has_room() -> bool:
    try:
        return os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free >= SHARED_MEMORY_NEEDED
    except OSError:
        return False


def _cache(account: Account, environ: Mapping[str, str]) -> Path:
    if account.switch:  # root's home is closed to the account
        return Path(f"/var/tmp/nexiom-{os.getuid()}")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "nexiom"
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nexiom"
