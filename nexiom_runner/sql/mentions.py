"""The identifiers a statement mentions, bodies included, told apart by how they stand: the lexer's answer alone.

A name is taken for a relation, a type or a role where the grammar lets one stand: behind `from`, `into`, `::`, in a
list of arguments, anywhere in a GRANT. In the clauses of a query that hold expressions (`select`, `where`, `set` …)
a bare word is a column and is kept among the `words` only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from nexiom_runner.sql.lexer import Kind, identifier, kind_of, lexemes, significant, string_value
from nexiom_runner.sql.names import Mentions
from nexiom_runner.sql.words import Words, argument_name, elements, folded


@dataclass(slots=True)
class Found:
    """Mentions while they are collected."""

    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    qualified: set[tuple[str, str]] = field(default_factory=set)

    def add(self, other: "Found") -> None:
        """Take over what another one found."""
        self.words |= other.words
        self.names |= other.names
        self.calls |= other.calls
        self.qualified |= other.qualified

    def add_path(self, words: Words, last: int) -> None:
        """Take the (qualified) name whose last word is at an index."""
        first = last
        while first >= 2 and words[first - 1] == ".":
            first -= 2
        parts = [name for name in map(identifier, words[first : last + 1 : 2]) if name]
        self.words.update(parts)
        self.names.update(parts[:1])
        self.calls.update(parts[:1] if len(parts) == 1 else ())
        self.qualified.update(pairwise(parts))

    def frozen(self) -> Mentions:
        """The mentions as a value."""
        return Mentions(frozenset(self.words), frozenset(self.names), frozenset(self.calls), frozenset(self.qualified))


def find_mentions(words: Words, everything: Found, bound: Found) -> None:
    """Add a statement's mentions to `everything`, and to `bound` those the server resolves when the statement runs.

    The body of a function in another language than SQL is resolved when it is called, so it is not bound, but for
    the tables behind `%type` and `%rowtype`. Bodies in languages that are not SQL at all are not read.
    """
    header = Found()
    bodies = _read(words, header)
    everything.add(header)
    bound.add(header)
    language = language_of(words)
    for body in bodies if language in ("sql", "plpgsql") else ():
        found = Found()
        _read_body(body, found)
        everything.add(found)
        bound.add(_row_types(body) if language == "plpgsql" and words[0] != "do" else found)


def language_of(words: Words) -> str:
    """The language of a function or DO statement in lower case; "sql" where no other is named, "plpgsql" for DO."""
    for index in range(len(words) - 1):
        if words[index] == "language":
            return words[index + 1].strip("'\"").lower()
    return "plpgsql" if words[0] == "do" else "sql"


def is_routine(words: Words) -> bool:
    """`create [or replace] function` or `procedure`."""
    return words[0] == "create" and not _ROUTINES.isdisjoint(words[1:4])


def body_words(body: str) -> list[str]:
    """The significant words of a body, folded."""
    return folded(piece for _, piece in significant(lexemes(body)))


def body_mentions(body: str) -> Mentions:
    """All that a body mentions, with what it executes as a literal."""
    found = Found()
    _read_body(body, found)
    return found.frozen()


def looks_like_sql(text: str) -> bool:
    """Whether a literal within a body is a statement to be executed: `execute 'create table …'`."""
    first, *rest = text.split(None, 1) or [""]
    return bool(rest) and first.lower() in _STATEMENTS


def _read(words: Words, found: Found) -> list[str]:
    """A statement's own mentions; the texts of its bodies come back."""
    if not is_routine(words):
        return _Reader(words, found, tracked=_is_query(words), bodies=words[0] == "do").read()
    start = next((index for index, word in enumerate(words) if word in ("begin", "return")), len(words))
    texts = _Reader(words[:start], found, tracked=False, bodies=True).read()
    if start < len(words):
        _Reader(words[start:], found, tracked=True, bodies=False).read()
    return texts


def _read_body(body: str, found: Found) -> None:
    """All that a body mentions, with the bodies and dynamic statements within it."""
    pending = [body]
    while pending:
        words = body_words(pending.pop())
        if words:
            pending.extend(_Reader(words, found, tracked=True, bodies=True).read())


