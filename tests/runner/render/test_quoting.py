"""Our quoting is psycopg's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from nexiom_runner.render.quoting import quote_identifier, quote_literal

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(TEXT.filter(bool))
def test_identifier_is_quoted_as_psycopg_quotes_it(name: str) -> None:
    assert quote_identifier(name) == sql.Identifier(name).as_string(None)


@given(TEXT | st.integers(-(2**70), 2**70) | st.booleans() | st.none())
def test_literal_is_quoted_as_psycopg_quotes_it(value: str | int | None) -> None:
    assert quote_literal(value) == sql.Literal(value).as_string(None)


@pytest.mark.parametrize("value", ["", "a\0b"])
def test_identifier_that_cannot_be_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="an identifier is neither empty nor holds NUL"):
        quote_identifier(value)


def test_literal_with_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="a literal cannot hold NUL"):
        quote_literal("a\0b")
