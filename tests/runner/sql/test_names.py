"""What scripts create and mention."""

from collections.abc import Callable

import pytest

from nexiom_runner.sql.names import Mentions, Name
from nexiom_runner.sql.script import Script

Read = Callable[..., Script]


def created(script: Script) -> set[str]:
    return {str(name) for name in script.creates}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('create table t (id int, "B c" text, primary key (id))', {'table "t"', 'column "t.id"', 'column "t.B c"'}),
        ("create table crm.t (like x, a int, constraint c check (a > 0))", {'table "crm.t"', 'column "crm.t.a"'}),
        ("create table t as select 1 as a", {'table "t"'}),
        ("create table t (a serial)", {'table "t"', 'column "t.a"', 'sequence "t_a_seq"'}),
        ("create table t (a int generated always as identity)", {'table "t"', 'column "t.a"', 'sequence "t_a_seq"'}),
        ("create temp table t (a int)", set()),
        ("create temporary view v as select 1", set()),
        ("create foreign table f (a int) server s", {'table "f"', 'column "f.a"'}),
        ("create view v (a, b) as select 1, 2", {'view "v"', 'column "v.a"', 'column "v.b"'}),
        ("create or replace view public.V as select 1", {'view "public.v"'}),
        ("create materialized view if not exists mv as select 1", {'materialized view "mv"'}),
        ("create or replace function crm.f(a int) returns int language sql as 'select 1'", {'function "crm.f"'}),
        ("create procedure p() language sql as ''", {'procedure "p"'}),
        ("create aggregate a(int) (sfunc = f, stype = int)", {'function "a"'}),
        ("create type mood as enum ('calm')", {'type "mood"'}),
        ("create type pair as (a int, b int)", {'type "pair"', 'column "pair.a"', 'column "pair.b"'}),
        ("create domain d as text", {'domain "d"'}),
        ("create sequence if not exists s", {'sequence "s"'}),
        ("create unique index concurrently_not on crm.t (a)", {'index "crm.concurrently_not"'}),
        ("create index on t (a)", set()),
        ("create schema if not exists crm", {'schema "crm"'}),
        ("create schema authorization joe", {'schema "joe"'}),
        (
            "create trigger tr before insert or update of a on crm.t for each row execute function f()",
            {'trigger "crm.t.tr"'},
        ),
        ('create policy "A b" on t using (true)', {'policy "t.A b"'}),
        ("create rule r as on insert to crm.t do nothing", {'rule "crm.t.r"'}),
        ("create user u", {'role "u"'}),
        ("create extension if not exists pgcrypto with schema x", {'extension "pgcrypto"'}),
        (
            "alter table only t add column if not exists a int, add b text default f(1, 2)",
            {'column "t.a"', 'column "t.b"'},
        ),
        ("alter table t add constraint c check (a > 0), add primary key (a), add unique (b)", set()),
        ("alter table t alter column a type int, drop column c", set()),
        ("alter table t rename a to b", {'column "t.b"'}),
        ("alter table t rename column a to b", {'column "t.b"'}),
        ("alter table crm.t rename to u", {'table "crm.u"'}),
        ("alter table t rename constraint a to b", set()),
        ("alter table t set schema crm", {'table "crm.t"'}),
        ("alter type pair add attribute c int", {'column "pair.c"'}),
        ("alter type mood add value 'wild'", set()),
        ("alter policy a on t rename to b", {'policy "t.b"'}),
        ("select 1 as a into crm.t from x", {'table "crm.t"'}),
        ("select 1 into temp t", set()),
        ("with x as (select 1) select * into t from x", {'table "t"'}),
        ("with x as (select 1) insert into t select * from x", set()),
        ("do $$ begin if true then create role anon; end if; end $$", {'role "anon"'}),
        ("do $$ begin execute 'create table t (a int)'; end $$", {'table "t"', 'column "t.a"'}),
        (
            "create function f() returns void language plpgsql as $$ begin create table t (a int); end $$",
            {'function "f"'},
        ),
        ("insert into t values (1)", set()),
        ("comment on table t is 'create table x (a int)'", set()),
    ],
)
def test_script_creates(read: Read, text: str, names: set[str]) -> None:
    assert created(read(text)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("drop table if exists a, crm.b cascade", {'table "a"', 'table "crm.b"'}),
        ("drop function f(int, text), crm.g()", {'function "f"', 'function "crm.g"'}),
        ("drop policy p on crm.t", {'policy "crm.t.p"'}),
        ("drop trigger if exists tr on t", {'trigger "t.tr"'}),
        ("drop index concurrently_not", {'index "concurrently_not"'}),
        ("alter table t drop column a, drop if exists b", {'column "t.a"', 'column "t.b"'}),
        ("alter table t drop constraint c", set()),
        ("alter table t rename to u", {'table "t"'}),
    ],
)
def test_script_drops(read: Read, text: str, names: set[str]) -> None:
    assert {str(name) for name in read(text).drops} == names


