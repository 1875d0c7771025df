"""`expect: tables:` of phase.yml: what must be so of a table."""

from nexiom_runner.errors import Fault
from nexiom_runner.project.grammar import NotUnderstood, is_balanced, parse_column, parse_name
from nexiom_runner.project.keys import (
    FLAG,
    TEXT,
    Faults,
    Form,
    Key,
    Table,
    choice,
    expected,
    list_of,
    mapping_of,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.model import (
    ColumnExpectation,
    GrantExpectation,
    IndexExpectation,
    TableExpectation,
    Text,
)
from nexiom_runner.project.names import shown, unknown, width
from nexiom_runner.tree import Mapping, Node, Scalar

PRIVILEGES = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain")
PRESENT = "present"


def read_name(key: Scalar, where: str, faults: Faults) -> tuple[str, str] | None:
    """Schema and name of the object a key names."""
    try:
        return parse_name(key.text)
    except NotUnderstood as problem:
        message = f'key "{where}" expects {problem}, found "{shown(key.text)}"'
        faults.append(Fault(message, key.place, width=width(key), hint=problem.hint))
        return None


def role_name(text: str) -> str:
    """A role as the catalog has it; PUBLIC, which is no role, in capitals."""
    return "PUBLIC" if text.lower() == "public" else text


def refuse_same_object(kind: str, names: list[tuple[str, str, Scalar]], faults: Faults) -> None:
    """A fault for each name that means the same object as one before it (`leads` and `public.leads`)."""
    first: dict[tuple[str, str], Scalar] = {}
    for schema, name, key in names:
        before = first.setdefault((schema, name), key)
        if before is not key:
            message = f'{kind} "{schema}.{name}" is named twice'
            detail = f'It is first named at {before.place}, as "{before.text}".'
            faults.append(Fault(message, key.place, width=width(key), detail=detail, hint="Keep one of them."))


def _read_tables(node: Node, where: str, faults: Faults) -> tuple[TableExpectation, ...] | None:
    if not isinstance(node, Mapping):
        faults.append(expected(node, where, "a mapping of tables by name"))
        return None
    tables, names = [], []
    for key, value in node.entries:
        name = read_name(key, f"{where}.{key.text}", faults)
        if name is not None:
            names.append((*name, key))
            tables.append(_read_one(name, key, value, f"{where}.{key.text}", faults))
    refuse_same_object("table", names, faults)
    return tuple(tables)


def _read_one(name: tuple[str, str], key: Scalar, value: Node, where: str, faults: Faults) -> TableExpectation:
    if isinstance(value, Scalar):
        if value.text != PRESENT:
            faults.append(expected(value, where, "`present` or a mapping"))
        return TableExpectation(*name, key.place)
    values = read_table(value, TABLE, where, faults)
    grants = value.get("grants") if isinstance(value, Mapping) else None
    return TableExpectation(
        *name,
        key.place,
        row_security=values["row_security"],
        columns=values["columns"],
        indexes=values["indexes"],
        grants=values["grants"],
        grants_place=grants.place if grants is not None else None,
        exactly=frozenset(text.value for text in values["exactly"]),
    )


def _read_column(key: Scalar, value: Node, where: str, faults: Faults) -> ColumnExpectation | None:
    text = read_text(value, where, faults)
    if text is None:
        return None
    try:
        column = parse_column(text.value)
    except NotUnderstood as problem:
        faults.append(expected(value, where, str(problem), problem.hint))
        return None
    return ColumnExpectation(key.text, key.place, column.type, column.not_null, column.default)


def _read_index(key: Scalar, value: Node, where: str, faults: Faults) -> IndexExpectation | None:
    text = read_text(value, where, faults)
    if text is None:
        return None
    if "(" not in text.value or not is_balanced(text.value):
        example = "an index as in `unique (channel, id) where id is not null`"
        faults.append(expected(value, where, example))
        return None
    return IndexExpectation(key.text, key.place, text.value)


def _read_grant(key: Scalar, value: Node, where: str, faults: Faults) -> GrantExpectation | None:
    privileges = _PRIVILEGES.read(value, where, faults)
    if privileges is None:
        return None
    return GrantExpectation(role_name(key.text), tuple(text.value.lower() for text in privileges), key.place)


def _read_privilege(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is None or text.value.lower() in PRIVILEGES:
        return text
    fault = unknown("privilege", Scalar(text.value, text.place), PRIVILEGES, f'in "{where}"')
    if text.value.lower() == "all":
        hint = "Name them: what ALL means differs between versions of PostgreSQL."
        fault = Fault(f'"{where}" says "all"', text.place, width=3, hint=hint)
    faults.append(fault)
    return None


_PRIVILEGES = list_of(Form(_read_privilege, {"enum": list(PRIVILEGES)}))

TABLE = Table(
    (
        Key("row_security", FLAG, "Whether row level security is on."),
        Key(
            "columns",
            mapping_of(_read_column, TEXT.schema),
            "Columns by name: TYPE [not null] [default EXPRESSION]. Others may exist.",
            default=(),
        ),
        Key(
            "indexes",
            mapping_of(_read_index, {"type": "string"}),
            "Indexes by name: unique (channel, id) where id is not null. Others may exist.",
            default=(),
        ),
        Key("grants", mapping_of(_read_grant, _PRIVILEGES.schema), "Exactly these privileges, by role."),
        Key(
            "exactly",
            list_of(choice("columns", "indexes"), least=1),
            "Of these, no others than the ones named may exist.",
            default=(),
        ),
    )
)

TABLES = Form(
    _read_tables,
    {"type": "object", "additionalProperties": {"anyOf": [{"const": PRESENT}, table_schema(TABLE)]}},
)
