"""A function that says it only reads, and writes."""

from collections.abc import Iterator, Mapping

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Routine, Texts
from nexiom_runner.sql.trees import qualified, strings, walk

_WRITES = {
    "InsertStmt": "inserts",
    "UpdateStmt": "updates",
    "DeleteStmt": "deletes",
    "MergeStmt": "merges",
    "TruncateStmt": "truncates",
    "CreateStmt": "creates a table",
}
_WRITING = frozenset({"nextval", "setval"})


def find(texts: Texts) -> Iterator[Found]:
    """A STABLE or IMMUTABLE function that writes, itself or by a VOLATILE one of the project that it calls."""
    writers = {routine.name: how for routine in texts.latest if (how := _writes(routine)) is not None}
    for routine in texts.latest:
        if routine.volatility == "volatile":
            continue
        how = writers.get(routine.name) or _by_another(routine, texts, writers)
        if how is not None:
            message = f"is {routine.volatility} and {how}: refused in a read-only transaction, as PostgREST's GET is"
            yield routine.found("stable-that-writes", message, "say volatile, or take the writing out")


def _writes(routine: Routine) -> str | None:
    for query in routine.queries:
        for tag, node in walk(query.tree):
            if tag in _WRITES:
                return _WRITES[tag]
            if tag == "FuncCall" and (called := strings(node.get("funcname"))[-1:]) and called[0] in _WRITING:
                return f"calls {called[0]}()"
    return None


def _by_another(routine: Routine, texts: Texts, writers: Mapping[tuple[str, str], str]) -> str | None:
    """Through functions of the project, however deep."""
    bodies = {one.name: one for one in texts.latest}
    waiting, seen = [routine], {routine.name}
    while waiting:
        for name in _calls(waiting.pop()):
            if name in writers:
                return f"calls {name[1]}(), which {writers[name]}"
            if name in bodies and name not in seen:
                seen.add(name)
                waiting.append(bodies[name])
    return None


def _calls(routine: Routine) -> Iterator[tuple[str, str]]:
    for query in routine.queries:
        for tag, node in walk(query.tree):
            if tag == "FuncCall":
                yield qualified(strings(node.get("funcname")))
