"""What the graph is: scripts in order of execution and the edges that made it so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nexiom_runner.errors import Place
from nexiom_runner.project.outline import Backfill
from nexiom_runner.sql.script import Script


@dataclass(frozen=True, slots=True)
class Edge:
    """`before` and `after` are script keys, of a declared need phase names. What does not order only tells lineage."""

    before: str
    after: str
    reason: str  # mentions public.leads
    place: Place | None = None  # where the need is declared; of an inferred edge it is looked for when asked
    orders: bool = True


@dataclass(frozen=True)
class Graph:
    """Scripts in order of execution, phases in the order of their apply.sql, edges by the script that needs."""

    scripts: tuple[Script, ...]
    phases: tuple[str, ...]
    needs: tuple[Edge, ...]
    edges: tuple[Edge, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)  # phase → the name it had
    accepts_existing: frozenset[str] = frozenset()  # phases whose `create table if not exists` may meet any table
    destructive: Mapping[str, str] = field(default_factory=dict)  # phase → why it may take data away
    paces: Mapping[str, Backfill] = field(default_factory=dict)  # phase → how its backfill goes

    @cached_property
    def complete_after(self) -> Mapping[str, int]:
        """Phase name → index of its last script: once that ran, the phase can be audited and tested."""
        return {script.phase: index for index, script in enumerate(self.scripts)}

    @cached_property
    def by_key(self) -> Mapping[str, Script]:
        """Script key → script."""
        return {script.key: script for script in self.scripts}
