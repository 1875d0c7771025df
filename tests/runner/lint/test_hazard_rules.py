"""Each hazard rule, with tables of the sizes said; the locks and rewrites it tells of are those the server takes."""

import re
from collections.abc import Iterable

import pytest
from lint_cases import Case, cases_of
from plan_builders import graph

from nexiom_runner.database.session import Session
from nexiom_runner.ledger.fold import fold
from nexiom_runner.lint.hazards import HAZARDS, OF_THE_WHOLE, find_hazards
from nexiom_runner.lint.judge import subject_of
from nexiom_runner.lint.moves import Facts, TableFacts, ask_facts
from nexiom_runner.lint.rule import PLAN, all_rules
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Plan

RULES = [rule.id for rule in all_rules().values() if rule.looks_at == PLAN]
REWRITES = ("column-type-change", "volatile-default", "table-rewrite")
_SIZE = re.compile(r"^-- size: (?:(\w+)\.)?(\w+) (\d+) rows, (\d+) MB\n", re.MULTILINE)
_FILE = re.compile(r"^-- also (\S+):\n", re.MULTILINE)
_TIMEOUT = re.compile(r"^-- lock_timeout: (\d+)\n", re.MULTILINE)
_LOCK = re.compile(r"takes ((?:ACCESS|ROW|SHARE|EXCLUSIVE|UPDATE| )+) on (?:crm\.)?(\w+)")


def test_every_hazard_rule_has_its_page() -> None:
    assert sorted({**HAZARDS, **OF_THE_WHOLE}) == sorted(RULES)


@pytest.mark.parametrize("case", [case for rule in RULES for case in cases_of(rule)], ids=str)
def test_a_hazard_rule_finds_what_is_dangerous_and_nothing_else(case: Case, session: Session) -> None:
    setup, _, rest = case.sql.partition("-- then:\n")
    text, *others = _FILE.split(rest)
    plan = make_plan(graph({"05_x/apply.sql": text, **dict(zip(others[::2], others[1::2], strict=True))}), fold([]))
    timeouts = {"05_x": int(found[1])} if (found := _TIMEOUT.search(setup)) else {}
    session.send(_SIZE.sub("", setup) or "select")  # committed: who makes a table holds every lock on it
    with session.transaction(rollback=True):
        facts = _sized(ask_facts(session, plan), setup)
        hazards = list(find_hazards(plan, facts, {case.rule}, timeouts))
        _hold_true(case.rule, [one.message for one in hazards], plan, session)
    assert [f"{one.level}: {subject_of(one)}: {one.message}" for one in hazards] == list(case.finds)


def _sized(facts: Facts, setup: str) -> Facts:
    """The server's facts of small tables, with the rows and bytes the case says they have."""
    said = {
        (schema or "public", name): (int(rows), int(size) * 2**20) for schema, name, rows, size in _SIZE.findall(setup)
    }
    tables = {
        table: TableFacts(*said.get(table, (one.rows, one.bytes)), one.columns, one.checks)
        for table, one in facts.tables.items()
    }
    return Facts(tables, facts.functions, facts.untold and "-- event trigger\n" not in setup)


def _hold_true(rule: str, messages: Iterable[str], plan: Plan, session: Session) -> None:
    """The statements take the locks the messages tell of, and write a table anew where, and only where, they say so."""
    statements = [one for step in plan.todo for one in step.statements if step.phase == "05_x"]
    if not all(one.transactional for one in statements):
        return
    before = _files(session)
    with session.savepoint(rollback=True):
        session.send("create table if not exists nobody ();" + ";".join(one.statement.text for one in statements))
        locks = {(row[0], row[1]) for row in session.send(_LOCKS)[0].rows}
        files = _files(session)
    for message in messages:
        for lock, table in _LOCK.findall(message):
            assert (table, lock.title().replace(" ", "") + "Lock") in locks
    anew = {table for table in before if table in files and files[table] != before[table]}
    told = {table for message in messages if "anew" in message for _, table in _LOCK.findall(message)}
    assert told <= anew
    if rule in REWRITES:
        assert anew == told


_LOCKS = """
select c.relname, l.mode from pg_locks as l join pg_class as c on c.oid = l.relation where l.pid = pg_backend_pid()
"""


def _files(session: Session) -> dict[str | None, str | None]:
    rows = session.send("select relname, relfilenode from pg_class where relkind in ('r', 'm')")[0].rows
    return {row[0]: row[1] for row in rows}
