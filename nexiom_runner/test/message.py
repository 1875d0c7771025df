"""One message of many statements: which part of it an answer, or an error, belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nexiom_runner.database.session import ResultSet
from nexiom_runner.errors import ServerError

BETWEEN = "\n;\n"  # a statement may end with a comment


@dataclass(slots=True)
class Message:
    """Statements with the name of what each is there for, in the order they are sent."""

    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, name: str, text: str) -> None:
        """One more statement; none where there is no text."""
        if text:
            self.names.append(name)
            self.texts.append(text)

    @property
    def text(self) -> str:
        """What is sent."""
        return BETWEEN.join(self.texts)

    def answer(self, answers: Sequence[ResultSet], name: str) -> str | None:
        """The one value that the statement of this name returned."""
        return answers[self.names.index(name)].rows[0][0]

    def failed(self, error: ServerError) -> tuple[str, int]:
        """The name of the statement that failed, and its position in the message from 0."""
        number = min(error.completed, len(self.names) - 1)
        return self.names[number], number

    def position(self, error: ServerError, number: int) -> int | None:
        """Where the error points to in the statement of this position, from 0; None where it says nothing of it."""
        if error.report.position is None:
            return None
        start = sum(len(text) + len(BETWEEN) for text in self.texts[:number])
        offset = error.report.position - 1 - start
        return offset if 0 <= offset <= len(self.texts[number]) else None
