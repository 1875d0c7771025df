"""Which database a ledger was written in: a clone or a restore is told by it."""

from nexiom_runner.ledger.entry import Where


def moved(written: Where, here: Where) -> str | None:
    """One line where the entry was written in another database than this one, else None.

    A system identifier is known only where the role may ask for it; where it is, the name may differ, since a
    database that was renamed is the same one.
    """
    known = bool(written.system and here.system)
    if known and (written.system, written.oid) == (here.system, here.oid):
        return None
    if not known and (written.database, written.oid) == (here.database, here.oid):
        return None
    return f"this ledger was written in {place(written)}: this database is a clone or a restore"


def place(where: Where) -> str:
    """`database "shop" (oid 16384) of system 7349…`."""
    system = f"of system {where.system}" if where.system else "of a server whose identifier is not known"
    return f'database "{where.database}" (oid {where.oid}) {system}'
