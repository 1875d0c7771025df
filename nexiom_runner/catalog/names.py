"""Names of live objects as people and statements write them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from nexiom_runner.catalog.model import PUBLIC, Argument, Function, Name

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
# https://www.postgresql.org/docs/current/sql-keywords-appendix.html: what PostgreSQL does not take as a name, bare.
_RESERVED = frozenset(
    re.findall(
        r"\S+",
        "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case "
        "cast char character check coalesce collate collation column concurrently constraint create cross "
        "current_catalog current_date current_role current_schema current_time current_timestamp current_user dec "
        "decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign "
        "freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect "
        "interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query "
        "json_scalar json_serialize json_table json_value lateral leading least left like limit localtime "
        "localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset on "
        "only or order out outer overlaps overlay placing position precision primary real references returning right "
        "row select session_user setof similar smallint some substring symmetric system_user table tablesample then "
        "time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when "
        "where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi "
        "xmlroot xmlserialize xmltable",
    )
)


@lru_cache(maxsize=4096)
def quoted(name: str) -> str:
    """An identifier as SQL needs it, in double quotes only where it must be."""
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def quoted_role(name: str) -> str:
    """A role in a GRANT; PUBLIC is a keyword."""
    return "public" if name == PUBLIC else quoted(name)


def qualified(name: Name) -> str:
    """schema.name for a statement."""
    return f"{quoted(name[0])}.{quoted(name[1])}"


def shown(name: Name) -> str:
    """The name for people: `public` left out."""
    return quoted(name[1]) if name[0] == "public" else qualified(name)


def dotted(parts: Sequence[str]) -> str:
    """`leads`, `crm.leads`, `leads.id`: a name of a schema's for people, `public` left out."""
    return ".".join(map(quoted, parts[1:] if parts[0] == "public" else parts))


def told_collation(name: Name) -> str:
    """A collation as people write it: PostgreSQL's own without their schema, and always in double quotes."""
    return f'"{name[1]}"' if name[0] == "pg_catalog" else shown(name)


def told(text: str) -> str:
    """A type as people write it: `public.` left out."""
    return re.sub(r'(?<![\w."])public\.', "", text)


def spelled_argument(argument: Argument) -> str:
    """`p_limit integer = 100`, as a declaration writes it."""
    mode = "" if argument.mode in ("in", "table") else argument.mode
    name = quoted(argument.name) if argument.name else ""
    default = "" if argument.default is None else f" = {told(argument.default)}"
    return " ".join(part for part in (mode, name, told(argument.type)) if part) + default


def signature(function: Function) -> str:
    """`run_pipeline_once(interval, integer)`: the function among its overloads, for people."""
    types = ", ".join(told(argument.type) for argument in function.inputs)
    return f"{shown((function.schema, function.name))}({types})"


def routine(function: Function) -> str:
    """`function public.run_pipeline_once(interval, integer)` for a statement."""
    word = {"procedure": "procedure", "aggregate": "aggregate"}.get(function.kind, "function")
    types = ", ".join(argument.type for argument in function.inputs)
    return f"{word} {qualified((function.schema, function.name))}({types})"


def returned(function: Function) -> str:
    """`jsonb`, `setof messages`, `table(id uuid, n bigint)`; "nothing" of a procedure."""
    if function.returns is None:
        return "nothing"
    if function.columns:
        return f"table({', '.join(spelled_argument(column) for column in function.columns)})"
    return ("setof " if function.returns_set else "") + told(function.returns)
