"""Targets that nothing can be written to, told before the lock is asked for."""

from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.errors import Fault, TargetError


def refuse_read_only(opened: OpenTarget) -> None:
    """Raises TargetError on a replica, and where the server, database or role is set to read only.

    A platform that sets `default_transaction_read_only` means it (a full disk), so it is never overruled.
    """
    server, name = opened.session.server, opened.target.name
    if server.in_recovery:
        raise TargetError(
            Fault(
                f'target "{name}" is a replica: nothing can be applied there',
                detail=f'The server at "{server.host}" is in recovery; it takes its data from another.',
                hint="Name the primary in the DSN; of several hosts, target_session_attrs=read-write finds it.",
            )
        )
    if server.read_only:
        raise TargetError(
            Fault(
                f'target "{name}" is read-only: nothing can be applied there',
                detail=f'default_transaction_read_only is on for role "{server.role}" in database "{server.database}".',
                hint="A platform sets it when the disk is full; make room, or let an owner set it off.",
            )
        )
