"""Scripts of several transactions: each with its entry, and what stands outside of any, found again after a death."""

import time
from dataclasses import replace
from threading import Thread

import pytest
from apply_builders import PROJECT, failure, outcomes, run, runner, value, values
from graph_builders import graph

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import append, make_ledger, read_history, read_links
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import RunError
from nexiom_runner.ledger.chain import check
from nexiom_runner.ledger.entry import Event, parse
from nexiom_runner.plan.make import make_plan

KEY = "01_a/apply.sql"
TABLE = "create table public.t (a int, b text); insert into public.t select n, n from generate_series(1, 9) as n;\n"
TWICE = "".join([TABLE, "insert into public.t values (1);\n"])
PARTED = (
    "create table public.parted (a int) partition by range (a);"
    "create table public.part partition of public.parted for values from (0) to (9);\n"
)
MIXED = (
    f"{TABLE}{PARTED}create type public.mood as enum ('sad');\n-- nexiom: commit\n"
    "create index concurrently i on public.t (lower(b)) where a > 1;\n"
    "insert into public.t values (10, 'ten');\n"
    "create index concurrently gone on t (a);\n"
    "drop index concurrently gone;\n"
    "reindex index concurrently public.i;\n"
    "alter table public.parted detach partition public.part concurrently;\n"
    "alter type public.mood add value 'glad';\n"
    "create table public.felt as select 'glad'::public.mood as mood;\n"
    "vacuum public.t;\n"
    "insert into public.t values (11, 'eleven');\n"
)
SEGMENTS = "select concat(event, ' ', entry::json ->> 'segment', '/', entry::json ->> 'segments') from nexiom.ledger "
SEGMENTS += "where event <> 'failed' order by number"
INDEXES = (
    "select concat(indexrelid::regclass, ' ', indisvalid) from pg_index join pg_class on pg_class.oid = indrelid "
    "where relnamespace = 'public'::regnamespace order by 1"
)


def begin(session: Session, text: str, segment: int) -> None:
    """Leave the ledger as a run leaves it that dies with a statement outside of any transaction under way."""
    made = graph({KEY: text})
    script = made.scripts[0]
    history = read_history(session, PROJECT)
    entry = runner(session).entry(
        Event.STARTED,
        phase=script.phase,
        script=script.key,
        kind=script.kind,
        segment=segment,
        segments=len(script.segments),
        source=script.source_sha,
        semantic=script.reached(segment),
    )
    append(session, entry, history.head)


def test_mixed_script_runs_and_each_part_has_its_entry(session: Session) -> None:
    assert outcomes(run(session, {KEY: MIXED})) == [(KEY, "PASS")]
    parts = len(graph({KEY: MIXED}).scripts[0].segments)
    lone = [number for number, each in enumerate(graph({KEY: MIXED}).scripts[0].segments, 1) if each.lone]
    expected = []
    for number in range(1, parts + 1):
        expected += [f"started {number}/{parts}"] if number in lone else []
        expected.append(f"applied {number}/{parts}")
    assert values(session, SEGMENTS) == expected
    assert parse(read_links(session, PROJECT)[-1].entry).semantic == graph({KEY: MIXED}).scripts[0].semantic_sha
    assert check(read_links(session, PROJECT)) is None
    assert run(session, {KEY: MIXED}) == []


def test_transactions_take_one_round_trip_each_and_two_where_a_statement_may_be_skipped(session: Session) -> None:
    make_ledger(session)
    marked = "\n-- nexiom: commit\n".join(["select 1;", "drop table if exists public.x;", "select 2;"])
    assert session.server.database
    history, before = read_history(session, PROJECT), session.round_trips
    run(session, {KEY: marked}, history=history)
    assert session.round_trips - before == 4


def test_nothing_stays_set_in_the_session(session: Session) -> None:
    session.send("set search_path = pg_catalog")
    run(session, {KEY: f"{TABLE}vacuum t;"})
    assert value(session, "show search_path") != "public, extensions"


def test_failed_part_leaves_those_before_it_applied(session: Session) -> None:
    text = f"{TABLE}vacuum public.t;\nselect 1;\nselect 1 / 0;"
    assert failure(run(session, {KEY: text})) == (
        'error: phase "01_a" failed: division by zero\n'
        "  phases/01_a/apply.sql:4:1\n"
        "    4 | select 1 / 0;\n"
        "      | ^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 22012 in statement 5 of 5.\n"
        "state: Statements 4 to 5 of 5 were rolled back. Statements 1 to 3 remain applied. "
        "No other phase is applied. Running apply again is safe."
    )
    fixed = text.replace("1 / 0", "1 / 1")
    (result,) = run(session, {KEY: fixed})
    assert result.message == "goes on at statement 4 of 5; its last attempt failed"
    assert value(session, "select count(*) from public.t") == "9"


