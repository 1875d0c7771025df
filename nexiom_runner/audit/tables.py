"""A table compared with what is stated of it, one attribute at a time."""

from collections.abc import Collection

from nexiom_runner.audit.columns import judge_collation, judge_generated, told_generated
from nexiom_runner.audit.grants import judge_grants
from nexiom_runner.audit.indexes import judge_index
from nexiom_runner.audit.judgement import (
    PASSED,
    Judgement,
    did_you_mean,
    differs,
    exactly_named,
    near_name,
    unreadable,
)
from nexiom_runner.audit.spelling import Speller, type_expression, value_expression
from nexiom_runner.catalog.model import Catalog, Column, Name, Table
from nexiom_runner.catalog.names import qualified, quoted, shown, told
from nexiom_runner.project.in_force import Stated, normalised_type
from nexiom_runner.project.model import IndexExpectation
from nexiom_runner.project.names import nearest

COLUMN = ("type", "nullability", "default", "collation")


def missing_table(name: Name, catalog: Catalog) -> Judgement:
    """FAIL of a table that is not there."""
    near = did_you_mean(near_name(name, catalog.nearby.get("table", ())))
    return differs("present", shown(name), None, near)


def find_view(name: Name, catalog: Catalog) -> Table | Judgement:
    """The view, or why there is none."""
    found = catalog.tables.get(name)
    if found is None:
        return missing_table(name, catalog)
    if found.kind in ("view", "materialized view"):
        return found
    return differs("present", "a view", f"a {found.kind}")


def judge_table(stated: Stated, table: Table, named: Collection[str], catalog: Catalog, speller: Speller) -> Judgement:
    """One attribute of a table that is there. `named` are all columns or indexes that any phase in force names."""
    value = stated.value
    if stated.attribute == "row_security":
        return _row_security(bool(value), table)
    if stated.attribute == "index":
        assert isinstance(value, IndexExpectation)
        return judge_index(value, table, speller)
    if stated.attribute == "grants":
        return judge_grants(value, table, catalog)  # type: ignore[arg-type]  # what `grants` holds
    if stated.attribute.startswith("exactly"):
        return _exactly(stated.attribute.removeprefix("exactly "), table, named)
    if stated.attribute in COLUMN:
        return _column(stated, table, speller)
    return PASSED


def attribute_name(stated: Stated) -> str:
    """What a result calls the attribute: `row_security`, `column key type`, `index messages_due`."""
    if not stated.item:
        return stated.attribute
    if stated.attribute in COLUMN:
        return f"column {quoted(stated.item)} {stated.attribute}"
    return f"{stated.attribute} {quoted(stated.item)}"


def _row_security(expected: bool, table: Table) -> Judgement:
    if table.row_security == expected:
        return PASSED
    word = "enable" if expected else "disable"
    fix = f"alter table {qualified((table.schema, table.name))} {word} row level security;"
    note = None if table.kind in ("table", "partitioned table") else f"it is a {table.kind}"
    return differs("row_security", _on(expected), _on(table.row_security), note, None if note else fix)


def _on(flag: bool) -> str:
    return "true" if flag else "false"


def _exactly(what: str, table: Table, named: Collection[str]) -> Judgement:
    live = table.columns if what == "columns" else table.indexes
    return exactly_named(what, (one.name for one in live), named)


def _column(stated: Stated, table: Table, speller: Speller) -> Judgement:
    item = stated.item
    for column in table.columns:
        if column.name == item:
            break
    else:
        return _missing_column(stated, table)
    if _is_so(stated, column):
        return PASSED
    path = attribute_name(stated)
    alter = f"alter table {qualified((table.schema, table.name))} alter column {quoted(column.name)}"
    if stated.attribute == "type":
        fix = None if "view" in table.kind else f"{alter} type {stated.value};"
        return judge_type(path, str(stated.value), column.type, speller, fix)
    if stated.attribute == "nullability":
        return _nullability(path, bool(stated.value), column, alter)
    if stated.attribute == "collation":
        return judge_collation(path, str(stated.value), column, alter)
    if str(stated.value).startswith("generated "):
        return judge_generated(path, str(stated.value), column, (table.schema, table.name), speller)
    return _default(path, str(stated.value), column, alter, speller)


def _is_so(stated: Stated, column: Column) -> bool:
    """Whether a type or nullability is stated as the catalog has it, which needs no words."""
    if stated.attribute == "type":
        return normalised_type(str(stated.value)) == column.type
    return stated.attribute == "nullability" and column.not_null == stated.value


def _missing_column(stated: Stated, table: Table) -> Judgement:
    alter = f"alter table {qualified((table.schema, table.name))}"
    near = did_you_mean(nearest(stated.item, (column.name for column in table.columns)))
    fix = f"{alter} add column {quoted(stated.item)} {stated.value};" if stated.attribute == "type" else None
    return differs(attribute_name(stated), _said(stated), None, near, fix)


def _said(stated: Stated) -> str:
    if stated.attribute == "nullability":
        return "not null" if stated.value else "null"
    return str(stated.value)


def judge_type(path: str, expected: str, found: str, speller: Speller, fix: str | None) -> Judgement:
    """Whether a type is the stated one, in PostgreSQL's own spelling."""
    if speller.same_type(expected, found):
        return PASSED
    fault = speller.fault(type_expression(expected))
    if fault is not None:
        return unreadable(path, expected, told(found), fault, speller.near_type(expected))
    return differs(path, expected, told(found), None, fix)


def _nullability(path: str, expected: bool, column: Column, alter: str) -> Judgement:
    if column.not_null == expected:
        return PASSED
    words = {True: "not null", False: "null"}
    return differs(
        path, words[expected], words[column.not_null], None, f"{alter} {'set' if expected else 'drop'} not null;"
    )


def _default(path: str, expected: str, column: Column, alter: str, speller: Speller) -> Judgement:
    if column.generated or column.identity:
        return differs(path, expected, told_generated(column))
    return judge_value(path, expected, column.default, column.type, speller, f"{alter} set default {expected};")


def judge_value(path: str, expected: str, found: str | None, kind: str, speller: Speller, fix: str | None) -> Judgement:
    """Whether a default is the stated one, as a value of its type."""
    if expected == found or (found == f"NULL::{kind}" and expected.lower() == "null"):
        return PASSED
    stated = value_expression(expected, kind)
    if found is not None and speller.same(stated, value_expression(found, kind)):
        return PASSED
    if speller.unknown:
        return PASSED  # for now: it is judged again when the server has said how both are spelt
    fault = speller.fault(stated)
    if fault is not None:
        return unreadable(path, expected, told(found) if found else None, fault, None)
    return differs(path, expected, told(found) if found else None, None, fix)
