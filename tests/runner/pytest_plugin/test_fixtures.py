"""Fixtures for tests in Python: a copy of the built project, and calls as the API makes them."""

from collections.abc import Mapping

import pytest

from tests.runner.pytest_plugin.conftest import Folder

PYTHON = """\
import psycopg
import pytest

def test_a_copy_may_be_changed(nexiom_db):
    nexiom_db.execute("delete from public.orders")
    assert nexiom_db.execute("select count(*) from public.orders").fetchone() == (0,)

def test_another_has_its_own(nexiom_db):
    assert nexiom_db.execute("select count(*) from public.orders").fetchone() == (1,)

def test_a_call_sees_what_is_there(nexiom_db, nexiom_rpc):
    nexiom_db.execute("insert into public.orders values (7, 70)")
    assert nexiom_rpc("totals", {"p_least": 50}, role="anon") == {"orders": 1, "who": None, "MAIL_KEY": False}

def test_a_caller_has_claims(nexiom_rpc):
    assert nexiom_rpc("totals", role="authenticated", claims={"sub": "ana"})["who"] == "ana"

def test_what_a_function_raises_is_psycopgs(nexiom_rpc):
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="must not be negative"):
        nexiom_rpc("totals", {"p_least": -1}, role="anon")

def test_a_role_that_may_not_is_refused(nexiom_rpc):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        nexiom_rpc("totals", role="service_role")

def test_a_name_that_is_not_there(nexiom_rpc):
    with pytest.raises(LookupError) as caught:
        nexiom_rpc("total")
    assert str(caught.value) == 'error: there is no function "total"\\nhint: Did you mean "totals"?'
"""


def test_each_test_has_a_copy_of_its_own(shop: Folder) -> None:
    shop.write("test_python.py", PYTHON)
    ran = shop.pytest("test_python.py")
    assert set(ran.outcomes.values()) == {"passed"}, ran.out
    assert len(ran.outcomes) == 7


@pytest.mark.full
def test_fixtures_alone_are_there_for_a_project_elsewhere(shop: Folder, nowhere: Folder) -> None:
    nowhere.write("pytest.ini", f"[pytest]\nnexiom_project = {shop.root}\nnexiom_collect = false\n")
    nowhere.write(
        "test_python.py", "def test_it(nexiom_rpc):\n    assert nexiom_rpc('totals', role='anon')['orders'] == 1\n"
    )
    assert nowhere.pytest().outcomes == {"test_python.py::test_it": "passed"}


@pytest.mark.full
def test_a_fixture_without_a_project_says_what_to_do(nowhere: Folder) -> None:
    nowhere.write("test_python.py", "def test_it(nexiom_db): pass\n")
    ran = nowhere.pytest()
    assert ran.code == 1
    assert f'error: no nexiom.yml in "{nowhere.root}" or a folder above it\nhint: Name its folder' in ran.out


def test_a_run_without_a_project_imports_nothing_of_ours(nowhere: Folder) -> None:
    nowhere.write("test_python.py", "def test_it(): pass\n")
    nowhere.write("phases/1_a/phase.yml", "title: nobody's\n")
    ran = nowhere.pytest()
    ours = {name for name in ran.modules if name.split(".")[0] in ("nexiom_runner", "click", "psycopg", "yaml")}
    assert ours == {"nexiom_runner", "nexiom_runner.pytest_plugin"}
    assert ran.outcomes == {"test_python.py::test_it": "passed"}


@pytest.mark.full
def test_a_script_that_fails_blocks_what_is_behind_it(shop: Folder) -> None:
    shop.write("phases/1_orders/apply.sql", "create table public.orders (id integr);\n")
    shop.write("test_python.py", "def test_it(nexiom_db): pass\n")
    try:
        ran = shop.pytest("phases/2_totals", "test_python.py")
    finally:
        shop.write("phases/1_orders/apply.sql", ORDERS_AGAIN)
    assert set(ran.outcomes.values()) == {"BLOCKED", "failed"}
    assert 'type "integr" does not exist' in ran.out


@pytest.mark.full
def test_another_target_is_looked_at_and_not_built(shop: Folder, dsn: str) -> None:
    shop.write("test_python.py", "def test_it(nexiom_db): pass\n")
    staging = Folder(shop.root, {**shop.environ, "NEXIOM_DSN": dsn})
    before = staging.pytest("phases", "test_python.py")
    assert (before.outcomes[IT], set(others(before.outcomes))) == ("failed", {"SKIP"})
    assert 'error: phase "1_orders" is not applied on' in before.out
    staging.nexiom("apply")
    after = staging.pytest("phases", "test_python.py", "-rs")
    assert (after.outcomes[IT], set(others(after.outcomes))) == ("skipped", {"PASS", "PENDING", "SKIP"})
    assert '"nexiom_owner" may not make a copy of the database' in after.out


IT = "test_python.py::test_it"


def others(outcomes: Mapping[str, str]) -> list[str]:
    return [outcome for item, outcome in outcomes.items() if item != IT]


ORDERS_AGAIN = """\
create table public.orders (id integer primary key, amount integer not null);
insert into public.orders values (1, 10);
"""
