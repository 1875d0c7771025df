"""What a project is: frozen data that every later stage reads and none changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nexiom_runner.errors import Place
from nexiom_runner.project.calling import Count, Raises, Rows, TableChange, User, Wording
from nexiom_runner.project.outline import Backfill as Backfill
from nexiom_runner.project.outline import Limits as Limits
from nexiom_runner.project.outline import Project as Project
from nexiom_runner.project.outline import Source as Source
from nexiom_runner.project.outline import Target as Target
from nexiom_runner.project.outline import Text as Text
from nexiom_runner.shape.model import Shape
from nexiom_runner.tree import Mapping as Keys
from nexiom_runner.tree import Node


@dataclass(frozen=True, slots=True)
class ColumnExpectation:
    """`key: text not null`; None is not stated and so not compared."""

    name: str
    place: Place
    type: str
    not_null: bool | None = None  # `not null` True, `null` False
    default: str | None = None
    collation: str | None = None
    generated: str | None = None  # `always as identity`, `always as (a + b) stored`


@dataclass(frozen=True, slots=True)
class IndexExpectation:
    """`unique (channel, id) where id is not null`; the text after the name, as written."""

    name: str
    place: Place
    definition: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A stated boolean."""

    value: bool
    place: Place


@dataclass(frozen=True, slots=True)
class GrantExpectation:
    """The exact privileges of one role on a table, lower case (`select`)."""

    role: str
    privileges: tuple[str, ...]
    place: Place


SaidValue = str | bool | tuple[str, ...] | tuple[tuple[str, str], ...] | tuple[GrantExpectation, ...] | None


@dataclass(frozen=True, slots=True)
class Said:
    """One attribute of an object as phase.yml states it; `item` names what of it: a constraint, a policy."""

    attribute: str
    item: str
    value: SaidValue
    place: Place


@dataclass(frozen=True, slots=True)
class ObjectExpectation:
    """What must be so of an object of any other kind; `schema` is "" where the kind has none."""

    kind: str
    schema: str
    name: str
    place: Place
    absent: bool = False
    said: tuple[Said, ...] = ()
    short: bool = False  # one value stands for a mapping: `mood: [sad, happy]`


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A table, or a column of it, that is marked sensitive, and why; a mark may be taken back."""

    column: str  # "": the whole table
    marked: bool
    reason: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class TableExpectation:
    """What must be so of a table or view; None is not stated. `messages: present` states nothing else."""

    schema: str
    name: str
    place: Place
    row_security: Flag | None = None
    columns: tuple[ColumnExpectation, ...] = ()
    indexes: tuple[IndexExpectation, ...] = ()
    grants: tuple[GrantExpectation, ...] | None = None
    grants_place: Place | None = None
    exactly: frozenset[str] = frozenset()  # {"columns", "indexes"}: no others may exist
    said: tuple[Said, ...] = ()  # everything else: constraints, policies, owner …
    absent: bool = False
    kind: str = "table"  # or "view"
    sensitive: tuple[Sensitive, ...] = ()


@dataclass(frozen=True, slots=True)
class ArgumentExpectation:
    """`p_limit: integer = 100`, `$1: text`, `variadic uuid[]`, `out bigint`."""

    name: str  # "" for an unnamed one (`$1`)
    mode: str  # in, out, inout, variadic
    type: str
    default: str | None
    place: Place


Given = Rows | Text  # rows, or the name of a file of fixtures/


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file of fixtures/: `tables` are what a .yml gives, `lines` the rows of a .csv; SQL is its source."""

    source: Source
    tables: tuple[Rows, ...] = ()
    lines: tuple[Keys, ...] = ()


