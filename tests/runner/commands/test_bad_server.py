"""A database that cannot be had: 4 where trying again may help, 2 where it will not; never a password."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from psycopg.conninfo import conninfo_to_dict

PASSWORD = "correct-horse-battery"


@pytest.fixture
def host(admin_dsn: str) -> str:
    """The folder of the tests' server's socket."""
    return str(conninfo_to_dict(admin_dsn)["host"])


@pytest.fixture
def refusing_server() -> Iterator[int]:
    """The port of a server that answers the first message as PostgreSQL answers a wrong password."""
    fields = ("SFATAL", "VFATAL", "C28P01", 'Mpassword authentication failed for user "deployer"')
    body = b"".join(field.encode() + b"\0" for field in fields) + b"\0"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"E" + (len(body) + 4).to_bytes(4, "big") + body)

        thread = Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


def test_wrong_password(shop, refusing_server, monkeypatch) -> None:
    dsn = f"postgresql://deployer:{PASSWORD}@127.0.0.1:{refusing_server}/shop?sslmode=disable&gssencmode=disable"
    monkeypatch.setenv("NEXIOM_DSN", dsn)
    assert shop.run("build").all == (
        2,
        "",
        f'error: the server at "127.0.0.1:{refusing_server}" did not accept the password of role "deployer"\n'
        f'detail: connection to server at "127.0.0.1", port {refusing_server} failed: '
        'FATAL:  password authentication failed for user "deployer"\n'
        "hint: Correct the password in the DSN, in PGPASSWORD or in ~/.pgpass.\n",
    )


def test_server_that_refuses_is_unavailable(shop, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", f"postgresql://deployer:{PASSWORD}@127.0.0.1:1/shop")
    assert shop.run("build").all == (
        4,
        "",
        'error: the server at "127.0.0.1:1" refused the connection\n'
        'detail: connection to server at "127.0.0.1", port 1 failed: Connection refused '
        "Is the server running on that host and accepting TCP/IP connections?\n"
        "hint: Is the server running, and are host and port right?\n",
    )


def test_no_such_database(shop, host, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", f"host={host} user=nexiom_owner dbname=nothere")
    ran = shop.run("plan")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f'error: the server at "{host}" has no database "nothere"\n'
        f'detail: connection to server on socket "{host}/.s.PGSQL.5432" failed: '
        'FATAL:  database "nothere" does not exist\n'
        "hint: Create the database, or correct its name in the DSN.\n"
    )


def test_no_such_role(shop, host, database, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", f"host={host} user=nobody_here password={PASSWORD} dbname={database}")
    ran = shop.run("status")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f'error: the server at "{host}" has no role "nobody_here"\n')
    assert ran.err.endswith("hint: Create the role, or correct the user in the DSN.\n")
    assert PASSWORD not in ran.err


def test_dsn_that_cannot_be_read_is_not_repeated(shop, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", f"host=localhost passwort={PASSWORD}")
    assert shop.run("build").all == (
        2,
        "",
        "error: the DSN is not one that libpq can read\n"
        "hint: Write postgresql://user@host:5432/database or host=… dbname=… user=….\n",
    )
