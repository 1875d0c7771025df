"""`nexiom test --accept`: what the statements of tests/sql returned, written into the .yml beside each script."""

from collections.abc import Iterable

from nexiom_runner.contract.accept import Edit
from nexiom_runner.contract.edit import revise
from nexiom_runner.contract.tree import Fields, Keep, Tree, Written
from nexiom_runner.project.model import SqlTest
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.shape.model import Object, Shape
from nexiom_runner.shape.printing import key_text, print_shape
from nexiom_runner.tree import Mapping, Scalar

LONGEST = 60  # characters of a shape on one line

Seen = tuple[str, int, tuple[tuple[str, Shape], ...]]  # the statement's key, how many rows, each column's shape


def script_edit(test: SqlTest, positions: Iterable[tuple[int, Seen]]) -> Edit | None:
    """The .yml with every statement that nothing asserts yet; what stands there stays. None where nothing is new."""
    path = f"{test.source.path[:-4]}.yml"
    before = None if test.settings is None else test.settings.text
    asserted = {one.key for one in test.statements}
    wanted: dict[str, Tree] = {}
    for position, (key, rows, columns) in positions:
        known = next((name for name in (key, str(position)) if name in asserted), None)
        wanted[known or key] = Keep() if known else _statement(rows, columns)
    if all(isinstance(one, Keep) for one in wanted.values()):
        return None
    root = read_tree(before or "", path, [])
    assert isinstance(root, Mapping | Scalar)
    document = root if isinstance(root, Mapping) else Mapping((), root.place)
    after = revise(before or "", document, Fields({"statements": Fields(wanted)}))
    return Edit(path, before, after)


def _statement(rows: int, columns: tuple[tuple[str, Shape], ...]) -> Fields:
    shapes = {name: _shape(shape) for name, shape in columns}
    return Fields({"rows": Written(str(rows)), "columns": Fields(shapes)})


def _shape(shape: Shape) -> Tree:
    """On one line where it is short, else a line a key."""
    text = print_shape(shape)
    if isinstance(shape, Object) and shape.keys and len(text) > LONGEST and not shape.open and shape.others is None:
        return Fields({key_text(key): _shape(key.shape) for key in shape.keys})
    return Written(text)
