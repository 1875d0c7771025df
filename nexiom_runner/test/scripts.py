"""A script of tests/sql: run statement by statement, what each returns compared, everything rolled back."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from nexiom_runner.database.session import Column, ResultSet, Session
from nexiom_runner.errors import (
    Fault,
    Place,
    RenderError,
    ScriptError,
    ServerError,
    ServerReport,
    UnavailableError,
    with_source,
)
from nexiom_runner.project.model import ResultOf, SqlTest, StatementExpectation
from nexiom_runner.project.names import nearest
from nexiom_runner.render.rendered import SECRET_OPENING, Rendered, source_line
from nexiom_runner.render.secrets import Secrets, reveal
from nexiom_runner.results import Difference, Kind, Outcome, Result
from nexiom_runner.shape.infer import infer_items
from nexiom_runner.shape.json import Json, JsonError
from nexiom_runner.shape.model import Key, Object, Shape
from nexiom_runner.shape.parts import ROW, Part, Seen, unseen
from nexiom_runner.shape.printing import print_count, print_name, print_shape
from nexiom_runner.shape.tokens import path_of
from nexiom_runner.shape.walker import Pending, match
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement, split
from nexiom_runner.test.calls import at_source, differing, more, said
from nexiom_runner.test.control import refusals
from nexiom_runner.test.live import LiveTypes
from nexiom_runner.test.prepare import shown_function
from nexiom_runner.test.values import as_json

FIRST = "set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'"
NAME = re.compile(r"^[ \t]*--[ \t]*name:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one statement and the pending values seen in what it returned, with the shape they have.

    `asked` is what was seen of the shapes of functions, `unseen` what was not of the statement's own.
    """

    result: Result
    shape: Shape | None = None
    pending: tuple[Pending, ...] = ()
    asked: tuple[tuple[ResultOf, frozenset[Seen]], ...] = ()
    unseen: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbered:
    """A statement, its position from 1, its name if it has one."""

    statement: Statement
    position: int
    name: str | None

    @property
    def key(self) -> str:
        """What the .yml calls it."""
        return self.name or str(self.position)


@dataclass(frozen=True, slots=True)
class TestScript:
    """A script of tests/sql rendered, and known to be one that can run."""

    __test__ = False  # for pytest, where a test imports it

    test: SqlTest
    rendered: Rendered
    statements: tuple[Numbered, ...]

    @property
    def phase(self) -> str | None:
        """The phase it belongs to; None is all of them."""
        return None if self.test.phase is None else self.test.phase.value


def check_script(test: SqlTest, rendered: Rendered) -> TestScript:
    """The script, ready to run. Raises ScriptError with every fault: no statement, transaction control, an
    assertion that no statement answers to."""
    statements = tuple(_numbered(each, position) for position, each in enumerate(split(rendered.text), 1))
    faults = [*refusals(rendered, (each.statement for each in statements)), *_unmatched(test, statements)]
    if faults:
        raise ScriptError(*faults)
    return TestScript(test, rendered, statements)


def run_script(
    session: Session,
    script: TestScript,
    secrets: Secrets,
    results: Mapping[tuple[str, str], Shape],
    sources: Sequence[Script],
    live: LiveTypes = LiveTypes(),  # noqa: B008  it is frozen
) -> Iterator[Checked]:
    """Every assertion of the script, in the order of its statements; nothing it did is left behind.

    `results` are the shapes of what functions return, by schema and name, for columns that ask for one. A
    function that fails is told at the line of the script of `sources` that made it. `live` are the enums and domains
    that shapes name.
    """
    run = _Run(session, script, secrets, results, sources, live)
    checked: list[Checked] = []
    try:
        with session.transaction(first=FIRST, rollback=True):
            checked.extend(run.statements())
    except UnavailableError as error:
        fault = error.faults[0]
        checked.append(Checked(replace(run.about(None, Outcome.ERROR, fault.message), detail=fault.detail)))
    except RenderError as error:
        fault = error.faults[0]
        checked.append(Checked(replace(run.about(None, Outcome.ERROR, fault.message), fix=fault.hint)))
    yield from checked
    if not checked:
        fix = f"Write {script.test.source.path[:-4]}.yml with what a statement must return."
        yield Checked(replace(run.about(None, Outcome.ERROR, "nothing it does is asserted"), fix=fix))


def skipped(script: TestScript, reason: str) -> Iterator[Result]:
    """The script's assertions as SKIP; one result for a script that asserts nothing."""
    path = script.test.source.path
    for each in script.test.statements:
        subject = f"{path}: {each.key}"
        yield Result(Outcome.SKIP, Kind.SQL_TEST, script.phase, subject, place=each.place, message=reason)
    if not script.test.statements:
        yield Result(Outcome.SKIP, Kind.SQL_TEST, script.phase, path, message=reason)


