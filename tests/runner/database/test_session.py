"""A session sends, reads, and leaves nothing behind."""

import signal
import threading
import time

import psycopg
import pytest

from nexiom_runner.database.queries import Literal, Query
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import ScriptError, ServerError, UnavailableError


def _fail_after(session: Session, text: str) -> None:
    session.send(text)
    raise ZeroDivisionError


def test_phases_run_as_the_owner_who_is_no_superuser(session: Session) -> None:
    assert (session.server.role, session.server.superuser) == ("nexiom_owner", False)
    assert session.server.database.startswith("test_")
    assert session.round_trips == 1


def test_the_server_is_told_by_its_system_identifier(session: Session, admin_session: Session) -> None:
    (row,) = admin_session.send("select system_identifier from pg_control_system()")[0].rows
    assert session.server.system_identifier == row[0]


def test_a_role_that_may_not_ask_for_the_system_identifier_has_none(session: Session, admin_session: Session) -> None:
    admin_session.send("revoke execute on function pg_control_system() from public")
    assert session.server.system_identifier is None


def test_a_message_of_several_statements_returns_one_result_each(session: Session) -> None:
    created, inserted, chosen = session.send(
        "create table t (a int, b text); insert into t values (1, null); select a, b, true from t"
    )
    assert (created.tag, inserted.tag, chosen.tag) == ("CREATE TABLE", "INSERT 0 1", "SELECT 1")
    assert [(column.name, column.type) for column in chosen.columns] == [("a", 23), ("b", 25), ("?column?", 16)]
    assert chosen.rows == (("1", None, "t"),)
    assert session.round_trips == 1


def test_a_message_that_fails_leaves_nothing_and_says_how_far_it_came(session: Session) -> None:
    with pytest.raises(ServerError) as caught:
        session.send("create table t (); select 1; select 1/0; create table u ()")
    assert caught.value.completed == 2
    assert caught.value.report.sqlstate == "22012"
    assert session.send("select to_regclass('t')")[0].rows == ((None,),)


def test_a_transaction_that_a_failed_message_began_is_rolled_back(session: Session) -> None:
    with pytest.raises(ServerError):
        session.send("begin; create table t (); select 1/0")
    assert not session.in_transaction


def test_an_error_keeps_the_words_and_the_place_of_the_server(session: Session) -> None:
    with pytest.raises(ServerError) as caught:
        session.send("select 'ä', * from leads")
    report = caught.value.report
    assert (report.severity, report.message, report.position) == ("ERROR", 'relation "leads" does not exist', 20)


def test_an_error_in_a_function_has_the_context_of_the_server(session: Session) -> None:
    with pytest.raises(ServerError) as caught:
        session.send("do $$ begin\n  perform 1/0;\nend $$")
    assert caught.value.report.context is not None
    assert "line 2 at PERFORM" in caught.value.report.context


def test_secrets_are_taken_out_of_what_the_server_says(dsn: str) -> None:
    with connect(dsn, application="t", redact=lambda text: text.replace("hunter2", "‹secret:P›")) as session:
        with pytest.raises(ServerError) as caught:
            session.send("select 'hunter2'::int")
        session.send("do $$ begin raise notice 'it is hunter2'; end $$")
    assert caught.value.report.message == 'invalid input syntax for type integer: "‹secret:P›"'
    assert session.notices[0].message == "it is ‹secret:P›"


def test_notices_wait_to_be_taken(session: Session) -> None:
    session.send("do $$ begin raise warning 'a' using hint = 'b', errcode = '01003'; end $$; drop table if exists nope")
    first, second = session.take_notices()
    assert (first.severity, first.message, first.hint, first.sqlstate) == ("WARNING", "a", "b", "01003")
    assert second.message == 'table "nope" does not exist, skipping'
    assert session.take_notices() == ()


def test_parameters_travel_beside_the_statement(session: Session) -> None:
    (row,) = session.rows(Query("select %(a)s::text as a, 7 %% 4 as b"), a="'; drop table t; --")
    assert (row.a, row.b) == ("'; drop table t; --", 3)


def test_composed_names_and_literals_are_quoted(session: Session) -> None:
    query = Query("create table {table} as select {value} as {column}")
    session.rows(query.compose(table=("public", 'a"b'), value=Literal("it's"), column="C c"))
    (row,) = session.send('select "C c" from public."a""b"')[0].rows
    assert row == ("it's",)


def test_a_statement_without_rows_returns_none(session: Session) -> None:
    assert session.rows(Query("create table t ()")) == []


def test_a_query_of_ours_that_lacks_a_parameter_is_a_fault_of_nexiom(session: Session) -> None:
    with pytest.raises(Exception, match="query parameter missing: a"):
        session.rows(Query("select %(a)s"))


def test_nul_is_refused_before_libpq_stops_at_it(session: Session) -> None:
    with pytest.raises(ScriptError) as caught:
        session.send("select 1; \0 drop table t")
    assert str(caught.value) == "the statement holds a NUL character, at which PostgreSQL would stop reading"
    assert session.round_trips == 0


@pytest.mark.parametrize("copy", ["copy t from stdin", "copy t to stdout"])
def test_copy_is_refused_and_the_session_goes_on(session: Session, copy: str) -> None:
    with pytest.raises(ServerError) as caught:
        session.send("; ".join(["create table t (a int)", "insert into t values (1)", copy, "select 2"]))
    message = "copy from stdin and copy to stdout need a program that feeds or reads the data"
    assert (caught.value.report.message, caught.value.completed) == (message, 2)
    assert session.send("select 1")[0].rows == (("1",),)


