"""What must come of a call beside its value: rows, the error, notices, rows changed, a second call, pages."""

# ruff: noqa: S608 (SQL of the tests' own)

import pytest

from nexiom_runner.results import Difference, Outcome

NOTES = """
create table public.notes (id int primary key, body text, parent int references public.notes on delete cascade);
create table public.log (body text);
create function public.note_log() returns trigger language plpgsql as
  $$ begin insert into public.log values (tg_op); return null; end $$;
create trigger logged after insert or delete on public.notes for each row execute function public.note_log();
insert into public.notes values (1, 'a', null), (2, 'b', 1), (3, 'c', 1);
truncate public.log;
"""


def look(bench, body, calls, returns="void", sql=NOTES, **phase):
    function = f"create function public.f(p int = 1) returns {returns} language plpgsql as $f$ begin {body} end $f$;"
    bench.phase(sql + function, f"f:\n  calls:\n    {calls}\n", **phase)
    found = bench.look()
    assert [result.message for result in found] == [None] * len(found)
    return [(result.outcome, result.differences) for result in found]


PASSED = [(Outcome.PASS, ())]


def test_the_number_of_rows_is_a_range(bench):
    sql = "create function public.g() returns setof int language sql as 'select generate_series(1, 3)';"
    calls = "g: {calls: {a: {rows: 3}, b: {rows: 1..}, c: {rows: 4..5}, d: {rows: {count: 2, each: text}}}}"
    bench.phase(sql, calls)
    found = [result.differences for result in bench.look()]
    note = "cast it with ::text inside jsonb_build_object"
    each = [Difference(f"$[{at}]", "text", f"{at + 1} (number)", note) for at in range(3)]
    assert found == [(), (), (Difference("rows", "4..5", "3"),), (*each, Difference("rows", "2", "3"))]


def test_a_function_that_returns_no_set_has_no_rows(bench):
    assert look(bench, "return 1;", "a: {rows: 1}", returns="int") == [
        (Outcome.FAIL, (Difference("rows", "1", "number", "only a function that returns a set gives rows"),))
    ]


@pytest.mark.parametrize(
    ("raises", "found"),
    [
        ("{sqlstate: 22023, message: p must not be 1}", ()),
        ("{message: ~ must.not}", ()),
        ("{message: p must}", (Difference("message", '"p must"', '"p must not be 1"'),)),
        ("{sqlstate: 22023, message: ~ may}", (Difference("message", "~ may", '"p must not be 1"'),)),
        ("{sqlstate: P0001, message: ~ may}", (Difference("raises", "P0001", "22023 p must not be 1"),)),
    ],
)
def test_an_error_has_a_sqlstate_and_a_message(bench, raises, found):
    body = "raise exception 'p must not be %', p using errcode = '22023';"
    assert look(bench, body, f"a: {{raises: {raises}}}")[0][1] == found


def test_a_value_where_a_message_is_expected_fails(bench):
    found = look(bench, "return 7;", "a: {raises: {message: ~ no}}", returns="int")
    assert found[0][1] == (Difference("raises", "~ no", "7 returned"),)


def test_notices_are_those_of_the_call_in_order(bench):
    bench.fixture("loud.sql", "do $$ begin raise notice 'before'; end $$;")
    body = "raise notice 'one'; raise warning 'two %', p; raise debug 'three';"
    calls = "a: {given: loud.sql, notices: [one, ~ ^two]}"
    assert look(bench, body, calls) == PASSED


def test_notices_that_differ_are_told_one_by_one(bench):
    calls = "{a: {notices: [one, three]}, b: {notices: none}, c: {notices: [one, two, x]}}"
    found = look(bench, "raise notice 'one'; raise notice 'two';", calls[1:-1].replace("}, ", "}\n    "))
    assert [differences for _, differences in found] == [
        (Difference("notice 2", '"three"', '"two"'),),
        (Difference("notice 1", None, '"one"'), Difference("notice 2", None, '"two"')),
        (Difference("notice 3", '"x"', None),),
    ]


def test_changes_count_triggers_and_cascades(bench):
    body = "delete from public.notes where id = 1; insert into public.notes values (9);"
    body += "update public.notes set body = 'x';"
    counts = "{notes: {inserted: 1, updated: 1, deleted: 3}, log: {inserted: 4}}"
    assert look(bench, body, f"a: {{changes: {counts}}}") == PASSED


