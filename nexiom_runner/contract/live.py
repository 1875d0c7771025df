"""Live objects as expectations, in the words of phase.yml; what a phase states rightly is kept as it is written."""

import re

from nexiom_runner.catalog.model import Argument, Column, Function, Index, Table
from nexiom_runner.catalog.names import returned, told
from nexiom_runner.contract.kinds import LISTS, Rows, more_of_function, more_of_table
from nexiom_runner.contract.tree import Drop, Fields, Keep, Right, Tree
from nexiom_runner.contract.written import collation_text, default_text, generated_text
from nexiom_runner.project.in_force import normalised_type
from nexiom_runner.project.model import ArgumentExpectation, ColumnExpectation, FunctionExpectation, TableExpectation

NOTHING: Rows = {}


def table_fields(
    table: Table, stated: TableExpectation | None, right: Right, rows: Rows = NOTHING, everything: bool = False
) -> Fields:
    """A table's expectation: row security, columns, indexes, grants; of what `rows` tell, more where stated.

    All that `rows` tell where nothing is stated yet, or `everything` is asked for.
    """
    columns = {one.name: one for one in stated.columns} if stated else {}
    indexes = {one.name: one for one in stated.indexes} if stated else {}
    entries: dict[str, Tree] = {}
    if table.kind in ("table", "partitioned table"):
        flag = stated.row_security if stated else None
        entries["row_security"] = Keep() if flag and flag.value == table.row_security else _flag(table.row_security)
    entries["columns"] = Fields({one.name: _column(one, columns.get(one.name), right) for one in table.columns}, True)
    named = {
        one.name: Keep()
        if one.name in indexes and (indexes[one.name].place, f"index {one.name}") in right
        else _index(one)
        for one in table.indexes
    }
    if named or indexes:
        entries["indexes"] = Fields(named, True)
    entries["grants"] = _grants(table, stated)
    name, said = (table.schema, table.name), stated.said if stated else ()
    lists = stated.exactly if stated else frozenset()
    new = frozenset(LISTS) if everything or says_nothing(stated) else lists
    return Fields(entries | more_of_table(name, rows, said, new, right))


def says_nothing(stated: TableExpectation | None) -> bool:
    """Whether a table is not stated, or said to be there and no more."""
    return stated is None or not (
        stated.said or stated.columns or stated.indexes or stated.row_security or stated.grants is not None
    )


def function_fields(
    function: Function, stated: FunctionExpectation | None, right: Right, rows: Rows = NOTHING
) -> Fields:
    """A function's expectation: arguments, returns, volatility, security, search_path, execute; more where stated."""
    entries: dict[str, Tree] = {"arguments": _arguments(function, stated, right)}
    if function.returns is not None:
        kept = stated is not None and stated.returns is not None and (stated.returns.place, "returns") in right
        entries["returns"] = Keep() if kept else written_type(returned(function))
    if stated is not None and stated.language is not None:
        entries["language"] = function.language
    entries["volatility"] = function.volatility
    entries["security"] = function.security
    if function.strict or (stated is not None and stated.strict is not None):
        entries["strict"] = _flag(function.strict)
    entries["search_path"] = _search_path(function, stated, right)
    entries["execute"] = tuple(sorted({one.role for one in function.grants if one.privilege == "execute"}))
    if stated is not None and stated.execute is not None and (stated.execute_place, "execute") in right:
        entries["execute"] = Keep()
    live = rows.get("routines", {}).get((function.schema, function.name), ())
    types = [argument.type for argument in function.inputs]
    return Fields(entries | more_of_function(live, types, stated.said if stated else (), right))


def column_text(column: Column) -> str:
    """`text not null default 'x'`."""
    default = None if column.generated or column.identity else column.default
    parts = [written_type(column.type), collation_text(column.collation), "not null" if column.not_null else ""]
    parts.append(f"default {default_text(default, column.type)}" if default is not None else generated_text(column))
    return " ".join(part for part in parts if part)


def argument_text(argument: Argument) -> str:
    """`interval = '01:00:00'`, `variadic uuid[]`."""
    mode = "" if argument.mode == "in" else f"{argument.mode} "
    default = "" if argument.default is None else f" = {default_text(argument.default, argument.type)}"
    return f"{mode}{written_type(argument.type)}{default}"


def index_text(index: Index) -> str:
    """`unique (channel, id) where (id IS NOT NULL)`: what follows USING, its method left out where it is btree."""
    _, _, rest = index.definition.partition(" USING ")
    method, _, keys = rest.partition(" ")
    first = "primary key " if index.primary else "unique " if index.unique else ""
    return first + ("" if method == "btree" else f"using {method} ") + keys.replace(" WHERE ", " where ", 1)


def written_type(text: str) -> str:
    """A type as people write it: `timestamptz` and `timestamp`; other names are the server's."""
    short = re.sub(r"(?<![\w\"])(time(?:stamp)?)(\(\d\))? with time zone(?![\w\"])", r"\1tz\2", told(text))
    return re.sub(r"(?<![\w\"])(time(?:stamp)?)(\(\d\))? without time zone(?![\w\"])", r"\1\2", short)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _column(column: Column, stated: ColumnExpectation | None, right: Right) -> Tree:
    if stated is not None:
        said = (
            ["type"]
            + ["nullability"] * (stated.not_null is not None)
            + ["default"] * ((stated.default or stated.generated) is not None)
        )
        said += ["collation"] * (stated.collation is not None)
        if all(any((stated.place, f"column {name} {one}") in right for name in _spelled(column.name)) for one in said):
            return Keep()
    return column_text(column)


def _spelled(name: str) -> tuple[str, ...]:
    return (name, '"' + name.replace('"', '""') + '"')


def _index(index: Index) -> str:
    return index_text(index)


def _grants(table: Table, stated: TableExpectation | None) -> Tree:
    held: dict[str, set[str]] = {}
    for grant in table.grants:
        held.setdefault(grant.role, set()).add(grant.privilege)
    said = {one.role: set(one.privileges) for one in stated.grants} if stated and stated.grants is not None else {}
    return Fields(
        {role: Keep() if said.get(role) == rights else tuple(sorted(rights)) for role, rights in held.items()}, True
    )


def _arguments(function: Function, stated: FunctionExpectation | None, right: Right) -> Tree:
    if stated is not None and stated.arguments is not None and (stated.arguments_place, "arguments") in right:
        return Keep()
    said = {one.name: one for one in (stated.arguments or () if stated else ()) if one.name}
    return Fields(
        {
            one.name or f"${position}": Keep() if _is_said(one, said.get(one.name)) else argument_text(one)
            for position, one in enumerate(function.arguments, 1)
        },
        True,
    )


def _is_said(argument: Argument, stated: ArgumentExpectation | None) -> bool:
    if stated is None or stated.mode != argument.mode:
        return False
    same = normalised_type(stated.type) in (argument.type, told(argument.type))
    default = None if argument.default is None else default_text(argument.default, argument.type)
    return same and stated.default in (argument.default, default)


def _search_path(function: Function, stated: FunctionExpectation | None, right: Right) -> Tree:
    if function.search_path is None:
        return Drop()
    if stated is not None and stated.search_path is not None and (stated.search_path.place, "search_path") in right:
        return Keep()
    return "" if function.search_path == '""' else function.search_path
