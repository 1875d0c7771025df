"""Types and expressions in PostgreSQL's own spelling: one EXPLAIN VERBOSE writes them all, and executes nothing.

The planner folds calls of immutable functions with constant arguments, so a DEFAULT that calls a user's own IMMUTABLE
function is the one thing of the user's that may run, read-only. What is equal as written is not asked at all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from nexiom_runner.audit.judgement import near_name
from nexiom_runner.catalog.model import Name, Table
from nexiom_runner.catalog.names import qualified, quoted
from nexiom_runner.database.queries import Query, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, ServerReport, record
from nexiom_runner.project.in_force import normalised_type
from nexiom_runner.sql.lexer import Kind, fold, kind_of, lexemes, significant, unterminated

# Unqualified names mean pg_catalog's or public's, as in phase.yml; a temporary object never stands in for them.
READING_PATH = "set local search_path = pg_catalog, public, pg_temp"
WHOLE_PLAN = "set local constraint_exclusion = off; set local enable_partition_pruning = off"
WIDEST = 1000  # a select list holds 1,664
MISFIT = ("42703", "42883", "42804", "42846", "42809")  # a column, function or cast that is not there
NOTHING = (("nothing", "text"),)  # the columns of what has none
FEWEST = 8  # plans in a message, once the server has refused some


Source = tuple[str, tuple[tuple[str, str], ...]]  # a relation's name, its columns and their types
SUBQUERY = frozenset({"select", "values", "table"})


@record
class Expression:
    """Text for a select list, over the columns of `table` where it names one, or of `sources`."""

    text: str
    table: Name | None = None
    type: str = ""  # the type, where it is nothing else
    sources: tuple[Source, ...] = ()


@dataclass(slots=True)
class Speller:
    """Decides whether two spellings mean the same; what it does not know yet it notes and calls different."""

    tables: Mapping[Name, Table]
    known: dict[Expression, str | ServerReport] = field(default_factory=dict)
    asked: dict[Expression, None] = field(default_factory=dict)
    unknown: bool = False  # set, never cleared, by a question that could not be answered yet
    types: tuple[Name, ...] = ()  # names like those of types that are not there

    def same(self, expected: Expression, found: Expression) -> bool:
        """Whether both have the same spelling; False, and `unknown` set, where this is not known yet."""
        if expected == found:
            return True
        unknown = [expression for expression in (expected, found) if expression not in self.known]
        self.asked.update(dict.fromkeys(unknown))
        self.unknown = self.unknown or bool(unknown)
        spelt = self.known.get(expected)
        return not unknown and isinstance(spelt, str) and spelt == self.known[found]

    def same_type(self, expected: str, found: str) -> bool:
        """Whether two types are the same."""
        return normalised_type(expected) == found or self.same(type_expression(expected), type_expression(found))

    def fault(self, expression: Expression) -> ServerReport | None:
        """What the server said against the expression, if it was asked and could not read it."""
        spelt = self.known.get(expression)
        return spelt if isinstance(spelt, ServerReport) else None

    def near_type(self, text: str) -> str | None:
        """The type that was meant by one that is not there."""
        schema, _, name = text.rpartition(".")
        near = near_name((schema or "pg_catalog", type_name(name)), self.types)
        return near.removeprefix("pg_catalog.").strip('"') if near else None

    def resolve(self, session: Session) -> None:
        """Ask the server for all that was noted: one plan, and one more for each that it refuses."""
        asked, self.asked = list(self.asked), {}
        for expression in asked:
            problem = malformed(expression.text)
            if problem is not None:
                self.known[expression] = ServerReport("42601", "ERROR", problem)
        readable = [each for each in asked if each not in self.known]
        alone = [_has_subquery(each.text) for each in readable]
        together = [each for each, is_alone in zip(readable, alone, strict=True) if not is_alone]
        self.known.update(_spell(session, together, self.tables))
        self.known.update(spell_alone(session, list(compress(readable, alone)), self.tables))
        misfits = [each for each in readable if each.table is not None and self._is_misfit(each)]
        self.known.update(spell_alone(session, misfits, self.tables, real=True))

    def _is_misfit(self, expression: Expression) -> bool:
        """Whether it may speak of a row as such or of a system column, which columns alone do not make."""
        fault = self.fault(expression)
        return fault is not None and fault.sqlstate in MISFIT


def type_name(text: str) -> str:
    """The bare name in a type: `mood` of `crm.mood(3)[]`."""
    return re.split(r"[(\[]", text.rpartition(".")[2])[0].strip().strip('"')


def type_expression(text: str) -> Expression:
    """A null of the type."""
    return Expression(f"(null::{text}\n)", type=text)


def value_expression(text: str, kind: str) -> Expression:
    """A default as a value of its column's or argument's type."""
    return Expression(f"(({text}\n)::{kind})")


def column_expression(text: str, table: Name) -> Expression:
    """A key or predicate of an index, over its table's columns."""
    return Expression(f"({text}\n)", table)


