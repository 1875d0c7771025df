"""Schemas, types, sequences, roles, extensions, publications: once as stated and once not, attribute by attribute."""

from collections.abc import Callable, Iterator

import pytest

from nexiom_runner.database.session import Session

Audited = Callable[..., list[str]]

O = """
    create schema crm;
    comment on schema crm is 'x';
    grant usage on schema crm to anon, public;
    create schema "Wéird";
    create type mood as enum ('sad', 'ok', 'happy');
    grant usage on type mood to anon;
    create type crm.pair as (id uuid, b text);
    create type span as range (subtype = int8);
    create domain email as text not null default 'x@y' constraint at check (value ~ '@');
    alter domain email add constraint late check (value <> 'x') not valid;
    create sequence s as smallint maxvalue 100 cache 5;
    select setval('s', 95);
    create sequence down increment -1 minvalue -10;
    create sequence big;
    grant usage on sequence big to anon;
    create table t (id serial);
    alter default privileges in schema crm grant select on tables to anon;
    alter default privileges revoke execute on functions from public;
    create publication p for table t;
    create function f(a int) returns setof int language sql set statement_timeout = '3s' as 'select 1';
"""  # noqa: E741
EVENT_TRIGGER = """
    create function on_drop() returns event_trigger language plpgsql as 'begin end';
    create event trigger gone on sql_drop when tag in ('DROP TABLE') execute function on_drop();
    alter event trigger gone disable;
"""
RIGHT = """
    schemas:
      crm: {owner: nexiom_owner, comment: x, grants: {anon: [usage], PUBLIC: [usage]}}
      Wéird: {grants: {}}
      old: absent
    enums:
      mood: {labels: [sad, ok, happy], grants: {anon: [usage], PUBLIC: [usage]}, owner: nexiom_owner, comment: ""}
    types:
      crm.pair: {attributes: {id: uuid, b: text}, kind: composite}
      span: {kind: range, subtype: int8}
    domains:
      email: text not null default 'x@y'::text
    sequences:
      s: {type: smallint, start: 1, increment: 1, minimum: 1, maximum: 100, cache: 5, cycle: false, headroom: 5%}
      t_id_seq: {owned_by: t.id, headroom: 100%}
      down: {increment: -1, minimum: -10, owned_by: none, headroom: 100%}
    roles:
      anon: {login: false, connection_limit: -1, member_of: [], settings: {}, comment: ""}
    default_privileges:
      nexiom_owner: {functions: {}, types: {PUBLIC: [usage]}}
      nexiom_owner in crm: {tables: {anon: [select]}, sequences: {}}
    extensions:
      plpgsql: {version: ">= 1.00", schema: pg_catalog}
      pgcrypto: absent
    publications:
      p:
        tables: [public.t]
        schemas: []
        all_tables: false
        publish: [truncate, insert, update, delete]
        via_root: false
        owner: nexiom_owner
    event_triggers: {e: absent}
    functions:
      f:
        kind: function
        cost: 100.0
        rows: 1000
        leakproof: false
        parallel: unsafe
        support: none
        settings: {statement_timeout: 3s}
        owner: nexiom_owner
        comment: ""
"""


def _wrong(audited: Audited, stated: str) -> list[str]:
    return [line for line in audited(O, stated) if not line.startswith("PASS ")]


