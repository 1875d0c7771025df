"""Definitions of indexes, stated and live, read into the same parts and compared part by part."""

from collections.abc import Sequence
from dataclasses import dataclass

from nexiom_runner.audit.clauses import Unreadable, Words, bare, bracketed, split, text_of, words_of
from nexiom_runner.audit.judgement import PASSED, Judgement, did_you_mean, differs, unreadable
from nexiom_runner.audit.spelling import Expression, Speller, column_expression
from nexiom_runner.catalog.model import Index, Name, Table
from nexiom_runner.catalog.names import qualified, quoted
from nexiom_runner.project.model import IndexExpectation
from nexiom_runner.project.names import nearest
from nexiom_runner.results import Outcome


@dataclass(frozen=True, slots=True)
class IndexKey:
    """A column or expression of an index, and what follows it (collation, operator class, order)."""

    expression: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """`[unique] [using METHOD] (KEYS) [include (…)] [nulls not distinct] [with (…)] [where PREDICATE]`."""

    keys: tuple[IndexKey, ...]
    unique: bool = False
    primary: bool = False
    method: str = "btree"
    include: tuple[str, ...] = ()
    nulls_distinct: bool = True
    storage: tuple[str, ...] = ()
    predicate: str | None = None


def judge_index(stated: IndexExpectation, table: Table, speller: Speller) -> Judgement:
    """An index that must be there, valid, and as stated; storage parameters only where stated."""
    path = f"index {quoted(stated.name)}"
    live = next((index for index in table.indexes if index.name == stated.name), None)
    if live is not None and _is_written_so(stated.definition, live):
        return PASSED
    try:
        expected = read_definition(stated.definition)
    except Unreadable as problem:
        message = f"{path} cannot be evaluated: {problem} in `{stated.definition}`"
        return Judgement(Outcome.ERROR, message=message)
    create = _create(stated, expected, table)
    if live is None:
        note = did_you_mean(nearest(stated.name, (index.name for index in table.indexes)))
        return differs(path, stated.definition, None, note, create)
    found = live_definition(live)
    if not live.valid:
        fix = f"reindex index concurrently {qualified((table.schema, live.name))};"
        return differs(path, "valid", "invalid", "building it concurrently failed", fix)
    if _same(expected, found, (table.schema, table.name), speller):
        return PASSED
    for expression in _expressions(expected, (table.schema, table.name)):
        fault = speller.fault(expression)
        if fault is not None and fault.sqlstate != "42703":
            return unreadable(path, stated.definition, spelled(found), fault, None)
    fix = f"drop index {qualified((table.schema, live.name))};\n{create}"
    return differs(path, stated.definition, spelled(found), _fault_note(expected, table, speller), fix)


def live_definition(index: Index) -> Definition:
    """The definition of a live index, out of pg_get_indexdef."""
    words = words_of(index.definition)
    start = next(at for at, (word, _) in enumerate(words) if word == "using")
    read = _read(words[start:])
    return Definition(
        read.keys,
        index.unique,
        index.primary,
        read.method,
        read.include,
        read.nulls_distinct,
        read.storage,
        read.predicate,
    )


def read_definition(text: str) -> Definition:
    """A stated definition. Raises Unreadable."""
    words = words_of(text)
    unique = primary = False
    if [word for word, _ in words[:2]] == ["primary", "key"]:
        unique, primary, words = True, True, words[2:]
    elif words and words[0][0] == "unique":
        unique, words = True, words[1:]
    read = _read(words)
    return Definition(
        read.keys, unique, primary, read.method, read.include, read.nulls_distinct, read.storage, read.predicate
    )


def spelled(definition: Definition) -> str:
    """A definition as phase.yml states it."""
    first = "primary key" if definition.primary else "unique" if definition.unique else ""
    keys = ", ".join(" ".join((key.expression, *key.options)) for key in definition.keys)
    parts = (
        first,
        f"using {definition.method}" if definition.method != "btree" else "",
        f"({keys})",
        f"include ({', '.join(definition.include)})" if definition.include else "",
        "" if definition.nulls_distinct else "nulls not distinct",
        f"with ({', '.join(definition.storage)})" if definition.storage else "",
        f"where {bare(definition.predicate)}" if definition.predicate else "",
    )
    return " ".join(part for part in parts if part)


def _is_written_so(stated: str, live: Index) -> bool:
    """Whether a valid index is stated letter for letter, which needs no reading."""
    keys = stated.removeprefix("unique ")
    return live.valid and live.unique == (keys != stated) and live.definition.endswith(f" USING btree {keys}")


