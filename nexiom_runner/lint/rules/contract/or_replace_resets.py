"""What `create or replace` takes away without a word: SECURITY DEFINER, volatility, settings."""

from collections.abc import Iterator

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Key, Routine, Texts, dropped_routines, named_routine, options_of

_RESET = {"security definer": False, "volatility": "volatile"}


def find(texts: Texts) -> Iterator[Found]:
    """A later definition that says nothing of what an earlier one, or ALTER FUNCTION, had set."""
    held: dict[Key, dict[str, object]] = {}
    lost: dict[Key, tuple[Routine, dict[str, object]]] = {}
    made = {id(routine.read): routine for routine in texts.routines}
    for number, read in enumerate(texts.reads):
        routine = made.get(id(read))
        if routine is not None:
            now = options_of(read.node.get("options", ()))
            before = held.get(routine.key, {})
            gone = {name: value for name, value in before.items() if name not in now and _RESET.get(name) != value}
            if gone and read.node.get("replace"):
                lost[routine.key] = (routine, gone)
            held[routine.key] = {name: value for name, value in now.items() if _kept(name)}
        elif read.tag == "AlterFunctionStmt":
            _alter(read.node, held, lost)
        elif read.tag == "DropStmt":
            for schema, name, types in dropped_routines(read.node):
                for key in [key for key in held if key[:2] == (schema, name) and types in (None, key[2])]:
                    del held[key]
        if number + 1 == len(texts.reads) or texts.reads[number + 1].script is not read.script:
            yield from (_found(routine, gone) for routine, gone in lost.values() if gone)
            lost = {}


def _kept(name: str) -> bool:
    return name in _RESET or name.startswith("set ")


def _alter(
    node: dict[str, object], held: dict[Key, dict[str, object]], lost: dict[Key, tuple[Routine, dict[str, object]]]
) -> None:
    schema, name, types = named_routine(node["func"])  # type: ignore[arg-type]
    options = {one: value for one, value in options_of(node.get("actions", ())).items() if _kept(one)}  # type: ignore[arg-type]
    for key in held:
        if key[:2] == (schema, name) and types in (None, key[2]):
            held[key].update(options)
            if key in lost:
                left = {one: value for one, value in lost[key][1].items() if one not in options}
                lost[key] = (lost[key][0], left)


def _found(routine: Routine, gone: dict[str, object]) -> Found:
    said = [_said(name, value) for name, value in sorted(gone.items())]
    message = f"replaces the function without {' and '.join(said)}, which it had: that is taken away"
    return routine.found("or-replace-resets", message, f"write {' '.join(said)} again, or say that it is otherwise")


def _said(name: str, value: object) -> str:
    if name == "volatility":
        return str(value)
    return name if name == "security definer" else f"{name} = '{value}'"
