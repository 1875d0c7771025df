"""A backfill repeats its statement, a batch in each transaction, until it changes no row."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apply_builders import PROJECT, failure, outcomes, runner, unchanged, value, values
from backfill_builders import EVENTS, FILL, KEY, ORDERED, PACE, ROWS, SCRIPTS, TABLE, WHOLE, Heard, run
from graph_builders import graph, phase, source

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import append, read_history, read_links
from nexiom_runner.apply.progress import Estimate, estimate, largest, with_progress
from nexiom_runner.apply.timeouts import Patience, claim_of
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import RunError, TargetError, UnavailableError, describe
from nexiom_runner.ledger.chain import check
from nexiom_runner.ledger.entry import Event, parse
from nexiom_runner.plan.make import make_plan
from nexiom_runner.results import Kind, Outcome, Result


def details(session: Session) -> list[dict[str, str]]:
    return [dict(parse(link.entry).details) for link in read_links(session, PROJECT) if KEY in link.entry]


def plan_of(session: Session, scripts: dict[str, str]) -> list[tuple[str, str, str]]:
    made = make_plan(graph(scripts), read_history(session, PROJECT).state)
    return [(step.key, step.state.value, step.reason[:20]) for step in made.steps]


def test_statement_is_repeated_until_it_changes_no_row(session: Session) -> None:
    results = run(session)
    assert outcomes(results) == [("01_a/apply.sql", "PASS"), (KEY, "PASS")]
    assert results[1].detail == "10 rows in 3 batches"
    assert value(session, "select count(*) from public.t where b is null") == "0"
    assert values(session, EVENTS) == ["01_a/apply.sql applied", f"{KEY} started", f"{KEY} applied"]
    assert details(session) == [{}, {"rows": "10", "batches": "3"}]
    assert value(session, "select count(*) from nexiom.backfills") == "0"
    assert check(read_links(session, PROJECT), project=PROJECT, instance=None) is None
    assert run(session) == []


def test_each_batch_is_a_transaction_of_its_own(session: Session) -> None:
    run(session)
    assert value(session, "select count(distinct xmin::text) from public.t") == "3"


def test_empty_table_is_one_batch_of_nothing(session: Session) -> None:
    assert run(session, {"01_a/apply.sql": TABLE, KEY: FILL})[1].detail == "0 rows in 0 batches"


def test_batch_takes_two_round_trips(session: Session) -> None:
    taken = []
    for count in (4, 40, 48):
        session.send("drop table if exists public.t; drop schema if exists nexiom cascade")
        before = session.round_trips
        run(session, {**SCRIPTS, "01_a/apply.sql": TABLE + ROWS.replace("10", str(count))})
        taken.append(session.round_trips - before)
    assert taken[2] - taken[1] == 4


KINDS = [
    ("delete from public.t where id in (select id from public.t limit {{ batch }})", 10),
    ("insert into public.u select id from public.t where id not in (select id from public.u) limit {{ batch }}", 10),
    (
        "with c as (select id from public.t where b is null limit {{ batch }}) update t set b = '' from c "
        "where c.id = t.id",
        10,
    ),
    (
        "with g as (delete from public.t where id in (select id from t limit {{ batch }}) returning id) "
        "insert into u select id from g",
        10,
    ),
    (
        "with g as (delete from public.t where id in (select id from t limit {{ batch }}) returning id) "
        "select count(*) from g",
        10,
    ),
    (
        "merge into public.t using (select id from public.t where b is null limit {{ batch }}) as s on s.id = t.id "
        "when matched then update set b = ''",
        10,
    ),
    ("update public.t set b = '' where id in (select id from t where b is null limit {{ batch }}) returning id", 10),
    ("select public.fill({{ batch }})", 10),
]
FUNCTION = """create function public.fill(most int) returns int language plpgsql as $$
declare filled int;
begin
    update public.t set b = '' where id in (select id from public.t where b is null limit most);
    get diagnostics filled = row_count;
    return filled;
