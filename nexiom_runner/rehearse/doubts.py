"""What a copy cannot tell: failures that come of what the copy has not, and may not come on the target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nexiom_runner.errors import ServerReport
from nexiom_runner.sql.bodies import missing_name
from nexiom_runner.sql.lexer import identifier, lexemes, significant
from nexiom_runner.sql.split import Statement

# https://www.postgresql.org/docs/current/errcodes-appendix.html
NO_RIGHT = "42501"
NEW_VALUE = "55P04"
UNDEFINED = frozenset({"42P01", "42883", "42704", "42703", "3F000"})
NO_EXTENSION = frozenset({"0A000", "58P01", "42704"})
OF_ROWS = {
    "23503": "the row it refers to may be there",
    "23502": "the rows it reads may say otherwise",
    "P0001": "what it looks for in rows may be there",
    "P0002": "the row it looks for may be there",
    "P0004": "what it asserts of rows may be so",
}
_READS = frozenset({"select", "from", "do", "call", "perform"})


def _nowhere(_: str) -> bool:
    """Nothing of that name is on the target."""
    return False


@dataclass(slots=True)
class Doubts:
    """What is known to differ between the ground and the target; with nothing of it every failure is one."""

    superuser: bool = False  # the role is one on the target, and is none here
    rows: bool = False  # the target has rows that the copy lacks
    uncommitted: bool = False  # nothing is committed between the scripts
    lacks: Callable[[str], bool] = _nowhere  # a name that the target has and the copy never had
    extensions: frozenset[str] | None = None  # that can be created here; None: as on the target
    skipped: list[Statement] = field(default_factory=list)  # what could not be rehearsed so far

    def why(self, statement: Statement, report: ServerReport) -> str | None:
        """Why the failure of a statement says nothing of the target; None where it does."""
        words = [identifier(piece) or piece for _, piece in significant(lexemes(statement.text))]
        reason = (
            self._extension(words, report)
            or self._right(report)
            or self._absent(report)
            or self._of_rows(words, report)
            or self._of_commit(report)
        )
        return None if reason is None else f"{reason}; here the server said: {report.message}"

    def _extension(self, words: Sequence[str], report: ServerReport) -> str | None:
        if self.extensions is None or words[:2] != ["create", "extension"] or report.sqlstate not in NO_EXTENSION:
            return None
        named = [word for word in words[2:] if word not in ("if", "not", "exists")]
        lacking = [name for name in named[:1] if name not in self.extensions]
        return f'the engine of the copy has no extension "{lacking[0]}"' if lacking else None

    def _right(self, report: ServerReport) -> str | None:
        if not self.superuser or report.sqlstate != NO_RIGHT:
            return None
        return "the target's role is a superuser, and nobody is one on the copy"

    def _absent(self, report: ServerReport) -> str | None:
        if report.sqlstate not in UNDEFINED:
            return None
        name = (missing_name(report) or "").rpartition(".")[2]
        for statement in self.skipped:
            if statement.label.startswith("create extension") or (name and name in statement.text):
                return f'it may need what "{statement.label}" makes, which was not rehearsed'
        if name and self.lacks(name):
            return f'the target has "{name}", the copy has not'
        return None

    def _of_rows(self, words: Sequence[str], report: ServerReport) -> str | None:
        why = OF_ROWS.get(report.sqlstate)
        if not self.rows or why is None or (report.sqlstate == "23502" and not _READS & set(words)):
            return None
        return f"the copy lacks the target's rows, and {why}"

    def _of_commit(self, report: ServerReport) -> str | None:
        """https://www.postgresql.org/docs/current/sql-altertype.html, of `add value` in a transaction."""
        if not self.uncommitted or report.sqlstate != NEW_VALUE:
            return None
        return "a new value can be used once it is committed, and nothing is committed here"
