"""The whole of an apply on an embedded target: going back by itself, keeping states on the way."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apply_builders import PROJECT, outcomes, runner, unchanged, value, values
from graph_builders import graph, phase, project

from nexiom_runner.apply.ledger import read_history, read_links
from nexiom_runner.apply.lock import hold_lock
from nexiom_runner.apply.look import read_plan
from nexiom_runner.apply.rewind import state_keys, store, store_points
from nexiom_runner.apply.run import Options, begin_apply
from nexiom_runner.database.clones import drop_database
from nexiom_runner.database.embedded import reset
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.states import stored_states
from nexiom_runner.database.targets import OpenTarget, open_target
from nexiom_runner.errors import RunError, UnavailableError, describe
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.fold import EMPTY
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Plan
from nexiom_runner.project.model import Limits, Phase, Target
from nexiom_runner.results import Result

LOCAL = Target("local", embedded=True)
STATES = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"nexiom-tests-{os.getuid()}"
SCRIPTS = {f"{n:02}_p/apply.sql": f"create table public.t{n} (id int);" for n in range(1, 6)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenTarget]:
    """An embedded target of this module's own."""
    root = str(tmp_path_factory.mktemp("project"))
    environ = {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
    with open_target(replace(project(), root=root), LOCAL, environ) as opened:
        yield opened
    reset(root, environ=environ)


@pytest.fixture
def opened(place: OpenTarget) -> OpenTarget:
    """The embedded target, its database as before the first phase and nothing stored."""
    place.reset_database()
    assert place.running is not None
    with connect(place.running.maintenance_dsn, application="pytest") as admin:
        for state in stored_states(admin):
            drop_database(admin, state.database)
    return place


def go(
    opened: OpenTarget, scripts: dict[str, str] | Graph, said: list[str] | None = None, **options: object
) -> list[Result]:
    made = scripts if isinstance(scripts, Graph) else graph(scripts)
    heard = Options(said=(said if said is not None else []).append, **options)  # type: ignore[arg-type]
    with begin_apply(opened, made, runner(opened.session), {}, heard) as applying:
        return list(applying.results)


def tables(opened: OpenTarget) -> list[str | None]:
    return values(opened.session, "select tablename from pg_tables where schemaname = 'public' order by tablename")


def test_everything_is_applied_once(opened: OpenTarget) -> None:
    assert len(go(opened, SCRIPTS)) == 5
    assert opened.session.server.role == "nexiom_owner"
    before = opened.session.round_trips
    assert go(opened, SCRIPTS) == []
    assert opened.session.round_trips - before == 1


def test_edited_last_phase_goes_back_to_the_state_before_it(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    said: list[str] = []
    edited = {**SCRIPTS, "05_p/apply.sql": "create table public.t5 (id bigint);"}
    assert outcomes(go(opened, edited, said)) == [("05_p/apply.sql", "PASS")]
    assert said == ['phase "05_p" was edited: went back to the state after 04_p']
    assert tables(opened) == ["t1", "t2", "t3", "t4", "t5"]
    assert value(opened.session, "select count(*) from nexiom.ledger") == "5"


def test_edited_early_phase_goes_back_further_and_everything_behind_it_runs_again(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    said: list[str] = []
    edited = {**SCRIPTS, "03_p/apply.sql": "create table public.t3 (id bigint);"}
    results = go(opened, edited, said)
    assert [result.subject for result in results] == ["02_p/apply.sql", *list(SCRIPTS)[2:]]
    assert said == ['phase "03_p" was edited: went back to the state after 01_p']


def test_edited_first_phase_starts_from_the_empty_database(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    said: list[str] = []
    assert len(go(opened, {**SCRIPTS, "01_p/apply.sql": "create table public.other (id int);"}, said)) == 5
    assert said == ['phase "01_p" was edited: went back to the empty database']
    assert tables(opened) == ["other", "t2", "t3", "t4", "t5"]


def test_restored_file_finds_its_state_again(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    edited = {**SCRIPTS, "05_p/apply.sql": "create table public.t5 (id bigint);"}
    go(opened, edited)
    assert outcomes(go(opened, SCRIPTS)) == [("05_p/apply.sql", "PASS")]


def test_missing_phase_is_undone(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    said: list[str] = []
    fewer = {key: text for key, text in SCRIPTS.items() if not key.startswith("05")}
    assert go(opened, fewer, said) == []
    assert said == ['phase "05_p" is gone: went back to the state after 04_p']
    assert tables(opened) == ["t1", "t2", "t3", "t4"]


def test_renamed_phase_is_applied_under_its_new_name(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    said: list[str] = []
    scripts = {key.replace("05_p", "06_q"): text for key, text in SCRIPTS.items()}
    renamed = graph(scripts, phase("06_q", renamed_from="05_p"))
    assert outcomes(go(opened, renamed, said)) == [("06_q/apply.sql", "PASS")]
    assert said == ['phase "06_q" was renamed: went back to the state after 04_p']


def test_other_inputs_go_back(opened: OpenTarget) -> None:
    made = graph(SCRIPTS)
    go(opened, made)
    scripts = [replace(each, semantic_sha="0" * 64) if each.phase == "05_p" else each for each in made.scripts]
    said: list[str] = []
    go(opened, replace(made, scripts=tuple(scripts)), said)
    assert said == ['phase "05_p" has other inputs: went back to the state after 04_p']


def test_changed_repeatable_goes_back_so_that_no_old_grant_is_left(opened: OpenTarget) -> None:
    view = "05_p/repeatable/v.sql"
    text = "create or replace view public.v as select id from public.t5;"
    go(opened, {**SCRIPTS, view: f"{text} grant select on public.v to anon;"})
    assert value(opened.session, "select has_table_privilege('anon', 'public.v', 'select')") == "t"
    said: list[str] = []
    assert outcomes(go(opened, {**SCRIPTS, view: text}, said)) == [("05_p/apply.sql", "PASS"), (view, "PASS")]
    assert said == ["05_p/repeatable/v.sql changed: went back to the state after 04_p"]
    assert value(opened.session, "select has_table_privilege('anon', 'public.v', 'select')") == "f"


def test_plan_heard_before_going_back_holds_all_that_will_run(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    heard: list[Plan] = []
    edited = graph({**SCRIPTS, "03_p/apply.sql": "create table public.t3 (id bigint);"})
    with begin_apply(opened, edited, runner(opened.session), {}, Options(planned=heard.append)) as applying:
        assert [step.key for step in heard[0].todo] == [step.key for step in applying.plan.todo]
        list(applying.results)
    assert len(heard[0].todo) == 4


def test_state_that_ends_within_a_phase_is_called_by_its_script(opened: OpenTarget) -> None:
    view = "create view public.v as select extra from public.t5;"
    scripts = {**SCRIPTS, "05_p/repeatable/v.sql": view, "06_q/apply.sql": "alter table public.t5 add extra int;"}
    scripts["06_q/repeatable/w.sql"] = "create view public.w as select id from public.t5;"
    go(opened, scripts)
    said: list[str] = []
    go(opened, {**scripts, "06_q/apply.sql": "alter table public.t5 add extra bigint;"}, said)
    assert said == ['phase "06_q" was edited: went back to the state after 05_p/apply.sql']


def test_ledger_after_going_back_holds_and_names_the_new_database(opened: OpenTarget) -> None:
    go(opened, SCRIPTS)
    go(opened, {**SCRIPTS, "05_p/apply.sql": "create table public.t5 (id bigint);"})
    links = read_links(opened.session, PROJECT)
    assert f'"oid":{opened.session.server.database_oid},' in links[-1].entry
    assert f'"oid":{opened.session.server.database_oid},' not in links[0].entry


def test_plan_is_heard_before_anything_runs(opened: OpenTarget) -> None:
    heard: list[int] = []
    go(opened, SCRIPTS, planned=lambda plan: heard.append(len(plan.todo)))
    assert heard == [5]


def test_to_stops_behind_its_phase_and_a_later_run_goes_on(opened: OpenTarget) -> None:
    assert len(go(opened, SCRIPTS, to="02_p")) == 2
    assert len(go(opened, SCRIPTS)) == 3


def test_runner_waits_for_the_lock_and_gives_up(opened: OpenTarget) -> None:
    assert opened.running is not None
    with (
        connect(opened.running.maintenance_dsn, application="other") as other,
        hold_lock(other, PROJECT, wait=0, said=unchanged),
        pytest.raises(UnavailableError),
    ):
        go(opened, SCRIPTS, wait=0.0)


def test_runner_that_waited_goes_on_in_the_database_the_other_left(opened: OpenTarget, place: OpenTarget) -> None:
    assert opened.running is not None
    go(opened, SCRIPTS)
    edited = {**SCRIPTS, "05_p/apply.sql": "create table public.t5 (id bigint);"}
    second = OpenTarget(LOCAL, connect(opened.running.dsn, application="second"), opened.running)
    heard: list[str] = []

    def cut(line: str) -> None:
        heard.append(line)
        place.store_state("while the second waits")
        first.__exit__(None, None, None)

    with connect(opened.running.maintenance_dsn, application="first") as other:
        first = hold_lock(other, PROJECT, wait=0, said=unchanged)
        first.__enter__()
        with begin_apply(second, graph(edited), runner(second.session), {}, Options(said=cut)) as applying:
            assert outcomes(list(applying.results)) == [("05_p/apply.sql", "PASS")]
    assert heard[0].startswith("waiting for another runner: superuser postgres, first from this machine")
    second.session.close()
    place.reset_database()


def test_target_that_keeps_its_data_stops(opened: OpenTarget, dsn: str) -> None:
    with open_target(project(), Target("staging", dsn=dsn), {}) as staging:
        go(staging, SCRIPTS)
        with pytest.raises(RunError) as caught:
            go(staging, {**SCRIPTS, "05_p/apply.sql": "create table public.t5 (id bigint);"})
    assert caught.value.faults[0].message == 'phase "05_p" was edited after it was applied'


def test_reading_the_plan_changes_nothing(opened: OpenTarget) -> None:
    plan, history = read_plan(opened, PROJECT, graph(SCRIPTS))
    assert (len(plan.todo), history.made) == (5, False)
    assert value(opened.session, "select to_regnamespace('nexiom')") is None


def test_state_out_of_order_is_not_kept(opened: OpenTarget) -> None:
    go(opened, {key: text for key, text in SCRIPTS.items() if not key.startswith("02")})
    go(opened, SCRIPTS)
    history = read_history(opened.session, PROJECT)
    six = graph({**SCRIPTS, "06_p/apply.sql": "select 1;"})
    assert not store(opened, PROJECT, six, history, "06_p/apply.sql")


def test_state_of_other_files_is_not_kept(opened: OpenTarget) -> None:
    made = graph(SCRIPTS)
    go(opened, made, to="02_p")
    history = read_history(opened.session, PROJECT)
    other = graph({**SCRIPTS, "01_p/apply.sql": "select 1;"})
    assert not store(opened, PROJECT, other, history, "03_p/apply.sql")
    assert store(opened, PROJECT, made, history, "03_p/apply.sql")


def test_keys_cover_everything_before() -> None:
    keys = state_keys("p", graph(SCRIPTS))
    edited = state_keys("p", graph({**SCRIPTS, "03_p/apply.sql": "select 1;"}))
    assert len(set(keys)) == 6
    assert [one == other for one, other in zip(keys, edited, strict=True)] == [True] * 3 + [False] * 3
    assert not set(keys) & set(state_keys("q", graph(SCRIPTS)))


def test_states_are_kept_closer_the_newer_they_are() -> None:
    made = graph({f"{n:02}_p/apply.sql": "select 1;" for n in range(1, 21)})
    steps = make_plan(made, EMPTY).todo
    assert sorted(store_points(steps)) == ["05_p/apply.sql", "17_p/apply.sql", "20_p/apply.sql"]


def test_runner_that_lost_its_lock_stops_before_the_next_script(
    opened: OpenTarget, dsn: str, admin_session: Session
) -> None:
    with open_target(project(), Target("staging", dsn=dsn), {}) as staging:
        with begin_apply(staging, graph(SCRIPTS), runner(staging.session), {}) as applying:
            assert next(applying.results).subject == "01_p/apply.sql"
            admin_session.send(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name like 'nexiom on %'"
            )
            with pytest.raises(UnavailableError) as caught:
                next(applying.results)
        assert describe(caught.value.faults[0]) == (
            'error: the connection that held the lock of project "p" was lost: stopped before 02_p/apply.sql\n'
            "detail: Another runner may be at work now; the ledger lets nothing be applied twice.\n"
            "state: What was applied before it remains applied. Running apply again is safe."
        )
        assert [result.subject for result in go(staging, SCRIPTS)] == list(SCRIPTS)[1:]


def test_lock_is_held_where_the_direct_dsn_says(dsn: str, admin_dsn: str, opened: OpenTarget) -> None:
    target = Target("staging", dsn=dsn, direct_dsn=admin_dsn)
    with (
        open_target(project(), target, {}) as staging,
        begin_apply(staging, graph(SCRIPTS), runner(staging.session), {}),
    ):
        holder = value(
            staging.session, "select usename from pg_stat_activity where application_name like 'nexiom on %'"
        )
    assert holder == "postgres"


def test_limits_of_phases_are_read_once_something_is_to_be_done(opened: OpenTarget, dsn: str) -> None:
    asked: list[str] = []

    def phases() -> tuple[Phase, ...]:
        asked.append("phases")
        return (replace(phase("01_p"), limits=Limits(statement_timeout=50)),)

    slow = {"01_p/apply.sql": "select pg_sleep(3);"}
    with open_target(project(), Target("staging", dsn=dsn), {}) as staging:
        assert outcomes(go(staging, slow, phases=phases)) == [("01_p/apply.sql", "FAIL")]
        assert asked == ["phases"]
        go(staging, {"01_p/apply.sql": "select 1;"}, phases=phases)
        go(staging, {"01_p/apply.sql": "select 1;"}, phases=phases)
    assert asked == ["phases"] * 2


def test_statement_outside_of_a_transaction_takes_the_direct_way(opened: OpenTarget, dsn: str, admin_dsn: str) -> None:
    scripts = {
        "01_p/apply.sql": "create table public.t1 (id int);\ngrant all on public.t1 to public;",
        "02_p/apply.sql": "vacuum public.t1;\ncreate index concurrently t1_id on public.t1 (id);",
    }
    target = Target("staging", dsn=dsn, direct_dsn=admin_dsn)
    with open_target(project(), target, {}) as staging:
        assert [outcome for _, outcome in outcomes(go(staging, scripts))] == ["PASS", "PASS"]
        assert value(staging.session, "select to_regclass('public.t1_id') is not null") == "t"
        used = "select count(*) from pg_stat_activity where usename = 'postgres' and application_name = 'nexiom'"
        assert value(staging.session, used) == "0"


def test_direct_way_is_connected_when_it_is_needed(opened: OpenTarget, dsn: str) -> None:
    target = Target("staging", dsn=dsn, direct_dsn=dsn)
    used = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'nexiom'"
    with open_target(project(), target, {}) as staging:
        scripts = {**SCRIPTS, "06_p/apply.sql": "vacuum public.t1;", "07_p/apply.sql": "select 1;"}
        with begin_apply(staging, graph(scripts), runner(staging.session), {}) as applying:
            counts = [(value(staging.session, used), result.subject) for result in applying.results]
    assert [count for count, _ in counts] == ["1"] * 5 + ["2"] * 2