end $$;
"""


@pytest.mark.parametrize(("text", "rows"), KINDS)
def test_every_kind_of_statement_says_how_many_rows_it_changed(session: Session, text: str, rows: int) -> None:
    first = TABLE + ROWS + "create table public.u (id int primary key);" + FUNCTION
    results = run(session, {"01_a/apply.sql": first, KEY: text})
    assert (results[1].outcome, results[1].detail) == ("PASS", f"{rows} rows in 3 batches")


def test_backfill_rests_after_each_batch(session: Session) -> None:
    heard = Heard()
    run(session, pace=replace(PACE, pause=250), patience=heard.patience())
    assert heard.slept == [0.25, 0.25, 0.25]


def test_failing_batch_is_rolled_back_and_those_before_it_stay(session: Session) -> None:
    scripts = {"01_a/apply.sql": f"{TABLE}{ROWS}alter table public.t add check (id <> 7 or b is null);", KEY: ORDERED}
    results = run(session, scripts)
    assert failure(results) == (
        'error: phase "01_a" failed: new row for relation "t" violates check constraint "t_check"\n'
        "  phases/01_a/backfill.sql:1:1\n"
        f"    1 | {ORDERED.rstrip()}\n"
        f"      | {'^' * (len(ORDERED.rstrip()) - 4)}\n"
        "detail: PostgreSQL reported SQLSTATE 23514 in statement 1 of 1. Failing row contains (7, 7, 7).\n"
        "state: 4 rows in 1 batch remain done. No other phase is applied. Running apply again goes on with what is "
        "left."
    )
    assert value(session, "select count(*) from public.t where b is not null") == "4"
    (_, told) = details(session)
    assert (told["rows"], told["batches"], told["sqlstate"]) == ("4", "1", "23514")


def test_backfill_that_failed_goes_on_with_another_statement(session: Session) -> None:
    scripts = {"01_a/apply.sql": f"{TABLE}{ROWS}alter table public.t add check (id <> 7 or b is null);", KEY: ORDERED}
    run(session, scripts)
    mended = {**scripts, KEY: ORDERED.replace("b is null", "b is null and id < 7")}
    assert plan_of(session, mended)[1] == (KEY, "partial", "begun 2026-11-22 15:")
    assert run(session, mended)[0].detail == "6 rows in 2 batches"
    assert values(session, EVENTS)[1:] == [f"{KEY} {word}" for word in ("started", "failed", "started", "applied")]


def test_place_behind_a_batch_is_the_source_s(session: Session) -> None:
    text = "select public.fill({{ batch }}), nothing;"
    told = failure(run(session, {"01_a/apply.sql": FUNCTION, KEY: text}))
    assert told.split("\n")[:4] == [
        'error: phase "01_a" failed: column "nothing" does not exist',
        "  phases/01_a/backfill.sql:1:34",
        f"    1 | {text}",
        "      |                                  ^^^^^^^",
    ]


RETURNED = [
    ("select null::int where {{ batch }} > 0", "null"),
    ("select -1 where {{ batch }} > 0", '"-1"'),
    ("select 1, 2 where {{ batch }} > 0", "1 row of 2 columns"),
    ("select 1 from generate_series(1, {{ batch }})", "4 rows of 1 column"),
]


@pytest.mark.parametrize(("text", "found"), RETURNED)
def test_select_that_returns_no_count_is_refused(session: Session, text: str, found: str) -> None:
    assert failure(run(session, {KEY: text})) == (
        f'error: phase "01_a" failed: its backfill returned {found}, expected one number of rows\n'
        f"  phases/01_a/backfill.sql:1:1\n    1 | {text}\n      | {'^' * len(text)}\n"
        "state: No batch is done. No other phase is applied. Running apply again goes on with what is "
        "left.\nhint: A select returns how many rows were changed, 0 when nothing is left."
    )


def test_statement_that_comes_to_no_end_is_stopped(session: Session) -> None:
    endless = "update public.t set a = a + 1 where id in (select id from public.t limit {{ batch }});"
    scripts = {"01_a/apply.sql": f"{TABLE}{ROWS}", KEY: endless}
    told = failure(run(session, scripts, replace(PACE, batch=10)))
    assert told == (
        'error: phase "01_a" stopped: its backfill does not come to an end: it changed 700 rows\n'
        f"  phases/01_a/backfill.sql:1:1\n    1 | {endless}\n      | {'^' * len(endless)}\n"
        "detail: Allowed are 3 times as many as its largest table has, about 228. Either its where does not leave out "
        "what is done, or something keeps adding rows.\n"
        "state: 700 rows in 70 batches remain done. No other phase is applied. Running apply again goes on with what "
        "is left.\n"
        "hint: Let its where leave out what is done (where region is null); or, where so many are meant, write "
        "`backfill: {max_rows: …}` into phases/01_a/phase.yml."
    )


def test_insert_that_comes_to_no_end_is_stopped_although_its_table_grows(session: Session) -> None:
    endless = "insert into public.u select id from public.t limit {{ batch }};"
    scripts = {"01_a/apply.sql": f"{TABLE}{ROWS}create table public.u (id int);", KEY: endless}
    assert "does not come to an end" in failure(run(session, scripts, replace(PACE, batch=10)))


def test_function_that_comes_to_no_end_is_stopped(session: Session) -> None:
    assert "does not come to an end" in failure(run(session, {KEY: "select {{ batch }};"}, replace(PACE, batch=500)))


def test_most_rows_are_those_that_the_phase_says(session: Session) -> None:
    told = failure(run(session, pace=replace(PACE, max_rows=7)))
    assert "it changed 8 rows\n" in told
    assert "detail: Allowed are at most 7. Either" in told
    assert run(session, pace=replace(PACE, max_rows=8))[0].detail == "10 rows in 3 batches"


@pytest.fixture
def busy(session: Session, dsn: str) -> Iterator[Session]:
    """An application that keeps row 6 locked, which the second batch wants."""
    session.send(TABLE + ROWS)
    with connect(dsn, application="shop") as other:
        other.send("begin; update public.t set a = 0 where id = 6")
        yield other


def test_batch_that_waited_in_vain_is_tried_again(session: Session, busy: Session) -> None:
    heard = Heard(then=busy)
    assert run(session, {KEY: ORDERED}, patience=heard.patience())[0].detail == "10 rows in 3 batches"
    assert heard.said == ['phase "01_a" waited 0.1 s for a lock; attempt 1 of 2, again in 0.5 s']


def test_backfill_that_waits_to_the_end_stops_and_goes_on_with_the_next_run(session: Session, busy: Session) -> None:
    told = failure(run(session, {KEY: ORDERED}))
    assert told.startswith('error: phase "01_a" failed: canceling statement due to lock timeout\n')
    assert "Tried 2 times; the last time it waited 0.1 s for a lock.\nstate: 4 rows in 1 batch remain done." in told
    busy.send("rollback")
    heard = Heard()
    assert run(session, {KEY: ORDERED}, patience=heard.patience())[0].detail == "10 rows in 3 batches"
    assert heard.said == [f"{KEY} goes on behind 4 rows in 1 batch"]


def test_run_that_was_taken_over_commits_no_batch(session: Session, dsn: str) -> None:
    """As if the first runner had lost its lock and not noticed."""
    with connect(dsn, application="second") as second:
        heard = Heard()
        patience = replace(
            heard.patience(), sleep=lambda _: second.send("update nexiom.backfills set run = 'second'") and None
        )
        with pytest.raises(UnavailableError) as caught:
            run(session, pace=replace(PACE, pause=1), patience=patience)
    assert describe(caught.value.faults[0]) == (
        f"error: another runner works at this backfill now: {KEY}\n"
        f"state: {KEY}: 4 rows in 1 batch {WHOLE}\n"
        "hint: Run apply again when it has ended."
    )
    assert value(session, "select count(*) from public.t where b is not null") == "4"


def test_entry_of_another_runner_between_two_batches_keeps_nothing_up(session: Session, dsn: str) -> None:
    with connect(dsn, application="second") as second:
        told: list[float] = []

        def other(seconds: float) -> None:
            if not told:
                append(second, runner(second).entry(Event.WAIVED), read_history(second, PROJECT).head)
            told.append(seconds)

        results = run(session, pace=replace(PACE, pause=1), patience=replace(Heard().patience(), sleep=other))
    assert results[1].outcome == "PASS"
    assert values(session, EVENTS)[1:] == [f"{KEY} started", " waived", f"{KEY} applied"]


def interrupted(session: Session, claim: str = "") -> str:
    """Ctrl-C between the first and the second batch."""

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        run(session, SCRIPTS, replace(PACE, pause=1), replace(Heard().patience(), sleep=stop, claim=claim))
    return str(caught.value)


def test_interrupted_backfill_says_what_is_done_and_goes_on(session: Session) -> None:
    assert interrupted(session) == (f"{KEY}: 4 rows in 1 batch {WHOLE}")
    assert run(session)[0].detail == "10 rows in 3 batches"
    assert values(session, EVENTS)[1:] == [f"{KEY} started", f"{KEY} applied"]


def test_backfill_edited_since_its_first_batches_is_a_problem(session: Session) -> None:
    interrupted(session)
    edited = {**SCRIPTS, KEY: FILL.replace("b = a", "b = 1")}
    with pytest.raises(RunError) as caught:
        run(session, edited)
    (fault,) = caught.value.faults
    assert describe(fault) == (
        'error: phase "01_a" was edited after a part of its backfill was done\n'
        "  phases/01_a/backfill.sql:1:1\n"
        f"    1 | {edited[KEY].rstrip()}\n"
        "      | ^\n"
        "detail: Begun 2026-11-22 15:10 UTC by ada; its batches so far ran another statement.\n"
        'hint: Restore it; or go on with what it says now: nexiom resolve 01_a --again --reason "…"; or, where nothing '
        "is left to do, --done."
    )


def test_size_of_a_batch_may_change_between_two_runs(session: Session) -> None:
    interrupted(session)
    assert run(session, pace=replace(PACE, batch=100))[0].detail == "10 rows in 2 batches"
    assert run(session, pace=replace(PACE, batch=7)) == []


def test_progress_is_told_with_an_estimate(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nexiom_runner.apply.backfill.EVERY", 0.0)
    heard = Heard()
    scripts = {**SCRIPTS, "01_a/apply.sql": f"{TABLE}{ROWS}analyze public.t;"}
    run(session, scripts, patience=heard.patience())
    assert heard.told == [
        f"{KEY}: 4 of about 10 rows in 1 batch, about 0 s left",
        f"{KEY}: 8 of about 10 rows in 2 batches, about 0 s left",
        f"{KEY}: 10 rows in 3 batches",
    ]


def test_progress_without_statistics_is_told_with_the_size_of_the_table(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a column that was just added the planner knows nothing."""
    monkeypatch.setattr("nexiom_runner.apply.backfill.EVERY", 0.0)
    heard = Heard()
    table = (
        f"{TABLE}{ROWS.replace('10', '3000')}alter table public.t drop b; analyze public.t; alter table t add b text;"
    )
    run(session, {"01_a/apply.sql": table, KEY: FILL}, replace(PACE, batch=1000), heard.patience())
    assert heard.told[1:] == [
        f"{KEY}: 2 000 rows in 2 batches; its largest table has about 3 000",
        f"{KEY}: 3 000 rows in 3 batches",
    ]


