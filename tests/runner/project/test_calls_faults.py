"""What is said of calls, users and fixtures that do not say what they must."""

import pytest

PATH = "phases/01_a/phase.yml"
WHERE = "expect.functions.f.calls.a"


def told(message, written, width, column=None, hint=None, detail=None, line=5, path=PATH):
    at = column or 1
    excerpt = f"    {line} | {written}\n    {' ' * len(str(line))} | {' ' * (at - 1)}{'^' * width}"
    extra = "".join(f"\n{word}: {text}" for word, text in (("detail", detail), ("hint", hint)) if text)
    return f"error: {message}\n  {path}:{line}:{at}\n{excerpt}{extra}"


CASES = [
    (
        "a: {sessions: 2}",
        f'call "{WHERE}" is made in 2 sessions, which see one another only once they commit',
        ("a: ", "Add commit: clone.", 1),
    ),
    (
        "a: {commit: clone, sessions: 2, twice: true}",
        f'call "{WHERE}" says both "twice" and "sessions"',
        ("a: ", "Write two calls.", 1),
    ),
    (
        "a: {commit: clone, sessions: 17}",
        f'key "{WHERE}.sessions" expects a number of sessions from 2 to 16, found "17"',
        ("17", None),
    ),
    (
        "a: {commit: true}",
        f'key "{WHERE}.commit" expects clone, found "true"',
        ("true", None),
    ),
    (
        "a: {rows: x}",
        f'key "{WHERE}.rows" expects a number or a range, found "x"',
        ("x", "Write 1, 0..5 or 1..."),
    ),
    (
        "a: {raises: {}}",
        f'key "{WHERE}.raises" expects "sqlstate", "message" or both, found a mapping',
        ("{}}", None, 1),
    ),
    (
        "a: {raises: 22023, rows: 2}",
        f'call "{WHERE}" expects "rows" and an error',
        ("a: ", 'Keep "rows" or "raises".', 1),
    ),
    (
        "a: {raises: 22023, twice: true}",
        f'call "{WHERE}" expects "twice" and an error',
        ("a: ", 'Keep "twice" or "raises".', 1),
    ),
    (
        "a: {result: [int], rows: {each: int}}",
        f'call "{WHERE}" states the shape of its rows twice',
        ("a: ", 'Keep "result", or "each" of "rows".', 1),
    ),
    (
        "a: {notices: done}",
        f'key "{WHERE}.notices" expects a list of messages, or none, found "done"',
        ("done", "Write [done]."),
    ),
    (
        "a: {notices: [~ (]}",
        f'the regular expression in "{WHERE}.notices" has a "(" that is not closed',
        ("~ (", "A parenthesis itself is written \\(."),
    ),
    (
        "a: {changes: {}}",
        f'key "{WHERE}.changes" expects a mapping of tables, or none, found a mapping',
        ("{}}", "Write {messages: {inserted: 1}}.", 1),
    ),
    (
        "a: {changes: {t: {insert: 1}}}",
        f'unknown key "insert" in "{WHERE}.changes.t"',
        ("insert", 'Did you mean "inserted"?'),
    ),
    (
        "a: {within: {buffers: 0}}",
        f'key "{WHERE}.within.buffers" expects a number of pages, found "0"',
        ("0", "Write it like 200."),
    ),
    (
        "a: {as: anna, matrix: {anon: {}}}",
        f'call "{WHERE}" has both "as" and "matrix"',
        ("a: ", "The matrix names who calls.", 1),
    ),
    (
        "a: {as: {role: anon, claims: {role: x}}}",
        f'"{WHERE}.as" has the role "anon" and claims "x"',
        ("x}", "Leave role out of the claims: it is filled in.", 1),
    ),
    (
        "a: {as: {role: anon, claims: {exp: {$ahead: 1 hour}}}}",
        f'key "{WHERE}.as.claims.exp" expects a value without a time, found a mapping',
        (
            "{$ahead",
            "Times of a token are seconds since 1970, and nothing looks at them here: leave it out.",
            1,
        ),
    ),
    (
        "a: {with: {p: {$ago: yesterday}}}",
        f'key "{WHERE}.with.p.$ago" expects an interval, found "yesterday"',
        ("yesterday", "Write it like 2 hours, 3 days 12 hours or 00:30."),
    ),
    (
        "a: {with: {p: {$ago: 1 day, x: 1}}}",
        f'key "{WHERE}.with.p" expects {{$ago: 2 hours}} and nothing beside it, found a mapping',
        ("{$ago", None, 1),
    ),
    (
        "a: {with: {p: {$agoo: 1 day}}}",
        f'unknown key "$agoo" in "{WHERE}.with.p"',
        ("$agoo", 'Did you mean "$ago"?'),
    ),
    (
        "a: {cases: []}",
        f'key "{WHERE}.cases" expects a mapping of cases by name, or a list of cases, found a list',
        ("[", None),
    ),
    (
        "a: {cases: [{p: 1}, {p: 1}]}",
        f'two cases in "{WHERE}.cases" are p=1',
        ("{p: 1}]", "Keep one of them, or give the cases names: {NAME: {ARGUMENT: VALUE}}.", 1),
    ),
    (
        "a: {cases: {x: {$resul: int}}}",
        f'unknown key "resul" in "{WHERE}.cases.x"',
        ("$resul", 'Did you mean "result"?', 5),
    ),
    (
        "a: {given: messages}",
        f'key "{WHERE}.given" expects a file of fixtures/, or rows by table, found "messages"',
        (
            "messages",
            "Write NAME.sql or NAME.yml for a file, {TABLE: NAME.csv} for one of CSV, {TABLE: [ROW]} for rows.",
        ),
    ),
    (
        "a: {given: {t: {a: 1}}}",
        f'key "{WHERE}.given.t" expects a list of rows, or a file of CSV, found a mapping',
        ("{a: 1", "Write [{COLUMN: VALUE}] for one row, or NAME.csv for a file.", 1),
    ),
    (
        "a: {given: {t: [1]}}",
        f'key "{WHERE}.given.t" expects a row: a mapping of values by column, found "1"',
        ("1]", None, 1),
    ),
    (
        "a: {given: [oone.sql, {t: two.csv}]}",
        'unknown fixture "oone.sql" in call "a" of function "f"',
        ("oone.sql", 'Did you mean "one.sql"?'),
    ),
    (
        "a: {given: {t: two.csv}}",
        'unknown fixture "two.csv" in call "a" of function "f"',
        ("two.csv", "Write fixtures/two.csv."),
    ),
    (
        "a: {given: {t: [{k: {$secret: KEY}}]}}",
        'unknown secret "KEY" in call "a" of function "f"',
        ("KEY", "List it in nexiom.yml: secrets: [KEY]"),
    ),
]


