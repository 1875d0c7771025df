"""Applying scripts: one transaction each, its entry last, stopping at the first failure."""

import signal
import subprocess
import sys
import time
from threading import Thread

import pytest
from apply_builders import CORE, NOW, PROJECT, failure, outcomes, run, runner, value, values
from graph_builders import graph, phase

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import append, insertion, make_ledger, read_history, read_links
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import RunError, UnavailableError, describe
from nexiom_runner.ledger.entry import Event, parse
from nexiom_runner.plan.make import make_plan

EVENTS = "select event || ' ' || script from nexiom.ledger order by number"
VIEW = {"01_core/repeatable/v.sql": "create or replace view public.v as select id from public.core;"}


def test_scripts_are_applied_in_order_with_their_entries(session: Session) -> None:
    results = run(session, {**CORE, **VIEW})
    assert outcomes(results) == [("01_core/apply.sql", "PASS"), ("01_core/repeatable/v.sql", "PASS")]
    assert [result.message for result in results] == ["new", "new"]
    assert values(session, EVENTS) == ["applied 01_core/apply.sql", "applied 01_core/repeatable/v.sql"]
    assert value(session, "select count(*) from public.v") == "0"


def test_second_apply_has_nothing_to_do(session: Session) -> None:
    run(session, CORE)
    history = read_history(session, PROJECT)
    before = session.round_trips
    assert run(session, CORE, history=history) == []
    assert session.round_trips == before


def test_script_takes_one_round_trip(session: Session) -> None:
    run(session, CORE)
    history = read_history(session, PROJECT)
    before = session.round_trips
    run(session, {**CORE, **{f"1{n}_x/apply.sql": "select 1; select 2;" for n in range(5)}}, history=history)
    assert session.round_trips - before == 5


def test_changed_repeatable_is_a_rerun(session: Session) -> None:
    run(session, {**CORE, **VIEW})
    changed = {"01_core/repeatable/v.sql": "create or replace view public.v as select id, 1 as one from public.core;"}
    assert outcomes(run(session, {**CORE, **changed})) == [("01_core/repeatable/v.sql", "PASS")]
    assert values(session, EVENTS)[-1] == "rerun 01_core/repeatable/v.sql"


def test_settings_are_pinned_and_nothing_is_left_in_the_session(session: Session) -> None:
    session.send("set timezone = 'Asia/Tokyo'; set search_path = pg_temp")
    script = (
        "create table told as select name, setting from pg_settings where name in ('TimeZone', 'search_path');"
        "select set_config('work_mem', '1MB', false); set local role anon;"
    )
    run(session, {"01_a/apply.sql": script})
    assert values(session, "select setting from public.told order by name") == ["UTC", "public, extensions"]
    assert value(session, "select current_user") == "nexiom_owner"
    assert value(session, "show work_mem") != "1MB"


def test_comment_without_newline_at_the_end_hides_nothing(session: Session) -> None:
    run(session, {"01_a/apply.sql": "create table public.a (id int) -- the end"})
    assert values(session, EVENTS) == ["applied 01_a/apply.sql"]


def test_failure_rolls_back_its_script_and_blocks_the_rest(session: Session) -> None:
    scripts = {
        **CORE,
        "02_bad/apply.sql": "create table public.half (id int);\nselect 1 / 0;\nselect 3;",
        "03_late/apply.sql": "select 1;",
    }
    results = run(session, scripts)
    assert outcomes(results) == [
        ("01_core/apply.sql", "PASS"),
        ("02_bad/apply.sql", "FAIL"),
        ("03_late/apply.sql", "BLOCKED"),
    ]
    assert failure(results) == (
        'error: phase "02_bad" failed: division by zero\n'
        "  phases/02_bad/apply.sql:2:1\n"
        "    2 | select 1 / 0;\n"
        "      | ^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 22012 in statement 2 of 3.\n"
        'state: "02_bad" was rolled back. 1 phase applied before it remains applied. Running apply again is safe.'
    )
    assert results[2].message == 'waits for "02_bad/apply.sql", which failed'
    assert value(session, "select to_regclass('public.half')") is None


def test_failure_is_in_the_ledger_and_the_chain_holds(session: Session) -> None:
    run(session, {**CORE, "02_bad/apply.sql": "select 1 / 0;"})
    entry = parse(read_links(session, PROJECT)[-1].entry)
    assert (entry.event, entry.script) == ("failed", "02_bad/apply.sql")
    assert dict(entry.details) == {
        "sqlstate": "22012",
        "message": "division by zero",
        "place": "phases/02_bad/apply.sql:1:1",
        "statement": "1",
    }