def test_role_that_may_not_keep_how_far_it_is_is_told_the_grant(session: Session, admin_session: Session) -> None:
    run(session, {"01_a/apply.sql": TABLE + ROWS})
    admin_session.send("alter schema nexiom owner to postgres; grant usage on schema nexiom to nexiom_owner")
    with pytest.raises(TargetError) as caught:
        run(session)
    assert describe(caught.value.faults[0]) == (
        'error: role "nexiom_owner" may not keep how far a backfill is: permission denied for schema nexiom\n'
        "detail: PostgreSQL reported SQLSTATE 42501.\n"
        'hint: Let the owner of schema nexiom run: grant create on schema nexiom to "nexiom_owner"; or, where the '
        'table is there: grant select, insert, update, delete on nexiom.backfills to "nexiom_owner";'
    )


def test_plan_says_how_far_a_backfill_is(session: Session) -> None:
    interrupted(session)
    made = make_plan(graph(SCRIPTS), read_history(session, PROJECT).state)
    before = session.round_trips
    told = with_progress(session, PROJECT, made)
    assert [step.reason for step in told.todo] == ["begun 2026-11-22 15:10 UTC, goes on; 4 rows in 1 batch so far"]
    assert session.round_trips - before == 1
    run(session)
    settled = make_plan(graph(SCRIPTS), read_history(session, PROJECT).state)
    assert with_progress(session, PROJECT, settled) is settled


