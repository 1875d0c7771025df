"""A column's collation, and where its value comes from when it is generated."""

from nexiom_runner.audit.clauses import bare
from nexiom_runner.audit.judgement import PASSED, Judgement, differs, unreadable
from nexiom_runner.audit.spelling import Speller, column_expression
from nexiom_runner.catalog.model import Column, Name
from nexiom_runner.catalog.names import qualified, quoted, told, told_collation
from nexiom_runner.project.grammar import NotUnderstood, parse_name


def judge_collation(path: str, expected: str, column: Column, alter: str) -> Judgement:
    """Whether the collation is the stated one; `default` is that of the type."""
    if is_collation(expected, column.collation):
        return PASSED
    found = told_collation(parse_name(column.collation)) if column.collation is not None else "default"
    fix = f"{alter} type {column.type} collate {'pg_catalog.' if expected == 'default' else ''}{expected};"
    return differs(path, expected, found, None, fix.replace("pg_catalog.default", 'pg_catalog."default"'))


def judge_generated(path: str, expected: str, column: Column, table: Name, speller: Speller) -> Judgement:
    """Whether a column is generated as stated: an identity, or an expression over other columns."""
    wanted = expected.removeprefix("generated ")
    found = told_generated(column)
    if wanted.endswith("as identity"):
        return PASSED if found == expected else differs(path, expected, found, None, _identity(column, table, wanted))
    formula, kind = _formula(wanted)
    if column.generated == kind and column.default is not None:
        stated = column_expression(bare(formula), table)
        if speller.same(stated, column_expression(bare(column.default), table)) or speller.unknown:
            return PASSED
        fault = speller.fault(stated)
        if fault is not None:
            return unreadable(path, expected, found, fault, None)
    on = f"alter table {qualified(table)}"
    fix = f"{on} drop column {quoted(column.name)};\n{on} add column {quoted(column.name)} {column.type} {expected};"
    return differs(path, expected, found, "its values are lost and computed again", fix)


def told_generated(column: Column) -> str | None:
    """Where a value comes from, as phase.yml states it."""
    if column.identity:
        return f"generated {column.identity} as identity"
    if column.generated:
        return f"generated always as ({told(bare(column.default or ''))}) {column.generated}"
    return None if column.default is None else f"default {told(column.default)}"


def _identity(column: Column, table: Name, wanted: str) -> str:
    alter = f"alter table {qualified(table)} alter column {quoted(column.name)}"
    how = wanted.removesuffix(" as identity")
    return f"{alter} set generated {how};" if column.identity else f"{alter} add generated {wanted};"


def _formula(wanted: str) -> tuple[str, str]:
    """The expression and whether it is stored; PostgreSQL 18 takes `virtual` where neither is said, others refuse."""
    body = wanted.removeprefix("always as ")
    for kind in ("stored", "virtual"):
        if body.endswith(f" {kind}"):
            return body.removesuffix(f" {kind}"), kind
    return body, "virtual"


def is_collation(expected: str, found: str | None) -> bool:
    """Whether a stated collation is the one found, None where it is that of the type."""
    if found is None:
        return expected.strip('"') == "default"
    try:
        (schema, name), live = parse_name(expected, ""), parse_name(found)
    except NotUnderstood:
        return False
    return name == live[1] and schema in ("", live[0])
