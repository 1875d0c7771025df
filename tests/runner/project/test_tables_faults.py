"""What is said of expectations of tables that do not say what they must."""

# ruff: noqa: E501 (messages stand whole)

import pytest

CASES = [
    pytest.param(
        "messages: {sensitive: [body]}",
        """\
error: key "expect.tables.messages.sensitive" expects true, false or a reason, found a list
  phases/01_a/phase.yml:3:27
    3 |     messages: {sensitive: [body]}
      |                           ^\
""",
        id="sensitive as a list",
    ),
    pytest.param(
        "messages: {sensitive: {body: null}}",
        """\
error: key "expect.tables.messages.sensitive.body" expects true, false or a reason, found null
  phases/01_a/phase.yml:3:34
    3 |     messages: {sensitive: {body: null}}
      |                                  ^^^^\
""",
        id="sensitive column without a word",
    ),
    pytest.param(
        "messages: presnt",
        """\
error: key "expect.tables.messages" expects `present` or a mapping, found "presnt"
  phases/01_a/phase.yml:3:15
    3 |     messages: presnt
      |               ^^^^^^\
""",
        id="present misspelt",
    ),
    pytest.param(
        "messages: {colums: {}}",
        """\
error: unknown key "colums" in "expect.tables.messages"
  phases/01_a/phase.yml:3:16
    3 |     messages: {colums: {}}
      |                ^^^^^^
hint: Did you mean "columns"?\
""",
        id="unknown key",
    ),
    pytest.param(
        "messages: [a]",
        """\
error: key "expect.tables.messages" expects a mapping, found a list
  phases/01_a/phase.yml:3:15
    3 |     messages: [a]
      |               ^\
""",
        id="list",
    ),
    pytest.param(
        """\
leads: present
    public.leads: present\
""",
        """\
error: table "public.leads" is named twice
  phases/01_a/phase.yml:4:5
    4 |     public.leads: present
      |     ^^^^^^^^^^^^
detail: It is first named at phases/01_a/phase.yml:3:5, as "leads".
hint: Keep one of them.\
""",
        id="two names",
    ),
    pytest.param(
        "a.b.c: present",
        """\
error: key "expect.tables.a.b.c" expects a name, or schema.name, found "a.b.c"
  phases/01_a/phase.yml:3:5
    3 |     a.b.c: present
      |     ^^^^^
hint: Put SQL's double quotes around a part that holds a dot or brackets: '"a.b"'.\
""",
        id="name",
    ),
    pytest.param(
        "t: {columns: {a: not null}}",
        """\
error: key "expect.tables.t.columns.a" expects a type, found "not null"
  phases/01_a/phase.yml:3:22
    3 |     t: {columns: {a: not null}}
      |                      ^^^^^^^^\
""",
        id="type missing",
    ),
    pytest.param(
        "t: {columns: {a: bigint primary key}}",
        """\
error: key "expect.tables.t.columns.a" expects `TYPE [not null] [default EXPRESSION]` without "primary", found "bigint primary key"
  phases/01_a/phase.yml:3:22
    3 |     t: {columns: {a: bigint primary key}}
      |                      ^^^^^^^^^^^^^^^^^^\
""",
        id="constraint",
    ),
    pytest.param(
        "t: {columns: {a: text not nul}}",
        """\
error: key "expect.tables.t.columns.a" expects `TYPE [not null] [default EXPRESSION]` without "not", found "text not nul"
  phases/01_a/phase.yml:3:22
    3 |     t: {columns: {a: text not nul}}
      |                      ^^^^^^^^^^^^\
""",
        id="not nul",
    ),
    pytest.param(
        """\
t:
      columns:
        a: text default 'x #1'\
""",
        """\
error: key "expect.tables.t.columns.a" expects quotes that close and brackets that match, found "text default 'x"
  phases/01_a/phase.yml:5:12
    5 |         a: text default 'x #1'
      |            ^^^^^^^^^^^^^^^
hint: In YAML " #" begins a comment; put the whole value between quotes.\
""",
        id="quote open",
    ),
    pytest.param(
        "t: {columns: {a: text default}}",
        """\
error: key "expect.tables.t.columns.a" expects an expression after `default`, found "text default"
  phases/01_a/phase.yml:3:22
    3 |     t: {columns: {a: text default}}
      |                      ^^^^^^^^^^^^\
""",
        id="default nothing",
    ),
    pytest.param(
        """\
t:
      columns:
        a:\
""",
        """\
error: key "expect.tables.t.columns.a" expects a text, found nothing
  phases/01_a/phase.yml:5:11
    5 |         a:
      |           ^\
""",
        id="column nothing",
    ),
    pytest.param(
        """\
t:
      columns:\
""",
        """\
error: key "expect.tables.t.columns" expects a mapping, found nothing
  phases/01_a/phase.yml:4:15
    4 |       columns:
      |               ^
hint: Write {} where there is none.\
""",
        id="columns nothing",
    ),
    pytest.param(
        "t: {columns: {a: numeric(10, 2) not null}}",
        """\
error: the comma ends the value at "numeric(10"
  phases/01_a/phase.yml:3:22
    3 |     t: {columns: {a: numeric(10, 2) not null}}
      |                      ^^^^^^^^^^
hint: Quote it: 'numeric(10, 2) not null'.\
""",
        id="comma",
    ),
    pytest.param(
        "t: {indexes: {i: unique}}",
        """\
error: key "expect.tables.t.indexes.i" expects an index as in `unique (channel, id) where id is not null`, found "unique"
  phases/01_a/phase.yml:3:22
    3 |     t: {indexes: {i: unique}}
      |                      ^^^^^^\
""",
        id="index",
    ),
    pytest.param(
        "t: {grants: {anon: [selct]}}",
        """\
error: unknown privilege "selct" in "expect.tables.t.grants.anon"
  phases/01_a/phase.yml:3:25
    3 |     t: {grants: {anon: [selct]}}
      |                         ^^^^^
hint: Did you mean "select"?\
""",
        id="privilege",
    ),
    pytest.param(
        "t: {grants: {anon: [all]}}",
        """\
error: "expect.tables.t.grants.anon" says "all"
  phases/01_a/phase.yml:3:25
    3 |     t: {grants: {anon: [all]}}
      |                         ^^^
hint: Name them: what ALL means differs between versions of PostgreSQL.\
""",
        id="all",
    ),
    pytest.param(
        "t: {grants: {anon: select}}",
        """\
error: key "expect.tables.t.grants.anon" expects a list, found "select"
  phases/01_a/phase.yml:3:24
    3 |     t: {grants: {anon: select}}
      |                        ^^^^^^
hint: Write [select].\
""",
        id="grant text",
    ),
    pytest.param(
        "t: {exactly: [column]}",
        """\
error: key "expect.tables.t.exactly" expects columns, indexes, constraints, triggers or policies, found "column"
  phases/01_a/phase.yml:3:19
    3 |     t: {exactly: [column]}
      |                   ^^^^^^
hint: Did you mean "columns"?\
""",
        id="exactly",
    ),
    pytest.param(
        "t: {row_security: on}",
        """\
error: key "expect.tables.t.row_security" expects true or false, found "on"
  phases/01_a/phase.yml:3:23
    3 |     t: {row_security: on}
      |                       ^^
hint: Write true, without quotes.\
""",
        id="row_security",
    ),
]


@pytest.mark.parametrize(("written", "message"), CASES)
def test_wrong_expectations_are_refused_with_place_and_right_form(refused, written, message):
    settings = "name: x\ntargets: {local: {embedded: true}, staging: {dsn: x}}\n"
    phase = f"expect:\n  tables:\n    {written}\n"
    files = {"nexiom.yml": settings, "phases/01_a/apply.sql": "select 1;", "phases/01_a/phase.yml": phase}
    assert "\n".join(refused(files)) == message