def _numbered(statement: Statement, position: int) -> Numbered:
    names = NAME.findall(statement.text[: statement.head - statement.start])
    return Numbered(statement, position, names[-1] if names else None)


def _unmatched(test: SqlTest, statements: tuple[Numbered, ...]) -> Iterator[Fault]:
    """Assertions that no statement answers to, and statements that two assertions speak of."""
    for one in test.statements:
        found = [each for each in statements if one.key in (str(each.position), each.name)]
        count = len(statements)
        if not found:
            message = f'no statement is "{one.key}": "{test.source.path}" has {count} statement{"s" * (count != 1)}'
            close = nearest(one.key, [each.name for each in statements if each.name])
            yield _at(test, one, message, f'Did you mean "{close}"?' if close else None)
        elif len(found) > 1:
            yield _at(test, one, f'two statements are called "{one.key}"', "Give each its own name.")
        elif one.key == str(found[0].position) and found[0].name in {other.key for other in test.statements}:
            yield _at(test, one, f"statement {one.key} is asserted twice", f'It is also called "{found[0].name}".')


def _at(test: SqlTest, one: StatementExpectation, message: str, hint: str | None) -> Fault:
    fault = Fault(message, one.place, width=len(one.key), hint=hint)
    return with_source(fault, test.settings.text) if test.settings is not None else fault


@dataclass(frozen=True, slots=True)
class _Run:
    """One script on one session."""

    session: Session
    script: TestScript
    secrets: Secrets
    results: Mapping[tuple[str, str], Shape]
    sources: Sequence[Script]
    live: LiveTypes

    def statements(self) -> Iterator[Checked]:
        for index, each in enumerate(self.script.statements):
            started = perf_counter()
            try:
                answer = self.session.send(reveal(each.statement.text, self.secrets))[-1]
            except ServerError as error:
                yield Checked(self.failed(each, error.report))
                yield from self.blocked(self.script.statements[index + 1 :], each)
                return
            seconds = perf_counter() - started
            for one in self.checked(each, answer):
                yield replace(one, result=replace(one.result, seconds=seconds))
        try:
            self.session.send("set constraints all immediate")
        except ServerError as error:
            base = self.about(self.script.statements[-1], Outcome.FAIL, said(error.report))
            yield Checked(
                replace(base, subject=f"{self.script.test.source.path}: constraints", detail=error.report.detail)
            )

    def checked(self, each: Numbered, answer: ResultSet) -> Iterator[Checked]:
        expectation = self.expectation(each)
        if expectation is not None:
            yield self.compared(each, expectation, answer)
        elif answer.columns:
            message = f"statement {each.position} returns rows that nothing asserts"
            yield Checked(replace(self.about(each, Outcome.ERROR, message), fix=self.to_paste(each, answer)))

    def compared(self, each: Numbered, expectation: StatementExpectation, answer: ResultSet) -> Checked:
        base = self.about(each, Outcome.FAIL, None, expectation.place)
        names = [column.name for column in answer.columns]
        expected = [name for name, _ in expectation.columns]
        differences = list(_count_differences(expectation, answer))
        if names != expected and (expected or not answer.columns):
            differences.append(Difference("columns", ", ".join(expected), ", ".join(names) or "none"))
            return Checked(replace(base, differences=tuple(differences)))
        try:
            rows = _rows(answer)
        except JsonError as error:
            return Checked(replace(base, message=f"what it returned cannot be read: {error}"))
        missing = [each for _, each in expectation.columns if isinstance(each, ResultOf) and not self.shape_of(each)]
        if missing:
            name = shown_function(missing[0].schema, missing[0].name)
            message = f'no phase that is applied states what function "{name}" returns'
            return Checked(replace(base, outcome=Outcome.ERROR, message=message, place=missing[0].place))
        keys = ((name, self.shape_of(each)) for name, each in expectation.columns)
        shape = Object(tuple(Key(name, each) for name, each in keys if each is not None), open=not expected)
        fault = self.live.fault(shape)
        if fault is not None:
            told = replace(base, outcome=Outcome.ERROR, message=fault.message, place=fault.place, fix=fault.hint)
            return Checked(told)
        found = [match(shape, row) for row in rows]
        for number, one in enumerate(found, 1):
            differences.extend(
                Difference(f"row {number} {each.path}", each.expected, each.found, each.note) for each in one.mismatches
            )
        pending = tuple(pending for one in found for pending in one.pending)
        result = differing(base, differences) if differences else replace(base, outcome=Outcome.PASS)
        seen = frozenset(part for one in found for part in one.seen)
        return Checked(result, shape, pending, _asked(expectation, seen), _unseen(expectation, seen, rows))

    def shape_of(self, stated: Shape | ResultOf) -> Shape | None:
        """The shape itself, or the one in force of what a function returns."""
        found = self.results.get((stated.schema, stated.name)) if isinstance(stated, ResultOf) else stated
        return None if found is None else self.live.put(found)

    def expectation(self, each: Numbered) -> StatementExpectation | None:
        keys = {str(each.position), each.name}
        return next((one for one in self.script.test.statements if one.key in keys), None)

    def blocked(self, rest: Sequence[Numbered], failed: Numbered) -> Iterator[Checked]:
        for each in rest:
            expectation = self.expectation(each)
            if expectation is not None:
                place = self.script.rendered.place(failed.statement.head)
                message = f'"{failed.key}" ({place.path}:{place.line}) failed before it'
                yield Checked(self.about(each, Outcome.BLOCKED, message, expectation.place))

    def failed(self, each: Numbered, report: ServerReport) -> Result:
        offset, width = each.statement.head, 1
        if report.position is not None and SECRET_OPENING not in each.statement.text:
            offset = min(each.statement.start + report.position - 1, max(len(self.script.rendered.text) - 1, 0))
            width = len(_WORD.match(self.script.rendered.text, offset)[0]) or 1  # type: ignore[index]
        place = self.script.rendered.place(offset)
        failed = replace(
            self.about(each, Outcome.FAIL, said(report), place),
            excerpt=source_line(self.script.rendered.source.text, place.line),
            width=width,
            detail=more(report),
        )
        return at_source(failed, report, self.sources)

    def about(self, each: Numbered | None, outcome: Outcome, message: str | None, place: Place | None = None) -> Result:
        subject = self.script.test.source.path if each is None else f"{self.script.test.source.path}: {each.key}"
        if place is None:
            place = (
                self.script.rendered.place(each.statement.head)
                if each is not None
                else Place(self.script.test.source.path, 1)
            )
        return Result(outcome, Kind.SQL_TEST, self.script.phase, subject, place=place, message=message)

    def to_paste(self, each: Numbered, answer: ResultSet) -> str:
        """The YAML that would assert what the statement returned: types, never values."""
        lines = [f"write in {self.script.test.source.path[:-4]}.yml, under statements:", f"  {each.key}:"]
        lines.append(f"    rows: {len(answer.rows)}")
        lines.append("    columns:")
        for number, column in enumerate(answer.columns):
            lines.append(f"      {print_name(column.name)}: {_seen(answer, number, column)}")
        return "\n".join(lines)


