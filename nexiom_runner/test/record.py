"""What the statements of a script of tests/sql return, seen once: columns, counts and shapes, never values."""

from collections.abc import Iterator
from dataclasses import dataclass

from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import Fault, RunError, ServerError
from nexiom_runner.render.rendered import source_line
from nexiom_runner.render.secrets import Secrets, redact, reveal
from nexiom_runner.shape.infer import infer_items
from nexiom_runner.shape.json import JsonError
from nexiom_runner.shape.model import ANYTHING, Shape
from nexiom_runner.test.calls import more, said
from nexiom_runner.test.scripts import FIRST, Numbered, TestScript
from nexiom_runner.test.values import as_json


@dataclass(frozen=True, slots=True)
class Recorded:
    """One statement that returned rows, or none of columns it has; `key` is what the .yml calls it."""

    key: str
    position: int
    rows: int
    columns: tuple[tuple[str, Shape], ...]

    @property
    def repeated(self) -> str | None:
        """A name that two of its columns have, which a .yml cannot say."""
        names = [name for name, _ in self.columns]
        return next((name for name in names if names.count(name) > 1), None)


def record_script(session: Session, script: TestScript, secrets: Secrets) -> tuple[Recorded, ...]:
    """Every statement that gives columns, in order; what the script did is rolled back.

    Raises RunError with the statement that failed.
    """
    recorded: list[Recorded] = []
    with session.transaction(first=FIRST, rollback=True):
        for each in script.statements:
            try:
                answer = session.send(reveal(each.statement.text, secrets))[-1]
            except ServerError as error:
                raise RunError(_failed(script, each, error, secrets)) from None
            if answer.columns:
                recorded.append(Recorded(each.key, each.position, len(answer.rows), tuple(_columns(answer))))
    return tuple(recorded)


def _columns(answer: ResultSet) -> Iterator[tuple[str, Shape]]:
    for number, column in enumerate(answer.columns):
        try:
            yield column.name, infer_items([as_json(row[number], column.type) for row in answer.rows])
        except JsonError:
            yield column.name, ANYTHING


def _failed(script: TestScript, each: Numbered, error: ServerError, secrets: Secrets) -> Fault:
    path, place = script.test.source.path, script.rendered.place(each.statement.head)
    message = redact(f'"{path}" cannot be recorded: {said(error.report)}', secrets)
    detail = more(error.report)
    return Fault(
        message,
        place,
        source_line(script.rendered.source.text, place.line),
        detail=None if detail is None else redact(detail, secrets),
        state="Nothing was written for it, and what it did is rolled back.",
    )
