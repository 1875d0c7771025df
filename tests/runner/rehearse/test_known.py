"""Locks of statements outside any transaction are those of PostgreSQL's documentation, on what is really there."""

from collections.abc import Callable

import pytest

from nexiom_runner.database.session import Session
from nexiom_runner.rehearse.model import RehearsedScript

Rehearse = Callable[..., list[RehearsedScript]]
PARTS = """\
create table parts (i int) partition by range (i);
create table parts_1 partition of parts for values from (0) to (9);
"""


@pytest.mark.parametrize(
    ("statement", "locks"),
    [
        ("create index concurrently i on orders (amount)", "SHARE UPDATE EXCLUSIVE public.orders"),
        ("drop index concurrently orders_note", "SHARE UPDATE EXCLUSIVE public.orders"),
        ("reindex table concurrently orders", "SHARE UPDATE EXCLUSIVE public.orders"),
        ("reindex index concurrently orders_note", "SHARE UPDATE EXCLUSIVE public.orders"),
        ("reindex (verbose) schema public", "SHARE each table of the schema"),
        ("vacuum orders", "SHARE UPDATE EXCLUSIVE public.orders"),
        ("vacuum full orders", "ACCESS EXCLUSIVE public.orders"),
        ("vacuum", "SHARE UPDATE EXCLUSIVE each table of the database"),
        (
            "alter table parts detach partition parts_1 concurrently",
            "SHARE UPDATE EXCLUSIVE public.parts, ACCESS EXCLUSIVE public.parts_1",
        ),
    ],
)
def test_what_is_known_of_its_locks_is_told(go: Rehearse, shop: Session, statement: str, locks: str) -> None:
    shop.send(PARTS)
    ((one,),) = (script.statements for script in go({"01_a/apply.sql": f"{statement};"}))
    assert ", ".join(f"{lock.mode} {lock.on.name}" for lock in one.effects.locks) == locks
    assert not any(lock.measured for lock in one.effects.locks)
