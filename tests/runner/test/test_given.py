"""What is there before a call: rows and scripts, in its own transaction, told at their place where they fail."""

import pytest

from nexiom_runner.errors import Place, RenderError, ScriptError, describe
from nexiom_runner.render.values import TargetFacts, Values
from nexiom_runner.results import Outcome
from nexiom_runner.test.given import check_given

PHASE = "phases/01_core/phase.yml"
NOTES = """
create type public.mood as enum ('calm', 'cross');
create table public.notes (
  id bigint generated always as identity primary key, body text not null default 'empty', mood public.mood,
  tags text[], extra jsonb, at timestamptz default now(), upper text generated always as (upper(body)) stored);
create function public.notes_seen() returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(to_jsonb(n) - 'at' || jsonb_build_object('age', now() - n.at) order by n.id), '[]')
  from public.notes as n $$;
"""


def seen(bench, given, result, name="01_core"):
    bench.phase(NOTES, f"notes_seen:\n  calls:\n    it:\n      given: {given}\n      result: {result}\n", name)
    return bench.look()[0]


def test_rows_are_json_for_the_types_of_their_columns(bench):
    given = "{notes: [{id: 7, body: x, mood: cross, tags: [a, b], extra: {k: [1, null]}}]}"
    shape = "[{id: 7, body: in(x), mood: in(cross), tags: [text], extra: {k: [any]}, upper: in(X), age: text}]"
    assert seen(bench, given, shape).outcome is Outcome.PASS


def test_columns_that_are_not_given_have_their_defaults(bench):
    shape = "[{id: int, body: in(empty x), mood: null, tags: null, extra: null, upper: text, age: text}]"
    assert seen(bench, "{notes: [{}, {body: x}]}", shape).outcome is Outcome.PASS


def test_times_are_relative_to_the_transaction(bench):
    shape = '[{age: in("02:00:00" "-3 days"), $open: true}]'
    given = "{notes: [{at: {$ago: 2 hours}}, {at: {$ahead: 3 days}}]}"
    assert seen(bench, given, shape).outcome is Outcome.PASS


def test_a_time_is_an_argument_as_well(bench):
    bench.phase(
        """create function public.since(p_at timestamptz, p_more jsonb) returns jsonb language sql as $$
          select jsonb_build_object('since', now() - p_at, 'more', (p_more -> 'at' ->> 0)::timestamptz - now()) $$;""",
        """since:
          result: {since: 'in("1 day 02:00:00")', more: 'in("00:30:00")'}
          calls: {it: {with: {p_at: {$ago: 1 day 2 hours}, p_more: {at: [{$ahead: "00:30"}]}}}}""",
    )
    (result,) = bench.look()
    assert (result.outcome, result.differences) == (Outcome.PASS, ())


def test_a_call_that_fails_shows_times_as_sql(bench):
    bench.phase(
        "create function public.since(p_at timestamptz) returns int language sql as 'select 1';",
        "since: {result: text, calls: {it: {with: {p_at: {$ago: 2 hours}}}}}",
    )
    assert bench.look()[0].sql == "select public.since(p_at => now() - interval '2 hours')"


def test_csv_is_text_that_the_server_reads(bench):
    bench.fixture("notes.csv", 'id,body,mood,tags,extra\n7,"say ""yes"", or\nno",cross,{a},"{""k"": 1}"\n8,,,,\n')
    bench.phase(
        NOTES.replace("not null default 'empty'", ""),
        """notes_seen:
          calls:
            it:
              given: {notes: notes.csv}
              result: [{id: int, body: 'text ~ ^say | null', mood: any, tags: any, extra: any, upper: any, age: any}]
        """,
    )
    assert bench.look()[0].outcome is Outcome.PASS


def test_scripts_are_rendered_and_run_in_order_with_rows(bench):
    bench.fixture("two.sql", "insert into public.notes (body, at) values ('one', {{ ago('1 hour') }}); -- the first\n")
    bench.fixture("more.yml", "notes: [{body: two}]\n")
    given = "[two.sql, {notes: [{body: three}]}, more.yml]"
    shape = "[{id: int 1..3, $open: true}]"
    assert seen(bench, given, shape).outcome is Outcome.PASS


def test_what_a_phase_gives_comes_before_what_its_calls_add(bench):
    bench.phase(
        NOTES,
        """notes_seen:
          calls:
            it: {given: {notes: [{body: b}]}, result: {$items: {body: text, $open: true}, $size: 2}}
            bare: {result: {$items: {body: in(a), $open: true}, $size: 1}}""",
        head="given: {notes: [{body: a}]}\n",
    )
    assert [result.outcome for result in bench.look()] == [Outcome.PASS, Outcome.PASS]


def test_nothing_that_is_given_remains(bench, session):
    seen(bench, "{notes: [{body: x}]}", "any")
    assert session.send("select count(*) from public.notes")[0].rows == (("0",),)


def test_rows_are_inserted_as_the_owner_whoever_calls(bench):
    bench.phase(
        NOTES + "alter function public.notes_seen() security definer;",
        "notes_seen: {calls: {it: {as: anon, given: {notes: [{}]}, result: {$items: any, $size: 1}}}}",
    )
    assert bench.look()[0].outcome is Outcome.PASS


