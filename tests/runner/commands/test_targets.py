"""Which database is meant: --target, NEXIOM_TARGET, NEXIOM_DSN, default_target; and what is said of it."""

import pytest


def test_dsn_of_the_environment_is_a_target_of_its_own(shop, dsn, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", dsn)
    ran = shop.run("build")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("nexiom 0.1.0 · shop · target NEXIOM_DSN (DATABASE)\n")


def test_named_target_is_never_overruled(shop, dsn, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", dsn)
    ran = shop.run("plan", "--target", "staging")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith('error: target "staging" takes its DSN from the variable "SHOP_DSN", which is not set\n')


def test_unknown_target_of_the_environment(shop, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_TARGET", "prodution")
    assert shop.run("status").all == (
        2,
        "",
        'error: unknown target "prodution" in NEXIOM_TARGET\n'
        "detail: Targets in nexiom.yml: local, staging, production.\n"
        'hint: Did you mean "production"?\n',
    )


@pytest.mark.parametrize("command", ["build", "plan", "status", "report", "doctor"])
def test_no_command_shows_the_password(staging, dsn, monkeypatch, command: str) -> None:
    monkeypatch.setenv("SHOP_DSN", f"{dsn}&password=correct-horse-battery")
    ran = staging.run(command)
    assert ran.code == 0 or command == "report"
    assert "correct-horse" not in ran.out + ran.err


def test_reports_of_a_protected_target_skip_what_may_write(staging) -> None:
    staging.write("tests/sql/test_orders.sql", "-- name: all\nselect amount from public.orders;\n")
    staging.write("tests/sql/test_orders.yml", "statements:\n  all: {rows: 1, columns: {amount: 10}}\n")
    staging.run("apply")
    ran = staging.run("test", "--target", "production")
    assert ran.code == 0
    assert 'skipped  all phases  tests/sql/test_orders.sql: all: "production" is protected\n' in ran.out
    assert staging.run("test", "--target", "production", "--fail-on", "skip").code == 1


def test_quiet_plan_answers_with_its_code_alone(staging) -> None:
    assert staging.run("plan", "-q", "--check").all == (1, "", "")
    staging.run("apply")
    assert staging.run("plan", "-q", "--check").all == (0, "", "")


def test_role_that_may_not_read_the_ledger_is_told_the_grant(staging, admin_session) -> None:
    staging.run("apply")
    admin_session.send("alter schema nexiom owner to postgres; revoke all on schema nexiom from public, nexiom_owner")
    ran = staging.run("status")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith('error: role "nexiom_owner" may not keep a ledger in database "test_')
    assert ran.err.endswith(
        'hint: Let an owner run: grant usage on schema nexiom to "nexiom_owner"; '
        'grant select, insert on all tables in schema nexiom to "nexiom_owner";\n'
    )
