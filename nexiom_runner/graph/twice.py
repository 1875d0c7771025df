"""Repeatables that create the same object: whichever ran last would win."""

from collections.abc import Iterator, Sequence

from nexiom_runner.errors import Fault
from nexiom_runner.graph.inference import Makers
from nexiom_runner.graph.mentions import fault_at, locate_in
from nexiom_runner.sql.names import ON_A_TABLE, Name
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement

Creation = tuple[Script, Statement]


def created_twice(makers: Makers) -> Iterator[Fault]:
    """A fault for each object that a second repeatable creates. Functions are told apart by their argument types, so
    overloads are two objects; what is created only `if not exists`, or in a DO block, is not looked at."""
    for found in makers.values():
        repeatables = [(name, script) for name, script in found if script.kind == "repeatable"]
        if len(repeatables) > 1:
            yield from _among(repeatables)


def _among(found: Sequence[tuple[Name, Script]]) -> Iterator[Fault]:
    objects: dict[tuple[str, str, str, str], list[tuple[Name, Script]]] = {}
    for name, script in found:
        key = (name.kind, name.schema or "public", name.table or "", name.name)
        if name.kind != "column":
            objects.setdefault(key, []).append((name, script))
    for makers in objects.values():
        if len(makers) > 1:
            yield from _same(makers)


def _same(makers: Sequence[tuple[Name, Script]]) -> Iterator[Fault]:
    first: dict[str, Creation] = {}
    for name, script in makers:
        for statement in script.statements:
            label = statement.label
            if not label.startswith("create ") or not _creates(statement, name):
                continue
            before = first.setdefault(label, (script, statement))
            if before[0] is not script:
                yield _fault(label.removeprefix("create "), name, before, (script, statement))


def _creates(statement: Statement, name: Name) -> bool:
    """Whether a `create` is this object's, by its label."""
    kind, _, rest = statement.label.removeprefix(f"create {name.kind}").partition(" ")
    named = rest.partition(" on ")[0] if name.kind in ON_A_TABLE else rest.partition("(")[0]
    plain = named.replace('"', "").rpartition(".")[2]
    return kind == "" and plain == name.name and "if not exists" not in _head(statement)


def _head(statement: Statement) -> str:
    return " ".join(statement.text[statement.head - statement.start :][:200].lower().split())


def _fault(told: str, name: Name, first: Creation, second: Creation) -> Fault:
    place = first[0].rendered.place(locate_in(first[1], name.name)[0])
    return fault_at(
        second[0],
        locate_in(second[1], name.name),
        f"{second[0].key} creates {told}, and so does {first[0].key}",
        detail=f"It is also created at {place}.",
        hint="Keep one of them: a repeatable runs again when its file changes, and whichever ran last would win.",
    )
