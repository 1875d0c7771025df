"""What a script may not hold is refused with its place and what to do instead, all at once."""

from collections.abc import Callable

import pytest

from nexiom_runner.sql.script import Script

Read = Callable[..., Script]
Refused = Callable[[str], list[str]]


def test_begin_is_refused(refused: Refused) -> None:
    assert refused("select 1;\n  BEGIN;\n") == [
        'error: "begin" controls the transaction\n'
        "  phases/01_a/apply.sql:2:3\n"
        "    2 |   BEGIN;\n"
        "      |   ^^^^^\n"
        "hint: Take it out: a script runs in one transaction that nexiom begins and commits."
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("begin", "start transaction", "commit", "commit and chain", "rollback", "rollback to a", "savepoint a"),
        *("release a", "abort", "end", "prepare transaction 'x'", "begin isolation level serializable"),
    ],
)
def test_transaction_control_is_refused(refused: Refused, text: str) -> None:
    assert "controls the transaction" in refused(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "create function f() returns int begin atomic select 1; end",
        "do $$ begin perform 1; end $$",
        "create procedure p() language plpgsql as $$ begin commit; end $$",
        "set local search_path = a",
        "set constraints all immediate",
        "reset role",
        "alter type mood add value 'x'",
        "refresh materialized view concurrently mv",
        "create index i on t (concurrently_made)",
        "reindex table t",
        "cluster t using i",
        "copy t to '/x'",
        "copy t from program 'x'",
        "create subscription s connection 'x' publication p with (create_slot = false)",
        "drop table a",
        "drop subscription s",
        "select set_config('a.b', 'c', true)",
        "alter table t detach partition p",
        "analyze t",
    ],
)
def test_this_is_not_refused(read: Read, text: str) -> None:
    assert len(read(text).statements) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("reindex (verbose) system", "reindex system"),
        ("cluster", "cluster"),
        ("cluster verbose", "cluster"),
        ("create database d", "create database"),
        ("drop database if exists d", "drop database"),
        ("create tablespace x location '/x'", "create tablespace"),
        ("alter system set a = 1", "alter system"),
        ("alter database d set tablespace x", "alter database … set tablespace"),
        ("create subscription s connection 'x' publication p", "create subscription"),
    ],
)
def test_what_reaches_beyond_a_script_is_refused(refused: Refused, text: str, what: str) -> None:
    message = f'error: "{what}" cannot run in a transaction and is no step of a script\n'
    assert refused(f"{text};")[0].startswith(message)


def test_set_that_outlives_the_script_is_refused(refused: Refused) -> None:
    assert refused("set search_path = a, b;") == [
        'error: "set search_path" outlives the script\n'
        "  phases/01_a/apply.sql:1:1\n"
        "    1 | set search_path = a, b;\n"
        "      | ^^^\n"
        'hint: Write "set local search_path …", which ends with the script\'s transaction.'
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set role x", '"set role" outlives the script'),
        ("set session authorization x", '"set session authorization" outlives the script'),
        ("set session statement_timeout = 0", '"set session statement_timeout" outlives the script'),
        ("set transaction read only", '"set transaction" changes the transaction nexiom has begun'),
        (
            "set session characteristics as transaction read only",
            '"set session characteristics" changes the transaction nexiom has begun',
        ),
        ("set", '"set" outlives the script'),
        ("reset all", '"reset all" changes the session'),
        ("discard plans", '"discard plans" changes the session'),
        ("listen x", '"listen" outlives the script'),
        ("unlisten *", '"unlisten" outlives the script'),
        ("prepare q as select 1", '"prepare" outlives the script'),
        ("deallocate all", '"deallocate" outlives the script'),
        ("copy t to stdout", '"copy … to stdout" sends rows that nobody reads'),
    ],
)
def test_session_state_is_refused(refused: Refused, text: str, message: str) -> None:
    assert refused(text)[0].startswith(f"error: {message}\n")


def test_copy_data_is_refused_and_what_follows_it_is_read(refused: Refused) -> None:
    text = "COPY public.t (a) FROM stdin;\nit's; begin\n\\N\n\\.\n\ncommit;\n"
    assert refused(text) == [
        'error: "copy … from stdin" has its data in the script\n'
        "  phases/01_a/apply.sql:1:1\n"
        "    1 | COPY public.t (a) FROM stdin;\n"
        "      | ^^^^\n"
        'hint: Write the rows as "insert into … values …"; pg_dump does so with --rows-per-insert=1000.',
        'error: "commit" controls the transaction\n'
        "  phases/01_a/apply.sql:6:1\n"
        "    6 | commit;\n"
        "      | ^^^^^^\n"
        "hint: Take it out: a script runs in one transaction that nexiom begins and commits.",
    ]


