"""A script's transactions, found by themselves and where the author asks for one to end."""

from collections.abc import Callable

import pytest
from graph_builders import script as read_key
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.sql.fingerprint import semantic
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Lone, LoneTarget, lone_kind, lone_target
from nexiom_runner.sql.words import folded

Read = Callable[..., Script]
Refused = Callable[[str], list[str]]


def parts(script: Script) -> list[tuple[int, int, str | None]]:
    return [(segment.first, segment.last, segment.lone) for segment in script.segments]


def test_script_without_anything_special_is_one_transaction(read: Read) -> None:
    script = read("create table t (a int); insert into t values (1);")
    assert parts(script) == [(0, 2, None)]
    assert script.atomic


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("create index concurrently i on t (a)", Lone.CREATE_INDEX),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t (a)", Lone.CREATE_INDEX),
        ("drop index concurrently if exists i", Lone.DROP_INDEX),
        ("reindex index concurrently i", Lone.REINDEX),
        ("reindex (verbose, concurrently) table t", Lone.REINDEX),
        ("reindex schema s", Lone.REINDEX),
        ("reindex database d", Lone.REINDEX),
        ("vacuum", Lone.VACUUM),
        ("vacuum (analyze) t", Lone.VACUUM),
        ("alter table t detach partition p concurrently", Lone.DETACH),
        ("alter table t detach partition p finalize", None),
        ("create index concurrently_made on t (a)", None),
        ("reindex table t", None),
        ("alter type mood add value 'x'", None),
        ("refresh materialized view concurrently v", None),
    ],
)
def test_statement_that_no_transaction_can_hold_is_known(text: str, kind: Lone | None) -> None:
    assert lone_kind(folded(text.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split())) is kind


def test_lone_statement_stands_between_two_transactions(read: Read) -> None:
    script = read("create table t (a int);\ncreate index concurrently i on t (a);\nselect 1;\nselect 2;")
    assert parts(script) == [(0, 1, None), (1, 2, "create index concurrently"), (2, 4, None)]
    assert not script.atomic


def test_lone_statement_alone_is_not_atomic(read: Read) -> None:
    assert not read("vacuum t;").atomic


def test_transaction_ends_where_the_author_writes_it(read: Read) -> None:
    script = read("select 1;\n-- nexiom: commit\nselect 2; -- nexiom: commit\nselect 3;")
    assert parts(script) == [(0, 1, None), (1, 2, None), (2, 3, None)]


def test_mark_before_the_first_and_behind_the_last_statement_ends_nothing(read: Read) -> None:
    assert parts(read("-- nexiom: commit\nselect 1;\n-- nexiom: commit\n")) == [(0, 1, None)]


def test_new_value_of_an_enum_is_committed_before_it_can_be_used(read: Read) -> None:
    script = read("alter type mood add value 'a'; alter type mood add value 'b'; insert into t values ('a');")
    assert parts(script) == [(0, 2, None), (2, 3, None)]


def test_new_value_of_a_type_of_the_same_transaction_parts_nothing(read: Read) -> None:
    script = read("create type mood as enum ('a'); alter type mood add value 'b'; select 'b'::mood;")
    assert parts(script) == [(0, 3, None)]


def test_script_that_ends_with_a_new_value_is_atomic(read: Read) -> None:
    assert read("select 1; alter type mood add value if not exists 'b';").atomic


def test_fingerprint_of_what_ran_does_not_see_what_follows(read: Read) -> None:
    first = "select 1;\n-- nexiom: commit\nselect 2;"
    script, other = read(f"{first}\n-- nexiom: commit\nselect 3;"), read(f"{first}\n-- nexiom: commit\nselect 4;")
    assert script.reached(2) == other.reached(2) == semantic(first)
    assert script.reached(3) == script.semantic_sha != other.reached(3)


