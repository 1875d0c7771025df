"""Scripts of several transactions from the command line: planned, stopped, resolved, and what did nothing told."""

import json

from nexiom_runner.database.session import Session

SCRIPT = (
    "create table if not exists public.orders (id integer primary key, amount integer not null);\n"
    "create index concurrently orders_amount on public.orders (amount);\n"
)


def test_apply_tells_what_did_nothing(staging, session: Session) -> None:
    session.send("create table public.orders (id integer primary key, amount integer not null)")
    staging.write("phases/1_orders/apply.sql", SCRIPT)
    ran = staging.run("apply", "--to", "1_orders")
    assert ran.code == 0
    assert (
        'warning: "create table orders" did nothing: relation "orders" already exists, skipping\n'
        "  phases/1_orders/apply.sql:1:1\n" in ran.out
    )


def test_existing_accept_lets_a_table_be_as_it_is(staging, session: Session) -> None:
    session.send("create table public.orders (id bigint primary key, amount integer not null)")
    staging.write("phases/1_orders/apply.sql", SCRIPT)
    refused = staging.run("apply", "--to", "1_orders")
    assert (refused.code, "is there already, with other columns" in refused.out) == (1, True)
    staging.write("phases/1_orders/phase.yml", "existing: accept\n")
    assert staging.run("apply", "--to", "1_orders").code == 0


def test_statement_that_was_begun_is_resolved(staging, session: Session) -> None:
    staging.write("phases/1_orders/apply.sql", SCRIPT)
    staging.run("apply", "--to", "1_orders")
    nothing = staging.run("resolve", "1_orders", "--done", "--reason", "why")
    assert (nothing.code, nothing.err) == (
        2,
        'error: nothing to resolve: phase "1_orders" is not one of which a statement was begun\n',
    )


def test_plan_says_who_cancels_what_waits_outside_a_transaction(staging) -> None:
    staging.write("phases/1_orders/apply.sql", SCRIPT)
    assert staging.run("plan").out.endswith(
        "note: 1 statement runs outside a transaction, where no lock_timeout can be set for it without a direct_dsn: "
        "a watcher cancels what waits T for a lock or 1 h for older transactions to end\n"
    )
    (one,) = json.loads(staging.run("plan", "--format", "json").out)["outside_a_transaction"]
    assert (one["place"], one["enforced_by"]) == ("phases/1_orders/apply.sql:2:1", "watcher")
    staging.write(
        "nexiom.yml", staging.read("nexiom.yml").replace("SHOP_DSN}}", "SHOP_DSN}, direct_dsn: {env: SHOP_DSN}}")
    )
    assert staging.run("plan").out.endswith(
        "note: 1 statement runs outside a transaction, on a connection of its own: given up after waiting T for a "
        "lock or 1 h for older transactions to end\n"
    )


def test_doctor_says_what_a_direct_dsn_would_serve(staging) -> None:
    assert "direct  " not in staging.run("doctor").out
    staging.write("phases/1_orders/apply.sql", SCRIPT)
    said = staging.run("doctor").out.splitlines()
    at = said.index(
        "note     direct       none named: 1 statement of the project outside a transaction, without lock_timeout there"
    )
    assert said[at + 1].strip() == (
        "A watcher cancels what waits too long; with a direct_dsn their connection would be their own."
    )


IN_PART = "create table public.a ();\n-- nexiom: commit\ncreate table public.b ();\nselect 1 / 0;\n"


def rows(told: str) -> list[str]:
    return [" ".join(line.split()) for line in told.splitlines()]


def test_phase_applied_in_part_is_not_counted_as_applied(staging, session: Session, who) -> None:
    staging.write("phases/3_x/apply.sql", IN_PART)
    assert staging.run("apply").code == 1
    note = "goes on at statement 2 of 3; its last attempt failed"
    assert rows(staging.run("status").out)[-1] == f"3_x partial NOW {who} not run apply.sql {note}"
    assert staging.run("plan").out.splitlines()[1] == f"last applied 2_totals, NOW UTC by {who}"
    (ledger,) = [line for line in staging.run("doctor").out.splitlines() if "ledger" in line]
    assert ledger.startswith("ok       ledger       2 phases applied, 1 phase in part, head ")


def test_nothing_whole_is_applied(staging) -> None:
    staging.write("phases/1_orders/apply.sql", IN_PART)
    assert staging.run("apply").code == 1
    assert staging.run("plan").out.splitlines()[1] == "nothing is applied whole yet"


def test_phase_applied_in_part_on_the_embedded_server_is_partial_as_elsewhere(local, who) -> None:
    local.write("phases/3_x/apply.sql", IN_PART)
    assert local.run("apply").code == 1
    note = 'apply.sql again: phase "3_x" is applied in part'
    assert rows(local.run("status").out)[-1] == f"3_x partial NOW {who} not run {note}"
