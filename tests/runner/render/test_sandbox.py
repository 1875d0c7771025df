"""No template reaches out of its sandbox, and none works without end."""

import time
from collections.abc import Callable

import pytest

Fault = Callable[..., str]


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ ().__class__.__bases__ }}",
        "{{ var.__globals__ }}",
        "{{ var['__globals__'] }}",
        "{{ target.__init__ }}",
        "{{ namespace.__init__ }}",
        "{{ m.__call__ }}{% macro m() %}{% endmacro %}",
        "{{ [].append(1) }}",
        "{{ {}.update({}) }}",
        "{{ 'a'.format(1) }}",
        "{{ 'a'.format_map({}) }}",
        "{{ 'a'.join(['b']) }}",
        "{{ 'a'.encode() }}",
        "{{ 'a'.ljust(9) }}",
        "{{ (1).to_bytes(9) }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum() }}",
        "{{ cycler() }}",
        "{{ dict() }}",
        "{{ open('/etc/passwd') }}",
        "{{ '' | attr('__class__') }}",
        "{{ [''] | map(attribute='__class__') | list | join }}",
        "{{ 'a' | center(9) }}",
        "{{ 'a' | format(1) }}",
        "{{ 'a' | pprint }}",
        "{% from 'a' import b %}",
        "{% extends 'a' %}",
        "{{ 0 | nexiom }}",
        "{{ environment }}",
        "{{ caller() }}",
    ],
)
def test_way_out_is_closed(fault: Fault, template: str) -> None:
    assert fault(template).startswith("error: ")


LONG = "{% set s = 'x' * 4000000 %}{% set n = namespace(l=[]) %}{% for i in range(99) %}"
TOO_MUCH = "error: template does too much"
TOO_LARGE = "error: value is too large"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", TOO_MUCH),
        ("{% for a in range(99999) %}{% for b in range(99999) %}x{{ a }}{% endfor %}{% endfor %}", TOO_MUCH),
        ("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}", TOO_MUCH),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "error: template is nested too deeply"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "error: template is nested too deeply"),
        ("{% set n = namespace(x='a') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}", TOO_MUCH),
        ("{% set n = namespace(x='a') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}", TOO_MUCH),
        ("{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}", TOO_MUCH),
        (LONG + "{% set n.l = n.l + [s[1:]] %}{% endfor %}", TOO_MUCH),
        (LONG + "{% set n.l = n.l + [s.upper()] %}{% endfor %}", TOO_MUCH),
        (LONG + "{{ s }}{% endfor %}", TOO_MUCH),
        ("{% set a %}{% for i in range(99999) %}" + "x" * 9999 + "{% endfor %}{% endset %}", TOO_MUCH),
        ("{{ 'x' * 10 ** 9 }}", TOO_LARGE),
        ("{{ 10 ** 9 * 'x' }}", TOO_LARGE),
        ("{{ [1] * 10 ** 9 }}", TOO_LARGE),
        ("{{ ('x' * 4000000) | replace('x', 'yy') }}", TOO_LARGE),
        ("{{ ['x' * 1000000] * 9 | join }}", "error: "),
        ("{{ (['x' * 1000000] * 9) | join }}", TOO_LARGE),
        ("{{ 9 | indent(10 ** 9) }}", TOO_LARGE),
        ("{{ ('x\n' * 9) | indent(10 ** 9) }}", TOO_LARGE),
        ("{{ 9 ** (9 ** 9) }}", "error: integer is too large"),
        ("{{ 9 ** 999 * 9 ** 999 }}", "error: integer is too large"),
        ("{{ '%999999999d' % 1 }}", 'error: "%" formats text, which a template may not'),
        ("{{ range(10 ** 9) | list | length }}", "error: expression cannot be evaluated: range too big"),
    ],
)
def test_work_is_bounded(fault: Fault, template: str, message: str) -> None:
    start = time.process_time()
    assert fault(template).startswith(message)
    assert time.process_time() - start < 10
