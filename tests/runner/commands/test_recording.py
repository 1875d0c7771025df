"""`nexiom test --accept`: a folder of scripts whose results nobody looked at becomes asserted."""

import pytest

from tests.runner.commands.conftest import Shop

LEGACY = """\
insert into public.orders values (2, 20);
select count(*)::int as n, max(amount) as largest from public.orders;
-- name: all
select id, null::text as note, jsonb_build_object('id', id, 'amount', amount, 'customer', 'ana', 'channel', 'shop',
  'tags', jsonb_build_array('a'), 'sent', true) as o from public.orders;
select id from public.orders where id > 9;
"""
RECORDED = """\
statements:
  2:
    rows: 1
    columns:
      n: int
      largest: int
  all:
    rows: 2
    columns:
      id: int
      note: null
      o:
        id: int
        sent: bool
        tags: [text]
        amount: int
        channel: text
        customer: text
  4:
    rows: 0
    columns:
      id: any
"""
COMMENTED = """\
# what Ana asked for
statements:
  all:   # never fewer
    rows: 1..
    columns: {id: int >= 1, note: null, o: {$open: true}}

# the end
"""


@pytest.fixture
def legacy(staging: Shop) -> Shop:
    """An applied project with a script that nothing asserts."""
    staging.write("tests/sql/test_old.sql", LEGACY)
    staging.run("apply")
    return staging


def test_columns_counts_and_shapes_are_written_beside_the_script(legacy: Shop) -> None:
    assert legacy.run("test").code == 1
    ran = legacy.run("test", "--accept", "tests/sql")
    assert ran.all == (0, "wrote tests/sql/test_old.yml   3 statements asserted\n", "")
    assert legacy.read("tests/sql/test_old.yml") == RECORDED
    assert legacy.run("test").code == 0


def test_nothing_it_did_remains(legacy: Shop) -> None:
    legacy.run("test", "--accept")
    assert "1" in legacy.run("sql", "-c", "select count(*) from orders").out


def test_what_is_asserted_and_comments_stay(legacy: Shop) -> None:
    legacy.write("tests/sql/test_old.yml", COMMENTED)
    assert legacy.run("test", "--accept", "tests/sql/test_old.sql").code == 0
    written = legacy.read("tests/sql/test_old.yml")
    assert "# what Ana asked for\nstatements:\n" in written
    assert (
        "  all:   # never fewer\n    rows: 1..\n    columns: {id: int >= 1, note: null, o: {$open: true}}\n" in written
    )
    assert written.endswith("\n# the end\n")
    assert "  2:\n    rows: 1\n    columns:\n      n: int\n      largest: int\n" in written
    assert legacy.run("test").code == 0


def test_a_second_time_there_is_nothing_to_write(legacy: Shop) -> None:
    legacy.run("test", "--accept")
    before = legacy.read("tests/sql/test_old.yml")
    assert legacy.run("test", "--accept").out == "tests/sql/test_old.sql   every result is asserted already\n"
    assert legacy.read("tests/sql/test_old.yml") == before


def test_a_script_that_fails_is_told_and_not_written(legacy: Shop) -> None:
    legacy.write("tests/sql/test_worse.sql", "select 1 as a;\nselect b;\n")
    ran = legacy.run("test", "--accept", "tests/sql")
    assert ran.code == 1
    assert ran.out == (
        "wrote tests/sql/test_old.yml   3 statements asserted\n"
        'error: "tests/sql/test_worse.sql" cannot be recorded: 42703 column "b" does not exist\n'
        "  tests/sql/test_worse.sql:2:1\n    2 | select b;\n      | ^\n"
        "state: Nothing was written for it, and what it did is rolled back.\n"
    )
    assert not (legacy.root / "tests/sql/test_worse.yml").exists()


def test_columns_of_one_name_are_told(legacy: Shop) -> None:
    legacy.write("tests/sql/test_old.sql", "select 1 as a, 2 as a;\nselect 3 as b;\n")
    ran = legacy.run("test", "--accept")
    assert ran.code == 1
    assert ran.out == (
        'error: "tests/sql/test_old.sql": two columns of statement 1 are called "a"\n'
        "hint: Give them names of their own; it was not recorded.\n"
        "wrote tests/sql/test_old.yml   1 statement asserted\n"
    )


def test_a_script_without_results_has_nothing_to_assert(legacy: Shop) -> None:
    legacy.write("tests/sql/test_old.sql", "insert into public.orders values (2, 20);\n")
    ran = legacy.run("test", "--accept")
    assert ran.all == (0, "tests/sql/test_old.sql   no statement returns rows: nothing to assert\n", "")


def test_a_path_that_holds_no_script_is_refused(legacy: Shop) -> None:
    ran = legacy.run("test", "--accept", "tests/sql/test_odd.sql")
    assert ran.code == 2
    assert ran.err == (
        'error: no script of tests/sql is "tests/sql/test_odd.sql"\nhint: Did you mean "tests/sql/test_old.sql"?\n'
    )


def test_no_script_runs_on_a_protected_target(legacy: Shop) -> None:
    ran = legacy.run("test", "--accept", "--target", "production")
    assert ran.all == (2, "", 'error: target "production" is protected: no script of tests/sql runs there\n')


def test_a_path_without_accept_is_refused(legacy: Shop) -> None:
    ran = legacy.run("test", "tests/sql")
    assert ran.code == 2
    assert ran.err == (
        "error: a PATH is for --accept; --select chooses phases: --select tests/sql\n"
        "hint: `nexiom test --help` shows what it takes\n"
    )
