"""The embedded server survives whatever becomes of those who use it."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from nexiom_runner.database.account import choose_account, link_tree
from nexiom_runner.database.embedded import Stopped, reset, status, stop, url
from nexiom_runner.database.engine import choose_engine
from nexiom_runner.database.leftovers import remove_orphans
from nexiom_runner.database.locks import gate
from nexiom_runner.database.process import GRACE, answers, identity, postmaster
from nexiom_runner.database.session import connect
from nexiom_runner.database.state import State
from nexiom_runner.errors import ServerError, TargetError, UnavailableError, describe
from tests.runner.database.conftest import ENGINES, Home, eventually, query


def process_state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_the_first_starts_it_and_the_last_stops_it(home: Home) -> None:
    running = home.start()
    assert running.started
    assert query(running, "show server_version_num") is not None
    running.close()
    assert eventually(lambda: not answers(home.state))


def test_data_survive_between_commands(home: Home) -> None:
    with home.start() as running, connect(running.dsn, application="t") as session:
        session.send("create table t as select 42 as a")
    with home.start() as running:
        assert running.started
        assert query(running, "select a from t") == "42"


def test_two_runners_share_it_and_one_may_leave(home: Home) -> None:
    with home.start() as first:
        second = home.start()
        assert (first.started, second.started) == (True, False)
        second.close()
        assert query(first, "select 1") == "1"
    assert eventually(lambda: not answers(home.state))


def test_two_runners_at_the_same_moment_make_one_server(home: Home) -> None:
    first, second = home.runner(), home.runner()
    said = {runner.stdout.readline().strip() for runner in (first, second) if runner.stdout}
    assert said == {"started", "adopted"}
    first.communicate()
    assert answers(home.state)
    second.communicate()
    assert eventually(lambda: not answers(home.state))


def test_the_server_of_a_killed_runner_is_adopted_and_then_stopped(home: Home) -> None:
    runner = home.runner()
    assert runner.stdout is not None
    assert runner.stdout.readline() == "started\n"
    runner.kill()
    runner.wait()
    with home.start() as running:
        assert not running.started
        assert query(running, "select 1") == "1"
    assert eventually(lambda: not answers(home.state))


def test_a_killed_server_starts_again_with_its_children_busy(home: Home) -> None:
    with home.start() as running, connect(running.dsn, application="t") as session:
        session.send("select 1")
        home.kill_server()
        with home.start() as again:
            assert again.started
            assert query(again, "select 1") == "1"


def test_a_child_that_does_not_notice_is_ended(one_home: Home) -> None:
    with one_home.start() as running, connect(running.dsn, application="t") as session:
        session._connection.pgconn.send_query(b"select count(*) from generate_series(1, 100000000000)")
        one_home.kill_server()
        with one_home.start() as again:
            assert query(again, "select 1") == "1"
            assert again.seconds < GRACE  # nobody is waited for whom nobody will end


@pytest.mark.skipif(sys.platform != "linux", reason="subreapers are Linux's")
def test_a_zombie_does_not_pass_for_a_server(home: Home) -> None:
    parent = home.runner("careless_parent.py")
    assert parent.stdout is not None
    assert parent.stdout.readline() == "started\n"
    pid = home.kill_server()
    assert eventually(lambda: process_state(pid) == "Z")
    with home.start() as running:
        assert running.started
        assert query(running, "select 1") == "1"
        assert process_state(pid) == "Z"


def test_a_silent_server_is_replaced(one_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nexiom_runner.database.embedded.START_TIMEOUT", 0.5)
    monkeypatch.setattr("nexiom_runner.database.process.GRACE", 0.5)
    with one_home.start() as running:
        found = postmaster(one_home.state.data)
        assert found is not None
        os.kill(found[0], signal.SIGSTOP)
        monkeypatch.setenv("PGCONNECT_TIMEOUT", "2")
        with one_home.start() as again:
            assert again.started
            assert query(again, "select 1") == "1"
        assert running.dsn == again.dsn


def test_a_server_that_was_told_to_stop_is_not_adopted(one_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nexiom_runner.database.process.GRACE", 0.1)
    with one_home.start():
        one_home.state.stopping.write_text(identity(one_home.state))
        with one_home.start() as again:
            assert again.started


def test_stale_files_do_not_hinder_it(home: Home) -> None:
    home.start().close()
    assert eventually(lambda: not (home.state.data / "postmaster.pid").exists())
    alive = f"{os.getpid()}\n{home.state.data}\n1700000000\n5432\n{home.state.sockets}\n\n  123456 7\nready   \n"
    for stale in (home.state.data / "postmaster.pid", Path(f"{home.state.socket}.lock")):
        stale.write_text(alive)
    home.state.socket.touch()
    with home.start() as running:
        assert (running.started, running.note) == (True, None)


@pytest.mark.parametrize("name", ["with space", "mit Umlauten äöü €", "x" * 220, 'quote\'s, "comma" and %'])
def test_any_project_path_will_do(one_home: Home, name: str) -> None:
    one_home.root = one_home.root / name
    one_home.root.mkdir()
    with one_home.start() as running:
        assert query(running, "select 1") == "1"


def test_any_state_folder_will_do(one_home: Home) -> None:
    folder = one_home.root / "a b, ä'\"%" / ("y" * 150)
    one_home.root.chmod(0o755)
    one_home.environ["NEXIOM_STATE_DIR"] = str(folder)
    open_parents(folder)
    with one_home.start() as running:
        assert query(running, "select 1") == "1"
        assert len(os.fsencode(one_home.state.socket)) <= 103


def open_parents(folder: Path) -> None:
    """pytest's folders are closed to others; as root the server runs as another account."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for parent in folder.parents:
        if parent.stat().st_uid == os.getuid() and str(parent).startswith("/tmp/"):
            parent.chmod(parent.stat().st_mode | 0o011)


