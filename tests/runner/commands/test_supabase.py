"""A target on Supabase: PostgreSQL and a pgbouncer in either mode stand in for its three ways."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Thread

import pytest
from poolers import PORT, free_port, new_folder, started
from psycopg.conninfo import conninfo_to_dict

from nexiom_runner.database.session import Session, connect

REF = "abcdefghijklmnopqrst"
USER = f"nexiom_owner.{REF}"
SETTINGS = """\
name: shop
default_target: local
targets:
  local: {{embedded: true}}
  hosted:
    supabase: {{ref: {ref}, role: nexiom_owner, database: {database}, password: {{env: SHOP_PASSWORD}}{more}}}
"""


@pytest.fixture(scope="module")
def poolers(server) -> Iterator[Mapping[str, str]]:
    """HOST:PORT of a pgbouncer in each mode before the tests' server, any database."""
    with ExitStack() as stack:
        places = {}
        for mode in ("session", "transaction"):
            folder = new_folder()
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.enter_context(started(folder, server.dsn, mode=mode, user=USER))
            places[mode] = f"{folder}:{PORT}"
        yield places


@pytest.fixture
def hosted(shop, dsn, database, monkeypatch):
    """Writes a target whose direct way leads to the tests' server, and the others to HOST:PORT where they are given."""
    words = conninfo_to_dict(dsn)
    direct = f"{words['host']}:{words['port']}"
    monkeypatch.setenv("SHOP_PASSWORD", "right")
    monkeypatch.setenv("NEXIOM_TARGET", "hosted")

    def write(more: str = "", **places: str | None):
        hosts = {"direct": direct, **places}
        written = ", ".join(f"{road}: '{place}'" for road, place in hosts.items() if place)
        text = f"{more}{f', hosts: {{{written}}}' if written else ''}"
        shop.write("nexiom.yml", SETTINGS.format(ref=REF, database=database, more=text))
        return shop

    return write


@pytest.fixture
def pooled(hosted, poolers):
    """The same with a pgbouncer for each of the other ways, but for those given."""
    return lambda more="", **places: hosted(more, **{**poolers, **places})