def _create(stated: IndexExpectation, expected: Definition, table: Table) -> str:
    on = qualified((table.schema, table.name))
    if expected.primary:
        keys = ", ".join(key.expression for key in expected.keys)
        return f"alter table {on} add constraint {quoted(stated.name)} primary key ({keys});"
    rest = stated.definition.strip()
    rest = rest[6:].strip() if expected.unique else rest
    return f"create {'unique ' if expected.unique else ''}index {quoted(stated.name)} on {on} {rest};"


def _same(expected: Definition, found: Definition, table: Name, speller: Speller) -> bool:
    plain = ("unique", "method", "nulls_distinct")
    if any(getattr(expected, part) != getattr(found, part) for part in plain):
        return False
    if (expected.primary and not found.primary) or len(expected.keys) != len(found.keys):
        return False
    if [key.options for key in expected.keys] != [key.options for key in found.keys]:
        return False
    if not set(expected.storage) <= set(found.storage) or len(expected.include) != len(found.include):
        return False
    if (expected.predicate is None) != (found.predicate is None):
        return False
    pairs = zip(_expressions(expected, table), _expressions(found, table), strict=True)
    same = [speller.same(one, other) for one, other in pairs]  # each asked, none left out
    return all(same)


def _expressions(definition: Definition, table: Name) -> list[Expression]:
    texts = [key.expression for key in definition.keys] + list(definition.include)
    if definition.predicate is not None:
        texts.append(definition.predicate)
    return [column_expression(bare(text), table) for text in texts]


def _fault_note(expected: Definition, table: Table, speller: Speller) -> str | None:
    """A column that is not there, and the one that was meant."""
    for expression in _expressions(expected, (table.schema, table.name)):
        fault = speller.fault(expression)
        if fault is not None:
            word = expression.text[1:-2]
            near = did_you_mean(nearest(word, (column.name for column in table.columns)))
            return f"{fault.message}; {near}" if near else fault.message
    return None


def _read(words: Words) -> Definition:
    method = "btree"
    if words and words[0][0] == "using" and len(words) > 1:
        method, words = words[1][0], words[2:]
    if not words or words[0][0] != "(":
        raise Unreadable(f'expected "(" and columns, found {text_of(words[:1]) or "nothing"}')
    inner, words = bracketed(words)
    keys = tuple(_key(part) for part in split(inner))
    include: tuple[str, ...] = ()
    storage: tuple[str, ...] = ()
    distinct, predicate = True, None
    while words:
        first = words[0][0]
        if first == "include" and words[1:2] and words[1][0] == "(":
            inner, words = bracketed(words[1:])
            include = tuple(text_of(part) for part in split(inner))
        elif first == "nulls":
            distinct = words[1][0] != "not" if words[1:] else True
            words = words[2:] if distinct else words[3:]
        elif first == "with" and words[1:2] and words[1][0] == "(":
            inner, words = bracketed(words[1:])
            storage = tuple("".join(word for word, _ in part).replace("'", "") for part in split(inner))
        elif first == "tablespace":
            words = words[2:]
        elif first == "where" and words[1:]:
            predicate, words = text_of(words[1:]), []
        else:
            raise Unreadable(f'expected include, nulls not distinct, with or where, found "{text_of(words[:1])}"')
    return Definition(keys, False, False, method, include, distinct, storage, predicate)


def _key(words: Words) -> IndexKey:
    if not words:
        raise Unreadable("expected a column or an expression between commas")
    end = 1
    if words[0][0] == "(":
        end = len(words) - len(bracketed(words)[1])
    else:
        while words[end : end + 1] and words[end][0] == ".":
            end += 2
        if words[end : end + 1] and words[end][0] == "(":
            end = len(words) - len(bracketed(words[end:])[1])
    return IndexKey(text_of(words[:end]), _options([word for word, _ in words[end:]]))


def _options(words: Sequence[str]) -> tuple[str, ...]:
    """Collation, operator class and order, what is the default anyway left out."""
    text = "".join(f" {word}" if word not in ".()=" else word for word in words).strip()
    text = text.replace(" public.", " ").removeprefix("public.").removeprefix("collate public.")
    text = text.replace("asc", "").strip() if "asc" in words else text
    default = "nulls first" if "desc" in words else "nulls last"
    return tuple(text.removesuffix(default).split())
