"""A database that cannot be had: 4 where trying again may help, 2 where it will not; never a password."""

import pytest
from psycopg.conninfo import conninfo_to_dict

PASSWORD = "correct-horse-battery"


@pytest.fixture
def host(admin_dsn: str) -> str:
    """The folder of the tests' server's socket."""
    return str(conninfo_to_dict(admin_dsn)["host"])


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
