"""Why a connection could not be had, each message whole."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexiom_runner.database.embedded import Running
from nexiom_runner.database.refusals import explain_refusal
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import NexiomError, TargetError, UnavailableError, describe

PASSWORD = "hunter2"
FACTS = {"server": 'the server at "db.example.org:5432"', "user": "deployer", "database": "studio"}


def refusal(dsn: str) -> NexiomError:
    with pytest.raises(NexiomError) as caught:
        connect(dsn, application="pytest")
    assert PASSWORD not in str(caught.value) + describe(caught.value.faults[0])
    return caught.value


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def strict_role(server: Running, admin_session: Session) -> Iterator[str]:
    """A role that must give its password (scram), on a server that trusts the others."""
    rules = server.state.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text("local all strict_role scram-sha-256\n" + before)
    admin_session.send("create role strict_role login password 'right'; select pg_reload_conf()")
    yield "strict_role"
    rules.write_text(before)
    admin_session.send("drop role strict_role; select pg_reload_conf()")


def test_server_refused(free_port: int) -> None:
    error = refusal(f"postgresql://deployer:{PASSWORD}@127.0.0.1:{free_port}/studio")
    assert isinstance(error, UnavailableError)
    assert error.exit_code == 4
    assert describe(error.faults[0]) == (
        f'error: the server at "127.0.0.1:{free_port}" refused the connection\n'
        f'detail: connection to server at "127.0.0.1", port {free_port} failed: Connection refused '
        "Is the server running on that host and accepting TCP/IP connections?\n"
        "hint: Is the server running, and are host and port right?"
    )


def test_no_socket(tmp_path: Path) -> None:
    error = refusal(f"host={tmp_path} user=deployer dbname=studio")
    assert isinstance(error, UnavailableError)
    assert error.faults[0].message == f'the server at "{tmp_path}" refused the connection'


def test_wrong_password(server: Running, strict_role: str) -> None:
    error = refusal(f"host={server.state.sockets} port=5432 user={strict_role} password={PASSWORD} dbname=nexiom")
    assert isinstance(error, TargetError)
    assert describe(error.faults[0]) == (
        f'error: the server at "{server.state.sockets}" did not accept the password of role "strict_role"\n'
        f'detail: connection to server on socket "{server.state.socket}" failed: '
        'FATAL:  password authentication failed for user "strict_role"\n'
        "hint: Correct the password in the DSN, in PGPASSWORD or in ~/.pgpass."
    )


def test_no_password(server: Running, strict_role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    place = server.state.sockets
    error = refusal(f"host={place} port=5432 user={strict_role} dbname=nexiom passfile=/dev/null")
    assert error.faults[0].message == f'the server at "{place}" asks for a password of role "strict_role"'


def test_no_such_database(server: Running) -> None:
    error = refusal(f"host={server.state.sockets} port=5432 user=nexiom_owner password={PASSWORD} dbname=studio")
    assert isinstance(error, TargetError)
    assert describe(error.faults[0]) == (
        f'error: the server at "{server.state.sockets}" has no database "studio"\n'
        f'detail: connection to server on socket "{server.state.socket}" failed: '
        'FATAL:  database "studio" does not exist\n'
        "hint: Create the database, or correct its name in the DSN."
    )


def test_no_such_role(server: Running) -> None:
    error = refusal(f"host={server.state.sockets} port=5432 user=nobody_here dbname=nexiom")
    assert isinstance(error, TargetError)
    assert error.faults[0].message == f'the server at "{server.state.sockets}" has no role "nobody_here"'


def test_unknown_host() -> None:
    error = refusal(f"postgresql://deployer:{PASSWORD}@nowhere.invalid/studio")
    assert isinstance(error, UnavailableError)
    fault = error.faults[0]
    assert fault.message == 'the host name of the server at "nowhere.invalid:5432" is not known'
    assert fault.hint == "Is the host spelt right, and is this machine online?"


def test_bad_dsn() -> None:
    error = refusal(f"postgres//deployer:{PASSWORD}@db.example.org/studio")
    assert isinstance(error, TargetError)
    assert describe(error.faults[0]) == (
        "error: the DSN is not one that libpq can read\n"
        'detail: a word in it is not followed by "=".\n'
        "hint: Write postgresql://user@host:5432/database or host=… dbname=… user=…."
    )


def test_bad_dsn_option() -> None:
    error = refusal(f"postgresql://deployer:{PASSWORD}@db.example.org/studio?sslmod=require")
    assert error.faults[0].detail == 'it has no option "sslmod".'


@pytest.mark.parametrize("password", [f"a@{PASSWORD}", f"a/{PASSWORD}", f"1/{PASSWORD}@2"])
def test_a_password_that_is_not_escaped_is_not_taken_for_the_host(password: str) -> None:
    error = refusal(f"postgresql://deployer:{password}@db.example.org/studio")
    assert isinstance(error, TargetError)
    assert describe(error.faults[0]) == (
        "error: the DSN has no valid host and port\n"
        'hint: In a URI write "@" in a password as %40, "/" as %2F, ":" as %3A, "%" as %25.'
    )


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("FATAL:  the database system is starting up", "is not ready yet"),
        ("FATAL:  sorry, too many clients already", "has no connection free"),
        ("FATAL:  remaining connection slots are reserved for SUPERUSER", "has no connection free"),
        ("connection timeout expired", "did not answer in time"),
        ("No route to host", "cannot be reached"),
    ],
)
def test_what_may_be_otherwise_later_is_unavailable(said: str, message: str) -> None:
    error = explain_refusal(f"connection failed: {said}\n", FACTS)
    assert isinstance(error, UnavailableError)
    assert error.faults[0].message == f'the server at "db.example.org:5432" {message}'
    assert error.faults[0].detail == said


def test_what_is_not_recognised_is_told_in_the_words_of_the_server() -> None:
    error = explain_refusal("connection failed: ВАЖНО:  нет\n", FACTS)
    assert isinstance(error, TargetError)
    assert describe(error.faults[0]) == (
        'error: cannot connect to the server at "db.example.org:5432"\ndetail: ВАЖНО:  нет'
    )


def test_several_addresses_are_told_once() -> None:
    said = "connection failed: Connection refused\nMultiple connection attempts failed. All failures were:\n- host: 'a'"
    assert explain_refusal(said, FACTS).faults[0].detail == "Connection refused"