def test_everything_as_stated_passes_one_result_an_attribute(audited: Audited) -> None:
    lines = audited(O, RIGHT)
    assert [line for line in lines if not line.startswith("PASS ")] == []
    assert len(lines) == 71


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "crm: {owner: anon}",
            "crm | owner | expected anon, found nexiom_owner | fix: alter schema crm owner to anon;",
        ),
        (
            "crm: {comment: It's}",
            "crm | comment | expected It's, found x | fix: comment on schema crm is 'It''s';",
        ),
        (
            "crm: {grants: {anon: [usage, create]}}",
            "crm | grants | grants anon: expected create, usage, found usage"
            " | grants PUBLIC: expected none, found usage | granted to PUBLIC by nexiom_owner"
            " | fix: revoke usage on schema crm from public;\ngrant create on schema crm to anon;",
        ),
        ("nope: present", "nope | present | expected nope, found None | fix: create schema nope;"),
        ("weird: present", 'weird | present | expected weird, found None | did you mean "Wéird"?'),
        ("crm: absent", "crm | absent | expected absent, found a schema | fix: drop schema crm;"),
    ],
)
def test_schemas(audited: Audited, stated: str, said: str) -> None:
    assert _wrong(audited, f"schemas: {{{stated}}}") == [f"FAIL schema {said}"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "enums: {mood: [sad, 'it''s', ok, happy, elated]}",
            "enum mood | labels | expected sad, it's, ok, happy, elated, found sad, ok, happy"
            " | fix: alter type public.mood add value 'it''s' after 'sad';\n"
            "alter type public.mood add value 'elated' after 'happy';",
        ),
        (
            "enums: {mood: [worst, sad, ok, happy]}",
            "enum mood | labels | expected worst, sad, ok, happy, found sad, ok, happy"
            " | fix: alter type public.mood add value 'worst' before 'sad';",
        ),
        (
            "enums: {mood: [ok, sad]}",
            "enum mood | labels | expected ok, sad, found sad, ok, happy"
            " | fix: -- labels neither go nor move: make another type, and give it to the columns of public.mood",
        ),
        ("enums: {moods: present}", 'enum moods | present | expected moods, found None | did you mean "mood"?'),
        ("types: {mood: present}", "type mood | present | expected a type, found an enum"),
        (
            "types: {crm.pair: {attributes: {id: uuid, b: int}}}",
            "type crm.pair | attributes | attribute b: expected int, found text"
            " | fix: alter type crm.pair alter attribute b type int;",
        ),
        (
            "types: {crm.pair: {attributes: {b: text, id: uuid}}}",
            "type crm.pair | attributes | expected b text, id uuid, found id uuid, b text",
        ),
        ("types: {span: {subtype: int4}}", "type span | subtype | expected int4, found bigint"),
        (
            "domains: {email: varchar(80) not null}",
            "domain email | type | expected varchar(80), found text",
        ),
        (
            "domains: {email: text null}",
            "domain email | not_null | expected false, found true | fix: alter domain public.email drop not null;",
        ),
        (
            "domains: {email: text default 'z@y'}",
            "domain email | default | expected 'z@y', found 'x@y'::text"
            " | fix: alter domain public.email set default 'z@y';",
        ),
        (
            "domains: {email: 'text collate \"C\"'}",
            'domain email | collation | expected "C", found default'
            " | the collation of a domain is said when it is created",
        ),
        (
            "domains: {email: {constraints: {at: 'check (value ~ ''#'')'}}}",
            "domain email | constraint at | constraint at expression: expected value ~ '#', found VALUE ~ '@'::text"
            " | fix: alter domain public.email drop constraint at;\n"
            "alter domain public.email add constraint at check (value ~ '#');",
        ),
        (
            "domains: {email: {constraints: {late: 'check (value <> ''x'')'}}}",
            "domain email | constraint late | constraint late valid: expected valid, found not valid"
            " | fix: alter domain public.email validate constraint late;",
        ),
        (
            "domains: {email: {grants: {}}}",
            "domain email | grants | grants PUBLIC: expected none, found usage"
            " | PUBLIC by default: no grant was ever revoked"
            " | fix: revoke usage on domain public.email from public;",
        ),
    ],
)
def test_types(audited: Audited, stated: str, said: str) -> None:
    assert _wrong(audited, stated) == [f"FAIL {said}"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("s: {type: bigint}", "type | expected bigint, found smallint | fix: alter sequence public.s as bigint;"),
        ("s: {start: 2}", "start | expected 2, found 1 | fix: alter sequence public.s start with 2;"),
        ("s: {increment: 3}", "increment | expected 3, found 1 | fix: alter sequence public.s increment by 3;"),
        ("s: {minimum: 0}", "minimum | expected 0, found 1 | fix: alter sequence public.s minvalue 0;"),
        ("s: {maximum: 9}", "maximum | expected 9, found 100 | fix: alter sequence public.s maxvalue 9;"),
        ("s: {cache: 1}", "cache | expected 1, found 5 | fix: alter sequence public.s cache 1;"),
        ("s: {cycle: true}", "cycle | expected true, found false | fix: alter sequence public.s cycle;"),
        (
            "s: {owned_by: t.id}",
            "owned_by | expected t.id, found none | fix: alter sequence public.s owned by public.t.id;",
        ),
        (
            "s: {headroom: 5.1%}",
            "headroom | expected >= 5.1%, found 5.0% | its last value is 95, its greatest 100"
            " | fix: alter sequence public.s as bigint no maxvalue;",
        ),
        ("ss: present", 'present | expected ss, found None | did you mean "s"?'),
    ],
)
def test_sequences(audited: Audited, stated: str, said: str) -> None:
    assert _wrong(audited, f"sequences: {{{stated}}}") == [f"FAIL sequence {stated.split(':')[0]} | {said}"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("login: true", "login | expected true, found false | fix: alter role anon login;"),
        ("bypass_rls: true", "bypass_rls | expected true, found false | fix: alter role anon bypassrls;"),
        (
            "connection_limit: 5",
            "connection_limit | expected 5, found -1 | fix: alter role anon connection limit 5;",
        ),
        (
            "valid_until: infinity",
            "valid_until | expected infinity, found none | fix: alter role anon valid until 'infinity';",
        ),
        (
            "member_of: [authenticated]",
            "member_of | expected authenticated, found none | fix: grant authenticated to anon;",
        ),
        (
            "settings: {statement_timeout: 3s}",
            "settings | settings statement_timeout: expected 3s, found None"
            " | fix: alter role anon set statement_timeout = '3s';",
        ),
    ],
)
def test_roles(audited: Audited, stated: str, said: str) -> None:
    assert _wrong(audited, f"roles: {{anon: {{{stated}}}}}") == [f"FAIL role anon | {said}"]


