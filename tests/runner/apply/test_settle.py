"""Accepting what differs, retiring what is gone."""

import pytest
from apply_builders import CORE, PROJECT, outcomes, run, runner
from graph_builders import graph, phase

from nexiom_runner.apply.ledger import append, read_history, read_links
from nexiom_runner.apply.settle import accept_phase, resolve_phase, retire_phase
from nexiom_runner.database.session import Session
from nexiom_runner.errors import UsageError, describe
from nexiom_runner.ledger.chain import check
from nexiom_runner.ledger.entry import Event, parse

EDITED = {"01_core/apply.sql": "create table public.core (id bigint);"}
NEXT = {"02_next/apply.sql": "select 1;"}


def test_accepted_phase_stops_nothing_and_runs_nothing(session: Session) -> None:
    run(session, CORE)
    assert accept_phase(session, graph(EDITED), runner(session), "01_core", "typed by hand") == ("01_core/apply.sql",)
    assert outcomes(run(session, {**EDITED, **NEXT})) == [("02_next/apply.sql", "PASS")]
    links = read_links(session, PROJECT)
    assert (parse(links[1].entry).event, parse(links[1].entry).reason) == ("accepted", "typed by hand")
    assert check(links) is None


def test_retired_phase_is_gone_from_the_state(session: Session) -> None:
    run(session, {**CORE, **NEXT})
    assert retire_phase(session, graph(NEXT), runner(session), "01_core", "moved away") == ("01_core/apply.sql",)
    assert read_history(session, PROJECT).state.phases == ("02_next",)
    assert run(session, NEXT) == []


def test_retired_repeatable_leaves_its_phase(session: Session) -> None:
    view = {"01_core/repeatable/v.sql": "create or replace view public.v as select id from public.core;"}
    run(session, {**CORE, **view})
    assert retire_phase(session, graph(CORE), runner(session), "01_core", "dropped") == ("01_core/repeatable/v.sql",)
    assert list(read_history(session, PROJECT).state.scripts) == ["01_core/apply.sql"]


def test_renamed_and_edited_phase_is_accepted_under_its_new_name(session: Session) -> None:
    run(session, CORE)
    scripts = {"01b_base/apply.sql": EDITED["01_core/apply.sql"]}
    renamed = graph(scripts, phase("01b_base", renamed_from="01_core"))
    assert accept_phase(session, renamed, runner(session), "01b_base", "both") == ("01b_base/apply.sql",)
    assert run(session, renamed) == []
    assert read_history(session, PROJECT).state.phases == ("01b_base",)


@pytest.mark.parametrize(
    ("settle", "name", "message"),
    [
        (
            accept_phase,
            "01_core",
            'error: nothing to accept: phase "01_core" is not edited, and its inputs are what they were',
        ),
        (
            accept_phase,
            "01_cor",
            'error: nothing to accept: no phase is named "01_cor"\nhint: Did you mean "01_core"?',
        ),
        (retire_phase, "01_core", 'error: nothing to retire: phase "01_core" is not missing'),
    ],
)
def test_nothing_to_settle_is_an_error(session: Session, settle: object, name: str, message: str) -> None:
    run(session, CORE)
    with pytest.raises(UsageError) as caught:
        settle(session, graph(CORE), runner(session), name, "why")  # type: ignore[operator]
    assert describe(caught.value.faults[0]) == message


PARTS = {"01_core/apply.sql": "create table public.core (id int);\ncreate index concurrently i on public.core (id);"}


def begun(session: Session) -> None:
    """Leave the second segment of 01_core begun, and another index of its name in its place."""
    run(session, {"01_core/apply.sql": "create table public.core (id int);\n-- nexiom: commit\nselect 1 / 0;"})
    script = graph(PARTS).scripts[0]
    known = {"segment": 2, "segments": 2, "source": script.source_sha, "semantic": script.reached(2)}
    entry = runner(session).entry(Event.STARTED, phase="01_core", script=script.key, kind="apply", **known)
    append(session, entry, read_history(session, PROJECT).head)
    session.send("create index i on public.core ((id + 1))")


def test_statement_that_was_begun_is_resolved_as_done(session: Session) -> None:
    begun(session)
    assert run(session, PARTS)[0].outcome == "FAIL"
    resolved = resolve_phase(session, graph(PARTS), runner(session), "01_core", "it is as good", done=True)
    assert resolved == ("01_core/apply.sql",)
    assert run(session, PARTS) == []
    assert parse(read_links(session, PROJECT)[-1].entry).reason == "it is as good"


def test_statement_that_was_begun_is_resolved_to_run_again(session: Session) -> None:
    begun(session)
    session.send("drop index public.i")
    resolve_phase(session, graph(PARTS), runner(session), "01_core", "dropped by hand", done=False)
    assert outcomes(run(session, PARTS)) == [("01_core/apply.sql", "PASS")]


def test_part_that_ran_and_was_edited_is_accepted(session: Session) -> None:
    run(session, {"01_core/apply.sql": "create table public.core (id int);\n-- nexiom: commit\nselect 1 / 0;"})
    edited = {"01_core/apply.sql": "create table public.core (id integer);\n-- nexiom: commit\nselect 1;"}
    assert accept_phase(session, graph(edited), runner(session), "01_core", "same type") == ("01_core/apply.sql",)
    assert outcomes(run(session, edited)) == [("01_core/apply.sql", "PASS")]


def test_nothing_begun_is_nothing_to_resolve(session: Session) -> None:
    run(session, CORE)
    with pytest.raises(UsageError) as caught:
        resolve_phase(session, graph(CORE), runner(session), "01_core", "why", done=True)
    assert describe(caught.value.faults[0]) == (
        'error: nothing to resolve: phase "01_core" is not one of which a statement was begun'
    )
