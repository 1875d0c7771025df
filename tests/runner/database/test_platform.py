"""A server that stands in for Supabase, on every engine that is here: what is in it, and what its deployer may."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexiom_runner.database.account import choose_account
from nexiom_runner.database.embedded import Running, reset, start
from nexiom_runner.database.engine import choose_engine
from nexiom_runner.database.platform import Platform
from nexiom_runner.database.platform_engine import extensions_of
from nexiom_runner.database.platform_extensions import equip
from nexiom_runner.database.process import wait_ended
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import dsn, find_state
from nexiom_runner.errors import ServerError
from nexiom_runner.project.stand_in import Grants, StandIn
from tests.runner.conftest import STATES
from tests.runner.database.conftest import DEBIAN

HERE = Path(__file__).parent
ENGINES = ("18", pytest.param("16", marks=pytest.mark.full), *([str(DEBIAN)] if DEBIAN.is_dir() else []))
INSUFFICIENT_PRIVILEGE = "42501"

# As Supabase's own image has them: login, createrole, createdb, replication, bypassrls, inherit, and their settings.
ROLES = """
anon                       -----i {statement_timeout=3s}
authenticated              -----i {statement_timeout=8s}
authenticator              l----- {statement_timeout=8s,lock_timeout=8s}
dashboard_user             -cdr-i
pgbouncer                  l----i
postgres                   lcdrbi {"search_path=\\"$user\\", public, extensions"}
service_role               ----bi
supabase_auth_admin        l----- {search_path=auth,idle_in_transaction_session_timeout=60000}
supabase_etl_admin         l--r-i
supabase_functions_admin   lc----
supabase_read_only_user    l---bi
supabase_realtime_admin    lc-r-- {search_path=realtime}
supabase_replication_admin l--r-i
supabase_storage_admin     lc---- {search_path=storage}
"""
TABLE_GRANTS = "REFERENCES TRIGGER TRUNCATE"  # what the API roles keep with a new table


def answers(session: Session, text: str) -> list[str]:
    """The first column of each row that the last statement of a text returns."""
    return [row[0] or "" for row in session.send(text)[-1].rows]


@pytest.fixture(scope="module", params=ENGINES)
def hosted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root, environ = tmp_path_factory.mktemp("hosted"), {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
    platform = Platform(StandIn(17), choose_engine(request.param))
    running = start(root, platform, environ=environ)
    yield running
    running.close()
    reset(root, platform, environ=environ)


@pytest.fixture
def session(hosted: Running) -> Iterator[Session]:
    """As the role phases run as; what a test does is rolled back."""
    with connect(hosted.dsn, application="pytest") as opened, opened.transaction(rollback=True):
        yield opened


@pytest.fixture
def committing(hosted: Running) -> Iterator[Session]:
    with connect(hosted.dsn, application="pytest") as opened:
        yield opened


def test_roles_are_as_supabase_has_them(session: Session) -> None:
    said = answers(
        session,
        """select concat_ws(' ', rolname, case when rolcanlogin then 'l' else '-' end
            || case when rolcreaterole then 'c' else '-' end || case when rolcreatedb then 'd' else '-' end
            || case when rolreplication then 'r' else '-' end || case when rolbypassrls then 'b' else '-' end
            || case when rolinherit then 'i' else '-' end, rolconfig::text)
        from pg_roles where not rolsuper and rolname not like 'pg\\_%' order by rolname collate "C" """,
    )
    assert said == [" ".join(line.split()) for line in ROLES.strip().splitlines()]


def test_only_supabase_admin_is_a_superuser(session: Session, hosted: Running) -> None:
    supers = answers(session, "select rolname from pg_roles where rolsuper and rolname not like 'pg\\_%'")
    assert supers == ["supabase_admin"]
    assert (session.server.role, session.server.database, session.server.superuser) == ("postgres", "postgres", False)


def test_memberships_are_as_supabase_has_them(session: Session, hosted: Running) -> None:
    said = answers(
        session,
        """select m.member::regrole || ' ' || m.roleid::regrole || case when m.admin_option then ' *' else '' end
        from pg_auth_members as m where m.member::regrole::text !~ '^pg_' group by 1 order by 1""",
    )
    own = ["anon", "authenticated", "authenticator", "pg_create_subscription"]
    own += ["pg_monitor", "pg_read_all_data", "pg_signal_backend", "service_role"]
    newer = hosted.engine.major >= 16
    of_postgres = [
        f"postgres {role}{' *' if newer and role != 'pg_create_subscription' else ''}"
        for role in own
        if newer or role not in ("authenticator", "pg_create_subscription")
    ]
    assert [line for line in said if line.startswith("postgres ")] == of_postgres
    assert [line for line in said if not line.startswith("postgres ")] == [
        "authenticator anon",
        "authenticator authenticated",
        "authenticator service_role",
        "supabase_etl_admin pg_monitor",
        "supabase_etl_admin pg_read_all_data",
        "supabase_read_only_user pg_monitor",
        "supabase_read_only_user pg_read_all_data",
        "supabase_storage_admin authenticator",
    ]


def test_tables_have_the_columns_of_supabases_own(session: Session) -> None:
    own = answers(
        session,
        """select n.nspname || '.' || c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
            || case when a.attnotnull then ' not null' else '' end || coalesce(
                case a.attgenerated when 's' then ' generated ' else ' default ' end
                || pg_get_expr(d.adbin, d.adrelid), ''
            )
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        join pg_namespace as n on n.oid = c.relnamespace
        left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
        where n.nspname in ('auth', 'storage') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        order by n.nspname, c.relname, a.attnum""",
    )
    assert own == (HERE / "supabase" / "columns.txt").read_text("utf-8").splitlines()


def test_schemas_belong_to_whom_they_do_when_hosted(session: Session) -> None:
    said = answers(
        session,
        """select nspname || ' ' || nspowner::regrole from pg_namespace
        where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1""",
    )
    assert said == [
        "auth supabase_admin",
        "extensions postgres",
        "graphql supabase_admin",
        "graphql_public supabase_admin",
        "nexiom_platform supabase_admin",
        "pgbouncer pgbouncer",
        "public pg_database_owner",
        "realtime supabase_admin",
        "storage supabase_admin",
        "vault supabase_admin",
    ]


def test_what_a_new_project_has_is_there(session: Session) -> None:
    said = answers(session, "select extname || ' ' || extnamespace::regnamespace from pg_extension order by 1")
    assert said == [
        "pg_stat_statements extensions",
        "pgcrypto extensions",
        "plpgsql pg_catalog",
        "supabase_vault vault",
        "uuid-ossp extensions",
    ]


def test_a_new_table_is_not_open_to_the_api_roles(session: Session, hosted: Running) -> None:
    session.send("create table public.t (n int)")
    said = answers(
        session,
        """select a.grantee::regrole || ': ' || string_agg(a.privilege_type, ' ' order by a.privilege_type)
        from pg_class, aclexplode(relacl) as a where oid = 'public.t'::regclass and a.grantee <> relowner
        group by a.grantee order by 1""",
    )
    kept = f"MAINTAIN {TABLE_GRANTS}" if hosted.engine.major >= 17 else TABLE_GRANTS
    assert said == [f"anon: {kept}", f"authenticated: {kept}", f"service_role: {kept}"]


def test_new_sequences_and_functions_are_opened_to_no_api_role_by_name(session: Session) -> None:
    session.send("create sequence public.s; create function public.f() returns int language sql as 'select 1'")
    assert answers(session, "select relacl::text from pg_class where oid = 'public.s'::regclass") == [
        "{postgres=rwU/postgres,anon=w/postgres,authenticated=w/postgres,service_role=w/postgres}"
    ]
    assert answers(session, "select has_function_privilege('anon', 'public.f()', 'execute')") == ["t"]  # as PUBLIC
    session.send("revoke execute on function public.f() from public")
    assert answers(session, "select has_function_privilege('anon', 'public.f()', 'execute')") == ["f"]


def test_default_privileges_are_exact(session: Session) -> None:
    said = answers(
        session,
        """select concat_ws(' ', defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, (
            select string_agg(distinct coalesce(nullif(a.grantee, 0)::regrole::text, 'public'), ',')
            from aclexplode(defaclacl) as a
        )) from pg_default_acl
        order by defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclobjtype""",
    )
    api = "anon,authenticated,postgres,service_role"
    assert said == [
        f"postgres public S {api}",
        "postgres public f postgres",
        f"postgres public r {api}",
        *(f"postgres storage {kind} {api}" for kind in "Sfr"),
        *(f"supabase_admin extensions {kind} postgres" for kind in "Sfr"),
        *(f"supabase_admin graphql {kind} {api}" for kind in "Sfr"),
        *(f"supabase_admin graphql_public {kind} {api}" for kind in "Sfr"),
        *(f"supabase_admin public {kind} {api}" for kind in "Sfr"),
        *(f"supabase_admin realtime {kind} dashboard_user,postgres" for kind in "Sfr"),
        *(f"supabase_auth_admin auth {kind} dashboard_user,postgres" for kind in "Sfr"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alter table storage.objects enable row level security", "must be owner of table objects"),
        ("alter table storage.buckets add column mine int", "must be owner of table buckets"),
        ("alter table auth.users add column mine int", "must be owner of table users"),
        ("drop table realtime.messages", "must be owner of table messages"),
        ("drop index storage.bucketid_objname", "must be owner of index bucketid_objname"),
        ("create rule r as on insert to storage.objects do nothing", "must be owner of table objects"),
        ("alter publication supabase_realtime add table storage.objects", "must be owner of table objects"),
        ("comment on table storage.objects is 'mine'", "must be owner of table objects"),
        ("create index on storage.objects (owner)", "permission denied for schema storage"),
        ("create table auth.mine ()", "permission denied for schema auth"),
        ("drop function auth.uid()", "must be owner of function auth.uid"),
        ("insert into cron.job (schedule, command) values ('* * * * *', '')", "permission denied for table job"),
        ("delete from storage.migrations", "permission denied for table migrations"),
        ("drop schema nexiom_platform", "must be owner of schema nexiom_platform"),
        (
            "delete from storage.objects",
            "Direct deletion from storage tables is not allowed. Use the Storage API instead.",
        ),
    ],
)
def test_what_is_supabases_is_not_the_deployers(session: Session, text: str, message: str) -> None:
    session.send("create extension pg_cron")
    with pytest.raises(ServerError) as raised:
        session.send(text)
    assert (raised.value.report.sqlstate, raised.value.report.message) == (INSUFFICIENT_PRIVILEGE, message)


@pytest.mark.parametrize(
    "text",
    [
        "create role mighty superuser",
        "copy (select 1) to program 'true'",
        "copy (select 1) to '/tmp/nexiom-must-not-be'",
        "grant pg_execute_server_program to postgres",
        "set role supabase_admin",
        "create function f() returns int language c as 'x', 'y'",
        "create event trigger e on sql_drop execute function nexiom_platform.refuse_drops()",
    ],
)
def test_the_deployer_has_no_way_to_the_server(session: Session, text: str) -> None:
    with pytest.raises(ServerError) as raised:
        session.send(text)
    assert raised.value.report.sqlstate == INSUFFICIENT_PRIVILEGE


def test_the_deployer_alters_no_system(committing: Session) -> None:
    with pytest.raises(ServerError) as raised:
        committing.send("alter system set work_mem = '1GB'")
    assert raised.value.report.sqlstate == INSUFFICIENT_PRIVILEGE


def test_policies_and_triggers_on_what_is_supabases_are_the_deployers(session: Session) -> None:
    session.send(
        """create policy mine on storage.objects for select using (true);
        alter policy mine on storage.objects using (false);
        drop policy mine on storage.objects;
        create policy mine on realtime.messages for select using (realtime.topic() = 'mine');
        create function public.welcome() returns trigger language plpgsql as 'begin return new; end';
        create trigger welcome after insert on auth.users for each row execute function public.welcome();
        create table public.mine (owner uuid references auth.users, file uuid references storage.objects);
        drop table public.mine;
        grant select on auth.users to service_role;
        set session_replication_role = replica"""
    )


def test_a_revoke_takes_nothing_from_the_api_roles_that_supabase_gave(session: Session) -> None:
    session.send("revoke all on storage.objects from anon")
    assert answers(session, "select has_table_privilege('anon', 'storage.objects', 'select')") == ["t"]


def test_a_policy_on_files_sees_who_asks(session: Session) -> None:
    said = answers(
        session,
        """insert into storage.buckets (id, name) values ('avatars', 'avatars');
        insert into storage.objects (bucket_id, name)
        values ('avatars', '11111111-1111-1111-1111-111111111111/a.png'), ('avatars', 'other/b.png');
        create policy own on storage.objects for select to authenticated
            using ((storage.foldername(name))[1] = auth.uid()::text);
        set local role authenticated;
        set local request.jwt.claims =
            '{"sub": "11111111-1111-1111-1111-111111111111", "role": "authenticated", "email": "ada@example.com"}';
        select concat_ws(
            ' ', storage.filename(name), storage.extension(name), auth.role(), auth.email(), auth.jwt() ->> 'sub'
        )
        from storage.objects""",
    )
    assert said == ["a.png png authenticated ada@example.com 11111111-1111-1111-1111-111111111111"]


def test_nobody_asks_without_claims(session: Session) -> None:
    assert answers(session, "select concat_ws(',', auth.uid(), auth.role(), auth.email(), auth.jwt())") == [""]


def test_jobs_are_recorded_and_run_by_nobody(session: Session) -> None:
    said = answers(
        session,
        """create extension if not exists pg_cron with schema extensions;
        select cron.schedule('nightly', '0 3 * * *', 'vacuum');
        select cron.schedule('nightly', '30 seconds', 'select 1');
        select cron.schedule('@daily', 'select 2');
        select cron.unschedule('nightly');
        select concat_ws('|', schedule, command, database, username, active) from cron.job""",
    )
    assert said == ["@daily|select 2|postgres|postgres|t"]


@pytest.mark.parametrize(
    "schedule", ["61 * * * *", "* * * *", "every day", "0 25 * * *", "60 seconds", "* * * jan-x *"]
)
def test_a_schedule_that_cron_would_not_read_is_refused(session: Session, schedule: str) -> None:
    session.send("create extension pg_cron")
    with pytest.raises(ServerError) as raised:
        session.send(f"select cron.schedule('job', '{schedule}', 'select 1')")
    assert raised.value.report.message == f"invalid schedule: {schedule}"


@pytest.mark.parametrize("schedule", ["*/5 * * * *", "0,30 8-18/2 1 jan-mar mon", "0 0 $ * *", "1 second", "@reboot"])
def test_a_schedule_that_cron_reads_is_taken(session: Session, schedule: str) -> None:
    session.send("create extension pg_cron")
    assert answers(session, f"select cron.schedule('job', '{schedule}', 'select 1')") == ["1"]


def test_requests_are_recorded_and_sent_nowhere(session: Session) -> None:
    said = answers(
        session,
        """create extension pg_net with schema extensions;
        set local role authenticated;
        select net.http_get('https://example.com/a?x=1', '{"q": "a b&c"}');
        select net.http_post('https://example.com/b', '{"n": 1}', headers := '{"x-key": "k"}');
        select net.http_delete('https://example.com/c');
        select concat_ws('|', method, url, headers, convert_from(body, 'UTF8'), timeout_milliseconds)
        from net.http_request_queue order by id""",
    )
    assert said == [
        "GET|https://example.com/a?x=1&q=a%20b%26c|{}|5000",
        'POST|https://example.com/b|{"x-key": "k", "Content-Type": "application/json"}|{"n": 1}|5000',
        "DELETE|https://example.com/c|{}|5000",
    ]


def test_an_extension_of_the_engine_that_hosted_postgres_may_create_is_created(
    session: Session, hosted: Running
) -> None:
    has = extensions_of(hosted.engine)
    for name in {"vector", "moddatetime", "hstore"} & has:
        session.send(f"create extension {name} with schema extensions")
    for name in {"file_fdw", "pageinspect"} & has:
        with pytest.raises(ServerError) as raised, session.savepoint():
            session.send(f"create extension {name}")
        assert raised.value.report.sqlstate == INSUFFICIENT_PRIVILEGE


def test_secrets_are_kept_for_who_may_read_them(session: Session) -> None:
    said = answers(
        session,
        """select vault.create_secret('s3cret', 'api_key');
        select vault.update_secret(id, 'other') from vault.secrets;
        select name || ' ' || decrypted_secret from vault.decrypted_secrets""",
    )
    assert said == ["api_key other"]
    assert answers(session, "select has_table_privilege('authenticated', 'vault.decrypted_secrets', 'select')") == ["f"]


def test_messages_are_recorded(session: Session) -> None:
    said = answers(
        session,
        """select realtime.send('{"n": 1}', 'done', 'room');
        select concat_ws(' ', topic, event, payload, private, realtime.topic()) from realtime.messages""",
    )
    assert said == ['room done {"n": 1} t room']


def test_a_digest_is_the_same_on_every_engine(session: Session) -> None:
    said = answers(
        session,
        """select concat_ws(' ', encode(extensions.digest('a', 'sha256'), 'hex'),
            encode(extensions.hmac('d', repeat('key', 40), 'sha512'), 'hex'),
            length(extensions.gen_random_bytes(20)),
            extensions.uuid_generate_v3(extensions.uuid_ns_dns(), 'www.example.com'))""",
    )
    assert said == [
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb "
        "ea0c60bf6cd940f2ba5069b8222bdcd9baee1387f601c65e0edeae7db86f33005958da2f5530c224f51cc0783eee20d66ec0"
        "f73710fa87e444bb7070cb10eb8b 20 "
        "5df41881-3aed-3515-88a7-2f4a814cf09e"
    ]


def test_what_sql_cannot_do_says_which_engine_would(session: Session, hosted: Running) -> None:
    platform = hosted.platform
    assert platform is not None
    if "pgcrypto" not in platform.written:
        assert answers(session, "select extensions.crypt('a', extensions.gen_salt('md5')) <> ''") == ["t"]
        return
    with pytest.raises(ServerError) as raised:
        session.send("select extensions.crypt('a', extensions.gen_salt('md5'))")
    said = raised.value.report
    assert said.message == "gen_salt() of pgcrypto is not in its stand-in"
    assert said.hint == (
        "Install a PostgreSQL with its contrib modules (on Debian postgresql-17), and nexiom takes that one."
    )


def test_before_october_2026_a_new_table_was_open(tmp_path: Path) -> None:
    environ = {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
    platform = Platform(StandIn(17, Grants.BEFORE), choose_engine())
    with start(tmp_path, platform, environ=environ) as running, connect(running.dsn, application="pytest") as session:
        session.send("create table public.t (n int)")
        assert answers(session, "select has_table_privilege('anon', 'public.t', 'insert')") == ["t"]
    reset(tmp_path, platform, environ=environ)


def test_the_copy_to_go_back_to_has_the_grants_of_the_database(hosted: Running) -> None:
    maintenance = dsn(hosted.state, hosted.state.names.admin, hosted.state.names.maintenance)
    with connect(maintenance, application="pytest") as admin:
        said = answers(
            admin, "select distinct datacl::text from pg_database where datname in ('postgres', 'nexiom_pristine')"
        )
    assert len(said) == 1
    assert "dashboard_user=CTc" in said[0]


def test_what_an_older_form_of_the_stand_in_left_goes_after_a_day(tmp_path: Path) -> None:
    environ = {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
    platform, other = (Platform(StandIn(17, grants), choose_engine()) for grants in Grants)
    with start(tmp_path, other, environ=environ) as running:
        old = running.state
    wait_ended(old)
    os.utime(old.log, (0, 0))
    with start(tmp_path, platform, environ=environ):
        assert not old.folder.exists()
    reset(tmp_path, platform, environ=environ)


@pytest.mark.parametrize("engine", ["18", "16"])
def test_every_account_may_read_what_an_engine_is_given(engine: str, tmp_path: Path) -> None:
    chosen, environ = choose_engine(engine), {**os.environ, "NEXIOM_STATE_DIR": str(tmp_path)}
    state = find_state(tmp_path, chosen, choose_account(environ), environ)
    before = os.umask(0o077)
    try:
        given = equip(chosen, chosen, state, "key")
    finally:
        os.umask(before)
    assert (given.bin / "postgres").is_file()
    made = [path for path in (tmp_path / "extensions").rglob("*") if not path.name.endswith(".gate")]
    assert {path.name for path in made} >= {"pg_net.control", "pg_cron--1.6.sql"}
    assert not [path for path in made if path.stat().st_mode & 0o004 == 0]
