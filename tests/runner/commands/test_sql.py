"""`nexiom sql`: every result is shown, all or nothing, read-only on a protected target whatever the script says."""

import io
import json
import sys

import pytest

from nexiom_runner.database.session import Session


@pytest.fixture
def applied(staging):
    """A target with a table of one row."""
    staging.run("apply")
    return staging


def amounts(session: Session) -> list[int]:
    return [int(row[0]) for row in session.send("select amount from public.orders order by id")[0].rows]


def test_every_result_set_is_shown(applied) -> None:
    ran = applied.run("sql", "-c", "select 1 as one, null as two; update public.orders set amount = 2")
    assert ran.all == (0, "one │ two\n─────────\n1   │ ∅\n(1 row)\n\nUPDATE 1\n", "")


def test_file_is_rendered_and_committed(applied, session) -> None:
    applied.write("more.sql", "insert into public.orders select 2, length({{ var('region') | literal }});\n")
    assert applied.run("sql", "more.sql").all == (0, "INSERT 0 1\n", "")
    assert amounts(session) == [10, 2]


def test_dash_reads_standard_input(applied, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("select 'é' as letter".encode())))
    assert applied.run("sql", "-").out == "letter\n──────\né\n(1 row)\n\n"


def test_rollback_leaves_nothing(applied, session) -> None:
    assert applied.run("sql", "--rollback", "-c", "delete from public.orders").all == (0, "DELETE 1\n", "")
    assert amounts(session) == [10]


def test_failing_statement_undoes_those_before_it(applied, session) -> None:
    ran = applied.run("sql", "-c", "delete from public.orders; select nope from public.orders")
    assert ran.all == (
        1,
        "DELETE 1\n",
        'error: column "nope" does not exist\n  -c:1:35\n'
        "    1 | delete from public.orders; select nope from public.orders\n"
        "      |                                   ^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42703 in statement 2 of 2.\n"
        "state: Nothing of the script is left.\n",
    )
    assert amounts(session) == [10]


def test_no_transaction_commits_each_statement(applied, session) -> None:
    ran = applied.run("sql", "--no-transaction", "-c", "delete from public.orders; select nope")
    assert ran.code == 1
    assert "state: 1 of 2 statements before it are committed.\n" in ran.err
    assert amounts(session) == []


def test_no_transaction_runs_what_cannot_run_in_one(applied) -> None:
    assert applied.run("sql", "--no-transaction", "-c", "vacuum public.orders").all == (0, "VACUUM\n", "")


def test_transaction_control_in_a_script_is_refused(applied) -> None:
    ran = applied.run("sql", "-c", "begin; delete from public.orders; commit")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: begin stands in a script that runs in one transaction\n  -c:1:1\n"
        "    1 | begin; delete from public.orders; commit\n      | ^^^^^\n"
        "hint: Take it out, or run the script with --no-transaction.\n"
        "error: commit stands in a script that runs in one transaction\n  -c:1:35\n"
        "    1 | begin; delete from public.orders; commit\n      |                                   ^^^^^^\n"
        "hint: Take it out, or run the script with --no-transaction.\n2 errors\n"
    )


ESCAPES = (
    "delete from public.orders",
    "set transaction read write; delete from public.orders",
    "set transaction_read_only = off; delete from public.orders",
    "reset transaction_read_only; delete from public.orders",
    "set local transaction_read_only to default; delete from public.orders",
    "select set_config('transaction_read_only', 'off', true); delete from public.orders",
    "set session characteristics as transaction read write; delete from public.orders",
    "do $$ begin commit; delete from public.orders; end $$",
    "do $$ begin set transaction read write; delete from public.orders; end $$",
    "rollback; delete from public.orders",
    "release savepoint nexiom; set transaction read write; delete from public.orders",
    "commit and chain; delete from public.orders",
    "prepare transaction 'x'; delete from public.orders",
    "/* a */ end; delete from public.orders",
)


@pytest.mark.parametrize("script", ESCAPES)
def test_protected_target_is_read_only_whatever_the_script_says(applied, session, script: str) -> None:
    ran = applied.run("sql", "--target", "production", "-c", script)
    assert ran.code in (1, 2)
    assert amounts(session) == [10]


def test_protected_target_refuses_no_transaction(applied) -> None:
    ran = applied.run("sql", "--target", "production", "--no-transaction", "-c", "select 1")
    assert ran.all == (
        2,
        "",
        'error: target "production" is protected: scripts run read-only, in one transaction\n'
        "hint: Leave --no-transaction out.\n",
    )


def test_protected_target_is_read(applied) -> None:
    ran = applied.run("sql", "--target", "production", "-c", "select amount from public.orders")
    assert ran.all == (0, "amount\n──────\n10\n(1 row)\n\n", "")


def test_json_is_one_object_a_result(applied) -> None:
    ran = applied.run("sql", "--format", "json", "-c", "select 1 as one; delete from public.orders")
    assert [json.loads(line) for line in ran.out.splitlines()] == [
        {"tag": "SELECT 1", "columns": ["one"], "rows": [["1"]]},
        {"tag": "DELETE 1", "columns": [], "rows": []},
    ]


def test_notices_go_to_stderr(applied) -> None:
    ran = applied.run("sql", "-c", "do $$ begin raise notice 'half way'; end $$")
    assert ran.all == (0, "DO\n", "notice: half way\n")


def test_text_without_a_statement_is_refused(applied) -> None:
    assert applied.run("sql", "-c", "-- nothing").all == (2, "", 'error: "-c" holds no statement\n')


def test_the_nearest_name_is_told(applied) -> None:
    ran = applied.run("sql", "-c", "select * from ordres")
    assert ran.err == (
        'error: relation "ordres" does not exist\n  -c:1:15\n    1 | select * from ordres\n'
        "      |               ^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42P01 in statement 1 of 1.\n"
        "state: Nothing of the script is left.\n"
        'hint: Did you mean "orders"?\n'
    )


def test_a_wide_cell_is_whole_where_it_is_piped_on(applied) -> None:
    ran = applied.run("sql", "-c", "select repeat('x', 100) as wide")
    assert "x" * 100 in ran.out


def test_a_wide_cell_is_cut_on_a_terminal(applied, monkeypatch) -> None:
    monkeypatch.setattr("nexiom_runner.commands.sql.is_terminal_out", lambda: True)
    assert "x" * 79 + "…" in applied.run("sql", "-c", "select repeat('x', 100) as wide").out