def malformed(text: str) -> str | None:
    """Why a text cannot stand alone in a select list: nothing of it may end the statement around it."""
    pieces = lexemes(text)
    depth = 0
    for piece in pieces:
        depth += (piece in "([") - (piece in ")]")
        if depth < 0 or piece == ";" or kind_of(piece) in (Kind.META, Kind.PARAMETER, Kind.OTHER):
            return f'"{piece}" is out of place'
    left_open = unterminated(pieces)
    if left_open:
        return f"a {left_open} is not closed"
    return "a bracket is not closed" if depth else None


def _has_subquery(text: str) -> bool:
    """Whether an output list would show a number in place of some of it."""
    lower = text.lower()
    if not any(word in lower for word in SUBQUERY):
        return False
    return any(piece.lower() in SUBQUERY for piece in lexemes(text))


def spell_alone(
    session: Session, expressions: Sequence[Expression], tables: Mapping[Name, Table], *, real: bool = False
) -> dict[Expression, str | ServerReport]:
    """Each by the whole plan of its own, which holds its subqueries too; all in one message, and one more a refusal.

    Of a subquery that can have no row, as of a partitioned table without partitions, the planner shows nothing: such
    expressions are only the same as they are written. `real` reads the table itself, which the role must be allowed to.
    """
    found: dict[Expression, str | ServerReport] = {}
    waiting, size = list(expressions), len(expressions)
    nothing = fill(load(__file__, "no_value.sql").text, {})
    while waiting:
        batch = waiting[:size]
        queries = (_compose([[each]], tables, real).text for each in batch)
        text = ";\n".join(query.replace("%(nothing)s", nothing).replace("%%", "%") for query in queries)
        try:
            with session.transaction(read_only=True, rollback=True, first=f"{READING_PATH}; {WHOLE_PLAN}"):
                plans = session.send(text)
        except ServerError as error:
            found[waiting.pop(error.completed)] = error.report
            size = max(size // 2, FEWEST)  # what was answered before a refusal is asked again
            continue
        found.update({each: _whole(each, plan.rows[0][0] or "") for each, plan in zip(batch, plans, strict=True)})
        del waiting[:size]
    return found


def _whole(expression: Expression, plan: str) -> str:
    if '"One-Time Filter": "false"' not in plan:
        return plan
    words = (piece for _, piece in significant(lexemes(expression.text)) if piece not in "()")
    return plan + " ".join(fold(word) if kind_of(word) is Kind.WORD else word for word in words)


def _spell(
    session: Session, expressions: Sequence[Expression], tables: Mapping[Name, Table]
) -> dict[Expression, str | ServerReport]:
    found: dict[Expression, str | ServerReport] = {}
    waiting = list(expressions)
    while waiting:
        parts = list(_parts(waiting))
        query = _compose(parts, tables)
        try:
            found.update(_ask(session, query, parts))
            return found
        except ServerError as error:
            culprit = _culprit(query, parts, error.report.position)
            if culprit is None and len(waiting) > 1:
                half = len(waiting) // 2
                found.update(_spell(session, waiting[:half], tables))
                waiting = waiting[half:]
                continue
            culprit = culprit or waiting[0]
            found[culprit] = error.report
            waiting.remove(culprit)
    return found


def _parts(expressions: Sequence[Expression]) -> Iterator[list[Expression]]:
    """Expressions over the same columns, at most WIDEST together."""
    together: dict[tuple[Name | None, tuple[Source, ...]], list[Expression]] = {}
    for expression in expressions:
        together.setdefault((expression.table, expression.sources), []).append(expression)
    for same in together.values():
        for start in range(0, len(same), WIDEST):
            yield same[start : start + WIDEST]


def _compose(parts: Sequence[Sequence[Expression]], tables: Mapping[Name, Table], real: bool = False) -> Query:
    names = [f"part_{number}" for number in range(len(parts))]
    member, part = load(__file__, "plan_member.sql").text, load(__file__, "plan_part.sql").text
    written = (_write_part(part, name, same, tables, real) for name, same in zip(names, parts, strict=True))
    members = (fill(member, {"part": name}) for name in names)
    plan = load(__file__, "plan.sql")
    return Query(fill(plan.text, {"parts": ", ".join(written), "members": " union all ".join(members)}), plan.name)


def _write_part(text: str, name: str, same: Sequence[Expression], tables: Mapping[Name, Table], real: bool) -> str:
    source = load(__file__, "plan_source.sql").text
    values = {
        "part": name,
        "expressions": ",\n".join(expression.text for expression in same).replace("%", "%%"),
        "sources": _write_table(same[0].table)
        if real and same[0].table
        else ", ".join(_write_source(source, one) for one in _sources_of(same[0], tables)),
    }
    return fill(text, values)


def _sources_of(expression: Expression, tables: Mapping[Name, Table]) -> tuple[Source, ...]:
    if expression.table is None:
        return expression.sources or (("nothing", NOTHING),)
    return (columns_of(tables[expression.table]),)


def columns_of(table: Table, alias: str | None = None) -> Source:
    """A table's columns as those of a relation of its name, or of another."""
    return alias or table.name, tuple((column.name, column.type) for column in table.columns) or NOTHING


def _write_table(name: Name) -> str:
    values = {"table": qualified(name), "relation": quoted(name[1])}
    return fill(load(__file__, "plan_table.sql").text, {key: text.replace("%", "%%") for key, text in values.items()})


def _write_source(text: str, source: Source) -> str:
    relation, columns = source
    declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
    values = {"relation": quoted(relation).replace("%", "%%"), "columns": declared.replace("%", "%%")}
    return fill(text, values)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text of a file with each `__name__` filled in, its comment left out."""
    body = text.split("\n", 1)[1].strip()
    return re.sub(r"__([a-z]+)__", lambda found: values[found[1]], body)


def _ask(session: Session, query: Query, parts: Sequence[Sequence[Expression]]) -> dict[Expression, str]:
    with session.transaction(read_only=True, rollback=True, first=READING_PATH):
        ((plan,),) = session.rows(query, nothing=None)
    outputs = dict(_outputs(plan[0]["Plan"]))
    return {
        expression: text
        for number, same in enumerate(parts)
        for expression, text in zip(same, outputs[f"CTE part_{number}"], strict=True)
    }


def _outputs(node: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The output lists of a plan's named parts."""
    if "Subplan Name" in node:
        yield node["Subplan Name"], node["Output"]
    for below in node.get("Plans", ()):
        yield from _outputs(below)


def _culprit(query: Query, parts: Sequence[Sequence[Expression]], position: int | None) -> Expression | None:
    """The expression that stands where the server points (a character of the text as it was sent, from 1)."""
    if position is None:
        return None
    sent = re.sub(r"%(?:(%)|\(nothing\)s)", lambda found: found[1] or "$1", query.text)
    start = 0
    for expression in (expression for same in parts for expression in same):
        start = sent.index(expression.text, start)
        if start < position <= start + len(expression.text):
            return expression
    return None
