"""A column made NOT NULL by reading every row while nobody can read the table."""

import re
from collections.abc import Iterator

from nexiom_runner.catalog.names import quoted
from nexiom_runner.lint.alters import altered
from nexiom_runner.lint.moves import Move, TableFacts
from nexiom_runner.lint.rule import Found


def find(move: Move) -> Iterator[Found]:
    """`set not null` on a table that is there and not small, without a valid check that says the same."""
    table, commands = altered(move)
    for command in commands:
        facts = move.there(table)
        if command.get("subtype") != "AT_SetNotNull" or table is None or facts is None or facts.small:
            continue
        column = command["name"]
        if _checked(column, facts) or _checked_by_plan(column, move):
            continue
        message = f"takes ACCESS EXCLUSIVE on {move.told(table)} until every row is read for {quoted(column)}"
        fix = (
            f"add a check ({quoted(column)} is not null) not valid and validate it first; PostgreSQL then reads nothing"
        )
        yield move.found("not-null-at-once", table, message, fix)


def _checked(column: str, facts: TableFacts) -> bool:
    """A check that holds and says `(column IS NOT NULL)`, alone or with more behind AND."""
    told = re.compile(rf"\(\(?{re.escape(quoted(column))} IS NOT NULL\)")
    return any(told.search(check) and " OR " not in check for check in facts.checks)


def _checked_by_plan(column: str, move: Move) -> bool:
    """The plan itself adds and validates such a check before this statement, in whichever transaction."""
    text = move.script.text[: move.planned.offset].lower()
    said = re.search(rf'check\s*\(\s*"?{re.escape(column.lower())}"?\s+is\s+not\s+null\s*\)', text)
    return bool(said and re.search(r"\bvalidate\s+constraint\b", text[said.end() :]))