def test_a_stable_function_is_called_read_only_behind_what_is_given(bench):
    bench.phase(
        NOTES + "create function public.w() returns text language sql stable"
        " as $$ select current_setting('transaction_read_only') $$;",
        'w: {calls: {it: {given: {notes: [{}]}, result: in("on")}}}',
    )
    assert bench.look()[0].outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("row", "message", "place", "width"),
    [
        ("{mood: angry}", '22P02 invalid input value for enum mood: "angry"', Place(PHASE, 7, 34), 5),
        (
            "{body: null}",
            '23502 null value in column "body" of relation "notes" violates not-null constraint',
            Place(PHASE, 7, 28),
            4,
        ),
        (
            "{id: 1}, {id: 1}",
            '23505 duplicate key value violates unique constraint "notes_pkey"',
            Place(PHASE, 7, 36),
            1,
        ),
    ],
)
def test_a_row_that_is_refused_is_told_at_its_place(bench, row, message, place, width):
    result = seen(bench, f"{{notes: [{row}]}}", "any")
    assert (result.outcome, result.message, result.place, result.width) == (Outcome.ERROR, message, place, width)
    assert result.excerpt == f"          given: {{notes: [{row}]}}"
    assert result.detail.split("\n")[-1] == f"given to {PHASE}:6"


def test_a_column_that_is_not_there_suggests_the_nearest(bench):
    result = seen(bench, "{notes: [{body: x}, {bdy: x}]}", "any")
    assert (result.outcome, result.message) == (Outcome.ERROR, 'table "notes" has no column "bdy"')
    assert (result.place, result.width, result.fix) == (Place(PHASE, 7, 39), 3, 'Did you mean "body"?')
    assert result.excerpt == "          given: {notes: [{body: x}, {bdy: x}]}"


def test_a_generated_column_cannot_be_given(bench):
    result = seen(bench, "{notes: [{upper: x}]}", "any")
    assert result.message == 'table "notes" has no column "upper"'
    assert result.fix == "Its columns are id, body, mood, tags, extra, at."


def test_a_table_that_is_not_there_suggests_the_nearest(bench):
    result = seen(bench, "{note: [{body: x}]}", "any")
    assert (result.message, result.place) == ('there is no table "note"', Place(PHASE, 7, 19))
    assert result.fix == 'Did you mean "notes"?'


def test_a_value_of_csv_that_is_refused_is_told_in_its_file(bench):
    bench.fixture("notes.csv", "id,mood\n7,calm\n8,angry\n")
    result = seen(bench, "{notes: notes.csv}", "any")
    assert (result.place, result.width, result.excerpt) == (Place("fixtures/notes.csv", 3, 3), 5, "8,angry")


def test_a_script_that_fails_is_told_at_its_place(bench):
    bench.fixture("bad.sql", "select 1;\ninsert into public.notes\n  (bdy) values (1);\n")
    result = seen(bench, "bad.sql", "any")
    assert (result.outcome, result.message) == (Outcome.ERROR, '42703 column "bdy" of relation "notes" does not exist')
    assert (result.place, result.width, result.excerpt) == (Place("fixtures/bad.sql", 3, 4), 3, "  (bdy) values (1);")


def test_a_secret_that_is_not_set_is_an_error_of_the_calls_that_need_it(bench):
    bench.secrets = {"KEY": None}
    bench.fixture("s.sql", "select '{{ secret('KEY') }}';")
    bench.phase(
        NOTES,
        "notes_seen: {calls: {a: {given: {notes: [{body: {$secret: KEY}}]}}, b: {given: s.sql}, c: {}}}",
    )
    found = [(result.outcome, result.message) for result in bench.look()]
    unset = (Outcome.ERROR, 'secret "KEY" is not set')
    assert found == [unset, unset, (Outcome.PASS, None)]


def test_a_call_with_rows_is_not_made_on_a_protected_target(bench):
    bench.target = TargetFacts("production", protected=True)
    result = seen(bench, "{notes: [{}]}", "any")
    assert result.outcome is Outcome.SKIP
    assert result.message == 'it writes what it is given and "production" is protected; on: [production] would call it'


def test_what_is_wrong_with_a_script_is_told_before_the_database_is_asked(bench):
    bench.fixture("a.sql", "insert into t values (1);\ncommit;\n")
    bench.fixture("b.sql", "-- nothing\n")
    bench.fixture("c.sql", "select {{ nothing }};\n")
    with pytest.raises(RenderError):
        check_given(bench.project(), Values())
    bench.fixture("c.sql", "select 1")
    with pytest.raises(ScriptError) as caught:
        check_given(bench.project(), Values())
    assert [describe(fault) for fault in caught.value.faults] == [
        'error: "commit" cannot stand in a test\n  fixtures/a.sql:2:1\n    2 | commit;\n      | ^^^^^^\n'
        "detail: Its transaction is begun and rolled back for it.",
        'error: "fixtures/b.sql" has no statement\n  fixtures/b.sql:1:1\nhint: Write SQL into it, or delete the file.',
    ]


def test_calls_that_are_given_rows_ask_the_catalog_once_more_at_most(bench, session):
    bench.phase(NOTES, "notes_seen: {calls: {a: {}, b: {}}}")
    plain = _round_trips(bench, session)
    bench.phase("", "notes_seen: {calls: {a: {given: {notes: [{}, {}]}}, b: {given: {notes: [{}]}}}}")
    assert _round_trips(bench, session) == plain + 1


def _round_trips(bench, session):
    before = session.round_trips
    assert {result.outcome for result in bench.look()} == {Outcome.PASS}
    return session.round_trips - before