_WORD = re.compile(r'"[^"\n]*"|\w*')


def _count_differences(expectation: StatementExpectation, answer: ResultSet) -> Iterator[Difference]:
    if expectation.rows is None:
        if expectation.columns and not answer.rows:
            yield Difference("rows", "1..", "0", "no row, no value compared; write rows: 0.. where that may be")
        return
    least, most = expectation.rows
    if len(answer.rows) < least or (most is not None and len(answer.rows) > most):
        yield Difference("rows", print_count(least, most), str(len(answer.rows)))


def _asked(expectation: StatementExpectation, seen: Collection[Seen]) -> tuple[tuple[ResultOf, frozenset[Seen]], ...]:
    """What was seen of each function's shape, by paths as in a call of it."""
    columns = ((path_of("$", name), each) for name, each in expectation.columns if isinstance(each, ResultOf))
    return tuple(
        (each, frozenset((f"${path[len(column) :]}", place) for path, place in seen if path.startswith(column)))
        for column, each in columns
    )


def _unseen(expectation: StatementExpectation, seen: Collection[Seen], rows: Sequence[object]) -> tuple[Part, ...]:
    """The parts of the statement's own shapes that no row reached; all of them where no row came back."""
    own = tuple(Key(name, each) for name, each in expectation.columns if not isinstance(each, ResultOf))
    if rows or not own or (expectation.rows is not None and expectation.rows[1] == 0):
        return tuple(unseen(Object(own), seen)) if rows else ()
    return (Part("columns", expectation.place, ROW),)


def _rows(answer: ResultSet) -> list[dict[str, Json]]:
    return [
        {column.name: as_json(value, column.type) for column, value in zip(answer.columns, row, strict=True)}
        for row in answer.rows
    ]


def _seen(answer: ResultSet, number: int, column: Column) -> str:
    try:
        return print_shape(infer_items([as_json(row[number], column.type) for row in answer.rows]))
    except JsonError:
        return "any"
