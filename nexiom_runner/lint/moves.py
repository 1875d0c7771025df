"""What a plan would run, read, with what each statement meets on the target."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from nexiom_runner.catalog.names import shown
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.lint.rule import Found
from nexiom_runner.plan.model import Plan, PlannedStatement, Step
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.trees import Node, qualified, relation, strings, tree_of, walk

Table = tuple[str, str]
# Below both a lock is over before anybody notices; above either, people do.
SMALL_ROWS, SMALL_BYTES = 10_000, 10 * 2**20
LARGE_ROWS, LARGE_BYTES = 1_000_000, 2**30
LOCK_TIMEOUT = 5_000  # milliseconds, where neither the phase nor the target says otherwise
BOUNDED = "set local search_path = pg_catalog; set local lock_timeout = '2s'"


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table on the target: estimated rows (-1: never analysed), bytes, types of columns, checks that hold."""

    rows: int = -1
    bytes: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[str, ...] = ()

    @property
    def small(self) -> bool:
        """Nobody would notice."""
        return self.rows < SMALL_ROWS and self.bytes < SMALL_BYTES

    @property
    def large(self) -> bool:
        """Everybody would."""
        return self.rows >= LARGE_ROWS or self.bytes >= LARGE_BYTES


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the target of what the plan speaks of; functions by name with their volatility's letter."""

    tables: Mapping[Table, TableFacts] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    untold: bool = False  # a PostgREST may look, and no event trigger tells it what changed


@dataclass(frozen=True, slots=True)
class Move:
    """One statement that would run. `before` and `behind` are those of the same transaction."""

    script: Script
    planned: PlannedStatement
    tag: str
    node: Node
    facts: Facts
    made: frozenset[Table] = frozenset()  # by the plan itself, before this
    before: tuple[tuple[str, Node], ...] = ()
    behind: tuple[tuple[str, Node], ...] = ()
    lock_timeout: int = LOCK_TIMEOUT  # milliseconds in force; 0: waits for ever
    order: Mapping[str, int] = field(default_factory=dict)  # every script's key, in the order of execution
    scripts: tuple[Script, ...] = ()  # all of the project

    @property
    def others(self) -> Iterator[Script]:
        """The project's other scripts."""
        return (script for script in self.scripts if script is not self.script)

    def runs_later(self, script: Script) -> bool:
        """Whether a script runs behind this one."""
        return self.order[script.key] > self.order[self.script.key]

    def there(self, table: Table | None) -> TableFacts | None:
        """What is known of a table that is on the target and not made by this plan."""
        return None if table is None or table in self.made else self.facts.tables.get(table)

    def found(self, rule: str, table: Table, message: str, fix: str | None, *, weigh: Sequence[Table] = ()) -> Found:
        """A finding at this statement; large tables, of those it weighs, make it an error, others a warning."""
        heavy = [facts for one in (table, *weigh) if (facts := self.there(one)) is not None and facts.large]
        return Found(
            rule,
            "table",
            table[0],
            table[1],
            message,
            fix=fix,
            script=self.script.key,
            offset=self.planned.offset,
            width=_width(self.planned),
            level="error" if heavy else "warn",
        )

    def told(self, table: Table) -> str:
        """`messages (2.1 M rows, 480 MB)`."""
        facts = self.there(table)
        return f"{shown(table)} ({size(facts)})" if facts is not None else shown(table)

    def matters(self, *tables: Table | None) -> bool:
        """Whether one of the tables is on the target and not small."""
        known = (self.there(table) for table in tables)
        return any(facts is not None and not facts.small for facts in known)


def size(facts: TableFacts) -> str:
    """`2.1 M rows, 480 MB`; rows that were never counted are not told."""
    rows = "" if facts.rows < 0 else f"{_short(facts.rows)} rows, "
    return f"{rows}{_bytes(facts.bytes)}"


def read_facts(session: Session, plan: Plan) -> Facts:
    """The facts of what the plan mentions: three round trips, none where nothing would run. Raises ServerError."""
    if not plan.todo:
        return Facts()
    with session.transaction(read_only=True, rollback=True, first=BOUNDED):
        return ask_facts(session, plan)


