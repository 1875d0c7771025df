"""A clone or a restore of a database is said, and written down by the first command that writes."""

import json
from collections.abc import Iterator

import pytest

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.queries import Query
from nexiom_runner.database.session import Session


@pytest.fixture
def clone(staging, server_session: Session, database: str, dsn: str, monkeypatch) -> Iterator[str]:
    """The project's first phase is applied; `staging` is now a copy of that database. The line that says so."""
    staging.run("apply", "--to", "1_orders")
    copy = f"{database}_copy"
    clone_database(server_session, database, copy)
    monkeypatch.setenv("SHOP_DSN", dsn.replace(database, copy))
    ((oid,),) = server_session.rows(Query("select oid from pg_database where datname = %(name)s"), name=database)
    system = server_session.server.system_identifier
    yield (
        f'this ledger was written in database "{database}" (oid {oid}) of system {system}: '
        "this database is a clone or a restore"
    )
    drop_database(server_session, copy)


def test_plan_status_doctor_and_verify_say_so(staging, clone) -> None:
    assert staging.run("plan").out.startswith(f"note: {clone}\nshop → staging ")
    assert staging.run("status").out.startswith(f"note: {clone}\nphase ")
    assert staging.run("doctor").out.endswith(f"note     ledger       {clone}\n")
    assert staging.run("verify").out.endswith(f"\nnote: {clone}\n")


def test_plan_and_status_say_so_in_their_json(staging, clone) -> None:
    assert json.loads(staging.run("plan", "--format", "json").out)["moved"] == clone
    assert json.loads(staging.run("status", "--format", "json").out)["moved"] == clone


def test_json_of_a_database_that_is_none_says_null(staging) -> None:
    staging.run("apply")
    assert json.loads(staging.run("plan", "--format", "json").out)["moved"] is None
    found = json.loads(staging.run("status", "--format", "json").out)
    assert (found["moved"], [row["phase"] for row in found["phases"]]) == (None, ["1_orders", "2_totals"])


def test_apply_says_so_once_and_writes_it_down_first(staging, clone, database) -> None:
    ran = staging.run("apply")
    assert (ran.code, ran.err) == (0, f"note: {clone}\n")
    entries = json.loads(staging.run("history", "--format", "json").out)
    assert [entry["event"] for entry in entries] == ["applied", "moved", "applied"]
    assert entries[1]["details"]["database"] == database
    assert entries[1]["where"]["database"] == f"{database}_copy"
    assert staging.run("apply").err == ""
    assert "note: this ledger" not in staging.run("verify").out


def test_accept_writes_it_down_too(staging, clone) -> None:
    staging.write("phases/1_orders/apply.sql", staging.read("phases/1_orders/apply.sql").replace("10", "11"))
    assert staging.run("accept", "1_orders", "--reason", "x").code == 0
    entries = json.loads(staging.run("history", "--format", "json").out)
    assert [entry["event"] for entry in entries] == ["applied", "moved", "accepted"]


def test_up_to_date_clone_is_said_and_left_as_it_is(staging, clone) -> None:
    ran = staging.run("apply", "--to", "1_orders")
    assert (ran.code, ran.err) == (0, f"note: {clone}\n")
    assert len(json.loads(staging.run("history", "--format", "json").out)) == 1


def test_embedded_database_is_copied_all_the_time_and_nothing_is_said(local) -> None:
    local.write("phases/3_x/apply.sql", "select 1;\n")
    local.run("apply")
    local.write("phases/3_x/apply.sql", "select 2;\n")
    ran = local.run("apply")
    assert "clone" not in ran.out + ran.err
    assert "clone" not in local.run("plan").out + local.run("status").out + local.run("verify").out
    events = {entry["event"] for entry in json.loads(local.run("history", "--format", "json").out)}
    assert events == {"applied"}


def test_apply_whose_ledger_is_not_what_it_wrote_fails(staging) -> None:
    staging.write(
        "phases/3_x/apply.sql",
        "alter table nexiom.ledger disable trigger refuse_change;\ndelete from nexiom.ledger where number = 1;\n",
    )
    ran = staging.run("apply")
    assert ran.code == 1
    assert ran.err == (
        'error: the ledger of project "shop" is not what this run wrote: entry 2 does not follow the one before it\n'
        "state: What was applied is in the database; what the ledger says of it cannot be relied on.\n"
        "hint: `nexiom verify` names the first entry that does not hold. Were two servers taking writes, or was a "
        "backup restored meanwhile?\n"
    )
    assert staging.run("verify").code == 1