def test_rename_is_a_pair(read: Read) -> None:
    assert read("alter table t rename to u").renames == {(Name("table", None, "t"), Name("table", None, "u"))}


@pytest.mark.parametrize(
    "text",
    [
        "select * from messages",
        "select * from public.messages m",
        'select 1 from a, "messages" where true',
        "insert into messages (a) values (1)",
        "delete from only Messages",
        "update messages set a = 1",
        "alter table t add foreign key (a) references messages (id)",
        "create index on messages (a)",
        "create policy p on messages using (true)",
        "grant select on messages to x",
        "create trigger tr after update on messages for each row execute function f()",
        "select 'public.messages'::regclass",
        "select to_regclass('messages')",
        "select null::messages",
        "select cast(null as messages)",
        "create function f() returns setof messages language sql as ''",
        "create function f(a messages) returns int language sql as ''",
        "create function f() returns int language sql as $$ select 1 from messages $$",
        "create function f() returns int language sql as 'select 1 from messages'",
        "create function f() returns int begin atomic select a from messages; end",
        "create function f() returns int language plpgsql as $$ begin execute 'delete from messages'; end $$",
        "do $$ begin for r in select 1 from messages loop end loop; end $$",
        "create function f() returns int language plpgsql as $$ declare m messages%rowtype; begin end $$",
        "do $$ begin perform 1 from messages; end $$",
        "do $a$ begin execute $b$ truncate messages $b$; end $a$",
        "create view v as select * from (select 1 from messages) x",
        "with x as (select 1 from messages) select 1 from x",
        "select (select 1 from messages)",
        "comment on table messages is 'x'",
        "drop table if exists messages",
    ],
)
def test_table_is_mentioned(read: Read, text: str) -> None:
    assert read(text).mentions.holds(Name("table", "public", "messages"))


@pytest.mark.parametrize(
    "text",
    [
        "select 'messages'",
        "select 1 -- from messages",
        "select a /* messages */ from t",
        "create table t (messages int)",
        "alter table t add column messages int",
        "select messages from t",
        "select t.messages from t where messages > 1 order by messages",
        "insert into t (messages) values (1)",
        "update t set messages = 1",
        "select 1 from t as messages",
        "select f(messages => 1)",
        "select * from crm.messages",
        "with messages as (select 1) select * from messages",
        "create function f(messages int) returns int language sql as ''",
        "create function f() returns table (messages int) language sql as ''",
        "create function f() returns int language plpython3u as $$ messages $$",
        "comment on table t is 'about messages'",
        "comment on table t is $$ messages $$",
        "create table t (a int, check (messages > 0), unique (messages))",
        "select messages() from t",
        "insert into t values (1) on conflict (messages) do nothing",
    ],
)
def test_table_is_not_mentioned(read: Read, text: str) -> None:
    assert not read(text).mentions.holds(Name("table", "public", "messages"))


@pytest.mark.parametrize(
    ("text", "name", "held"),
    [
        ("select f(1)", Name("function", None, "f"), True),
        ("select crm.f(1)", Name("function", "crm", "f"), True),
        ("grant execute on function f to x", Name("function", "public", "f"), True),
        ("select f from t", Name("function", None, "f"), False),
        ("select a from t", Name("column", None, "a", "t"), True),
        ("select b from t", Name("column", None, "a", "t"), False),
        ("select a from u", Name("column", None, "a", "t"), False),
        ("select 1 from crm.t", Name("schema", None, "crm"), True),
        ("create table t (a mood)", Name("type", None, "mood"), True),
        ("grant select on t to anon", Name("role", None, "anon"), True),
        ("set local search_path = crm; select 1 from t", Name("table", "crm", "t"), True),
        ("select 1 from t", Name("table", "crm", "t"), False),
        ("drop policy p on t", Name("policy", None, "p", "t"), True),
        ("select nextval('crm.s')", Name("sequence", "crm", "s"), True),
        ("select 1 from T", Name("table", None, "t"), True),
        ('select 1 from "T"', Name("table", None, "t"), False),
    ],
)
def test_mention_of(read: Read, text: str, name: Name, held: bool) -> None:
    assert read(text).mentions.holds(name) is held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("create function f() returns int language plpgsql as $$ begin perform 1 from v; end $$", False),
        ("create function f() returns int language plpgsql as $$ declare r v%rowtype; begin end $$", True),
        ("create function f() returns setof v language plpgsql as $$ begin end $$", True),
        ("create function f() returns int language sql as $$ select 1 from v $$", True),
        ("create function f() returns int begin atomic select 1 from v; end", True),
        ("create view w as select 1 from v", True),
        ("do $$ begin perform 1 from v; end $$", True),
    ],
)
def test_bound_is_what_the_server_resolves_when_the_script_runs(read: Read, text: str, held: bool) -> None:
    assert read(text).bound.holds(Name("view", None, "v")) is held


def test_nothing_holds_nothing() -> None:
    assert not Mentions().holds(Name("table", None, "t"))