@contextmanager
def answering(message: str, sqlstate: str = "XX000", times: int = 9) -> Iterator[str]:
    """HOST:PORT of a server that answers the first message with an error, as a pooler does."""
    body = b"".join(field.encode() + b"\0" for field in ("SFATAL", "VFATAL", f"C{sqlstate}", f"M{message}")) + b"\0"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            for _ in range(times):
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"E" + (len(body) + 4).to_bytes(4, "big") + body)

        Thread(target=answer, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def refused_place() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def said(ran) -> dict[str, tuple[str, str, str | None]]:
    """What doctor says of each way: state, text, hint."""
    found = json.loads(ran.out)
    return {one["subject"]: (one["state"], one["text"], one["hint"]) for one in found if one["subject"] in ROADS}


ROADS = ("direct", "session", "transaction", "ways")


@pytest.mark.full
def test_doctor_says_who_answers_by_each_way(pooled) -> None:
    shop = pooled()
    ran = shop.run("doctor", "--format", "json")
    assert ran.code == 0
    ways = said(ran)
    assert [state for state, *_ in ways.values()] == ["ok", "ok", "ok"]
    assert all(text.endswith(" role nexiom_owner, in T") and hint is None for _, text, hint in ways.values())
    assert next(one for one in json.loads(ran.out) if one["subject"] == "target")["text"].endswith(
        ", role nexiom_owner, by the direct connection"
    )


def test_direct_way_is_taken_where_it_answers(hosted) -> None:
    ran = hosted().run("apply")
    assert (ran.code, ran.err) == (0, "")
    assert "role nexiom_owner, by the direct connection)" in ran.out


@pytest.mark.full
def test_session_pooler_is_taken_where_nobody_answers_directly(pooled) -> None:
    direct = refused_place()
    ran = pooled(", sslmode: disable", direct=direct).run("apply")
    assert (ran.code, ran.err) == (0, f"direct: {direct} refused the connection; going on by the session pooler\n")
    assert ", by the session pooler)" in ran.out


@pytest.mark.full
def test_transaction_pooler_is_the_last_that_is_tried(pooled) -> None:
    direct, session = refused_place(), refused_place()
    shop = pooled(", sslmode: disable", direct=direct, session=session)
    ran = shop.run("apply")
    assert (ran.code, ran.err) == (
        0,
        f"direct: {direct} refused the connection; going on by the transaction pooler\n"
        f"session: {session} refused the connection; going on by the transaction pooler\n",
    )
    assert shop.run("plan", "--check").code == 0


@pytest.mark.full
@pytest.mark.parametrize("road", ["direct", "session", "transaction"])
def test_named_way_is_the_one_that_is_taken(pooled, road: str) -> None:
    shop = pooled(f", connection: {road}")
    shop.write("phases/3_index/apply.sql", "create index concurrently amounts on public.orders (amount);\n")
    ran = shop.run("apply")
    assert (ran.code, ran.err) == (0, "")
    words = "the direct connection" if road == "direct" else f"the {road} pooler"
    assert f", by {words})" in ran.out
    assert shop.run("verify").code == 0


@pytest.mark.full
def test_lock_is_held_around_the_transaction_pooler(pooled, poolers, monkeypatch) -> None:
    asked: list[str] = []

    def noted(dsn: str, **words: str) -> Session:
        asked.append(str(conninfo_to_dict(dsn)["host"]))
        return connect(dsn, application=words["application"])

    monkeypatch.setattr("nexiom_runner.apply.run.connect", noted)
    shop = pooled(", connection: transaction, sslmode: disable", direct=refused_place())
    assert shop.run("apply").code == 0
    assert asked == [poolers["session"].rpartition(":")[0]]


def test_doctor_says_why_a_way_is_closed_and_one_is_enough(hosted) -> None:
    session = refused_place()
    ran = hosted(", sslmode: disable", session=session).run("doctor", "--format", "json")
    assert ran.code == 0
    assert said(ran)["session"] == (
        "note",
        f"{session} refused the connection",
        f"Does a firewall keep port {session.partition(':')[2]} closed from here?",
    )


def test_way_that_was_asked_for_and_is_closed_is_missing(hosted) -> None:
    shop = hosted(", sslmode: disable, connection: session", session=refused_place())
    ran = shop.run("doctor", "--format", "json")
    assert ran.code == 1
    assert [state for state, *_ in said(ran).values()] == ["ok", "missing", "note"]


@pytest.mark.full
def test_wrong_password_is_told_of_both_poolers_and_not_shown(pooled, monkeypatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "correct-horse")
    ran = pooled().run("doctor", "--format", "json")
    told = (
        "note",
        f'the password of role "{USER}" is not the right one',
        "Set SHOP_PASSWORD to the project's database password: not an API key, nor that of your account.",
    )
    assert [said(ran)[road] for road in ("session", "transaction")] == [told, told]
    assert "correct-horse" not in ran.out + ran.err


@pytest.mark.full
def test_refused_password_ends_the_search(pooled, monkeypatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "correct-horse")
    ran = pooled(", sslmode: disable", direct=refused_place()).run("plan")
    assert ran.code == 2
    assert ran.err.startswith(
        f'error: target "hosted", by the session pooler: the password of role "{USER}" is not the right one\ndetail: '
    )
    assert ran.err.endswith(
        "hint: Set SHOP_PASSWORD to the project's database password: not an API key, nor that of your account.\n"
    )
    assert "correct-horse" not in ran.err


def test_password_that_a_pooler_refuses_ends_the_search(hosted, monkeypatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "correct-horse")
    with answering('password authentication failed for user "postgres"', "28P01") as place:
        shop = hosted(", sslmode: disable", direct=refused_place(), session=place, transaction=refused_place())
        ran = shop.run("plan")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(
        f'error: target "hosted", by the session pooler: the password of role "{USER}" is not the right one\ndetail: '
    )
    assert "correct-horse" not in ran.err


@pytest.mark.parametrize("words", ["Tenant or user not found", f"(ENOTFOUND) tenant/user {USER} not found"])
def test_project_of_another_pooler_is_told(hosted, words: str) -> None:
    with answering(words) as place:
        ran = hosted(", sslmode: disable", session=place).run("doctor", "--format", "json")
    assert said(ran)["session"] == (
        "note",
        f'the pooler at 127.0.0.1 knows no user "{USER}": the project is on another pooler, paused or gone',
        "Copy the host from Connect in the dashboard into pooler:, and look whether the project runs.",
    )


@pytest.mark.parametrize(
    ("words", "text", "hint"),
    [
        (
            "(EADDRNOTALLOWED) address not in tenant allow_list: {203, 0, 113, 7}",
            "the project does not accept connections from this machine's address",
            "Add the address to Network restrictions in the project's database settings.",
        ),
        (
            "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size",
            "the session pooler has no connection free",
            "Try again when others have disconnected, or raise the pool size in the project's database settings.",
        ),
        (
            "(ECIRCUITBREAKER) too many authentication failures, new connections are temporarily blocked",
            f'role "{USER}" is let in no more for a while, after wrong passwords',
            "Set SHOP_PASSWORD to the project's database password, and try again in some minutes.",
        ),
    ],
)
def test_what_a_pooler_may_answer(hosted, words: str, text: str, hint: str) -> None:
    with answering(words) as place:
        ran = hosted(", sslmode: disable", session=place).run("doctor", "--format", "json")
    assert said(ran)["session"] == ("note", text, hint)


def test_pooler_whose_name_is_not_known_is_told(hosted) -> None:
    ran = hosted(session="nowhere.invalid:5432").run("doctor", "--format", "json")
    assert said(ran)["session"] == (
        "note",
        'the name "nowhere.invalid" is not known here',
        "Copy the host from Connect in the dashboard into pooler:.",
    )


def test_server_without_tls_is_told(hosted) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"N")
                connection.recv(1)

        Thread(target=answer, daemon=True).start()
        place = f"127.0.0.1:{listening.getsockname()[1]}"
        ran = hosted(session=place).run("doctor", "--format", "json")
    assert said(ran)["session"] == (
        "note",
        f'the server at "{place}" has no TLS, which sslmode asks for',
        "Are host and port right? Where no TLS is wanted: sslmode=disable.",
    )