def test_plan_without_the_count_says_what_it_knows(session: Session) -> None:
    interrupted(session)
    made = make_plan(graph(SCRIPTS), read_history(session, PROJECT).state)
    session.send("drop table nexiom.backfills")
    assert with_progress(session, PROJECT, made) is made


def test_statement_of_a_partitioned_table_is_bounded_by_all_of_its_parts(session: Session) -> None:
    parted = (
        "create table public.t (id int, a int, b text) partition by hash (id);"
        "create table public.t0 partition of public.t for values with (modulus 2, remainder 0);"
        "create table public.t1 partition of public.t for values with (modulus 2, remainder 1);"
    )
    session.send(f"{parted}{ROWS}analyze public.t")
    found = estimate(session, "select 1", FILL.replace("{{ batch }}", "100"))
    assert (found.rows, set(found.tables), found.inserts) == (
        10,
        {("public", "t"), ("public", "t0"), ("public", "t1")},
        False,
    )
    assert largest(session, found.tables) == 10


def test_estimate_of_what_the_server_refuses_is_unknown(session: Session) -> None:
    assert estimate(session, "select 1", "update nowhere set a = 1") == Estimate()
    assert largest(session, [("public", "nowhere")]) is None
    assert not session.in_transaction


def test_backfill_killed_before_or_in_any_message_is_ended_by_the_next(dsn: str) -> None:
    """After each death the next run goes on; no row is changed twice, none is left, each is counted once."""
    program = [sys.executable, str(Path(__file__).with_name("killing_backfill.py")), dsn]
    done = subprocess.run(program, check=False, capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    events = ["01_a/apply.sql applied", f"{KEY} started", f"{KEY} applied"]
    assert [each for each in runs if each[3:] != [0, "0 1", events, "10"]] == []
    assert {each[0]: each[2] for each in runs if each[2] != signal.SIGKILL} == {"before": 0, "during": 0}
    assert len(runs) > 2 * 2 * 3


def test_runners_without_a_lock_of_their_own_take_turns(session: Session, dsn: str) -> None:
    """Behind a pooler with one connection: a second runner ends what the first began, and all rows are counted."""
    claim = session.written(claim_of(PROJECT))
    pace = replace(PACE, pause=1)
    results: list[Result] = []
    with connect(dsn, application="second") as second:

        def other(_: float) -> None:
            if not results:
                results.append(Result(Outcome.SKIP, Kind.SCRIPT, None, ""))  # not again within
                results[:] = run(second, pace=PACE, patience=replace(Heard().patience(), claim=claim))

        mine = run(session, pace=pace, patience=replace(Heard().patience(), sleep=other, claim=claim))
    assert [(result.subject, result.detail) for result in results] == [(KEY, "10 rows in 3 batches")]
    assert (mine[1].outcome, mine[1].message) == ("PASS", "applied by another runner")
    assert details(session) == [{}, {"rows": "10", "batches": "3"}]


def test_rows_of_runners_that_take_turns_are_counted_together(session: Session, dsn: str) -> None:
    claim, others = session.written(claim_of(PROJECT)), list[str]()
    with connect(dsn, application="second") as second:

        def other(_: float) -> None:
            if not others:
                others.append("")
                others[:] = [interrupted(second, claim)]

        patience = replace(Heard().patience(), sleep=other, claim=claim)
        mine = run(session, pace=replace(PACE, pause=1), patience=patience)
    assert others == [f"{KEY}: 8 rows in 2 batches {WHOLE}"]
    assert mine[1].detail == "10 rows in 3 batches"
    assert details(session) == [{}, {"rows": "10", "batches": "3"}]


def test_backfill_of_a_phase_with_a_new_name_goes_on(session: Session) -> None:
    interrupted(session)
    renamed = {key.replace("01_a", "02_b"): text for key, text in SCRIPTS.items()}
    made = graph(renamed, replace(phase("02_b", renamed_from="01_a"), backfill=source("x", ""), pace=PACE))
    history = read_history(session, PROJECT)
    plan = make_plan(made, history.state)
    assert [(step.key, step.state.value) for step in plan.todo] == [("02_b/backfill.sql", "partial")]
    results = list(apply_plan(session, plan, made, history, runner(session), reveal=unchanged))
    assert outcomes(results) == [("02_b/backfill.sql", "PASS")]
    assert values(session, EVENTS)[2:] == [" renamed", "02_b/backfill.sql applied"]
    assert value(session, "select count(*) from public.t where b is null") == "0"


@pytest.mark.parametrize("claimed", [False, True])
def test_rows_that_a_policy_hides_are_not_taken_for_none(session: Session, claimed: bool) -> None:
    """Row security is off, so that the server refuses what it would filter."""
    claim = session.written(claim_of(PROJECT)) if claimed else ""
    text = "select 1 where {{ batch }} > 0 and current_setting('row_security') <> 'off' union all select 0 limit 1;"
    results = run(session, {KEY: text}, patience=replace(Heard().patience(), claim=claim))
    assert (results[0].outcome, results[0].detail) == ("PASS", "0 rows in 0 batches")
    assert value(session, "select current_setting('row_security')") == "on"


def test_row_security_that_would_hide_rows_fails_the_backfill(session: Session, admin_session: Session) -> None:
    admin_session.send(
        f"{TABLE}{ROWS}create role reader; grant reader to nexiom_owner; grant all on public.t to reader;"
    )
    admin_session.send("grant create, usage on schema public to reader; alter table public.t enable row level security")
    fill = FUNCTION.replace("language plpgsql", "language plpgsql security definer")
    hidden = {
        "01_a/apply.sql": f"{fill}alter function public.fill(int) owner to reader;",
        KEY: "select fill({{ batch }});",
    }
    try:
        told = failure(run(session, hidden))
    finally:
        admin_session.send("drop owned by reader; drop role reader")
    assert 'phase "01_a" failed: query would be affected by row-level security policy for table "t"' in told


def test_backfill_whose_connection_was_cut_goes_on_with_the_next_run(
    session: Session, dsn: str, admin_session: Session
) -> None:
    with connect(dsn, application="cut") as cut:
        pid = value(cut, "select pg_backend_pid()")
        patience = replace(
            Heard().patience(), sleep=lambda _: admin_session.send(f"select pg_terminate_backend({pid})") and None
        )
        with pytest.raises(UnavailableError) as caught:
            run(cut, pace=replace(PACE, pause=1), patience=patience)
    fault = caught.value.faults[0]
    assert (fault.message, fault.state) == (
        "the connection to the server was lost",
        f"{KEY}: 4 rows in 1 batch {WHOLE}",
    )
    assert run(session)[0].detail == "10 rows in 3 batches"


def test_runner_that_lost_its_lock_stops_before_the_next_batch(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = iter([True, True, False])
    monkeypatch.setattr(Patience, "held", lambda self: next(held))
    with pytest.raises(UnavailableError) as caught:
        run(session)
    assert caught.value.faults[0].message.endswith(f"was lost: stopped before batch 3 of {KEY}")
    assert value(session, "select count(*) from public.t where b is not null") == "8"