@given(st.lists(st.sampled_from(["select 1;", "vacuum t;", "alter type m add value 'x';", "-- nexiom: commit\n"])))
def test_segments_cover_every_statement_once(pieces: list[str]) -> None:
    if not any(";" in piece for piece in pieces):
        return
    script = read_key("01_a/apply.sql", "\n".join(pieces))
    covered = [index for each in script.segments for index in range(each.first, each.last)]
    assert covered == list(range(len(script.statements)))
    assert "".join(script.text[each.start : each.end] for each in script.segments) == script.text


def test_mark_within_a_statement_is_refused(refused: Refused) -> None:
    assert refused("select 1,\n-- nexiom: commit\n2;") == [
        'error: "-- nexiom: commit" stands within a statement\n'
        "  phases/01_a/apply.sql:2:1\n"
        "    2 | -- nexiom: commit\n"
        "      | ^^^^^^^^^^^^^^^^^\n"
        "hint: Put it between two statements, on a line of its own."
    ]


def test_mark_that_says_nothing_known_is_refused(refused: Refused) -> None:
    assert refused("select 1;\n-- nexiom: comit\nselect 2;") == [
        'error: "-- nexiom: comit" says nothing nexiom knows\n'
        "  phases/01_a/apply.sql:2:1\n"
        "    2 | -- nexiom: comit\n"
        "      | ^^^^^^^^^^^^^^^^\n"
        'hint: Did you mean "commit"?'
    ]


@pytest.mark.parametrize(
    "written", ["--nexiom:commit", "--nexiom: commit", "-- Nexiom: commit", "--  nexiom : commit", "-- NEXIOM commit;"]
)
def test_mark_that_is_spelled_otherwise_is_refused(refused: Refused, written: str) -> None:
    assert refused(f"select 1;\n{written}\nselect 2;") == [
        f'error: "{written}" is read as a comment\n'
        "  phases/01_a/apply.sql:2:1\n"
        f"    2 | {written}\n"
        f"      | {'^' * len(written)}\n"
        'hint: Write "-- nexiom: commit", or take the comment out.'
    ]


@pytest.mark.parametrize("text", ["-- nexiom commits each phase", "-- nexiom", "--nexiom-runner: x", "-- of nexiom: x"])
def test_comment_that_speaks_of_nexiom_stays_one(read: Read, text: str) -> None:
    script = read(f"select 1;\n{text}\nselect 2;")
    assert parts(script) == [(0, 2, None)]
    assert script.semantic_sha == semantic("select 1;\nselect 2;")


def test_concurrent_index_without_a_name_is_refused(refused: Refused) -> None:
    assert refused("create index concurrently on t (a);") == [
        'error: "create index concurrently" without a name\n'
        "  phases/01_a/apply.sql:1:1\n"
        "    1 | create index concurrently on t (a);\n"
        "      | ^^^^^^\n"
        "hint: Name it, so that nexiom can ask for it after a run that died."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vacuum t;", '"vacuum" in a repeatable'),
        ("select 1;\n-- nexiom: commit\nselect 2;", '"-- nexiom: commit" in a repeatable'),
    ],
)
def test_repeatable_stays_one_transaction(text: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        read_key("01_a/repeatable/x.sql", text)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("create index concurrently if not exists i on a . t ( x )", LoneTarget("a", "i", "a", "t")),
        ('create unique index concurrently "I" on only t using gin ( x )', LoneTarget(None, "I", None, "t")),
        ("drop index concurrently if exists a . i restrict", LoneTarget("a", "i")),
        ("reindex ( verbose ) index concurrently a . i", LoneTarget("a", "i")),
        ("reindex table concurrently t", LoneTarget(None, "t")),
        ("reindex schema concurrently s", LoneTarget(None, None)),
        ("alter table if exists only a . t detach partition b . p concurrently", LoneTarget("b", "p", "a", "t")),
        ("vacuum t", LoneTarget(None, None)),
    ],
)
def test_what_a_lone_statement_is_about(text: str, target: LoneTarget) -> None:
    words = folded(text.split())
    kind = lone_kind(words)
    assert kind is not None
    assert lone_target(kind, words) == target
