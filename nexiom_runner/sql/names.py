"""What scripts create and mention, as values the graph compares; `creates` and `mentions` read them out of tokens."""

from dataclasses import dataclass, field

ROUTINES = frozenset({"function", "procedure"})
ON_A_TABLE = frozenset({"column", "trigger", "policy", "rule"})


@dataclass(frozen=True, slots=True)
class Name:
    """An object. Names are folded and without quotes; `schema` is None where none is written.

    `kind` is "table" (foreign ones too), "view", "materialized view", "sequence", "index", "function" (aggregates
    too), "procedure", "type", "domain", "schema", "role", "extension", or as in `create …`; "column", "trigger",
    "policy" and "rule" have their `table`.
    """

    kind: str
    schema: str | None
    name: str
    table: str | None = None

    def __str__(self) -> str:
        dotted = ".".join(part for part in (self.schema, self.table, self.name) if part is not None)
        return f'{self.kind} "{dotted}"'


@dataclass(frozen=True, slots=True)
class Mentions:
    """The identifiers of a text, told apart by how they stand in it.

    `words` holds every one of them: what it does not hold is not mentioned, which is the cheap first question.
    """

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()  # unqualified, where a table, a type, a role … can stand
    calls: frozenset[str] = frozenset()  # unqualified, before a `(` or behind `function`
    qualified: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # `a.b`: ("a", "b")

    def holds(self, name: Name) -> bool:
        """Whether the text speaks of this object; a column, trigger, policy or rule only together with its table.

        An unqualified mention means `public` or an object created without a schema; in a text that sets
        `search_path` it may mean any schema the text names.
        """
        if name.name not in self.words:
            return False
        if name.kind in ON_A_TABLE and name.table is not None:
            return self._holds(name.schema, name.table, self.names)
        if name.kind in ROUTINES:
            return self._holds(name.schema, name.name, self.calls)
        if name.kind == "schema":
            return name.name in self.names or any(schema == name.name for schema, _ in self.qualified)
        return self._holds(name.schema, name.name, self.names)

    def _holds(self, schema: str | None, name: str, unqualified: frozenset[str]) -> bool:
        if (schema or "public", name) in self.qualified:
            return True
        if name not in unqualified:
            return False
        return schema in (None, "public") or ("search_path" in self.words and schema in self.words)