def test_a_transaction_commits(session: Session) -> None:
    with session.transaction():
        session.send("create table t ()")
    assert session.round_trips == 3
    assert session.send("select to_regclass('t')")[0].rows == (("t",),)


def test_a_transaction_rolls_back_on_any_exception(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), session.transaction():
        _fail_after(session, "create table t ()")
    assert session.send("select to_regclass('t')")[0].rows == ((None,),)


def test_a_transaction_can_be_rolled_back_on_purpose(session: Session) -> None:
    with session.transaction(rollback=True):
        session.send("create table t ()")
    assert session.send("select to_regclass('t')")[0].rows == ((None,),)


def test_a_transaction_has_its_isolation_mode_and_settings_in_one_message(session: Session) -> None:
    with session.transaction(read_only=True, isolation="repeatable read", first="set local role anon"):
        assert session.round_trips == 1
        (row,) = session.rows(
            Query("select current_setting('transaction_isolation') a, current_setting('transaction_read_only') b")
        )
        assert session.send("select user")[0].rows == (("anon",),)
    assert (row.a, row.b) == ("repeatable read", "on")
    assert session.send("select user")[0].rows == (("nexiom_owner",),)


def test_a_transaction_that_cannot_begin_leaves_none(session: Session) -> None:
    with pytest.raises(ServerError), session.transaction(first="set local role nobody_at_all"):
        pass
    assert not session.in_transaction


def test_a_transaction_within_a_transaction_is_a_fault_of_nexiom(session: Session) -> None:
    with pytest.raises(RuntimeError, match="use a savepoint"), session.transaction(), session.transaction():
        pass
    assert not session.in_transaction


def test_a_failed_transaction_does_not_pass_for_committed(session: Session) -> None:
    with pytest.raises(ServerError) as caught, session.transaction(), pytest.raises(ServerError):
        session.send("select 1/0")
    assert caught.value.report.message == "the transaction had failed: it was rolled back, not committed"


def test_a_deferred_constraint_fails_the_commit(session: Session) -> None:
    session.send("create table t (a int unique deferrable initially deferred)")
    with pytest.raises(ServerError) as caught, session.transaction():
        session.send("insert into t values (1), (1)")
    assert caught.value.report.sqlstate == "23505"


def test_a_savepoint_undoes_only_what_came_after_it(session: Session) -> None:
    with session.transaction():
        session.send("create table t (a int)")
        with pytest.raises(ServerError), session.savepoint():
            session.send("insert into t values (1); select 1/0")
        with session.savepoint(rollback=True):
            session.send("insert into t values (2)")
        with session.savepoint(), session.savepoint():
            session.send("insert into t values (3)")
    assert session.send("select a from t")[0].rows == (("3",),)


def test_a_lost_connection_is_unavailable(session: Session, admin_session: Session) -> None:
    (pid,) = session.send("select pg_backend_pid()")[0].rows[0]
    admin_session.send(f"select pg_terminate_backend({pid}, 1000)")
    with pytest.raises(UnavailableError) as caught, session.transaction():
        pass
    fault = caught.value.faults[0]
    assert fault.message == "the connection to the server was lost"
    assert fault.detail == "terminating connection due to administrator command"
    assert session.closed
    with pytest.raises(UnavailableError), session.transaction():
        pass


def test_control_c_cancels_and_the_session_goes_on(session: Session) -> None:
    threading.Timer(0.15, signal.raise_signal, (signal.SIGINT,)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), session.transaction():
        session.send("create table t (); select pg_sleep(20)")
    assert time.monotonic() - begun < 3
    assert session.send("select to_regclass('t')")[0].rows == ((None,),)


def test_nothing_is_prepared_on_the_server(session: Session) -> None:
    for number in range(12):
        session.rows(Query("select %(n)s::int as n"), n=number)
    assert session.send("select count(*) from pg_prepared_statements")[0].rows == (("0",),)


def test_the_server_may_speak_another_encoding(session: Session) -> None:
    assert session.send("show client_encoding")[0].rows == (("UTF8",),)


def test_connection_that_is_there_is_known_without_asking(session: Session) -> None:
    before = session.round_trips
    assert session.alive()
    assert session.round_trips == before


def test_connection_that_went_is_known_without_asking(session: Session, admin_session: Session) -> None:
    (row,) = session.send("select pg_backend_pid()")[0].rows
    admin_session.send(f"select pg_terminate_backend({row[0]}, 5000)")
    assert not session.alive()
    assert session.closed


def test_server_answers_in_time(session: Session) -> None:
    called: list[str] = []
    assert session.answers_within(5.0, lambda: called.append("otherwise"))
    assert called == []
    assert session.send("select 1")[0].rows == (("1",),)


def test_answer_that_needs_something_done_is_awaited_after_it(session: Session, monkeypatch) -> None:
    called: list[str] = []
    monkeypatch.setattr("nexiom_runner.database.session._readable", lambda *_: False)
    assert not session.answers_within(0.0, lambda: called.append("otherwise"))
    assert called == ["otherwise"]
    assert session.send("select 1")[0].rows == (("1",),)


def test_interruption_beside_the_waiting_leaves_a_session_that_can_be_used(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(psycopg.Connection, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.send("begin; create table public.left (); select pg_sleep(60)")
    assert session.send("select to_regclass('public.left')")[0].rows == ((None,),)
    assert not session.in_transaction
