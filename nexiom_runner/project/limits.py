"""The keys that say of a target or a phase how long a script may wait and run."""

import re
from typing import Any

from nexiom_runner.project.durations import FORM, PATTERN, parse_duration
from nexiom_runner.project.keys import Faults, Form, Key, expected, read_text
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


def _read_retries(node: Node, where: str, faults: Faults) -> int | None:
    text = read_text(node, where, faults)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text.value) or int(text.value) > MOST_RETRIES:
        faults.append(expected(node, where, f"a number from 0 to {MOST_RETRIES}"))
        return None
    return int(text.value)


_PATTERN = {"pattern": f"^(?:{PATTERN})$"}
DURATION = Form(_read_duration, {"type": ["string", "integer"], **_PATTERN})
RETRIES = Form(_read_retries, {"type": "integer", "minimum": 0, "maximum": MOST_RETRIES})

LIMIT_KEYS = (
    Key(
        "lock_timeout",
        DURATION,
        "How long a statement waits for a lock before its script is tried again (5s); 0: ever.",
    ),
    Key("statement_timeout", DURATION, "How long one statement may run (0: as long as it takes)."),
    Key("retries", RETRIES, "How often a script that waited in vain for a lock is tried again (5)."),
    Key(
        "wait_for_transactions",
        DURATION,
        "How long a statement outside a transaction waits for older transactions to end (1h); 0: ever.",
    ),
)
