"""A ledger of an older format is brought to the newest in one transaction."""

import pytest
from apply_builders import CORE, PROJECT, run, runner, value, values

from nexiom_runner.apply.ledger import read_history, read_links
from nexiom_runner.apply.upgrade import UPGRADES, upgrade_ledger
from nexiom_runner.database.queries import Query
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import ServerError, TargetError, describe
from nexiom_runner.ledger.chain import check
from nexiom_runner.ledger.entry import FORMAT, parse

STEP = Query("comment on table nexiom.ledger is 'of format 2'")
ABOUT = "select obj_description('nexiom.ledger'::regclass)"


def test_there_is_a_step_for_every_format() -> None:
    assert len(UPGRADES) + 1 == FORMAT


def test_ledger_of_the_newest_format_costs_nothing(session: Session) -> None:
    run(session, CORE)
    history = read_history(session, PROJECT)
    before = session.round_trips
    assert upgrade_ledger(session, runner(session), history) is history
    assert session.round_trips == before


def test_older_ledger_gets_every_step_and_an_entry_that_says_so(session: Session) -> None:
    run(session, CORE)
    third = Query("comment on view nexiom.history is 'of format 3'")
    upgraded = upgrade_ledger(session, runner(session), read_history(session, PROJECT), (STEP, third))
    entry = parse(read_links_of(session)[-1])
    assert (upgraded.format, upgraded.entries) == (3, 2)
    assert (entry.event, dict(entry.details)) == ("upgraded", {"from": "1", "to": "3"})
    assert value(session, ABOUT) == "of format 2"
    assert value(session, "select obj_description('nexiom.history'::regclass)") == "of format 3"


def test_only_the_steps_that_are_missing_run(session: Session) -> None:
    run(session, CORE)
    never = Query("select 1/0")
    upgrade_ledger(session, runner(session), read_history(session, PROJECT), (STEP,))
    older = read_history(session, PROJECT, newest=2)
    assert upgrade_ledger(session, runner(session), older, (never, STEP)).format == 3


def test_step_that_fails_leaves_everything_as_it_was(session: Session) -> None:
    run(session, CORE)
    before = read_history(session, PROJECT)
    with pytest.raises(ServerError, match="division by zero"):
        upgrade_ledger(session, runner(session), before, (STEP, Query("select 1/0")))
    assert read_history(session, PROJECT) == before
    assert value(session, ABOUT) != "of format 2"


def test_runner_that_comes_second_finds_it_done(session: Session) -> None:
    run(session, CORE)
    stale = read_history(session, PROJECT)
    upgrade_ledger(session, runner(session), stale, (STEP,))
    assert upgrade_ledger(session, runner(session), stale, (Query("select 1/0"),)).entries == 2


def test_tables_stay_protected_behind_the_upgrade(session: Session) -> None:
    run(session, CORE)
    upgrade_ledger(session, runner(session), read_history(session, PROJECT), (STEP,))
    enabled = "select tgenabled from pg_trigger where tgname = 'refuse_change'"
    assert values(session, enabled) == ["A", "A"]


def test_role_that_does_not_own_the_tables_is_told(session: Session, admin_session: Session, dsn: str) -> None:
    run(session, CORE)
    role = f"{admin_session.server.database}_low"
    admin_session.send(f"create role {role} login; grant usage on schema nexiom to {role}")
    admin_session.send(f"grant all on all tables in schema nexiom to {role}")
    try:
        low = connect(dsn.replace("nexiom_owner", role), application="pytest")
        with low, pytest.raises(TargetError) as caught:
            upgrade_ledger(low, runner(low), read_history(low, PROJECT), (Query("select 1"),))
        assert describe(caught.value.faults[0]) == (
            f'error: role "{role}" may not bring the ledger in database "{admin_session.server.database}" from format '
            "1 to 2: must be owner of table instance\n"
            "detail: PostgreSQL reported SQLSTATE 42501.\n"
            "state: The ledger is as it was. Nothing was applied.\n"
            "hint: Run nexiom once as the role that owns schema nexiom."
        )
    finally:
        admin_session.send(f"drop owned by {role}; drop role {role}")


def read_links_of(session: Session) -> list[str]:
    """The entries' texts, whatever the format of the tables is; the chain holds."""
    session.send(
        "alter table nexiom.instance disable trigger refuse_change; update nexiom.instance set format = 1;"
        "alter table nexiom.instance enable always trigger refuse_change"
    )
    links = read_links(session, PROJECT)
    assert check(links, project=PROJECT) is None
    return [link.entry for link in links]
