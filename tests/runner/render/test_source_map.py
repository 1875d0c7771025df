"""Every character of rendered text has its place in the source."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Place, describe
from nexiom_runner.project.model import Source
from nexiom_runner.render.render import render
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import Values

Render = Callable[..., Rendered]
TAGS = ["{{ 'one' }}", "{% if true %}", "{% endif %}", "{# a\nb #}", "{%- set x = 1 -%}", "{% raw %}{{{% endraw %}"]
PIECES = [*TAGS, " \n", "q\n", "é", "\r"]


def source_of(rendered: Rendered, piece: str) -> str:
    """The source from where a piece of the text comes from."""
    return rendered.source.text[rendered.origin(rendered.text.index(piece)) :]


@given(st.lists(st.sampled_from([*PIECES, "A", "B", "C"]), max_size=12))
def test_literal_characters_come_from_themselves(pieces: list[str]) -> None:
    depth, kept = 0, []
    for piece in pieces:
        depth += (piece == "{% if true %}") - (piece == "{% endif %}")
        if depth < 0:
            depth = 0
            continue
        kept.append(piece)
    source = "{{ 1 }}" + "".join(kept) + "{% endif %}" * depth
    found = render(Source("a.sql", source, ""), Values())
    for offset, character in enumerate(found.text):
        origin = found.origin(offset)
        assert source[origin] == character or source.startswith("{{ ", origin)


def test_text_of_an_expression_comes_from_its_tag(rendered: Render) -> None:
    found = rendered("a\n b {{ var('region') }} c")
    assert [found.place(found.text.index(piece)) for piece in "bec"] == [
        Place("phases/01_a/apply.sql", 2, 2),
        Place("phases/01_a/apply.sql", 2, 4),
        Place("phases/01_a/apply.sql", 2, 24),
    ]


def test_text_of_a_macro_comes_from_its_call(rendered: Render) -> None:
    found = rendered("x\n{{ m() }}\ny", "{% macro m() %}one\ntwo\nthree{% endmacro %}")
    assert source_of(found, "three").startswith("{{ m() }}")
    assert source_of(found, "y") == "y"


def test_turns_of_a_loop_come_from_the_same_text(rendered: Render) -> None:
    found = rendered("{% for a in range(2) %}a{{ a }}\n{% endfor %}z")
    assert [found.origin(offset) for offset in range(len(found.text))] == [23, 24, 31, 23, 24, 31, 44]


def test_text_kept_in_a_value_comes_from_where_it_is_written_out(rendered: Render) -> None:
    found = rendered("{% set x %}abc{% endset %}\n{{ x }}")
    assert source_of(found, "abc") == "{{ x }}"


def test_text_of_a_filter_block_comes_from_the_block(rendered: Render) -> None:
    found = rendered("a {% filter upper %}b{% endfilter %} c")
    assert source_of(found, "B").startswith("{% filter")
    assert source_of(found, "c") == "c"


def test_place_in_text_without_template_is_counted(rendered: Render) -> None:
    found = rendered("a\nbc\n")
    assert [found.place(offset) for offset in (0, 3, 5)] == [
        Place("phases/01_a/apply.sql", 1, 1),
        Place("phases/01_a/apply.sql", 2, 2),
        Place("phases/01_a/apply.sql", 3, 1),
    ]


def test_fault_shows_the_source_not_the_rendering(rendered: Render) -> None:
    found = rendered("select {{ 1 }} frm t")
    assert describe(found.fault("syntax", found.text.index("frm"), 3, hint="from")) == (
        "error: syntax\n"
        "  phases/01_a/apply.sql:1:16\n"
        "    1 | select {{ 1 }} frm t\n"
        "      |                ^^^\n"
        "hint: from"
    )
