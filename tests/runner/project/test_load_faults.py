"""What is said of folders and files that make no project."""

# ruff: noqa: E501 (messages stand whole)

import pytest

CASES = [
    pytest.param(
        {"phases/01_a/phase.yml": "title: a"},
        """\
error: phase "01_a" has no SQL
hint: Write phases/01_a/apply.sql, which runs once, or phases/01_a/repeatable/NAME.sql, which runs again when it changes.\
""",
        id="no sql",
    ),
    pytest.param(
        {"phases/notes/apply.sql": "x"},
        """\
error: "phases/notes" is no name of a phase
detail: A phase is named by a number, an optional letter and a name of letters, digits, "_" and "-".
hint: Rename it, for example to "12_notes".\
""",
        id="misnamed phase",
    ),
    pytest.param(
        {"phases/03_été/apply.sql": "x"},
        """\
error: "phases/03_été" is no name of a phase
detail: A phase is named by a number, an optional letter and a name of letters, digits, "_" and "-".
hint: Rename it, for example to "03_ete".\
""",
        id="misnamed phase accents",
    ),
    pytest.param(
        {"tests/sql/t.sql": "select 1;", "tests/sql/t.yml": ""},
        """\
error: key "statements" is missing in "tests/sql/t.yml"
  tests/sql/t.yml:1:1
    1 |\x20
      | ^
hint: tests/sql/t.yml is empty: write statements: … into it.\
""",
        id="empty test",
    ),
    pytest.param(
        {"phases/12 Pipeline runner/apply.sql": "x"},
        """\
error: "phases/12 Pipeline runner" is no name of a phase
detail: A phase is named by a number, an optional letter and a name of letters, digits, "_" and "-".
hint: Rename it, for example to "12_Pipeline_runner".\
""",
        id="misnamed phase spaces",
    ),
    pytest.param(
        {"phases/01_a.sql": "x"},
        """\
error: "phases/01_a.sql" is a file; a phase is a folder
hint: Move it to "phases/01_a/apply.sql".\
""",
        id="sql in phases",
    ),
    pytest.param(
        {"phases/01_a/aply.sql": "x", "phases/01_a/apply.sql": "select 1;"},
        """\
error: unknown file "phases/01_a/aply.sql"
hint: Did you mean "apply.sql"?\
""",
        id="misnamed file",
    ),
    pytest.param(
        {"phases/01_a/tables.sql": "x", "phases/01_a/apply.sql": "select 1;"},
        """\
error: unknown file "phases/01_a/tables.sql"
hint: Known: apply.sql, backfill.sql, phase.yml, repeatable, revert.sql.\
""",
        id="other sql",
    ),
    pytest.param(
        {"phases/01_a/repeatables/f.sql": "x", "phases/01_a/apply.sql": "select 1;"},
        """\
error: unknown folder "phases/01_a/repeatables"
hint: Did you mean "repeatable"?\
""",
        id="repeatables",
    ),
    pytest.param(
        {"phases/01_a/phase.yaml": "x", "phases/01_a/apply.sql": "select 1;"},
        """\
error: unknown file "phases/01_a/phase.yaml"
hint: Did you mean "phase.yml"?\
""",
        id="phase.yaml",
    ),
    pytest.param(
        {"phases/01_a/apply.sql/x": "x"},
        """\
error: "phases/01_a/apply.sql" is a folder
error: phase "01_a" has no SQL
hint: Write phases/01_a/apply.sql, which runs once, or phases/01_a/repeatable/NAME.sql, which runs again when it changes.\
""",
        id="apply folder",
    ),
    pytest.param(
        {"phases/01_a/repeatable": "x", "phases/01_a/apply.sql": "select 1;"},
        'error: "phases/01_a/repeatable" is a file',
        id="repeatable file",
    ),
    pytest.param(
        {"phases/01_a/repeatable/x/f.sql": "x", "phases/01_a/apply.sql": "select 1;"},
        """\
error: "phases/01_a/repeatable/x/f.sql" is not read: folders below "phases/01_a/repeatable" are not looked into
hint: Move it to "phases/01_a/repeatable/".\
""",
        id="folder below",
    ),
    pytest.param(
        {"phases/01_a/repeatable/f.SQL": "x", "phases/01_a/apply.sql": "select 1;"},
        """\
error: "phases/01_a/repeatable/f.SQL" is not read: its name does not end with ".sql"
hint: Rename it to "f.sql".\
""",
        id="upper SQL",
    ),
    pytest.param(
        {"phases/4_x/apply.sql": "x", "phases/04_x/apply.sql": "x"},
        """\
error: phases "04_x" and "4_x" are the same name twice
hint: Give one of them another number; `renamed_from: 4_x` in its phase.yml keeps its history.\
""",
        id="same name twice",
    ),
    pytest.param(
        {"phases/13_x/apply.sql": "x", "phases/13_y/apply.sql": "x"},
        """\
error: phases "13_x" and "13_y" have the same number 13
hint: Give one of them another number; `renamed_from: 13_y` in its phase.yml keeps its history.\
""",
        id="same number",
    ),
    pytest.param(
        {"phases/04b_x/apply.sql": "x", "phases/04B_y/apply.sql": "x"},
        """\
error: phases "04B_y" and "04b_x" have the same number 4b
hint: Give one of them another number; `renamed_from: 04b_x` in its phase.yml keeps its history.\
""",
        id="case number",
    ),
    pytest.param(
        {"phases/01_a/apply.sql": b"\xff\xfes\x00e\x00l\x00e\x00c\x00t\x00 \x001\x00;\x00"},
        """\
error: "phases/01_a/apply.sql" is UTF-16, not UTF-8
  phases/01_a/apply.sql:1:1
hint: Windows PowerShell writes it; save the file as UTF-8 (Out-File -Encoding utf8).\
""",
        id="utf16",
    ),
    pytest.param(
        {"phases/01_a/apply.sql": b"s\x00e\x00l\x00e\x00c\x00t\x00 \x001\x00;\x00"},
        """\
error: "phases/01_a/apply.sql" is UTF-16, not UTF-8
  phases/01_a/apply.sql:1:1
hint: Windows PowerShell writes it; save the file as UTF-8 (Out-File -Encoding utf8).\
""",
        id="utf16 no bom",
    ),
    pytest.param(
        {"nexiom.yml": b"\xff\xfen\x00a\x00m\x00e\x00:\x00 \x00x\x00"},
        """\
error: "nexiom.yml" is UTF-16, not UTF-8
  nexiom.yml:1:1
hint: Windows PowerShell writes it; save the file as UTF-8 (Out-File -Encoding utf8).\
""",
        id="utf16 yml",
    ),
    pytest.param(
        {"phases/01_a/apply.sql": b"select 1;\nselect '\xc3\xa9\x00';\n"},
        """\
error: a NUL character stands in the file
  phases/01_a/apply.sql:2:10
    2 | select 'é�';
      |          ^
hint: PostgreSQL would silently ignore everything behind it; remove it.\
""",
        id="nul",
    ),
    pytest.param(
        {"phases/01_a/apply.sql": b"select 1;\nselect '\xe9t\xe9';\n"},
        """\
error: byte 0xe9 is not UTF-8
  phases/01_a/apply.sql:2:9
    2 | select '�t�';
      |         ^
hint: Save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 phases/01_a/apply.sql\
""",
        id="latin1",
    ),
    pytest.param(
        {
            "phases/01_a/phase.yml": "needs: [02_events]\n",
            "phases/01_a/apply.sql": "select 1;",
            "phases/02_events_and_more/apply.sql": "x",
        },
        """\
error: unknown phase "02_events" in "needs"
  phases/01_a/phase.yml:1:9
    1 | needs: [02_events]
      |         ^^^^^^^^^
hint: Did you mean "02_events_and_more"?\
""",
        id="need unknown",
    ),
    pytest.param(
        {"phases/01_a/phase.yml": "needs: [01_a]\n", "phases/01_a/apply.sql": "select 1;"},
        """\
error: phase "01_a" needs itself
  phases/01_a/phase.yml:1:9
    1 | needs: [01_a]
      |         ^^^^
hint: Take it out.\
""",
        id="need self",
    ),
    pytest.param(
        {"phases/01_a/phase.yml": "needs: [events]\n", "phases/01_a/apply.sql": "select 1;"},
        """\
error: unknown phase "events" in "needs"
  phases/01_a/phase.yml:1:9
    1 | needs: [events]
      |         ^^^^^^
hint: Known: 01_a.\
""",
        id="need malformed",
    ),
    pytest.param(
        {
            "phases/01_a/phase.yml": "renamed_from: 02_b\n",
            "phases/01_a/apply.sql": "select 1;",
            "phases/02_b/apply.sql": "x",
        },
        """\
error: phase "01_a" cannot be renamed from "02_b", which is still there
  phases/01_a/phase.yml:1:15
    1 | renamed_from: 02_b
      |               ^^^^
hint: Rename the folder "phases/02_b", or take `renamed_from` out.\
""",
        id="renamed from present",
    ),
    pytest.param(
        {
            "phases/01_a/phase.yml": "renamed_from: 02_c\n",
            "phases/01_a/apply.sql": "select 1;",
            "phases/02_b/apply.sql": "x",
            "phases/02_b/phase.yml": "renamed_from: 02_c\n",
        },
        """\
error: phases "01_a" and "02_b" are both renamed from "02_c"
  phases/02_b/phase.yml:1:15
    1 | renamed_from: 02_c
      |               ^^^^
hint: One of them keeps its history; take `renamed_from` out of the other.\
""",
        id="renamed twice",
    ),
    pytest.param(
        {"phases/01_a/phase.yml": "renamed_from: 01_a\n", "phases/01_a/apply.sql": "select 1;"},
        """\
error: phase "01_a" is renamed from itself
  phases/01_a/phase.yml:1:15
    1 | renamed_from: 01_a
      |               ^^^^
hint: Take `renamed_from` out.\
""",
        id="renamed self",
    ),
    pytest.param(
        {
            "audits/a.sql": """\
-- phase: 01_b
select 1\
""",
            "phases/01_a/apply.sql": "select 1;",
        },
        """\
error: unknown phase "01_b" in the first lines
  audits/a.sql:1:11
    1 | -- phase: 01_b
      |           ^^^^
hint: Did you mean "01_a"?\
""",
        id="audit phase",
    ),
    pytest.param(
        {
            "audits/a.sql": """\
-- phase:
select 1\
"""
        },
        """\
error: "-- phase:" says nothing
  audits/a.sql:1:10
    1 | -- phase:
      |          ^
hint: Write -- phase: 12_pipeline_runner.\
""",
        id="audit phase nothing",
    ),
    pytest.param(
        {
            "audits/a.sql": """\
-- phase: 01_a
-- phase: 01_a
select 1\
""",
            "phases/01_a/apply.sql": "select 1;",
        },
        """\
error: "-- phase:" is said twice
  audits/a.sql:2:11
    2 | -- phase: 01_a
      |           ^
detail: It is first said at audits/a.sql:1:11.
hint: Keep one of them.\
""",
        id="audit phase twice",
    ),
    pytest.param(
        {
            "audits/a.sql": """\
-- phases: 01_a
select 1\
""",
            "phases/01_a/apply.sql": "select 1;",
        },
        """\
error: unknown first line "phases:"
  audits/a.sql:1:4
    1 | -- phases: 01_a
      |    ^^^^^^
hint: Did you mean "phase"?\
""",
        id="audit near miss",
    ),
    pytest.param(
        {
            "audits/a.sql": """\
-- may_be_empty: x
select 1\
"""
        },
        """\
error: unknown first line "may_be_empty:"
  audits/a.sql:1:4
    1 | -- may_be_empty: x
      |    ^^^^^^^^^^^^
hint: Did you mean "may be empty"?\
""",
        id="audit may be",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "statements: {1: {rows: many}}\n",
        },
        """\
error: key "statements.1.rows" expects a number of rows or a range, found "many"
  tests/sql/t.yml:1:24
    1 | statements: {1: {rows: many}}
      |                        ^^^^
hint: Write 1, 0..5 or 1...\
""",
        id="test rows",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "statements: {1: {rows: 5..1}}\n",
        },
        """\
error: key "statements.1.rows" expects a range whose end is not below its beginning, found "5..1"
  tests/sql/t.yml:1:24
    1 | statements: {1: {rows: 5..1}}
      |                        ^^^^\
""",
        id="test range",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "statements: {0: {rows: 1}}\n",
        },
        """\
error: statements are counted from 1, found 0
  tests/sql/t.yml:1:14
    1 | statements: {0: {rows: 1}}
      |              ^\
""",
        id="test zero",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "statements: {secnd: {rows: 1}}\n",
        },
        """\
error: unknown statement "secnd" in "tests/sql/t.sql"
  tests/sql/t.yml:1:14
    1 | statements: {secnd: {rows: 1}}
      |              ^^^^^
hint: Did you mean "second"?\
""",
        id="test name",
    ),
    pytest.param(
        {"tests/sql/t.sql": "select 1", "tests/sql/t.yml": "statements: {second: {rows: 1}}\n"},
        """\
error: unknown statement "second" in "tests/sql/t.sql"
  tests/sql/t.yml:1:14
    1 | statements: {second: {rows: 1}}
      |              ^^^^^^
hint: Name it there with a line `-- name: second`, or give its position from 1.\
""",
        id="test no names",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "statements: {1: {row: 1}}\n",
        },
        """\
error: unknown key "row" in "statements.1"
  tests/sql/t.yml:1:18
    1 | statements: {1: {row: 1}}
      |                  ^^^
hint: Did you mean "rows"?\
""",
        id="test key",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "statements: {1: {columns: {a: interger}}}\n",
        },
        """\
error: expected a type, found "interger"
  tests/sql/t.yml:1:31
    1 | statements: {1: {columns: {a: interger}}}
      |                               ^^^^^^^^
hint: Did you mean "int"?\
""",
        id="test shape",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": "1: {rows: 1}\n",
        },
        """\
error: unknown key "1" in "tests/sql/t.yml"
  tests/sql/t.yml:1:1
    1 | 1: {rows: 1}
      | ^
hint: Known: statements.
error: key "statements" is missing in "tests/sql/t.yml"
  tests/sql/t.yml:1:1
    1 | 1: {rows: 1}
      | ^\
""",
        id="test statements missing",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yml": """\
