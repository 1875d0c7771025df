"""Each attribute of a table, once as stated and once not, and all that is told then."""

from collections.abc import Callable

import pytest

Audited = Callable[..., list[str]]

LEADS = """
    create table leads (
        id uuid primary key default gen_random_uuid(),
        email varchar(80),
        score numeric(5, 2) not null default 0,
        tags text[] not null default '{}',
        since interval default '1 hour',
        at timestamptz not null default now()
    );
    alter table leads enable row level security;
"""


def test_everything_as_stated_passes_one_result_an_attribute(audited: Audited) -> None:
    lines = audited(
        LEADS,
        """
        tables:
          leads:
            row_security: true
            columns:
              id: uuid not null default gen_random_uuid()
              email: varchar(80) null
              score: decimal(5,2) not null default '0'
              tags: "text [] default array[]::text[]"
              since: interval default '60 minutes'
              at: timestamptz default now()
        """,
    )
    assert lines == [
        "PASS table leads | present",
        "PASS table leads | row_security",
        *(f"PASS table leads | column id {what}" for what in ("type", "nullability", "default")),
        *(f"PASS table leads | column email {what}" for what in ("type", "nullability")),
        *(f"PASS table leads | column score {what}" for what in ("type", "nullability", "default")),
        *(f"PASS table leads | column tags {what}" for what in ("type", "default")),
        *(f"PASS table leads | column since {what}" for what in ("type", "default")),
        *(f"PASS table leads | column at {what}" for what in ("type", "default")),
    ]


def test_a_missing_table_is_one_failure_that_names_the_nearest(audited: Audited) -> None:
    lines = audited(LEADS, "tables: {lead: {row_security: true, columns: {id: uuid}}}")
    assert lines == ['FAIL table lead | present | expected lead, found None | did you mean "leads"?']


def test_a_table_of_another_schema_is_the_nearest(audited: Audited) -> None:
    lines = audited("create schema crm; create table crm.leads ()", "tables: {leads: present}")
    assert lines == ['FAIL table leads | present | expected leads, found None | did you mean "crm.leads"?']


def test_two_schemas_may_hold_the_same_name(audited: Audited) -> None:
    sql = "create schema crm; create table crm.leads (a int); create table leads (a text)"
    lines = audited(sql, "tables: {leads: {columns: {a: text}}, crm.leads: {columns: {a: text}}}")
    assert lines[1:4:2] == [
        "PASS table leads | column a type",
        "FAIL table crm.leads | column a type | expected text, found integer"
        " | fix: alter table crm.leads alter column a type text;",
    ]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "{row_security: false}",
            "row_security | expected false, found true | fix: alter table public.leads disable row level security;",
        ),
        (
            "{columns: {emial: text}}",
            'column emial type | expected text, found None | did you mean "email"?'
            " | fix: alter table public.leads add column emial text;",
        ),
        (
            "{columns: {email: varchar(90)}}",
            "column email type | expected varchar(90), found character varying(80)"
            " | fix: alter table public.leads alter column email type varchar(90);",
        ),
        (
            "{columns: {email: varchar(80) not null}}",
            "column email nullability | expected not null, found null"
            " | fix: alter table public.leads alter column email set not null;",
        ),
        (
            "{columns: {at: timestamptz null}}",
            "column at nullability | expected null, found not null"
            " | fix: alter table public.leads alter column at drop not null;",
        ),
        (
            "{columns: {since: interval default '2 hours'}}",
            "column since default | expected '2 hours', found '01:00:00'::interval"
            " | fix: alter table public.leads alter column since set default '2 hours';",
        ),
        (
            "{columns: {email: varchar(80) default 'x'}}",
            "column email default | expected 'x', found None"
            " | fix: alter table public.leads alter column email set default 'x';",
        ),
        (
            "{exactly: [columns], columns: {id: uuid, email: varchar(80), score: 'numeric(5,2)', tags: 'text[]'}}",
            "exactly columns | columns since: expected None, found since | columns at: expected None, found at"
            " | fix: state since, at under columns, or drop what nobody needs",
        ),
    ],
)
def test_what_is_not_as_stated_is_told_whole(failing: Audited, stated: str, said: str) -> None:
    assert failing(LEADS, f"tables: {{leads: {stated}}}") == [f"FAIL table leads | {said}"]


def test_a_type_that_does_not_exist_fails_alone_with_the_nearest(failing: Audited) -> None:
    sql = "create type mood as enum ('ok'); create table t (a mood, b int)"
    lines = failing(sql, "tables: {t: {columns: {a: moood, b: int4}}}")
    assert lines == [
        'FAIL table t | column a type | expected moood, found mood | type "moood" does not exist; did you mean "mood"?'
    ]


