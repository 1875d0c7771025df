"""A script is the whole of what later stages ask of it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import ScriptError
from nexiom_runner.project.model import Source
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.sql.fingerprint import semantic
from nexiom_runner.sql.read import read_script
from nexiom_runner.sql.script import Script

Read = Callable[..., Script]


def test_key_names_phase_and_file(read: Read) -> None:
    assert read("select 1").key == "01_a/apply.sql"
    assert read("select 1", file="f.sql").key == "01_a/repeatable/f.sql"


def test_fingerprints_are_those_of_source_and_tokens(read: Read) -> None:
    script = read("select 1 -- one")
    assert script.source_sha == script.rendered.source.sha256
    assert script.semantic_sha == semantic("select 1")


def test_statements_joined_are_what_is_sent(read: Read, case: str) -> None:
    text = "\n".join(line for line in case.split("\n") if not line.startswith(("listen", "prepare")))
    script = read(text)
    assert "".join(statement.text for statement in script.statements) == script.text == text


@pytest.mark.parametrize(
    ("text", "binds"),
    [
        ("create or replace function f() returns int language plpgsql as $$ begin end $$", False),
        ("create function f() returns int language plpgsql as ''; grant execute on function f to x", False),
        ("create function f() returns int language sql as ''", True),
        ("create function f() returns int begin atomic select 1; end", True),
        ("create function f() returns int return 1", True),
        ("create view v as select 1", True),
        ("create policy p on t using (true)", True),
        ("create trigger tr after insert on t for each row execute function f()", True),
    ],
)
def test_binds_at_creation(read: Read, text: str, binds: bool) -> None:
    assert read(text).binds_at_creation is binds


@given(st.text(max_size=60))
def test_any_text_is_a_script_or_refused(text: str) -> None:
    rendered = Rendered(Source("phases/01_a/apply.sql", text, ""), text)
    try:
        script = read_script(rendered, "01_a", "apply")
    except ScriptError:
        return
    assert "".join(statement.text for statement in script.statements) == script.text


WORDS = [
    "create",
    "or",
    "replace",
    "function",
    "table",
    "view",
    "drop",
    "alter",
    "add",
    "column",
    "rename",
    "to",
    "(",
    ")",
    ",",
    ".",
    ";",
    "as",
    "$$",
    "$$",
    "'a'",
    "if",
    "exists",
    "on",
    "do",
    "t",
    "u",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join))
def test_no_order_of_words_is_a_fault_of_ours(text: str) -> None:
    rendered = Rendered(Source("phases/01_a/apply.sql", text, ""), text)
    try:
        script = read_script(rendered, "01_a", "apply")
    except ScriptError:
        return
    assert [statement.label for statement in script.statements]
