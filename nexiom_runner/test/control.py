"""What a script that runs inside a test's transaction may not hold."""

from collections.abc import Iterable, Iterator

from nexiom_runner.errors import Fault, Place
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.sql.split import Statement

CONTROL = frozenset({"begin", "commit", "end", "abort", "rollback", "start", "savepoint", "release", "prepare"})


def refusals(rendered: Rendered, statements: Iterable[Statement]) -> Iterator[Fault]:
    """A fault where there is no statement, and for each that would end or divide the transaction."""
    found = tuple(statements)
    if not found:
        hint = "Write SQL into it, or delete the file."
        yield Fault(f'"{rendered.source.path}" has no statement', Place(rendered.source.path, 1), hint=hint)
    for each in found:
        words = each.text[each.head - each.start :].split(None, 2)
        first = words[0].rstrip(";")
        if first.lower() in CONTROL and (first.lower() != "prepare" or words[1:2] == ["transaction"]):
            message = f'"{first}" cannot stand in a test'
            detail = "Its transaction is begun and rolled back for it."
            yield rendered.fault(message, each.head, len(first), detail=detail)
