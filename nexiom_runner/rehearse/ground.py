"""Where a plan is rehearsed: on a copy of the target's schema, on a server that is thrown away."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from nexiom_runner.apply.message import Reveal
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.dump import can_dump, dump_schema
from nexiom_runner.database.engine import Engine, choose_engine, find_engines
from nexiom_runner.database.platform_engine import extensions_of
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.targets import APPLICATION, OpenTarget
from nexiom_runner.errors import TargetError
from nexiom_runner.plan.model import Plan
from nexiom_runner.rehearse.doubts import Doubts
from nexiom_runner.rehearse.model import Ground
from nexiom_runner.rehearse.place import Place, empty_place
from nexiom_runner.rehearse.replay import replay, unknown_script
from nexiom_runner.rehearse.restore import restore
from nexiom_runner.rehearse.target import TargetFacts


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy in use: a session as the target's role, what it is, and what of it may deceive."""

    session: Session
    ground: Ground
    doubts: Doubts


@dataclass(frozen=True, slots=True)
class Making:
    """How a copy is to be made: the plan says what is applied, `engine` which PostgreSQL (None: the nearest)."""

    plan: Plan
    patience: Patience
    reveal: Reveal
    environ: Mapping[str, str]
    engine: str | None = None
    progress: Callable[[str], None] = lambda _: None


@contextmanager
def copy_of(opened: OpenTarget, facts: TargetFacts, making: Making) -> Iterator[Copied]:
    """A copy of the target's schema, with the sizes its statistics say; gone with the block.

    By pg_dump where an engine here has one that knows the target's version and reaches it; else made again from the
    project's scripts, where the ledger says that they are what was applied. The target is only read. Raises
    TargetError where neither can be done.
    """
    engine = choose_engine(making.engine) if making.engine else nearest_engine(find_engines(), facts)
    making.progress("reading the target's schema")
    dump, by, why_not = (None, None, "it goes back to an older state first")
    if making.plan.back_to is None:
        dump, by, why_not = _dumped(opened, facts, engine)
    if dump is None and (fault := unknown_script(making.plan, opened.target.name, why_not)):
        raise TargetError(fault)
    making.progress(f"making a copy on PostgreSQL {engine.version}")
    with empty_place(engine, facts, making.environ) as place:
        missing = restore(place.admin, dump) if dump is not None else ()
        with connect(place.dsn, application=APPLICATION, redact=opened.redact) as session:
            if dump is None:
                replay(session, making.plan, making.patience, making.reveal, opened.target.name)
            _put_sizes(place.admin, facts)
            available = frozenset(row.name for row in place.admin.rows(load(__file__, "available.sql")))
            how = (
                f"schema by pg_dump {by.version}, without rows"
                if by
                else "made again from the scripts that are applied"
            )
            ground = Ground(
                f"{how}, on PostgreSQL {engine.version}",
                differs=tuple(_differs(facts, engine, available, why_not if dump is None else None)),
                missing=missing,
            )
            own_rows = making.plan.back_to is not None
            yield Copied(session, ground, _doubts(opened, facts, place, available, own_rows=own_rows))


def nearest_engine(engines: Sequence[Engine], facts: TargetFacts) -> Engine:
    """The engine likest the target: its major version, else the next newer, else the newest; of several the one that
    has most of the target's extensions. Raises TargetError where there is none."""
    if not engines:
        return choose_engine(None)  # says that there is none
    needed = frozenset(facts.extensions)

    def likeness(engine: Engine) -> tuple[bool, int, int]:
        newer = engine.major >= facts.major
        has = len(needed & extensions_of(engine)) if needed else 0
        return newer, -abs(engine.major - facts.major), has

    return max(engines, key=likeness)


def _dumped(opened: OpenTarget, facts: TargetFacts, engine: Engine) -> tuple[str | None, Engine | None, str]:
    """The dump and the engine whose pg_dump made it; or why there is none. What a newer one writes the copy cannot
    read."""
    if opened.running is None and opened.direct_dsn is None and opened.session.shared:
        return None, None, "pg_dump cannot go through a pooler, and the target names no direct_dsn"
    dsn = opened.running.dsn if opened.running else opened.direct_dsn or opened.target.dsn or ""
    hidden = [(one.schema, one.name) for one in facts.hidden]
    others = (one for one in find_engines() if one.bin != engine.bin and one.major <= engine.major)
    why = f"no pg_dump up to {engine.major} knows PostgreSQL {facts.major}"
    for one in (engine, *others):
        if not can_dump(one, facts.major):
            continue
        try:
            return dump_schema(one, dsn, hidden), one, ""
        except TargetError as error:
            why = f"pg_dump {one.version}: {error.faults[0].detail}"
    return None, None, why


def _put_sizes(admin: Session, facts: TargetFacts) -> None:
    known = {identity: one for identity, one in facts.relations.items() if one.pages or one.tuples >= 0}
    admin.rows(
        load(__file__, "put_sizes.sql"),
        identities=list(known),
        pages=[one.pages for one in known.values()],
        tuples=[one.tuples for one in known.values()],
    )


def _differs(facts: TargetFacts, engine: Engine, available: frozenset[str], why_not: str | None) -> Iterator[str]:
    if why_not is not None:
        yield f"no dump, since {why_not}: what no script of the project made is not there"
    if engine.major != facts.major:
        yield f"PostgreSQL {engine.major} instead of {facts.major}"
    for name in facts.extensions:
        if name not in available:
            yield f'no extension "{name}", which this engine lacks'
    role = facts.server.role
    for one in facts.hidden:
        yield f'no {one.schema}.{one.name}, which role "{role}" may not read (grant select on it, or run as its owner)'
    if facts.server.superuser:
        yield f'role "{role}" is no superuser here'


def _doubts(
    opened: OpenTarget, facts: TargetFacts, place: Place, available: frozenset[str], *, own_rows: bool
) -> Doubts:
    """`own_rows` says that the target will have the rows that scripts make and no others."""
    names = load(__file__, "names.sql")
    here = {row.name for row in place.admin.rows(names)}
    lacking = frozenset(row.name for row in opened.session.rows(names)) - here
    filled = any(one.kind in "rpm" and one.size.rows != 0 for one in facts.relations.values())
    return Doubts(facts.server.superuser, filled and not own_rows, lacks=lacking.__contains__, extensions=available)
