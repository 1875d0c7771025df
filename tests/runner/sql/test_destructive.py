"""What takes data away for good is found in the text; what only looks like it is not."""

import pytest

from nexiom_runner.sql.destructive import destructions
from nexiom_runner.sql.split import split

FOUND = [
    ("drop table if exists public.old;", "drop table old"),
    ('DROP TABLE crm."Old" CASCADE', 'drop table crm."Old"'),
    ("drop schema s cascade", "drop schema s"),
    ("drop materialized view m", "drop materialized view m"),
    ("drop type t cascade", "drop type t"),
    ("drop owned by bob", "drop owned by bob"),
    ("alter table t drop column if exists c", "drop column c of t"),
    ("alter table only s.t add x int default f(1, 2), drop c", "drop column c of s.t"),
    ("alter type t drop attribute a", "drop column a of t"),
    ("truncate only a", "truncate a"),
    ("delete from a", "delete a without where"),
    ("delete from a using b returning (select 1 where true)", "delete a without where"),
    ("update only a set b = 1", "update a without where"),
    ("with gone as (delete from a returning *) insert into b select * from gone where x", "delete a without where"),
    ("with x as (select 1 where true) update a set b = 1", "update a without where"),
    ("do $$ begin if true then delete from a; end if; end $$", "delete a without where"),
    ("do $body$ begin drop table a; end $body$", "drop table a"),
]
HARMLESS = [
    "drop view v",
    "drop function f()",
    "drop type t",
    "alter table t drop constraint c",
    "alter table t alter column c drop default, alter d drop not null",
    "delete from a where id = 1",
    "update a set b = (select max(c) from d) where id = 1",
    "insert into a values (1) on conflict (id) do update set b = 1",
    "select * from a for update",
    "create trigger t after update or delete on a execute function f()",
    "create function f() returns void language sql as $$ delete from a $$",
    "create rule r as on delete to a do instead (delete from b)",
    "create table b (a int references a on delete cascade on update cascade)",
    "grant update, delete, truncate on a to b",
    "insert into notes values ('drop table a; truncate b')",
    "comment on table a is $$ delete from a $$",
    "do $$ begin delete from a where b; end $$",
    "-- drop table a\nselect 1",
]


@pytest.mark.parametrize(("text", "what"), FOUND)
def test_what_takes_data_away_is_found(text: str, what: str) -> None:
    assert [found.what for found in destructions(split(text))] == [what]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_takes_nothing_away_is_not(text: str) -> None:
    assert list(destructions(split(text))) == []


def test_each_is_told_where_its_statement_begins() -> None:
    text = "select 1;\n\n  drop table a;\ntruncate b;"
    assert [found.offset for found in destructions(split(text))] == [text.index("drop"), text.index("truncate")]


@pytest.mark.parametrize("text", ["drop", "delete", "update", "truncate", "alter table", "drop table", "do $$ drop $$"])
def test_texts_that_end_too_soon_raise_nothing(text: str) -> None:
    list(destructions(split(text)))
