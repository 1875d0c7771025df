"""A secret is sent, and stands nowhere else: not on the screen, in a file, in the ledger, in a message."""

import base64
from pathlib import Path

import pytest

SECRET = "s3cr3t'quoted\\and-long"
FORMS = (SECRET, SECRET.replace("'", "''"), "s3cr3t", "and-long", base64.b64encode(SECRET.encode()).decode())
FUNCTION = """\
create or replace function public.keep(p_key text) returns jsonb language plpgsql as $$
begin
  raise exception 'the key % is bad', p_key using detail = p_key, hint = p_key;
end
$$;
"""
SETTINGS = """\
expect:
  functions:
    keep:
      arguments: {p_key: text}
      result: {ok: bool}
      calls:
        with the key: {with: {p_key: {$secret: SHOP_KEY}}}
"""
STORED = "create table public.keys (key text);\ninsert into public.keys values ('{{ secret('SHOP_KEY') }}');\n"
FAILING = "select 1;\ninsert into public.keys select ('{{ secret('SHOP_KEY') }}')::integer;\n"


@pytest.fixture
def keyed(staging, monkeypatch):
    """A project with a secret that is set, used in a phase, a call and a test."""
    monkeypatch.setenv("SHOP_KEY", SECRET)
    staging.write("phases/3_keys/apply.sql", STORED)
    return staging


def written_by(root: Path) -> str:
    """Every file below the folder, the cache beside it too."""
    files = [path for path in root.parent.rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def ledger(session) -> str:
    return str(session.send("select string_agg(l::text, ' ') from nexiom.ledger as l")[0].rows)


def assert_nowhere(text: str) -> None:
    assert [form for form in FORMS if form in text] == []


def test_secret_reaches_the_database_and_nothing_else(keyed, session) -> None:
    outs = [f"--out={name}=out/{name}" for name in ("junit", "json", "markdown")]
    ran = keyed.run("build", "-v", *outs)
    assert ran.code == 0
    assert session.send("select key from public.keys")[0].rows[0] == (SECRET,)
    for text in (ran.out, ran.err, written_by(keyed.root), ledger(session)):
        assert_nowhere(text)
    assert "‹secret:SHOP_KEY›" in ran.err


def test_failing_statement_shows_no_secret(keyed, session) -> None:
    keyed.write("phases/4_bad/apply.sql", FAILING)
    outs = [f"--out={name}=out/{name}" for name in ("junit", "json", "markdown")]
    ran = keyed.run("build", "-v", *outs)
    assert ran.code == 1
    assert 'invalid input syntax for type integer: "‹secret:SHOP_KEY›"' in ran.out
    for text in (ran.out, ran.err, written_by(keyed.root), ledger(session)):
        assert_nowhere(text)


def test_failing_call_shows_no_secret(keyed, session) -> None:
    keyed.write("phases/5_keep/phase.yml", SETTINGS)
    keyed.write("phases/5_keep/repeatable/keep.sql", FUNCTION)
    ran = keyed.run("build", "-v", "--out", "json=out/json", "--out", "junit=out/junit")
    assert ran.code == 1
    assert "the key ‹secret:SHOP_KEY› is bad" in ran.out
    for text in (ran.out, ran.err, written_by(keyed.root), ledger(session)):
        assert_nowhere(text)


def test_notices_and_errors_of_sql_show_no_secret(keyed) -> None:
    keyed.run("apply")
    ran = keyed.run("sql", "-c", "do $$ begin raise notice 'it is %', (select key from public.keys); end $$")
    assert ran.all == (0, "DO\n", "notice: it is ‹secret:SHOP_KEY›\n")
    failed = keyed.run("sql", "-c", "select '{{ secret('SHOP_KEY') }}'::integer")
    assert failed.code == 1
    assert_nowhere(failed.out + failed.err)


def test_other_commands_show_no_secret(keyed) -> None:
    keyed.run("apply")
    for command in ("plan", "status", "render", "graph", "doctor", "report", "expect"):
        ran = keyed.run(command)
        assert_nowhere(ran.out + ran.err)


def test_fault_of_nexiom_shows_no_secret(keyed, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"at work on {SECRET}")

    monkeypatch.setattr("nexiom_runner.commands.plan.plan_lines", broken)
    ran = keyed.run("plan")
    assert ran.code == 3
    assert_nowhere(ran.out + ran.err)
