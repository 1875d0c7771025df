"""Phase 00 makes the roles of the API where they are absent, and touches nothing that is there."""

from collections.abc import Iterator
from itertools import count
from os import getpid
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from nexiom_runner.project.load import load_project

ROLES = ("anon", "authenticated", "service_role")
NUMBERS = count(1)


@pytest.fixture
def suffix() -> str:
    """Roles belong to the whole server: under these names nobody else has them."""
    return f"_{getpid()}_{next(NUMBERS)}"


@pytest.fixture
def admin(admin_dsn: str, suffix: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection; afterwards the roles of that suffix are gone."""
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        yield connection
        for role in (*(role + suffix for role in ROLES), "deployer" + suffix):
            if connection.execute("select from pg_roles where rolname = %s", [role]).fetchone():
                connection.execute(f"drop owned by {role}")  # type: ignore[arg-type]
                connection.execute(f"drop role {role}")  # type: ignore[arg-type]


@pytest.fixture
def script(project_root: Path, suffix: str) -> bytes:
    """The phase's script for roles of that suffix."""
    (phase,) = (phase for phase in load_project(project_root).phases if phase.name == "00_platform")
    text = phase.apply.text if phase.apply else ""
    for role in ROLES:
        text = text.replace(f"'{role}'", f"'{role}{suffix}'")
    return text.encode()


def roles(admin: psycopg.Connection, suffix: str) -> list[tuple[object, ...]]:
    """Name, login, superuser, above row security."""
    query = "select rolname, rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = any (%s) order by 1"
    return admin.execute(query, [[role + suffix for role in ROLES]]).fetchall()


def deployer(admin: psycopg.Connection, suffix: str, rights: str) -> str:
    """A role that is no superuser and owns the database; its name."""
    name = f"deployer{suffix}"
    admin.execute(f"create role {name} login {rights}")  # type: ignore[arg-type]
    admin.execute(f"grant create on database {admin.info.dbname} to {name} with grant option")  # type: ignore[arg-type]
    admin.execute(f"grant usage on schema public to {name} with grant option")  # type: ignore[arg-type]
    return name


def test_absent_roles_are_made_without_login(admin: psycopg.Connection, script: bytes, suffix: str) -> None:
    admin.execute(script)
    assert roles(admin, suffix) == [
        ("anon" + suffix, False, False, False),
        ("authenticated" + suffix, False, False, False),
        ("service_role" + suffix, False, False, True),
    ]


def test_second_time_nothing_happens(admin: psycopg.Connection, script: bytes, suffix: str) -> None:
    admin.execute(script)
    before = roles(admin, suffix)
    admin.execute(script)
    assert roles(admin, suffix) == before


def test_role_that_is_there_is_left_as_it_is(admin: psycopg.Connection, script: bytes, suffix: str) -> None:
    admin.execute(f"create role anon{suffix} login bypassrls")  # type: ignore[arg-type]
    admin.execute(script)
    assert roles(admin, suffix)[0] == ("anon" + suffix, True, False, True)


def test_role_that_was_there_is_not_granted(admin: psycopg.Connection, script: bytes, suffix: str) -> None:
    name = deployer(admin, suffix, "createrole bypassrls")
    for role in ROLES:
        admin.execute(f"create role {role}{suffix}")  # type: ignore[arg-type]
    admin.execute(f"set role {name}")  # type: ignore[arg-type]
    admin.execute(script)
    assert admin.execute("select pg_has_role(%s, %s, 'member')", [name, "anon" + suffix]).fetchone() == (False,)
    admin.execute("reset role")


def test_what_it_made_is_granted_to_the_one_who_deploys(admin: psycopg.Connection, script: bytes, suffix: str) -> None:
    name = deployer(admin, suffix, "createrole bypassrls")
    if admin.info.server_version < 160000:
        admin.execute(f"create role service_role{suffix} bypassrls")  # type: ignore[arg-type]
    admin.execute(f"set role {name}")  # type: ignore[arg-type]
    admin.execute(script)
    assert admin.execute("select pg_has_role(%s, %s, 'member')", [name, "anon" + suffix]).fetchone() == (True,)
    admin.execute(f"set role anon{suffix}")  # type: ignore[arg-type]
    admin.execute("reset role")


def test_where_it_may_not_it_names_the_statements_and_keeps_nothing(
    admin: psycopg.Connection, script: bytes, suffix: str
) -> None:
    name = deployer(admin, suffix, "nocreaterole")
    admin.execute(f"set role {name}")  # type: ignore[arg-type]
    with pytest.raises(InsufficientPrivilege) as refused:
        admin.execute(script)
    admin.execute("reset role")
    assert refused.value.diag.message_primary == f'role "{name}" may not create the roles of the API'
    assert refused.value.diag.message_hint == "An administrator must run: " + " ".join(
        f"create role {role}{suffix} {options}; grant {role}{suffix} to {name};"
        for role, options in zip(
            ROLES, ("nologin noinherit", "nologin noinherit", "nologin noinherit bypassrls"), strict=True
        )
    )
    assert roles(admin, suffix) == []


def test_before_16_only_the_role_above_row_security_is_left_to_an_administrator(
    admin: psycopg.Connection, script: bytes, suffix: str
) -> None:
    """A CREATEROLE role without BYPASSRLS may make the other two, on every version."""
    name = deployer(admin, suffix, "createrole")
    admin.execute(f"set role {name}")  # type: ignore[arg-type]
    with pytest.raises(InsufficientPrivilege) as refused:
        admin.execute(script)
    admin.execute("reset role")
    assert refused.value.diag.message_hint == (
        f"An administrator must run: create role service_role{suffix} nologin noinherit bypassrls;"
        f" grant service_role{suffix} to {name};"
    )
    assert roles(admin, suffix) == []
