"""The ledger in the database."""

from threading import Thread

import pytest
from apply_builders import CORE, PROJECT, run, runner, value, values

from nexiom_runner.apply.ledger import append, make_ledger, overtaken, read_history, read_ledger, read_links
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import LedgerError, ServerError, TargetError, describe
from nexiom_runner.ledger.chain import FIRST, check
from nexiom_runner.ledger.entry import Event, parse


def test_history_before_the_first_apply_is_empty(session: Session) -> None:
    history = read_history(session, PROJECT)
    assert (history.head, history.made, dict(history.state.scripts)) == (FIRST, False, {})


def test_history_is_one_round_trip(session: Session) -> None:
    run(session, CORE)
    before = session.round_trips
    read_history(session, PROJECT)
    assert session.round_trips - before == 1


def test_entry_holds_who_where_and_what(session: Session) -> None:
    run(session, CORE)
    (link,) = read_links(session, PROJECT)
    entry = parse(link.entry)
    assert (entry.event, entry.script, entry.statements) == ("applied", "01_core/apply.sql", 1)
    assert (entry.who.role, entry.where.database) == ("nexiom_owner", session.server.database)
    assert entry.at == "2026-11-22T15:10:00.000000Z"


def test_chain_holds_and_its_head_is_what_the_next_entry_follows(session: Session) -> None:
    run(session, {**CORE, "02_x/apply.sql": "select 1;", "03_y/apply.sql": "select 2;"})
    links = read_links(session, PROJECT)
    assert check(links) is None
    assert read_history(session, PROJECT).head == links[-1].hash
    assert len(links) == 3


@pytest.mark.parametrize(
    ("statement", "verb"),
    [
        ("update nexiom.ledger set entry = '{}'", "update"),
        ("delete from nexiom.ledger", "delete"),
        ("truncate nexiom.ledger", "truncate"),
        ("set session_replication_role = replica; update nexiom.ledger set entry = '{}'", "update"),
        ("set session_replication_role = replica; delete from nexiom.ledger", "delete"),
        ("set session_replication_role = replica; truncate nexiom.ledger", "truncate"),
    ],
)
def test_ledger_is_never_changed_not_even_by_a_superuser(
    session: Session, admin_session: Session, statement: str, verb: str
) -> None:
    run(session, CORE)
    with pytest.raises(ServerError) as caught:
        admin_session.send(statement)
    assert caught.value.report.message == (
        f"{verb} of nexiom.ledger is refused: the history of a database is added to, never changed"
    )


@pytest.mark.parametrize("table", ["ledger", "instance"])
@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_owner_is_refused_too(session: Session, table: str, verb: str) -> None:
    run(session, CORE)
    column = {"ledger": "entry = '{}'", "instance": "format = 7"}[table]
    statement = {
        "update": f"nexiom.{table} set {column}",
        "delete": f"from nexiom.{table}",
        "truncate": f"nexiom.{table}",
    }
    with pytest.raises(ServerError) as caught:
        session.send(f"{verb} {statement[verb]}")
    assert caught.value.report.message == (
        f"{verb} of nexiom.{table} is refused: the history of a database is added to, never changed"
    )


def test_other_roles_see_nothing_of_it(session: Session, admin_session: Session) -> None:
    run(session, CORE)
    with pytest.raises(ServerError, match="permission denied for schema nexiom"):
        admin_session.send("set role anon; select * from nexiom.ledger")


def test_second_entry_behind_the_same_one_is_refused(session: Session) -> None:
    run(session, CORE)
    entry = runner(session).entry(Event.WAIVED)
    with pytest.raises(ServerError) as caught:
        append(session, entry, FIRST)
    assert overtaken(caught.value)
    append(session, entry, read_history(session, PROJECT).head)


def test_hash_that_does_not_hold_is_refused(session: Session) -> None:
    run(session, CORE)
    columns = "(project, instance, previous, hash, entry)"
    values_of = f"select 'p', id, '{FIRST}', '{'a' * 64}', '{{\"event\":\"x\",\"at\":\"y\"}}' from nexiom.instance"  # noqa: S608
    with pytest.raises(ServerError, match="ledger_holds"):
        session.send(" ".join(["insert into nexiom.ledger", columns, values_of]))


def test_two_projects_share_a_database(session: Session) -> None:
    run(session, CORE)
    entry = runner(session).entry(Event.WAIVED)
    object.__setattr__(entry, "project", "q")
    append(session, entry, FIRST)
    assert len(read_links(session, "q")) == len(read_links(session, PROJECT)) == 1


def test_ledger_of_a_newer_format_is_refused(session: Session, admin_session: Session) -> None:
    run(session, CORE)
    admin_session.send(
        "alter table nexiom.instance disable trigger refuse_change; update nexiom.instance set format = 2"
    )
    with pytest.raises(LedgerError) as caught:
        read_history(session, PROJECT)
    assert describe(caught.value.faults[0]) == (
        "error: the ledger is of format 2, this nexiom knows up to format 1\n"
        "hint: Use the nexiom that wrote it, or a newer one."
    )


