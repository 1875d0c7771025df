"""Live objects are written into phase.yml, what passes stays as it was written, and the file loads again."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.read import Wanted, read_catalog
from nexiom_runner.contract.accept import accept, read_names
from nexiom_runner.contract.live import written_type
from nexiom_runner.database.session import Session
from nexiom_runner.errors import UsageError
from nexiom_runner.project.load import load_project

Accepted = Callable[..., str]

PIPELINE = """
    create table app_settings (key text primary key, value text, at timestamptz not null default now());
    alter table app_settings enable row level security;
    create index app_settings_at on app_settings (at desc) where value is not null;
    grant select, insert on app_settings to service_role;
    create function run_once(p_since interval = '1 hour', p_limit int = 100) returns jsonb language sql
        security definer set search_path = '' as 'select ''{}''::jsonb';
    revoke execute on function run_once from public;
    grant execute on function run_once to anon, authenticated;
"""


def test_a_phase_without_expectations_gets_them_whole(accepted: Accepted) -> None:
    assert accepted(PIPELINE, "", "app_settings", "run_once") == dedent(
        """\
        expect:
          tables:
            app_settings:
              row_security: true
              columns:
                key: text not null
                value: text
                at: timestamptz not null default now()
              indexes:
                app_settings_at: (at DESC) where (value IS NOT NULL)
                app_settings_pkey: primary key (key)
              grants:
                service_role: [insert, select]
          functions:
            run_once:
              arguments:
                p_since: interval = '01:00:00'
                p_limit: integer = 100
              returns: jsonb
              volatility: volatile
              security: definer
              search_path: ""
              execute: [anon, authenticated]
        """
    )


def test_comments_calls_and_what_is_right_stay_as_they_are_written(accepted: Accepted) -> None:
    before = """
        # What the pipeline needs.
        title: Pipeline   # of the Studio

        expect:
          functions:
            run_once:                       # the Studio calls it
              arguments:
                p_since: interval = '60 minutes'   # the default window
                p_limit: int = 100
              security: invoker             # to be discussed
              execute: [anon]

              # called without a signed-in user
              reason: The Studio starts it
              result: {}
              calls:
                fifty:
                  with: {p_limit: 50}       # not more
        # the end
    """
    assert accepted(PIPELINE, before, "run_once") == dedent(
        """\
        # What the pipeline needs.
        title: Pipeline   # of the Studio

        expect:
          functions:
            run_once:                       # the Studio calls it
              arguments:
                p_since: interval = '60 minutes'   # the default window
                p_limit: int = 100
              returns: jsonb
              volatility: volatile
              security: definer             # to be discussed
              search_path: ""
              execute: [anon, authenticated]

              # called without a signed-in user
              reason: The Studio starts it
              result: {}
              calls:
                fifty:
                  with: {p_limit: 50}       # not more
        # the end
        """
    )


def test_accepting_twice_changes_nothing(accepted: Accepted, session: Session, tmp_path: Path) -> None:
    accepted(PIPELINE, "", "app_settings", "run_once")
    project = load_project(tmp_path)
    names = read_names(["app_settings", "run_once"])
    catalog = read_catalog(session, Wanted(frozenset(names), frozenset(names)))
    results = list(audit(session, project, ["01_first"], ["01_first"], ()))
    assert accept(catalog, project, names, results=results) == ()


def test_a_table_in_brackets_stays_in_brackets(accepted: Accepted) -> None:
    before = "expect: {tables: {t: {row_security: true, columns: {a: 'numeric(5, 2)', gone: text}}, u: present}}\n"
    sql = "create table t (a numeric(5,2), b text[]); create table u ()"
    assert accepted(sql, before, "t") == (
        "expect: {tables: {t: {row_security: false, columns: {a: 'numeric(5, 2)', b: \"text[]\"}, grants: {}},"
        " u: present}}\n"
    )


def test_present_becomes_a_block(accepted: Accepted) -> None:
    sql = "create table t (a int); create function f() returns void language sql begin atomic; end"
    assert accepted(
        sql, "expect:\n  tables:\n    t: present # for now\n  functions:\n    f: present\n", "t", "f"
    ) == dedent(
        """\
        expect:
          tables:
            t:
              row_security: false
              columns:
                a: integer
              grants: {} # for now
          functions:
            f:
              arguments: {}
              returns: void
              volatility: volatile
              security: invoker
              execute: [PUBLIC]
        """
    )


def test_columns_and_roles_that_are_gone_are_taken_out(accepted: Accepted) -> None:
    before = """
        expect:
          tables:
            t:
              columns:
                # first
                a: int
                gone: text   # was here
                b: text
              grants:
                anon: [select]
                authenticated: [select]
    """
    sql = "create table t (a int, b int); grant select on t to authenticated"
    assert accepted(sql, before, "t") == dedent(
        """\
        expect:
          tables:
            t:
              row_security: false
              columns:
                # first
                a: int
                b: integer
              grants:
                authenticated: [select]
        """
    )


def test_overloads_are_a_list_and_keep_their_calls(accepted: Accepted) -> None:
    sql = "".join(
        f"create function f(a {kind}) returns {kind} language sql stable as 'select a';" for kind in ("int", "text")
    )
    before = """
        expect:
          functions:
            f:
              - arguments: {a: int4}
                calls:
                  one: {with: {a: 1}}
              # the other one
    """
    assert accepted(sql, before, "f") == dedent(
        """\
        expect:
          functions:
            f:
              - arguments: {a: int4}
                returns: integer
                volatility: stable
                security: invoker
                execute: [PUBLIC]
                calls:
                  one: {with: {a: 1}}
              # the other one
              - arguments:
                  a: text
                returns: text
                volatility: stable
                security: invoker
                execute: [PUBLIC]
        """
    )


def test_names_and_forms_that_need_quotes(accepted: Accepted) -> None:
    sql = """
        create schema "Ünï";
        create table "Ünï"."Wéird.T: #1" ("Sp ace" text default 'a: "b" #c', "null" int, "true" bool);
        create index "i: x" on "Ünï"."Wéird.T: #1" ("Sp ace") where "Sp ace" = 'x # y';
        create function g(text, variadic uuid[], out n bigint, out "O k" text) language sql as $$select 1, ''$$;
        create function h() returns table (id uuid, "N n" numeric) language sql set search_path = "A b", public as
            $$select null::uuid, 1$$;
    """
    text = accepted(sql, "title: x\n", '"Ünï"."Wéird.T: #1"', "g", "h")
    assert '\'"Ünï"."Wéird.T: #1"\':\n' in text
    assert "      arguments:\n        $1: text\n        $2: variadic uuid[]\n        n: out bigint\n" in text
    assert 'returns: table(id uuid, "N n" numeric)' in text


@pytest.mark.parametrize(
    ("objects", "options", "message"),
    [
        (("app_setting",), {}, 'no table or function "app_setting" in the database'),
        (("app_settings",), {}, 'no phase answers for "app_settings": none states it and no script creates it'),
        (("app_settings",), {"phase": "01_frist"}, 'unknown phase "01_frist"'),
    ],
)
def test_what_cannot_be_accepted_is_said(
    session: Session, tmp_path: Path, objects: tuple[str, ...], options: dict[str, str], message: str
) -> None:
    session.send(PIPELINE)
    folder = tmp_path / "phases" / "01_first"
    folder.mkdir(parents=True)
    (tmp_path / "nexiom.yml").write_text(
        'name: x\nversion: "1"\ntargets: {local: {embedded: true}}\ndefault_target: local\n'
    )
    (folder / "apply.sql").write_text("select 1;\n")
    names = read_names(objects)
    catalog = read_catalog(session, Wanted(frozenset(names), frozenset(names)))
    with pytest.raises(UsageError) as raised:
        accept(catalog, load_project(tmp_path), names, **options)
    assert [fault.message for fault in raised.value.faults] == [message]
    assert (raised.value.faults[0].hint is None) is False


def test_the_phase_whose_script_creates_an_object_gets_it(session: Session, tmp_path: Path) -> None:
    session.send("create table t ()")
    (tmp_path / "nexiom.yml").write_text(
        'name: x\nversion: "1"\ntargets: {local: {embedded: true}}\ndefault_target: local\n'
    )
    for phase in ("01_first", "02_second"):
        (tmp_path / "phases" / phase).mkdir(parents=True)
        (tmp_path / "phases" / phase / "apply.sql").write_text("select 1;\n")
    names = read_names(["t"])
    catalog = read_catalog(session, Wanted(frozenset(names), frozenset(names)))
    (edit,) = accept(catalog, load_project(tmp_path), names, creators={("public", "t"): "02_second"})
    assert (edit.path, edit.before) == ("phases/02_second/phase.yml", None)


@pytest.mark.parametrize(
    ("server", "written"),
    [
        ("timestamp with time zone", "timestamptz"),
        ("timestamp(3) with time zone[]", "timestamptz(3)[]"),
        ("timestamp without time zone", "timestamp"),
        ("time with time zone", "timetz"),
        ("table(at timestamp with time zone, n integer)", "table(at timestamptz, n integer)"),
        ("character varying(9)", "character varying(9)"),
    ],
)
def test_types_are_written_as_people_write_them(server: str, written: str) -> None:
    assert written_type(server) == written