@pytest.fixture
def temporary(admin_session: Session) -> Iterator[None]:
    """A role of the server's, gone after the test."""
    admin_session.send("""
        create role until_then valid until '2027-01-01 00:00+00' in role anon;
        alter role until_then set statement_timeout = '3s';
    """)
    yield
    admin_session.send("drop role until_then")


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("valid_until: 2027-01-01T01:00+01", ""),
        ("valid_until: January 1 2027 00:00 UTC", ""),
        (
            "valid_until: 2027-01-02 00:00+00",
            "valid_until | expected 2027-01-02 00:00+00, found 2027-01-01 00:00:00+00"
            " | fix: alter role until_then valid until '2027-01-02 00:00+00';",
        ),
        ("member_of: [anon]", ""),
        ("member_of: []", "member_of | expected none, found anon | fix: revoke anon from until_then;"),
        (
            "settings: {}",
            "settings | settings statement_timeout: expected None, found 3s"
            " | fix: alter role until_then reset statement_timeout;",
        ),
    ],
)
def test_a_role_of_its_own(session: Session, audited: Audited, stated: str, said: str) -> None:
    session.send("set timezone = 'UTC'")
    lines = audited("", f"roles: {{until_then: {{{stated}}}}}")
    wrong = [f"FAIL role until_then | {said}"] if said else []
    assert [line for line in lines if not line.startswith("PASS ")] == wrong


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "nexiom_owner: {functions: {PUBLIC: [execute]}}",
            "nexiom_owner | functions | grants PUBLIC: expected execute, found none"
            " | fix: alter default privileges for role nexiom_owner grant execute on functions to public;",
        ),
        (
            "nexiom_owner in crm: {tables: {anon: [insert]}}",
            "nexiom_owner in schema crm | tables | grants anon: expected insert, found select"
            " | granted to anon by nexiom_owner"
            " | fix: alter default privileges for role nexiom_owner in schema crm revoke select on tables from anon;\n"
            "alter default privileges for role nexiom_owner in schema crm grant insert on tables to anon;",
        ),
    ],
)
def test_default_privileges(audited: Audited, stated: str, said: str) -> None:
    assert _wrong(audited, f"default_privileges: {{{stated}}}") == [f"FAIL default privileges of role {said}"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            'extensions: {plpgsql: ">= 1.10"}',
            "extension plpgsql | version | expected >= 1.10, found 1.0"
            " | fix: alter extension plpgsql update to '1.10';",
        ),
        (
            "extensions: {plpgsql: {schema: public}}",
            "extension plpgsql | schema | expected public, found pg_catalog"
            " | fix: alter extension plpgsql set schema public;",
        ),
        (
            "publications: {p: {tables: [crm.x]}}",
            "publication p | tables | expected crm.x, found t | fix: alter publication p drop table t;\n"
            "alter publication p add table crm.x;",
        ),
        (
            "publications: {p: {all_tables: true}}",
            "publication p | all_tables | expected true, found false | fix: drop publication p;\n"
            "create publication p for all tables;",
        ),
        (
            "publications: {p: {publish: [insert]}}",
            "publication p | publish | expected insert, found delete, insert, truncate, update"
            " | fix: alter publication p set (publish = 'insert');",
        ),
        (
            "publications: {p: {via_root: true}}",
            "publication p | via_root | expected true, found false"
            " | fix: alter publication p set (publish_via_partition_root = true);",
        ),
        ("functions: {f: {kind: procedure}}", "function f | kind | expected procedure, found function"),
        (
            "functions: {f: {parallel: safe}}",
            "function f | parallel | expected safe, found unsafe"
            " | fix: alter function public.f(integer) parallel safe;",
        ),
        (
            "functions: {f: {leakproof: true}}",
            "function f | leakproof | expected true, found false | fix: alter function public.f(integer) leakproof;",
        ),
        (
            "functions: {f: {settings: {lock_timeout: 1s}}}",
            "function f | settings | settings lock_timeout: expected 1s, found None"
            " | settings statement_timeout: expected None, found 3s"
            " | fix: alter function public.f(integer) set lock_timeout = '1s';\n"
            "alter function public.f(integer) reset statement_timeout;",
        ),
    ],
)
def test_what_belongs_to_the_database_and_functions(audited: Audited, stated: str, said: str) -> None:
    assert _wrong(audited, stated) == [f"FAIL {said}"]


def test_event_triggers(admin_session: Session, audited: Audited) -> None:
    admin_session.send(EVENT_TRIGGER)
    right = "{event: sql_drop, tags: [drop table], function: on_drop, enabled: disabled}"
    lines = audited("", f"event_triggers: {{gone: {right}}}", by=admin_session)
    assert [line.split(" ")[0] for line in lines] == ["PASS"] * 5


def test_event_triggers_that_are_not_so(admin_session: Session, audited: Audited) -> None:
    admin_session.send(EVENT_TRIGGER)
    wrong = "{tags: [], enabled: always, function: touch}"
    lines = audited("", f"event_triggers: {{gone: {wrong}}}", by=admin_session)
    assert lines[1:] == [
        "FAIL event trigger gone | tags | expected none, found DROP TABLE",
        "FAIL event trigger gone | enabled | expected always, found disabled"
        " | fix: alter event trigger gone enable always;",
        "FAIL event trigger gone | function | expected touch, found on_drop",
    ]