def test_nobody_answers_by_any_way(hosted) -> None:
    places = {road: refused_place() for road in ROADS[:3]}
    shop = hosted(", sslmode: disable", **places)
    told = "; ".join(f"{road}: {place} refused the connection" for road, place in places.items())
    assert shop.run("plan").all == (
        4,
        "",
        'error: target "hosted" answers by none of its ways\n'
        f"detail: {told}.\n"
        "hint: nexiom doctor --target hosted says what to do about each.\n",
    )
    ran = shop.run("doctor", "--format", "json")
    assert (ran.code, [state for state, *_ in said(ran).values()]) == (1, ["missing"] * 3)
    assert json.loads(ran.out)[-1]["subject"] == "transaction"


def test_one_way_that_is_closed_is_told_by_itself(hosted) -> None:
    direct = refused_place()
    ran = hosted(", sslmode: disable, connection: direct", direct=direct).run("plan")
    assert (ran.code, ran.err.partition("\n")[0]) == (
        4,
        f'error: target "hosted", by the direct connection: {direct} refused the connection',
    )


def test_without_a_pooler_doctor_says_what_would_add_it(hosted) -> None:
    ran = hosted().run("doctor", "--format", "json")
    told = (
        "note",
        "not tried: the target names no pooler",
        "Copy its host from Connect in the dashboard into pooler:.",
    )
    assert [said(ran)[road] for road in ("session", "transaction")] == [told, told]


@pytest.mark.full
def test_ways_that_lead_to_different_databases_are_told(pooled, poolers, server) -> None:
    shop = pooled()
    text = shop.read("nexiom.yml")
    with ExitStack() as stack:
        folder = new_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(started(folder, server.dsn, mode="session", user=USER, database="postgres"))
        shop.write("nexiom.yml", text.replace(poolers["session"], f"{folder}:{PORT}"))
        ran = shop.run("doctor", "--format", "json")
    assert ran.code == 1
    assert said(ran)["ways"] == (
        "missing",
        "they lead to different databases",
        "Let hosts: lead to the same database, or runners do not see each other's lock.",
    )


def test_server_that_comes_later_is_waited_for(hosted) -> None:
    places = {road: refused_place() for road in ROADS[:3]}
    ran = hosted(", sslmode: disable", **places).run("apply", "--wait-for-server", "600ms")
    assert ran.code == 4
    assert ran.err.startswith('waiting for the server: target "hosted" answers by none of its ways\n')


