"""The keys that say of a target or a phase how long a script may wait and run."""

from typing import Any

from nexiom_runner.project.durations import FORM, PATTERN, parse_duration
from nexiom_runner.project.keys import Faults, Form, Key, expected, number, read_text
from nexiom_runner.project.model import Limits
from nexiom_runner.tree import Node

MOST_RETRIES = 100


def limits_of(values: dict[str, Any]) -> Limits:
    """The limits among the values of a table that has LIMIT_KEYS."""
    return Limits(
        values["lock_timeout"], values["statement_timeout"], values["retries"], values["wait_for_transactions"]
    )


def _read_duration(node: Node, where: str, faults: Faults) -> int | None:
    text = read_text(node, where, faults)
    value = parse_duration(text.value) if text is not None else None
    if text is not None and value is None:
        faults.append(expected(node, where, FORM, _unit(text.value)))
    return value


def _unit(text: str) -> str | None:
    return f"Write {text}s for seconds, {text}ms for milliseconds." if text.isdigit() else None


_PATTERN = {"pattern": f"^(?:{PATTERN})$"}
DURATION = Form(_read_duration, {"type": ["string", "integer"], **_PATTERN})

LIMIT_KEYS = (
    Key(
        "lock_timeout",
        DURATION,
        "How long a statement waits for a lock before its script is tried again (5s); 0: ever.",
    ),
    Key("statement_timeout", DURATION, "How long one statement may run (0: as long as it takes)."),
    Key("retries", number(0, MOST_RETRIES), "How often a script that waited in vain for a lock is tried again (5)."),
    Key(
        "wait_for_transactions",
        DURATION,
        "How long a statement outside a transaction waits for older transactions to end (1h); 0: ever.",
    ),
)