@pytest.mark.parametrize(("written", "message", "at"), CASES, ids=[written[:40] for written, _, _ in CASES])
def test_what_cannot_be_is_refused_with_place_and_right_form(refused, written, message, at):
    line = f"        {written}"
    files = {
        "phases/01_a/apply.sql": "select 1;",
        PATH: f"expect:\n  functions:\n    f:\n      calls:\n{line}\n",
        "fixtures/one.sql": "select 1;",
    }
    marked, hint, *width = at
    column = line.index(marked) + 1
    expected = told(message, line, width[0] if width else len(marked), column, hint)
    assert refused(files)[0] == expected


def test_an_argument_of_a_case_is_one_of_the_functions(refused):
    line = "expect: {functions: {f: {arguments: {p: int}, calls: {a: {cases: [{p: 1}, {q: 1, $result: int}]}}}}}"
    files = {"phases/01_a/apply.sql": "select 1;", PATH: line}
    assert refused(files) == [told(f'unknown argument "q" in "{WHERE}.cases"', line, 1, 76, hint="Known: p.", line=1)]


@pytest.mark.parametrize(
    "call",
    [
        "{rows: {each: text # a name\n   }}",
        "{cases: [{$result: text # a name\n   }]}",
        "{cases: {x: {$rows: {each: text # a name\n   }}}}",
        "{matrix: {anon: {result: text # a name\n   }}}",
        "{matrix: {anon: {rows: {each: text # a name\n   }}}}",
    ],
)
def test_a_comment_that_cuts_a_shape_is_told_wherever_it_stands(refused, call):
    files = {"phases/01_a/apply.sql": "select 1;", PATH: f"expect: {{functions: {{f: {{calls: {{a: {call}}}}}}}}}\n"}
    (fault,) = refused(files)
    assert fault.startswith('error: "# a name" is cut off the shape as a comment\n')


def test_a_user_is_declared_once(refused):
    files = {
        "nexiom.yml": "name: x\nusers: {anna: {role: anon}}\n",
        "phases/01_a/apply.sql": "select 1;",
        PATH: "users: {anna: {role: anon}, 1: {role: anon}, bert: {}}\n",
    }
    line = "users: {anna: {role: anon}, 1: {role: anon}, bert: {}}"
    assert refused(files) == [
        told('user "1" expects letters, digits, "_", "-" and "." as its name', line, 1, 29, line=1),
        told('key "role" is missing in "users.bert"', line, 1, 52, line=1),
        told(
            'user "anna" is declared twice',
            line,
            4,
            9,
            "A user is known in every phase: keep one of them.",
            "The first is at nexiom.yml:2:9.",
            line=1,
        ),
    ]


def test_faults_of_fixtures_are_told_in_their_files(refused):
    files = {
        "fixtures/a.yml": "t: [1]\nu: none.csv\n",
        "fixtures/b.csv": "a,b\n1\n",
        "fixtures/c.yaml": "t: []\n",
    }
    assert refused(files) == [
        told(
            'key "t" expects a row: a mapping of values by column, found "1"',
            "t: [1]",
            1,
            5,
            line=1,
            path="fixtures/a.yml",
        ),
        told("the header has 2 columns, this row 1", "1", 1, 1, line=2, path="fixtures/b.csv"),
        'error: "fixtures/c.yaml" is not read\nhint: Rename it to "fixtures/c.yml".',
        told(
            'unknown fixture "none.csv" in "fixtures/a.yml"',
            "u: none.csv",
            8,
            4,
            "Known: b.csv.",
            line=2,
            path="fixtures/a.yml",
        ),
    ]