MANAGED = """\
create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
insert into supabase_migrations.schema_migrations values ('20260101000000', '{select 1}', 'first');
create schema auth;
create table auth.users (id uuid primary key, email text);
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create schema storage;
create table storage.objects (id uuid primary key);
alter table storage.objects enable row level security;
create policy everybody on storage.objects for select using (true);
grant usage on schema auth, storage to anon;
grant select on all tables in schema auth, storage to anon;
grant usage on schema supabase_migrations, auth, storage to nexiom_owner;
"""
AS_THEY_ARE = """\
select string_agg(line, e'\\n' order by line) from (
  select format('%s %s %s %s', oid::regclass, xmin, relacl, relrowsecurity) from pg_class
  where relnamespace::regnamespace::text in ('supabase_migrations', 'auth', 'storage')
  union all select format('%s %s %s', oid::regprocedure, xmin, proacl) from pg_proc
  where pronamespace::regnamespace::text = 'auth'
  union all select format('%s %s %s', nspname, xmin, nspacl) from pg_namespace
  where nspname in ('supabase_migrations', 'auth', 'storage')
  union all select format('%s %s', m, xmin) from supabase_migrations.schema_migrations as m
) as found (line)
"""


def test_ledger_and_schemas_of_supabase_are_left_alone(staging, admin_session: Session) -> None:
    admin_session.send(MANAGED)
    before = admin_session.send(AS_THEY_ARE)
    assert str(before[0].rows[0][0]).count("\n") > 6
    said = []
    for arguments in (["build"], ["audit"], ["test"], ["report"], ["plan"], ["status"], ["verify"], ["history"]):
        ran = staging.run(*arguments)
        assert ran.code == 0
        said.append(ran.out + ran.err)
    assert admin_session.send(AS_THEY_ARE) == before
    assert not [name for name in ("auth.", "storage.", "supabase_migrations") if name in "".join(said)]


@pytest.fixture
def certificate(tmp_path) -> Iterator[str]:
    """The folder of a certificate of 127.0.0.1's, signed by itself, that pgbouncer may read."""
    folder = new_folder()
    folder.mkdir()
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    subprocess.run(["openssl", *words.split(), *named], check=True, capture_output=True)
    for name in ("key.pem", "cert.pem"):
        os.chmod(folder / name, 0o644)
    yield str(folder)
    shutil.rmtree(folder)


@pytest.fixture
def encrypted(server, certificate: str) -> Iterator[str]:
    """HOST:PORT of a pgbouncer that takes connections with TLS alone."""
    port, folder = free_port(), new_folder()
    tls = [f"client_tls_{name}_file = {certificate}/{name}.pem" for name in ("key", "cert")]
    more = ["listen_addr = 127.0.0.1", "client_tls_sslmode = require", *tls]
    with started(folder, server.dsn, mode="session", user=USER, more=more, port=port):
        yield f"127.0.0.1:{port}"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.full
def test_way_over_the_network_is_encrypted(hosted, encrypted: str) -> None:
    ran = hosted(", connection: session", session=encrypted).run("apply")
    assert (ran.code, ran.err) == (0, "")
    assert f"({encrypted}/" in ran.out


@pytest.mark.full
def test_way_without_tls_is_refused_there(hosted, encrypted: str) -> None:
    ran = hosted(", connection: session, sslmode: disable", session=encrypted).run("doctor", "--format", "json")
    assert said(ran)["session"] == (
        "missing",
        f'the server at "{encrypted}" takes connections with TLS alone',
        "Write sslmode=require into the DSN.",
    )


@pytest.mark.full
def test_certificate_of_nobody_known_is_refused_where_it_is_checked(
    hosted, encrypted: str, certificate: str, monkeypatch
) -> None:
    shop = hosted(", connection: session, sslmode: verify-full", session=encrypted)
    monkeypatch.setenv("PGSSLROOTCERT", "/nowhere/root.crt")
    assert said(shop.run("doctor", "--format", "json"))["session"] == (
        "missing",
        f"{encrypted} shows a certificate that sslmode does not accept",
        "Name the certificate downloaded from the project's database settings in PGSSLROOTCERT.",
    )
    monkeypatch.setenv("PGSSLROOTCERT", f"{certificate}/cert.pem")
    assert shop.run("plan").code == 0
