"""Rows of every kind of object asked for: one query for all of them, in the snapshot of the tables and functions."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nexiom_runner.audit.spelling import READING_PATH, fill, malformed
from nexiom_runner.catalog.model import Answer, Name, Row
from nexiom_runner.database.queries import Query, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, ServerReport

Rows = Mapping[str, Mapping[Name, Sequence[Row]] | ServerReport]
TYPES = frozenset({"type", "enum", "domain"})  # one of which may be taken for another
SAVED = "savepoint kinds"  # travels with `begin`, so that a query refused does not end the snapshot

_GRANTS = re.compile(r"__grants\((.+?), (.+?), (.+?), (.+?), (.+?)\)__")


def read_rows(session: Session, wanted: Mapping[str, Collection[Name]]) -> Rows:
    """Rows of each query by the schema and name they are of, in a transaction that begins with SAVED.

    One round trip; where the server refuses, one more for each query, and what it said in place of its rows.
    """
    if not wanted:
        return {}
    try:
        return _ask(session, wanted)
    except ServerError:
        session.send("rollback to kinds")
    found: dict[str, Mapping[Name, Sequence[Row]] | ServerReport] = {}
    for query, names in wanted.items():
        try:
            found.update(_ask(session, {query: names}))
        except ServerError as error:
            session.send("rollback to kinds")
            found[query] = error.report
    return found


def read_nearby(session: Session, kinds: Collection[str]) -> dict[str, tuple[Name, ...]]:
    """Names of these kinds that are there, for what a misspelling may have meant."""
    wanted = {*kinds, *(TYPES if TYPES & set(kinds) else ())}
    found: dict[str, list[Name]] = {}
    for row in session.rows(load(__file__, "nearby.sql"), kinds=sorted(wanted)) if kinds else ():
        found.setdefault(row.kind, []).append((row.schema, row.name))
    return {kind: tuple(names) for kind, names in found.items()}


def ask_conditions(session: Session, conditions: Collection[str]) -> dict[str, Answer]:
    """What each condition comes to, in a transaction that begins with SAVED: one round trip, two more a refusal.

    A condition stands alone in its statement, and the transaction is read-only, so that it can do nothing but answer.
    """
    found: dict[str, Answer] = {}
    for text in conditions:
        problem = malformed(text)
        if problem is not None:
            found[text] = ServerReport("42601", "ERROR", problem)
    waiting = [text for text in dict.fromkeys(conditions) if text not in found]
    statement = load(__file__, "condition.sql").text
    while waiting:
        asked = [READING_PATH, *(fill(statement, {"condition": text}) for text in waiting)]
        try:
            sets = session.send(";\n".join(asked))
        except ServerError as error:
            session.send("rollback to kinds")
            found[waiting.pop(max(error.completed - 1, 0))] = error.report
            continue
        found.update({text: _answer(one.rows[0][0]) for text, one in zip(waiting, sets[1:], strict=True)})
        break
    return found


def _answer(text: str | None) -> bool | None:
    return None if text is None else text == "t"


def _ask(session: Session, wanted: Mapping[str, Collection[Name]]) -> dict[str, dict[Name, list[Row]]]:
    frame = load(__file__, "all.sql").text
    parts = (fill(frame, {"query": query, "body": _part(query)}) for query in wanted)
    asked = {
        f"asked_{query}": json.dumps([{"schema": schema, "name": name} for schema, name in sorted(names)])
        for query, names in wanted.items()
    }
    found: dict[str, dict[Name, list[Row]]] = {query: {} for query in wanted}
    for answer in session.rows(Query("\nunion all\n".join(parts), "all.sql"), **asked):
        row: dict[str, Any] = answer.row
        found[answer.query].setdefault((row["schema"], row["name"]), []).append(row)
    return found


def _part(query: str) -> str:
    text = _GRANTS.sub(_grants, fill(load(__file__, f"{query}.sql").text, {}))
    return text.replace("%(asked)s", f"%(asked_{query})s")


def _grants(found: re.Match[str]) -> str:
    words = ("acl", "owner", "type", "default", "namespace")
    return fill(load(__file__, "grants.sql").text, dict(zip(words, found.groups(), strict=True)))
