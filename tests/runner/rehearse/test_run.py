"""Scripts run statement by statement: what they do is told, what fails is told as apply would tell it."""

from collections.abc import Callable

from apply_builders import failure, value

from nexiom_runner.database.session import Session
from nexiom_runner.rehearse.doubts import Doubts
from nexiom_runner.rehearse.model import RehearsedScript, blocked_work
from nexiom_runner.rehearse.run import BATCHES, NO_ROWS, NO_ROWS_TO_CHECK, OUTSIDE
from nexiom_runner.results import Outcome

Rehearse = Callable[..., list[RehearsedScript]]
MINUTE = 60_000
ADD = "01_a/apply.sql"
NEXT = "02_b/apply.sql"


def test_each_statement_is_told_with_its_place(go: Rehearse) -> None:
    (script,) = go({ADD: "-- why\nalter table orders add column c int;\n\ncreate table t (i int);\n"})
    told = [(one.number, one.label, str(one.place)) for one in script.statements]
    assert told == [
        (1, "alter table orders", "phases/01_a/apply.sql:2:1"),
        (2, "create table t", "phases/01_a/apply.sql:4:1"),
    ]


def test_a_failure_reads_as_in_apply(go: Rehearse) -> None:
    scripts = go({ADD: "create table t (i int);\nalter table leads add column c int;", NEXT: "select 1;"})
    assert [script.result.outcome for script in scripts] == [Outcome.FAIL, Outcome.BLOCKED]
    assert failure([script.result for script in scripts]) == (
        'error: phase "01_a" failed: relation "leads" does not exist\n'
        "  phases/01_a/apply.sql:2:1\n"
        "    2 | alter table leads add column c int;\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42P01 in statement 2 of 2.\n"
        "state: Nothing was changed."
    )


def test_statements_before_the_failure_are_told(go: Rehearse) -> None:
    (script,) = go({ADD: "create table t (i int); select 1/0;"})
    assert [one.effects.created for one in script.statements] == [("table public.t",)]


def test_what_is_checked_at_the_commit_fails_there(go: Rehearse) -> None:
    text = (
        "alter table orders add foreign key (customer) references customers deferrable initially deferred;\n"
        "insert into orders values (1, 7, 1);"
    )
    (script,) = go({ADD: text})
    assert script.result.detail is not None
    assert "SQLSTATE 23503 when its 2 statements were committed." in script.result.detail


def test_on_the_target_deferred_checks_are_made_too(go: Rehearse) -> None:
    text = (
        "alter table orders add foreign key (customer) references customers deferrable initially deferred;\n"
        "insert into orders values (1, 7, 1);"
    )
    (script,) = go({ADD: text}, within=MINUTE)
    assert script.result.outcome is Outcome.FAIL


def test_a_later_script_meets_what_an_earlier_one_made(go: Rehearse) -> None:
    scripts = go({ADD: "create table t (i int);", NEXT: "create index t_i on t (i);"})
    assert [script.result.outcome for script in scripts] == [Outcome.PASS, Outcome.PASS]
    assert scripts[1].statements[0].effects.created == ("index public.t_i",)


def test_a_statement_outside_a_transaction_runs_on_a_copy(go: Rehearse) -> None:
    (script,) = go({ADD: "create index concurrently i on orders (amount);"})
    (one,) = script.statements
    assert not one.transactional
    assert [(lock.mode, lock.on.name, lock.measured) for lock in one.effects.locks] == [
        ("SHARE UPDATE EXCLUSIVE", "public.orders", False)
    ]
    assert [index.name for index in one.effects.built] == ["public.i"]


def test_dropping_an_index_concurrently_locks_its_table(go: Rehearse) -> None:
    (script,) = go({ADD: "drop index concurrently orders_note;"})
    (lock,) = script.statements[0].effects.locks
    assert (lock.mode, lock.on.described) == ("SHARE UPDATE EXCLUSIVE", "table public.orders (2.1 M rows, 480 MB)")
    assert script.statements[0].effects.dropped == ("index public.orders_note",)


def test_vacuum_full_is_known_to_lock_everybody_out(go: Rehearse) -> None:
    (script,) = go({ADD: "vacuum full orders;"})
    (one,) = script.statements
    assert [(lock.mode, lock.on.name) for lock in one.effects.locks] == [("ACCESS EXCLUSIVE", "public.orders")]
    assert [table.name for table in one.effects.rewritten] == ["public.orders"]


def test_a_statement_outside_a_transaction_that_fails_is_a_failure(go: Rehearse) -> None:
    (script,) = go({ADD: "create index concurrently i on nowhere (amount);"})
    assert script.result.outcome is Outcome.FAIL


def test_on_the_target_nothing_runs_outside_the_transaction(go: Rehearse, shop: Session) -> None:
    (script,) = go({ADD: "create index concurrently i on orders (amount); select 1;"}, within=MINUTE)
    assert [one.skipped for one in script.statements] == [OUTSIDE, None]
    assert value(shop, "select count(*) from pg_class where relname = 'i'") == "0"


