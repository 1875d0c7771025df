"""What a statement locks, rewrites, reads, builds and changes is what PostgreSQL did."""

from collections.abc import Callable

import pytest

from nexiom_runner.database.session import Session
from nexiom_runner.rehearse.model import Effects, Lock
from nexiom_runner.rehearse.target import Size
from nexiom_runner.rehearse.trace import Tracer
from nexiom_runner.sql.split import split

Measure = Callable[..., Effects]
# https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
LOCKS = [
    ("select count(*) from orders", {"public.orders": "ACCESS SHARE"}),
    ("select * from orders for update", {"public.orders": "ROW SHARE"}),
    ("update orders set amount = 1", {"public.orders": "ROW EXCLUSIVE"}),
    ("analyze orders", {"public.orders": "SHARE UPDATE EXCLUSIVE"}),
    ("alter table orders alter amount set statistics 10", {"public.orders": "SHARE UPDATE EXCLUSIVE"}),
    ("create index i on orders (amount)", {"public.orders": "SHARE"}),
    ("alter table orders enable trigger all", {"public.orders": "SHARE ROW EXCLUSIVE"}),
    (
        "alter table orders add foreign key (customer) references customers not valid",
        {"public.orders": "SHARE ROW EXCLUSIVE", "public.customers": "SHARE ROW EXCLUSIVE"},
    ),
    ("lock table orders in exclusive mode", {"public.orders": "EXCLUSIVE"}),
    ("alter table orders add column c integer", {"public.orders": "ACCESS EXCLUSIVE"}),
    ("alter table orders alter note type varchar(9)", {"public.orders": "ACCESS EXCLUSIVE"}),
    ("drop index orders_note", {"public.orders": "ACCESS EXCLUSIVE"}),
    ("truncate orders", {"public.orders": "ACCESS EXCLUSIVE"}),
    ("comment on table orders is 'x'", {"public.orders": "SHARE UPDATE EXCLUSIVE"}),
    ("create view v as select id from orders", {"public.orders": "ACCESS SHARE"}),
    ("create table t (id integer)", {}),
    ("create function f() returns integer language sql as 'select 1'", {}),
    ("reindex index orders_note", {"public.orders": "SHARE", "public.orders_note": "ACCESS EXCLUSIVE"}),
    ("alter index orders_note rename to o", {"public.orders_note": "SHARE UPDATE EXCLUSIVE"}),
    ("select pg_advisory_xact_lock(42)", {"key 42": "EXCLUSIVE"}),
]


@pytest.mark.parametrize(("statement", "expected"), LOCKS, ids=[statement for statement, _ in LOCKS])
def test_the_strongest_new_lock_on_each_thing_is_told(
    measure: Measure, statement: str, expected: dict[str, str]
) -> None:
    assert {lock.on.name: lock.mode for lock in measure(statement).locks} == expected


def test_a_lock_says_how_large_its_table_is_on_the_target(measure: Measure) -> None:
    (lock,) = measure("alter table orders add column c integer").locks
    assert lock.on.described == "table public.orders (2.1 M rows, 480 MB)"
    assert lock.measured


def test_a_lock_that_is_held_already_is_not_taken_again(measure: Measure) -> None:
    effects = measure("alter table orders add column c integer", "alter table orders add column d integer")
    assert effects.locks == ()


def test_a_stronger_lock_on_the_same_table_is_new(measure: Measure) -> None:
    effects = measure("update orders set amount = 1", "alter table orders add column c integer")
    assert [lock.mode for lock in effects.locks] == ["ACCESS EXCLUSIVE"]


def test_what_the_transaction_made_is_locked_for_nobody(measure: Measure) -> None:
    effects = measure("create table t (id integer)", "alter table t alter id type bigint")
    assert (effects.locks, effects.rewritten, effects.built) == ((), (), ())


@pytest.mark.parametrize(
    ("statement", "rewritten"),
    [
        ("alter table orders alter note type varchar(9)", ["public.orders"]),
        ("alter table orders alter note type varchar", []),
        ("alter table orders add column c timestamptz default clock_timestamp()", ["public.orders"]),
        ("alter table orders add column c timestamptz default now()", []),
        ("alter table orders add column c integer", []),
        ("alter table orders set unlogged", ["public.orders"]),
        ("alter table orders drop column note", []),
        ("truncate orders", []),
        ("cluster orders using orders_pkey", ["public.orders"]),
        ("do $$ begin execute 'alter table orders alter amount type bigint'; end $$", ["public.orders"]),
    ],
)
def test_a_table_is_rewritten_where_it_has_a_new_file(measure: Measure, statement: str, rewritten: list[str]) -> None:
    assert [table.name for table in measure(statement).rewritten] == rewritten


def test_truncate_empties_and_builds_nothing(measure: Measure) -> None:
    effects = measure("truncate orders")
    assert [table.name for table in effects.emptied] == ["public.orders"]
    assert effects.built == ()


def test_a_rewrite_builds_every_index_anew(measure: Measure) -> None:
    effects = measure("alter table orders alter note type varchar(9)")
    assert sorted(index.name for index in effects.built) == ["public.orders_note", "public.orders_pkey"]
    assert effects.changed == ("column public.orders.note",)


def test_an_index_that_keeps_its_file_is_not_built(measure: Measure) -> None:
    assert measure("alter table orders alter note type varchar").built == ()


