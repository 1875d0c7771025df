"""Importing the ledger of a database that was moved."""

from dataclasses import replace

import pytest
from apply_builders import CORE, PROJECT, run, runner, value

from nexiom_runner.apply.bring import import_ledger
from nexiom_runner.apply.ledger import make_ledger, read_history, read_ledger
from nexiom_runner.database.session import Session
from nexiom_runner.errors import LedgerError, NexiomError, UsageError, describe
from nexiom_runner.ledger.chain import FIRST, Link, check, entry_hash
from nexiom_runner.ledger.entry import Entry, Event, Where, Who, canonical, parse
from nexiom_runner.ledger.export import Export, read_export, write_export

OLD = Where("old", 7, "99", "staging")
INSTANCE = "11111111-2222-3333-4444-555555555555"


def entry(script: str) -> Entry:
    who = Who("deployer", "ada")
    fields = {"phase": script.partition("/")[0], "script": script, "kind": "apply", "source": "s", "semantic": "m"}
    return Entry(Event.APPLIED, PROJECT, "2026-01-01T00:00:00.000000Z", "0.1.0", who, OLD, **fields)


def export(*scripts: str) -> Export:
    links: list[Link] = []
    head = FIRST
    for number, text in enumerate(map(canonical, map(entry, scripts)), 1):
        links.append(Link(number, head, entry_hash(head, text), text))
        head = links[-1].hash
    return read_export("\n".join(write_export(PROJECT, INSTANCE, links)), "x.jsonl")


GIVEN = export("01_ä/apply.sql", "02_b/apply.sql")


def refused(session: Session, given: Export, kind: type[NexiomError]) -> str:
    with pytest.raises(kind) as caught:
        import_ledger(session, runner(session), given)
    return describe(caught.value.faults[0])


def test_entries_come_in_as_they_are_and_one_says_where_from(session: Session) -> None:
    history = import_ledger(session, runner(session), GIVEN)
    stored = read_ledger(session, PROJECT)
    assert stored is not None
    assert [link.entry for link in stored.links[:2]] == [link.entry for link in GIVEN.links]
    said = parse(stored.links[2].entry)
    assert (said.event, said.where) == ("imported", runner(session).where)
    assert dict(said.details) == {
        "database": "old",
        "oid": "7",
        "system": "99",
        "instance": INSTANCE,
        "entries": "2",
        "head": GIVEN.links[1].hash,
    }
    assert check(stored.links, project=PROJECT, instance=stored.instance) is None
    assert (history.entries, history.where) == (3, runner(session).where)
    assert list(history.state.scripts) == ["01_ä/apply.sql", "02_b/apply.sql"]


def test_ledger_of_another_project_may_be_there(session: Session) -> None:
    make_ledger(session)
    session.send("select 1")
    other = replace(runner(session), project="q")
    import_ledger(session, runner(session), GIVEN)
    assert read_history(session, other.project).entries == 0


def test_ledger_that_is_there_is_kept(session: Session) -> None:
    run(session, CORE)
    assert refused(session, GIVEN, UsageError) == (
        f'error: database "{session.server.database}" has a ledger of project "p" already: 1 entry\n'
        "state: Nothing was imported."
    )
    assert read_history(session, PROJECT).entries == 1


def test_runner_that_writes_first_wins(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    import_ledger(session, runner(session), GIVEN)
    stale = iter([replace(read_history(session, PROJECT), entries=0), read_history(session, PROJECT)])
    monkeypatch.setattr("nexiom_runner.apply.bring.read_history", lambda *_: next(stale))
    assert refused(session, GIVEN, UsageError).startswith(
        f'error: database "{session.server.database}" has a ledger of project "p" already: 3 entries\n'
    )


def test_export_of_another_project_is_refused(session: Session) -> None:
    assert refused(session, replace(GIVEN, project="q"), UsageError) == (
        'error: the export is of project "q", this one is "p"\nstate: Nothing was imported.'
    )


def test_empty_export_is_refused(session: Session) -> None:
    assert refused(session, export(), UsageError) == ("error: the export has no entries\nstate: Nothing was imported.")


def test_chain_that_does_not_hold_is_refused_before_anything_is_made(session: Session) -> None:
    broken = replace(GIVEN, links=GIVEN.links[1:])
    said = refused(session, broken, LedgerError)
    assert said.startswith("error: ledger entry 2 does not follow the entry before it: ")
    assert "\nstate: Nothing was imported.\n" in said
    assert value(session, "select to_regnamespace('nexiom')") is None
