"""audits/ and tests/sql/: a script, what its first lines say, and the expectations beside it."""

import re
from pathlib import Path

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.document import read_settings_file, told_with_lines
from nexiom_runner.project.files import list_folder, read_source, sql_files
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.keys import (
    Faults,
    Form,
    Key,
    Table,
    expected,
    mapping_of,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.model import Audit, ResultOf, Source, SqlTest, StatementExpectation, Text
from nexiom_runner.project.names import did_you_mean, shown, unknown, width
from nexiom_runner.project.outcomes import COUNT
from nexiom_runner.project.shapes import SHAPE_SCHEMA, column_shapes, read_shape, refuse_cut_shapes
from nexiom_runner.shape.model import Shape
from nexiom_runner.tree import Mapping, Node, Scalar

AUDITS = "audits"
SQL_TESTS = "tests/sql"
RESULT = "$result"

_SAYS = re.compile(r"--[ \t]*([A-Za-z][A-Za-z _]{2,15}?)[ \t]*:[ \t]*(.*?)[ \t]*")
_NAMED = re.compile(r"^[ \t]*--[ \t]*name:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ROWS = re.compile(r"(0|[1-9][0-9]{0,17})(?:(\.\.)(0|[1-9][0-9]{0,17})?)?")


def read_audits(root: Path, faults: Faults) -> tuple[Audit, ...]:
    """Every audits/*.sql."""
    sources = (read_source(root, path, faults) for path in sql_files(root, AUDITS, faults))
    return tuple(_read_audit(source, faults) for source in sources if source is not None)


def read_sql_tests(root: Path, faults: Faults) -> tuple[SqlTest, ...]:
    """Every tests/sql/*.sql with the .yml beside it."""
    paths = sql_files(root, SQL_TESTS, faults)
    settings = _settings_beside(root, paths, faults)
    sources = (read_source(root, path, faults) for path in paths)
    return tuple(_read_test(root, source, settings, faults) for source in sources if source is not None)


def first_lines(source: Source, known: tuple[str, ...], faults: Faults) -> dict[str, Text]:
    """What the comments before the first statement say (`-- phase: 12_x`), by key; `known` are the keys there are."""
    said: dict[str, Text] = {}
    for number, line in enumerate(source.text.split("\n"), 1):
        if line.strip() and not line.startswith("--"):
            break
        found = _SAYS.fullmatch(line)
        if found is None:
            continue
        place = Place(source.path, number, found.start(2) + 1)
        if found[1] in known:
            _take(said, found[1], Text(found[2], place), line, faults)
        else:
            _refuse_near_miss(found, known, line, source.path, number, faults)
    return said


def _take(said: dict[str, Text], key: str, text: Text, line: str, faults: Faults) -> None:
    if not text.value:
        faults.append(Fault(f'"-- {key}:" says nothing', text.place, line, hint=f"Write {_EXAMPLES[key]}."))
    elif key in said:
        detail = f"It is first said at {said[key].place}."
        faults.append(Fault(f'"-- {key}:" is said twice', text.place, line, detail=detail, hint="Keep one of them."))
    else:
        said[key] = text


def _refuse_near_miss(
    found: re.Match[str], known: tuple[str, ...], line: str, path: str, number: int, faults: Faults
) -> None:
    near = did_you_mean(found[1].replace("_", " "), known)
    if near is not None:
        place = Place(path, number, found.start(1) + 1)
        faults.append(Fault(f'unknown first line "{found[1]}:"', place, line, len(found[1]), hint=near))


def _read_audit(source: Source, faults: Faults) -> Audit:
    said = first_lines(source, ("phase", "may be empty"), faults)
    reason = said.get("may be empty")
    return Audit(source, said.get("phase"), reason.value if reason else None)


def _settings_beside(root: Path, paths: list[str], faults: Faults) -> frozenset[str]:
    """Names of the .yml files of tests/sql; one without its script is a fault."""
    found = []
    for entry in list_folder(root, SQL_TESTS, faults):
        path = f"{SQL_TESTS}/{entry.name}"
        if entry.name.endswith(".yaml"):
            faults.append(Fault(f'"{path}" is not read', hint=f'Rename it to "{path[:-5]}.yml".'))
        elif entry.name.endswith(".yml"):
            found.append(path)
            if f"{path[:-4]}.sql" not in paths:
                hint = did_you_mean(f"{path[:-4]}.sql", paths)
                faults.append(Fault(f'"{path}" has no script "{path[:-4]}.sql" beside it', hint=hint))
    return frozenset(found)


def _read_test(root: Path, source: Source, beside: frozenset[str], faults: Faults) -> SqlTest:
    said = first_lines(source, ("phase",), faults)
    path = f"{source.path[:-4]}.yml"
    settings = read_source(root, path, faults) if path in beside else None
    return SqlTest(source, said.get("phase"), settings, _read_statements(settings, source, faults))


def _read_statements(settings: Source | None, script: Source, faults: Faults) -> tuple[StatementExpectation, ...]:
    document = read_settings_file(settings, faults)
    if settings is None or document is None:
        return ()
    with told_with_lines(settings, faults):
        refuse_cut_shapes(column_shapes(document), settings.text, faults)
        statements: tuple[StatementExpectation, ...] = read_table(document, SQL_TEST_YML, "", faults)["statements"]
        _check_names(statements, script, faults)
    return statements


def _check_names(statements: tuple[StatementExpectation, ...], script: Source, faults: Faults) -> None:
    names = _NAMED.findall(script.text)
    if any("{" in name for name in names):
        return
    for statement in statements:
        if not statement.key.isdigit() and statement.key not in names:
            key = Scalar(statement.key, statement.place)
            fault = unknown("statement", key, names, f'in "{script.path}"')
            hint = fault.hint or f"Name it there with a line `-- name: {statement.key}`, or give its position from 1."
            faults.append(Fault(fault.message, fault.place, width=fault.width, hint=hint))


def _read_statement(key: Scalar, value: Node, where: str, faults: Faults) -> StatementExpectation:
    if key.text == "0":
        faults.append(Fault("statements are counted from 1, found 0", key.place))
    values = read_table(value, STATEMENT, where, faults)
    return StatementExpectation(key.text, key.place, values["rows"], values["columns"])


def _read_rows(node: Node, where: str, faults: Faults) -> tuple[int, int | None] | None:
    found = _ROWS.fullmatch(node.text) if isinstance(node, Scalar) else None
    if found is None:
        faults.append(expected(node, where, "a number of rows or a range", "Write 1, 0..5 or 1..."))
        return None
    least = int(found[1])
    most = int(found[3]) if found[3] else None if found[2] else least
    if most is not None and most < least:
        faults.append(expected(node, where, "a range whose end is not below its beginning"))
        return None
    return least, most


def _read_column(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[str, Shape | ResultOf] | None:
    function = value.get(RESULT) if isinstance(value, Mapping) else None
    shape = read_shape(value, where, faults) if function is None else _read_result_of(value, function, where, faults)
    return None if shape is None else (key.text, shape)


def _read_result_of(whole: Node, function: Node, where: str, faults: Faults) -> ResultOf | None:
    for key, _ in whole.entries if isinstance(whole, Mapping) else ():
        if key.text != RESULT:
            message = f'"{shown(key.text)}" cannot stand beside "{RESULT}" in "{where}"'
            hint = "The whole value has the shape of what the function returns."
            faults.append(Fault(message, key.place, width=width(key), hint=hint))
            return None
    named = read_text(function, f"{where}.{RESULT}", faults)
    if named is None:
        return None
    try:
        schema, name = parse_name(named.value)
    except NotUnderstood as problem:
        faults.append(Fault(f'"{shown(named.value)}" is not {problem}', named.place, width=len(named.value)))
        return None
    return ResultOf(schema, name, named.place)


_EXAMPLES = {"phase": "-- phase: 12_pipeline_runner", "may be empty": "-- may be empty: and the reason"}

_RESULT_SCHEMA = {
    "description": "The shape in force of what this function returns.",
    "type": "object",
    "properties": {RESULT: {"description": "The function, with its schema unless public.", "type": "string"}},
    "required": [RESULT],
    "additionalProperties": False,
}

STATEMENT = Table(
    (
        Key(
            "rows",
            Form(_read_rows, COUNT.schema),
            "How many rows: 1, 1..5 or 0.. for any number.",
        ),
        Key(
            "columns",
            mapping_of(_read_column, {"anyOf": [_RESULT_SCHEMA, SHAPE_SCHEMA]}),
            "Exactly these columns in this order, each with the shape of its values, or {$result: f} for the shape "
            "that the function f has in force.",
            default=(),
        ),
    )
)

SQL_TEST_YML = Table(
    (
        Key(
            "statements",
            mapping_of(_read_statement, table_schema(STATEMENT)),
            "Statements by position from 1, or by the name in a `-- name:` comment before them.",
            default=(),
            required=True,
        ),
    )
)
