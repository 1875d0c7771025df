"""What is there before a call: rows and scripts as statements of the call's own transaction, each with its place."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, Place, ScriptError, ServerReport, with_source
from nexiom_runner.project.calling import Rows
from nexiom_runner.project.model import Project, Source
from nexiom_runner.project.names import did_you_mean, width
from nexiom_runner.render.render import render_all
from nexiom_runner.render.rendered import SECRET_OPENING, Rendered
from nexiom_runner.render.secrets import Secrets, missing_secrets, reveal
from nexiom_runner.render.values import Values
from nexiom_runner.sql.split import Statement, split
from nexiom_runner.test.arguments import row_document
from nexiom_runner.test.control import refusals
from nexiom_runner.tree import Mapping as Row
from nexiom_runner.tree import Scalar

_WORD = re.compile(r'"[^"\n]*"|\w*')
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Insert:
    """A row on its way into its table."""

    text: str
    row: Row
    file: str  # the text of the file that the row stands in

    def fault(self, report: ServerReport, position: int | None) -> Fault:
        """What the server said, at the value or column it speaks of, else at the row."""
        said = _QUOTED.findall(report.message)
        values = [value for _, value in self.row.entries if isinstance(value, Scalar)]
        named = (one for one in (*values, *(key for key, _ in self.row.entries)) if one.text in said)
        one = next(named, None)
        fault = with_source(Fault("", self.row.place if one is None else one.place), self.file)
        return fault if one is None else replace(fault, width=_marked(one, fault.source or ""))


@dataclass(frozen=True, slots=True)
class Step:
    """A statement of a script."""

    text: str
    rendered: Rendered
    statement: Statement

    def fault(self, report: ServerReport, position: int | None) -> Fault:
        """What the server said, at the character it points at, else where the statement begins."""
        offset, marked = self.statement.head, 1
        if position is not None and SECRET_OPENING not in self.statement.text:
            offset = min(self.statement.start + position, max(len(self.rendered.text) - 1, 0))
            marked = len(_WORD.match(self.rendered.text, offset)[0]) or 1  # type: ignore[index]
        return self.rendered.fault("", offset, marked)


def _marked(one: Scalar, line: str) -> int:
    """The width of a value in its line; one of CSV is text without quotes."""
    quoted = line[one.place.column - 1 : one.place.column] in ("'", '"')
    return width(replace(one, plain=not quoted))


Before = Insert | Step
Known = Mapping[Place, "tuple[Before, ...] | Fault"]


def check_given(project: Project, values: Values) -> None:
    """Read every script of fixtures/. Raises RenderError or ScriptError with all that is wrong."""
    sources = [fixture.source for fixture in project.fixtures.values() if fixture.source.path.endswith(".sql")]
    faults = [fault for one in render_all(sources, values, project.macros) for fault in refusals(one, split(one.text))]
    if faults:
        raise ScriptError(*faults)


def render_given(
    given: Iterable[Sequence[Rows | Source]], values: Values, macros: Sequence[Source]
) -> tuple[Rendered, ...]:
    """The scripts among what calls are given, each once."""
    sources = {one.path: one for each in given for one in each if isinstance(one, Source)}
    return render_all(sources.values(), values, macros) if sources else ()


def place_of(one: Rows | Source) -> Place:
    """What tells two things that are given apart."""
    return one.place if isinstance(one, Rows) else Place(one.path, 1)


def prepare_given(
    session: Session,
    given: Iterable[Sequence[Rows | Source]],
    rendered: Iterable[Rendered],
    texts: Mapping[str, str],
    secrets: Secrets,
) -> Known:
    """All that is given as statements, or the fault of what cannot be; one question to the catalog, none without rows.

    `texts` are the project's files by path, for the lines of faults.
    """
    made = {Place(one.source.path, 1): _steps(one, secrets) for one in rendered}
    rows = {one.place: one for each in given for one in each if isinstance(one, Rows)}
    return made | _inserts(session, list(rows.values()), texts, secrets)


def _steps(rendered: Rendered, secrets: Secrets) -> tuple[Before, ...] | Fault:
    missing = missing_secrets((rendered,), secrets)
    if missing:
        return missing[0]
    return tuple(Step(reveal(each.text, secrets), rendered, each) for each in split(rendered.text))


def _inserts(
    session: Session, given: Sequence[Rows], texts: Mapping[str, str], secrets: Secrets
) -> dict[Place, tuple[Before, ...] | Fault]:
    made: dict[Place, tuple[Before, ...] | Fault] = {one.place: () for one in given}
    lines: list[tuple[Rows, Row]] = []
    asked: list[dict[str, object]] = []
    for one, row in ((table, line) for table in given for line in table.rows):
        try:
            asked.append(_asked(len(lines), one, row, secrets))
            lines.append((one, row))
        except KeyError as missing:
            hint = f"Set {missing.args[0]} in the environment or in a file of env_files."
            made[one.place] = Fault(f'secret "{missing.args[0]}" is not set', row.place, hint=hint)
    answers = session.rows(load(__file__, "given.sql"), rows=json.dumps(asked)) if asked else ()
    for answer, (one, row) in zip(answers, lines, strict=True):
        before = made[one.place]
        if isinstance(before, Fault):
            continue
        fault = _lacking(one, row, answer.present, answer.known, answer.tables)
        if fault is None:
            made[one.place] = (*before, Insert(answer.statement, row, texts.get(row.place.path, "")))
        else:
            made[one.place] = fault
    return {place: _with_line(one, texts) if isinstance(one, Fault) else one for place, one in made.items()}


def _with_line(fault: Fault, texts: Mapping[str, str]) -> Fault:
    return with_source(fault, texts.get(fault.place.path, "")) if fault.place is not None else fault


def _asked(number: int, one: Rows, row: Row, secrets: Secrets) -> dict[str, object]:
    return {
        "id": number,
        "schema": one.schema,
        "name": one.name,
        "columns": [key.text for key, _ in row.entries],
        "parts": row_document(row, secrets),
        "as_text": one.file is not None,
    }


def _lacking(one: Rows, row: Row, present: bool, known: Sequence[str], tables: Sequence[str]) -> Fault | None:
    name = one.name if one.schema == "public" else f"{one.schema}.{one.name}"
    if not present:
        return Fault(f'there is no table "{name}"', one.place, width=len(name), hint=did_you_mean(name, tables))
    for key, _ in row.entries:
        if key.text not in known:
            hint = did_you_mean(key.text, known) or f"Its columns are {', '.join(known)}."
            return Fault(f'table "{name}" has no column "{key.text}"', key.place, width=width(key), hint=hint)
    return None


def statements(known: Known, given: Sequence[Rows | Source]) -> tuple[Before, ...] | Fault:
    """What is given to one call, in order, or the first fault of it."""
    found: list[Before] = []
    for one in given:
        made = known[place_of(one)]
        if isinstance(made, Fault):
            return made
        found.extend(made)
    return tuple(found)


def texts_of(project: Project) -> Iterator[tuple[str, str]]:
    """The files that may give rows, by path."""
    for phase in project.phases:
        if phase.settings is not None:
            yield phase.settings.path, phase.settings.text
    for fixture in project.fixtures.values():
        yield fixture.source.path, fixture.source.text
