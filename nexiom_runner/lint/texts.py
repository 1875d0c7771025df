"""The project's scripts as parse trees: every statement, every definition of a function, what each body asks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from nexiom_runner.lint.rule import Found
from nexiom_runner.project.in_force import ALIASES, ObjectKey
from nexiom_runner.shape.model import Shape
from nexiom_runner.sql.analysis import unparsed
from nexiom_runner.sql.lexer import Kind, kind_of, lexemes, significant
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement
from nexiom_runner.sql.trees import Node, Query, plpgsql_of, qualified, relation, strings, tree_of, trees_of, walk

Key = tuple[str, str, tuple[str, ...]]  # schema, name, types of the input
_SPELT = {"int4": "integer", "int8": "bigint", "int2": "smallint", "bool": "boolean", "float8": "double precision"}
_INPUT = frozenset({"FUNC_PARAM_DEFAULT", "FUNC_PARAM_IN", "FUNC_PARAM_INOUT", "FUNC_PARAM_VARIADIC"})


@dataclass(frozen=True, slots=True)
class Read:
    """A statement of a script and its tree."""

    script: Script
    statement: Statement
    tag: str
    node: Node

    def found(self, rule: str, kind: str, name: tuple[str, str], message: str, fix: str | None, **more: str) -> Found:
        """A finding at this statement."""
        text = self.statement.text[self.statement.head - self.statement.start :]
        width = max(1, len(text.split("\n", 1)[0].rstrip().rstrip(";(").rstrip()))
        at = Found(rule, kind, name[0], name[1], message, fix=fix, script=self.script.key, width=width)
        return replace(at, offset=self.statement.head, types=more.get("types"), relation=more.get("relation"))


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument as written."""

    name: str
    type: str
    mode: str
    default: bool


