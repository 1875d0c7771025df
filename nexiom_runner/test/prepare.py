"""What the catalog says of the calls to make, in a constant number of queries: function, statement, role."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault
from nexiom_runner.project.calling import User
from nexiom_runner.project.in_force import CallInForce
from nexiom_runner.project.names import did_you_mean, nearest
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.secrets import Secrets
from nexiom_runner.shape.leaves import leaves
from nexiom_runner.shape.model import Live, Shape
from nexiom_runner.test.arguments import document, shown_document
from nexiom_runner.test.given import Before, Known, prepare_given, statements
from nexiom_runner.test.live import LiveTypes, read_live
from nexiom_runner.tree import Scalar

LEGACY = ("role", "sub", "email")  # request.jwt.claim.NAME, as PostgREST set them before version 9
FIRST = "set local search_path = pg_catalog; set local jit = off"


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that can be sent: `statement` returns one JSON text, `shown` is how a person would write it.

    `before` is what must be there first, in the same transaction.
    """

    signature: str
    read_only: bool
    statement: str
    shown: str
    before: tuple[Before, ...] = ()


@dataclass(frozen=True, slots=True)
class Unready:
    """A call that cannot be sent. `refused`: a client would be refused as well, which is a failure.

    `absent`: no function of this name is there. `fault` is what is wrong with what the call is given.
    `missing` is the argument that it needs and is not given.
    """

    message: str
    refused: bool = False
    fix: str | None = None
    absent: bool = False
    fault: Fault | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A caller: the statement that becomes it until the transaction ends, or why that cannot be."""

    statement: str
    refusal: Unready | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The calls in the order given, and who calls by `caller_key`."""

    calls: tuple[Ready | Unready, ...]
    roles: Mapping[str, Role]
    live: LiveTypes = field(default_factory=LiveTypes)

    def role(self, caller: User | None) -> Role:
        """How to become the caller; for the owner there is nothing to do."""
        return Role("") if caller is None else self.roles[caller_key(caller)]


def prepare(
    session: Session,
    calls: Sequence[CallInForce],
    secrets: Secrets,
    *,
    users: Collection[str] = (),
    rendered: Iterable[Rendered] = (),
    texts: Mapping[str, str] | None = None,
) -> Prepared:
    """Ask the catalog about all calls at once; read-only, leaves nothing behind. Raises ServerError.

    `users` are the names that `as` could have said beside roles, `rendered` the scripts of what calls are given,
    `texts` the project's files by path.
    """
    asked = [_request(number, each, secrets) for number, each in enumerate(calls)]
    sent = [each for each in asked if isinstance(each, dict)]
    callers = {caller_key(one): one for each in calls for one in each.callers if one is not None}
    given = [each.given for each in calls if each.given]
    with session.transaction(read_only=True, first=FIRST, rollback=True):
        reached = _reached(session, sent)
        known = _roles(session, callers, users, secrets) if callers else {}
        missed = [calls[number] for number in range(len(calls)) if len(reached.get(number, ())) != 1]
        functions = _functions(session, missed) if missed else []
        before = prepare_given(session, given, rendered, texts or {}, secrets) if given else {}
    made = (
        each if isinstance(each, Unready) else _one(calls[number], reached.get(number, []), functions)
        for number, each in enumerate(asked)
    )
    return Prepared(tuple(_with_given(one, each, before) for one, each in zip(made, calls, strict=True)), known)


def prepare_live(session: Session, shapes: Sequence[Shape]) -> LiveTypes:
    """The enums and domains in these shapes as the database has them; asks nothing where there are none."""
    if not any(isinstance(leaf, Live) for shape in shapes for leaf in leaves(shape)):
        return LiveTypes()
    with session.transaction(read_only=True, first=FIRST, rollback=True):
        return read_live(session, shapes)


def caller_key(caller: User) -> str:
    """What tells two callers apart: the role and the claims, as they are written."""
    return f"{caller.role} {shown_document(caller.claims)}" if caller.claims else caller.role


def shown_function(schema: str, name: str) -> str:
    """`run_pipeline_once`, `crm.score`: public is not said."""
    return name if schema == "public" else f"{schema}.{name}"


def _request(number: int, each: CallInForce, secrets: Secrets) -> dict[str, object] | Unready:
    try:
        parts = document(each.call.arguments, secrets)
    except KeyError as missing:
        return _unset(missing.args[0])
    shown = shown_document(each.call.arguments)
    return {"id": number, "schema": each.key.schema, "name": each.key.name, "parts": parts, "shown": shown}


def _unset(secret: str) -> Unready:
    return Unready(f'secret "{secret}" is not set', fix=f"Set {secret} in the environment or in a file of env_files.")


def _with_given(ready: Ready | Unready, each: CallInForce, known: Known) -> Ready | Unready:
    if isinstance(ready, Unready) or not each.given:
        return ready
    before = statements(known, each.given)
    if isinstance(before, Fault):
        return Unready(before.message, fix=before.hint, fault=before)
    return replace(ready, before=before)


def _reached(session: Session, sent: Sequence[dict[str, object]]) -> dict[int, list[Ready]]:
    reached: dict[int, list[Ready]] = {}
    if not sent:
        return reached
    for row in session.rows(load(__file__, "resolve.sql"), calls=json.dumps(sent)):
        ready = Ready(row.signature, row.read_only, row.statement, row.shown)
        reached.setdefault(row.id, []).append(ready)
    return reached


def _roles(session: Session, callers: Mapping[str, User], users: Collection[str], secrets: Secrets) -> dict[str, Role]:
    asked, known = [], {}
    for key, caller in callers.items():
        try:
            asked.append({"key": key, "name": caller.role, **_claims(caller, secrets)})
        except KeyError as missing:
            known[key] = Role("", _unset(missing.args[0]))
    rows = session.rows(load(__file__, "become.sql"), callers=json.dumps(asked)) if asked else ()
    for row in rows:
        known[row.key] = Role(row.statement, _role_refusal(session, row, users))
    return known


def _claims(caller: User, secrets: Secrets) -> dict[str, object]:
    """The claims as one JSON text, and those that older functions read one by one."""
    role = {} if "role" in caller.claims else {"role": Scalar(caller.role, caller.place, plain=False)}
    claims = {**role, **caller.claims}
    text = "".join(text for _, text in document(claims, secrets))
    legacy = {name: claims[name] for name in LEGACY if isinstance(claims.get(name), Scalar)}
    return {"claims": text, "legacy": {name: node.text for name, node in legacy.items() if isinstance(node, Scalar)}}


def _role_refusal(session: Session, row: Any, users: Collection[str]) -> Unready | None:
    if not row.present:
        what = "role or user" if users else "role"
        return Unready(f'there is no {what} "{row.name}"', fix=did_you_mean(row.name, [*users, *row.known]))
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
    message = f'function "{name}" needs the argument "{missing}"'
    return Unready(message, fix=f"Add {missing} under with:.", missing=missing)