def test_changes_are_exact(bench):
    body = "insert into public.notes values (9); update public.notes set body = 'x' where id < 3;"
    found = look(bench, body, "a: {changes: {notes: {inserted: 2}}}")
    assert found[0][1] == (
        Difference("notes", "2 inserted", "1 inserted, 2 updated"),
        Difference("log", None, "1 inserted", "changes names every table"),
    )


def test_no_changes_is_a_statement(bench):
    found = look(bench, "delete from public.log where p = 2;", "a: {changes: none}\n    b: {changes: {log: {}}}")
    assert found == [(Outcome.PASS, ()), (Outcome.PASS, ())]
    bench.phase("", "f: {calls: {a: {changes: {log: {deleted: 1..}}}}}")
    assert bench.look()[0].differences == (Difference("log", "1.. deleted", "nothing"),)


def test_what_an_exception_block_undid_is_not_counted(bench):
    body = """
      insert into public.notes values (8);
      begin insert into public.notes values (9); raise exception 'no'; exception when others then null; end;
      begin insert into public.notes values (8); exception when unique_violation then null; end;
      insert into public.notes values (8) on conflict (id) do update set body = 'y';
    """
    counts = "{notes: {inserted: 1, updated: 1}, log: {inserted: 1}}"
    assert look(bench, body, f"a: {{changes: {counts}}}") == PASSED


def test_what_is_undone_is_not_counted_for_a_role_without_rights(bench):
    body = "begin insert into public.log values ('x'); raise exception 'no'; exception when others then null; end;"
    grants = NOTES + "grant insert on public.log to anon;"
    assert look(bench, body, "a: {as: anon, changes: none}", sql=grants) == PASSED


def test_rows_that_cannot_be_noted_are_an_error(bench, admin_session):
    admin_session.send("create table public.theirs (n int); grant insert on public.theirs to nexiom_owner")
    bench.phase(
        """create function public.f() returns void language plpgsql as $$ begin
          begin insert into public.theirs values (1); raise exception 'no'; exception when others then null; end;
        end $$;""",
        "f: {calls: {a: {changes: none}}}",
    )
    (result,) = bench.look()
    message = "the rows it changes cannot be noted: 42501 permission denied for table theirs"
    assert (result.outcome, result.message) == (Outcome.ERROR, message)


def test_what_is_given_is_no_change_of_the_call(bench):
    assert look(bench, "null;", "a: {given: {notes: [{id: 7}]}, changes: none}") == PASSED


def test_rows_that_a_deferred_trigger_writes_are_counted(bench):
    sql = NOTES + (
        "create constraint trigger late after insert on public.log deferrable initially deferred"
        " for each row when (new.body = 'x') execute function public.note_log();"
    )
    assert look(bench, "insert into public.log values ('x');", "a: {changes: {log: {inserted: 2}}}", sql=sql) == PASSED


def test_a_second_call_that_changes_nothing_passes(bench):
    body = "insert into public.log select 'x' where not exists (select from public.log);"
    assert look(bench, body, "a: {twice: true, changes: {log: {inserted: 1}}}") == PASSED


def test_a_second_call_that_changes_something_fails(bench):
    found = look(bench, "insert into public.log values ('x');", "a: {twice: true}")
    assert found == [(Outcome.FAIL, (Difference("the second call: log", "nothing", "1 inserted"),))]


def test_a_second_call_may_write_what_is_there_already(bench):
    body = "insert into public.notes values (9, 'x') on conflict (id) do update set body = excluded.body;"
    assert look(bench, body, "a: {twice: true}") == PASSED


def test_a_second_call_may_meet_what_is_there_in_an_exception_block(bench):
    body = "begin insert into public.notes values (9); exception when unique_violation then null; end;"
    assert look(bench, body, "a: {twice: true}") == PASSED


def test_the_value_of_the_second_call_must_match_too(bench):
    sql = NOTES + "create sequence public.s;"
    found = look(bench, "return nextval('public.s');", "a: {twice: true, result: 1}", returns="int", sql=sql)
    assert found == [(Outcome.FAIL, (Difference("the second call: $", "1", "2 (number)", None),))]


def test_a_second_call_that_fails_says_so(bench):
    bench.phase(
        NOTES + "create function public.f() returns void language sql as 'insert into public.notes values (9)';",
        "f: {calls: {a: {twice: true}}}",
    )
    (result,) = bench.look()
    message = '23505 duplicate key value violates unique constraint "notes_pkey"'
    assert (result.outcome, result.message) == (Outcome.FAIL, f"the second call: {message}")


