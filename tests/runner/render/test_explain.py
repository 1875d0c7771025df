"""Every mistake in a template is told at its place, in words that help."""

from collections.abc import Callable

import pytest

Fault = Callable[..., str]


@pytest.mark.parametrize(
    ("expression", "found", "hint"),
    [
        ("1, 2", "several values", "Write each value in an expression of its own: {{ a }}, {{ b }}."),
        ("(1, nothing)", "several values", "Write each value in an expression of its own: {{ a }}, {{ b }}."),
        ("none", "nothing (none)", "Give it a value, or leave the expression out with {% if … %}."),
        ("1.5", "a fraction", "Write it as a text: '1.5'."),
        ("1 == 1", "true or false", "Write {{ 'true' if … else 'false' }}."),
        ("[1]", "a list", "Join its items: {{ … | join(', ') }}."),
        ("range(3)", "a range", "Join its items: {{ … | join(', ') }}."),
        ("var", "a function", "Call it: {{ name() }}."),
    ],
)
def test_expression_yields_text_or_an_integer(fault: Fault, expression: str, found: str, hint: str) -> None:
    written = "{{ " + expression + " }}"
    assert fault(f"a\n'{written}'::int[]\n") == (
        f"error: expression gives {found}, expected text or an integer\n"
        "  phases/01_a/apply.sql:2:2\n"
        f"    2 | '{written}'::int[]\n"
        f"      |  {'^' * len(written)}\n"
        f"hint: {hint}"
    )


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        (
            "{{ ago('yesterday') }}",
            'ago() expects an interval, found "yesterday"',
            "\nhint: Write it like ago('2 hours'), ago('3 days 12 hours') or ago('00:30').",
        ),
        ("{{ regoin }}", 'undefined variable "regoin"', "\nhint: Did you mean var('region')?"),
        ("{{ region }}", 'undefined variable "region"', "\nhint: Write var('region')."),
        ("{{ regoin.x + 1 }}", 'undefined variable "regoin"', "\nhint: Did you mean var('region')?"),
        ("{% set a = regoin + 1 %}", 'undefined variable "regoin"', "\nhint: Did you mean var('region')?"),
        ("{{ outr(1) }}", 'undefined variable "outr"', '\nhint: Did you mean "outer"?'),
        ("{{ zzzzzz }}", 'undefined variable "zzzzzz"', ""),
        ("{{ target.nam }}", 'target has no "nam"', ""),
        ("{{ {}.a }}", 'a mapping has no "a"', ""),
        (
            "{{ 'a' if false }}",
            "inline if has no else, and its condition is false",
            "",
        ),
        ("{{ var('regoin') }}", 'unknown variable "regoin"', '\nhint: Did you mean "region"?'),
        ("{{ var('zzzzz') }}", 'unknown variable "zzzzz"', "\nhint: List it under vars: in nexiom.yml."),
        ("{{ env('HOME') }}", 'unknown environment variable "HOME"', "\nhint: List it under env: in nexiom.yml."),
        (
            "{{ env('NEXIOM_EMPTY') }}",
            'environment variable "NEXIOM_EMPTY" is not set',
            "\nhint: Set it, or write env('NEXIOM_EMPTY', 'a default').",
        ),
        ("{{ secret('API_KEI') }}", 'unknown secret "API_KEI"', '\nhint: Did you mean "API_KEY"?'),
        (
            "{{ secret('API_KEY') | upper }}",
            "template changes the text of a secret",
            "\nhint: Write '{{ secret('NAME') }}' as it is.",
        ),
        ("{{ 'a' | idnt }}", 'unknown filter "idnt"', '\nhint: Did you mean "ident"?'),
        ("{{ ['a'] | map('idnt') | join }}", 'unknown filter "idnt"', ""),
        ("{{ 1 is odder }}", 'unknown test "odder"', ""),
        ("{{ [1] | ident }}", '"ident" quotes a name, found list', ""),
        ("{{ '' | ident }}", "an identifier is neither empty nor holds NUL", ""),
        ("{{ regoin | ident }}", 'undefined variable "regoin"', "\nhint: Did you mean var('region')?"),
        ("{{ [1] | literal }}", '"literal" quotes text, integers, true, false and none, found list', ""),
        ("{{ [none] | join }}", '"join" takes texts and integers, found NoneType', ""),
        ("{{ 1 / 0 }}", "expression cannot be evaluated: division by zero", ""),
        ("{{ 'a\\0' }}", "expression gives text with NUL, which ends a text for PostgreSQL", ""),
        ("{{ a b }}", 'template syntax: expected token "end of print statement", got "b"', ""),
        ("{{ }}", 'template syntax: expected an expression, got "end of print statement"', ""),
        ("{% foo %}", 'template syntax: encountered unknown tag "foo"', ""),
        (
            "{% include 'a' %}",
            'tag "include" may not be used in a template',
            "\nhint: Macros of macros/*.sql are known by their names.",
        ),
        ("{% autoescape true %}", 'tag "autoescape" may not be used in a template', ""),
    ],
)
def test_mistake_is_told_at_its_tag(fault: Fault, written: str, message: str, hint: str) -> None:
    macro = "{% macro outer(x) %}{{ x }}{% endmacro %}"
    assert fault(f"-- one\n  {written} b\n", macro) == (
        f"error: {message}\n  phases/01_a/apply.sql:2:3\n    2 |   {written} b\n      |   {'^' * len(written)}{hint}"
    )