def test_lines_like_copy_data_within_a_literal_are_the_users_text(read: Read) -> None:
    text = "select '\ncopy t from stdin;\nit\n\\.\n';"
    assert read(text).text == text


def test_meta_command_is_refused(refused: Refused) -> None:
    assert refused("select 1;\n\\i other.sql\nselect it;") == [
        'error: psql meta-command "\\i" in a script\n'
        "  phases/01_a/apply.sql:2:1\n"
        "    2 | \\i other.sql\n"
        "      | ^^^^^^^^^^^^\n"
        "hint: Put the text of that file here, or a macro in macros/ and its call here."
    ]


def test_meta_command_hides_no_statement_behind_it(refused: Refused) -> None:
    assert [fault.split("\n")[0] for fault in refused("\\set x 'it\nbegin;")] == [
        'error: psql meta-command "\\set" in a script',
        'error: "begin" controls the transaction',
    ]


def test_lines_of_pg_dump_are_left_out_of_what_is_sent(read: Read) -> None:
    script = read("\\restrict Abc\nselect '\n\\restrict kept';\n\\unrestrict Abc\n")
    assert script.text == "             \nselect '\n\\restrict kept';\n               \n"


def test_faults_come_in_the_order_of_the_text(refused: Refused) -> None:
    faults = refused("commit;\n\\q\ncluster;\nselect 'a")
    assert [fault.split("\n")[1].strip() for fault in faults] == [
        f"phases/01_a/apply.sql:{place}" for place in ("1:1", "2:1", "3:1", "4:8")
    ]


@pytest.mark.parametrize(
    ("opening", "what", "closing"),
    [
        ("'a", "string", "'"),
        ('"a', "quoted identifier", '"'),
        ("/* a", "comment", "*/"),
        ("$x$ a", "dollar-quoted string", "$x$"),
    ],
)
def test_what_is_never_closed_is_told_where_it_opens(refused: Refused, opening: str, what: str, closing: str) -> None:
    assert refused(f"select 1;\nselect {opening} ;\n") == [
        f"error: {what} is never closed\n"
        "  phases/01_a/apply.sql:2:8\n"
        f"    2 | select {opening} ;\n"
        "      |        ^\n"
        f"hint: Close it with {closing}"
    ]


@pytest.mark.parametrize("text", ["", "-- later\n", ";;\n"])
def test_script_without_statement_is_refused(refused: Refused, text: str) -> None:
    assert refused(text) == [
        "error: script has no statement\n  phases/01_a/apply.sql:1:1\nhint: Write SQL into it, or delete apply.sql."
    ]


def test_secret_within_a_literal_is_refused(refused: Refused) -> None:
    assert refused("insert into t values ('a ‹secret:KEY›');") == [
        'error: secret "KEY" is not a whole quoted literal\n'
        "  phases/01_a/apply.sql:1:26\n"
        "    1 | insert into t values ('a ‹secret:KEY›');\n"
        "      |                          ^\n"
        "hint: Write '{{ secret('KEY') }}' with nothing else between the quotes."
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "-- '‹secret:KEY›'\n select 1",
        "select E'‹secret:KEY›'",
        "do $$ '‹secret:KEY›' $$",
        'select "‹secret:KEY›"',
        "select ‹secret:KEY›",
    ],
)
def test_secret_stands_nowhere_but_in_a_plain_literal(refused: Refused, piece: str) -> None:
    assert refused(piece)[0].startswith('error: secret "KEY" is not a whole quoted literal\n')


def test_secret_in_a_function_is_refused(refused: Refused) -> None:
    assert refused("create function f() returns text language sql as $$ select '‹secret:KEY›' $$;") == [
        'error: secret "KEY" in a function, whose text the database stores and shows\n'
        "  phases/01_a/apply.sql:1:61\n"
        "    1 | create function f() returns text language sql as $$ select '‹secret:KEY›' $$;\n"
        "      |                                                             ^\n"
        "hint: Keep it in a table that only the function's owner may read, and insert it there."
    ]


def test_secret_as_a_whole_literal_is_kept(read: Read) -> None:
    assert read("insert into t values ('‹secret:KEY›');").text == "insert into t values ('‹secret:KEY›');"
