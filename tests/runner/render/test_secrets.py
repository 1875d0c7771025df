"""Secrets are in what is sent, and nowhere else."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import RenderError, describe
from nexiom_runner.render.quoting import quote_literal
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.secrets import missing_secrets, redact, reveal
from nexiom_runner.render.values import Values

TEXT = st.text(st.characters(exclude_characters="\0‹›", exclude_categories=["Cs"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("abc", "'abc'"),
        ("it's", "'it''s'"),
        ("a\\b", " E'a\\\\b'"),
        ("'); drop table t; --", "'''); drop table t; --'"),
    ],
)
def test_secret_is_sent_as_a_literal(value: str, sent: str) -> None:
    assert reveal("values ('‹secret:KEY›')", {"KEY": value}) == f"values ({sent})"


def test_text_without_secret_is_sent_as_it_is() -> None:
    assert reveal("select '‹x›'", {}) == "select '‹x›'"


def test_secret_that_is_not_set_is_not_sent() -> None:
    with pytest.raises(RenderError) as caught:
        reveal("values ('‹secret:KEY›')", {"KEY": None})
    assert [describe(fault) for fault in caught.value.faults] == [
        'error: secret "KEY" is not set\n'
        "hint: Set KEY in the environment, or in a file listed under env_files: in nexiom.yml."
    ]


def test_missing_secrets_are_told_where_they_are_used_first(rendered: Callable[..., Rendered]) -> None:
    one = rendered("a\nvalues ('{{ secret('OTHER') }}', '{{ secret('OTHER') }}', '{{ secret('API_KEY') }}')")
    assert [describe(fault) for fault in missing_secrets([one, one], {"API_KEY": "x", "OTHER": None})] == [
        'error: secret "OTHER" is not set\n'
        "  phases/01_a/apply.sql:2:10\n"
        "    2 | values ('{{ secret('OTHER') }}', '{{ secret('OTHER') }}', '{{ secret('API_KEY') }}')\n"
        "      |          ^^^^^^^^^^^^^^\n"
        "hint: Set OTHER in the environment, or in a file listed under env_files: in nexiom.yml."
    ]


@given(TEXT, TEXT, TEXT)
def test_no_form_of_a_secret_is_left(value: str, before: str, behind: str) -> None:
    name = "‹secret:KEY›"
    for form in (value, quote_literal(value), value.replace("'", "''")):
        assert value not in redact(f"{before}{form}{behind}", {"KEY": value}).replace(name, "\0")


@pytest.mark.parametrize(
    "said",
    [
        'invalid input syntax for type integer: "it\'s a \\"line\\""'.replace('\\"', '"'),
        "Failing row contains (1, 'it''s a \"line\"').",
        'unexpected token in {"a": "it\'s a \\"line\\""}',
        "https://x/?key=it%27s%20a%20%22line%22",
    ],
)
def test_what_the_server_says_is_searched_in_every_form(said: str) -> None:
    assert "line" not in redact(said, {"KEY": 'it\'s a "line"'}).replace("type integer", "")


def test_lines_of_a_long_secret_are_searched_too() -> None:
    assert redact("near MIIEvQIBADAN", {"KEY": "-----BEGIN-----\nMIIEvQIBADAN\n"}) == "near ‹secret:KEY›"


def test_longest_secret_is_taken_first() -> None:
    assert redact("abcdef", {"A": "abc", "B": "abcdef", "C": None, "D": ""}) == "‹secret:B›"


def test_values_do_not_show_their_secrets() -> None:
    assert "s3cret" not in repr(Values(secrets={"KEY": "s3cret"}))
