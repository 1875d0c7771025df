"""Keys that a body builds and the shape does not know, or that the shape requires and no way out builds."""

from collections.abc import Iterator

from nexiom_runner.lint.built import Built, BuiltArray, BuiltObject, built_by
from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Texts
from nexiom_runner.project.names import nearest
from nexiom_runner.shape.model import Array, Either, Literal, Object, Shape


def find(texts: Texts) -> Iterator[Found]:
    """In each way out of a function whose result is stated; what its text does not tell is left to the calls."""
    for routine in texts.latest:
        shape = texts.result_of(routine)
        if shape is None or routine.returns.startswith("setof "):
            continue
        told = (one for built in built_by(routine) for one in _disagree(built, shape, "$"))
        for key, message, fix in dict.fromkeys(told):
            yield routine.found("keys-disagree", message, fix, f"'{key}'" if key else None)


def _disagree(built: Built, shape: Shape, path: str) -> Iterator[tuple[str, str, str]]:
    """(key as it is built, message, fix) of each key that one side has and the other has not."""
    expected = _meant(built, shape)
    if isinstance(built, BuiltArray) and isinstance(expected, Array):
        yield from _disagree(built.items, expected.items, f"{path}[*]")
    if not (isinstance(built, BuiltObject) and isinstance(expected, Object)):
        return
    known = {key.name: key for key in expected.keys}
    for name, value in built.keys.items():
        if name in known:
            yield from _disagree(value, known[name].shape, f"{path}.{name}")
        elif expected.others is None and not expected.open:
            near = nearest(name, (key for key in known if key not in built.keys))
            yield name, f"{path}.{name} is built and the shape has no such key", _spelling(near, name)
    for key in expected.keys:
        if not key.optional and key.name not in built.keys and nearest(key.name, _strange(built, known)) is None:
            fix = f'build it, or write "{key.name}?" where it may be absent'
            yield "", f"{path}.{key.name} is required by the shape and the body does not build it", fix


def _strange(built: BuiltObject, known: object) -> list[str]:
    """Keys that are built and not in the shape: one like it is told as its misspelling."""
    return [name for name in built.keys if name not in known]  # type: ignore[operator]


def _spelling(near: str | None, name: str) -> str:
    return f'did you mean "{near}"?' if near else f'state "{name}" in the shape, or build it no longer'


def _meant(built: Built, shape: Shape) -> Shape | None:
    """The only option of the shape that such a value may be."""
    options = shape.options if isinstance(shape, Either) else (shape,)
    kind = Object if isinstance(built, BuiltObject) else Array
    fitting = [one for one in options if isinstance(one, kind)]
    others = [one for one in options if not isinstance(one, (kind, Literal))]
    return fitting[0] if len(fitting) == 1 and not others else None
