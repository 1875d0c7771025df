"""What is said of expectations of functions that do not say what they must."""

# ruff: noqa: E501 (messages stand whole)

import pytest

CASES = [
    pytest.param(
        "f: {reason: Why, until: 2027-06-30}",
        """\
error: key "expect.functions.f.until" has no "accepted_by" beside it
  phases/01_a/phase.yml:3:29
    3 |     f: {reason: Why, until: 2027-06-30}
      |                             ^^^^^^^^^^
hint: Say who accepts it.\
""",
        id="a day of nobody's",
    ),
    pytest.param(
        "f: {accepted_by: ann, until: 2027-06-31}",
        """\
error: key "expect.functions.f.until" expects a day as YYYY-MM-DD, found "2027-06-31"
  phases/01_a/phase.yml:3:34
    3 |     f: {accepted_by: ann, until: 2027-06-31}
      |                                  ^^^^^^^^^^\
""",
        id="no such day",
    ),
    pytest.param(
        "f: there",
        """\
error: key "expect.functions.f" expects `present`, a mapping, or a list of mappings (one an overload), found "there"
  phases/01_a/phase.yml:3:8
    3 |     f: there
      |        ^^^^^\
""",
        id="text",
    ),
    pytest.param(
        "f: {argument: {}}",
        """\
error: unknown key "argument" in "expect.functions.f"
  phases/01_a/phase.yml:3:9
    3 |     f: {argument: {}}
      |         ^^^^^^^^
hint: Did you mean "arguments"?\
""",
        id="unknown key",
    ),
    pytest.param(
        "f: {arguments: [text]}",
        """\
error: key "expect.functions.f.arguments" expects a mapping of arguments by name, found a list
  phases/01_a/phase.yml:3:20
    3 |     f: {arguments: [text]}
      |                    ^
hint: Write {p_limit: integer = 100}, {$1: text} for one without a name, {} for none.\
""",
        id="arguments list",
    ),
    pytest.param(
        "f: {arguments: {a: = 3}}",
        """\
error: key "expect.functions.f.arguments.a" expects a type, found "= 3"
  phases/01_a/phase.yml:3:24
    3 |     f: {arguments: {a: = 3}}
      |                        ^^^\
""",
        id="argument type",
    ),
    pytest.param(
        "f: {arguments: {a: int =}}",
        """\
error: key "expect.functions.f.arguments.a" expects an expression after `=`, found "int ="
  phases/01_a/phase.yml:3:24
    3 |     f: {arguments: {a: int =}}
      |                        ^^^^^\
""",
        id="argument default",
    ),
    pytest.param(
        "f: {arguments: {a: out int = 3}}",
        """\
error: key "expect.functions.f.arguments.a" expects no default of an `out` argument, found "out int = 3"
  phases/01_a/phase.yml:3:24
    3 |     f: {arguments: {a: out int = 3}}
      |                        ^^^^^^^^^^^\
""",
        id="out default",
    ),
    pytest.param(
        "f: {arguments: {$2: text}}",
        """\
error: argument "$2" stands at position 1
  phases/01_a/phase.yml:3:21
    3 |     f: {arguments: {$2: text}}
      |                     ^^
hint: Write $1.\
""",
        id="position",
    ),
    pytest.param(
        "f: {returns: table(id uuid, n bigint)}",
        """\
error: the comma ends the value at "table(id uuid"
  phases/01_a/phase.yml:3:18
    3 |     f: {returns: table(id uuid, n bigint)}
      |                  ^^^^^^^^^^^^^
hint: Quote it: 'table(id uuid, n bigint)'.\
""",
        id="returns comma",
    ),
    pytest.param(
        """\
f:
      returns: table(id uuid\
""",
        """\
error: key "expect.functions.f.returns" expects a type, or table(id uuid, n bigint), with brackets that match, found "table(id uuid"
  phases/01_a/phase.yml:4:16
    4 |       returns: table(id uuid
      |                ^^^^^^^^^^^^^\
""",
        id="returns open",
    ),
    pytest.param(
        "f: {volatility: stabel}",
        """\
error: key "expect.functions.f.volatility" expects immutable, stable or volatile, found "stabel"
  phases/01_a/phase.yml:3:21
    3 |     f: {volatility: stabel}
      |                     ^^^^^^
hint: Did you mean "stable"?\
""",
        id="volatility",
    ),
    pytest.param(
        "f: {security: owner}",
        """\
error: key "expect.functions.f.security" expects definer or invoker, found "owner"
  phases/01_a/phase.yml:3:19
    3 |     f: {security: owner}
      |                   ^^^^^\
""",
        id="security",
    ),
    pytest.param(
        """\
f:
      search_path:\
""",
        """\
error: key "expect.functions.f.search_path" expects a text, found nothing
  phases/01_a/phase.yml:4:19
    4 |       search_path:
      |                   ^
hint: Write "" for the empty path.\
""",
        id="search_path nothing",
    ),
    pytest.param(
        "f: {execute: anon}",
        """\
error: key "expect.functions.f.execute" expects a list, found "anon"
  phases/01_a/phase.yml:3:18
    3 |     f: {execute: anon}
      |                  ^^^^
hint: Write [anon].\
""",
        id="execute text",
    ),
    pytest.param(
        "f: [{returns: int}, {arguments: {}}]",
        """\
error: overload of "expect.functions.f" states no "arguments"
  phases/01_a/phase.yml:3:9
    3 |     f: [{returns: int}, {arguments: {}}]
      |         ^
hint: Write `arguments: {}` for the one that takes none.\
""",
        id="overload without arguments",
    ),
    pytest.param(
        "f: [{arguments: {a: int}}, {arguments: {b: int}}]",
        """\
error: two overloads of "expect.functions.f" have the arguments (int)
  phases/01_a/phase.yml:3:32
    3 |     f: [{arguments: {a: int}}, {arguments: {b: int}}]
      |                                ^
detail: The first is at phases/01_a/phase.yml:3:9.
hint: Keep one of them.\
""",
        id="overload twice",
    ),
    pytest.param(
        """\
f: present
    public.f: present\
""",
        """\
error: function "public.f" is named twice
  phases/01_a/phase.yml:4:5
    4 |     public.f: present
      |     ^^^^^^^^
detail: It is first named at phases/01_a/phase.yml:3:5, as "f".
hint: Keep one of them.\
""",
        id="two names",
    ),
    pytest.param(
        "f: {result: {a: interger}}",
        """\
error: expected a type, found "interger"
  phases/01_a/phase.yml:3:21
    3 |     f: {result: {a: interger}}
      |                     ^^^^^^^^
hint: Did you mean "int"?\
""",
        id="shape",
    ),
    pytest.param(
        """\
f:
      result:\
""",
        """\
error: key "expect.functions.f.result" expects a shape, found nothing
  phases/01_a/phase.yml:4:14
    4 |       result:
      |              ^
hint: Write a type (int, text, …), a literal, a mapping or a list.\
""",
        id="shape nothing",
    ),
    pytest.param(
        """\
f:
      result:
        a: text ~ ^a #b$
""",
        """\
error: "#b$" is cut off the shape as a comment
  phases/01_a/phase.yml:5:22
    5 |         a: text ~ ^a #b$
      |                      ^^^
hint: Quote the shape ('text ~ ^a #b$') if it belongs to it; put a comment on a line of its own.\
""",
        id="shape comment",
    ),
    pytest.param(
        """\
f:
      result:
        a: int
          >= 0 # é
""",
        """\
error: "# é" is cut off the shape as a comment
  phases/01_a/phase.yml:6:16
    6 |           >= 0 # é
      |                ^^^
hint: Quote the shape ('int >= 0 # é') if it belongs to it; put a comment on a line of its own.\
""",
        id="shape comment later line",
    ),
    pytest.param(
        """\
f:
      result:
        a: >= 0
""",
        """\
error: ">" begins folded text, and "= 0" cannot follow it
  phases/01_a/phase.yml:5:12
    5 |         a: >= 0
      |            ^^^^
hint: Write the type first (int >= 0), or quote the text: '>= 0'.\
""",
        id="fold",
    ),
    pytest.param(
        "f: {arguments: {p_limit: int}, calls: {c: {with: {p_limt: 1}}}}",
        """\
error: unknown argument "p_limt" in "expect.functions.f.calls.c.with"
  phases/01_a/phase.yml:3:55
    3 |     f: {arguments: {p_limit: int}, calls: {c: {with: {p_limt: 1}}}}
      |                                                       ^^^^^^
hint: Did you mean "p_limit"?\
""",
        id="unknown argument",
    ),
    pytest.param(
        "f: {calls: {c: {raises: invalid_parameter_value}}}",
        """\
error: key "expect.functions.f.calls.c.raises" expects a SQLSTATE of five digits or capitals, found "invalid_parameter_value"
  phases/01_a/phase.yml:3:29
    3 |     f: {calls: {c: {raises: invalid_parameter_value}}}
      |                             ^^^^^^^^^^^^^^^^^^^^^^^
hint: See PostgreSQL's appendix A: 22023 is invalid_parameter_value, P0001 is a plain raise exception.\
""",
        id="raises",
    ),
    pytest.param(
        "f: {calls: {c: {raises: p0001}}}",
        """\
error: key "expect.functions.f.calls.c.raises" expects a SQLSTATE of five digits or capitals, found "p0001"
  phases/01_a/phase.yml:3:29
    3 |     f: {calls: {c: {raises: p0001}}}
      |                             ^^^^^
hint: Write P0001.\
""",
        id="raises lower",
    ),
    pytest.param(
        "f: {calls: {c: {raises: 22023, result: int}}}",
        """\
error: call "expect.functions.f.calls.c" expects both a result and an error
  phases/01_a/phase.yml:3:17
    3 |     f: {calls: {c: {raises: 22023, result: int}}}
      |                 ^
hint: Keep "result" or "raises".\
""",
        id="raises and result",
    ),
    pytest.param(
        """\
f:
      calls:
        c:
          with:
            a:
""",
        """\
error: key "expect.functions.f.calls.c.with.a" expects a value, found nothing
  phases/01_a/phase.yml:7:15
    7 |             a:
      |               ^
hint: Write null where null is meant.\
""",
        id="with nothing",
    ),
    pytest.param(
        "f: {calls: {c: {with: [1]}}}",
        """\
error: key "expect.functions.f.calls.c.with" expects a mapping, found a list
  phases/01_a/phase.yml:3:27
    3 |     f: {calls: {c: {with: [1]}}}
      |                           ^\
""",
        id="with list",
    ),
    pytest.param(
        "f: {calls: {c: {with: {a: {$secret: K, b: 1}}}}}",
        """\
error: key "expect.functions.f.calls.c.with.a" expects {$secret: NAME} and nothing beside it, found a mapping
  phases/01_a/phase.yml:3:31
    3 |     f: {calls: {c: {with: {a: {$secret: K, b: 1}}}}}
      |                               ^
error: unknown secret "K" in call "c" of function "f"
  phases/01_a/phase.yml:3:41
    3 |     f: {calls: {c: {with: {a: {$secret: K, b: 1}}}}}
      |                                         ^
hint: List it in nexiom.yml: secrets: [K]\
""",
        id="secret beside",
    ),
    pytest.param(
        "f: {calls: {c: {with: {a: [{$secret: K}]}}}}",
        """\
error: unknown secret "K" in call "c" of function "f"
  phases/01_a/phase.yml:3:42
    3 |     f: {calls: {c: {with: {a: [{$secret: K}]}}}}
      |                                          ^
hint: List it in nexiom.yml: secrets: [K]\
""",
        id="secret unlisted",
    ),
    pytest.param(
        "f: {calls: {c: {on: [stagin]}}}",
        """\
error: unknown target "stagin" in call "c" of function "f"
  phases/01_a/phase.yml:3:17
    3 |     f: {calls: {c: {on: [stagin]}}}
      |                 ^
hint: Did you mean "staging"?\
""",
        id="on unknown",
    ),
    pytest.param(
        """\
f:
      calls:
        c:
""",
        """\
error: key "expect.functions.f.calls.c" expects a mapping, found nothing
  phases/01_a/phase.yml:5:11
    5 |         c:
      |           ^\
""",
        id="call nothing",
    ),
]


@pytest.mark.parametrize(("written", "message"), CASES)
def test_wrong_expectations_are_refused_with_place_and_right_form(refused, written, message):
    settings = "name: x\ntargets: {local: {embedded: true}, staging: {dsn: x}}\n"
    phase = f"expect:\n  functions:\n    {written}\n"
    files = {"nexiom.yml": settings, "phases/01_a/apply.sql": "select 1;", "phases/01_a/phase.yml": phase}
    assert "\n".join(refused(files)) == message
