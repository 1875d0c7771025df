"""Calls that commit on a copy: what a rollback hides, two sessions at once, and a database that stays as it was."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.copies import Copies
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.reports import as_said
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import dsn as dsn_of_state
from nexiom_runner.results import Difference, Outcome, Result
from nexiom_runner.test.test import ALONE
from nexiom_runner.test.test import Running as How
from tests.runner.test.conftest import Bench

JOBS = """
create table public.jobs (id integer primary key, done boolean not null default false);
insert into public.jobs select generate_series(1, 4);
create function public.work(p_limit integer) returns integer language plpgsql as $$
declare taken integer;
begin
  with picked as (select id from public.jobs where not done order by id limit p_limit {lock})
  update public.jobs as j set done = true from picked where j.id = picked.id and not j.done;
  get diagnostics taken = row_count;
  return taken;
end $$;
"""
PARENT = """
create table public.parent (id integer primary key);
create table public.child (id integer references public.parent deferrable initially deferred);
create function public.orphan() returns void language sql as 'insert into public.child values (1)';
create function public.count_children() returns bigint language sql as 'select count(*) from public.child';
"""


@pytest.fixture
def committing(
    bench: Bench, server: Running, server_session: Session, database: str, dsn: str
) -> Iterator[Callable[[], list[Result]]]:
    """Looks at the project with copies of the test's database as it is then."""
    template = f"nexiom_run_{database}_template"

    def look() -> list[Result]:
        bench.session.close()
        clone_database(server_session, database, template)
        bench.session = connect(dsn, application="t")
        make = partial(clone_database, server_session, template)
        copies = Copies(server_session, template, make, lambda name: dsn_of_state(server.state, database=name), as_said)
        return bench.look(running=How(copies=copies))

    yield look
    drop_database(server_session, template)
    bench.session.close()


def test_a_call_that_commits_leaves_nothing_in_the_database(
    bench: Bench, committing: Callable[[], list[Result]], server_session: Session
) -> None:
    bench.phase(JOBS.format(lock=""), "work: {calls: {it: {commit: clone, with: {p_limit: 3}, result: 3}}}")
    assert [result.outcome for result in committing()] == [Outcome.PASS]
    assert bench.session.send("select count(*) from jobs where done")[0].rows == (("0",),)
    left = server_session.send("select datname from pg_database where starts_with(datname, 'nexiom_run_')")
    assert [row[0] for row in left[0].rows if not str(row[0]).endswith("_template")] == []


def test_a_failure_says_where_it_was_committed(bench: Bench, committing: Callable[[], list[Result]]) -> None:
    bench.phase(JOBS.format(lock=""), "work: {calls: {it: {commit: clone, with: {p_limit: 3}, result: 4}}}")
    (result,) = committing()
    assert (result.outcome, result.left) == (Outcome.FAIL, "committed on a copy")
    assert result.differences == (Difference("$", "4", "3 (number)", None),)


def test_a_constraint_that_is_looked_at_when_it_commits_fails_the_call(
    bench: Bench, committing: Callable[[], list[Result]]
) -> None:
    bench.phase(PARENT, "orphan: {calls: {it: {commit: clone}, so it must: {commit: clone, raises: 23503}}}")
    failed, passed = committing()
    assert (failed.outcome, passed.outcome) == (Outcome.FAIL, Outcome.PASS)
    assert (failed.message or "").startswith("23503 insert or update on table")


def test_two_sessions_that_skip_what_is_locked_share_the_work(
    bench: Bench, committing: Callable[[], list[Result]]
) -> None:
    calls = "it: {commit: clone, sessions: 2, with: {p_limit: 2}, result: 2, changes: {jobs: {updated: 4}}}"
    bench.phase(JOBS.format(lock="for update skip locked"), f"work: {{calls: {{{calls}}}}}")
    assert [(result.outcome, result.differences) for result in committing()] == [(Outcome.PASS, ())]


def test_two_sessions_that_do_not_look_take_the_same(bench: Bench, committing: Callable[[], list[Result]]) -> None:
    calls = "it: {commit: clone, sessions: 2, with: {p_limit: 2}, result: 2, changes: {jobs: {updated: 4}}}"
    bench.phase(JOBS.format(lock=""), f"work: {{calls: {{{calls}}}}}")
    (result,) = committing()
    assert result.differences == (
        Difference("session 2: $", "2", "0 (number)", None),
        Difference("jobs", "4 updated", "2 updated", None),
    )


def test_what_a_second_session_raises_is_told_of_it(bench: Bench, committing: Callable[[], list[Result]]) -> None:
    bench.phase(
        "create table public.once (id integer primary key);"
        "create function public.add() returns void language sql as 'insert into public.once values (1)';",
        "add: {calls: {it: {commit: clone, sessions: 2}}}",
    )
    (result,) = committing()
    assert (result.message or "").startswith("session 2: 23505 duplicate key")


def test_what_is_given_is_there_for_every_session(bench: Bench, committing: Callable[[], list[Result]]) -> None:
    given = "given: [{jobs: [{id: 5}, {id: 6}]}]"
    calls = f"it: {{commit: clone, sessions: 3, {given}, with: {{p_limit: 2}}, result: 2}}"
    bench.phase(JOBS.format(lock="for update skip locked"), f"work: {{calls: {{{calls}}}}}")
    assert [(result.outcome, result.message, result.differences) for result in committing()] == [
        (Outcome.PASS, None, ())
    ]


def test_where_no_copy_can_be_made_it_is_not_looked_at(bench: Bench) -> None:
    bench.phase(JOBS.format(lock=""), "work: {calls: {it: {commit: clone, with: {p_limit: 3}, result: 3}}}")
    (result,) = bench.look(running=How(no_copies='"x" may not make a copy of the database'))
    assert (result.outcome, result.message) == (Outcome.SKIP, 'it commits: "x" may not make a copy of the database')
    assert bench.look(running=ALONE)[0].outcome is Outcome.SKIP