@dataclass(frozen=True, slots=True)
class CallExpectation:
    """A call of a function and what must come of it. `arguments` is the YAML under `with:`.

    `each` holds its cases and the cells of its matrix, which are called instead of it: what each says stands for what
    the call says. `part_of` is the name of the call they are of.
    """

    name: str
    place: Place
    role: Text | None = None  # `as:` a role or a user; None: once as each role in execute
    user: User | None = None  # `as:` a role and its claims, written out
    arguments: Mapping[str, Node] = field(default_factory=dict)
    given: tuple[Given, ...] = ()  # behind the phase's
    result: Shape | None = None  # overrides the function's
    rows: Count | None = None  # of a function that returns a set
    raises: Raises | None = None
    notices: tuple[Wording, ...] | None = None
    changes: tuple[TableChange, ...] | None = None  # exactly these; () is none
    twice: bool = False  # a second call in the same transaction changes nothing
    buffers: int | None = None  # pages of tables and indexes touched, at most
    only: bool = False
    skip: str | None = None  # why it is not called
    on: tuple[str, ...] = ()  # targets on which a volatile call may run when protected
    each: "tuple[CallExpectation, ...]" = ()
    part_of: str | None = None
    in_matrix: bool = False
    commits: bool = False  # on a copy of the database, which is thrown away
    sessions: int = 1  # that call at once, none of which has committed before all have called


@dataclass(frozen=True, slots=True)
class FunctionExpectation:
    """What must be so of one function; None is not stated."""

    schema: str
    name: str
    place: Place
    arguments: tuple[ArgumentExpectation, ...] | None = None
    arguments_place: Place | None = None
    returns: Text | None = None
    language: Text | None = None
    volatility: Text | None = None  # immutable, stable, volatile
    security: Text | None = None  # definer, invoker
    strict: Flag | None = None
    search_path: Text | None = None  # "" is the empty path
    execute: tuple[Text, ...] | None = None
    execute_place: Place | None = None
    reason: Text | None = None
    result: Shape | None = None
    calls: tuple[CallExpectation, ...] = ()
    said: tuple[Said, ...] = ()  # everything else: cost, settings, owner …
    absent: bool = False
    accepted_by: Text | None = None  # who accepted that it reaches what is marked sensitive
    until: Text | None = None  # the last day of that, YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Phase:
    """A folder of phases/. `number` orders as people read: 2 before 10, 04 before 04b."""

    name: str
    number: tuple[int, str]
    path: str  # phases/12_pipeline_runner
    title: str
    owner: str | None
    tags: tuple[str, ...]
    needs: tuple[Text, ...]
    renamed_from: Text | None
    apply: Source | None
    repeatables: tuple[Source, ...]
    revert: Source | None
    tables: tuple[TableExpectation, ...]
    functions: tuple[FunctionExpectation, ...]
    settings: Source | None  # phase.yml itself; None where a phase has none
    limits: Limits = field(default_factory=Limits)
    destructive: Text | None = None  # why it may drop, truncate or delete on a protected target
    objects: tuple[ObjectExpectation, ...] = ()  # of every kind but tables and functions
    existing: Text | None = None  # "accept": `create table if not exists` may meet a table with other columns
    backfill: Source | None = None
    pace: Backfill = field(default_factory=Backfill)  # how the backfill goes
    users: tuple[User, ...] = ()
    given: tuple[Given, ...] = ()  # before each of its calls


@dataclass(frozen=True, slots=True)
class Audit:
    """A file of audits/. `phase` is its first line's, `may_be_empty` its reason."""

    source: Source
    phase: Text | None
    may_be_empty: str | None


@dataclass(frozen=True, slots=True)
class ResultOf:
    """`{$result: f}`: the shape in force of what a function returns."""

    schema: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class StatementExpectation:
    """What one statement of a tests/sql script must return: `key` is its position from 1 or its `-- name:`."""

    key: str
    place: Place
    rows: tuple[int, int | None] | None  # least and most rows; None is not stated
    columns: tuple[tuple[str, Shape | ResultOf], ...]  # exactly these, in this order; each row's values match


@dataclass(frozen=True, slots=True)
class SqlTest:
    """A script of tests/sql with the .yml beside it (None: nothing asserted)."""

    source: Source
    phase: Text | None
    settings: Source | None
    statements: tuple[StatementExpectation, ...]


@dataclass(frozen=True, slots=True)
class RuleLevel:
    """What a project says of a rule: `level` is "error", "warn" or "off"."""

    rule: Text
    level: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that somebody answers for, until the end of a day (UTC). `*` in `object` stands for any text."""

    place: Place
    rule: Text
    object: Text
    reason: str
    owner: str
    until: str  # YYYY-MM-DD
