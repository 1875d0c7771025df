"""pg_dump: the schema of a target as text, its last words where it cannot."""

from pathlib import Path

import pytest

from nexiom_runner.database.dump import can_dump, dump_schema
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.session import Session
from nexiom_runner.errors import TargetError, describe


def test_the_schema_comes_without_rows(server: Running, session: Session, dsn: str) -> None:
    session.send("create table public.notes (body text); insert into notes values ('secret')")
    text = dump_schema(server.engine, dsn)
    assert "CREATE TABLE public.notes" in text
    assert "secret" not in text


def test_what_is_hidden_is_left_out_whatever_its_name(server: Running, admin_session: Session, dsn: str) -> None:
    admin_session.send('create schema "S.*"; create table "S.*"."a""b" (i int); create table public.seen (i int)')
    admin_session.send("grant select on public.seen to nexiom_owner")
    text = dump_schema(server.engine, dsn, [("S.*", 'a"b')])
    assert "CREATE TABLE public.seen" in text
    assert 'a""b' not in text


def test_a_refusal_is_told_in_its_words(server: Running, admin_session: Session, dsn: str) -> None:
    admin_session.send("create table public.closed (i int)")
    with pytest.raises(TargetError) as raised:
        dump_schema(server.engine, dsn)
    assert describe(raised.value.faults[0]) == (
        "error: pg_dump could not read the target\ndetail: query failed: ERROR:  permission denied for table closed"
    )


def test_a_newer_server_is_not_dumped(server: Running) -> None:
    assert can_dump(server.engine, server.engine.major)
    assert not can_dump(server.engine, server.engine.major + 1)
    assert not can_dump(Engine(Path("/nowhere"), "99.1"), 15)


def test_the_password_stands_in_no_process_list(tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"; printf "password is %s" "$PGPASSWORD"\n', "utf-8")
    program.chmod(0o755)
    text = dump_schema(Engine(tmp_path, "18.1"), "postgresql://ada:s3cret@db.example.org/shop?sslmode=require")
    arguments, _, behind = text.rpartition("|")
    assert behind == "password is s3cret"
    assert "s3cret" not in arguments
    assert "--dbname=user=ada dbname=shop host=db.example.org sslmode=require" in arguments