def _row_types(body: str) -> Found:
    found = Found()
    words = body_words(body)
    for index in range(1, len(words) - 1):
        if words[index] == "%" and words[index + 1] in ("type", "rowtype"):
            found.add_path(words, index - 1)
    return found


def _is_query(words: Words) -> bool:
    return words[0] in _QUERIES or (words[0] == "create" and not _QUERY_OBJECTS.isdisjoint(words[1:5]))


class _Reader:
    """One pass over the words of one level of text; `clauses` is a stack, one clause for each open parenthesis."""

    __slots__ = ("bodies", "clauses", "common", "defined", "found", "idents", "names", "tracked", "words")

    def __init__(self, words: Words, found: Found, *, tracked: bool, bodies: bool) -> None:
        self.words = words
        self.found = found
        self.tracked = tracked
        self.bodies = bodies
        self.idents = {word: None if word in RESERVED else identifier(word) for word in set(words)}
        self.clauses = [_ANY]
        self.common: set[str] = set()  # `with x as (…)`: x hides a table of that name in its statement
        self.names: set[str] = set()
        self.defined = _defined(words)

    def read(self) -> list[str]:
        """Collect the identifiers; the texts of the bodies below this level come back."""
        texts: list[str] = []
        for index, word in enumerate(self.words):
            if self.tracked and word in _CLAUSES and self._at(index - 1) not in (".", "for"):
                self.clauses[-1] = self._clause(word, index)
            elif word in _STRUCTURE:
                self._structure(word, index)
            elif self.idents[word] is not None:
                self._identifier(self.idents[word] or "", index)
            elif word[-1] in "'$":
                texts.extend(self._literal(index))
        self.found.names |= self.names - self.common
        return texts

    def _at(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def _structure(self, word: str, index: int) -> None:
        if word == "(":
            self.clauses.append(self._opened(index))
        elif word == ";":
            self.clauses[-1] = _ANY
        elif len(self.clauses) > 1:
            self.clauses.pop()

    def _clause(self, word: str, index: int) -> str:
        clause = self.clauses[-1]
        if word == "on":  # of a join; the `on` of GRANT, CREATE INDEX and their like names a table
            return _COLUMNS if clause == _RELATIONS else clause
        if word == "using" and self._at(index + 1) == "(":
            return clause
        return _RELATIONS if word in _RELATION_CLAUSES else _COLUMNS

    def _opened(self, index: int) -> str:
        """The clause within a parenthesis: lists of columns, checks and expressions hold columns."""
        before = self._at(index - 1)
        if before in _BEFORE_COLUMNS:
            return _COLUMNS
        first = index - 1
        while first > 1 and self._at(first - 1) == ".":
            first -= 2
        return _COLUMNS if self._at(first - 1) in ("into", "references", "copy") else self.clauses[-1]

    def _identifier(self, name: str, index: int) -> None:
        before, behind = self._at(index - 1), self._at(index + 1)
        self.found.words.add(name)
        if before == ".":
            self.found.qualified.add((self.idents.get(self._at(index - 2)) or "", name))
        elif behind == "as" and self._at(index + 2) in _BEHIND_COMMON and before in ("with", "recursive", ","):
            self.common.add(name)
        elif behind == "(" or before in _BEFORE_ROUTINE:
            self.found.calls.add(name)
            if before in _BEFORE_TABLE:
                self.names.add(name)
        elif behind not in (".", "=>", ":=") and self._can_be_object(index, before, behind):
            self.names.add(name)

    def _can_be_object(self, index: int, before: str, behind: str) -> bool:
        if index in self.defined:
            return False
        if self.clauses[-1] == _COLUMNS:  # a type: `x::mood`, `mood 'calm'`, `cast(x as mood)`
            return before in ("::", "setof") or behind[:1] == "'" or (before == "as" and behind in (")", "["))
        return before != "as" or self.clauses[-1] == _ANY

    def _literal(self, index: int) -> Iterator[str]:
        """A body, a statement in a literal; of `'public.messages'::regclass` and `nextval('s')` the name."""
        text = string_value(self.words[index])
        if text is None:
            return
        before = self._at(index - 1)
        is_cast = self._at(index + 1) == "::" and self._at(index + 2).startswith("reg")
        if is_cast or (before == "(" and self._at(index - 2) in _NAMING):
            self._named(text)
        elif self.bodies and (before in ("as", "do", "sql", "plpgsql") or _is_dynamic(self.words[index], text)):
            yield text

    def _named(self, text: str) -> None:
        words = body_words(text)
        last = 0
        while last + 2 < len(words) and words[last + 1] == ".":
            last += 2
        if words:
            self.found.add_path(words, last)


def _is_dynamic(lexeme: str, text: str) -> bool:
    return kind_of(lexeme) is Kind.DOLLAR or looks_like_sql(text)


def _defined(words: Words) -> frozenset[int]:
    """Indices of words that only name what is being defined: a column, an argument."""
    found: set[int] = set()
    if words[0] == "alter":
        found.update(index + 1 for index, word in enumerate(words) if word in ("column", "exists"))
        return frozenset(found)
    if words[0] != "create" or "(" not in words or _DEFINING.isdisjoint(words[1:5]):
        return frozenset()
    for opening in [index for index, word in enumerate(words) if word == "("][:1] + _returned(words):
        found.update(_first_words(words, opening))
    return frozenset(found)


def _returned(words: Words) -> list[int]:
    """Where the columns of `returns table (…)` open."""
    return [
        index + 2 for index in range(len(words) - 2) if tuple(words[index : index + 3]) == ("returns", "table", "(")
    ]


def _first_words(words: Words, opening: int) -> Iterator[int]:
    index = opening + 1
    for element in elements(words, opening)[0]:
        if element[0] not in TABLE_CONSTRAINTS and argument_name(element):
            yield index + element.index(argument_name(element))
        index += len(element) + 1


_ANY, _COLUMNS, _RELATIONS = "any", "columns", "relations"
_STRUCTURE = frozenset("();")
_ROUTINES = frozenset({"function", "procedure"})
_QUERIES = frozenset({"select", "with", "insert", "update", "delete", "merge", "values", "table", "copy", "do"})
_QUERY_OBJECTS = frozenset({"view", "table", "policy", "rule"})
_DEFINING = frozenset({"table", "type", "function", "procedure"})
_RELATION_CLAUSES = frozenset({"from", "join", "into", "update", "table", "truncate", "copy", "lock", "using"})
_COLUMN_CLAUSES = frozenset(
    {
        *("select", "where", "group", "order", "having", "returning", "set", "values", "limit", "offset", "on"),
        *("when", "then", "else", "case", "by", "distinct", "return", "if", "elsif", "while", "perform"),
    }
)
_CLAUSES = _RELATION_CLAUSES | _COLUMN_CLAUSES
_BEFORE_COLUMNS = frozenset({"check", "key", "unique", "conflict", "include", "using", "as"})
_BEFORE_ROUTINE = frozenset({"function", "procedure", "routine"})
_BEFORE_TABLE = frozenset(
    {"into", "from", "join", "references", "table", "on", "only", "copy", "update", "exists", "view", "of", "using"}
)
_BEHIND_COMMON = frozenset({"(", "materialized", "not"})
_NAMING = frozenset(
    {"nextval", "currval", "setval", "to_regclass", "to_regtype", "to_regproc", "to_regprocedure", "to_regrole"}
)
_STATEMENTS = frozenset(
    {
        *("select", "insert", "update", "delete", "with", "create", "alter", "drop", "grant", "revoke", "truncate"),
        *("comment", "refresh", "call", "merge", "copy", "lock"),
    }
)
TABLE_CONSTRAINTS = frozenset({"constraint", "primary", "unique", "check", "foreign", "exclude", "like"})
# Reserved, or reserved but for functions and types, in every supported version: `select word from pg_get_keywords()
# where catcode in ('R', 'T')`. Unquoted they name nothing of ours.
_RESERVED = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
    from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric table tablesample then to trailing true union unique
    user using variadic verbose when where window with
"""
RESERVED = frozenset(_RESERVED.split())