@dataclass(frozen=True)
class Routine:
    """One definition of a function or procedure; `stated` are the options that its text names."""

    read: Read
    key: Key
    arguments: tuple[Argument, ...]
    returns: str
    language: str
    volatility: str  # immutable, stable, volatile
    definer: bool
    settings: Mapping[str, str]
    stated: frozenset[str]
    body: str
    bound: bool  # a body that was resolved when it was created

    @property
    def types(self) -> str:
        """The input types as one text."""
        return ", ".join(self.key[2])

    @property
    def name(self) -> tuple[str, str]:
        """Schema and name."""
        return self.key[0], self.key[1]

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Every query of the body that can be read, expressions of plpgsql as `select …`."""
        if self.bound:
            return (Query("", self.read.node.get("sql_body", {})),)
        if self.language == "plpgsql":
            return tuple(_plpgsql(self.read.statement.text))
        if self.language == "sql":
            return tuple(Query(self.body, {tag: node}) for tag, node in trees_of(self.body) or ())
        return ()

    @cached_property
    def dynamic(self) -> tuple[Query, ...]:
        """The expressions that the body executes as statements."""
        bodies = plpgsql_of(self.read.statement.text) if self.language == "plpgsql" else None
        found = []
        for tag, node in walk(bodies or []):
            if tag in ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"):
                text = node.get("query", {}).get("PLpgSQL_expr", {}).get("query", "")
                tree = tree_of(f"select {text}")
                if tree is not None:
                    found.append(Query(text, {tree[0]: tree[1]}, node.get("lineno", 0)))
        return tuple(found)

    def found(self, rule: str, message: str, fix: str | None, marked: str | None = None) -> Found:
        """A finding at the definition, or where `marked` first stands in its text."""
        kind = "procedure" if self.read.node.get("is_procedure") else "function"
        found = self.read.found(rule, kind, self.name, message, fix, types=self.types)
        at = _position(self.read.statement.text, marked) if marked else -1
        return found if at < 0 else replace(found, offset=self.read.statement.start + at, width=len(marked or ""))


@dataclass(frozen=True)
class Texts:
    """Everything that rules on scripts look at; `results` are the shapes in force, by function."""

    reads: tuple[Read, ...]
    unread: tuple[tuple[Script, Statement, str], ...] = ()
    results: Mapping[ObjectKey, Shape] = field(default_factory=dict)
    stated: frozenset[tuple[str, str, str]] = frozenset()  # phase, schema, name of functions it states something of

    @cached_property
    def created(self) -> Mapping[tuple[str, str], list[int]]:
        """Which statements, by their number, make an object of this name anew."""
        return _numbered(self.reads, created)

    @cached_property
    def granted(self) -> Mapping[tuple[str, str], list[int]]:
        """Which statements grant or revoke something on it."""
        return _numbered(self.reads, granted)

    @cached_property
    def routines(self) -> tuple[Routine, ...]:
        """Every definition, in the order of execution."""
        return tuple(_routine(read) for read in self.reads if read.tag == "CreateFunctionStmt")

    @cached_property
    def latest(self) -> tuple[Routine, ...]:
        """Of each function the definition that holds in the end; dropped ones are left out."""
        last: dict[Key, Routine] = {}
        made = {id(routine.read): routine for routine in self.routines}
        for read in self.reads:
            if id(read) in made:
                last.pop(made[id(read)].key, None)
                last[made[id(read)].key] = made[id(read)]
            elif read.tag == "DropStmt":
                for schema, name, types in dropped_routines(read.node):
                    for key in [key for key in last if key[:2] == (schema, name) and types in (None, key[2])]:
                        del last[key]
        return tuple(last.values())

    def result_of(self, routine: Routine) -> Shape | None:
        """The shape that a phase states of what the function returns, where its name tells which is meant."""
        found = [shape for key, shape in self.results.items() if (key.schema, key.name) == routine.name]
        return found[0] if len(found) == 1 else None


def read_texts(
    scripts: Sequence[Script],
    results: Mapping[ObjectKey, Shape] | None = None,
    stated: frozenset[tuple[str, str, str]] = frozenset(),
) -> Texts:
    """The scripts read, in their order; what no analyser can read is kept with the reason."""
    reads, unread = [], []
    for script in scripts:
        for statement in script.statements:
            tree = tree_of(statement.text)
            if tree is not None:
                reads.append(Read(script, statement, *tree))
            elif (reason := unparsed(statement.text)) is not None:
                unread.append((script, statement, reason))
    return Texts(tuple(reads), tuple(unread), results or {}, stated)


def granted(read: Read) -> set[tuple[str, str]]:
    """What a GRANT or REVOKE names."""
    found: set[tuple[str, str]] = set()
    for one in read.node.get("objects", ()) if read.tag == "GrantStmt" else ():
        table = relation(one.get("RangeVar"))
        parts = strings(one.get("ObjectWithArgs", {}).get("objname"))
        if table:
            found.add(table)
        elif parts:
            found.add(qualified(parts))
    return found


def created(read: Read) -> set[tuple[str, str]]:
    """What a CREATE makes, or replaces."""
    node: Node = read.node
    if read.tag == "CreateFunctionStmt":
        return {qualified(strings(node["funcname"]))}
    made = relation(node.get("relation")) if read.tag == "CreateStmt" else None
    made = relation(node.get("view")) if read.tag == "ViewStmt" else made
    made = relation(node.get("into", {}).get("rel")) if read.tag == "CreateTableAsStmt" else made
    return {made} if made else set()


def _numbered(reads: Sequence[Read], names: Callable[[Read], set[tuple[str, str]]]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for number, read in enumerate(reads):
        for name in names(read):
            found.setdefault(name, []).append(number)
    return found


def spelt_type(node: Node | None) -> str:
    """A type as the catalog spells it, as far as the text tells."""
    node = node or {}
    parts = strings(node.get("names"))
    if not parts:
        return ""
    name = _SPELT.get(parts[-1], ALIASES.get(parts[-1], parts[-1])) if parts[0] == "pg_catalog" else ".".join(parts)
    name = ALIASES.get(name, name).removeprefix("public.")
    return name + "[]" * len(node.get("arrayBounds", ()))


def dropped_routines(node: Node) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
    """(schema, name, types) of what `drop function` names; types None where they are not written."""
    for one in node.get("objects", ()):
        if "ObjectWithArgs" in one:
            yield named_routine(one["ObjectWithArgs"])


def named_routine(node: Node) -> tuple[str, str, tuple[str, ...] | None]:
    """(schema, name, types) of `f(integer)`."""
    parts = strings(node.get("objname"))
    types = None if node.get("args_unspecified") else tuple(spelt_type(x["TypeName"]) for x in node.get("objargs", ()))
    return *qualified(parts), types


def options_of(actions: Sequence[Node]) -> dict[str, object]:
    """`security`, `volatility`, and `set NAME` of CREATE or ALTER FUNCTION."""
    found: dict[str, object] = {}
    for one in actions:
        element = one["DefElem"]
        name, argument = element["defname"], element.get("arg", {})
        if name == "security":
            found["security definer"] = bool(argument.get("Boolean", {}).get("boolval", False))
        elif name == "volatility":
            found["volatility"] = argument.get("String", {}).get("sval", "volatile")
        elif name == "set":
            setting = argument.get("VariableSetStmt", {})
            if setting.get("kind") == "VAR_SET_VALUE":
                found[f"set {setting['name']}"] = ", ".join(_values(setting.get("args", ())))
        elif name in ("language", "as"):
            found[name] = argument
    return found


def _values(arguments: Sequence[Node]) -> Iterator[str]:
    for one in arguments:
        constant = one.get("A_Const", {})
        if "sval" in constant:
            yield constant["sval"].get("sval", "")
        elif "ival" in constant:
            yield str(constant["ival"].get("ival", 0))


def _routine(read: Read) -> Routine:
    node = read.node
    parts = strings(node["funcname"])
    arguments = tuple(_argument(one["FunctionParameter"]) for one in node.get("parameters", ()))
    options = options_of(node.get("options", ()))
    types = tuple(one.type for one in arguments if one.mode in _INPUT)
    bodies = strings((options.get("as") or {}).get("List", {}).get("items"))  # type: ignore[attr-defined]
    language = (options.get("language") or {}).get("String", {}).get("sval", "sql")  # type: ignore[attr-defined]
    return Routine(
        read=read,
        key=(*qualified(parts), types),
        arguments=arguments,
        returns=("setof " if (node.get("returnType") or {}).get("setof") else "") + spelt_type(node.get("returnType")),
        language=language.lower(),
        volatility=str(options.get("volatility", "volatile")),
        definer=bool(options.get("security definer", False)),
        settings={name[4:]: str(value) for name, value in options.items() if name.startswith("set ")},
        stated=frozenset(options),
        body=bodies[0] if bodies else "",
        bound="sql_body" in node,
    )


def _argument(node: Node) -> Argument:
    mode = node.get("mode", "FUNC_PARAM_DEFAULT")
    return Argument(node.get("name", ""), spelt_type(node.get("argType")), mode, "defexpr" in node)


def _plpgsql(text: str) -> Iterator[Query]:
    for line, query, mode in _expressions(plpgsql_of(text) or [], 0):
        if mode >= 3:  # an assignment: what stands behind `:=`
            query = query.partition(":=")[2] or query.partition("=")[2]
        for tag, node in trees_of(query if mode == 0 else f"select {query}") or ():
            yield Query(query, {tag: node}, line)


def _expressions(node: object, line: int) -> Iterator[tuple[int, str, int]]:
    """(line, text, mode) of every expression of a body, but for what is executed as text."""
    if isinstance(node, list):
        for one in node:
            yield from _expressions(one, line)
    elif isinstance(node, dict):
        line = node.get("lineno", line) if isinstance(node.get("lineno"), int) else line
        for name, value in node.items():
            if name == "PLpgSQL_expr" and isinstance(value, dict):
                yield line, value.get("query", ""), value.get("parseMode", 0)
            elif not (name == "query" and "PLpgSQL_stmt_dynexecute" in node):
                yield from _expressions(value, line)


def _position(text: str, wanted: str) -> int:
    """Where a name stands in a statement as a word of its own, bodies included; -1 where it does not."""
    offset = 0
    for piece in lexemes(text):
        if kind_of(piece) is Kind.DOLLAR:
            opening = piece.index("$", 1) + 1
            for at, inner in significant(lexemes(piece[opening:-opening])):
                if inner.lower() == wanted:
                    return offset + opening + at
        elif piece.lower() == wanted:
            return offset
        offset += len(piece)
    return -1
