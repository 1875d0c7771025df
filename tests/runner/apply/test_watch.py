"""The lock's connection is watched while the work goes on."""

import time

from nexiom_runner.apply.watch import Watch, watching
from nexiom_runner.database.session import Session, connect


def end(admin: Session, session: Session) -> None:
    pid = session.send("select pg_backend_pid()")[0].rows[0][0]
    admin.send(f"select pg_terminate_backend({pid}, 5000)")


def test_lock_is_held_while_its_connection_is_there(session: Session) -> None:
    with watching(session, 0.01) as watch:
        assert watch.held()
    assert not session.closed


def test_connection_that_the_server_ended_is_noticed_without_asking(session: Session, admin_session: Session) -> None:
    watch = Watch(session, 1.0)
    end(admin_session, session)
    before = session.round_trips
    assert not watch.held()
    assert session.round_trips == before
    assert session.closed


def test_nothing_is_asked_while_messages_are_short(session: Session) -> None:
    with watching(session, 0.05) as watch:
        before = session.round_trips
        for number in range(40):
            watch.begins(f"mark{number}")
            time.sleep(0.005)
            watch.ends()
        assert session.round_trips == before


def test_message_under_way_is_looked_at(session: Session) -> None:
    with watching(session, 0.01) as watch:
        watch.begins("mark")
        time.sleep(0.2)
    assert session.round_trips > 1
    assert watch.blockers == ()


def test_error_while_looking_loses_the_lock(dsn: str, admin_session: Session) -> None:
    with connect(dsn, application="lock") as session:
        session.send("begin; savepoint s")
        with watching(session, 0.01) as watch:
            watch.begins("mark")
            time.sleep(0.1)
            pid = admin_session.send("select pid from pg_stat_activity where application_name = 'lock'")[0].rows[0][0]
            admin_session.send(f"select pg_terminate_backend({pid}, 5000)")
            time.sleep(0.1)
            assert not watch.held()
