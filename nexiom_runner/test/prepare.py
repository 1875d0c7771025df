"""What the catalog says of the calls to make, in a constant number of queries: function, statement, role."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.project.in_force import CallInForce
from nexiom_runner.project.names import did_you_mean, nearest
from nexiom_runner.render.secrets import Secrets
from nexiom_runner.test.arguments import document, shown_document

FIRST = "set local search_path = pg_catalog; set local jit = off"


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that can be sent: `statement` returns one JSON text, `shown` is how a person would write it."""

    signature: str
    read_only: bool
    statement: str
    shown: str


@dataclass(frozen=True, slots=True)
class Unready:
    """A call that cannot be sent. `refused`: a client would be refused as well, which is a failure.

    `absent`: no function of this name is there.
    """

    message: str
    refused: bool = False
    fix: str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role to call as: the statement that becomes it until the transaction ends, or why that cannot be."""

    statement: str
    refusal: Unready | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The calls in the order given, and the roles by name."""

    calls: tuple[Ready | Unready, ...]
    roles: Mapping[str, Role]


def prepare(session: Session, calls: Sequence[CallInForce], roles: Collection[str], secrets: Secrets) -> Prepared:
    """Ask the catalog about all calls at once; read-only, leaves nothing behind. Raises ServerError."""
    asked = [_request(number, each, secrets) for number, each in enumerate(calls)]
    sent = [each for each in asked if isinstance(each, dict)]
    with session.transaction(read_only=True, first=FIRST, rollback=True):
        reached = _reached(session, sent)
        known = _roles(session, roles) if roles else {}
        missed = [calls[number] for number in range(len(calls)) if len(reached.get(number, ())) != 1]
        functions = _functions(session, missed) if missed else []
    made = (
        each if isinstance(each, Unready) else _one(calls[number], reached.get(number, []), functions)
        for number, each in enumerate(asked)
    )
    return Prepared(tuple(made), known)


def shown_function(schema: str, name: str) -> str:
    """`run_pipeline_once`, `crm.score`: public is not said."""
    return name if schema == "public" else f"{schema}.{name}"


def _request(number: int, each: CallInForce, secrets: Secrets) -> dict[str, object] | Unready:
    try:
        arguments = document(each.call.arguments, secrets)
    except KeyError as missing:
        name = missing.args[0]
        return Unready(f'secret "{name}" is not set', fix=f"Set {name} in the environment or in a file of env_files.")
    shown = shown_document(each.call.arguments)
    return {"id": number, "schema": each.key.schema, "name": each.key.name, "arguments": arguments, "shown": shown}


def _reached(session: Session, sent: Sequence[dict[str, object]]) -> dict[int, list[Ready]]:
    reached: dict[int, list[Ready]] = {}
    if not sent:
        return reached
    for row in session.rows(load(__file__, "resolve.sql"), calls=json.dumps(sent)):
        ready = Ready(row.signature, row.read_only, row.statement, row.shown)
        reached.setdefault(row.id, []).append(ready)
    return reached


def _roles(session: Session, roles: Collection[str]) -> dict[str, Role]:
    rows = session.rows(load(__file__, "become.sql"), roles=sorted(roles))
    return {row.name: Role(row.statement, _role_refusal(session, row)) for row in rows}


def _role_refusal(session: Session, row: Any) -> Unready | None:
    if not row.present:
        return Unready(f'there is no role "{row.name}"', fix=did_you_mean(row.name, row.known))
    if not row.allowed:
        own = session.server.role
        return Unready(f'"{own}" may not become role "{row.name}"', fix=f"grant {row.name} to {own};")
    return None


def _functions(session: Session, missed: Iterable[CallInForce]) -> list[Any]:
    schemas = sorted({each.key.schema for each in missed})
    return session.rows(load(__file__, "functions.sql"), schemas=schemas)


def _one(each: CallInForce, reached: Sequence[Ready], functions: Sequence[Any]) -> Ready | Unready:
    if len(reached) == 1:
        return reached[0]
    if reached:
        overloads = " and ".join(ready.signature.removeprefix("public.") for ready in reached)
        fix = "Drop one, or give their arguments different names: PostgREST chooses by name alone."
        return Unready(f"these arguments reach {overloads} alike (PostgREST answers PGRST203)", True, fix)
    within = [row for row in functions if row.schema == each.key.schema]
    named = [row for row in within if row.name == each.key.name]
    return _other_arguments(each, named) if named else _no_function(each, within)


def _no_function(each: CallInForce, within: Sequence[Any]) -> Unready:
    close = nearest(each.key.name, {row.name: None for row in within})
    hint = f'Did you mean "{shown_function(each.key.schema, close)}"?' if close else None
    name = shown_function(each.key.schema, each.key.name)
    return Unready(f'there is no function "{name}"', fix=hint, absent=True)


def _other_arguments(each: CallInForce, named: Sequence[Any]) -> Unready:
    name, given = shown_function(each.key.schema, each.key.name), list(each.call.arguments)
    if len(named) > 1:
        said = ", ".join(f'"{argument}"' for argument in given) or "no arguments"
        names = {argument for row in named for argument in row.names}
        meant = (did_you_mean(argument, sorted(names)) for argument in given if argument not in names)
        return Unready(f'no overload of "{name}" takes {said}', fix=next(meant, None))
    names, needed = named[0].names, named[0].needed
    for argument in given:
        if argument not in names:
            close = nearest(argument, names)
            known = f"Its arguments are {', '.join(names)}." if names else "It takes no arguments."
            hint = f'Did you mean "{close}"?' if close else known
            return Unready(f'function "{name}" has no argument "{argument}"', fix=hint)
    missing = next(argument for argument in needed if argument not in given)
    return Unready(f'function "{name}" needs the argument "{missing}"', fix=f"Add {missing} under with:.")
