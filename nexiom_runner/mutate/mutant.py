"""A change to a built database, and what would notice it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One statement that breaks one thing of one object. `missing` says which check would see it."""

    kind: str  # of the object: function, table
    schema: str
    name: str
    what: str  # revokes execute from anon
    statement: str
    missing: str

    @property
    def object(self) -> str:
        """The object as people write it, `public` left out."""
        return f"{self.kind} {self.name if self.schema == 'public' else f'{self.schema}.{self.name}'}"
