"""A ledger that came along with a clone or a restore."""

from dataclasses import replace

from apply_builders import CORE, PROJECT, run, runner

from nexiom_runner.apply.ledger import read_history, read_links
from nexiom_runner.apply.move import note_move, told_move
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.session import Session
from nexiom_runner.ledger.chain import check
from nexiom_runner.ledger.entry import parse
from nexiom_runner.project.model import Target

KEPT = Target("test")


def elsewhere(session: Session) -> Runner:
    """A runner on a database that has another oid."""
    here = runner(session)
    return replace(here, where=replace(here.where, database="copy", oid=here.where.oid + 1))


def test_ledger_of_this_database_is_no_move(session: Session) -> None:
    run(session, CORE)
    history = read_history(session, PROJECT)
    assert told_move(history, session, KEPT) is None
    assert note_move(session, runner(session), history) is history


def test_no_ledger_is_no_move(session: Session) -> None:
    assert told_move(read_history(session, PROJECT), session, KEPT) is None


def test_copy_is_told_and_an_embedded_one_is_not(session: Session) -> None:
    run(session, CORE)
    history = read_history(session, PROJECT)
    assert history.where is not None
    copied = replace(history, where=replace(history.where, oid=1, database="shop", system="7"))
    assert told_move(copied, session, KEPT) == (
        'this ledger was written in database "shop" (oid 1) of system 7: this database is a clone or a restore'
    )
    assert told_move(copied, session, Target("local", embedded=True)) is None


def test_move_is_written_down_once(session: Session) -> None:
    run(session, CORE)
    written = runner(session).where
    moved = note_move(session, elsewhere(session), read_history(session, PROJECT))
    entry = parse(read_links(session, PROJECT)[-1].entry)
    assert (entry.event, entry.where.database, moved.entries) == ("moved", "copy", 2)
    assert dict(entry.details) == {"database": written.database, "oid": str(written.oid), "system": written.system}
    assert note_move(session, elsewhere(session), moved) is moved
    assert check(read_links(session, PROJECT)) is None


def test_runner_that_wrote_it_first_is_as_good(session: Session) -> None:
    run(session, CORE)
    stale = read_history(session, PROJECT)
    note_move(session, elsewhere(session), stale)
    assert note_move(session, elsewhere(session), stale).entries == 2
