"""Live objects as PostgreSQL's catalog describes them; types and expressions in the server's own spelling."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from nexiom_runner.errors import ServerReport, record

Name = tuple[str, str]  # schema, name
Row = Mapping[str, Any]  # of an object of any other kind, as the query of its kind tells it
Answer = bool | None | ServerReport  # to a condition
PUBLIC = "PUBLIC"


@record
class Column:
    """A column. `identity` ("", "always", "by default") and `generated` say where its value comes from."""

    name: str
    type: str
    not_null: bool
    default: str | None = None  # the generation expression where `generated`
    identity: str = ""
    generated: str = ""  # "stored" or "virtual"
    collation: str | None = None  # schema.name as SQL writes it, where it is not its type's


@record
class Index:
    """An index; `definition` is what follows USING, as pg_get_indexdef writes it."""

    name: str
    definition: str
    unique: bool = False
    primary: bool = False
    valid: bool = True


@record
class Grant:
    """A privilege that a role other than the owner and superusers holds, and how it came to it.

    `origin` is "public default" (PostgreSQL gives EXECUTE to PUBLIC), "default privileges" (of the role `of`, in
    `schema` or everywhere) or "granted" (by the role `of`).
    """

    role: str  # PUBLIC for everybody
    privilege: str  # lower case
    origin: str = "granted"
    of: str = ""
    schema: str | None = None


@record
class Table:
    """A table, partitioned table, view, materialized view or foreign table."""

    schema: str
    name: str
    kind: str
    owner: str
    row_security: bool = False
    columns: tuple[Column, ...] = ()
    indexes: tuple[Index, ...] = ()
    grants: tuple[Grant, ...] = ()


@record
class Argument:
    """An argument, or a column of `returns table`; `name` is "" where it has none."""

    name: str
    mode: str  # in, out, inout, variadic, table
    type: str
    default: str | None = None


@record
class Function:
    """A function, procedure or aggregate; `search_path` is None where it has none of its own."""

    schema: str
    name: str
    kind: str
    owner: str
    arguments: tuple[Argument, ...]
    returns: str | None  # None for a procedure
    returns_set: bool
    columns: tuple[Argument, ...]  # of `returns table`
    language: str
    volatility: str
    security: str
    strict: bool
    search_path: str | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def inputs(self) -> tuple[Argument, ...]:
        """What a caller passes; the types of these tell overloads apart."""
        return tuple(argument for argument in self.arguments if argument.mode != "out")


@record
class Role:
    """A role and the roles whose rights it has by membership."""

    name: str
    superuser: bool
    memberships: tuple[str, ...] = ()


@record
class Catalog:
    """What is live of the objects asked for. `nearby` holds names like those that were not found, by kind."""

    tables: Mapping[Name, Table] = field(default_factory=dict)
    functions: Mapping[Name, tuple[Function, ...]] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    nearby: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    role: str = ""  # who looked
    rows: Mapping[str, Mapping[Name, Sequence[Row]] | ServerReport] = field(default_factory=dict)  # by query
    answers: Mapping[str, Answer] = field(default_factory=dict)  # by condition