def test_an_index_is_built_over_the_rows_of_its_table(measure: Measure) -> None:
    effects = measure("create index i on orders (amount)")
    assert [(index.name, index.size) for index in effects.built] == [("public.i", Size(2_100_000, 480 * 2**20))]
    assert effects.created == ("index public.i",)


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("alter table orders alter note set not null", ["public.orders"]),
        ("alter table orders add check (amount > 0)", ["public.orders"]),
        ("alter table orders add check (amount > 0) not valid", []),
        ("create index i on orders (amount)", ["public.orders"]),
        ("alter table orders add column c integer", []),
        ("update orders set amount = 1", []),
    ],
)
def test_what_ddl_reads_from_end_to_end_is_told(measure: Measure, statement: str, read: list[str]) -> None:
    assert [table.name for table in measure(statement).scanned] == read


def test_the_lock_that_a_table_is_worked_on_under_may_be_an_earlier_one(measure: Measure) -> None:
    effects = measure("alter table orders add column c integer", "alter table orders alter c set not null")
    assert effects.locks == ()
    assert [(lock.mode, lock.on.name) for lock in effects.under] == [("ACCESS EXCLUSIVE", "public.orders")]


FUNCTION = "create function f() returns int language sql as 'select 1'"
VIEW = "create view v as select 1 as a"
ENUM = "create type mood as enum ('sad')"
TOLD = [
    ("create table t (id serial primary key, n int default 3)", "created sequence public.t_id_seq, table public.t"),
    (VIEW, "created view public.v"),
    (f"{VIEW}; create or replace view v as select 1 as a, 2 as b", "created column public.v.b"),
    (f"{VIEW}; create or replace view v as select 2 as a", "changed view public.v"),
    (ENUM, "created type public.mood"),
    (f"{ENUM}; alter type mood add value 'happy'", "changed type public.mood"),
    ("alter table orders rename note to remark", "changed column public.orders.remark (was public.orders.note)"),
    ("alter table orders rename to purchases", "changed table public.purchases (was public.orders)"),
    ("alter table orders enable row level security", "changed table public.orders"),
    ("create policy p on orders using (true)", "created policy p on public.orders"),
    ("grant select on orders to public", "changed table public.orders"),
    ("alter table orders drop column note", "dropped column public.orders.note, index public.orders_note"),
    ("drop table orders", "dropped table public.orders"),
    ("comment on column orders.note is 'x'", "changed table public.orders"),
    ("alter table orders alter amount set default 1", "created default value for public.orders.amount"),
    ("alter table orders alter amount type bigint", "changed column public.orders.amount"),
    (
        "alter table orders alter amount set default 1; alter table orders alter amount set default 2",
        "changed column public.orders.amount",
    ),
    ("create table t (i int); drop table t; create table t (i int)", "created table public.t"),
    (
        "alter table orders add foreign key (customer) references customers not valid",
        "created table constraint orders_customer_fkey on public.orders",
    ),
    (
        f"{FUNCTION}; create or replace function f() returns int language sql as 'select 2'",
        "changed function public.f()",
    ),
    (f"{FUNCTION}; drop function f()", "dropped function public.f()"),
    ("create role rehearsed_role", "created role rehearsed_role"),
    ("create schema s", "created schema s"),
    ("update orders set amount = 1", ""),
    ("do $$ begin execute 'create table a (); create table b ()'; end $$", "created table public.a, table public.b"),
]


@pytest.mark.parametrize(("statements", "told"), TOLD, ids=[statements for statements, _ in TOLD])
def test_what_is_created_changed_and_dropped_is_told_once(measure: Measure, statements: str, told: str) -> None:
    effects = measure(*(one.text for one in split(statements)))
    words = {"created": effects.created, "changed": effects.changed, "dropped": effects.dropped}
    assert "; ".join(f"{word} {', '.join(sorted(names))}" for word, names in words.items() if names) == told


def test_quoted_names_are_as_postgresql_writes_them(shop: Session) -> None:
    shop.send('create schema "Ünïcode"; create table "Ünïcode"."Straße 1" (a int)')
    tracer = Tracer({'"Ünïcode"."Straße 1"': Size(3, 8_192)})
    tracer.read(shop)
    found = tracer.find("Ünïcode", "Straße 1")
    assert found is not None
    assert found.described == 'table "Ünïcode"."Straße 1" (3 rows, 8 kB)'


def test_a_look_leaves_nothing_in_the_transaction(shop: Session) -> None:
    tracer = Tracer({})
    tracer.read(shop)
    with shop.transaction(rollback=True):
        shop.send("set local search_path = public")
        tracer.begin(shop)
        tracer.look(shop, "")
        held = shop.send("select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'relation'")
        path = shop.send("show search_path")
    assert (held[0].rows, path[0].rows) == ((("1",),), (("public",),))


def test_what_runs_outside_a_transaction_is_compared_afterwards(shop: Session) -> None:
    tracer = Tracer({})
    tracer.read(shop)
    shop.send("create index concurrently i on orders (amount)")
    effects = tracer.compare(shop)
    assert [index.name for index in effects.built] == ["public.i"]
    assert (effects.created, effects.locks) == (("index public.i",), ())


def test_locks_are_ordered_by_strength() -> None:
    one = Lock("SHARE", on=None)  # type: ignore[arg-type]
    assert one.blocks_writers
    assert not Lock("SHARE UPDATE EXCLUSIVE", on=None).blocks_writers  # type: ignore[arg-type]