def test_apply_after_a_failure_goes_on(session: Session) -> None:
    run(session, {**CORE, "02_bad/apply.sql": "select 1 / 0;"})
    again = run(session, {**CORE, "02_bad/apply.sql": "select 1;"})
    assert [result.message for result in again] == ["new; its last attempt failed"]
    assert run(session, {**CORE, "02_bad/apply.sql": "select 1;"}) == []


def test_failed_repeatable_says_what_of_its_phase_remains(session: Session) -> None:
    results = run(
        session, {**CORE, "01_core/repeatable/v.sql": "create view public.v as select nope from public.core;"}
    )
    assert failure(results) == (
        'error: phase "01_core" failed: column "nope" does not exist\n'
        "  phases/01_core/repeatable/v.sql:1:32\n"
        "    1 | create view public.v as select nope from public.core;\n"
        "      |                                ^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42703 in statement 1 of 1.\n"
        'state: "01_core/repeatable/v.sql" was rolled back, 1 script remains applied of "01_core". '
        "No other phase is applied. Running apply again is safe."
    )


def test_plan_with_problems_runs_nothing(session: Session) -> None:
    run(session, CORE)
    with pytest.raises(RunError) as caught:
        run(session, {"01_core/apply.sql": "create table public.other (id int);", "02_x/apply.sql": "select 1;"})
    assert caught.value.faults[0].message == 'phase "01_core" was edited after it was applied'
    assert len(read_links(session, PROJECT)) == 1


def test_deferred_constraint_fails_at_commit_and_says_so(session: Session) -> None:
    script = (
        "create table public.a (id int primary key, up int references public.a deferrable initially deferred);\n"
        "insert into public.a values (1, 2);"
    )
    assert failure(run(session, {"01_a/apply.sql": script})).splitlines()[0] == (
        'error: phase "01_a" failed: insert or update on table "a" violates foreign key constraint "a_up_fkey"'
    )
    assert value(session, "select count(*) from nexiom.ledger where event = 'applied'") == "0"


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_block_that_ends_the_transaction_is_refused_by_the_server(session: Session, ending: str) -> None:
    results = run(session, {"01_a/apply.sql": f"create table public.a ();\ndo $$ begin\n  {ending};\nend $$;"})
    assert failure(results) == (
        'error: phase "01_a" failed: invalid transaction termination\n'
        "  phases/01_a/apply.sql:3:3\n"
        f"    3 |   {ending};\n"
        f"      |   {'^' * (len(ending) + 1)}\n"
        "detail: PostgreSQL reported SQLSTATE 2D000 in statement 2 of 2. "
        f"PL/pgSQL function inline_code_block line 2 at {ending.upper()}.\n"
        'state: "01_a" was rolled back. No other phase is applied. Running apply again is safe.\n'
        "hint: nexiom begins and commits a script's transactions: take commit and rollback out of what it calls."
    )


def test_entry_is_not_written_once_the_transaction_is_over(session: Session) -> None:
    """The statement asks for the mark that only the script's own transaction has."""
    make_ledger(session)
    entry = runner(session).entry(Event.APPLIED)
    (result,) = session.send(insertion(session, entry, "0" * 64, "another run"))
    assert result.tag == "INSERT 0 0"


def test_secret_is_sent_and_shown_nowhere(dsn: str) -> None:
    with connect(dsn, application="pytest", redact=lambda text: text.replace("hunter2", "‹secret:KEY›")) as session:
        scripts = {
            "01_a/apply.sql": "create table public.a as select '‹secret:KEY›'::text as k; select 1 as x, nope;",
            "02_b/apply.sql": "select '‹secret:KEY›'::int;",
        }
        results = run(session, scripts, reveal=lambda text: text.replace("'‹secret:KEY›'", "'hunter2'"))
        assert results[0].place is not None
        assert (results[0].place.column, results[0].width) == (75, 4)
        assert "hunter2" not in str(results)
        scripts["01_a/apply.sql"] = "create table public.a as select '‹secret:KEY›'::text as k;"
        results = run(session, scripts, reveal=lambda text: text.replace("'‹secret:KEY›'", "'hunter2'"))
        assert results[1].message == ('phase "02_b" failed: invalid input syntax for type integer: "‹secret:KEY›"')
        assert value(session, "select k from public.a") == "hunter2"
        assert value(session, "select count(*) from nexiom.ledger where entry like '%hunter2%'") == "0"


def test_rename_moves_the_history(session: Session) -> None:
    run(session, CORE)
    renamed = graph({"01b_base/apply.sql": CORE["01_core/apply.sql"]}, phase("01b_base", renamed_from="01_core"))
    assert run(session, renamed) == []
    assert read_history(session, PROJECT).state.phases == ("01b_base",)
    assert run(session, renamed) == []
    assert len(read_links(session, PROJECT)) == 2


