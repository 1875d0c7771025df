"""How a kind of object is stated: a section of `expect:`, its objects by name, each with the keys of one table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.keys import Faults, Form, Table, expected, read_table, table_schema
from nexiom_runner.project.kinds.forms import ABSENT, PRESENT
from nexiom_runner.project.model import Flag, ObjectExpectation, Said, SaidValue, Text
from nexiom_runner.project.names import shown, width
from nexiom_runner.tree import Mapping, Node, Scalar

ITEMS = frozenset({"constraints", "triggers", "policies"})
Name = tuple[str, str]
ReadName = Callable[[Scalar, str, Faults], Name | None]


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """A section of `expect:` (`enums`) and what may be said of each object in it.

    `short` reads a value that is no mapping (`mood: [sad, happy]`) into the key it names.
    """

    kind: str
    section: str
    about: str
    keys: Table
    named: ReadName
    short: tuple[str, Form] | None = None

    @property
    def form(self) -> Form:
        """How the section is read, and its schema."""
        words: dict[str, Any] = {"enum": [PRESENT, ABSENT]}
        each = [words, table_schema(self.keys), *([self.short[1].schema] if self.short else [])]
        return Form(self._read, {"type": "object", "additionalProperties": {"anyOf": each}})

    def _read(self, node: Node, where: str, faults: Faults) -> tuple[ObjectExpectation, ...] | None:
        if not isinstance(node, Mapping):
            faults.append(expected(node, where, f"a mapping of {self.section.replace('_', ' ')} by name"))
            return None
        read, names = [], []
        for key, value in node.entries:
            name = self.named(key, f"{where}.{key.text}", faults)
            if name is not None:
                names.append((*name, key))
                read.append(self._read_one(name, key, value, f"{where}.{key.text}", faults))
        refuse_same_object(self.kind, names, faults)
        return tuple(read)

    def _read_one(self, name: Name, key: Scalar, value: Node, where: str, faults: Faults) -> ObjectExpectation:
        if isinstance(value, Scalar) and value.text in (PRESENT, ABSENT):
            return ObjectExpectation(self.kind, *name, key.place, value.text == ABSENT)
        is_short = self.short is not None and not isinstance(value, Mapping)
        if is_short and self.short is not None:
            attribute, form = self.short
            said = tuple(_said_of(attribute, form.read(value, where, faults), key.place))
        elif isinstance(value, Scalar):
            faults.append(expected(value, where, "`present`, `absent` or a mapping"))
            said = ()
        else:
            said = said_in(read_table(value, self.keys, where, faults), value, self.keys)
        return ObjectExpectation(self.kind, *name, key.place, said=said, short=is_short)


def said_in(values: dict[str, Any], node: Node, keys: Table) -> tuple[Said, ...]:
    """What a mapping that was read says under the keys of a table, in the order written."""
    if not isinstance(node, Mapping):
        return ()
    return tuple(
        said
        for key, _ in node.entries
        if key.text in keys.forms
        for said in _said_of(key.text, values[key.text], key.place)
    )


def read_name(key: Scalar, where: str, faults: Faults) -> Name | None:
    """Schema and name of the object a key names."""
    try:
        return parse_name(key.text)
    except NotUnderstood as problem:
        message = f'key "{where}" expects {problem}, found "{shown(key.text)}"'
        faults.append(Fault(message, key.place, width=width(key), hint=problem.hint))
        return None


def bare_name(key: Scalar, where: str, faults: Faults) -> Name | None:
    """The name of an object of no schema, as written."""
    if not key.text:
        faults.append(Fault(f'key "{where}" expects a name, found nothing', key.place))
        return None
    return "", key.text


def refuse_same_object(kind: str, names: list[tuple[str, str, Scalar]], faults: Faults) -> None:
    """A fault for each name that means the same object as one before it (`leads` and `public.leads`)."""
    first: dict[Name, Scalar] = {}
    for schema, name, key in names:
        before = first.setdefault((schema, name), key)
        if before is not key:
            full = f"{schema}.{name}" if schema else name
            message = f'{kind} "{full}" is named twice'
            detail = f'It is first named at {before.place}, as "{before.text}".'
            faults.append(Fault(message, key.place, width=width(key), detail=detail, hint="Keep one of them."))


def _said_of(attribute: str, value: Any, place: Place) -> Iterator[Said]:
    """What a value that was read says: itself, or one thing an item. No items say nothing."""
    if isinstance(value, tuple) and value and all(isinstance(one, Said) for one in value):
        yield from value
    elif value is not None and not (value == () and attribute in ITEMS):
        yield Said(attribute, "", _plain(value), place)


def _plain(value: Any) -> SaidValue:
    if isinstance(value, Text | Flag):
        return value.value
    if isinstance(value, tuple) and all(isinstance(one, Text) for one in value):
        return tuple(one.value for one in value)
    plain: SaidValue = value
    return plain
