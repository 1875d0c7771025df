"""Enums and domains of the database as shapes: `enum status`, `domain email`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.shape.leaves import leaves, with_leaves
from nexiom_runner.shape.model import ANYTHING, Enum, Live, Shape, Type
from nexiom_runner.test.values import BOOL, NUMBERS

INTS = frozenset({20, 21, 23, 26})
TEXTS = frozenset({18, 19, 25, 1042, 1043})
BY_OID = {BOOL: "bool", 2950: "uuid", 1082: "date", 1184: "timestamptz"}


@dataclass(frozen=True, slots=True)
class LiveTypes:
    """What is known of the types asked for; `missing` are those that are not there."""

    shapes: Mapping[Live, Shape] = field(default_factory=dict)
    missing: Mapping[Live, Fault] = field(default_factory=dict)

    def fault(self, shape: Shape | None) -> Fault | None:
        """The first type in a shape that the database does not have."""
        if shape is None or not self.missing:
            return None
        return next((self.missing[one] for one in _live_in((shape,)) if one in self.missing), None)

    def put(self, shape: Shape) -> Shape:
        """The shape with what the database says of its types."""
        return with_leaves(shape, self._known) if self.shapes else shape

    def _known(self, leaf: Shape) -> Shape:
        return self.shapes.get(leaf, leaf) if isinstance(leaf, Live) else leaf


def _live_in(shapes: Iterable[Shape]) -> Iterator[Live]:
    return (leaf for shape in shapes for leaf in leaves(shape) if isinstance(leaf, Live))


def read_live(session: Session, shapes: Iterable[Shape]) -> LiveTypes:
    """All enums and domains in these shapes, in one question; none without any."""
    asked = {(one.kind, one.schema, one.name): one for one in _live_in(shapes)}
    if not asked:
        return LiveTypes()
    types = json.dumps([{"kind": kind, "schema": schema, "name": name} for kind, schema, name in asked])
    found, missing = {}, {}
    for row in session.rows(load(__file__, "live.sql"), types=types):
        one = asked[row.kind, row.schema, row.name]
        if row.present:
            found[one] = (
                Enum(tuple(row.labels), one.place) if row.labels else replace(_of_base(row.base), place=one.place)
            )
        else:
            name = one.name if one.schema == "public" else f"{one.schema}.{one.name}"
            hint = did_you_mean(name, row.known)
            missing[one] = Fault(f'there is no {one.kind} "{name}"', one.place, width=len(name), hint=hint)
    return LiveTypes(found, missing)


def _of_base(oid: int) -> Type:
    """What JSON makes of a type; `any` of one that is not known here."""
    if oid in NUMBERS:
        return Type("int" if oid in INTS else "number")
    if oid in TEXTS:
        return Type("text")
    return Type(BY_OID[oid]) if oid in BY_OID else ANYTHING
