"""What is said of YAML that is none, or that would be read as something else than it looks."""

import pytest

from nexiom_runner.errors import Fault, describe
from nexiom_runner.project.yaml import read_tree

CASES = [
    pytest.param(
        "a: >= 0\n",
        """\
error: ">" begins folded text, and "= 0" cannot follow it
  p.yml:1:4
    1 | a: >= 0
      |    ^^^^
hint: Write the type first (int >= 0), or quote the text: '>= 0'.\
""",
        id="block scalar by accident",
    ),
    pytest.param(
        "a: {b: >= 0, c: d}\n",
        """\
error: an unquoted text cannot begin with ">"
  p.yml:1:8
    1 | a: {b: >= 0, c: d}
      |        ^
hint: Write the type first (int >= 0), or quote the text: '>= 0'.\
""",
        id="the same in a flow mapping",
    ),
    pytest.param(
        """\
a: >5
b: x
""",
        """\
error: ">5" begins folded text, and none follows
  p.yml:1:4
    1 | a: >5
      |    ^^
hint: Quote it where the text is meant: '>5'.\
""",
        id="folded text without text",
    ),
    pytest.param(
        """\
a: |
b: 1\
""",
        """\
error: "|" begins folded text, and none follows
  p.yml:1:4
    1 | a: |
      |    ^
hint: Quote it where the text is meant: '|'.\
""",
        id="literal text without text",
    ),
    pytest.param(
        """\
a: b
	c: d
""",
        """\
error: a tab stands in the indentation
  p.yml:2:1
    2 | 	c: d
      | ^
hint: Indent with spaces.\
""",
        id="tab",
    ),
    pytest.param(
        "	a: b",
        """\
error: a tab stands in the indentation
  p.yml:1:1
    1 | 	a: b
      | ^
hint: Indent with spaces.\
""",
        id="tab first",
    ),
    pytest.param(
        "a: [1,\n",
        """\
error: expected a value or a closing bracket, found the end
  p.yml:1:7
    1 | a: [1,
      |       ^
hint: Close the bracket; quote a text that holds brackets or commas.\
""",
        id="bracket open",
    ),
    pytest.param(
        "a: {b: c\n",
        """\
error: expected "," or "}", found the end
  p.yml:1:9
    1 | a: {b: c
      |         ^
hint: Close the bracket; quote a text that holds brackets or commas.\
""",
        id="brace open",
    ),
    pytest.param(
        "a: }\n",
        """\
error: "}" closes nothing that is open
  p.yml:1:4
    1 | a: }
      |    ^
hint: Quote the text: '}'.\
""",
        id="brace for nothing",
    ),
    pytest.param(
        "a: *x\n",
        """\
error: alias "*x" is not read
  p.yml:1:4
    1 | a: *x
      |    ^^
hint: Write the value out.\
""",
        id="alias",
    ),
    pytest.param(
        "a: &y 1\n",
        """\
error: anchor "&y" is not read
  p.yml:1:4
    1 | a: &y 1
      |    ^^
hint: Write the value out wherever it is used.\
""",
        id="anchor",
    ),
    pytest.param(
        "a: !!str 2\n",
        """\
error: tag "!!str" is not read
  p.yml:1:4
    1 | a: !!str 2
      |    ^^^^^^^
hint: Leave it out: a text is taken as written.\
""",
        id="tag",
    ),
    pytest.param(
        "a: x\x01é",
        """\
error: character U+0001 cannot stand in YAML
  p.yml:1:5
    1 | a: x�é
      |     ^
hint: Remove it, or write it as "\\x01" between double quotes.\
""",
        id="control character",
    ),
    pytest.param(
        "a: é\u2028y",
        """\
error: character U+2028 cannot stand in YAML
  p.yml:1:5
    1 | a: é�y
      |     ^
hint: Remove it, or write it as "\\u2028" between double quotes.\
""",
        id="line separator",
    ),
    pytest.param(
        "a: \ud800",
        """\
error: character U+D800 cannot stand in YAML
  p.yml:1:4
    1 | a: �
      |    ^
hint: Remove it.\
""",
        id="surrogate",
    ),
    pytest.param(
        "a: b: c\n",
        """\
error: ": " stands where a value cannot hold one
  p.yml:1:5
    1 | a: b: c
      |     ^
hint: Quote the text ('b: c'), or put the inner key on a line of its own.\
""",
        id="second colon",
    ),
    pytest.param(
        "- a: x: y\n",
        """\
error: ": " stands where a value cannot hold one
  p.yml:1:7
    1 | - a: x: y
      |       ^
hint: Quote the text ('x: y'), or put the inner key on a line of its own.\
""",
        id="second colon in a list",
    ),
    pytest.param(
        "a: @x\n",
        """\
error: an unquoted text cannot begin with "@"
  p.yml:1:4
    1 | a: @x
      |    ^
hint: Quote the text: '@x'.\
""",
        id="at sign",
    ),
    pytest.param(
        "{a: %x}\n",
        """\
error: an unquoted text cannot begin with "%"
  p.yml:1:5
    1 | {a: %x}
      |     ^
hint: Quote the text: '%x'.\
""",
        id="percent",
    ),
    pytest.param(
        """\
- a
b: c
""",
        """\
error: "b: c" is no item of the list above
  p.yml:2:1
    2 | b: c
      | ^^^^
hint: Items of one list begin with "- " in the same column.\
""",
        id="key in a list",
    ),
    pytest.param(
        """\
a:
  b: 1
 c: 2
""",
        """\
error: "c: 2" is no key of the mapping above
  p.yml:3:2
    3 |  c: 2
      |  ^^^^
hint: Keys of one mapping begin in the same column; nothing follows a value that ends with a quote or bracket.\
""",
        id="indentation",
    ),
    pytest.param(
        "a: 'x' y\n",
        """\
error: "y" is no key of the mapping above
  p.yml:1:8
    1 | a: 'x' y
      |        ^
hint: Keys of one mapping begin in the same column; nothing follows a value that ends with a quote or bracket.\
""",
        id="behind a quote",
    ),
    pytest.param(
        """\
a: 'x
b: 3
""",
        """\
error: the quote that opens here is never closed
  p.yml:1:4
    1 | a: 'x
      |    ^
hint: Close it; a quote inside is written ''.\
""",
        id="quote open",
    ),
    pytest.param(
        """\
a: "x
b: 3
""",
        """\
error: the quote that opens here is never closed
  p.yml:1:4
    1 | a: "x
      |    ^
hint: Close it; a quote inside is written \\".\
""",
        id="double quote open",
    ),
    pytest.param(
        """\
---
a: b
---
c: d
""",
        """\
error: a second document begins here
  p.yml:3:1
    3 | ---
      | ^^^
hint: Keep one document to a file.\
""",
        id="two documents",
    ),
    pytest.param(
        """\
? [a]
: b
""",
        """\
error: a key must be text
  p.yml:1:3
    1 | ? [a]
      |   ^
hint: Write `key: value`.\
""",
        id="list as a key",
    ),
    pytest.param(
        "a: {b: , c}\n",
        """\
error: key "b" has no value
  p.yml:1:5
    1 | a: {b: , c}
      |     ^
hint: Write b: null where null is meant; quote a text that holds a comma.
error: key "c" has no value
  p.yml:1:10
    1 | a: {b: , c}
      |          ^
hint: Write c: null where null is meant; quote a text that holds a comma.\
""",
        id="flow keys without values",
    ),
    pytest.param(
        "s: {s: in(a, b) | null, t: int}\n",
        """\
error: the comma ends the value at "in(a"
  p.yml:1:8
    1 | s: {s: in(a, b) | null, t: int}
      |        ^^^^
hint: Write in(a b) | null.\
""",
        id="enum with commas",
    ),
    pytest.param(
        "{t: numeric(10, 2) not null, u: int}\n",
        """\
error: the comma ends the value at "numeric(10"
  p.yml:1:5
    1 | {t: numeric(10, 2) not null, u: int}
      |     ^^^^^^^^^^
hint: Quote it: 'numeric(10, 2) not null'.\
""",
        id="type with a comma",
    ),
    pytest.param(
        "[text, varchar(3, 4)]\n",
        """\
error: the comma ends the value at "varchar(3"
  p.yml:1:8
    1 | [text, varchar(3, 4)]
      |        ^^^^^^^^^
hint: Quote it: 'varchar(3, 4)'.\
""",
        id="types with commas in a list",
    ),
    pytest.param(
        "a: - b\n",
        """\
error: "- b" is no item of the list above
  p.yml:1:4
    1 | a: - b
      |    ^^^
hint: Items of one list begin with "- " in the same column.\
""",
        id="list item",
    ),
    pytest.param(
        """\
a: 1
b: 2
a: 3
""",
        """\
error: key "a" is given twice
  p.yml:3:1
    3 | a: 3
      | ^
detail: It is first given at p.yml:1:1.
hint: Keep one of them.\
""",
        id="key twice",
    ),
    pytest.param(
        "é😀: {x: 1, x: 2}\n",
        """\
error: key "x" is given twice
  p.yml:1:12
    1 | é😀: {x: 1, x: 2}
      |            ^
detail: It is first given at p.yml:1:6.
hint: Keep one of them.\
""",
        id="key twice further down",
    ),
    pytest.param(
        "[" * 60,
        """\
error: nested more than 50 levels deep
  p.yml:1:51
    1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      |                                                   ^
hint: Nothing in a project nests so deep; is a bracket missing?\
""",
        id="too deep",
    ),
    pytest.param(
        """\
a:
- b
c
""",
        """\
error: "c" is not `key: value`
  p.yml:3:1
    3 | c
      | ^
hint: Write `key: value`, with a space after the colon.\
""",
        id="no colon",
    ),
    pytest.param(
        'a: "\\q"\n',
        """\
error: unknown escape between double quotes
  p.yml:1:5
    1 | a: "\\q"
      |     ^
hint: Write the text between single quotes, where a backslash is itself.\
""",
        id="escape",
    ),
    pytest.param(
        "x" * 4_000_001,
        'error: "p.yml" has 4,000,001 characters; a YAML file may have 4,000,000',
        id="too large",
    ),
    pytest.param(
        "{😀😀: '𝒳', y: z: w}\n",
        """\
error: expected "," or "}", found ": w}"
  p.yml:1:15
    1 | {😀😀: '𝒳', y: z: w}
      |               ^
hint: Close the bracket; quote a text that holds brackets or commas.\
""",
        id="beyond the basic plane",
    ),
]


@pytest.mark.parametrize(("text", "message"), CASES)
def test_yaml_is_refused_with_place_and_right_form(text, message):
    faults: list[Fault] = []
    read_tree(text, "p.yml", faults)
    assert "\n".join(map(describe, faults)) == message
