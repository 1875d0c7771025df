"""Shapes as text: YAML flow text that reads back as the same shape, and the short form of messages."""

import json
import re

from nexiom_runner.shape.model import (
    Array,
    Bound,
    Constraint,
    Either,
    Enum,
    Key,
    Length,
    Literal,
    Live,
    Named,
    Object,
    Pattern,
    PendingTrue,
    Range,
    Shape,
    Type,
)
from nexiom_runner.shape.terms import CONSTANTS, NUMBER
from nexiom_runner.shape.tokens import WORD

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\??\Z")
PLAIN_TEXT = re.compile(r"[A-Za-z0-9(](?:[A-Za-z0-9_.()|<>=~^$*+/-]| (?!#))*\Z")
NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def print_shape(shape: Shape) -> str:
    """YAML flow text on one line that `parse_shape` reads as an equal shape."""
    match shape:
        case Literal(text):
            return text
        case Array(items, 0, None):
            return f"[{print_shape(items)}]"
        case Array() | Object():
            return _mapping(_entries(shape))
        case Either((Object() | Array() as shape, Literal("null"))):
            return _mapping([*_entries(shape), ("$or", "null")])
        case _:
            return _scalar(short(shape))


def short(shape: Shape) -> str:
    """The shape in a few words, as a message says what was expected: `int >= 0`, `a list of 1..50`."""
    match shape:
        case Literal(text):
            return text
        case Type(name, constraints):
            return " ".join([name, *map(_constraint, constraints)])
        case Enum(values):
            return f"in({' '.join(map(_word, values))})"
        case PendingTrue(owner, until, _, required):
            due = f" until={until.isoformat()}" if until else ""
            return f"true else pending(owner={_word(owner)}{due}){_required(required)}"
        case Named(name):
            return f"${name}"
        case Live(kind, schema, name):
            return f"{kind} {_word(name if schema == 'public' else f'{schema}.{name}')}"
        case Either(options):
            return " | ".join(map(short, options))
        case Array(_, least, most):
            return "a list" if (least, most) == (0, None) else f"a list of {print_count(least, most)}"
        case Object():
            return "an object"


def _required(targets: tuple[str, ...]) -> str:
    if not targets:
        return ""
    if len(targets) == 1 and WORD.fullmatch(targets[0]):
        return f" required in {targets[0]}"
    return f" required in({' '.join(map(_word, targets))})"


def print_count(least: int, most: int | None) -> str:
    """`1..50`, `1..`, `3`."""
    return str(least) if least == most else f"{least}..{'' if most is None else most}"


def _constraint(constraint: Constraint) -> str:
    match constraint:
        case Bound(operator, limit):
            return f"{operator} {limit}"
        case Range(least, most):
            return f"{least}..{most}"
        case Length(least, most):
            return f"len {print_count(least, most)}"
        case Pattern(regex):
            return f"~ {regex}"


def _word(text: str) -> str:
    if WORD.fullmatch(text) and text not in CONSTANTS and not NUMBER.match(text) and text[0] != "'":
        return text
    return json.dumps(text)


def _scalar(text: str) -> str:
    return text if PLAIN_TEXT.match(text) and text.lower() not in NOT_PLAIN else _quoted(text)


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar (YAML 1.2, 5.7)."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if " " <= character <= "~" or ("\xa0" < character < "\u2000" and character.isprintable()):
        return character
    number = ord(character)
    return f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}"


def _mapping(entries: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries) + "}"


def _entries(shape: Array | Object) -> list[tuple[str, str]]:
    if isinstance(shape, Array):
        size = [] if (shape.least, shape.most) == (0, None) else [("$size", print_count(shape.least, shape.most))]
        return [("$items", print_shape(shape.items)), *size]
    entries = [(_key(key), print_shape(key.shape)) for key in shape.keys]
    if shape.others is not None:
        entries.append(("<text>", print_shape(shape.others)))
    if shape.open:
        entries.append(("$open", "true"))
    if shape.where:
        entries.append(("$where", f"[{', '.join(_quoted(one.text) for one in shape.where)}]"))
    return entries


def _key(key: Key) -> str:
    return print_name(key_text(key))


def key_text(key: Key) -> str:
    """A key's name as the grammar has it, before YAML's quotes: `sent_at?`."""
    return re.sub(r"([\\\[\]?]|^[$<])", r"\\\1", key.name) + "?" * key.optional


def print_name(name: str) -> str:
    """A name as a YAML key: in quotes where it needs them."""
    return name if PLAIN_KEY.match(name) and name.rstrip("?").lower() not in NOT_PLAIN else _quoted(name)
