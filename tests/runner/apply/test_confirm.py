"""The ledger is read back after an apply."""

import pytest
from apply_builders import CORE, PROJECT, run, runner

from nexiom_runner.apply.confirm import confirm
from nexiom_runner.apply.ledger import append, read_history, read_links
from nexiom_runner.database.session import Session
from nexiom_runner.errors import RunError, describe
from nexiom_runner.ledger.chain import FIRST
from nexiom_runner.ledger.entry import Event, parse

MORE = {**CORE, "02_x/apply.sql": "select 1;"}
UNLOCKED = (
    "alter table nexiom.ledger disable trigger refuse_change;"
    "alter table nexiom.ledger drop constraint ledger_holds, drop constraint ledger_follows;"
)


def written(session: Session) -> dict[str, str]:
    """What two runs applied, by key."""
    run(session, CORE)
    run(session, MORE)
    entries = [parse(link.entry) for link in read_links(session, PROJECT)]
    return {entry.script or "": entry.semantic or "" for entry in entries}


def refused(session: Session, head: str, applied: dict[str, str]) -> str:
    with pytest.raises(RunError) as caught:
        confirm(session, PROJECT, head, applied)
    return describe(caught.value.faults[0])


def said(wrong: str) -> str:
    return (
        f'error: the ledger of project "p" is not what this run wrote: {wrong}\n'
        "state: What was applied is in the database; what the ledger says of it cannot be relied on.\n"
        "hint: `nexiom verify` names the first entry that does not hold. Were two servers taking writes, or was a "
        "backup restored meanwhile?"
    )


def test_what_was_written_is_there_in_one_round_trip(session: Session) -> None:
    applied = written(session)
    links = read_links(session, PROJECT)
    before = session.round_trips
    confirm(session, PROJECT, FIRST, applied)
    assert session.round_trips - before == 1
    confirm(session, PROJECT, links[0].hash, {"02_x/apply.sql": applied["02_x/apply.sql"]})


def test_entries_of_another_runner_are_no_fault(session: Session) -> None:
    applied = written(session)
    append(session, runner(session).entry(Event.WAIVED), read_history(session, PROJECT).head)
    confirm(session, PROJECT, FIRST, applied)


def test_lost_entry_is_a_failure(session: Session, admin_session: Session) -> None:
    applied = written(session)
    admin_session.send(UNLOCKED)
    admin_session.send("delete from nexiom.ledger where number = 2")
    assert refused(session, FIRST, applied) == said("02_x/apply.sql was committed and has no entry")


def test_failed_attempt_is_no_entry_of_a_script(session: Session) -> None:
    run(session, CORE)
    failed = runner(session).entry(Event.FAILED, script="02_x/apply.sql", phase="02_x", semantic="s")
    append(session, failed, read_history(session, PROJECT).head)
    assert refused(session, FIRST, {"02_x/apply.sql": "s"}) == said("02_x/apply.sql was committed and has no entry")


def test_beginning_that_is_gone_is_a_failure(session: Session, admin_session: Session) -> None:
    applied = written(session)
    head = read_links(session, PROJECT)[0].hash
    admin_session.send(UNLOCKED)
    admin_session.send("delete from nexiom.ledger where number = 1")
    assert refused(session, head, applied) == said(f"the entry {head[:12]}… that it began behind is gone")


def test_fork_is_a_failure(session: Session, admin_session: Session) -> None:
    applied = written(session)
    admin_session.send(UNLOCKED)
    admin_session.send(
        "insert into nexiom.ledger (project, instance, previous, hash, entry) "
        "select project, instance, previous, repeat('f', 64), entry from nexiom.ledger where number = 2"
    )
    assert refused(session, FIRST, applied) == said("entry 3 does not follow the one before it")
