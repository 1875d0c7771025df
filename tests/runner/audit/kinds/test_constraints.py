"""Constraints, each clause of them once as stated and once not, and all that is told then."""

from collections.abc import Callable

import pytest

Audited = Callable[..., list[str]]

T = """
    create table people (id int primary key, x int unique);
    create table t (
        id int primary key,
        p int constraint t_p references people on delete cascade,
        a int constraint t_a check (a > 0),
        b text,
        "Größe" int,
        constraint t_ab unique (a, b) deferrable initially deferred,
        constraint t_x foreign key (a) references people (x),
        constraint t_g unique ("Größe") include (b),
        constraint t_ex exclude using btree (id with =) where (a > 1)
    );
    alter table t add constraint t_late check (b <> '') not valid;
"""
DROP = "alter table public.t drop constraint"
ADD = "alter table public.t add constraint"


def test_constraints_in_other_words_pass(audited: Audited) -> None:
    lines = audited(
        T,
        """
        tables:
          t:
            exactly: [constraints]
            constraints:
              t_pkey: PRIMARY KEY ("id")
              t_p: foreign key (p) references public.people ( id ) on update no action on delete cascade
              t_a: check ( ((A) > 0::int) )
              t_ab: unique (a,b) deferrable initially deferred
              t_x: foreign key (a) references people (x) not deferrable
              t_g: unique nulls distinct ("Größe") include ("b")
              t_ex: "exclude using btree (id with =) where (t.a > 1)"
              t_late: check (b != '') not valid
              gone: absent
        """,
    )
    assert [line for line in lines if not line.startswith("PASS ")] == []
    assert len(lines) == 11


def test_a_target_without_columns_is_its_primary_key(audited: Audited) -> None:
    lines = audited(T, "tables: {t: {constraints: {t_p: foreign key (p) references people on delete cascade}}}")
    assert lines[1:] == ["PASS table t | constraint t_p"]


@pytest.mark.parametrize(
    ("name", "stated", "said"),
    [
        ("t_p", "foreign key (p) references people (id)", "on delete: expected no action, found cascade"),
        (
            "t_p",
            "foreign key (a) references people (x) on delete cascade on update set null",
            "columns: expected a, found p | constraint t_p target columns: expected x, found id"
            " | constraint t_p on update: expected set null, found no action",
        ),
        ("t_p", "foreign key (p) references t on delete cascade", "references: expected t, found people"),
        ("t_x", "foreign key (a) references people", "target columns: expected its primary key, found x"),
        ("t_a", "check (a >= 0)", "expression: expected a >= 0, found a > 0"),
        (
            "t_a",
            "unique (a)",
            "kind: expected unique, found check | constraint t_a columns: expected a, found None"
            " | constraint t_a expression: expected None, found a > 0",
        ),
        (
            "t_ab",
            "unique nulls not distinct (b, a) deferrable initially deferred",
            "nulls: expected nulls not distinct, found nulls distinct"
            " | constraint t_ab columns: expected b, a, found a, b",
        ),
        ("t_ab", "unique (a, b)", "deferrable: expected not deferrable, found deferrable initially deferred"),
        ("t_g", 'unique ("größe") include (b)', 'columns: expected "größe", found "Größe"'),
        (
            "t_ex",
            "exclude using gist (id with <>) where (a > 2)",
            "method: expected gist, found btree | constraint t_ex operator 1: expected <>, found ="
            " | constraint t_ex where: expected a > 2, found a > 1",
        ),
    ],
)
def test_another_clause_is_told_and_the_constraint_made_anew(
    failing: Audited, name: str, stated: str, said: str
) -> None:
    lines = failing(T, f"tables: {{t: {{constraints: {{{name}: '{stated}'}}}}}}")
    again = f"fix: {DROP} {name};\n{ADD} {name} {stated};"
    assert lines == [f"FAIL table t | constraint {name} | constraint {name} {said} | {again}"]


@pytest.mark.parametrize(
    ("name", "stated", "said"),
    [
        (
            "t_late",
            "check (b <> '''')",
            "constraint t_late valid: expected valid, found not valid"
            " | fix: alter table public.t validate constraint t_late;",
        ),
        (
            "t_x",
            "foreign key (a) references people (x) deferrable",
            "constraint t_x deferrable: expected deferrable, found not deferrable"
            " | fix: alter table public.t alter constraint t_x deferrable;",
        ),
        (
            "t_b",
            "check (a > 0)",
            'expected check (a > 0), found None | did you mean "t_a"? | fix: ' + ADD + " t_b check (a > 0);",
        ),
        ("t_a", "absent", "expected absent, found present | fix: " + DROP + " t_a;"),
        (
            "t_a",
            "check (ids > 0)",
            'expected ids > 0, found a > 0 | column "ids" does not exist; did you mean "id"?',
        ),
    ],
)
def test_the_least_that_helps_is_offered(failing: Audited, name: str, stated: str, said: str) -> None:
    lines = failing(T, f"tables: {{t: {{constraints: {{{name}: '{stated}'}}}}}}")
    assert lines == [f"FAIL table t | constraint {name} | {said}"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("check (a > 0) sometimes", '"sometimes" is out of place'),
        ("foreign key (a)", "expected references, found nothing"),
        ("exclude (a)", "expected `with OPERATOR` behind a"),
    ],
)
def test_what_cannot_be_read_is_an_error(failing: Audited, stated: str, said: str) -> None:
    lines = failing(T, f"tables: {{t: {{constraints: {{t_a: '{stated}'}}}}}}")
    assert lines == [f"ERROR table t | constraint t_a | constraint t_a cannot be evaluated: {said} in `{stated}`"]


def test_exactly_tells_what_is_not_named(failing: Audited) -> None:
    sql = "create table t (a int check (a > 0), b int check (b > 0))"
    lines = failing(sql, "tables: {t: {exactly: [constraints], constraints: {t_a_check: check (a > 0)}}}")
    assert lines == [
        "FAIL table t | exactly constraints | constraints t_b_check: expected None, found t_b_check"
        " | fix: state t_b_check under constraints, or drop what nobody needs"
    ]