def test_root_runs_it_as_another_account(home: Home) -> None:
    account = choose_account(home.environ)
    with home.start():
        assert home.state.data.stat().st_uid == account.uid != 0
        assert home.state.run.stat().st_mode & 0o777 == 0o700


def test_an_engine_that_the_account_cannot_read_is_linked(home: Home, fresh_states: Path) -> None:
    found = choose_engine(home.engine)
    private = home.root / "private"
    link_tree(found.home, private / found.home.name)
    libraries = found.home.with_name(f"{found.home.name}.libs")
    if libraries.is_dir():
        link_tree(libraries, private / libraries.name)
    private.chmod(0o700)
    home.engine = str(private / found.home.name / found.bin.relative_to(found.home))
    home.environ["NEXIOM_STATE_DIR"] = str(fresh_states)
    with home.start() as running:
        assert query(running, "select 1") == "1"
        assert (fresh_states / "engines").is_dir() == choose_account(home.environ).switch


def test_a_half_made_data_directory_is_made_again(one_home: Home) -> None:
    one_home.start().close()
    reset(one_home.root, one_home.engine, environ=one_home.environ)
    half_made = one_home.state.run / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18")
    with one_home.start() as running:
        assert (running.started, running.note) == (True, None)
    assert not half_made.exists()


def test_an_initdb_that_was_killed_is_made_again(one_home: Home, fresh_states: Path) -> None:
    one_home.environ["NEXIOM_STATE_DIR"] = str(fresh_states)
    runner = one_home.runner()
    assert eventually(lambda: list(fresh_states.glob("templates/*.new/base/1")))
    runner.kill()
    with one_home.start() as running:
        assert query(running, "select 1") == "1"
    complete = [made for made in fresh_states.glob("templates/*") if made.suffix != ".new"]
    assert len(complete) == 1


def test_data_set_aside_by_a_killed_run_do_not_stay(one_home: Home) -> None:
    one_home.start().close()
    assert eventually(lambda: not answers(one_home.state))
    aside = one_home.state.data.rename(one_home.state.run / "data.old")
    with one_home.start() as running:
        assert (running.note, aside.exists()) == (None, False)