def test_a_type_of_a_schema_that_is_not_there_says_so(failing: Audited) -> None:
    lines = failing("create table t (a int)", "tables: {t: {columns: {a: crm.mood}}}")
    assert lines == ['FAIL table t | column a type | expected crm.mood, found integer | schema "crm" does not exist']


def test_a_default_that_cannot_be_read_is_an_error_and_the_others_are_compared(failing: Audited) -> None:
    sql = "create table t (a int default 1, b interval default '1 day')"
    stated = "tables: {t: {columns: {a: int default 'one', b: interval default '24 hours'}}}"
    assert failing(sql, stated) == [
        "ERROR table t | column a default"
        " | column a default cannot be evaluated: invalid input syntax for type integer: \"one\" in `'one'`",
        "FAIL table t | column b default | expected '24 hours', found '1 day'::interval"
        " | fix: alter table public.t alter column b set default '24 hours';",
    ]


@pytest.mark.parametrize(("text", "problem"), [("1; commit", '";"'), ("$1", '"$1"'), ("/* 1", "a comment")])
def test_a_default_cannot_leave_its_brackets(audited: Audited, text: str, problem: str) -> None:
    lines = audited("create table t (a int default 1)", f"tables: {{t: {{columns: {{a: 'int default {text}'}}}}}}")
    why = f"{problem} is out of place" if problem.startswith('"') else f"{problem} is not closed"
    said = f"column a default cannot be evaluated: {why} in `{text}`"
    assert lines[2] == f"ERROR table t | column a default | {said}"


def test_identity_and_generated_columns_have_no_default(failing: Audited) -> None:
    sql = "create table t (a int generated always as identity, b int generated always as (1) stored)"
    assert failing(sql, "tables: {t: {columns: {a: int default 1, b: int default 1}}}") == [
        "FAIL table t | column a default | expected 1, found generated always as identity",
        "FAIL table t | column b default | expected 1, found generated always as (1) stored",
    ]


def test_a_default_out_of_a_sequence_is_the_same_with_and_without_its_schema(audited: Audited) -> None:
    sql = "create table t (a bigserial)"
    lines = audited(sql, "tables: {t: {columns: {a: bigint default nextval('t_a_seq')}}}")
    assert lines[2:] == ["PASS table t | column a default"]


def test_row_security_of_a_view_is_told_as_what_it_is(failing: Audited) -> None:
    lines = failing("create view v as select 1 as a", "tables: {v: {row_security: true, columns: {a: integer}}}")
    assert lines == ["FAIL table v | row_security | expected true, found false | it is a view"]


def test_partitioned_tables_and_their_partitions_are_tables(audited: Audited) -> None:
    sql = """
        create table e (id int not null, at date not null) partition by range (at);
        create table e_1 partition of e for values from ('2026-01-01') to ('2027-01-01');
        create index e_at on e (at);
    """
    both = "{columns: {at: date not null}, row_security: false}"
    lines = audited(sql, f"tables: {{e: {{indexes: {{e_at: (at)}}, columns: {{id: int}}}}, e_1: {both}}}")
    assert [line for line in lines if not line.startswith("PASS")] == []
    assert len(lines) == 7


def test_names_that_need_quotes_and_other_scripts(failing: Audited) -> None:
    sql = """create schema "Ünï"; create table "Ünï"."Wéird.Tä%ble" ("Sp ace" int, "%" text, "naïve" "char");"""
    stated = """
        tables:
          '"Ünï"."Wéird.Tä%ble"':
            columns: {"Sp ace": int8, "%": text default '%', naïve: '"char"'}
    """
    assert failing(sql, stated) == [
        'FAIL table "Ünï"."Wéird.Tä%ble" | column "Sp ace" type | expected int8, found integer'
        ' | fix: alter table "Ünï"."Wéird.Tä%ble" alter column "Sp ace" type int8;',
        'FAIL table "Ünï"."Wéird.Tä%ble" | column "%" default | expected \'%\', found None'
        ' | fix: alter table "Ünï"."Wéird.Tä%ble" alter column "%" set default \'%\';',
    ]


def test_exactly_closes_over_what_any_phase_in_force_names(audited: Audited) -> None:
    sql = "create table t (a int, b int, c int)"
    first = "tables: {t: {exactly: [columns], columns: {a: int}}}"
    lines = audited(sql, first, "tables: {t: {columns: {b: int}}}")
    assert [line for line in lines if "exactly" in line] == [
        "FAIL table t | exactly columns | columns c: expected None, found c"
        " | fix: state c under columns, or drop what nobody needs"
    ]
