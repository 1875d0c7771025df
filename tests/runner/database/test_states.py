"""The embedded database goes back to what it was, roles and settings included."""

from collections.abc import Iterator

import pytest

from nexiom_runner.database import states
from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import ADMIN, DATABASE, PRISTINE, dsn
from nexiom_runner.errors import ServerError, TargetError, describe


@pytest.fixture
def project(server: Running, server_session: Session) -> Iterator[Running]:
    """The worker's server with nothing stored and its database as before the first phase."""
    yield server
    for state in states.stored_states(server_session):
        drop_database(server_session, state.database)
    states.reset_database(server_session)


def send(running: Running, text: str) -> str | None:
    with connect(running.dsn, application="t") as session:
        rows = session.send(text)[-1].rows
        return rows[0][0] if rows else None


def test_it_goes_back_to_a_stored_state(project: Running, server_session: Session) -> None:
    send(project, "create table t as select 1 as a")
    states.store_state(server_session, "one")
    send(project, "drop table t")
    states.restore_state(server_session, "one")
    assert send(project, "select a from t") == "1"
    assert send(project, "select pg_get_userbyid(datdba) from pg_database where datname = 'nexiom'") == "nexiom_owner"


def test_the_newest_of_the_keys_is_found(project: Running, server_session: Session) -> None:
    states.store_state(server_session, "one")
    states.store_state(server_session, "two")
    assert states.newest_state(server_session, ["three", "two", "one"]) == "two"
    assert states.newest_state(server_session, ["three", "one"]) == "one"
    assert states.newest_state(server_session, ["three"]) is None


def test_a_key_stored_twice_keeps_what_was_stored_first(project: Running, server_session: Session) -> None:
    states.store_state(server_session, "one")
    send(project, "create table t ()")
    states.store_state(server_session, "one")
    states.restore_state(server_session, "one")
    assert send(project, "select to_regclass('t')") is None


def test_the_least_lately_used_states_go(project: Running, server_session: Session) -> None:
    for key in ("one", "two", "three"):
        states.store_state(server_session, key, keep=3)
    states.restore_state(server_session, "one")
    states.store_state(server_session, "four", keep=3)
    kept = [key for key in ("one", "two", "three", "four") if states.newest_state(server_session, [key])]
    assert kept == ["one", "three", "four"]


def test_whoever_is_connected_is_cut_off(project: Running, server_session: Session) -> None:
    with connect(project.dsn, application="stray") as stray:
        states.store_state(server_session, "one")
        with pytest.raises(Exception, match="the connection to the server was lost"):
            stray.send("select 1")


def test_roles_made_since_are_gone_with_the_states_that_know_them(project: Running, server_session: Session) -> None:
    states.store_state(server_session, "before")
    send(project, "create role app_x; create role app_y; grant app_x to app_y; grant anon to app_y")
    send(project, "create table t (); grant select on t to app_x")
    states.store_state(server_session, "after")
    states.restore_state(server_session, "before")
    assert send(project, "select count(*) from pg_roles where rolname like 'app%'") == "0"
    assert states.newest_state(server_session, ["after", "before"]) == "before"


def test_roles_that_were_there_stay(project: Running, server_session: Session) -> None:
    send(project, "create role app_x; create table t (); grant select on t to app_x")
    states.store_state(server_session, "one")
    states.restore_state(server_session, "one")
    assert send(project, "select has_table_privilege('app_x', 't', 'select')") == "t"


def test_a_role_that_others_need_is_told(project: Running, server_session: Session) -> None:
    send(project, "create role app_x")
    server_session.send("create database elsewhere")
    server_session.send("alter database elsewhere owner to app_x")
    server_session.send("create role app_q; grant create on database elsewhere to app_q")
    with connect(dsn(project.state, ADMIN, "elsewhere"), application="t") as session:
        session.send("create table t (); alter table t owner to app_x")
    with pytest.raises(TargetError) as caught:
        states.reset_database(server_session)
    assert describe(caught.value.faults[0]) == (
        'error: cannot go back to before role "app_x" was made: role "app_x" cannot be dropped because some '
        "objects depend on it\n"
        "detail: owner of database elsewhere\n1 object in database elsewhere\n"
        "hint: Run nexiom db reset, which starts from an empty server."
    )
    drop_database(server_session, "elsewhere")
    assert states.mend_database(server_session)


def test_settings_and_grants_of_the_database_go_back_with_it(project: Running, server_session: Session) -> None:
    send(project, 'alter database nexiom set search_path = app, "$user"')
    send(project, "alter role nexiom_owner in database nexiom set work_mem = '7MB'")
    send(project, "revoke temporary on database nexiom from public")
    states.store_state(server_session, "one")
    states.reset_database(server_session)
    assert send(project, "show search_path") == '"$user", public'
    states.restore_state(server_session, "one")
    assert send(project, "select current_setting('search_path') || current_setting('work_mem')") == 'app, "$user"7MB'
    assert send(project, "select has_database_privilege('anon', 'nexiom', 'temporary')") == "f"


def test_a_database_that_a_killed_run_left_away_is_made_again(project: Running, server_session: Session) -> None:
    drop_database(server_session, DATABASE)
    assert states.mend_database(server_session)
    assert not states.mend_database(server_session)
    assert send(project, "select 1") == "1"


def test_half_a_state_is_not_found(project: Running, server_session: Session) -> None:
    states.store_state(server_session, "one")
    name = states.stored_states(server_session)[0].database
    server_session.send("; ".join(["begin", f"alter database {name} rename to {name}_new", "commit"]))
    assert states.newest_state(server_session, ["one"]) is None
    states.store_state(server_session, "one")
    assert states.newest_state(server_session, ["one"]) == "one"


def test_a_clone_is_a_database_of_its_own(dsn_of: dict[str, str], database: str, server_session: Session) -> None:
    with connect(dsn_of["nexiom_owner"], application="t") as session:
        session.send("create table t as select 1 as a")
    clone_database(server_session, database, f"{database}_clone")
    drop_database(server_session, f"{database}_clone")
    with connect(dsn_of["nexiom_owner"], application="t") as session:
        assert session.send("select a from t")[0].rows == (("1",),)


def test_a_clone_does_not_replace_a_database(server_session: Session, database: str) -> None:
    with pytest.raises(ServerError) as caught:
        clone_database(server_session, PRISTINE, database)
    assert caught.value.report.message == f'database "{database}" already exists'