def test_pages_touched_within_nested_functions_are_counted(bench):
    sql = (
        NOTES
        + """
    create table public.many as select n as id, repeat('x', 200) as body from generate_series(1, 2000) as n;
    create function public.inner_f() returns bigint language plpgsql as
      $$ begin return (select count(*) from public.many); end $$;"""
    )
    calls = "a: {within: {buffers: 10}}\n    b: {within: {buffers: 70}}"
    (first, second) = look(bench, "return public.inner_f();", calls, returns="bigint", sql=sql)
    pages = int(first[1][0].found)
    assert first[1] == (Difference("buffers", "at most 10", str(pages)),)
    assert 55 <= pages <= 65
    assert second == (Outcome.PASS, ())


def test_pages_are_the_same_in_every_run(bench):
    sql = NOTES + "create table public.many as select n as id from generate_series(1, 5000) as n; analyze public.many;"
    calls = "\n    ".join(f"a{number}: {{within: {{buffers: 1}}}}" for number in range(3))
    found = look(bench, "return (select count(*) from public.many);", calls, returns="bigint", sql=sql)
    assert len({differences[0].found for _, differences in found}) == 1


def test_a_server_that_counts_no_rows_is_an_error(bench, admin_session):
    if admin_session.server.version_num < 150000:
        pytest.skip("before 15 nobody but a superuser may turn it off")
    admin_session.send("grant set on parameter track_counts to nexiom_owner")
    bench.session.send("set track_counts = off")
    admin_session.send("revoke set on parameter track_counts from nexiom_owner")
    bench.phase(
        "create function public.f() returns int language sql as 'select 1';", "f: {calls: {a: {changes: none}}}"
    )
    (result,) = bench.look()
    assert (result.outcome, result.message) == (Outcome.ERROR, "the server counts no rows")
    assert result.fix == "Set track_counts = on, which it is unless somebody turned it off."


def test_each_case_is_a_check_with_its_own_outcome(bench):
    bench.phase(
        NOTES + "create function public.f(p int, q int = 2) returns int language plpgsql as"
        " $$ begin if p < 0 then raise exception 'no' using errcode = '22023'; end if; return p * q; end $$;",
        """
        f:
          result: int
          calls:
            products:
              with: {q: 3}
              cases:
                two: {p: 2, $result: 6}
                of another: {p: 2, q: 5, $result: 10}
                negative: {p: -1, $raises: 22023}
            listed:
              cases: [{p: 1}, {p: 2, q: 2}]
              raises: 22023
        """,
    )
    assert [(result.subject, result.outcome) for result in bench.look()] == [
        ("f: products: two", Outcome.PASS),
        ("f: products: of another", Outcome.PASS),
        ("f: products: negative", Outcome.PASS),
        ("f: listed: p=1", Outcome.FAIL),
        ("f: listed: p=2, q=2", Outcome.FAIL),
    ]


def test_a_call_that_is_skipped_says_why(bench):
    bench.phase(NOTES, "f: {calls: {a: {skip: waits for the new provider, as: anon}}}")
    (result,) = bench.look()
    assert (result.outcome, result.message, result.role) == (Outcome.SKIP, "waits for the new provider", "anon")


def test_only_leaves_every_other_test_out_and_warns(bench):
    bench.script("select 1 as n;", "1: {columns: {n: int}}")
    bench.phase(NOTES + "create function public.f() returns int language sql as 'select 1';", "f: {calls: {a: {}}}")
    bench.phase("", "f: {calls: {b: {only: true, result: 1}, c: {only: true, result: 2}}}", name="02_more")
    found = [(result.subject, result.outcome, result.message) for result in bench.look()]
    assert found == [
        ("f: a", Outcome.SKIP, "another call says only"),
        ("f: b", Outcome.WARN, "it says only: no other test was looked at"),
        ("f: c", Outcome.FAIL, None),
        ("tests/sql/t.sql: 1", Outcome.SKIP, "another call says only"),
    ]


def test_a_plain_call_is_one_round_trip_and_a_measured_one_too(bench, session):
    calls = ["a: {}", "a: {changes: none}", "a: {within: {buffers: 50}, notices: none, twice: true}"]
    trips = [_round_trips(bench, session, each) for each in calls]
    assert trips[0] == trips[1] == trips[2]


def _round_trips(bench, session, call):
    bench.phase("", f"g: {{calls: {{{call}}}}}")
    session.send("create or replace function public.g() returns int language sql as 'select 1'")
    before = session.round_trips
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]
    return session.round_trips - before
