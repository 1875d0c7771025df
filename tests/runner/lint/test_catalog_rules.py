"""Each catalog rule finds what is broken, in these words, and leaves alone what only looks like it."""

import pytest
from lint_cases import CASES, Case, cases_of

from nexiom_runner.database.session import Session
from nexiom_runner.lint.catalog import CATALOG_PATH, ask, look
from nexiom_runner.lint.judge import subject_of
from nexiom_runner.lint.rule import CATALOG, all_rules

BY_STATISTICS = "unused-index"  # what the server counts, it counts when a transaction has ended
RULES = [rule.id for rule in all_rules().values() if rule.looks_at == CATALOG and rule.id != BY_STATISTICS]


@pytest.mark.parametrize("case", [case for rule in RULES for case in cases_of(rule)], ids=str)
def test_a_catalog_rule_finds_what_is_broken_and_nothing_else(case: Case, cases_session: Session) -> None:
    with cases_session.transaction(rollback=True):
        cases_session.send(case.sql)
        cases_session.send(CATALOG_PATH)
        looked = ask(cases_session, [all_rules()[case.rule]], ["public", "crm", "Été"])
    assert looked.blind == ()
    assert sorted(f"{subject_of(one)}: {one.message}" for one in looked.found) == sorted(case.finds)


@pytest.mark.parametrize("case", cases_of(BY_STATISTICS), ids=str)
def test_a_rule_on_what_was_counted_finds_what_nobody_reads(case: Case, session: Session) -> None:
    session.send(case.sql + "\n;select pg_stat_force_next_flush()")
    looked = look(session, [all_rules()[case.rule]], ["public", "crm"])
    assert [f"{subject_of(one)}: {one.message}" for one in looked.found] == list(case.finds)


@pytest.mark.parametrize("rule", [rule.id for rule in all_rules().values()])
def test_every_rule_has_three_broken_and_three_near_misses(rule: str) -> None:
    cases = cases_of(rule)
    assert sum(case.broken for case in cases) >= 3
    assert sum(not case.broken for case in cases) >= 3


def test_no_case_is_of_a_rule_that_is_not_there() -> None:
    assert {path.stem.replace("_", "-") for path in CASES.glob("*.sql")} <= all_rules().keys()
