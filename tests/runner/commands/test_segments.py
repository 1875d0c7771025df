"""Scripts of several transactions from the command line: planned, stopped, resolved, and what did nothing told."""

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