def test_two_runners_at_once_do_the_work_once(dsn: str, session: Session) -> None:
    scripts = graph({f"{n:02}_p/apply.sql": f"create table public.t{n} (id int);" for n in range(1, 13)})
    results: list[list[str]] = []

    def work() -> None:
        with connect(dsn, application="pytest") as own:
            results.append([result.outcome.value for result in run(own, scripts)])

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [["PASS"] * 12] * 2
    assert sorted(set(values(session, EVENTS))) == sorted(values(session, EVENTS))
    assert len(values(session, EVENTS)) == 12


def test_entry_of_another_runner_in_between_is_followed(session: Session, dsn: str) -> None:
    run(session, CORE)
    stale = read_history(session, PROJECT)
    with connect(dsn, application="pytest") as other:
        append(other, runner(other).entry(Event.WAIVED), stale.head)
    assert outcomes(run(session, {**CORE, "02_x/apply.sql": "select 1;"}, history=stale)) == [
        ("02_x/apply.sql", "PASS")
    ]
    assert len(read_links(session, PROJECT)) == 3


def test_what_another_runner_applied_is_not_run_again(session: Session, dsn: str) -> None:
    stale = read_history(session, PROJECT)
    with connect(dsn, application="pytest") as other:
        run(other, CORE)
    results = run(session, CORE, history=stale)
    assert [result.message for result in results] == ["applied by another runner"]


def test_lost_connection_says_where_the_answer_is(session: Session, admin_session: Session) -> None:
    run(session, CORE)
    killer = Thread(
        target=lambda: (
            time.sleep(0.3),
            admin_session.send(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where usename = 'nexiom_owner' and datname = current_database()"
            ),
        )
    )
    killer.start()
    with pytest.raises(UnavailableError) as caught:
        run(session, {**CORE, "02_slow/apply.sql": "select pg_sleep(20);"})
    killer.join()
    assert describe(caught.value.faults[0]) == (
        "error: the connection to the server was lost\n"
        "detail: terminating connection due to administrator command\n"
        'state: Whether "02_slow/apply.sql" was committed is in the ledger, never half of it. '
        "Running apply again is safe."
    )


def test_interrupted_script_is_rolled_back(session: Session) -> None:
    run(session, CORE)
    timer = Thread(target=lambda: (time.sleep(0.3), signal.raise_signal(signal.SIGINT)))
    timer.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        run(session, {**CORE, "02_slow/apply.sql": "create table public.half (id int); select pg_sleep(20);"})
    timer.join()
    assert str(caught.value) == (
        '"02_slow" was rolled back. 1 phase applied before it remains applied. Running apply again is safe.'
    )
    assert value(session, "select to_regclass('public.half')") is None


RUNNER = """
import sys
sys.path[:0] = {path!r}
from apply_builders import run
from nexiom_runner.database.session import connect
with connect({dsn!r}, application="killed") as session:
    run(session, {scripts!r})
"""


def test_next_run_goes_on_after_kill_9(session: Session, dsn: str, admin_session: Session) -> None:
    scripts = {**CORE, "02_slow/apply.sql": "create table public.half (id int); select pg_sleep(30);"}
    code = RUNNER.format(path=sys.path, dsn=dsn, scripts=scripts)
    process = subprocess.Popen([sys.executable, "-c", code])
    asleep = "select count(*) from pg_stat_activity where application_name = 'killed' and wait_event = 'PgSleep'"
    deadline = time.monotonic() + 20
    while value(admin_session, asleep) != "1" and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()
    admin_session.send("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'killed'")
    scripts["02_slow/apply.sql"] = "create table public.half (id int);"
    assert outcomes(run(session, scripts)) == [("02_slow/apply.sql", "PASS")]
    assert values(session, EVENTS) == ["applied 01_core/apply.sql", "applied 02_slow/apply.sql"]


def test_each_script_is_told_as_it_ends(session: Session) -> None:
    made = graph({**CORE, "02_x/apply.sql": "select 1;"})
    history = read_history(session, PROJECT)
    results = apply_plan(
        session, make_plan(made, history.state), made, history, runner(session), reveal=lambda text: text
    )
    assert next(results).subject == "01_core/apply.sql"
    assert values(session, EVENTS) == ["applied 01_core/apply.sql"]
    results.close()


def test_clock_is_the_runner_s(session: Session) -> None:
    run(session, CORE)
    assert value(session, "select at from nexiom.ledger") == NOW.isoformat(timespec="microseconds").replace(
        "+00:00", "Z"
    )