statements:
  1:
    columns:
      a: int # x
""",
        },
        """\
error: "# x" is cut off the shape as a comment
  tests/sql/t.yml:4:14
    4 |       a: int # x
      |              ^^^
hint: Quote the shape ('int # x') if it belongs to it; put a comment on a line of its own.\
""",
        id="test comment",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/u.yml": "statements: {}\n",
        },
        """\
error: "tests/sql/u.yml" has no script "tests/sql/u.sql" beside it
hint: Did you mean "tests/sql/t.sql"?\
""",
        id="yml alone",
    ),
    pytest.param(
        {
            "tests/sql/t.sql": """\
select 1 as a;
-- name: second
select 2 as b;\
""",
            "tests/sql/t.yaml": "statements: {}\n",
        },
        """\
error: "tests/sql/t.yaml" is not read
hint: Rename it to "tests/sql/t.yml".\
""",
        id="yaml ending",
    ),
    pytest.param(
        {
            "nexiom.yml": "nam: x\n",
            "phases/01_a/phase.yml": """\
expect: {tables: {t: presnt}}
needs: [01_b]
""",
            "audits/a.sql": "-- phase: 01_c\n",
        },
        """\
error: unknown key "nam" in "nexiom.yml"
  nexiom.yml:1:1
    1 | nam: x
      | ^^^
