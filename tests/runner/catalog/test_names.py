"""Live objects as people and statements write them."""

import pytest

from nexiom_runner.catalog.model import Argument, Function
from nexiom_runner.catalog.names import qualified, quoted, returned, routine, shown, signature, spelled_argument, told
from nexiom_runner.database.queries import Query
from nexiom_runner.database.session import Session


def function(**changes: object) -> Function:
    fields: dict[str, object] = {
        "schema": "public",
        "name": "f",
        "kind": "function",
        "owner": "o",
        "arguments": (Argument("a", "in", "public.mood"), Argument("n", "out", "integer")),
        "returns": "public.mood",
        "returns_set": False,
        "columns": (),
        "language": "sql",
        "volatility": "stable",
        "security": "invoker",
        "strict": False,
    }
    return Function(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["a", "_a1", "Abc", "a b", 'a"b', "é", "user", "select", "name", "1a", "a$", "between", "%"]
)
def test_a_name_is_quoted_as_the_server_does(session: Session, name: str) -> None:
    ((expected,),) = session.rows(Query("select quote_ident(%(name)s)"), name=name)
    assert quoted(name) == expected or quoted(name) == name == expected.strip('"')


def test_every_keyword_the_server_keeps_for_itself_is_quoted(session: Session) -> None:
    ((words,),) = session.rows(Query("select array_agg(word) from pg_get_keywords() where catcode in ('R', 'T', 'C')"))
    assert [word for word in words if quoted(word) == word] == []


def test_public_is_left_out_for_people_and_not_in_statements() -> None:
    assert (shown(("public", "a b")), shown(("crm", "a")), qualified(("public", "a b"))) == (
        '"a b"',
        "crm.a",
        'public."a b"',
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("public.mood[]", "mood[]"),
        ("'a'::public.mood", "'a'::mood"),
        ("republic.x", "republic.x"),
        ('"public.x"', '"public.x"'),
    ],
)
def test_types_lose_public(text: str, said: str) -> None:
    assert told(text) == said


def test_a_signature_leaves_out_what_nobody_passes() -> None:
    assert (signature(function()), routine(function(kind="procedure"))) == (
        "f(mood)",
        "procedure public.f(public.mood)",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "mood"),
        ({"returns_set": True}, "setof mood"),
        ({"returns": None, "kind": "procedure"}, "nothing"),
        (
            {"columns": (Argument("Id", "table", "uuid"), Argument("n", "table", "bigint"))},
            'table("Id" uuid, n bigint)',
        ),
    ],
)
def test_what_a_function_returns(changes: dict[str, object], said: str) -> None:
    assert returned(function(**changes)) == said


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        (Argument("p", "in", "integer", "1"), "p integer = 1"),
        (Argument("", "variadic", "uuid[]"), "variadic uuid[]"),
        (Argument("n", "out", "public.mood"), "out n mood"),
    ],
)
def test_an_argument_reads_as_it_is_declared(argument: Argument, said: str) -> None:
    assert spelled_argument(argument) == said
