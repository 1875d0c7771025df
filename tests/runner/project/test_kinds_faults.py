"""What is said of expectations of every kind that do not say what they must."""

# ruff: noqa: E501 (messages stand whole)

import pytest

CASES = [
    pytest.param(
        "tables: {t: {constraints: {c: a > 0}}}",
        """\
error: key "expect.tables.t.constraints.c" expects `absent` or SQL as in `foreign key (channel_id) references channels (id) on delete cascade`, found "a > 0"
  phases/01_a/phase.yml:2:33
    2 |   tables: {t: {constraints: {c: a > 0}}}
      |                                 ^^^^^
hint: It begins with primary key, unique, foreign key, check or exclude.\
""",
        id="a constraint",
    ),
    pytest.param(
        "tables: {t: {policies: {p: [select]}}}",
        """\
error: key "expect.tables.t.policies.p" expects a text, found a list
  phases/01_a/phase.yml:2:30
    2 |   tables: {t: {policies: {p: [select]}}}
      |                              ^\
""",
        id="a policy",
    ),
    pytest.param(
        "tables: {t: {triggers: {g: when inserted}}}",
        """\
error: key "expect.tables.t.triggers.g" expects `absent` or SQL as in `before insert or update of status for each row execute function touch()`, found "when inserted"
  phases/01_a/phase.yml:2:30
    2 |   tables: {t: {triggers: {g: when inserted}}}
      |                              ^^^^^^^^^^^^^
hint: It begins with before, after, instead of or constraint after.\
""",
        id="a trigger",
    ),
    pytest.param(
        "tables: {t: {column_grants: {anon: {a: [delete]}}}}",
        """\
error: unknown privilege "delete" in "expect.tables.t.column_grants.anon.a"
  phases/01_a/phase.yml:2:43
    2 |   tables: {t: {column_grants: {anon: {a: [delete]}}}}
      |                                           ^^^^^^
hint: Known: select, insert, update, references.\
""",
        id="grants on columns",
    ),
    pytest.param(
        "tables: {t: {kind: matview}}",
        """\
error: key "expect.tables.t.kind" expects table, partitioned table, foreign table, view or materialized view, found "matview"
  phases/01_a/phase.yml:2:22
    2 |   tables: {t: {kind: matview}}
      |                      ^^^^^^^
hint: Did you mean "view"?\
""",
        id="kind of table",
    ),
    pytest.param(
        "views: {v: {security_invokr: true}}",
        """\
error: unknown key "security_invokr" in "expect.views.v"
  phases/01_a/phase.yml:2:15
    2 |   views: {v: {security_invokr: true}}
      |               ^^^^^^^^^^^^^^^
hint: Did you mean "security_invoker"?\
""",
        id="a key of a view",
    ),
    pytest.param(
        "schemas: {crm: {grants: {anon: [all]}}}",
        """\
error: "expect.schemas.crm.grants.anon" says "all"
  phases/01_a/phase.yml:2:35
    2 |   schemas: {crm: {grants: {anon: [all]}}}
      |                                   ^^^
hint: Name them: what ALL means differs between versions of PostgreSQL.\
""",
        id="grants of a schema",
    ),
    pytest.param(
        "schemas: [crm]",
        """\
error: key "expect.schemas" expects a mapping of schemas by name, found a list
  phases/01_a/phase.yml:2:12
    2 |   schemas: [crm]
      |            ^\
""",
        id="a list of schemas",
    ),
    pytest.param(
        "schemas: {'': present}",
        """\
error: key "expect.schemas." expects a name, found nothing
  phases/01_a/phase.yml:2:13
    2 |   schemas: {'': present}
      |             ^\
""",
        id="no name",
    ),
    pytest.param(
        "enums: {mood: sad}",
        """\
error: key "expect.enums.mood" expects a list, found "sad"
  phases/01_a/phase.yml:2:17
    2 |   enums: {mood: sad}
      |                 ^^^
hint: Write [sad].\
""",
        id="an enum's label",
    ),
    pytest.param(
        "enums: {mood: {label: [sad]}}",
        """\
error: unknown key "label" in "expect.enums.mood"
  phases/01_a/phase.yml:2:18
    2 |   enums: {mood: {label: [sad]}}
      |                  ^^^^^
hint: Did you mean "labels"?\
""",
        id="an unknown key",
    ),
    pytest.param(
        "enums: {mood: [sad, sad]}",
        """\
error: "sad" stands twice in "expect.enums.mood"
  phases/01_a/phase.yml:2:23
    2 |   enums: {mood: [sad, sad]}
      |                       ^^^
hint: Keep one of them.\
""",
        id="a label twice",
    ),
    pytest.param(
        "enums: {mood: present, public.mood: present}",
        """\
error: enum "public.mood" is named twice
  phases/01_a/phase.yml:2:26
    2 |   enums: {mood: present, public.mood: present}
      |                          ^^^^^^^^^^^
detail: It is first named at phases/01_a/phase.yml:2:11, as "mood".
hint: Keep one of them.\
""",
        id="an object twice",
    ),
    pytest.param(
        "domains: {email: {type: text, constraints: {c: unique}}}",
        """\
error: key "expect.domains.email.constraints.c" expects `absent` or SQL as in `check (value ~ '@')`, found "unique"
  phases/01_a/phase.yml:2:50
    2 |   domains: {email: {type: text, constraints: {c: unique}}}
      |                                                  ^^^^^^\
""",
        id="a domain's check",
    ),
    pytest.param(
        "domains: {email: text check (true)}",
        """\
error: key "expect.domains.email" expects `TYPE [not null] [default EXPRESSION]` without "check", found "text check (true)"
  phases/01_a/phase.yml:2:20
    2 |   domains: {email: text check (true)}
      |                    ^^^^^^^^^^^^^^^^^\
""",
        id="a domain's text",
    ),
    pytest.param(
        "sequences: {s: {headroom: 0.2}}",
        """\
error: key "expect.sequences.s.headroom" expects a share as in 20%, found "0.2"
  phases/01_a/phase.yml:2:29
    2 |   sequences: {s: {headroom: 0.2}}
      |                             ^^^\
""",
        id="headroom",
    ),
    pytest.param(
        "sequences: {s: {increment: one}}",
        """\
error: key "expect.sequences.s.increment" expects a whole number, found "one"
  phases/01_a/phase.yml:2:30
    2 |   sequences: {s: {increment: one}}
      |                              ^^^\
""",
        id="a number",
    ),
    pytest.param(
        "roles: {app: {logn: true}}",
        """\
error: unknown key "logn" in "expect.roles.app"
  phases/01_a/phase.yml:2:17
    2 |   roles: {app: {logn: true}}
      |                 ^^^^
hint: Did you mean "login"?\
""",
        id="an attribute of a role",
    ),
    pytest.param(
        "default_privileges: {'app in a.b.c': {tables: {}}}",
        """\
error: key "expect.default_privileges.app in a.b.c" expects ROLE or `ROLE in SCHEMA`, found "app in a.b.c"
  phases/01_a/phase.yml:2:24
    2 |   default_privileges: {'app in a.b.c': {tables: {}}}
      |                        ^^^^^^^^^^^^^^\
""",
        id="role in schema",
    ),
    pytest.param(
        "extensions: {pgcrypto: {version: '>1'}}",
        """\
error: key "expect.extensions.pgcrypto.version" expects a version as in "1.3" or ">= 1.3", found ">1"
  phases/01_a/phase.yml:2:36
    2 |   extensions: {pgcrypto: {version: '>1'}}
      |                                    ^^^^\
""",
        id="a version",
    ),
    pytest.param(
        "publications: {p: {publish: [select]}}",
        """\
error: key "expect.publications.p.publish" expects insert, update, delete or truncate, found "select"
  phases/01_a/phase.yml:2:32
    2 |   publications: {p: {publish: [select]}}
      |                                ^^^^^^\
""",
        id="what is published",
    ),
    pytest.param(
        "event_triggers: {e: {event: drop}}",
        """\
error: key "expect.event_triggers.e.event" expects ddl_command_start, ddl_command_end, sql_drop, table_rewrite or login, found "drop"
  phases/01_a/phase.yml:2:31
    2 |   event_triggers: {e: {event: drop}}
      |                               ^^^^
hint: Did you mean "sql_drop"?\
""",
        id="an event",
    ),
    pytest.param(
        "holds: {all is well: ''}",
        """\
error: key "expect.holds.all is well" expects a SQL condition with quotes that close and brackets that match, found ""
  phases/01_a/phase.yml:2:24
    2 |   holds: {all is well: ''}
      |                        ^^\
""",
        id="no condition",
    ),
    pytest.param(
        "holds: {all is well: (1 = 1}",
        """\
error: key "expect.holds.all is well" expects a SQL condition with quotes that close and brackets that match, found "(1 = 1"
  phases/01_a/phase.yml:2:24
    2 |   holds: {all is well: (1 = 1}
      |                        ^^^^^^\
""",
        id="an open bracket",
    ),
    pytest.param(
        "sequnces: {}",
        """\
error: unknown key "sequnces" in "expect"
  phases/01_a/phase.yml:2:3
    2 |   sequnces: {}
      |   ^^^^^^^^
hint: Did you mean "sequences"?\
""",
        id="a section",
    ),
    pytest.param(
        "types: {a.b.c: present}",
        """\
error: key "expect.types.a.b.c" expects a name, or schema.name, found "a.b.c"
  phases/01_a/phase.yml:2:11
    2 |   types: {a.b.c: present}
      |           ^^^^^
hint: Put SQL's double quotes around a part that holds a dot or brackets: '"a.b"'.\
""",
        id="a type's name",
    ),
    pytest.param(
        "functions: {f: {cost: cheap}}",
        """\
error: key "expect.functions.f.cost" expects a number, found "cheap"
  phases/01_a/phase.yml:2:25
    2 |   functions: {f: {cost: cheap}}
      |                         ^^^^^\
""",
        id="a cost",
    ),
    pytest.param(
        "functions: {f: {settings: [a]}}",
        """\
error: key "expect.functions.f.settings" expects a mapping of settings, found a list
  phases/01_a/phase.yml:2:29
    2 |   functions: {f: {settings: [a]}}
      |                             ^\
""",
        id="settings",
    ),
    pytest.param(
        "tables: {t: {columns: {a: 'int generated always'}}}",
        """\
error: key "expect.tables.t.columns.a" expects `always as (EXPRESSION) stored` or `always | by default as identity` after `generated`, found "int generated always"
  phases/01_a/phase.yml:2:29
    2 |   tables: {t: {columns: {a: 'int generated always'}}}
      |                             ^^^^^^^^^^^^^^^^^^^^^^\
""",
        id="a generated column",
    ),
    pytest.param(
        "tables: {t: {columns: {a: text collate}}}",
        """\
error: key "expect.tables.t.columns.a" expects a collation after `collate`, found "text collate"
  phases/01_a/phase.yml:2:29
    2 |   tables: {t: {columns: {a: text collate}}}
      |                             ^^^^^^^^^^^^\
""",
        id="a collation",
    ),
    pytest.param(
        "sequences: {s: gone}",
        """\
error: key "expect.sequences.s" expects `present`, `absent` or a mapping, found "gone"
  phases/01_a/phase.yml:2:18
    2 |   sequences: {s: gone}
      |                  ^^^^\
""",
        id="neither word",
    ),
]


@pytest.mark.parametrize(("written", "message"), CASES)
def test_wrong_expectations_are_refused_with_place_and_right_form(refused, written, message):
    files = {"phases/01_a/apply.sql": "select 1;", "phases/01_a/phase.yml": f"expect:\n  {written}\n"}
    assert "\n".join(refused(files)) == message
