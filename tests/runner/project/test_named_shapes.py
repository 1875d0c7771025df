"""Shapes stated once in nexiom.yml and used in many phases."""

from nexiom_runner.shape.model import NULL, Array, Either, Key, Object, Type

PATH = "phases/01_a/phase.yml"
SHAPES = "name: x\nshapes:\n  lead: {id: uuid, owner: $person}\n  person: {name: text}\n"
PERSON = Object((Key("name", Type("text")),))
LEAD = Object((Key("id", Type("uuid")), Key("owner", PERSON)))


def test_a_name_stands_for_its_shape_in_functions_calls_cases_and_scripts(load):
    project = load(
        {
            "nexiom.yml": SHAPES,
            "phases/01_a/apply.sql": "select 1;",
            PATH: """\
expect:
  functions:
    f:
      result: [$lead]
      calls:
        a: {result: $lead | null}
        b: {cases: [{p: 1, $result: {p: $person}}]}
""",
            "tests/sql/t.sql": "select 1;",
            "tests/sql/t.yml": "statements: {1: {columns: {p: $person}}}",
        }
    )
    (function,) = project.phases[0].functions
    assert function.result == Array(LEAD)
    assert function.calls[0].result == Either((LEAD, NULL))
    assert function.calls[1].each[0].result == Object((Key("p", PERSON),))
    assert project.sql_tests[0].statements[0].columns == (("p", PERSON),)


def told(line, number, column, width, message, hint, path):
    marks = " " * (column - 1) + "^" * width
    place = f"  {path}:{number}:{column}\n    {number} | {line}\n    {' ' * len(str(number))} | {marks}"
    return f"error: {message}\n{place}\nhint: {hint}"


def test_what_is_no_name_of_a_shape_is_refused_with_the_nearest(refused):
    line = "expect: {functions: {f: {result: [$laed], calls: {c: {result: $elsewhere}}}}}"
    files = {"nexiom.yml": SHAPES, "phases/01_a/apply.sql": "select 1;", PATH: line}
    assert refused(files) == [
        told(line, 1, 35, 5, 'unknown shape "laed" in nexiom.yml', 'Did you mean "lead"?', PATH),
        told(line, 1, 63, 10, 'unknown shape "elsewhere" in nexiom.yml', "Known: lead, person.", PATH),
    ]


def test_a_shape_that_holds_itself_is_refused(refused):
    files = {"nexiom.yml": "name: x\nshapes:\n  a: {b: $b}\n  b: [$a]\n  1: int\n"}
    name, circle = refused(files)[:2]
    assert name == (
        'error: shape "1" expects letters, digits and underscores as its name\n  nexiom.yml:5:3\n    5 |   1: int\n'
        "      |   ^"
    )
    message, hint = 'shape "a" holds itself: a → b → a', "Write any where it comes again."
    assert circle == told("  b: [$a]", 4, 7, 2, message, hint, "nexiom.yml")


def test_a_target_that_requires_pending_work_must_be_one(refused):
    line = "expect: {functions: {f: {result: true else pending(owner=x) required in prodution}}}"
    targets = "name: x\ntargets: {local: {embedded: true}, production: {dsn: x}}\n"
    files = {"nexiom.yml": targets, "phases/01_a/apply.sql": "select 1;", PATH: line}
    message, hint = 'unknown target "prodution" behind "required in"', 'Did you mean "production"?'
    assert refused(files) == [told(line, 1, 34, 4, message, hint, PATH)]
