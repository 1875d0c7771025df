"""A project on Supabase: its name and the three ways to its database, as hosts, ports, users and libpq's text.

https://supabase.com/docs/guides/database/connecting-to-postgres: the direct host has an IPv6 address alone unless the
project pays for another; the shared pooler has IPv4, a port for each of its modes, and the project's ref in the user.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Road(StrEnum):
    """How the database is reached, in the order in which it is tried."""

    DIRECT = "direct"
    SESSION = "session"
    TRANSACTION = "transaction"

    @property
    def words(self) -> str:
        """`the session pooler`."""
        return "the direct connection" if self is Road.DIRECT else f"the {self.value} pooler"


PORTS = {Road.DIRECT: "5432", Road.SESSION: "5432", Road.TRANSACTION: "6543"}
PASSWORD_VARIABLE = "SUPABASE_DB_PASSWORD"  # the name that Supabase's own command line knows
PATIENCE = 5  # seconds for one way to answer, where another is tried after it


@dataclass(frozen=True, slots=True)
class Hosted:
    """What nexiom.yml says of a project on Supabase; `pooler` is the host of its shared pooler.

    `connection` is the one way that is used; without it the first that answers. `hosts` are HOST:PORT by way, where
    that way is reached elsewhere: a tunnel, a proxy's socket.
    """

    ref: str
    pooler: str | None = None
    password_env: str | None = None
    role: str = "postgres"
    database: str = "postgres"
    sslmode: str = "require"
    connection: Road | None = None
    hosts: Mapping[Road, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the database; `dsn` holds the password and is shown to nobody."""

    road: Road
    host: str
    port: str
    user: str
    dsn: str = field(repr=False)

    @property
    def place(self) -> str:
        """`db.abcdefghijklmnopqrst.supabase.co:5432`; of a socket its folder."""
        return self.host if self.host.startswith("/") else f"{self.host}:{self.port}"


def known_roads(hosted: Hosted) -> tuple[Road, ...]:
    """The ways whose host is known, in the order in which they are tried."""
    return tuple(road for road in Road if road in hosted.hosts or road is Road.DIRECT or hosted.pooler)


def ways_of(hosted: Hosted, password: str | None, environ: Mapping[str, str]) -> tuple[Way, ...]:
    """Every way whose host is known; libpq looks for a password that is None (PGPASSWORD, ~/.pgpass)."""
    hurried = hosted.connection is None and not environ.get("PGCONNECT_TIMEOUT")
    return tuple(_way(hosted, road, password, hurried=hurried) for road in known_roads(hosted))


def _way(hosted: Hosted, road: Road, password: str | None, *, hurried: bool) -> Way:
    own = f"db.{hosted.ref}.supabase.co" if road is Road.DIRECT else hosted.pooler
    host, _, port = hosted.hosts.get(road, f"{own}:{PORTS[road]}").rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    user = hosted.role if road is Road.DIRECT else f"{hosted.role}.{hosted.ref}"
    words = {
        "host": host,
        "port": port,
        "user": user,
        "password": password,
        "dbname": hosted.database,
        "sslmode": hosted.sslmode,
        "connect_timeout": str(PATIENCE) if hurried else None,
    }
    dsn = " ".join(f"{name}={_quoted(value)}" for name, value in words.items() if value is not None)
    return Way(road, host, port, user, dsn)


def _quoted(value: str) -> str:
    """A value as libpq reads it in a connection text.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
