"""Why a connection could not be had, told apart: what trying again may mend, and what it will not."""

import re
from collections.abc import Mapping
from enum import Enum, auto

from nexiom_runner.errors import Fault, NexiomError, TargetError, UnavailableError

Facts = Mapping[str, str]  # user, database, server: what the DSN and the environment came to


class Refusal(Enum):
    """What kept a connection from being made."""

    PASSWORD = auto()
    NO_PASSWORD = auto()
    NO_DATABASE = auto()
    NO_ROLE = auto()
    ADDRESS = auto()  # this machine's is not among those that may connect
    NO_TENANT = auto()  # a shared pooler knows no such project
    NO_TLS = auto()
    TLS_ALONE = auto()
    CERTIFICATE = auto()
    REFUSED = auto()
    NO_HOST = auto()
    NOT_READY = auto()
    FULL = auto()
    SHUT_OUT = auto()  # after too many wrong passwords
    TIMEOUT = auto()
    NO_ROUTE = auto()
    LOST = auto()


_REFUSED = (
    (Refusal.PASSWORD, r"password authentication failed|invalid password|wrong password|SASL authentication failed",
     '{server} did not accept the password of role "{user}"',
     "Correct the password in the DSN, in PGPASSWORD or in ~/.pgpass."),
    (Refusal.NO_PASSWORD, r"no password supplied", '{server} asks for a password of role "{user}"',
     "Give it in the DSN, in PGPASSWORD or in ~/.pgpass."),
    (Refusal.NO_DATABASE, r'database ".*" does not exist|no such database', '{server} has no database "{database}"',
     "Create the database, or correct its name in the DSN."),
    (Refusal.NO_ROLE, r'role ".*" does not exist', '{server} has no role "{user}"',
     "Create the role, or correct the user in the DSN."),
    (Refusal.ADDRESS, r"no pg_hba.conf entry",
     '{server} does not accept role "{user}" on database "{database}" from this machine',
     "Is sslmode right, and is this machine's address allowed there?"),
    (Refusal.ADDRESS, r"not in tenant allow_list", "{server} does not accept connections from this machine's address",
     "Add the address to the project's network restrictions."),
    (Refusal.NO_TENANT, r"tenant or user not found|tenant/user .*not found",
     '{server} does not know the project or role "{user}"',
     "On a Supabase pooler the user is postgres.PROJECT-REF, and the host is the one the dashboard's Connect shows."),
    (Refusal.NO_TLS, r"does not support SSL", "{server} has no TLS, which sslmode asks for",
     "Are host and port right? Where no TLS is wanted: sslmode=disable."),
    (Refusal.TLS_ALONE, r"SSL (connection )?is required|SSL required", "{server} takes connections with TLS alone",
     "Write sslmode=require into the DSN."),
    (Refusal.CERTIFICATE, r"certificate verify failed|root certificate file|server certificate for",
     "{server} shows a certificate that sslmode does not accept",
     "Name the file with the server's root certificate in sslrootcert or PGSSLROOTCERT; is the host right?"),
)  # fmt: skip
_UNAVAILABLE = (
    (Refusal.SHUT_OUT, r"circuit ?breaker|too many (authentication|failed)",
     '{server} lets role "{user}" in no more for a while, after wrong passwords',
     "Correct the password, and try again in some minutes."),
    (Refusal.REFUSED, r"connection refused|no such file or directory", "{server} refused the connection",
     "Is the server running, and are host and port right?"),
    (Refusal.NO_HOST,
     r"translate host name|name or service not known|name resolution|resolve host|nodename nor servname",
     'the host name of {server} is not known', "Is the host spelt right, and is this machine online?"),
    (Refusal.NOT_READY,
     r"the database system is (starting up|shutting down|not yet accepting|not accepting|in recovery)",
     "{server} is not ready yet", "Try again in a moment."),
    (Refusal.FULL,
     r"too many (clients|connections)|remaining connection slots|max client(s|_conn| connections)|EMAXCONN",
     "{server} has no connection free", "Try again when others have disconnected."),
    (Refusal.TIMEOUT, r"timeout|timed out", "{server} did not answer in time",
     "Is a firewall in the way, or the host paused?"),
    (Refusal.NO_ROUTE, r"no route to host|network is unreachable|cannot assign requested address",
     "{server} cannot be reached", "Is this machine online, and may it reach that host?"),
    (Refusal.LOST, r"connection reset|closed the connection unexpectedly", "{server} cannot be reached",
     "Is this machine online, and may it reach that host?"),
)  # fmt: skip


def explain_refusal(said: str, facts: Facts) -> NexiomError:
    """The error for a connection that failed, from libpq's words and what was asked for.

    The server's own words are in its language; what is not recognised is a TargetError with them verbatim.
    """
    detail = _one_line(said)
    for reasons, kind in ((_REFUSED, TargetError), (_UNAVAILABLE, UnavailableError)):
        for _, pattern, message, hint in reasons:
            if re.search(pattern, detail, re.IGNORECASE):
                return kind(Fault(message.format_map(facts), detail=detail, hint=hint))
    return TargetError(Fault("cannot connect to {server}".format_map(facts), detail=detail))


def refusal_of(fault: Fault) -> Refusal | None:
    """What it was, of a fault that `explain_refusal` made; None where that is not recognised."""
    said = fault.detail or ""
    found = (which for which, pattern, *_ in (*_REFUSED, *_UNAVAILABLE) if re.search(pattern, said, re.IGNORECASE))
    return next(found, None)


def explain_bad_dsn(said: str) -> TargetError:
    """The error for a connection text libpq cannot read; what libpq says is kept out, it may quote the password."""
    return TargetError(Fault("the DSN is not one that libpq can read", detail=_reason(said), hint=f"Write {_FORM}."))


def misread_password(settings: Mapping[str, object]) -> TargetError | None:
    """The error for a URI whose password holds an unescaped "@" or "/": libpq took its end for a host or database."""
    host, port, database = (str(settings.get(name, "")) for name in ("host", "port", "dbname"))
    if "@" not in host + database and re.fullmatch(r"[\d,]*", port):
        return None
    hint = 'In a URI write "@" in a password as %40, "/" as %2F, ":" as %3A, "%" as %25.'
    return TargetError(Fault("the DSN has no valid host and port", hint=hint))


_FORM = "postgresql://user@host:5432/database or host=… dbname=… user=…"


def _one_line(said: str) -> str:
    """libpq's words without psycopg's prefix, the list of attempts, and line breaks."""
    first = said.split("\nMultiple connection attempts failed", 1)[0]
    first = re.sub(r"^connection (failed|is bad): ", "", first.strip())
    return re.sub(r"\s*\n\s*", " ", first)


def _reason(said: str) -> str | None:
    """The part of libpq's complaint that names a keyword, never a value."""
    known = re.search(r'invalid (connection option|URI query parameter): "(\w+)"|missing "=" after', said)
    if known is None:
        return None
    return f'it has no option "{known[2]}".' if known[2] else 'a word in it is not followed by "=".'