def test_place_of_an_error_in_a_later_part_is_exact(session: Session) -> None:
    text = f"{TABLE}vacuum public.t;\nselect 1;\nselect nope from public.t;"
    assert failure(run(session, {KEY: text})).splitlines()[1:4] == [
        "  phases/01_a/apply.sql:4:8",
        "    4 | select nope from public.t;",
        "      |        ^^^^",
    ]


def test_failed_statement_outside_a_transaction_says_what_is_left(session: Session) -> None:
    text = TWICE + "create unique index concurrently i on public.t (a);"
    assert failure(run(session, {KEY: text})) == (
        'error: phase "01_a" failed: could not create unique index "i"\n'
        "  phases/01_a/apply.sql:3:1\n"
        "    3 | create unique index concurrently i on public.t (a);\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 23505 in statement 4 of 4. Key (a)=(1) is duplicated.\n"
        "state: Statements 1 to 3 of 4 remain applied. What statement 4 of 4 left, which runs outside a transaction, "
        "is looked for by the next apply. No other phase is applied. Running apply again is safe."
    )
    assert values(session, INDEXES) == ["i f"]


@pytest.mark.parametrize("condition", ["", "if not exists "])
def test_invalid_index_of_a_failed_build_is_dropped_and_built_anew(session: Session, condition: str) -> None:
    text = TWICE + f"create unique index concurrently {condition}i on public.t (a);"
    run(session, {KEY: text})
    session.send("delete from public.t where b is null")
    assert outcomes(run(session, {KEY: text})) == [(KEY, "PASS")]
    assert values(session, INDEXES) == ["i t"]


def test_failed_statement_may_be_edited(session: Session) -> None:
    text = TWICE + "create unique index concurrently i on public.t (a);"
    run(session, {KEY: text})
    assert outcomes(run(session, {KEY: text.replace("unique ", "")})) == [(KEY, "PASS")]
    assert values(session, INDEXES) == ["i t"]


def test_what_ran_may_not_be_edited(session: Session) -> None:
    run(session, {KEY: f"{TABLE}vacuum public.t;\nselect 1 / 0;"})
    with pytest.raises(RunError) as caught:
        run(session, {KEY: f"select 1;{TABLE}vacuum public.t;\nselect 1;"})
    assert caught.value.faults[0].message == 'phase "01_a" was edited after a part of it was applied'


LONE = {
    "create index concurrently i on public.t (lower(b) desc, a) include (b) where a > 3": "i t",
    "create unique index concurrently if not exists i on t (a);": "i t",
    "drop index concurrently public.old": None,
    "reindex index concurrently public.old": "old t",
    "reindex (verbose) table concurrently public.t": "old t",
    "reindex schema public": "old t",
    "vacuum (analyze) public.t": "old t",
    "alter table public.parted detach partition public.part concurrently": "old t",
}
BEFORE = f"{TABLE}{PARTED}create index old on public.t (a);\n"


@pytest.mark.parametrize("statement", LONE)
@pytest.mark.parametrize("died", ["before", "after"])
def test_statement_of_a_run_that_died_is_found_done_or_not(session: Session, statement: str, died: str) -> None:
    text = f"{BEFORE}{statement};\nselect 1;"
    run(session, {KEY: f"{BEFORE}-- nexiom: commit\nselect 1 / 0;"})
    whole = graph({KEY: text}).scripts[0]
    assert whole.reached(1) == graph({KEY: f"{BEFORE}-- nexiom: commit\nselect 1;"}).scripts[0].reached(1)
    begin(session, text, 2)
    if died == "after":
        session.send(statement)
    assert outcomes(run(session, {KEY: text})) == [(KEY, "PASS")]
    shown = values(session, INDEXES)
    assert shown == (
        [*([] if LONE[statement] in (None, "old t") else [LONE[statement]]), "old t"] if LONE[statement] else []
    )
    assert value(session, "select count(*) from pg_inherits") == ("0" if "detach" in statement else "1")
    assert values(session, SEGMENTS) == ["applied 1/2", "started 2/3", "applied 2/3", "applied 3/3"]
    looked = parse(read_links(session, PROJECT)[-2].entry).details
    again = ("reindex", "vacuum")
    assert ("found" in looked) == (died == "after" and not statement.startswith(again))