hint: Did you mean "name"?
error: key "expect.tables.t" expects `present` or a mapping, found "presnt"
  phases/01_a/phase.yml:1:22
    1 | expect: {tables: {t: presnt}}
      |                      ^^^^^^
error: phase "01_a" has no SQL
hint: Write phases/01_a/apply.sql, which runs once, or phases/01_a/repeatable/NAME.sql, which runs again when it changes.
error: unknown phase "01_b" in "needs"
  phases/01_a/phase.yml:2:9
    2 | needs: [01_b]
      |         ^^^^
hint: Did you mean "01_a"?
error: unknown phase "01_c" in the first lines
  audits/a.sql:1:11
    1 | -- phase: 01_c
      |           ^^^^
hint: Did you mean "01_a"?\
""",
        id="everything at once",
    ),
    pytest.param(
        {
            "nexiom.yml": "a: [\n",
            "phases/01_a/apply.sql": "select 1;",
            "phases/01_a/phase.yml": "expect: {functions: {f: {calls: {c: {with: {p: {$secret: K}}, on: [prod]}}}}}",
        },
        """\
error: expected a value or a closing bracket, found the end
  nexiom.yml:1:5
    1 | a: [
      |     ^
hint: Close the bracket; quote a text that holds brackets or commas.\
""",
        id="broken settings",
    ),
]


@pytest.mark.parametrize(("files", "message"), CASES)
def test_wrong_files_are_refused_with_place_and_right_form(refused, files, message):
    assert "\n".join(refused({"nexiom.yml": "name: x\n", **files})) == message
