"""A ledger that an older nexiom made gets this one's tables, in one transaction, with an entry that says so."""

import secrets
from collections.abc import Sequence

from nexiom_runner.apply.ledger import NO_RIGHT, History, insertion, read_history
from nexiom_runner.apply.move import note_move
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.queries import Literal, Query, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError, TargetError
from nexiom_runner.ledger.entry import Event

UPGRADES: tuple[Query, ...] = ()  # the first brings tables of format 1 to 2, the next 2 to 3 …; FORMAT is the last's


def ready_ledger(session: Session, runner: Runner, history: History) -> History:
    """Before anything else is written: the tables are this nexiom's, and a clone or a restore is written down.

    Raises what `upgrade_ledger` raises.
    """
    return note_move(session, runner, upgrade_ledger(session, runner, history))


def upgrade_ledger(session: Session, runner: Runner, history: History, upgrades: Sequence[Query] = UPGRADES) -> History:
    """The history behind the upgrade; the one given where the tables are of the newest format, or not made.

    Every step, the new format and the `upgraded` entry are one transaction; a runner that came first is as good.
    Raises TargetError where the role does not own the tables; then nothing has changed.
    """
    newest = len(upgrades) + 1
    if not history.made or history.format >= newest:
        return history
    try:
        with session.transaction():
            _upgrade(session, runner, upgrades)
    except ServerError as error:
        if error.report.sqlstate != NO_RIGHT:
            raise
        raise _not_owner(session, error, history.format, newest) from None
    return read_history(session, runner.project, newest=newest)


def _upgrade(session: Session, runner: Runner, upgrades: Sequence[Query]) -> None:
    newest = len(upgrades) + 1
    session.rows(load(__file__, "lock_ledger.sql"))
    older = read_history(session, runner.project, newest=newest).format
    if older == newest:
        return
    for step in upgrades[older - 1 :]:
        session.rows(step)
    session.rows(load(__file__, "note_format.sql").compose(format=Literal(newest)))
    entry = runner.entry(Event.UPGRADED, details={"from": str(older), "to": str(newest)})
    head = read_history(session, runner.project, newest=newest).head
    run = secrets.token_hex(8)
    session.send(f"set local nexiom.run = '{run}';{insertion(session, entry, head, run)}")


def _not_owner(session: Session, error: ServerError, older: int, newest: int) -> TargetError:
    server = session.server
    return TargetError(
        Fault(
            f'role "{server.role}" may not bring the ledger in database "{server.database}" from format {older} to '
            f"{newest}: {error.report.message}",
            detail=f"PostgreSQL reported SQLSTATE {error.report.sqlstate}.",
            state="The ledger is as it was. Nothing was applied.",
            hint="Run nexiom once as the role that owns schema nexiom.",
        )
    )
