"""What a table or view is besides its columns, indexes and grants: kind, owner, comment, partitions, options."""

from collections.abc import Callable

import pytest

Audited = Callable[..., list[str]]

R = """
    create unlogged table t (id int);
    comment on table t is 'It''s';
    create view v as select 1 as a;
    create materialized view m as select 1 as a with no data;
    create table ev (at timestamptz not null, k text) partition by list (lower(k));
    create table ev_a partition of ev for values in ('a', 'b');
    create table ra (at date not null, n int) partition by range (at, n);
    create table ra_1 partition of ra for values from ('2026-01-01', minvalue) to ('2027-01-01', 5);
    create table ra_d partition of ra default;
    create table ha (id int) partition by hash (id);
    create table ha_0 partition of ha for values with (modulus 2, remainder 0);
"""


def test_everything_as_stated_passes(audited: Audited) -> None:
    lines = audited(
        R,
        """
        tables:
          t: {kind: table, persistence: unlogged, force_row_security: false, owner: nexiom_owner, comment: It's}
          ev: {kind: partitioned table, partition_by: list (lower((k))), comment: ""}
          ev_a: {partition_of: public.ev, bounds: "for values in ('b', 'a')"}
          ra: {partition_by: 'RANGE ( at, "n" )'}
          ra_1: {partition_of: ra, bounds: "for values from (date '2026-01-01', MINVALUE) to ('2027-01-01', 2 + 3)"}
          ra_d: {bounds: DEFAULT}
          ha_0: {bounds: "for values with (MODULUS 2, remainder 0)"}
        views:
          v: {kind: view, security_invoker: false, security_barrier: false, check_option: none, columns: {a: int}}
          m: {kind: materialized view, populated: false}
        """,
    )
    assert [line for line in lines if not line.startswith("PASS ")] == []
    assert len(lines) == 31


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("t: {kind: view}", "table t | kind | expected view, found table"),
        (
            "t: {persistence: permanent}",
            "table t | persistence | expected permanent, found unlogged | fix: alter table public.t set logged;",
        ),
        (
            "t: {force_row_security: true}",
            "table t | force_row_security | expected true, found false"
            " | fix: alter table public.t force row level security;",
        ),
        (
            "t: {owner: Some One}",
            'table t | owner | expected Some One, found nexiom_owner | fix: alter table public.t owner to "Some One";',
        ),
        (
            "t: {comment: It's not}",
            "table t | comment | expected It's not, found It's | fix: comment on table public.t is 'It''s not';",
        ),
        ('t: {comment: ""}', "table t | comment | expected none, found It's | fix: comment on table public.t is null;"),
        (
            "ev: {partition_by: range (k)}",
            "table ev | partition_by | expected range (k), found list (lower(k))"
            " | how a table is partitioned is said when it is created",
        ),
        ("t: {partition_of: ev}", "table t | partition_of | expected ev, found none"),
        ("t: {bounds: default}", "table t | bounds | expected default, found None | it is no partition"),
        (
            "ev_a: {bounds: 'for values in (''b'', ''c'')'}",
            "table ev_a | bounds | expected for values in ('b', 'c'), found FOR VALUES IN ('a', 'b')"
            " | fix: alter table public.ev detach partition public.ev_a;\n"
            "alter table public.ev attach partition public.ev_a for values in ('b', 'c');",
        ),
        (
            "ra_1: {bounds: 'for values from (''2026-01-02'', 1) to (''2027-01-01'', 5)'}",
            "table ra_1 | bounds | expected for values from ('2026-01-02', 1) to ('2027-01-01', 5)"
            ", found FOR VALUES FROM ('2026-01-01', MINVALUE) TO ('2027-01-01', 5)"
            " | fix: alter table public.ra detach partition public.ra_1;\nalter table public.ra attach partition"
            " public.ra_1 for values from ('2026-01-02', 1) to ('2027-01-01', 5);",
        ),
    ],
)
def test_another_value_is_told_with_what_makes_it_so(failing: Audited, stated: str, said: str) -> None:
    assert failing(R, f"tables: {{{stated}}}") == [f"FAIL {said}"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "v: {security_invoker: true}",
            "security_invoker | expected true, found false | fix: alter view public.v set (security_invoker = true);",
        ),
        ("v: {populated: true}", "populated | expected true, found None | it is a view"),
        ("v: {columns: {a: text}}", "column a type | expected text, found integer"),
        ("m: {populated: true}", "populated | expected true, found false | fix: refresh materialized view public.m;"),
        ("t: present", "present | expected a view, found a table"),
        ("mm: present", 'present | expected mm, found None | did you mean "m"?'),
    ],
)
def test_a_view_that_is_not_so_is_told(audited: Audited, stated: str, said: str) -> None:
    lines = [line for line in audited(R, f"views: {{{stated}}}") if not line.startswith("PASS ")]
    assert lines == [f"FAIL view {stated.split(':')[0]} | {said}"]


def test_grants_on_columns_are_exact(failing: Audited) -> None:
    sql = 'create table t (a int, "B c" int); grant select (a), update ("B c") on t to anon;'
    assert failing(sql, "tables: {t: {column_grants: {anon: {a: [select]}, authenticated: {a: [insert]}}}}") == [
        "FAIL table t | column_grants | grants anon: expected select a, found select a, update B c"
        " | granted to anon by nexiom_owner | grants authenticated: expected insert a, found none"
        ' | fix: revoke update ("B c") on table public.t from anon;\n'
        "grant insert (a) on table public.t to authenticated;"
    ]


def test_generated_columns_and_collations(failing: Audited) -> None:
    sql = """create table t (a int, b int generated always as (a * 2) stored, c int generated always as identity,
        d text collate "C", e text);"""
    right = """tables: {t: {columns: {b: int generated always as ((a*2)) stored, d: 'text collate "C"',
        c: int not null generated always as identity, e: 'text collate "default"'}}}"""
    assert failing(sql, right) == []


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            "b: int generated always as (a * 3) stored",
            "column b default | expected generated always as (a * 3) stored, found generated always as (a * 2) stored"
            " | its values are lost and computed again | fix: alter table public.t drop column b;\n"
            "alter table public.t add column b integer generated always as (a * 3) stored;",
        ),
        (
            "a: int generated by default as identity",
            "column a default | expected generated by default as identity, found None"
            " | fix: alter table public.t alter column a add generated by default as identity;",
        ),
        (
            "c: int generated by default as identity",
            "column c default | expected generated by default as identity, found generated always as identity"
            " | fix: alter table public.t alter column c set generated by default;",
        ),
        (
            'd: text collate "POSIX"',
            'column d collation | expected "POSIX", found "C"'
            ' | fix: alter table public.t alter column d type text collate "POSIX";',
        ),
    ],
)
def test_another_way_to_a_value_is_told(failing: Audited, column: str, said: str) -> None:
    sql = """create table t (a int, b int generated always as (a * 2) stored, c int generated always as identity,
        d text collate "C", e text);"""
    assert failing(sql, f"tables:\n  t:\n    columns:\n      {column}") == [f"FAIL table t | {said}"]
