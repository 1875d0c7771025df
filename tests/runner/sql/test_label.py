"""Labels say what a statement does, as plans and reports show it."""

import pytest

from nexiom_runner.sql.split import split


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "create or replace function public.run_pipeline_once(p_since interval = '1 hour', p_limit int default 1)"
            " returns jsonb language sql as $$ select 1 $$",
            "create function run_pipeline_once(interval, int)",
        ),
        ("create function f(out a int, inout b text, variadic c uuid[])", "create function f(text, variadic uuid[])"),
        (
            "create function f(double precision, x timestamp with time zone)",
            "create function f(double precision, timestamp with time zone)",
        ),
        (
            "create function f(public.t, numeric(3,2), a setof crm.t)",
            "create function f(t, numeric(3, 2), setof crm.t)",
        ),
        ("create procedure crm.p()", "create procedure crm.p()"),
        ("create table if not exists public.messages (id int)", "create table messages"),
        ('create unlogged table "Odd.Name" (id int)', 'create table "Odd.Name"'),
        ("create foreign table t (a int) server s", "create foreign table t"),
        (
            "create unique index concurrently if not exists messages_due on only public.messages (a)",
            "create index messages_due on messages",
        ),
        ("create index on crm.t (a)", "create index on crm.t"),
        ("create or replace view v as select 1", "create view v"),
        ("create materialized view mv as select 1", "create materialized view mv"),
        ('create policy "my p" on public.t using (true)', 'create policy "my p" on t'),
        ("create constraint trigger tr after insert on t execute function f()", "create trigger tr on t"),
        ("create rule r as on insert to t do nothing", "create rule r on t"),
        ("create schema crm", "create schema crm"),
        ("create extension if not exists pgcrypto", "create extension pgcrypto"),
        ("create event trigger e on ddl_command_end execute function f()", "create event trigger e"),
        ("create type mood as enum ('a')", "create type mood"),
        ("alter table only public.t add column x int", "alter table t"),
        ("alter default privileges in schema s grant select on tables to x", "alter default privileges"),
        ("drop function if exists crm.f(int, text)", "drop function crm.f(int, text)"),
        ("drop index concurrently i", "drop index i"),
        ("comment on column public.t.c is 'x'", "comment on column t.c"),
        ("comment on function f(int) is 'x'", "comment on function f(int)"),
        ("grant execute on function public.f(p_a interval) to anon", "grant execute on function f(interval)"),
        ("grant select, insert on table public.m to x", "grant select, insert on table m"),
        ("grant select on m to x", "grant select on m"),
        ("grant a to b", "grant a"),
        ("revoke all on all tables in schema public from x", "revoke all on all tables in schema public"),
        ("insert into public.x values (1)", "insert into x"),
        ("update only t set a = 1", "update t"),
        ("delete from t", "delete from t"),
        ("truncate table t", "truncate table t"),
        ("refresh materialized view concurrently mv", "refresh materialized view mv"),
        ("copy (select 1) to '/x'", "copy"),
        ("call crm.p(1)", "call crm.p"),
        ("set local search_path = a", "set local search_path"),
        ("reset role", "reset role"),
        ("do $$ begin end $$", "do"),
        ("select f()", "select"),
        ("with a as (select 1) select 2", "with"),
        ("create", "create"),
        ("grant on", "grant on"),
        ("alter table", "alter table"),
    ],
)
def test_label_of(text: str, label: str) -> None:
    assert [statement.label for statement in split(text)] == [label]