def test_newer_format_is_refused_before_a_second_project_writes(session: Session, admin_session: Session) -> None:
    run(session, CORE)
    admin_session.send(
        "alter table nexiom.instance disable trigger refuse_change; update nexiom.instance set format = 2"
    )
    with pytest.raises(LedgerError, match="the ledger is of format 2"):
        read_history(session, "another")


def test_ledger_without_its_instance_is_told(session: Session, admin_session: Session) -> None:
    run(session, CORE)
    admin_session.send("alter table nexiom.instance disable trigger refuse_change; delete from nexiom.instance")
    with pytest.raises(LedgerError) as caught:
        read_history(session, PROJECT)
    assert describe(caught.value.faults[0]) == (
        "error: the ledger has lost its identity: nexiom.instance has no row\n"
        "hint: Its row was taken away by hand; put it back from a backup."
    )


def test_history_names_the_database_of_its_newest_entry(session: Session) -> None:
    run(session, CORE)
    history = read_history(session, PROJECT)
    assert (history.where, history.format) == (runner(session).where, 1)


def test_ledger_is_read_as_it_is_stored_in_one_round_trip(session: Session) -> None:
    run(session, CORE)
    before = session.round_trips
    stored = read_ledger(session, PROJECT)
    assert session.round_trips - before == 1
    assert stored is not None
    assert stored.instance == stored.links[0].instance == value(session, "select id from nexiom.instance")
    assert dict(stored.links[0].columns) == {
        "project": PROJECT,
        "event": "applied",
        "phase": "01_core",
        "script": "01_core/apply.sql",
        "at": "2026-11-22T15:10:00.000000Z",
    }


def test_no_ledger_is_none_and_another_project_s_has_no_entries(session: Session) -> None:
    assert read_ledger(session, PROJECT) is None
    run(session, CORE)
    other = read_ledger(session, "another")
    assert other is not None
    assert other.links == ()


def test_public_has_no_right_on_anything_of_it(session: Session) -> None:
    run(session, CORE)
    granted = (
        "select acl.grantee::text from pg_namespace as n, aclexplode(n.nspacl) as acl where n.nspname = 'nexiom' "
        "union all select acl.grantee::text from pg_class as c, aclexplode(c.relacl) as acl "
        "where c.relnamespace = 'nexiom'::regnamespace "
        "union all select acl.grantee::text from pg_proc as p, "
        "aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl "
        "where p.pronamespace = 'nexiom'::regnamespace"
    )
    assert "0" not in values(session, granted)
    assert values(session, granted)


def test_runners_that_make_it_at_the_same_moment_make_it_once(dsn: str) -> None:
    def work() -> None:
        with connect(dsn, application="pytest") as session:
            make_ledger(session)

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connect(dsn, application="pytest") as session:
        assert value(session, "select count(*) from nexiom.instance") == "1"


def test_role_that_may_not_create_is_told_the_grant(dsn: str, admin_session: Session) -> None:
    database = admin_session.server.database
    admin_session.send(f"create role {database}_low login; revoke create on database {database} from public")
    try:
        with connect(dsn.replace("nexiom_owner", f"{database}_low"), application="pytest") as low:
            with pytest.raises(TargetError) as caught:
                make_ledger(low)
            assert describe(caught.value.faults[0]) == (
                f'error: role "{database}_low" may not keep a ledger in database "{database}": permission denied for '
                f"database {database}\n"
                "detail: PostgreSQL reported SQLSTATE 42501.\n"
                f'hint: Let an owner run: grant create on database "{database}" to "{database}_low";'
            )
    finally:
        admin_session.send(f"drop role {database}_low")


def test_role_that_may_not_read_is_told_the_grant(session: Session, dsn: str, admin_session: Session) -> None:
    run(session, CORE)
    database = admin_session.server.database
    admin_session.send(f"create role {database}_low login")
    try:
        with connect(dsn.replace("nexiom_owner", f"{database}_low"), application="pytest") as low:
            with pytest.raises(TargetError) as caught:
                read_history(low, PROJECT)
            assert describe(caught.value.faults[0]) == (
                f'error: role "{database}_low" may not keep a ledger in database "{database}": permission denied for '
                "schema nexiom\n"
                "detail: PostgreSQL reported SQLSTATE 42501.\n"
                f'hint: Let an owner run: grant usage on schema nexiom to "{database}_low"; grant select, insert on '
                f'all tables in schema nexiom to "{database}_low";'
            )
    finally:
        admin_session.send(f"drop role {database}_low")


def test_history_is_a_view_to_read(session: Session) -> None:
    run(session, CORE)
    assert values(session, "select at || ' ' || by || ' ' || event || ' ' || script from nexiom.history") == [
        "2026-11-22 15:10:00+00 ada applied 01_core/apply.sql"
    ]


def test_every_object_says_what_it_is_for(session: Session) -> None:
    run(session, CORE)
    assert (
        values(
            session,
            "select relname from pg_class where relnamespace = 'nexiom'::regnamespace and relkind in ('r', 'v') "
            "and obj_description(oid) is null",
        )
        == []
    )