def ask_facts(session: Session, plan: Plan) -> Facts:
    """The same in a transaction that is open."""
    nodes = [tree for step in plan.todo for one in step.statements if (tree := tree_of(one.statement.text))]
    tables = sorted({table for _, node in nodes for table in tables_of(node)})
    functions = sorted({name for _, node in nodes for name in _called(node)})
    schemas, names = [table[0] for table in tables], [table[1] for table in tables]
    rows = session.rows(load(__file__, "facts.sql"), schemas=schemas, names=names, functions=functions)
    return Facts(
        {
            (row.schema, row.name): TableFacts(
                int(row.rows if row.rows is not None else -1),
                int(row.bytes or 0),
                json.loads(row.columns or "{}"),
                tuple(json.loads(row.checks or "[]")),
            )
            for row in rows
            if row.kind == "table"
        },
        {row.name: row.volatility for row in rows if row.kind == "function"},
        any(row.volatility == "untold" for row in rows),
    )


def moves(plan: Plan, facts: Facts, lock_timeouts: Mapping[str, int]) -> Iterator[Move]:
    """Each statement that would run and can be read, in order."""
    made: set[Table] = set()
    scripts = tuple(step.script for step in plan.steps if step.script is not None)
    order = {script.key: number for number, script in enumerate(scripts)}
    for step in plan.todo:
        if step.script is not None:
            lock_timeout = lock_timeouts.get(step.phase, LOCK_TIMEOUT)
            for move in _of_step(step, step.script, facts, made):
                yield replace(move, lock_timeout=lock_timeout, order=order, scripts=scripts)


def _of_step(step: Step, script: Script, facts: Facts, made: set[Table]) -> Iterator[Move]:
    read = [(one, tree) for one in step.statements if (tree := tree_of(one.statement.text)) is not None]
    for _, group in groupby(read, key=lambda pair: pair[0].segment):
        together = list(group)
        trees = tuple(tree for _, tree in together)
        for at, (planned, (tag, node)) in enumerate(together):
            yield Move(script, planned, tag, node, facts, frozenset(made), trees[:at], trees[at + 1 :])
            made.update(_made(tag, node))


def tables_of(node: Node) -> Iterator[Table]:
    """Every table a statement names, and what a DROP does."""
    found = relation(node)
    if found:
        yield found
    for _, inner in walk(node):
        found = relation(inner)
        if found:
            yield found
    if node.get("removeType") in ("OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"):
        yield from names_dropped(node)


def names_dropped(node: Node) -> Iterator[tuple[str, str]]:
    """(schema, name) of each object of a DropStmt."""
    for one in node.get("objects", ()):
        named = one.get("ObjectWithArgs") or one.get("TypeName") or one.get("List") or {}
        parts = strings(named.get("objname") or named.get("names") or named.get("items"))
        if parts:
            yield qualified(parts)


def _made(tag: str, node: Node) -> Iterable[Table]:
    if tag == "CreateStmt":
        found = relation(node.get("relation"))
    elif tag == "CreateTableAsStmt":
        found = relation(node.get("into", {}).get("rel"))
    else:
        return ()
    return () if found is None else (found,)


def _called(node: Node) -> Iterator[str]:
    for name, inner in walk(node):
        if name == "FuncCall":
            yield from strings(inner.get("funcname"))[-1:]


def _width(planned: PlannedStatement) -> int:
    text = planned.statement.text[planned.offset - planned.statement.start :]
    return max(1, len(text.split("\n", 1)[0].rstrip().rstrip(";")))


def _short(number: int) -> str:
    for unit, factor in (("G", 10**9), ("M", 10**6), ("k", 10**4)):
        if number >= factor:
            value = number / (factor if unit != "k" else 1_000)
            return f"{value:.1f}".rstrip("0").rstrip(".") + f" {unit}"
    return str(number)


def _bytes(number: int) -> str:
    for unit, factor in (("TB", 2**40), ("GB", 2**30), ("MB", 2**20)):
        if number >= factor:
            return f"{number / factor:.1f}".rstrip("0").rstrip(".") + f" {unit}"
    return f"{-(-number // 1024)} kB"
