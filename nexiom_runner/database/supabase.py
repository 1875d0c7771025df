"""The three ways to a project on Supabase: which of them answers, and why another does not, for people."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nexiom_runner.database.refusals import Refusal, refusal_of
from nexiom_runner.database.reports import Redact
from nexiom_runner.database.session import Server, Session, connect
from nexiom_runner.errors import Fault, NexiomError, TargetError, UnavailableError
from nexiom_runner.project.hosted import PASSWORD_VARIABLE, Hosted, Road, Way, known_roads
from nexiom_runner.project.outline import Target

CONNECT = "Connect in the dashboard"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one way: who answered and after how many seconds, or why nobody did."""

    way: Way
    seconds: float
    server: Server | None = None
    fault: Fault | None = None


def try_ways(target: Target, application: str, redact: Redact) -> Iterator[Tried]:
    """Connect by each way whose host is known, one after the other, and end the connection."""
    for way in target.ways:
        began = time.perf_counter()
        try:
            with connect(way.dsn, application=application, redact=redact) as session:
                yield Tried(way, time.perf_counter() - began, session.server)
        except NexiomError as error:
            yield Tried(way, time.perf_counter() - began, fault=told(target, way, error.faults[0]))


def open_first(target: Target, application: str, redact: Redact, said: Callable[[str], None]) -> tuple[Session, Way]:
    """A session by the first way that answers, or by the one that `connection` names.

    A server that refuses a role or password would do so by every way, so the next is tried only where nobody answered;
    `said` hears why. Raises TargetError, or UnavailableError where no way answers.
    """
    failed: list[tuple[Way, Fault]] = []
    for way in _chosen(target):
        try:
            session = connect(way.dsn, application=application, redact=redact)
        except UnavailableError as error:
            failed.append((way, told(target, way, error.faults[0])))
        except TargetError as error:
            raise TargetError(_of(target, way, told(target, way, error.faults[0]))) from None
        else:
            for other, fault in failed:
                said(f"{other.road}: {fault.message}; going on by {way.road.words}")
            return session, way
    raise UnavailableError(*_nobody(target, failed))


def around(target: Target, application: str, redact: Redact) -> str | None:
    """The DSN of the first way around the transaction pooler that answers; None where none does.

    Only where that pooler was asked for by name: where it was taken, the others have just failed.
    """
    named = target.supabase is not None and target.supabase.connection is Road.TRANSACTION
    for way in target.ways if named else ():
        if way.road is not Road.TRANSACTION:
            try:
                connect(way.dsn, application=application, redact=redact).close()
            except NexiomError:
                continue
            return way.dsn
    return None


def told(target: Target, way: Way, fault: Fault) -> Fault:
    """The fault of a way in words that say what it is on Supabase, and one thing to do."""
    hosted = target.supabase
    assert hosted is not None
    which = refusal_of(fault)
    words = _words(hosted, way, which)
    if words is None:
        return fault
    facts = {"host": way.host, "place": way.place, "port": way.port, "user": way.user, "ref": hosted.ref}
    facts |= {"road": way.road.words, "other": _other(hosted, way), "password": _password(hosted)}
    message, hint = (text.format_map(facts) for text in words)
    return Fault(message, detail=fault.detail, hint=hint)


def _words(hosted: Hosted, way: Way, which: Refusal | None) -> tuple[str, str] | None:
    if which is None:
        return None
    own = way.road is Road.DIRECT and way.road not in hosted.hosts
    return (_DIRECT.get(which) if own else None) or _ANY.get(which)


def _other(hosted: Hosted, way: Way) -> str:
    """What to do where a way is closed to this machine."""
    if len(known_roads(hosted)) > 1 and way.road is Road.DIRECT:
        return "Use the session pooler: connection: session."
    if way.road is Road.DIRECT:
        return f"Copy the session pooler's host from {CONNECT} into pooler:, or buy the IPv4 add-on."
    return "Is this machine online, and may it reach that host?"


def _password(hosted: Hosted) -> str:
    if hosted.password_env is None:
        return f"Write password: {{env: {PASSWORD_VARIABLE}}} into the target, and set that variable"
    return f"Set {hosted.password_env}"


def _chosen(target: Target) -> tuple[Way, ...]:
    named = target.supabase.connection if target.supabase else None
    return tuple(way for way in target.ways if named in (None, way.road))


def _of(target: Target, way: Way, fault: Fault) -> Fault:
    message = f'target "{target.name}", by {way.road.words}: {fault.message}'
    return Fault(message, detail=fault.detail, hint=fault.hint)


def _nobody(target: Target, failed: list[tuple[Way, Fault]]) -> Iterator[Fault]:
    """One fault where one way was tried; else one for all, with what each said."""
    if len(failed) == 1:
        yield _of(target, *failed[0])
        return
    detail = "; ".join(f"{way.road}: {fault.message}" for way, fault in failed)
    hint = f"nexiom doctor --target {target.name} says what to do about each."
    yield Fault(f'target "{target.name}" answers by none of its ways', detail=f"{detail}.", hint=hint)


_DIRECT: Mapping[Refusal, tuple[str, str]] = {
    Refusal.NO_ROUTE: ("{host} has only an IPv6 address, and this machine has no IPv6 route", "{other}"),
    Refusal.NO_HOST: (
        'the name "{host}" is not known here: the project is paused or gone, or the name server gives no IPv6 address',
        "Look in the dashboard whether project {ref} runs. {other}",
    ),
}
_ANY: Mapping[Refusal, tuple[str, str]] = {
    Refusal.NO_HOST: ('the name "{host}" is not known here', f"Copy the host from {CONNECT} into pooler:."),
    Refusal.NO_TENANT: (
        'the pooler at {host} knows no user "{user}": the project is on another pooler, paused or gone',
        f"Copy the host from {CONNECT} into pooler:, and look whether the project runs.",
    ),
    Refusal.PASSWORD: (
        'the password of role "{user}" is not the right one',
        "{password} to the project's database password: not an API key, nor that of your account.",
    ),
    Refusal.NO_PASSWORD: ('there is no password for role "{user}"', "{password} to the project's database password."),
    Refusal.TIMEOUT: (
        "{place} did not answer in time",
        "Does a firewall keep port {port} closed from here? A paused project is started in the dashboard.",
    ),
    Refusal.REFUSED: ("{place} refused the connection", "Does a firewall keep port {port} closed from here?"),
    Refusal.NO_ROUTE: ("there is no route from here to {host}", "{other}"),
    Refusal.ADDRESS: (
        "the project does not accept connections from this machine's address",
        "Add the address to Network restrictions in the project's database settings.",
    ),
    Refusal.SHUT_OUT: (
        'role "{user}" is let in no more for a while, after wrong passwords',
        "{password} to the project's database password, and try again in some minutes.",
    ),
    Refusal.FULL: (
        "{road} has no connection free",
        "Try again when others have disconnected, or raise the pool size in the project's database settings.",
    ),
    Refusal.CERTIFICATE: (
        "{place} shows a certificate that sslmode does not accept",
        "Name the certificate downloaded from the project's database settings in PGSSLROOTCERT.",
    ),
}
