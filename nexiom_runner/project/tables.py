"""`expect: tables:` of phase.yml: what must be so of a table."""

from nexiom_runner.project.grammar import NotUnderstood, is_balanced, parse_column
from nexiom_runner.project.keys import (
    FLAG,
    TEXT,
    Faults,
    Form,
    Key,
    Read,
    Table,
    choice,
    expected,
    is_nothing,
    list_of,
    mapping_of,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.kinds.forms import ABSENT, PRESENT, TABLE_GRANTS
from nexiom_runner.project.kinds.kind import read_name, refuse_same_object, said_in
from nexiom_runner.project.kinds.tables import TABLE_KEYS, VIEW_KEYS
from nexiom_runner.project.model import ColumnExpectation, IndexExpectation, Sensitive, TableExpectation
from nexiom_runner.tree import Mapping, Node, Scalar


def _read_all(kind: str, keys: Table) -> Read:
    """How the tables, or the views, of a phase are read."""

    def read(node: Node, where: str, faults: Faults) -> tuple[TableExpectation, ...] | None:
        if not isinstance(node, Mapping):
            faults.append(expected(node, where, f"a mapping of {kind}s by name"))
            return None
        tables, names = [], []
        for key, value in node.entries:
            name = read_name(key, f"{where}.{key.text}", faults)
            if name is not None:
                names.append((*name, key))
                tables.append(_read_one(name, key, value, f"{where}.{key.text}", faults, kind, keys))
        refuse_same_object(kind, names, faults)
        return tuple(tables)

    return read


def _read_one(
    name: tuple[str, str], key: Scalar, value: Node, where: str, faults: Faults, kind: str, keys: Table
) -> TableExpectation:
    if isinstance(value, Scalar):
        if value.text not in (PRESENT, ABSENT):
            faults.append(expected(value, where, "`present` or a mapping"))
        return TableExpectation(*name, key.place, absent=value.text == ABSENT, kind=kind)
    values = read_table(value, keys, where, faults)
    grants = value.get("grants") if isinstance(value, Mapping) else None
    return TableExpectation(
        *name,
        key.place,
        row_security=values.get("row_security"),
        columns=values["columns"],
        indexes=values["indexes"],
        grants=values["grants"],
        grants_place=grants.place if grants is not None else None,
        exactly=frozenset(text.value for text in values["exactly"]),
        said=said_in(values, value, TABLE_KEYS if kind == "table" else VIEW_KEYS),
        kind=kind,
        sensitive=values["sensitive"],
    )


def _read_sensitive(node: Node, where: str, faults: Faults) -> tuple[Sensitive, ...] | None:
    """`true`, a reason, or the columns that are, each `true` or a reason."""
    if not isinstance(node, Mapping):
        mark = _read_mark(Scalar("", node.place), node, where, faults)
        return None if mark is None else (mark,)
    marks = [_read_mark(key, value, f"{where}.{key.text}", faults) for key, value in node.entries]
    return tuple(mark for mark in marks if mark is not None)


def _read_mark(key: Scalar, value: Node, where: str, faults: Faults) -> Sensitive | None:
    if not isinstance(value, Scalar) or is_nothing(value):
        faults.append(expected(value, where, "true, false or a reason"))
        return None
    said = value.text if not (value.plain and value.text in ("true", "false")) else None
    return Sensitive(key.text, said is not None or value.text == "true", said, key.place)


def _read_column(key: Scalar, value: Node, where: str, faults: Faults) -> ColumnExpectation | None:
    text = read_text(value, where, faults)
    if text is None:
        return None
    try:
        column = parse_column(text.value)
    except NotUnderstood as problem:
        faults.append(expected(value, where, str(problem), problem.hint))
        return None
    return ColumnExpectation(
        key.text, key.place, column.type, column.not_null, column.default, column.collation, column.generated
    )


def _read_index(key: Scalar, value: Node, where: str, faults: Faults) -> IndexExpectation | None:
    text = read_text(value, where, faults)
    if text is None:
        return None
    if "(" not in text.value or not is_balanced(text.value):
        example = "an index as in `unique (channel, id) where id is not null`"
        faults.append(expected(value, where, example))
        return None
    return IndexExpectation(key.text, key.place, text.value)


_MARK = {"type": ["boolean", "string"]}

_COLUMNS_KEY = Key(
    "columns",
    mapping_of(_read_column, TEXT.schema),
    "Columns by name: TYPE [collate NAME] [not null] [default EXPRESSION | generated …]. Others may exist.",
    default=(),
)
_INDEXES_KEY = Key(
    "indexes",
    mapping_of(_read_index, {"type": "string"}),
    "Indexes by name: unique (channel, id) where id is not null. Others may exist.",
    default=(),
)
_SENSITIVE_KEY = Key(
    "sensitive",
    Form(_read_sensitive, {"anyOf": [_MARK, {"type": "object", "additionalProperties": _MARK}]}),
    "true, or why: functions open to anon or authenticated that reach it need `accepted_by`. By column: {value: true}.",
    default=(),
)
_GRANTS_KEY = Key("grants", TABLE_GRANTS, "Exactly these privileges, by role.")


def _exactly(*words: str) -> Key:
    about = "Of these, no others than the ones named may exist."
    return Key("exactly", list_of(choice(*words), least=1), about, default=())


TABLE = Table(
    (
        Key("row_security", FLAG, "Whether row level security is on."),
        _COLUMNS_KEY,
        _INDEXES_KEY,
        _GRANTS_KEY,
        _SENSITIVE_KEY,
        *TABLE_KEYS.keys,
        _exactly("columns", "indexes", "constraints", "triggers", "policies"),
    )
)
VIEW = Table(
    (
        _COLUMNS_KEY,
        _INDEXES_KEY,
        _GRANTS_KEY,
        _SENSITIVE_KEY,
        *VIEW_KEYS.keys,
        _exactly("columns", "indexes", "triggers"),
    )
)


def _form(kind: str, keys: Table) -> Form:
    each = {"anyOf": [{"enum": [PRESENT, ABSENT]}, table_schema(keys)]}
    return Form(_read_all(kind, keys), {"type": "object", "additionalProperties": each})


TABLES = _form("table", TABLE)
VIEWS = _form("view", VIEW)
