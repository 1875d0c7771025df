"""Templates render to text; text without a template is its own rendering."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import RenderError
from nexiom_runner.project.model import Source
from nexiom_runner.render.render import is_template, render, render_all
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import Values

Render = Callable[..., Rendered]
Fault = Callable[..., str]


@given(st.text(max_size=80).filter(lambda text: not is_template(text) and "‹secret:" not in text))
def test_text_without_jinja_renders_to_itself(text: str) -> None:
    assert render(Source("a.sql", text, ""), Values()) == Rendered(Source("a.sql", text, ""), text)


@given(st.text(st.characters(exclude_characters="{‹\0"), max_size=80))
def test_text_around_a_template_is_kept_to_the_character(text: str) -> None:
    text = text.replace("\r\n", "\n")  # as reading a file does
    assert render(Source("a.sql", "{{ 1 }}" + text, ""), Values()).text == "1" + text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("a {{ var('region') }}\n", "a eu\n"),
        ("{{ var('size') + 1 }}", "4"),
        ("{{ env('NEXIOM_REGION') }}", "north"),
        ("{{ env('NEXIOM_EMPTY', 'none') }}", "none"),
        ("{{ target.name }}", "local"),
        ("{{ ago('2 hours') }}", "(now() - interval '2 hours')"),
        ("{{ ahead('3 days 00:30') }}", "(now() + interval '3 days 00:30')"),
        ("{% if target.embedded and not target.protected %}x{% endif %}\n", "x\n"),
        ("'{{ secret('API_KEY') }}'", "'‹secret:API_KEY›'"),
        ("{{ secret('OTHER') | literal }}", "'‹secret:OTHER›'"),
        ("{{ 'a\"b' | ident }}.{{ \"it's\" | literal }}", "\"a\"\"b\".'it''s'"),
        ("{{ ['x', 'y', 3] | join(', ') }}", "x, y, 3"),
        ("{% for a in range(3) %}{{ loop.index }}{% endfor %}", "123"),
        ("{% set x %}a{{ 1 }}{% endset %}{{ x }}{{ x | length }}", "a12"),
        ("{% filter upper %}a{{ 'b' }}{% endfilter %}", "AB"),
        ("{# gone #}a{% raw %}{{ b }}{% endraw %}", "a{{ b }}"),
        ("a {%- if true %} b {% endif -%} c", "a b c"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) }}{{ m('2') }}", "<1><2>"),
        ("{% for a in [[1, [2]], 3] recursive %}{{ loop(a) if a is sequence else a }}{% endfor %}", "123"),
        ("{{ 'x\n' | indent(2, true) }}y", "  x\ny"),
        ("{{ ['a', 'b'] | map('ident') | join(', ') }}", '"a", "b"'),
        ("{{ 'a.b'.split('.') | last }}", "b"),
        ("{% set n = namespace(i=0) %}{% for a in range(3) %}{% set n.i = n.i + a %}{% endfor %}{{ n.i }}", "3"),
        ("{{ 1 ~ 'a' ~ 2 }}", "1a2"),
    ],
)
def test_template_renders(rendered: Render, template: str, text: str) -> None:
    assert rendered(template).text == text


def test_macros_are_known_by_name_to_scripts_and_to_each_other(rendered: Render) -> None:
    first = "{% macro outer(x) %}[{{ inner(x) }}]{% endmacro %}\n"
    second = "{# about #}{% macro inner(x) %}{{ x | ident }} in {{ var('region') }}{% endmacro %}\n"
    assert rendered("{{ outer('t') }}", first, second).text == '["t" in eu]'


def test_rendering_is_the_same_every_time(rendered: Render) -> None:
    template = "{% for k, v in {'b': 1, 'a': 2}.items() %}{{ k }}{{ v }}{% endfor %}"
    assert {rendered(template).text for _ in range(3)} == {"b1a2"}


def test_names_of_secrets_in_the_text_are_known(rendered: Render) -> None:
    text = "'{{ secret('OTHER') }}' '{{ secret('API_KEY') }}' '{{ secret('OTHER') }}'"
    assert rendered(text).secrets == ("OTHER", "API_KEY")


def test_faults_of_every_source_come_at_once() -> None:
    texts = {"a": "{{ x }}", "b": "1", "c": "{{ y", "d": "‹secret:X›"}
    sources = [Source(f"{name}.sql", text, "") for name, text in texts.items()]
    with pytest.raises(RenderError) as caught:
        render_all(sources, Values())
    assert [fault.place and fault.place.path for fault in caught.value.faults] == ["a.sql", "c.sql", "d.sql"]


def test_jinja_is_imported_only_for_templates() -> None:
    code = (
        "import sys\n"
        "from nexiom_runner.render.render import render\n"
        "from nexiom_runner.render.values import Values\n"
        "from nexiom_runner.project.model import Source\n"
        "for text in ('select 1', '{{ 1 }}'):\n"
        "    render(Source('a.sql', text, ''), Values())\n"
        "    print('jinja2' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\nTrue\n"


def test_source_that_looks_like_a_secret_is_refused(fault: Fault) -> None:
    assert fault("select '‹secret:X›'") == (
        'error: text "‹secret:" in a source, where it would pass for a secret\n'
        "  phases/01_a/apply.sql:1:9\n"
        "    1 | select '‹secret:X›'\n"
        "      |         ^^^^^^^^\n"
        "hint: Write {{ secret('NAME') }} for the secret called NAME."
    )