def test_on_the_target_everything_is_rolled_back(go: Rehearse, shop: Session) -> None:
    (script,) = go({ADD: "create table t (i int); alter table orders drop column note;"}, within=MINUTE)
    assert script.result.outcome is Outcome.PASS
    assert value(shop, "select count(note) from orders") == "0"
    assert value(shop, "select to_regclass('public.t')") is None


def test_on_the_target_a_script_does_not_inherit_settings(go: Rehearse) -> None:
    check = "do $$ begin assert current_setting('search_path') = 'public, extensions'; end $$;"
    scripts = go({ADD: "set local search_path = pg_catalog; select 1;", NEXT: check}, within=MINUTE)
    assert [script.result.outcome for script in scripts] == [Outcome.PASS, Outcome.PASS]


def test_on_the_target_time_is_bounded(go: Rehearse) -> None:
    (script,) = go({ADD: "select pg_sleep(30);"}, within=100)
    assert script.result.message == 'phase "01_a" failed: canceling statement due to statement timeout'


def test_a_backfill_runs_one_batch_on_a_copy_and_none_on_the_target(go: Rehearse) -> None:
    text = "update orders set amount = 2 where id in (select id from orders where amount = 1 limit {{ batch }});"
    (script,) = go({"01_a/backfill.sql": text})
    assert [lock.mode for lock in script.statements[0].effects.locks][:1] == ["ROW EXCLUSIVE"]
    (script,) = go({"01_a/backfill.sql": text}, within=MINUTE)
    assert script.statements[0].skipped == BATCHES


def test_what_the_copy_cannot_tell_is_skipped_and_the_rest_goes_on(go: Rehearse) -> None:
    doubts = Doubts(extensions=frozenset({"plpgsql"}))
    (script,) = go({ADD: "create extension postgis; create table t (i int);"}, doubts)
    assert script.result.outcome is Outcome.PASS
    assert (script.statements[0].skipped or "").startswith(
        'the engine of the copy has no extension "postgis"; here the server said: '
    )
    assert script.statements[1].effects.created == ("table public.t",)


def test_changing_no_row_of_an_empty_copy_says_nothing(go: Rehearse) -> None:
    (script,) = go({ADD: "update orders set amount = 1;"}, Doubts(rows=True))
    assert script.statements[0].notes == (NO_ROWS,)


def test_what_rows_would_say_to_a_constraint_is_not_known(go: Rehearse) -> None:
    (script,) = go({ADD: "alter table orders add check (amount > 0);"}, Doubts(rows=True))
    assert script.statements[0].notes == (NO_ROWS_TO_CHECK,)


def test_work_on_a_large_table_while_writers_wait_is_a_hazard(go: Rehearse) -> None:
    text = "alter table orders alter note type varchar(9);\nalter table customers alter name type varchar(9);"
    (script,) = go({ADD: text})
    told = [list(blocked_work(one.effects)) for one in script.statements]
    assert told == [["rewrites table public.orders (2.1 M rows, 480 MB) under ACCESS EXCLUSIVE"], []]


def test_a_table_with_other_columns_fails_as_in_apply(go: Rehearse) -> None:
    (script,) = go({ADD: "create table if not exists orders (id bigint);"})
    assert script.result.message == 'phase "01_a" failed: table orders is there already, with other columns'


def test_what_does_nothing_is_a_warning(go: Rehearse) -> None:
    (script,) = go({ADD: "drop table if exists nothing;"})
    assert [fault.message for fault in script.result.warnings] == [
        '"drop table nothing" did nothing: table "nothing" does not exist, skipping'
    ]


def test_new_enum_values_are_used_in_the_next_transaction(go: Rehearse, shop: Session) -> None:
    shop.send("create type mood as enum ('sad')")
    scripts = go({ADD: "alter type mood add value 'happy'; create table t (m mood default 'happy');"})
    assert scripts[0].result.outcome is Outcome.PASS


def test_what_a_skipped_statement_read_is_not_the_next_ones(go: Rehearse, shop: Session) -> None:
    shop.send("alter table orders add foreign key (customer) references customers")
    text = "insert into orders values (1, 7, 1); create role rehearsed_after;"
    (script,) = go({ADD: text}, Doubts(rows=True))
    assert [one.effects.scanned for one in script.statements] == [(), ()]
    assert script.statements[0].skipped is not None


def test_on_the_target_a_new_enum_value_cannot_be_used_yet(go: Rehearse, shop: Session) -> None:
    shop.send("create type mood as enum ('sad')")
    text = "alter type mood add value 'happy'; create table t (m mood default 'happy'); create table u (i int);"
    (script,) = go({ADD: text}, Doubts(uncommitted=True), within=MINUTE)
    assert script.result.outcome is Outcome.PASS
    assert (script.statements[1].skipped or "").startswith(
        "a new value can be used once it is committed, and nothing is committed here; here the server said: unsafe use"
    )
