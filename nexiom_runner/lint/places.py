"""Where in the project's scripts an object comes from: the statement that created it last."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nexiom_runner.catalog.names import told
from nexiom_runner.errors import Place
from nexiom_runner.project.in_force import normalised_type
from nexiom_runner.render.rendered import source_line
from nexiom_runner.sql.creates import Changes, find_changes
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement
from nexiom_runner.sql.words import folded

# What an object is called in a finding → what scripts are said to create.
KINDS = {"procedure": "function", "aggregate": "function", "foreign table": "table", "constraint": "table"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a script, its phase, and the line there with how many characters to mark."""

    phase: str
    place: Place
    excerpt: str
    width: int


@dataclass(frozen=True)
class Places:
    """The project's scripts in their order; looked through when the first object is asked for."""

    scripts: tuple[Script, ...]

    def of(self, kind: str, schema: str | None, name: str, relation: str | None, types: str | None) -> Spot | None:
        """Where the object was created; of a constraint or an index without a statement of its own, its table."""
        schema = schema or "public"
        for key in _keys(kind, schema, name, relation):
            made = self._made.get(key, ())
            if made:
                script, statement = _overload(made, types)
                return spot(script, statement.head, _first_line(statement))
        return None

    def at(self, key: str, offset: int, width: int) -> Spot | None:
        """A place that a rule found in the text of a script."""
        script = self._by_key.get(key)
        return None if script is None else spot(script, offset, width)

    @cached_property
    def _by_key(self) -> dict[str, Script]:
        return {script.key: script for script in self.scripts}

    @cached_property
    def _made(self) -> dict[Name, list[tuple[Script, Statement]]]:
        found: dict[Name, list[tuple[Script, Statement]]] = {}
        for script in self.scripts:
            for name, statement in creations(script):
                found.setdefault(name, []).append((script, statement))
        return found


def creations(script: Script) -> Iterator[tuple[Name, Statement]]:
    """Each object a script creates with the statement that does; names have their schema."""
    for statement in script.statements if script.creates else ():
        changes = Changes()
        find_changes(words_of(statement), changes)
        for name in sorted(changes.creates, key=str):
            yield Name(name.kind, name.schema or "public", name.name, name.table), statement


def words_of(statement: Statement) -> list[str]:
    """The significant words of a statement, folded."""
    return folded(piece for _, piece in significant(lexemes(statement.text)) if piece != ";")


def spot(script: Script, offset: int, width: int) -> Spot:
    """A character of a script's text as its author finds it."""
    place = script.rendered.place(offset)
    return Spot(script.phase, place, source_line(script.rendered.source.text, place.line), width)


def _keys(kind: str, schema: str, name: str, relation: str | None) -> Iterator[Name]:
    kind = KINDS.get(kind, kind)
    if relation is None:
        yield Name(kind, schema, name)
        return
    if kind in ("policy", "trigger", "rule", "column"):
        yield Name(kind, schema, name, relation)
    elif kind == "index":
        yield Name(kind, schema, name)
    yield Name("table", schema, relation)
    yield Name("materialized view", schema, relation)


def _overload(made: list[tuple[Script, Statement]], types: str | None) -> tuple[Script, Statement]:
    """The newest statement whose argument types are these, as far as its label tells; else the newest."""
    if types is None or len(made) == 1:
        return made[-1]
    wanted = _spelled(types)
    return next((one for one in reversed(made) if _spelled(_arguments(one[1])) == wanted), made[-1])


def _arguments(statement: Statement) -> str:
    return statement.label.partition("(")[2].rpartition(")")[0]


def _spelled(types: str) -> list[str]:
    return [normalised_type(told(kind.strip())) for kind in types.split(",")]


def _first_line(statement: Statement) -> int:
    text = statement.text[statement.head - statement.start :]
    return len(text.split("\n", 1)[0].rstrip().rstrip(";(").rstrip())
