"""A server that stands in for Supabase: its roles, schemas and extensions, before the first phase."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.engine import Engine, choose_engine
from nexiom_runner.database.platform_engine import HOSTED, choose_for, extensions_of
from nexiom_runner.database.platform_extensions import EMULATED, WRITTEN, script_of
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import ALWAYS, PRISTINE, SUPABASE, Names, State, dsn
from nexiom_runner.database.states import seal_database
from nexiom_runner.errors import Fault, ServerError, TargetError
from nexiom_runner.project.outline import Target
from nexiom_runner.project.stand_in import Grants, StandIn, named_extensions

# What a new project has, and the schema it is in.
PREINSTALLED = (
    ("pg_stat_statements", "extensions"),
    ("pgcrypto", "extensions"),
    ("uuid-ossp", "extensions"),
    ("supabase_vault", "vault"),
)
_SCRIPTS = ("schemas.sql", "auth.sql", "storage.sql", "realtime.sql")


@dataclass(frozen=True, slots=True)
class Platform:
    """A stand-in and the engine that runs it."""

    stand_in: StandIn
    engine: Engine

    @property
    def names(self) -> Names:
        """Who and what is on the server."""
        return SUPABASE

    @property
    def written(self) -> frozenset[str]:
        """The extensions that this engine has not, and that nexiom wrote in SQL as far as that goes."""
        return frozenset(EMULATED) - extensions_of(self.engine)

    @property
    def key(self) -> str:
        """Tells this stand-in from one made of other texts or for other grants; part of folder names."""
        texts = [load(__file__, f"supabase/{name}").text for name in ("roles.sql", *self.scripts)]
        extensions = [script_of(name) for name in sorted(WRITTEN)]
        told = "\0".join((*texts, *extensions, *sorted(extensions_of(self.engine))))
        return f"supabase-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    @property
    def scripts(self) -> tuple[str, ...]:
        """The files that make the database, in order."""
        grants = ("no_api_grants.sql",) if self.stand_in.grants is Grants.TODAY else ()
        return (*_SCRIPTS, *grants, "guard.sql")

    @property
    def asked(self) -> int:
        """The major version of the platform."""
        return self.stand_in.postgres or HOSTED


Wanted = Platform | str | None  # of a target: a platform, a version or folder of an engine, or nothing in particular


def wanted_server(root: str | Path, target: Target) -> Wanted:
    """What the target says of its embedded server. Raises TargetError (see `choose_for`)."""
    if target.stand_in is None:
        return target.engine
    named = named_extensions(Path(root))
    return Platform(target.stand_in, choose_for(target.stand_in, target.engine, named, frozenset(WRITTEN)))


def engine_of(wanted: Wanted) -> Engine:
    """The engine that runs it. Raises TargetError."""
    return wanted.engine if isinstance(wanted, Platform) else choose_engine(wanted)


def make_platform(state: State, platform: Platform) -> None:
    """Make the roles and databases on a server that initdb just made. Raises TargetError with what it refused."""
    try:
        with connect(dsn(state, SUPABASE.admin, ALWAYS), application="nexiom") as first:
            _send(first, "roles.sql")
            _create(first, SUPABASE.maintenance, SUPABASE.admin)
        with connect(dsn(state, SUPABASE.admin, SUPABASE.maintenance), application="nexiom") as session:
            _make_database(state, platform, session)
    except ServerError as error:
        where = f"PostgreSQL {platform.engine.version} in {platform.engine.bin}"
        message = f"{where} cannot stand in for Supabase: {error.report.message}"
        raise TargetError(Fault(message, detail=error.report.detail, hint="Name another one with engine:.")) from None


def _make_database(state: State, platform: Platform, session: Session) -> None:
    """The database under its own name, in which alone it is granted on, and the copy that a run goes back to."""
    drop_database(session, SUPABASE.database)
    _create(session, SUPABASE.database, SUPABASE.owner)
    with connect(dsn(state, SUPABASE.admin), application="nexiom") as made:
        for script in platform.scripts[:-1]:
            _send(made, script)
        for name, schema in PREINSTALLED:
            made.rows(load(__file__, "supabase/create_extension.sql").compose(name=name, schema=schema))
        _send(made, platform.scripts[-1])
    clone_database(session, SUPABASE.database, PRISTINE)
    seal_database(session, PRISTINE)


def _create(session: Session, name: str, owner: str) -> None:
    session.rows(load(__file__, "create_database.sql").compose(name=name, owner=owner))


def _send(session: Session, script: str) -> None:
    session.send(load(__file__, f"supabase/{script}").text)