def test_second_expression_of_a_line_is_told_apart(fault: Fault) -> None:
    assert "\n  phases/01_a/apply.sql:1:9\n" in fault("{{ 1 }} {{ x + 1 }}")


def test_tag_that_is_never_closed_is_told(fault: Fault) -> None:
    assert fault("a\n{{ x\n") == (
        'error: template syntax: unexpected end of template, expected "end of print statement"\n'
        "  phases/01_a/apply.sql:2:1\n"
        "    2 | {{ x\n"
        "      | ^"
    )


def test_mistake_in_a_macro_is_told_in_its_file(fault: Fault) -> None:
    macro = "{% macro m(x) %}\n  {{ x + 1 }}\n{% endmacro %}"
    assert fault("{{ m('a') }}", macro) == (
        'error: expression cannot be evaluated: can only concatenate str (not "int") to str\n'
        "  macros/a.sql:2:3\n"
        "    2 |   {{ x + 1 }}\n"
        "      |   ^^^^^^^^^^^"
    )


def test_macro_defined_twice_is_refused(fault: Fault) -> None:
    first, second = "{% macro m() %}{% endmacro %}", "\n{% macro m() %}{% endmacro %}"
    assert fault("{{ m() }}", first, second) == (
        'error: macro "m" is defined twice\n'
        "  macros/b.sql:2:1\n"
        "    2 | {% macro m() %}{% endmacro %}\n"
        "      | ^^^^^^^^^^^^^^^\n"
        "hint: macros/a.sql defines it too; macros are known by their names alone."
    )


def test_macro_with_the_name_of_a_function_is_refused(fault: Fault) -> None:
    assert fault("{{ 1 }}", "{% macro secret() %}{% endmacro %}") == (
        'error: macro "secret" has the name of a function\n'
        "  macros/a.sql:1:1\n"
        "    1 | {% macro secret() %}{% endmacro %}\n"
        "      | ^^^^^^^^^^^^^^^^^^^^\n"
        "hint: Give it another name."
    )


def test_text_outside_of_a_macro_is_refused(fault: Fault) -> None:
    assert fault("{{ 1 }}", "{# fine #}\nselect 1;\n") == (
        "error: text outside of a macro\n"
        "  macros/a.sql:2:1\n"
        "    2 | select 1;\n"
        "      | ^\n"
        "hint: Put it into a {% macro %}."
    )


def test_syntax_of_every_macro_file_is_told_at_once(faults: Callable[..., list[str]]) -> None:
    found = faults("{{ 1 }}", "{% macro %}", "{{ a b }}")
    assert [text.split("\n")[1] for text in found] == ["  macros/a.sql:1:1", "  macros/b.sql:1:1"]


def test_batch_outside_of_a_backfill_is_refused(fault: Fault) -> None:
    assert fault("select 1\nlimit {{ batch }};\n") == (
        'error: "batch" outside of a backfill.sql\n'
        "  phases/01_a/apply.sql:2:7\n"
        "    2 | limit {{ batch }};\n"
        "      |       ^\n"
        "hint: Only phases/NAME/backfill.sql runs in batches."
    )
