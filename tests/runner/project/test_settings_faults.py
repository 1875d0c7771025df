"""What is said of a nexiom.yml that does not say what it must."""

import pytest

CASES = [
    pytest.param(
        "",
        """\
error: key "name" is missing in "nexiom.yml"
  nexiom.yml:1:1
    1 |\x20
      | ^
hint: nexiom.yml is empty: write name: … into it.\
""",
        id="empty",
    ),
    pytest.param(
        "version: 1\n",
        """\
error: key "name" is missing in "nexiom.yml"
  nexiom.yml:1:1
    1 | version: 1
      | ^\
""",
        id="missing name",
    ),
    pytest.param(
        """\
name: x
schmas: [public]
""",
        """\
error: unknown key "schmas" in "nexiom.yml"
  nexiom.yml:2:1
    2 | schmas: [public]
      | ^^^^^^
hint: Did you mean "schemas"?\
""",
        id="unknown key",
    ),
    pytest.param(
        """\
name: x
paths: {}
""",
        """\
error: key "paths" is not read by this version of nexiom
  nexiom.yml:2:1
    2 | paths: {}
      | ^^^^^
hint: Take it out; a later version will read it.\
""",
        id="a key of later",
    ),
    pytest.param(
        "name: a b\n",
        """\
error: key "name" expects a name of letters, digits, "_", "-" and ".", found "a b"
  nexiom.yml:1:7
    1 | name: a b
      |       ^^^\
""",
        id="bad name",
    ),
    pytest.param(
        "name: [a]\n",
        """\
error: key "name" expects a text, found a list
  nexiom.yml:1:7
    1 | name: [a]
      |       ^\
""",
        id="name is a list",
    ),
    pytest.param(
        """\
name: x
version: null
""",
        """\
error: key "version" expects a text, found null
  nexiom.yml:2:10
    2 | version: null
      |          ^^^^
hint: Quote it where the word itself is meant.\
""",
        id="version null",
    ),
    pytest.param(
        """\
name: x
version:
""",
        """\
error: key "version" expects a text, found nothing
  nexiom.yml:2:9
    2 | version:
      |         ^\
""",
        id="version nothing",
    ),
    pytest.param(
        """\
name: x
schemas: public
""",
        """\
error: key "schemas" expects a list, found "public"
  nexiom.yml:2:10
    2 | schemas: public
      |          ^^^^^^
hint: Write [public].\
""",
        id="schemas text",
    ),
    pytest.param(
        """\
name: x
schemas: []
""",
        """\
error: key "schemas" expects at least 1 item, found none
  nexiom.yml:2:10
    2 | schemas: []
      |          ^\
""",
        id="schemas empty",
    ),
    pytest.param(
        """\
name: x
schemas: [nexiom]
""",
        """\
error: schema "nexiom" cannot be the project's own
  nexiom.yml:2:11
    2 | schemas: [nexiom]
      |           ^^^^^^
hint: List the schemas whose objects the phases create.\
""",
        id="schema of the ledger",
    ),
    pytest.param(
        """\
name: x
schemas: [public, public]
""",
        """\
error: "public" stands twice in "schemas"
  nexiom.yml:2:19
    2 | schemas: [public, public]
      |                   ^^^^^^
hint: Keep one of them.\
""",
        id="schema twice",
    ),
    pytest.param(
        """\
name: x
vars: {a: [1]}
""",
        """\
error: key "vars.a" expects a text, found a list
  nexiom.yml:2:11
    2 | vars: {a: [1]}
      |           ^\
""",
        id="var list",
    ),
    pytest.param(
        """\
name: x
vars: {a-b: 1}
""",
        """\
error: variable "a-b" expects letters, digits and underscores as its name
  nexiom.yml:2:8
    2 | vars: {a-b: 1}
      |        ^^^\
""",
        id="var name",
    ),
    pytest.param(
        """\
name: x
env: [A B]
""",
        """\
error: key "env" expects the name of an environment variable (letters, digits, underscores), found "A B"
  nexiom.yml:2:7
    2 | env: [A B]
      |       ^^^\
""",
        id="env name",
    ),
    pytest.param(
        """\
name: x
default_target: stagin
targets: {local: {embedded: true}, staging: {dsn: {env: S}}}
""",
        """\
error: unknown target "stagin" in "default_target"
  nexiom.yml:2:17
    2 | default_target: stagin
      |                 ^^^^^^
hint: Did you mean "staging"?\
""",
        id="default unknown",
    ),
    pytest.param(
        """\
name: x
default_target: prod
targets: {prod: {dsn: {env: S}, protected: true}}
""",
        """\
error: "default_target" names "prod", which is protected
  nexiom.yml:2:17
    2 | default_target: prod
      |                 ^^^^
hint: A protected target is used only where --target names it; make another one the default.\
""",
        id="default protected",
    ),
    pytest.param(
        """\
name: x
targets: {prod: {protected: true}}
""",
        """\
error: target "prod" says neither "embedded" nor "dsn" nor "supabase"
  nexiom.yml:2:11
    2 | targets: {prod: {protected: true}}
      |           ^^^^
hint: Write embedded: true, dsn: {env: NAME_OF_THE_VARIABLE}, or supabase: {ref: THE_PROJECT}.\
""",
        id="target neither",
    ),
    pytest.param(
        """\
name: x
targets: {prod: {embedded: true, dsn: x}}
""",
        """\
error: target "prod" has both "embedded" and "dsn"
  nexiom.yml:2:11
    2 | targets: {prod: {embedded: true, dsn: x}}
      |           ^^^^
hint: Keep one of them.\
""",
        id="target both",
    ),
    pytest.param(
        """\
name: x
targets: {prod: {embedded: true, protected: true}}
""",
        """\
error: target "prod" is embedded, so it cannot be protected
  nexiom.yml:2:11
    2 | targets: {prod: {embedded: true, protected: true}}
      |           ^^^^
hint: An embedded server is disposable; take `protected` out.\
""",
        id="target protected embedded",
    ),
    pytest.param(
        """\
name: x
targets: {a b: {embedded: true}}
""",
        """\
error: target "a b" expects letters, digits, "_", "-" and "." as its name
  nexiom.yml:2:11
    2 | targets: {a b: {embedded: true}}
      |           ^^^\
""",
        id="target name",
    ),
    pytest.param(
        """\
name: x
targets: {a: {embedded: yes}}
""",
        """\
error: key "targets.a.embedded" expects true or false, found "yes"
  nexiom.yml:2:25
    2 | targets: {a: {embedded: yes}}
      |                         ^^^
hint: Write true, without quotes.\
""",
        id="flag yes",
    ),
    pytest.param(
        """\
name: x
targets: {a: {embedded: 'true'}}
""",
        """\
error: key "targets.a.embedded" expects true or false, found "true"
  nexiom.yml:2:25
    2 | targets: {a: {embedded: 'true'}}
      |                         ^^^^^^
hint: Write true, without quotes.\
""",
        id="flag quoted",
    ),
    pytest.param(
        """\
name: x
targets: {a: {embedded: {engine: new}}}
""",
        """\
error: key "targets.a.embedded.engine" expects a major version or a folder, found "new"
  nexiom.yml:2:34
    2 | targets: {a: {embedded: {engine: new}}}
      |                                  ^^^
hint: Write a major version (16) or the folder of a PostgreSQL's programs (/usr/lib/postgresql/16/bin).\
""",
        id="engine",
    ),
    pytest.param(
        """\
name: x
targets: {a: {dsn: {}}}
""",
        """\
error: key "env" is missing in "targets.a.dsn"
  nexiom.yml:2:20
    2 | targets: {a: {dsn: {}}}
      |                    ^\
""",
        id="dsn env missing",
    ),
    pytest.param(
        """\
name: x
targets: {a: {dsn: {evn: X}}}
""",
        """\
error: unknown key "evn" in "targets.a.dsn"
  nexiom.yml:2:21
    2 | targets: {a: {dsn: {evn: X}}}
      |                     ^^^
hint: Did you mean "env"?\
""",
        id="dsn key",
    ),
    pytest.param(
        """\
name: x
targets: [a]
""",
        """\
error: key "targets" expects a mapping, found a list
  nexiom.yml:2:10
    2 | targets: [a]
      |          ^\
""",
        id="targets list",
    ),
    pytest.param(
        """\
name: x
targets: {a: {dns: 'postgresql://u:hunter2@h/d'}}
""",
        """\
error: unknown key "dns" in "targets.a"
  nexiom.yml:2:15
    2 | targets: {a: {dns: 'postgresql://u:*******@h/d'}}
      |               ^^^
hint: Did you mean "dsn"?\
""",
        id="password",
    ),
    pytest.param(
        """\
name: x
targets: {a: {dns: host=h password=hunter2}}
""",
        """\
error: unknown key "dns" in "targets.a"
  nexiom.yml:2:15
    2 | targets: {a: {dns: host=h password=*********
      |               ^^^
hint: Did you mean "dsn"?\
""",
        id="password keyword",
    ),
    pytest.param(
        "- name\n",
        """\
error: "nexiom.yml" expects a mapping, found a list
  nexiom.yml:1:1
    1 | - name
      | ^\
""",
        id="not a mapping",
    ),
    pytest.param(
        "name: x\ncoverage: {functions: all}\n",
        """\
error: key "coverage.functions" expects a number from 0 to 100, found "all"
  nexiom.yml:2:23
    2 | coverage: {functions: all}
      |                       ^^^\
""",
        id="coverage in words",
    ),
]


@pytest.mark.parametrize(("settings", "message"), CASES)
def test_wrong_settings_are_refused_with_place_and_right_form(refused, settings, message):
    assert "\n".join(refused({"nexiom.yml": settings})) == message
