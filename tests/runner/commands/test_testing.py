"""`nexiom test` in another order, on copies, of what failed: the results are the same."""

import pytest

from tests.runner.commands.conftest import Shop

FUNCTION = """\
create or replace function public.{name}() returns int language sql volatile as $$ select {value} $$;
"""
PHASE = """\
title: Numbers
expect:
  functions:
    one: {result: 1, calls: {it: {with: {}}}}
    two: {result: 2, calls: {it: {with: {}}, again: {with: {}}}}
"""
SCRIPT = "insert into public.orders values (2, 20);\nselect count(*)::int as n from public.orders;\n"
ASSERTED = "statements:\n  2:\n    rows: 1\n    columns:\n      n: 2\n"


@pytest.fixture
def numbers(local: Shop) -> Shop:
    """Two more functions and a script; built."""
    local.write("phases/3_numbers/phase.yml", PHASE)
    local.write("phases/3_numbers/repeatable/one.sql", FUNCTION.format(name="one", value=1))
    local.write("phases/3_numbers/repeatable/two.sql", FUNCTION.format(name="two", value=2))
    local.write("tests/sql/test_orders.sql", SCRIPT)
    local.write("tests/sql/test_orders.yml", ASSERTED)
    assert local.run("build").code == 0
    return local


def break_two(shop: Shop) -> None:
    assert shop.run("sql", "-c", FUNCTION.format(name="two", value=3)).code == 0


def test_shuffled_on_two_copies_it_says_what_it_says_in_order(numbers: Shop) -> None:
    break_two(numbers)
    plain = numbers.run("test")
    shuffled = numbers.run("test", "-n", "2", "--seed", "7")
    assert shuffled.code == plain.code == 1
    assert shuffled.out == "shuffled: the same order again with --seed 7\n" + plain.out


def test_a_shuffled_run_prints_its_seed(numbers: Shop) -> None:
    first = numbers.run("test", "--shuffle").out.splitlines()[0]
    assert first.startswith("shuffled: the same order again with --seed ")


def test_what_failed_last_is_run_again_alone(numbers: Shop) -> None:
    break_two(numbers)
    numbers.run("test")
    again = numbers.run("test", "--lf")
    assert again.code == 1
    assert again.out.startswith("only the 2 checks that failed last time\n")
    assert "3 phases, 2 checks: 0 passed, 2 failed" in again.out


def test_what_was_mended_has_not_failed_any_more(numbers: Shop) -> None:
    break_two(numbers)
    numbers.run("test")
    numbers.run("sql", "-c", FUNCTION.format(name="two", value=2))
    assert numbers.run("test", "--lf").code == 0
    assert numbers.run("test", "--lf").out.startswith("nothing failed last time: everything is run\n")


def test_what_a_part_did_not_run_still_has_failed(numbers: Shop) -> None:
    break_two(numbers)
    numbers.run("test")
    assert numbers.run("test", "--select", "1_orders").code == 0
    assert numbers.run("test", "--lf").out.startswith("only the 2 checks that failed last time\n")


def test_a_script_that_failed_is_run_again(numbers: Shop) -> None:
    numbers.write("tests/sql/test_orders.yml", ASSERTED.replace("n: 2", "n: 3"))
    numbers.run("test")
    assert "3 phases, 1 check: 0 passed, 1 failed" in numbers.run("test", "--lf").out


def test_a_memory_that_is_damaged_is_none(numbers: Shop) -> None:
    numbers.write("target/last-failed.json", "{")
    assert numbers.run("test", "--lf").out.startswith("nothing failed last time: everything is run\n")


def test_where_no_copy_can_be_made_one_worker_runs(staging: Shop) -> None:
    staging.run("apply")
    ran = staging.run("test", "-n", "2")
    assert ran.code == 0
    assert ran.err == 'one worker runs: "nexiom_owner" may not make a copy of the database\n'


OPEN_TO_ANON = "grant execute on function public.totals() to anon;\n"


@pytest.fixture
def open_to_anon(staging: Shop) -> Shop:
    """An applied project of which anon may call a function that is called as the owner alone."""
    staging.write(
        "phases/2_totals/repeatable/totals.sql", staging.read("phases/2_totals/repeatable/totals.sql") + OPEN_TO_ANON
    )
    staging.run("apply")
    return staging


def test_every_summary_says_what_was_called(open_to_anon: Shop) -> None:
    ran = open_to_anon.run("test")
    assert ran.code == 0
    assert (
        "coverage 1 of 1 exposed functions called, 0 of 1 with each role that may call them\n"
        "         not called: totals as anon\n"
    ) in ran.out
    assert "coverage 1 of 1" in open_to_anon.run("build").out


def test_a_part_says_nothing_of_what_was_called(open_to_anon: Shop) -> None:
    assert "coverage" not in open_to_anon.run("test", "--select", "2_totals").out


def test_less_than_nexiom_yml_wants_fails(open_to_anon: Shop) -> None:
    settings = open_to_anon.read("nexiom.yml")
    open_to_anon.write("nexiom.yml", settings + "coverage: {roles: 50}\n")
    for command in ("test", "build"):
        ran = open_to_anon.run(command)
        assert ran.code == 1
        assert "FAIL  all phases  coverage" in ran.out
        assert "roles  expected 50 % or more  found 0 %  no test calls totals as anon" in ran.out


def test_the_command_line_asks_for_more(open_to_anon: Shop) -> None:
    open_to_anon.write("phases/2_totals/phase.yml", "title: Totals\n")
    assert open_to_anon.run("test").code == 0
    ran = open_to_anon.run("test", "--min-coverage", "1")
    assert ran.code == 1
    assert "functions  expected 1 % or more  found 0 %  no test calls totals" in ran.out


def test_a_call_that_commits_is_made_on_a_copy(local: Shop) -> None:
    local.write("phases/2_totals/repeatable/totals.sql", ADDING)
    local.write("phases/2_totals/phase.yml", COMMITTING)
    assert local.run("build").code == 0
    assert local.run("sql", "-c", "select count(*)::int as n from public.orders").out.split()[:3:2] == ["n", "1"]


ADDING = """\
create or replace function public.totals() returns bigint language sql volatile as $$
  insert into public.orders select max(id) + 1, 5 from public.orders;
  select count(*) from public.orders
$$;
"""
COMMITTING = """\
title: Totals
expect:
  functions:
    totals: {calls: {counts: {commit: clone, result: 2, changes: {orders: {inserted: 1}}}}}
"""
