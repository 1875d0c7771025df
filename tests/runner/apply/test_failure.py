"""A failure at the user's line, with what to do about it."""

import pytest
from apply_builders import failure, run

from nexiom_runner.database.session import Session, connect

LEADS = {"07_leads/apply.sql": "create schema crm;\ncreate table crm.leads (id int);"}


def told(session: Session, text: str, **before: str) -> list[str]:
    """The lines of the failure of one script after others."""
    scripts = {**LEADS, **before, "08_reviews/apply.sql": text}
    return failure(run(session, scripts)).splitlines()


def test_missing_table_of_another_schema_is_named(session: Session) -> None:
    text = "create table public.reviews (id int);\nselect l.id,\n       l.name\nfrom public.leads as l;"
    assert "\n".join(told(session, text)) == (
        'error: phase "08_reviews" failed: relation "public.leads" does not exist\n'
        "  phases/08_reviews/apply.sql:4:6\n"
        "    4 | from public.leads as l;\n"
        "      |      ^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42P01 in statement 2 of 2.\n"
        'state: "08_reviews" was rolled back. 1 phase applied before it remains applied. Running apply again is safe.\n'
        'hint: Table "crm.leads" is created by phase "07_leads"; is the schema name right?'
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("select * from crm.lead;", 'hint: Did you mean "leads"?'),
        (
            "select * from cmr.leads;",
            'hint: Table "crm.leads" is created by phase "07_leads"; is the schema name right?',
        ),
        ("create table cmr.other (id int);", 'hint: Did you mean "crm"?'),
        (
            "select late(); create function public.late() returns int language sql as 'select 1';",
            'hint: Function "public.late" is created by phase "08_reviews", further down in 08_reviews/apply.sql; '
            "create it before it is used.",
        ),
        ("create table public.x (id int references leads);", None),
        ("select 1 +;", None),
    ],
)
def test_hint_names_what_may_have_been_meant(session: Session, text: str, hint: str | None) -> None:
    last = told(session, text)[-1]
    assert last == hint or (hint is None and last.startswith(("state:", "hint: Table")))


def test_syntax_error_is_marked_where_the_server_found_it(session: Session) -> None:
    lines = told(session, "select 1;\n\nselect 2 frm\n  t x y;")
    assert lines[1:5] == [
        "  phases/08_reviews/apply.sql:4:3",
        "    4 |   t x y;",
        "      |   ^",
        "detail: PostgreSQL reported SQLSTATE 42601 in statement 2 of 2.",
    ]


def test_characters_count_not_bytes(session: Session) -> None:
    assert told(session, "select 'äöü‹🙂›', nope;")[1] == "  phases/08_reviews/apply.sql:1:18"


def test_error_in_a_block_is_at_its_line(session: Session) -> None:
    lines = told(session, "select 1;\ndo $x$\nbegin\n  perform 1;\n  raise exception 'no %', 'way';\nend\n$x$;")
    assert lines[:5] == [
        'error: phase "08_reviews" failed: no way',
        "  phases/08_reviews/apply.sql:5:3",
        "    5 |   raise exception 'no %', 'way';",
        "      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "detail: PostgreSQL reported SQLSTATE P0001 in statement 2 of 2. PL/pgSQL function inline_code_block line 4 at "
        "RAISE.",
    ]


def test_error_in_a_function_of_the_script_is_at_its_line(session: Session) -> None:
    text = (
        "create function public.f(a int) returns int language plpgsql as $$\nbegin\n  return 1 / a;\nend $$;\n"
        "select public.f(0);"
    )
    assert told(session, text)[1:3] == ["  phases/08_reviews/apply.sql:3:3", "    3 |   return 1 / a;"]


def test_error_in_a_function_of_another_script_is_at_the_call(session: Session) -> None:
    function = "create function public.f() returns int language plpgsql as $$ begin return 1 / 0; end $$;"
    lines = told(session, "select 1;\nselect public.f();", **{"07b_f/apply.sql": function})
    assert lines[1] == "  phases/08_reviews/apply.sql:2:1"
    assert lines[4].endswith("in statement 2 of 2. PL/pgSQL function f() line 1 at RETURN.")


def test_detail_of_the_server_is_told(session: Session) -> None:
    text = "create table public.t (id int primary key);\ninsert into public.t values (1), (1);"
    assert told(session, text)[4] == (
        "detail: PostgreSQL reported SQLSTATE 23505 in statement 2 of 2. Key (id)=(1) already exists."
    )


def test_failing_commit_is_no_statement(session: Session) -> None:
    text = (
        "create table public.a (id int primary key, up int references public.a deferrable initially deferred);\n"
        "insert into public.a values (1, 2);"
    )
    assert told(session, text)[4] == (
        "detail: PostgreSQL reported SQLSTATE 23503 when its 2 statements were committed. "
        'Key (up)=(2) is not present in table "a".'
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "set local role anon; create table public.x ();",
            "hint: Let an owner run: grant usage, create on schema public to the role it runs as there;",
        ),
        (
            "create table secret.x ();",
            'hint: Let an owner run: grant usage, create on schema secret to "nexiom_owner";',
        ),
        (
            "alter table secret_t add column x int;",
            'hint: Run as "postgres", or let it be granted: grant "postgres" to "nexiom_owner";',
        ),
        (
            "select * from secret_t;",
            'hint: Let an owner run: grant select on table secret_t to "nexiom_owner";',
        ),
        ("create role root superuser;", None),
    ],
)
def test_missing_right_names_the_grant(session: Session, admin_session: Session, text: str, hint: str | None) -> None:
    admin_session.send("create schema secret; create table public.secret_t (id int)")
    assert told(session, text)[-1] == (
        hint or 'hint: Run as a role that may, or let an owner grant the right to "nexiom_owner".'
    )


def test_hint_of_the_server_comes_first(session: Session) -> None:
    last = told(session, "create table public.t (alpha int); select alhpa from public.t;")[-1]
    assert last == 'hint: Perhaps you meant to reference the column "t.alpha".'


def test_large_script_of_one_line_is_marked_too(dsn: str) -> None:
    with connect(dsn, application="pytest") as session:
        text = "select 1;" * 500 + "select nope;"
        assert told(session, text)[1] == "  phases/08_reviews/apply.sql:1:4508"
