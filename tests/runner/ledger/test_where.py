"""Telling a clone or a restore from the database an entry was written in."""

from dataclasses import replace

import pytest

from nexiom_runner.ledger.entry import Where
from nexiom_runner.ledger.where import moved

HERE = Where("shop", 16384, "7349", "staging")
UNKNOWN = replace(HERE, system="")


@pytest.mark.parametrize(
    "written",
    [HERE, replace(HERE, target="production"), replace(HERE, database="renamed"), UNKNOWN],
)
def test_same_database_is_no_move(written: Where) -> None:
    assert moved(written, HERE) is None


@pytest.mark.parametrize("change", [{"oid": 1}, {"system": "1"}])
def test_other_database_or_server_is_a_clone_or_a_restore(change: dict[str, object]) -> None:
    written = replace(HERE, **change)
    assert moved(written, HERE) == (
        f'this ledger was written in database "shop" (oid {written.oid}) of system {written.system}: '
        "this database is a clone or a restore"
    )


@pytest.mark.parametrize("change", [{"oid": 1}, {"database": "other"}])
def test_without_a_system_identifier_name_and_oid_tell(change: dict[str, object]) -> None:
    written = replace(UNKNOWN, **change)
    assert moved(written, HERE) == (
        f'this ledger was written in database "{written.database}" (oid {written.oid}) of a server whose identifier is '
        "not known: this database is a clone or a restore"
    )
