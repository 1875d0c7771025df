"""What a body touches: tables with the columns, functions it calls, and what it executes as text.

The parse tree tells it where there is one; else the lexer's mentions do, which know neither columns nor what is done.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nexiom_runner.sql.mentions import body_mentions, body_words
from nexiom_runner.sql.trees import Node, plpgsql_of, strings, tree_of, trees_of

ALL = frozenset({"select", "insert", "update", "delete", "truncate"})
# Built-in functions that run a text as a query (https://www.postgresql.org/docs/current/functions-xml.html, ts_stat),
# and those of extensions that do.
EXECUTING = frozenset(
    {
        *("query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "table_to_xml", "table_to_xmlschema"),
        *("table_to_xml_and_xmlschema", "schema_to_xml", "schema_to_xml_and_xmlschema", "database_to_xml"),
        *("cursor_to_xml", "ts_stat", "dblink", "dblink_exec", "crosstab", "connectby"),
    }
)


@dataclass(frozen=True, slots=True)
class Touch:
    """A table as written (`schema` None where none is), what is done with it, and which columns; None is all."""

    schema: str | None
    name: str
    events: frozenset[str]
    columns: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Call:
    """A function as written and how many arguments it is given; None where that is not known."""

    schema: str | None
    name: str
    arguments: int | None


@dataclass(frozen=True, slots=True)
class Body:
    """All that a body touches; `unknown` are the expressions that it executes as text.

    Not `exact` is what the lexer alone tells.
    """

    touches: frozenset[Touch] = frozenset()
    calls: frozenset[Call] = frozenset()
    unknown: tuple[str, ...] = ()
    exact: bool = True


def body_of(definition: str, source: str, language: str) -> Body:
    """What a function does by its definition (`create function …`) and its source, in SQL or PL/pgSQL."""
    read = _of_plpgsql if language == "plpgsql" else _of_sql
    found = read(definition, source)
    return _by_lexer(source or definition, language) if found is None else found


def _of_sql(definition: str, source: str) -> Body | None:
    if source:
        trees = trees_of(source)
        return None if trees is None else _together(_of_statement({tag: node}) for tag, node in trees)
    tree = tree_of(definition)
    return None if tree is None else _of_statement(tree[1].get("sql_body", {}))


def _of_plpgsql(definition: str, source: str) -> Body | None:
    del source  # stands in the definition
    functions = plpgsql_of(_ROW_TYPE.sub("record", definition))
    if functions is None:
        return None
    found = []
    for text, mode, dynamic in _expressions(functions, dynamic=False):
        trees = _trees(text, mode)
        if trees is None:
            return None
        found += [_of_statement({tag: node}) for tag, node in trees]
        if dynamic:
            found.append(_executed(text, trees))
    return _together(found)


def _expressions(node: object, *, dynamic: bool) -> Iterator[tuple[str, int, bool]]:
    """(text, mode, is executed) of every expression of a body."""
    if isinstance(node, list):
        for one in node:
            yield from _expressions(one, dynamic=dynamic)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "PLpgSQL_expr":
                yield value.get("query", ""), value.get("parseMode", 0), dynamic
            elif name in _DYNAMIC:
                for key, inner in value.items():
                    yield from _expressions(inner, dynamic=key == "query")
            else:
                yield from _expressions(value, dynamic=name == "dynquery")


def _trees(text: str, mode: int) -> list[tuple[str, Node]] | None:
    if mode == 0:
        return trees_of(text)
    assigned = _ASSIGNED.fullmatch(text) if mode >= 3 else None
    return trees_of(f"select {assigned[1] if assigned else text}")


def _executed(text: str, trees: list[tuple[str, Node]]) -> Body:
    """What a text that is executed does: known where it is one literal."""
    targets = trees[0][1].get("targetList", []) if trees else []
    constant = targets[0]["ResTarget"].get("val", {}).get("A_Const", {}).get("sval") if len(targets) == 1 else None
    inner = trees_of(constant.get("sval", "")) if constant else None
    if inner is None:
        return Body(unknown=(" ".join(text.split()),))
    return _together(_of_statement({tag: node}) for tag, node in inner)


def _together(bodies: Iterable[Body]) -> Body:
    many = list(bodies)
    return Body(
        frozenset().union(*(one.touches for one in many)),
        frozenset().union(*(one.calls for one in many)),
        tuple(dict.fromkeys(text for one in many for text in one.unknown)),
    )


def _by_lexer(source: str, language: str) -> Body:
    """Every name that may be a table, a function: what is done with it is not known, so that all of it may be."""
    found = body_mentions(source)
    names = {(None, name) for name in found.names} | set(found.qualified)
    called = {(None, name) for name in found.calls} | set(found.qualified)
    runs_text = language == "plpgsql" and "execute" in body_words(source)
    return Body(
        frozenset(Touch(schema, name, ALL, None) for schema, name in names),
        frozenset(Call(schema, name, None) for schema, name in called),
        ("a text",) if runs_text or not EXECUTING.isdisjoint(found.words) else (),
        exact=False,
    )


@dataclass(slots=True)
class _Relation:
    schema: str | None
    name: str
    alias: str
    is_target: bool


@dataclass(slots=True)
class _Statement:
    """One statement on its way: relations by alias, columns by how they are written."""

    relations: list[_Relation] = field(default_factory=list)
    written: list[Touch] = field(default_factory=list)
    calls: set[Call] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    bare: set[str] = field(default_factory=set)  # a column of any relation, or a whole row
    dotted: dict[str, set[str]] = field(default_factory=dict)  # by alias
    whole: set[str] = field(default_factory=set)  # aliases behind which stands `.*`
    everything: bool = False  # `*`, a natural join

    def visit(self, node: object, tag: str, common: frozenset[str]) -> None:
        """Collect what stands below; `common` are the names of WITH that hide a table here."""
        if isinstance(node, list):
            for one in node:
                self.visit(one, tag, common)
        elif isinstance(node, dict):
            self._node(node, tag, common)

    def _node(self, node: Node, tag: str, common: frozenset[str]) -> None:
        if "withClause" in node:
            common = self._with(node["withClause"], common)
        if "funcname" in node:
            self._call(node)
        self.everything |= bool(tag == "JoinExpr" and ("alias" in node or node.get("isNatural")))
        for name, value in node.items():
            if name == "ColumnRef":
                self._column(value.get("fields", []))
            elif name == "RangeVar" or (name == "relation" and "relname" in value):
                self._relation(value, node, tag, common, is_target=name == "relation" or tag in _TARGETS)
            elif name not in ("withClause", "into"):
                self.bare.update(strings(value) if name == "usingClause" else ())
                self.visit(value, name if name[:1].isupper() else tag, common)

    def _with(self, clause: Node, common: frozenset[str]) -> frozenset[str]:
        queries = [one["CommonTableExpr"] for one in clause.get("ctes", ())]
        if clause.get("recursive"):
            common |= {one["ctename"] for one in queries}
        for one in queries:
            self.visit(one.get("ctequery"), "SelectStmt", common)
            common |= {one["ctename"]}
        return common

    def _relation(self, node: Node, within: Node, tag: str, common: frozenset[str], *, is_target: bool) -> None:
        schema, name = node.get("schemaname"), node["relname"]
        if schema is None and name in common and not is_target:
            return
        alias = node.get("alias", {}).get("aliasname", name)
        self.whole.update([alias] if node.get("alias", {}).get("colnames") else [])
        self.relations.append(_Relation(schema, name, alias, is_target))
        if is_target:
            self.written += [Touch(schema, name, frozenset({event}), at) for event, at in _done(tag, within)]

    def _call(self, node: Node) -> None:
        parts = strings(node["funcname"])
        given = None if node.get("func_variadic") else len(node.get("args", ()))
        self.calls.add(Call(parts[-2] if len(parts) > 1 else None, parts[-1], given))
        if parts[-1] in EXECUTING:
            self.unknown.append(f"{parts[-1]}()")

    def _column(self, fields: list[Node]) -> None:
        names = strings(fields)
        if "A_Star" in fields[-1]:
            self.whole.update(names[-1:])
            self.everything |= not names
        elif len(names) == 1:
            self.bare.add(names[0])
        else:
            self.dotted.setdefault(names[-2], set()).add(names[-1])
            self.dotted.setdefault(names[0], set()).add(names[1])

    def body(self) -> Body:
        """What was collected, each column with the relations that it may be of."""
        read = (Touch(one.schema, one.name, frozenset({"select"}), self._columns(one)) for one in self.relations)
        targets = {(one.schema, one.name) for one in self.relations if one.is_target}
        kept = {one for one in read if (one.schema, one.name) not in targets or one.columns != frozenset()}
        return Body(frozenset(kept | set(self.written)), frozenset(self.calls), tuple(self.unknown))

    def _columns(self, relation: _Relation) -> frozenset[str] | None:
        names = {relation.alias}
        if self.everything or names & (self.whole | self.bare):
            return None
        return frozenset(self.bare | self.dotted.get(relation.alias, set()))


def _of_statement(tree: object) -> Body:
    found = _Statement()
    found.visit(tree, next(iter(tree), "") if isinstance(tree, dict) else "", frozenset())
    return found.body()


def _done(tag: str, node: Node) -> Iterator[tuple[str, frozenset[str] | None]]:
    """What a statement does with its target: event and columns."""
    if tag == "InsertStmt":
        yield "insert", _named(node.get("cols"))
        conflict = node.get("onConflictClause", {})
        if conflict.get("action") == "ONCONFLICT_UPDATE":
            yield "update", _named(conflict.get("targetList"))
    elif tag == "UpdateStmt":
        yield "update", _named(node.get("targetList"))
    elif tag == "DeleteStmt":
        yield "delete", None
    elif tag == "TruncateStmt":
        yield "truncate", None
    elif tag == "MergeStmt":
        for one in node.get("mergeWhenClauses", ()):
            clause = one["MergeWhenClause"]
            event = _MERGED.get(clause.get("commandType", ""))
            if event is not None:
                yield event, None if event == "delete" else _named(clause.get("targetList"))
    elif tag == "CopyStmt":
        yield ("insert" if node.get("is_from") else "select"), None
    elif tag == "RefreshMatViewStmt":
        yield "select", None


def _named(targets: list[Node] | None) -> frozenset[str] | None:
    """The columns of a list of targets; all where none are named."""
    names = frozenset(one["ResTarget"]["name"] for one in targets or () if "name" in one.get("ResTarget", {}))
    return names or None


_TARGETS = frozenset({"TruncateStmt"})
_DYNAMIC = frozenset({"PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"})
_MERGED = {"CMD_INSERT": "insert", "CMD_UPDATE": "update", "CMD_DELETE": "delete"}
_ASSIGNED = re.compile(r"[^:=]*?(?::=|=)(.*)", re.DOTALL)
_NAME = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_ROW_TYPE = re.compile(rf"{_NAME}(?:\s*\.\s*{_NAME})*\s*%\s*rowtype\b", re.IGNORECASE)
