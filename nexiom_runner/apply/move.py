"""A ledger that came along with a clone or a restore: said, and written down before anything else is."""

from collections.abc import Sequence
from dataclasses import asdict

from nexiom_runner.apply.ledger import History, append, overtaken, read_history
from nexiom_runner.apply.who import Runner, where_of
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.ledger.entry import Event
from nexiom_runner.ledger.where import moved
from nexiom_runner.project.outline import Target


def told_move(history: History, session: Session, target: Target) -> str | None:
    """One line where the newest entry was written in another database, never of an embedded one: disposable; and where
    there are entries of other projects alone, as behind a change of the project's name."""
    if history.others:
        return told_others(history.others, target)
    if target.embedded or history.where is None:
        return None
    return moved(history.where, where_of(session.server, target.name))


def told_others(others: Sequence[str], target: Target) -> str:
    """`this database has the history of project "shop"; was it renamed?`, and the way."""
    names = " and ".join(f'"{name}"' for name in others)
    project, it = ("project", "it") if len(others) == 1 else ("projects", "one of them")
    empties = "; `nexiom db reset` empties this one" if target.embedded else ""
    return (
        f"this database has the history of {project} {names} alone; was {it} renamed? No command moves a history to "
        f"another name: put the name back in nexiom.yml, or use a database of its own{empties}"
    )


def note_move(session: Session, runner: Runner, history: History) -> History:
    """Write down that the entries so far were written in another database; the history with that entry.

    A runner that wrote it first is as good. Nothing is written of a disposable database.
    """
    while not runner.disposable and history.where is not None and moved(history.where, runner.where):
        written = asdict(history.where)
        entry = runner.entry(Event.MOVED, details={name: str(written[name]) for name in ("database", "oid", "system")})
        try:
            append(session, entry, history.head)
        except ServerError as error:
            if not overtaken(error):
                raise
        history = read_history(session, runner.project)
    return history
