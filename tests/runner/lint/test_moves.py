"""What a plan meets on the target, in words and numbers."""

import pytest
from plan_builders import graph

from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.ledger.fold import fold
from nexiom_runner.lint.moves import Facts, TableFacts, moves, read_facts, size
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Plan


def planned(**scripts: str) -> Plan:
    return make_plan(graph({f"{name[1:]}/apply.sql": text for name, text in scripts.items()}), fold([]))


@pytest.mark.parametrize(
    ("rows", "size_in_bytes", "text"),
    [
        (2_100_000, 480 * 2**20, "2.1 M rows, 480 MB"),
        (9_999, 8_192, "9999 rows, 8 kB"),
        (10_000, 0, "10 k rows, 0 kB"),
        (3 * 10**9, 2**40, "3 G rows, 1 TB"),
        (-1, 5 * 2**30, "5 GB"),
    ],
)
def test_a_size_as_people_say_it(rows: int, size_in_bytes: int, text: str) -> None:
    assert size(TableFacts(rows, size_in_bytes)) == text


def test_facts_are_those_of_what_the_plan_names(session: Session) -> None:
    session.send(
        'create schema crm; create table crm."Été" (id int, n numeric(10,2), check (n > 0)); create table o (id int);'
        'insert into crm."Été" values (1, 2), (2, 3); analyze crm."Été"'
    )
    facts = read_facts(session, planned(_01_a='alter table crm."Été" add column x uuid default gen_random_uuid();'))
    assert facts.tables == {
        ("crm", "Été"): TableFacts(2, 8192, {"id": "integer", "n": "numeric(10,2)"}, ("CHECK ((n > (0)::numeric))",))
    }
    assert facts.functions == {"gen_random_uuid": "v"}


def test_rows_of_a_partitioned_table_are_those_of_its_partitions(session: Session) -> None:
    session.send(
        "create table t (id int) partition by range (id); create table t1 partition of t for values from (0) to (50);"
        "create table t2 partition of t for values from (50) to (100);"
        "insert into t select generate_series(0, 99); analyze t1; analyze t2"
    )
    facts = read_facts(session, planned(_01_a="alter table t add column x int;"))
    assert facts.tables["public", "t"].rows == 100


def test_nothing_is_asked_where_nothing_would_run(session: Session) -> None:
    before = session.round_trips
    assert read_facts(session, Plan(())) == Facts()
    assert session.round_trips == before


def test_the_number_of_questions_does_not_depend_on_the_number_of_tables(session: Session) -> None:
    session.send("".join(f"create table t{number} (id int);" for number in range(50)))
    plan = planned(_01_a="".join(f"alter table t{number} add column x int;" for number in range(50)))
    before = session.round_trips
    assert len(read_facts(session, plan).tables) == 50
    assert session.round_trips - before == 3


def test_a_table_that_somebody_locks_is_not_waited_for(session: Session, admin_session: Session) -> None:
    session.send("create table t (id int)")
    with admin_session.transaction(rollback=True):
        admin_session.send("lock table t in access exclusive mode")
        with pytest.raises(ServerError) as caught:
            read_facts(session, planned(_01_a="alter table t add column x int;"))
    assert caught.value.report.sqlstate == "55P03"


def test_what_the_plan_makes_itself_is_known_from_there_on() -> None:
    made = list(moves(planned(_01_a="create table t (id int);", _02_b="alter table t add column x int;"), Facts(), {}))
    assert [("public", "t") in move.made for move in made] == [False, True]


def test_statements_of_the_same_transaction_are_around_it() -> None:
    text = "select 1;\nselect 2;\n-- nexiom: commit\nselect 3;\n"
    around = [(len(move.before), len(move.behind)) for move in moves(planned(_01_a=text), Facts(), {})]
    assert around == [(0, 1), (1, 0), (0, 0)]
