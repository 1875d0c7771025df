"""The copy: the target's schema, roles and sizes, on a server of its own; what it lacks is said."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from apply_builders import run, unchanged, value
from graph_builders import graph

from nexiom_runner.apply.ledger import read_history
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.session import Session
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.errors import TargetError, describe
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.model import Target
from nexiom_runner.rehearse.ground import Copied, Making, copy_of, nearest_engine
from nexiom_runner.rehearse.target import TargetFacts, read_target

STATES = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"nexiom-tests-{os.getuid()}"
ENVIRON = {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
NOWHERE = "host=/nowhere dbname=nothing"  # where pg_dump finds nobody
APPLIED = {"01_a/apply.sql": "create table public.t (i int); insert into t values (1);"}


@contextmanager
def copied(
    session: Session, dsn: str, server: Running, scripts: dict[str, str], engine: str | None = None
) -> Iterator[Copied]:
    """A copy of the test's database, with the plan of the scripts."""
    plan = make_plan(graph(scripts), read_history(session, "p").state)
    opened = OpenTarget(Target("staging", dsn=dsn), session, None)
    making = Making(plan, Patience(), unchanged, ENVIRON, engine or str(server.engine.bin))
    with copy_of(opened, read_target(session), making) as copy:
        yield copy


def test_a_copy_has_the_schema_the_roles_and_the_sizes(shop: Session, dsn: str, server: Running) -> None:
    shop.send("insert into orders select i, 1, 1 from generate_series(1, 500) i; analyze orders")
    shop.send("grant select on orders to anon")
    with copied(shop, dsn, server, {}) as copy:
        assert value(copy.session, "select current_user || ' ' || current_database()") == (
            f"nexiom_owner {shop.server.database}"
        )
        assert value(copy.session, "select reltuples from pg_class where relname = 'orders'") == "500"
        assert value(copy.session, "select has_table_privilege('anon', 'orders', 'select')") == "t"
        assert value(copy.session, "select count(*) from orders") == "0"
        assert value(copy.session, "show is_superuser") == "off"
        assert copy.ground.missing == ()
        assert copy.doubts.rows


def test_nothing_of_the_target_is_changed(shop: Session, dsn: str, server: Running) -> None:
    digest = "select md5(string_agg(c::text, ',' order by oid)) from pg_class as c where relname !~ '^pg_'"
    roles = "select md5(string_agg(r::text, ',' order by oid)) from pg_roles as r"
    before = value(shop, digest), value(shop, roles)
    with copied(shop, dsn, server, {}) as copy:
        copy.session.send("drop table orders; create role only_on_the_copy; alter role anon login")
    assert (value(shop, digest), value(shop, roles)) == before


def test_what_the_role_may_not_read_is_missing_with_what_needs_it(
    admin_session: Session, session: Session, dsn: str, server: Running
) -> None:
    admin_session.send(
        "create schema private; create table private.salaries (i int);"
        "create view public.peeks as select * from private.salaries; alter view public.peeks owner to nexiom_owner"
    )
    with copied(session, dsn, server, {}) as copy:
        assert [one for one in copy.ground.differs if "private" in one] == [
            'no private.salaries, which role "nexiom_owner" may not read (grant select on it, or run as its owner)'
        ]
        assert [str(one) for one in copy.ground.missing] == ["view public.peeks"]
        assert copy.doubts.lacks("peeks")
        assert not copy.doubts.lacks("elsewhere")


def test_where_no_dump_can_be_had_the_copy_is_made_from_the_scripts(session: Session, server: Running) -> None:
    run(session, APPLIED)
    with copied(session, NOWHERE, server, APPLIED) as copy:
        assert copy.ground.how.startswith("made again from the scripts that are applied, on PostgreSQL ")
        assert copy.ground.differs[0].startswith(f"no dump, since pg_dump {server.version}: connection to server ")
        assert value(copy.session, "select count(*) from t") == "1"
        assert copy.doubts.rows


def test_an_edited_script_cannot_stand_for_what_was_applied(session: Session, server: Running) -> None:
    run(session, APPLIED)
    edited = {"01_a/apply.sql": "create table public.other (i int);"}
    with pytest.raises(TargetError) as raised, copied(session, NOWHERE, server, edited):
        pass
    told = describe(raised.value.faults[0])
    first, _, rest = told.partition("\n")
    assert first.startswith(f'error: no copy of "staging" can be made: pg_dump {server.version}: connection to server ')
    assert rest.endswith(
        "detail: Nor can it be made from the scripts: 01_a/apply.sql is edited, so that what was applied is not on "
        "disk.\n"
        "hint: Install a PostgreSQL whose pg_dump reaches the target (see docs/how-to/rehearse.md), or use --on-target."
    )


def test_roles_of_the_target_stand_for_those_that_scripts_made(session: Session, server: Running) -> None:
    scripts = {"01_a/apply.sql": "create role made_by_script; create table public.t (i int);"}
    run(session, scripts)
    try:
        with copied(session, NOWHERE, server, scripts) as copy:
            assert value(copy.session, "select to_regclass('public.t')::text") == "t"
    finally:
        session.send("drop role made_by_script")


def test_the_nearest_engine_is_of_the_same_version_or_newer(shop: Session) -> None:
    facts = read_target(shop)
    major = facts.major
    engines = [Engine(Path("/nowhere"), f"{number}.1") for number in (major + 2, major + 1, major, major - 1)]
    assert nearest_engine(engines, facts).major == major
    assert nearest_engine([engines[0], engines[1], engines[3]], facts).major == major + 1
    assert nearest_engine([engines[3]], facts).major == major - 1


def test_no_engine_is_said(shop: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    facts: TargetFacts = read_target(shop)
    monkeypatch.setattr("nexiom_runner.database.engine._folders", lambda: iter(()))
    with pytest.raises(TargetError, match="no PostgreSQL was found"):
        nearest_engine([], facts)


def test_settings_and_grants_of_the_database_are_the_targets(
    admin_session: Session, session: Session, dsn: str, server: Running
) -> None:
    name = session.server.database
    admin_session.send(f"alter role anon in database {name} set statement_timeout = '3s'")
    admin_session.send(f"alter database {name} set timezone = 'Europe/Paris'")
    admin_session.send(f"revoke connect, temporary on database {name} from public")
    with copied(session, dsn, server, {}) as copy:
        found = copy.session.send("select setconfig::text from pg_db_role_setting where setdatabase <> 0 order by 1")
        assert found[0].rows == (("{TimeZone=Europe/Paris}",), ("{statement_timeout=3s}",))
        assert value(copy.session, "select has_database_privilege('anon', current_database(), 'connect')") == "f"
