"""Triggers: timing, events, level, condition, function, whether they fire."""

from collections.abc import Sequence
from functools import lru_cache

from nexiom_runner.audit.clauses import Unreadable
from nexiom_runner.audit.kinds.look import Attribute, Look, exactly
from nexiom_runner.audit.kinds.parts import (
    Formula,
    Item,
    Parts,
    Reader,
    deferring,
    judge_item,
    name_in,
    own_table,
    with_defaults,
)
from nexiom_runner.audit.spelling import Source, columns_of
from nexiom_runner.catalog.model import Row
from nexiom_runner.catalog.names import quoted, shown

FIRING = {"disabled": "disable", "enabled always": "enable always", "enabled replica": "enable replica"}


@lru_cache(maxsize=16_384)
def read_trigger(text: str) -> Parts:
    """The clauses of what follows a trigger's name; `on TABLE` may be left out. Raises Unreadable."""
    reader = Reader(text)
    constraint = "a constraint trigger" if reader.take("constraint") else None
    found: dict[str, str | Formula | None] = {"constraint": constraint}
    found["timing"] = reader.needs("before", "after", "instead of")
    found["events"] = _events(reader)
    while clause := reader.one("on", "from"):
        table = shown(reader.name())
        if clause == "from":
            found["from"] = table
    found["deferrable"] = deferring(reader)
    if reader.take("referencing"):
        found["referencing"] = _transitions(reader)
    level = reader.one("for each row", "for each statement", "for row", "for statement") or "for each statement"
    found["level"] = "row" if level.endswith("row") else "statement"
    if reader.take("when"):
        found["when"] = reader.formula()
    reader.needs("execute function", "execute procedure")
    found["function"] = shown(reader.name())
    found["arguments"] = ", ".join(reader.list())
    found["fires"] = reader.one("disabled", "enabled always", "enabled replica")
    reader.end()
    return with_defaults(found)


def _events(reader: Reader) -> str:
    events = [_event(reader)]
    while reader.take("or"):
        events.append(_event(reader))
    return " or ".join(sorted(events))


def _event(reader: Reader) -> str:
    event = reader.needs("insert", "update of", "update", "delete", "truncate")
    if event != "update of":
        return event
    columns = [quoted(name_in(reader.word()))]
    while reader.take(","):
        columns.append(quoted(name_in(reader.word())))
    return f"update of {', '.join(sorted(columns))}"


def _transitions(reader: Reader) -> str:
    found = []
    while which := reader.one("old table", "new table"):
        reader.take("as")
        found.append(f"{which} as {quoted(name_in(reader.word()))}")
    if not found:
        raise Unreadable(f"expected old table or new table, found {reader.rest}")
    return " ".join(sorted(found))


def _live(row: Row) -> Parts:
    parts = _defined(row["definition"])
    fires = {"disabled": "disabled", "always": "enabled always", "replica": "enabled replica"}.get(row["enabled"])
    return {**parts, "fires": fires} if fires else parts


@lru_cache(maxsize=16_384)
def _defined(text: str) -> Parts:
    """The clauses of what pg_get_triggerdef writes."""
    reader = Reader(text)
    while not reader.take("trigger"):
        reader.word()
    reader.word()
    parts = read_trigger("".join(text for _, text in reader.words))
    is_constraint = text.lower().startswith("create constraint trigger")
    return {**parts, "constraint": "a constraint trigger"} if is_constraint else parts


def _old_and_new(look: Look) -> tuple[Source, ...]:
    table = look.catalog.tables[own_table(look)]
    return columns_of(table, "old"), columns_of(table, "new")


def _create(look: Look, text: str) -> str:
    parts, name, table = read_trigger(text), quoted(look.stated.item), look.name
    fires = str(parts.get("fires", ""))
    body = text.removesuffix(fires).strip() if fires else text.strip()
    constraint = "constraint " if "constraint" in parts else ""
    body = body.removeprefix("constraint").strip()
    made = f"create {constraint}trigger {name} {_on(body, table)};"
    return f"{made}\n{_fire(look, fires)}" if fires else made


def _on(body: str, table: str) -> str:
    """The definition with its table, before the first word that may follow it."""
    reader = Reader(body)
    count = len(reader.words)
    for at, (word, _) in enumerate(reader.words):
        if word == "on":
            return body
        if word in ("from", "not", "deferrable", "initially", "referencing", "for", "when", "execute"):
            count = at
            break
    before = "".join(text for _, text in reader.words[:count])
    return f"{before} on {table}{''.join(text for _, text in reader.words[count:])}"


def _drop(look: Look) -> str:
    return f"drop trigger {quoted(look.stated.item)} on {look.name};"


def _fire(look: Look, fires: str) -> str:
    return f"alter {look.target} {FIRING.get(fires, 'enable')} trigger {quoted(look.stated.item)};"


def _alter(look: Look, expected: Parts, clauses: Sequence[str]) -> str | None:
    return _fire(look, str(expected.get("fires", ""))) if list(clauses) == ["fires"] else None


_DEFAULTS = {"fires": "enabled", "deferrable": "not deferrable", "constraint": "a plain trigger"}
TRIGGER = Item("trigger", read_trigger, _live, _old_and_new, _create, _drop, _alter, defaults=_DEFAULTS)
ATTRIBUTES = {
    "trigger": Attribute("triggers", judge_item(TRIGGER)),
    "exactly triggers": Attribute("triggers", exactly("triggers")),
}
