"""`expect: types:`, `enums:` and `domains:`."""

from nexiom_runner.project.grammar import NotUnderstood, parse_column
from nexiom_runner.project.keys import FLAG, TEXT, Faults, Form, Key, Table, choice, expected, list_of, read_text
from nexiom_runner.project.kinds.forms import grants, items, texts_by_name
from nexiom_runner.project.kinds.kind import ObjectKind, read_name
from nexiom_runner.project.kinds.tables import ABOUT, OWNER
from nexiom_runner.project.model import Said
from nexiom_runner.tree import Node

GRANTS = Key("grants", grants("usage"), "Exactly these privileges, by role; PUBLIC has usage by default.")
LABELS = list_of(TEXT)
CHECKS = items("constraint", "check (value ~ '@')", "check")


def _read_domain(node: Node, where: str, faults: Faults) -> tuple[Said, ...] | None:
    """`text collate "C" not null default 'x'`."""
    text = read_text(node, where, faults)
    if text is None:
        return None
    try:
        read = parse_column(text.value)
    except NotUnderstood as problem:
        faults.append(expected(node, where, str(problem), problem.hint))
        return None
    words = {"type": read.type, "not_null": read.not_null, "default": read.default, "collation": read.collation}
    return tuple(Said(attribute, "", value, text.place) for attribute, value in words.items() if value is not None)


TYPES = ObjectKind(
    "type",
    "types",
    "Composite and range types by name, and what must be so of each.",
    Table(
        (
            Key("kind", choice("composite", "range", "base"), "What it is."),
            Key("attributes", texts_by_name("attributes"), "All attributes of a composite type, in order: {id: uuid}."),
            Key("subtype", TEXT, "The type that a range type spans."),
            OWNER,
            GRANTS,
            ABOUT,
        )
    ),
    read_name,
)

ENUMS = ObjectKind(
    "enum",
    "enums",
    "Enums by name: their labels in order, or what must be so of each.",
    Table((Key("labels", LABELS, "All labels in order."), OWNER, GRANTS, ABOUT)),
    read_name,
    short=("labels", LABELS),
)

DOMAINS = ObjectKind(
    "domain",
    "domains",
    "Domains by name: TYPE [collate NAME] [not null] [default EXPRESSION], or what must be so of each.",
    Table(
        (
            Key("type", TEXT, "The type underneath."),
            Key("not_null", FLAG, "Whether null is refused."),
            Key("default", TEXT, "Its default expression."),
            Key("collation", TEXT, "Its collation."),
            Key("constraints", CHECKS, "Checks by name: check (value ~ '@'). Others may exist."),
            OWNER,
            GRANTS,
            ABOUT,
        )
    ),
    read_name,
    short=("type", Form(_read_domain, {"type": "string"})),
)
