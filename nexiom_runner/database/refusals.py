"""Why a connection could not be had, told apart: what trying again may mend, and what it will not."""

import re
from collections.abc import Mapping

from nexiom_runner.errors import Fault, NexiomError, TargetError, UnavailableError

Facts = Mapping[str, str]  # user, database, server: what the DSN and the environment came to

_UNAVAILABLE = (
    (r"connection refused|no such file or directory", "{server} refused the connection",
     "Is the server running, and are host and port right?"),
    (r"translate host name|name or service not known|name resolution|resolve host|nodename nor servname",
     'the host name of {server} is not known', "Is the host spelt right, and is this machine online?"),
    (r"the database system is (starting up|shutting down|not yet accepting|not accepting|in recovery)",
     "{server} is not ready yet", "Try again in a moment."),
    (r"too many (clients|connections)|remaining connection slots|max client connections",
     "{server} has no connection free", "Try again when others have disconnected."),
    (r"timeout|timed out", "{server} did not answer in time", "Is a firewall in the way, or the host paused?"),
    (r"no route to host|network is unreachable|connection reset|closed the connection unexpectedly",
     "{server} cannot be reached", "Is this machine online, and may it reach that host?"),
)  # fmt: skip
_REFUSED = (
    (r"password authentication failed|invalid password", '{server} did not accept the password of role "{user}"',
     "Correct the password in the DSN, in PGPASSWORD or in ~/.pgpass."),
    (r"no password supplied", '{server} asks for a password of role "{user}"',
     "Give it in the DSN, in PGPASSWORD or in ~/.pgpass."),
    (r'database ".*" does not exist', '{server} has no database "{database}"',
     "Create the database, or correct its name in the DSN."),
    (r'role ".*" does not exist', '{server} has no role "{user}"',
     "Create the role, or correct the user in the DSN."),
    (r"no pg_hba.conf entry", '{server} does not accept role "{user}" on database "{database}" from this machine',
     "Is sslmode right, and is this machine's address allowed there?"),
    (r"tenant or user not found", '{server} does not know the project or role "{user}"',
     "On a Supabase pooler the user is postgres.PROJECT-REF."),
)  # fmt: skip


def explain_refusal(said: str, facts: Facts) -> NexiomError:
    """The error for a connection that failed, from libpq's words and what was asked for.

    The server's own words are in its language; what is not recognised is a TargetError with them verbatim.
    """
    detail = _one_line(said)
    for patterns, kind in ((_REFUSED, TargetError), (_UNAVAILABLE, UnavailableError)):
        for pattern, message, hint in patterns:
            if re.search(pattern, detail, re.IGNORECASE):
                return kind(Fault(message.format_map(facts), detail=detail, hint=hint))
    return TargetError(Fault("cannot connect to {server}".format_map(facts), detail=detail))


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