def test_a_folder_that_was_removed_does_not_hinder_leaving(one_home: Home) -> None:
    running = one_home.start()
    one_home.kill_server()
    shutil.rmtree(one_home.state.folder)
    running.close()


def test_data_of_another_version_are_replaced(one_home: Home) -> None:
    one_home.start().close()
    assert eventually(lambda: not answers(one_home.state))
    (one_home.state.data / "PG_VERSION").write_text("14\n")
    with one_home.start() as running:
        assert running.note is not None
        assert running.note.startswith("the embedded database was made anew: FATAL:  database files are incompatible")
        assert query(running, "select 1") == "1"


def test_data_that_no_server_can_start_on_stay_as_they_are(one_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    one_home.start().close()
    monkeypatch.setitem(sys.modules["nexiom_runner.database.process"].SETTINGS, "shared_buffers", "nonsense")
    with pytest.raises(TargetError) as caught:
        one_home.start()
    assert describe(caught.value.faults[0]) == (
        "error: the embedded server could not be started: postgres ended\n"
        'detail: FATAL:  invalid value for parameter "shared_buffers": "nonsense"'
    )
    assert (one_home.state.data / "PG_VERSION").exists()


def test_a_state_folder_that_cannot_be_written_is_named(one_home: Home) -> None:
    one_home.environ["NEXIOM_STATE_DIR"] = "/proc/nexiom"
    with pytest.raises(TargetError) as caught:
        one_home.start()
    assert describe(caught.value.faults[0]) == (
        'error: the embedded server\'s folder "/proc/nexiom" cannot be used\n'
        "detail: No such file or directory (/proc/nexiom).\n"
        "hint: Make room or give rights there, or name another folder in NEXIOM_STATE_DIR."
    )


def test_a_full_disk_is_told(one_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("cp: error writing 'data.new/base/1/1249': No space left on device")

    monkeypatch.setattr("nexiom_runner.database.datadir.copy_tree", full)
    with pytest.raises(TargetError) as caught:
        one_home.start()
    assert describe(caught.value.faults[0]) == (
        f'error: the embedded server\'s folder "{one_home.state.base}" cannot be used\n'
        "detail: cp: error writing 'data.new/base/1/1249': No space left on device.\n"
        "hint: Make room or give rights there, or name another folder in NEXIOM_STATE_DIR."
    )


def test_kept_it_outlives_its_users_until_it_is_stopped(home: Home) -> None:
    home.start(keep=True).close()
    home.start().close()
    assert query_status(home) == (True, False, True)
    assert stop(home.root, home.engine, environ=home.environ) is Stopped.STOPPED
    assert query_status(home) == (False, False, False)
    assert stop(home.root, home.engine, environ=home.environ) is Stopped.NOT_RUNNING


def query_status(home: Home) -> tuple[bool, bool, bool]:
    found = status(home.root, home.engine, environ=home.environ)
    return found.running, found.in_use, found.kept


def test_stopped_while_in_use_it_ends_with_its_last_user(one_home: Home) -> None:
    with one_home.start(keep=True) as running:
        assert stop(one_home.root, one_home.engine, environ=one_home.environ) is Stopped.IN_USE
        assert query(running, "select 1") == "1"
    assert eventually(lambda: not answers(one_home.state))


def test_reset_removes_the_data(one_home: Home) -> None:
    with one_home.start() as running, connect(running.dsn, application="t") as session:
        session.send("create table t ()")
    reset(one_home.root, one_home.engine, environ=one_home.environ)
    with one_home.start() as running:
        assert query(running, "select to_regclass('t')") is None


def test_reset_is_refused_while_another_uses_it(one_home: Home) -> None:
    with one_home.start(), pytest.raises(UnavailableError) as caught:
        reset(one_home.root, one_home.engine, environ=one_home.environ)
    assert describe(caught.value.faults[0]) == (
        "error: another nexiom command is using the embedded server\nhint: Try again when it has ended."
    )


def test_status_of_a_project_that_never_had_one_makes_nothing(one_home: Home) -> None:
    assert query_status(one_home) == (False, False, False)
    assert not one_home.state.folder.exists()


def test_its_url_is_one_that_psql_takes(one_home: Home) -> None:
    with one_home.start() as running:
        assert url(one_home.root, one_home.engine, environ=one_home.environ) == running.dsn
    assert running.dsn.startswith("postgresql://nexiom_owner@/nexiom?host=%2F")


def test_states_of_projects_that_are_gone_are_removed(one_home: Home) -> None:
    gone = Home(one_home.root / "gone", one_home.engine, one_home.environ)
    gone.root.mkdir()
    gone.start(keep=True).close()
    gone.root.rmdir()
    one_home.start().close()
    assert not gone.state.folder.exists()


def test_states_from_before_a_time_are_removed_unless_in_use(one_home: Home, fresh_states: Path) -> None:
    one_home.environ["NEXIOM_STATE_DIR"] = str(fresh_states)
    with one_home.start() as running:
        remove_orphans(fresh_states, older_than=time.time() + 1)
        assert query(running, "select 1") == "1"
    remove_orphans(fresh_states, older_than=time.time() - 60)
    assert one_home.state.folder.exists()
    remove_orphans(fresh_states, older_than=time.time() + 1)
    assert not one_home.state.folder.exists()


def test_a_runner_that_waits_too_long_at_the_gate_is_told(one_home: Home) -> None:
    one_home.start().close()
    with gate(one_home.state.gate), pytest.raises(UnavailableError) as caught, gate(one_home.state.gate, 0.01):
        pass
    assert describe(caught.value.faults[0]) == (
        "error: another nexiom command is starting or stopping the embedded server\n"
        "hint: Is another nexiom command stuck? Try again when it has ended."
    )


def test_no_port_is_opened(one_home: Home) -> None:
    with one_home.start() as running:
        assert query(running, "show listen_addresses") == ""


@pytest.mark.parametrize("engine", ENGINES)
def test_states_of_different_versions_stand_side_by_side(tmp_path: Path, engine: str) -> None:
    environ = {"NEXIOM_STATE_DIR": str(tmp_path)}
    version = choose_engine(engine).major
    assert Home(tmp_path, engine, environ).state.folder.name.endswith(f"-{version}")


def test_a_shell_is_not_reached_through_copy(home: Home) -> None:
    with home.start() as running, connect(running.dsn, application="t") as session:
        with pytest.raises(ServerError) as caught:
            session.send("create table t (a text); copy t from program 'id'")
        assert caught.value.report.message.endswith("COPY to or from an external program")
        with pytest.raises(ServerError) as caught:
            session.send("grant pg_execute_server_program to nexiom_owner")
        assert caught.value.report.sqlstate == "42501"


def test_the_owner_has_what_a_deployer_has(home: Home) -> None:
    with home.start() as running, connect(running.dsn, application="t") as session:
        for role in ("anon", "authenticated", "service_role", "authenticator"):
            session.send(f"set role {role}; reset role")
        session.send("create role app_reader; grant anon to app_reader; create schema app; create table public.t ()")
        session.send("drop role app_reader")
        (found,) = session.send("select rolname, rolbypassrls, rolcanlogin from pg_roles where rolname !~ '^pg_'")
    assert tuple(sorted(found.rows)) == (
        ("anon", "f", "f"),
        ("authenticated", "f", "f"),
        ("authenticator", "f", "t"),
        ("nexiom_owner", "t", "t"),
        ("postgres", "t", "t"),
        ("service_role", "t", "f"),
    )


def test_letters_beyond_ascii_are_letters(home: Home) -> None:
    with home.start() as running:
        assert query(running, "select upper('äé') || (lower('ÄÉ') = 'äé')") == "ÄÉtrue"


def test_a_long_base_puts_the_socket_elsewhere() -> None:
    base = Path("/" + "z" * 120)
    state = State("/p", base, base / "0123456789ab-18", base / "0123456789ab-18" / "run")
    assert state.socket.name == ".s.PGSQL.5432"
    assert len(str(state.socket)) < 103
