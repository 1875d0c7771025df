"""Grants that a drop took away and that nobody gave again."""

from collections.abc import Iterator, Sequence

from nexiom_runner.lint.moves import names_dropped
from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Read, Texts
from nexiom_runner.sql.trees import Node, relation, strings

Name = tuple[str, str]
_DROPS = {
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "procedure",
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
}


def find(texts: Texts) -> Iterator[Found]:
    """A drop, and a create of the same name behind it, of what had grants or revokes before and has none after."""
    reads = texts.reads
    for number, read in enumerate(reads):
        kind = _DROPS.get(read.node.get("removeType", "")) if read.tag == "DropStmt" else None
        for name in set(names_dropped(read.node)) if kind else ():
            before = [one for one in reads[:number] if name in granted(one)]
            made = next((at for at in range(number, len(reads)) if name in created(reads[at])), None)
            if made is None or not before or _given_again(reads, made, name):
                continue
            if any(name in created(one) for one in reads[number:made]):
                continue
            yield _found(reads[made], kind or "", name, before[-1])


def _given_again(reads: Sequence[Read], made: int, name: Name) -> bool:
    """A grant or revoke behind the create, in its script or a later one."""
    return any(name in granted(one) for one in reads[made:])


def _found(read: Read, kind: str, name: Name, before: Read) -> Found:
    place = before.script.rendered.place(before.statement.head)
    opened = ": EXECUTE is everybody's again" if kind in ("function", "procedure") else ""
    message = f"is dropped and made again, and what {place.path}:{place.line} granted or revoked is gone{opened}"
    return read.found("grants-lost", kind, name, message, "grant and revoke again behind it")


def granted(read: Read) -> set[Name]:
    """What a GRANT or REVOKE names."""
    found: set[Name] = set()
    for one in read.node.get("objects", ()) if read.tag == "GrantStmt" else ():
        table = relation(one.get("RangeVar"))
        parts = strings(one.get("ObjectWithArgs", {}).get("objname"))
        if table:
            found.add(table)
        elif parts:
            found.add(_qualified(parts))
    return found


def created(read: Read) -> set[Name]:
    """What a CREATE makes anew: not what `or replace` may replace."""
    node: Node = read.node
    if read.tag == "CreateFunctionStmt":
        return {_qualified(strings(node["funcname"]))}
    made = relation(node.get("relation")) if read.tag == "CreateStmt" else None
    made = relation(node.get("view")) if read.tag == "ViewStmt" else made
    made = relation(node.get("into", {}).get("rel")) if read.tag == "CreateTableAsStmt" else made
    return {made} if made else set()


def _qualified(parts: Sequence[str]) -> Name:
    return (parts[-2] if len(parts) > 1 else "public"), parts[-1]