def test_another_index_of_the_same_name_stops_and_names_the_way_out(session: Session) -> None:
    text = f"{TABLE}create index concurrently i on public.t (a);"
    run(session, {KEY: f"{TABLE}-- nexiom: commit\nselect 1 / 0;"})
    begin(session, text, 2)
    session.send("create index i on public.t (b)")
    assert failure(run(session, {KEY: text})) == (
        'error: phase "01_a" stopped: "create index i on t" was begun by a run that died, '
        "and whether it was done is unknown\n"
        "  phases/01_a/apply.sql:2:1\n"
        "    2 | create index concurrently i on public.t (a);\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: Index public.i is there and valid, and is another than the statement makes.\n"
        "state: Statements 1 to 2 of 3 remain applied. What statement 3 of 3 left, which runs outside a transaction, "
        "is looked for by the next apply. No other phase is applied. Running apply again is safe.\n"
        'hint: Look at it; then, where it is done: nexiom resolve 01_a --done --reason "…"; where it is to run again: '
        'nexiom resolve 01_a --again --reason "…"'
    )
    assert values(session, INDEXES) == ["i t"]


def test_way_out_names_the_target_where_it_is_not_the_default_one(session: Session) -> None:
    text = f"{TABLE}create index concurrently i on public.t (a);"
    run(session, {KEY: f"{TABLE}-- nexiom: commit\nselect 1 / 0;"})
    begin(session, text, 2)
    session.send("create index i on public.t (b)")
    made, known = graph({KEY: text}), read_history(session, PROJECT)
    named = replace(runner(session), target_named="staging")
    results = list(apply_plan(session, make_plan(made, known.state), made, known, named, reveal=str))
    assert results[0].fix == (
        'Look at it; then, where it is done: nexiom resolve 01_a --target staging --done --reason "…"; where it is to '
        'run again: nexiom resolve 01_a --target staging --again --reason "…"'
    )


def test_pending_detach_is_finished(session: Session, dsn: str) -> None:
    text = f"{BEFORE}alter table public.parted detach partition public.part concurrently;"
    run(session, {KEY: f"{BEFORE}-- nexiom: commit\nselect 1 / 0;"})
    begin(session, text, 2)
    with connect(dsn, application="reader") as reader:
        reader.send("begin; select * from public.parted")
        session.send("set statement_timeout = '200ms'")
        with pytest.raises(Exception, match="statement timeout"):
            session.send("alter table public.parted detach partition public.part concurrently")
        session.send("reset all")
        assert value(session, "select inhdetachpending from pg_inherits") == "t"
        reader.send("rollback")
    assert outcomes(run(session, {KEY: text})) == [(KEY, "PASS")]
    assert value(session, "select count(*) from pg_inherits") == "0"


def test_leftover_of_a_broken_rebuild_is_dropped(session: Session, admin_session: Session) -> None:
    run(session, {KEY: f"{BEFORE}-- nexiom: commit\nselect 1 / 0;"})
    session.send("create index old_ccnew on public.t (a)")
    admin_session.send("update pg_index set indisvalid = false where indexrelid = 'public.old_ccnew'::regclass")
    run(session, {KEY: f"{BEFORE}reindex index concurrently public.old;"})
    assert values(session, INDEXES) == ["old t"]


def test_build_that_the_server_still_does_is_waited_for(session: Session, dsn: str) -> None:
    text = f"{TABLE}create index concurrently i on public.t (a);"
    run(session, {KEY: f"{TABLE}-- nexiom: commit\nselect 1 / 0;"})
    begin(session, text, 2)
    lone = graph({KEY: text}).scripts[0].segments[1]
    with connect(dsn, application="writer") as writer, connect(dsn, application="orphan") as orphan:
        writer.send("begin; insert into public.t values (12)")
        building = Thread(target=lambda: orphan.send(text[lone.start : lone.end]))
        building.start()
        timer = Thread(target=lambda: (time.sleep(1.0), writer.send("commit")))
        timer.start()
        time.sleep(0.3)
        assert outcomes(run(session, {KEY: text})) == [(KEY, "PASS")]
        building.join()
        timer.join()
    assert values(session, INDEXES) == ["i t"]
    assert parse(read_links(session, PROJECT)[-1].entry).details == {"found": "index public.i is there and valid"}
