"""Constraints: kind, columns, target, what happens on delete and update, deferrable, validated, expression."""

from collections.abc import Sequence
from functools import lru_cache

from nexiom_runner.audit.clauses import Unreadable, split, text_of
from nexiom_runner.audit.kinds.look import Attribute, Look, exactly
from nexiom_runner.audit.kinds.parts import (
    Formula,
    Item,
    Parts,
    Reader,
    deferring,
    judge_item,
    own_table,
    with_defaults,
)
from nexiom_runner.catalog.model import Row
from nexiom_runner.catalog.names import quoted, shown

ACTIONS = ("no action", "restrict", "cascade", "set null", "set default")


@lru_cache(maxsize=16_384)
def read_constraint(text: str) -> Parts:
    """The clauses of a definition, as stated or as pg_get_constraintdef writes it. Raises Unreadable."""
    reader = Reader(text)
    kind = reader.needs("primary key", "unique", "foreign key", "check", "exclude")
    parts: Parts = {"kind": kind}
    if kind == "check":
        parts["expression"] = reader.formula()
    elif kind == "foreign key":
        parts |= _foreign_key(reader)
    elif kind == "exclude":
        parts |= _exclusion(reader)
    else:
        parts |= _key(reader)
    parts |= _flags(reader)
    reader.end()
    return parts


def _key(reader: Reader) -> Parts:
    nulls = reader.one("nulls not distinct", "nulls distinct")
    columns = reader.names()
    include = reader.names() if reader.take("include") else None
    return with_defaults(
        {"nulls": nulls if nulls != "nulls distinct" else None, "columns": columns, "include": include}
    )


def _foreign_key(reader: Reader) -> Parts:
    columns = reader.names()
    reader.needs("references")
    target = reader.name()
    found: dict[str, str | Formula | None] = {"columns": columns, "references": shown(target)}
    if reader.words and reader.words[0][0] == "(":
        found["target columns"] = reader.names()
    match = reader.one("match full", "match partial", "match simple")
    found["match"] = match if match != "match simple" else None
    while event := reader.one("on delete", "on update"):
        action = reader.needs(*ACTIONS)
        if action.startswith("set") and reader.words and reader.words[0][0] == "(":
            action = f"{action} ({reader.names()})"
        found[event] = action if action != "no action" else None
    return with_defaults(found)


def _exclusion(reader: Reader) -> Parts:
    method = reader.word().lower() if reader.take("using") else "btree"
    found: Parts = {"method": method}
    for number, element in enumerate(split(reader.brackets()), 1):
        at = next((at for at, (word, _) in enumerate(element) if word == "with"), None)
        if at is None or at + 1 == len(element):
            raise Unreadable(f"expected `with OPERATOR` behind {text_of(element)}")
        found[f"element {number}"] = Formula(text_of(element[:at]))
        operator = [word for word, _ in element[at + 1 :]]
        found[f"operator {number}"] = operator[-2] if operator[-1] == ")" and operator[1:] else operator[-1]
    if reader.take("include"):
        found["include"] = reader.names()
    if reader.take("where"):
        found["where"] = reader.formula()
    return found


def _flags(reader: Reader) -> Parts:
    found: dict[str, str | Formula | None] = {}
    while reader.words:
        before = len(reader.words)
        if flag := reader.one("no inherit", "not enforced", "not valid", "enforced"):
            found[flag.split()[-1]] = None if flag == "enforced" else flag
        else:
            found["deferrable"] = deferring(reader) or found.get("deferrable")
        if len(reader.words) == before:
            break
    return with_defaults(found)


def _live(row: Row) -> Parts:
    return read_constraint(row["definition"])


def _same_target(row: Row, expected: Parts, found: Parts) -> Parts:
    """What is found; the columns of a target that is not stated are those of its primary key."""
    if "target columns" in expected or not row.get("references_key"):
        return found
    return {clause: part for clause, part in found.items() if clause != "target columns"}


def _create(look: Look, text: str) -> str:
    return f"alter {look.target} add constraint {quoted(look.stated.item)} {text};"


def _drop(look: Look) -> str:
    return f"alter {look.target} drop constraint {quoted(look.stated.item)};"


def _alter(look: Look, expected: Parts, clauses: Sequence[str]) -> str | None:
    name = quoted(look.stated.item)
    if list(clauses) == ["valid"] and "valid" not in expected:
        return f"alter {look.target} validate constraint {name};"
    if list(clauses) == ["deferrable"] and expected["kind"] == "foreign key":
        return f"alter {look.target} alter constraint {name} {expected.get('deferrable', 'not deferrable')};"
    return None


_DEFAULTS = {
    "on delete": "no action",
    "on update": "no action",
    "deferrable": "not deferrable",
    "valid": "valid",
    "nulls": "nulls distinct",
    "match": "match simple",
    "enforced": "enforced",
    "inherit": "inherit",
    "target columns": "its primary key",
}
CONSTRAINT = Item("constraint", read_constraint, _live, own_table, _create, _drop, _alter, _same_target, _DEFAULTS)
ATTRIBUTES = {
    "constraint": Attribute("constraints", judge_item(CONSTRAINT)),
    "exactly constraints": Attribute("constraints", exactly("constraints")),
}
