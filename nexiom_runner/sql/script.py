"""A script: rendered SQL with what it creates and mentions, as the graph, the plan and the apply see it."""

from dataclasses import dataclass
from typing import Literal

from nexiom_runner.render.rendered import Rendered
from nexiom_runner.sql.fingerprint import semantic
from nexiom_runner.sql.names import Mentions, Name
from nexiom_runner.sql.segments import Segment
from nexiom_runner.sql.split import Statement

ScriptKind = Literal["apply", "repeatable", "backfill"]


@dataclass(frozen=True, slots=True)
class Script:
    """One script of a phase. `text` is what is sent; its offsets are those of `rendered.text`."""

    phase: str
    kind: ScriptKind
    rendered: Rendered
    text: str
    statements: tuple[Statement, ...]
    creates: frozenset[Name]
    drops: frozenset[Name]
    renames: frozenset[tuple[Name, Name]]
    mentions: Mentions
    bound: Mentions  # what the server resolves when the script runs: no bodies of late-binding functions
    binds_at_creation: bool  # creates a view, policy, trigger, SQL function …: something bound to what it mentions
    source_sha: str
    semantic_sha: str
    segments: tuple[Segment, ...]  # its transactions, and what runs outside of any

    @property
    def atomic(self) -> bool:
        """It is applied whole or not at all."""
        return len(self.segments) == 1 and self.segments[0].lone is None and self.kind != "backfill"

    def reached(self, count: int) -> str:
        """The semantic fingerprint of the first `count` segments: what has run when so many are applied."""
        return self.semantic_sha if count >= len(self.segments) else semantic(self.text[: self.segments[count - 1].end])

    @property
    def key(self) -> str:
        """The script in ledger and plan: "12_pipeline_runner/repeatable/settings_overview.sql"."""
        file = self.rendered.source.path.rsplit("/", 1)[-1]
        return f"{self.phase}/repeatable/{file}" if self.kind == "repeatable" else f"{self.phase}/{self.kind}.sql"
