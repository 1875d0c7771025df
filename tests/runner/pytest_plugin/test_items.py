"""A project's calls, scripts and audits as items: their names, what they come to, what is shown."""

from pathlib import Path

import pytest

from tests.runner.pytest_plugin.conftest import ASSERTED, PHASE, Folder

PLAIN = {
    "audits/audit_orders.sql::audit_orders": "PASS",
    "phases/2_totals/phase.yml::totals::counts[anon]": "PASS",
    "phases/2_totals/phase.yml::totals::counts[authenticated]": "PASS",
    "phases/2_totals/phase.yml::totals::only large ones": "PASS",
    "phases/2_totals/phase.yml::totals::a negative one is refused": "PASS",
    "phases/2_totals/phase.yml::totals::who may[anon]": "PASS",
    "phases/2_totals/phase.yml::totals::who may[service_role]": "PASS",
    "phases/2_totals/phase.yml::totals::pending MAIL_KEY": "PENDING",
    "phases/2_totals/phase.yml::totals::every part of its shape": "SKIP",
    "tests/sql/test_orders.sql::all": "PASS",
    "tests/sql/test_orders.sql::the whole script": "PASS",
}


@pytest.fixture
def restored(shop: Folder) -> Folder:
    """The project as it was before the last test."""
    shop.write("phases/2_totals/phase.yml", PHASE)
    shop.write("tests/sql/test_orders.yml", ASSERTED)
    (shop.root / "test_python.py").unlink(missing_ok=True)
    return shop


def test_plain_pytest_collects_and_builds_the_project(restored: Folder) -> None:
    ran = restored.pytest("-q", "-rs")
    assert ran.outcomes == PLAIN
    assert ran.code == 0
    assert "9 passed, 1 skipped, 1 pending in T" in ran.out
    assert "waiting  MAIL_KEY   ops   totals() says it is not set\n" in ran.out
    assert "every part of its shape: $.who: no call returned" in ran.out.replace(
        "phase.yml:7", "every part of its shape"
    )


@pytest.mark.full
def test_workers_share_the_server_and_come_to_the_same(restored: Folder) -> None:
    ran = restored.pytest("-n", "2", "-v")
    assert ran.outcomes == PLAIN
    assert "PENDING phases/2_totals/phase.yml::totals::pending MAIL_KEY" in ran.out
    assert "1 pending in T" in ran.out


@pytest.mark.full
def test_a_name_a_word_and_a_mark_choose(restored: Folder) -> None:
    call = "phases/2_totals/phase.yml::totals::counts"
    assert set(restored.pytest(call).outcomes) == {f"{call}[anon]", f"{call}[authenticated]"}
    assert set(restored.pytest("-k", "large").outcomes) == {"phases/2_totals/phase.yml::totals::only large ones"}
    marked = restored.pytest("-m", "sales and role(name='authenticated') and phase(name='2_totals')")
    assert set(marked.outcomes) == {f"{call}[authenticated]"}


def test_a_failure_is_told_in_our_words_and_run_again_alone(restored: Folder) -> None:
    restored.write("tests/sql/test_orders.yml", ASSERTED.replace("n: 2", "n: 3"))
    ran = restored.pytest("--junitxml", "junit.xml", "-q")
    assert ran.code == 1
    assert "FAIL  all phases  tests/sql/test_orders.sql: all" in ran.out
    assert "row 1 $.n  expected 3  found 2" in ran.out
    assert "Traceback" not in ran.out
    assert "def " not in ran.out
    junit = (restored.root / "junit.xml").read_text("utf-8")
    assert 'message="PENDING (ops): totals() says it is not set"' in junit


@pytest.mark.full
def test_what_failed_is_run_again_alone(restored: Folder) -> None:
    restored.write("tests/sql/test_orders.yml", ASSERTED.replace("n: 2", "n: 3"))
    assert restored.pytest().code == 1
    assert restored.pytest("--lf").outcomes == {"tests/sql/test_orders.sql::all": "FAIL"}


@pytest.mark.full
def test_what_is_not_asserted_fails_the_whole_script(restored: Folder) -> None:
    restored.write("tests/sql/test_orders.yml", "statements: {}\n")
    ran = restored.pytest("tests/sql")
    assert ran.outcomes == {"tests/sql/test_orders.sql::the whole script": "ERROR"}
    assert "statement 2 returns rows that nothing asserts" in ran.out


@pytest.mark.full
def test_pending_work_fails_where_that_is_asked_for(restored: Folder) -> None:
    ran = restored.pytest("--nexiom-fail-on", "pending", "-k", "pending")
    assert ran.code == 1
    assert restored.pytest("--nexiom-fail-on", "penning").code == 4


def test_a_fault_in_a_file_of_the_project_is_told_as_ours(restored: Folder) -> None:
    restored.write("phases/2_totals/phase.yml", PHASE.replace("title", "tittle"))
    ran = restored.pytest("-q")
    assert ran.code == 2
    assert 'error: unknown key "tittle" in "phases/2_totals/phase.yml"' in ran.out
    assert "Traceback" not in ran.out


def test_collecting_alone_starts_no_server(restored: Folder, tmp_path: Path) -> None:
    elsewhere = Folder(restored.root, {**restored.environ, "NEXIOM_STATE_DIR": str(tmp_path / "states")})
    ran = elsewhere.pytest("--collect-only", "-q")
    assert "11 tests collected in T" in ran.out
    assert not (tmp_path / "states").exists()
